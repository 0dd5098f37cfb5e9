//! Someone who is signed in: their store, their session and what the service told about itself.

use crate::{failure::of_store, rules::KnownRules};
use domain::{
    people::Actor,
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Store;
use tokio::sync::RwLock;
use wire::Failure;

/// The plan year that is open before the service has ever been asked.
const FIRST_PLAN_YEAR: PlanYear = PlanYear(111);

/// A person at this desktop.
pub struct Seat {
    /// The folder's name, which is also the name in the keyring.
    pub(crate) folder: String,
    /// Who it is.
    pub(crate) actor: Actor,
    /// Their store.
    pub(crate) store: Store,
    /// The session; none after it ended.
    pub(crate) token: RwLock<Option<String>>,
    /// What the counties have set, as the store has it.
    pub(crate) rules: KnownRules,
}

/// What the store remembers of the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServiceMemory {
    /// Its identity; another one means another service.
    pub(crate) service_id: Option<String>,
    /// The plan year it opens now.
    pub(crate) plan_year: Option<PlanYear>,
    /// Last time level with it.
    pub(crate) synced_at: Option<Timestamp>,
    /// By how many milliseconds this computer's clock was behind its clock then.
    #[serde(default)]
    pub(crate) behind: i64,
}

impl std::fmt::Debug for Seat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seat")
    }
}

impl Seat {
    pub(crate) async fn memory(&self) -> Result<ServiceMemory, Failure> {
        let kept = self.store.meta("service").await.map_err(of_store)?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default())
    }

    pub(crate) async fn remember(&self, memory: &ServiceMemory) -> Result<(), Failure> {
        self.store.put_meta("service", &json!(memory)).await.map_err(of_store)
    }

    pub(crate) async fn plan_year(&self) -> Result<PlanYear, Failure> {
        Ok(self.memory().await?.plan_year.unwrap_or(FIRST_PLAN_YEAR))
    }

    pub(crate) async fn token(&self) -> Option<String> {
        self.token.read().await.clone()
    }
}
