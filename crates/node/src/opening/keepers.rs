//! Opens seals for players who are away, once enough keepers gave their shares out.
//!
//! Every node of a player who has joined would send the same. So each waits for a while of its own, within which the player's own
//! node mostly opens, and sends nothing that another transaction opens already. What is sent twice all the same is void.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use bolao_ledger::{
    AccountId, Action, MatchNo, Opening, Prediction, StateView as _, most_at_once, sha256d,
};
use bolao_openings::{CombineError, SealId};
use bolao_store::{Reader, Snapshot, StoreError};
use bolao_wallet::Draft;

use super::{ASK_AGAIN, Clocks, is_due};
use crate::signing::{SignError, Signer};

/// How long every node waits for the player's own.
const OWN_FIRST: Duration = Duration::from_secs(2);
/// The most that a node waits besides.
const TURN: Duration = Duration::from_secs(8);
/// The most waiting transactions that are looked through for what others open.
const LOOKED_THROUGH: usize = 1_000;
/// The most transactions of one look.
const AT_ONCE: usize = 32;

/// Since when seals could be opened.
pub(super) type Seen = BTreeMap<SealId, Instant>;

/// What is to be opened for whom, and how long it is until there may be more; none if nothing waits.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) openings: BTreeMap<AccountId, Vec<Opening>>,
    pub(super) rest: Option<Duration>,
}

/// Looks through what keepers gave of matches that have begun. `own` accounts are opened by their own keys.
pub(super) fn find(
    reader: &Reader,
    clocks: Clocks,
    (player, own): (AccountId, &BTreeSet<AccountId>),
    seen: &mut Seen,
    now: Instant,
) -> Result<Found, StoreError> {
    let (mut found, mut still) = (Found::default(), Seen::new());
    let (snapshot, genesis) = (reader.snapshot()?, reader.genesis());
    if !genesis.has_keepers() || snapshot.kept_count()? == 0 {
        return Ok(found);
    }
    let window_s = genesis.rules.opening_window_s;
    let mut waiting = None;
    for game in snapshot.matches()? {
        if !is_due(&game, clocks, window_s) {
            continue;
        }
        for kept in snapshot.kept_of_match(game.fixture.no)? {
            let seal = kept.seal();
            if own.contains(&seal.account) || !is_sealed(&snapshot, &seal)? {
                continue;
            }
            // Shares come one by one.
            found.rest = Some(ASK_AGAIN);
            let opening = match kept.opening(reader.pool_id()) {
                Ok(opening) => opening,
                Err(CombineError::TooFew { .. }) => continue,
                Err(error) => {
                    tracing::debug!(?seal, %error, "a seal is not opened");
                    continue;
                }
            };
            let since = *seen.get(&seal).unwrap_or(&now);
            still.insert(seal, since);
            if now.saturating_duration_since(since) < OWN_FIRST + turn(&player, &seal) {
                continue;
            }
            let waiting = match &mut waiting {
                Some(waiting) => waiting,
                none => none.insert(opened_by_what_waits(&snapshot)?),
            };
            if !waiting.contains(&(seal.match_no, seal.account)) {
                found
                    .openings
                    .entry(seal.account)
                    .or_default()
                    .push(opening);
            }
        }
    }
    *seen = still;
    Ok(found)
}

/// Sends what was found, if the node's player has joined: whoever opens signs.
pub(super) async fn send(signer: &Signer, found: Found) -> Result<(), SignError> {
    let wallet = signer.wallet().await;
    let key = wallet.player();
    let account = key.account();
    let mut sent = 0;
    for (player, openings) in found.openings {
        let Some(first) = openings.first() else {
            continue;
        };
        // The account takes less room than an opening.
        let most = most_at_once(&signer.reader().genesis().limits, first);
        let most = most.saturating_sub(1).max(1);
        for openings in openings.chunks(most) {
            let snapshot = signer.reader().snapshot()?;
            if sent >= AT_ONCE || snapshot.account(&account)?.is_none() {
                return Ok(());
            }
            let mut draft = Draft::new(account, snapshot.next_nonce(&account)?);
            let body = draft.body(Action::OpenFor {
                player,
                openings: openings.to_vec(),
            });
            let tx = signer.submit(key.sign(signer.pool(), body)).await?;
            tracing::info!(%player, bets = openings.len(), %tx, "opening sealed bets of a player who is away");
            sent += 1;
        }
    }
    Ok(())
}

/// A while that differs from node to node and from seal to seal.
fn turn(player: &AccountId, seal: &SealId) -> Duration {
    let hash = sha256d(&[player.0, seal.commitment].concat());
    let [first, ..] = hash;
    TURN * u32::from(first) / 256
}

fn is_sealed(snapshot: &Snapshot, seal: &SealId) -> Result<bool, StoreError> {
    let bet = snapshot.bet(seal.match_no, &seal.account)?;
    Ok(bet.is_some_and(|bet| bet.prediction == Prediction::Sealed(seal.commitment)))
}

/// What waiting transactions open.
fn opened_by_what_waits(snapshot: &Snapshot) -> Result<BTreeSet<(MatchNo, AccountId)>, StoreError> {
    let mut opened = BTreeSet::new();
    for (_, transaction) in snapshot.pending_after(None, LOOKED_THROUGH)? {
        let (player, openings) = match transaction.body.action {
            Action::Open { openings } => (transaction.body.account, openings),
            Action::OpenFor { player, openings } => (player, openings),
            _ => continue,
        };
        opened.extend(openings.iter().map(|opening| (opening.match_no, player)));
    }
    Ok(opened)
}
