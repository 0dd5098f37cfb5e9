//! The program as an office starts it: settings, demo, administration, and how it ends.

use server::db::Db;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
};
use testkit::Caller;
#[cfg(unix)]
use testkit::{MailServer, paper, pdf};

fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_proteacher-server"));
    program
        .env("PROTEACHER_LISTEN", "127.0.0.1:0")
        .env("PROTEACHER_DATABASE_URL", format!("sqlite://{}", folder.join("service.sqlite").display()))
        .env("PROTEACHER_BLOBS", format!("file://{}", folder.join("blobs").display()))
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    program
}

fn say(mut program: Command, words: &[&str], input: &str) -> Output {
    let mut child = program.args(words).spawn().expect("the program starts");
    // A program that refuses may be gone before it is told anything.
    child.stdin.take().expect("it is a pipe").write_all(input.as_bytes()).ok();
    child.wait_with_output().expect("it ends")
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Starts the service and waits until it names its address.
fn serve(folder: &Path, words: &[&str]) -> (Child, String, BufReader<std::process::ChildStderr>) {
    serve_with(folder, words, &[])
}

fn serve_with(
    folder: &Path,
    words: &[&str],
    settings: &[(&str, String)],
) -> (Child, String, BufReader<std::process::ChildStderr>) {
    let mut program = program(folder);
    program.envs(settings.iter().map(|(name, value)| (name, value)));
    let mut child = program.args(words).spawn().expect("the program starts");
    let mut log = BufReader::new(child.stderr.take().expect("it is a pipe"));
    let mut line = String::new();
    while !line.contains("address=") {
        line.clear();
        assert!(log.read_line(&mut line).expect("it logs text") > 0, "the service ended before it served");
    }
    let address = line.split("address=").nth(1).expect("the line has it").trim().to_owned();
    (child, address, log)
}

#[test]
fn a_demo_stays_on_its_own_machine() {
    let folder = tempfile::tempdir().unwrap();
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let mut demo = program(folder.path());
        demo.env("PROTEACHER_LISTEN", listen);
        let refused = say(demo, &["serve", "--demo"], "");
        assert!(!refused.status.success() && error(&refused).contains("PROTEACHER_LISTEN"), "{}", error(&refused));
    }
    assert!(!folder.path().join("service.sqlite").exists(), "refused before anything is touched");
}

#[cfg(unix)]
#[test]
fn it_serves_and_stops_in_peace() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, address, mut log) = serve(folder.path(), &["serve", "--demo"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let url = format!("http://{address}");
    let case = runtime.block_on(async {
        let teacher = Caller::signed_in(&url, "teacher-a").await;
        assert_eq!(teacher.get("/v1/hello").await.body["plan_year"], 111);
        teacher.open_case().await
    });
    // An open connection that says nothing does not keep it from stopping.
    let silent = TcpStream::connect(&address).unwrap();
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = child.wait().unwrap();
    drop(silent);
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(ended.success(), "{ended}: {rest}");
    assert!(rest.contains("stopping"));
    for private in ["teacher-a", "市北測試", &case.to_string()] {
        assert!(!rest.contains(private), "the log names no people and no cases: {rest}");
    }
    // A database with people whose password everybody knows is not served to others.
    let refused = say(program(folder.path()), &["serve"], "");
    assert!(!refused.status.success() && error(&refused).contains("demo people"), "{}", error(&refused));
}

#[test]
fn accounts_are_looked_after_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let office = |words: &[&str], input: &str| say(program(folder.path()), words, input);
    assert!(office(&["migrate"], "").status.success());
    let add = ["admin", "add-account", "school193625", "--name", "市立協和國小", "--role", "school"];
    let place = ["--school-code", "193625", "--school-name", "市立協和國小", "--county", "臺中市"];
    let whole = [&add[..], &place[..]].concat();
    let refused = office(&whole, "demo\n");
    assert!(error(&refused).contains("fewer than 8 characters"), "{}", error(&refused));
    let refused = office(&add, "a long password\n");
    assert!(error(&refused).contains("--school-code"), "{}", error(&refused));
    assert!(office(&whole, "a long password\n").status.success());
    assert!(error(&office(&whole, "a long password\n")).contains("exists already"));
    assert!(office(&["admin", "reset-password", "school193625"], "another password\n").status.success());
    assert!(!office(&["admin", "reset-password", "nobody"], "another password\n").status.success());
    let verdict = office(&["admin", "verify-log"], "");
    assert_eq!(String::from_utf8_lossy(&verdict.stdout), "2 entries, nothing changed and nothing missing\n");

    let (mut child, address, _log) = serve(folder.path(), &["serve"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let nobody = Caller::new(&format!("http://{address}"));
        for (password, code) in [("a long password", "wrong_password"), ("another password", "ok")] {
            let sign_in = serde_json::json!({ "account": "school193625", "password": password });
            assert_eq!(nobody.post("/v1/sessions", sign_in).await.code(), code);
        }
        let demo = serde_json::json!({ "account": "teacher-a", "password": "demo" });
        assert_eq!(nobody.post("/v1/sessions", demo).await.code(), "wrong_password", "no demo people here");
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn both_databases_have_the_same_migrations_and_tables() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let names = |folder: &str| {
        let files = std::fs::read_dir(root.join(folder)).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(names("server-sqlite"), names("server-postgres"));
    for name in names("server-sqlite") {
        // Only the guards of what is never changed are written in each database's own words, and the number that is a row's own
        // place is an INTEGER in SQLite and a BIGINT in PostgreSQL.
        let tables = |folder: &str| {
            let text = std::fs::read_to_string(root.join(folder).join(&name)).unwrap();
            let tables = text.split("CREATE TRIGGER").next().unwrap().split("CREATE FUNCTION").next().unwrap();
            tables.replace(" INTEGER PRIMARY KEY", " BIGINT PRIMARY KEY")
        };
        assert_eq!(tables("server-sqlite"), tables("server-postgres"), "{name}");
    }
}

#[test]
fn a_locked_database_is_told_as_busy() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("service.sqlite").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (one, two) = (Db::open(&url).await.unwrap(), Db::open(&url).await.unwrap());
        let held = one.write().await.unwrap();
        let failure = two.write().await.unwrap_err().failure();
        assert_eq!(failure.code, wire::Code::Busy);
        assert!(failure.params["retry_after_seconds"].is_u64());
        drop(held);
        two.write().await.unwrap();
    });
}

/// The settings for a mail server of this machine.
#[cfg(unix)]
fn mail_settings(mail: &MailServer) -> [(&'static str, String); 2] {
    [
        ("PROTEACHER_SMTP_URL", format!("smtp://office:password%20of%20office@127.0.0.1:{}", mail.port())),
        ("PROTEACHER_MAIL_FROM", "教專平臺 <no-reply@proteacher.example>".to_owned()),
    ]
}

/// Teacher-a sends an application: a message, and a mail, to the school.
#[cfg(unix)]
fn send_an_application(address: &str) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let teacher = Caller::signed_in(&format!("http://{address}"), "teacher-a").await;
        let case = teacher.open_case().await;
        let (application, budget) = (pdf(1, 200), pdf(2, 200));
        for file in [&application, &budget] {
            teacher.upload(file).await;
        }
        let papers = vec![
            paper("plc_application", "typical", Some(&application)),
            paper("plc_budget", "typical", Some(&budget)),
        ];
        assert_eq!(teacher.act(case, 1, wire::http::ActBody::Submit { papers }).await.code(), "ok");
    });
}

#[cfg(unix)]
#[test]
fn mails_go_out_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let mut mail = MailServer::start();
    let settings = mail_settings(&mail);
    let (mut child, address, mut log) = serve_with(folder.path(), &["serve", "--demo"], &settings);
    send_an_application(&address);
    let taken = mail.wait_for(1);
    let found = (taken[0].to.as_str(), taken[0].user.as_deref());
    assert_eq!(found, ("school193625@example.edu.tw", Some("office")));
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success() && child.wait().unwrap().success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("school193625"), "the log names nobody: {rest}");
    let mut office = program(folder.path());
    office.envs(settings);
    let said = say(office, &["admin", "mails"], "");
    assert_eq!(String::from_utf8_lossy(&said.stdout), "0 waiting, 0 failed\n");
}

/// Killed when the mail server has the mail and the service does not know it yet.
#[cfg(unix)]
#[test]
fn a_kill_between_sending_and_marking_loses_no_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mut mail = MailServer::start();
    mail.refuse("hold", 0, "school193625");
    let settings = mail_settings(&mail);
    let (mut child, address, _log) = serve_with(folder.path(), &["serve", "--demo"], &settings);
    send_an_application(&address);
    mail.wait_for(1);
    child.kill().unwrap();
    child.wait().unwrap();
    mail.accept();
    // Ten minutes later: what the killed program held is free again.
    let url = format!("sqlite://{}", folder.path().join("service.sqlite").display());
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&url).await.unwrap();
        let mut tx = db.write().await.unwrap();
        let sql = "UPDATE mail_jobs SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0";
        assert_eq!(tx.run(sql, vec![]).await.unwrap(), 1, "it was held");
        tx.commit().await.unwrap();
        db.close().await;
    });
    let (mut child, _, _log) = serve_with(folder.path(), &["serve", "--demo"], &settings);
    let taken = mail.wait_for(2);
    assert_eq!((&taken[0].id, &taken[0].text), (&taken[1].id, &taken[1].text), "the same mail, as its Message-ID says");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn an_office_writes_its_own_texts() {
    let folder = tempfile::tempdir().unwrap();
    let own = say(program(folder.path()), &["admin", "notices"], "");
    let own = String::from_utf8(own.stdout).unwrap();
    assert!(own.contains("kind = \"n1\"") && own.contains("專業學習社群退件"), "{own}");
    let file = folder.path().join("notices.toml");
    let with = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mut program = program(folder.path());
        program.env("PROTEACHER_NOTICES", &file);
        program
    };
    let again = say(with(&own.replace("專業學習社群退件", "退回修改")), &["admin", "notices"], "");
    assert_eq!(String::from_utf8(again.stdout).unwrap(), own.replace("專業學習社群退件", "退回修改"));
    for words in [&["serve", "--demo"][..], &["admin", "notices"]] {
        let refused = say(
            with(
                "# 通知\n[[notice]]\nkind = \"n99\"\nsource = \"s\"\ntitle = { zh = \"a\", en = \"a\" }\n\
             body = { zh = \"a\", en = \"a\" }\n",
            ),
            words,
            "",
        );
        let said = error(&refused);
        assert!(!refused.status.success() && said.contains("notices.toml:3: there is no such kind"), "{said}");
    }
    std::fs::remove_file(&file).unwrap();
    let mut program = program(folder.path());
    program.env("PROTEACHER_NOTICES", &file);
    assert!(
        !say(program, &["serve", "--demo"], "").status.success(),
        "a file that is not there is no file without texts"
    );
}

#[test]
fn without_a_mail_server_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path()).args(["serve", "--demo"]).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let (mut line, mut said) = (String::new(), String::new());
    while !line.contains("address=") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "the service ended before it served: {said}");
        said.push_str(&line);
    }
    assert!(said.contains("PROTEACHER_SMTP_URL is not set"), "{said}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A database as the first version left it, with a case in it: the newer program opens it, and its lists find the case by what
/// its papers say.
#[test]
fn a_database_of_the_first_version_is_brought_along() {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("first");
    std::fs::create_dir(&first).unwrap();
    let name = "0001_service.sql";
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/server-sqlite");
    std::fs::copy(migrations.join(name), first.join(name)).unwrap();
    let url = format!("sqlite://{}", folder.path().join("service.sqlite").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let pool = sqlx::SqlitePool::connect(&format!("{url}?mode=rwc")).await.unwrap();
        sqlx::migrate::Migrator::new(first).await.unwrap().run(&pool).await.unwrap();
        let county = testkit::person("county-taichung");
        let owner = testkit::person("teacher-a");
        let papers = vec![paper("plc_application", "typical", None), paper("plc_budget", "typical", None)];
        let case = domain::case::Case {
            id: uuid::Uuid::now_v7().into(),
            process: domain::case::Process::Plc,
            plan_year: domain::time::PlanYear(111),
            school: owner.school.clone().unwrap(),
            owner: owner.person.clone(),
            state: domain::case::State::CountyCheck,
            seq: 3,
            reason: None,
            created_at: domain::time::Timestamp::UNIX_EPOCH,
            updated_at: domain::time::Timestamp::UNIX_EPOCH,
            papers: Vec::new(),
            approved_amount: None,
            carried: Vec::new(),
            returns: 0,
            remarks: Vec::new(),
            steps: Vec::new(),
            reviewing: Default::default(),
        };
        let account = "INSERT INTO accounts (id, account, role, person_name, password_hash, created_at) VALUES ($1, 'a', 'teacher', 'a', '', 0)";
        sqlx::query(account).bind(owner.person.id.to_string()).execute(&pool).await.unwrap();
        let kept = "INSERT INTO cases (id, process, plan_year, owner_id, head_seq, convenes, shown, row_text, paper_text, head, papers) \
                    VALUES ($1, 'plc', 111, $2, 3, 1, 1, '', '', $3, $4)";
        let query = sqlx::query(kept).bind(case.id.to_string()).bind(owner.person.id.to_string());
        let json = |value: serde_json::Value| value.to_string();
        query.bind(json(serde_json::json!(case))).bind(json(serde_json::json!(papers))).execute(&pool).await.unwrap();
        let scope = "INSERT INTO case_scopes (scope, case_id, opened_seq, change_seq, plan_year) VALUES ($1, $2, 7, 9, 111)";
        for name in ["all", "county:臺中市"] {
            sqlx::query(scope).bind(name).bind(case.id.to_string()).execute(&pool).await.unwrap();
        }
        pool.close().await;

        let db = Db::open(&url).await.unwrap();
        let asked = domain::list::listed(&domain::case::Case { papers, ..case.clone() }).asked;
        let criteria = domain::list::Criteria {
            levels: vec!["0".to_owned()],
            asked: domain::list::AmountSpan { from: asked, to: asked },
            keyword: Some("愛上".to_owned()),
            ..Default::default()
        };
        let search = server::db::lists::Search { criteria, after: None, limit: 10 };
        let (found, next) = server::db::lists::search(&db, &county, &search).await.unwrap();
        assert_eq!((found, next), (vec![case], None));
        db.close().await;
    });
}
