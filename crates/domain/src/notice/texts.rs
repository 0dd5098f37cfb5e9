//! The texts of messages as an office writes them: `policy/notices.toml`, and a file of the same shape that a service may be
//! given instead of single texts.

use super::{NoticeKind, NoticeText};
use crate::{
    form::{Label, line_of},
    policy::PolicyError,
};
use serde::Deserialize;
use std::{collections::BTreeMap, fmt::Write as _};
use toml::Spanned;

/// The words of mails around those of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailWords {
    /// Where they come from.
    source: String,
    /// The last lines of every mail.
    pub footer: String,
    /// The subject of the daily mail.
    pub daily_title: String,
    /// Its first line, before the titles.
    pub daily_intro: String,
}

/// The text of every kind of message, with the document it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NoticeTexts {
    texts: BTreeMap<NoticeKind, (String, NoticeText)>,
    mail: MailWords,
}

/// A `[[notice]]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNotice {
    kind: Spanned<NoticeKind>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    source: String,
    title: Label,
    body: Label,
}

/// `[mail]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMailWords {
    source: Spanned<String>,
    footer: String,
    daily_title: String,
    daily_intro: String,
}

/// A file that holds nothing but texts of messages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextsFile {
    #[serde(default)]
    notice: Vec<RawNotice>,
    mail: Option<RawMailWords>,
}

impl NoticeTexts {
    /// The text of a kind; none when no file has it.
    pub fn get(&self, kind: NoticeKind) -> Option<&NoticeText> {
        self.texts.get(&kind).map(|(_, text)| text)
    }

    /// The words of mails.
    pub fn mail(&self) -> &MailWords {
        &self.mail
    }

    /// These texts, with those of a file in the place of their own. A kind that the file leaves out keeps its text.
    ///
    /// # Errors
    /// A kind, a key or something in braces that does not exist, with the line.
    pub fn replaced_by(&self, file: &str, text: &str) -> Result<Self, PolicyError> {
        let fault = |at: usize, reason: String| PolicyError { file: file.to_owned(), line: line_of(text, at), reason };
        let read: TextsFile = toml::from_str(text)
            .map_err(|error| fault(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut texts = self.clone();
        let mut only_these = Self::default();
        read_notices(&mut only_these, read.notice, read.mail).map_err(|(at, reason)| fault(at, reason))?;
        texts.texts.append(&mut only_these.texts);
        if only_these.mail != MailWords::default() {
            texts.mail = only_these.mail;
        }
        Ok(texts)
    }

    /// These texts as such a file.
    pub fn as_toml(&self) -> String {
        let mut out = String::from(
            "# The texts of messages. A kind that is left out keeps the text that came with the program. {plan_year} may stand\n\
             # in every text, {closes} in those of reminders (kinds that end in _closing).\n",
        );
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let label = |label: &Label| format!("{{ zh = {}, en = {} }}", quoted(&label.zh), quoted(&label.en));
        let MailWords { source, footer, daily_title, daily_intro } = &self.mail;
        let written = "a String takes all";
        writeln!(out, "\n[mail]\nsource = {}\nfooter = {}", quoted(source), quoted(footer)).expect(written);
        writeln!(out, "daily_title = {}\ndaily_intro = {}", quoted(daily_title), quoted(daily_intro)).expect(written);
        for (kind, (source, text)) in &self.texts {
            let kind = serde_json::to_string(kind).expect("a kind is a word");
            let (title, body) = (label(&text.title), label(&text.body));
            let source = quoted(source);
            writeln!(out, "\n[[notice]]\nkind = {kind}\nsource = {source}\ntitle = {title}\nbody = {body}")
                .expect(written);
        }
        out
    }
}

/// Puts what a file says into `texts`.
///
/// # Errors
/// What is wrong, and at which byte of the file.
pub(crate) fn read_notices(
    texts: &mut NoticeTexts,
    notices: Vec<RawNotice>,
    mail: Option<RawMailWords>,
) -> Result<(), (usize, String)> {
    for RawNotice { kind, source, title, body } in notices {
        let (at, kind) = (kind.span().start, kind.into_inner());
        let text = NoticeText { title, body };
        fault_of(kind, &text).map_or(Ok(()), |reason| Err((at, reason)))?;
        if texts.texts.insert(kind, (source, text)).is_some() {
            return Err((at, "this kind has a text already".to_owned()));
        }
    }
    let Some(RawMailWords { source, footer, daily_title, daily_intro }) = mail else { return Ok(()) };
    let at = source.span().start;
    if let Some(text) = [&footer, &daily_title, &daily_intro].into_iter().find(|text| text.contains('{')) {
        return Err((at, format!("nothing is filled into the words of mails: {text}")));
    }
    if daily_title.trim().is_empty() || daily_title.contains(['\r', '\n']) {
        return Err((at, "a title is one line".to_owned()));
    }
    texts.mail = MailWords { source: source.into_inner(), footer, daily_title, daily_intro };
    Ok(())
}

fn fault_of(kind: NoticeKind, text: &NoticeText) -> Option<String> {
    if kind == NoticeKind::Newer {
        return Some("there is no such kind of message".to_owned());
    }
    // A title is the subject of a mail, where a second line would be another header.
    if [&text.title.zh, &text.title.en].into_iter().any(|title| title.contains(['\r', '\n'])) {
        return Some("a title is one line".to_owned());
    }
    let all = [&text.title.zh, &text.title.en, &text.body.zh, &text.body.en];
    if all.into_iter().any(|text| text.trim().is_empty()) {
        return Some("a title and a body are needed in both languages".to_owned());
    }
    all.into_iter().find_map(|text| unknown_braces(kind, text))
}

/// The first thing in braces that this kind of message does not know.
fn unknown_braces(kind: NoticeKind, text: &str) -> Option<String> {
    let known = |rest: &str| kind.placeholders().iter().any(|name| rest.starts_with(name));
    let at = text.match_indices('{').map(|(at, _)| at).find(|at| !known(&text[*at..]))?;
    let name: String = text[at..].chars().take(30).take_while(|letter| !letter.is_whitespace()).collect();
    let end = name.find('}').map_or(name.len(), |end| end + 1);
    Some(format!("{} is not known here; there is {}", &name[..end], kind.placeholders().join(", ")))
}
