//! How long the window takes from its start until its first page can be read, and how much memory all its processes hold,
//! against a bare window of Tauri in the same run, by turns. A page can be read when its letters stand in the picture of the
//! screen, not already when the window is there.
//!
//! `cargo xtask bench window` builds both programs and names them in the environment.

mod figures;

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Against the bare window.
const START: f64 = 1.3;
const MEMORY: f64 = 1.25;

const ROUNDS: usize = 9;
const SCREEN: (usize, usize) = (1440, 960);
/// The middle of a window of 1280 × 820 on that screen, well within its edges.
const INSIDE: (std::ops::Range<usize>, std::ops::Range<usize>) = (110..1330, 100..860);
/// So many dark dots are letters, not a frame.
const LETTERS: usize = 300;
const PATIENCE: Duration = Duration::from_secs(30);
/// What a program still fetches after its first page is memory too.
const SETTLED: Duration = Duration::from_millis(2500);

fn main() {
    if !cfg!(target_os = "linux") {
        return println!("measured on Linux only, where the screen can be a file");
    }
    let programs = [("ours", "PROTEACHER_WINDOW"), ("bare", "PROTEACHER_BARE_WINDOW")];
    let programs = programs.map(|(name, variable)| (name, std::env::var_os(variable).map(PathBuf::from)));
    let Some(programs) = programs.into_iter().map(|(name, path)| Some((name, path?))).collect::<Option<Vec<_>>>()
    else {
        return println!("not measured: call `cargo xtask bench window`, which builds the two programs");
    };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("window");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let screen = Screen::start(&folder);
    let mut found: BTreeMap<&str, Figures> = BTreeMap::new();
    for round in 0..=ROUNDS {
        for (name, program) in &programs {
            let (start, memory) = measure(&screen, program, &folder.join(name));
            // The first round fills the caches of disk and fonts for both.
            if round > 0 {
                let figures = found.entry(name).or_default();
                figures.starts.push(start);
                figures.memories.push(memory);
            }
        }
    }
    for (name, figures) in &found {
        figures::spread(&format!("{name}: from the start until the first page can be read"), &figures.starts);
        println!("{name}: memory of all processes, median {:.0} MiB", figures::quantile(&figures.memories, 0.5));
    }
    let (ours, bare) = (&found["ours"], &found["bare"]);
    let beside = |ours: &[f64], bare: &[f64]| figures::quantile(ours, 0.5) / figures::quantile(bare, 0.5);
    figures::verdict("start beside a bare window", beside(&ours.starts, &bare.starts), "times", ..=START);
    figures::verdict("memory beside a bare window", beside(&ours.memories, &bare.memories), "times", ..=MEMORY);
}

/// What was measured of one program, round by round: milliseconds and MiB.
#[derive(Default)]
struct Figures {
    starts: Vec<f64>,
    memories: Vec<f64>,
}

/// Milliseconds until letters stand on the screen, and MiB of the program's processes shortly after.
fn measure(screen: &Screen, program: &Path, data: &Path) -> (f64, f64) {
    fs::create_dir_all(data).expect("the target folder can be written");
    screen.wait_until_empty();
    let start = Instant::now();
    let child = Command::new(program)
        .env("DISPLAY", &screen.name)
        .env_remove("WAYLAND_DISPLAY")
        .env("GDK_BACKEND", "x11")
        .env("NO_AT_BRIDGE", "1")
        .env("HOME", data)
        .env("XDG_DATA_HOME", data)
        .env("XDG_CACHE_HOME", data)
        .env("PROTEACHER_DATA_DIR", data)
        .env("PROTEACHER_SERVER_URL", "http://127.0.0.1:9")
        .env("PROTEACHER_PASSPHRASE", "a passphrase for tests")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let program = Running(child.unwrap_or_else(|error| panic!("{}: {error}", program.display())));
    while !screen.shows_letters() {
        assert!(start.elapsed() < PATIENCE, "no page appeared");
        std::thread::sleep(Duration::from_millis(4));
    }
    let took = figures::since(start);
    std::thread::sleep(SETTLED);
    (took, memory_of_tree(program.0.id()))
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A virtual screen whose picture lies in a file.
struct Screen {
    name: String,
    picture: PathBuf,
    _server: Running,
}

impl Screen {
    fn start(folder: &Path) -> Self {
        let size = format!("{}x{}x24", SCREEN.0, SCREEN.1);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-fbdir"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by `cargo xtask bench`");
        let mut number = String::new();
        let said = server.stdout.take().expect("asked for above");
        BufReader::new(said).read_line(&mut number).expect("Xvfb names its display");
        Self { name: format!(":{}", number.trim()), picture: folder.join("Xvfb_screen0"), _server: Running(server) }
    }

    /// How many dots inside a window are light and how many are dark.
    fn light_and_dark(&self) -> (usize, usize) {
        let picture = fs::read(&self.picture).unwrap_or_default();
        let word = |at: usize| {
            picture
                .get(at..at + 4)
                .map_or(0, |bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
        };
        // An X window dump: the header's size, and in its 13th word the bytes of a line; 12 bytes for each colour follow.
        let (header, line, colours) = (word(0), word(48), word(76));
        let dots = header + colours * 12;
        let mut found = (0, 0);
        for y in INSIDE.1 {
            for x in INSIDE.0 {
                let at = dots + y * line + x * 4;
                let Some(&[blue, green, red]) = picture.get(at..at + 3).and_then(|bytes| bytes.first_chunk()) else {
                    return (0, 0);
                };
                match (u32::from(red) + u32::from(green) + u32::from(blue)) / 3 {
                    0..110 => found.1 += 1,
                    200.. => found.0 += 1,
                    _ => {}
                }
            }
        }
        found
    }

    fn shows_letters(&self) -> bool {
        let (light, dark) = self.light_and_dark();
        let all = INSIDE.0.len() * INSIDE.1.len();
        light * 10 > all * 8 && (LETTERS..all / 10).contains(&dark)
    }

    fn wait_until_empty(&self) {
        let start = Instant::now();
        while self.light_and_dark().0 > 0 {
            assert!(start.elapsed() < PATIENCE, "the window before does not go away");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// MiB that a process and everything it started hold, shared pages counted by their share.
fn memory_of_tree(root: u32) -> f64 {
    let parent = |id: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    let ids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids: Vec<u32> = ids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    let is_inside = |id: u32| {
        let mut at = Some(id);
        (0..64).any(|_| {
            let here = at == Some(root);
            at = at.and_then(parent);
            here
        })
    };
    let held = |id: u32| -> Option<f64> {
        let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        text.lines().find_map(|line| line.strip_prefix("Pss:")?.trim().strip_suffix("kB")?.trim().parse().ok())
    };
    ids.into_iter().filter(|id| is_inside(*id)).filter_map(held).sum::<f64>() / 1024.0
}
