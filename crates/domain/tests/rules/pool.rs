//! Who could review which case: never in conflict, as even as can be, the same for everybody who asks.

use crate::sample::{answers, case, form_id, now, own, paper, person, policy};
use domain::{
    case::{Case, SentPaper, State},
    certification::{Assignment, Loads, Named, Proposal, Reviewer, Round, Sheet, Sought, propose, unfit},
    ids::{AccountId, CaseId},
    people::{Role, School},
    time::PlanYear,
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn school(number: u8) -> School {
    let code = format!("10000{number}");
    School { code, name: format!("第{number}國小"), county: "臺中市".to_owned() }
}

fn reviewer(number: u128) -> Reviewer {
    Reviewer::unknown(person(100 + number, &format!("委員{number}")), None, None)
}

/// The paper on which the observed teacher and the subject of the lesson stand.
fn observation(teacher: &str, subject: &str) -> SentPaper {
    SentPaper {
        answers: answers(json!({ "teacher_name": teacher, "subject": subject })),
        ..paper(&form_id("pre_conference_a"), false).sent()
    }
}

/// A case that waits for reviewers.
fn waiting(number: u128) -> Case {
    Case {
        id: CaseId(Uuid::from_u128(1000 + number)),
        owner: person(5000 + number, "申請人"),
        papers: vec![observation("林老師", "數學")],
        ..case(State::FirstAssign)
    }
}

fn sought(case: &Case) -> Sought {
    Sought::of(case, &policy()).unwrap()
}

/// The same case where the office asks for so many.
fn wanting(wanted: usize, mut sought: Sought) -> Sought {
    sought.wanted = wanted;
    sought
}

fn numbers(proposal: &Proposal) -> Vec<u128> {
    proposal.reviewers.iter().map(|one| one.person.id.0.as_u128() - 100).collect()
}

/// A sheet that somebody wrote in a round.
fn sheet(round: Round, by: u128) -> Sheet {
    let paper = paper(&form_id("adv_review"), false).sent();
    Sheet { seq: 1, round: Some(round), by: Some(reviewer(by).person), at: now(), paper }
}

#[test]
fn who_may_not_review_is_told_why() {
    let mut second = waiting(1);
    second.state = State::SecondAssign;
    second.school = school(1);
    second.reviewing.sheets.push(sheet(Round::First, 5));
    let why = |reviewer: Reviewer| {
        let named: Named = (reviewer.person.clone(), Some(reviewer));
        unfit(&second, &[named], &policy()).first().map(|one| one.why.clone())
    };
    let county = |county: &str| Some(county.to_owned());
    assert_eq!(why(reviewer(1)), None);
    assert_eq!(why(Reviewer { county: county("臺中市"), ..reviewer(1) }), None, "of the applicant's county");
    assert_eq!(why(Reviewer { county: county("連江縣"), ..reviewer(1) }), None, "of another county");
    assert_eq!(why(Reviewer { school: Some(school(2)), ..reviewer(1) }), None, "of another school");
    assert_eq!(why(Reviewer { school: Some(school(1)), ..reviewer(1) }).as_deref(), Some("same_school"));
    assert_eq!(why(Reviewer { person: second.owner.clone(), ..reviewer(1) }).as_deref(), Some("own_case"));
    assert_eq!(why(Reviewer { person: person(7, "林老師"), ..reviewer(1) }).as_deref(), Some("observed_peer"));
    assert_eq!(why(reviewer(5)).as_deref(), Some("earlier_round"));
    assert_eq!(why(Reviewer { active: false, ..reviewer(1) }).as_deref(), Some("inactive"));
    let stranger = person(8, "路人");
    let twice: Named = (reviewer(1).person, Some(reviewer(1)));
    let told: Vec<_> = unfit(&second, &[(stranger, None), twice.clone(), twice], &policy());
    assert_eq!(told.iter().map(|one| one.why.as_str()).collect::<Vec<_>>(), ["not_a_reviewer", "named_twice"]);
}

/// In a state in which nobody is sought nobody is looked at.
#[test]
fn nobody_is_sought_outside_the_rounds() {
    for state in State::ALL {
        assert_eq!(Sought::of(&case(state), &policy()).is_some(), Round::of(state).is_some(), "{state:?}");
    }
}

/// Whoever has written stays the reviewer of the round, also after they left the pool.
#[test]
fn who_has_written_stays() {
    let mut at_work = Case { state: State::FirstReview, ..waiting(1) };
    at_work.reviewing.sheets.push(sheet(Round::First, 1));
    let gone = |number| Reviewer { active: false, ..reviewer(number) };
    let named: Vec<Named> = [1, 2].map(|number| (gone(number).person, Some(gone(number)))).into();
    let told = unfit(&at_work, &named, &policy());
    assert_eq!(told.iter().map(|one| &one.person.name).collect::<Vec<_>>(), ["委員2"]);
}

#[test]
fn the_least_loaded_then_another_county_then_the_field_then_the_id() {
    let at = |county: &str| Some(county.to_owned());
    let maths = || vec!["數學".to_owned()];
    let pool = [
        Reviewer { county: at("臺中市"), ..reviewer(1) },
        Reviewer { county: at("臺中市"), fields: maths(), ..reviewer(2) },
        Reviewer { county: at("連江縣"), fields: maths(), ..reviewer(3) },
        Reviewer { county: at("連江縣"), ..reviewer(4) },
    ];
    let of = |wanted, loads: &Loads| propose(&[wanting(wanted, sought(&waiting(1)))], &pool, loads);
    let busy = |who: &[u128]| -> Loads {
        who.iter().map(|number| ((reviewer(*number).person.id, PlanYear(111), Round::First), 1)).collect()
    };
    // At home in 數學, then by id.
    assert_eq!(numbers(&of(1, &Loads::new())[0]), [2]);
    // Of another county than the first.
    assert_eq!(numbers(&of(2, &Loads::new())[0]), [2, 3]);
    // Whoever has a case already comes after those who have none.
    assert_eq!(numbers(&of(1, &busy(&[2, 3]))[0]), [1]);
    assert_eq!(numbers(&of(2, &busy(&[2, 3]))[0]), [1, 4]);
    // What somebody does in another round is no load of this one.
    let elsewhere = BTreeMap::from([((reviewer(2).person.id, PlanYear(111), Round::Second), 9)]);
    assert_eq!(numbers(&of(1, &elsewhere)[0]), [2]);
}

#[test]
fn what_is_missing_is_said_with_the_reason() {
    let pool = [
        Reviewer { school: Some(school(1)), ..reviewer(1) },
        Reviewer { active: false, ..reviewer(2) },
        Reviewer { most: Some(0), ..reviewer(3) },
        reviewer(4),
    ];
    let case = Case { school: school(1), ..waiting(1) };
    let proposal = &propose(&[wanting(3, sought(&case))], &pool, &Loads::new())[0];
    assert_eq!(numbers(proposal), [4]);
    assert_eq!(proposal.missing, 2);
    let told: Vec<_> = proposal.obstacles.iter().map(|one| (one.why.as_str(), one.reviewers)).collect();
    assert_eq!(told, [("full", 1), ("inactive", 1), ("same_school", 1)]);
    let nobody = &propose(&[sought(&case)], &[], &Loads::new())[0];
    assert_eq!((nobody.missing, nobody.obstacles.is_empty()), (1, true));
}

/// The one who may review everything takes what nobody else may, although they were the first choice for the other case too.
#[test]
fn a_case_that_only_one_may_review_gets_that_one() {
    let pool = [Reviewer { most: Some(1), ..reviewer(1) }, Reviewer { school: Some(school(2)), ..reviewer(2) }];
    let (open, narrow) = (waiting(1), Case { school: school(2), ..waiting(2) });
    for cases in [[&open, &narrow], [&narrow, &open]] {
        let proposals = propose(&cases.map(sought), &pool, &Loads::new());
        let given: BTreeMap<_, _> = proposals.iter().map(|one| (one.case, numbers(one))).collect();
        assert_eq!(given, BTreeMap::from([(open.id, vec![2]), (narrow.id, vec![1])]));
    }
}

/// Some cases, some reviewers, what they have to do already.
#[derive(Debug, Clone)]
struct World {
    cases: Vec<Sought>,
    pool: Vec<Reviewer>,
    loads: Loads,
}

fn a_reviewer() -> impl Strategy<Value = Reviewer> {
    let fields = prop::sample::subsequence(vec!["數學".to_owned(), "語文".to_owned()], 0..=2);
    let place = (prop::option::of(1u8..4), 0usize..3);
    // Some have the name of an observed teacher.
    (prop::bool::weighted(0.85), prop::option::of(0u16..5), place, fields, 0usize..8).prop_map(
        |(active, most, (at, county), fields, name)| {
            let name = ["林老師", "王老師"].get(name).map_or("委員", |name| name);
            let county = [None, Some("臺中市"), Some("連江縣")][county].map(str::to_owned);
            Reviewer { person: person(0, name), county, school: at.map(school), fields, active, most }
        },
    )
}

fn a_case() -> impl Strategy<Value = Case> {
    (1u8..4, 0usize..3, prop::bool::ANY, prop::collection::btree_set(0u128..6, 0..2)).prop_map(
        |(at, teacher, second, earlier)| {
            let teacher = ["林老師", "王老師", "張老師"][teacher];
            let mut case = Case { school: school(at), papers: vec![observation(teacher, "數學")], ..waiting(0) };
            if second {
                case.state = State::SecondAssign;
                case.reviewing.sheets.extend(earlier.into_iter().map(|by| sheet(Round::First, by)));
            }
            case
        },
    )
}

fn a_world(most_cases: usize, most_reviewers: usize) -> impl Strategy<Value = World> {
    let cases = prop::collection::vec((a_case(), 1usize..3), 0..=most_cases);
    let pool = prop::collection::vec((a_reviewer(), 0u32..3), 0..=most_reviewers);
    (cases, pool).prop_map(|(cases, pool)| {
        let of_case = |(number, (case, wanted)): (usize, (Case, usize))| {
            let id = CaseId(Uuid::from_u128(1000 + number as u128));
            wanting(wanted, sought(&Case { id, ..case }))
        };
        let cases = cases.into_iter().enumerate().map(of_case).collect();
        let mut world = World { cases, pool: Vec::new(), loads: Loads::new() };
        for (number, (mut one, load)) in pool.into_iter().enumerate() {
            one.person.id = reviewer(number as u128).person.id;
            for round in Round::ALL {
                world.loads.insert((one.person.id, PlanYear(111), round), load);
            }
            world.pool.push(one);
        }
        world
    })
}

impl World {
    fn load(&self, reviewer: AccountId) -> u32 {
        self.loads[&(reviewer, PlanYear(111), Round::First)]
    }

    /// What each reviewer would have to do in a round.
    fn after(&self, proposals: &[Proposal], round: Round) -> BTreeMap<AccountId, u32> {
        let mut after: BTreeMap<_, _> = self.pool.iter().map(|one| (one.person.id, self.load(one.person.id))).collect();
        for one in proposals.iter().filter(|one| one.round == round).flat_map(|one| &one.reviewers) {
            *after.get_mut(&one.person.id).unwrap() += 1;
        }
        after
    }
}

/// The most reviewers that can be found for these cases of one round, and the least sum of squares of their loads then: tried out.
fn best(world: &World, cases: &[&Sought]) -> (usize, u32) {
    fn rest(world: &World, cases: &[&Sought], loads: &mut [u32]) -> (usize, u32) {
        let Some((case, others)) = cases.split_first() else { return (0, loads.iter().map(|load| load * load).sum()) };
        let fits = |place: usize, loads: &[u32]| {
            let one = &world.pool[place];
            case.unfit(one).is_none() && one.most.is_none_or(|most| loads[place] < u32::from(most))
        };
        let mut found = Vec::new();
        // Every set of at most so many as are wanted.
        for set in 0u32..1 << world.pool.len() {
            let places: Vec<usize> = (0..world.pool.len()).filter(|place| set & (1 << place) != 0).collect();
            if places.len() > case.wanted || places.iter().any(|place| !fits(*place, loads)) {
                continue;
            }
            places.iter().for_each(|place| loads[*place] += 1);
            let (more, squares) = rest(world, others, loads);
            places.iter().for_each(|place| loads[*place] -= 1);
            found.push((places.len() + more, squares));
        }
        found.into_iter().max_by_key(|(given, squares)| (*given, std::cmp::Reverse(*squares))).unwrap_or((0, 0))
    }
    let mut loads: Vec<u32> = world.pool.iter().map(|one| world.load(one.person.id)).collect();
    rest(world, cases, &mut loads)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn never_in_conflict_never_too_many_never_twice(world in a_world(14, 9)) {
        let proposals = propose(&world.cases, &world.pool, &world.loads);
        prop_assert_eq!(proposals.len(), world.cases.len());
        for (case, proposal) in world.cases.iter().zip(&proposals) {
            prop_assert_eq!((case.case, case.round), (proposal.case, proposal.round));
            let given: BTreeSet<_> = proposal.reviewers.iter().map(|one| one.person.id).collect();
            prop_assert_eq!(given.len(), proposal.reviewers.len(), "named twice");
            prop_assert_eq!(given.len() + proposal.missing as usize, case.wanted);
            for one in &world.pool {
                if given.contains(&one.person.id) {
                    prop_assert_eq!(case.unfit(one), None);
                }
            }
            let against: u32 = proposal.obstacles.iter().map(|one| one.reviewers).sum();
            let others = if proposal.missing > 0 { world.pool.len() - given.len() } else { 0 };
            prop_assert_eq!(against as usize, others, "every other reviewer has a reason");
        }
        for round in Round::ALL {
            let after = world.after(&proposals, round);
            for one in &world.pool {
                let most = one.most.map_or(u32::MAX, u32::from).max(world.load(one.person.id));
                prop_assert!(after[&one.person.id] <= most, "more than they take");
            }
            for one in proposals.iter().filter(|one| one.round == round).flat_map(|one| &one.reviewers) {
                prop_assert_eq!(one.load, after[&one.person.id]);
            }
        }
    }

    /// Where no conflict, limit or earlier load forces otherwise.
    #[test]
    fn loads_differ_by_one_at_most(cases in 0u128..40, pool in 1u128..9) {
        let sought: Vec<Sought> = (0..cases).map(|number| sought(&waiting(number))).collect();
        let pool: Vec<Reviewer> = (0..pool).map(reviewer).collect();
        let proposals = propose(&sought, &pool, &Loads::new());
        let mut loads: BTreeMap<u128, u32> = (0..pool.len() as u128).map(|number| (number, 0)).collect();
        proposals.iter().flat_map(numbers).for_each(|number| *loads.get_mut(&number).unwrap() += 1);
        prop_assert!(loads.values().max().unwrap() - loads.values().min().unwrap() <= 1, "{:?}", loads);
        prop_assert_eq!(loads.values().sum::<u32>() as u128, cases);
    }

    /// As many reviewers as can be found at all, and then as even as can be: no other choice has a smaller sum of squares.
    #[test]
    fn nobody_could_do_better(world in a_world(4, 4)) {
        let proposals = propose(&world.cases, &world.pool, &world.loads);
        for round in Round::ALL {
            let cases: Vec<&Sought> = world.cases.iter().filter(|case| case.round == round).collect();
            let given: usize = proposals.iter().filter(|one| one.round == round).map(|one| one.reviewers.len()).sum();
            let squares: u32 = world.after(&proposals, round).values().map(|load| load * load).sum();
            prop_assert_eq!((given, squares), best(&world, &cases));
        }
    }

    #[test]
    fn the_same_in_whatever_order_one_asks(world in a_world(14, 9)) {
        let by_case = |proposals: Vec<Proposal>| -> BTreeMap<_, _> {
            proposals.into_iter().map(|one| (one.case, one)).collect()
        };
        let one_way = by_case(propose(&world.cases, &world.pool, &world.loads));
        let cases: Vec<Sought> = world.cases.iter().rev().cloned().collect();
        let pool: Vec<Reviewer> = world.pool.iter().rev().cloned().collect();
        prop_assert_eq!(one_way, by_case(propose(&cases, &pool, &world.loads)));
    }
}

/// A reviewer who leaves in the middle is replaced by naming another: who has written stays, who has not leaves.
#[test]
fn a_reviewer_who_leaves_is_replaced() {
    use domain::{
        case::{Deed, Doer, Event},
        ids::EventId,
        remark::Remarks,
    };
    let assignment = |number| Assignment { round: Round::First, reviewer: reviewer(number).person, at: now() };
    let mut at_work = Case { state: State::FirstReview, ..waiting(1) };
    at_work.reviewing.assignments = vec![assignment(1), assignment(2)];
    at_work.reviewing.sheets.push(sheet(Round::First, 1));
    let office = own(Role::County);
    at_work.apply(&Event {
        id: EventId(Uuid::from_u128(1)),
        case: at_work.id,
        seq: 2,
        at: now(),
        by: Doer { person: office.person, role: Role::County },
        to: State::FirstReview,
        deed: Deed::Assigned { reviewers: vec![reviewer(3).person] },
        remarks: Remarks::default(),
    });
    let now_asked: Vec<_> = at_work.reviewing.reviewers(Round::First).map(|one| one.name.as_str()).collect();
    assert_eq!(now_asked, ["委員1", "委員3"]);
}
