//! A final block that an invitation names, where validators vote: no other history is taken.
//!
//! Those who voted long ago still have their keys, and could sign a history of their own for whoever is new. So
//!
//! - while our chain does not hold the named block, nothing is connected before its hash is known to be on the way there, and
//!   nothing is final: first come headers, from genesis on, of one peer at a time. A peer whose headers do not lead to the named
//!   block is asked for nothing more for a while. It need not be at fault: anybody can write a link.
//! - where blocks are mined (`hybrid`), the named block is from then on one that fork choice holds on to ([`super::finality`]): our
//!   chain changes to it even from one with more work.
//! - a final block of our own outweighs it: what leads elsewhere is left out, with a word in the log, and a home that has one
//!   takes no other block of a link ([`Chain::follow_link`]).

use bolao_ledger::{BlockHash, BlockId, Header, Height};
use bolao_store::Snapshot;

use crate::{
    chain::{Chain, Finality},
    context::Context,
    error::CoreError,
    io::{Event, MissingCheckpoint, PeerId},
};

/// The worth of headers that a peer gave of the way to the named block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedWay {
    /// They are on it, or nobody asked for them.
    Open,
    /// They do not go on where those before ended.
    Broken,
    /// They lead to another block.
    Elsewhere,
}

/// The way to the named block, which is above our tip.
#[derive(Debug)]
pub(crate) struct CheckpointSearch {
    block: BlockId,
    /// Of the blocks from height 1 on.
    hashes: Vec<BlockHash>,
    /// The peer that gives these hashes.
    from: Option<PeerId>,
    /// Whether they lead to the block.
    is_proven: bool,
    /// Whether the log says that a peer's chain lacks the block.
    is_logged: bool,
}

impl CheckpointSearch {
    /// Nothing if the chain has the block already.
    pub(crate) fn load(
        snapshot: &Snapshot,
        block: Option<BlockId>,
        finality: &Finality,
    ) -> Result<Option<Self>, CoreError> {
        let Some(named) = block else {
            return Ok(None);
        };
        match snapshot.hash_at(named.height)? {
            Some(hash) if hash == named.hash => Ok(None),
            Some(hash) if finality.anchored && finality.anchor.height >= named.height => {
                outweighed(BlockId { hash, ..named }, named);
                Ok(None)
            }
            _ => Ok(Some(Self {
                block: named,
                hashes: Vec::new(),
                from: None,
                is_proven: false,
                is_logged: false,
            })),
        }
    }

    fn hash_at(&self, height: Height) -> Option<BlockHash> {
        let place = usize::try_from(height.0.checked_sub(1)?).ok()?;
        self.hashes.get(place).copied()
    }

    fn is_whole(&self) -> bool {
        u64::try_from(self.hashes.len()).is_ok_and(|got| got >= self.block.height.0)
    }

    /// Takes what follows; whether it does.
    fn follow(&mut self, genesis: BlockHash, headers: &[Header]) -> bool {
        let before = self.hashes.len();
        for header in headers {
            if self.is_whole() {
                break;
            }
            if header.previous != self.hashes.last().copied().unwrap_or(genesis) {
                return false;
            }
            self.hashes.push(header.hash());
        }
        self.hashes.len() > before
    }

    fn forget(&mut self) {
        self.hashes = Vec::new();
        self.from = None;
    }
}

/// Says that a final block of our own outweighs what an invitation says.
fn outweighed(here: BlockId, named: BlockId) {
    tracing::warn!(%here, %named, "this home's invitation belongs to another history than the final blocks of its \
        chain, and is ignored: ask a friend for another link, and compare");
}

impl Chain {
    /// The home was given another link: the block that it names takes the place of the one that was sought. A home with final
    /// blocks that seeks none has no need of one. Says whether it is used.
    pub(crate) fn follow_link(&mut self, cx: &Context, block: BlockId) -> Result<bool, CoreError> {
        let known = self.named.as_ref().is_some_and(|it| it.block == block);
        if known || !cx.kind.has_votes() {
            return Ok(false);
        }
        let snapshot = self.snapshot()?;
        let holds = snapshot.hash_at(block.height)? == Some(block.hash);
        if self.named.is_none() && (holds || snapshot.last_final()?.is_some()) {
            tracing::debug!(%block, "the chain has this block, or final ones: no link's is needed");
            return Ok(false);
        }
        self.finality = Finality::load(&snapshot, cx.pool.into(), Some(block))?;
        self.named = CheckpointSearch::load(&snapshot, Some(block), &self.finality)?;
        self.branches.look_again();
        tracing::info!(%block, "another invitation is used now");
        Ok(true)
    }

    /// Tells of the block that is sought, if that is news. `lack_it`: whether all peers whose chain is so long have another one there.
    pub(crate) fn tell_missing(&mut self, cx: &mut Context, lack_it: impl FnOnce(BlockId) -> bool) {
        let missing = self.named.as_ref().map(|named| MissingCheckpoint {
            block: named.block,
            is_elsewhere: !named.is_proven && lack_it(named.block),
        });
        if missing != self.told_missing {
            self.told_missing = missing;
            cx.emit(Event::MissingCheckpoint(missing));
        }
    }

    /// Whether a block may come next, as far as the named block has a say.
    pub(crate) fn leads_to_named(&self, height: Height, hash: BlockHash) -> bool {
        self.named.as_ref().is_none_or(|named| {
            height > named.block.height || (named.is_proven && named.hash_at(height) == Some(hash))
        })
    }

    /// Whether a branch that ends at this height is on the way to the named block, or is it.
    pub(crate) fn is_on_way_to_named(&self, height: Height) -> bool {
        let named = self.named.as_ref();
        named.is_some_and(|named| named.is_proven && height <= named.block.height)
    }

    /// The named block, as long as it is not known that peers have it, and the peer that was asked for the way to it last.
    pub(crate) fn named_to_seek(&mut self) -> Option<(BlockId, Option<&PeerId>)> {
        let held = self
            .finality
            .anchored
            .then_some(self.finality.anchor.height);
        self.named
            .take_if(|named| held.is_some_and(|held| named.block.height <= held));
        let named = self.named.as_ref().filter(|named| !named.is_proven)?;
        Some((named.block, named.from.as_ref()))
    }

    /// A peer is asked for the way to the named block: gives the last block of it that this peer has given, or genesis.
    pub(crate) fn seek_named_of(&mut self, cx: &Context, peer: &PeerId) -> BlockHash {
        let named = self.named.as_mut();
        let last = named.and_then(|named| {
            if named.from.as_ref() != Some(peer) {
                named.forget();
                named.from = Some(peer.clone());
            }
            named.hashes.last().copied()
        });
        last.unwrap_or(cx.pool.into())
    }

    /// Takes headers of the way to the named block.
    pub(crate) fn on_named(
        &mut self,
        cx: &mut Context,
        peer: &PeerId,
        headers: &[Header],
    ) -> Result<NamedWay, CoreError> {
        let genesis = cx.pool.into();
        let Some(named) = &mut self.named else {
            return Ok(NamedWay::Open);
        };
        if named.from.as_ref() != Some(peer) {
            return Ok(NamedWay::Open);
        }
        if !named.follow(genesis, headers) {
            named.forget();
            return Ok(NamedWay::Broken);
        }
        if !named.is_whole() {
            return Ok(NamedWay::Open);
        }
        let wanted = named.block;
        if named.hashes.last() != Some(&wanted.hash) {
            named.forget();
            if !std::mem::replace(&mut named.is_logged, true) {
                tracing::warn!(%peer, %wanted, "a peer's history lacks the final block that this home's invitation \
                    names, and is not used; if every peer's lacks it, ask a friend for another link and give it to \
                    `bolao join`");
            }
            return Ok(NamedWay::Elsewhere);
        }
        named.is_proven = true;
        let here = self.finality.last;
        if let Some(hash) = named.hash_at(here.height)
            && hash != here.hash
        {
            outweighed(here, BlockId { hash, ..here });
            self.named = None;
            return Ok(NamedWay::Open);
        }
        if cx.kind.is_mined() {
            self.finality.hold_to(wanted);
            self.branches.look_again();
            self.find_finals(cx)?;
        }
        Ok(NamedWay::Open)
    }
}
