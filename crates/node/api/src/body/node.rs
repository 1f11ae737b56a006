//! How a node is, and whom it is connected to.

use std::net::Ipv4Addr;

use bolao_answers::shown;
use bolao_chain::DatedAhead;
use bolao_discovery::Scope;
use bolao_ledger::{AccountId, BlockId, PoolId, Signature, Totals};
use bolao_rulebook::Finding;
use bolao_store::Tip;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use utoipa::ToSchema;

use super::{DatedBlock, NoticeBody, PlayerRef, WaitsBody};
use crate::{MiningStatus, SyncStatus};

/// The last block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChainTipBody {
    /// The block.
    #[serde(flatten)]
    pub block: DatedBlock,
    /// Work of the whole chain: the expected number of hashes, in hexadecimal.
    pub work: String,
}

impl From<Tip> for ChainTipBody {
    fn from(tip: Tip) -> Self {
        Self {
            block: DatedBlock {
                id: tip.block,
                time: tip.time,
            },
            work: format!("{:x}", tip.work),
        }
    }
}

/// A final block, which every chain of the pool holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FinalBody {
    /// The block.
    #[serde(flatten)]
    pub block: BlockId,
    /// Its time; absent as long as this node does not have its header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// True if validators supported different blocks before they decided on this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
}

/// The people who can open a node's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Everybody: somebody elsewhere has tried.
    Everywhere,
    /// Everybody, through a relay: the node has opened it by the relay.
    ByRelay,
    /// Devices in the same network.
    Lan,
    /// Programs on the same machine.
    ThisMachine,
    /// Nobody elsewhere has tried.
    Unknown,
}

/// The address of a node's page, and who can open it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkBody {
    /// The address, without a slash at its end.
    #[schema(example = "https://pool.example.org")]
    pub url: String,
    /// The people who can open it.
    pub reach: Reach,
    /// The name and the UDP port by which nodes elsewhere reach this one through a relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "ana.relay.example:9001")]
    pub node: Option<String>,
    /// The end of the certificate, where the node has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_until: Option<Timestamp>,
    /// The obstacle to more, and the next step, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl LinkBody {
    /// Of an address that nobody has tried.
    #[must_use]
    pub fn untried(url: String) -> Self {
        let host = Url::parse(&url).ok();
        let ip = match host.as_ref().and_then(Url::host) {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain("localhost")) => Some(Ipv4Addr::LOCALHOST.into()),
            _ => None,
        };
        let reach = match ip.map(Scope::of) {
            Some(Scope::Loopback) => Reach::ThisMachine,
            Some(Scope::Global) | None => Reach::Unknown,
            Some(_) => Reach::Lan,
        };
        Self {
            url,
            reach,
            node: None,
            certificate_until: None,
            trouble: None,
        }
    }
}

/// The people who may look at a node's page, and read its API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Viewers {
    /// Everybody who has the address.
    #[default]
    Everybody,
    /// Only players.
    Players,
}

/// A state of a node's own vote that the owner of its home is to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnVote {
    /// It does not vote, since its home does not know what it has signed: `bolao status` on its machine says what ends that.
    Waits,
    /// It alone makes the blocks, and no backup of its home was ever made.
    OnlyHere,
}

/// A link of the pool, and the keys of TLS behind it, as its own node says. A relay that opens what is sent through it has another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinkKeysBody {
    /// The link, without a slash at its end.
    #[schema(example = "https://ana.relay.example")]
    pub url: String,
    /// The player whose node answers there.
    pub player: PlayerRef,
    /// SHA-256 of each key (`SubjectPublicKeyInfo`), in hexadecimal, the one in use first.
    pub keys: Vec<String>,
    /// Other keys that the node calls its own: earlier ones, and the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owned: Vec<String>,
    /// True if the key is that of a proxy in front of the node, as the node itself saw it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fronted: bool,
    /// The time at which the node said so.
    pub time: Timestamp,
    /// The player's signature over pool, time and this (PROTOCOL.md).
    #[schema(value_type = String)]
    pub signature: Signature,
    /// Other keys that players' nodes met there: somebody between reads and may change what is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<MetKeyBody>,
    /// Certificates with other keys that public logs list for its name: somebody between can show browsers another page by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logged: Vec<LoggedKeyBody>,
}

/// A key that a player's node met at a link, and that is not its node's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MetKeyBody {
    /// The player whose node opened the link.
    pub player: PlayerRef,
    /// SHA-256 of the key, in hexadecimal.
    pub key: String,
    /// SHA-256 of its certificate, by which logs of certificates list it.
    pub certificate: String,
    /// The time at which it said so.
    pub time: Timestamp,
    /// The finding: its meaning for whoever opens the link.
    #[serde(flatten)]
    pub finding: Finding,
}

/// A certificate for a link's name that a public log lists, with a key that is not its node's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoggedKeyBody {
    /// The player whose node read it.
    pub player: PlayerRef,
    /// SHA-256 of the key, in hexadecimal.
    pub key: String,
    /// SHA-256 of the certificate.
    pub certificate: String,
    /// The server that lists it, which may be wrong.
    #[schema(example = "crt.sh")]
    pub log: String,
    /// Its name there.
    pub id: String,
    /// True if it is for all names beside the link's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wildcard: bool,
    /// The last time that it was said.
    pub time: Timestamp,
    /// The finding: its meaning for whoever opens the link.
    #[serde(flatten)]
    pub finding: Finding,
}

/// The age of what the node knows of public logs of certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogsBody {
    /// The links whose names logs know of.
    pub urls: Vec<String>,
    /// The servers that are asked, by their hosts; empty where the node is to ask none.
    pub servers: Vec<String>,
    /// The beginning: there were such links since then.
    pub since: Timestamp,
    /// The last time that all was looked at which one of the servers lists, for the link where that is longest ago; absent where there
    /// is one of which it never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Timestamp>,
    /// The servers that were read about then, or since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// The faults of the last reading, a sentence for each server.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<String>,
}

/// The status of the node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusBody {
    /// The program's version.
    pub version: String,
    /// The pool's identity: the hash of its genesis header.
    #[schema(value_type = String)]
    pub pool: PoolId,
    /// The name of the pool.
    pub pool_name: String,
    /// This node as others register it.
    pub url: String,
    /// Its page as people open it.
    pub link: LinkBody,
    /// The finding that this machine no longer has the address by which others reached the node, where it is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_gone: Option<Finding>,
    /// The people who may look at that page.
    #[serde(default)]
    pub viewers: Viewers,
    /// The pool's links of HTTPS with their keys, as their nodes say, and what players' nodes met there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkKeysBody>,
    /// The age of what this node knows of public logs of certificates; absent where there is no link that they know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs: Option<LogsBody>,
    /// The last time that another machine was heard which runs with the keys of this node's home, such as a copy of it; absent if none
    /// was since this node started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_elsewhere: Option<Timestamp>,
    /// The time at which its process started.
    pub started: Timestamp,
    /// Seconds since then.
    pub uptime_s: u64,
    /// The last block.
    pub tip: ChainTipBody,
    /// The last final block that this node knows of, in a pool with validators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#final: Option<FinalBody>,
    /// The wait of the next block, in a pool with validators, if it has waited so long that somebody must be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitsBody>,
    /// The height of the last final block that another machine signed with the key of this node's home since this node started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_elsewhere: Option<u64>,
    /// The state of its own vote that the owner of its home is to know, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_vote: Option<OwnVote>,
    /// The first block of the chain that names a time which is far from come by this machine's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated_ahead: Option<DatedAhead>,
    /// Of how many votes it is proven that a validator signed two; `/api/v1/validators` says whose.
    #[serde(default)]
    pub guilty: usize,
    /// Counts of the whole chain.
    #[serde(with = "shown")]
    pub totals: Totals,
    /// Transactions waiting for a block.
    pub pending: u64,
    /// The node's progress in catching up.
    pub sync: SyncStatus,
    /// The nonce over which a player's page tells its time (`POST /api/v1/clock`); another every half hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_nonce: Option<String>,
    /// The node's mining, and its rate.
    pub mining: MiningStatus,
    /// Connected peers.
    pub peers: usize,
    /// Whether what is sent to this node comes into the next block though no peer is connected: nobody else makes blocks.
    #[serde(default)]
    pub makes_blocks_alone: bool,
    /// Nodes known to discovery.
    pub known_nodes: usize,
    /// The number of notices, `/api/v1/notices`.
    #[serde(default)]
    pub notices: u64,
    /// The last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_notice: Option<NoticeBody>,
}

/// The time by the clock of a player's page, signed by the player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockBody {
    /// The player, or an organiser.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The time, in unix seconds.
    pub at: u64,
    /// The signature over pool, `at` and the text `clock NONCE`, with the `clock_nonce` of `/api/v1/status`.
    #[schema(value_type = String)]
    pub signature: Signature,
}

/// A connected peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeerBody {
    /// Its identity, in base 58.
    pub id: String,
    /// The UDP address at the other end.
    #[schema(example = "192.168.1.5:9000")]
    pub address: String,
    /// True if this node dialled.
    pub outbound: bool,
    /// Seconds since it connected.
    pub connected_for_s: u64,
    /// The name of its program, as it gives it.
    pub agent: String,
    /// The tip that it last reported.
    pub tip: Option<BlockId>,
    /// Seconds by which its clock is ahead of this machine's, negative if it is behind; null up to a minute, or up to
    /// `clock_s` where validators vote, and where it did not say.
    #[serde(default)]
    pub clock_ahead_s: Option<i64>,
}
