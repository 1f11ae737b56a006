//! The homes that have a tunnel up, and the streams that a relay opens to them.

use std::{
    collections::{HashMap, VecDeque},
    future::poll_fn,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Instant,
};

use bolao_limits::{Slot, SlotLimits, Slots};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt as _};
use yamux::{Connection, ConnectionError, Mode, Stream};

use bolao_reach::relay::{Label, configuration};

use crate::{
    answering::AnsweringSocket,
    labels::{GivenLabel, Labels, LabelsError},
    limits::RelayLimits,
    meter::Meter,
};

/// Openers that wait for a tunnel to get to them.
const OPENERS: usize = 16;

type Openers = mpsc::Receiver<oneshot::Sender<Stream>>;

/// The homes of a relay.
#[derive(Debug)]
pub(crate) struct Homes {
    pub(crate) labels: Labels,
    pub(crate) limits: RelayLimits,
    /// The address of the first label's node.
    nodes: Option<SocketAddr>,
    known: Mutex<HashMap<Label, Arc<Home>>>,
}

/// A label's home, from its first tunnel until the label is removed.
#[derive(Debug)]
pub(crate) struct Home {
    token: [u8; 32],
    pub(crate) meter: Meter,
    /// Whether it was said that its month is used up.
    is_slow: AtomicBool,
    streams: Slots,
    start: Instant,
    /// The datagrams of its node come here.
    node: Mutex<Option<Arc<AnsweringSocket>>>,
    /// To its tunnel, while it has one.
    tunnel: Mutex<Option<mpsc::Sender<oneshot::Sender<Stream>>>>,
}

/// A stream to a home, and what is counted by.
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) home: Arc<Home>,
    pub(crate) place: Slot,
}

impl Homes {
    pub(crate) fn new(labels: Labels, limits: RelayLimits, nodes: Option<SocketAddr>) -> Self {
        Self {
            labels,
            limits,
            nodes,
            known: Mutex::default(),
        }
    }

    /// The port by which others reach a home's node from now on, if it can be listened on.
    pub(crate) fn node_port(&self, given: &GivenLabel) -> Option<u16> {
        let home = self.home(given);
        let mut node = home.node.lock().unwrap_or_else(PoisonError::into_inner);
        if node.is_none() {
            *node = listen(self.nodes?, given).map(Arc::new);
        }
        let address = node.as_ref()?.local_addr();
        address.ok().map(|address| address.port())
    }

    /// Opens a stream to a label's home. Where it has as many as it may, a caller with few takes the place of one with many.
    pub(crate) async fn open(&self, label: &Label, caller: IpAddr) -> io::Result<Opened> {
        let home = self.all().get(label).map(Arc::clone);
        let home = home.ok_or_else(|| io::Error::other("no home has the label"))?;
        let tunnel = home.tunnel().clone();
        let tunnel = tunnel.ok_or_else(|| io::Error::other("the home has no tunnel"))?;
        let place = home.streams.take_share(caller, home.start.elapsed());
        let place = place.ok_or_else(|| io::Error::other("the home has no free stream"))?;
        let (sender, receiver) = oneshot::channel();
        let opened = async move {
            tunnel.send(sender).await.ok()?;
            // Held longer, it would hold a tunnel up whose label is removed.
            drop(tunnel);
            receiver.await.ok()
        };
        match timeout(self.limits.hello, opened).await {
            Ok(Some(stream)) => Ok(Opened {
                stream,
                home,
                place,
            }),
            Ok(None) => Err(io::Error::other("the home's tunnel has ended")),
            Err(_) => Err(io::Error::other("the home's tunnel does not take it")),
        }
    }

    /// Looks at the file again: ends the tunnels of labels that were removed, and says whose month is used up.
    pub(crate) fn look(&self) {
        if let Err(error) = self.labels.look() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the labels stay as they were"
            );
        }
        self.all().retain(|label, home| {
            let given = self.labels.get(label);
            let Some(given) = given.filter(|given| given.token == home.token) else {
                tracing::info!(%label, "the label was removed: its tunnel ends");
                *home.tunnel() = None;
                home.stop_node();
                return false;
            };
            home.meter.kept(given.used_now());
            let is_used_up = home.meter.is_used_up();
            if is_used_up && !home.is_slow.swap(true, Ordering::Relaxed) {
                tracing::warn!(%label, "the month's traffic is used up: the rest of it is slow");
            } else if !is_used_up {
                home.is_slow.store(false, Ordering::Relaxed);
            }
            true
        });
    }

    /// Writes the traffic since the last time to the file.
    pub(crate) fn keep_traffic(&self) -> Result<(), LabelsError> {
        let homes: Vec<_> = self
            .all()
            .iter()
            .map(|(label, home)| (label.clone(), home.meter.take_spent()))
            .filter(|(_, bytes)| *bytes > 0)
            .collect();
        if homes.is_empty() {
            return Ok(());
        }
        self.labels.charge(&homes)
    }

    /// The home of a label. A label that was given anew has another one.
    pub(crate) fn home(&self, given: &GivenLabel) -> Arc<Home> {
        let new = || {
            Arc::new(Home {
                token: given.token,
                meter: Meter::new(&self.limits),
                is_slow: AtomicBool::default(),
                streams: Slots::new(SlotLimits {
                    elsewhere: self.limits.streams,
                    per_address: self.limits.streams,
                    loopback: self.limits.streams,
                }),
                start: Instant::now(),
                node: Mutex::default(),
                tunnel: Mutex::default(),
            })
        };
        let mut homes = self.all();
        let home = homes.entry(given.label.clone()).or_insert_with(new);
        if home.token != given.token {
            *home.tunnel() = None;
            home.stop_node();
            *home = new();
        }
        Arc::clone(home)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Label, Arc<Home>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Home {
    /// Serves its tunnel over a connection, in place of the one that it had, until it ends.
    pub(crate) async fn serve<S>(&self, stream: S) -> Result<(), ConnectionError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let (sender, openers) = mpsc::channel(OPENERS);
        *self.tunnel() = Some(sender);
        // A client in the protocol's words is who opens streams.
        let connection = Connection::new(stream.compat(), configuration(), Mode::Client);
        open_streams(connection, openers).await
    }

    /// The socket of its node.
    pub(crate) fn node(&self) -> Option<Arc<AnsweringSocket>> {
        let node = self.node.lock();
        node.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the port go, once the tunnel has ended.
    fn stop_node(&self) {
        *self.node.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn tunnel(&self) -> MutexGuard<'_, Option<mpsc::Sender<oneshot::Sender<Stream>>>> {
        self.tunnel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens for a label's node, if that is possible.
fn listen(first: SocketAddr, given: &GivenLabel) -> Option<AnsweringSocket> {
    let mut address = first;
    if first.port() != 0 {
        address.set_port(first.port().saturating_add(given.number));
    }
    AnsweringSocket::bind(address)
        .inspect_err(|error| {
            let label = &given.label;
            tracing::error!(%label, %address, %error, "other nodes do not reach this home's: the port cannot be listened on");
        })
        .ok()
}

/// Opens a stream for each opener, until nobody may ask any more or the connection ends. The home opens none.
async fn open_streams<S: AsyncRead + AsyncWrite + Unpin>(
    mut connection: Connection<Compat<S>>,
    mut openers: Openers,
) -> Result<(), ConnectionError> {
    let mut waiting: VecDeque<oneshot::Sender<Stream>> = VecDeque::new();
    poll_fn(|cx| {
        loop {
            // First, so that streams that were dropped are gone before another is opened.
            match connection.poll_next_inbound(cx) {
                Poll::Ready(Some(Ok(_)) | None) => return Poll::Ready(Ok(())),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
            // Also while others wait: that the label was removed is seen here.
            while let Poll::Ready(next) = openers.poll_recv(cx) {
                match next {
                    Some(opener) => waiting.push_back(opener),
                    None => return Poll::Ready(Ok(())),
                }
            }
            waiting.retain(|opener| !opener.is_closed());
            if waiting.is_empty() {
                return Poll::Pending;
            }
            match connection.poll_new_outbound(cx) {
                Poll::Ready(Ok(stream)) => {
                    if let Some(opener) = waiting.pop_front() {
                        // Who has given up drops it.
                        let _ = opener.send(stream);
                    }
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use tokio::{io::AsyncWriteExt as _, io::duplex};
    use tokio_util::compat::FuturesAsyncReadCompatExt as _;

    use super::*;

    /// A home that takes nothing and acknowledges nothing: no more streams than may wait for it, and it goes when it must.
    #[tokio::test]
    async fn a_home_that_is_stuck_can_be_removed() {
        let (relay, _home) = duplex(1024);
        let connection = Connection::new(relay.compat(), configuration(), Mode::Client);
        let (sender, openers) = mpsc::channel(OPENERS);
        let served = tokio::spawn(open_streams(connection, openers));
        let moment = Duration::from_millis(10);
        let mut streams = Vec::new();
        loop {
            let (opener, opened) = oneshot::channel();
            sender.send(opener).await.unwrap();
            let Ok(stream) = timeout(moment, opened).await else {
                break;
            };
            let mut stream = stream.unwrap().compat();
            stream.write_all(b"hello").await.unwrap();
            streams.push(stream);
        }
        assert_eq!(streams.len(), 256);
        let (opener, _still_waits) = oneshot::channel();
        sender.send(opener).await.unwrap();
        drop(sender);
        let ended = timeout(Duration::from_secs(1), served).await;
        ended.unwrap().unwrap().unwrap();
        let mut stream = streams.pop().unwrap();
        timeout(moment, stream.write_all(&vec![0; 100_000]))
            .await
            .unwrap()
            .unwrap_err();
    }
}
