//! What changed for one person.

use super::{Refused, Signed, ask::Asked};
use crate::{Service, acts::sight_of, db};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use domain::workflow::Sight;
use serde::Deserialize;
use std::fmt::Write as _;
use wire::{Code, Failure, http::ChangesPage};

/// How a page says that it has no cases.
const NO_CASES: &str = r#""cases":[]"#;

#[derive(Debug, Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    after: u64,
}

/// Answers a [`ChangesPage`]. Its cases are put together as texts: a first page for a county is some hundred applications, and
/// reading them only to write them again would be most of the work.
pub(super) async fn since(
    State(service): State<Service>,
    signed: Signed,
    Asked(Since { after }): Asked<Since>,
) -> Result<Response, Refused> {
    let db::changes::Changes { cursor, more, cases, drafts, notices, gone, rule_sets, record } =
        db::changes::since(service.db(), &signed.actor, after).await?;
    let page: ChangesPage = ChangesPage { cursor, more, cases: Vec::new(), drafts, notices, gone, rule_sets, record };
    let mut seen = String::new();
    for mut case in cases {
        let sight = sight_of(&case.head, &signed.actor);
        debug_assert!(sight > Sight::Nothing, "a list holds only what may be seen");
        let hidden = match sight {
            Sight::Nothing => continue,
            Sight::Row => true,
            Sight::Papers | Sight::Own => false,
        };
        case.seen_by(sight, &signed.actor);
        seen.push_str(if seen.is_empty() { r#"{"case":"# } else { r#",{"case":"# });
        case.write(&mut seen);
        write!(seen, r#","papers_hidden":{hidden}}}"#).expect("a String takes all");
    }
    let page = serde_json::to_string(&page).map_err(|_| Failure::new(Code::Internal, "the page cannot be written"))?;
    // As in a case: the page was written without cases, and no text in it can hold these words.
    let (before, after) = page.split_once(NO_CASES).unwrap_or((&page, ""));
    let body = [before, r#""cases":["#, &seen, "]", after].concat();
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}
