//! The sockets that listen, which change with the addresses of the machine.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use libp2p::Swarm;
use libp2p::core::transport::ListenerId;
use tokio::time::{Duration, Instant};

use crate::address::to_multiaddr;
use crate::behaviour::Behaviour;

/// From one try to listen to the next.
const RETRY: Duration = Duration::from_secs(2);

/// The addresses to listen on, and the listeners that are open.
#[derive(Debug)]
pub(crate) struct Listeners {
    pub(crate) wanted: Vec<SocketAddr>,
    open: BTreeMap<SocketAddr, ListenerId>,
    tried: Instant,
}

impl Listeners {
    /// One that is open.
    pub(crate) fn of(address: SocketAddr, listener: ListenerId) -> Self {
        Self {
            wanted: vec![address],
            open: BTreeMap::from([(address, listener)]),
            tried: Instant::now(),
        }
    }

    pub(crate) fn contains(&self, address: SocketAddr) -> bool {
        self.open.contains_key(&address)
    }

    /// Closes those that are not wanted, and opens those that are missing.
    pub(crate) fn set(&mut self, wanted: Vec<SocketAddr>, swarm: &mut Swarm<Behaviour>) {
        self.open.retain(|address, listener| {
            let stays = wanted.contains(address);
            if !stays {
                tracing::info!(%address, "listens there no longer (UDP)");
                swarm.remove_listener(*listener);
            }
            stays
        });
        self.wanted = wanted;
        self.open(swarm);
    }

    /// Opens those that are missing.
    pub(crate) fn open(&mut self, swarm: &mut Swarm<Behaviour>) {
        self.tried = Instant::now();
        for address in &self.wanted {
            if self.open.contains_key(address) {
                continue;
            }
            match swarm.listen_on(to_multiaddr(*address)) {
                Ok(listener) => {
                    self.open.insert(*address, listener);
                }
                // A machine without IPv6 is no trouble, and an address just given may not be ready.
                Err(error) => tracing::debug!(%address, %error, "cannot listen (UDP)"),
            }
        }
    }

    /// Tries again, now and then, what could not be opened.
    pub(crate) fn retry(&mut self, now: Instant, swarm: &mut Swarm<Behaviour>) {
        if self.open.len() < self.wanted.len() && now.duration_since(self.tried) >= RETRY {
            self.open(swarm);
        }
    }

    /// A listener has closed; its address, unless that was wanted.
    pub(crate) fn closed(&mut self, listener: ListenerId) -> Option<SocketAddr> {
        let address = self.open.iter().find(|(_, it)| **it == listener)?;
        let address = *address.0;
        self.open.remove(&address);
        Some(address)
    }
}
