//! What an office sets for a certification: who sits at which desk, and the slots (表件清單, `forms.md` §3.2) with the forms that
//! can be picked for each. All of it is data (`policy/certifying.toml`): a further certification is one more table of states and
//! one more section there.

use crate::{
    case::{Process, State},
    draft::Changes,
    form::{Answers, FormId, Label},
    people::Role,
    policy::StampRule,
    time::PlanYear,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The name under which a person's picks are kept and carried between computers: as a draft like any other, merged field by
/// field. It is no form; nothing is ever printed or sent of it.
pub const PICKS: &str = "adv_slots";

/// A desk in the offices. Which part sits at it is the office's to say, because no source names it for all of them
/// (`workflows.md` §6, §12.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Desk {
    /// 形式審查.
    FormReview,
    /// 分發委員.
    Assign,
    /// 判定, and whether an appeal is taken.
    Decide,
    /// 產證: results are published.
    Certificates,
}

impl Desk {
    /// Every desk.
    pub const ALL: [Self; 4] = [Self::FormReview, Self::Assign, Self::Decide, Self::Certificates];
}

/// Which part sits at each desk.
pub type Desks = BTreeMap<Desk, Role>;

/// A slot of the 表件清單.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Its key, as in `forms.md` §3.2.
    pub key: String,
    /// Its name.
    pub name: Label,
    /// The forms one can pick, in the order of the list.
    pub forms: Vec<FormId>,
    /// Further forms may lie beside the picked one (若使用兩種以上工具).
    #[serde(default)]
    pub more: bool,
    /// It opens again for corrections after a review.
    #[serde(default)]
    pub corrected: bool,
}

/// What an office sets for a certification from a plan year on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certifying {
    /// Which certification.
    pub process: Process,
    /// The first plan year; open where absent.
    pub from_year: Option<u16>,
    /// The last plan year; open where absent.
    pub to_year: Option<u16>,
    /// The county for which it holds; none: for those that have none of their own.
    pub county: Option<String>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    pub(crate) _source: String,
    /// Days, holidays among them, within which one may appeal.
    pub appeal_days: u16,
    /// Who sits at which desk.
    pub desks: Desks,
    /// How many reviewers a case gets in each round.
    pub reviewers: BTreeMap<super::Round, u8>,
    /// The forms of which a stamped copy goes along (`forms.md` §3.3, §3.4, §3.8: 上傳用印完成紙本文件).
    #[serde(default)]
    pub stamps: BTreeMap<FormId, StampRule>,
    /// The slots.
    pub slots: Vec<Slot>,
}

impl Certifying {
    /// Whether it holds in this plan year.
    pub(crate) fn holds(&self, process: Process, year: PlanYear) -> bool {
        self.process == process
            && self.from_year.is_none_or(|from| from <= year.0)
            && self.to_year.is_none_or(|to| year.0 <= to)
    }

    /// What is wrong with it; none: nothing.
    pub(crate) fn fault(&self) -> Option<String> {
        let mut keys = BTreeSet::new();
        let mut forms = BTreeSet::new();
        let offered = |form: &FormId| self.slots.iter().any(|slot| slot.forms.contains(form));
        if let Some(form) = self.stamps.keys().find(|form| !offered(form)) {
            return Some(format!("{form} is stamped, but no slot offers it"));
        }
        for slot in &self.slots {
            if !keys.insert(&slot.key) {
                return Some(format!("slot {} is there twice", slot.key));
            }
            if slot.forms.is_empty() {
                return Some(format!("slot {} offers no form", slot.key));
            }
            if let Some(form) = slot.forms.iter().find(|form| !forms.insert(*form)) {
                return Some(format!("{form} is offered twice"));
            }
        }
        let lacking = Desk::ALL.into_iter().find(|desk| !self.desks.contains_key(desk));
        lacking.map(|desk| format!("nobody sits at {desk:?}"))
    }

    /// Who sits at a desk.
    pub fn at(&self, desk: Desk) -> Option<Role> {
        self.desks.get(&desk).copied()
    }

    /// The slot of a form.
    pub fn slot_of(&self, form: &FormId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.forms.contains(form))
    }

    /// The slots the owner can fill in a state: all of them at first, those of the three observation papers at a correction
    /// (`workflows.md` A8, A15).
    pub fn open_slots(&self, state: State) -> Vec<&Slot> {
        match state {
            State::Preparing => self.slots.iter().collect(),
            State::FirstFix | State::AppealFix => self.slots.iter().filter(|slot| slot.corrected).collect(),
            _ => Vec::new(),
        }
    }

    /// So many reviewers a case gets in a round, at least one.
    pub fn reviewers_in(&self, round: super::Round) -> usize {
        self.reviewers.get(&round).copied().unwrap_or(1).max(1).into()
    }
}

/// Which form was picked for each slot. Slots of one form need no picking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picks(BTreeMap<String, Vec<FormId>>);

/// The key under which further forms of a slot are kept.
fn more_key(slot: &str) -> String {
    format!("{slot}_more")
}

impl Picks {
    /// What a draft of picks says about these slots. A form the slot does not offer is no pick.
    pub fn read(slots: &[Slot], draft: &Answers) -> Self {
        let mut picks = BTreeMap::new();
        for slot in slots {
            let offered = |text: &str| slot.forms.iter().find(|form| form.as_str() == text).cloned();
            let first = match slot.forms.as_slice() {
                [only] => Some(only.clone()),
                _ => offered(draft.text(&slot.key)),
            };
            let mut forms: Vec<FormId> = first.into_iter().collect();
            if slot.more && !forms.is_empty() {
                let more = draft.get(&more_key(&slot.key)).and_then(Value::as_array).into_iter().flatten();
                for form in more.filter_map(Value::as_str).filter_map(offered) {
                    if !forms.contains(&form) {
                        forms.push(form);
                    }
                }
            }
            picks.insert(slot.key.clone(), forms);
        }
        Self(picks)
    }

    /// The first form of each slot.
    pub fn first(slots: &[Slot]) -> Self {
        Self(slots.iter().map(|slot| (slot.key.clone(), slot.forms.first().cloned().into_iter().collect())).collect())
    }

    /// What these papers are: the first of each slot is its primary one.
    pub fn of<'a>(slots: &[Slot], forms: impl IntoIterator<Item = &'a FormId>) -> Self {
        let forms: Vec<&FormId> = forms.into_iter().collect();
        let of = |slot: &Slot| forms.iter().copied().filter(|form| slot.forms.contains(form)).cloned().collect();
        Self(slots.iter().map(|slot| (slot.key.clone(), of(slot))).collect())
    }

    /// What is picked for a slot, the primary form first.
    pub fn forms(&self, slot: &str) -> &[FormId] {
        self.0.get(slot).map_or(&[], Vec::as_slice)
    }

    /// The change to a draft of picks that picks these forms for a slot, the primary one first.
    pub fn change(slot: &Slot, forms: &[FormId]) -> Changes {
        let mut changes = Changes::new();
        let (first, more) =
            forms.split_first().map_or((Value::Null, &[] as &[FormId]), |(first, more)| (json!(first), more));
        changes.insert(slot.key.clone(), first);
        if slot.more {
            let more = if more.is_empty() { Value::Null } else { json!(more) };
            changes.insert(more_key(&slot.key), more);
        }
        changes
    }
}
