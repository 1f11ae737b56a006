//! The passes of players' nodes: shown to peers, and checked where only players may look.
//!
//! - A node that lets only players look shows its own pass to every peer that comes; any node does to a peer that wants one
//!   ([`bolao_chain::Response::PassNeeded`]). It names nobody, so it may be shown to anybody.
//! - A peer whose pass is good is admitted. One whose is not shows it again when it is refused the next time: the chain may know its
//!   player by then. Until then it is a stranger, of which blocks are taken, since they prove themselves.
//! - In an open pool there is no ticket that shows who is to join. There whoever is refused hands in the `Join` that waits here.

use std::sync::Arc;

use bolao_chain::{Input, Pass, Request, Response, TicketProof, finds_viewer, is_invited};
use bolao_ledger::{Action, Membership, Transaction, UnixSeconds, decode, encode};
use bolao_network::{NetworkHandle, PeerId, RequestError, RequestToken};
use bolao_store::{Reader, StoreError};
use bolao_wallet::{is_word_signed, look_of_node};
use tokio::{
    sync::{Semaphore, mpsc},
    task::spawn_blocking,
    time::Instant,
};

use crate::{
    clock::now,
    home::{Home, HomeError},
    reach::{
        gate::{Admission, Holder},
        links,
        outbound::{Outbound, chain_peer},
    },
    sign::signing::Signer,
};

/// The ids of requests from here on: the core's count from one, those about links follow.
const IDS: u64 = 1 << 62;
/// A pass was shown; a `Join` was handed in.
const SHOWN: u64 = IDS;
const HANDED_IN: u64 = IDS + 1;

/// Passes that were checked and wait for the bridge: as many as requests wait for answers.
const CHECKED: usize = 64;

/// Whether an id is that of a request from here.
pub(crate) const fn is_ours(id: u64) -> bool {
    id == SHOWN || id == HANDED_IN
}

/// A pass that was checked.
#[derive(Debug)]
pub(crate) struct Checked {
    token: RequestToken,
    from: PeerId,
    holder: Option<Holder>,
}

/// Shows and checks passes for the bridge.
#[derive(Clone, Debug)]
pub(crate) struct Passes {
    gate: Admission,
    signer: Arc<Signer>,
    home: Home,
    network: NetworkHandle,
    /// One is checked at a time: each is compared with every player.
    turn: Arc<Semaphore>,
    checked: mpsc::Sender<Checked>,
}

impl Passes {
    pub(crate) fn new(
        network: NetworkHandle,
        gate: Admission,
        signer: Arc<Signer>,
        home: Home,
    ) -> (Self, mpsc::Receiver<Checked>) {
        let (checked, found) = mpsc::channel(CHECKED);
        let passes = Self {
            gate,
            signer,
            home,
            network,
            turn: Arc::new(Semaphore::new(1)),
            checked,
        };
        (passes, found)
    }

    /// A peer is there; the input that tells the core so.
    pub(crate) fn meet(&self, peer: PeerId) -> Input {
        let is_stranger = self.gate.meet(peer);
        if self.gate.is_closed() {
            if !is_stranger {
                self.admit_to_gossip(peer);
            }
            self.show(peer);
        }
        let peer = chain_peer(&peer);
        if is_stranger {
            Input::StrangerConnected { peer }
        } else {
            Input::PeerConnected { peer }
        }
    }

    fn admit_to_gossip(&self, peer: PeerId) {
        if let Err(error) = self.network.admit(peer) {
            // It gets by requests what it does not get by gossip.
            tracing::debug!(%peer, %error, "not admitted to gossip");
        }
    }

    /// Shows the own pass, unless it was shown just now.
    pub(crate) fn show(&self, peer: PeerId) {
        if !self.gate.may_show(peer, Instant::now()) {
            return;
        }
        let passes = self.clone();
        tokio::spawn(async move {
            match passes.own().await {
                Ok(pass) => passes.send(peer, SHOWN, &Request::Pass(pass)),
                Err(error) => {
                    tracing::error!(%error, "this node cannot show that its player may look");
                }
            }
        });
    }

    fn send(&self, peer: PeerId, id: u64, request: &Request) {
        // What cannot be sent now is sent when the peer refuses the next time.
        let _ = self.network.request(peer, id, encode(request));
    }

    async fn own(&self) -> Result<Pass, HomeError> {
        let (home, pool) = (self.home.clone(), self.signer.pool());
        let held = spawn_blocking(move || home.ticket(pool)).await;
        let held = held.unwrap_or(Ok(None))?;
        let (text, time) = (
            look_of_node(&self.network.local_peer().to_string()),
            now().unix,
        );
        let wallet = self.signer.wallet().await;
        Ok(Pass {
            time,
            signature: wallet.player().say(&text, pool, time),
            invited: held.map(|held| TicketProof {
                ticket: *held.ticket(),
                organiser_signature: held.organiser_signature(),
                signature: held.say(&text, pool, time),
            }),
        })
    }

    /// Checks a pass that a peer shows; [`Self::take`] gets what came of it.
    pub(crate) fn check(&self, token: RequestToken, from: PeerId, pass: Pass) {
        let passes = self.clone();
        tokio::spawn(async move {
            let Ok(turn) = Arc::clone(&passes.turn).acquire_owned().await else {
                return;
            };
            let reader = passes.signer.reader().clone();
            let found = spawn_blocking(move || {
                let found = holder(&reader, &pass, &from, now().unix);
                drop(turn);
                found
            });
            let holder = match found.await {
                Ok(Ok(holder)) => holder,
                Ok(Err(error)) => {
                    tracing::error!(%error, "a pass cannot be checked");
                    None
                }
                Err(_) => None,
            };
            let _ = passes
                .checked
                .send(Checked {
                    token,
                    from,
                    holder,
                })
                .await;
        });
    }

    /// Answers a pass, and lets whoever it is of in; what the core is to hear of it.
    pub(crate) fn take(&self, outbound: &Outbound, checked: Checked) -> Option<Input> {
        let Checked {
            token,
            from,
            holder,
        } = checked;
        let Some(holder) = holder else {
            outbound.respond(token, &Response::Refused);
            return None;
        };
        let admitted = self.gate.admit(from, holder);
        if admitted {
            tracing::debug!(peer = %from, ?holder, "a peer may look");
            self.admit_to_gossip(from);
        }
        outbound.respond(token, &Response::Ack);
        let peer = chain_peer(&from);
        admitted.then_some(Input::PeerConnected { peer })
    }

    /// Goes on by what a peer answered to a pass or a `Join`.
    pub(crate) fn answered(&self, from: PeerId, id: u64, result: Result<Vec<u8>, RequestError>) {
        let response = result
            .ok()
            .and_then(|bytes| decode::<Response>(&bytes).ok());
        match (id, response) {
            // What it did not say to a stranger.
            (SHOWN, Some(Response::Ack)) => links::ask(&self.network, from),
            (SHOWN, Some(Response::Refused)) => self.hand_in(from),
            (HANDED_IN, Some(Response::Ack)) => {
                self.gate.show_again(&from);
                self.show(from);
            }
            _ => {}
        }
    }

    /// Hands in the own `Join`, if one waits.
    fn hand_in(&self, peer: PeerId) {
        let passes = self.clone();
        let (reader, player) = (self.signer.reader().clone(), self.signer.player());
        if reader.genesis().membership != Membership::Open {
            return;
        }
        drop(spawn_blocking(move || {
            let waiting = reader.snapshot().and_then(|it| it.ready_of(&player));
            let is_join = |it: &Transaction| matches!(it.body.action, Action::Join(_));
            if let Some(join) = waiting.unwrap_or_default().into_iter().find(is_join) {
                passes.send(peer, HANDED_IN, &Request::PushTransactions(vec![join]));
            }
        }));
    }
}

/// The holder of a pass that a peer shows, if it is a good one.
///
/// # Rule Y3: a node's pass is signed for its id, by an account that may look or a ticket that lets in; its time does not matter.
fn holder(
    reader: &Reader,
    pass: &Pass,
    peer: &PeerId,
    now: UnixSeconds,
) -> Result<Option<Holder>, StoreError> {
    let (genesis, pool, snapshot) = (reader.genesis(), reader.pool_id(), reader.snapshot()?);
    let text = look_of_node(&peer.to_string());
    if finds_viewer(&snapshot, genesis, |account| {
        is_word_signed(&text, pool, account, pass.time, &pass.signature)
    })? {
        return Ok(Some(Holder::Player));
    }
    let Some(invited) = &pass.invited else {
        return Ok(None);
    };
    let key = &invited.ticket.key;
    let is_good = is_word_signed(&text, pool, key, pass.time, &invited.signature)
        && is_invited(&snapshot, genesis, invited, now)?;
    Ok(is_good.then_some(Holder::Ticket))
}

#[cfg(test)]
mod tests;
