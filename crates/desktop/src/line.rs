//! The line to the service: one function for every question of `wire::http`. Knows nothing of cases.

use domain::{
    form::FormId,
    ids::{AccountId, BlobHash, CaseId, NoticeId},
    policy::CountyRuleSet,
    record::{PersonRecord, Profile},
    time::PlanYear,
};
use reqwest::{Method, RequestBuilder, Response, header};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use wire::{
    Code, Failure,
    http::{
        Act, ActDone, BlobProgress, ChangesPage, ConvenerPage, DraftPush, DraftPushed, EventPage, Hello, ManyActs,
        ManyDone, RecordImport, RulesPut, Session, SignIn, WrittenCase,
    },
    mail::{MailChoice, MailView},
    record::{RecordImported, TransferPut},
    reviewers::{ProposalAsk, ProposalPage, ReviewerPage, ReviewerPut, ReviewerRow},
};

/// How long a question may take. Uploads of 2 MB over a poor line need their time.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long reaching the service may take before we are offline.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Clone)]
pub(crate) struct Line {
    http: reqwest::Client,
    base: String,
}

impl Line {
    pub(crate) fn new(server: &str) -> Result<Self, Failure> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .user_agent(concat!("proteacher/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
        Ok(Self { http, base: format!("{}/v1", server.trim_end_matches('/')) })
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/{path}", self.base));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn hello(&self) -> Result<Hello, Failure> {
        let ask = || self.request(Method::GET, "hello", None);
        match ask().send().await {
            // A connection kept from before the service restarted is dead, which only asking tells: ask again on a new one.
            Err(error) if !error.is_connect() && !error.is_timeout() => json(ask()).await,
            asked => read(check(asked).await?).await,
        }
    }

    pub(crate) async fn sign_in(&self, sign_in: &SignIn) -> Result<Session, Failure> {
        json(self.request(Method::POST, "sessions", None).json(sign_in)).await
    }

    pub(crate) async fn sign_out(&self, token: &str) -> Result<(), Failure> {
        send(self.request(Method::DELETE, "sessions/current", Some(token))).await.map(drop)
    }

    pub(crate) async fn act(&self, token: &str, case: CaseId, act: &Act) -> Result<ActDone, Failure> {
        self.post(token, &format!("cases/{case}/acts"), act).await
    }

    pub(crate) async fn acts(&self, token: &str, acts: &ManyActs) -> Result<ManyDone, Failure> {
        self.post(token, "acts", acts).await
    }

    pub(crate) async fn conveners(&self, token: &str, case: CaseId) -> Result<ConvenerPage, Failure> {
        json(self.request(Method::GET, &format!("cases/{case}/conveners"), Some(token))).await
    }

    /// The reviewers one keeps, or the pool as it stands to a case.
    pub(crate) async fn reviewers(&self, token: &str, case: Option<CaseId>) -> Result<ReviewerPage, Failure> {
        let path = case.map_or_else(|| "reviewers".to_owned(), |case| format!("reviewers?case={case}"));
        json(self.request(Method::GET, &path, Some(token))).await
    }

    pub(crate) async fn put_reviewer(
        &self,
        token: &str,
        account: AccountId,
        put: &ReviewerPut,
    ) -> Result<ReviewerRow, Failure> {
        json(self.request(Method::PUT, &format!("reviewers/{account}"), Some(token)).json(put)).await
    }

    pub(crate) async fn propose(&self, token: &str, ask: &ProposalAsk) -> Result<ProposalPage, Failure> {
        self.post(token, "assignments/proposal", ask).await
    }

    pub(crate) async fn events(&self, token: &str, case: CaseId) -> Result<EventPage, Failure> {
        json(self.request(Method::GET, &format!("cases/{case}/events"), Some(token))).await
    }

    pub(crate) async fn push_draft(
        &self,
        token: &str,
        case: CaseId,
        form: &FormId,
        push: &DraftPush,
    ) -> Result<DraftPushed, Failure> {
        self.post(token, &format!("cases/{case}/drafts/{form}"), push).await
    }

    pub(crate) async fn put_rules(
        &self,
        token: &str,
        county: &str,
        year: PlanYear,
        put: &RulesPut,
    ) -> Result<CountyRuleSet, Failure> {
        json(self.request(Method::PUT, &format!("counties/{county}/rules/{year}"), Some(token)).json(put)).await
    }

    pub(crate) async fn changes(&self, token: &str, after: u64) -> Result<ChangesPage<WrittenCase>, Failure> {
        json(self.request(Method::GET, &format!("changes?after={after}"), Some(token))).await
    }

    pub(crate) async fn notice_read(&self, token: &str, notice: NoticeId) -> Result<(), Failure> {
        send(self.request(Method::POST, &format!("notices/{notice}/read"), Some(token))).await.map(drop)
    }

    pub(crate) async fn mail(&self, token: &str) -> Result<MailView, Failure> {
        json(self.request(Method::GET, "me/mail", Some(token))).await
    }

    pub(crate) async fn choose_mail(&self, token: &str, choice: &MailChoice) -> Result<MailView, Failure> {
        json(self.request(Method::PUT, "me/mail", Some(token)).json(choice)).await
    }

    pub(crate) async fn record(&self, token: &str) -> Result<PersonRecord, Failure> {
        json(self.request(Method::GET, "me/record", Some(token))).await
    }

    pub(crate) async fn put_profile(&self, token: &str, profile: &Profile) -> Result<PersonRecord, Failure> {
        json(self.request(Method::PUT, "me/profile", Some(token)).json(profile)).await
    }

    pub(crate) async fn answer_transfer(&self, token: &str, put: &TransferPut) -> Result<PersonRecord, Failure> {
        self.post(token, "me/transfer", put).await
    }

    pub(crate) async fn import_records(&self, token: &str, import: &RecordImport) -> Result<RecordImported, Failure> {
        self.post(token, "records/imports", import).await
    }

    pub(crate) async fn blob_progress(&self, token: &str, blob: &BlobHash) -> Result<BlobProgress, Failure> {
        json(self.request(Method::GET, &format!("blobs/{blob}/progress"), Some(token))).await
    }

    /// Sends the bytes from `from` on.
    pub(crate) async fn put_blob(
        &self,
        token: &str,
        blob: &BlobHash,
        bytes: &[u8],
        from: usize,
    ) -> Result<BlobProgress, Failure> {
        let rest = bytes.get(from..).unwrap_or_default().to_vec();
        let range = format!("bytes {from}-{}/{}", bytes.len().saturating_sub(1), bytes.len());
        let request = self.request(Method::PUT, &format!("blobs/{blob}"), Some(token));
        json(request.header(header::CONTENT_RANGE, range).body(rest)).await
    }

    pub(crate) async fn blob(&self, token: &str, blob: &BlobHash) -> Result<Vec<u8>, Failure> {
        let answer = send(self.request(Method::GET, &format!("blobs/{blob}"), Some(token))).await?;
        answer.bytes().await.map(|bytes| bytes.to_vec()).map_err(|error| offline(&error))
    }

    async fn post<B: Serialize, A: DeserializeOwned>(&self, token: &str, path: &str, body: &B) -> Result<A, Failure> {
        json(self.request(Method::POST, path, Some(token)).json(body)).await
    }
}

async fn json<A: DeserializeOwned>(request: RequestBuilder) -> Result<A, Failure> {
    read(send(request).await?).await
}

async fn read<A: DeserializeOwned>(answer: Response) -> Result<A, Failure> {
    // A line that breaks in the middle of the answer is a line that is down; an answer of another shape is not.
    let answer = answer.bytes().await.map_err(|error| offline(&error))?;
    serde_json::from_slice(&answer).map_err(|error| Failure::new(Code::Internal, format!("strange answer: {error}")))
}

async fn send(request: RequestBuilder) -> Result<Response, Failure> {
    check(request.send().await).await
}

async fn check(asked: reqwest::Result<Response>) -> Result<Response, Failure> {
    let answer = asked.map_err(|error| offline(&error))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.bytes().await.map_err(|error| offline(&error))?;
    // A proxy on the way answers without a code of ours, and a newer service may know codes that this program does not.
    Err(serde_json::from_slice(&body).unwrap_or_else(|_| match status.as_u16() {
        502..=504 => Failure::new(Code::Offline, format!("status {status}")),
        401 => Failure::new(Code::NotSignedIn, "the session has ended"),
        413 => Failure::new(Code::TooLarge, "the service takes no body of this size"),
        400..=499 => {
            Failure::new(Code::BadRequest, format!("refused for a reason this program does not know: {status}"))
        }
        _ => Failure::new(Code::Internal, format!("status {status}")),
    }))
}

fn offline(error: &reqwest::Error) -> Failure {
    Failure::new(Code::Offline, error.to_string())
}
