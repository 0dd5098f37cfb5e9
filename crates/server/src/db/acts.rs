//! Acts: the one place where a case changes. Everything that follows from an act (the event, the case, messages, the log) is
//! written in its transaction or not at all.

use super::{
    Db, DbError, accounts, appeals, args, audit, blobs, cases, certificates, code, county_rules, json, millis,
    notices::{self, NewNotice},
    records, reviewers, sketches, to_json,
};
use crate::mail::PostOffice;
use domain::{
    case::{Case, Deed, Event, Process},
    certification::{Desk, Named, Round},
    draft::{DraftHead, changes},
    eligibility::unmet_for,
    form::Answers,
    ids::{AccountId, BlobHash, CaseId, EventId},
    notice::{About, NoticeKind},
    people::{Actor, Role},
    policy::CountyRules,
    time::{PlanYear, Timestamp, taipei_day},
    workflow::{To, certifying},
};
use std::collections::BTreeMap;
use wire::{Code, Failure};

/// An act as it came.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The case.
    pub case: CaseId,
    /// The act's id.
    pub event: EventId,
    /// Hash of everything that was sent.
    pub hash: &'a str,
    /// Who.
    pub actor: &'a Actor,
    /// When the service got it.
    pub now: Timestamp,
    /// What is opened, when the act opens a case.
    pub opens: Option<(Process, PlanYear)>,
    /// Who shall become convener.
    pub target: Option<AccountId>,
    /// The files it names.
    pub blobs: &'a [BlobHash],
    /// The applications that a 總表 takes in.
    pub carried: Vec<CaseId>,
    /// The people it names as reviewers.
    pub reviewers: Vec<AccountId>,
    /// It issues a certificate, which needs the next number.
    pub issues: bool,
    /// What it sends of a certification, compared with what others sent.
    pub compared: Option<sketches::Compared>,
    /// The words of the messages that follow, and whether they go out as mail.
    pub office: &'a PostOffice,
}

/// What the rules need to know; it cannot change before the act is written.
#[derive(Debug)]
pub struct Situation {
    /// The case; none when there is no such case.
    pub case: Option<Case>,
    /// The person convenes another application in the plan year that is opened; of a 總表: their school has one.
    pub convenes_another: bool,
    /// Who shall become convener, whether they ever signed in, whether they convene in this plan year.
    pub target: Option<(Actor, bool, bool)>,
    /// What the county of the case has set for its plan year; none: what ships holds.
    pub rules: Option<CountyRules>,
    /// Files of the act that this person sent completely.
    pub blobs: BTreeMap<BlobHash, blobs::Kept>,
    /// Those of the applications that a 總表 takes in which there are.
    pub carried: Vec<Case>,
    /// Lines of the 資格檢核 that the person does not meet who opens a certification.
    pub ineligible: Vec<String>,
    /// The people named as reviewers, each as the pool knows them.
    pub reviewers: Vec<Named>,
    /// The next certificate number for the case.
    pub number: Option<String>,
}

/// What the rules decided.
#[derive(Debug)]
pub struct Ruling {
    /// The event.
    pub event: Event,
    /// The case after it.
    pub case: Case,
    /// The code of the act.
    pub act: &'static str,
    /// Messages that follow.
    pub notices: Vec<(NoticeKind, To)>,
}

/// Carries out an act, once: sent again, it is answered with the number it got the first time. Answers that number and the
/// case as it stands.
pub async fn carry_out(
    db: &Db,
    asked: &Asked<'_>,
    judge: impl FnOnce(Situation) -> Result<Ruling, Failure> + Send,
) -> Result<(u32, Case), DbError> {
    let mut tx = db.write().await?;
    let done = act(&mut tx, asked, judge).await??;
    tx.commit().await?;
    Ok(done)
}

/// Carries out many acts in one transaction, each as by [`carry_out`] and judged by itself: a refusal leaves the others.
/// A fault of the database leaves none.
pub async fn carry_out_all<J>(
    db: &Db,
    acts: impl IntoIterator<Item = (Asked<'_>, J)> + Send,
) -> Result<Vec<Result<(u32, Case), Failure>>, DbError>
where
    J: FnOnce(Situation) -> Result<Ruling, Failure> + Send,
{
    let mut tx = db.write().await?;
    let mut results = Vec::new();
    for (asked, judge) in acts.into_iter().collect::<Vec<_>>() {
        results.push(act(&mut tx, &asked, judge).await?);
    }
    tx.commit().await?;
    Ok(results)
}

/// One act within a transaction. The inner refusal comes before anything was written; behind a [`DbError`] nothing may be kept.
async fn act(
    tx: &mut super::Tx,
    asked: &Asked<'_>,
    judge: impl FnOnce(Situation) -> Result<Ruling, Failure> + Send,
) -> Result<Result<(u32, Case), Failure>, DbError> {
    // A number for each act: lists and changes go by it.
    let change = tx.next_change().await?;
    let sql = "SELECT case_id, seq, actor_id, act_hash FROM events WHERE id = $1";
    if let Some(row) = tx.maybe(sql, args![asked.event]).await? {
        let same = row.text(0)? == asked.case.to_string()
            && row.text(2)? == asked.actor.person.id.to_string()
            && row.text(3)? == asked.hash;
        let case = if same { cases::load(tx, asked.case).await? } else { None };
        let Some(case) = case else {
            return Ok(Err(Failure::new(Code::BadRequest, "this id belongs to another act")));
        };
        return Ok(Ok((row.count(1)?, case)));
    }
    let situation = situation(tx, asked).await?;
    let before = situation.case.as_ref().map(|case| (case.seq, case.owner.id));
    let asked_before: Vec<AccountId> = situation.case.as_ref().map(reviewers_of).unwrap_or_default();
    let mut ruling = match judge(situation) {
        Ok(ruling) => ruling,
        Err(failure) if failure.code == Code::CaseMoved => return Ok(Err(told(tx, asked.case, failure).await?)),
        Err(failure) => return Ok(Err(failure)),
    };
    let new_papers = ruling.event.deed.changes_papers();
    let said_anew = matches!(ruling.event.deed, Deed::Submitted { .. } | Deed::Resubmitted { .. })
        && ruling.case.process == Process::Advanced;
    if said_anew {
        // Found by looking, not said by anybody: it stands in the case, and the event stays what was sent.
        ruling.case.reviewing.likeness = match &asked.compared {
            Some(compared) => compared.likeness(tx).await?,
            None => None,
        };
    }
    if !cases::put(tx, &ruling.case, before.map(|(seq, _)| seq), new_papers, change).await? {
        return Err(Failure::new(Code::CaseMoved, "somebody acted meanwhile").into());
    }
    let now_asked = reviewers_of(&ruling.case);
    for gone in asked_before.into_iter().filter(|reviewer| !now_asked.contains(reviewer)) {
        replaced(tx, asked, &ruling, gone, change).await?;
    }
    if ruling.case.process == Process::Advanced {
        appeals::keep(tx, &ruling.case).await?;
        reviewers::keep_assignments(tx, &ruling.case).await?;
    }
    if said_anew {
        sketches::keep(tx, &ruling.case, asked.compared.as_ref().map(sketches::Compared::sketch), change).await?;
    }
    if let Deed::Issued { number: Some(number), .. } = &ruling.event.deed {
        certificates::issued(tx, &ruling.case, &ruling.event, number, change).await?;
    }
    let old_owner = before.map(|(_, owner)| owner);
    write(tx, asked, &ruling, old_owner, change).await?;
    if new_papers {
        cases::put_blobs(tx, &ruling.case).await?;
    }
    if let Some(old_owner) = old_owner.filter(|owner| *owner != ruling.case.owner.id) {
        hand_over(tx, &ruling.case, old_owner, change).await?;
    }
    Ok(Ok((ruling.event.seq, ruling.case)))
}

/// Everybody who was asked to review a case.
fn reviewers_of(case: &Case) -> Vec<AccountId> {
    case.reviewing.assignments.iter().map(|one| one.reviewer.id).collect()
}

/// A reviewer who was asked and is no more: the case leaves their lists, and they are told.
async fn replaced(
    tx: &mut super::Tx,
    asked: &Asked<'_>,
    ruling: &Ruling,
    reviewer: AccountId,
    change: i64,
) -> Result<(), DbError> {
    leave(tx, ruling.case.id, &format!("reviewer:{reviewer}"), reviewer, change).await?;
    let words = asked.office.words(NoticeKind::AdvReplaced, &about(&ruling.case));
    let notice = NewNotice { to: reviewer, kind: NoticeKind::AdvReplaced, case: ruling.case.id, words: &words };
    notices::put(tx, &notice, asked.office, ruling.event.at, change).await
}

/// What a message about a case may name.
fn about(case: &Case) -> About {
    About { plan_year: case.plan_year, closes: None }
}

/// A case leaves a list: its person is told to forget it.
async fn leave(tx: &mut super::Tx, case: CaseId, scope: &str, person: AccountId, change: i64) -> Result<(), DbError> {
    tx.run("DELETE FROM case_scopes WHERE case_id = $1 AND scope = $2", args![case, scope]).await?;
    let sql = "INSERT INTO tombstones (account_id, case_id, change_seq) VALUES ($1, $2, $3) \
               ON CONFLICT (account_id, case_id) DO UPDATE SET change_seq = $3";
    tx.run(sql, args![person, case, change]).await?;
    Ok(())
}

/// The refusal of an act on a case that went on, with what was done to it last and by whom: so that the second of two people
/// need not search for it. Reasons and amounts are not told, they stand in the case.
async fn told(tx: &mut super::Tx, case: CaseId, failure: Failure) -> Result<Failure, DbError> {
    let sql = "SELECT body FROM events WHERE case_id = $1 ORDER BY seq DESC LIMIT 1";
    let Some(row) = tx.maybe(sql, args![case]).await? else { return Ok(failure) };
    let event: Event = json(&row.text(0)?, "event")?;
    let mut params = serde_json::json!({
        "by": event.by.person.name,
        "role": event.by.role,
        "action": event.deed.action(),
        "at": event.at,
        "state_label": event.to.label(),
    });
    let mut failure = failure;
    if let Some(told) = params.as_object_mut() {
        failure.params.append(told);
    }
    Ok(failure)
}

async fn situation(tx: &mut super::Tx, asked: &Asked<'_>) -> Result<Situation, DbError> {
    let case = cases::load(tx, asked.case).await?;
    let convenes_another = match asked.opens {
        Some((Process::Summary, year)) => match &asked.actor.school {
            Some(school) => cases::school_has(tx, &school.code, Process::Summary, year).await?,
            None => false,
        },
        Some((process, year)) => accounts::convenes(tx, asked.actor.person.id, &code(&process), year).await?,
        None => false,
    };
    let target = match (asked.target, &case) {
        (Some(target), Some(case)) => match accounts::candidate(tx, target).await? {
            Some((actor, signed_in)) => {
                let convenes = accounts::convenes(tx, target, &code(&case.process), case.plan_year).await?;
                Some((actor, signed_in, convenes))
            }
            None => None,
        },
        _ => None,
    };
    let mut kept = BTreeMap::new();
    for blob in asked.blobs {
        if let Some(found) = blobs::sent_by(tx, blob, asked.actor.person.id).await? {
            kept.insert(blob.clone(), found);
        }
    }
    let mut carried = Vec::new();
    for case in &asked.carried {
        carried.extend(cases::load(tx, *case).await?);
    }
    let rules = match (&case, asked.opens) {
        (Some(case), _) => county_rules::newest(tx, &case.school.county, case.plan_year).await?,
        (None, Some((_, year))) => match asked.actor.own_county() {
            Some(county) => county_rules::newest(tx, county, year).await?,
            None => None,
        },
        (None, None) => None,
    };
    let rules = rules.map(|set| set.rules);
    let mut named = Vec::new();
    for id in &asked.reviewers {
        named.push(reviewers::named(tx, *id).await?);
    }
    let number = match &case {
        Some(case) if asked.issues => certificates::next(tx, case).await?,
        _ => None,
    };
    // Whether a person may apply at all is told by their record.
    let ineligible = match asked.opens.filter(|(process, _)| process.certificate().is_some()) {
        Some((process, year)) => {
            let record = records::of(tx, asked.actor.person.id).await?;
            unmet_for(process, &record, year, asked.actor.own_county(), taipei_day(asked.now))
        }
        None => Vec::new(),
    };
    Ok(Situation { case, convenes_another, target, rules, blobs: kept, carried, ineligible, reviewers: named, number })
}

async fn write(
    tx: &mut super::Tx,
    asked: &Asked<'_>,
    ruling: &Ruling,
    old_owner: Option<AccountId>,
    change: i64,
) -> Result<(), DbError> {
    let Ruling { event, case, act, notices } = ruling;
    let body = to_json(event);
    let sql = "INSERT INTO events (case_id, seq, id, actor_id, at, act_hash, body) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let actor = asked.actor.person.id;
    tx.run(sql, args![event.case, event.seq, event.id, actor, millis(event.at), asked.hash, &body]).await?;
    for (kind, to) in notices {
        let recipients = match to {
            To::Owner => vec![case.owner.id],
            To::FormerOwner => old_owner.into_iter().collect(),
            To::School => accounts::of_school(tx, &case.school.code).await?,
            To::County => accounts::of_county(tx, &case.school.county).await?,
            To::Desk(desk) => at_desk(tx, case, *desk).await?,
            To::Reviewers => waiting_reviewers(case),
            To::Ministry => accounts::of_role(tx, Role::Ministry).await?,
        };
        let words = asked.office.words(*kind, &about(case));
        for to in recipients {
            let notice = NewNotice { to, kind: *kind, case: case.id, words: &words };
            notices::put(tx, &notice, asked.office, event.at, change).await?;
        }
    }
    let detail = audit::event_detail(&event.id.to_string(), event.seq, &code(&event.to), &body);
    audit::append(tx, event.at, &actor.to_string(), act, &case.id.to_string(), &detail).await
}

/// The accounts that sit at a desk for a case.
async fn at_desk(tx: &mut super::Tx, case: &Case, desk: Desk) -> Result<Vec<AccountId>, DbError> {
    match certifying(case).and_then(|how| how.at(desk)) {
        Some(Role::School) => accounts::of_school(tx, &case.school.code).await,
        Some(Role::County) => accounts::of_county(tx, &case.school.county).await,
        Some(role) => accounts::of_role(tx, role).await,
        None => Ok(Vec::new()),
    }
}

/// The reviewers of the round whose sheets are still to come.
fn waiting_reviewers(case: &Case) -> Vec<AccountId> {
    let Some(round) = Round::under_review(case.state) else { return Vec::new() };
    let reviewing = &case.reviewing;
    reviewing.reviewers(round).map(|one| one.id).filter(|id| reviewing.waits_for(round, *id)).collect()
}

/// The case has another owner: the old one is told to forget it, the new one gets its drafts. What was sent without ever having
/// been a draft here becomes one, so that the new one finds everything to correct.
async fn hand_over(tx: &mut super::Tx, case: &Case, old_owner: AccountId, change: i64) -> Result<(), DbError> {
    leave(tx, case.id, &format!("owner:{old_owner}"), old_owner, change).await?;
    let sql = "DELETE FROM tombstones WHERE account_id = $1 AND case_id = $2";
    tx.run(sql, args![case.owner.id, case.id]).await?;
    let sql = "UPDATE drafts SET owner_id = $2, change_seq = $3 WHERE case_id = $1";
    tx.run(sql, args![case.id, case.owner.id, change]).await?;
    for paper in &case.papers {
        let mut head = DraftHead::default();
        head.push(0, &changes(&Answers::default(), &paper.answers));
        let sql = "INSERT INTO drafts (case_id, form, owner_id, change_seq, head) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (case_id, form) DO NOTHING";
        tx.run(sql, args![case.id, &paper.form.id, case.owner.id, change, to_json(&head)]).await?;
    }
    Ok(())
}
