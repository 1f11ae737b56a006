//! Final blocks, by their hashes: what fork choice holds on to.
//!
//! - The **last** final block is the highest that this node was told of. The **anchor** is the highest whose header is
//!   here; genesis at first. The two differ while a final block is told of before its header has come.
//! - On being told of a final block: it is written with its certificate, durably, before anything follows from it.
//! - The best branch is the one of the best rank among those that hold the anchor. If our own chain is none of them,
//!   that branch is fetched, from whoever may have it, and changed to even if it has less work.
//! - A header or block is refused ([`Reason::AgainstFinal`](bolao_ledger::Reason::AgainstFinal)) before anything costly
//!   is done with it if its branch is known not to hold the last final block: if it leaves the anchor's chain below the
//!   anchor, or has the last final block's height or a greater one without that block.
//! - A block that an invitation names ([`super::named`]) counts as final from when it is known that peers have it, though no
//!   certificate of it is here yet.
//! - Two final blocks that no chain can hold both, and one that breaks a rule, end the core. Of two, the store keeps
//!   both certificates, and the core does not start again on them.

use bolao_headers::CheckedHeader;
use bolao_ledger::{BlockHash, BlockId, Height};
use bolao_store::{Access, Durability, FinalBlock, HeaderRecord, Snapshot, StoreError, View};

use crate::{
    chain::Chain,
    context::Context,
    equivocation::with_names,
    error::{CoreError, FinalError},
    io::Event,
    wire::Status,
};

/// The finality of the chain: the last final block and the anchor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Finality {
    pub(crate) last: BlockId,
    pub(crate) anchor: BlockId,
    /// Whether our chain holds the anchor.
    pub(crate) anchored: bool,
    /// The height of the last final block that watchers have heard of.
    announced: Height,
}

impl Finality {
    /// Reads what was final when the node stopped. What an invitation names is so if our chain holds it.
    pub(crate) fn load(
        snapshot: &Snapshot,
        genesis: BlockHash,
        named: Option<BlockId>,
    ) -> Result<Self, CoreError> {
        let genesis = BlockId {
            height: Height::ZERO,
            hash: genesis,
        };
        let last = snapshot.last_final()?;
        let mut last = last.as_ref().map_or(genesis, |it| it.block);
        if let Some(named) = named
            && named.height > last.height
            && snapshot.hash_at(named.height)? == Some(named.hash)
        {
            last = named;
        }
        // Those under two that our chain holds were compared when the node learnt of them.
        let mut held = Vec::new();
        for block in snapshot.finals_down()? {
            let place = block?.block;
            if snapshot.hash_at(place.height)? == Some(place.hash) {
                held.push(place);
            }
            if held.len() == 2 {
                break;
            }
        }
        let anchor = climb(snapshot, held.get(1).copied().unwrap_or(genesis), last)?;
        if let Some(second) = snapshot.conflicting_final()? {
            let known = snapshot.final_at(second.height)?;
            let known = known.as_ref().map_or(anchor, |it| it.block);
            let got = second.block;
            return Err(FinalError::conflict(known, got).into());
        }
        let anchored = snapshot.hash_at(anchor.height)? == Some(anchor.hash);
        Ok(Self {
            last,
            anchor,
            anchored,
            announced: if anchored {
                anchor.height
            } else {
                Height::ZERO
            },
        })
    }

    /// Our chain is about to be extended by a final block.
    pub(crate) fn advance(&mut self, block: BlockId) {
        self.last = block;
        self.anchor = block;
    }

    /// Nothing is final that does not hold the block that an invitation names.
    pub(crate) fn hold_to(&mut self, named: BlockId) {
        if named.height > self.last.height {
            self.last = named;
        }
    }

    /// Whether the last final block is not in our chain yet.
    fn is_sought(&self) -> bool {
        !self.anchored || self.anchor != self.last
    }

    /// Whether a header of this place is known not to be the last final block or on top of it: that one's own header is
    /// not here.
    fn misses_last(&self, place: BlockId) -> bool {
        self.anchor != self.last && place.height >= self.last.height && place != self.last
    }

    /// Whether a branch that leaves our chain above `fork` may be followed: `path` leads from there to its leaf.
    pub(crate) fn allows(&self, fork: &HeaderRecord, path: &[HeaderRecord]) -> bool {
        let holds_anchor = if self.anchored {
            fork.height >= self.anchor.height
        } else {
            path.iter().any(|record| record.hash == self.anchor.hash)
        };
        let leaf = path.last().unwrap_or(fork);
        holds_anchor && !self.misses_last(place(leaf))
    }
}

fn place(record: &CheckedHeader) -> BlockId {
    record.block
}

/// The block of a branch at a height that is not above `record`, the branch's leaf.
pub(crate) fn ancestor_at<A: Access>(
    view: &View<A>,
    mut record: CheckedHeader,
    height: Height,
) -> Result<Option<BlockHash>, StoreError> {
    while record.height > height {
        if view.is_main(&record)? {
            return view.hash_at(height);
        }
        let hash = record.header.previous;
        let parent = view.header(&hash)?;
        record = *parent.ok_or(StoreError::UnknownHeader { hash })?;
    }
    Ok((record.height == height).then_some(record.hash))
}

/// Whether one chain can hold both blocks, whose headers are here.
pub(crate) fn fit<A: Access>(
    view: &View<A>,
    one: BlockId,
    other: BlockId,
) -> Result<bool, StoreError> {
    let (lower, upper) = if one.height <= other.height {
        (one, other)
    } else {
        (other, one)
    };
    let Some(upper) = view.header(&upper.hash)? else {
        return Ok(false);
    };
    Ok(ancestor_at(view, *upper, lower.height)? == Some(lower.hash))
}

impl Chain {
    /// A block is final: the validators have proved it, and whoever gives this has checked that.
    pub(crate) fn on_final(
        &mut self,
        cx: &mut Context,
        block: &FinalBlock,
    ) -> Result<(), CoreError> {
        let (snapshot, got, anchor) = (self.snapshot()?, block.block, self.finality.anchor);
        if let Some(known) = snapshot.final_at(block.height)? {
            if known.hash == block.hash {
                return Ok(());
            }
            return Err(self.conflict(cx, known.block, block)?.into());
        }
        let header = snapshot.header(&block.hash)?;
        if header.is_some() {
            check_place(&snapshot, got)?;
        }
        // Every block under the anchor is known.
        if (header.is_some() || block.height <= anchor.height) && !fit(&snapshot, anchor, got)? {
            return Err(self.conflict(cx, anchor, block)?.into());
        }
        drop(snapshot);
        self.write(Durability::Durable, |tables| tables.put_final(block))?;
        if block.height > self.finality.last.height {
            self.finality.last = got;
            self.branches.look_again();
        }
        self.find_finals(cx)
    }

    /// Keeps the second of two final blocks with its certificate, as evidence, and so that no restart forgets it. Gives why the
    /// core ends.
    pub(crate) fn conflict(
        &mut self,
        cx: &Context,
        known: BlockId,
        second: &FinalBlock,
    ) -> Result<FinalError, StoreError> {
        self.write(Durability::Durable, |tables| {
            tables.put_conflicting_final(second)
        })?;
        let error = FinalError::conflict(known, second.block);
        Ok(with_names(error, &self.snapshot()?, &cx.genesis))
    }

    /// Looks for headers of final blocks that came after word of these blocks.
    pub(crate) fn find_finals(&mut self, cx: &mut Context) -> Result<(), CoreError> {
        let Finality { anchor, last, .. } = self.finality;
        if anchor == last {
            return Ok(());
        }
        let snapshot = self.snapshot()?;
        self.finality.anchor = climb(&snapshot, anchor, last)?;
        if self.finality.anchor != anchor {
            self.branches.look_again();
        }
        self.find_anchor(cx, &snapshot)?;
        Ok(())
    }

    /// Looks whether our chain holds the anchor, after either has changed, and tells of it if that is new.
    pub(crate) fn find_anchor(
        &mut self,
        cx: &mut Context,
        snapshot: &Snapshot,
    ) -> Result<(), StoreError> {
        let BlockId { height, hash } = self.finality.anchor;
        self.finality.anchored = snapshot.hash_at(height)? == Some(hash);
        if self.finality.anchored && height > self.finality.announced {
            self.finality.announced = height;
            cx.emit(Event::Final { height, hash });
        }
        Ok(())
    }

    /// Whether a header may be on the last final block's branch; `parent` is the one that it builds on.
    pub(crate) fn may_be_final<A: Access>(
        &self,
        view: &View<A>,
        parent: &CheckedHeader,
        hash: BlockHash,
    ) -> Result<bool, StoreError> {
        let anchor = self.finality.anchor;
        let height = parent.height.next();
        if self.misses_final(height, hash) {
            return Ok(false);
        }
        if height <= anchor.height {
            return fit(view, BlockId { height, hash }, anchor);
        }
        Ok(ancestor_at(view, *parent, anchor.height)? == Some(anchor.hash))
    }

    /// Whether a header of this place, whose parent passed [`Self::may_be_final`], is not.
    pub(crate) fn misses_final(&self, height: Height, hash: BlockHash) -> bool {
        self.finality.misses_last(BlockId { height, hash }) || !self.leads_to_named(height, hash)
    }

    /// Whether a block that validators decided fits what an invitation names, as far as that is known: as long as no
    /// certificate of ours goes that far, one of another history may be by validators of long ago.
    pub(crate) fn fits_named(&self, snapshot: &Snapshot, got: BlockId) -> Result<bool, StoreError> {
        let held = self.finality.anchor;
        if self.named.is_some() {
            return Ok(false);
        }
        if held.height == Height::ZERO || snapshot.final_at(held.height)?.is_some() {
            return Ok(true);
        }
        fit(snapshot, held, got)
    }

    /// Whether the last final block's header is here, so that whatever [`Self::may_be_final`] builds on it.
    pub(crate) fn has_final_header(&self) -> bool {
        self.finality.anchor == self.finality.last
    }

    /// Whether the last final block is not in our chain yet.
    pub(crate) fn seeks_final(&self) -> bool {
        self.finality.is_sought()
    }

    /// Whether a peer that says this may have what we lack: a better branch, or the final block that we look for.
    pub(crate) fn is_ahead(&self, status: &Status) -> bool {
        status.tip.hash != self.tip.hash && (self.seeks_final() || status.rank() > self.tip.rank())
    }

    /// Whether a peer that says this may have headers that we lack.
    pub(crate) fn is_elsewhere(&self, cx: &Context, status: &Status) -> bool {
        self.is_ahead(status) || (cx.kind.follows_branches() && status.tip.hash != self.tip.hash)
    }

    /// Whether the chain is to change to this block of a branch that [`Finality::allows`].
    pub(crate) fn beats_tip(&self, record: &HeaderRecord) -> bool {
        if self.finality.anchored {
            record.rank() > self.tip.rank()
        } else {
            record.height >= self.finality.anchor.height
        }
    }

    /// Fails if the anchor is among blocks that turned out to be invalid, or on top of them.
    pub(crate) fn check_anchor_valid(&self) -> Result<(), CoreError> {
        check_place(&self.snapshot()?, self.finality.anchor)
    }
}

/// The highest final block that can be reached from `anchor`, one final block after the other, with all their headers.
fn climb(snapshot: &Snapshot, mut anchor: BlockId, last: BlockId) -> Result<BlockId, CoreError> {
    let mut next = snapshot.final_above(anchor.height)?;
    while let Some(block) = &next
        && snapshot.header(&block.hash)?.is_some()
    {
        let got = block.block;
        check_place(snapshot, got)?;
        if !fit(snapshot, anchor, got)? {
            let known = anchor;
            return Err(FinalError::conflict(known, got).into());
        }
        anchor = got;
        next = snapshot.final_above(got.height)?;
    }
    // What an invitation names has no certificate here.
    if next.is_none() && last.height > anchor.height && snapshot.header(&last.hash)?.is_some() {
        check_place(snapshot, last)?;
        if !fit(snapshot, anchor, last)? {
            return Err(FinalError::conflict(anchor, last).into());
        }
        anchor = last;
    }
    // The store has every ancestor of a header that it has. The last final block's header is here and this one is not,
    // so this one is no ancestor of it.
    if let Some(missing) = &next
        && snapshot.header(&last.hash)?.is_some()
    {
        let (known, got) = (missing.block, last);
        return Err(FinalError::conflict(known, got).into());
    }
    Ok(anchor)
}

/// Fails if a final block's header says another height, or the block breaks a rule.
fn check_place(snapshot: &Snapshot, block: BlockId) -> Result<(), CoreError> {
    let Some(record) = snapshot.header(&block.hash)? else {
        return Ok(());
    };
    if record.height != block.height {
        let got = record.height;
        return Err(FinalError::OtherHeight { block, got }.into());
    }
    match record.invalid {
        Some(why) => Err(FinalError::Invalid { block, why }.into()),
        None => Ok(()),
    }
}
