//! Nodes that reach a home's node: the datagrams of each are passed on by a stream of the tunnel. They are encrypted from one node
//! to the other.

use std::{
    collections::HashMap,
    future::pending,
    io,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use bolao_limits::{Slot, SlotLimits, Slots};
use futures::{SinkExt as _, StreamExt as _, stream::FuturesUnordered};
use hyper::body::Bytes;
use ppp::v2::Protocol;
use tokio::{
    io::AsyncWriteExt as _,
    sync::mpsc,
    time::{sleep, timeout},
};
use tokio_util::compat::FuturesAsyncReadCompatExt as _;

use bolao_reach::relay::{Label, MOST_DATAGRAM, caller, datagrams};

use crate::{
    answering::{AnsweringSocket, Caller},
    homes::{Home, Homes, Opened},
};

/// Datagrams of a node that wait for the tunnel; more are lost, as in any network.
const WAITING: usize = 64;
/// The shortest datagram that begins a connection of QUIC (RFC 9000, 14.1).
const FIRST_BYTES: usize = 1200;
/// Datagrams of a caller that pass before it has shown that it gets answers: a handshake has fewer.
const MOST_UNPROVEN: u32 = 16;
/// The pause after a socket's error.
const PAUSE: Duration = Duration::from_millis(100);

/// Passes datagrams on between other nodes and a home's, for ever.
pub(crate) async fn pass_on(homes: &Homes, home: &Home, label: &Label) {
    let Some(socket) = home.node() else {
        return pending().await;
    };
    let socket = &*socket;
    let slots = Slots::new(SlotLimits {
        elsewhere: homes.limits.nodes,
        per_address: homes.limits.nodes_per_address,
        loopback: homes.limits.nodes_per_address,
    });
    let start = Instant::now();
    let mut waiting: HashMap<Caller, mpsc::Sender<Bytes>> = HashMap::new();
    let mut flows = FuturesUnordered::new();
    loop {
        let (caller, received) = tokio::select! {
            Some(ended) = flows.next() => {
                waiting.remove(&ended);
                continue;
            }
            received = socket.receive(MOST_DATAGRAM) => match received {
                Ok(received) => received,
                Err(error) => {
                    tracing::debug!(%label, %error, "a datagram was not received");
                    sleep(PAUSE).await;
                    continue;
                }
            },
        };
        for datagram in received {
            if let Some(sender) = waiting.get(&caller) {
                let _ = sender.try_send(datagram);
                continue;
            }
            if !begins(&datagram) {
                continue;
            }
            // One that has not shown that it hears the home makes room for a newcomer.
            let ip = caller.address.ip();
            let Some(slot) = slots.take_or_evict(ip, Duration::ZERO, start.elapsed()) else {
                tracing::debug!(%label, %ip, "too many nodes");
                continue;
            };
            let (sender, datagrams) = mpsc::channel(WAITING);
            let _ = sender.try_send(datagram);
            waiting.insert(caller, sender);
            flows.push(async move {
                let ended = tokio::select! {
                    ended = pass_on_one(homes, label, socket, caller, datagrams, &slot) => ended,
                    () = slot.evicted() => Err(io::Error::other("it made room for another")),
                };
                if let Err(error) = ended {
                    tracing::debug!(%label, %ip, %error, "a node's datagrams are not passed on");
                }
                caller
            });
        }
    }
}

/// Whether a datagram may begin a connection of QUIC, version 1: its first packet is an Initial one.
fn begins(datagram: &[u8]) -> bool {
    datagram.len() >= FIRST_BYTES
        && matches!(datagram, [first, 0, 0, 0, 1, ..] if first & 0b1111_0000 == 0b1100_0000)
}

async fn pass_on_one(
    homes: &Homes,
    label: &Label,
    socket: &AnsweringSocket,
    caller: Caller,
    mut from_caller: mpsc::Receiver<Bytes>,
    slot: &Slot,
) -> io::Result<()> {
    let address = caller.address;
    let Opened {
        stream,
        home,
        place,
    } = homes.open(label, address.ip()).await?;
    let mut stream = stream.compat();
    let header = caller::header(address, Protocol::Datagram)?;
    timeout(homes.limits.hello, stream.write_all(&header)).await??;
    let (mut to_home, mut from_home) = datagrams(stream).split();
    let answered = AtomicBool::new(false);
    let there = async {
        let mut proven = false;
        let mut unproven = 0;
        while let Ok(Some(datagram)) = timeout(homes.limits.node_idle, from_caller.recv()).await {
            if !proven && answered.load(Ordering::Relaxed) {
                proven = true;
                slot.keep(true);
            }
            unproven += 1;
            if !proven && unproven > MOST_UNPROVEN {
                continue;
            }
            home.meter.pay(address.ip(), datagram.len()).await?;
            to_home.send(datagram).await?;
        }
        Ok(())
    };
    let back = async {
        while let Some(datagram) = from_home.next().await.transpose()? {
            home.meter.pay(address.ip(), datagram.len()).await?;
            answered.store(true, Ordering::Relaxed);
            if let Err(error) = socket.send(&datagram, caller).await {
                tracing::debug!(%address, %error, "a datagram was not sent");
            }
        }
        Ok(())
    };
    tokio::select! {
        ended = there => ended,
        ended = back => ended,
        () = place.evicted() => Err(io::Error::other("its stream made room for another")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_first_packet_of_quic_begins() {
        let mut first = vec![0; FIRST_BYTES];
        first.splice(..5, [0b1100_0011, 0, 0, 0, 1]);
        assert!(begins(&first));
        let short = first.get(1..).unwrap_or_default();
        let mut other = first.clone();
        other.splice(..1, [0b0100_0011]);
        let mut version = first.clone();
        version.splice(4..5, [2]);
        for bad in [short, &other, &version, &[]] {
            assert!(!begins(bad));
        }
    }
}
