//! Hints that a county may take strictly, and checks that only a county's rules ask for.

use super::FormId;

/// The hints on the papers of a 社群 that a county can make errors of, in the order of the papers.
pub const COUNTY_HINTS: &[&str] = &[
    "schedule_lesson_cycle",
    "schedule_results_shared",
    "schedule_each_semester",
    "enough_members",
    "enough_sessions",
    "printing_over",
    "total_over",
    "level_total_over",
    "school_total_over",
];

/// Checks that no pack names, by form: a county's ceiling holds whichever version of the form is filled in.
pub const COUNTY_CHECKS: &[(&str, &str)] = &[("plc_summary", "school_total_over")];

pub(super) fn county_checks(form: &FormId) -> impl Iterator<Item = &str> {
    COUNTY_CHECKS.iter().filter(|(id, _)| *id == form.as_str()).map(|(_, check)| *check)
}
