//! Tells in the log that the signature of the home's own organiser is wanted for what others have signed: once for each
//! change, however many blocks come.

use std::{collections::BTreeSet, future::pending, time::Duration};

use bolao_chain::{Event, MAX_REHEARSED, Proposal, Rehearsed, rehearse};
use bolao_fixtures::pool::Waiting;
use bolao_ledger::{AccountId, StateView as _, UnixSeconds, Vote, encode, table::Votes};
use bolao_store::{Reader, Snapshot, StoreError};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use crate::{clock::now, pool::Pool, services::Service};

/// The time between two looks at what could not be signed, though no block comes: time alone makes some signable.
const AGAIN: Duration = Duration::from_mins(1);

/// The changes that were looked at, each by its bytes.
#[derive(Default)]
struct Seen {
    told: BTreeSet<Vec<u8>>,
    /// It could not be signed.
    refused: BTreeSet<Vec<u8>>,
    /// Whether more waits than is rehearsed at once.
    is_more: bool,
}

/// The service: looks with each new block.
pub(crate) struct Announcing;

impl Service for Announcing {
    async fn run(self, pool: Pool) {
        let mut events = pool.engine.events();
        pool.caught_up().await;
        let own = pool.signer.player();
        let mut seen = Seen::default();
        let mut again = interval(AGAIN);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let reader = pool.reader.clone();
            let looked = spawn_blocking(move || {
                let said = look(&reader, own, &mut seen, now().unix);
                (seen, said)
            });
            let Ok((after, said)) = looked.await else {
                // The panic was logged by itself.
                return pool.stop.cancelled().await;
            };
            seen = after;
            match said {
                Ok(said) => said.iter().for_each(|said| tracing::warn!("{said}")),
                Err(error) => tracing::error!(%error, "cannot read what is waiting for signatures"),
            }
            if !std::mem::take(&mut seen.is_more) {
                tokio::select! {
                    () = next_tip(&mut events) => {}
                    _ = again.tick(), if !seen.refused.is_empty() => seen.refused.clear(),
                }
            }
        }
    }
}

/// Waits for a block. Without end if no event comes any more.
pub(crate) async fn next_tip(events: &mut Receiver<Event>) {
    loop {
        match events.recv().await {
            Ok(Event::TipChanged(_)) | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => return pending().await,
        }
    }
}

fn name(change: &Waiting) -> Vec<u8> {
    encode(&(change.no, &change.vote))
}

/// In a sentence that there is more to sign than was seen before.
fn look(
    reader: &Reader,
    own: AccountId,
    seen: &mut Seen,
    now: UnixSeconds,
) -> Result<Option<String>, StoreError> {
    let (snapshot, genesis) = (reader.snapshot()?, reader.genesis());
    let is_one = snapshot.organisers(genesis)?.contains(&own) && snapshot.account(&own)?.is_some();
    let mut waiting = if is_one {
        unsigned(&snapshot, &own)?
    } else {
        Vec::new()
    };
    let names: BTreeSet<Vec<u8>> = waiting.iter().map(name).collect();
    for known in [&mut seen.told, &mut seen.refused] {
        known.retain(|name| names.contains(name));
        waiting.retain(|it| !known.contains(&name(it)));
    }
    if waiting.is_empty() {
        return Ok(None);
    }
    let is_more = waiting.len() > MAX_REHEARSED;
    waiting.truncate(MAX_REHEARSED);
    let proposals = waiting.iter().map(|it| Proposal::Unsigned {
        account: own,
        nonce: None,
        action: it.vote.action(it.no),
        alone: true,
    });
    let proposals = proposals.collect();
    let is_taken = |it: Rehearsed| Ok::<_, StoreError>(it.verdict.is_ok());
    let taken = rehearse(&snapshot, genesis, now, proposals, || Ok(()), is_taken)?;
    let mut wanted = Vec::new();
    for (it, taken) in waiting.iter().zip(taken) {
        if taken {
            seen.told.insert(name(it));
            wanted.push(it);
        } else {
            seen.refused.insert(name(it));
        }
    }
    seen.is_more = is_more;
    let Some(first) = wanted.first() else {
        return Ok(None);
    };
    let (what, how) = words(&snapshot, first)?;
    let organisers = snapshot.organisers(genesis)?.len();
    let (signed, quorum) = (first.signers.len(), genesis.quorum(&first.vote, organisers));
    let more = match wanted.len() - 1 {
        0 => String::new(),
        more => format!(", and for {more} more"),
    };
    Ok(Some(format!(
        "your signature as an organiser is needed for {what}, which has {signed} of {quorum}{more}: `{how}` says how"
    )))
}

/// The changes that wait and that the account has not signed; genesis bounds how many there are.
fn unsigned(snapshot: &Snapshot, own: &AccountId) -> Result<Vec<Waiting>, StoreError> {
    let mut found: Vec<Waiting> = Vec::new();
    for ((_, no, signer), vote) in snapshot.scan::<Votes>(&(), None, usize::MAX)? {
        match found.iter_mut().find(|it| it.no == no && it.vote == vote) {
            Some(change) => change.signers.push(signer),
            None => found.push(Waiting {
                no,
                vote,
                signers: vec![signer],
            }),
        }
    }
    found.retain(|it| !it.signers.contains(own));
    Ok(found)
}

/// Names the change that is to be signed, and the command that says how.
fn words(snapshot: &Snapshot, change: &Waiting) -> Result<(String, &'static str), StoreError> {
    Ok(match &change.vote {
        Vote::Appoint(_) => ("who votes on blocks".to_owned(), "bolao validators"),
        Vote::Organiser { .. } => ("who organises".to_owned(), "bolao organisers"),
        Vote::Address(address) => (
            format!("the address of the page, {address}"),
            "bolao address",
        ),
        vote => {
            let code = match vote.code() {
                Some(code) => Some(code.clone()),
                None => snapshot.item(change.no)?.map(|item| item.code),
            };
            let code = code.map_or_else(|| change.no.to_string(), |code| code.to_string());
            let kind = vote.action(change.no).kind();
            (format!("the {kind} of {code}"), "bolao status")
        }
    })
}

#[cfg(test)]
mod tests;
