//! Counters for `/metrics`, in Prometheus' text format. Routes and codes only: no ids, no people.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Upper ends of the buckets of request times, in seconds.
const BUCKETS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, Default)]
struct Times {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

#[derive(Debug, Default)]
struct Counts {
    requests: BTreeMap<(String, String, u16), u64>,
    times: BTreeMap<String, Times>,
    refusals: BTreeMap<&'static str, u64>,
    mails: BTreeMap<&'static str, u64>,
}

/// What was counted since the start.
#[derive(Debug, Default)]
pub struct Metrics(Mutex<Counts>);

impl Metrics {
    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an answered request of a route.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let mut counts = self.counts();
        *counts.requests.entry((method.to_owned(), route.to_owned(), status)).or_default() += 1;
        let times = counts.times.entry(route.to_owned()).or_default();
        let seconds = took.as_secs_f64();
        times.count += 1;
        times.seconds += seconds;
        for (bucket, end) in times.buckets.iter_mut().zip(BUCKETS) {
            *bucket += u64::from(seconds <= end);
        }
    }

    /// Counts a refusal.
    pub fn refused(&self, code: &'static str) {
        *self.counts().refusals.entry(code).or_default() += 1;
    }

    /// Counts a try to send a mail: `sent`, `failed` or `postponed`.
    pub fn mail(&self, outcome: &'static str) {
        *self.counts().mails.entry(outcome).or_default() += 1;
    }

    /// Everything as text.
    pub fn text(&self) -> String {
        let counts = self.counts();
        let mut out = String::from(
            "# HELP proteacher_requests_total Answered requests.\n# TYPE proteacher_requests_total counter\n",
        );
        let written = "a String takes all";
        for ((method, route, status), count) in &counts.requests {
            writeln!(
                out,
                "proteacher_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
            )
            .expect(written);
        }
        out.push_str(
            "# HELP proteacher_request_seconds Time until the answer.\n# TYPE proteacher_request_seconds histogram\n",
        );
        for (route, times) in &counts.times {
            for (bucket, end) in times.buckets.iter().zip(BUCKETS) {
                writeln!(out, "proteacher_request_seconds_bucket{{route=\"{route}\",le=\"{end}\"}} {bucket}")
                    .expect(written);
            }
            let Times { count, seconds, .. } = times;
            writeln!(out, "proteacher_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {count}").expect(written);
            writeln!(out, "proteacher_request_seconds_sum{{route=\"{route}\"}} {seconds}").expect(written);
            writeln!(out, "proteacher_request_seconds_count{{route=\"{route}\"}} {count}").expect(written);
        }
        out.push_str("# HELP proteacher_refusals_total Refusals by code.\n# TYPE proteacher_refusals_total counter\n");
        for (code, count) in &counts.refusals {
            writeln!(out, "proteacher_refusals_total{{code=\"{code}\"}} {count}").expect(written);
        }
        out.push_str("# HELP proteacher_mails_total Tries to send a mail.\n# TYPE proteacher_mails_total counter\n");
        for outcome in ["sent", "failed", "postponed"] {
            let count = counts.mails.get(outcome).copied().unwrap_or_default();
            writeln!(out, "proteacher_mails_total{{outcome=\"{outcome}\"}} {count}").expect(written);
        }
        out
    }
}

/// How many mails wait and how many failed, as the queue has them, in the same format.
pub fn mails(waiting: u32, failed: u32) -> String {
    format!(
        "# HELP proteacher_mails Mails in the queue.\n# TYPE proteacher_mails gauge\n\
         proteacher_mails{{state=\"waiting\"}} {waiting}\nproteacher_mails{{state=\"failed\"}} {failed}\n"
    )
}
