#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bolao_reach::TlsPeer;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::*;
use crate::reach::links::tests::{Setting, ana, setting};
use crate::services::links::{
    ASKS, LOOKS,
    doubt::{LATER_S, SILENT},
    own,
};

const URL: &str = "https://ana.relay.test";

/// The list of a server such as crt.sh, by number: names in a line each, and the certificate.
type Rows = Arc<Mutex<Vec<(u64, String, String)>>>;

#[derive(Deserialize)]
struct Asked {
    q: Option<String>,
    d: Option<u64>,
}

async fn answer(State(rows): State<Rows>, Query(asked): Query<Asked>) -> Response {
    let rows = rows.lock().unwrap();
    if let Some(number) = asked.d {
        let found = rows.iter().find(|row| row.0 == number);
        let found = found.map(|row| row.2.clone());
        return found.ok_or(StatusCode::NOT_FOUND).into_response();
    }
    let asked = asked.q.unwrap();
    let fit = rows.iter().filter(|row| row.1.contains(&asked));
    let list = fit.map(|(id, names, _)| json!({ "id": id, "name_value": names }));
    Json(list.collect::<Vec<Value>>()).into_response()
}

async fn served(router: Router) -> LogServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().unwrap()
}

async fn log() -> (Rows, LogServer) {
    let rows = Rows::default();
    let router = Router::new().route("/", get(answer));
    let server = served(router.with_state(rows.clone())).await;
    (rows, server)
}

/// A server that fails.
async fn broken() -> LogServer {
    let fails = get(async || StatusCode::BAD_GATEWAY);
    served(Router::new().route("/", fails)).await
}

/// Logs a certificate for names, and gives its key.
fn issue(rows: &Rows, names: &[&str], key: &rcgen::KeyPair) -> [u8; 32] {
    let all: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = rcgen::CertificateParams::new(all).unwrap();
    let days = u64::try_from(jiff::Timestamp::now().as_second()).unwrap();
    params.not_before = std::time::SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(days - 3_600))
        .unwrap()
        .into();
    let made = params.self_signed(key).unwrap();
    let mut rows = rows.lock().unwrap();
    let number = u64::try_from(rows.len()).unwrap() + 100;
    rows.push((number, names.join("\n"), made.pem()));
    TlsPeer::by(made.der()).unwrap().key
}

fn key() -> rcgen::KeyPair {
    rcgen::KeyPair::generate().unwrap()
}

/// A node that reads, every second.
struct Reads {
    setting: Setting,
    /// When Ana's node said something last: half a minute passes each time.
    said: Mutex<UnixSeconds>,
    task: JoinHandle<()>,
}

impl Drop for Reads {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reads {
    fn begin(servers: Vec<LogServer>) -> Self {
        let setting = setting();
        let links = setting.links.clone();
        let watching = Watching::by(LogsConfig {
            servers,
            chosen: true,
            every: Some(Duration::from_secs(1)),
        });
        let task = tokio::spawn(async move { watching.read_for(&links).await });
        Self {
            setting,
            said: Mutex::new(UnixSeconds(now().unix.0 - 3_600)),
            task,
        }
    }

    /// Ana's node says by which keys it answers.
    fn says(&self, verb: &str, keys: &[[u8; 32]]) {
        let keys: Vec<String> = keys.iter().map(hex::encode).collect();
        let text = format!("{verb} {URL} {}", keys.join(" "));
        let mut said = self.said.lock().unwrap();
        *said = UnixSeconds(said.0 + 30);
        self.setting.hears_at(&ana(), *said, text);
    }

    fn logged(&self) -> Vec<bolao_store::LoggedLink> {
        let known = self.setting.links.known().into_iter();
        known
            .flat_map(|link| link.logged)
            .map(|it| it.found)
            .collect()
    }

    /// Waits until this is so, while Ana's node says its keys again and again, as it does.
    async fn until(&self, what: &str, verb: &str, keys: &[[u8; 32]], so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !so(self) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
            sleep(Duration::from_millis(500)).await;
            self.says(verb, keys);
        }
    }

    /// The time at which logs were read last.
    fn read(&self) -> Option<UnixSeconds> {
        self.setting.links.read_logs()?.read
    }

    /// Waits until they were read again, twice.
    async fn reads_again(&self, verb: &str, keys: &[[u8; 32]]) {
        for _ in 0..2 {
            let last = self.read();
            self.until("it is read again", verb, keys, |it| it.read() > last)
                .await;
        }
    }
}

/// From the moment at which a server lists a certificate to that at which every connected player's node has told of it, where one
/// server answers each time.
#[test]
fn a_certificate_is_told_within_fifteen_minutes_of_its_being_listed() {
    let read = EVERY.1 + READ + TICK;
    let passed_on = 2 * (ASKS + LOOKS);
    let silent = SILENT;
    let alive = own::OWN + ASKS + LOOKS + Duration::from_secs(LATER_S.0);
    let fronted = own::FRONTED + ASKS + LOOKS + Duration::from_secs(LATER_S.1);
    for doubted in [silent, alive, fronted] {
        let all = read + doubted + TICK + passed_on;
        assert!(all <= Duration::from_mins(15), "{all:?}");
    }
    for _ in 0..100 {
        let config = LogsConfig::default();
        let next = config.next().duration_since(Instant::now());
        assert!(
            next <= EVERY.1 && next + Duration::from_secs(1) >= EVERY.0,
            "{next:?}"
        );
    }
}

#[test]
fn nothing_is_asked_for_links_without_a_public_name() {
    let usual = LogsConfig {
        servers: LogServer::public(),
        ..LogsConfig::default()
    };
    for (url, host) in [
        (
            "https://ana.relay.bolao.dev:8443",
            Some("ana.relay.bolao.dev"),
        ),
        ("https://203.0.113.7", None),
        ("https://[2001:db8::1]", None),
        ("https://localhost:9443", None),
        ("https://ana.relay.test", None),
        ("https://pi.local", None),
    ] {
        assert_eq!(usual.host(url).as_deref(), host, "{url}");
    }
    let chosen = LogsConfig {
        chosen: true,
        ..usual
    };
    assert_eq!(chosen.host(URL).as_deref(), Some("ana.relay.test"));
    assert_eq!(chosen.host("https://203.0.113.7"), None);
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_told_and_renewed_ones_of_the_own_key_never() {
    let (rows, server) = log().await;
    let own = key();
    let own_key = issue(&rows, &["ana.relay.test"], &own);
    let reads = Reads::begin(vec![server]);
    reads.says("serves", &[own_key]);
    reads.reads_again("serves", &[own_key]).await;
    for _ in 0..3 {
        issue(&rows, &["ana.relay.test"], &own);
    }
    issue(&rows, &["bruno.relay.test"], &key());
    reads.reads_again("serves", &[own_key]).await;
    assert!(reads.logged().is_empty(), "{:?}", reads.logged());

    // A new own key is said before its certificate is asked for.
    let next = key();
    let next_key = TlsPeer::by(
        rcgen::CertificateParams::new(vec![])
            .unwrap()
            .self_signed(&next)
            .unwrap()
            .der(),
    );
    let both = [own_key, next_key.unwrap().key];
    reads.says("serves", &both);
    issue(&rows, &["ana.relay.test"], &next);
    reads.reads_again("serves", &both).await;
    assert!(reads.logged().is_empty(), "{:?}", reads.logged());

    let evil = issue(&rows, &["ana.relay.test"], &key());
    let is_told = |it: &Reads| !it.logged().is_empty();
    reads.until("it is told", "serves", &both, is_told).await;
    let [told] = &reads.logged()[..] else {
        panic!("{:?}", reads.logged());
    };
    assert_eq!((told.key, told.is_wildcard), (evil, false));
    assert!(told.log.starts_with("127.0.0.1:"), "{told:?}");
    // Somebody can serve the name by a certificate for all names beside it, too.
    let wildcard = issue(&rows, &["relay.test", "*.relay.test"], &key());
    let has_both = |it: &Reads| it.logged().len() == 2;
    reads
        .until("both are told", "serves", &both, has_both)
        .await;
    let found = reads.logged();
    assert!(
        found.iter().any(|it| it.key == wildcard && it.is_wildcard),
        "{found:?}"
    );
    // What Ana calls her own is told no more.
    reads.says("owns", &[evil, wildcard]);
    assert!(reads.logged().is_empty());
}

#[tokio::test]
async fn the_second_server_is_enough_and_without_any_nothing_counts_as_read() {
    let (rows, server) = log().await;
    let own_key = issue(&rows, &["ana.relay.test"], &key());
    let reads = Reads::begin(vec![broken().await, server]);
    assert_eq!(reads.setting.links.read_logs(), None);
    reads.says("serves", &[own_key]);
    let evil = issue(&rows, &["ana.relay.test"], &key());
    let is_told = |it: &Reads| it.logged().iter().any(|it| it.key == evil);
    reads
        .until("it is told", "serves", &[own_key], is_told)
        .await;
    let state = reads.setting.links.read_logs().unwrap();
    assert!(state.read.is_some());
    let [trouble] = &state.troubles[..] else {
        panic!("{state:?}");
    };
    assert!(trouble.ends_with("answered 502 Bad Gateway"), "{trouble}");
    // Nothing is said in the name of the server that fails.
    assert_eq!(state.servers.len(), 2);
    assert_eq!(Some(state.by.as_slice()), state.servers.get(1..));

    let reads = Reads::begin(vec![broken().await]);
    let has_failed = |it: &Reads| {
        let state = it.setting.links.read_logs();
        state.is_some_and(|it| !it.troubles.is_empty())
    };
    reads
        .until("it has failed", "serves", &[own_key], has_failed)
        .await;
    assert_eq!(reads.read(), None);
    // Where the node is to ask none, it says so.
    let reads = Reads::begin(Vec::new());
    let knows = |it: &Reads| it.setting.links.read_logs().is_some();
    reads
        .until("it knows a link", "serves", &[own_key], knows)
        .await;
    let state = reads.setting.links.read_logs().unwrap();
    assert!(state.servers.is_empty() && state.read.is_none());
}

/// Providers of proxies and tunnels have several certificates, of which they show one.
#[test]
fn behind_a_proxy_only_new_certificates_count() {
    let claim = |fronted| Claim {
        fronted,
        ..Claim::of(URL, ana().account())
    };
    let now = jiff::Timestamp::now();
    let began = |days: i64| LoggedCertificate {
        id: "1".to_owned(),
        key: [7; 32],
        certificate: [7; 32],
        is_wildcard: false,
        from: jiff::Timestamp::from_second(now.as_second() - days * 86_400).unwrap(),
        until: now,
    };
    assert!(counts(&claim(false), &began(80)));
    assert!(!counts(&claim(true), &began(4)));
    assert!(counts(&claim(true), &began(1)));
    assert!(counts(&claim(true), &began(-1)));
}
