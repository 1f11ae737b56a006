//! Servers that list certificates, on this machine: one that answers as crt.sh, one as Cert Spotter, and what else may answer there.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use bolao_reach::{LogError, LogReader, LogServer, LoggedCertificate, TlsPeer};
use futures::stream;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, time::sleep};

const NAME: &str = "ana.relay.test";
/// As long as an answer may take here.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A certificate for names, in PEM, and its hashes.
fn issued(names: &[&str]) -> (String, TlsPeer) {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    (made.cert.pem(), TlsPeer::by(made.cert.der()).unwrap())
}

/// What stands in the log: by number, its names in the list, and the certificate as it is given out.
#[derive(Default)]
struct Log {
    rows: Vec<(u64, String, Vec<u8>)>,
    asked: Vec<String>,
}

type Shared = Arc<Mutex<Log>>;

#[derive(Debug, Deserialize)]
struct Asked {
    q: Option<String>,
    d: Option<u64>,
    output: Option<String>,
    exclude: Option<String>,
}

/// Answers as crt.sh does, whose list has names that hold what was asked.
async fn crt_sh(State(log): State<Shared>, Query(asked): Query<Asked>) -> Response {
    let mut log = log.lock().unwrap();
    if let Some(number) = asked.d {
        log.asked.push(format!("d={number}"));
        let found = log.rows.iter().find(|row| row.0 == number);
        return match found {
            Some((_, _, bytes)) => bytes.clone().into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    let q = asked.q.unwrap();
    assert_eq!(asked.output.as_deref(), Some("json"));
    assert_eq!(asked.exclude.as_deref(), Some("expired"));
    log.asked.push(format!("q={q}"));
    let fit = log.rows.iter().filter(|row| row.1.contains(&q));
    let rows = fit.map(|(id, names, _)| {
        json!({ "id": id, "issuer_name": "C=XX, O=Test", "name_value": names, "common_name": null })
    });
    Json(rows.collect::<Vec<Value>>()).into_response()
}

/// Serves on this machine.
async fn served(router: Router) -> LogServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url.parse().unwrap()
}

async fn log(rows: Vec<(u64, &str, Vec<u8>)>) -> (Shared, LogServer) {
    let rows = rows
        .into_iter()
        .map(|(id, names, bytes)| (id, names.to_owned(), bytes));
    let log = Shared::new(Mutex::new(Log {
        rows: rows.collect(),
        asked: Vec::new(),
    }));
    let router = Router::new()
        .route("/", get(crt_sh))
        .with_state(log.clone());
    (log, served(router).await)
}

fn reader(server: &LogServer) -> LogReader {
    LogReader::with_patience(server.clone(), NAME, TIMEOUT).unwrap()
}

fn listed(reader: &LogReader) -> Vec<&LoggedCertificate> {
    reader.listed().collect()
}

#[tokio::test]
async fn a_name_and_what_covers_it_are_read_and_each_certificate_once() {
    let (own, own_met) = issued(&[NAME]);
    let (wildcard, wildcard_met) = issued(&["relay.test", "*.relay.test"]);
    let (other, _) = issued(&["bruno.relay.test"]);
    let (false_row, _) = issued(&["bruno.relay.test"]);
    let (shared, server) = log(vec![
        (10, NAME, own.into_bytes()),
        (11, "*.relay.test\nrelay.test", wildcard.into_bytes()),
        (12, "bruno.relay.test", other.into_bytes()),
        // The list says that it is for the name, the certificate says that it is not.
        (13, NAME, false_row.into_bytes()),
    ])
    .await;
    let mut reader = reader(&server);
    reader.read().await.unwrap();
    let found = listed(&reader);
    let [first, second] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!((first.id.as_str(), first.key), ("10", own_met.key));
    assert_eq!(first.certificate, own_met.certificate);
    assert_eq!((second.id.as_str(), second.key), ("11", wildcard_met.key));
    assert!(!first.is_wildcard && second.is_wildcard);
    let asked = std::mem::take(&mut shared.lock().unwrap().asked);
    let all = ["q=ana.relay.test", "q=*.relay.test", "d=13", "d=11", "d=10"];
    assert_eq!(asked, all);

    // What was looked at is not asked for again; what is new is, in DER, too.
    let made = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
    let new = (14, NAME.to_owned(), made.cert.der().to_vec());
    shared.lock().unwrap().rows.push(new);
    reader.read().await.unwrap();
    let asked = std::mem::take(&mut shared.lock().unwrap().asked);
    assert_eq!(asked, ["q=ana.relay.test", "q=*.relay.test", "d=14"]);
    assert_eq!(listed(&reader).len(), 3);

    // What the list has no more, as what has ended, is gone here, too.
    shared.lock().unwrap().rows.retain(|row| row.0 == 10);
    reader.read().await.unwrap();
    assert_eq!(listed(&reader).len(), 1);
}

#[tokio::test]
async fn an_empty_log_is_read_and_one_with_more_than_can_be_fetched_at_once_in_turns() {
    let (shared, server) = log(Vec::new()).await;
    let mut reader = reader(&server);
    reader.read().await.unwrap();
    assert!(listed(&reader).is_empty());
    let (own, _) = issued(&[NAME]);
    let rows = (0..11).map(|id| (id, NAME.to_owned(), own.clone().into_bytes()));
    shared.lock().unwrap().rows.extend(rows);
    let unfinished = reader.read().await.unwrap_err();
    assert!(
        matches!(unfinished, LogError::Unfinished { .. }),
        "{unfinished}"
    );
    // The newest first.
    assert!(listed(&reader).iter().any(|it| it.id == "10"));
    assert!(!listed(&reader).iter().any(|it| it.id == "0"));
    reader.read().await.unwrap();
    assert_eq!(listed(&reader).len(), 11);
}

#[tokio::test]
async fn a_certificate_that_ended_or_cannot_be_read_is_no_good_reading() {
    let mut old = rcgen::CertificateParams::new([NAME.to_owned()]).unwrap();
    old.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let key = rcgen::KeyPair::generate().unwrap();
    let old = old.self_signed(&key).unwrap().pem();
    let (own, _) = issued(&[NAME]);
    let (_, server) = log(vec![
        (1, NAME, own.into_bytes()),
        (2, NAME, old.into_bytes()),
        (3, NAME, b"<html>".to_vec()),
    ])
    .await;
    let mut reader = reader(&server);
    let garbled = reader.read().await.unwrap_err();
    assert!(matches!(garbled, LogError::Garbled { .. }), "{garbled}");
    // The others were looked at all the same.
    let found = listed(&reader);
    assert_eq!(
        found.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
        ["1"]
    );
}

/// Whatever a server does, the reading ends soon, with a sentence that names the server.
#[tokio::test]
async fn a_server_that_lies_stalls_floods_or_leads_elsewhere_costs_little() {
    let flood = async || {
        let part = Ok::<_, Infallible>(vec![b'['; 1 << 16]);
        Body::from_stream(stream::repeat(part))
    };
    let drip = async || {
        let drips = stream::unfold((), async |()| {
            sleep(Duration::from_millis(200)).await;
            Some((Ok::<_, Infallible>("["), ()))
        });
        Body::from_stream(drips)
    };
    let silent = async || {
        sleep(Duration::from_hours(1)).await;
    };
    let busy = async || (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "120")]);
    let cases = [
        (get(async || vec![b' '; 50 << 20]), "sent more than"),
        (get(flood), "sent more than"),
        (get(drip), "took longer than 3 seconds"),
        (get(silent), "took longer than 3 seconds"),
        (get(async || "no list"), "something else than a list"),
        (get(async || ""), "something else than a list"),
        (
            get(async || Redirect::temporary("http://127.0.0.1:9/")),
            "answered 307",
        ),
        (get(async || StatusCode::BAD_GATEWAY), "answered 502"),
        (get(busy), "answered 429"),
    ];
    for (answer, why) in cases {
        let server = served(Router::new().route("/", answer)).await;
        let mut reader = reader(&server);
        let begun = Instant::now();
        let error = reader.read().await.unwrap_err();
        let told = error.to_string();
        assert!(
            told.contains(why) && told.starts_with("127.0.0.1:"),
            "{told}"
        );
        assert!(begun.elapsed() < Duration::from_secs(20), "{told}");
        assert!(listed(&reader).is_empty());
        let asks = why.contains("429");
        let wait = error.wait().is_some_and(|it| it > Duration::from_mins(1));
        assert_eq!(wait, asks, "{told}");
    }
    let gone: LogServer = "http://127.0.0.1:9/".parse().unwrap();
    let error = reader(&gone).read().await.unwrap_err();
    assert!(matches!(error, LogError::Unreached { .. }), "{error}");
}

#[derive(Debug, Deserialize)]
struct Spotted {
    domain: String,
    match_wildcards: String,
    after: Option<u64>,
}

#[tokio::test]
async fn the_second_form_says_keys_itself_and_goes_on_where_it_was() {
    let known = Arc::new(Mutex::new(3_u64));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (now, questions) = (known.clone(), asked.clone());
    let answer = async move |Query(it): Query<Spotted>| {
        assert_eq!(
            (it.domain.as_str(), it.match_wildcards.as_str()),
            (NAME, "true")
        );
        questions.lock().unwrap().push(it.after);
        let hash = |number: u64| format!("{number:02x}").repeat(32);
        // Two on a page.
        let page = (it.after.unwrap_or(0) + 1..=*now.lock().unwrap()).take(2);
        let page = page.map(|number| {
            let names = if number == 2 { "*.relay.test" } else { NAME };
            json!({ "id": number.to_string(), "tbs_sha256": hash(0xee), "pubkey_sha256": hash(number),
                "dns_names": [names], "not_after": "2126-01-01T00:00:00Z" })
        });
        Json(page.collect::<Vec<Value>>())
    };
    let router = Router::new().route("/v1/issuances", get(answer));
    let address = served(router).await;
    let server = format!("http://{address}/v1/issuances").parse().unwrap();
    let mut reader = reader(&server);
    reader.read().await.unwrap();
    let found = listed(&reader);
    let keys: Vec<u8> = found.iter().map(|it| it.key[0]).collect();
    assert_eq!(keys, [1, 2, 3]);
    assert_eq!(found.iter().filter(|it| it.is_wildcard).count(), 1);
    assert_eq!(*asked.lock().unwrap(), [None, Some(2), Some(3)]);
    *known.lock().unwrap() = 4;
    reader.read().await.unwrap();
    assert_eq!(listed(&reader).len(), 4);
    let asked = asked.lock().unwrap();
    assert_eq!(asked.get(3..), Some(&[Some(3), Some(4)][..]));
}
