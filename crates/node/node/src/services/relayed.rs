//! The page by a relay: a tunnel, a certificate of our own at its end, and the look whether it is ours that others see.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use bolao_api::body::{LinkBody, Reach};
use bolao_network::Port;
use bolao_reach::relay::{
    Token, Tunnel, TunnelConnections, TunnelNodes, TunnelSettings, TunnelState,
};
use bolao_reach::{CertificateConfig, CertificateState, Certified, TlsPeer};
use ed25519_zebra::SigningKey;
use futures::FutureExt as _;
use rustls::{ClientConfig, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::{sync::watch, task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{error::StartError, home::Home, services::Made};

/// From one look at the own page to the next, and after one that failed.
const LOOKS: (Duration, Duration) = (Duration::from_mins(10), Duration::from_secs(10));

/// The wishes for a name at a relay.
#[derive(Clone, Debug)]
pub struct RelayConfig {
    /// The token that the relay's owner gave.
    pub token: Token,
    /// The certificate of the name.
    pub certificate: CertificateConfig,
}

/// A name at a relay, before its tunnel is dialled.
pub(crate) struct Relayed {
    token: String,
    tunnel: Tunnel,
    connections: TunnelConnections,
    nodes: TunnelNodes,
    certified: Certified,
    url: String,
    watched: RelayWatch,
    looks: watch::Sender<Seen>,
}

/// The sight of the own page through the relay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    NotYet,
    /// Ours, at that time.
    Ours(Instant),
    /// Somebody else's certificate.
    Other,
    /// Nothing, for a reason.
    Nothing(String),
}

/// The state of a name at a relay.
#[derive(Clone, Debug)]
pub(crate) struct RelayWatch {
    name: String,
    tunnel: watch::Receiver<TunnelState>,
    pub(crate) certificate: watch::Receiver<CertificateState>,
    seen: watch::Receiver<Seen>,
}

impl Relayed {
    /// With the node's key, to which the relay binds the name.
    pub(crate) fn open(config: RelayConfig, home: &Home) -> Result<Self, StartError> {
        let key = home.node_key()?;
        let token = config.token.to_string();
        let (name, url) = (config.token.name(), config.certificate.site.url());
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let tls = tls
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth();
        let settings = TunnelSettings::new(config.token, SigningKey::from(key), Arc::new(tls));
        let (tunnel, connections, nodes, state) = Tunnel::new(settings);
        let certified = Certified::open(config.certificate)?;
        let (looks, seen) = watch::channel(Seen::default());
        let watched = RelayWatch {
            name,
            tunnel: state,
            certificate: certified.state(),
            seen,
        };
        Ok(Self {
            token,
            tunnel,
            connections,
            nodes,
            certified,
            url,
            watched,
            looks,
        })
    }

    /// The page's URL.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    /// SHA-256 of the keys that are its own ([`Certified::keys`]).
    pub(crate) fn keys(&self) -> impl Fn() -> Vec<[u8; 32]> + Send + Sync + use<> {
        self.certified.keys()
    }

    /// Its state from now on.
    pub(crate) fn watch(&self) -> RelayWatch {
        self.watched.clone()
    }

    /// The services that dial the relay, and the one that answers by it what others ask.
    pub(super) fn services(
        self,
        home: &Home,
        port: &Port,
        router: Router,
        stop: &CancellationToken,
    ) -> ([Made; 4], Made) {
        let (port, stop) = (port.clone(), stop.clone());
        let listens = port.listen_addr();
        let introduce = move |here, peer| port.introduce(here, peer);
        let mut tunnel = self.watched.tunnel.clone();
        let kept = keep(home.clone(), self.token, tunnel.clone());
        let looking = look(self.url, self.certified.shown(), self.watched, self.looks);
        let until = stop.clone().cancelled_owned();
        let served = self.certified.serve(self.connections, None, router, until);
        let page = async move {
            // No authority finds a home whose tunnel is not up.
            let up = tunnel.wait_for(|it| matches!(it, TunnelState::Up { .. }));
            tokio::select! {
                _ = up => {}
                () = stop.cancelled() => return,
            }
            served.await;
        };
        let beside: [Made; 4] = [
            ("the tunnel to the relay", self.tunnel.run().boxed()),
            (
                "nodes through the relay",
                self.nodes.pass_on(listens, introduce).boxed(),
            ),
            ("keeping the relay's token", kept.boxed()),
            ("looking at the page through the relay", looking.boxed()),
        ];
        (beside, ("the page through the relay", page.boxed()))
    }
}

/// Keeps a token that the relay has let in.
async fn keep(home: Home, token: String, mut tunnel: watch::Receiver<TunnelState>) {
    let up = tunnel.wait_for(|it| matches!(it, TunnelState::Up { .. }));
    if up.await.is_ok() {
        let kept = spawn_blocking(move || match home.relay() {
            Ok(Some(there)) if there.trim() == token => Ok(()),
            _ => home.set_relay(Some(&token)),
        });
        if let Ok(Err(error)) = kept.await {
            tracing::warn!(%error, "the relay's token could not be saved: give it again at the next start");
        }
    }
    // It goes on until the host stops: none of its parts may end before.
    std::future::pending::<()>().await;
}

/// Looks at the own page as others see it, for ever.
async fn look(
    url: String,
    shown: impl Fn() -> Option<Vec<u8>>,
    mut watched: RelayWatch,
    looks: watch::Sender<Seen>,
) {
    loop {
        let is_up = watched
            .tunnel
            .wait_for(|it| matches!(it, TunnelState::Up { .. }));
        if is_up.await.is_err() {
            return;
        }
        let has_one = watched.certificate.wait_for(|it| it.until.is_some());
        if has_one.await.is_err() {
            return;
        }
        let own = || shown().as_deref().and_then(TlsPeer::by);
        let seen = match bolao_reach::look(&url).await {
            Ok(met) if own().is_some_and(|own| own.key == met.key) => Seen::Ours(Instant::now()),
            Ok(_) => Seen::Other,
            Err(why) => Seen::Nothing(why),
        };
        match &seen {
            Seen::Other => tracing::error!(url, "{OTHER}"),
            Seen::Nothing(why) => {
                tracing::warn!(url, why, "the page does not open through the relay");
            }
            _ => {}
        }
        let pause = match seen {
            Seen::Ours(_) => LOOKS.0,
            _ => LOOKS.1,
        };
        looks.send_replace(seen);
        sleep(pause).await;
    }
}

/// The words for a relay that ends the encryption itself.
const OTHER: &str = "the relay shows a certificate that is not this node's, so its owner may read and change the \
    traffic: tell your friends, and use another relay";

impl RelayWatch {
    /// Adds to a link what is known of it.
    pub(crate) fn tell(&self, link: &mut LinkBody) {
        let trouble = match &*self.tunnel.borrow() {
            TunnelState::Up { node_port, .. } => {
                link.node = node_port.map(|port| format!("{}:{port}", self.name));
                None
            }
            TunnelState::Connecting { why } => Some(
                why.clone()
                    .unwrap_or_else(|| "connecting to the relay, which takes a moment".to_owned()),
            ),
            TunnelState::Refused { why } => Some(why.clone()),
        };
        if trouble.is_some() {
            link.trouble = trouble;
            return;
        }
        match &*self.seen.borrow() {
            Seen::NotYet => {}
            Seen::Ours(_) => link.reach = Reach::ByRelay,
            Seen::Other => link.trouble = Some(OTHER.to_owned()),
            Seen::Nothing(why) => {
                link.trouble = Some(format!(
                    "this node could not open it through the relay ({why})"
                ));
            }
        }
    }
}
