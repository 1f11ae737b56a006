//! One pool on a node: its chain and core, its wallet, and whatever goes on for it.

use std::{sync::Arc, time::Duration};

use bolao_chain::{Core, CoreConfig, Event, VotingKey};
use bolao_ledger::{
    AccountId, Action, BetMode, BlockProof, Genesis, Height, Name, StateView as _, ValidatorKey,
    ValidatorSet, table::Offers,
};
use bolao_network::{NetworkHandle, Protocol};
use bolao_store::{Reader, Store, StoreError};
use bolao_wallet::WalletFile;
use tokio::{
    net::TcpListener,
    sync::{
        Notify,
        broadcast::{self, error::RecvError},
        mpsc,
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::NodeConfig,
    engine::{Engine, EngineThread, now},
    error::StartError,
    home::{Home, WaitCause},
    mine::jobs::Jobs,
    mine::outside::{OutsideWork, ServeMiners},
    reach::bridge::{Pump, bridge},
    reach::invitations::Invitations,
    reach::reports::PeerReports,
    recover::verify::verify_in_halves,
    serve::watch::Watch,
    services::{
        Services, invited, joining,
        links::{Links, copies},
        opening, pending_signatures, resending, validating,
        waiting::Waiting,
    },
    sign::signing::Signer,
};

/// The time that a validator that decides alone, and knows of others, waits for them when it starts, in milliseconds.
const HEARS_FIRST_MS: u64 = 5_000;
/// Room in a gossip message or response around the longest block, in bytes.
const MESSAGE_OVERHEAD: usize = 4_096;
/// The shortest limit of a response: room for many small blocks at once, in bytes.
const MIN_RESPONSE_BYTES: usize = 4 << 20;

/// The protocol that the nodes of a pool speak with one another.
pub(crate) fn protocol(genesis: &Genesis) -> Protocol {
    let max_message_bytes = genesis.limits.block_bytes_max() + MESSAGE_OVERHEAD;
    Protocol {
        pool: genesis.pool_id().0,
        max_message_bytes,
        max_response_bytes: max_message_bytes.max(MIN_RESPONSE_BYTES),
    }
}

/// The time between two writes of how far this home has voted.
const KEEPS: Duration = Duration::from_secs(1);

/// A pool that is open. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) engine: Engine,
    pub(crate) reader: Reader,
    pub(crate) signer: Arc<Signer>,
    pub(crate) watch: Watch,
    pub(crate) reports: PeerReports,
    pub(crate) network: NetworkHandle,
    pub(crate) invitations: Invitations,
    /// Whether it votes, if it is a validator's.
    pub(crate) votes: bool,
    pub(crate) links: Links,
}

/// The vote of the node.
enum Vote {
    With(Box<VotingKey>),
    /// Not with this key yet ([`crate::services::waiting`]).
    Later(ValidatorKey),
    Never,
}

/// The vote of the node, where its pool has votes. Where there was a key, no other is made.
fn vote_of(home: &Home, wallet: &WalletFile, reader: &Reader) -> Result<Vote, StartError> {
    if reader.genesis().consensus.voting().is_none() {
        return Ok(Vote::Never);
    }
    let account = wallet.player().account();
    let own = home.validator_key_there()?;
    let last = reader.snapshot()?.last_final()?.map(|last| last.height);
    if let Some(last) = last
        && home.is_marked()?
        && home.wait()?.is_none()
    {
        // What the chain lacks its owner has given up.
        home.set_voted(last)?;
        home.forget_wait()?;
    }
    let votes = votes(reader, account, own)?;
    if own.is_some()
        && !home.is_marked()?
        && let Some((cause, up_to)) = forgotten(home, reader.genesis(), last, votes.others)?
    {
        home.set_wait(cause, up_to)?;
        up_to.map(|height| home.set_had(height)).transpose()?;
    }
    let problem = home.key_problem(votes.of_account, votes.others)?;
    if let Some(problem) = &problem {
        tracing::warn!("{problem}");
    }
    let waits = home.wait()?.is_some();
    match own {
        Some(own) if waits => return Ok(Vote::Later(own)),
        None if waits || problem.is_some() => return Ok(Vote::Never),
        _ => {}
    }
    let key = home.voting_key()?;
    if let Some(last) = last.filter(|_| votes.own) {
        home.set_voted(last)?;
    }
    Ok(Vote::With(Box::new(VotingKey { account, key })))
}

/// Why a home with a key does not know what the key signed, if it does not, and up to which block. With its chain it has lost the log
/// of its votes. Whoever joins by another's node with the key of a validator that decides alone has it from a home elsewhere.
fn forgotten(
    home: &Home,
    genesis: &Genesis,
    last: Option<Height>,
    others: usize,
) -> Result<Option<(WaitCause, Option<Height>)>, StartError> {
    let voted = home.voted_up_to()?;
    let up_to = voted.filter(|voted| *voted > Height::ZERO);
    if let Some(last) = last {
        // Where each block needs its certificate, a power cut takes one at most from who decides alone, and leaves what it signed of
        // that. Where blocks are mined, one that it made final may be many above the one before.
        let decides = others == 0 && genesis.proof() == BlockProof::Certificate;
        let lost = up_to.filter(|voted| decides && *voted > last.next());
        return Ok(lost.map(|lost| (WaitCause::Damage, Some(lost))));
    }
    if voted.is_some() {
        return Ok(Some((WaitCause::NoChain, up_to)));
    }
    let joined = !home.registered()?.is_empty() && decides_alone(home, genesis)?;
    Ok(joined.then_some((WaitCause::Joined, None)))
}

/// The votes after the last final block, as far as they concern a home.
struct Votes {
    /// Whether the home's key does.
    own: bool,
    /// The key that the home's account votes with, or else offered last.
    of_account: Option<ValidatorKey>,
    /// The number of the other validators.
    others: usize,
}

fn votes(
    reader: &Reader,
    account: AccountId,
    own: Option<ValidatorKey>,
) -> Result<Votes, StoreError> {
    let snapshot = reader.snapshot()?;
    let last = snapshot.held_final()?;
    let set = snapshot.validator_set_after(last.map_or(Height::ZERO, |last| last.height))?;
    let all = set
        .as_ref()
        .map(ValidatorSet::validators)
        .unwrap_or_default();
    let own = own.filter(|own| all.iter().any(|one| one.key == *own));
    let of_account = all.iter().find(|one| one.account == account);
    let of_account = own.or(of_account.map(|one| one.key));
    let others = all.iter().filter(|one| Some(one.key) != of_account);
    Ok(Votes {
        own: own.is_some(),
        others: others.count(),
        of_account: match of_account {
            Some(key) => Some(key),
            None => snapshot.get::<Offers>(&account)?,
        },
    })
}

/// Whether a home's key alone decides the pool's first blocks.
fn decides_alone(home: &Home, genesis: &Genesis) -> Result<bool, StartError> {
    let key = home.validator_key()?;
    let voting = genesis.consensus.voting();
    let set = voting.and_then(|it| ValidatorSet::new(it.validators.iter().copied()).ok());
    Ok(set.is_some_and(|set| set.get(&key).is_some_and(|own| set.is_quorum(own.weight))))
}

/// Keeps that this home votes, and up to which final block, so that a chain that has lost blocks is known for it.
async fn keep_voted(
    pool: Pool,
    home: Home,
    key: ValidatorKey,
    mut events: broadcast::Receiver<Event>,
) {
    let account = pool.signer.player();
    loop {
        match events.recv().await {
            Ok(Event::Final { .. }) | Err(RecvError::Lagged(_)) => {}
            Ok(_) => continue,
            Err(RecvError::Closed) => std::future::pending().await,
        }
        let (home, reader) = (home.clone(), pool.reader.clone());
        let kept = tokio::task::spawn_blocking(move || {
            let votes = votes(&reader, account, Some(key))?;
            let last = reader.snapshot()?.last_final()?;
            if let Some(last) = last.filter(|_| votes.own) {
                home.set_voted(last.height)?;
            }
            Ok::<_, StartError>(())
        });
        match kept.await.map_err(std::io::Error::other) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "cannot save that this home votes"),
            Err(error) => tracing::error!(%error, "cannot save that this home votes"),
        }
        tokio::time::sleep(KEEPS).await;
    }
}

/// The running parts of a pool besides [`Pool`]'s own.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) core: EngineThread,
    pump: Pump,
    /// The key that is offered to vote with, where the pool has votes, and its offer.
    offers: Option<(ValidatorKey, Action)>,
    /// The key that it votes with once what that signed is known.
    waits_with: Option<ValidatorKey>,
    /// Told once the home may vote, and its node is to start again.
    pub(crate) votes_again: Arc<Notify>,
    /// Every event from the core's start on: what a crash left unjudged comes first.
    events: broadcast::Receiver<Event>,
    /// The same once more: what was overtaken before a crash is dropped when the core starts.
    drops: broadcast::Receiver<Event>,
}

impl Pool {
    /// Starts the core over a store, with the network's events as its input. Where there are others to hear (`hears_first`), it
    /// hears what they have before it votes.
    pub(crate) fn open(
        store: Store,
        wallet: WalletFile,
        home: &Home,
        (network, network_events): (NetworkHandle, mpsc::Receiver<bolao_network::Event>),
        hears_first: bool,
        cancel: CancellationToken,
    ) -> Result<(Self, Running), StartError> {
        let reader = store.reader();
        let vote = vote_of(home, &wallet, &reader)?;
        let (vote, waits_with) = match vote {
            Vote::With(vote) => (Some(*vote), None),
            Vote::Later(key) => (None, Some(key)),
            Vote::Never => (None, None),
        };
        let votes = vote.is_some();
        let offers = match &vote {
            Some(vote) => {
                let offer = Action::offer(reader.pool_id(), &vote.account, &home.voting_key()?);
                Some((home.validator_key()?, offer))
            }
            None => None,
        };
        // Where there was a key, no other is made.
        let has_key = vote.is_some() || home.validator_key_there()?.is_some();
        let keeps = has_key && reader.genesis().has_keepers();
        let invite = home.invite(reader.genesis().pool_id())?;
        let config = CoreConfig {
            validator: vote,
            keeper: keeps.then(|| home.voting_key()).transpose()?,
            recalls: waits_with,
            hears_first_ms: if hears_first { HEARS_FIRST_MS } else { 0 },
            trusts_clock: home.trusts_clock(now().unix)?,
            named: invited::named(invite),
            verify: verify_in_halves,
            ..CoreConfig::default()
        };
        let core = Core::new(store, config, now())?;
        let reports = PeerReports::new(reader.genesis());
        let (outbound, pump) = bridge(
            network.clone(),
            network_events,
            reader.clone(),
            reports.clone(),
            protocol(reader.genesis()).max_response_bytes,
        );
        let carry_out = move |output| outbound.carry_out(output);
        let (engine, core, [events, drops]) = Engine::start(core, carry_out, cancel)?;
        let signer = Arc::new(Signer::new(
            wallet,
            engine.clone(),
            reader.clone(),
            home.clone(),
        ));
        let pool = Self {
            links: Links::new(Arc::clone(&signer), network.local_peer().to_string()),
            signer,
            watch: Watch::new(reader.clone(), reports.clone())?,
            engine,
            reader,
            reports,
            network,
            invitations: Invitations::new(home.clone()),
            votes,
        };
        let running = Running {
            core,
            pump,
            offers,
            waits_with,
            votes_again: Arc::default(),
            events,
            drops,
        };
        Ok((pool, running))
    }

    /// Starts the tasks that go on as long as the pool is open, mining aside. Returns the core's thread.
    pub(crate) fn spawn(
        &self,
        running: Running,
        home: &Home,
        config: &NodeConfig,
        tasks: &mut Services,
    ) -> EngineThread {
        let (engine, network) = (&self.engine, &self.network);
        let pump = running.pump.run(engine.clone(), self.links.clone());
        tasks.spawn_until("the network's bridge", pump);
        tasks.spawn_until("asking of links", Links::ask(network.clone()));
        tasks.spawn_until("saying that it runs", copies::run(self.links.clone()));
        let signer = Arc::clone(&self.signer);
        let watched = self.watch.clone();
        let watched = watched.run(running.events, network.clone(), signer);
        tasks.spawn_until("events", watched);
        // A home without a name may be given one while its node runs.
        if config.auto_join {
            let joining = joining::run(
                home.clone(),
                self.reader.pool_id(),
                Arc::clone(&self.signer),
                engine.clone(),
                network.clone(),
            );
            tasks.spawn_until("joining", async {
                joining.await;
                // That the core has stopped is seen elsewhere.
                std::future::pending::<()>().await;
            });
        }
        if self.reader.genesis().consensus.voting().is_some() {
            let links = invited::run(home.clone(), self.reader.pool_id(), engine.clone());
            tasks.spawn_until("taking up links", links);
        }
        let (waits_with, again) = (running.waits_with, running.votes_again);
        self.spawn_voting(
            running.offers,
            waits_with,
            again,
            home,
            config.auto_join,
            tasks,
        );
        let (signer, events) = (Arc::clone(&self.signer), engine.events());
        let (core, peers) = (engine.clone(), network.clone());
        tasks.spawn_until("announcing what needs a signature", async move {
            joining::caught_up(&core, &peers).await;
            pending_signatures::run(signer, events).await;
        });
        let resending = resending::run(Arc::clone(&self.signer), running.drops);
        tasks.spawn_until("resending bets", resending);
        if self.reader.genesis().rules.bets == BetMode::Sealed {
            let signer = Arc::clone(&self.signer);
            let opening = opening::run(
                signer,
                engine.clone(),
                network.clone(),
                self.reports.clone(),
            );
            tasks.spawn_until("opening", opening);
        }
        running.core
    }

    /// Starts what keeps, waits for, or offers this home's vote.
    fn spawn_voting(
        &self,
        offers: Option<(ValidatorKey, Action)>,
        waits_with: Option<ValidatorKey>,
        votes_again: Arc<Notify>,
        home: &Home,
        auto_join: bool,
        tasks: &mut Services,
    ) {
        let (engine, network) = (&self.engine, &self.network);
        if let Some((key, _)) = offers {
            let voted = keep_voted(self.clone(), home.clone(), key, engine.events());
            tasks.spawn_until("keeping that this home votes", voted);
        }
        if !self.votes && self.reader.genesis().consensus.voting().is_some() {
            let waiting = Waiting {
                home: home.clone(),
                engine: engine.clone(),
                network: network.clone(),
                reader: self.reader.clone(),
                reports: self.reports.clone(),
                key: waits_with,
            };
            tasks.spawn_until("waiting before it votes", async move {
                match waiting.ends().await {
                    Ok(()) => votes_again.notify_one(),
                    Err(error) => {
                        tracing::error!(%error, "cannot tell whether this home may vote again");
                    }
                }
                std::future::pending::<()>().await;
            });
        }
        if let Some((key, offer)) = offers.filter(|_| auto_join) {
            let signer = Arc::clone(&self.signer);
            let (engine, network, events) = (engine.clone(), network.clone(), engine.events());
            let validating = async move {
                joining::caught_up(&engine, &network).await;
                validating::run(key, offer, signer, events, validating::PROOF_WAITS).await;
            };
            tasks.spawn_until("offering to vote", validating);
        }
    }

    /// Makes work for miners outside, and gives it to standard ones, if there is a socket for them.
    pub(crate) fn jobs(
        &self,
        idle_pace: Duration,
        miners: Option<(TcpListener, ServeMiners)>,
        tasks: &mut Services,
    ) -> Result<Arc<Jobs>, StartError> {
        let (jobs, news) = Jobs::new(self.engine.clone(), self.reader.clone(), idle_pace)?;
        let jobs = Arc::new(jobs);
        tasks.spawn_until("news for miners", news);
        if let Some((miners, server)) = miners {
            let work = OutsideWork::new(Arc::clone(&jobs), self.reader.clone());
            let stop = tasks.stop();
            let local = miners.local_addr()?;
            let from = if local.ip().is_loopback() {
                "on this machine"
            } else {
                "on every machine that reaches this one"
            };
            tracing::info!(address = %local, "standard miners {from} may connect (Stratum V1)");
            tasks.spawn("Stratum", async move {
                if let Err(error) = server.serve(miners, work, stop).await {
                    tracing::error!(%error, "Stratum stopped");
                }
            });
        }
        Ok(jobs)
    }
}

/// The home's wallet, which is made if it is not there, and whose player the profile then names.
pub(crate) fn open_wallet(home: &Home, passphrase: &str) -> Result<WalletFile, StartError> {
    let path = home.wallet_path();
    let wallet = if home.has_wallet()? {
        WalletFile::open(path, passphrase)?
    } else {
        WalletFile::create(path, passphrase)?
    };
    let player = wallet.player().account();
    let mut profile = home.profile()?;
    if let Some(name) = &profile.name {
        Name::new(name)?;
    }
    if profile.account != Some(player) {
        profile.account = Some(player);
        home.set_profile(&profile)?;
    }
    Ok(wallet)
}
