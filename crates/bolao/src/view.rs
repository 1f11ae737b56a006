//! What commands show of the API's answers; `crates/api` says what each field means.

use bolao_ledger::{AccountId, Base, BlockHash, Outcome, PoolId, Score};
use jiff::Timestamp;
use serde::Deserialize;

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

#[derive(Debug, Deserialize)]
pub(crate) struct MatchRef {
    pub(crate) code: String,
}

#[derive(Debug, Deserialize)]
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
    pub(crate) stake: u64,
    pub(crate) height: u64,
    pub(crate) time: Timestamp,
}

impl Bet {
    /// The score, or that it is sealed.
    pub(crate) fn shown(&self) -> String {
        self.score
            .map_or_else(|| "sealed".to_owned(), |score| score.to_string())
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Player {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) chips: u64,
    pub(crate) joined: u64,
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
    pub(crate) action: Action,
    pub(crate) block: Option<BlockRef>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Action {
    Join { name: String },
    Bet { tips: Vec<TxTip> },
    Seal { tips: Vec<OfMatch> },
    Open { openings: Vec<OfMatch> },
    Schedule { fixture: Fixture },
    Result { r#match: MatchRef },
    Transfer { to: PlayerRef, chips: u64 },
    Object { r#match: MatchRef, text: String },
}

#[derive(Debug, Deserialize)]
pub(crate) struct OfMatch {
    pub(crate) r#match: MatchRef,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TxTip {
    pub(crate) r#match: MatchRef,
    pub(crate) score: Score,
    pub(crate) void: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Fixture {
    pub(crate) code: String,
    pub(crate) kickoff: Option<Timestamp>,
}
