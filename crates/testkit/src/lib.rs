//! For tests: a service on a port of its own with the demo people, a clock that is set by hand, a line that can be cut, sample
//! answers and papers, a caller that speaks HTTP, and a mail server. Never part of a program that people use.

mod caller;
mod clock;
mod fill;
mod line;
mod mail;
mod papers;
mod record;
mod server;
pub mod stamping;

pub use caller::{Answer, Caller};
pub use clock::FakeClock;
pub use fill::{Spread, fill, fill_ready, fill_sent};
pub use line::Line;
pub use mail::{MailServer, TakenMail};
pub use papers::{form_ref, form_review_that_passes, paper, paper_of_year, pdf, person, photo, sample};
pub use record::qualify;
pub use server::TestServer;
