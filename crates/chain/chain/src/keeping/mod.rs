//! Keepers: what players deal to the validators, so that their seals are opened while they are away (`docs/PROTOCOL.md`,
//! section 15). Where a pool has sealed bets, validators and `anybody_opens`.
//!
//! - [`take`](mod@take): which deals, receipts and shares are taken; [`seals`]: of which seals. [`exchange`]: what peers are sent and
//!   asked. Here: when this node gives its receipt and its share. [`betting_closed`](mod@betting_closed): which matches have begun for sure.
//!
//! - A deal is taken if its seal stands or waits ([`Seals`]), its player signed it, all that it hands shares to are validators,
//!   and there is room. One is kept of each seal. It is on the disk before anybody hears that it was taken.
//! - Every node keeps and passes on every deal, with receipts and shares, as it does votes: what is encrypted to a validator
//!   reaches it through whomever it is connected with.
//! - A validator that is handed a share decrypts it, and says so by a receipt. It gives the share out once the match has begun
//!   for sure ([`BettingClosed`]). Shares that come before are neither kept nor passed on.
//! - What was dealt of a seal is forgotten once the seal is opened, replaced or too old to be opened.
//!
//! The node's opener sends what opens a seal, once it finds enough shares in the store.

mod betting_closed;
mod exchange;
mod seals;
mod take;

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    BettingClosed, BlockHash, Item, MatchNo, OwnClock, StateView as _, UnixSeconds, ValidatorKey,
};
use bolao_openings::{Kept, SealId, take};
use bolao_store::{Durability, KeptRoom, Resized, Snapshot};
use ed25519_zebra::VerificationKeyBytes;

use crate::{
    chain::Chain, context::Context, deadlines::Kickoffs, error::CoreError, io::PeerId,
    sync::Syncing,
};
use exchange::Exchange;

pub use betting_closed::betting_closed;
pub use seals::{Seals, WaitingSeals};

/// From one look to the next at least, and while a match that has begun by this node's clock waits for the chain's.
const LEAST_MS: u64 = 1_000;
/// The longest time between two looks: the wall clock may be set.
const MOST_MS: u64 = 60_000;
/// The number of kept openings that are looked through at once for those that may go.
const LOOKED_THROUGH: usize = 256;

/// When to look, and what is done.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    /// The tip at the last look.
    tip: BlockHash,
    looked_ms: u64,
    next_ms: Option<u64>,
    kickoffs: Kickoffs,
    /// The matches whose shares this node has given out.
    given: BTreeSet<MatchNo>,
    /// Up to where was looked for what may go.
    swept: Option<SealId>,
    /// The amount of what is kept, counted once somebody has asked.
    room: Option<KeptRoom>,
    /// Until when no other deal of the same round takes the place of a seal's, in milliseconds.
    replaced: BTreeMap<SealId, u64>,
    /// With each peer.
    exchanges: BTreeMap<PeerId, Exchange>,
}

impl Keeping {
    /// Looks now, or as soon as the last look is long enough ago.
    fn look_at_openings_soon(&mut self, cx: &Context) {
        let rested = self.looked_ms.saturating_add(LEAST_MS);
        let soon = cx.now.mono_ms.max(rested);
        self.next_ms = Some(self.next_ms.map_or(soon, |next| next.min(soon)));
    }

    pub(crate) fn wake_times(&self, cx: &Context, sync: &Syncing) -> impl Iterator<Item = u64> {
        let exchanges = self.exchange_times(cx, sync);
        self.next_ms.into_iter().chain(exchanges)
    }

    /// Gives out the shares of matches that have begun, and forgets what is over. `clock`: the own one, by which kick-offs are judged.
    pub(crate) fn look_at_openings(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        clock: OwnClock,
    ) -> Result<(), CoreError> {
        if !cx.genesis.has_keepers() {
            return Ok(());
        }
        let (now, tip) = (cx.now.mono_ms, chain.tip().hash);
        if self.tip != tip {
            self.tip = tip;
            self.look_at_openings_soon(cx);
        }
        if self.next_ms.is_none_or(|at| at > now) {
            return Ok(());
        }
        self.looked_ms = now;
        self.next_ms = None;
        self.replaced.retain(|_, until| *until > now);
        let snapshot = chain.snapshot()?;
        if snapshot.kept_count()? == 0 {
            return Ok(());
        }
        let begun = betting_closed(&snapshot, &cx.genesis, clock)?;
        self.kickoffs.follow(chain.replacements(), &snapshot)?;
        // Before that, none of a match's seals can be opened any more.
        let window_s = cx.genesis.rules.opening_window_s.into();
        let first = UnixSeconds(begun.own.min(begun.chain).0.saturating_sub(window_s));
        let lately = self.kickoffs.between(first, begun.own.max(begun.chain));
        let lately = lately.map(|no| snapshot.item(no));
        let items: Vec<Item> = lately
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?;
        let next = self.kickoffs.next_after(begun.own);
        self.next_ms = Some(now.saturating_add(rest_ms(&items, &begun, next)));
        self.give_shares(cx, chain, &snapshot, &items, &begun)?;
        self.forget_openings(cx, chain, &snapshot)
    }

    fn give_shares(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        snapshot: &Snapshot,
        items: &[Item],
        begun: &BettingClosed,
    ) -> Result<(), CoreError> {
        // # Rule H9: A keeper gives its share out only once the match has begun for sure (O8).
        let begun: BTreeSet<MatchNo> = items
            .iter()
            .filter(|item| item.unopened > 0 && begun.has(item))
            .map(|item| item.no)
            .collect();
        // One that was put off begins another time.
        self.given.retain(|no| begun.contains(no));
        let mut changed = Vec::new();
        for no in begun {
            if !self.given.insert(no) {
                continue;
            }
            // Others may have given theirs before it was time here.
            self.compare_soon(cx);
            for mut kept in snapshot.kept_of_match(no)? {
                if add_own(cx, &mut kept, true) {
                    changed.push(kept);
                }
            }
        }
        self.keep(cx, chain, changed, None)
    }

    /// Writes what has changed, and passes it on to all but whoever gave it.
    fn keep(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        changed: Vec<Kept>,
        from: Option<&PeerId>,
    ) -> Result<(), CoreError> {
        if changed.is_empty() {
            return Ok(());
        }
        let resized = chain.write_for_all(cx, |tables| {
            let changes = changed.iter().map(|kept| tables.put_kept(kept));
            changes.collect::<Result<Vec<_>, _>>()
        })?;
        self.resized(resized);
        self.pass_on(cx, changed.iter().map(Kept::seal), from);
        Ok(())
    }

    /// Forgets what was dealt of seals that are over, some at each look.
    fn forget_openings(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        snapshot: &Snapshot,
    ) -> Result<(), CoreError> {
        let looked = snapshot.kept_after(self.swept.as_ref(), LOOKED_THROUGH)?;
        self.swept = match looked.last() {
            Some(last) if looked.len() == LOOKED_THROUGH => Some(last.seal()),
            _ => None,
        };
        let (mut seals, mut over) = (Seals::new(snapshot, &cx.genesis), Vec::new());
        for kept in looked {
            let seal = kept.seal();
            if !seals.may_be_opened(&seal)? {
                over.push(seal);
            }
        }
        if !over.is_empty() {
            let resized = chain.write(Durability::Volatile, |tables| {
                let changes = over.iter().map(|seal| tables.remove_kept(seal));
                changes.collect::<Result<Vec<_>, _>>()
            })?;
            self.resized(resized);
        }
        Ok(())
    }

    /// Follows what was written.
    fn resized(&mut self, changes: Vec<Resized>) {
        if let Some(room) = &mut self.room {
            for change in changes {
                room.resized(change);
            }
        }
    }
}

/// Adds what this node's own key has to give to a deal: its receipt and, if it is time, its share. Whether there was any.
fn add_own(cx: &Context, kept: &mut Kept, begun: bool) -> bool {
    let Some(key) = &cx.config.keeper else {
        return false;
    };
    let body = &kept.deal.body;
    let public = ValidatorKey(VerificationKeyBytes::from(key).into());
    let Some(place) = body.place_of(&public) else {
        return false;
    };
    let (lacks_receipt, lacks_share) = (
        !kept.receipts.contains_key(&place),
        begun && !kept.shares.contains_key(&place),
    );
    if !lacks_receipt && !lacks_share {
        return false;
    }
    let Some((_, share)) = take(cx.pool, body, key) else {
        tracing::debug!(seal = ?body.seal(), "what a player dealt to this node is no share of the seal");
        return false;
    };
    if lacks_receipt {
        let receipt = bolao_openings::receipt(cx.pool, body.id(), key);
        kept.receipts.insert(place, receipt);
    }
    if lacks_share {
        kept.shares.insert(place, share);
    }
    true
}

/// The time for which nothing is to be given out if no block comes, in milliseconds.
fn rest_ms(items: &[Item], begun: &BettingClosed, next: Option<UnixSeconds>) -> u64 {
    let own = begun.own;
    let waits = |item: &Item| item.has_begun_at(own) && !begun.has(item);
    if items.iter().any(|item| item.unopened > 0 && waits(item)) {
        return LEAST_MS;
    }
    let left_s = next.map_or(u64::MAX, |at| at.0.saturating_sub(own.0));
    left_s.saturating_mul(1_000).clamp(LEAST_MS, MOST_MS)
}
