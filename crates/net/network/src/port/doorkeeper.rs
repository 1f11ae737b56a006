//! The task of a port: it lets connections in, and tries again to listen where it could not.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;

use futures::StreamExt as _;
use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::FuturesUnordered;
use libp2p::core::transport::TransportEvent;
use libp2p::{Multiaddr, PeerId, quic};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use super::hello::{self, Answer, Hello};
use super::sockets::{Event, Sockets};
use super::waiting_room::WaitingRoom;
use super::{HELLO, PARTING, Shared};
use crate::address::to_socket;

pub(super) struct Doorkeeper {
    shared: Arc<Shared>,
    room: WaitingRoom,
    greetings: FuturesUnordered<BoxFuture<'static, ()>>,
}

impl Doorkeeper {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            room: WaitingRoom::default(),
            greetings: FuturesUnordered::new(),
        }
    }

    /// Ends when it is told to, or when nobody has the port any more.
    pub(super) async fn run(mut self, mut stop: mpsc::Receiver<oneshot::Sender<()>>) {
        let shared = Arc::clone(&self.shared);
        let done = loop {
            let retry_at = shared.sockets().as_ref().and_then(Sockets::retry_at);
            let retry = sleep_until(retry_at.unwrap_or_else(Instant::now));
            tokio::select! {
                done = stop.recv() => break done,
                event = next(&shared) => self.on_event(event),
                Some(()) = self.greetings.next() => {}
                () = shared.changed.notified() => {}
                () = retry, if retry_at.is_some() => {
                    if let Some(sockets) = shared.sockets().as_mut() {
                        sockets.retry(Instant::now());
                    }
                }
            }
        };
        drop(self.greetings);
        if let Some(sockets) = shared.sockets().take() {
            sockets.close();
        }
        tracing::info!(listen_addr = %shared.listen_addr, "port closed");
        if let Some(done) = done {
            let _ = done.send(());
        }
    }

    fn on_event(&mut self, event: Event) {
        if let Some(sockets) = self.shared.sockets().as_mut() {
            sockets.note(&event);
        }
        let TransportEvent::Incoming {
            upgrade,
            local_addr: here,
            send_back_addr: there,
            ..
        } = event
        else {
            return;
        };
        let Some(from) = to_socket(&there) else {
            return;
        };
        let mut seat = self.room.enter(self.shared.tunnelled.behind(from).ip());
        let shared = Arc::clone(&self.shared);
        let greeting = async move {
            tokio::select! {
                () = greet(&shared, upgrade, (here, there)) => {}
                () = seat.needed() => tracing::debug!(%from, "connection closed: others wait, too"),
            }
        };
        self.greetings.push(greeting.boxed());
    }
}

/// The next event at the sockets; nothing once they are closed.
fn next(shared: &Shared) -> impl Future<Output = Event> {
    poll_fn(|context| match shared.sockets().as_mut() {
        Some(sockets) => sockets.poll(context),
        None => Poll::Pending,
    })
}

async fn greet(shared: &Shared, upgrade: quic::Connecting, ends: (Multiaddr, Multiaddr)) {
    let there = ends.1.clone();
    let heard = timeout(HELLO, hear(upgrade)).await;
    let Ok(Some((peer, connection, said, mut stream))) = heard else {
        tracing::debug!(%there, "connection closed: no hello");
        return;
    };
    if peer == shared.pools.local() {
        return;
    }
    let handed = shared.pools.hand_over(&said, peer, connection, ends);
    let (answer, refused) = match handed {
        Ok(()) => (Answer::Welcome, None),
        Err((answer, connection)) => (answer, Some(connection)),
    };
    tracing::debug!(%peer, %there, ?answer, "hello");
    let is_refused = refused.is_some();
    let parting = async {
        // A connection that closes takes with it what was not read.
        if hello::answer(&mut stream, answer).await.is_ok() && is_refused {
            hello::gone(&mut stream).await;
        }
    };
    let _ = timeout(PARTING, parting).await;
    drop(refused);
}

async fn hear(
    upgrade: quic::Connecting,
) -> Option<(PeerId, quic::Connection, Hello, quic::Stream)> {
    let (peer, mut connection) = upgrade.await.ok()?;
    let (said, stream) = hello::hear(&mut connection).await.ok()?;
    Some((peer, connection, said, stream))
}
