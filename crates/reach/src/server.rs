//! A site on the web: HTTPS with a certificate by itself, and the port of HTTP that leads there.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path, Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use bolao_discovery::{Limits, Problem, guarded, serve};
use http::{HeaderName, HeaderValue, StatusCode, header};
use rustls::{ServerConfig, crypto::ring};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
};
use tokio_rustls::rustls;

use crate::{
    Authority, CertificateState, Https, Site,
    authority::Look,
    certificate::Shelf,
    challenge::Challenges,
    https::{ACME, HTTP2},
    keeper::Keeper,
};

/// Requests at once on the port of HTTP, which answers shortly.
const AT_ONCE: usize = 64;
/// Browsers come by HTTPS alone for a month after a visit.
const HSTS: &str = "max-age=2592000";
/// The connections that wait to be taken.
const BACKLOG: u32 = 1024;

/// The wishes for a site.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// Its host and port.
    pub site: Site,
    /// The address to listen on; unspecified: every address, of both families.
    pub ip: IpAddr,
    /// The port of HTTP, which leads to the site; none: nobody listens there.
    pub http_port: Option<u16>,
    /// The directory of certificates and of the account with the authority.
    pub dir: PathBuf,
    /// The authority that issues them.
    pub authority: Authority,
}

/// Why a site cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// A port cannot be had.
    #[error("cannot listen on {address}: {next}")]
    Listen {
        /// The address and port.
        address: SocketAddr,
        /// The next step.
        next: String,
        /// The error that the system gave.
        source: io::Error,
    },
    /// The directory of certificates cannot be used.
    #[error("{} cannot be used for certificates", path.display())]
    Dir {
        /// The directory.
        path: PathBuf,
        /// The error that the system gave.
        source: io::Error,
    },
    /// The library refuses.
    #[error("TLS cannot begin")]
    Tls(#[from] rustls::Error),
}

/// A site that listens already.
#[derive(Debug)]
pub struct SiteServer {
    config: SiteConfig,
    https: TcpListener,
    http: Option<TcpListener>,
    tls: Arc<ServerConfig>,
    challenges: Arc<Challenges>,
    shelf: Shelf,
    state: watch::Sender<CertificateState>,
}

impl SiteServer {
    /// Listens; answers begin with [`Self::run`]. A port of HTTP that cannot be had is told, and left out where HTTPS is enough.
    ///
    /// # Errors
    /// A port or the directory cannot be had.
    pub fn open(config: SiteConfig) -> Result<Self, SiteError> {
        let shelf = Shelf::open(&config.dir).map_err(|source| SiteError::Dir {
            path: config.dir.clone(),
            source,
        })?;
        let https = bind(config.ip, config.site.port())?;
        let http = match config.http_port.map(|port| bind(config.ip, port)) {
            Some(Err(error)) if config.site.ip().is_none() => {
                tracing::warn!("{error}; the site works without it");
                None
            }
            other => other.transpose()?,
        };
        let challenges = Arc::new(Challenges::new(&config.site));
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let mut tls = builder
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(challenges.clone());
        tls.alpn_protocols = [HTTP2, b"http/1.1", ACME].map(<[u8]>::to_vec).to_vec();
        Ok(Self {
            https,
            http,
            tls: Arc::new(tls),
            challenges,
            shelf,
            state: watch::Sender::default(),
            config,
        })
    }

    /// The state of its certificate.
    pub fn state(&self) -> watch::Receiver<CertificateState> {
        self.state.subscribe()
    }

    /// Serves a router until `shutdown`, and keeps the certificate good.
    pub async fn run(self, router: Router, shutdown: impl Future<Output = ()>) {
        let site = self.config.site.clone();
        let mut looks = Vec::new();
        // No authority looks at an address by a handshake.
        if site.ip().is_none() {
            looks.push(Look::Https);
        }
        if self.http.is_some() || looks.is_empty() {
            looks.push(Look::Http);
        }
        let keeper = Keeper {
            site: site.clone(),
            authority: self.config.authority,
            shelf: self.shelf,
            challenges: Arc::clone(&self.challenges),
            looks,
            state: self.state,
        };
        let kept = keeper.begin();
        let connections = Https::new(self.https, self.tls);
        let router = match site.name() {
            Some(_) => router.layer(from_fn(strict)),
            None => router,
        };
        let (stop, _) = watch::channel(());
        let stopped = || {
            let mut stop = stop.subscribe();
            async move {
                let _ = stop.changed().await;
            }
        };
        let plain = async {
            if let Some(listener) = self.http {
                let router = to_https(site, self.challenges);
                serve(listener, router, Limits::default(), stopped()).await;
            }
        };
        let served = async {
            tokio::join!(
                serve(connections, router, Limits::default(), stopped()),
                plain
            )
        };
        let shutdown = async {
            shutdown.await;
            stop.send_replace(());
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = served => {}
            () = keeper.run(kept) => {}
            () = shutdown => {}
        }
    }
}

/// Lets browsers come by HTTPS alone from now on.
async fn strict(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let (name, value): (HeaderName, _) = (header::STRICT_TRANSPORT_SECURITY, HSTS);
    let headers = response.headers_mut();
    headers.insert(name, HeaderValue::from_static(value));
    response
}

/// The routes of the port of HTTP: the authority's question, and the way to the site.
fn to_https(site: Site, challenges: Arc<Challenges>) -> Router {
    let routes = Router::new()
        .route("/.well-known/acme-challenge/{token}", get(asked))
        .with_state(challenges)
        .fallback(async move |request: Request| {
            let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
            Redirect::permanent(&format!("{}{path}", site.url()))
        });
    guarded(routes, AT_ONCE, |_| Ok(()))
}

async fn asked(State(challenges): State<Arc<Challenges>>, Path(token): Path<String>) -> Response {
    match challenges.answer(&token) {
        Some(answer) => answer.into_response(),
        None => Problem::new(
            StatusCode::NOT_FOUND,
            "no certificate authority is expected to ask this now",
        )
        .into_response(),
    }
}

/// Listens on a port; where every address is meant, on those of both families, as far as the machine has them.
fn bind(ip: IpAddr, port: u16) -> Result<TcpListener, SiteError> {
    let both = || listen(SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port));
    let one = || listen(SocketAddr::new(ip, port));
    let listener = if ip == IpAddr::V4(Ipv4Addr::UNSPECIFIED) {
        both().or_else(|_| one())
    } else {
        one()
    };
    listener.map_err(|source| SiteError::Listen {
        address: SocketAddr::new(ip, port),
        next: match source.kind() {
            io::ErrorKind::PermissionDenied => format!(
                "ports below 1024 need rights: let the system hand it over (systemctl enable --now bolao-https.socket), or allow it: \
                 setcap cap_net_bind_service=+ep on the program, or choose a higher port with --domain NAME:PORT and let port {port} lead there"
            ),
            io::ErrorKind::AddrInUse => {
                "another web server listens there: stop it, or let it pass on to this node (--url and --proxy instead of --domain)".to_owned()
            }
            _ => source.to_string(),
        },
        source,
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
