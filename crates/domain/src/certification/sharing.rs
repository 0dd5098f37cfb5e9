//! How the cases of one round are shared out among the pool: given out one after the other, and re-arranged along exchanges until
//! no exchange makes it more even. Cases and reviewers go by their places in the two lists.

use super::{Obstacle, Proposal, Proposed, Reviewer, Sought};
use crate::ids::AccountId;
use std::collections::{BTreeMap, BTreeSet};

/// The cases of one round while they are shared out.
pub(super) struct Sharing<'a> {
    cases: Vec<&'a Sought>,
    pool: &'a [&'a Reviewer],
    /// Who may review each case.
    fit: Vec<Places>,
    /// For each case, who is at home in its 領域.
    at_home: Vec<Places>,
    /// The county of each reviewer, as a number.
    county: Vec<usize>,
    /// Who is proposed for each case.
    given: Vec<Places>,
    /// The cases of each reviewer.
    has: Vec<BTreeSet<usize>>,
    load: Vec<u32>,
}

/// One step of an exchange: the case passes to a reviewer, from another where somebody had it.
#[derive(Debug, Clone, Copy)]
struct Step {
    case: usize,
    from: Option<usize>,
    to: usize,
}

/// Over which step each reviewer was reached; none: it began with them.
type Came = BTreeMap<usize, Option<Step>>;

impl<'a> Sharing<'a> {
    /// Nothing is given yet. `load` is what each reviewer has from before.
    pub(super) fn of(cases: Vec<&'a Sought>, pool: &'a [&'a Reviewer], load: impl Fn(AccountId) -> u32) -> Self {
        let those = |which: &dyn Fn(&Reviewer) -> bool| -> Places {
            let reviewers = pool.iter().enumerate().filter(|(_, reviewer)| which(reviewer));
            reviewers.map(|(place, _)| place).collect()
        };
        let mut of_field: BTreeMap<&str, Places> = BTreeMap::new();
        for field in cases.iter().flat_map(|case| &case.fields) {
            of_field.entry(field).or_insert_with(|| those(&|reviewer| reviewer.fields.contains(field)));
        }
        let at_home = |case: &&Sought| case.fields.iter().flat_map(|field| of_field[field.as_str()].iter()).collect();
        let mut counties = BTreeMap::new();
        let mut number = |reviewer: &&Reviewer| {
            let next = counties.len();
            *counties.entry(reviewer.county.clone()).or_insert(next)
        };
        Self {
            fit: cases.iter().map(|case| those(&|reviewer| case.unfit(reviewer).is_none())).collect(),
            at_home: cases.iter().map(at_home).collect(),
            county: pool.iter().map(&mut number).collect(),
            given: vec![Places::default(); cases.len()],
            has: vec![BTreeSet::new(); pool.len()],
            load: pool.iter().map(|reviewer| load(reviewer.person.id)).collect(),
            cases,
            pool,
        }
    }

    fn has_room(&self, reviewer: usize) -> bool {
        self.pool[reviewer].most.is_none_or(|most| self.load[reviewer] < u32::from(most))
    }

    fn carry_out(&mut self, step: Step) {
        if let Some(from) = step.from {
            self.given[step.case].remove(from);
            self.has[from].remove(&step.case);
            self.load[from] -= 1;
        }
        self.given[step.case].insert(step.to);
        self.has[step.to].insert(step.case);
        self.load[step.to] += 1;
    }

    /// Gives every case as many of the reviewers it wants as can be had. First those for which the fewest may be asked.
    pub(super) fn give_out(&mut self) {
        let mut order: Vec<usize> = (0..self.cases.len()).collect();
        order.sort_by_key(|case| (self.fit[*case].count(), *case));
        for case in order {
            while self.given[case].count() < self.cases[case].wanted {
                let steps = match self.first_choice(case) {
                    Some(to) => vec![Step { case, from: None, to }],
                    None => self.exchange_for(case),
                };
                if steps.is_empty() {
                    break;
                }
                steps.into_iter().for_each(|step| self.carry_out(step));
            }
        }
    }

    /// The reviewer who is rather asked about the case than all others that have room.
    fn first_choice(&self, case: usize) -> Option<usize> {
        let given = &self.given[case];
        let free = self.fit[case].iter().filter(|place| !given.contains(*place) && self.has_room(*place));
        free.min_by_key(|place| {
            let from_there = given.iter().filter(|other| self.county[*other] == self.county[*place]).count();
            (self.load[*place], from_there, !self.at_home[case].contains(*place), *place)
        })
    }

    /// Moves cases to those who have fewer until no exchange does so any more.
    pub(super) fn even_out(&mut self) {
        let mut again = true;
        while again {
            again = false;
            let mut order: Vec<usize> = (0..self.pool.len()).collect();
            order.sort_by_key(|place| (u32::MAX - self.load[*place], *place));
            for reviewer in order {
                loop {
                    let steps = self.exchange_from(reviewer);
                    if steps.is_empty() {
                        break;
                    }
                    steps.into_iter().for_each(|step| self.carry_out(step));
                    again = true;
                }
            }
        }
    }

    /// Exchanges after which the case has a reviewer more; the last of them has room. Nothing: there are none.
    fn exchange_for(&self, case: usize) -> Vec<Step> {
        let could = self.fit[case].iter().filter(|place| !self.given[case].contains(*place));
        let start = could.map(|to| (to, Some(Step { case, from: None, to }))).collect();
        self.follow(start, |place| self.has_room(place))
    }

    /// Exchanges after which this reviewer has a case less, and another, who had at least two less, one more.
    fn exchange_from(&self, reviewer: usize) -> Vec<Step> {
        let fewer = |place: usize| self.load[place] + 2 <= self.load[reviewer] && self.has_room(place);
        self.follow(Came::from([(reviewer, None)]), fewer)
    }

    /// Follows what could be exchanged from these reviewers on, until one is reached who is `wanted`: the shortest way there.
    fn follow(&self, mut came: Came, wanted: impl Fn(usize) -> bool) -> Vec<Step> {
        let mut unseen: Places = (0..self.pool.len()).filter(|place| !came.contains_key(place)).collect();
        // Through a case everybody is reached at once who may review it: a second look at it finds nobody.
        let mut looked = vec![false; self.cases.len()];
        let mut now: Vec<usize> = came.keys().copied().collect();
        let mut found = None;
        while found.is_none() && !now.is_empty() {
            let mut next = Vec::new();
            for from in now {
                for case in self.has[from].iter().copied() {
                    if std::mem::replace(&mut looked[case], true) {
                        continue;
                    }
                    for to in unseen.take_out(&self.fit[case], &self.given[case]) {
                        came.insert(to, Some(Step { case, from: Some(from), to }));
                        next.push(to);
                    }
                }
            }
            found = next.iter().copied().filter(|place| wanted(*place)).min_by_key(|place| (self.load[*place], *place));
            now = next;
        }
        let mut steps = Vec::new();
        let mut at = found;
        while let Some(step) = at.and_then(|place| came[&place]) {
            steps.push(step);
            at = step.from;
        }
        steps
    }

    /// What came of it.
    pub(super) fn proposals(&self) -> impl Iterator<Item = Proposal> {
        self.cases.iter().enumerate().map(|(place, case)| {
            let given = &self.given[place];
            let missing = case.wanted.saturating_sub(given.count());
            Proposal {
                case: case.case,
                round: case.round,
                reviewers: given.iter().map(|reviewer| self.proposed(place, reviewer)).collect(),
                missing: u32::try_from(missing).unwrap_or(u32::MAX),
                obstacles: if missing > 0 { self.obstacles(place) } else { Vec::new() },
            }
        })
    }

    fn proposed(&self, case: usize, reviewer: usize) -> Proposed {
        let Reviewer { person, county, .. } = self.pool[reviewer];
        Proposed {
            person: person.clone(),
            county: county.clone(),
            load: self.load[reviewer],
            at_home: self.at_home[case].contains(reviewer),
        }
    }

    fn obstacles(&self, case: usize) -> Vec<Obstacle> {
        let mut counted: BTreeMap<&'static str, u32> = BTreeMap::new();
        let others = self.pool.iter().enumerate().filter(|(place, _)| !self.given[case].contains(*place));
        for (_, reviewer) in others {
            let why = self.cases[case].unfit(reviewer).map_or("full", super::Unfit::code);
            *counted.entry(why).or_default() += 1;
        }
        counted.into_iter().map(|(why, reviewers)| Obstacle { why: why.to_owned(), reviewers }).collect()
    }
}

/// Places in a list, as bits.
#[derive(Debug, Clone, Default)]
struct Places(Vec<u64>);

impl Places {
    fn insert(&mut self, place: usize) {
        let word = place / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % 64);
    }

    fn remove(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word &= !(1 << (place % 64));
        }
    }

    fn contains(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(number, word)| bits(number, *word))
    }

    /// Takes out of these what lies in `within` and not in `without`.
    fn take_out(&mut self, within: &Self, without: &Self) -> Vec<usize> {
        let mut taken = Vec::new();
        for (number, (word, within)) in self.0.iter_mut().zip(&within.0).enumerate() {
            let common = *word & within & !without.0.get(number).copied().unwrap_or(0);
            *word &= !common;
            taken.extend(bits(number, common));
        }
        taken
    }
}

fn bits(number: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(number * 64 + bit)
    })
}

impl FromIterator<usize> for Places {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut these = Self::default();
        places.into_iter().for_each(|place| these.insert(place));
        these
    }
}
