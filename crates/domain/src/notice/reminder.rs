//! Reminders before a window closes: which windows there are, and when somebody is reminded.

use crate::{
    policy::Window,
    time::{Timestamp, taipei_day, taipei_moment},
};
use chrono::{Days, NaiveTime};

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
