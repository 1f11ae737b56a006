//! What a member's node does for its pool's votes by itself, where its player has joined:
//!
//! - It offers the key of its home, once, so that an organiser need only appoint the player. If the account has offered
//!   another home's key, nothing is offered: that would move the vote from there to here.
//! - It sends the proof that a validator signed two things of which it may sign one, unless that is proven or another's
//!   proof waits for a block. Nodes wait for different lengths of time, so that mostly one of them sends it.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use bolao_chain::{Event, VotingKey};
use bolao_ledger::{
    AccountId, Action, DoubleSign, StateView as _, ValidatorKey, actions,
    table::{Cheats, KeyOwners, Offers},
};
use bolao_store::{Snapshot, StoreError};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{sleep, timeout},
};

use crate::{
    pool::Pool,
    reading::read,
    services::Service,
    sign::signing::{SignError, Signer},
};

/// Between two looks where something is still to be done, so that a burst of blocks costs few of them.
const GATHER: Duration = Duration::from_millis(250);
/// After something went wrong, and between two looks where nothing happens.
const RETRY: Duration = Duration::from_secs(10);
/// The longest time that a node keeps a proof to itself.
const PROOF_WAITS: Duration = Duration::from_secs(10);
/// The most proofs that wait to be sent.
const PROOFS: usize = 64;
/// The most waiting transactions that are looked through for another's proof.
const LOOKED_THROUGH: usize = 1_000;

/// A proof, and when it is sent.
type Due = (Instant, Arc<DoubleSign>);

/// The service, with the key that the home votes with.
pub(crate) struct Offering(pub(crate) Box<VotingKey>, pub(crate) ValidatorKey);

impl Service for Offering {
    async fn run(self, pool: Pool) {
        let (Self(voting, key), events) = (self, pool.engine.events());
        let offer = Action::offer(pool.reader.pool_id(), &voting.account, &voting.key);
        pool.caught_up().await;
        run((key, offer), pool.signer, events, PROOF_WAITS).await;
    }
}

/// Does so until the node stops; the offer is of the key.
async fn run(
    offer: (ValidatorKey, Action),
    signer: Arc<Signer>,
    mut events: Receiver<Event>,
    proof_waits: Duration,
) {
    let (mut proofs, mut is_offered, mut logged) = (VecDeque::new(), false, String::new());
    loop {
        match attempt(&offer, &signer, &mut proofs, &mut is_offered).await {
            Ok(()) => logged.clear(),
            Err(error) => {
                let problem = error.to_string();
                if problem != logged {
                    tracing::warn!(
                        "the key to vote with is not offered, or a proof not sent: {problem}"
                    );
                    logged = problem;
                }
            }
        }
        if !listen(&mut events, &mut proofs, is_offered, proof_waits).await {
            return;
        }
    }
}

/// Until there may be something to do; false once the core has stopped.
async fn listen(
    events: &mut Receiver<Event>,
    proofs: &mut VecDeque<Due>,
    is_offered: bool,
    proof_waits: Duration,
) -> bool {
    let now = Instant::now();
    let due = proofs
        .iter()
        .map(|(due, _)| due.saturating_duration_since(now));
    let rest = due.min().unwrap_or(RETRY).clamp(GATHER, RETRY);
    let heard = async {
        loop {
            match events.recv().await {
                Ok(Event::Guilty(proof)) => {
                    keep(proofs, proof, proof_waits);
                    return true;
                }
                // A join, or a block that takes an offer back.
                Ok(Event::TipChanged(change)) if !is_offered || change.disconnected.count() > 0 => {
                    return true;
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return true,
                Err(RecvError::Closed) => return false,
            }
        }
    };
    match timeout(rest, heard).await {
        Ok(true) => {
            sleep(GATHER).await;
            true
        }
        Ok(false) => false,
        Err(_) => true,
    }
}

/// One proof for each key and number, and not too many.
fn keep(proofs: &mut VecDeque<Due>, proof: Arc<DoubleSign>, waits: Duration) {
    let what = |proof: &DoubleSign| (proof.key, proof.first.0.height);
    let is_known = proofs.iter().any(|(_, known)| what(known) == what(&proof));
    if is_known || proofs.len() >= PROOFS {
        return;
    }
    let wait = waits.mul_f64(rand::random());
    proofs.push_back((Instant::now() + wait, proof));
}

/// The findings from the chain and from what waits.
struct Found {
    has_joined: bool,
    /// Whether something of the player waits for a block.
    waits: bool,
    offered: Option<ValidatorKey>,
    /// Whether the key was ever offered by anybody.
    is_known: bool,
    /// Whether the proof that is due is wanted.
    wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// Another's waits for a block, or there is none.
    Later,
    Now,
    /// It is proven, or proves nothing.
    Proven,
}

fn look(
    snapshot: &Snapshot,
    account: AccountId,
    key: ValidatorKey,
    proof: Option<&DoubleSign>,
) -> Result<Found, StoreError> {
    Ok(Found {
        has_joined: snapshot.account(&account)?.is_some(),
        waits: !snapshot.pending_of(&account)?.is_empty(),
        offered: snapshot.get::<Offers>(&account)?,
        is_known: snapshot.get::<KeyOwners>(&key)?.is_some(),
        wanted: proof.map_or(Ok(Wanted::Later), |proof| wanted(snapshot, proof))?,
    })
}

fn wanted(snapshot: &Snapshot, proof: &DoubleSign) -> Result<Wanted, StoreError> {
    let number = proof.first.0.height;
    let Some(owner) = snapshot.get::<KeyOwners>(&proof.key)? else {
        return Ok(Wanted::Proven);
    };
    if snapshot.get::<Cheats>(&(owner, number))?.is_some() {
        return Ok(Wanted::Proven);
    }
    let waiting = snapshot.pending_after(None, LOOKED_THROUGH)?;
    let is_same = |action: &Action| {
        let Action::Evidence(actions::Evidence { proof: other }) = action else {
            return false;
        };
        (other.key, other.first.0.height) == (proof.key, number)
    };
    let waits = waiting.iter().any(|(_, it)| is_same(&it.body.action));
    Ok(if waits { Wanted::Later } else { Wanted::Now })
}

async fn attempt(
    (key, offer): &(ValidatorKey, Action),
    signer: &Signer,
    proofs: &mut VecDeque<Due>,
    is_offered: &mut bool,
) -> Result<(), SignError> {
    let (now, account, key) = (Instant::now(), signer.player(), *key);
    let place = proofs.iter().position(|(due, _)| *due <= now);
    // It stays until a block holds it.
    let proof = place
        .and_then(|place| proofs.get_mut(place))
        .map(|(due, proof)| {
            *due = now + RETRY;
            Arc::clone(proof)
        });
    let looked = proof.clone();
    let found = read(signer.reader(), move |snapshot| {
        look(snapshot, account, key, looked.as_deref())
    });
    let Some(found) = found.await else {
        return Ok(());
    };
    if !found.has_joined {
        return Ok(());
    }
    let others = found.offered.is_some_and(|offered| offered != key);
    if others && !*is_offered {
        tracing::info!(
            "this player votes, or offers to, with the key of another home; `bolao validators offer` moves that here"
        );
    }
    *is_offered = found.offered.is_some() || found.is_known;
    // What is refused takes with it what waits behind it, so this is only sent when nothing waits.
    if found.waits {
        return Ok(());
    }
    if !*is_offered {
        signer.act(offer.clone()).await?;
        tracing::info!(%key, "offering to vote with this home's key: an organiser may appoint you");
        return Ok(());
    }
    let (Some(place), Some(proof)) = (place, proof) else {
        return Ok(());
    };
    if found.wanted == Wanted::Proven {
        proofs.remove(place);
    }
    if found.wanted == Wanted::Now {
        let cheat = proof.key;
        let action = Action::Evidence(actions::Evidence {
            proof: Box::new(DoubleSign::clone(&proof)),
        });
        signer.act(action).await?;
        tracing::warn!(key = %cheat, "sent the proof that a validator voted twice");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
