//! The policy files as an office writes them, read once, and what they say for a county in a plan year.

use super::{ConvenerFields, Policy, StampRule, Window, WindowKind};
use crate::{
    case::Process,
    certificate::{CertificateKind, CertificatePaper, CertificateText},
    certification::Certifying,
    eligibility::EligibilityRules,
    form::{FormId, Label, Opt, is_check, is_together_check, line_of},
    notice::{NoticeKind, NoticeText, NoticeTexts, RawMailWords, RawNotice, read_notices},
    time::PlanYear,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// `policy/lists.toml`, `policy/numbers.toml` and `policy/counties.toml` as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicyBook {
    lists: Vec<DatedList>,
    numbers: Vec<DatedNumber>,
    counties: Vec<ShippedRules>,
    notices: NoticeTexts,
    reminders: Vec<u16>,
    certificates: BTreeMap<(CertificateKind, CertificatePaper), CertificateText>,
    certifying: Vec<Certifying>,
    conveners: Vec<DatedConvener>,
    /// Where each of them stands, to say so when its form has no such field.
    convener_places: Vec<(String, usize)>,
    eligibility: BTreeMap<String, Vec<EligibilityRules>>,
}

/// A policy file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PolicyError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedList {
    name: String,
    /// First and last plan year; open where absent.
    from_year: Option<u16>,
    to_year: Option<u16>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    options: Vec<Opt>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedNumber {
    name: String,
    from_year: Option<u16>,
    to_year: Option<u16>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    /// Absent: the name is known, no office has set a value.
    value: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DatedConvener {
    from_year: Option<u16>,
    to_year: Option<u16>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    form: Spanned<FormId>,
    name: String,
    contact: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShippedRules {
    county: Spanned<String>,
    from_year: Option<u16>,
    to_year: Option<u16>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    #[serde(default)]
    strict_checks: BTreeSet<String>,
    #[serde(default)]
    stamps: BTreeMap<FormId, StampRule>,
    #[serde(default)]
    lists: BTreeMap<String, Vec<Opt>>,
    #[serde(default)]
    numbers: BTreeMap<String, i32>,
    #[serde(default)]
    windows: BTreeMap<WindowKind, Window>,
    message: Option<Label>,
    #[serde(default)]
    level_ceilings: BTreeMap<String, i32>,
    member_change: Option<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    #[serde(default)]
    list: Vec<DatedList>,
    #[serde(default)]
    number: Vec<DatedNumber>,
    #[serde(default)]
    county: Vec<ShippedRules>,
    #[serde(default)]
    notice: Vec<RawNotice>,
    mail: Option<RawMailWords>,
    reminders: Option<Reminders>,
    #[serde(default)]
    certificate: Vec<CertificateText>,
    #[serde(default)]
    certifying: Vec<Spanned<Certifying>>,
    #[serde(default)]
    convener: Vec<DatedConvener>,
    #[serde(default)]
    eligibility: BTreeMap<String, Vec<Spanned<EligibilityRules>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reminders {
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    days_before: Vec<u16>,
}

fn in_years(year: PlanYear, from: Option<u16>, to: Option<u16>) -> bool {
    from.is_none_or(|from| from <= year.0) && to.is_none_or(|to| year.0 <= to)
}

impl PolicyBook {
    /// Reads policy files: pairs of name and text. Tables `[[list]]`, `[[number]]`, `[[county]]`, `[[notice]]`, `[[certificate]]`,
    /// `[[convener]]`, `[[certifying]]` and `[[eligibility.NAME]]` may stand in any file.
    ///
    /// # Errors
    /// The first file that cannot be read, with the line.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, PolicyError> {
        let mut book = Self::default();
        let (mut counties, mut certifications) = (Vec::new(), Vec::new());
        for (file, text) in files {
            let read: PolicyFile = toml::from_str(text).map_err(|error| PolicyError {
                file: file.to_owned(),
                line: line_of(text, error.span().map_or(0, |span| span.start)),
                reason: error.message().to_owned(),
            })?;
            counties.extend(
                read.county.iter().map(|rules| (file, line_of(text, rules.county.span().start), rules.clone())),
            );
            book.lists.extend(read.list);
            book.numbers.extend(read.number);
            book.counties.extend(read.county);
            book.convener_places
                .extend(read.convener.iter().map(|own| (file.to_owned(), line_of(text, own.form.span().start))));
            book.conveners.extend(read.convener);
            read_notices(&mut book.notices, read.notice, read.mail).map_err(|(at, reason)| PolicyError {
                file: file.to_owned(),
                line: line_of(text, at),
                reason,
            })?;
            book.reminders.extend(read.reminders.into_iter().flat_map(|reminders| reminders.days_before));
            for how in read.certifying {
                let line = line_of(text, how.span().start);
                let how = how.into_inner();
                if let Some(reason) = how.fault() {
                    return Err(PolicyError { file: file.to_owned(), line, reason });
                }
                book.certifying.push(how);
            }
            book.certificates.extend(read.certificate.into_iter().map(|text| ((text.kind, text.paper), text)));
            for (name, sections) in read.eligibility {
                for section in sections {
                    let line = line_of(text, section.span().start);
                    let rules = section.into_inner();
                    certifications.push((file, line, rules.clone()));
                    book.eligibility.entry(name.clone()).or_default().push(rules);
                }
            }
        }
        for (file, line, rules) in &counties {
            book.fits(rules).map_err(|reason| PolicyError { file: (*file).to_owned(), line: *line, reason })?;
        }
        let places = book.policy(PlanYear(u16::MAX), None);
        let known = places.counties();
        // A file that is read without the list of districts cannot name a county wrongly.
        let is_county = |name: &str| known.is_empty() || known.contains(&name);
        for (file, line, rules) in &certifications {
            if let Some(reason) = rules.fault(&is_county) {
                return Err(PolicyError { file: (*file).to_owned(), line: *line, reason });
            }
        }
        Ok(book)
    }

    /// Whether everything a county names exists: a misspelt name would be a rule that nobody follows.
    fn fits(&self, rules: &ShippedRules) -> Result<(), String> {
        if let Some(name) = rules.strict_checks.iter().find(|name| !is_check(name) && !is_together_check(name)) {
            return Err(format!("unknown check {name}"));
        }
        if let Some(name) = rules.numbers.keys().find(|name| !self.has_number(name)) {
            return Err(format!("no number {name}"));
        }
        if let Some(name) = rules.lists.keys().find(|name| !self.has_list(name)) {
            return Err(format!("no list {name}"));
        }
        let level =
            |name: &&String| rules.lists.get("plc_levels").is_none_or(|list| list.iter().all(|o| o.zh != **name));
        if let Some(name) = rules.level_ceilings.keys().find(level) {
            return Err(format!("no level {name}"));
        }
        if rules.windows.values().any(|window| window.to < window.from) {
            return Err("a window closes before it opens".to_owned());
        }
        Ok(())
    }

    /// The words of a message; none when no file has them.
    pub fn notice(&self, kind: NoticeKind) -> Option<&NoticeText> {
        self.notices.get(kind)
    }

    /// The words of every message and of mails.
    pub fn notices(&self) -> &NoticeTexts {
        &self.notices
    }

    /// On which days before the end of a window somebody is reminded.
    pub fn reminders(&self) -> &[u16] {
        &self.reminders
    }

    /// The words of a certificate or a proof of training; none when no file has them.
    pub fn certificate(&self, kind: CertificateKind, paper: CertificatePaper) -> Option<&CertificateText> {
        self.certificates.get(&(kind, paper))
    }

    /// How a certification is run in a county's cases of a plan year; none for a process that is no certification.
    pub fn certifying(&self, process: Process, year: PlanYear, county: &str) -> Option<&Certifying> {
        let mut holding = self.certifying.iter().filter(|how| how.holds(process, year));
        let own = holding.clone().find(|how| how.county.as_deref() == Some(county));
        own.or_else(|| holding.find(|how| how.county.is_none()))
    }

    /// What a certification asks for in a plan year and county; none where no file has it.
    pub fn eligibility(&self, name: &str, plan_year: PlanYear, county: Option<&str>) -> Option<EligibilityRules> {
        let mut sections = self.eligibility.get(name)?.iter();
        let holds = |rules: &&EligibilityRules| in_years(plan_year, rules.from_year, rules.to_year);
        // Of two that hold, the later one replaces the earlier, as everywhere in these files.
        sections.rfind(holds).map(|rules| rules.clone().in_county(county))
    }

    /// The first answer called the convener's own that its form does not have: it could never be corrected, and nobody would
    /// notice. `has` says whether a form has a field; none for a form that was not read.
    pub(crate) fn misspelt_convener(&self, has: impl Fn(&FormId, &str) -> Option<bool>) -> Option<PolicyError> {
        let mut places = self.conveners.iter().zip(&self.convener_places);
        places.find_map(|(own, (file, line))| {
            let form = own.form.get_ref();
            let mut keys = std::iter::once(&own.name).chain(&own.contact);
            let key = keys.find(|key| has(form, key) == Some(false))?;
            Some(PolicyError { file: file.clone(), line: *line, reason: format!("{form} has no field {key}") })
        })
    }

    /// Whether any year or county knows a list of this name.
    pub fn has_list(&self, name: &str) -> bool {
        self.lists.iter().any(|list| list.name == name)
    }

    /// Whether the name of a number is known, set or not.
    pub fn has_number(&self, name: &str) -> bool {
        self.numbers.iter().any(|number| number.name == name)
    }

    /// The rules for a county in a plan year. A county's own lists, numbers and windows replace the general ones.
    pub fn policy(&self, plan_year: PlanYear, county: Option<&str>) -> Policy {
        let mut policy = Policy {
            plan_year,
            county: county.map(str::to_owned),
            lists: BTreeMap::new(),
            numbers: BTreeMap::new(),
            strict_checks: BTreeSet::new(),
            stamps: BTreeMap::new(),
            windows: BTreeMap::new(),
            message: None,
            level_ceilings: BTreeMap::new(),
            member_change: None,
            convener: Vec::new(),
        };
        for list in self.lists.iter().filter(|list| in_years(plan_year, list.from_year, list.to_year)) {
            policy.lists.insert(list.name.clone(), list.options.clone());
        }
        for number in self.numbers.iter().filter(|number| in_years(plan_year, number.from_year, number.to_year)) {
            if let Some(value) = number.value {
                policy.numbers.insert(number.name.clone(), value);
            }
        }
        for own in self.conveners.iter().filter(|own| in_years(plan_year, own.from_year, own.to_year)) {
            policy.convener.push(ConvenerFields {
                form: own.form.get_ref().clone(),
                name: own.name.clone(),
                contact: own.contact.clone(),
            });
        }
        for process in Process::ALL {
            let how = self.certifying(process, plan_year, county.unwrap_or_default());
            policy.stamps.extend(how.map(|how| how.stamps.clone()).unwrap_or_default());
        }
        let ours = |rules: &&ShippedRules| {
            Some(rules.county.get_ref().as_str()) == county && in_years(plan_year, rules.from_year, rules.to_year)
        };
        for rules in self.counties.iter().filter(ours) {
            policy.lists.extend(rules.lists.clone());
            policy.numbers.extend(rules.numbers.clone());
            policy.strict_checks.extend(rules.strict_checks.iter().cloned());
            policy.stamps.extend(rules.stamps.clone());
            policy.windows.extend(&rules.windows);
            policy.message = rules.message.as_ref().map(|message| message.zh.clone()).or(policy.message);
            policy.level_ceilings.extend(rules.level_ceilings.clone());
            policy.member_change = rules.member_change.as_ref().map(|note| note.zh.clone()).or(policy.member_change);
        }
        policy
    }
}
