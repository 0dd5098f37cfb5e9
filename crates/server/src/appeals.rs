//! 申復期限: what nobody appealed against in time is closed by the service itself, as an act like any other.

use crate::{
    Service,
    acts::{self, Plea},
    db::{self, DbError},
    http::{asked, hash_of},
};
use domain::{
    ids::{AccountId, CaseId, EventId},
    people::{Actor, Person, Role},
};
use sha2::{Digest as _, Sha256};
use wire::http::{Act, ActBody};

/// So many cases are closed between two looks at the clock.
const AT_ONCE: u32 = 200;

/// The service as it acts.
fn itself() -> Actor {
    Actor {
        person: Person { id: AccountId::SERVICE, name: "系統".to_owned() },
        role: Role::Platform,
        school: None,
        county: None,
        email: None,
        phone: None,
    }
}

/// The id of the act, which is the same for everybody who does it.
fn act_id(case: CaseId, seq: u32) -> EventId {
    let digest = Sha256::digest(format!("lapse {case} {seq}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    EventId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// Closes every case whose days for an appeal are over.
///
/// # Errors
/// The database's. What was closed before stays closed.
pub async fn lapse(service: &Service) -> Result<(), DbError> {
    let (now, actor) = (service.now(), itself());
    loop {
        let over = db::appeals::over(service.db(), now, AT_ONCE).await?;
        let mut closed = 0;
        for (case, seq) in &over {
            // The same case at the same number is the same act, whichever program on this database comes to it first.
            let id = act_id(*case, *seq);
            let act = Act { id, expect_seq: *seq, remarks: Default::default(), body: ActBody::Lapse };
            let hash = hash_of(&act)?;
            let asked = asked(service, *case, &act, &hash, &[], &actor, now);
            let judge = |situation: db::acts::Situation| {
                acts::judge(&Plea { case: *case, act: act.clone(), actor: &actor, now }, &situation)
            };
            match db::acts::carry_out(service.db(), &asked, judge).await {
                Ok(_) => closed += 1,
                // Somebody acted in between, and the next look finds what there is then.
                Err(DbError::Refused(failure)) => tracing::info!(code = %failure.code, "a case was not closed"),
                Err(error) => return Err(error),
            }
        }
        if closed > 0 {
            service.look_for_mail();
        }
        if closed == 0 || over.len() < AT_ONCE as usize {
            return Ok(());
        }
    }
}
