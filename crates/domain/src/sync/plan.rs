//! The plan of one run of sync. Pure: every situation is a row of a test table.

use crate::{
    form::FormId,
    ids::{BlobHash, CaseId, EventId},
};
use std::collections::BTreeSet;

/// An act that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedAct {
    /// The act.
    pub event: EventId,
    /// It opens the case.
    pub opens: bool,
    /// The papers can be edited after it, which they may not have been before.
    pub reopens: bool,
    /// The files it needs at the service.
    pub blobs: Vec<BlobHash>,
    /// The service refused it; it waits for a person, and so does what comes after it in the same case.
    pub refused: bool,
}

/// A case on this computer that has something to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHead {
    /// The case.
    pub case: CaseId,
    /// The service knows it.
    pub known: bool,
    /// Drafts that differ from what the service has, and have no unsettled clash.
    pub changed_drafts: Vec<FormId>,
    /// Its acts, oldest first.
    pub queued: Vec<QueuedAct>,
}

/// Where this computer stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heads {
    /// Cases with something to send.
    pub cases: Vec<CaseHead>,
    /// Files the service is known to hold.
    pub blobs_there: BTreeSet<BlobHash>,
}

/// So many acts go together at most.
pub const MOST_ACTS: usize = 500;

impl CaseHead {
    /// The one act that is everything this case has to send; it needs no file. Such acts of many cases can go together.
    fn lone_act(&self) -> Option<EventId> {
        match self.queued.as_slice() {
            [act] if self.known && self.changed_drafts.is_empty() && !act.refused && act.blobs.is_empty() => {
                Some(act.event)
            }
            _ => None,
        }
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send a file, from wherever the service has got to.
    PutBlob(BlobHash),
    /// Send an act.
    PushAct(CaseId, EventId),
    /// Send acts of different cases together.
    PushActs(Vec<(CaseId, EventId)>),
    /// Send the changed fields of a draft.
    PushDraft(CaseId, FormId),
    /// Ask what is new.
    PullChanges,
}

/// The steps, in order: acts that are all their cases have to send, together; for each other case its opening, its drafts, then
/// every act behind its files; at the end what is new. Where an act lets the papers be edited again, the drafts follow it, because
/// before it the service would not take them.
/// A case whose opening was refused sends nothing; an act behind a refused one waits.
pub fn plan(heads: &Heads) -> Vec<Step> {
    let mut there = heads.blobs_there.clone();
    let mut steps = Vec::new();
    let lone = |head: &CaseHead| head.lone_act().map(|event| (head.case, event));
    let together: Vec<(CaseId, EventId)> = heads.cases.iter().filter_map(lone).collect();
    // A single one goes its usual way.
    let together = if together.len() > 1 { together } else { Vec::new() };
    steps.extend(together.chunks(MOST_ACTS).map(|acts| Step::PushActs(acts.to_vec())));
    let alone = |head: &&CaseHead| together.is_empty() || head.lone_act().is_none();
    for head in heads.cases.iter().filter(alone) {
        let mut known = head.known;
        let mut drafts = head.changed_drafts.iter().map(|form| Step::PushDraft(head.case, form.clone()));
        let reopens = head.queued.iter().any(|act| act.reopens && !act.refused);
        if known && !reopens {
            steps.extend(drafts.by_ref());
        }
        for act in &head.queued {
            // Before the case is known, only its opening can be taken.
            if act.refused || !(known || act.opens) {
                break;
            }
            for blob in &act.blobs {
                if there.insert(blob.clone()) {
                    steps.push(Step::PutBlob(blob.clone()));
                }
            }
            steps.push(Step::PushAct(head.case, act.event));
            known |= act.opens;
            if act.reopens || (act.opens && !reopens) {
                steps.extend(drafts.by_ref());
            }
        }
    }
    steps.push(Step::PullChanges);
    steps
}
