//! 個人資料 on this computer: the record as the service told it, what the person has typed of their post since, and 資格檢核 from both,
//! with or without a line. What is typed is on the disk at once and is sent like everything else; 資料轉移 is answered over the line,
//! because it decides what the service keeps.

use crate::{Desktop, Seat, failure::of_store, sync::is_final};
use domain::{
    case::Process,
    certificate::CertificateKind,
    eligibility::eligibility,
    form::Packs,
    people::Role,
    record::{HeldCertificate, PersonRecord, Profile, Training},
    time::taipei_day,
    workflow::Refusal,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wire::{
    Code, Failure,
    record::{CertificatePapers, Certification, RecordView, TrainingLine, TransferPut},
    views::SyncReport,
};

/// The names under which the store keeps the record and what was typed.
const RECORD: &str = "record";
const TYPED: &str = "profile_typed";

/// What was typed of the post and the service has not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TypedProfile {
    profile: Profile,
    /// Why the service did not take it; none: it has not been asked yet.
    pub(crate) refused: Option<Failure>,
}

impl Seat {
    /// Only teachers and principals have a record.
    fn has_record(&self) -> bool {
        self.actor.role.part() == Role::Teacher
    }

    /// The record as the service told it last; none before it ever did.
    async fn record(&self) -> Result<Option<PersonRecord>, Failure> {
        let kept = self.store.meta(RECORD).await.map_err(of_store)?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()))
    }

    pub(crate) async fn keep_record(&self, record: &PersonRecord) -> Result<(), Failure> {
        self.store.put_meta(RECORD, &json!(record)).await.map_err(of_store)
    }

    /// The record with what was typed and waits to be sent; none: the service has not told of it yet.
    pub(crate) async fn judged_record(&self) -> Result<Option<PersonRecord>, Failure> {
        let (told, typed) = (self.record().await?, self.typed_profile().await?);
        Ok(told.map(|record| match typed {
            Some(typed) => PersonRecord { profile: typed.profile, ..record },
            None => record,
        }))
    }

    pub(crate) async fn typed_profile(&self) -> Result<Option<TypedProfile>, Failure> {
        let kept = self.store.meta(TYPED).await.map_err(of_store)?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()))
    }

    async fn keep_typed_profile(&self, typed: Option<&TypedProfile>) -> Result<(), Failure> {
        let typed = typed.map_or(Value::Null, |typed| json!(typed));
        self.store.put_meta(TYPED, &typed).await.map_err(of_store)
    }

    /// Lets go of what was typed, unless the person has typed something else meanwhile.
    async fn forget_typed_profile(&self, sent: &Profile) -> Result<(), Failure> {
        match self.typed_profile().await? {
            Some(typed) if typed.profile == *sent => self.keep_typed_profile(None).await,
            _ => Ok(()),
        }
    }
}

impl Desktop {
    /// The person's record with 資格檢核 of what can be applied for. For an office: that it has none.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn open_record(&self) -> Result<RecordView, Failure> {
        let seat = self.seat().await?;
        let (has_record, told) = (seat.has_record(), seat.judged_record().await?);
        let known = told.is_some();
        let typed = seat.typed_profile().await?;
        let record = told.unwrap_or_else(|| PersonRecord {
            profile: typed.as_ref().map(|typed| typed.profile.clone()).unwrap_or_default(),
            ..PersonRecord::default()
        });
        let (transfer, certificates): (Vec<HeldCertificate>, _) =
            record.certificates.iter().cloned().partition(|certificate| certificate.waits);
        let certificate_papers = certificates
            .iter()
            .map(|held| CertificatePapers { certificate: held.id, papers: record.papers_of(held) })
            .filter(|held| !held.papers.is_empty())
            .collect();
        Ok(RecordView {
            has_record,
            certificate_papers,
            waiting: typed.as_ref().is_some_and(|typed| typed.refused.is_none()),
            refused: typed.and_then(|typed| typed.refused),
            question: if known { record.question() } else { None },
            certifications: if has_record { self.certifications(&seat, &record).await? } else { Vec::new() },
            trainings: record.trainings.into_iter().map(with_year).collect(),
            profile: record.profile,
            certificates,
            transfer,
            known,
        })
    }

    async fn certifications(&self, seat: &Seat, record: &PersonRecord) -> Result<Vec<Certification>, Failure> {
        let (plan_year, today) = (seat.plan_year().await?, taipei_day(self.now()));
        let mut certifications = Vec::new();
        for kind in CertificateKind::ALL {
            let rules = Packs::built_in().eligibility(kind.code(), plan_year, seat.actor.own_county());
            let eligibility = rules.map(|rules| eligibility(record, &rules, plan_year, today));
            let process = Process::ALL.into_iter().find(|process| process.certificate() == Some(kind));
            let opened = match process {
                Some(process) => Some(self.try_open(seat, process).await?),
                None => None,
            };
            certifications.push(Certification {
                kind,
                eligible: eligibility.as_ref().is_some_and(|eligibility| eligibility.is_eligible()),
                eligibility,
                can_open: matches!(opened, Some(Ok(_))),
                open_missing: match opened {
                    Some(Err(Refusal::Missing(missing))) => missing,
                    _ => Vec::new(),
                },
            });
        }
        Ok(certifications)
    }

    /// Keeps what the person says of their post: on the disk when it returns, at the service when there is a line.
    ///
    /// # Errors
    /// `not_yours` for an office; `profile_invalid` with the problems; faults of the store.
    pub async fn keep_profile(&self, profile: Profile) -> Result<RecordView, Failure> {
        let seat = self.seat().await?;
        if !seat.has_record() {
            return Err(Failure::new(Code::NotYours, "only teachers and principals have a record"));
        }
        let problems = profile.validate(taipei_day(self.now()));
        if !problems.is_empty() {
            let params = json!({ "problems": problems });
            return Err(Failure::with(Code::ProfileInvalid, params, "the profile cannot be"));
        }
        seat.keep_typed_profile(Some(&TypedProfile { profile, refused: None })).await?;
        match self.at_the_service().await {
            Ok(token) => {
                if let Err(failure) = self.send_profile(&seat, &token, &mut SyncReport::default()).await {
                    tracing::info!(code = %failure.code, "the profile waits to be sent");
                }
            }
            // It waits, and the next sync takes it along.
            Err(failure) => tracing::info!(code = %failure.code, "the profile waits to be sent"),
        }
        self.open_record().await
    }

    /// Sends what waits of the profile. What the service will never take stays here with its reason.
    pub(crate) async fn send_profile(&self, seat: &Seat, token: &str, report: &mut SyncReport) -> Result<(), Failure> {
        let Some(typed) = seat.typed_profile().await?.filter(|typed| typed.refused.is_none()) else { return Ok(()) };
        match self.line.put_profile(token, &typed.profile).await {
            Ok(record) => {
                seat.keep_record(&record).await?;
                report.sent += 1;
                seat.forget_typed_profile(&typed.profile).await
            }
            Err(failure) if is_final(failure.code) => {
                report.refused += 1;
                seat.keep_typed_profile(Some(&TypedProfile { refused: Some(failure), ..typed })).await
            }
            Err(failure) => Err(failure),
        }
    }

    /// Asks for the record where none was ever told: a store that an earlier program used has passed over it.
    pub(crate) async fn first_record(&self, seat: &Seat, token: &str) -> Result<(), Failure> {
        if !seat.has_record() || seat.record().await?.is_some() {
            return Ok(());
        }
        match self.line.record(token).await {
            Ok(record) => seat.keep_record(&record).await,
            // A service that does not keep records yet.
            Err(failure) if is_final(failure.code) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Answers 資料轉移 for the certificates the person looked at. Where others wait by now, nothing is answered and they are here.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`; `transfer_moved`, `not_yours`; faults of the store.
    pub async fn answer_transfer(&self, put: &TransferPut) -> Result<RecordView, Failure> {
        let seat = self.seat().await?;
        let token = self.at_the_service().await?;
        let answered = self.heard(self.line.answer_transfer(&token, put).await);
        let record = match answered {
            Err(failure) if failure.code == Code::TransferMoved => {
                seat.keep_record(&self.heard(self.line.record(&token).await)?).await?;
                return Err(failure);
            }
            answered => answered?,
        };
        seat.keep_record(&record).await?;
        self.open_record().await
    }
}

fn with_year(training: Training) -> TrainingLine {
    TrainingLine { plan_year: training.plan_year(), training }
}
