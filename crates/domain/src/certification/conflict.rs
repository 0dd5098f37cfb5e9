//! Conflicts of interest: who may not review a case (`workflows.md` A5, A11, A18; all derived).

use super::Round;
use crate::{case::Case, people::Actor};

/// The papers on which another teacher is named whose lesson was observed.
const OF_THE_PEER: [&str; 3] = ["pre_conference_", "obs_", "post_conference_"];

/// Why somebody may not review a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Conflict {
    /// It is their own case.
    OwnCase,
    /// They work at the applicant's school.
    SameSchool,
    /// They are the teacher whose lesson was observed.
    ObservedPeer,
    /// They reviewed it in an earlier round.
    EarlierRound,
}

impl Conflict {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnCase => "own_case",
            Self::SameSchool => "same_school",
            Self::ObservedPeer => "observed_peer",
            Self::EarlierRound => "earlier_round",
        }
    }
}

/// What stands against this person as a reviewer of the case in its present round. The peer is known by name only: whoever has
/// the same name is taken for the same person.
pub fn conflicts(case: &Case, reviewer: &Actor) -> Vec<Conflict> {
    let id = reviewer.person.id;
    let name = reviewer.person.name.trim();
    let of_peer = |form: &str| OF_THE_PEER.iter().any(|prefix| form.starts_with(prefix));
    let mut papers = case.papers.iter().filter(|paper| of_peer(paper.form.id.as_str()));
    let round = Round::of(case.state);
    let earlier = |other: Round| round.is_some_and(|round| other < round);
    [
        (case.owner.id == id, Conflict::OwnCase),
        (reviewer.is_at(&case.school), Conflict::SameSchool),
        (papers.any(|paper| paper.answers.text("teacher_name").trim() == name), Conflict::ObservedPeer),
        (
            Round::ALL.into_iter().any(|other| earlier(other) && case.reviewing.has_written(other, id)),
            Conflict::EarlierRound,
        ),
    ]
    .into_iter()
    .filter_map(|(stands, conflict)| stands.then_some(conflict))
    .collect()
}
