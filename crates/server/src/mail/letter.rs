//! What a mail says: the office's words and nothing of a person.

use domain::{
    form::{Label, Packs},
    notice::{About, NoticeKind, NoticeText, NoticeTexts},
    time::{Timestamp, roc_date, taipei_day},
};

/// A mail's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Gives messages their words, and says whether they go out as mail too.
#[derive(Debug, Clone)]
pub struct PostOffice {
    texts: NoticeTexts,
    sends: bool,
}

impl Default for PostOffice {
    /// With the program's own texts, and no mail.
    fn default() -> Self {
        Self::new(Packs::built_in().notices().clone(), false)
    }
}

impl PostOffice {
    /// With these texts.
    pub fn new(texts: NoticeTexts, sends: bool) -> Self {
        Self { texts, sends }
    }

    /// Whether mails are sent at all.
    pub fn sends(&self) -> bool {
        self.sends
    }

    /// The words of a message.
    pub fn words(&self, kind: NoticeKind, about: &About) -> NoticeText {
        let nothing = || Label { zh: String::new(), en: String::new() };
        self.texts.get(kind).map_or_else(|| NoticeText { title: nothing(), body: nothing() }, |text| text.filled(about))
    }

    /// The mail for a message.
    pub fn letter(&self, words: &NoticeText) -> Letter {
        Letter { subject: words.title.zh.clone(), body: self.closed(&words.body.zh) }
    }

    /// The mail that tells a day's messages by their titles.
    pub fn daily_letter(&self, unread: &[(NoticeText, Timestamp)]) -> Letter {
        let line =
            |(words, at): &(NoticeText, Timestamp)| format!("・{} {}", roc_date(taipei_day(*at)), words.title.zh);
        let lines: Vec<String> = unread.iter().map(line).collect();
        let mail = self.texts.mail();
        let body = format!("{}\n\n{}", mail.daily_intro.trim(), lines.join("\n"));
        Letter { subject: mail.daily_title.clone(), body: self.closed(&body) }
    }

    fn closed(&self, text: &str) -> String {
        format!("{}\n\n{}\n", text.trim(), self.texts.mail().footer.trim())
    }
}
