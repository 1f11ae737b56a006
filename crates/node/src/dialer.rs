//! Keeps the node connected to the nodes it knows: the registered ones, some of those that discovery found, and those that
//! it has reached before. Discovery forgets whoever does not answer; after a cut of the network both halves would have
//! forgotten each other for good.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bolao_discovery::KnownNodes;
use bolao_network::NetworkHandle;
use tokio::time::interval;

use crate::registry::Registry;

/// Discovered nodes are dialled until so many peers were dialled by this node. Those that dialled it do not count: they
/// may all be one caller's.
const WANTED_OUTBOUND: usize = 16;
/// How many nodes that were reached are kept, the last ones.
const REACHED: usize = 64;
/// Between two looks at who is missing.
const LOOK: Duration = Duration::from_secs(1);
/// The longest wait before an address is dialled again.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// When an address may be dialled next, and how long to wait after that.
#[derive(Clone, Copy)]
struct Backoff {
    next: Instant,
    wait: Duration,
}

/// Dials for as long as it is polled.
pub(crate) async fn run(network: NetworkHandle, known: KnownNodes, registry: Arc<Registry>) {
    let mut look = interval(LOOK);
    let mut found = known.subscribe();
    let mut reached: VecDeque<SocketAddr> = VecDeque::new();
    let mut backoffs: BTreeMap<SocketAddr, Backoff> = BTreeMap::new();
    loop {
        tokio::select! {
            _ = look.tick() => {}
            changed = found.changed() => if changed.is_err() { return },
        }
        let mut wanted = registry.addresses().await;
        let peers = network.peers();
        let connected: Vec<SocketAddr> = peers.iter().map(|peer| peer.address).collect();
        let outbound = peers.iter().filter(|peer| peer.outbound).count();
        let room = WANTED_OUTBOUND.saturating_sub(outbound);
        for peer in peers.iter().filter(|peer| peer.outbound) {
            if !reached.contains(&peer.address) {
                reached.push_back(peer.address);
            }
        }
        reached.drain(..reached.len().saturating_sub(REACHED));
        let known = known.list();
        let known = known.iter().map(bolao_discovery::Node::socket_addr);
        let missing: BTreeSet<SocketAddr> = known
            .chain(reached.iter().rev().copied())
            .filter(|address| !connected.contains(address))
            .take(room)
            .collect();
        wanted.extend(missing);
        backoffs.retain(|address, _| wanted.contains(address) && !connected.contains(address));
        let now = Instant::now();
        for address in wanted {
            if connected.contains(&address) {
                continue;
            }
            let backoff = backoffs.entry(address).or_insert(Backoff {
                next: now,
                wait: LOOK,
            });
            if backoff.next <= now {
                backoff.next = now + backoff.wait;
                backoff.wait = (backoff.wait * 2).min(LONGEST_WAIT);
                if let Err(error) = network.dial(address) {
                    tracing::debug!(%address, %error, "not dialled");
                }
            }
        }
    }
}
