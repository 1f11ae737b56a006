use bolao_ledger::{BlockHash, CheckedBlock};
use bolao_store::{Durability, StoreError};

use crate::{core::Core, error::CoreError, io::Cause, sync::Next};

impl Core {
    /// Connects what can be connected.
    pub(crate) fn connect_bodies(&mut self) -> Result<(), CoreError> {
        while let Some(step) = self.parts.sync.next_step() {
            let reached = match step {
                Next::Missing => return Ok(()),
                Next::End => {
                    self.parts.sync.fetch(None);
                    self.parts.chain.branches().look_again();
                    return Ok(());
                }
                Next::Stored(hash) => hash,
                Next::Bodies(batch) => match self.take_batch(batch)? {
                    Some(hash) => hash,
                    None => continue,
                },
            };
            let record = self.parts.chain.record(reached)?;
            if self.parts.chain.beats_tip(&record)
                && self.parts.may_follow(self.votes.as_deref(), reached)?
                && !self.parts.switch_to(reached, Cause::Sync)?
            {
                self.parts.sync.fetch(None);
                return Ok(());
            }
            self.parts
                .sync
                .send_progress(&mut self.parts.cx, &self.parts.chain);
        }
        Ok(())
    }

    /// Connects bodies on the tip; or stores those of another branch, and then says up to where.
    fn take_batch(&mut self, batch: Vec<CheckedBlock>) -> Result<Option<BlockHash>, CoreError> {
        let snapshot = self.parts.chain.snapshot()?;
        let mut blocks = Vec::with_capacity(batch.len());
        for block in &batch {
            let hash = block.hash();
            let record = snapshot.header(&hash)?;
            blocks.push((*record.ok_or(StoreError::UnknownHeader { hash })?, block));
        }
        drop(snapshot);
        let Some((first, last)) = blocks.first().zip(blocks.last()) else {
            return Ok(None);
        };
        if first.0.header.previous != self.parts.chain.tip().hash {
            let reached = last.0.hash;
            self.parts
                .chain
                .write::<_, StoreError>(Durability::Volatile, |tables| {
                    blocks
                        .iter()
                        .try_for_each(|(_, block)| tables.put_body(block))
                })?;
            self.parts.chain.branches().judge_soon();
            return Ok(Some(reached));
        }
        if let Err((hash, _)) = self.parts.extend_tip(&blocks, None, Cause::Sync)? {
            // Those under the invalid one are good, and nobody is to send them again.
            let good = blocks
                .iter()
                .position(|(record, _)| record.hash == hash)
                .unwrap_or(0);
            self.parts.sync.fetch(None);
            if let Some(good) = blocks.get(..good).filter(|good| !good.is_empty()) {
                // What fails now too is remembered as invalid, as any other.
                drop(self.parts.extend_tip(good, None, Cause::Sync)?);
            }
        } else {
            self.parts
                .sync
                .send_progress(&mut self.parts.cx, &self.parts.chain);
        }
        Ok(None)
    }
}
