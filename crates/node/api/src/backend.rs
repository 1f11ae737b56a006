//! What the API needs of a node: to read it, to act through it, and what the articles' routes ask besides.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use bolao_chain::Attendance;
use bolao_discovery::Discovery;
use bolao_feeds::Told;
use bolao_ledger::{
    AccountId, Block, BlockHash, Chips, MatchNo, Name, Score, Signature, Transaction, TxId,
    UnixSeconds,
};
use bolao_openings::Deal;
use bolao_store::{LoggedLink, Reader};
use bolao_wallet::{LinkWord, PublicInvite, PushAddress, Word};
use bolao_work::Job;
use url::Url;

use crate::{
    Events, NodeError, NodeStatus,
    body::{LinkBody, PeerBody, SolutionBody, Viewers, WordBody},
};

/// A node, seen from the API.
///
/// The API bounds what it passes on: bodies are decoded and within its size limits, and at most
/// a bounded number of calls waits at once. It drops a call whose caller has gone, so every
/// method must be safe to cancel.
pub trait Backend:
    ReadNode + LiveNode + ActOnNode + KeepInvitations + KeepSubscribers + KeepSources + ClassicNode
{
}

impl<T> Backend for T where
    T: ReadNode
        + LiveNode
        + ActOnNode
        + KeepInvitations
        + KeepSubscribers
        + KeepSources
        + ClassicNode
{
}

/// The readable side of a node, which may run or not.
pub trait ReadNode: Send + Sync + 'static {
    /// The chain on disk. Reads go to its snapshots and never wait for the core.
    fn reader(&self) -> &Reader;
}

/// An address by which others reached a node, and that its machine has no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoneAddress {
    /// The address.
    pub address: IpAddr,
    /// The place at which others reach the node now.
    pub now: Reached,
}

/// The place at which others reach a node whose address is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reached {
    /// At another address of the machine.
    At(String),
    /// Nowhere: the machine is in no network.
    Offline,
    /// Nowhere: the node was told to listen on no other.
    Nowhere,
}

/// The live side of a node: by default a stopped one's, which has nothing.
pub trait LiveNode: Send + Sync + 'static {
    /// This node as others register it, such as `http://localhost:9000`.
    fn own_url(&self) -> String {
        String::new()
    }

    /// The page of this node as people open it.
    fn link(&self) -> LinkBody {
        LinkBody::untried(self.own_url())
    }

    /// The address by which others reached the node, where this machine has it no longer.
    fn gone_address(&self) -> Option<GoneAddress> {
        None
    }

    /// Whether what is sent to this node comes into the next block though no peer is connected.
    fn makes_blocks_alone(&self) -> bool {
        false
    }

    /// The age of what public logs say of them; none where there is none that they know of.
    fn logs(&self) -> Option<ReadLogs> {
        None
    }

    /// The pool's links, as players' nodes say them.
    fn links(&self) -> Vec<KnownLink> {
        Vec::new()
    }

    /// When another machine was heard last that runs with this home's keys.
    fn runs_elsewhere(&self) -> Option<UnixSeconds> {
        None
    }

    /// Notes that a caller has come by a host, without its port.
    fn called(&self, _caller: IpAddr, _host: &str) {}

    /// The nonces over which a player's page may tell its time now, the newest first; none while the node is stopped.
    fn clock_nonces(&self) -> Vec<String> {
        Vec::new()
    }

    /// Notes the time that a caller's page has told, as its player has signed.
    fn told_time(&self, _caller: IpAddr, _player: AccountId, _time: UnixSeconds) {}

    /// Tells whether a host's name is this node's own, so that browsers may reach it by that.
    fn answers_to(&self, _name: &str) -> bool {
        false
    }

    /// The node article's known nodes and the checks behind `/nodes/`.
    fn discovery(&self) -> Option<&Discovery> {
        None
    }

    /// The people who may look at its page.
    fn viewers(&self) -> Viewers {
        Viewers::Everybody
    }

    /// The connected peers.
    fn peers(&self) -> Vec<PeerBody> {
        Vec::new()
    }

    /// The node's status, while it runs.
    fn status(&self) -> Option<NodeStatus> {
        None
    }

    /// The validators and who of them is there, while the node of a pool with validators runs.
    fn attendance(&self) -> Option<Arc<Attendance>> {
        None
    }

    /// The events of a node that runs.
    fn events(&self) -> Option<&Events> {
        None
    }

    /// The local user's secret, which state-changing calls without a signature must carry. Without one nobody can make them.
    fn token(&self) -> Option<&str> {
        None
    }
}

/// A stopped node: its store is all there is.
impl ReadNode for Reader {
    fn reader(&self) -> &Reader {
        self
    }
}

impl LiveNode for Reader {}
impl ActOnNode for Reader {}
impl KeepInvitations for Reader {}
impl KeepSubscribers for Reader {}
impl KeepSources for Reader {}
impl ClassicNode for Reader {}

/// The writing side of a node. A node that only reads answers that it has stopped.
#[async_trait]
pub trait ActOnNode: Send + Sync + 'static {
    /// Checks a signed transaction against the tip and the mempool, keeps it and spreads it. Gives the chips that its account has
    /// at hand once the next block holds it; none if that may not.
    async fn submit(&self, _transaction: Transaction) -> Result<Option<Chips>, NodeError> {
        Err(NodeError::Stopped)
    }

    /// Keeps what players deal to the pool's keepers, and passes it on; how many deals were taken: all, or it is an error.
    async fn keep_openings(&self, _deals: Vec<Deal>) -> Result<usize, NodeError> {
        Err(NodeError::Stopped)
    }

    /// Finds one block now, with whatever waits; returns once the peers have it or a bounded
    /// time has passed.
    async fn mine(&self) -> Result<BlockHash, NodeError> {
        Err(NodeError::Stopped)
    }

    /// The mining job of an account. Where it is the job that the miner has, waits for the next one, `patience` at
    /// most.
    async fn mining_job(
        &self,
        _account: AccountId,
        _known: Option<&str>,
        _patience: Duration,
    ) -> Result<Job, NodeError> {
        Err(NodeError::Stopped)
    }

    /// Takes what a miner found for a job. The same solution again gives the same block as long as that is on the chain.
    /// It waits for room in the core's queue, some seconds at most, and goes on when its caller has gone.
    async fn submit_work(&self, _found: SolutionBody) -> Result<BlockHash, NodeError> {
        Err(NodeError::Stopped)
    }

    /// Takes a block after full validation.
    async fn receive_block(&self, _block: Block) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }

    /// Takes the operator's word that this machine's clock is right as it is now.
    async fn trust_clock(&self) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }

    /// Asks the peers for a chain with more work; true: this chain has been replaced.
    async fn consensus(&self) -> Result<bool, NodeError> {
        Err(NodeError::Stopped)
    }
}

/// The invitations that short links leave to a node. A stopped one has none.
#[async_trait]
pub trait KeepInvitations: Send + Sync + 'static {
    /// Keeps an invitation that was checked; it is on disk then.
    async fn keep_invitation(&self, _invite: PublicInvite) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }

    /// The invitation with a ticket's key, if it is kept here.
    async fn invitation(&self, _ticket: AccountId) -> Result<Option<PublicInvite>, NodeError> {
        Ok(None)
    }
}

/// The browsers that are told of news by push messages. A stopped node tells nobody.
#[async_trait]
pub trait KeepSubscribers: Send + Sync + 'static {
    /// The node's public key at push services, in base64url; none where its page has no secure address, since browsers take no
    /// messages then.
    fn push_key(&self) -> Option<String> {
        None
    }

    /// Tells a player's browser of news from now on.
    async fn subscribe(&self, _player: AccountId, _address: PushAddress) -> Result<(), NodeError> {
        Err(NodeError::NoPush)
    }

    /// Tells nobody at an address any more.
    async fn unsubscribe(&self, _endpoint: String) -> Result<(), NodeError> {
        Err(NodeError::NoPush)
    }
}

/// The lists that the node reads from the web, and live scores. A stopped one has none.
#[async_trait]
pub trait KeepSources: Send + Sync + 'static {
    /// Whether lists are read, and of which competition.
    fn sources(&self) -> (bool, Option<String>) {
        (false, None)
    }

    /// Their words so far.
    fn told(&self) -> Told {
        Told::default()
    }

    /// The scores of matches that are played.
    fn live(&self) -> Vec<Live> {
        Vec::new()
    }

    /// Takes a word that an organiser has said, whose signature was checked. It is kept once this returns.
    async fn hear(&self, _word: Word, _said: WordBody) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }
}

/// A link of the pool, as its own node says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLink {
    /// The player whose node answers there.
    pub host: AccountId,
    /// The keys that it has ([`LinkWord::Key`]).
    pub word: LinkWord,
    /// Others that it calls its own ([`LinkWord::Owns`]).
    pub owned: Vec<[u8; 32]>,
    /// When that was said.
    pub time: UnixSeconds,
    /// The player's signature over it.
    pub signature: Signature,
    /// Other keys that players' nodes met there.
    pub met: Vec<MetKey>,
    /// Certificates with other keys that players' nodes read of in public logs.
    pub logged: Vec<LoggedKey>,
}

/// A key that a player's node met at a link, and that is not its node's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MetKey {
    /// The player.
    pub seer: AccountId,
    /// SHA-256 of the key.
    pub key: [u8; 32],
    /// SHA-256 of its certificate.
    pub certificate: [u8; 32],
    /// When.
    pub time: UnixSeconds,
}

/// A certificate for a link's name that a public log lists, with a key that is not its node's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedKey {
    /// The finding that tells of it.
    pub found: LoggedLink,
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
    /// When that was said last.
    pub time: UnixSeconds,
}

/// The age of what a node knows of public logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadLogs {
    /// The links whose names logs know of.
    pub urls: Vec<String>,
    /// The servers that are asked, by their hosts; none where the node is to ask none.
    pub servers: Vec<String>,
    /// The beginning: links were known since then.
    pub since: UnixSeconds,
    /// The last time that all was looked at which one of the servers lists, for the link where that is longest ago; none where there
    /// is one of which it never was.
    pub read: Option<UnixSeconds>,
    /// The servers that were read about then, or since.
    pub by: Vec<String>,
    /// The faults of the last reading, a sentence for each server.
    pub troubles: Vec<String>,
}

/// The score of a match that is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// The match.
    pub match_no: MatchNo,
    /// Its score.
    pub score: Score,
    /// The minute, where it is known.
    pub minute: Option<u8>,
    /// When it was heard.
    pub at: UnixSeconds,
    /// The source, or the organiser's name.
    pub from: String,
    /// The organiser's signed word; `None` where a source told it.
    pub word: Option<WordBody>,
}

/// The betting article's side of a node: bets by name, and nodes that are registered by URL.
#[async_trait]
pub trait ClassicNode: Send + Sync + 'static {
    /// Bets under a name with a key of this node's wallet, which joins on first use.
    async fn classic_bet(&self, _bet: ClassicBet) -> Result<TxId, NodeError> {
        Err(NodeError::Stopped)
    }

    /// Posts a bet, as JSON, to `/bet` of the registered nodes, with the pool's id in the header [`crate::BET_POOL`]. Gives those that
    /// did not take it; nodes of the pool hear of it from their peers.
    async fn post_bet(&self, _bet: String) -> Vec<NotTaken> {
        Vec::new()
    }

    /// Adds a node by URL, and dials it; with `spread`, each learns of all the others. An error
    /// leaves the registered nodes as they were.
    async fn register_node(&self, _url: Url, _spread: bool) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }

    /// Adds several nodes by URL, and dials them soon; those known already are left as they are. An
    /// error adds none of them.
    async fn register_nodes(&self, _urls: Vec<Url>) -> Result<(), NodeError> {
        Err(NodeError::Stopped)
    }

    /// The registered nodes, such as `http://localhost:9001`, in the order of registration.
    fn network_nodes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A registered node that did not take a bet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// The node's URL.
    pub url: String,
    /// Why, in a clause.
    pub why: String,
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.why)
    }
}

/// A bet by name, as the betting article's page sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicBet {
    /// The name of the player.
    pub name: Name,
    /// On which match.
    pub match_no: MatchNo,
    /// The prediction.
    pub score: Score,
    /// Chips put on it.
    pub stake: Chips,
}
