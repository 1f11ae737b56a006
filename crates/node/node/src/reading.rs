//! Reads of the store by tasks, which share their threads with HTTP and the network and must not wait for a disk.
//!
//! - [`tip`] is read in place: each block writes it, so that it is in the store's cache.
//! - Every other read may have to wait for a disk. [`read`] makes it on a thread that may block.

use bolao_store::{Reader, Snapshot, StoreError, Tip};
use tokio::task::spawn_blocking;

/// The chain's tip.
pub(crate) fn tip(reader: &Reader) -> Result<Tip, StoreError> {
    reader.snapshot()?.tip()
}

/// Gives what `look` finds; nothing, and a line in the log, if the store cannot be read.
pub(crate) async fn read<T: Send + 'static>(
    reader: &Reader,
    look: impl FnOnce(&Snapshot) -> Result<T, StoreError> + Send + 'static,
) -> Option<T> {
    let reader = reader.clone();
    let found = spawn_blocking(move || look(&reader.snapshot()?)).await;
    // A panic was logged by itself.
    found
        .ok()?
        .inspect_err(|error| tracing::error!(%error, "the store could not be read"))
        .ok()
}
