//! Headers first.
//!
//! - One peer at a time is asked, of those that claim a better branch than ours, be it only by a lower hash: first who
//!   failed least, then who has waited longest for its turn. How much better it claims to be does not matter.
//! - If it does not answer soon, or its headers do not come to a better branch, the next one is asked beside it; at
//!   most [`MAX_SYNCS`] at once.
//! - Headers are validated as they come. They are stored once their branch is better than ours; until then they
//!   are held in memory, twice as many as our own chain has above the fork and a margin. So a peer whose chain has less
//!   work than it claimed leaves nothing behind but the memory of its failure.
//! - Where validators judge branches (`hybrid`), headers of all those that hold the last final block are fetched and stored,
//!   whatever their work: to know when they came, and since somebody may propose a block of theirs.
//! - While our chain does not hold the last final block, every peer on another tip is asked, and headers on that block's
//!   branch are stored however little work they have.

use bolao_headers::{CheckedHeader, HeaderChain, HeaderError, check_not_too_new};
use bolao_ledger::{BlockHash, Header, Height, Reason, UnixSeconds};
use bolao_store::{Durability, Snapshot, StoreError};

use super::{Purpose, download::Download};
use crate::{
    chain::Chain,
    context::Context,
    error::CoreError,
    io::{PeerId, Rejection},
    sync::Syncing,
    wire::{MAX_HEADERS, MAX_LOCATOR, Request},
};

/// The most peers whose headers are asked for at once.
const MAX_SYNCS: usize = 8;
/// The time that an answer may take before another peer is asked too, in milliseconds.
const PATIENCE_MS: u64 = 1_000;
/// The time for which headers may come without a better branch before another peer is asked too, in milliseconds.
const UNPROVEN_MS: u64 = 10_000;
/// The longest wait for the time of a header that is too new, in milliseconds.
const LONGEST_REST_MS: u64 = 60_000;

/// Headers on their way from one peer.
#[derive(Debug)]
pub(crate) struct HeaderSync {
    began_ms: u64,
    asked_ms: u64,
    /// The headers that came so far and are not stored.
    buffer: Vec<CheckedHeader>,
    /// Whether the buffer holds the last final block or builds on it.
    holds_final: bool,
    /// They leave our chain below the last final block.
    against_final: bool,
    /// The time of a header that came and is too new for our clock.
    too_new: Option<UnixSeconds>,
    /// The chain that ends with the last header of the buffer, or with the known header that what follows builds on.
    top: Option<HeaderChain>,
    /// Headers were forgotten since the request, and perhaps those that the answer builds on.
    pruned: bool,
}

impl HeaderSync {
    fn is_slow(&self, now_ms: u64) -> bool {
        let unproven = |at| at <= now_ms && !self.buffer.is_empty();
        let [answer, proof] = self.slow_at();
        answer <= now_ms || unproven(proof)
    }

    /// When its answer is late, and when the better branch that was promised is.
    pub(super) fn slow_at(&self) -> [u64; 2] {
        [
            self.asked_ms.saturating_add(PATIENCE_MS),
            self.began_ms.saturating_add(UNPROVEN_MS),
        ]
    }

    /// The number of headers that may be held, given the height of our tip.
    fn room(&self, tip: Height, margin: usize) -> usize {
        let held = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        let base = |top: &HeaderChain| top.tip().height.0.saturating_sub(held);
        let above = self
            .top
            .as_ref()
            .map_or(0, |top| tip.0.saturating_sub(base(top)));
        let twice = usize::try_from(above.saturating_mul(2)).unwrap_or(usize::MAX);
        twice.saturating_add(margin)
    }

    /// The header in the store that what follows builds on.
    fn builds_on(&self) -> Option<BlockHash> {
        let first = self.buffer.first().map(|first| first.header.previous);
        first.or_else(|| self.top.as_ref().map(|top| top.tip().hash))
    }

    /// Validates headers and puts the new ones into the buffer. Says whether there may be more that need not wait, or what
    /// the peer is at fault for.
    fn check(
        &mut self,
        cx: &Context,
        chain: &Chain,
        snapshot: &Snapshot,
        headers: Vec<Header>,
    ) -> Result<Result<bool, Rejection>, CoreError> {
        let full = headers.len() >= MAX_HEADERS;
        for header in headers {
            let hash = header.hash();
            if let Some(known) = snapshot.header(&hash)? {
                if known.invalid.is_some() {
                    let parent = hash;
                    return Ok(Err(HeaderError::InvalidAncestor { hash, parent }.into()));
                }
                if self.buffer.is_empty() {
                    self.top = None;
                    continue;
                }
            }
            if self.top.is_none() {
                self.top = snapshot.header_chain(&header.previous)?;
                if let Some(base) = &self.top
                    && !chain.may_be_final(snapshot, base.tip(), hash)?
                {
                    self.against_final = true;
                    return Ok(Ok(false));
                }
                self.holds_final = chain.has_final_header();
            }
            let Some(top) = &mut self.top else {
                if self.pruned {
                    return Ok(Ok(true));
                }
                return Ok(Err(Rejection::new(
                    Reason::UnknownParent,
                    format!("the headers begin with {hash}, which builds on none that was named"),
                )));
            };
            // # Rule B12: no branch is followed that does not hold the last final block.
            if !self.holds_final && chain.misses_final(top.tip().height.next(), hash) {
                return Ok(Ok(false));
            }
            let checked = match top.check(&cx.genesis, &header) {
                Ok(checked) => checked,
                Err(HeaderError::UnknownParent { hash, .. }) => {
                    return Ok(Err(Rejection::new(
                        Reason::UnknownParent,
                        format!("header {hash} does not build on the one before it"),
                    )));
                }
                Err(error) => return Ok(Err(error.into())),
            };
            if check_not_too_new(&cx.genesis, &header, cx.now.unix).is_err() {
                self.too_new = Some(header.time());
                return Ok(Ok(false));
            }
            top.push(checked);
            self.buffer.push(checked);
            self.holds_final |= hash == chain.finality().last.hash;
        }
        Ok(Ok(full))
    }
}

impl Syncing {
    /// Forgets headers of branches that the chain will not change to, once there are many; but for what is on its way.
    pub(crate) fn prune_headers(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
    ) -> Result<(), StoreError> {
        let aimed = self.download.as_ref().map(Download::target);
        let built_on = self.header_syncs.values().filter_map(HeaderSync::builds_on);
        if chain.prune_headers(cx, aimed.into_iter().chain(built_on))? {
            for sync in self.header_syncs.values_mut() {
                sync.pruned = true;
            }
        }
        Ok(())
    }

    /// Asks one more peer that claims a better branch for its headers, if nobody else is at it.
    pub(crate) fn seek_headers(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
    ) -> Result<(), CoreError> {
        let now = cx.now.mono_ms;
        if !cx.kind.is_mined()
            || self.seek_named(cx, chain)
            || self.header_syncs.len() >= MAX_SYNCS
            || self.header_syncs.values().any(|sync| !sync.is_slow(now))
        {
            return Ok(());
        }
        let mut ahead: Vec<_> = self
            .peers
            .iter()
            .filter(|(_, peer)| peer.says(|it| chain.is_elsewhere(cx, it)))
            .filter(|(id, peer)| {
                peer.headers.may_be_asked(now)
                    && peer.grace_until_ms <= now
                    && !self.header_syncs.contains_key(id)
                    && self.may_request(cx, id)
            })
            .filter_map(|(id, peer)| {
                let tip = peer.status.as_ref()?.tip.hash;
                Some((peer.headers.count, peer.turn, id.clone(), tip))
            })
            .collect();
        if ahead.is_empty() {
            return Ok(());
        }
        ahead.sort_unstable();
        let snapshot = chain.snapshot()?;
        for (_, _, peer, tip) in ahead {
            if snapshot.header(&tip)?.is_none() {
                let sync = HeaderSync {
                    began_ms: now,
                    asked_ms: now,
                    buffer: Vec::new(),
                    holds_final: false,
                    against_final: false,
                    too_new: None,
                    top: None,
                    pruned: false,
                };
                return self.ask_headers(cx, chain, &snapshot, &peer, sync);
            }
        }
        Ok(())
    }

    fn ask_headers(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        snapshot: &Snapshot,
        peer: &PeerId,
        mut sync: HeaderSync,
    ) -> Result<(), CoreError> {
        let first = sync.top.as_ref().map(|top| top.tip().hash);
        let request = Request::Headers {
            locator: self.locator(cx, chain, snapshot, first)?,
            limit: u32::try_from(MAX_HEADERS).unwrap_or(u32::MAX),
        };
        sync.asked_ms = cx.now.mono_ms;
        sync.pruned = false;
        self.header_syncs.insert(peer.clone(), sync);
        self.request(cx, peer, Purpose::Headers, request);
        self.took_turn(peer);
        Ok(())
    }

    /// Hashes of our chain, the highest first, ever sparser, and genesis.
    fn locator(
        &self,
        cx: &Context,
        chain: &Chain,
        snapshot: &Snapshot,
        first: Option<BlockHash>,
    ) -> Result<Vec<BlockHash>, StoreError> {
        let aimed = self.download.as_ref().map(super::Download::target);
        let mut hashes: Vec<BlockHash> = first.into_iter().chain(aimed).collect();
        let mut height = chain.tip().height;
        let mut step = 1;
        while hashes.len() + 1 < MAX_LOCATOR {
            hashes.extend(snapshot.hash_at(height)?);
            match height.checked_sub(step) {
                Some(lower) if lower > Height::ZERO => height = lower,
                _ => break,
            }
            if hashes.len() > 10 {
                step = step.saturating_mul(2);
            }
        }
        hashes.push(cx.pool.into());
        Ok(hashes)
    }

    pub(crate) fn on_headers(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        peer: &PeerId,
        headers: Vec<Header>,
        last_final: Option<Height>,
    ) -> Result<(), CoreError> {
        let Some(mut sync) = self.header_syncs.remove(peer) else {
            return Ok(());
        };
        let snapshot = chain.snapshot()?;
        let more = match sync.check(cx, chain, &snapshot, headers)? {
            Ok(more) => more,
            Err(rejection) => {
                self.blame(cx, peer, rejection);
                return Ok(());
            }
        };
        if sync.against_final
            && let Some(height) = last_final
        {
            self.compare_at(cx, peer, height);
        }
        let rank = sync.top.as_ref().map(|top| top.tip().rank());
        let better = rank.is_some_and(|rank| rank > chain.tip().rank())
            || (sync.holds_final && (chain.seeks_final() || cx.kind.follows_branches()))
            || sync
                .top
                .as_ref()
                .is_some_and(|top| chain.is_on_way_to_named(top.tip().height));
        if better {
            self.note_headers_of(peer, &sync);
            self.store_headers(chain, &std::mem::take(&mut sync.buffer))?;
        }
        let room = sync.room(chain.tip().height, cx.config.header_margin);
        if more && sync.buffer.len() < room {
            return self.ask_headers(cx, chain, &snapshot, peer, sync);
        }
        let known = self.peers.get(peer);
        let promised = known.and_then(|peer| Some(peer.status.as_ref()?.tip.hash));
        let kept = match promised {
            Some(tip) => chain.snapshot()?.header(&tip)?.is_some(),
            None => true,
        };
        let (now, latest) = (cx.now.mono_ms, cx.latest_time());
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.too_new = sync.too_new;
            if let Some(time) = sync.too_new {
                // The peer is not to blame; our clock may be set before the time comes.
                let wait_ms = time.0.saturating_sub(latest.0).saturating_mul(1_000);
                peer.headers
                    .rest(now, wait_ms.clamp(1_000, LONGEST_REST_MS));
            } else if !kept {
                peer.headers.failed(now);
            } else if better {
                peer.headers = super::Failures::default();
            }
        }
        Ok(())
    }

    /// Notes that the peer which gave these headers has what they stand for.
    fn note_headers_of(&mut self, peer: &PeerId, sync: &HeaderSync) {
        let (Some(peer), Some(top)) = (self.peers.get_mut(peer), &sync.top) else {
            return;
        };
        let record = top.tip();
        if let Some(status) = &mut peer.status
            && record.rank() > status.rank()
        {
            status.tip = record.block;
            status.work = record.work;
        }
        peer.shown = Some(record.rank());
    }

    fn store_headers(
        &mut self,
        chain: &mut Chain,
        records: &[CheckedHeader],
    ) -> Result<(), CoreError> {
        let Some(first) = records.first() else {
            return Ok(());
        };
        let parent = first.header.previous;
        chain.write(Durability::Volatile, |tables| {
            records
                .iter()
                .try_for_each(|record| tables.put_header(record))
        })?;
        chain.branches().judge_soon();
        match &mut self.download {
            Some(download) if download.target() == parent => {
                download.extend(records.iter().map(|it| (it, false)));
            }
            _ => chain.branches().look_again(),
        }
        Ok(())
    }
}
