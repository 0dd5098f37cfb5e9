//! The versions of a paper that were sent, as the events of its case tell, and which of them somebody saw before.

use crate::{
    case::{Case, Deed, Event, SentPaper},
    certification::hide_events,
    form::FormId,
    people::{Actor, Person, Role},
    remark::Remarks,
    steps::may_know,
    workflow::Sight,
};

impl Deed {
    /// The papers that were sent with it.
    pub fn papers(&self) -> &[SentPaper] {
        match self {
            Self::Submitted { papers }
            | Self::ReportSent { papers }
            | Self::ConvenerCorrected { papers }
            | Self::Sent { papers }
            | Self::Resubmitted { papers }
            | Self::Appealed { papers } => papers,
            _ => &[],
        }
    }
}

/// The events as far as `actor` may see them: who sees the row sees what happened when; the papers, and names beyond the row's,
/// only who sees the papers. Whoever may not be known is nobody: an id tells who did the same elsewhere.
pub fn seen_events(mut events: Vec<Event>, case: &Case, sight: Sight, actor: &Actor) -> Vec<Event> {
    if sight == Sight::Nothing {
        return Vec::new();
    }
    hide_events(&mut events, case, actor);
    let owner = &case.owner;
    for event in &mut events {
        if !may_know(&event.by.person, event.by.role, owner, sight, actor) {
            event.by.person = Person::nobody();
        }
        if sight >= Sight::Papers {
            continue;
        }
        event.remarks = Remarks::default();
        match &mut event.deed {
            Deed::Submitted { papers }
            | Deed::ReportSent { papers }
            | Deed::ConvenerCorrected { papers }
            | Deed::Sent { papers }
            | Deed::Resubmitted { papers }
            | Deed::Appealed { papers } => papers.clear(),
            Deed::Imported { carried } => carried.clear(),
            Deed::ConvenerChanged { to, consent } => {
                consent.clear();
                if !may_know(to, Role::Teacher, owner, sight, actor) {
                    *to = Person::nobody();
                }
            }
            _ => {}
        }
    }
    events
}

/// The events that sent this form, oldest first.
pub fn versions<'a>(
    events: &'a [Event],
    form: &'a FormId,
) -> impl DoubleEndedIterator<Item = (&'a Event, &'a SentPaper)> {
    events
        .iter()
        .filter_map(move |event| Some((event, event.deed.papers().iter().find(|paper| paper.form.id == *form)?)))
}

/// The number of the event that sent what `part` had before them when they last judged; when they have not judged yet, of the
/// version before the newest. None: there is nothing to compare the newest version with.
pub fn compare_from(events: &[Event], form: &FormId, part: Role) -> Option<u32> {
    let sent: Vec<u32> = versions(events, form).map(|(event, _)| event.seq).collect();
    let (newest, before) = sent.split_last()?;
    let judged = events
        .iter()
        .rfind(|event| event.seq < *newest && event.by.role.part() == part.part() && event.deed.papers().is_empty());
    // The convener judges nothing: what they did in between were acts of their own.
    let judged = judged.filter(|_| part.part() != Role::Teacher);
    let seen = judged.and_then(|judged| before.iter().rfind(|seq| **seq < judged.seq));
    seen.or(before.last()).copied()
}
