//! Thousands of teachers, each with an open case and a session, and how one of them sends the application: the questions a
//! desktop asks. Their county asks for no stamped paper and keeps applying always open.

use crate::{FILE_BYTES, program::database};
use domain::{
    case::{Process, SentPaper, StampedFile, State},
    form::{Answers, content_hash},
    ids::{BlobHash, CaseId},
    people::{Actor, Person, Role, School},
    time::{PlanYear, Timestamp},
};
use reqwest::{Method, RequestBuilder, header};
use serde_json::json;
use server::{
    acts::{Plea, judge},
    auth::{fresh_token, token_hash},
    db::{
        Db,
        accounts::{self, NewAccount},
        acts::{Asked, Situation, carry_out},
        sessions,
    },
};
use std::{path::Path, time::Duration};
use testkit::{form_ref, pdf, sample};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, BlobProgress};

/// A teacher who is about to send an application.
pub(crate) struct Applicant {
    number: u32,
    token: String,
    case: CaseId,
}

/// Makes the service's database with so many applicants and their school.
pub(crate) async fn prepare(data: &Path, applicants: u32) -> Vec<Applicant> {
    std::fs::create_dir_all(data).expect("the folder can be made");
    let db = Db::open(&database(data)).await.expect("the database opens");
    let now = chrono::Utc::now();
    // As the program does when it first starts.
    db.service_id(&Uuid::now_v7().to_string(), now).await.expect("the database can be written");
    let school = actor(Role::School, "縣立測量國小".to_owned());
    let actors: Vec<Actor> = (0..applicants).map(|number| actor(Role::Teacher, format!("測量{number}老師"))).collect();
    let account = |actor: &Actor| NewAccount {
        account: actor.person.id.to_string(),
        actor: actor.clone(),
        // They are signed in already; nobody has such a password.
        password_hash: String::new(),
    };
    let new: Vec<NewAccount> = actors.iter().chain([&school]).map(account).collect();
    accounts::add(&db, &new, now).await.expect("the accounts are new");
    let mut ready = Vec::with_capacity(actors.len());
    for (number, actor) in (0..).zip(&actors) {
        let token = fresh_token().expect("the system gives random bytes");
        let id = actor.person.id;
        let ends_at = now + Duration::from_secs(3600);
        sessions::begin(&db, id, "", &token_hash(&token), now, ends_at).await.expect("the account is there");
        ready.push(Applicant { number, token, case: open(&db, actor, now).await });
    }
    db.close().await;
    ready
}

fn actor(role: Role, name: String) -> Actor {
    let school =
        School { code: "024601".to_owned(), name: "縣立測量國小".to_owned(), county: "宜蘭縣".to_owned() };
    let county = Some(school.county.clone());
    let person = Person { id: Uuid::now_v7().into(), name };
    Actor { person, role, school: Some(school), county, email: None, phone: None }
}

async fn open(db: &Db, actor: &Actor, now: Timestamp) -> CaseId {
    let (process, plan_year) = (Process::Plc, PlanYear(111));
    let (case, event) = (Uuid::now_v7().into(), Uuid::now_v7().into());
    let act = Act { id: event, expect_seq: 0, remarks: Default::default(), body: ActBody::Open { process, plan_year } };
    let opens = Some((process, plan_year));
    let asked = Asked {
        case,
        event,
        hash: "",
        actor,
        now,
        opens,
        target: None,
        blobs: &[],
        carried: Vec::new(),
        reviewers: Vec::new(),
        issues: false,
        compared: None,
        office: &server::mail::PostOffice::default(),
    };
    let judge = |situation: Situation| judge(&Plea { case, act, actor, now }, &situation);
    carry_out(db, &asked, judge).await.expect("everybody may open one case");
    case
}

/// How many cases wait for the school.
pub(crate) async fn submitted(data: &Path) -> u32 {
    let db = Db::open(&database(data)).await.expect("the database opens after a kill");
    let sql = "SELECT count(*) FROM cases WHERE json_extract(head, '$.state') = $1";
    let state = json!(State::SchoolCheck).as_str().expect("states are words").to_owned();
    let mut tx = db.read().await.expect("the database can be read");
    let count = tx.one(sql, vec![state.into()]).await.expect("a count").count(0).expect("a number");
    drop(tx);
    db.close().await;
    count
}

/// Sends applications.
pub(crate) struct Submitter {
    http: reqwest::Client,
    url: String,
    paper: SentPaper,
    file: Vec<u8>,
}

/// Stands in every file where the applicant's own number goes, so that no two files are alike.
const MARK: u32 = 1_000_000_000;

impl Submitter {
    pub(crate) fn new(url: &str) -> Self {
        let form = form_ref("plc_application");
        let mut answers: Answers = sample("plc_application", "typical");
        // Without money no second paper is due.
        answers.0.insert("apply_funding".to_owned(), json!("否"));
        let hash = content_hash(&form, &answers);
        let paper = SentPaper { form, revision: 1, hash, answers, stamped: None, stamped_revision: None };
        let file = pdf(MARK, FILE_BYTES);
        Self { http: reqwest::Client::new(), url: url.to_owned(), paper, file }
    }

    /// An applicant's own scan.
    pub(crate) fn file(&self, applicant: &Applicant) -> Vec<u8> {
        let mut file = self.file.clone();
        let mark = MARK.to_string();
        let place = file.windows(mark.len()).position(|word| word == mark.as_bytes()).expect("the mark is in the file");
        file[place..place + mark.len()].copy_from_slice((MARK + applicant.number).to_string().as_bytes());
        file
    }

    /// Uploads the file, if there is one, and sends the application.
    ///
    /// # Panics
    /// When anything is refused.
    pub(crate) async fn submit(&self, applicant: Applicant, file: Option<Vec<u8>>) {
        let mut paper = self.paper.clone();
        if let Some(bytes) = file {
            let blob = BlobHash::of(&bytes);
            let total = u32::try_from(bytes.len()).expect("two megabytes");
            paper.stamped = Some(StampedFile { blob: blob.clone(), bytes: total, pages: 1, stamps: Vec::new() });
            let path = format!("/v1/blobs/{blob}");
            let asked = self.request(&applicant, Method::GET, &format!("{path}/progress"));
            let progress: BlobProgress = answer(asked).await;
            assert_eq!(progress.received, 0, "no two files are alike");
            let range = format!("bytes 0-{}/{total}", total - 1);
            let put = self.request(&applicant, Method::PUT, &path).header(header::CONTENT_RANGE, range).body(bytes);
            let progress: BlobProgress = answer(put).await;
            assert!(progress.complete, "the whole file was sent");
        }
        let body = ActBody::Submit { papers: vec![paper] };
        let act = Act { id: Uuid::now_v7().into(), expect_seq: 1, remarks: Default::default(), body };
        let path = format!("/v1/cases/{}/acts", applicant.case);
        let done: ActDone = answer(self.request(&applicant, Method::POST, &path).json(&act)).await;
        assert_eq!(done.seq, 2, "opened and sent");
    }

    fn request(&self, applicant: &Applicant, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&applicant.token)
    }
}

async fn answer<T: serde::de::DeserializeOwned>(request: RequestBuilder) -> T {
    let response = request.send().await.expect("the service answers");
    let status = response.status();
    let body = response.bytes().await.expect("the service answers whole");
    assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("the answer has this type")
}
