//! A relay whose owner opens what is sent through it, with a certificate of his own: everybody's, or that of browsers only.

mod browsers;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::to_bytes,
    extract::Request,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use bolao_discovery::{Limits, serve};
use bolao_reach::Https;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::Value;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};

use crate::{
    pebble::Pebble,
    ports::port,
    reaching::{CUP, with_names},
    support::{Daemon, TIMEOUT, bolao, done, eventually, free_port, new_pool, temp},
};

/// From the first start of a friend's node to the word of everybody's: at most fifteen minutes, and here far less.
const TOLD: Duration = Duration::from_secs(110);

#[test]
fn a_relay_that_opens_what_is_sent_is_told_to_every_player() {
    with_names("intercepting::an_evil_relay_with_names");
}

/// A relay's process, ended with the test.
struct Relay(Child);

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Gives an answer of the home's on, with one line more where it is a page.
async fn pass_on(home: reqwest::Client, url: String, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let path = head.uri.path_and_query().unwrap().as_str();
    let mut asked = home.request(head.method, format!("{url}{path}")).body(body);
    if let Some(accept) = head.headers.get("accept") {
        asked = asked.header("accept", accept);
    }
    let Ok(answer) = asked.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, kind) = (
        answer.status(),
        answer.headers().get("content-type").cloned(),
    );
    let mut body = answer.bytes().await.unwrap().to_vec();
    let kind = kind.unwrap_or(HeaderValue::from_static("text/plain"));
    if kind.as_bytes().starts_with(b"text/html") {
        body.extend(b"<script src=/evil.js></script>");
    }
    (status, [("content-type", kind)], body).into_response()
}

/// Answers on a port in a home's name, with a key and a certificate of his own, which is given.
async fn eavesdropper(root: &str, behind: SocketAddr) -> (SocketAddr, String) {
    let made = rcgen::generate_simple_self_signed(["ana.relay.test".to_owned()]).unwrap();
    let pem = made.cert.pem();
    let certificate: CertificateDer<'static> = made.cert.into();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let home = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(root.as_bytes()).unwrap()])
        .resolve("ana.relay.test", behind)
        .build()
        .unwrap();
    let url = format!("https://ana.relay.test:{}", behind.port());
    let page =
        Router::new().fallback(move |request: Request| pass_on(home.clone(), url.clone(), request));
    let connections = Https::new(listener, Arc::new(config));
    let serving = serve(connections, page, Limits::default(), std::future::pending());
    tokio::spawn(serving);
    (address, pem)
}

/// Whether a connection is opened, by the first bytes that its caller sends.
type Opens = fn(&[u8]) -> bool;

/// The relay's port: while it is evil, connections go to whoever opens them, as far as he wants to; others to the relay that stands
/// in the documents.
async fn switch(
    port: u16,
    honest: SocketAddr,
    evil: SocketAddr,
    (is_evil, opens): (Arc<AtomicBool>, Opens),
) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        loop {
            let (mut caller, _) = listener.accept().await.unwrap();
            let is_evil = is_evil.clone();
            tokio::spawn(async move {
                let mut hello = [0; 2048];
                let read = caller.peek(&mut hello).await.unwrap_or(0);
                let opened = is_evil.load(Ordering::Relaxed) && opens(&hello[..read]);
                let to = if opened { evil } else { honest };
                if let Ok(mut there) = TcpStream::connect(to).await {
                    let _ = copy_bidirectional(&mut caller, &mut there).await;
                }
            });
        }
    });
}

async fn node(dir: &Path, name: &str, flags: &[&str], roots: &Path) -> Daemon {
    let own = free_port();
    let number = own.number().to_string();
    let home = dir.join(name).display().to_string();
    let args = ["--home", &home, "run", "-i", "127.0.0.1", "-p", &number];
    let args = args.iter().chain(flags).map(ToString::to_string);
    let mut node = Daemon::begin(args.collect(), own, dir.join(format!("{name}.log")));
    node.kill();
    node.spawn_with(&[("SSL_CERT_FILE", roots.to_str().unwrap())]);
    node.wait().await;
    node
}

fn met(status: &Value) -> Option<String> {
    let links = status["links"].as_array()?;
    let text = &links.first()?["met"].as_array()?.first()?["text"];
    text.as_str().map(str::to_owned)
}

/// A pool behind a relay whose owner may become evil: Mary's page is there, Bruno and Carla have joined.
struct Scene {
    dir: tempfile::TempDir,
    url: String,
    /// His certificate, in PEM.
    certificate: String,
    is_evil: Arc<AtomicBool>,
    /// What machines trust: the authority of Mary's certificate, and that of his, too.
    one: PathBuf,
    both: PathBuf,
    mary: Daemon,
    _relay: Relay,
    _pebble: Pebble,
}

impl Scene {
    /// With flags of Mary's node.
    async fn begin(opens: Opens, flags: &[&str]) -> Self {
        let dir = temp();
        let (https, http, nodes) = (port(), port(), free_port());
        let pebble = Pebble::start(https, http, 3600).await;
        let root = String::from_utf8(pebble.root().await.unwrap()).unwrap();
        let behind: SocketAddr = ([127, 0, 0, 2], https).into();
        let (evil, certificate) = eavesdropper(&root, behind).await;
        let is_evil = Arc::new(AtomicBool::new(false));
        switch(https, behind, evil, (Arc::clone(&is_evil), opens)).await;

        let (one, both) = (dir.path().join("one.pem"), dir.path().join("both.pem"));
        fs::write(&one, &root).unwrap();
        fs::write(&both, format!("{root}\n{certificate}")).unwrap();
        let authority = dir.path().join("authority.pem");
        fs::write(&authority, pebble.authority.roots.as_ref().unwrap()).unwrap();
        let acme = pebble.authority.url.as_str();
        let authority = ["--acme", acme, "--acme-ca", authority.to_str().unwrap()];

        let server = dir.path().join("relay");
        let relay = || {
            let mut relay = bolao();
            relay.arg("--home").arg(&server).arg("relay");
            relay
        };
        let mut running = relay();
        running.args([
            "--domain",
            &format!("relay.test:{https}"),
            "-i",
            "127.0.0.2",
        ]);
        running.args(["--http-port", &http.to_string()]);
        running.args(["--nodes", &nodes.number().to_string()]);
        running.args(authority).stdout(Stdio::null());
        let running = Relay(running.spawn().unwrap());
        let token = eventually("the relay's name", TIMEOUT, async || {
            let added = relay().args(["add", "ana"]).output().unwrap();
            let token = || String::from_utf8(added.stdout).unwrap();
            added.status.success().then(token)
        })
        .await;

        new_pool(dir.path(), CUP, &[]);
        let all = ["--relay", token.trim()].into_iter().chain(authority);
        let all: Vec<&str> = all.chain(flags.iter().copied()).collect();
        let mary = node(dir.path(), "mary", &all, &one).await;
        eventually("the page by the relay", TIMEOUT, async || {
            (mary.status().await["link"]["reach"] == "by_relay").then_some(())
        })
        .await;
        // They come by her own address, and hear of her link from her node.
        let home = dir.path().join("mary").display().to_string();
        let link = done(["--home", &home, "invite", "--url", &mary.url()]);
        for (home, name) in [("bruno", "Bruno"), ("carla", "Carla")] {
            let mut join = bolao();
            join.arg("--home").arg(dir.path().join(home));
            join.args(["join", link.trim(), "--name", name]);
            let joined = join.env("SSL_CERT_FILE", &one).output().unwrap();
            assert!(joined.status.success(), "{joined:?}");
        }
        Self {
            url: format!("https://ana.relay.test:{https}"),
            dir,
            certificate,
            is_evil,
            one,
            both,
            mary,
            _relay: running,
            _pebble: pebble,
        }
    }

    /// What a command says in Bruno's home, in a line, and whether it calls all well.
    fn asks(&self, command: &[&str]) -> (bool, String) {
        let mut asked = bolao();
        asked.arg("--home").arg(self.dir.path().join("bruno"));
        let done = asked.args(command).env("SSL_CERT_FILE", &self.both);
        let done = done.output().unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        let text: Vec<&str> = text.split_whitespace().collect();
        (done.status.success(), text.join(" "))
    }
}

fn assert_parts(who: &str, told: &str, parts: &[&str]) {
    for part in parts {
        let is_in = told.to_lowercase().contains(&part.to_lowercase());
        assert!(is_in, "{who}: {told}");
    }
}

/// The one notice about a link, a moment after the status has it, and the same in the log. It names who found it first.
async fn noticed(who: &str, node: &Daemon, parts: &[&str]) {
    let links = eventually("the notice", TIMEOUT, async || {
        let notices = node.http.get("/api/v1/notices").await.json();
        let notices = notices["items"].as_array()?.iter();
        let links = notices.filter(|it| it["subject"] == "link");
        Some(links.cloned().collect::<Vec<Value>>()).filter(|it| !it.is_empty())
    })
    .await;
    assert_eq!(links.len(), 1, "{who}: {links:?}");
    let told = links[0]["text"].as_str().unwrap();
    assert_parts(who, told, parts);
    eventually("the log", TIMEOUT, async || {
        node.log().contains(told).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a child of the test before it, which gives it names"]
async fn an_evil_relay_with_names() {
    let scene = Scene::begin(|_| true, &[]).await;
    // From here on the owner opens all connections but the tunnel. Nothing of it is seen from the home: its look was before. The
    // third player's machine cannot see what the second's does.
    scene.is_evil.store(true, Ordering::Relaxed);
    let dir = scene.dir.path();
    let bruno = node(dir, "bruno", &[], &scene.both).await;
    let carla = node(dir, "carla", &[], &scene.one).await;
    let (mary, url) = (&scene.mary, &scene.url);
    let fingerprint = rustls_fingerprint(&scene.certificate);
    for (who, node) in [("bruno", &bruno), ("carla", &carla), ("mary", mary)] {
        let told = eventually(who, TOLD, async || met(&node.status().await)).await;
        let parts = ["Bruno's node opened", url, "mary's node", &fingerprint];
        assert_parts(who, &told, &parts);
        noticed(who, node, &parts).await;
    }
    assert!(mary.status().await["link"]["trouble"].is_string());

    for command in [&["verify", "--page", url][..], &["doctor"]] {
        let (is_good, told) = scene.asks(command);
        assert!(!is_good && told.contains("key that is not"), "{told}");
    }
    let (_, told) = scene.asks(&["status"]);
    assert!(told.contains("Links Bruno's node opened"), "{told}");
}

/// SHA-256 of a certificate in PEM, in hexadecimal.
fn rustls_fingerprint(pem: &str) -> String {
    use rustls::pki_types::pem::PemObject as _;
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    hex::encode(bolao_reach::TlsPeer::by(&certificate).unwrap().certificate)
}
