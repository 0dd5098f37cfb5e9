//! Until when an act has to arrive: the service's receipt decides, so a person is told before (`workflows.md` §8).

use chrono::TimeDelta;
use domain::{
    case::Case,
    people::Role,
    policy::{Policy, WindowKind},
    time::Timestamp,
    workflow::{Action, Allowed, Workflow},
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
    let table = Workflow::of(case.process);
    let at = |window: WindowKind, waiting| {
        let to = policy.windows.get(&window)?.to;
        Some(Closing { window, to, waiting, over: to < now })
    };
    let queued = waiting.iter().filter(|item| item.refused.is_none()).find_map(|item| {
        let action = item.body.get("action").and_then(|code| code.as_str()).and_then(Action::from_code);
        let window =
            if item.opens { Some(WindowKind::Apply) } else { table.window_of(action?, item.predicted.by.role) };
        at(window?, true)
    });
    let soon = |act: &Allowed| {
        let found = at(table.window_of(act.action, role)?, false)?;
        (!found.over && found.to - now <= SOON).then_some(found)
    };
    queued.or_else(|| allowed.iter().find_map(soon))
}
