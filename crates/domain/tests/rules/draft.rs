//! Nothing that was typed is ever lost, wherever and in which order it was typed.

use crate::sample::answers;
use domain::{
    draft::{Changes, Clash, DraftHead, apply, changes, merge},
    form::Answers,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn some_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(Value::Null),
        5 => (0..4_u8).prop_map(|text| json!(format!("文字{text}"))),
        1 => (0..3_u8).prop_map(|number| json!(number)),
        1 => (0..3_u8).prop_map(|rows| json!(vec![json!({ "name": "王" }); usize::from(rows)])),
    ]
}

fn some_changes() -> impl Strategy<Value = Changes> {
    proptest::collection::btree_map("[a-e]", some_value(), 0..4)
}

fn some_answers() -> impl Strategy<Value = Answers> {
    some_changes().prop_map(|values| {
        let mut answers = Answers::default();
        apply(&mut answers, &values);
        answers
    })
}

fn value(answers: &Answers, field: &str) -> Value {
    answers.get(field).cloned().unwrap_or(Value::Null)
}

#[test]
fn absent_and_null_are_the_same() {
    let absent = answers(json!({}));
    let null = answers(json!({ "a": null }));
    assert!(changes(&absent, &null).is_empty() && changes(&null, &absent).is_empty());
    assert_eq!(changes(&answers(json!({ "a": "甲" })), &null), Changes::from([("a".to_owned(), Value::Null)]));
}

#[test]
fn the_same_field_typed_twice_is_a_clash_with_both_texts() {
    #[rustfmt::skip]
    let cases = [
        // base                mine                   theirs                 merged                             clashes
        (json!({}),            json!({"a": "甲"}),    json!({"b": "乙"}),    json!({"a": "甲", "b": "乙"}),     vec![]),
        (json!({"a": "舊"}),   json!({"a": "甲"}),    json!({"a": "乙"}),    json!({"a": "甲"}),                vec![("a", json!("甲"), json!("乙"))]),
        (json!({"a": "舊"}),   json!({"a": "甲"}),    json!({"a": "甲"}),    json!({"a": "甲"}),                vec![]),
        (json!({"a": "舊"}),   json!({}),             json!({"a": "乙"}),    json!({}),                         vec![("a", json!(null), json!("乙"))]),
        (json!({"a": "舊"}),   json!({"a": "甲"}),    json!({}),             json!({"a": "甲"}),                vec![("a", json!("甲"), json!(null))]),
        (json!({"a": "舊"}),   json!({"a": "舊"}),    json!({"a": "乙"}),    json!({"a": "乙"}),                vec![]),
        (json!({"a": "舊"}),   json!({"a": null}),    json!({}),             json!({}),                         vec![]),
    ];
    for (base, mine, theirs, merged, clashes) in cases {
        let clashes: Vec<Clash> =
            clashes.into_iter().map(|(field, mine, theirs)| Clash { field: field.to_owned(), mine, theirs }).collect();
        assert_eq!(
            merge(&answers(base), &answers(mine.clone()), &answers(theirs)),
            (answers(merged), clashes),
            "{mine}"
        );
    }
}

/// One computer as the desktop keeps a draft: what it has, what it last had from the service, what a person must settle.
#[derive(Debug, Clone, Default)]
struct Computer {
    base: DraftHead,
    now: Answers,
    clashes: Vec<Clash>,
}

impl Computer {
    fn types(&mut self, typed: &Changes) {
        apply(&mut self.now, typed);
    }

    /// Sends what changed, except what waits for a person, and takes over what the service has.
    fn syncs(&mut self, service: &mut DraftHead) {
        let mut pushed = changes(&self.base.answers, &self.now);
        pushed.retain(|field, _| self.clashes.iter().all(|clash| clash.field != *field));
        let clashes = service.push(self.base.revision, &pushed);
        for clash in clashes {
            self.clashes.retain(|old| old.field != clash.field);
            self.clashes.push(clash);
        }
        let waiting: Vec<(String, Value)> =
            self.clashes.iter().map(|clash| (clash.field.clone(), value(&self.now, &clash.field))).collect();
        self.now = service.answers.clone();
        for (field, mine) in waiting {
            apply(&mut self.now, &Changes::from([(field, mine)]));
        }
        self.base = service.clone();
    }

    /// The person keeps what was typed here, or takes the service's.
    fn settles(&mut self, keep_mine: bool) {
        for clash in std::mem::take(&mut self.clashes) {
            if !keep_mine {
                let theirs = value(&self.base.answers, &clash.field);
                apply(&mut self.now, &Changes::from([(clash.field, theirs)]));
            }
        }
    }
}

#[derive(Debug, Clone)]
enum Move {
    Type(usize, Changes),
    Sync(usize),
    Settle(usize, bool),
}

fn some_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        4 => (0..2_usize, some_changes()).prop_map(|(who, typed)| Move::Type(who, typed)),
        3 => (0..2_usize).prop_map(Move::Sync),
        1 => (0..2_usize, any::<bool>()).prop_map(|(who, mine)| Move::Settle(who, mine)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn changes_lead_from_one_to_the_other(from in some_answers(), to in some_answers()) {
        let mut there = from.clone();
        apply(&mut there, &changes(&from, &to));
        prop_assert_eq!(there, to);
    }

    /// Each side's change is in the result, or in a clash with both texts; and nobody else's.
    #[test]
    fn a_merge_discards_nothing(base in some_answers(), mine in some_answers(), theirs in some_answers()) {
        let (merged, clashes) = merge(&base, &mine, &theirs);
        let (ours, others) = (changes(&base, &mine), changes(&base, &theirs));
        for (field, typed) in &ours {
            prop_assert_eq!(&value(&merged, field), typed);
        }
        for (field, typed) in &others {
            let clash = clashes.iter().find(|clash| clash.field == *field);
            match clash {
                Some(clash) => prop_assert_eq!((&clash.mine, &clash.theirs), (&value(&mine, field), typed)),
                None => prop_assert_eq!(&value(&merged, field), typed),
            }
        }
        for clash in &clashes {
            prop_assert!(clash.mine != clash.theirs && ours.contains_key(&clash.field) && others.contains_key(&clash.field));
        }
        for field in base.0.keys().filter(|field| !ours.contains_key(*field) && !others.contains_key(*field)) {
            prop_assert_eq!(value(&merged, field), value(&base, field));
        }
        // Without a clash it does not matter from which side one looks.
        if clashes.is_empty() {
            prop_assert_eq!(merge(&base, &theirs, &mine).0, merged);
        }
    }

    /// A push is taken or answered field by field; sent again it changes nothing and is answered the same.
    #[test]
    fn a_push_sent_again_changes_nothing(before in proptest::collection::vec(some_changes(), 0..4), base in 0..5_u32, pushed in some_changes()) {
        let mut head = DraftHead::default();
        for changes in &before {
            let knows = head.revision;
            prop_assert!(head.push(knows, changes).is_empty(), "a push that knows everything clashes with nothing");
        }
        let old = head.clone();
        let clashes = head.push(base, &pushed);
        for (field, typed) in &pushed {
            match clashes.iter().find(|clash| clash.field == *field) {
                Some(clash) => {
                    prop_assert_eq!((&clash.mine, &clash.theirs), (typed, &value(&old.answers, field)));
                    prop_assert_eq!(value(&head.answers, field), value(&old.answers, field));
                }
                None => prop_assert_eq!(&value(&head.answers, field), typed),
            }
        }
        for field in old.answers.0.keys().filter(|field| !pushed.contains_key(*field)) {
            prop_assert_eq!(value(&head.answers, field), value(&old.answers, field));
        }
        let taken = head.clone();
        prop_assert_eq!(head.push(base, &pushed), clashes);
        prop_assert_eq!(&head, &taken);
        prop_assert!(head.revision <= old.revision + 1 && (head.revision > old.revision) == (head != old));
        prop_assert!(head.changed.values().all(|revision| *revision <= head.revision));
    }

    /// The service finds the clashes that a merge of the three texts finds, and ends where the merge ends for the others.
    #[test]
    fn push_and_merge_agree(base in some_answers(), mine in some_answers(), theirs in some_answers()) {
        let empty = Answers::default();
        let mut head = DraftHead::default();
        head.push(0, &changes(&empty, &base));
        let known = head.revision;
        head.push(known, &changes(&base, &theirs));
        let clashes = head.push(known, &changes(&base, &mine));
        let (merged, found) = merge(&base, &mine, &theirs);
        prop_assert_eq!(&clashes, &found);
        let mut settled = head.answers.clone();
        for clash in clashes {
            apply(&mut settled, &Changes::from([(clash.field, clash.mine)]));
        }
        prop_assert_eq!(settled, merged);
    }

    /// Two computers of one teacher, typing and sending in any order: what was typed last on a computer is on it, at the
    /// service, or waits for a person; and once all is settled and sent, both have the same.
    #[test]
    fn two_computers_come_together(moves in proptest::collection::vec(some_move(), 0..40)) {
        let mut service = DraftHead::default();
        let mut computers = [Computer::default(), Computer::default()];
        for step in &moves {
            match step {
                Move::Type(who, typed) => computers[*who].types(typed),
                Move::Settle(who, mine) => computers[*who].settles(*mine),
                Move::Sync(who) => {
                    let computer = &mut computers[*who];
                    let typed = changes(&computer.base.answers, &computer.now);
                    computer.syncs(&mut service);
                    for (field, text) in typed {
                        prop_assert_eq!(&value(&computer.now, &field), &text, "{} was typed here", field);
                        let waits = computer.clashes.iter().any(|clash| clash.field == field);
                        prop_assert!(waits || value(&service.answers, &field) == text, "{field} is neither there nor waits");
                    }
                }
            }
        }
        for _ in 0..3 {
            for computer in &mut computers {
                computer.syncs(&mut service);
                computer.settles(true);
                computer.syncs(&mut service);
            }
        }
        prop_assert_eq!(&computers[0].now, &service.answers);
        prop_assert_eq!(&computers[1].now, &service.answers);
        prop_assert!(computers.iter().all(|computer| computer.clashes.is_empty()));
    }
}
