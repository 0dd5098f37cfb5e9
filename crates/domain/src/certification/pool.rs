//! The pool of reviewers (審查委員), and who of them could review which case: a proposal for 分發委員 that an office changes as it
//! likes (`workflows.md` A5, A11, A18, §6.3; how it is shared out is derived). It is fair, and the same whoever asks for it.

use super::{Round, Sought, sharing::Sharing};
use crate::{
    ids::{AccountId, CaseId},
    people::{Actor, Person, Role, School},
    policy::Policy,
    time::PlanYear,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The policy list of 領域 (`policy/review.toml`).
pub const FIELDS: &str = "review_fields";

/// A reviewer as the pool knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Reviewer {
    /// Who.
    pub person: Person,
    /// Their county; none: they work for the nation.
    pub county: Option<String>,
    /// Their school: they review nobody who works there.
    pub school: Option<School>,
    /// 領域 in which they are at home, by the labels of [`FIELDS`].
    pub fields: Vec<String>,
    /// They take cases now.
    pub active: bool,
    /// So many cases they take in a round; none: as many as come.
    pub most: Option<u16>,
}

impl Reviewer {
    /// A reviewer of whom nothing but the account is known.
    pub fn unknown(person: Person, county: Option<String>, school: Option<School>) -> Self {
        Self { person, county, school, fields: Vec::new(), active: true, most: None }
    }

    /// Whether this office keeps what the pool knows of them: the platform everybody, a county its own (derived).
    pub fn is_kept_by(&self, actor: &Actor) -> bool {
        match actor.role {
            Role::Platform => true,
            Role::County => self.county.is_some() && self.county == actor.county,
            Role::Teacher | Role::Principal | Role::School | Role::Reviewer | Role::Ministry => false,
        }
    }

    /// Whether every 領域 of theirs is one of the list, and there once.
    pub fn has_known_fields(&self, policy: &Policy) -> bool {
        let listed = |field: &String| policy.list(FIELDS).iter().any(|known| known.zh == *field);
        let distinct: BTreeSet<&String> = self.fields.iter().collect();
        distinct.len() == self.fields.len() && self.fields.iter().all(listed)
    }
}

/// The 領域 a subject belongs to, as it is written on a paper.
pub(super) fn fields_of<'a>(subject: &str, policy: &'a Policy) -> impl Iterator<Item = String> + use<'a> {
    let subject = subject.trim().to_owned();
    let fits = move |words: &str| words.split('、').any(|word| !word.is_empty() && subject.contains(word));
    policy.list(FIELDS).iter().filter_map(move |field| {
        let help = field.help.as_ref().is_some_and(|help| fits(&help.zh));
        (help || fits(&field.zh)).then(|| field.zh.clone())
    })
}

/// How many cases each reviewer was asked to review in a round of a plan year, written or not.
pub type Loads = BTreeMap<(AccountId, PlanYear, Round), u32>;

/// A reviewer who is proposed for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Proposed {
    /// Who.
    pub person: Person,
    /// Their county.
    pub county: Option<String>,
    /// Cases they will have been asked to review in this round, with all that is proposed here.
    pub load: u32,
    /// The lesson is of a 領域 in which they are at home.
    pub at_home: bool,
}

/// What stands in the way of a further reviewer for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Obstacle {
    /// The code of [`Unfit`], or `full`: they have as many cases as they take.
    pub why: String,
    /// For so many of the pool.
    pub reviewers: u32,
}

/// Who could review a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Proposal {
    /// The case.
    pub case: CaseId,
    /// The round.
    pub round: Round,
    /// The reviewers, none of them with a conflict of interest.
    pub reviewers: Vec<Proposed>,
    /// So many more the office asks for.
    pub missing: u32,
    /// Why there are no more; empty where nobody is missing, or where the pool has nobody else.
    pub obstacles: Vec<Obstacle>,
}

/// Proposes reviewers for cases: never one who is unfit or has as many as they take; as many of the wanted ones as can be had at
/// all; and so that no exchange would share the cases out more evenly. Among those who have equally few: from a county that the
/// case has no reviewer of yet, then at home in the lesson's 領域, then by id. Answers in the order of the cases.
///
/// Cases are given out one after the other, and re-arranged along exchanges where that was not the best: a reviewer gives a case to
/// another, who gives one to a third (Harvey, Ladner, Lovász, Tamir, “Semi-matchings for bipartite graphs and load balancing”,
/// Journal of Algorithms 59, 2006).
pub fn propose(cases: &[Sought], reviewers: &[Reviewer], loads: &Loads) -> Vec<Proposal> {
    let mut pool: Vec<&Reviewer> = reviewers.iter().collect();
    pool.sort_by_key(|reviewer| reviewer.person.id);
    pool.dedup_by_key(|reviewer| reviewer.person.id);
    let rounds: BTreeSet<(PlanYear, Round)> = cases.iter().map(|case| (case.plan_year, case.round)).collect();
    let mut proposals = BTreeMap::new();
    for (year, round) in rounds {
        // In the order of their ids, so that it does not matter in which order they are named.
        let of_round = |case: &&Sought| (case.plan_year, case.round) == (year, round);
        let cases: BTreeMap<CaseId, &Sought> = cases.iter().filter(of_round).map(|case| (case.case, case)).collect();
        let mut sharing =
            Sharing::of(cases.into_values().collect(), &pool, |id| loads.get(&(id, year, round)).copied().unwrap_or(0));
        sharing.give_out();
        sharing.even_out();
        proposals.extend(sharing.proposals().map(|proposal| (proposal.case, proposal)));
    }
    cases.iter().filter_map(|case| proposals.remove(&case.case)).collect()
}
