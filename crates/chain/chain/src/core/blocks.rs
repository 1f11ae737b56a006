//! Blocks that were mined here or whose time has come, and word of them to all.

use bolao_ledger::Block;

use crate::{
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::{Accepted, Cause, Item, Output, Topic},
};

impl Parts {
    pub(super) fn on_mined(
        &mut self,
        votes: Option<&mut Voting>,
        token: u64,
        block: Block,
    ) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(votes, block, Cause::Mined)?;
        let taken = result.as_ref().ok().copied();
        self.cx.out.push(Output::Reply {
            token,
            result: result.map_err(|refused| refused.rejection),
        });
        self.announce(taken, bytes);
        Ok(())
    }

    /// Sends a block to everybody if it became the tip: what is on another branch was not applied.
    fn announce(&mut self, taken: Option<Accepted>, bytes: Vec<u8>) {
        let Some(Accepted::Block {
            hash, tip: true, ..
        }) = taken
        else {
            return;
        };
        let fits = bytes.len().saturating_add(8) <= self.cx.config.max_request_bytes;
        self.cx.out.push(Output::Publish {
            topic: Topic::Blocks,
            bytes,
        });
        if fits {
            self.sync.push(&self.cx, Item::Block(hash));
            return;
        }
        self.sync.ask_all_statuses(&self.cx);
    }

    /// Takes those that waited and whose time has come.
    pub(crate) fn take_held_blocks(
        &mut self,
        mut votes: Option<&mut Voting>,
    ) -> Result<(), CoreError> {
        while let Some(block) = self.chain.next_held(&self.cx) {
            let bytes = bolao_ledger::encode(block.get());
            let result =
                self.accept_block(votes.as_deref_mut(), block.get().clone(), Cause::Held)?;
            self.announce(result.ok(), bytes);
        }
        Ok(())
    }
}
