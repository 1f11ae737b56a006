//! The nodes that this one knows.
//!
//! Two classes. *Verified* nodes have answered us: they are given to others, published to
//! subscribers and kept in `nodes.json`. *Candidates* were only heard of: they are shown to
//! nobody until a check promotes them. Both are bounded, in all and per address, and neither
//! ever holds this node itself.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_limits::address_key;
use tokio::sync::watch;

use crate::{Node, Scope};

/// The most nodes that are kept, of each kind and of one address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KnownLimits {
    /// Verified nodes at most.
    pub(crate) verified: usize,
    /// Candidates at most.
    pub(crate) candidates: usize,
    /// Nodes of one IPv4 address or IPv6 /64 network at most; loopback is exempt.
    pub(crate) per_address: usize,
}

impl Default for KnownLimits {
    fn default() -> Self {
        Self {
            verified: 256,
            candidates: 128,
            per_address: 32,
        }
    }
}

/// Why a node is not taken into the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It is this node.
    #[error("{0} is this node itself")]
    Ourselves(Node),
    /// It is an address of which the one who named it may not speak.
    #[error("{0} lies further inside than {1}, who named it")]
    TooFarInside(Node, IpAddr),
    /// It is not whoever named it.
    #[error(
        "{0} is not {1}, who named it: a seed server lists only nodes that register themselves"
    )]
    SomebodyElse(Node, IpAddr),
    /// Other services are known to listen there.
    #[error("{0} has a well-known port, where a seed server looks for no node")]
    WellKnownPort(Node),
    /// There is no room for another node.
    #[error("no room for {0}: {1} nodes are known already")]
    Full(Node, usize),
    /// No room for its address.
    #[error("no room for {0}: {1} nodes of its address are known already")]
    FullForAddress(Node, usize),
    /// Checked, or asked for, too often.
    #[error("too many requests about {0}; try again in some seconds")]
    TooOften(Node),
    /// It is not gone.
    #[error("{0} answers, so only a caller on this machine can remove it")]
    StillAnswers(Node),
}

/// The known nodes; clones share one list.
#[derive(Debug, Clone)]
pub struct KnownNodes {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    own: Mutex<Vec<Node>>,
    limits: KnownLimits,
    /// Also the lock under which `verified` changes.
    candidates: Mutex<Vec<Node>>,
    verified: watch::Sender<Arc<[Node]>>,
}

impl KnownNodes {
    /// An empty list that will never contain any of `own`.
    pub fn new(own: Vec<Node>) -> Self {
        Self::within(own, KnownLimits::default())
    }

    fn within(own: Vec<Node>, limits: KnownLimits) -> Self {
        Self {
            inner: Arc::new(Inner {
                own: Mutex::new(own),
                limits,
                candidates: Mutex::default(),
                verified: watch::Sender::new(Arc::from([])),
            }),
        }
    }

    /// The verified nodes, in the order of their arrival. Cheap.
    pub fn list(&self) -> Arc<[Node]> {
        Arc::clone(&self.inner.verified.borrow())
    }

    /// The number of verified nodes.
    pub fn len(&self) -> usize {
        self.inner.verified.borrow().len()
    }

    /// Whether no verified node is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the node is known and verified.
    pub fn contains(&self, node: &Node) -> bool {
        self.inner.verified.borrow().contains(node)
    }

    /// The nodes that were heard of and not checked yet.
    pub fn candidates(&self) -> Vec<Node> {
        self.lock().clone()
    }

    /// Whether the node was heard of and not checked yet.
    pub fn is_candidate(&self, node: &Node) -> bool {
        self.lock().contains(node)
    }

    /// Whether the address is this node's own.
    pub fn is_own(&self, node: &Node) -> bool {
        self.own().contains(node)
    }

    /// Takes what this node's addresses are from now on. Whatever of it was listed goes.
    pub(crate) fn set_own(&self, own: Vec<Node>) {
        for node in &own {
            self.remove(node);
        }
        *self.own() = own;
    }

    fn own(&self) -> MutexGuard<'_, Vec<Node>> {
        self.inner
            .own
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The verified nodes now and after every change. The receiver's first value counts as seen.
    pub fn subscribe(&self) -> watch::Receiver<Arc<[Node]>> {
        self.inner.verified.subscribe()
    }

    /// Notes a node heard of from `source`; `Ok(false)` if it is verified or noted already.
    ///
    /// # Errors
    /// Says why the node is not taken.
    pub fn add_candidate(&self, node: Node, source: IpAddr) -> Result<bool, Refused> {
        let mut candidates = self.lock();
        if self.contains(&node) || candidates.contains(&node) {
            return Ok(false);
        }
        if node.scope() < Scope::of(source) {
            return Err(Refused::TooFarInside(node, source));
        }
        self.room_for(node, &candidates)?;
        if candidates.len() >= self.inner.limits.candidates {
            return Err(Refused::Full(node, candidates.len()));
        }
        candidates.push(node);
        Ok(true)
    }

    /// Makes a node verified; `Ok(false)` if it was already.
    ///
    /// # Errors
    /// Says why the node is not taken. It is no candidate afterwards either.
    pub fn add_verified(&self, node: Node) -> Result<bool, Refused> {
        let mut candidates = self.lock();
        candidates.retain(|other| *other != node);
        if self.contains(&node) {
            return Ok(false);
        }
        self.room_for(node, &candidates)?;
        self.inner.verified.send_modify(|list| {
            *list = list.iter().copied().chain([node]).collect();
        });
        Ok(true)
    }

    /// Makes a candidate verified; `false` if it was withdrawn meanwhile or finds no room.
    pub fn promote(&self, node: &Node) -> bool {
        self.is_candidate(node) && self.add_verified(*node) == Ok(true)
    }

    /// Forgets a node; whether it was verified.
    pub fn remove(&self, node: &Node) -> bool {
        let mut candidates = self.lock();
        candidates.retain(|other| other != node);
        self.inner.verified.send_if_modified(|list| {
            let found = list.contains(node);
            if found {
                *list = list
                    .iter()
                    .filter(|other| *other != node)
                    .copied()
                    .collect();
            }
            found
        })
    }

    /// Forgets a candidate; a verified node stays.
    pub fn remove_candidate(&self, node: &Node) {
        self.lock().retain(|other| other != node);
    }

    fn room_for(&self, node: Node, candidates: &[Node]) -> Result<(), Refused> {
        let limits = &self.inner.limits;
        if self.is_own(&node) {
            return Err(Refused::Ourselves(node));
        }
        let verified = self.inner.verified.borrow();
        if verified.len() >= limits.verified {
            return Err(Refused::Full(node, verified.len()));
        }
        let neighbours = verified
            .iter()
            .chain(candidates)
            .filter(|other| address_key(other.ip()) == address_key(node.ip()))
            .count();
        if node.scope() != Scope::Loopback && neighbours >= limits.per_address {
            return Err(Refused::FullForAddress(node, neighbours));
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Node>> {
        self.inner
            .candidates
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
