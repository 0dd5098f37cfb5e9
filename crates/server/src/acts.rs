//! The law: an act is judged here by the rules of `domain`, on what the database says and never on what the sender claims.

use crate::db::acts::{Ruling, Situation};
use domain::{
    case::{Carried, Case, CompletePaper, Doer, Event, Process, SentPaper, StampedFile},
    certification::{self, Outcome, Picks, Reviewer, Round, offered},
    form::{Beside, FormId, Level, Packs, check, check_together, content_hash},
    ids::{AccountId, BlobHash, CaseId},
    people::{Actor, Person, Role},
    policy::{ConvenerFields, Policy},
    remark,
    time::{PlanYear, Timestamp},
    workflow::{self, Command, Decided, Effect, Facts, PaperFacts, Refusal, Sight, convener, plc, sight},
};
use serde_json::json;
use std::collections::BTreeSet;
use wire::{
    Code, Failure,
    http::{Act, ActBody},
    reviewers::ReviewerPut,
};

/// An act and who asks for it.
#[derive(Debug)]
pub struct Plea<'a> {
    /// The case.
    pub case: CaseId,
    /// The act as it was sent.
    pub act: Act,
    /// Who.
    pub actor: &'a Actor,
    /// When the service got it: this decides about windows.
    pub now: Timestamp,
}

/// The papers an act carries.
pub fn papers(act: &ActBody) -> &[SentPaper] {
    match act {
        ActBody::Submit { papers }
        | ActBody::SendReport { papers }
        | ActBody::CorrectConvener { papers }
        | ActBody::Send { papers }
        | ActBody::Resubmit { papers }
        | ActBody::Appeal { papers } => papers,
        _ => &[],
    }
}

/// The sheet an act carries: what somebody wrote about the case.
fn sheet(act: &ActBody) -> Option<&SentPaper> {
    match act {
        ActBody::Pass { sheet } | ActBody::Return { sheet, .. } => sheet.as_ref(),
        ActBody::Review { sheet } => Some(sheet),
        _ => None,
    }
}

/// The people an act names as reviewers.
pub fn reviewers(act: &ActBody) -> Vec<AccountId> {
    match act {
        ActBody::Assign { reviewers } => reviewers.iter().map(|person| person.id).collect(),
        _ => Vec::new(),
    }
}

/// The files an act names.
pub fn blobs(act: &ActBody) -> Vec<BlobHash> {
    papers(act).iter().filter_map(|paper| paper.stamped.as_ref()).map(|file| file.blob.clone()).collect()
}

/// Judges an act.
///
/// # Errors
/// Why it is refused; nothing is written then.
pub fn judge(plea: &Plea<'_>, situation: &Situation) -> Result<Ruling, Failure> {
    match (&plea.act.body, situation.case.clone()) {
        (ActBody::Open { .. }, None) => open(plea, situation),
        (ActBody::Open { .. }, Some(_)) => Err(Failure::new(Code::CaseExists, "a case with this id exists already")),
        (_, None) => Err(not_found()),
        (_, Some(case)) => act(plea, situation, case),
    }
}

/// There is no such thing, or not for this person: both are answered alike.
pub fn not_found() -> Failure {
    Failure::new(Code::NotFound, "there is no such thing here")
}

/// How much of a case a person sees.
pub fn sight_of(case: &Case, actor: &Actor) -> Sight {
    sight(case, actor)
}

fn moved(seq: u32) -> Failure {
    Failure::with(Code::CaseMoved, json!({ "seq": seq }), "somebody acted meanwhile")
}

fn open(plea: &Plea<'_>, situation: &Situation) -> Result<Ruling, Failure> {
    let ActBody::Open { process, plan_year } = plea.act.body else {
        unreachable!("called for openings only, see judge")
    };
    if plea.act.expect_seq != 0 {
        return Err(moved(0));
    }
    if !plea.act.remarks.is_empty() {
        return Err(Failure::new(Code::BadRequest, "an opening carries no remarks"));
    }
    let county = plea.actor.own_county();
    let policy = Packs::built_in().policy_with(plan_year, county, situation.rules.as_ref());
    let facts = Facts {
        windows: policy.windows,
        convenes_another: situation.convenes_another,
        ineligible: situation.ineligible.clone(),
        ..Facts::default()
    };
    let decided = workflow::open(process, plan_year, plea.actor, &facts, plea.now)?;
    let event = event(plea, 1, &decided);
    let case = Case::open(&event).ok_or_else(|| Failure::new(Code::Internal, "an opening opened nothing"))?;
    Ok(Ruling { event, case, act: "open", notices: Vec::new() })
}

fn act(plea: &Plea<'_>, situation: &Situation, mut case: Case) -> Result<Ruling, Failure> {
    if sight_of(&case, plea.actor) == Sight::Nothing {
        return Err(not_found());
    }
    if plea.act.expect_seq != case.seq {
        return Err(moved(case.seq));
    }
    if let ActBody::Import { carried } = &plea.act.body {
        check_carried(&case, carried, situation)?;
    }
    let mut facts = facts(&case, &plea.act.body, situation);
    let bare = command(&plea.act.body, Carry::default(), situation);
    let action = bare.action();
    // Whether this state and this person know such an act at all comes before a look at what it carries.
    match workflow::decide(&case, bare, plea.actor, &facts, plea.now) {
        Err(refusal @ (Refusal::NotYours | Refusal::NotInThisState { .. })) => return Err(refusal.into()),
        Err(Refusal::Missing(_) | Refusal::OtherFieldChanged { .. }) | Ok(_) => {}
    }
    let carry = Carry {
        papers: complete(&case, papers(&plea.act.body), situation)?,
        sheet: sheet(&plea.act.body).map(|sheet| complete_sheet(&case, sheet, plea.actor, situation)).transpose()?,
    };
    let command = command(&plea.act.body, carry, situation);
    // With papers, what is due follows from the application that is sent, not from the one before.
    facts.papers = due(&case, papers(&plea.act.body), &facts.convener);
    let decided = workflow::decide(&case, command, plea.actor, &facts, plea.now)?;
    remark::fits(&case, action, &plea.act.remarks)
        .map_err(|fault| Failure::new(Code::BadRequest, fault.to_string()))?;
    let event = event(plea, case.seq + 1, &decided);
    case.apply(&event);
    let notices = decided.then.iter().map(|Effect::Notice(kind, to)| (*kind, *to)).collect();
    Ok(Ruling { event, case, act: action.code(), notices })
}

fn event(plea: &Plea<'_>, seq: u32, decided: &Decided) -> Event {
    let by = Doer { person: plea.actor.person.clone(), role: plea.actor.role };
    let at = Timestamp::from_timestamp_millis(plea.now.timestamp_millis()).unwrap_or(plea.now);
    Event {
        id: plea.act.id,
        case: plea.case,
        seq,
        at,
        by,
        to: decided.to,
        deed: decided.deed.clone(),
        remarks: plea.act.remarks.clone(),
    }
}

/// The rules a case is judged by: those of its own county and plan year.
fn policy(case: &Case, situation: &Situation) -> Policy {
    Packs::built_in().policy_with(case.plan_year, Some(&case.school.county), situation.rules.as_ref())
}

fn facts(case: &Case, act: &ActBody, situation: &Situation) -> Facts {
    let policy = policy(case, situation);
    let offered = offered(case, &policy);
    let unfit = certification::unfit(case, &situation.reviewers, &policy);
    Facts {
        windows: policy.windows,
        stamps: policy.stamps,
        papers: due(case, papers(act), &policy.convener),
        convenes_another: false,
        target_convenes_nothing: may_take_over(case, situation),
        corrected: false,
        convener: policy.convener,
        ineligible: Vec::new(),
        empty_slots: workflow::empty_slots(case, &picks(case, papers(act))),
        sheet_complete: false,
        sheet_says: None,
        offered,
        unfit,
    }
}

/// What is picked for the slots of a certification: what is sent.
fn picks(case: &Case, sent: &[SentPaper]) -> Picks {
    let forms = sent.iter().map(|paper| &paper.form.id);
    workflow::certifying(case).map(|how| Picks::of(&how.slots, forms)).unwrap_or_default()
}

/// The papers that are due now, from the application as it is sent or, where none is, as it was sent last; while they are locked,
/// those on which the convener's data can be corrected.
fn due(case: &Case, sent: &[SentPaper], own: &[ConvenerFields]) -> Vec<PaperFacts> {
    let is_application = |paper: &&SentPaper| paper.form.id.as_str() == plc::APPLICATION;
    let application = sent.iter().find(is_application).or_else(|| case.papers.iter().find(is_application));
    let answers = application.map(|paper| paper.answers.clone()).unwrap_or_default();
    let facts = |form: FormId| {
        // A paper that is sent is judged by the version it was filled in with.
        let version = sent.iter().find(|paper| paper.form.id == form).map(|paper| paper.form.version);
        let def = match version {
            Some(version) => Packs::built_in().get(&form, version),
            None => Packs::built_in().for_year(&form, case.plan_year),
        };
        let encloses = def.and_then(|(def, _)| def.required_enclosure()).cloned();
        PaperFacts { form, complete: false, stamped: false, encloses }
    };
    let due = workflow::papers_due(case, &answers, &picks(case, sent)).into_iter();
    due.chain(convener::correctable(case, own).into_iter().map(|own| own.form.clone())).map(facts).collect()
}

/// 更換社群召集人 (`workflows.md` §5): the new one works at the case's school, has signed in before and convenes nothing else.
fn may_take_over(case: &Case, situation: &Situation) -> bool {
    situation.target.as_ref().is_some_and(|(target, signed_in, convenes)| {
        target.role.part() == Role::Teacher && target.is_at(&case.school) && *signed_in && !convenes
    })
}

/// Applications that one 總表 carries, at most; its form takes fewer.
pub const MOST_CARRIED: usize = 200;

/// A 總表 carries applications of its own school and plan year, each once. In which state they are now is not asked: one that was
/// returned meanwhile is shown as 「內容已更動」.
fn check_carried(case: &Case, carried: &[Carried], situation: &Situation) -> Result<(), Failure> {
    let strange = |why| Failure::new(Code::BadRequest, why);
    if carried.len() > MOST_CARRIED {
        return Err(strange("a summary carries fewer applications"));
    }
    let mut seen = BTreeSet::new();
    for one in carried {
        let known = situation.carried.iter().find(|known| known.id == one.case);
        let ours = known.is_some_and(|known| {
            known.process == Process::Plc && known.school.code == case.school.code && known.plan_year == case.plan_year
        });
        if !ours || !seen.insert(one.case) {
            return Err(strange("a summary carries applications of its school and plan year, each once"));
        }
    }
    Ok(())
}

/// Whether the person may see who could take a case over: who may change its convener now, by the same row of the process.
///
/// # Errors
/// As the act itself would be refused to this person in this state.
pub fn may_choose_convener(case: Option<&Case>, actor: &Actor, now: Timestamp) -> Result<(), Failure> {
    let case = case.filter(|case| sight_of(case, actor) > Sight::Nothing).ok_or_else(not_found)?;
    let nobody_yet = Command::ChangeConvener { to: case.owner.clone(), consent: String::new() };
    match workflow::decide(case, nobody_yet, actor, &Facts::default(), now) {
        Err(refusal @ (Refusal::NotYours | Refusal::NotInThisState { .. })) => Err(refusal.into()),
        Err(Refusal::Missing(_) | Refusal::OtherFieldChanged { .. }) | Ok(_) => Ok(()),
    }
}

/// Whether the person may say who reviews a case now, by the same row of the process.
///
/// # Errors
/// As the act itself would be refused to this person in this state.
pub fn may_assign(case: Option<&Case>, actor: &Actor, now: Timestamp) -> Result<(), Failure> {
    let case = case.filter(|case| sight_of(case, actor) > Sight::Nothing).ok_or_else(not_found)?;
    match workflow::decide(case, Command::Assign { reviewers: Vec::new() }, actor, &Facts::default(), now) {
        Err(refusal @ (Refusal::NotYours | Refusal::NotInThisState { .. })) => Err(refusal.into()),
        Err(Refusal::Missing(_) | Refusal::OtherFieldChanged { .. }) | Ok(_) => Ok(()),
    }
}

/// Whether reviewers can be proposed for a case: it waits for them, and the person may assign them.
///
/// # Errors
/// As [`may_assign`]; `not_in_this_state` also while reviewers are at work, whom a person replaces one by one.
pub fn may_propose(case: Option<&Case>, actor: &Actor, now: Timestamp) -> Result<(), Failure> {
    may_assign(case, actor, now)?;
    match case.map(|case| case.state).filter(|state| Round::under_review(*state).is_some()) {
        Some(state) => Err(Refusal::NotInThisState { action: workflow::Action::Assign, state }.into()),
        None => Ok(()),
    }
}

/// What the pool shall know of a reviewer, when this person may say so.
///
/// # Errors
/// `not_found` where there is no such reviewer or not for this person, `not_yours` for one or a county that others keep,
/// `bad_request` for what cannot be.
pub fn reviewer(before: Option<Reviewer>, put: ReviewerPut, actor: &Actor) -> Result<Reviewer, Failure> {
    let before = before.ok_or_else(not_found)?;
    let ReviewerPut { county, school, fields, active, most } = put;
    let after = Reviewer { person: before.person.clone(), county, school, fields, active, most };
    if !before.is_kept_by(actor) || !after.is_kept_by(actor) {
        return Err(Failure::new(Code::NotYours, "a reviewer is kept by the platform and the own county"));
    }
    let policy = Packs::built_in().policy(PlanYear(u16::MAX), None);
    let known = |county: &str| Packs::built_in().has_county(county);
    let place = after.county.as_deref().is_none_or(known)
        && after.school.as_ref().is_none_or(|school| known(&school.county) && !school.code.trim().is_empty());
    if !place || !after.has_known_fields(&policy) {
        return Err(Failure::new(Code::BadRequest, "there is no such county, school or field"));
    }
    Ok(after)
}

/// What an act carries, checked.
#[derive(Debug, Default)]
struct Carry {
    papers: Vec<CompletePaper>,
    sheet: Option<CompletePaper>,
}

fn command(act: &ActBody, carry: Carry, situation: &Situation) -> Command {
    let Carry { papers, sheet } = carry;
    let decide = |outcome, reason| Command::Decide { outcome, reason };
    match act.clone() {
        ActBody::Open { .. } => unreachable!("openings are judged in open(), see judge"),
        ActBody::Submit { .. } => Command::Submit { papers },
        ActBody::Pass { .. } => Command::Pass { sheet },
        ActBody::Return { reason, .. } => Command::Return { reason, sheet },
        ActBody::Approve { amount } => Command::Approve { amount },
        ActBody::Reject { reason } => Command::Reject { reason },
        ActBody::Withdraw => Command::Withdraw,
        ActBody::SendReport { .. } => Command::SendReport { papers },
        ActBody::ChangeConvener { to, consent } => {
            // The name on the case is the account's, whatever the sender called the person.
            let to = situation.target.as_ref().map_or(to, |(target, ..)| target.person.clone());
            Command::ChangeConvener { to, consent }
        }
        ActBody::CorrectConvener { .. } => Command::CorrectConvener { papers },
        ActBody::Import { carried } => Command::Import { carried },
        ActBody::Send { .. } => Command::Send { papers },
        ActBody::Assign { reviewers } => {
            // As with a convener: the names are those of the accounts.
            let named = |person: Person| {
                let known = situation.reviewers.iter().find(|(known, _)| known.id == person.id);
                known.map_or(person, |(known, _)| known.clone())
            };
            Command::Assign { reviewers: reviewers.into_iter().map(named).collect() }
        }
        ActBody::Review { .. } => Command::Review { sheet },
        ActBody::Grant { reason } => decide(Outcome::Passed, reason),
        ActBody::GrantCorrected { reason } => decide(Outcome::PassedAfterCorrection, reason),
        ActBody::AskCorrection { reason } => decide(Outcome::CorrectAndReview, reason),
        ActBody::Deny { reason } => decide(Outcome::Failed, reason),
        ActBody::Resubmit { .. } => Command::Resubmit { papers },
        ActBody::Appeal { .. } => Command::Appeal { papers },
        ActBody::AcceptAppeal => Command::AcceptAppeal,
        ActBody::RefuseAppeal { reason } => Command::RefuseAppeal { reason },
        ActBody::Lapse => Command::Lapse,
        ActBody::Publish => Command::Publish,
        ActBody::Issue { on } => Command::Issue { number: situation.number.clone(), on },
    }
}

/// Checks the sheet that somebody wrote about the case: the one this person fills in now, complete, and of this round.
fn complete_sheet(
    case: &Case,
    sheet: &SentPaper,
    actor: &Actor,
    situation: &Situation,
) -> Result<CompletePaper, Failure> {
    if workflow::sheet(case, actor).as_ref() != Some(&sheet.form.id) {
        return Err(Failure::with(Code::NotEditable, json!({ "form": sheet.form.id }), "no such sheet is written now"));
    }
    let round = Round::under_review(case.state);
    if round.is_some_and(|round| sheet.answers.text("round") != round.label()) {
        return Err(Failure::new(Code::BadRequest, "the sheet is of another round"));
    }
    let policy = policy(case, situation);
    complete_paper(&SentPaper { stamped: None, ..sheet.clone() }, None, &policy, situation)
}

/// Checks every paper again. What comes out can be submitted.
fn complete(case: &Case, sent: &[SentPaper], situation: &Situation) -> Result<Vec<CompletePaper>, Failure> {
    if sent.is_empty() {
        return Ok(Vec::new());
    }
    let mut seen = BTreeSet::new();
    let editable = workflow::editable(case);
    let policy = policy(case, situation);
    let mut papers = Vec::with_capacity(sent.len());
    for paper in sent {
        let form = &paper.form;
        if !seen.insert(&form.id) {
            return Err(Failure::new(Code::BadRequest, "a form is there twice"));
        }
        let own = convener::correctable_on(case, &form.id, &policy.convener);
        let known = Packs::built_in().get(&form.id, form.version).is_some();
        if known && own.is_none() && !editable.contains(&form.id) {
            return Err(Failure::with(Code::NotEditable, json!({ "form": form.id }), "this paper cannot be sent now"));
        }
        if own.is_some() && paper.stamped.is_some() {
            return Err(Failure::new(Code::BadRequest, "a correction carries no file"));
        }
        papers.push(complete_paper(paper, own, &policy, situation)?);
    }
    check_slots(case, sent)?;
    check_beside(case, sent, &policy)?;
    Ok(papers)
}

/// A slot of a certification holds one form, unless it says that more may lie in it.
fn check_slots(case: &Case, sent: &[SentPaper]) -> Result<(), Failure> {
    let Some(how) = workflow::certifying(case) else { return Ok(()) };
    let picks = picks(case, sent);
    match how.slots.iter().find(|slot| !slot.more && picks.forms(&slot.key).len() > 1) {
        None => Ok(()),
        Some(slot) => Err(Failure::with(Code::BadRequest, json!({ "slot": slot.key }), "a slot holds one form")),
    }
}

/// Checks a paper by itself; where only the answers in `own` are corrected, an old fault elsewhere does not stand against it.
fn complete_paper(
    paper: &SentPaper,
    own: Option<&ConvenerFields>,
    policy: &Policy,
    situation: &Situation,
) -> Result<CompletePaper, Failure> {
    let form = &paper.form;
    let known = Packs::built_in().get(&form.id, form.version).filter(|(_, known)| known.hash == form.hash);
    let Some((def, _)) = known else {
        return Err(Failure::with(Code::UnknownForm, json!({ "form": form.id }), "no such version of this form"));
    };
    if paper.revision == 0 || content_hash(form, &paper.answers) != paper.hash {
        return Err(Failure::with(Code::HashMismatch, json!({ "form": form.id }), "the hash does not fit the answers"));
    }
    let checked = check(def, paper.answers.clone(), policy);
    let complete = match own {
        Some(own) => checked.complete_for(own),
        None => checked.complete(),
    };
    let answers = complete.map_err(|problems| {
        let params = json!({ "form": form.id, "problems": problems });
        Failure::with(Code::AnswersIncomplete, params, "the answers have errors")
    })?;
    let stamped = paper.stamped.as_ref().map(|file| kept(file, situation)).transpose()?;
    Ok(CompletePaper { form: form.clone(), revision: paper.revision, hash: paper.hash.clone(), answers, stamped })
}

/// What the papers that are sent say against each other and against those sent before. Hints stand against nothing, unless the
/// county takes them strictly.
fn check_beside(case: &Case, sent: &[SentPaper], policy: &Policy) -> Result<(), Failure> {
    let before = case.papers.iter().filter(|paper| sent.iter().all(|sent| sent.form.id != paper.form.id));
    let beside: Vec<Beside<'_>> = sent
        .iter()
        .chain(before)
        .filter_map(|paper| {
            let (form, _) = Packs::built_in().get(&paper.form.id, paper.form.version)?;
            Some(Beside { form, answers: &paper.answers })
        })
        .collect();
    let found = check_together(&beside, &case.owner.name, policy).into_iter();
    let mut errors = found
        .filter(|(form, problem)| problem.level == Level::Error && sent.iter().any(|paper| paper.form.id == *form))
        .filter(|(form, problem)| {
            convener::correctable_on(case, form, &policy.convener).is_none_or(|own| own.has(&problem.field))
        });
    match errors.next() {
        None => Ok(()),
        Some((form, problem)) => {
            let params = json!({ "form": form, "problems": [problem] });
            Err(Failure::with(Code::AnswersIncomplete, params, "the papers have errors beside each other"))
        }
    }
}

/// The file as the service has it: size and pages are its own findings.
fn kept(file: &StampedFile, situation: &Situation) -> Result<StampedFile, Failure> {
    let Some(kept) = situation.blobs.get(&file.blob) else {
        let params = json!({ "sha256": file.blob });
        return Err(Failure::with(Code::BlobMissing, params, "a file was not uploaded by this person"));
    };
    Ok(StampedFile { bytes: kept.bytes, pages: kept.pages, ..file.clone() })
}
