use bolao_ledger::Block;

use crate::{
    chain::{BlockRejection, Taken},
    core::Core,
    error::CoreError,
    io::{Accepted, Cause, Item, Output, Topic},
};

impl Core {
    /// Checks a block and makes it the tip, or keeps it on its branch, and changes to that if it is better now.
    pub(super) fn accept_block(
        &mut self,
        block: Block,
        cause: Cause,
    ) -> Result<Result<Accepted, BlockRejection>, CoreError> {
        let late = self
            .votes
            .as_ref()
            .is_some_and(|it| it.arrives_late(&self.parts, block.header.time()));
        let Taken {
            hash,
            height,
            is_better,
        } = match self.parts.take_block(block, cause, late)? {
            Ok(taken) => taken,
            Err(refused) => return Ok(Err(refused)),
        };
        if is_better {
            self.parts.chain.find_finals(&mut self.parts.cx)?;
            self.parts.choose_branch(self.votes.as_deref_mut(), cause)?;
        }
        if let Some(refused) = self.parts.chain.found_invalid(&hash)? {
            return Ok(Err(refused));
        }
        let tip = self.parts.chain.tip().hash == hash;
        Ok(Ok(Accepted::Block { hash, height, tip }))
    }

    pub(super) fn on_mined(&mut self, token: u64, block: Block) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(block, Cause::Mined)?;
        let taken = result.as_ref().ok().copied();
        self.parts.cx.out.push(Output::Reply {
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
        let fits = bytes.len().saturating_add(8) <= self.parts.cx.config.max_request_bytes;
        self.parts.cx.out.push(Output::Publish {
            topic: Topic::Blocks,
            bytes,
        });
        if fits {
            self.parts.sync.push(&self.parts.cx, Item::Block(hash));
            return;
        }
        self.parts.sync.ask_all_statuses(&self.parts.cx);
    }

    /// Takes those that waited and whose time has come.
    pub(crate) fn take_held_blocks(&mut self) -> Result<(), CoreError> {
        while let Some(block) = self.parts.chain.next_held(&self.parts.cx) {
            let bytes = bolao_ledger::encode(block.get());
            let result = self.accept_block(block.get().clone(), Cause::Held)?;
            self.announce(result.ok(), bytes);
        }
        Ok(())
    }
}
