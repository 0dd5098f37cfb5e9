//! Two computers and a service over a line that loses questions and answers: nothing typed is ever dropped, a push of one's own
//! is never a clash, and when all is quiet everyone has the same.

use super::*;
use crate::{
    drafts::DraftRow,
    pushes::{Push, met},
};
use domain::draft::{Clash, DraftHead, apply, changes as differences};
use proptest::prelude::*;
use std::collections::BTreeMap;

const FIELDS: [&str; 3] = ["a", "b", "c"];

/// What can happen.
#[derive(Debug, Clone)]
enum Step {
    /// One types a value (0: empties) into a field.
    Type { desk: usize, field: usize, value: u8 },
    /// One begins a push or sends the one on its way again; the question or the answer may be lost, or the answer come late.
    Push { desk: usize, line: Line },
    /// One asks for news.
    Pull { desk: usize },
    /// One picks in a clash.
    Pick { desk: usize, mine: bool },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Line {
    Good,
    QuestionLost,
    AnswerLost,
    /// The answer comes after the answer to a later question for news.
    AnswerLate,
}

fn step() -> impl Strategy<Value = Step> {
    let line = prop_oneof![Just(Line::Good), Just(Line::QuestionLost), Just(Line::AnswerLost), Just(Line::AnswerLate)];
    prop_oneof![
        3 => (0..2_usize, 0..FIELDS.len(), 0..4_u8).prop_map(|(desk, field, value)| Step::Type { desk, field, value }),
        3 => (0..2_usize, line).prop_map(|(desk, line)| Step::Push { desk, line }),
        2 => (0..2_usize).prop_map(|desk| Step::Pull { desk }),
        1 => (0..2_usize, any::<bool>()).prop_map(|(desk, mine)| Step::Pick { desk, mine }),
    ]
}

/// A desk and what its person typed last in every field that the service is not known to have.
struct Desk {
    row: DraftRow,
    typed: BTreeMap<String, Value>,
    late: Option<(DraftHead, Vec<Clash>)>,
}

#[derive(Default)]
struct Service {
    head: DraftHead,
    answered: BTreeMap<domain::ids::PushId, Vec<Clash>>,
}

impl Service {
    fn push(&mut self, push: &Push) -> (DraftHead, Vec<Clash>) {
        let clashes = match self.answered.get(&push.id) {
            Some(clashes) => clashes.clone(),
            None => self.head.push(push.base, &push.changes),
        };
        self.answered.insert(push.id, clashes.clone());
        (self.head.clone(), clashes)
    }
}

fn value(answers: &Answers, field: &str) -> Value {
    answers.get(field).cloned().unwrap_or(Value::Null)
}

impl Desk {
    fn new() -> Self {
        Self { row: DraftRow::empty(at(0)), typed: BTreeMap::new(), late: None }
    }

    fn types(&mut self, field: &str, new: Value) {
        apply(&mut self.row.answers, &Changes::from([(field.to_owned(), new.clone())]));
        let clashing = self.row.clashing();
        self.row.note_clashes(clashing);
        // What the service has anyhow is not a change, unless something else is on its way to it.
        let sent = self.row.push.as_ref().and_then(|push| push.changes.get(field));
        if sent.is_some_and(|sent| *sent != new) || new != value(&self.row.head.answers, field) {
            self.typed.insert(field.to_owned(), new);
        } else {
            self.typed.remove(field);
        }
    }

    fn begin(&mut self, fresh: u32) -> Push {
        if self.row.push.is_none() {
            let mut all = differences(&self.row.head.answers, &self.row.answers);
            self.row.clashes.iter().for_each(|clash| drop(all.remove(&clash.field)));
            self.row.push = Some(Push { id: id(fresh), base: self.row.head.revision, changes: all, printed: 0 });
        }
        self.row.push.clone().unwrap()
    }

    fn meets(&mut self, head: &DraftHead, answer: Option<&[Clash]>) {
        let before = self.row.clone();
        let pushed = before.push.as_ref().map(|push| push.changes.clone());
        let pushed = answer.and(pushed.as_ref());
        self.row = met(before.clone(), head, pushed, answer.unwrap_or(&[]));
        // What is at the service with the very value that was typed is safe there; others may build on it.
        let seen = if head.revision >= before.head.revision { head } else { &before.head };
        self.typed.retain(|field, typed| value(&seen.answers, field) != *typed);
        self.check();
    }

    fn check(&self) {
        for (field, typed) in &self.typed {
            assert_eq!(value(&self.row.answers, field), *typed, "typed in {field}, then gone: {:?}", self.row);
        }
        for clash in &self.row.clashes {
            assert_eq!(clash.mine, value(&self.row.answers, &clash.field));
            assert_eq!(clash.theirs, value(&self.row.head.answers, &clash.field));
            assert_ne!(clash.mine, clash.theirs);
        }
    }

    fn pick(&mut self, mine: bool) {
        let Some(clash) = self.row.clashes.pop() else { return };
        let picked = if mine { clash.mine } else { clash.theirs };
        self.types(&clash.field, picked);
    }
}

/// Carries one step out.
fn perform(desks: &mut [Desk; 2], service: &mut Service, fresh: &mut u32, step: &Step) {
    match *step {
        Step::Type { desk, field, value } => {
            let value = if value == 0 { Value::Null } else { json!(format!("{value} by {desk}")) };
            desks[desk].types(FIELDS[field], value);
        }
        Step::Push { desk, line } => {
            let desk = &mut desks[desk];
            if let Some((head, clashes)) = desk.late.take() {
                desk.meets(&head, Some(&clashes));
                return;
            }
            *fresh += 1;
            let push = desk.begin(*fresh);
            if line == Line::QuestionLost {
                return;
            }
            let (head, clashes) = service.push(&push);
            match line {
                Line::Good => desk.meets(&head, Some(&clashes)),
                Line::AnswerLate => desk.late = Some((head, clashes)),
                Line::QuestionLost | Line::AnswerLost => {}
            }
        }
        Step::Pull { desk } => desks[desk].meets(&service.head, None),
        Step::Pick { desk, mine } => desks[desk].pick(mine),
    }
    desks.iter().for_each(Desk::check);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_typed_is_dropped_and_all_come_together(steps in prop::collection::vec(step(), 1..40)) {
        let mut desks = [Desk::new(), Desk::new()];
        let (mut service, mut fresh) = (Service::default(), 0);
        for step in &steps {
            perform(&mut desks, &mut service, &mut fresh, step);
        }
        // Everyone goes on over a good line and picks what they have; that comes to rest.
        for _ in 0..12 {
            for desk in 0..2 {
                while !desks[desk].row.clashes.is_empty() {
                    perform(&mut desks, &mut service, &mut fresh, &Step::Pick { desk, mine: desk == 0 });
                }
                perform(&mut desks, &mut service, &mut fresh, &Step::Push { desk, line: Line::Good });
                perform(&mut desks, &mut service, &mut fresh, &Step::Pull { desk });
            }
        }
        for desk in &desks {
            prop_assert_eq!(&desk.row.answers, &service.head.answers);
            prop_assert!(desk.row.clashes.is_empty() && desk.typed.is_empty());
        }
    }

    /// Alone, one never clashes, however often answers are lost.
    #[test]
    fn one_never_clashes_with_oneself(steps in prop::collection::vec(step(), 1..40)) {
        let mut desks = [Desk::new(), Desk::new()];
        let (mut service, mut fresh) = (Service::default(), 0);
        for step in steps.iter().filter(|step| match step {
            Step::Type { desk, .. } | Step::Push { desk, .. } | Step::Pull { desk } | Step::Pick { desk, .. } => *desk == 0,
        }) {
            perform(&mut desks, &mut service, &mut fresh, step);
            prop_assert_eq!(&desks[0].row.clashes, &vec![]);
        }
    }
}

/// The rows of a three-way merge of one field: base, typed here, there, and whether our push of `sent` is on its way.
#[test]
fn one_field() {
    let row = |base: &str, mine: &str, sent: Option<&str>| {
        let of = |text: &str| if text.is_empty() { Answers::default() } else { answers(json!({ "a": text })) };
        DraftRow {
            head: DraftHead { revision: 4, answers: of(base), changed: BTreeMap::new() },
            answers: of(mine),
            push: sent.map(|sent| Push { id: id(1), base: 4, changes: changes(json!({ "a": sent })), printed: 0 }),
            ..DraftRow::empty(at(0))
        }
    };
    for (base, mine, sent, theirs, answer, clashes) in [
        // base  mine sent       theirs after clash
        ("", "", None, "x", "x", false),        // only there
        ("x", "y", None, "x", "y", false),      // only here
        ("x", "y", None, "y", "y", false),      // the same in both
        ("x", "y", None, "z", "y", true),       // both
        ("x", "", None, "z", "", true),         // emptied here, changed there
        ("x", "y", None, "", "y", true),        // changed here, emptied there
        ("x", "x", None, "", "", false),        // emptied there
        ("x", "s", Some("s"), "s", "s", false), // our push arrived
        ("x", "y", Some("s"), "s", "y", false), // typed on since
        ("x", "x", Some("s"), "s", "x", false), // typed back since
        ("x", "y", Some("s"), "z", "y", true),  // others were faster
        ("x", "s", Some("s"), "z", "s", true),
        ("x", "x", Some("s"), "z", "x", true), // typed back since, and others were faster
        ("x", "x", Some("s"), "x", "x", false), // typed back since, and the push never arrived
    ] {
        let head = DraftHead { revision: 5, ..row(theirs, "", None).head };
        let done = met(row(base, mine, sent), &head, None, &[]);
        let found = (done.answers.text("a"), !done.clashes.is_empty());
        assert_eq!(found, (answer, clashes), "{base} {mine} {sent:?} {theirs}");
    }
}
