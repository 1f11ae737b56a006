//! What would become of transactions, before anybody sends them.

use bolao_answers::shown;
use bolao_ledger::{AccountId, Action, Fixture, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ChainTipBody, MatchRef, PredictionBody};

/// A transaction that is only tried: signed, as `transaction`, or not signed, as `account` and `action`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProposalBody {
    /// The canonical (borsh) encoding of a signed transaction in hexadecimal; its signature is checked too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    /// The account that would sign the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "bolao1…")]
    pub account: Option<AccountId>,
    /// The account's next if absent, after those before it in the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<u64>,
    /// The action in the ledger's own fields: `join`, `bet`, `seal`, `open`, `schedule`, `result`, `transfer` or
    /// `object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({
        "type": "bet", "tips": [{ "match_no": 1, "prediction": { "score": { "home": 2, "away": 1 } }, "stake": 10 }]
    }))]
    pub action: Option<Action>,
    /// True if it is judged alone: those after it are judged as if it had not been there, so that one of many choices can
    /// be made. Only for one that is not signed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

impl ProposalBody {
    /// One that nobody has signed, with the account's next nonce.
    #[must_use]
    pub fn unsigned(account: AccountId, action: Action) -> Self {
        Self {
            account: Some(account),
            action: Some(action),
            ..Self::default()
        }
    }
}

/// The verdicts on transactions as if they were submitted now, one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RehearsalBody {
    /// The block on which they were tried, with what waits on top.
    pub tip: ChainTipBody,
    /// One for each, in their order.
    pub transactions: Vec<VerdictBody>,
}

/// The verdict on a transaction. What is refused changes nothing for those after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerdictBody {
    /// Its id.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub id: String,
    /// The account that signs it.
    #[schema(value_type = String, example = "bolao1…")]
    pub account: AccountId,
    /// Its nonce.
    pub nonce: u64,
    /// True if it would be taken.
    pub accepted: bool,
    /// The stable code of the rule that refuses it, such as `bet-after-kickoff`, if it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The reason in a sentence, if it is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// True if the next block could hold it. If not, it would wait for others of its account, and does nothing yet.
    pub ready: bool,
    /// Matches on which its bets, sealed bets or openings would come too late and change nothing.
    pub void: Vec<MatchRef>,
    /// The account's chips at hand; `null` where nothing would be done.
    pub chips: Option<ChipsChange>,
    /// The account's bets that it would place, replace or open.
    pub bets: Vec<BetChange>,
    /// Matches that it would add or schedule anew: none while signatures are missing.
    pub matches: Vec<FixtureChange>,
    /// Records that it would set: none while signatures are missing.
    pub records: Vec<RecordChange>,
}

/// Chips at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChipsChange {
    /// Before; `null` for one that joins.
    pub before: Option<u64>,
    /// After.
    pub after: u64,
}

/// One bet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BetChange {
    /// On what.
    pub r#match: MatchRef,
    /// The bet that it replaces; `null` if there is none.
    pub before: Option<PlacedBody>,
    /// As it would stand.
    pub after: PlacedBody,
}

/// A prediction with its stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacedBody {
    /// The prediction.
    #[serde(flatten)]
    pub predicted: PredictionBody,
    /// Chips put on it.
    pub stake: u64,
}

/// The schedule of a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FixtureChange {
    /// Before; `null` if the match is new.
    #[serde(with = "shown")]
    pub before: Option<Fixture>,
    /// After.
    #[serde(with = "shown")]
    pub after: Fixture,
}

/// The record of a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordChange {
    /// The match.
    pub r#match: MatchRef,
    /// The outcome of the match.
    pub outcome: Outcome,
}
