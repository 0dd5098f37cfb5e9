//! The papers of the two processes in the order of the office's list.

use crate::form::{FormId, Label};
use std::sync::LazyLock;

/// 教師專業學習社群, then 進階專業回饋人才認證 in the order of its 表件清單 (`forms.md` §2, §3.2).
const ORDER: [(&str, Group); 22] = [
    ("plc_application", Group::Plc),
    ("plc_budget", Group::Plc),
    ("plc_summary", Group::Plc),
    ("plc_report", Group::Plc),
    ("open_class_proof", Group::Advanced),
    ("plc_participation_proof", Group::Advanced),
    ("pre_conference_a", Group::Advanced),
    ("pre_conference_b", Group::Advanced),
    ("obs_std105", Group::Advanced),
    ("obs_std101", Group::Advanced),
    ("obs_anecdotal", Group::Advanced),
    ("obs_verbal_flow", Group::Advanced),
    ("obs_at_task", Group::Advanced),
    ("obs_movement", Group::Advanced),
    ("obs_flanders", Group::Advanced),
    ("obs_verbatim", Group::Advanced),
    ("post_conference_a", Group::Advanced),
    ("post_conference_b", Group::Advanced),
    ("adv_checklist", Group::Advanced),
    ("adv_form_review", Group::Advanced),
    ("adv_review", Group::Advanced),
    ("adv_appeal", Group::Advanced),
];

#[derive(Clone, Copy)]
enum Group {
    Plc,
    Advanced,
}

/// Where a form stands in the list; forms that are not in it come last.
pub fn papers_place(form: &FormId) -> usize {
    ORDER.iter().position(|(id, _)| *id == form.as_str()).unwrap_or(ORDER.len())
}

/// The process a form is a paper of, in words.
pub fn papers_group(form: &FormId) -> &'static Label {
    static NAMES: LazyLock<[Label; 2]> = LazyLock::new(|| {
        let label = |zh: &str, en: &str| Label { zh: zh.to_owned(), en: en.to_owned() };
        [
            label("教師專業學習社群", "Professional learning communities"),
            label("進階專業回饋人才認證", "Advanced certification for professional feedback"),
        ]
    });
    match ORDER.get(papers_place(form)) {
        Some((_, Group::Plc)) => &NAMES[0],
        _ => &NAMES[1],
    }
}

/// The ids of all forms in their order.
pub fn papers_listed() -> impl Iterator<Item = &'static str> {
    ORDER.iter().map(|(id, _)| *id)
}
