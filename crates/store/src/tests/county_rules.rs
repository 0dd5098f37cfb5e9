//! Versions of rules: kept as told, once, and asked for again by a store that an earlier program has used.

use super::*;
use domain::policy::{CountyRuleSet, CountyRules};

fn set(year: u16, version: u32, max: i32) -> CountyRuleSet {
    CountyRuleSet {
        id: id(version),
        county: "臺中市".to_owned(),
        plan_year: PlanYear(year),
        version,
        at: at(version),
        by: Person { id: id(9), name: "承辦人".to_owned() },
        rules: CountyRules { max_per_plc: Some(max), ..CountyRules::default() },
    }
}

#[tokio::test]
async fn versions_are_kept_once_and_never_changed() {
    let home = Home::new().await;
    home.store.put_rule_sets(&[set(112, 1, 1), set(111, 2, 2), set(111, 1, 3)]).await.unwrap();
    home.store.put_rule_sets(&[set(111, 2, 99)]).await.unwrap();
    let home = home.reopened().await;
    assert_eq!(home.store.rule_sets().await.unwrap(), [set(111, 1, 3), set(111, 2, 2), set(112, 1, 1)]);
}

#[tokio::test]
async fn approved_amounts_are_summed_by_plan_year() {
    let home = Home::new().await;
    let approved = |number: u32, amount| {
        let mut kept = kept(number);
        kept.case.approved_amount = amount;
        kept
    };
    let cases = vec![approved(1, Some(12_680)), approved(2, None), approved(3, Some(320))];
    let year = cases[0].case.plan_year;
    told(&home.store, 1, cases, vec![], vec![], vec![]).await.unwrap();
    assert_eq!(home.store.approved_total(year).await.unwrap(), 13_000);
    assert_eq!(home.store.approved_total(PlanYear(90)).await.unwrap(), 0);
}

/// A program that did not know rules has passed over them; the store asks for everything again, and keeps what it has.
#[tokio::test]
async fn an_earlier_store_asks_for_everything_again() {
    let home = Home::with_case(1).await;
    assert_ne!(home.store.cursor().await.unwrap(), 0);
    let home = home.back_at(1).await.reopened().await;
    assert_eq!(home.store.cursor().await.unwrap(), 0);
    assert_eq!(home.store.case(id(1)).await.unwrap(), Some(kept(1)));
    assert_eq!(home.store.rule_sets().await.unwrap(), []);
}
