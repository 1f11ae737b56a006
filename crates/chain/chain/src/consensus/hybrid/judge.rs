//! What a proposed block is worth, and how what is missing of its branch comes here.
//!
//! Headers of every branch above the last final block are fetched from whoever says that its tip is on one. Bodies of a branch
//! that is lighter than ours are fetched when somebody proposes it.

use std::collections::BTreeMap;

use bolao_finality::{Input, Verdict};
use bolao_ledger::{Block, BlockHash, Decision, TxId, decode};
use bolao_store::{Durability, HeaderRecord, Snapshot};

use crate::{
    chain::{Chain, ancestor_at, branch_of},
    consensus::Voting,
    context::Context,
    error::CoreError,
    io::PeerId,
    sync::{Purpose, Syncing},
    wire::{MAX_BLOCKS, Request},
};

/// The most proposals that wait to be judged. The engine keeps two of each round.
const MAX_JUDGING: usize = 64;
/// The time that an answer may take before somebody else is asked, in milliseconds.
const NEXT_MS: u64 = 300;

/// The result of a look at a proposal.
enum Look {
    Now(Verdict),
    /// All headers are here. It keeps all rules if the bodies do.
    Untried,
    /// Something of its branch is missing.
    Missing,
}

/// A proposal that may be judged otherwise later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Whether more than two thirds have voted for it.
    backed: bool,
    /// It was refused; else something of it is missing.
    refused: bool,
}

/// Notes a proposal. One that is refused and not backed makes room; for one that is backed, any that is not.
fn wait(judging: &mut BTreeMap<Decision, Waiting>, decision: Decision, waiting: Waiting) {
    if !judging.contains_key(&decision) && judging.len() >= MAX_JUDGING {
        let mut worst = judging.iter().filter(|(_, it)| !it.backed);
        let refused = worst.clone().find(|(_, it)| it.refused);
        let any = if waiting.backed { worst.next() } else { None };
        let Some(out) = refused.or(any).map(|(decision, _)| *decision) else {
            return;
        };
        judging.remove(&out);
    }
    judging.insert(decision, waiting);
}

impl Voting {
    /// Judges a proposal, now or as soon as all of it is here.
    pub(crate) fn judge_checkpoint(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        decision: Decision,
        backed: bool,
    ) -> Result<Option<Input>, CoreError> {
        let verdict = match self.verdict_on(cx, chain, decision, backed)? {
            Some(Verdict::Valid) if self.must_wait(cx, chain, sync)? => Some(Verdict::Refused),
            verdict => verdict,
        };
        let Some(it) = self.checkpoints_mut() else {
            return Ok(None);
        };
        // What is refused may be valid later.
        if verdict == Some(Verdict::Valid) {
            it.judging.remove(&decision);
        } else {
            let refused = verdict.is_some();
            wait(&mut it.judging, decision, Waiting { backed, refused });
        }
        let number = it.number;
        if verdict.is_none() && chain.snapshot()?.header(&decision.hash)?.is_none() {
            for peer in sync.peers().keys().cloned().collect::<Vec<_>>() {
                sync.ask_status(cx, &peer, true);
            }
        }
        tracing::debug!(%decision, ?verdict, "judged a proposal");
        Ok(verdict.map(|verdict| Input::Judged {
            height: number,
            decision,
            verdict,
        }))
    }

    /// The proposals that could not be judged, or were refused, before, and whether more than two thirds have voted for each.
    pub(crate) fn to_judge_again(&self) -> Vec<(Decision, bool)> {
        let judging = self.checkpoints().map(|it| &it.judging);
        let judging = judging.into_iter().flatten();
        judging.map(|(of, waiting)| (*of, waiting.backed)).collect()
    }

    /// Judges one of them again: says something only if it is valid now.
    pub(crate) fn judge_again(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        (decision, backed): (Decision, bool),
    ) -> Result<Option<Input>, CoreError> {
        if self.verdict_on(cx, chain, decision, backed)? == Some(Verdict::Valid) {
            return self.judge_checkpoint(cx, chain, sync, decision, backed);
        }
        Ok(None)
    }

    fn verdict_on(
        &mut self,
        cx: &Context,
        chain: &mut Chain,
        decision: Decision,
        backed: bool,
    ) -> Result<Option<Verdict>, CoreError> {
        let snapshot = chain.snapshot()?;
        Ok(match self.look_at(cx, &snapshot, decision, backed)? {
            Look::Now(verdict) => Some(verdict),
            Look::Missing => None,
            Look::Untried => {
                drop(snapshot);
                let valid = chain.is_branch_valid(cx, decision.hash)?;
                if valid && let Some(it) = self.checkpoints_mut() {
                    it.tried.insert(decision.hash);
                }
                Some(if valid {
                    Verdict::Valid
                } else {
                    Verdict::Refused
                })
            }
        })
    }

    fn look_at(
        &self,
        cx: &Context,
        snapshot: &Snapshot,
        decision: Decision,
        backed: bool,
    ) -> Result<Look, CoreError> {
        let Some(it) = self.checkpoints() else {
            return Ok(Look::Missing);
        };
        let Some(record) = snapshot.header(&decision.hash)? else {
            return Ok(Look::Missing);
        };
        // # Rule F13: a checkpoint is a valid block of the height that is said, above the checkpoint before.
        if record.height != decision.height
            || record.height <= it.base.height
            || record.invalid.is_some()
            || ancestor_at(snapshot, *record, it.base.height)? != Some(it.base.hash)
        {
            return Ok(Look::Now(Verdict::Refused));
        }
        // Whoever has to be patient says so.
        if !backed && it.patience.is_over() && !decision.contested {
            return Ok(Look::Now(Verdict::Refused));
        }
        if snapshot.is_main(&record)? || it.tried.contains(&record.hash) {
            return Ok(Look::Now(Verdict::Valid));
        }
        let (fork, mut branch) = branch_of(snapshot, record.hash)?;
        branch.reverse();
        // # Rule F18: a block for which more than two thirds have prevoted is not refused.
        let refused = !backed && !self.accepts(cx, snapshot, &fork, &branch)?;
        if refused || branch.iter().any(|block| block.invalid.is_some()) {
            return Ok(Look::Now(Verdict::Refused));
        }
        Ok(if branch.iter().all(|block| block.has_body) {
            Look::Untried
        } else {
            Look::Missing
        })
    }

    /// Asks for bodies of proposed branches.
    pub(super) fn ask_branches(
        &mut self,
        cx: &mut Context,
        chain: &Chain,
        sync: &mut Syncing,
    ) -> Result<(), CoreError> {
        let now = cx.now.mono_ms;
        let Some(it) = self.checkpoints() else {
            return Ok(());
        };
        if it.bodies_ms > now || it.judging.is_empty() {
            return Ok(());
        }
        let asked = it.bodies_asked;
        let wanted: Vec<BlockHash> = it.judging.keys().map(|it| it.hash).collect();
        let snapshot = chain.snapshot()?;
        let mut hashes = Vec::new();
        for hash in wanted {
            if snapshot.header(&hash)?.is_some() {
                let missing = |block: &HeaderRecord| (!block.has_body).then_some(block.hash);
                let (_, branch) = branch_of(&snapshot, hash)?;
                hashes.extend(branch.iter().rev().filter_map(missing));
            }
        }
        hashes.truncate(MAX_BLOCKS);
        let turn = asked.checked_rem(sync.peers().len());
        let peer = turn.and_then(|turn| sync.peers().keys().nth(turn)).cloned();
        if let Some(it) = self.checkpoints_mut() {
            it.bodies_ms = now.saturating_add(NEXT_MS);
            it.bodies_asked = asked.wrapping_add(1);
        }
        if !hashes.is_empty()
            && let Some(peer) = peer
            && sync.may_request(cx, &peer)
        {
            sync.request(cx, &peer, Purpose::Proposal, Request::Blocks { hashes });
        }
        Ok(())
    }

    /// Bodies of a branch that somebody proposed.
    pub(crate) fn take_branch(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        peer: &PeerId,
        blocks: &[Vec<u8>],
    ) -> Result<(), CoreError> {
        let snapshot = chain.snapshot()?;
        for bytes in blocks {
            let block: Block = match decode(bytes) {
                Ok(block) => block,
                Err(error) => {
                    sync.blame(cx, peer, error.into());
                    break;
                }
            };
            let known = snapshot.header(&block.hash())?;
            let Some(record) = known.filter(|record| !record.has_body) else {
                continue;
            };
            let waiting = |id: &TxId| chain.mempool().get(id);
            let verify = cx.config.verify;
            match block.check_with(&cx.genesis, cx.pool, verify, waiting) {
                Ok(checked) => {
                    chain.write(Durability::Volatile, |tables| tables.put_body(&checked))?;
                }
                Err(error) => {
                    let forgeable = error.is_body_mutation();
                    let rejection = error.into();
                    if !forgeable {
                        chain.remember_invalid(&record, &rejection)?;
                    }
                    sync.blame(cx, peer, rejection);
                    break;
                }
            }
        }
        if let Some(it) = self.checkpoints_mut() {
            it.bodies_ms = 0;
        }
        chain.branches().judge_soon();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bolao_ledger::Height;

    use super::*;

    #[test]
    fn when_many_wait_what_is_backed_is_kept() {
        let of = |height| Decision::plain(Height(height), BlockHash::default());
        let is = |backed, refused| Waiting { backed, refused };
        let mut judging = BTreeMap::new();
        for height in 0..64 {
            wait(&mut judging, of(height), is(false, height == 40));
        }
        wait(&mut judging, of(7), is(true, true));
        assert_eq!(judging.get(&of(7)), Some(&is(true, true)));
        wait(&mut judging, of(64), is(false, false));
        assert!(judging.contains_key(&of(64)) && !judging.contains_key(&of(40)));
        wait(&mut judging, of(65), is(false, false));
        assert!(!judging.contains_key(&of(65)), "none is refused");
        wait(&mut judging, of(66), is(true, false));
        assert!(judging.contains_key(&of(66)) && judging.contains_key(&of(7)));
        assert_eq!(judging.len(), MAX_JUDGING);
    }
}
