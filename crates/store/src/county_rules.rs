//! 縣市規定 as the service told them: every version, so that one can see what changed. Nothing is decided here.

use crate::{
    Result, Store,
    column::{Columns as _, json},
};
use domain::{policy::CountyRuleSet, time::PlanYear};

impl Store {
    /// Keeps versions of rules. A version never changes, so one that is told again stays as it is.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_rule_sets(&self, sets: &[CountyRuleSet]) -> Result<()> {
        if sets.is_empty() {
            return Ok(());
        }
        let mut work = self.write().await?;
        let done = async {
            for set in sets {
                sqlx::query(
                    "INSERT INTO county_rules (county, plan_year, version, body) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (county, plan_year, version) DO NOTHING",
                )
                .bind(&set.county)
                .bind(i64::from(set.plan_year.0))
                .bind(i64::from(set.version))
                .bind(json(set))
                .execute(work.conn())
                .await?;
            }
            Ok(())
        }
        .await;
        work.end(done).await
    }

    /// Every version of every county's rules that is known here, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn rule_sets(&self) -> Result<Vec<CountyRuleSet>> {
        let rows = sqlx::query("SELECT body FROM county_rules ORDER BY county, plan_year, version")
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The amounts approved so far in a plan year, NTD, of all cases that are known here.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn approved_total(&self, year: PlanYear) -> Result<u32> {
        let row = sqlx::query(
            "SELECT coalesce(sum(json_extract(body, '$.approved_amount')), 0) AS total \
             FROM cases JOIN case_bodies ON case_id = id WHERE plan_year = $1",
        )
        .bind(i64::from(year.0))
        .fetch_one(&mut *self.read().await?.conn)
        .await?;
        row.count("total")
    }
}
