//! What one small service bears: applications with a file as fast as eight people send them, beside the rate of the disk
//! itself; and applications without a file at a fixed pace. The service is the real program in a process of its own.

mod crowd;
#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;
mod program;

use crowd::{Applicant, Submitter};
use program::Program;
use sqlx::{Connection as _, SqliteConnection};
use std::{
    collections::VecDeque,
    fs,
    io::Write as _,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Of each file sent: 1.5 MiB.
const FILE_BYTES: usize = 1536 * 1024;
const CLIENTS: usize = 8;
const WITH_FILES: Duration = Duration::from_secs(20);
/// Applicants for them: 300 a second. When a quicker disk uses them up, the rate is that of the shorter time.
const MOST_WITH_FILES: u32 = 6_000;

/// Submissions a second without a file, and for how long.
const PACE: u32 = 50;
const PACED: Duration = Duration::from_secs(30);

/// How long the disk alone is measured, before and after the service.
const DISK: Duration = Duration::from_secs(5);

/// At least this share of the disk's own rate; at most so many milliseconds of the service's processor for each; at most so
/// many milliseconds for 99 of 100 without a file.
const SHARE: f64 = 0.6;
const CPU: f64 = 15.0;
const LATE: f64 = 50.0;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let before = disk(&folder.path().join("before")).await;
    let paced = PACE * u32::try_from(PACED.as_secs()).expect("half a minute");
    let data = folder.path().join("service");
    let mut applicants = crowd::prepare(&data, paced + MOST_WITH_FILES).await;
    let program = Program::start(&data);
    let submitter = Arc::new(Submitter::new(program.url()));

    let for_files = applicants.split_off(paced as usize);
    let (sent, rate, cpu) = with_files(&program, &submitter, for_files).await;
    let after = disk(&folder.path().join("after")).await;
    let own = f64::midpoint(before, after);
    println!("the disk alone, row and file one after the other: {before:.0}/s before, {after:.0}/s after");
    println!("submissions with a file: {sent}, all taken, {rate:.1}/s");
    figures::verdict("submissions with a file against the disk's own rate", rate / own, "of it", SHARE..);
    match cpu {
        Some(cpu) => {
            figures::verdict("service's processor for a submission", cpu / f64::from(sent), "ms", ..=CPU);
        }
        None => println!("the service's processor time is not known on this system"),
    }

    let times = at_a_pace(&submitter, applicants).await;
    figures::spread("submissions without a file, 50/s", &times);
    println!("submissions without a file: {} of {paced} taken", times.len());
    figures::verdict("submissions without a file p99", figures::quantile(&times, 0.99), "ms", ..=LATE);

    drop(program);
    let kept = crowd::submitted(&data).await;
    println!("after kill -9 of the service: {kept} of {} acknowledged submissions are there", sent + paced);
    assert_eq!(kept, sent + paced, "acknowledged submissions were lost");
}

/// Eight clients, each sending the next application as soon as the last was taken. How many, how many a second, and the
/// service's milliseconds of processor time for all of them.
async fn with_files(
    program: &Program,
    submitter: &Arc<Submitter>,
    applicants: Vec<Applicant>,
) -> (u32, f64, Option<f64>) {
    let queue = Arc::new(Mutex::new(VecDeque::from(applicants)));
    let (cpu, start) = (program.cpu(), Instant::now());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (queue, submitter) = (Arc::clone(&queue), Arc::clone(submitter));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < WITH_FILES {
                    let next = queue.lock().expect("no client panicked").pop_front();
                    let Some(applicant) = next else { break };
                    let file = submitter.file(&applicant);
                    let begun = Instant::now();
                    submitter.submit(applicant, Some(file)).await;
                    times.push(figures::since(begun));
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.expect("every submission is taken"));
    }
    let seconds = start.elapsed().as_secs_f64();
    let cpu = cpu.zip(program.cpu()).map(|(before, after)| after - before);
    figures::spread("submissions with a file, 8 clients", &times);
    (u32::try_from(times.len()).expect("thousands"), times.len() as f64 / seconds, cpu)
}

/// Sends one application every 20 ms, whether the service keeps up or not; each is timed from the moment it was due.
async fn at_a_pace(submitter: &Arc<Submitter>, applicants: Vec<Applicant>) -> Vec<f64> {
    let start = Instant::now();
    let mut running = Vec::with_capacity(applicants.len());
    for (number, applicant) in (0..).zip(applicants) {
        let due = start + Duration::from_secs(1) / PACE * number;
        tokio::time::sleep_until(due.into()).await;
        let submitter = Arc::clone(submitter);
        running.push(tokio::spawn(async move {
            submitter.submit(applicant, None).await;
            figures::since(due)
        }));
    }
    let mut times = Vec::with_capacity(running.len());
    for one in running {
        times.push(one.await.expect("every submission is taken"));
    }
    times
}

/// What the disk gives a program that does one thing after the other: an 8-KiB row in SQLite (WAL, FULL) and a file, both
/// durable. Times a second.
async fn disk(folder: &Path) -> f64 {
    let kept = folder.join("kept");
    fs::create_dir_all(&kept).expect("the folder can be made");
    let address = format!("sqlite://{}?mode=rwc", folder.join("disk.sqlite").display());
    let mut rows = SqliteConnection::connect(&address).await.expect("SQLite opens");
    let set_up = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (body BLOB NOT NULL)";
    sqlx::raw_sql(set_up).execute(&mut rows).await.expect("SQLite can write");
    let (row, file) = (vec![b'r'; 8 * 1024], vec![b'f'; FILE_BYTES]);
    let (start, mut done) = (Instant::now(), 0_u32);
    while start.elapsed() < DISK {
        let insert = sqlx::query("INSERT INTO rows (body) VALUES ($1)").bind(&row);
        insert.execute(&mut rows).await.expect("SQLite can write");
        keep(folder, &kept, done, &file).expect("the disk can write");
        done += 1;
    }
    let rate = f64::from(done) / start.elapsed().as_secs_f64();
    rows.close().await.expect("SQLite closes");
    fs::remove_dir_all(folder).expect("the folder is ours");
    rate
}

/// Writes a file so that it outlives a power cut, as the service does.
fn keep(folder: &Path, kept: &Path, number: u32, bytes: &[u8]) -> std::io::Result<()> {
    let partial = folder.join("partial");
    let mut file = fs::File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, kept.join(number.to_string()))?;
    if cfg!(unix) { fs::File::open(kept)?.sync_all() } else { Ok(()) }
}
