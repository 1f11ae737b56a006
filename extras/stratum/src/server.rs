//! The accept loop.

use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bolao_limits::{SlotLimits, Slots, caller_of};
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinError, JoinSet},
    time::sleep,
};

use crate::{
    config::StratumConfig,
    connection::{Connection, End},
    shared::Shared,
    source::JobSource,
};

/// Serves miners until `shutdown`; then their connections are cut, which loses no block: what was
/// found is with the node already.
///
/// # Errors
/// Only if the listener has no address, that is, never in practice: errors of single connections
/// and passing errors of `accept` are logged.
pub async fn serve<S: JobSource>(
    listener: TcpListener,
    source: Arc<S>,
    config: StratumConfig,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let share_timeout = config.share_timeout;
    let slots = Slots::new(SlotLimits {
        elsewhere: config.connections,
        per_address: config.connections_per_address,
        loopback: config.connections_loopback,
    });
    let shared = Arc::new(Shared::new(source, config));
    let next_extranonce = AtomicU32::new(rand::random());
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    tracing::debug!(%address, "serving Stratum");
    loop {
        let (stream, caller) = tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = connections.join_next() => {
                log_end(ended);
                continue;
            }
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    accept_failed(&error).await;
                    continue;
                }
            },
        };
        let caller = caller_of(caller, stream.local_addr().ok());
        // Slots are for those who mine: one without a share for long enough is evicted.
        let slot = slots.take_or_evict(caller.ip(), share_timeout, shared.now());
        let Some(slot) = slot else {
            tracing::debug!(%caller, "too many miners");
            continue;
        };
        no_delay(&stream, caller);
        let extranonce1 = next_extranonce
            .fetch_add(1, Ordering::Relaxed)
            .to_be_bytes();
        let connection = Connection::new(stream, Arc::clone(&shared), slot, extranonce1);
        connections.spawn(async move {
            let end = Box::pin(connection.run()).await;
            (caller, end)
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// A job must not wait for the miner's delayed acknowledgement.
fn no_delay(stream: &TcpStream, caller: SocketAddr) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::trace!(%caller, %error, "TCP_NODELAY refused");
    }
}

fn log_end(ended: Result<(SocketAddr, End), JoinError>) {
    match ended {
        Ok((caller, end)) => tracing::debug!(%caller, %end, "a miner's connection ended"),
        Err(error) => tracing::error!(%error, "a miner's connection's task died"),
    }
}

async fn accept_failed(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    ) {
        return;
    }
    tracing::warn!(%error, "cannot accept miners");
    // Out of file descriptors, most likely: connections that end give some back.
    sleep(Duration::from_millis(100)).await;
}
