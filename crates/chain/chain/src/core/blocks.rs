//! Blocks that were mined here or whose time has come, and word of them to all.

use bolao_ledger::Block;

use crate::{
    context::Context,
    core::Core,
    error::CoreError,
    io::{Accepted, Cause, Item, Output, Topic},
    sync::Syncing,
};

impl Core {
    pub(super) fn on_mined(&mut self, token: u64, block: Block) -> Result<(), CoreError> {
        let bytes = bolao_ledger::encode(&block);
        let result = self.accept_block(block, Cause::Mined)?;
        let taken = result.as_ref().ok().copied();
        self.cx.out.push(Output::Reply {
            token,
            result: result.map_err(|refused| refused.rejection),
        });
        announce(&mut self.cx, &mut self.sync, taken, bytes);
        Ok(())
    }

    /// Takes those that waited and whose time has come.
    pub(super) fn take_held_blocks(&mut self) -> Result<(), CoreError> {
        while let Some(block) = self.chain.next_held(&self.cx) {
            let bytes = bolao_ledger::encode(block.get());
            let result = self.accept_block(block.get().clone(), Cause::Held)?;
            announce(&mut self.cx, &mut self.sync, result.ok(), bytes);
        }
        Ok(())
    }
}

/// Sends a block to everybody if it became the tip: what is on another branch was not applied.
fn announce(cx: &mut Context, sync: &mut Syncing, taken: Option<Accepted>, bytes: Vec<u8>) {
    let Some(Accepted::Block {
        hash, tip: true, ..
    }) = taken
    else {
        return;
    };
    let fits = bytes.len().saturating_add(8) <= cx.config.max_request_bytes;
    cx.out.push(Output::Publish {
        topic: Topic::Blocks,
        bytes,
    });
    if fits {
        sync.push(cx, Item::Block(hash));
        return;
    }
    sync.ask_all_statuses(cx);
}
