//! Answers in words, for people without `--json`.

use desktop::FormEntry;
use std::fmt::Write as _;
use wire::{
    Failure,
    views::{CaseRow, CaseView, Delivery, PaperStatus},
};

pub(crate) fn forms(forms: &[FormEntry]) -> String {
    let lines: Vec<String> =
        forms.iter().map(|form| format!("{}  v{}  {}", form.id, form.version, form.title)).collect();
    lines.join("\n")
}

pub(crate) fn problems(problems: &[wire::Problem]) -> String {
    if problems.is_empty() {
        return "完成".to_owned();
    }
    let line = |problem: &wire::Problem| {
        let params = serde_json::to_string(&problem.params).unwrap_or_default();
        let level = if problem.level == wire::Level::Warning { "提醒" } else { "問題" };
        format!("{level}  {}  {}  {params}", problem.field, problem.code)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn cases(rows: &[CaseRow]) -> String {
    let line =
        |row: &CaseRow| format!("{}  {}  {}  {}  {}", row.id, row.plan_year, row.owner, row.state_label, row.title);
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn case(view: &CaseView) -> String {
    let mut out = format!("{}  {}  {}（{}）", view.id, view.owner.name, view.state_label, delivery(&view.delivery));
    if let Some(reason) = &view.reason {
        write!(out, "\n原因訊息：{reason}").expect("a String takes all");
    }
    for paper in &view.papers {
        write!(out, "\n{}：{}", paper.name.zh, status(&paper.status)).expect("a String takes all");
    }
    for allowed in &view.allowed {
        let missing = serde_json::to_string(&allowed.missing).unwrap_or_default();
        write!(out, "\n可以：{} {missing}", allowed.action.code()).expect("a String takes all");
    }
    out
}

pub(crate) fn failure(failure: &Failure) -> String {
    let params = serde_json::to_string(&failure.params).unwrap_or_default();
    format!("{} {params} {}", failure.code, failure.message)
}

fn delivery(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Local => "只在這台電腦".to_owned(),
        Delivery::Queued => "尚未送達".to_owned(),
        Delivery::Accepted { .. } => "已送達".to_owned(),
        Delivery::Refused { failure } => format!("未被接受：{}", failure.code),
    }
}

fn status(status: &PaperStatus) -> String {
    match status {
        PaperStatus::Empty => "新增".to_owned(),
        PaperStatus::Unfinished { problems } => format!("還有 {problems} 處未填"),
        PaperStatus::ToPrint => "待列印核章".to_owned(),
        PaperStatus::ToScan => "已列印，尚未掃描".to_owned(),
        PaperStatus::PrintAgain => "內容已更動，請重新列印".to_owned(),
        PaperStatus::ToEnclose { name } => format!("尚未上傳{}", name.zh),
        PaperStatus::StampsDoubtful { cells } => format!("掃描的章看起來是空的：{}", cells.join("、")),
        PaperStatus::Ready => "完成".to_owned(),
        PaperStatus::ToCorrect => "召集人資料待更正".to_owned(),
        PaperStatus::Corrected => "召集人資料已更正，尚未送出".to_owned(),
        PaperStatus::NotNeeded => "不需要".to_owned(),
        PaperStatus::Sent => "已送出".to_owned(),
    }
}
