//! A site on the web: HTTPS with a certificate by itself, and the port of HTTP that leads there.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::{
    Router,
    extract::{Path, Request, State},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use bolao_discovery::{Connections, Limits, Problem, guarded, serve};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rustls::{ServerConfig, crypto::ring};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Authority, CertificateState, Https, Site,
    authority::{Look, RetryAfter},
    certificate::Shelf,
    challenge::Challenges,
    https::{ACME, HTTP2},
    keeper::Keeper,
};

/// Requests at once on the port of HTTP, which answers shortly.
const AT_ONCE: usize = 64;
/// Browsers come by HTTPS alone for a month after a visit.
const HSTS: &str = "max-age=2592000";
/// Between two tries for a port that another program has.
const FREE: Duration = Duration::from_secs(10);
/// The connections that wait to be taken.
const BACKLOG: u32 = 1024;

/// The wishes for a certificate.
#[derive(Clone, Debug)]
pub struct CertificateConfig {
    /// The host and port that it is for.
    pub site: Site,
    /// Whether its name leads to a relay, and not to this machine.
    pub is_relayed: bool,
    /// The directory of certificates and of the account with the authority.
    pub dir: PathBuf,
    /// The authority that issues it.
    pub authority: Authority,
}

/// The wishes for a site that listens by itself.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// Its certificate.
    pub certificate: CertificateConfig,
    /// The address to listen on; unspecified: every address, of both families.
    pub ip: IpAddr,
    /// The port of HTTP, which leads to the site; none: nobody listens there.
    pub http_port: Option<u16>,
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
    #[error("TLS cannot start")]
    Tls(#[from] rustls::Error),
}

/// A site's certificate, which is kept good while [`Self::keep`] runs.
#[derive(Debug)]
pub struct Certified {
    config: CertificateConfig,
    tls: Arc<ServerConfig>,
    challenges: Arc<Challenges>,
    shelf: Shelf,
    state: watch::Sender<CertificateState>,
}

impl Certified {
    /// Opens the directory; the certificate comes with [`Self::keep`].
    ///
    /// # Errors
    /// The directory cannot be used.
    pub fn open(config: CertificateConfig) -> Result<Self, SiteError> {
        let shelf = Shelf::open(&config.dir).map_err(|source| SiteError::Dir {
            path: config.dir.clone(),
            source,
        })?;
        let challenges = Arc::new(Challenges::new(&config.site));
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let mut tls = builder
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(challenges.clone());
        tls.alpn_protocols = [HTTP2, b"http/1.1", ACME].map(<[u8]>::to_vec).to_vec();
        Ok(Self {
            config,
            tls: Arc::new(tls),
            challenges,
            shelf,
            state: watch::Sender::default(),
        })
    }

    /// The configuration of TLS that shows it.
    pub fn tls(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.tls)
    }

    /// Its state.
    pub fn state(&self) -> watch::Receiver<CertificateState> {
        self.state.subscribe()
    }

    /// The certificate that is shown now, in DER.
    pub fn shown(&self) -> impl Fn() -> Option<Vec<u8>> + Send + Sync + use<> {
        let challenges = Arc::clone(&self.challenges);
        move || challenges.shown()
    }

    /// SHA-256 of the keys that are the site's: the one that is shown now, and the one that a certificate is asked for.
    pub fn keys(&self) -> impl Fn() -> Vec<[u8; 32]> + Send + Sync + use<> {
        let challenges = Arc::clone(&self.challenges);
        move || challenges.keys()
    }

    /// The routes of the port of HTTP: the authority's question, and the way to the site.
    pub fn plain_routes(&self) -> Router {
        to_https(self.config.site.clone(), Arc::clone(&self.challenges))
    }

    /// Keeps it good, for ever. The authority may look at the port of HTTP too if [`Self::plain_routes`] are served there.
    pub async fn keep(self, has_http: bool) {
        let mut looks = Vec::new();
        // No authority looks at an address by a handshake.
        if self.config.site.ip().is_none() {
            looks.push(Look::Https);
        }
        if has_http || looks.is_empty() {
            looks.push(Look::Http);
        }
        let keeper = Keeper {
            site: self.config.site,
            is_relayed: self.config.is_relayed,
            authority: self.config.authority,
            shelf: self.shelf,
            challenges: self.challenges,
            looks,
            state: self.state,
            retry_after: RetryAfter::default(),
        };
        let kept = keeper.begin();
        keeper.run(kept).await;
    }

    /// Serves a router as the site until `shutdown`: over TLS on `https`, and the way there on `http`; keeps the certificate good.
    pub async fn serve(
        self,
        https: impl Connections,
        http: Option<TcpListener>,
        router: Router,
        shutdown: impl Future<Output = ()>,
    ) {
        let connections = Https::new(https, self.tls());
        let router = match self.config.site.name() {
            Some(_) => router.layer(from_fn(strict)),
            None => router,
        };
        let stop = CancellationToken::new();
        let stopped = || stop.clone().cancelled_owned();
        let (has_http, plain) = (http.is_some(), self.plain_routes());
        let plain = async {
            if let Some(http) = http {
                serve(http, plain, Limits::default(), stopped()).await;
            }
        };
        let served = async {
            let secure = serve(connections, router, Limits::default(), stopped());
            tokio::join!(secure, plain)
        };
        let shutdown = async {
            shutdown.await;
            stop.cancel();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            _ = served => {}
            () = self.keep(has_http) => {}
            () = shutdown => {}
        }
    }
}

/// A site that listens already.
#[derive(Debug)]
pub struct SiteServer {
    certified: Certified,
    /// The listener of HTTPS, or the address that another program has.
    https: Result<TcpListener, (IpAddr, u16)>,
    http: Option<TcpListener>,
}

impl SiteServer {
    /// Listens; answers begin with [`Self::run`]. A port of HTTP that cannot be had is told, and left out where HTTPS is enough.
    ///
    /// # Errors
    /// A port or the directory cannot be had.
    pub fn open(config: SiteConfig) -> Result<Self, SiteError> {
        let https = bind(config.ip, config.certificate.site.port())?;
        Self::with(config, Ok(https))
    }

    /// The same for whoever has more to do: a port that another program has is told in the state, and taken once it is free.
    ///
    /// # Errors
    /// A port cannot be had for another reason, or the directory cannot.
    pub fn open_when_free(config: SiteConfig) -> Result<Self, SiteError> {
        let place = (config.ip, config.certificate.site.port());
        let (https, taken) = match bind(place.0, place.1) {
            Ok(https) => (Ok(https), None),
            Err(SiteError::Listen {
                source,
                next,
                address,
            }) if source.kind() == io::ErrorKind::AddrInUse => {
                let taken = SiteError::Listen {
                    source,
                    next,
                    address,
                };
                (Err(place), Some(taken.to_string()))
            }
            Err(error) => return Err(error),
        };
        let server = Self::with(config, https)?;
        if let Some(taken) = taken {
            tracing::error!("{taken}");
            let state = &server.certified.state;
            state.send_modify(|state| state.trouble = Some(taken));
        }
        Ok(server)
    }

    fn with(
        config: SiteConfig,
        https: Result<TcpListener, (IpAddr, u16)>,
    ) -> Result<Self, SiteError> {
        let site = &config.certificate.site;
        let http = match config.http_port.map(|port| bind(config.ip, port)) {
            Some(Err(error)) if site.ip().is_none() => {
                tracing::warn!("{error}; the site works without it");
                None
            }
            other => other.transpose()?,
        };
        Ok(Self {
            certified: Certified::open(config.certificate)?,
            https,
            http,
        })
    }

    /// Its certificate and its listeners, of HTTPS and of HTTP.
    ///
    /// # Errors
    /// The port of HTTPS is still another program's.
    pub fn into_parts(self) -> Result<(Certified, TcpListener, Option<TcpListener>), SiteError> {
        let https = self.https.or_else(|(ip, port)| bind(ip, port))?;
        Ok((self.certified, https, self.http))
    }

    /// Its URL.
    pub fn url(&self) -> String {
        self.certified.config.site.url()
    }

    /// The certificate that is shown now, in DER.
    pub fn shown(&self) -> impl Fn() -> Option<Vec<u8>> + Send + Sync + use<> {
        self.certified.shown()
    }

    /// SHA-256 of the keys that are its own ([`Certified::keys`]).
    pub fn keys(&self) -> impl Fn() -> Vec<[u8; 32]> + Send + Sync + use<> {
        self.certified.keys()
    }

    /// The state of its certificate.
    pub fn state(&self) -> watch::Receiver<CertificateState> {
        self.certified.state()
    }

    /// Serves a router until `shutdown`, and keeps the certificate good.
    pub async fn run(self, router: Router, shutdown: impl Future<Output = ()>) {
        let Self {
            certified,
            https,
            http,
        } = self;
        let https = match https {
            Ok(https) => https,
            Err((ip, port)) => {
                let free = async {
                    loop {
                        sleep(FREE).await;
                        if let Ok(https) = bind(ip, port) {
                            break https;
                        }
                    }
                };
                tokio::pin!(shutdown);
                let https = tokio::select! {
                    https = free => https,
                    () = &mut shutdown => return,
                };
                tracing::info!(site = %certified.config.site, "the port of HTTPS is free now");
                certified.state.send_modify(|state| state.trouble = None);
                return certified.serve(https, http, router, shutdown).await;
            }
        };
        certified.serve(https, http, router, shutdown).await;
    }
}

/// Lets browsers come by HTTPS alone from now on, and gives no window that another site opened a hold on this one.
async fn strict(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let (name, value): (HeaderName, _) = (header::STRICT_TRANSPORT_SECURITY, HSTS);
    let headers = response.headers_mut();
    headers.insert(name, HeaderValue::from_static(value));
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    response
}

/// The routes of the port of HTTP: the authority's question, and the way to the site.
fn to_https(site: Site, challenges: Arc<Challenges>) -> Router {
    let routes = Router::new()
        .route("/.well-known/acme-challenge/{token}", get(asked))
        .with_state(challenges)
        .fallback(async move |request: Request| {
            let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
            let below = below(&site, request.headers());
            let url = below.as_ref().unwrap_or(&site).url();
            Redirect::permanent(&format!("{url}{path}"))
        });
    guarded(routes, AT_ONCE, |_| Ok(()))
}

/// The site of a name below a site's, such as a home's at a relay.
fn below(site: &Site, headers: &HeaderMap) -> Option<Site> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let (name, _) = host.split_once(':').unwrap_or((host, ""));
    let label = name.strip_suffix(site.name()?)?.strip_suffix('.')?;
    let is_label = !label.is_empty()
        && label
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let text = format!("{name}:{}", site.port());
    is_label.then(|| text.parse().ok()).flatten()
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

/// The listeners that systemd has opened for this program (`bolao-https.socket`).
static HANDED_OVER: LazyLock<Vec<std::net::TcpListener>> = LazyLock::new(|| {
    let mut handed = listenfd::ListenFd::from_env();
    let listeners = (0..handed.len()).filter_map(|at| handed.take_tcp_listener(at).ok()?);
    listeners.collect()
});

/// A listener on a port that was handed over; it stays open for the next time.
fn handed_over(port: u16) -> Option<io::Result<TcpListener>> {
    let is_it = |it: &&std::net::TcpListener| it.local_addr().is_ok_and(|at| at.port() == port);
    let listener = HANDED_OVER.iter().find(is_it)?;
    let taken = listener.try_clone().and_then(|listener| {
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    });
    Some(taken)
}

/// Listens on a port; where every address is meant, on those of both families, as far as the machine has them.
fn bind(ip: IpAddr, port: u16) -> Result<TcpListener, SiteError> {
    let both = || listen(SocketAddr::new(Ipv6Addr::UNSPECIFIED.into(), port));
    let one = || listen(SocketAddr::new(ip, port));
    let bound = || match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => both().or_else(|_| one()),
        _ => one(),
    };
    let listener = handed_over(port).unwrap_or_else(bound);
    listener.map_err(|source| SiteError::Listen {
        address: SocketAddr::new(ip, port),
        next: match source.kind() {
            io::ErrorKind::PermissionDenied => format!(
                "ports below 1024 need special rights: let the system hand it over (systemctl enable --now \
                bolao-https.socket), or allow it: setcap cap_net_bind_service=+ep on the program, or choose a higher \
                port with --domain NAME:PORT and forward port {port} there"
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_name_below_leads_to_itself_and_others_to_the_site() {
        let site: Site = "relay.example:8443".parse().unwrap();
        for (host, led) in [
            ("ana.relay.example", Some("https://ana.relay.example:8443")),
            (
                "ana.relay.example:80",
                Some("https://ana.relay.example:8443"),
            ),
            ("relay.example", None),
            ("evil.example", None),
            ("evilrelay.example", None),
            ("a.b.relay.example", None),
            (".relay.example", None),
            ("x@y.relay.example", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            let url = below(&site, &headers).map(|it| it.url());
            assert_eq!(url.as_deref(), led, "{host}");
        }
    }
}
