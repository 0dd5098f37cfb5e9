//! A clock that stands still until it is moved.

use chrono::{TimeDelta, TimeZone as _, Utc};
use domain::time::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Milliseconds since 1970, shared with whoever asks for the time.
#[derive(Debug, Clone)]
pub struct FakeClock(Arc<AtomicI64>);

impl Default for FakeClock {
    /// A Wednesday of spring 2022, noon in Taipei: applications for plan year 111 are open everywhere.
    fn default() -> Self {
        let noon = Utc.with_ymd_and_hms(2022, 4, 27, 4, 0, 0).single().expect("this moment exists once");
        Self(Arc::new(AtomicI64::new(noon.timestamp_millis())))
    }
}

impl FakeClock {
    /// What it shows.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_millis(self.0.load(Ordering::SeqCst)).expect("it was set to a moment")
    }

    /// Sets it.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves it on, or back.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}
