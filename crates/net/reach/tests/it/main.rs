//! Sites on real sockets, with certificates of a real authority.
#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

mod logs;
mod pebble;
mod ports;

use std::{net::Ipv4Addr, time::Duration};

use axum::{
    Router,
    body::Body,
    response::sse::{Event, Sse},
    routing::get,
};
use bolao_reach::{
    Authority, CertificateConfig, CertificateState, SiteConfig, SiteServer, TlsPeer,
};
use futures::{StreamExt as _, stream};
use reqwest::{Certificate, Client, Version};
use tempfile::TempDir;
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use pebble::Pebble;
use ports::port;

const SOON: Duration = Duration::from_secs(30);

/// Gives the certificate that is shown.
type Shown = Box<dyn Fn() -> Option<Vec<u8>>>;

struct Site {
    shown: Shown,
    keys: Box<dyn Fn() -> Vec<[u8; 32]>>,
    state: watch::Receiver<CertificateState>,
    _stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    url: String,
    http: u16,
    https: u16,
}

impl Site {
    fn start(dir: &TempDir, host: &str, https: u16, http: u16, authority: &Authority) -> Self {
        let config = SiteConfig {
            certificate: CertificateConfig {
                is_relayed: false,
                site: format!("{host}:{https}").parse().unwrap(),
                dir: dir.path().join("tls"),
                authority: authority.clone(),
            },
            ip: Ipv4Addr::UNSPECIFIED.into(),
            http_port: Some(http),
        };
        let url = config.certificate.site.url();
        let server = SiteServer::open_when_free(config).unwrap();
        let shown = Box::new(server.shown());
        let keys = Box::new(server.keys());
        let state = server.state();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new()
            .route("/", get(async || "the table"))
            .route("/large", get(async || Body::from(vec![b'x'; 4 << 20])))
            .route(
                "/ticks",
                get(async || {
                    let ticks = stream::unfold(0, async |count| {
                        sleep(Duration::from_millis(100)).await;
                        let event = Event::default().data(count.to_string());
                        Some((Ok::<_, std::convert::Infallible>(event), count + 1))
                    });
                    Sse::new(ticks)
                }),
            );
        let running = tokio::spawn(server.run(router, async {
            let _ = stopped.await;
        }));
        Self {
            shown,
            keys,
            state,
            _stop: stop,
            running,
            url,
            http,
            https,
        }
    }

    fn met(&self) -> TlsPeer {
        TlsPeer::by(&(self.shown)().unwrap()).unwrap()
    }

    async fn until(&mut self, wanted: impl FnMut(&CertificateState) -> bool) -> CertificateState {
        let found = timeout(SOON, self.state.clone().wait_for(wanted))
            .await
            .map(|found| found.unwrap().clone());
        found.unwrap_or_else(|_| panic!("got {:?}", *self.state.borrow()))
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn browser(pebble: &Pebble) -> Client {
    let root = Certificate::from_pem(&pebble.root().await.unwrap()).unwrap();
    Client::builder()
        .no_proxy()
        .tls_certs_only([root])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_name_gets_its_certificate_and_the_next_without_dropping_anybody() {
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 9).await;
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::start(&dir, "localhost", https, http, &pebble.authority);
    // The key is said before the authority, and the logs that it tells, can know it.
    let said = timeout(SOON, async {
        while (site.keys)().is_empty() {
            sleep(Duration::from_millis(5)).await;
        }
        (site.keys)()
    });
    let said = said.await.unwrap();
    let first = site.until(|it| it.until.is_some()).await;
    let first_met = site.met();
    assert_eq!(said, [first_met.key]);
    let browser = browser(&pebble).await;
    let answer = browser.get(&site.url).send().await.unwrap();
    assert_eq!(answer.version(), Version::HTTP_2);
    assert!(answer.headers().contains_key("strict-transport-security"));
    assert_eq!(answer.text().await.unwrap(), "the table");
    let large = browser.get(format!("{}/large", site.url)).send().await;
    assert_eq!(large.unwrap().bytes().await.unwrap().len(), 4 << 20);

    let ticks = browser.get(format!("{}/ticks", site.url)).send().await;
    let mut ticks = ticks.unwrap().bytes_stream();
    let renewed = site.until(|it| it.until > first.until).await;
    assert_eq!(renewed.trouble, None);
    // The key stays, by which friends' nodes know that it is the same site.
    let met = site.met();
    assert_ne!(met.certificate, first_met.certificate);
    assert_eq!(met.key, first_met.key);
    assert_eq!((site.keys)(), [met.key]);
    let tick = timeout(SOON, ticks.next()).await.unwrap();
    assert!(tick.unwrap().unwrap().starts_with(b"data"));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for name in ["localhost.json", "account.json"] {
            let kept = std::fs::metadata(dir.path().join("tls").join(name)).unwrap();
            assert_eq!(kept.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }

    // The one that is kept is shown again at once, also while the authority is away.
    drop((ticks, site, pebble.authority.clone()));
    let gone = pebble.authority.clone();
    drop(pebble);
    sleep(Duration::from_millis(200)).await;
    let mut site = Site::start(&dir, "localhost", https, port(), &gone);
    site.until(|it| it.until == renewed.until).await;
}

/// It asked with the account of before, for ever.
#[tokio::test]
async fn an_authority_that_has_lost_the_account_gets_another() {
    let (https, http) = (port(), port());
    let mut pebble = Pebble::start(https, http, 9).await;
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::start(&dir, "localhost", https, http, &pebble.authority);
    let first = site.until(|it| it.until.is_some()).await;
    pebble.restart().await;
    let renewed = site.until(|it| it.until > first.until).await;
    assert_eq!(renewed.trouble, None);
}

/// It ended the whole node.
#[tokio::test]
async fn a_port_that_another_server_has_is_told_and_taken_once_it_is_free() {
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3600).await;
    let dir = tempfile::tempdir().unwrap();
    let other = std::net::TcpListener::bind(("0.0.0.0", https)).unwrap();
    let mut site = Site::start(&dir, "localhost", https, http, &pebble.authority);
    let state = site.until(|it| it.trouble.is_some()).await;
    let trouble = state.trouble.unwrap();
    assert!(
        trouble.contains("another web server listens there"),
        "{trouble}"
    );
    drop(other);
    let state = site.until(|it| it.until.is_some()).await;
    assert_eq!(state.trouble, None);
}

#[tokio::test]
async fn a_certificate_that_ran_out_is_called_so() {
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3).await;
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::start(&dir, "localhost", https, http, &pebble.authority);
    site.until(|it| it.until.is_some()).await;
    let authority = pebble.authority.clone();
    drop((site, pebble));
    sleep(Duration::from_secs(4)).await;
    let mut site = Site::start(&dir, "localhost", https, http, &authority);
    let state = site.until(|it| it.trouble.is_some()).await;
    let trouble = state.trouble.unwrap();
    assert!(
        trouble.starts_with("its certificate ran out at "),
        "{trouble}"
    );
}

#[tokio::test]
async fn an_address_gets_a_certificate_by_the_port_of_http() {
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3600).await;
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::start(&dir, "127.0.0.1", https, http, &pebble.authority);
    site.until(|it| it.until.is_some()).await;
    let browser = browser(&pebble).await;
    let answer = browser.get(&site.url).send().await.unwrap();
    // A month of HTTPS alone is for names: an address may be somebody else's tomorrow.
    assert!(!answer.headers().contains_key("strict-transport-security"));
    assert_eq!(answer.text().await.unwrap(), "the table");

    let plain = format!("http://127.0.0.1:{}", site.http);
    let led = browser
        .get(format!("{plain}/join?a=b"))
        .send()
        .await
        .unwrap();
    assert_eq!(led.status(), 308);
    let place = led.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(place, format!("https://127.0.0.1:{}/join?a=b", site.https));
    let asked = format!("{plain}/.well-known/acme-challenge/x");
    assert_eq!(browser.get(asked).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn what_is_in_the_way_is_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let (https, http) = (port(), port());
    let nobody = Authority {
        url: format!("https://localhost:{}/dir", port()),
        roots: None,
    };
    let mut site = Site::start(&dir, "localhost", https, http, &nobody);
    let state = site.until(|it| it.trouble.is_some()).await;
    let trouble = state.trouble.unwrap();
    assert!(trouble.contains("cannot be reached"), "{trouble}");
    drop(site);

    // The authority looks at a port where nobody answers, as through a router that forwards nothing.
    let pebble = Pebble::start(port(), port(), 3600).await;
    let mut site = Site::start(&dir, "localhost", port(), port(), &pebble.authority);
    let state = site.until(|it| it.trouble.is_some()).await;
    let trouble = state.trouble.unwrap();
    assert!(trouble.contains("let port"), "{trouble}");

    let mut nameless = Site::start(&dir, "pool.invalid", port(), port(), &pebble.authority);
    let state = nameless.until(|it| it.trouble.is_some()).await;
    let trouble = state.trouble.unwrap();
    assert!(trouble.contains("no address yet"), "{trouble}");
}

#[tokio::test]
async fn a_handshake_that_stalls_is_cut_and_others_are_served() {
    use tokio::{io::AsyncReadExt as _, net::TcpStream};
    let (https, http) = (port(), port());
    let pebble = Pebble::start(https, http, 3600).await;
    let dir = tempfile::tempdir().unwrap();
    let mut site = Site::start(&dir, "localhost", https, http, &pebble.authority);
    site.until(|it| it.until.is_some()).await;
    let mut silent = TcpStream::connect(("127.0.0.1", https)).await.unwrap();
    let browser = browser(&pebble).await;
    assert!(browser.get(&site.url).send().await.is_ok());
    let end = timeout(SOON, silent.read(&mut [0; 8])).await;
    assert!(matches!(end.expect("cut in time"), Ok(0) | Err(_)));
}
