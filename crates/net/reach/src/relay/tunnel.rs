//! A home's end of a tunnel: it dials the relay, and gives what comes through as connections to serve.

use std::{
    future::{Ready, pending, poll_fn, ready},
    io,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use bolao_discovery::{Connections, Opened, tune};
use ed25519_zebra::SigningKey;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Collected, Empty, Limited};
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use ppp::v2::Protocol;
use rustls::{AlertDescription, ClientConfig, pki_types::ServerName};
use serde::Deserialize;
use tokio::{
    net::{TcpStream, lookup_host},
    sync::{mpsc, watch},
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::compat::{Compat, FuturesAsyncReadCompatExt as _, TokioAsyncReadCompatExt as _};
use yamux::{Connection, Mode};

use super::{
    TunnelStream, caller, configuration,
    handshake::{KEY, NODE_PORT, PATH, PROOF, PROTOCOL, channel, prove},
    nodes::TunnelNodes,
    token::Token,
};

/// Callers that wait to be served.
const CALLERS: usize = 64;
/// Streams whose callers are not known yet.
const NEW_STREAMS: usize = 256;
/// The longest answer of a relay that refuses.
const MOST_ANSWER: usize = 16 * 1024;

/// The time after which a tunnel whose relay does not answer is made anew: a longer wait would be that of a system that tries again
/// less and less often.
const GONE: Duration = Duration::from_secs(4);
/// The time that an address may take to answer, after which the next attempt is nearer than the system's.
const DIAL: Duration = Duration::from_secs(2);
/// The age from which a tunnel that breaks was cut by the network, most likely, and is made anew soon.
const LASTING: Duration = Duration::from_secs(5);
/// The factor by which the wait between two attempts grows, to which chance adds up to as much again.
const GROWTH: f32 = 1.2;

/// A home's settings of its tunnel.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TunnelSettings {
    /// The token that the relay's owner gave.
    pub token: Token,
    /// The home's key: the first that uses the token is the only one that may.
    pub key: SigningKey,
    /// The check of the relay's certificate.
    pub tls: Arc<ClientConfig>,
    /// The relay's address, if not the one that its name leads to.
    pub address: Option<SocketAddr>,
    /// The time that each step to the relay may take, and each stream to say who calls.
    pub patience: Duration,
    /// The shortest and the longest time between two attempts.
    pub retry: (Duration, Duration),
    /// The time between two attempts once the relay has refused.
    pub retry_refused: Duration,
}

impl TunnelSettings {
    /// The usual times, and the address that the relay's name leads to.
    pub fn new(token: Token, key: SigningKey, tls: Arc<ClientConfig>) -> Self {
        Self {
            token,
            key,
            tls,
            address: None,
            patience: Duration::from_secs(5),
            retry: (Duration::from_millis(500), Duration::from_secs(30)),
            retry_refused: Duration::from_mins(10),
        }
    }
}

/// The state of a tunnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TunnelState {
    /// It is not up yet, or not any more.
    Connecting {
        /// Why the last attempt failed or the last tunnel ended, in a sentence.
        why: Option<String>,
    },
    /// Connections come through it.
    Up {
        /// Since when.
        since: Timestamp,
        /// The UDP port at the home's name by which other nodes reach its node, if the relay has one.
        node_port: Option<u16>,
    },
    /// The relay does not want it: somebody must do something.
    Refused {
        /// Why, in a sentence.
        why: String,
    },
}

/// A home's tunnel to a relay.
#[derive(Debug)]
pub struct Tunnel {
    settings: TunnelSettings,
    callers: Callers,
    nodes: Callers,
    state: watch::Sender<TunnelState>,
}

/// The way on for streams, with those from whom they come.
type Callers = mpsc::Sender<(SocketAddr, TunnelStream)>;

/// The connections that come through a tunnel. A caller's address is what the relay says, and never one of this machine or of
/// its network: such a one is 0.0.0.0.
#[derive(Debug)]
pub struct TunnelConnections(mpsc::Receiver<(SocketAddr, TunnelStream)>);

impl Connections for TunnelConnections {
    type Stream = TunnelStream;
    type Opening = Ready<io::Result<Opened<TunnelStream>>>;

    async fn next(&mut self) -> io::Result<(SocketAddr, Self::Opening)> {
        let Some((caller, stream)) = self.0.recv().await else {
            // The tunnel is there no more: nobody comes.
            return pending().await;
        };
        let is_http2 = false;
        Ok((caller, ready(Ok(Opened { stream, is_http2 }))))
    }
}

/// Why a tunnel is not up.
#[derive(Debug, thiserror::Error)]
enum Down {
    #[error(
        "cannot find the relay {relay}: is its name right, and is this computer online? ({source})"
    )]
    Lookup { relay: String, source: io::Error },
    #[error(
        "cannot reach the relay {relay}: is this computer online, and is the relay running? ({source})"
    )]
    Dial { relay: String, source: io::Error },
    #[error(
        "no safe connection to the relay {relay} ({source}); is its certificate valid, and is this computer's clock \
        right?"
    )]
    Tls { relay: String, source: io::Error },
    #[error("the relay {0} has no certificate yet and is tried again: its owner can see why")]
    NoCertificate(String),
    #[error("the relay speaks no TLS 1.3, or something sits between")]
    OldTls,
    #[error("the relay did not answer as one ({0})")]
    Http(#[from] hyper::Error),
    #[error("the relay says: {0}")]
    Refused(String),
    #[error("the relay cannot have the tunnel now: {0}")]
    NotNow(String),
    #[error(
        "the relay ended the tunnel: it stopped, the same token is used elsewhere, or the label was removed"
    )]
    Ended,
    #[error("the tunnel to the relay broke, and is being restored")]
    Broke(#[from] yamux::ConnectionError),
    #[error("the relay did not answer in time")]
    Late,
}

impl Tunnel {
    /// A tunnel that [`Tunnel::run`] brings up, its connections, the nodes that reach the home's, and its state.
    pub fn new(
        settings: TunnelSettings,
    ) -> (
        Self,
        TunnelConnections,
        TunnelNodes,
        watch::Receiver<TunnelState>,
    ) {
        let (callers, connections) = mpsc::channel(CALLERS);
        let (nodes, their_streams) = mpsc::channel(CALLERS);
        let (state, watched) = watch::channel(TunnelState::Connecting { why: None });
        let tunnel = Self {
            settings,
            callers,
            nodes,
            state,
        };
        let nodes = TunnelNodes(their_streams);
        (tunnel, TunnelConnections(connections), nodes, watched)
    }

    /// Keeps the tunnel up, for as long as somebody serves its connections.
    pub async fn run(self) {
        tokio::select! {
            () = self.keep_up() => {}
            () = self.callers.closed() => {}
        }
    }

    async fn keep_up(&self) {
        let (shortest, longest) = self.settings.retry;
        let waits = ExponentialBuilder::new()
            .with_min_delay(shortest)
            .with_max_delay(longest)
            .with_factor(GROWTH)
            .with_jitter()
            .without_max_times();
        let mut wait = waits.build();
        let relay = self.settings.token.relay();
        loop {
            let (down, lasted) = self.once().await;
            let why = down.to_string();
            if let Down::Refused(_) = down {
                tracing::error!(%relay, why, "the relay refuses the tunnel");
                self.state.send_replace(TunnelState::Refused { why });
                sleep(self.settings.retry_refused).await;
                continue;
            }
            tracing::warn!(%relay, why, "the tunnel is down");
            self.state
                .send_replace(TunnelState::Connecting { why: Some(why) });
            // One that ends at once, again and again, is no reason to hurry.
            let is_cut = !matches!(down, Down::Ended) && lasted >= LASTING;
            if is_cut || lasted >= longest {
                wait = waits.build();
            }
            sleep(wait.next().unwrap_or(longest)).await;
        }
    }

    /// Brings the tunnel up once. Gives why it is down, and how long it was up.
    async fn once(&self) -> (Down, Duration) {
        let (connection, node_port) = match self.connect().await {
            Ok(connected) => connected,
            Err(down) => return (down, Duration::ZERO),
        };
        let (up, since) = (Instant::now(), Timestamp::now());
        self.state
            .send_replace(TunnelState::Up { since, node_port });
        tracing::info!(name = self.settings.token.name(), "the tunnel is up");
        (self.serve(connection).await, up.elapsed())
    }

    async fn connect(&self) -> Result<(Connection<Compat<Upgraded>>, Option<u16>), Down> {
        let stream = self.dial().await?;
        let asked = timeout(self.settings.patience, Box::pin(self.ask(stream))).await;
        let (upgraded, node_port) = asked.map_err(|_| Down::Late)??;
        // A server in the protocol's words is whom streams are opened to.
        let connection = Connection::new(upgraded.compat(), configuration(), Mode::Server);
        Ok((connection, node_port))
    }

    async fn dial(&self) -> Result<TlsStream<TcpStream>, Down> {
        let Self { settings, .. } = self;
        let place = settings.token.relay();
        let relay = place.to_string();
        let addresses = match settings.address {
            Some(address) => vec![address],
            None => timeout(
                settings.patience,
                lookup_host((place.domain(), place.port())),
            )
            .await
            .map_err(io::Error::from)
            .flatten()
            .map_err(|source| Down::Lookup {
                relay: relay.clone(),
                source,
            })?
            .collect(),
        };
        let mut failed = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            let dialled = timeout(DIAL, TcpStream::connect(address)).await;
            match dialled.map_err(io::Error::from).flatten() {
                Ok(stream) => return self.secure(stream, relay).await,
                Err(error) => failed = error,
            }
        }
        let source = failed;
        Err(Down::Dial { relay, source })
    }

    async fn secure(&self, stream: TcpStream, relay: String) -> Result<TlsStream<TcpStream>, Down> {
        if let Err(error) = tune(&stream, GONE) {
            tracing::debug!(%error, "a socket's options were refused");
        }
        let mut tls = ClientConfig::clone(&self.settings.tls);
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let domain = self.settings.token.relay().domain().to_owned();
        let secured = async {
            let name = ServerName::try_from(domain).map_err(io::Error::other)?;
            let connecting = TlsConnector::from(Arc::new(tls)).connect(name, stream);
            timeout(self.settings.patience, connecting).await?
        };
        secured.await.map_err(|source| {
            let cause = source.get_ref().and_then(|it| it.downcast_ref());
            match cause {
                Some(rustls::Error::AlertReceived(AlertDescription::AccessDenied)) => {
                    Down::NoCertificate(relay)
                }
                _ => Down::Tls { relay, source },
            }
        })
    }

    /// Asks for the tunnel. Gives its connection, and the port by which other nodes reach the home's.
    async fn ask(&self, stream: TlsStream<TcpStream>) -> Result<(Upgraded, Option<u16>), Down> {
        let token = &self.settings.token;
        let channel = channel(stream.get_ref().1).ok_or(Down::OldTls)?;
        let (key, proof) = prove(&self.settings.key, &channel);
        let request = Request::get(PATH)
            .header(header::HOST, token.relay().to_string())
            .header(header::CONNECTION, "upgrade")
            .header(header::UPGRADE, PROTOCOL)
            .header(header::AUTHORIZATION, format!("Bearer {}", token.secret))
            .header(KEY, key)
            .header(PROOF, proof)
            .body(Empty::<Bytes>::new())
            .expect("letters, digits and a few signs are good headers");
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let mut connection = Box::pin(connection.with_upgrades());
        let answered = async {
            let response = sender.send_request(request).await?;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                let port = response.headers().get(NODE_PORT);
                let port = port.and_then(|port| port.to_str().ok()?.parse().ok());
                return Ok((hyper::upgrade::on(response).await?, port));
            }
            Err(refusal(response.status(), response.into_body()).await)
        };
        tokio::pin!(answered);
        let answered = tokio::select! {
            answered = &mut answered => answered,
            ended = &mut connection => {
                ended?;
                answered.await
            }
        };
        answered.map(|(upgraded, port)| (TokioIo::new(upgraded), port))
    }

    /// Gives on what comes through, until the tunnel is down.
    async fn serve(&self, mut connection: Connection<Compat<Upgraded>>) -> Down {
        let mut new = JoinSet::new();
        loop {
            let next = tokio::select! {
                next = poll_fn(|cx| connection.poll_next_inbound(cx)) => next,
                Some(_) = new.join_next() => continue,
            };
            match next {
                None => return Down::Ended,
                Some(Err(error)) => return error.into(),
                Some(Ok(_)) if new.len() >= NEW_STREAMS => {
                    tracing::debug!("too many streams at once");
                }
                Some(Ok(stream)) => {
                    let (callers, nodes) = (self.callers.clone(), self.nodes.clone());
                    let patience = self.settings.patience;
                    new.spawn(async move {
                        let introduced = introduce(stream, &callers, &nodes);
                        if timeout(patience, introduced).await.is_err() {
                            tracing::debug!(
                                "a stream did not say in time who calls, or found no place"
                            );
                        }
                    });
                }
            }
        }
    }
}

/// A connection that was HTTP.
type Upgraded = TokioIo<hyper::upgrade::Upgraded>;

/// Reads who calls, and gives the stream on.
async fn introduce(stream: yamux::Stream, callers: &Callers, nodes: &Callers) {
    let mut stream = stream.compat();
    match caller::read(&mut stream).await {
        Ok((caller, protocol)) => {
            let to = match protocol {
                Protocol::Datagram => nodes,
                Protocol::Stream | Protocol::Unspecified => callers,
            };
            // Fails where nobody serves any more.
            let _ = to.send((caller, stream)).await;
        }
        Err(error) => tracing::debug!(%error, "a stream did not say who calls"),
    }
}

/// A relay's answer instead of a tunnel.
async fn refusal(status: StatusCode, body: Incoming) -> Down {
    #[derive(Deserialize)]
    struct Problem {
        detail: String,
    }
    let body = Limited::new(body, MOST_ANSWER).collect().await;
    let body = body.map(Collected::to_bytes).unwrap_or_default();
    let why = match serde_json::from_slice(&body) {
        Ok(Problem { detail }) => detail,
        Err(_) => format!("it answered {status}; is it a relay of Bolao?"),
    };
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        Down::Refused(why)
    } else {
        Down::NotNow(why)
    }
}
