//! What commands show of the API's answers: its own types by short names, and of what has none the fields that are shown.

pub(crate) use bolao_api::body::{
    ActBody as Act, BasisBody as Basis, BetBody as Bet, CellBody as MatrixCell, Earned,
    FixtureBody as Fixture, MatchBody as Match, MatchRef, MatchStatus, MatrixBody as Matrix,
    MatrixRow, NonceBody as NextNonce, ObjectionBody as Objection, PeerBody as Peer,
    PlayerBody as Player, PlayerPage, PlayerRef, RecordBody as Record, RoundBody as Round,
    SignedBody as Signed, StandingBody as StandingsRow, StandingsBody as Standings,
    StatusBody as Status, TallyBody as Tally, TeamBody as Team, VersionBody as Version,
    WaitingBody as Waiting,
};
use bolao_ledger::{AccountId, BlockHash, Rules, Score};
use jiff::Timestamp;
use serde::Deserialize;

#[cfg(test)]
pub(crate) mod fixtures;

#[derive(Debug, Deserialize)]
pub(crate) struct PoolRules {
    pub(crate) rules: Rules,
    pub(crate) preset: Option<String>,
}

/// The score of a bet, or that it is sealed.
pub(crate) fn bet(bet: &Bet) -> String {
    let own = match (bet.sealed, bet.score) {
        (true, Some(_)) => " (sealed, only you see it)",
        _ => "",
    };
    format!("{}{own}", tip(bet.score))
}

/// A score, or that it is sealed.
pub(crate) fn tip(score: Option<Score>) -> String {
    score.map_or_else(|| "sealed".to_owned(), |score| score.to_string())
}

/// Points, with a star while they rest on a record that may change.
pub(crate) fn points(earned: Earned) -> String {
    let star = if earned.provisional { "*" } else { "" };
    let points = earned.points;
    points.map_or_else(String::new, |points| format!("{points}{star}"))
}

/// A change of a player's chips.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    pub(crate) cause: Cause,
    pub(crate) r#match: Option<MatchRef>,
    pub(crate) other: Option<PlayerRef>,
    #[serde(rename = "change")]
    pub(crate) chips: i64,
    pub(crate) balance: u64,
    pub(crate) time: Timestamp,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    Joined,
    Staked,
    Freed,
    Won,
    Refunded,
    Sent,
    Received,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Block {
    pub(crate) hash: BlockHash,
    pub(crate) height: u64,
    pub(crate) previous: BlockHash,
    pub(crate) time: Timestamp,
    pub(crate) bits: String,
    pub(crate) main_chain: bool,
    pub(crate) transactions: Option<u64>,
    pub(crate) coinbase: Option<Coinbase>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Coinbase {
    pub(crate) miner: AccountId,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Hash {
    pub(crate) hash: BlockHash,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Submitted {
    pub(crate) id: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct BlockRef {
    pub(crate) height: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Transaction {
    pub(crate) id: String,
    pub(crate) player: PlayerRef,
    pub(crate) nonce: u64,
    pub(crate) action: Action,
    pub(crate) block: Option<BlockRef>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Action {
    Join { name: String },
    Bet { tips: Vec<TxTip> },
    Seal { tips: Vec<TxSeal> },
    Open { openings: Vec<OfMatch> },
    Schedule { fixture: Fixture },
    Result { r#match: MatchRef },
    Transfer { to: PlayerRef, chips: u64 },
    Object { r#match: MatchRef, text: String },
}

#[derive(Debug, Deserialize)]
pub(crate) struct OfMatch {
    pub(crate) r#match: MatchRef,
    pub(crate) void: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TxTip {
    pub(crate) r#match: MatchRef,
    pub(crate) score: Score,
    pub(crate) stake: u64,
    pub(crate) void: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TxSeal {
    pub(crate) r#match: MatchRef,
    pub(crate) commitment: String,
    pub(crate) stake: u64,
    pub(crate) void: bool,
}
