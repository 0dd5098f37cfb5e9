//! A caller of the service's HTTP interface: what a desktop does, without one.

use domain::{
    case::{Process, SentPaper, StampedFile},
    ids::{BlobHash, CaseId},
    time::PlanYear,
};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::http::{ActBody, ActDone, BlobProgress, ChangesPage, SeenCase, Session};

/// Someone who speaks to the service, signed in or not.
#[derive(Debug, Clone)]
pub struct Caller {
    http: reqwest::Client,
    url: String,
    session: Option<Session>,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body; `null` when it is no JSON.
    pub body: Value,
}

impl Answer {
    /// The code of a refusal, `ok` otherwise.
    ///
    /// # Panics
    /// When a refusal has another shape than every refusal has.
    pub fn code(&self) -> &str {
        if self.status.is_success() {
            return "ok";
        }
        let failure: wire::Failure = serde_json::from_value(self.body.clone())
            .unwrap_or_else(|error| panic!("{} is not a refusal: {error}: {}", self.status, self.body));
        assert_eq!(failure.code.status(), self.status.as_u16(), "{failure}");
        failure.code.as_str()
    }

    /// The body of an answer that is no refusal.
    ///
    /// # Panics
    /// When it is one, or of another type.
    pub fn read<T: serde::de::DeserializeOwned>(self) -> T {
        assert!(self.status.is_success(), "refused: {}", self.body);
        serde_json::from_value(self.body).expect("the answer has this type")
    }
}

impl Caller {
    /// Nobody yet.
    pub fn new(url: &str) -> Self {
        Self { http: reqwest::Client::new(), url: url.to_owned(), session: None }
    }

    /// A demo person, signed in.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn signed_in(url: &str, account: &str) -> Self {
        let mut caller = Self::new(url);
        let session = caller.post("/v1/sessions", json!({ "account": account, "password": "demo" })).await.read();
        caller.session = Some(session);
        caller
    }

    /// The session.
    ///
    /// # Panics
    /// When nobody is signed in.
    pub fn session(&self) -> &Session {
        self.session.as_ref().expect("signed in")
    }

    /// A request of this person, not sent yet.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        match &self.session {
            Some(session) => request.bearer_auth(&session.token),
            None => request,
        }
    }

    /// Sends a request and reads its answer.
    ///
    /// # Panics
    /// When the line breaks.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.expect("the line holds")
    }

    /// Sends a request over a line that may break.
    ///
    /// # Errors
    /// It broke.
    pub async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let status = response.status();
        let bytes = response.bytes().await?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }

    /// Gets.
    ///
    /// # Panics
    /// When the line breaks; so do the calls below.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Posts JSON.
    ///
    /// # Panics
    /// When the line breaks.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// Acts on a case with a fresh id.
    ///
    /// # Panics
    /// When the line breaks.
    pub async fn act(&self, case: CaseId, expect_seq: u32, body: ActBody) -> Answer {
        let act = wire::http::Act { id: Uuid::now_v7().into(), expect_seq, remarks: Default::default(), body };
        self.post(&format!("/v1/cases/{case}/acts"), json!(act)).await
    }

    /// Opens a 社群 case of plan year 111.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn open_case(&self) -> CaseId {
        let case = Uuid::now_v7().into();
        let body = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
        self.act(case, 0, body).await.read::<ActDone>();
        case
    }

    /// A case as this person sees it.
    ///
    /// # Panics
    /// When they do not.
    pub async fn case(&self, case: CaseId) -> SeenCase {
        self.get(&format!("/v1/cases/{case}")).await.read()
    }

    /// What changed since.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn changes(&self, after: u64) -> ChangesPage {
        self.get(&format!("/v1/changes?after={after}")).await.read()
    }

    /// Uploads bytes under a name, from `from` up to but not including `to`.
    ///
    /// # Panics
    /// When the line breaks.
    pub async fn put_part(&self, blob: &BlobHash, bytes: &[u8], from: usize, to: usize) -> Answer {
        let range = format!("bytes {from}-{}/{}", to - 1, bytes.len());
        let request = self.request(Method::PUT, &format!("/v1/blobs/{blob}")).header("Content-Range", range);
        self.send(request.body(bytes[from..to].to_vec())).await
    }

    /// Uploads a file for each paper of which 進階認證 asks for a stamped copy, and puts it to the paper.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn stamp(&self, papers: &mut [SentPaper]) {
        let asked = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
        for (mark, paper) in (0..).zip(papers).filter(|(_, paper)| asked.contains(&paper.form.id.as_str())) {
            let file = crate::pdf(900_000 + mark, 100);
            let (blob, bytes) = (self.upload(&file).await, file.len().try_into().expect("a small file"));
            paper.stamped = Some(StampedFile { blob, bytes, pages: 1, stamps: Vec::new() });
        }
    }

    /// Uploads a whole file.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn upload(&self, bytes: &[u8]) -> BlobHash {
        let blob = BlobHash::of(bytes);
        let progress: BlobProgress = self.put_part(&blob, bytes, 0, bytes.len()).await.read();
        assert!(progress.complete);
        blob
    }
}
