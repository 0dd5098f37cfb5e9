//! Who acts: people, offices and the parts they play (`workflows.md` §1).

use crate::ids::AccountId;
use serde::{Deserialize, Serialize};

/// A part that an account plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 教師.
    Teacher,
    /// 校長: the same screens and acts as a teacher.
    Principal,
    /// 學校承辦人.
    School,
    /// 縣市（教專中心）.
    County,
    /// 審查委員.
    Reviewer,
    /// 教育部.
    Ministry,
    /// 平臺工作小組.
    Platform,
}

impl Role {
    /// Every role, for tables and tests.
    pub const ALL: [Self; 7] =
        [Self::Teacher, Self::Principal, Self::School, Self::County, Self::Reviewer, Self::Ministry, Self::Platform];

    /// The part as workflow rows name it: a principal acts as a teacher.
    pub fn part(self) -> Self {
        if self == Self::Principal { Self::Teacher } else { self }
    }
}

/// A school as the office lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct School {
    /// 學校代碼, six characters (`forms.md` §5.5).
    pub code: String,
    /// Full name.
    pub name: String,
    /// Its county or city.
    pub county: String,
}

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// The name.
    pub name: String,
}

impl Person {
    /// Stands where somebody may not be known.
    pub fn nobody() -> Self {
        Self { id: AccountId::NOBODY, name: String::new() }
    }
}

/// Someone who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Actor {
    /// The person.
    pub person: Person,
    /// The part they play.
    pub role: Role,
    /// Their school; offices above schools have none.
    pub school: Option<School>,
    /// Their county; none for national offices.
    pub county: Option<String>,
    /// For forms that ask.
    pub email: Option<String>,
    /// For forms that ask.
    pub phone: Option<String>,
}

impl Actor {
    /// The county whose rules hold for what the actor does: that of the school, or the office's own.
    pub fn own_county(&self) -> Option<&str> {
        self.school.as_ref().map(|school| school.county.as_str()).or(self.county.as_deref())
    }

    /// Whether the actor works at the school with this code.
    pub fn is_at(&self, school: &School) -> bool {
        self.school.as_ref().is_some_and(|own| own.code == school.code)
    }
}
