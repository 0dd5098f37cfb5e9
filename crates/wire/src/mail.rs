//! How a person wants to hear of messages by mail: the same words for the window and for HTTP.

use domain::notice::MailWish;
use serde::{Deserialize, Serialize};

/// What a person chose; `PUT /v1/me/mail` and `mail_choose`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailChoice {
    /// Mails for messages.
    pub mail: MailWish,
    /// They are reminded before a window closes, in the program and by mail as chosen.
    pub reminders: bool,
}

/// What holds for a person now; the answer to `GET` and `PUT /v1/me/mail`, `mail_choice` and `mail_choose`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MailView {
    /// What they chose, or what everybody has who did not choose.
    pub choice: MailChoice,
    /// Where mails go; none: no address is known.
    pub address: Option<String>,
    /// The service sends mails at all.
    pub sends: bool,
    /// The hour of the day, in Taipei, at which the daily mail and reminders go out.
    pub hour: u8,
}
