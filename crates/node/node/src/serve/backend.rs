//! What the HTTP API asks of a node.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use bolao_api::{
    ActOnNode, ClassicBet, ClassicNode, Events, GoneAddress, KeepInvitations, KeepSources,
    KeepSubscribers, KnownLink, Live, LiveNode, NodeError, NodeStatus, NotTaken, Reached, ReadLogs,
    ReadNode,
    body::{LinkBody, OwnVote, PeerBody, SolutionBody, Viewers, WordBody},
};
use bolao_chain::{Accepted, Attendance, ClockWitness, Input, Item, Rejection};
use bolao_discovery::Discovery;
use bolao_feeds::Told;
use bolao_ledger::{
    AccountId, Block, BlockHash, BlockProof, Chips, Reason, Transaction, TxId, UnixSeconds,
};
use bolao_openings::Deal;
use bolao_store::Reader;
use bolao_wallet::{LinkWord, PublicInvite, PushAddress, Word};
use bolao_work::Job;
use tokio::time::sleep;
use url::Url;

use crate::{
    clock::now, machine::Machine, mine::jobs::Jobs, mine::mining::Mining, pool::Pool,
    reach::bridge, reading, serve::delivery::Delivery, serve::page_clocks::PageClocks,
    services::feeds::Feeds, services::link::Link, services::push::Push, watch::peer_view,
};

/// The time that a registration waits for the connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);
/// The words for a link that friends' nodes met another key at.
const MET_ANOTHER: &str = "a player's node opened it and met a key that is not this node's: somebody between may read \
    and change what players see (`bolao doctor` says who saw what): tell your friends, and use another relay";
/// The words for one of which a log lists a certificate with another key.
const LOGGED_ANOTHER: &str = "a public log lists a certificate for it whose key is not this node's, so its owner can show \
    browsers another page (`bolao doctor` says which): tell your friends, and use another relay";
/// The time between two of its looks.
const LOOK: Duration = Duration::from_millis(20);

/// A node, as the API sees it.
#[derive(Debug)]
pub(crate) struct NodeBackend {
    pub(crate) pool: Pool,
    pub(crate) machine: Machine,
    pub(crate) link: Link,
    pub(crate) page_clocks: PageClocks,
    pub(crate) push: Option<Arc<Push>>,
    pub(crate) feeds: Arc<Feeds>,
    pub(crate) mining: Mining,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) token: String,
    pub(crate) started: Instant,
    pub(crate) started_unix: UnixSeconds,
    /// The number of replacements of the chain that `GET /consensus` has answered with.
    pub(crate) answered: AtomicU64,
}

impl NodeBackend {
    fn delivery(&self) -> Delivery {
        Delivery::prepare(self.pool.engine.events(), &self.pool.network)
    }

    /// Dials addresses that are not connected, and waits a little for the connections; whether all are there.
    async fn connect(&self, addresses: &[SocketAddr], patience: Duration) -> bool {
        let missing = || {
            let peers = self.pool.network.peers();
            let mut missing = addresses.to_vec();
            missing.retain(|address| peers.iter().all(|peer| peer.address != *address));
            missing
        };
        for address in missing() {
            if let Err(error) = self.pool.network.dial(address) {
                tracing::debug!(%address, %error, "not dialled");
            }
        }
        let end = Instant::now() + patience;
        while !missing().is_empty() && Instant::now() < end {
            sleep(LOOK).await;
        }
        !addresses.is_empty() && missing().is_empty()
    }
}

impl NodeBackend {
    fn is_only_validator(&self) -> bool {
        let attendance = self.pool.watch.attendance();
        attendance.is_some_and(
            |it| matches!(&it.validators[..], [one] if one.account == self.pool.signer.player()),
        )
    }

    /// The state of its vote that its owner is to know. A home that cannot be read says so elsewhere.
    fn own_vote(&self) -> Option<OwnVote> {
        if self.pool.home.wait().is_ok_and(|wait| wait.is_some()) {
            return Some(OwnVote::Waits);
        }
        let ends_here = self.is_only_validator()
            && self.pool.votes
            && self.pool.reader.genesis().proof() == BlockProof::Certificate
            && !self.pool.home.is_backed_up().ok()?;
        ends_here.then_some(OwnVote::OnlyHere)
    }
}

impl ReadNode for NodeBackend {
    fn reader(&self) -> &Reader {
        &self.pool.reader
    }
}

impl LiveNode for NodeBackend {
    fn own_url(&self) -> String {
        self.machine.registry.local_addresses.own_url()
    }

    fn link(&self) -> LinkBody {
        let mut link = self.link.now(&self.machine.registry.local_addresses);
        let player = self.pool.signer.player();
        let known = self.pool.links.known().into_iter();
        let mut own = known.filter(|it| link.trouble.is_none() && it.host == player);
        if let Some(of_link) = own.find(|it| !it.met.is_empty() || !it.logged.is_empty()) {
            let is_fronted = matches!(of_link.word, LinkWord::Key { fronted: true, .. });
            link.trouble = if of_link.met.is_empty() {
                (!is_fronted).then(|| LOGGED_ANOTHER.to_owned())
            } else {
                Some(MET_ANOTHER.to_owned())
            };
        }
        link
    }

    fn gone_address(&self) -> Option<GoneAddress> {
        let here = &self.machine.registry.local_addresses;
        let address = here.gone()?.ip();
        let addresses = here.now();
        let now = if addresses.listens.is_empty() {
            Reached::Nowhere
        } else if addresses.own.ip().is_loopback() {
            Reached::Offline
        } else {
            Reached::At(here.own_url())
        };
        Some(GoneAddress { address, now })
    }

    fn makes_blocks_alone(&self) -> bool {
        if self.pool.reader.genesis().proof() == BlockProof::Certificate {
            return self.pool.votes && self.is_only_validator();
        }
        !self.machine.knows_others()
    }

    fn viewers(&self) -> Viewers {
        if self.pool.home.is_for_players() {
            Viewers::Players
        } else {
            Viewers::Everybody
        }
    }

    fn runs_elsewhere(&self) -> Option<UnixSeconds> {
        self.pool.links.elsewhere()
    }

    fn links(&self) -> Vec<KnownLink> {
        self.pool.links.known()
    }

    fn logs(&self) -> Option<ReadLogs> {
        self.pool.links.read_logs()
    }

    fn called(&self, caller: IpAddr, host: &str) {
        let here = &self.machine.registry.local_addresses;
        self.link.called(caller, host, here);
    }

    fn clock_nonces(&self) -> Vec<String> {
        // Where this node makes no block, nothing rests on its clock alone.
        if self.pool.votes {
            self.page_clocks.nonces()
        } else {
            Vec::new()
        }
    }

    fn told_time(&self, caller: IpAddr, player: AccountId, time: UnixSeconds) {
        let here = &self.machine.registry.local_addresses;
        if self.page_clocks.hears(caller, player, here) {
            let page = ClockWitness::Page { player, time };
            self.pool.engine.try_input(Input::Clock(page));
        }
    }

    fn answers_to(&self, name: &str) -> bool {
        self.machine.registry.answers_to(name)
    }

    fn discovery(&self) -> Option<&Discovery> {
        Some(&self.machine.discovery)
    }

    fn peers(&self) -> Vec<PeerBody> {
        let peers = self.pool.network.peers();
        peers
            .iter()
            .map(|info| peer_view(info, &self.pool.reports))
            .collect()
    }

    fn status(&self) -> Option<NodeStatus> {
        Some(NodeStatus {
            started: self.started_unix,
            uptime: self.started.elapsed(),
            sync: self.pool.watch.sync(self.pool.network.peers().is_empty()),
            mining: self.mining.status(),
            own_vote: self.own_vote(),
        })
    }

    fn attendance(&self) -> Option<Arc<Attendance>> {
        self.pool.watch.attendance()
    }

    fn events(&self) -> Option<&Events> {
        Some(self.pool.watch.events())
    }

    fn token(&self) -> Option<&str> {
        Some(&self.token)
    }
}

#[async_trait]
impl ActOnNode for NodeBackend {
    async fn submit(&self, transaction: Transaction) -> Result<Option<Chips>, NodeError> {
        match self.pool.engine.submit(transaction).await? {
            Accepted::Transaction { chips, .. } => Ok(chips),
            other => unreachable!("a transaction was submitted, not {other:?}"),
        }
    }

    async fn keep_openings(&self, deals: Vec<Deal>) -> Result<usize, NodeError> {
        let count = deals.len();
        self.pool.engine.deals(deals).await?;
        Ok(count)
    }

    async fn mine(&self) -> Result<BlockHash, NodeError> {
        let delivery = self.delivery();
        let hash = self.mining.mine().await?;
        delivery.wait(Item::Block(hash)).await;
        Ok(hash)
    }

    async fn mining_job(
        &self,
        account: AccountId,
        known: Option<&str>,
        patience: Duration,
    ) -> Result<Job, NodeError> {
        self.jobs.job(account, known, patience).await
    }

    async fn submit_work(&self, found: SolutionBody) -> Result<BlockHash, NodeError> {
        self.jobs.submit(&found, false).await
    }

    async fn receive_block(&self, block: Block) -> Result<(), NodeError> {
        let elsewhere = || Rejection {
            reason: Reason::UnknownParent,
            message: "the block does not build on this chain's last block".into(),
        };
        // Blocks of other branches come from peers, who are bounded; this route takes the next block only.
        let tip = reading::tip(&self.pool.reader);
        if tip.is_ok_and(|tip| tip.hash != block.header.previous) {
            return Err(elsewhere().into());
        }
        match self.pool.engine.received(block).await? {
            Accepted::Block { tip: true, .. } => Ok(()),
            // On a lighter branch it is kept, but it is not part of this chain.
            _ => Err(elsewhere().into()),
        }
    }

    async fn trust_clock(&self) -> Result<(), NodeError> {
        self.pool.home.trust_clock(now().unix)?;
        let word = Input::Clock(ClockWitness::Operator);
        self.pool.engine.input(word).await?;
        self.pool.engine.alive().await
    }

    async fn consensus(&self) -> Result<bool, NodeError> {
        let registry = &self.machine.registry;
        let registered = registry.addresses(&registry.list()).await;
        self.connect(&registered, CONNECT_PATIENCE / 2).await;
        let peers = bridge::peers(&self.pool.network);
        let replacements = self.pool.engine.sync_now(peers).await?;
        let answered = self.answered.fetch_max(replacements, Ordering::Relaxed);
        Ok(replacements > answered)
    }
}

#[async_trait]
impl KeepInvitations for NodeBackend {
    async fn keep_invitation(&self, invite: PublicInvite) -> Result<(), NodeError> {
        self.pool.invitations.keep(invite).await
    }

    async fn invitation(&self, ticket: AccountId) -> Result<Option<PublicInvite>, NodeError> {
        self.pool.invitations.get(ticket).await
    }
}

#[async_trait]
impl KeepSubscribers for NodeBackend {
    fn push_key(&self) -> Option<String> {
        self.push.as_deref().map(Push::key)
    }

    async fn subscribe(&self, player: AccountId, address: PushAddress) -> Result<(), NodeError> {
        let push = self.push.as_ref().ok_or(NodeError::NoPush)?;
        push.subscribe(player, address).await
    }

    async fn unsubscribe(&self, endpoint: String) -> Result<(), NodeError> {
        let push = self.push.as_ref().ok_or(NodeError::NoPush)?;
        push.unsubscribe(endpoint).await
    }
}

#[async_trait]
impl KeepSources for NodeBackend {
    fn sources(&self) -> (bool, Option<String>) {
        self.feeds.sources()
    }

    fn told(&self) -> Told {
        self.feeds.told()
    }

    fn live(&self) -> Vec<Live> {
        self.feeds.live()
    }

    async fn hear(&self, word: Word, said: WordBody) -> Result<(), NodeError> {
        self.feeds.hear(word, said).await
    }
}

#[async_trait]
impl ClassicNode for NodeBackend {
    async fn classic_bet(&self, bet: ClassicBet) -> Result<TxId, NodeError> {
        let delivery = self.delivery();
        let id = self.pool.signer.bet(bet, now().unix).await?;
        delivery.wait(Item::Transaction(id)).await;
        Ok(id)
    }

    async fn post_bet(&self, bet: String) -> Vec<NotTaken> {
        let pool = self.pool.reader.pool_id();
        self.machine.registry.post_bet(pool, &bet).await
    }

    async fn register_node(&self, url: Url, spread: bool) -> Result<(), NodeError> {
        let new = self.machine.registry.check(&[url])?;
        // Added only once it has taken the registration, so that a failure leaves the list as it was.
        if spread {
            for url in &new {
                self.machine.registry.spread(url).await?;
            }
        }
        self.machine.registry.add(&new).await?;
        let patience = if spread {
            CONNECT_PATIENCE
        } else {
            CONNECT_PATIENCE / 6
        };
        for url in new {
            let addresses = self
                .machine
                .registry
                .addresses(std::slice::from_ref(&url))
                .await;
            if !self.connect(&addresses, patience).await {
                tracing::warn!(
                    node = url,
                    "registered, but no node of this pool answers there yet: bets and blocks are shared over UDP on \
                    the same port, only with nodes of this program"
                );
            }
        }
        Ok(())
    }

    async fn register_nodes(&self, urls: Vec<Url>) -> Result<(), NodeError> {
        // The dialer dials them within a second. At once would be too soon: they are just learning of this node, and of
        // two dials at the same time one is closed, with what was on its way.
        let new = self.machine.registry.check(&urls)?;
        self.machine.registry.add(&new).await
    }

    fn network_nodes(&self) -> Vec<String> {
        self.machine.registry.list()
    }
}
