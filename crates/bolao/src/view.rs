//! What commands show of the API's answers; `crates/api` says what each field means.

use bolao_ledger::{AccountId, Base, BlockHash, Outcome, PoolId, Rules, Score, Tier};
use jiff::Timestamp;
use serde::Deserialize;

#[cfg(test)]
pub(crate) mod fixtures;

#[derive(Debug, Deserialize)]
pub(crate) struct Status {
    pub(crate) version: String,
    pub(crate) pool: PoolId,
    pub(crate) pool_name: String,
    pub(crate) url: String,
    pub(crate) uptime_s: u64,
    pub(crate) tip: Tip,
    pub(crate) totals: Totals,
    pub(crate) pending: u64,
    pub(crate) sync: bolao_api::SyncStatus,
    pub(crate) mining: bolao_api::MiningStatus,
    pub(crate) peers: u64,
    pub(crate) known_nodes: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PoolRules {
    pub(crate) rules: Rules,
    pub(crate) preset: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tip {
    pub(crate) hash: BlockHash,
    pub(crate) height: u64,
    pub(crate) time: Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Totals {
    pub(crate) players: u64,
    pub(crate) bets: u64,
    pub(crate) transactions: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Team {
    pub(crate) name: String,
    pub(crate) code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Match {
    pub(crate) no: u16,
    pub(crate) code: String,
    pub(crate) home: Team,
    pub(crate) away: Team,
    pub(crate) kickoff: Option<Timestamp>,
    pub(crate) stage: String,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) status: MatchStatus,
    pub(crate) postponed: bool,
    pub(crate) bets: u32,
    pub(crate) unopened: u32,
    pub(crate) pot: u64,
    pub(crate) base: Base,
    pub(crate) multiplier: u8,
    pub(crate) record: Option<Record>,
}

impl Match {
    /// The two teams.
    pub(crate) fn teams(&self) -> String {
        format!("{} – {}", self.home.name, self.away.name)
    }

    /// Whether the record says that it was put off, and it was scheduled anew since: then the record stands no more.
    pub(crate) fn reopened(&self) -> bool {
        let put_off = |record: &Record| record.outcome.status == bolao_ledger::Status::Postponed;
        !self.postponed && self.record.as_ref().is_some_and(put_off)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatchStatus {
    Scheduled,
    Closed,
    Provisional,
    Final,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Record {
    pub(crate) version: u32,
    pub(crate) outcome: Outcome,
    pub(crate) score: Option<Score>,
    pub(crate) signers: Vec<PlayerRef>,
    pub(crate) since: Timestamp,
    pub(crate) final_at: Option<Timestamp>,
    pub(crate) provisional: bool,
    pub(crate) objections: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MatchRef {
    pub(crate) no: u16,
    pub(crate) code: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct PlayerRef {
    pub(crate) account: AccountId,
    pub(crate) name: Option<String>,
}

impl PlayerRef {
    /// The name, or the account while there is none.
    pub(crate) fn shown(&self) -> String {
        self.name
            .clone()
            .unwrap_or_else(|| self.account.to_string())
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bet {
    pub(crate) r#match: MatchRef,
    pub(crate) player: PlayerRef,
    pub(crate) score: Option<Score>,
    pub(crate) sealed: bool,
    pub(crate) commitment: Option<String>,
    pub(crate) stake: u64,
    pub(crate) height: u64,
    pub(crate) time: Timestamp,
    pub(crate) transaction: String,
    pub(crate) points: Option<u64>,
    pub(crate) tier: Option<Tier>,
    pub(crate) provisional: bool,
    pub(crate) payout: Option<u64>,
}

impl Bet {
    /// The score, or that it is sealed.
    pub(crate) fn shown(&self) -> String {
        let own = match (self.sealed, self.score) {
            (true, Some(_)) => " (sealed, only you see it)",
            _ => "",
        };
        format!("{}{own}", tip(self.score))
    }

    /// The points, marked while they rest on a record that may change.
    pub(crate) fn points(&self) -> String {
        points(self.points, self.provisional)
    }
}

/// A score, or that it is sealed.
pub(crate) fn tip(score: Option<Score>) -> String {
    score.map_or_else(|| "sealed".to_owned(), |score| score.to_string())
}

/// Points, with a star while they rest on a record that may change.
pub(crate) fn points(points: Option<u64>, provisional: bool) -> String {
    let star = if provisional { "*" } else { "" };
    points.map_or_else(String::new, |points| format!("{points}{star}"))
}

/// What a table rests on.
#[derive(Debug, Deserialize)]
pub(crate) struct Basis {
    pub(crate) scored: u32,
    pub(crate) provisional: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tally {
    pub(crate) place: u32,
    pub(crate) points: u64,
    pub(crate) exact: u32,
    pub(crate) differences: u32,
    pub(crate) tendencies: u32,
    pub(crate) missing: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Standings {
    #[serde(flatten)]
    pub(crate) basis: Basis,
    pub(crate) items: Vec<StandingsRow>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct StandingsRow {
    pub(crate) player: PlayerRef,
    #[serde(flatten)]
    pub(crate) tally: Tally,
    pub(crate) chips: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Round {
    pub(crate) stage: String,
    pub(crate) base: Base,
    pub(crate) multiplier: u8,
    pub(crate) matches: Vec<MatchRef>,
    pub(crate) scored: usize,
    pub(crate) provisional: usize,
    pub(crate) first_kickoff: Option<Timestamp>,
    pub(crate) last_kickoff: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Matrix {
    pub(crate) stage: String,
    #[serde(flatten)]
    pub(crate) basis: Basis,
    pub(crate) matches: Vec<Match>,
    pub(crate) items: Vec<MatrixRow>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MatrixRow {
    pub(crate) player: PlayerRef,
    #[serde(flatten)]
    pub(crate) tally: Tally,
    pub(crate) cells: Vec<Option<MatrixCell>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MatrixCell {
    pub(crate) score: Option<Score>,
    pub(crate) sealed: bool,
    pub(crate) points: Option<u64>,
    pub(crate) provisional: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PlayerPage {
    #[serde(flatten)]
    pub(crate) player: Player,
    pub(crate) standing: Tally,
    pub(crate) players: usize,
    pub(crate) provisional: u32,
    pub(crate) staked: u64,
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
pub(crate) struct Player {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) chips: u64,
    pub(crate) joined: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Joined {
    pub(crate) joined: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NextNonce {
    pub(crate) next_nonce: u64,
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
pub(crate) struct Peer {
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) outbound: bool,
    pub(crate) connected_for_s: u64,
    pub(crate) agent: String,
    pub(crate) tip: Option<PeerTip>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PeerTip {
    pub(crate) height: u64,
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

#[derive(Debug, Deserialize)]
pub(crate) struct Fixture {
    pub(crate) code: String,
    pub(crate) kickoff: Option<Timestamp>,
}
