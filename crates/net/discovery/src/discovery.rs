//! Checking, registering and removing nodes.
//!
//! Anybody's request makes this node connect to an address that the caller chose. So such
//! checks have a fixed path, run eight at a time, and are counted per caller, per checked
//! address and per node. Whoever registers itself gets two more tries within some seconds,
//! because the article's programs register before they listen; for a third party there is one.

use std::{
    collections::VecDeque,
    hash::Hash,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bolao_limits::{Bucket, Budget, address_key};
use tokio::{
    sync::{Notify, Semaphore, oneshot},
    time::{sleep, timeout},
};

use crate::{
    DiscoveryConfig, DiscoveryError, KnownNodes, Node, NodesFileError, Refused, Scope,
    client::{Answer, NodeClient},
    config::Chain,
    file,
};

/// Checks that callers asked for, at once.
const REQUESTED_CHECKS: usize = 8;
/// Pauses before the tries of a node that registers itself.
const TRIES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(1200),
    Duration::from_millis(2500),
];
/// Before a node that did not answer is asked once more.
const SECOND_CHANCE: Duration = Duration::from_millis(300);
/// At least this long between two writes of the file.
const SAVE_PAUSE: Duration = Duration::from_millis(500);
/// Dropped nodes remembered at most.
const FORMER: usize = 32;
/// The last of the well-known ports (RFC 6335).
const WELL_KNOWN: u16 = 1023;
const BUDGET_KEYS: usize = 4096;
/// In which a budget's spent check comes back.
const BUDGET_REFILL: Duration = Duration::from_secs(2);

/// Discovery of one node or seed server; clones share everything.
#[derive(Debug, Clone)]
pub struct Discovery {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: DiscoveryConfig,
    /// The address that others learn from us now.
    own: Mutex<Option<Node>>,
    /// Wakes the rounds.
    hurry: Notify,
    pub(crate) known: KnownNodes,
    pub(crate) client: NodeClient,
    requested: Semaphore,
    /// The start of the budgets' time.
    start: Instant,
    callers: Budget<IpAddr>,
    targets: Budget<IpAddr>,
    nodes: Budget<Node>,
    /// Dropped for silence, the latest last: where to look when nobody is left, because then it
    /// was probably our own network that was gone.
    former: Mutex<VecDeque<Node>>,
}

fn budget<K: Eq + Hash>(checks: u32) -> Budget<K> {
    Budget::new(Bucket::new(1, BUDGET_REFILL, checks), BUDGET_KEYS)
}

/// Whom a seed server may connect to at somebody's word: whoever names itself, and never a port where other services are
/// known to listen.
fn may_be_listed(node: Node, caller: IpAddr, itself: bool) -> Result<(), Refused> {
    if node.port() <= WELL_KNOWN {
        return Err(Refused::WellKnownPort(node));
    }
    if !itself {
        return Err(Refused::SomebodyElse(node, caller));
    }
    Ok(())
}

impl Discovery {
    /// Reads the known nodes and gets ready; connects to nobody yet.
    ///
    /// # Errors
    /// The file cannot be read, or no HTTP client can be made.
    pub fn open(config: DiscoveryConfig) -> Result<Self, DiscoveryError> {
        let own = config.own.iter().chain(&config.aliases).copied().collect();
        let known = KnownNodes::new(own);
        if let Some(path) = &config.nodes_file {
            for node in file::load(path)? {
                if let Err(refused) = known.add_verified(node) {
                    tracing::warn!(%refused, "skipped an entry of the known nodes");
                }
            }
        }
        Ok(Self {
            inner: Arc::new(Inner {
                client: NodeClient::new()?,
                own: Mutex::new(config.own),
                hurry: Notify::new(),
                config,
                known,
                requested: Semaphore::new(REQUESTED_CHECKS),
                start: Instant::now(),
                callers: budget(16),
                targets: budget(16),
                nodes: budget(2),
                former: Mutex::default(),
            }),
        })
    }

    /// The known nodes.
    pub fn known(&self) -> &KnownNodes {
        &self.inner.known
    }

    /// Our own address, unless we are a seed server.
    pub fn own(&self) -> Option<Node> {
        *self
            .inner
            .own
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the address that others learn from us from now on, and what else is this node. A new address is told to the
    /// known nodes at once.
    pub fn set_own(&self, own: Node, aliases: impl IntoIterator<Item = Node>) {
        self.known()
            .set_own([own].into_iter().chain(aliases).collect());
        let before = self
            .inner
            .own
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(own);
        if before != Some(own) {
            self.hurry();
        }
    }

    /// Goes round now, not when the interval is over.
    pub fn hurry(&self) {
        self.inner.hurry.notify_one();
    }

    /// Lists a node that this program has met itself, if it answers.
    pub async fn meet(&self, node: Node) {
        // Who finds no room is met again.
        let _ = self
            .register(node, Ipv4Addr::LOCALHOST.into(), Duration::ZERO)
            .await;
    }

    /// Whether a node answers within two seconds.
    ///
    /// For what this program wants to know itself; what callers ask for goes through
    /// [`Self::register`].
    pub async fn check(&self, node: &Node) -> bool {
        self.answer(node).await == Answer::Node
    }

    async fn answer(&self, node: &Node) -> Answer {
        self.inner.client.check(node, self.own()).await
    }

    /// As [`Self::check`], once more after a moment if there is no answer.
    pub(crate) async fn check_twice(&self, node: &Node) -> bool {
        if self.check(node).await {
            return true;
        }
        sleep(SECOND_CHANCE).await;
        self.check(node).await
    }

    /// Takes a node that `caller` named: checks it, lists it if it answers. Returns after `wait`
    /// at the latest; the check goes on behind.
    ///
    /// # Errors
    /// Says why the node is not even checked.
    pub async fn register(
        &self,
        node: Node,
        caller: IpAddr,
        wait: Duration,
    ) -> Result<(), Refused> {
        let known = &self.inner.known;
        let itself =
            Scope::of(caller) == Scope::Loopback || address_key(caller) == address_key(node.ip());
        if self.own().is_none() {
            may_be_listed(node, caller, itself)?;
        }
        if known.is_own(&node) || !known.add_candidate(node, caller)? {
            return Ok(());
        }
        if !self.may_check(&node, Some(caller)) {
            known.remove_candidate(&node);
            return Err(Refused::TooOften(node));
        }
        let (listed, answered) = oneshot::channel();
        let this = self.clone();
        tokio::spawn(async move {
            this.verify(node, if itself { TRIES.len() } else { 1 }, listed)
                .await;
        });
        // Whether it is listed by then, the list says.
        let _ = timeout(wait, answered).await;
        Ok(())
    }

    async fn verify(&self, node: Node, tries: usize, listed: oneshot::Sender<()>) {
        for pause in TRIES.into_iter().take(tries) {
            sleep(pause).await;
            if !self.inner.known.is_candidate(&node) {
                return;
            }
            match self.answer_on_request(&node).await {
                Answer::Node => {
                    if self.inner.known.promote(&node) {
                        tracing::info!(%node, "a node has registered");
                        // The caller may have stopped waiting.
                        let _ = listed.send(());
                    }
                    return;
                }
                Answer::NoNode => {
                    tracing::info!(%node, "not listed: what answers there is not a node");
                    self.inner.known.remove_candidate(&node);
                    return;
                }
                Answer::Silence => {}
            }
        }
        if tries == 1 {
            self.inner.known.remove_candidate(&node);
        }
    }

    /// Checks within the number that callers may cause at once.
    pub(crate) async fn check_on_request(&self, node: &Node) -> bool {
        self.answer_on_request(node).await == Answer::Node
    }

    async fn answer_on_request(&self, node: &Node) -> Answer {
        match self.inner.requested.acquire().await {
            Ok(_permit) => self.answer(node).await,
            Err(_closed) => Answer::Silence,
        }
    }

    /// Whether a check of this node, caused by `caller`, is within everyone's budget.
    pub(crate) fn may_check(&self, node: &Node, caller: Option<IpAddr>) -> bool {
        let inner = &self.inner;
        let now = inner.start.elapsed();
        let caller_may = match caller {
            Some(ip) if Scope::of(ip) != Scope::Loopback => {
                inner.callers.take(address_key(ip), now)
            }
            _ => true,
        };
        let target_may =
            node.scope() == Scope::Loopback || inner.targets.take(address_key(node.ip()), now);
        caller_may && target_may && inner.nodes.take(*node, now)
    }

    /// Forgets a node; whether it was listed. A caller on another machine can only make us forget one that does not
    /// answer.
    ///
    /// # Errors
    /// It answers, or there are too many requests.
    pub async fn remove(&self, node: Node, caller: IpAddr) -> Result<bool, Refused> {
        let known = &self.inner.known;
        if Scope::of(caller) != Scope::Loopback {
            if !known.contains(&node) {
                return Ok(false);
            }
            if !self.may_check(&node, Some(caller)) {
                return Err(Refused::TooOften(node));
            }
            if self.check_on_request(&node).await || self.check_on_request(&node).await {
                return Err(Refused::StillAnswers(node));
            }
        }
        let removed = known.remove(&node);
        if removed {
            tracing::info!(%node, %caller, "a node was removed");
        }
        Ok(removed)
    }

    /// Goes round on the interval, and keeps the file up to date, until `shutdown`.
    ///
    /// While nobody is known the rounds come sooner, so that nodes started together find each
    /// other at once.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        tokio::select! {
            () = shutdown => {}
            () = self.keep_saving() => {}
            () = self.keep_rounding() => {}
        }
        self.save().await;
    }

    fn former(&self) -> MutexGuard<'_, VecDeque<Node>> {
        let former = self.inner.former.lock();
        former.unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops a node that was silent in a round; whether it was known.
    pub(crate) fn drop_silent_node(&self, node: &Node) -> bool {
        let mut former = self.former();
        former.retain(|other| other != node);
        if former.len() >= FORMER {
            former.pop_front();
        }
        former.push_back(*node);
        self.known().remove(node)
    }

    /// If nobody is known, makes candidates of those who once were.
    pub(crate) fn recall_former(&self) {
        if !self.known().is_empty() {
            return;
        }
        for node in self.former().iter() {
            if let Err(refused) = self
                .known()
                .add_candidate(*node, Ipv4Addr::LOCALHOST.into())
            {
                tracing::debug!(%refused, "a former node is not asked");
            }
        }
    }

    async fn keep_rounding(&self) {
        let interval = self.inner.config.interval;
        let mut hurry = Duration::from_secs(1);
        loop {
            let report = self.round().await;
            tracing::debug!(?report, "a round of discovery");
            let hope = !self.inner.config.seeds.is_empty() || !self.former().is_empty();
            let alone = report.known == 0 && hope;
            let pause = if alone { hurry.min(interval) } else { interval };
            hurry = if alone {
                hurry * 2
            } else {
                Duration::from_secs(1)
            };
            hurry = hurry.min(interval.max(Duration::from_secs(1)));
            // Soonest at the next look is enough.
            let _ = timeout(pause, self.inner.hurry.notified()).await;
        }
    }

    async fn keep_saving(&self) {
        let mut changes = self.inner.known.subscribe();
        loop {
            changes.mark_unchanged();
            self.save().await;
            sleep(SAVE_PAUSE).await;
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Writes the verified nodes to the file, if there is one; a failure is logged.
    pub async fn save(&self) {
        if let Err(error) = self.saved().await {
            tracing::warn!(error = %Chain(&error), "known nodes not saved");
        }
    }

    /// Writes them, or says why that cannot be.
    pub(crate) async fn saved(&self) -> Result<(), NodesFileError> {
        let Some(path) = self.inner.config.nodes_file.clone() else {
            return Ok(());
        };
        let nodes = self.inner.known.list();
        let saving = tokio::task::spawn_blocking(move || file::save(&path, &nodes));
        saving.await.unwrap_or_else(|error| {
            tracing::error!(%error, "saving the known nodes died");
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
