//! One pool that is open on a node: its store and core, its wallet, and the ways to them that services and the API share.
//!
//! [`Pool::open`] decides whether the node votes ([`crate::vote`]), starts the core, and joins it to the network. Nothing else runs
//! before [`crate::services::start`].

use std::{sync::Arc, time::Duration};

use bolao_chain::{Core, CoreConfig, Event, Recalls, VotingKey};
use bolao_ledger::{BlockId, Genesis, Name};
use bolao_network::{NetworkHandle, Protocol};
use bolao_store::{Reader, Store};
use bolao_wallet::{Invite, WalletFile};
use tokio::{
    sync::{Notify, broadcast, mpsc},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::now,
    engine::{Engine, EngineThread},
    error::StartError,
    home::Home,
    reach::bridge::{self, Pump, bridge},
    reach::gate::Admission,
    reach::invitations::Invitations,
    reach::links::Links,
    reach::reports::PeerReports,
    sign::signing::Signer,
    verify::verify_in_halves,
    vote::{self, Vote},
    watch::Watch,
};

/// The longest time that a validator that decides alone, and knows of others, waits for them when it starts, in milliseconds.
const HEARS_FIRST_MS: u64 = 30_000;
/// The time that it waits for pages to come back after it was not stopped, in milliseconds: they try every ten seconds.
const HEARS_PAGES_MS: u64 = 11_000;
/// The time that a node waits for its first peer before it goes by the chain that it has.
const FIRST_PEER: Duration = Duration::from_secs(3);
/// From one look for it to the next.
const LOOK: Duration = Duration::from_millis(100);
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

/// Those whom a validator that decides alone hears before it votes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hears {
    /// It knows of other nodes.
    pub(crate) nodes: bool,
    /// It was not stopped, so that pages may know of blocks that its disk has lost.
    pub(crate) pages: bool,
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
    pub(crate) gate: Admission,
    pub(crate) invitations: Invitations,
    /// Whether it votes, if it is a validator's.
    pub(crate) votes: bool,
    pub(crate) links: Arc<Links>,
    pub(crate) home: Home,
    /// Cancelled once the node is to end, or the core has.
    pub(crate) stop: CancellationToken,
}

/// The parts of a pool that only its services have.
pub(crate) struct Running {
    pub(crate) pump: Pump,
    /// None where the pool has no votes.
    pub(crate) vote: Option<Vote>,
    /// Told once the home may vote, and its node is to start again.
    pub(crate) votes_again: Arc<Notify>,
    /// Every event from the core's start on: what a crash left unjudged comes first.
    pub(crate) events: broadcast::Receiver<Event>,
    /// The same once more: what was overtaken before a crash is dropped when the core starts.
    pub(crate) drops: broadcast::Receiver<Event>,
}

impl Pool {
    /// Starts the core over a store, with the network's events as its input. Where it decides alone, it hears others before it votes.
    pub(crate) fn open(
        store: Store,
        wallet: WalletFile,
        home: &Home,
        (network, network_events): (NetworkHandle, mpsc::Receiver<bolao_network::Event>),
        hears: Hears,
        stop: CancellationToken,
    ) -> Result<(Self, EngineThread, Running), StartError> {
        let reader = store.reader();
        let vote = vote::of(home, &wallet, &reader)?;
        let (validator, recalls) = keys(home, vote.as_ref())?;
        let votes = validator.is_some();
        // Where there was a key, no other is made.
        let has_key = votes || home.validator_key_there()?.is_some();
        let keeps = has_key && reader.genesis().has_keepers();
        let invite = home.invite(reader.genesis().pool_id())?;
        let config = CoreConfig {
            validator,
            keeper: keeps.then(|| home.voting_key()).transpose()?,
            recalls,
            hears_first_ms: if hears.nodes { HEARS_FIRST_MS } else { 0 },
            hears_pages_ms: if hears.pages { HEARS_PAGES_MS } else { 0 },
            dates_after_ms: HEARS_FIRST_MS,
            trusts_clock: home.trusts_clock(now().unix)?,
            named: named(invite),
            verify: verify_in_halves,
            ..CoreConfig::default()
        };
        let core = Core::new(store, config, now())?;
        let reports = PeerReports::new(reader.genesis());
        let gate = Admission::new(home.is_for_players());
        let (outbound, pump) = bridge(
            network.clone(),
            network_events,
            reader.clone(),
            reports.clone(),
            gate.clone(),
            protocol(reader.genesis()).max_response_bytes,
        );
        let carry_out = move |output| outbound.carry_out(output);
        let keeps = votes.then(|| home.keeps());
        let (engine, core, [events, drops]) = Engine::start(core, carry_out, keeps, stop.clone())?;
        let signer = Arc::new(Signer::new(
            wallet,
            engine.clone(),
            reader.clone(),
            home.clone(),
        ));
        let links = Links::new(Arc::clone(&signer), network.local_peer().to_string());
        match home.viewers_word() {
            Ok(Some((_, said))) => links.remember(said),
            Ok(None) => {}
            // Only players may look until an organiser's node says it again.
            Err(error) => tracing::error!(%error, "who may look is not known"),
        }
        let pool = Self {
            links: Arc::new(links),
            signer,
            watch: Watch::new(reader.clone(), reports.clone(), &home.node_key()?)?,
            engine,
            reader,
            reports,
            network,
            gate,
            invitations: Invitations::new(home.clone()),
            votes,
            home: home.clone(),
            stop,
        };
        let running = Running {
            pump,
            vote,
            votes_again: Arc::default(),
            events,
            drops,
        };
        Ok((pool, core, running))
    }

    /// Waits for the first peer, but not for long, and for its chain; false if the core has stopped. A core that is busy is asked again.
    pub(crate) async fn caught_up(&self) -> bool {
        let end = Instant::now() + FIRST_PEER;
        let peers = || bridge::peers(&self.network);
        loop {
            while self.network.peers().is_empty() && Instant::now() < end {
                sleep(LOOK).await;
            }
            let have_told = self.reports.highest().is_some();
            if self.engine.synced(peers).await.is_err() {
                return false;
            }
            // Two nodes that dial each other at once drop one of the connections, perhaps before anything was told on it.
            if have_told || Instant::now() >= end {
                return true;
            }
            sleep(LOOK).await;
        }
    }
}

/// The key that the core votes with, or for which it asks others what it signed.
fn keys(
    home: &Home,
    vote: Option<&Vote>,
) -> Result<(Option<VotingKey>, Option<Recalls>), StartError> {
    Ok(match vote {
        Some(Vote::With(voting, _)) => (Some(VotingKey::clone(voting)), None),
        Some(Vote::Later(_)) => {
            let is_fresh = home.wait()?.is_some_and(|wait| wait.is_fresh);
            let key = home.voting_key()?;
            (None, Some(Recalls { key, is_fresh }))
        }
        Some(Vote::Never) | None => (None, None),
    })
}

/// The final block that an invitation names.
pub(crate) fn named(invite: Option<Invite>) -> Option<BlockId> {
    invite?.named
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
