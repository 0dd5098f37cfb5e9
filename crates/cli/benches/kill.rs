//! `kill -9` in the middle of typing, again and again: every save that was acknowledged is there when the program starts
//! anew. The victim is this program itself, and each one first tells what it found of the one before.

mod desk;
#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use serde_json::json;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use testkit::{FakeClock, TestServer};
use wire::rpc::{FormOf, SaveDraft, SignInRequest, UnlockRequest};

/// Rounds; another number may be given in the environment.
const ROUNDS: u64 = 1_000;
const ROUNDS_GIVEN: &str = "PROTEACHER_BENCH_ROUNDS";

/// What a victim is told: data folder, service, case.
const FOLDER: &str = "KILL_BENCH_FOLDER";
const SERVICE: &str = "KILL_BENCH_SERVICE";
const CASE: &str = "KILL_BENCH_CASE";

#[tokio::main]
async fn main() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return type_until_killed(Path::new(&folder)).await;
    }
    let rounds = std::env::var(ROUNDS_GIVEN).map_or(ROUNDS, |given| given.parse().expect("a number of rounds"));
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let desktop = desk::desktop(folder.path(), &server.url(), server.clock()).await;
    let request = SignInRequest { account: "teacher-a".to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("a demo person signs in");
    let case = desktop.new_plc_case().await.expect("a teacher may open a case").id.to_string();
    drop(desktop);

    let (mut random, mut last, mut lost, mut unsaid) = (0x9e37_79b9_7f4a_7c15_u64, 0, 0_u64, 0_u64);
    let mut times = Vec::new();
    for round in 0..=rounds {
        let start = Instant::now();
        let moments = (next(&mut random) % 5, Duration::from_micros(next(&mut random) % 6_000));
        let (found, acknowledged) = run_and_kill(folder.path(), &server.url(), &case, moments);
        times.push(figures::since(start));
        if found < last {
            lost += 1;
            println!("round {round}: save {last} was acknowledged, but {found} was found");
        }
        assert!(found <= last + 1, "round {round}: {found} was found, but only {last} was typed and said");
        // One more may have reached the disk without anyone having been told.
        unsaid += u64::from(found > last);
        last = acknowledged;
    }
    assert!(last > rounds, "the victims did save");
    figures::spread("a round: start, unlock, type, kill", &times);
    println!("{rounds} rounds, {last} saves acknowledged, {unsaid} times one more was on the disk than was said");
    println!("half of the rounds took less than {:.0} ms", figures::quantile(&times, 0.5));
    figures::verdict("rounds that lost an acknowledged save", lost as f64, "rounds", ..=0.0);
    assert_eq!(lost, 0, "acknowledged saves were lost");
}

/// Tells what the one before left, then saves number after number, and says each when it was acknowledged.
async fn type_until_killed(folder: &Path) {
    let var = |name| std::env::var(name).expect("a victim is told everything");
    let desktop = desk::desktop(folder, &var(SERVICE), &FakeClock::default()).await;
    let unlock = UnlockRequest { account: "teacher-a".to_owned(), passphrase: None };
    desktop.unlock_with(unlock).await.expect("the store opens after every kill");
    let form: FormOf =
        FormOf { case: var(CASE).parse().expect("a case's id"), form: "plc_application".parse().expect("a form's id") };
    let view = desktop.open_form(&form).await.expect("the form opens");
    let found: u64 = view.answers.text("plc_name").parse().unwrap_or(0);
    say("found", found);
    for number in found + 1.. {
        // Some saves are short and some fill many pages.
        let goals = "字".repeat(if number.is_multiple_of(3) { 20_000 } else { 20 });
        let changes = [("plc_name".to_owned(), json!(number.to_string())), ("plc_goals".to_owned(), json!(goals))];
        let save = SaveDraft { case: form.case, form: form.form.clone(), changes: changes.into_iter().collect() };
        desktop.save_draft(save).await.expect("a draft is saved");
        say("saved", number);
    }
}

fn say(word: &str, number: u64) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more when the victim outlives its killer; then it may end by this.
    writeln!(out, "{word} {number}").and_then(|()| out.flush()).expect("somebody listens");
}

/// Starts a victim, and kills it after so many acknowledged saves and some moments more. What it found, and the last that
/// it said it had saved.
fn run_and_kill(folder: &Path, service: &str, case: &str, moments: (u64, Duration)) -> (u64, u64) {
    let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
        .env(FOLDER, folder)
        .env(SERVICE, service)
        .env(CASE, case)
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let found = lines.next().expect("a victim says what it found");
    let found: u64 = found.strip_prefix("found ").and_then(|number| number.parse().ok()).expect("a number");
    let mut acknowledged = found;
    while acknowledged < found + moments.0 {
        acknowledged = number(&lines.next().expect("a victim saves until it is killed")).unwrap_or(acknowledged);
    }
    std::thread::sleep(moments.1);
    child.kill().expect("it runs until now");
    child.wait().expect("it is ours");
    // What it managed to say before it died counts too; a line cut short does not.
    for line in lines {
        acknowledged = number(&line).filter(|number| *number == acknowledged + 1).unwrap_or(acknowledged);
    }
    (found, acknowledged)
}

fn number(line: &str) -> Option<u64> {
    line.strip_prefix("saved ")?.parse().ok()
}

/// A small generator, so that the moments differ from round to round and are the same in every run.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
