//! Keeps the node connected to the nodes it knows: the registered ones, some of those that discovery found, and those that
//! it was connected to before. Discovery forgets whoever does not answer; after a cut of the network both halves would have
//! forgotten each other for good. Who came from an address most likely listens there, too, since QUIC dials from the port
//! that it listens on; so each end of a connection finds the other again, and whoever is met is told to discovery.
//!
//! When this machine's addresses change:
//! - connections that would now leave from another address are closed: what they carry is lost, which they would notice later.
//! - everybody is dialled at once, without a wait left over from the time without a network.
//! - peers that this node chose are dialled at the other addresses of which they told, too.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use bolao_discovery::{Discovery, Node, Scope};
use bolao_network::{NetworkHandle, PeerId, PeerInfo};
use tokio::{task::spawn_blocking, time::sleep};

use crate::{
    home::{
        Home,
        files::{Dialled, PEERS},
    },
    pool::Pool,
    reach::addresses::source,
    reach::registry::Registry,
    services::Service,
};

/// Discovered nodes are dialled until so many peers were dialled by this node. Those that dialled it do not count: they
/// may all be one caller's.
const WANTED_OUTBOUND: usize = 16;
/// The number of nodes dialled by this one that are remembered, the last ones.
const DIALLED: usize = 48;
/// The same of those that came: they are others' choice.
const CAME: usize = 16;
/// The shortest time between two looks at who is missing, and the longest.
const LEAST: Duration = Duration::from_millis(50);
const LOOK: Duration = Duration::from_secs(1);
/// The time after a look at a connection before its address is dialled again, if the connection was younger than
/// [`LASTING`]. Two processes with one key, such as a copy beside its original, push each other out: so each stays for two seconds
/// and is heard.
const AFTER_LOSS: Duration = Duration::from_secs(2);
/// The age from which a connection that is lost was cut by the network, most likely, and is made anew at once.
const LASTING: Duration = Duration::from_secs(3);
/// The wait before an address is dialled again at first. It grows to a twelfth of the time without a connection, so that a network
/// that comes back soon is found soon. Earlier dials repeat their first packet after one second and three. This wait falls between:
/// where two dials succeed at one moment, the two ends may each end the other's.
const AGAIN: Duration = Duration::from_millis(700);
/// The longest wait before an address is dialled again.
const LONGEST_WAIT: Duration = Duration::from_secs(6);
/// The time that a registered node may be away before others are asked for its new address, and the last of such pauses, each of
/// which is twice as long.
const AWAY: Duration = Duration::from_secs(3);
const LAST_AWAY: Duration = Duration::from_secs(48);
/// At least so long between two writes of who was met.
const SAVE_PAUSE: Duration = Duration::from_secs(2);
/// The time in which a lost peer is likely found by the address that it had, before its others are dialled.
const OTHERS_LATER: Duration = Duration::from_secs(2);
/// The age of a connection that is surely older than the change of address just seen: two looks.
const YOUNG: Duration = Duration::from_secs(2);
/// The most peers whose other addresses are kept.
const OTHERS: usize = 16;

/// The nodes that were met, the last one last.
#[derive(Default)]
struct KnownPeers {
    dialled: VecDeque<SocketAddr>,
    came: VecDeque<SocketAddr>,
    /// Connections that discovery was told of.
    told: BTreeSet<(SocketAddr, tokio::time::Instant)>,
}

impl KnownPeers {
    /// Those of earlier runs, which this node may have dialled.
    fn of(saved: Vec<SocketAddr>) -> Self {
        let mut met = Self {
            dialled: saved.into(),
            ..Self::default()
        };
        trim(&mut met.dialled, DIALLED);
        met
    }

    /// Notes who is connected; the addresses of those who are new. Whoever came by a relay has none that leads back.
    fn note(&mut self, peers: &[PeerInfo]) -> Vec<SocketAddr> {
        let have_one = peers.iter().filter(|it| !it.address.ip().is_unspecified());
        for peer in have_one {
            let (list, other, most) = if peer.outbound {
                (&mut self.dialled, &mut self.came, DIALLED)
            } else {
                (&mut self.came, &mut self.dialled, CAME)
            };
            if peer.outbound {
                other.retain(|address| *address != peer.address);
            }
            if !list.contains(&peer.address) && !other.contains(&peer.address) {
                list.push_back(peer.address);
                trim(list, most);
            }
        }
        let connections: BTreeSet<_> = peers
            .iter()
            .map(|peer| (peer.address, peer.since))
            .collect();
        let new = connections.difference(&self.told);
        let new = new.map(|(address, _)| *address).collect();
        self.told = connections;
        new
    }

    /// The last ones first; whom this node chose before others.
    fn all(&self) -> impl Iterator<Item = SocketAddr> {
        self.dialled
            .iter()
            .rev()
            .chain(self.came.iter().rev())
            .copied()
    }
}

/// The other addresses of peers that this node chose, by their word.
#[derive(Default)]
struct Others(BTreeMap<PeerId, Vec<SocketAddr>>);

impl Others {
    /// Takes up what peers tell. Nobody may tell of addresses that lie further inside than their own.
    fn note<'a>(&mut self, chosen: impl Iterator<Item = &'a PeerInfo>) {
        for peer in chosen {
            let scope = Scope::of(peer.address.ip());
            let told = peer
                .others
                .iter()
                .copied()
                .filter(|other| Node::try_from(*other).is_ok_and(|node| node.scope() >= scope));
            let told: Vec<SocketAddr> = told.collect();
            if self.0.len() < OTHERS || self.0.contains_key(&peer.peer) {
                self.0.insert(peer.peer, told);
            }
        }
    }

    /// Those of peers that are not connected.
    fn of_absent(&self, peers: &[PeerInfo]) -> Vec<SocketAddr> {
        let is_absent = |id: &PeerId| peers.iter().all(|peer| peer.peer != *id);
        let absent = self.0.iter().filter(|(id, _)| is_absent(id));
        absent.flat_map(|(_, told)| told).copied().collect()
    }
}

/// The address of this machine from which each connection left when it was seen first.
#[derive(Default)]
struct Sources(BTreeMap<(SocketAddr, tokio::time::Instant), Option<IpAddr>>);

impl Sources {
    fn note(&mut self, peers: &[PeerInfo]) {
        let key = |peer: &PeerInfo| (peer.address, peer.since);
        self.0
            .retain(|it, _| peers.iter().any(|peer| key(peer) == *it));
        for peer in peers {
            self.0
                .entry(key(peer))
                .or_insert_with(|| source(peer.address));
        }
    }

    /// Whether a peer's connection would leave from another address now. A young one may have been seen first after the change.
    fn has_moved(&self, peer: &PeerInfo) -> bool {
        let then = self.0.get(&(peer.address, peer.since));
        let is_young = peer.since.elapsed() < YOUNG;
        is_young || then.is_none_or(|then| *then != source(peer.address))
    }
}

/// An address that is to be dialled.
#[derive(Clone, Copy)]
struct Wanted {
    /// When it may be dialled next.
    next: Instant,
    /// Since when it is missed; none of one that was not connected and is not registered.
    missed: Option<Instant>,
}

/// The times at which addresses may be dialled next, and at which discovery is to hurry.
struct Due {
    wanted: BTreeMap<SocketAddr, Wanted>,
    hurry: (Instant, Duration),
    looked: Instant,
}

impl Due {
    /// Of those who were connected until now.
    fn new(missed: impl Iterator<Item = SocketAddr>, now: Instant) -> Self {
        let wanted = Wanted {
            next: now,
            missed: Some(now),
        };
        Self {
            wanted: missed.map(|address| (address, wanted)).collect(),
            hurry: (now + AWAY, AWAY),
            looked: now,
        }
    }

    /// Whether discovery is to hurry, where some of the registered nodes are away.
    fn hurries(&mut self, none_away: bool, now: Instant) -> bool {
        let (at, wait) = self.hurry;
        if none_away {
            self.hurry = (now + AWAY, AWAY);
        } else if at <= now && wait <= LAST_AWAY {
            self.hurry = (now + wait * 2, wait * 2);
            return true;
        }
        false
    }

    /// Has another address of a peer that is missed dialled a little later.
    fn delay(&mut self, told: SocketAddr, now: Instant) {
        self.wanted.entry(told).or_insert(Wanted {
            next: now + OTHERS_LATER,
            missed: Some(now),
        });
    }

    /// The time until the next look.
    fn pause(&self) -> Duration {
        let next = self.wanted.values().map(|it| it.next);
        let next = next.filter(|next| *next > self.looked).min();
        let pause = next.map(|next| next.saturating_duration_since(Instant::now()));
        pause.unwrap_or(LOOK).min(LOOK)
    }

    /// Notes who is connected now, with the ages of the connections.
    fn look(&mut self, connected: &BTreeMap<SocketAddr, Duration>, now: Instant) {
        self.looked = now;
        for (address, age) in connected {
            let is_young = *age < LASTING;
            let next = if is_young { now + AFTER_LOSS } else { now };
            let missed = Some(now);
            self.wanted.insert(*address, Wanted { next, missed });
        }
    }

    /// Those of the registered and of so many others that are to be dialled now; none of them is connected.
    fn now(
        &mut self,
        registered: impl Iterator<Item = SocketAddr>,
        others: impl Iterator<Item = SocketAddr>,
        room: usize,
    ) -> Vec<SocketAddr> {
        let now = self.looked;
        let mut all: Vec<_> = registered
            .filter(|it| self.is_due(*it, true, now))
            .collect();
        all.extend(others.filter(|it| self.is_due(*it, false, now)).take(room));
        all
    }

    fn is_due(&mut self, address: SocketAddr, is_registered: bool, now: Instant) -> bool {
        let wanted = self.wanted.entry(address).or_insert(Wanted {
            next: now,
            missed: is_registered.then_some(now),
        });
        if now < wanted.next {
            return false;
        }
        let missed = wanted
            .missed
            .map(|since| now.saturating_duration_since(since));
        let wait = missed.map_or(LONGEST_WAIT, |it| (it / 12).clamp(AGAIN, LONGEST_WAIT));
        wanted.next = now + wait;
        true
    }
}

fn trim(list: &mut VecDeque<SocketAddr>, most: usize) {
    list.drain(..list.len().saturating_sub(most));
}

/// The service, with those whom the node knows.
pub(crate) struct Dialling {
    pub(crate) discovery: Discovery,
    pub(crate) registry: Arc<Registry>,
}

impl Service for Dialling {
    async fn run(self, pool: Pool) {
        let (home, network) = (pool.home, pool.network);
        let Self {
            discovery,
            registry,
        } = self;
        let mut found = discovery.known().subscribe();
        let saved = saved(&home);
        let mut met = KnownPeers::of(saved.clone());
        let mut saved = (saved, Instant::now());
        let mut due = Due::new(std::iter::empty(), Instant::now());
        let mut here = registry.local_addresses.subscribe();
        let mut connections = network.watch_peers();
        let (mut others_told, mut sources) = (Others::default(), Sources::default());
        loop {
            sleep(LEAST).await;
            let mut moves = false;
            tokio::select! {
                () = sleep(due.pause()) => {}
                changed = found.changed() => if changed.is_err() { return },
                changed = connections.changed() => if changed.is_err() { return },
                changed = here.changed() => if changed.is_err() { return } else { moves = true },
            }
            let fresh = Arc::clone(&registry);
            if let Err(error) = spawn_blocking(move || fresh.refresh()).await {
                tracing::error!(%error, "looking at what is registered died");
            }
            let mut peers = network.peers();
            if moves {
                let missed = peers.iter().map(|peer| peer.address);
                due = Due::new(missed, Instant::now());
                peers.retain(|peer| !ends_if_moved(&network, &sources, peer));
            }
            sources.note(&peers);
            introduce(&discovery, met.note(&peers));
            save(&home, &met, &mut saved).await;
            let connected = ages(&peers);
            let outbound = peers.iter().filter(|peer| peer.outbound).count();
            let room = WANTED_OUTBOUND.saturating_sub(outbound);
            let registered = registry.known_addresses(|address| connected.contains_key(&address));
            let chosen = |peer: &&PeerInfo| peer.outbound || registered.contains(&peer.address);
            others_told.note(peers.iter().filter(chosen));
            let known = discovery.known().list();
            let others = known.iter().map(Node::socket_addr).chain(met.all());
            let mut others: Vec<SocketAddr> =
                others.filter(|it| !registered.contains(it)).collect();
            let now = Instant::now();
            for told in others_told.of_absent(&peers) {
                if !registered.contains(&told) && !others.contains(&told) {
                    due.delay(told, now);
                    others.push(told);
                }
            }
            due.wanted
                .retain(|it, _| registered.contains(it) || others.contains(it));
            due.look(&connected, now);
            let is_missed = |it: &SocketAddr| !connected.contains_key(it);
            let none_away = !registered.iter().any(is_missed);
            if due.hurries(none_away, now) {
                discovery.hurry();
            }
            let registered = registered.into_iter().filter(is_missed);
            let others = others.into_iter().filter(is_missed);
            for address in due.now(registered, others, room) {
                if let Err(error) = network.dial(address) {
                    tracing::debug!(%address, %error, "not dialled");
                }
            }
        }
    }
}

/// Ends a connection that would leave from another address now; false where it would not.
fn ends_if_moved(network: &NetworkHandle, sources: &Sources, peer: &PeerInfo) -> bool {
    let has_moved = sources.has_moved(peer);
    if has_moved {
        // Where the network is busy, silence ends the connection.
        let _ = network.disconnect(peer.peer);
    }
    has_moved
}

/// The addresses of those who are connected, each with the age of the connection.
fn ages(peers: &[PeerInfo]) -> BTreeMap<SocketAddr, Duration> {
    let ages = peers.iter().map(|it| (it.address, it.since.elapsed()));
    ages.collect()
}

/// Tells discovery of nodes that were met.
fn introduce(discovery: &Discovery, met: Vec<SocketAddr>) {
    for node in met.into_iter().flat_map(Node::try_from) {
        let discovery = discovery.clone();
        tokio::spawn(async move { discovery.meet(node).await });
    }
}

/// The nodes of earlier runs.
fn saved(home: &Home) -> Dialled {
    home.read_json(PEERS)
        .inspect_err(|error| tracing::warn!(%error, "the nodes of earlier runs are not dialled"))
        .unwrap_or_default()
}

/// Keeps who was met for the next run.
async fn save(home: &Home, met: &KnownPeers, saved: &mut (Dialled, Instant)) {
    let mut now: Dialled = met.all().collect();
    now.reverse();
    if now == saved.0 || saved.1.elapsed() < SAVE_PAUSE {
        return;
    }
    *saved = (now.clone(), Instant::now());
    let home = home.clone();
    match spawn_blocking(move || home.write_json(PEERS, &now, 0o644)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the nodes that were met are not kept"),
        Err(error) => tracing::error!(%error, "keeping the nodes that were met died"),
    }
}

#[cfg(test)]
mod tests;
