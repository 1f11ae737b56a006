//! Connecting what was fetched: on the tip at once, and of another branch once it is better.

use bolao_ledger::{BlockHash, CheckedBlock};
use bolao_store::{Durability, StoreError};

use crate::{chain::NextBlock, core::Core, error::CoreError, io::Cause, sync::Next};

impl Core {
    /// Connects what can be connected.
    pub(super) fn connect_bodies(&mut self) -> Result<(), CoreError> {
        while let Some(step) = self.sync.next_step() {
            let reached = match step {
                Next::Missing => return Ok(()),
                Next::End => {
                    self.sync.fetch(None);
                    self.chain.branches().look_again();
                    return Ok(());
                }
                Next::Stored(hash) => hash,
                Next::Bodies(batch) => match self.take_batch(batch)? {
                    Some(hash) => hash,
                    None => continue,
                },
            };
            let record = self.chain.record(reached)?;
            if self.chain.beats_tip(&record)
                && self.may_follow(reached)?
                && !self.switch_to(reached, Cause::Sync)?
            {
                self.sync.fetch(None);
                return Ok(());
            }
            self.sync.send_progress(&mut self.cx, &self.chain);
        }
        Ok(())
    }

    /// Connects bodies on the tip; or stores those of another branch, and then says up to where.
    fn take_batch(&mut self, batch: Vec<CheckedBlock>) -> Result<Option<BlockHash>, CoreError> {
        let snapshot = self.chain.snapshot()?;
        let mut blocks = Vec::with_capacity(batch.len());
        for block in &batch {
            let hash = block.hash();
            let record = snapshot.header(&hash)?;
            blocks.push(NextBlock {
                header: *record.ok_or(StoreError::UnknownHeader { hash })?,
                block,
                proven: None,
            });
        }
        drop(snapshot);
        let Some((first, last)) = blocks.first().zip(blocks.last()) else {
            return Ok(None);
        };
        if first.header.header.previous != self.chain.tip().hash {
            let reached = last.header.hash;
            self.chain.write(Durability::Volatile, |tables| {
                blocks
                    .iter()
                    .try_for_each(|next| tables.put_body(next.block))
            })?;
            self.chain.branches().judge_soon();
            return Ok(Some(reached));
        }
        if let Err((hash, _)) = self.extend_tip(&blocks, Cause::Sync)? {
            // Those under the invalid one are good, and nobody is to send them again.
            let good = blocks
                .iter()
                .position(|next| next.header.hash == hash)
                .unwrap_or(0);
            self.sync.fetch(None);
            if let Some(good) = blocks.get(..good).filter(|good| !good.is_empty()) {
                // What fails now too is remembered as invalid, as any other.
                drop(self.extend_tip(good, Cause::Sync)?);
            }
        } else {
            self.sync.send_progress(&mut self.cx, &self.chain);
        }
        Ok(None)
    }
}
