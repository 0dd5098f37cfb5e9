//! 資格檢核: whether somebody may apply for a certification, line by line as the screen shows it (`forms.md` §3.1), each with the
//! figures it was computed from. What is asked for is dated data, one section of `policy/certification.toml` for each certification.
//!
//! Two readings of ours, marked `推定` in the data where they are data:
//! - A month counts from its first day, so 三年 are full on the first of the same month three years later.
//! - Hours of different periods: those of an earlier plan are never lost. Whoever finished a plan within its own period has finished,
//!   and where a later plan says so (`with_earlier`) hours of the earlier ones count towards its own. So more training never makes
//!   anybody less eligible.

use crate::{
    case::Process,
    certificate::CertificateKind,
    form::Packs,
    record::{Hours, PersonRecord, Training, TrainingKind},
    time::{PlanYear, YearMonth},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What a certification asks for, in the plan years it is dated by. What a section leaves out is not asked for and makes no line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EligibilityRules {
    /// First and last plan year; open where absent.
    pub(crate) from_year: Option<u16>,
    pub(crate) to_year: Option<u16>,
    /// Where it comes from: kept beside the data for the office that maintains it, required so that nobody forgets it.
    #[serde(rename = "source")]
    _source: String,
    /// 身份: 現職正式教師.
    #[serde(default)]
    pub(crate) serving: bool,
    /// 正式教師年資, in full years.
    pub(crate) tenured_years: Option<u32>,
    /// 實際教學年資.
    pub(crate) teaching_years: Option<u32>,
    /// 證號.
    pub(crate) certificate: Option<CertificateRule>,
    /// 研習時數 and 研習年度.
    pub(crate) training: Option<TrainingRule>,
}

/// A certificate that has to be held, and the training that will do instead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CertificateRule {
    pub(crate) kinds: Vec<CertificateKind>,
    pub(crate) instead: Option<InsteadRule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InsteadRule {
    #[serde(rename = "source")]
    _source: String,
    pub(crate) kind: TrainingKind,
    pub(crate) from: NaiveDate,
    pub(crate) hours: u32,
    /// Counties that ask for the certificate itself (依照縣市規定).
    #[serde(default)]
    pub(crate) refused_by: Vec<String>,
}

/// Hours that have to be taken, by the period in which they were.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrainingRule {
    #[serde(rename = "source")]
    _source: String,
    pub(crate) kind: TrainingKind,
    /// So many 學年度 up to that of the application.
    pub(crate) plan_years: u16,
    pub(crate) periods: Vec<PeriodRule>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodRule {
    #[serde(rename = "source")]
    _source: String,
    pub(crate) from: NaiveDate,
    pub(crate) to: Option<NaiveDate>,
    pub(crate) hours: u32,
    /// Hours of earlier periods count too.
    #[serde(default)]
    pub(crate) with_earlier: bool,
}

impl EligibilityRules {
    /// What makes the section unusable; a rule that nobody could fulfil or would follow is a slip of the hand.
    pub(crate) fn fault(&self, is_county: &dyn Fn(&str) -> bool) -> Option<String> {
        if let Some(rule) = &self.certificate {
            if rule.kinds.is_empty() {
                return Some("a certificate of no kind".to_owned());
            }
            let mut counties = rule.instead.iter().flat_map(|instead| &instead.refused_by);
            if let Some(county) = counties.find(|county| !is_county(county)) {
                return Some(format!("no county {county}"));
            }
        }
        let Some(rule) = &self.training else { return None };
        if rule.plan_years == 0 || rule.periods.is_empty() {
            return Some("training within no time".to_owned());
        }
        if rule.periods.iter().any(|period| period.to.is_some_and(|to| to < period.from)) {
            return Some("a period ends before it begins".to_owned());
        }
        let pairs = || rule.periods.iter().zip(rule.periods.iter().skip(1));
        pairs()
            .any(|(a, b)| a.to.is_none_or(|to| to >= b.from))
            .then(|| "periods come one after the other, the earliest first".to_owned())
    }

    /// As it holds in a county.
    pub(crate) fn in_county(mut self, county: Option<&str>) -> Self {
        if let Some(rule) = &mut self.certificate {
            rule.instead.take_if(|instead| instead.refused_by.iter().any(|name| Some(name.as_str()) == county));
        }
        self
    }
}

/// Whether somebody may apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Eligibility {
    /// The plan year of the application.
    pub plan_year: PlanYear,
    /// The lines, in the order of the screen.
    pub lines: Vec<EligibilityLine>,
}

impl Eligibility {
    /// The names of the lines that are not fulfilled, as a refusal gives them.
    pub fn unmet(&self) -> Vec<String> {
        self.lines.iter().filter(|line| !line.met).map(|line| line.asked.code().to_owned()).collect()
    }

    /// Whether every line is fulfilled.
    pub fn is_eligible(&self) -> bool {
        self.lines.iter().all(|line| line.met)
    }
}

/// One line of 資格檢核.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct EligibilityLine {
    /// Fulfilled; else 資格不符.
    pub met: bool,
    /// What is asked for, and what there is.
    pub asked: Asked,
}

/// What a line asks for, and the figures it was judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Asked {
    /// 身份: 現職正式教師.
    Identity {
        /// What the profile says; none: nothing.
        serving: Option<bool>,
    },
    /// 正式教師年資.
    TenuredYears {
        /// 取得正式教師時間; none: 未取得正式教師.
        since: Option<YearMonth>,
        /// Full years until today.
        years: u32,
        /// Full years asked for.
        needed: u32,
    },
    /// 實際教學年資.
    TeachingYears {
        /// What the profile says.
        years: u32,
        /// Asked for.
        needed: u32,
    },
    /// 證號.
    EntryCert {
        /// Of these kinds one.
        kinds: Vec<CertificateKind>,
        /// 證號 that is held.
        number: Option<String>,
        /// Training that will do instead; none: not in this county.
        instead: Option<InsteadHours>,
    },
    /// 研習時數.
    TrainingHours {
        /// Of this kind of training.
        kind: TrainingKind,
        /// By period, the newest first.
        periods: Vec<PeriodHours>,
    },
    /// 研習年度.
    TrainingYear {
        /// First day of the earliest 學年度 that counts.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        from: NaiveDate,
        /// Last day of the plan year.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        to: NaiveDate,
        /// How many 學年度 that are.
        plan_years: u16,
        /// Hours between the two.
        within: Hours,
        /// Hours on other days, which do not count.
        outside: Hours,
    },
}

impl Asked {
    /// The name of the line in a refusal (`not_eligible`), which is its tag.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identity { .. } => "identity",
            Self::TenuredYears { .. } => "tenured_years",
            Self::TeachingYears { .. } => "teaching_years",
            Self::EntryCert { .. } => "entry_cert",
            Self::TrainingHours { .. } => "training_hours",
            Self::TrainingYear { .. } => "training_year",
        }
    }
}

/// Training in the place of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InsteadHours {
    /// Of this kind.
    pub kind: TrainingKind,
    /// Taken on this day or later.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// Hours that count.
    pub hours: Hours,
    /// Hours asked for.
    pub needed: Hours,
}

/// The hours of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PeriodHours {
    /// From this day on.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: NaiveDate,
    /// To this day; none: open.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub to: Option<NaiveDate>,
    /// Hours that count towards it.
    pub hours: Hours,
    /// Hours asked for.
    pub needed: Hours,
    /// Hours of earlier periods are among those that count.
    pub with_earlier: bool,
}

/// The lines that stand against opening a case of this process; none where it asks for nothing.
pub fn unmet_for(
    process: Process,
    record: &PersonRecord,
    plan_year: PlanYear,
    county: Option<&str>,
    today: NaiveDate,
) -> Vec<String> {
    let rules = process.certificate().and_then(|kind| Packs::built_in().eligibility(kind.code(), plan_year, county));
    rules.map(|rules| eligibility(record, &rules, plan_year, today).unmet()).unwrap_or_default()
}

/// Judges a record by the rules of a certification, for an application in a plan year, on a day.
pub fn eligibility(
    record: &PersonRecord,
    rules: &EligibilityRules,
    plan_year: PlanYear,
    today: NaiveDate,
) -> Eligibility {
    let profile = &record.profile;
    let mut lines = Vec::new();
    let mut say = |met, asked| lines.push(EligibilityLine { met, asked });
    if rules.serving {
        say(profile.serving == Some(true), Asked::Identity { serving: profile.serving });
    }
    if let Some(needed) = rules.tenured_years {
        let since = profile.tenured_since;
        let years = since.map_or(0, |since| since.full_years_to(today));
        // 未取得正式教師 has no years, and fulfils not even a rule that asks for none.
        say(since.is_some() && years >= needed, Asked::TenuredYears { since, years, needed });
    }
    if let Some(needed) = rules.teaching_years {
        let years = profile.teaching_years;
        say(years >= needed, Asked::TeachingYears { years, needed });
    }
    if let Some(rule) = &rules.certificate {
        let (met, asked) = certificate(record, rule, today);
        say(met, asked);
    }
    if let Some(rule) = &rules.training {
        let window = Window::of(rule, plan_year);
        // A training that is still to come has not been taken.
        let taken = || record.trainings.iter().filter(|training| training.kind == rule.kind && training.day <= today);
        let within: Vec<&Training> = taken().filter(|training| window.contains(training.day)).collect();
        let (met, asked) = training_hours(rule, &within);
        say(met, asked);
        let outside = taken().filter(|training| !window.contains(training.day)).map(|training| training.hours).sum();
        let hours: Hours = within.iter().map(|training| training.hours).sum();
        let Window { from, to } = window;
        let asked = Asked::TrainingYear { from, to, plan_years: rule.plan_years, within: hours, outside };
        say(!within.is_empty(), asked);
    }
    Eligibility { plan_year, lines }
}

fn certificate(record: &PersonRecord, rule: &CertificateRule, today: NaiveDate) -> (bool, Asked) {
    let held = record.counting().find(|certificate| rule.kinds.contains(&certificate.kind));
    let instead = rule.instead.as_ref().map(|instead| {
        let counts =
            |training: &&Training| training.kind == instead.kind && (instead.from..=today).contains(&training.day);
        InsteadHours {
            kind: instead.kind,
            from: instead.from,
            hours: record.trainings.iter().filter(counts).map(|training| training.hours).sum(),
            needed: Hours::whole(instead.hours),
        }
    });
    let will_do = instead.as_ref().is_some_and(|instead| instead.hours >= instead.needed);
    let number = held.map(|certificate| certificate.number.clone());
    (held.is_some() || will_do, Asked::EntryCert { kinds: rule.kinds.clone(), number, instead })
}

/// Days that count for 研習年度: whole 學年度 up to that of the application.
struct Window {
    from: NaiveDate,
    to: NaiveDate,
}

impl Window {
    fn of(rule: &TrainingRule, plan_year: PlanYear) -> Self {
        let first = PlanYear(plan_year.0.saturating_sub(rule.plan_years.saturating_sub(1)));
        Self { from: first.first_day(), to: plan_year.last_day() }
    }

    fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// Fulfilled when the hours of any period are.
fn training_hours(rule: &TrainingRule, within: &[&Training]) -> (bool, Asked) {
    let hours_of = |period: &PeriodRule| -> Hours {
        let lies = |training: &&&Training| training.day >= period.from && period.to.is_none_or(|to| training.day <= to);
        within.iter().filter(lies).map(|training| training.hours).sum()
    };
    let (mut periods, mut earlier) = (Vec::new(), Hours::default());
    for period in &rule.periods {
        let own = hours_of(period);
        periods.push(PeriodHours {
            from: period.from,
            to: period.to,
            hours: if period.with_earlier { own + earlier } else { own },
            needed: Hours::whole(period.hours),
            with_earlier: period.with_earlier,
        });
        earlier = earlier + own;
    }
    periods.reverse();
    (periods.iter().any(|period| period.hours >= period.needed), Asked::TrainingHours { kind: rule.kind, periods })
}
