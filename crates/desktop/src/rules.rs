//! 縣市規定 on this computer: the rules every question of a seat is judged by, and the county's own page to set them. What is
//! typed lies in the store until the service has taken it as the next version; taking it needs the line.

use crate::{Desktop, Seat, failure::of_store, papers::Paper};
use domain::{
    case::Case,
    form::{COUNTY_HINTS, FieldDef, FieldKind, Opt, Options, Packs},
    ids::RuleSetId,
    people::Role,
    policy::{CountyRuleSet, CountyRules, Policy, RuleChange, STAMPABLE, rules_to_begin_with},
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};
use wire::{
    Code, Failure,
    http::RulesPut,
    rules::{RulesForm, RulesKeep, RulesOf, RulesSave, RulesTyped, RulesVersion, RulesView},
};

/// The versions that the store has, at hand for every question.
#[derive(Debug, Default)]
pub(crate) struct KnownRules(RwLock<Arc<Vec<CountyRuleSet>>>);

impl KnownRules {
    fn all(&self) -> Arc<Vec<CountyRuleSet>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What was typed and the service has not taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Typed {
    /// The id it is sent under.
    id: RuleSetId,
    /// The version it was typed on.
    base: u32,
    /// It was sent once; whether it arrived is not known.
    tried: bool,
    /// Ids under which other words of the same typing were sent; whether one arrived is not known.
    earlier: Vec<RuleSetId>,
    rules: CountyRules,
    kept_at: Timestamp,
}

impl Seat {
    /// The rules for the person's own county.
    pub(crate) fn policy(&self, year: PlanYear) -> Policy {
        self.policy_in(self.actor.own_county(), year)
    }

    /// The rules a case is judged by: those of its own county and plan year.
    pub(crate) fn policy_of(&self, case: &Case) -> Policy {
        self.policy_in(Some(&case.school.county), case.plan_year)
    }

    /// The rules a paper is shown and printed by: what stands on one that was sent is an option, whatever the county offers since.
    pub(crate) fn policy_at(&self, case: &Case, paper: &Paper) -> Policy {
        let mut policy = self.policy_of(case);
        if !paper.editable {
            keep_chosen(&mut policy, &mut paper.def.fields(), &paper.checked.answers.0);
        }
        policy
    }

    pub(crate) fn policy_in(&self, county: Option<&str>, year: PlanYear) -> Policy {
        let known = self.rules.all();
        let of_year = known.iter().filter(|set| Some(set.county.as_str()) == county && set.plan_year == year);
        let newest = of_year.max_by_key(|set| set.version);
        Packs::built_in().policy_with(year, county, newest.map(|set| &set.rules))
    }

    /// Takes the rules from the store; after a pull, and when somebody sits down.
    pub(crate) async fn load_rules(&self) -> Result<(), Failure> {
        let sets = self.store.rule_sets().await.map_err(of_store)?;
        *self.rules.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(sets);
        Ok(())
    }

    /// Keeps versions that the service told.
    pub(crate) async fn take_rules(&self, sets: &[CountyRuleSet]) -> Result<(), Failure> {
        if sets.is_empty() {
            return Ok(());
        }
        self.store.put_rule_sets(sets).await.map_err(of_store)?;
        self.load_rules().await
    }

    fn sets_rules(&self) -> bool {
        self.actor.role == Role::County
    }

    async fn typed_rules(&self, year: PlanYear) -> Result<Option<Typed>, Failure> {
        let kept = self.store.meta(&typed_name(year)).await.map_err(of_store)?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()))
    }

    async fn keep_typed(&self, year: PlanYear, typed: Option<&Typed>) -> Result<(), Failure> {
        self.store.put_meta(&typed_name(year), &json!(typed)).await.map_err(of_store)
    }
}

/// Adds what was chosen to the lists it was chosen from.
fn keep_chosen(policy: &mut Policy, fields: &mut dyn Iterator<Item = &FieldDef>, answers: &Map<String, Value>) {
    for field in fields {
        let answer = answers.get(&field.key);
        match &field.kind {
            FieldKind::Choice { options: Options::Policy { list } }
            | FieldKind::Choices { options: Options::Policy { list } } => {
                let several = answer.and_then(Value::as_array).into_iter().flatten();
                for zh in answer.into_iter().chain(several).filter_map(Value::as_str) {
                    let options = policy.lists.entry(list.clone()).or_default();
                    if !zh.is_empty() && options.iter().all(|option| option.zh != zh) {
                        options.push(Opt::plain(zh));
                    }
                }
            }
            FieldKind::Rows { fields, .. } => {
                for row in answer.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object) {
                    keep_chosen(policy, &mut fields.iter(), row);
                }
            }
            FieldKind::Group { fields } => {
                if let Some(group) = answer.and_then(Value::as_object) {
                    keep_chosen(policy, &mut fields.iter(), group);
                }
            }
            _ => {}
        }
    }
}

/// The name under which the store keeps what was typed for a plan year.
fn typed_name(year: PlanYear) -> String {
    format!("county_rules_typed.{year}")
}

fn own_county(seat: &Seat) -> Result<String, Failure> {
    let county = seat.actor.own_county().map(str::to_owned);
    county.ok_or_else(|| Failure::new(Code::NotYours, "this account belongs to no county"))
}

/// A county's versions, and what ships beside them.
struct Book {
    county: String,
    sets: Vec<CountyRuleSet>,
}

impl Book {
    fn of(seat: &Seat) -> Result<Self, Failure> {
        let county = own_county(seat)?;
        let known = seat.rules.all();
        let sets = known.iter().filter(|set| set.county == county).cloned().collect();
        Ok(Self { county, sets })
    }

    /// What is in force in a plan year, and its version; 0 where the county has set none of its own for it.
    fn in_force(&self, year: PlanYear) -> (CountyRules, u32) {
        let shipped = Packs::built_in().policy(year, Some(&self.county));
        let (rules, set) = rules_to_begin_with(&self.sets, year, &shipped);
        (rules, set.map_or(0, |set| set.version))
    }

    fn version(&self, year: PlanYear, version: u32) -> Option<&CountyRuleSet> {
        self.sets.iter().find(|set| set.plan_year == year && set.version == version)
    }

    /// The rules that version `version` was typed on.
    fn before(&self, year: PlanYear, version: u32) -> CountyRules {
        match self.version(year, version) {
            Some(set) => set.rules.clone(),
            None => {
                let shipped = Packs::built_in().policy(year, Some(&self.county));
                let earlier = self.sets.iter().filter(|set| set.plan_year < year);
                rules_to_begin_with(earlier, year, &shipped).0
            }
        }
    }

    fn versions(&self, year: PlanYear) -> Vec<RulesVersion> {
        let of_year = self.sets.iter().filter(|set| set.plan_year == year);
        let mut versions: Vec<RulesVersion> = of_year
            .map(|set| RulesVersion {
                version: set.version,
                at: set.at,
                by: set.by.name.clone(),
                changes: set.rules.changes_from(&self.before(year, set.version - 1)),
            })
            .collect();
        versions.sort_by_key(|version| std::cmp::Reverse(version.version));
        versions
    }
}

impl Desktop {
    /// The page 縣市規定: for the county to set, for its schools and teachers to read.
    ///
    /// # Errors
    /// `not_yours` for an account of no county; faults of the store.
    pub async fn open_rules(&self, of: &RulesOf) -> Result<RulesView, Failure> {
        let seat = self.seat().await?;
        let open_year = seat.plan_year().await?;
        let plan_year = of.plan_year.unwrap_or(open_year);
        let book = Book::of(&seat)?;
        let editable = seat.sets_rules();
        let (in_force, version) = book.in_force(plan_year);
        let typed = if editable { seat.typed_rules(plan_year).await? } else { None };
        let mut years: BTreeSet<PlanYear> = book.sets.iter().map(|set| set.plan_year).collect();
        years.extend([open_year, plan_year]);
        if editable {
            years.insert(PlanYear(open_year.0 + 1));
        }
        let rules = typed.as_ref().map_or_else(|| in_force.clone(), |typed| typed.rules.clone());
        Ok(RulesView {
            plan_year,
            plan_years: years.into_iter().rev().collect(),
            version,
            versions: book.versions(plan_year),
            problems: if editable { rules.validate() } else { Vec::new() },
            hints: COUNTY_HINTS.iter().map(|&name| name.to_owned()).collect(),
            stampable: stampable(plan_year),
            approved: match editable {
                true => Some(seat.store.approved_total(plan_year).await.map_err(of_store)?),
                false => None,
            },
            typed: typed.map(|typed| RulesTyped {
                kept_at: typed.kept_at,
                changes: typed.rules.clone().tidy().changes_from(&in_force),
                moved: moved(&book, plan_year, typed.base, version),
            }),
            county: book.county,
            rules,
            editable,
        })
    }

    /// Keeps what is being typed. On the disk when it returns; nothing is sent.
    ///
    /// # Errors
    /// `not_yours` for those who set no rules; faults of the store.
    pub async fn keep_rules(&self, keep: RulesKeep) -> Result<RulesView, Failure> {
        let seat = self.seat().await?;
        let typed = self.type_rules(&seat, keep.plan_year, keep.rules).await?;
        let (in_force, version) = Book::of(&seat)?.in_force(keep.plan_year);
        if typed.rules == in_force && typed.base == version && !typed.tried && typed.earlier.is_empty() {
            // Everything stands as it was: there is nothing to send.
            seat.keep_typed(keep.plan_year, None).await?;
        }
        self.open_rules(&RulesOf { plan_year: Some(keep.plan_year) }).await
    }

    async fn type_rules(&self, seat: &Seat, year: PlanYear, rules: CountyRules) -> Result<Typed, Failure> {
        if !seat.sets_rules() {
            return Err(Failure::new(Code::NotYours, "a county's rules are its own office's"));
        }
        let kept_at = self.now();
        let typed = match seat.typed_rules(year).await? {
            Some(typed) if typed.rules == rules => return Ok(typed),
            Some(mut typed) => {
                if typed.tried {
                    typed.earlier.push(typed.id);
                    typed.id = RuleSetId(self.new_id());
                }
                Typed { rules, kept_at, tried: false, ..typed }
            }
            None => {
                let base = Book::of(seat)?.in_force(year).1;
                let id = RuleSetId(self.new_id());
                Typed { id, base, tried: false, earlier: Vec::new(), rules, kept_at }
            }
        };
        seat.keep_typed(year, Some(&typed)).await?;
        Ok(typed)
    }

    /// Forgets what was typed: back to what is in force.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn revert_rules(&self, of: &RulesOf) -> Result<RulesView, Failure> {
        let seat = self.seat().await?;
        let plan_year = match of.plan_year {
            Some(year) => year,
            None => seat.plan_year().await?,
        };
        seat.keep_typed(plan_year, None).await?;
        self.open_rules(&RulesOf { plan_year: Some(plan_year) }).await
    }

    /// Sends the typed rules as the county's next version. Whatever goes wrong, what was typed stays.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`; `rules_invalid` with the problems; `rules_moved` when another officer saved meanwhile, whose
    /// version is here then; faults of the store.
    pub async fn save_rules(&self, save: RulesSave) -> Result<RulesView, Failure> {
        let seat = self.seat().await?;
        let year = save.plan_year;
        let mut typed = self.type_rules(&seat, year, save.rules).await?;
        let problems = typed.rules.clone().tidy().validate();
        if !problems.is_empty() {
            let params = json!({ "problems": problems });
            return Err(Failure::with(Code::RulesInvalid, params, "the rules have errors"));
        }
        if let Some(over) = save.over.filter(|over| *over != typed.base) {
            self.base_on(&mut typed, over);
        }
        typed.tried = true;
        seat.keep_typed(year, Some(&typed)).await?;
        let sent = self.send_rules(&seat, year, &typed).await;
        let set = match sent {
            Err(failure) if failure.code == Code::RulesMoved => {
                let newest = failure.params.get("newest").cloned();
                let newest: Option<CountyRuleSet> = newest.and_then(|newest| serde_json::from_value(newest).ok());
                let Some(newest) = newest else { return Err(failure) };
                // An earlier try of this very typing that arrived, though its answer did not, is nobody else's version.
                let own = newest.id == typed.id || typed.earlier.contains(&newest.id);
                let version = newest.version;
                seat.take_rules(&[newest]).await?;
                if !own {
                    return Err(failure);
                }
                self.base_on(&mut typed, version);
                seat.keep_typed(year, Some(&typed)).await?;
                self.send_rules(&seat, year, &typed).await?
            }
            sent => sent?,
        };
        seat.take_rules(&[set]).await?;
        seat.keep_typed(year, None).await?;
        self.open_rules(&RulesOf { plan_year: Some(year) }).await
    }

    /// The typing goes on from another version: it is sent as something new.
    fn base_on(&self, typed: &mut Typed, version: u32) {
        typed.base = version;
        typed.earlier.push(typed.id);
        typed.id = RuleSetId(self.new_id());
    }

    async fn send_rules(&self, seat: &Seat, year: PlanYear, typed: &Typed) -> Result<CountyRuleSet, Failure> {
        let county = own_county(seat)?;
        let put = RulesPut { id: typed.id, expect_version: typed.base, rules: typed.rules.clone().tidy() };
        let sent = async {
            seat.check_service(&self.line.hello().await?.service_id).await?;
            let token = seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))?;
            self.line.put_rules(&token, &county, year, &put).await
        };
        sent.await.inspect_err(|failure| {
            if failure.code == Code::Offline {
                self.set_online(false);
            }
        })
    }
}

/// What others changed since the version the typing began on; none when nobody saved.
fn moved(book: &Book, year: PlanYear, base: u32, version: u32) -> Option<Vec<RuleChange>> {
    (base < version).then(|| book.before(year, version).changes_from(&book.before(year, base)))
}

fn stampable(year: PlanYear) -> Vec<RulesForm> {
    let forms = STAMPABLE.iter().filter_map(|id| {
        let (def, _) = Packs::built_in().for_year(&id.parse().ok()?, year)?;
        Some(RulesForm { form: def.id.clone(), name: def.name.clone() })
    });
    forms.collect()
}
