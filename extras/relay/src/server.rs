//! A relay.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bolao_discovery::Connections as _;
use bolao_limits::{Slot, SlotLimits, Slots};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use ppp::v2::Protocol;
use rustls::ServerConfig;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    pin,
    task::{JoinSet, spawn_blocking},
    time::{MissedTickBehavior, interval, sleep, timeout},
};
use tokio_util::compat::FuturesAsyncReadCompatExt as _;

use bolao_reach::relay::{Label, Place, caller};

use crate::{
    hello::{Hello, begin, refuse},
    homes::{Homes, Opened},
    labels::{GivenLabel, Labels},
    limits::RelayLimits,
    nodes, own,
    pass::pass,
};

/// The protocol by which a certificate authority asks (RFC 8737).
const ACME: &[u8] = b"acme-tls/1";
const HTTP: &[u8] = b"http/1.1";
/// The time between two looks at the file of labels.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between two writes of the traffic.
const LOOKS_A_WRITE: u32 = 60;

/// The settings of a relay.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The relay's own name. Homes have names below it.
    pub place: Place,
    /// The TLS of its own name, and of no other.
    pub own: Arc<ServerConfig>,
    /// The labels that it has given.
    pub labels: Labels,
    /// The UDP address by which the node of the label with number 0 is reached. The next labels have the next ports; port 0 is any
    /// that is free. None: nodes are not reached.
    pub nodes: Option<SocketAddr>,
    /// The limits on what it may be made to spend.
    pub limits: RelayLimits,
}

/// The parts of a relay that its connections share.
struct Relay {
    domain: String,
    own: Arc<ServerConfig>,
    homes: Arc<Homes>,
    limits: RelayLimits,
}

/// A connection over which a home serves its tunnel.
type Tunnel = TokioIo<Upgraded>;

/// Whom a connection asks for.
enum Asked {
    Relay,
    Home(Label),
    Nobody,
}

/// Serves a relay until `shutdown`; then all its connections and tunnels end.
pub async fn serve(
    mut listener: TcpListener,
    settings: Settings,
    shutdown: impl Future<Output = ()>,
) {
    let Settings {
        place,
        own,
        labels,
        nodes,
        limits,
    } = settings;
    let slots = Slots::new(SlotLimits {
        elsewhere: limits.connections,
        per_address: limits.connections_per_address,
        loopback: limits.connections_per_address,
    });
    let homes = Arc::new(Homes::new(labels, limits.clone(), nodes));
    let relay = Arc::new(Relay {
        domain: place.domain().to_owned(),
        own: without_http2(own),
        homes: Arc::clone(&homes),
        limits,
    });
    let mut running = JoinSet::new();
    pin!(shutdown);
    let tended = tend(Arc::clone(&homes));
    pin!(tended);
    let start = Instant::now();
    loop {
        let (caller, stream) = tokio::select! {
            () = &mut shutdown => break,
            () = &mut tended => continue,
            Some(ended) = running.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a connection's task died");
                }
                continue;
            }
            next = listener.next() => match next.and_then(|(caller, opening)| Ok((caller, opening.into_inner()?.stream))) {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    // Out of file descriptors, most likely: connections that end give some back.
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        let Some(slot) = slots.take_share(caller.ip(), start.elapsed()) else {
            tracing::debug!(%caller, "too many connections");
            continue;
        };
        let relay = Arc::clone(&relay);
        running.spawn(async move {
            if let Err(error) = talk(&relay, stream, caller, slot).await {
                tracing::debug!(%caller, %error, "a connection ended");
            }
        });
    }
    drop(listener);
    running.shutdown().await;
    keep_traffic(homes).await;
}

/// The same, but for HTTP/2, over which no tunnel is asked for.
fn without_http2(own: Arc<ServerConfig>) -> Arc<ServerConfig> {
    if own.alpn_protocols.is_empty() {
        return own;
    }
    let mut own = Arc::unwrap_or_clone(own);
    own.alpn_protocols.retain(|protocol| protocol == ACME);
    own.alpn_protocols.push(HTTP.to_vec());
    Arc::new(own)
}

/// Looks at the labels and writes the traffic, again and again.
async fn tend(homes: Arc<Homes>) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut look = 0;
    loop {
        looks.tick().await;
        look = (look + 1) % LOOKS_A_WRITE;
        let looking = Arc::clone(&homes);
        if let Err(error) = spawn_blocking(move || looking.look()).await {
            tracing::error!(%error, "a look at the labels died");
        }
        if look == 0 {
            keep_traffic(Arc::clone(&homes)).await;
        }
    }
}

async fn keep_traffic(homes: Arc<Homes>) {
    let kept = spawn_blocking(move || homes.keep_traffic()).await;
    if let Ok(Err(error)) = kept {
        let error = &error as &dyn std::error::Error;
        tracing::error!(error, "the traffic of the last minute is not counted");
    }
}

/// Does what a connection asks for, while it has its slot. A tunnel needs none: a label has one.
async fn talk(relay: &Relay, stream: TcpStream, caller: SocketAddr, slot: Slot) -> io::Result<()> {
    let done = tokio::select! {
        done = Box::pin(relay.serve(stream, caller)) => done?,
        () = slot.evicted() => return Err(io::Error::other("it made room for another")),
    };
    drop(slot);
    let Some((given, tunnel)) = done else {
        return Ok(());
    };
    let label = &given.label;
    tracing::info!(%label, %caller, "a home's tunnel is up");
    let home = relay.homes.home(&given);
    let served = tokio::select! {
        // First, so that nodes find the tunnel up.
        biased;
        ended = home.serve(tunnel) => ended,
        () = nodes::pass_on(&relay.homes, &home, label) => Ok(()),
    };
    match served {
        Ok(()) => tracing::info!(%label, %caller, "a home's tunnel has ended"),
        Err(error) => tracing::info!(%label, %caller, %error, "a home's tunnel broke"),
    }
    Ok(())
}

impl Relay {
    async fn serve(
        &self,
        stream: TcpStream,
        caller: SocketAddr,
    ) -> io::Result<Option<(GivenLabel, Tunnel)>> {
        let begun = begin(stream, self.limits.hello_bytes, self.limits.hello).await?;
        match self.asked(begun.client_hello().server_name()) {
            Asked::Relay => self.answer(begun).await,
            Asked::Home(label) => match self.homes.open(&label, caller.ip()).await {
                Ok(opened) => self.pass_on(begun, opened, caller).await.map(|()| None),
                Err(error) => {
                    tracing::debug!(%label, %caller, %error, "a caller cannot be passed on");
                    refuse(begun).await.map(|()| None)
                }
            },
            Asked::Nobody => refuse(begun).await.map(|()| None),
        }
    }

    fn asked(&self, name: Option<&str>) -> Asked {
        let Some(name) = name.map(str::to_ascii_lowercase) else {
            return Asked::Nobody;
        };
        if name == self.domain {
            return Asked::Relay;
        }
        let label = name.strip_suffix(&self.domain);
        let label = label.and_then(|label| label.strip_suffix('.')?.parse().ok());
        label.map_or(Asked::Nobody, Asked::Home)
    }

    /// Ends the TLS of the relay's own name, and answers a request.
    async fn answer(
        &self,
        mut begun: Hello<TcpStream>,
    ) -> io::Result<Option<(GivenLabel, Tunnel)>> {
        begun.io.forget();
        let opened = timeout(self.limits.hello, begun.into_stream(Arc::clone(&self.own))).await;
        let stream = opened.map_err(|_| io::Error::other("its TLS did not begin in time"))??;
        if stream.get_ref().1.alpn_protocol() == Some(ACME) {
            return Ok(None);
        }
        own::answer(stream, &self.homes).await
    }

    /// Passes a connection on as it came, behind a header that says who calls.
    async fn pass_on(
        &self,
        begun: Hello<TcpStream>,
        opened: Opened,
        caller: SocketAddr,
    ) -> io::Result<()> {
        let Opened {
            stream,
            home,
            place,
        } = opened;
        let (hello, caller_stream) = begun.io.into_parts();
        let mut stream = stream.compat();
        let meter = (&home.meter, caller.ip());
        let passed = async {
            home.meter.pay(caller.ip(), hello.len()).await?;
            let first = [caller::header(caller, Protocol::Stream)?, hello].concat();
            timeout(self.limits.hello, stream.write_all(&first)).await??;
            pass(caller_stream, stream, meter, self.limits.idle).await
        };
        tokio::select! {
            passed = passed => passed,
            () = place.evicted() => Err(io::Error::other("it made room for another")),
        }
    }
}
