//! Certificates: their kinds, their numbers and the words on them. Who gets one is the process's question, not this file's; the
//! words are data (`policy/certificates.toml`), because the office edits them.

use crate::{form::Label, record::Hours, time::PlanYear};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A kind of certificate (`forms.md` §3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// 初階認證.
    Entry,
    /// 進階認證.
    Advanced,
    /// 教學輔導認證.
    Mentor,
}

impl CertificateKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Entry, Self::Advanced, Self::Mentor];

    /// Its code, by which `policy/certification.toml` names what it asks for.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Advanced => "advanced",
            Self::Mentor => "mentor",
        }
    }

    /// The letter in its numbers.
    pub fn letter(self) -> char {
        match self {
            Self::Entry => 'A',
            Self::Advanced => 'B',
            Self::Mentor => 'C',
        }
    }

    /// 類別, in the platform's words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Entry => "初階認證",
            Self::Advanced => "進階認證",
            Self::Mentor => "教學輔導認證",
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.letter() == letter)
    }
}

/// The number of a certificate: 「臺北證號第B108000013號」, or in short `B108000013`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CertificateNumber {
    /// The county without 縣 or 市; none in the short form.
    pub county: Option<String>,
    /// The kind.
    pub kind: CertificateKind,
    /// The plan year (學年度), three digits.
    pub plan_year: PlanYear,
    /// The serial number within kind and year, 1 to 999,999.
    pub serial: u32,
}

/// The largest serial number: six digits.
const LAST_SERIAL: u32 = 999_999;

/// A number that is not written as the office writes them today; old certificates may have only a year. It is kept as a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a certificate number of today's form: {0}")]
pub struct NotACertificateNumber(pub String);

impl CertificateNumber {
    /// The number with this serial for a county's full name.
    ///
    /// # Errors
    /// The serial or the year has more digits than the number has room for, or the serial is 0.
    pub fn new(
        county: &str,
        kind: CertificateKind,
        plan_year: PlanYear,
        serial: u32,
    ) -> Result<Self, NotACertificateNumber> {
        if serial == 0 || serial > LAST_SERIAL || plan_year.0 > 999 {
            return Err(NotACertificateNumber(format!("{}{plan_year}/{serial}", kind.letter())));
        }
        Ok(Self { county: short_county(county), kind, plan_year, serial })
    }

    /// Without the county, as older lists have it.
    pub fn short(&self) -> String {
        format!("{}{:03}{:06}", self.kind.letter(), self.plan_year.0, self.serial)
    }
}

/// 臺北市 → 臺北; none for a blank name.
fn short_county(county: &str) -> Option<String> {
    let short = county.trim().trim_end_matches(['縣', '市']);
    (!short.is_empty()).then(|| short.to_owned())
}

impl fmt::Display for CertificateNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.county {
            Some(county) => write!(f, "{county}證號第{}號", self.short()),
            None => f.write_str(&self.short()),
        }
    }
}

impl FromStr for CertificateNumber {
    type Err = NotACertificateNumber;

    /// Reads both forms: an optional `XX證號第`, a letter, three digits of the year, six of the serial, an optional `號`.
    fn from_str(text: &str) -> Result<Self, NotACertificateNumber> {
        let wrong = || NotACertificateNumber(text.chars().take(64).collect());
        let (county, rest) = match text.trim().split_once("證號第") {
            Some((county, rest)) => (Some(county), rest),
            None => (None, text.trim()),
        };
        let is_county = |county: &str| (2..=3).contains(&county.chars().count()) && county.chars().all(is_han);
        let rest = rest.strip_suffix('號').unwrap_or(rest);
        let kind = rest.chars().next().and_then(CertificateKind::from_letter).ok_or_else(wrong)?;
        let digits = rest.get(1..).ok_or_else(wrong)?;
        let fits = digits.len() == 9 && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !fits || county.is_some_and(|county| !is_county(county)) {
            return Err(wrong());
        }
        let (plan_year, serial) = digits.split_at(3);
        let (plan_year, serial) = (plan_year.parse().map_err(|_| wrong())?, serial.parse().map_err(|_| wrong())?);
        if serial == 0 {
            return Err(wrong());
        }
        Ok(Self { county: county.map(str::to_owned), kind, plan_year: PlanYear(plan_year), serial })
    }
}

fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A paper that certifies something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CertificatePaper {
    /// The certificate itself (證書).
    Certificate,
    /// 數位研習證明: the training that was taken part in.
    Training,
}

/// What stands on such a paper besides its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The person.
    pub name: String,
    /// The school's full name.
    pub school: String,
    /// The kind.
    pub kind: CertificateKind,
    /// The plan year of the certification.
    pub plan_year: PlanYear,
    /// 證號 as it is kept, of whatever form.
    pub number: String,
    /// Hours of training, for the 數位研習證明.
    pub hours: Option<Hours>,
    /// 發證時間.
    pub issued_at: chrono::NaiveDate,
}

/// The words of such a paper. `{name}`, `{school}`, `{plan_year}` and `{hours}` stand for the facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateText {
    /// The kind of certificate it is for.
    pub kind: CertificateKind,
    /// The paper.
    pub paper: CertificatePaper,
    /// Where the words come from.
    pub source: String,
    /// How sure the wording is; `derived:recall`: to be checked with the office before it is relied on.
    pub mark: Option<String>,
    /// The title.
    pub title: Label,
    /// The sentence that certifies.
    pub body: Label,
    /// Who certifies.
    pub issuer: Label,
}

/// The places for facts in a [`CertificateText`].
const PLACES: [&str; 4] = ["name", "school", "plan_year", "hours"];

impl CertificateText {
    /// The sentence with the facts in their places.
    pub fn written(&self, facts: &CertificateFacts) -> String {
        let hours = facts.hours.map(|hours| hours.to_string()).unwrap_or_default();
        let values = [facts.name.as_str(), &facts.school, &facts.plan_year.to_string(), &hours].map(str::to_owned);
        // One pass over the text: a name that looks like a place is a name.
        let mut out = String::new();
        let mut rest = self.body.zh.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let place = PLACES
                .iter()
                .zip(&values)
                .find_map(|(place, value)| Some((value, after.strip_prefix(place)?.strip_prefix('}')?)));
            match place {
                Some((value, after)) => {
                    out.push_str(value);
                    rest = after;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}
