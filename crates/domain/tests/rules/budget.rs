//! The sums of the 經費概算表: rounding, limits, and numbers larger than any budget.

use crate::sample::answers;
use domain::{
    form::{Checked, Packs, check},
    policy::Policy,
    time::PlanYear,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn judged(lines: Value, policy: &Policy) -> Checked {
    let packs = Packs::built_in();
    let (form, _) = packs.for_year(&"plc_budget".parse().unwrap(), PlanYear(111)).unwrap();
    check(form, answers(lines), policy)
}

fn policy() -> Policy {
    Packs::built_in().policy(PlanYear(111), None)
}

fn codes(checked: &Checked, field: &str) -> Vec<String> {
    checked.problems.iter().filter(|problem| problem.field == field).map(|problem| problem.code.to_string()).collect()
}

fn line(quantity: i64, unit_price: i64) -> Value {
    json!({ "quantity": quantity, "unit_price": unit_price })
}

/// 角以下四捨五入: half up, not half to even. The first three are the office's own examples.
#[test]
fn the_supplement_is_rounded_half_up() {
    let cases = [
        (12_000, 211, 253),
        (35_000, 211, 739),
        (100_000, 211, 2_110),
        (35_000, 191, 669), // 668.5
        (5_000, 211, 106),  // 105.5: even would be 106 too
        (15_000, 211, 317), // 316.5: even would be 316
        (50, 100, 1),       // 0.5
        (49, 100, 0),       // 0.49
        (0, 211, 0),
    ];
    for (base, rate, expected) in cases {
        let mut policy = policy();
        policy.numbers.insert("nhi_rate".to_owned(), rate);
        let checked = judged(json!({ "lecturer_internal": line(base, 1) }), &policy);
        assert_eq!(checked.computed["nhi_supplement.suggested"], json!(expected), "{base} at {rate}");
    }
}

#[test]
fn fees_of_persons_are_the_base_of_the_supplement() {
    let fields = [
        ("lecturer_external_1", true),
        ("lecturer_external_2", true),
        ("lecturer_internal", true),
        ("assistant_external", true),
        ("assistant_internal", true),
        ("consultant_external", false),
        ("printing", false),
        ("transport", false),
        ("misc", false),
    ];
    for (field, counts) in fields {
        let checked = judged(json!({ field: line(10, 100) }), &policy());
        assert_eq!(checked.computed["nhi_supplement.suggested"], json!(if counts { 21 } else { 0 }), "{field}");
    }
}

#[test]
fn limits_hold_to_the_dollar() {
    #[rustfmt::skip]
    let cases = [
        // the line          its limit on 10,000 of fees      over by one
        ("nhi_supplement",   211,                             "nhi_supplement_over"),
        ("misc",             600,                             "misc_over"),
        ("printing",         2_500,                           "printing_over"),
    ];
    for (field, limit, code) in cases {
        for (amount, expected) in [(limit, vec![]), (limit + 1, vec![code.to_owned()])] {
            let checked = judged(json!({ "lecturer_internal": line(10, 1_000), field: line(1, amount) }), &policy());
            assert_eq!(codes(&checked, field), expected, "{field} of {amount}");
        }
    }
}

/// A rate that no office has set for the year limits nothing and suggests nothing.
#[test]
fn no_rate_no_limit() {
    let mut policy = policy();
    policy.numbers.clear();
    let lines = json!({ "nhi_supplement": line(1, 500), "misc": line(1, 9_000), "printing": line(1, 9_000) });
    let checked = judged(lines, &policy);
    assert_eq!(checked.computed["nhi_supplement.suggested"], Value::Null);
    for field in ["nhi_supplement", "misc", "printing"] {
        assert!(codes(&checked, field).is_empty(), "{field}: {:?}", checked.problems);
    }
}

#[test]
fn caps_of_lines() {
    #[rustfmt::skip]
    let cases = [
        ("lecturer_external_1", 2_000), ("lecturer_external_2", 1_500), ("lecturer_internal", 1_000),
        ("consultant_external", 2_500), ("assistant_external", 1_000), ("assistant_internal", 500),
    ];
    for (field, cap) in cases {
        let price = format!("{field}.unit_price");
        assert!(codes(&judged(json!({ field: line(1, cap) }), &policy()), &price).is_empty(), "{field}");
        assert_eq!(codes(&judged(json!({ field: line(1, cap + 1) }), &policy()), &price), ["above_max"], "{field}");
    }
}

#[test]
fn an_amount_of_more_than_ten_digits_is_refused() {
    let least = |quantity, price| codes(&judged(json!({ "meals": line(quantity, price) }), &policy()), "meals");
    assert!(least(1, 9_999_999_999).is_empty());
    assert_eq!(least(2, 9_999_999_999), ["above_max"]);
    assert_eq!(least(9_999_999_999, 9_999_999_999), ["above_max"]);
}

const KEYS: [&str; 14] = [
    "lecturer_external_1",
    "lecturer_external_2",
    "lecturer_internal",
    "consultant_external",
    "assistant_external",
    "assistant_internal",
    "printing",
    "materials",
    "meals",
    "transport",
    "lodging",
    "nhi_supplement",
    "misc",
    "total",
];

fn some_number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..10_000_i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(i64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!("12")),
        Just(Value::Null),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The largest and strangest numbers give problems, never a fall; and a budget without problems adds up exactly.
    #[test]
    fn sums_are_exact_or_refused(lines in proptest::collection::btree_map(
        proptest::sample::select(KEYS.to_vec()), (some_number(), some_number()), 0..14,
    )) {
        let object: Map<String, Value> =
            lines.iter().map(|(key, (quantity, price))| ((*key).to_owned(), json!({ "quantity": quantity, "unit_price": price }))).collect();
        let checked = judged(Value::Object(object), &policy());
        let about = |key: &str| checked.problems.iter().any(|problem| problem.field.starts_with(key));
        if !lines.keys().any(|key| about(key)) {
            let exact: i128 = lines.values().map(|(quantity, price)| {
                i128::from(quantity.as_i64().unwrap_or(0)) * i128::from(price.as_i64().unwrap_or(0))
            }).sum();
            prop_assert_eq!(i128::from(checked.computed["total"].as_i64().unwrap()), exact);
            prop_assert!(exact < 1 << 53, "a JSON reader in JavaScript keeps it exactly");
        }
    }
}
