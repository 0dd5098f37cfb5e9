//! The log of every act.

use super::{Ground, Kind, submitted};
use server::db::{
    Db,
    audit::{Verdict, verify},
};

async fn run(db: &Db, sql: &'static str) -> Result<u64, server::db::DbError> {
    let mut tx = db.write().await?;
    let changed = tx.run(sql, vec![]).await?;
    tx.commit().await?;
    Ok(changed)
}

pub(crate) async fn the_log_is_whole_and_tampering_shows(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    submitted(&teacher, 1).await;
    let db = ground.db().await;
    let Verdict::Whole { entries } = verify(&db).await.unwrap() else { panic!("the log is whole") };
    assert_eq!(entries, 13 + 5 + 1 + 2, "accounts made, their records, a sign-in, two acts");
    // Someone who owns the database takes the guards away first.
    let unguard: &[&'static str] = match ground.kind {
        Kind::Sqlite => &[
            "DROP TRIGGER events_never_updated",
            "DROP TRIGGER events_never_deleted",
            "DROP TRIGGER audit_never_updated",
            "DROP TRIGGER audit_never_deleted",
        ],
        Kind::Postgres => &["DROP TRIGGER events_never_changed ON events", "DROP TRIGGER audit_never_changed ON audit"],
    };
    for sql in unguard {
        run(&db, sql).await.unwrap();
    }
    for (change, undo, verdict) in [
        (
            "UPDATE events SET body = REPLACE(body, 'school_check', 'county_check') WHERE seq = 2",
            "UPDATE events SET body = REPLACE(body, 'county_check', 'school_check') WHERE seq = 2",
            Verdict::EventChanged { at: 21 },
        ),
        (
            "UPDATE audit SET detail = detail || ' ' WHERE seq = 3",
            "UPDATE audit SET detail = 'role=teacher' WHERE seq = 3",
            Verdict::Broken { at: 3 },
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE seq = 14",
            "UPDATE audit SET at = at - 1 WHERE seq = 14",
            Verdict::Broken { at: 14 },
        ),
        (
            "UPDATE audit SET seq = 99 WHERE seq = 15",
            "UPDATE audit SET seq = 15 WHERE seq = 99",
            Verdict::Broken { at: 15 },
        ),
    ] {
        assert_eq!(run(&db, change).await.unwrap(), 1);
        assert_eq!(verify(&db).await.unwrap(), verdict, "{change}");
        run(&db, undo).await.unwrap();
        assert_eq!(verify(&db).await.unwrap(), Verdict::Whole { entries });
    }
    run(&db, "DELETE FROM audit WHERE seq = 21").await.unwrap();
    assert_eq!(verify(&db).await.unwrap(), Verdict::EventUnknown, "a log that was cut off at its end");
    db.close().await;
}

pub(crate) async fn what_was_done_cannot_be_undone_in_the_database(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    submitted(&teacher, 1).await;
    let db = ground.db().await;
    for sql in [
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "UPDATE audit SET detail = ''",
        "DELETE FROM audit WHERE seq = 1",
    ] {
        let refused = run(&db, sql).await.unwrap_err().to_string();
        assert!(refused.contains("is append-only"), "{sql}: {refused}");
    }
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Whole { .. }));
    db.close().await;
}
