//! How much what one person sent is like what another sent: a hint for the reviewer, who judges it by the lists of `policy/review.toml`
//! (`forms.md` §3.10, 達60%相仿 and 達90%相仿).
//!
//! What is compared is what the three observation papers say in words: texts of several lines and the sentences of tables, without
//! names, dates and choices, without signs and spaces, in one form of writing (NFKC). Such a text is the set of its runs of five
//! characters, its shingles. With A the shingles of this case and B those of another, this much of A stands in B too:
//!
//! containment c(A, B) = |A ∩ B| / |A|  (A. Broder, “On the resemblance and containment of documents”, SEQUENCES 1997)
//!
//! Because nobody compares fifty thousand cases word for word, each is kept as a [`Sketch`]: for each of 128 fixed ways to number
//! shingles the smallest number in the set. The part of the places in which two sketches agree is about the resemblance
//! r = |A ∩ B| / |A ∪ B|, and with the sizes of both sets c = r (|A| + |B|) / ((1 + r) |A|). The cases that come out as most alike
//! are then read and compared exactly.

use super::{Likeness, is_observation};
use crate::{
    case::{Case, SentPaper},
    form::{Answers, FieldDef, FieldKind, FormDef, FormId, ItemAnswer, Packs},
    ids::CaseId,
    policy::Policy,
};
use serde_json::Value;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;

/// Characters of a shingle.
const RUN: usize = 5;

/// Numbers of a sketch.
const WAYS: u64 = 128;

/// Hexadecimal digits of one number in a sketch's text.
const DIGITS: usize = 4;

/// So many of the cases that come out as most alike are read and compared exactly.
const READ: usize = 8;

/// A text column of a table is a sentence, and not a name or a number, where it has room for one: so many characters.
const ROOM_FOR_A_SENTENCE: u32 = 100;

/// Counts up when sketches are made in another way: kept ones of an earlier way say nothing about new ones.
pub const SKETCH_REVISION: i64 = 1;

/// What the observation papers of a case say in words, as shingles: form by form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    forms: Vec<(FormId, BTreeSet<u64>)>,
    characters: usize,
}

impl Said {
    /// What these papers say. `names` are those of the people in them, who are left out wherever they stand.
    pub fn in_papers<'a>(papers: impl IntoIterator<Item = &'a SentPaper>, owner: &str) -> Self {
        let mut said = Self { forms: Vec::new(), characters: 0 };
        for paper in papers.into_iter().filter(|paper| is_observation(&paper.form.id)) {
            let Some((def, _)) = Packs::built_in().get(&paper.form.id, paper.form.version) else { continue };
            let names = [owner, paper.answers.text("teacher_name"), paper.answers.text("observer")].map(normal);
            let texts = texts(def, &paper.answers).into_iter().map(|text| without(normal(text), &names));
            let texts: Vec<String> = texts.collect();
            said.characters += texts.iter().map(|text| text.chars().count()).sum::<usize>();
            said.forms.push((paper.form.id.clone(), texts.iter().flat_map(|text| shingles(text)).collect()));
        }
        said
    }

    /// What a case says.
    pub fn of(case: &Case) -> Self {
        Self::in_papers(&case.papers, &case.owner.name)
    }

    /// Whether there is enough of it to be compared (`policy/numbers.toml`).
    pub fn is_enough(&self, policy: &Policy) -> bool {
        let least = policy.number("similarity_characters").and_then(|least| usize::try_from(least).ok());
        self.characters >= least.unwrap_or(0).max(RUN)
    }

    fn all(&self) -> BTreeSet<u64> {
        self.forms.iter().flat_map(|(_, shingles)| shingles.iter().copied()).collect()
    }

    /// The sketch of it all.
    pub fn sketch(&self) -> Sketch {
        let all = self.all();
        let mut numbers = String::with_capacity(DIGITS * WAYS as usize);
        for way in 1..=WAYS {
            let smallest = all.iter().map(|shingle| mixed(shingle ^ mixed(way))).min().unwrap_or(way);
            // The lowest 16 bits are kept of it: two sketches agree by chance in one of 65,536 places (P. Li, A. C. König, “b-Bit
            // Minwise Hashing”, WWW 2010).
            numbers.push_str(&format!("{:04x}", smallest & 0xffff));
        }
        Sketch { shingles: u32::try_from(all.len()).unwrap_or(u32::MAX), numbers }
    }
}

/// A case in short, for comparing it with many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// How many shingles it has.
    pub shingles: u32,
    /// The smallest number in each way, four hexadecimal digits each.
    pub numbers: String,
}

impl Sketch {
    /// About how much of this one, 0 to 1, stands in another.
    pub fn containment(&self, other: &Self) -> f64 {
        let pairs = self.numbers.as_bytes().chunks_exact(DIGITS).zip(other.numbers.as_bytes().chunks_exact(DIGITS));
        let agreeing = pairs.filter(|(one, other)| one == other).count();
        if agreeing == 0 || self.shingles == 0 {
            return 0.0;
        }
        let resemblance = agreeing as f64 / WAYS as f64;
        let (own, others) = (f64::from(self.shingles), f64::from(other.shingles));
        (resemblance * (own + others) / ((1.0 + resemblance) * own)).min(1.0)
    }
}

/// The cases that come out as most alike while many are looked at, one after the other.
#[derive(Debug, Clone)]
pub struct Nearest {
    sketch: Sketch,
    found: Vec<(f64, CaseId)>,
}

impl Nearest {
    /// Nothing was looked at yet.
    pub fn to(sketch: Sketch) -> Self {
        Self { sketch, found: Vec::new() }
    }

    /// Looks at another person's case.
    pub fn look(&mut self, case: CaseId, other: &Sketch) {
        let about = self.sketch.containment(other);
        let last = self.found.last().filter(|_| self.found.len() == READ);
        if about == 0.0 || last.is_some_and(|(last, _)| about <= *last) {
            return;
        }
        let place = self.found.partition_point(|(before, _)| *before >= about);
        self.found.insert(place, (about, case));
        self.found.truncate(READ);
    }

    /// The cases to read and compare exactly, the most alike first.
    pub fn cases(&self) -> impl Iterator<Item = CaseId> {
        self.found.iter().map(|(_, case)| *case)
    }
}

/// The greatest likeness to one of these cases, compared exactly; none where it is less than is worth a hint
/// (`policy/numbers.toml`).
pub fn likeness<'a>(said: &Said, others: impl IntoIterator<Item = &'a Case>, policy: &Policy) -> Option<Likeness> {
    let all = said.all();
    let least = policy.number("similarity_least").and_then(|least| u8::try_from(least).ok()).unwrap_or(0);
    let with = |other: &Case| {
        let theirs = Said::of(other).all();
        let percent = percent(&all, &theirs);
        let form = said.forms.iter().max_by_key(|(_, shingles)| self::percent(shingles, &theirs))?.0.clone();
        Some(Likeness { percent, other: other.id, other_year: other.plan_year.0, form })
    };
    let found = others.into_iter().filter_map(with).filter(|found| found.percent >= least.max(1));
    found.max_by_key(|found| (found.percent, std::cmp::Reverse(found.other)))
}

/// Per cent of these shingles that stand in the others too, rounded down: 60 is not reached by 59.9.
fn percent(these: &BTreeSet<u64>, others: &BTreeSet<u64>) -> u8 {
    let common = these.intersection(others).count();
    u8::try_from(100 * common / these.len().max(1)).unwrap_or(100)
}

/// What a paper says in words.
fn texts<'a>(def: &FormDef, answers: &'a Answers) -> Vec<&'a str> {
    let mut texts = Vec::new();
    for field in def.fields() {
        texts.extend(answers.get(&field.key).into_iter().flat_map(|answer| in_field(field, answer)));
    }
    texts
}

fn in_field<'a>(field: &FieldDef, answer: &'a Value) -> Vec<&'a str> {
    match &field.kind {
        FieldKind::LongText { .. } | FieldKind::PerItem { of: ItemAnswer::LongText, .. } => strings(answer),
        FieldKind::Group { fields } => columns(fields, answer, &in_field),
        FieldKind::Rows { fields, .. } => {
            let rows = answer.as_array().into_iter().flatten();
            rows.flat_map(|row| columns(fields, row, &in_column)).collect()
        }
        _ => Vec::new(),
    }
}

fn in_column<'a>(field: &FieldDef, answer: &'a Value) -> Vec<&'a str> {
    match &field.kind {
        FieldKind::Text { max_chars, .. } if max_chars.is_none_or(|most| most >= ROOM_FOR_A_SENTENCE) => {
            strings(answer)
        }
        _ => in_field(field, answer),
    }
}

fn columns<'a>(fields: &[FieldDef], row: &'a Value, of: &dyn Fn(&FieldDef, &'a Value) -> Vec<&'a str>) -> Vec<&'a str> {
    fields.iter().filter_map(|field| Some(of(field, row.get(&field.key)?))).flatten().collect()
}

/// A text, or the texts of an object.
fn strings(answer: &Value) -> Vec<&str> {
    match answer {
        Value::String(text) => vec![text],
        Value::Object(items) => items.values().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A text in one form of writing, without signs and spaces.
fn normal(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name of one character would take words apart.
fn without(text: String, names: &[String]) -> String {
    names.iter().filter(|name| name.chars().count() > 1).fold(text, |text, name| text.replace(name.as_str(), ""))
}

fn shingles(text: &str) -> Vec<u64> {
    let signs: Vec<char> = text.chars().collect();
    signs.windows(RUN).map(|run| run.iter().fold(0, |hash, sign| mixed(hash ^ u64::from(*sign)))).collect()
}

/// A number that looks as if it had been drawn by lot, and is the same everywhere (the last step of SplitMix64: G. Steele, D. Lea,
/// C. Flood, “Fast splittable pseudorandom number generators”, OOPSLA 2014).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
