//! Conflicts of interest: who may not review a case (`workflows.md` A5, A11, A18; all derived).

use super::{Reviewer, Round, is_observation};
use crate::{
    case::Case,
    ids::{AccountId, CaseId},
    people::{Person, School},
    policy::Policy,
    time::PlanYear,
    workflow::{UnfitReviewer, certifying},
};
use std::collections::BTreeSet;

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

/// A case for which reviewers are sought, with what stands against some of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The case.
    pub case: CaseId,
    /// Its plan year.
    pub plan_year: PlanYear,
    /// The round.
    pub round: Round,
    /// So many reviewers the office asks for.
    pub wanted: usize,
    /// The 領域 of the observed lesson, as far as its subject tells.
    pub fields: BTreeSet<String>,
    owner: AccountId,
    school: School,
    peers: BTreeSet<String>,
    earlier: BTreeSet<AccountId>,
    written: BTreeSet<AccountId>,
}

impl Sought {
    /// What is sought for a case; none where its state knows no reviewers. The observed teacher is known by name only: whoever has
    /// the same name is taken for the same person.
    pub fn of(case: &Case, policy: &Policy) -> Option<Self> {
        let round = Round::of(case.state)?;
        let reviewing = &case.reviewing;
        let observed = || case.papers.iter().filter(|paper| is_observation(&paper.form.id));
        let peers = observed().map(|paper| paper.answers.text("teacher_name").trim().to_owned());
        let subjects = observed().map(|paper| paper.answers.text("subject"));
        let by = |of: &dyn Fn(Round) -> bool| {
            let sheets = reviewing.sheets.iter().filter(|sheet| sheet.round.is_some_and(of));
            sheets.filter_map(|sheet| sheet.by.as_ref()).map(|by| by.id).collect()
        };
        Some(Self {
            case: case.id,
            plan_year: case.plan_year,
            round,
            wanted: certifying(case).map_or(1, |how| how.reviewers_in(round)),
            fields: subjects.flat_map(|subject| super::pool::fields_of(subject, policy)).collect(),
            owner: case.owner.id,
            school: case.school.clone(),
            peers: peers.filter(|name| !name.is_empty()).collect(),
            earlier: by(&|other| other < round),
            written: by(&|other| other == round),
        })
    }

    /// What stands against this person as a reviewer of the case. A reviewer of the applicant's county is fine, and so is one of
    /// another.
    pub fn conflicts(&self, reviewer: &Reviewer) -> Vec<Conflict> {
        let Person { id, name } = &reviewer.person;
        let at_school = reviewer.school.as_ref().is_some_and(|school| school.code == self.school.code);
        [
            (self.owner == *id, Conflict::OwnCase),
            (at_school, Conflict::SameSchool),
            (self.peers.contains(name.trim()), Conflict::ObservedPeer),
            (self.earlier.contains(id), Conflict::EarlierRound),
        ]
        .into_iter()
        .filter_map(|(stands, conflict)| stands.then_some(conflict))
        .collect()
    }

    /// Why the person may not review the case; none: they may. Whoever has written already in this round stays its reviewer, even
    /// when they take no cases any more.
    pub fn unfit(&self, reviewer: &Reviewer) -> Option<Unfit> {
        let idle = !reviewer.active && !self.written.contains(&reviewer.person.id);
        let conflict = self.conflicts(reviewer).first().copied().map(Unfit::Conflict);
        conflict.or_else(|| idle.then_some(Unfit::Inactive))
    }
}

/// Why a person may not be named as the reviewer of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unfit {
    /// A conflict of interest.
    Conflict(Conflict),
    /// They take no cases now.
    Inactive,
    /// They are no reviewer.
    NotAReviewer,
    /// They are named twice.
    NamedTwice,
}

impl Unfit {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Conflict(conflict) => conflict.code(),
            Self::Inactive => "inactive",
            Self::NotAReviewer => "not_a_reviewer",
            Self::NamedTwice => "named_twice",
        }
    }
}

/// A person who was named as a reviewer, as the pool knows them; none: there is no such reviewer.
pub type Named = (Person, Option<Reviewer>);

/// Who among these may not review the case, each with the reason. In a state that knows no reviewers nobody is looked at.
pub fn unfit(case: &Case, named: &[Named], policy: &Policy) -> Vec<UnfitReviewer> {
    let Some(sought) = Sought::of(case, policy) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut why = |person: &Person, reviewer: Option<&Reviewer>| match reviewer {
        _ if !seen.insert(person.id) => Some(Unfit::NamedTwice),
        None => Some(Unfit::NotAReviewer),
        Some(reviewer) => sought.unfit(reviewer),
    };
    let unfit = |(person, reviewer): &Named| {
        let why = why(person, reviewer.as_ref())?.code().to_owned();
        Some(UnfitReviewer { person: person.clone(), why })
    };
    named.iter().filter_map(unfit).collect()
}
