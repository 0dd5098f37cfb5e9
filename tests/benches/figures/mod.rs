//! How benchmarks write down what they measured: quantiles of times, and one line for every figure that has a limit. They
//! tell and never fail: a busy machine makes a figure worse, not the program wrong.

use std::ops::{Bound, RangeBounds};
use std::time::Instant;

/// Milliseconds since `start`.
pub(crate) fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// The time below which this share of `times` lies; 0 when there are none.
pub(crate) fn quantile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// Prints how `times`, in milliseconds, spread.
pub(crate) fn spread(name: &str, times: &[f64]) {
    let [least, median, late, most] = [0.0, 0.5, 0.99, 1.0].map(|share| shown(quantile(times, share)));
    println!("{name}: {} times; ms: min {least}, median {median}, p99 {late}, max {most}", times.len());
}

/// Prints a figure beside its limit: `..=5.0` is at most, `0.6..` at least.
pub(crate) fn verdict(name: &str, value: f64, unit: &str, limit: impl RangeBounds<f64>) {
    let (bound, word) = match (limit.start_bound(), limit.end_bound()) {
        (_, Bound::Included(most) | Bound::Excluded(most)) => (*most, "over"),
        (Bound::Included(least) | Bound::Excluded(least), Bound::Unbounded) => (*least, "under"),
        (Bound::Unbounded, Bound::Unbounded) => (f64::NAN, "over"),
    };
    // Beside a limit of none, the figure is its own ratio.
    let ratio = shown(if bound == 0.0 { value } else { value / bound });
    let kept = limit.contains(&value);
    let word = if kept { "ok" } else { word };
    println!("{name}: {} {unit} (limit {}, ratio {ratio}) {word}", shown(value), shown(bound));
}

/// Three digits that say something, whatever the size.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}
