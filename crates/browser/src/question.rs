//! What questions are about. `web/src/rules/types.ts` says the same to the page.
//!
//! Each question is read as its own type: one type for all would take a fifth of the page's download.

use bolao_ledger::{
    AccountId, BlockHash, Day, Fixture, Height, MatchNo, Nonce, PoolId, Score, Text, UnixSeconds,
    ValidatorKey,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::refusal::Refusal;

/// Reads what a question is about; fields of other questions are not looked at.
pub(crate) fn about<T: DeserializeOwned>(question: &str) -> Result<T, Refusal> {
    serde_json::from_str(question).map_err(|error| Refusal::new("bad-question", error))
}

/// Which question it is.
#[derive(Deserialize)]
pub(crate) struct Head {
    pub(crate) ask: String,
}

#[derive(Deserialize)]
pub(crate) struct NewKeys {
    /// 32 random bytes, as all that is random in hexadecimal.
    pub(crate) entropy: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(crate) struct Words {
    pub(crate) words: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(crate) struct KeepKeys {
    pub(crate) passphrase: Zeroizing<String>,
    /// 40 random bytes: a salt and a nonce.
    pub(crate) random: String,
}

#[derive(Deserialize)]
pub(crate) struct OpenKeys {
    pub(crate) kept: String,
    #[serde(default)]
    pub(crate) passphrase: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(crate) struct ReadInvitation {
    pub(crate) fragment: Zeroizing<String>,
    /// Of a short one, what the node keeps.
    pub(crate) kept: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct OpenPool {
    pub(crate) genesis: String,
    pub(crate) pool: PoolId,
}

#[derive(Deserialize)]
pub(crate) struct Sign {
    pub(crate) nonce: Nonce,
    pub(crate) act: Value,
}

#[derive(Deserialize)]
pub(crate) struct Openings {
    pub(crate) seals: Vec<OwnSeal>,
}

/// Seals to deal to keepers.
#[derive(Deserialize)]
pub(crate) struct DealSeals {
    pub(crate) seals: Vec<DealtSeal>,
    pub(crate) keepers: Vec<ValidatorKey>,
    /// 32 random bytes for each seal.
    pub(crate) entropy: Vec<Zeroizing<String>>,
}

/// A seal of one's own, and which deal of it this is: the node's `next_round`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct DealtSeal {
    pub(crate) match_no: MatchNo,
    pub(crate) nonce: Nonce,
    #[serde(with = "hex::serde")]
    pub(crate) commitment: [u8; 32],
    pub(crate) round: u8,
}

#[derive(Deserialize)]
pub(crate) struct MakeInvitation {
    pub(crate) uses: u32,
    pub(crate) expires: UnixSeconds,
    pub(crate) named: Option<Place>,
    /// 16 random bytes.
    pub(crate) secret: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(crate) struct CheckName {
    pub(crate) name: String,
}

#[derive(Deserialize)]
pub(crate) struct PointsFor {
    pub(crate) stage: Text<64>,
    pub(crate) prediction: Score,
    pub(crate) result: Score,
}

#[derive(Deserialize)]
pub(crate) struct DeadlineOf {
    pub(crate) fixture: Fixture,
    pub(crate) day: Option<Day>,
}

#[derive(Deserialize)]
pub(crate) struct VerifySlip {
    pub(crate) json: String,
    pub(crate) pool: Option<PoolId>,
}

#[derive(Deserialize)]
pub(crate) struct BeginPart {
    pub(crate) named: Option<Place>,
}

#[derive(Deserialize)]
pub(crate) struct StandingsOf {
    pub(crate) stage: Option<Text<64>>,
}

#[derive(Deserialize)]
pub(crate) struct PayoutsFor {
    pub(crate) match_no: MatchNo,
    pub(crate) result: Score,
}

/// Of whose acts, with transactions in hexadecimal that are said to wait.
#[derive(Deserialize)]
pub(crate) struct OrderOf {
    pub(crate) account: AccountId,
    pub(crate) waiting: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Compare {
    pub(crate) of: Route,
    pub(crate) body: Value,
}

/// A seal of one's own in the chain, or one that waits.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct OwnSeal {
    pub(crate) match_no: MatchNo,
    /// Of the transaction that sealed.
    pub(crate) nonce: Nonce,
    #[serde(with = "hex::serde")]
    pub(crate) commitment: [u8; 32],
}

/// A block's place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Place {
    pub(crate) height: Height,
    pub(crate) hash: BlockHash,
}

/// Which answer of the node's.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Route {
    #[serde(rename = "route")]
    pub(crate) name: String,
    pub(crate) stage: Option<Text<64>>,
    /// Of a table, the match from which on it counts.
    pub(crate) match_no: Option<MatchNo>,
    /// The match that was asked for.
    pub(crate) code: Option<String>,
    /// What the time is now at the latest: a match that takes bets after it is not closed.
    pub(crate) now: Option<UnixSeconds>,
    /// Of a table, the one whose line it is.
    pub(crate) account: Option<AccountId>,
    /// How many rows the pages before it have.
    #[serde(default)]
    pub(crate) after: usize,
}
