//! The core.

use std::sync::Arc;

use bolao_ledger::{AccountId, Genesis};
use bolao_store::{Reader, Store, Tip};

use crate::{
    config::CoreConfig,
    error::CoreError,
    io::{Input, Now, Output},
    template::Template,
};

/// The one writer of a node: chain, mempool and sync.
#[derive(Debug)]
pub struct Core {
    store: Store,
    config: CoreConfig,
}

impl Core {
    /// Takes over a store, and checks again what waits in it.
    pub fn new(store: Store, config: CoreConfig, now: Now) -> Result<Self, CoreError> {
        let _ = now;
        Ok(Self { store, config })
    }

    /// Handles one input. An error is a broken disk, and final.
    pub fn handle(&mut self, now: Now, input: Input) -> Result<Vec<Output>, CoreError> {
        let _ = (now, input, &self.config);
        Ok(Vec::new())
    }

    /// What a miner may work on now; a message beyond 64 bytes is cut.
    pub fn template(
        &self,
        now: Now,
        miner: AccountId,
        message: &[u8],
    ) -> Result<Template, CoreError> {
        let _ = (now, miner, message);
        Err(bolao_store::StoreError::AtGenesis.into())
    }

    /// Reads beside the core, from any thread.
    pub fn reader(&self) -> Reader {
        self.store.reader()
    }

    /// The pool's rules.
    pub fn genesis(&self) -> &Arc<Genesis> {
        self.store.genesis()
    }

    /// The last block of the best chain.
    pub fn tip(&self) -> Result<Tip, CoreError> {
        Ok(self.store.reader().snapshot()?.tip()?)
    }
}
