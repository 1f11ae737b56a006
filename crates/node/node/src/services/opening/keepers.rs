//! Opens seals for players who are away, once enough keepers gave their shares out.
//!
//! Every node of a player who has joined would send the same. So each waits for a while of its own, within which the player's own
//! node mostly opens, and sends nothing that another transaction opens already. What is sent twice all the same is void.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use bolao_acting::Wish;
use bolao_chain::Seals;
use bolao_ledger::{
    AccountId, Action, Deadline, MatchNo, Opening, StateView as _, actions, most_at_once, sha256d,
};
use bolao_openings::{CombineError, DealId, SealId};
use bolao_store::{Reader, Snapshot, StoreError};

use super::{ASK_AGAIN, Clocks, LONGEST_REST, is_due, opened_by_waiting};
use crate::sign::signing::{SignError, Signer};

/// The time that every node waits for the player's own opening.
const OWN_FIRST: Duration = Duration::from_secs(2);
/// The most that a node waits besides.
const TURN: Duration = Duration::from_secs(8);
/// The most waiting transactions that are looked through for what others open.
const LOOKED_THROUGH: usize = 1_000;
/// The most transactions of one look.
const AT_ONCE: usize = 32;

/// The memory of the deals that were seen before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Since when seals could be opened.
    opens: BTreeMap<SealId, Instant>,
    /// Since when shares of seals are missing.
    lacks: BTreeMap<SealId, Instant>,
    /// Deals whose shares do not open their seals.
    wrong: BTreeSet<DealId>,
}

/// The openings that are to be sent, by player, and the time until there may be more; none if nothing waits.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) openings: BTreeMap<AccountId, Vec<Opening>>,
    pub(super) rest: Option<Duration>,
}

impl Found {
    fn look_within(&mut self, rest: Duration) {
        self.rest = Some(self.rest.map_or(rest, |before| before.min(rest)));
    }
}

/// Looks through what keepers gave of matches that have begun. `own` accounts are opened by their own keys.
pub(super) fn find(
    reader: &Reader,
    clocks: &Clocks,
    (player, own): (AccountId, &BTreeSet<AccountId>),
    seen: &mut Seen,
    now: Instant,
) -> Result<Found, StoreError> {
    let (mut found, before) = (Found::default(), std::mem::take(seen));
    let (snapshot, genesis) = (reader.snapshot()?, reader.genesis());
    if !genesis.has_keepers() || snapshot.kept_count()? == 0 || snapshot.account(&player)?.is_none()
    {
        return Ok(found);
    }
    let (mut seals, mut waiting) = (Seals::new(&snapshot, genesis), None);
    let window_s = genesis.rules.opening_window_s;
    for item in snapshot.items()? {
        let no = item.no;
        if !is_due(&item, clocks, window_s) || seals.item_to_open(no)?.is_none() {
            continue;
        }
        for kept in snapshot.kept_of_match(no)? {
            let (seal, id) = (kept.seal(), kept.deal.body.id());
            if own.contains(&seal.account) || !seals.stands(&seal)? {
                continue;
            }
            let opening = if before.wrong.contains(&id) {
                Err(CombineError::DealtWrong)
            } else {
                // # Rule D5: an opening of another kind is refused, and no player may keep others' seals shut by it.
                let opening = kept.opening(reader.pool_id());
                let fits = |it: &Opening| genesis.rules.takes(item.takes, it.prediction);
                opening.and_then(|it| fits(&it).then_some(it).ok_or(CombineError::DealtWrong))
            };
            let opening = match opening {
                Ok(opening) => opening,
                Err(CombineError::TooFew { .. }) => {
                    let since = *before.lacks.get(&seal).unwrap_or(&now);
                    seen.lacks.insert(seal, since);
                    found.look_within(until_more(now.saturating_duration_since(since)));
                    continue;
                }
                Err(error) => {
                    if seen.wrong.insert(id) && !before.wrong.contains(&id) {
                        tracing::debug!(?seal, %error, "a seal is not opened");
                    }
                    continue;
                }
            };
            let since = *before.opens.get(&seal).unwrap_or(&now);
            seen.opens.insert(seal, since);
            let turn = OWN_FIRST + turn(&player, &seal);
            let left = turn.saturating_sub(now.saturating_duration_since(since));
            if !left.is_zero() {
                found.look_within(left);
                continue;
            }
            let waiting = match &mut waiting {
                Some(waiting) => waiting,
                none => none.insert(opened_by_what_waits(&snapshot, player)?),
            };
            if !waiting.contains(&(seal.match_no, seal.account)) {
                found.look_within(ASK_AGAIN);
                let openings = found.openings.entry(seal.account).or_default();
                openings.push(opening);
            }
        }
    }
    Ok(found)
}

/// The time for which more shares are waited for, once they were for so long: they come one by one at the kick-off, and then
/// perhaps never.
fn until_more(waited: Duration) -> Duration {
    (waited / 4).clamp(ASK_AGAIN, LONGEST_REST)
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
            let action = Action::OpenFor(actions::OpenFor {
                player,
                openings: openings.to_vec(),
            });
            let done = signer
                .fulfil(
                    &key,
                    snapshot.next_nonce(&account)?,
                    Wish::Actions(vec![action]),
                )
                .await?;
            tracing::info!(%player, bets = openings.len(), ids = ?done.ids, "opening sealed bets of a player who is away");
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

/// The matches, and the players, that waiting transactions open.
fn opened_by_what_waits(
    snapshot: &Snapshot,
    player: AccountId,
) -> Result<BTreeSet<(MatchNo, AccountId)>, StoreError> {
    let waiting = snapshot.pending_after(None, LOOKED_THROUGH)?.into_iter();
    let opens = waiting.filter(|(_, waits)| waits.body.action.ends() == Deadline::Opening);
    let accounts = opens.map(|(_, waits)| waits.body.account).chain([player]);
    let mut opened = BTreeSet::new();
    for account in accounts.collect::<BTreeSet<_>>() {
        opened.extend(opened_by_waiting(snapshot, &account)?);
    }
    Ok(opened)
}

#[cfg(test)]
mod tests;
