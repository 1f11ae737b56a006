//! A new store from a chain as an audit reads it, such as a backup's.
//!
//! Nothing of it is trusted, so it comes in as blocks of a stranger do. The claimed state is read to its end, so that a cut is
//! noticed, and not used: the blocks make it.

use std::fmt::Display;

use bolao_ledger::{Height, Transaction, VerifyBatch, decode};
use bolao_store::{Certificate, Durability, Store, StoreError};
use thiserror::Error;

use crate::{
    audit::{AuditFailure, AuditSource},
    config::CoreConfig,
    error::ConnectError,
    recovery::Taking,
};

/// Why a chain is not in a new store.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The chain breaks a rule, or cannot be read.
    #[error(transparent)]
    Chain(#[from] AuditFailure),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn wrong(place: impl Display, what: impl Display) -> ImportError {
    AuditFailure::new(place, what).into()
}

/// Fills a new store of the source's pool, by every rule, with the certificates that the rules want; gives the height of the
/// tip. Transactions that wait come, too, as many as a node keeps. `progress` is told blocks done and blocks in all.
pub fn import<S: AuditSource>(
    source: &S,
    store: &mut Store,
    verify: VerifyBatch,
    mut progress: impl FnMut(u64, u64),
) -> Result<Height, ImportError> {
    let genesis = store.genesis().clone();
    let pool = store.pool_id();
    let (tip, height) = source.tip().map_err(|error| wrong("tip", error))?;
    let mut taking = Taking::new(&genesis);
    for block in source.blocks().map_err(|error| wrong("blocks", error))? {
        let at = taking.tip().0.next();
        let place = format!("block {at}");
        if at > height {
            return Err(wrong(place, "the last block is said to be below it"));
        }
        let block = block.map_err(|error| wrong(&place, error))?;
        let certificate = source.certificate(at);
        let certificate = certificate.map_err(|error| wrong(&place, error))?;
        let certificates: Vec<_> = certificate
            .and_then(|it| Certificate::new(it).ok())
            .into_iter()
            .collect();
        let block = block.check_with(&genesis, pool, verify, |_| None);
        let block = block.map_err(|error| wrong(&place, error))?;
        match taking.take(store, &block, &certificates) {
            Ok(()) => {}
            Err(ConnectError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(wrong(place, error)),
        }
        progress(at.0, height.0);
    }
    if taking.tip() != (height, tip) {
        let what = format!("the blocks end at {}, and not there", taking.tip().0);
        return Err(wrong("tip", what));
    }
    let mut waiting = Vec::new();
    let config = CoreConfig::default();
    let mut room = config.mempool_bytes;
    let mut visit = |bytes: Vec<u8>| {
        if waiting.len() < config.mempool_transactions
            && let Some(left) = room.checked_sub(bytes.len())
            && let Ok(transaction) = decode::<Transaction>(&bytes)
            && let Ok(checked) = transaction.check(&genesis, pool)
        {
            room = left;
            waiting.push(checked.into_inner());
        }
    };
    source
        .waiting(&mut visit)
        .and_then(|()| source.state(&mut |_| {}))
        .map_err(|error| wrong("behind the blocks", error))?;
    store.write(Durability::Durable, |tables| {
        waiting.iter().try_for_each(|it| tables.put_pending(it))
    })?;
    Ok(height)
}
