//! Keeps the node connected to the nodes it knows: the registered ones, and some of those that discovery found.

use std::{
    collections::BTreeMap,
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
        wanted.extend(
            known
                .list()
                .iter()
                .map(bolao_discovery::Node::socket_addr)
                .filter(|address| !connected.contains(address))
                .take(room),
        );
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
