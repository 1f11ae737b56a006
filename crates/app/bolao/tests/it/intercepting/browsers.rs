//! The owner of a relay who tells browsers from programs by their handshake, and opens only what browsers send. No look at the link
//! finds him. His certificate stands in a public log.

use std::sync::Mutex;

use axum::{
    Json,
    extract::{Query, State},
    routing::get,
};
use rustls::{ClientConfig, RootCertStore, pki_types::pem::PemObject as _};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsConnector;

use super::*;

/// A protocol that only the browser of this test names. Real ones name values at random (GREASE, RFC 8701), which programs do not.
const BROWSER: &[u8] = b"a-browser";
/// From one reading of the log to the next, in seconds.
const EVERY: &str = "4";

#[test]
fn a_relay_that_opens_only_what_browsers_send_is_told_to_every_player() {
    with_names("intercepting::browsers::an_evil_relay_for_browsers_with_names");
}

/// Certificates by number, all for the one name.
type Rows = Arc<Mutex<Vec<String>>>;

#[derive(serde::Deserialize)]
struct Asked {
    d: Option<usize>,
}

/// Answers as crt.sh.
async fn answer(State(rows): State<Rows>, Query(asked): Query<Asked>) -> Response {
    let rows = rows.lock().unwrap();
    if let Some(number) = asked.d {
        return rows
            .get(number)
            .cloned()
            .unwrap_or_default()
            .into_response();
    }
    let list = (0..rows.len()).map(|id| json!({ "id": id, "name_value": "ana.relay.test" }));
    Json(list.collect::<Vec<Value>>()).into_response()
}

/// A server of a public log, by its host.
async fn log() -> (Rows, String) {
    let rows = Rows::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = Router::new()
        .route("/", get(answer))
        .with_state(rows.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (rows, address)
}

/// What a browser gets that trusts both authorities.
async fn browsed(scene: &Scene) -> String {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(&scene.both).unwrap() {
        roots.add(root.unwrap()).unwrap();
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![BROWSER.to_vec(), b"http/1.1".to_vec()];
    let at = scene.url.strip_prefix("https://").unwrap();
    let (host, _) = at.split_once(':').unwrap();
    let stream = TcpStream::connect(at).await.unwrap();
    let name = host.to_owned().try_into().unwrap();
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    let asked =
        format!("GET / HTTP/1.1\r\nHost: {at}\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn is_browser(hello: &[u8]) -> bool {
    hello.windows(BROWSER.len()).any(|it| it == BROWSER)
}

fn logged(status: &Value) -> Option<String> {
    let links = status["links"].as_array()?;
    let text = &links.first()?["logged"].as_array()?.first()?["text"];
    text.as_str().map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a child of the test before it, which gives it names"]
async fn an_evil_relay_for_browsers_with_names() {
    let (rows, server) = log().await;
    let address = format!("http://{server}/");
    let flags = ["--ct-log", &address, "--ct-every", EVERY];
    let scene = Scene::begin(is_browser, &flags).await;
    let (dir, url) = (scene.dir.path(), &scene.url);
    // Mary's own certificate is logged, too.
    let kept = fs::read_to_string(dir.join("mary/tls/ana.relay.test.json")).unwrap();
    let kept: Value = serde_json::from_str(&kept).unwrap();
    rows.lock()
        .unwrap()
        .push(kept["chain"].as_str().unwrap().to_owned());

    scene.is_evil.store(true, Ordering::Relaxed);
    let page = browsed(&scene).await;
    assert!(
        page.contains("/evil.js"),
        "browsers get another page: {page}"
    );
    let bruno = node(dir, "bruno", &flags, &scene.both).await;
    let carla = node(dir, "carla", &flags, &scene.one).await;
    let all = [("bruno", &bruno), ("carla", &carla), ("mary", &scene.mary)];
    for (who, node) in all {
        eventually(who, TIMEOUT, async || {
            node.status().await["logs"]["read"]
                .is_string()
                .then_some(())
        })
        .await;
        let status = node.status().await;
        assert_eq!((logged(&status), met(&status)), (None, None), "{who}");
        assert_eq!(status["logs"]["servers"], json!([server]));
    }
    // No look sees him, and what is said of that promises no more.
    let (is_good, told) = scene.asks(&["verify", "--page", url]);
    assert!(is_good, "{told}");
    for part in [
        "A relay can tell browsers from this program",
        "Whether browsers get the same cannot be seen from here",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let (_, told) = scene.asks(&["doctor"]);
    assert!(told.contains(&format!("according to {server}")), "{told}");

    rows.lock().unwrap().push(scene.certificate.clone());
    for (who, node) in all {
        let told = eventually(who, TOLD, async || logged(&node.status().await)).await;
        let parts = [&*format!("according to {server}"), url, "mary's node"];
        assert_parts(who, &told, &parts);
        let status = node.status().await;
        let found = &status["links"][0]["logged"][0];
        assert_eq!(found["certificate"], rustls_fingerprint(&scene.certificate));
        assert_eq!((met(&status), &found["code"]), (None, &json!("logged-key")));
        noticed(who, node, &parts).await;
    }
    assert!(scene.mary.status().await["link"]["trouble"].is_string());
    for command in [&["verify", "--page", url][..], &["doctor"]] {
        let (is_good, told) = scene.asks(command);
        assert!(
            !is_good && told.contains(&format!("according to {server}")),
            "{told}"
        );
    }
    let (_, told) = scene.asks(&["status"]);
    assert!(
        told.contains(&format!("Links according to {server}")),
        "{told}"
    );
}
