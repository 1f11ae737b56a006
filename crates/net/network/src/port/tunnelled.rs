//! Peers that come through a tunnel, from an address of this machine.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
};

use crate::address::canonical;

/// The addresses of this machine from which peers come through a tunnel, and their own; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tunnelled(Arc<RwLock<HashMap<SocketAddr, SocketAddr>>>);

/// A peer's address of this machine, which stands for its own until this is dropped.
#[derive(Debug)]
#[must_use = "the address stands for a peer's until this is dropped"]
pub struct Introduced {
    tunnelled: Tunnelled,
    here: SocketAddr,
}

impl Tunnelled {
    pub(crate) fn introduce(&self, here: SocketAddr, peer: SocketAddr) -> Introduced {
        let here = canonical(here);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(here, canonical(peer));
        Introduced {
            tunnelled: self.clone(),
            here,
        }
    }

    /// The peer's own address.
    pub(crate) fn behind(&self, address: SocketAddr) -> SocketAddr {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(&address).copied().unwrap_or(address)
    }
}

impl Drop for Introduced {
    fn drop(&mut self) {
        let all = self.tunnelled.0.write();
        all.unwrap_or_else(PoisonError::into_inner)
            .remove(&self.here);
    }
}
