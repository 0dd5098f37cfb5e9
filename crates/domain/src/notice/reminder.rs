//! Reminders before a window closes: which windows there are, and when somebody is reminded.

use crate::{
    policy::{Policy, Window},
    time::{Timestamp, taipei_day, taipei_moment},
};
use chrono::{Days, NaiveTime};

/// What has to be done before a window closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// Applications are sent, and checked by the school.
    Apply,
    /// Reports are sent.
    Report,
}

impl Deadline {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Apply, Self::Report];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Report => "report",
        }
    }
}

/// The window of a deadline in a county's rules; none: it does not close.
pub fn window_of(policy: &Policy, deadline: Deadline) -> Option<Window> {
    match deadline {
        Deadline::Apply => policy.apply_window,
        // The date of the report is the county's (`workflows.md` §8); no county's rules have one.
        Deadline::Report => None,
    }
}

/// The reminder whose moment has come: how many days before the end it is for. `marks` are the days before the end on which
/// somebody is reminded, at `hour` o'clock in Taipei. Where several moments have passed, it is the last of them; outside the
/// window it is none.
pub fn due_mark(window: &Window, marks: &[u16], hour: u8, now: Timestamp) -> Option<u16> {
    let time = NaiveTime::from_hms_opt(hour.into(), 0, 0)?;
    let last_day = taipei_day(window.to);
    let has_come = |mark: u16| {
        let day = last_day.checked_sub_days(Days::new(mark.into()));
        day.is_some_and(|day| taipei_moment(day, time) <= now)
    };
    marks.iter().copied().filter(|mark| window.contains(now) && has_come(*mark)).min()
}
