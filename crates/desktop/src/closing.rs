//! Until when an act has to arrive: the service's receipt decides, so a person is told before (`workflows.md` §8).

use chrono::TimeDelta;
use domain::{
    case::{Case, Process},
    people::Role,
    policy::{Policy, WindowKind},
    time::Timestamp,
    workflow::{Action, Allowed, Workflow, certifying},
};
use store::OutboxItem;
use wire::rules::Closing;

/// So long before its end a window is spoken of where nothing waits.
const SOON: TimeDelta = TimeDelta::days(7);

/// The window of the act that waits to be sent; else of the act that can be done now, when it closes soon.
pub(crate) fn closing(
    case: &Case,
    waiting: &[OutboxItem],
    allowed: &[Allowed],
    role: Role,
    policy: &Policy,
    now: Timestamp,
) -> Option<Closing> {
    let (table, how) = (Workflow::of(case.process), certifying(case));
    let at = |window: WindowKind, waiting| {
        let to = policy.windows.get(&window)?.to;
        Some(Closing { window, to, waiting, over: to < now })
    };
    let queued = waiting.iter().filter(|item| item.refused.is_none()).find_map(|item| {
        let action = item.body.get("action").and_then(|code| code.as_str()).and_then(Action::from_code);
        let window = if item.opens { opening(case) } else { table.window_of(action?, item.predicted.by.role, how) };
        at(window?, true)
    });
    let soon = |act: &Allowed| {
        let found = at(table.window_of(act.action, role, how)?, false)?;
        (!found.over && found.to - now <= SOON).then_some(found)
    };
    queued.or_else(|| allowed.iter().find_map(soon))
}

/// The window within which such a case is opened.
fn opening(case: &Case) -> Option<WindowKind> {
    match case.process {
        Process::Plc => Some(WindowKind::Apply),
        Process::Advanced => Some(WindowKind::Certify),
        Process::Summary => None,
    }
}
