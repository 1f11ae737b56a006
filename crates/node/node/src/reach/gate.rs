//! Whom this node tells of the pool: everybody, or peers that have shown a player's pass. The others are strangers, to whom nothing
//! goes but by [`bolao_chain::Request::for_stranger`] and [`bolao_chain::Response::for_stranger`].
//!
//! Where everybody may look nothing is kept here, and nothing is asked of anybody.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bolao_network::PeerId;
use tokio::time::Instant;

/// Between two times that the own pass is shown to a peer.
const SHOWN: Duration = Duration::from_secs(2);
/// Players' nodes that are remembered.
const PLAYERS: usize = 256;

/// The holder of a good pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A player, or somebody else who may look for good.
    Player,
    /// Somebody with a ticket, who may as long as that is good.
    Ticket,
}

/// Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Admission(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    closed: AtomicBool,
    peers: Mutex<Peers>,
}

#[derive(Debug, Default)]
struct Peers {
    /// Those that are connected.
    strangers: BTreeSet<PeerId>,
    /// When the own pass was last shown to those that are connected.
    shown: BTreeMap<PeerId, Instant>,
    /// Those that have shown a player's pass since the start. Their ids are keys, which they prove to hold at each connection.
    players: BTreeSet<PeerId>,
}

impl Admission {
    pub(crate) fn new(closed: bool) -> Self {
        Self(Arc::new(Inner {
            closed: AtomicBool::new(closed),
            peers: Mutex::default(),
        }))
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.0.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether only players may look.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.load(Ordering::Relaxed)
    }

    /// Says whether only players may look. Connections from before are to end.
    pub(crate) fn set_closed(&self, closed: bool) {
        self.0.closed.store(closed, Ordering::Relaxed);
    }

    /// A peer is there; whether it is a stranger.
    pub(crate) fn meet(&self, peer: PeerId) -> bool {
        if !self.is_closed() {
            return false;
        }
        let mut peers = self.peers();
        let is_stranger = !peers.players.contains(&peer);
        if is_stranger {
            peers.strangers.insert(peer);
        }
        is_stranger
    }

    /// A peer is gone.
    pub(crate) fn leave(&self, peer: &PeerId) {
        let mut peers = self.peers();
        peers.strangers.remove(peer);
        peers.shown.remove(peer);
    }

    pub(crate) fn is_stranger(&self, peer: &PeerId) -> bool {
        self.is_closed() && self.peers().strangers.contains(peer)
    }

    /// A peer's pass is good; whether it is there, and was a stranger.
    pub(crate) fn admit(&self, peer: PeerId, holder: Holder) -> bool {
        let mut peers = self.peers();
        let was_stranger = peers.strangers.remove(&peer);
        if was_stranger && holder == Holder::Player {
            if peers.players.len() >= PLAYERS {
                peers.players.pop_first();
            }
            peers.players.insert(peer);
        }
        was_stranger
    }

    /// Whether the own pass may be shown to a peer now; it is then.
    pub(crate) fn may_show(&self, peer: PeerId, now: Instant) -> bool {
        let mut peers = self.peers();
        let shown = peers.shown.get(&peer);
        if shown.is_some_and(|at| now.saturating_duration_since(*at) < SHOWN) {
            return false;
        }
        peers.shown.insert(peer, now);
        true
    }

    /// The own pass is to be shown to a peer again at once.
    pub(crate) fn show_again(&self, peer: &PeerId) {
        self.peers().shown.remove(peer);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn peer() -> PeerId {
        "12D3KooWGQmdpzHXCqLno4mMxWXKNFQHASBeF99gTm2JR8Vu5Bdc"
            .parse()
            .unwrap()
    }

    #[test]
    fn where_everybody_may_look_nobody_is_a_stranger_and_nothing_is_kept() {
        let gate = Admission::new(false);
        assert!(!gate.meet(peer()) && !gate.is_stranger(&peer()));
        assert!(gate.peers().strangers.is_empty());
    }

    #[test]
    fn a_player_is_a_stranger_once_and_an_invited_one_each_time() {
        let gate = Admission::new(true);
        for (holder, again) in [(Holder::Ticket, true), (Holder::Player, false)] {
            assert!(gate.meet(peer()) && gate.is_stranger(&peer()));
            assert!(gate.admit(peer(), holder));
            assert!(!gate.is_stranger(&peer()));
            gate.leave(&peer());
            assert_eq!(gate.meet(peer()), again);
        }
        // Whoever is gone when its pass is found good is not there.
        gate.leave(&peer());
        assert!(!gate.admit(peer(), Holder::Ticket));
    }

    #[test]
    fn a_pass_is_shown_now_and_then_and_forgotten_with_the_peer() {
        let (gate, now) = (Admission::new(true), Instant::now());
        assert!(gate.may_show(peer(), now) && !gate.may_show(peer(), now));
        assert!(gate.may_show(peer(), now + SHOWN));
        gate.leave(&peer());
        assert!(gate.may_show(peer(), now + SHOWN));
        gate.leave(&peer());
        assert!(gate.peers().shown.is_empty());
    }
}
