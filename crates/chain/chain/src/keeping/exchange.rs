//! How nodes pass on what they keep: what is new is pushed to every peer a moment later, several in one; and from time to time a
//! node asks each peer what it keeps, and fetches what differs: one comparison with a peer at a time, and of that one question at a
//! time, however long its answers are. So a peer that answers some and not others takes no room that others need.

use std::collections::BTreeSet;

use bolao_ledger::{OwnClock, encode};
use bolao_openings::{Kept, SealId};

use crate::{
    chain::Chain,
    context::Context,
    error::CoreError,
    io::{PeerId, Rejection},
    keeping::{Keeping, Seals},
    sync::{Page, Purpose, Syncing},
    wire::{MAX_KEPT, MAX_KEPT_IDS, Request},
};

/// The time for which news are gathered before they are pushed, in milliseconds.
const GATHER_MS: u64 = 200;
/// The time after which a peer is asked, once it came or gave something that could not be taken yet, in milliseconds.
const SOON_MS: u64 = 2_000;
/// From one comparison with a peer to the next, in milliseconds.
const COMPARE_MS: u64 = 60_000;
/// The most seals that wait to be pushed to one peer; what is beyond is left to the comparison.
const MAX_QUEUED: usize = 4_096;
/// The most that a peer is asked in one comparison: as many as there are seals of the largest pool.
const MAX_PAGES: u16 = 128;
/// Once a peer has named more seals than so many that are none here, no more of what it keeps is looked at in this comparison: it
/// knows other blocks, or invents them.
const MAX_STRANGE: usize = 1_024;
/// The size of what surrounds the list of a push, in bytes.
const OVERHEAD: usize = 16;

/// The exchange of openings with one peer: what is to be passed on to it, and when it is asked.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    due: BTreeSet<SealId>,
    push_ms: u64,
    ask_ms: u64,
    /// The next question to it in the comparison that has begun.
    next: Option<Question>,
}

/// One question of a comparison.
#[derive(Debug)]
enum Question {
    Ids(Page),
    Kept {
        wanted: BTreeSet<SealId>,
        then: Option<Page>,
    },
}

/// When a peer is asked next, if it is to be soon.
fn soon(cx: &Context) -> u64 {
    cx.now.mono_ms.saturating_add(SOON_MS)
}

impl Keeping {
    pub(super) fn exchange_times(&self, cx: &Context, sync: &Syncing) -> impl Iterator<Item = u64> {
        let has_keepers = cx.genesis.has_keepers();
        let exchanges = self.exchanges.iter();
        let exchanges =
            exchanges.filter(move |(peer, _)| has_keepers && sync.peers().contains_key(*peer));
        exchanges.flat_map(|(_, exchange)| {
            let push = (!exchange.due.is_empty()).then_some(exchange.push_ms);
            push.into_iter().chain([exchange.ask_ms])
        })
    }

    /// A peer has come: what its sync brings comes first.
    pub(crate) fn on_connected(&mut self, cx: &Context, peer: PeerId) {
        let exchange = Exchange {
            ask_ms: soon(cx),
            ..Exchange::default()
        };
        self.exchanges.insert(peer, exchange);
    }

    pub(super) fn compare_soon_with(&mut self, cx: &Context, peer: &PeerId) {
        if let Some(exchange) = self.exchanges.get_mut(peer) {
            exchange.ask_ms = exchange.ask_ms.min(soon(cx));
        }
    }

    pub(super) fn compare_soon(&mut self, cx: &Context) {
        for exchange in self.exchanges.values_mut() {
            exchange.ask_ms = exchange.ask_ms.min(soon(cx));
        }
    }

    pub(super) fn pass_on(
        &mut self,
        cx: &Context,
        seals: impl Iterator<Item = SealId> + Clone,
        from: Option<&PeerId>,
    ) {
        let soon = cx.now.mono_ms.saturating_add(GATHER_MS);
        for (id, exchange) in &mut self.exchanges {
            if from == Some(id) {
                continue;
            }
            if exchange.due.is_empty() {
                exchange.push_ms = soon;
            }
            let room = MAX_QUEUED.saturating_sub(exchange.due.len());
            exchange.due.extend(seals.clone().take(room));
        }
    }

    /// Pushes what is due, and asks whose turn it is.
    pub(crate) fn exchange_openings(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<(), CoreError> {
        if !cx.genesis.has_keepers() {
            return Ok(());
        }
        let now = cx.now.mono_ms;
        let peers = sync.peers();
        self.exchanges.retain(|peer, _| peers.contains_key(peer));
        for id in self.exchanges.keys().cloned().collect::<Vec<_>>() {
            let Some(exchange) = self.exchanges.get(&id) else {
                continue;
            };
            let pushes = !exchange.due.is_empty() && exchange.push_ms <= now;
            let is_push = |purpose: &Purpose| matches!(purpose, Purpose::PushKept);
            if pushes && sync.may_request(cx, &id) && sync.asked_of(&id, is_push) == 0 {
                self.push_openings(cx, chain, sync, &id)?;
            }
            let is_asking =
                |purpose: &Purpose| matches!(purpose, Purpose::KeptIds(_) | Purpose::Kept { .. });
            if sync.may_request(cx, &id) && sync.asked_of(&id, is_asking) == 0 {
                self.ask_openings(cx, sync, &id);
            }
        }
        Ok(())
    }

    /// The next question of a comparison, or the first of the next one.
    fn ask_openings(&mut self, cx: &mut Context, sync: &mut Syncing, id: &PeerId) {
        let now = cx.now.mono_ms;
        let Some(exchange) = self.exchanges.get_mut(id) else {
            return;
        };
        if exchange.next.is_none() && exchange.ask_ms <= now {
            exchange.ask_ms = now.saturating_add(COMPARE_MS);
            exchange.next = Some(Question::Ids(Page::default()));
        }
        match exchange.next.take() {
            Some(Question::Ids(page)) => {
                let after = page.after;
                sync.request(cx, id, Purpose::KeptIds(page), Request::KeptIds { after });
            }
            Some(Question::Kept { wanted, then }) => {
                let mut rest = wanted.into_iter();
                let seals: Vec<SealId> = rest.by_ref().take(MAX_KEPT).collect();
                let rest = rest.collect();
                sync.request(
                    cx,
                    id,
                    Purpose::Kept { rest, then },
                    Request::Kept { seals },
                );
            }
            None => {}
        }
    }

    /// Sets the next question to a peer after an answer: first comes what is wanted of it.
    fn ask_next(&mut self, peer: &PeerId, wanted: BTreeSet<SealId>, then: Option<Page>) {
        if let Some(exchange) = self.exchanges.get_mut(peer) {
            exchange.next = if wanted.is_empty() {
                then.map(Question::Ids)
            } else {
                Some(Question::Kept { wanted, then })
            };
        }
    }

    fn push_openings(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
        peer: &PeerId,
    ) -> Result<(), CoreError> {
        let snapshot = chain.snapshot()?;
        let (now, room) = (
            cx.now.mono_ms,
            cx.config.max_request_bytes.saturating_sub(OVERHEAD),
        );
        let Some(exchange) = self.exchanges.get_mut(peer) else {
            return Ok(());
        };
        exchange.push_ms = now.saturating_add(GATHER_MS);
        let (mut batch, mut used) = (Vec::new(), 0_usize);
        while batch.len() < MAX_KEPT
            && let Some(seal) = exchange.due.first()
        {
            if let Some(kept) = snapshot.kept(seal)? {
                used = used.saturating_add(encode(&kept).len());
                if used > room && !batch.is_empty() {
                    break;
                }
                batch.push(kept);
            }
            exchange.due.pop_first();
        }
        if !batch.is_empty() {
            sync.request(cx, peer, Purpose::PushKept, Request::PushKept(batch));
        }
        Ok(())
    }

    /// Fetches of what a peer keeps that which differs.
    pub(crate) fn on_kept_ids(
        &mut self,
        cx: &Context,
        chain: &Chain,
        peer: &PeerId,
        page: Page,
        ids: &[(SealId, [u8; 32])],
    ) -> Result<(), CoreError> {
        let in_order = ids.is_sorted_by(|(a, _), (b, _)| a < b);
        let goes_on = |first: &SealId| page.after.is_none_or(|after| *first > after);
        if !in_order || !ids.first().is_none_or(|(first, _)| goes_on(first)) {
            return Ok(());
        }
        let snapshot = chain.snapshot()?;
        let mut seals = Seals::new(&snapshot, &cx.genesis);
        let (mut wanted, mut strange) = (BTreeSet::new(), page.strange);
        for (seal, theirs) in ids {
            let differs = if let Some(kept) = snapshot.kept(seal)? {
                kept.digest() != *theirs
            } else {
                let is_sealed = seals.may_be_opened(seal)?;
                strange += usize::from(!is_sealed);
                is_sealed
            };
            if differs {
                wanted.insert(*seal);
            }
        }
        let goes_on = ids.len() == MAX_KEPT_IDS && page.number < MAX_PAGES;
        let then = (goes_on && strange <= MAX_STRANGE).then(|| Page {
            after: ids.last().map(|(seal, _)| *seal),
            number: page.number.saturating_add(1),
            strange,
        });
        self.ask_next(peer, wanted, then);
        Ok(())
    }

    /// Takes what a peer was asked for; an error is its fault.
    pub(crate) fn on_kept(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        clock: OwnClock,
        peer: &PeerId,
        (rest, then): (&BTreeSet<SealId>, Option<Page>),
        given: Vec<Kept>,
    ) -> Result<Result<(), Rejection>, CoreError> {
        let taken = self.take_kept(cx, chain, clock, given, Some(peer))?;
        Ok(taken.map(|_| self.ask_next(peer, rest.clone(), then)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use bolao_ledger::{AccountId, Genesis, MatchNo};

    use super::*;
    use crate::tests::parts;

    #[test]
    fn news_go_to_all_but_whoever_gave_them_and_not_to_who_is_gone() {
        let parts = parts(&Genesis::article());
        let [a, b, gone] = ["a", "b", "gone"].map(PeerId::from);
        let mut keeping = Keeping::default();
        for peer in [&a, &b, &gone] {
            keeping.on_connected(&parts.cx, peer.clone());
        }
        let seal = SealId {
            match_no: MatchNo(1),
            account: AccountId([1; 32]),
            commitment: [2; 32],
        };
        keeping.pass_on(&parts.cx, [seal].into_iter(), Some(&a));
        let due = |peer| keeping.exchanges[peer].due.len();
        assert_eq!((due(&a), due(&b)), (0, 1));
        let nobody_is_connected = keeping.exchange_times(&parts.cx, &parts.sync).next();
        assert_eq!(nobody_is_connected, None);
    }

    #[test]
    fn a_comparison_that_comes_sooner_is_not_put_off() {
        let mut parts = parts(&Genesis::article());
        let peer = PeerId::from("a");
        let mut keeping = Keeping::default();
        keeping.on_connected(&parts.cx, peer.clone());
        let first = keeping.exchanges[&peer].ask_ms;
        parts.cx.now.mono_ms += 1;
        keeping.compare_soon_with(&parts.cx, &peer);
        assert_eq!(keeping.exchanges[&peer].ask_ms, first);
        assert_eq!(first, parts.cx.now.mono_ms - 1 + SOON_MS);
    }
}
