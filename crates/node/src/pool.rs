//! One pool on a node: its chain and core, its wallet, and whatever goes on for it.

use std::{sync::Arc, time::Duration};

use bolao_chain::{Core, CoreConfig, Event, VotingKey};
use bolao_ledger::{
    AccountId, Action, BetMode, Genesis, Height, Name, StateView as _, ValidatorKey, ValidatorSet,
    table::Offers,
};
use bolao_network::{NetworkHandle, Protocol};
use bolao_store::{Reader, Store, StoreError};
use bolao_stratum::StratumConfig;
use bolao_wallet::WalletFile;
use tokio::{
    net::TcpListener,
    sync::{
        broadcast::{self, error::RecvError},
        mpsc,
    },
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::NodeConfig,
    engine::{Engine, EngineThread, now},
    error::StartError,
    home::Home,
    mine::jobs::Jobs,
    mine::stratum::Work,
    opening,
    reach::bridge::{Pump, bridge},
    reach::invitations::Invitations,
    reach::invited,
    reach::reports::PeerReports,
    recover::repair::LostVoteLog,
    recover::verify::verify_in_halves,
    serve::watch::Watch,
    sign::joining,
    sign::pending_signatures,
    sign::resending,
    sign::signing::Signer,
    sign::validating,
    tasks::Tasks,
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
}

/// The vote of the node: its key, if it votes.
enum Vote {
    With(Box<VotingKey>),
    /// Nothing, until all is decided for which it may have signed something.
    Later,
    Never,
}

/// The vote of the node, where its pool has votes. A home that has voted and has lost its chain has lost the log of its votes as
/// well: it follows without voting, so that it signs no second history. So does one that joined by another's node with the key of
/// a validator who decides alone: that validator has a home elsewhere, or had one. Where there was a key, no other is made.
fn vote_of(home: &Home, wallet: &WalletFile, reader: &Reader) -> Result<Vote, StartError> {
    if reader.genesis().consensus.voting().is_none() {
        return Ok(Vote::Never);
    }
    let account = wallet.player().account();
    let own = home.validator_key_there()?;
    let votes = votes(reader, account, own)?;
    if home.may_vote_again()? {
        home.forget_restored()?;
    }
    if let Some(problem) = home.key_problem(votes.of_account)? {
        tracing::warn!("{problem}");
        if own.is_none() {
            return Ok(Vote::Never);
        }
    }
    if home.is_restored()? {
        return Ok(Vote::Later);
    }
    if home.lost_votes()?.is_some() {
        tracing::warn!(
            "this home has lost what it signed with its store: the node follows without voting, so that it signs \
            nothing twice; it says when it may vote again: restart it then"
        );
        return Ok(Vote::Later);
    }
    let key = home.voting_key()?;
    if reader.snapshot()?.last_final()?.is_some() {
        if votes.own {
            home.set_voted()?;
        }
    } else if home.has_voted()? {
        tracing::warn!(
            "this home has voted and no longer has its chain: the node follows without voting, so that it signs \
            nothing twice; once it has caught up with the others, restart it"
        );
        return Ok(Vote::Later);
    } else if !home.registered()?.is_empty() && decides_alone(home, reader.genesis())? {
        tracing::warn!(
            "this home has the key of the pool's only validator and joined through another node: the node follows \
            without voting, so that it signs no second history; once it has caught up with the others, restart it"
        );
        return Ok(Vote::Later);
    }
    Ok(Vote::With(Box::new(VotingKey { account, key })))
}

/// The votes after the last final block, as far as they concern a home.
struct Votes {
    /// Whether the home's key does.
    own: bool,
    /// The key that the home's account votes with, or else offered last.
    of_account: Option<ValidatorKey>,
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
    Ok(Votes {
        own: own.is_some(),
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

/// Keeps that this home votes, once a block is final after which it does.
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
            if votes.own {
                home.set_voted()?;
            }
            Ok::<_, StartError>(votes.own)
        });
        match kept.await.map_err(std::io::Error::other) {
            Ok(Ok(true)) => break,
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::error!(%error, "cannot save that this home votes"),
            Err(error) => tracing::error!(%error, "cannot save that this home votes"),
        }
    }
    std::future::pending::<()>().await;
}

/// The running parts of a pool besides [`Pool`]'s own.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) core: EngineThread,
    pump: Pump,
    /// The key that is offered to vote with, where the pool has votes, and its offer.
    offers: Option<(ValidatorKey, Action)>,
    /// Whether it votes once all is decided for which it may have signed something.
    votes_later: bool,
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
        network: NetworkHandle,
        network_events: mpsc::Receiver<bolao_network::Event>,
        hears_first: bool,
        cancel: CancellationToken,
    ) -> Result<(Self, Running), StartError> {
        let reader = store.reader();
        let vote = vote_of(home, &wallet, &reader)?;
        let votes_later = matches!(vote, Vote::Later);
        let vote = match vote {
            Vote::With(vote) => Some(*vote),
            Vote::Later | Vote::Never => None,
        };
        let offers = match &vote {
            Some(vote) => {
                let offer = Action::offer(reader.pool_id(), &vote.account, &home.voting_key()?);
                Some((home.validator_key()?, offer))
            }
            None => None,
        };
        // Where there was a key, no other is made.
        let has_key = vote.is_some() || home.validator_key_there()?.is_some();
        let invite = home.invite(reader.genesis().pool_id())?;
        let config = CoreConfig {
            validator: vote,
            keeper: reader
                .genesis()
                .has_keepers()
                .then_some(())
                .filter(|()| has_key)
                .map(|()| home.voting_key())
                .transpose()?,
            hears_first_ms: if hears_first { HEARS_FIRST_MS } else { 0 },
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
        let pool = Self {
            signer: Arc::new(Signer::new(
                wallet,
                engine.clone(),
                reader.clone(),
                home.clone(),
            )),
            watch: Watch::new(reader.clone(), reports.clone())?,
            engine,
            reader,
            reports,
            network,
            invitations: Invitations::new(home.clone()),
        };
        let running = Running {
            core,
            pump,
            offers,
            votes_later,
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
        tasks: &mut Tasks,
    ) -> EngineThread {
        let (engine, network) = (&self.engine, &self.network);
        tasks.spawn_until("the network's bridge", running.pump.run(engine.clone()));
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
        if let Some((key, _)) = running.offers {
            let voted = keep_voted(self.clone(), home.clone(), key, engine.events());
            tasks.spawn_until("keeping that this home votes", voted);
        }
        if running.votes_later {
            let lost = LostVoteLog {
                home: home.clone(),
                engine: engine.clone(),
                network: network.clone(),
                reader: self.reader.clone(),
                reports: self.reports.clone(),
            };
            tasks.spawn_until("catching up before it votes", async move {
                if let Err(error) = lost.forget().await {
                    tracing::error!(%error, "cannot tell whether this home may vote again");
                }
                std::future::pending::<()>().await;
            });
        }
        if let Some((key, offer)) = running.offers.filter(|_| config.auto_join) {
            let signer = Arc::clone(&self.signer);
            let (engine, network, events) = (engine.clone(), network.clone(), engine.events());
            let validating = async move {
                joining::caught_up(&engine, &network).await;
                validating::run(key, offer, signer, events, validating::PROOF_WAITS).await;
            };
            tasks.spawn_until("offering to vote", validating);
        }
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

    /// Makes work for miners outside, and gives it to standard ones, if there is a socket for them.
    pub(crate) fn jobs(
        &self,
        idle_pace: Duration,
        miners: Option<TcpListener>,
        tasks: &mut Tasks,
    ) -> Result<Arc<Jobs>, StartError> {
        let (jobs, news) = Jobs::new(self.engine.clone(), self.reader.clone(), idle_pace)?;
        let jobs = Arc::new(jobs);
        tasks.spawn_until("news for miners", news);
        if let Some(miners) = miners {
            let work = Arc::new(Work::new(Arc::clone(&jobs), self.reader.clone()));
            let stop = tasks.stop();
            let local = miners.local_addr()?;
            let from = if local.ip().is_loopback() {
                "on this machine"
            } else {
                "on every machine that reaches this one"
            };
            tracing::info!(address = %local, "standard miners {from} may connect (Stratum V1)");
            tasks.spawn("Stratum", async move {
                let settings = StratumConfig::default();
                let stopped = stop.cancelled_owned();
                if let Err(error) = bolao_stratum::serve(miners, work, settings, stopped).await {
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
