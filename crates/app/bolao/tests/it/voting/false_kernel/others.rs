//! What others say of a lone host's clock: strangers, a list's server, and a player's phone.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{Router, response::IntoResponse as _};
use bolao_discovery::{Limits, serve};
use bolao_ledger::{Genesis, UnixSeconds};
use bolao_reach::Https;
use bolao_wallet::{WalletFile, clock_word};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{A_WHILE, AGAIN, DAY_S, HOUR_S, Kernel, Pool, SILENCE};
use crate::{
    feeding::game,
    support::{TIMEOUT, done, eventually, run_node, unix_now},
    voting::{in_home, is_final},
};

/// A stranger's node, and what anybody writes into a request, count for nothing: neither against a right clock nor for a false one.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_clocks_count_for_nothing() {
    let mut pool = Pool::new().await;
    let stranger = pool.ana.with_file_name("stranger");
    let genesis = pool.ana.join("genesis.json").display().to_string();
    done(in_home(&stranger, &["join", &genesis, "--name", "x"]));
    fs::write(
        stranger.join("nodes.json"),
        json!([pool.host.node()]).to_string(),
    )
    .unwrap();
    pool.friend.terminate().await;
    let mut follows = run_node(&stranger, &["--no-join"]).await;
    follows.terminate().await;
    for (ours_s, theirs_s, goes_on) in [(0, 300 * DAY_S, true), (300 * DAY_S, 300 * DAY_S, false)] {
        let theirs = Kernel {
            library: pool.kernel.library.clone(),
            file: stranger.with_extension("kernel"),
        };
        theirs.says(theirs_s, true);
        theirs.spawn(&mut follows, &[]);
        follows.wait().await;
        pool.kernel.says(ours_s, true);
        pool.restart(&[]).await;
        eventually("the stranger", TIMEOUT, async || {
            (pool.host.http.try_get("/api/v1/status").await?.json()["peers"] == 1).then_some(())
        })
        .await;
        let said = (unix_now().0.cast_signed() + theirs_s).to_string();
        let http = &pool.host.http;
        let asked = http.request("GET", "/api/v1/status");
        http.send(asked.header("bolao-time", said)).await;
        if goes_on {
            done(in_home(&pool.ana, &["bet", "PeIr", "1-0"]));
            is_final(&pool.host, "ana", (1, 0), AGAIN).await;
        } else {
            let bet = pool.waits("4-0", A_WHILE).await;
            assert_eq!(pool.doubt().await["players"], "silent");
            pool.kernel.says(0, true);
            pool.goes_on(bet, (4, 0)).await;
        }
        follows.terminate().await;
    }
}

/// A list's server that tells a time so far ahead.
struct ListServer {
    url: String,
    certificate: String,
    ahead_s: Arc<AtomicI64>,
}

impl ListServer {
    async fn start(dir: &Path) -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let certificate = dir.join("list.pem");
        fs::write(&certificate, made.cert.pem()).unwrap();
        let der: CertificateDer<'static> = made.cert.into();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![der], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "https://localhost:{}/cup.json",
            listener.local_addr().unwrap().port()
        );
        let ahead_s = Arc::new(AtomicI64::new(0));
        let ahead = Arc::clone(&ahead_s);
        let answer = async move || {
            let at = unix_now().0.cast_signed() + ahead.load(Ordering::Relaxed);
            let at = jiff::Timestamp::from_second(at).unwrap();
            let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let list = json!({"name": "Cup", "matches": [game(2 * HOUR_S, "Portugal", "Chile")]});
            ([("date", date)], list.to_string()).into_response()
        };
        let connections = Https::new(listener, Arc::new(config));
        let router = Router::new().fallback(answer);
        let serving = serve(
            connections,
            router,
            Limits::default(),
            std::future::pending(),
        );
        tokio::spawn(serving);
        Self {
            url,
            certificate: certificate.display().to_string(),
            ahead_s,
        }
    }
}

/// One list's date neither stops the blocks of a host whose network and friend agree, nor dates one ahead for a clock that nothing
/// else confirms. Beside a kernel that is false in the same way, the friend's node has the last word.
#[tokio::test(flavor = "multi_thread")]
async fn one_lists_false_date_stops_no_block_and_dates_none_ahead() {
    let mut pool = Pool::new().await;
    let list = ListServer::start(&pool.ana).await;
    list.ahead_s.store(300 * DAY_S, Ordering::Relaxed);
    let trusts = [("SSL_CERT_FILE", list.certificate.as_str())];
    done(in_home(&pool.ana, &["sources", "add", &list.url]));
    done(in_home(&pool.ana, &["sources", "on"]));
    pool.restart(&trusts).await;
    heard(&pool).await;
    done(in_home(&pool.ana, &["bet", "PeIr", "1-0"]));
    is_final(&pool.host, "ana", (1, 0), AGAIN).await;

    // The same false time by the kernel and the list: two kinds, and the friend's node contradicts.
    pool.kernel.says(300 * DAY_S, true);
    pool.restart(&trusts).await;
    let bet = pool.waits("2-0", A_WHILE).await;
    let doubt = pool.doubt().await;
    assert_eq!(
        (&doubt["cause"], &doubt["dates"]),
        (&json!("others"), &json!("agrees"))
    );
    // A clock that no network sets is confirmed by no list alone.
    pool.friend.terminate().await;
    pool.kernel.says(300 * DAY_S, false);
    pool.restart(&trusts).await;
    heard(&pool).await;
    tokio::time::sleep(SILENCE).await;
    let doubt = pool.doubt().await;
    assert_eq!(
        (&doubt["cause"], &doubt["dates"]),
        (&json!("betting_ends"), &json!("agrees"))
    );
    // The list is right again, and so is the clock.
    list.ahead_s.store(0, Ordering::Relaxed);
    pool.kernel.says(0, true);
    pool.goes_on(bet, (2, 0)).await;
}

/// Waits until the host has read the list.
async fn heard(pool: &Pool) {
    eventually("the list is heard", TIMEOUT, async || {
        let answer = pool.host.http.try_get("/api/v1/sources").await?;
        let sources: Value = serde_json::from_str(&answer.text).ok()?;
        sources["sources"][0]["heard"].is_string().then_some(())
    })
    .await;
}

/// A lone home was off for a week; no friend's node is there, and no network sets its clock.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_on_an_organisers_phone_is_a_witness_after_a_week() {
    let mut pool = Pool::new().await;
    pool.friend.terminate().await;
    pool.kernel.says(7 * DAY_S, false);
    pool.restart(&[]).await;
    let bet = pool.waits("2-1", SILENCE).await;
    assert_eq!(pool.doubt().await["cause"], "betting_ends");
    let nonce = pool.status().await["clock_nonce"].clone();
    let text = clock_word(nonce.as_str().unwrap());
    let genesis = fs::read_to_string(pool.ana.join("genesis.json")).unwrap();
    let pool_id = Genesis::from_json(&genesis).unwrap().pool_id();
    let ana = WalletFile::open(pool.ana.join("wallet.json"), "").unwrap();
    let ana = ana.player();
    let tells = async |from: Option<&str>| {
        let at = UnixSeconds(unix_now().0 + 7 * DAY_S.unsigned_abs());
        let signature = ana.say(&text, pool_id, at);
        let said = json!({"account": ana.account(), "at": at, "signature": signature});
        let http = &pool.host.http;
        let mut asked = http.request("POST", "/api/v1/clock").json(&said);
        if let Some(from) = from {
            asked = asked.header("x-forwarded-for", from);
        }
        assert_eq!(http.send(asked).await.status, 204);
    };
    // A page on the machine itself has the same clock.
    tells(None).await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(pool.doubt().await["players"], "silent");
    tells(Some("198.51.100.7")).await;
    pool.goes_on(bet, (2, 1)).await;
}
