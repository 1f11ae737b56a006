//! A node for tests: a network, its events, and patience.

use std::net::SocketAddr;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use bolao_network::{
    Config, Event, MessageToken, Network, NetworkHandle, PeerId, Port, Protocol, RequestToken,
    StartError, Topic, Verdict,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

pub(crate) const POOL: [u8; 32] = [0xb0; 32];

/// How long anything may take before a test fails.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// A port, and the network of one pool on it.
pub(crate) struct Setup {
    pub(crate) listen: SocketAddr,
    pub(crate) secret: [u8; 32],
    pub(crate) network: Config,
}

impl Deref for Setup {
    type Target = Config;

    fn deref(&self) -> &Config {
        &self.network
    }
}

impl DerefMut for Setup {
    fn deref_mut(&mut self) -> &mut Config {
        &mut self.network
    }
}

pub(crate) fn of_pool(pool: [u8; 32]) -> Config {
    Config::new(Protocol {
        pool,
        max_message_bytes: 1024 * 1024,
        max_response_bytes: 4 * 1024 * 1024,
    })
}

pub(crate) fn secret(number: u8) -> [u8; 32] {
    let mut secret = [7; 32];
    secret[0] = number;
    secret
}

pub(crate) fn config(number: u8) -> Setup {
    Setup {
        listen: "127.0.0.1:0".parse().unwrap(),
        secret: secret(number),
        network: of_pool(POOL),
    }
}

pub(crate) struct Node {
    pub(crate) handle: NetworkHandle,
    pub(crate) events: mpsc::Receiver<Event>,
}

impl Node {
    pub(crate) async fn start(number: u8) -> Self {
        Self::with(config(number)).await
    }

    /// Its port closes with its network.
    pub(crate) async fn with(setup: Setup) -> Self {
        let port = Port::open(setup.listen, setup.secret).await.unwrap();
        Self::on(&port, setup.network).unwrap()
    }

    pub(crate) fn on(port: &Port, config: Config) -> Result<Self, StartError> {
        let (handle, events) = Network::start(config, port)?;
        Ok(Self { handle, events })
    }

    pub(crate) fn id(&self) -> PeerId {
        self.handle.local_peer()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.handle.listen_addr()
    }

    pub(crate) fn dial(&self, other: &Node) {
        self.handle.dial(other.address()).unwrap();
    }

    /// The first event that `pick` takes; others are dropped.
    pub(crate) async fn wait<T>(
        &mut self,
        what: &str,
        mut pick: impl FnMut(Event) -> Option<T>,
    ) -> T {
        let deadline = Instant::now() + TIMEOUT;
        loop {
            let event = timeout_at(deadline, self.events.recv())
                .await
                .unwrap_or_else(|_| panic!("waited in vain for: {what}"))
                .expect("the network runs");
            if is_probe(&event) {
                continue;
            }
            if let Some(found) = pick(event) {
                return found;
            }
        }
    }

    pub(crate) async fn connected(&mut self, peer: PeerId) -> bool {
        self.wait("a connection", |event| match event {
            Event::Connected {
                peer: got,
                outbound,
                ..
            } if got == peer => Some(outbound),
            _ => None,
        })
        .await
    }

    pub(crate) async fn disconnected(&mut self, peer: PeerId) {
        self.wait("a disconnection", |event| match event {
            Event::Disconnected { peer: got } if got == peer => Some(()),
            _ => None,
        })
        .await;
    }

    pub(crate) async fn dial_failed(&mut self) -> (SocketAddr, String) {
        self.wait("a failed dial", |event| match event {
            Event::DialFailed { address, reason } => Some((address, reason)),
            _ => None,
        })
        .await
    }

    pub(crate) async fn gossip(&mut self) -> (MessageToken, Topic, Vec<u8>) {
        self.wait("gossip", |event| match event {
            Event::Gossip {
                token, topic, data, ..
            } => Some((token, topic, data)),
            _ => None,
        })
        .await
    }

    pub(crate) async fn judge(&mut self, verdict: Verdict) -> Vec<u8> {
        let (token, _, data) = self.gossip().await;
        self.handle.verdict(token, verdict).unwrap();
        data
    }

    pub(crate) async fn request(&mut self) -> (RequestToken, Vec<u8>) {
        self.wait("a request", |event| match event {
            Event::Request { token, data, .. } => Some((token, data)),
            _ => None,
        })
        .await
    }

    /// No event that `bad` points out comes for as long as this.
    pub(crate) async fn quiet(&mut self, time: Duration, bad: impl Fn(&Event) -> bool) {
        let deadline = Instant::now() + time;
        while let Ok(event) = timeout_at(deadline, self.events.recv()).await {
            let event = event.expect("the network runs");
            assert!(is_probe(&event) || !bad(&event), "unwanted: {event:?}");
        }
    }
}

/// Connects `a` to `b` and waits until both know.
pub(crate) async fn link(a: &mut Node, b: &mut Node) {
    a.dial(b);
    assert!(a.connected(b.id()).await, "the dialler's is outbound");
    assert!(!b.connected(a.id()).await, "the other's is inbound");
}

/// Gossip left over from [`gossip_flows`].
pub(crate) fn is_probe(event: &Event) -> bool {
    matches!(event, Event::Gossip { data, .. } if data.starts_with(b"probe "))
}

/// Publishes until `to` has a message: on a fresh connection gossip has yet to learn who listens.
pub(crate) async fn gossip_flows(from: &Node, to: &mut Node) {
    let deadline = Instant::now() + TIMEOUT;
    for number in 0_u32.. {
        let text = format!("probe {number} of {}", from.id());
        from.handle
            .publish(Topic::Transactions, text.into_bytes())
            .unwrap();
        let soon = Instant::now() + Duration::from_millis(50);
        while let Ok(event) = timeout_at(soon, to.events.recv()).await {
            if let Some(Event::Gossip { token, data, .. }) = event {
                to.handle.verdict(token, Verdict::Ignore).unwrap();
                if data.ends_with(from.id().to_string().as_bytes()) {
                    return;
                }
            }
        }
        assert!(Instant::now() < deadline, "no gossip");
    }
}
