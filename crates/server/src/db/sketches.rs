//! What the papers of certifications say in short, and which of them is most like what somebody sends now.
//!
//! Nearly all of it is done before the act's transaction: only what was sent since is looked at within it.

use super::{Db, DbError, Row, Tx, args, cases, id, lists::PORTION, reviewers};
use domain::{
    case::{Case, Process, SentPaper},
    certification::{Likeness, Nearest, SKETCH_REVISION, Said, Sketch, likeness},
    form::Packs,
    ids::{AccountId, CaseId},
    policy::Policy,
    workflow,
};

/// Rows read at once.
const PAGE: usize = 5_000;

/// What somebody sends, compared with everything that was there a moment ago.
#[derive(Debug)]
pub struct Compared {
    said: Said,
    sketch: Sketch,
    owner: AccountId,
    policy: Policy,
    found: Option<Likeness>,
    /// The service's number when it was looked.
    until: i64,
}

/// Compares papers of a certification that its owner is about to send with those of everybody else, of whatever year. None: they
/// say too little, or they are not sent now.
///
/// An act sends every observation paper that the case has from then on (`workflows.md` A2, A10, A17), so the papers of the act
/// are all that is looked at.
pub async fn compare(
    db: &Db,
    case: CaseId,
    owner: AccountId,
    papers: &[SentPaper],
) -> Result<Option<Compared>, DbError> {
    if papers.is_empty() {
        return Ok(None);
    }
    let mut tx = db.read().await?;
    let Some(case) = cases::load(&mut tx, case).await? else { return Ok(None) };
    if case.process != Process::Advanced || case.owner.id != owner || !workflow::has_open_slots(&case) {
        return Ok(None);
    }
    let policy = Packs::built_in().policy(case.plan_year, Some(&case.school.county));
    let said = Said::in_papers(papers, &case.owner.name);
    if !said.is_enough(&policy) {
        return Ok(None);
    }
    let until = tx.one("SELECT change_seq FROM service WHERE id = 1", args![]).await?.int(0)?;
    let sketch = said.sketch();
    let mut nearest = Nearest::to(sketch.clone());
    let sql = "SELECT case_id, shingles, numbers FROM sketches WHERE case_id > $1 AND owner_id <> $2 \
               ORDER BY case_id LIMIT $3";
    let mut after = String::new();
    loop {
        let rows = tx.all(sql, args![&after, owner, PAGE as i64]).await?;
        look(&mut nearest, &rows)?;
        match rows.last() {
            Some(last) if rows.len() == PAGE => after = last.text(0)?,
            _ => break,
        }
    }
    let found = read(&mut tx, &nearest, &said, &policy).await?;
    Ok(Some(Compared { said, sketch, owner, policy, found, until }))
}

fn look(nearest: &mut Nearest, rows: &[Row]) -> Result<(), DbError> {
    for row in rows {
        let sketch = Sketch { shingles: row.count(1)?, numbers: row.text(2)? };
        nearest.look(id(&row.text(0)?, "case id")?, &sketch);
    }
    Ok(())
}

async fn read(tx: &mut Tx, nearest: &Nearest, said: &Said, policy: &Policy) -> Result<Option<Likeness>, DbError> {
    let mut others = Vec::new();
    for case in nearest.cases() {
        others.extend(cases::load(tx, case).await?);
    }
    Ok(likeness(said, &others, policy))
}

impl Compared {
    /// The greatest likeness there is now, with what was sent by others since it was looked.
    pub(crate) async fn likeness(&self, tx: &mut Tx) -> Result<Option<Likeness>, DbError> {
        let sql = "SELECT case_id, shingles, numbers FROM sketches WHERE change_seq > $1 AND owner_id <> $2 \
                   ORDER BY case_id";
        let since = tx.all(sql, args![self.until, self.owner]).await?;
        let mut nearest = Nearest::to(self.sketch.clone());
        look(&mut nearest, &since)?;
        let found = read(tx, &nearest, &self.said, &self.policy).await?;
        Ok([self.found.clone(), found].into_iter().flatten().max_by_key(|found| found.percent))
    }
}

/// Keeps what a case's papers say now; nothing where they say too little.
pub(crate) async fn keep(tx: &mut Tx, case: &Case, sketch: Option<&Sketch>, change: i64) -> Result<(), DbError> {
    let Some(sketch) = sketch else {
        tx.run("DELETE FROM sketches WHERE case_id = $1", args![case.id]).await?;
        return Ok(());
    };
    let sql = "INSERT INTO sketches (case_id, owner_id, change_seq, shingles, numbers) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (case_id) DO UPDATE SET owner_id = $2, change_seq = $3, shingles = $4, numbers = $5";
    tx.run(sql, args![case.id, case.owner.id, change, sketch.shingles, &sketch.numbers]).await?;
    Ok(())
}

impl Compared {
    /// The sketch of what is sent.
    pub(crate) fn sketch(&self) -> &Sketch {
        &self.sketch
    }
}

/// Fills sketches and assignments of every certification when they were made in another way, or never: after an older program, once.
pub(crate) async fn fill(db: &Db) -> Result<(), DbError> {
    let revision = "SELECT revision FROM sketches_filled WHERE id = 1";
    if db.read().await?.one(revision, args![]).await?.int(0)? == SKETCH_REVISION {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let mut tx = db.write().await?;
        // Held until the end, as by every act: none comes between a case and its sketch.
        tx.maybe("UPDATE service SET change_seq = change_seq WHERE id = 1 RETURNING id", args![]).await?;
        let sql = concat!(
            "SELECT c.id, ",
            cases::case_columns!(),
            " FROM cases c WHERE c.process = 'advanced' AND c.id > $1 ORDER BY c.id LIMIT $2"
        );
        let rows = tx.all(sql, args![&after, PORTION]).await?;
        for row in &rows {
            match cases::case(row, 1) {
                Ok(case) => {
                    let said = Said::of(&case);
                    let policy = Packs::built_in().policy(case.plan_year, Some(&case.school.county));
                    let sketch = said.is_enough(&policy).then(|| said.sketch());
                    keep(&mut tx, &case, sketch.as_ref(), 0).await?;
                    reviewers::keep_assignments(&mut tx, &case).await?;
                }
                Err(error) => tracing::error!(%error, "a case is compared with nothing"),
            }
        }
        let Some(last) = rows.last() else {
            tx.run("UPDATE sketches_filled SET revision = $1 WHERE id = 1", args![SKETCH_REVISION]).await?;
            return tx.commit().await;
        };
        after = last.text(0)?;
        tx.commit().await?;
    }
}
