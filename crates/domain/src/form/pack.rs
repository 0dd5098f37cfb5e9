//! The packs this program was built with, and the policy beside them.

use super::{FormDef, FormId, PackError};
use crate::{
    case::Process,
    certificate::{CertificateKind, CertificatePaper, CertificateText},
    certification::Certifying,
    eligibility::EligibilityRules,
    notice::{NoticeKind, NoticeText, NoticeTexts},
    policy::{CountyRules, Policy, PolicyBook, PolicyError},
    time::PlanYear,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, sync::LazyLock};

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// Which definition a set of answers belongs to; stored in every revision.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormRef {
    /// The form.
    pub id: FormId,
    /// The pack's version.
    pub version: u32,
    /// SHA-256 of the definition's text with `\n` line ends, 64 hex digits.
    pub hash: String,
}

/// Every version of every form, and the policy book.
#[derive(Debug)]
pub struct Packs {
    forms: BTreeMap<(FormId, u32), (FormDef, FormRef)>,
    book: PolicyBook,
}

impl Packs {
    /// The packs and the policy inside this program. They are checked by a test, so that this cannot fail for a user.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Packs> =
            LazyLock::new(|| Packs::parse(FORM_FILES, POLICY_FILES).expect("the packs inside the program were tested"));
        &BUILT_IN
    }

    /// Reads packs (`forms/<id>/v<N>/form.toml`) and policy files, each as name and text.
    ///
    /// # Errors
    /// The first fault, with file and line.
    pub fn parse(forms: &[(&str, &str)], policy: &[(&str, &str)]) -> Result<Self, PackError> {
        let book = PolicyBook::parse(policy.iter().copied()).map_err(|error| PackError {
            file: error.file,
            line: error.line,
            reason: error.reason,
        })?;
        let mut packs = BTreeMap::new();
        for (file, text) in forms {
            let def = FormDef::parse(file, text, &|name| book.has_list(name), &|name| book.has_number(name))?;
            // Line ends differ between the systems a program is built on; the definition does not.
            let hash = hex::encode(Sha256::digest(text.replace("\r\n", "\n").as_bytes()));
            let form = FormRef { id: def.id.clone(), version: def.version, hash };
            let expected = format!("forms/{}/v{}/form.toml", def.id, def.version);
            if !file.ends_with(&expected) {
                let reason = format!("this is {expected}, but it lies elsewhere");
                return Err(PackError { file: (*file).to_owned(), line: 1, reason });
            }
            packs.insert((def.id.clone(), def.version), (def, form));
        }
        let has = |form: &FormId, key: &str| {
            let versions =
                packs.iter().filter(|((id, _), _)| id == form).map(|(_, (def, _)): (_, &(FormDef, FormRef))| def);
            versions.map(|def| def.field(key).is_some()).reduce(|one, other| one || other)
        };
        if let Some(PolicyError { file, line, reason }) = book.misspelt_convener(has) {
            return Err(PackError { file, line, reason });
        }
        Ok(Self { forms: packs, book })
    }

    /// The newest version of every form.
    pub fn newest(&self) -> impl Iterator<Item = (&FormDef, &FormRef)> {
        let mut newest: BTreeMap<&FormId, &(FormDef, FormRef)> = BTreeMap::new();
        for ((id, _), pack) in &self.forms {
            newest.insert(id, pack);
        }
        newest.into_values().map(|(def, form)| (def, form))
    }

    /// Every version of every form.
    pub fn all(&self) -> impl Iterator<Item = (&FormDef, &FormRef)> {
        self.forms.values().map(|(def, form)| (def, form))
    }

    /// The version of a form for a plan year: the newest that does not begin later. Years before the first version use it.
    pub fn for_year(&self, id: &FormId, year: PlanYear) -> Option<(&FormDef, &FormRef)> {
        let versions = || self.forms.range((id.clone(), 0)..=(id.clone(), u32::MAX)).map(|(_, pack)| pack);
        let pack = versions().rev().find(|(def, _)| def.plan_year <= year.0).or_else(|| versions().next())?;
        Some((&pack.0, &pack.1))
    }

    /// The versions of a form before this one, oldest first.
    pub fn earlier(&self, form: &FormDef) -> Vec<&FormDef> {
        self.forms.range((form.id.clone(), 0)..(form.id.clone(), form.version)).map(|(_, (def, _))| def).collect()
    }

    /// One version of a form.
    pub fn get(&self, id: &FormId, version: u32) -> Option<(&FormDef, &FormRef)> {
        self.forms.get(&(id.clone(), version)).map(|(def, form)| (def, form))
    }

    /// The words of a message; a test sees to it that every kind has some.
    pub fn notice(&self, kind: NoticeKind) -> Option<&NoticeText> {
        self.book.notice(kind)
    }

    /// The words of every message and of mails.
    pub fn notices(&self) -> &NoticeTexts {
        self.book.notices()
    }

    /// On which days before the end of a window somebody is reminded.
    pub fn reminders(&self) -> &[u16] {
        self.book.reminders()
    }

    /// The words of a certificate or a proof of training.
    pub fn certificate(&self, kind: CertificateKind, paper: CertificatePaper) -> Option<&CertificateText> {
        self.book.certificate(kind, paper)
    }

    /// How a certification is run in a county's cases of a plan year; none for a process that is no certification.
    pub fn certifying(&self, process: Process, year: PlanYear, county: &str) -> Option<&Certifying> {
        self.book.certifying(process, year, county)
    }

    /// What a certification asks for in a plan year and county.
    pub fn eligibility(&self, name: &str, year: PlanYear, county: Option<&str>) -> Option<EligibilityRules> {
        self.book.eligibility(name, year, county)
    }

    /// The rules of a county in a plan year, with what the county's office has set itself.
    pub fn policy_with(&self, year: PlanYear, county: Option<&str>, own: Option<&CountyRules>) -> Policy {
        let shipped = self.policy(year, county);
        match own {
            Some(own) => shipped.with(own),
            None => shipped,
        }
    }

    /// Whether there is a county of this name.
    pub fn has_county(&self, name: &str) -> bool {
        let districts = self.policy(PlanYear(u16::MAX), None);
        let mut districts = districts.list("county_districts").iter();
        districts.any(|district| district.zh.split_once(" / ").is_some_and(|(county, _)| county == name))
    }

    /// What ships with the program for a county in a plan year.
    pub fn policy(&self, year: PlanYear, county: Option<&str>) -> Policy {
        self.book.policy(year, county)
    }
}
