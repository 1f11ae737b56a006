//! A pool of a known competition, whose lists a server of the test plays.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::StatusCode, response::IntoResponse};
use bolao_ledger::{Genesis, Name, Nonce, UnixSeconds};
use bolao_node::{Home, HomeError};
use bolao_wallet::Draft;
use serde_json::{Value, json};
use tokio::{net::TcpListener, process::Command};

use crate::support::{
    Grower, TIMEOUT, bolao, easy_pool, eventually, new_key, run_node, temp, unix_now,
};

/// A mirror of openfootball with one list, and the paths that it was asked for.
pub(crate) struct Mirror {
    pub(crate) url: String,
    pub(crate) list: Arc<Mutex<Option<String>>>,
}

impl Mirror {
    pub(crate) async fn start() -> Self {
        let list = Arc::new(Mutex::new(None));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = async |State(list): State<Arc<Mutex<Option<String>>>>| {
            let list: Option<String> = list.lock().unwrap().clone();
            list.map_or_else(
                || StatusCode::NOT_FOUND.into_response(),
                IntoResponse::into_response,
            )
        };
        let router = Router::new().fallback(answer).with_state(Arc::clone(&list));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, list }
    }
}

/// A match that kicks off so many seconds from now.
pub(crate) fn game(in_s: i64, home: &str, away: &str) -> Value {
    let at = i64::try_from(unix_now().0).unwrap() + in_s;
    let at = jiff::Timestamp::from_second(at).unwrap();
    json!({"round": "Matchday 1", "date": at.strftime("%F").to_string(),
        "time": at.strftime("%H:%M UTC+0").to_string(), "team1": home, "team2": away})
}

#[tokio::test]
async fn a_competition_is_a_pool_and_its_node_reads_its_lists() {
    let (mirror, dir) = (Mirror::start().await, temp());
    let home = dir.path().join("home");
    let run = async |args: &[&str]| {
        let mut command = Command::from(bolao());
        command.env("BOLAO_OPENFOOTBALL", &mirror.url);
        command.arg("--home").arg(&home).args(args);
        let output = command.output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.success(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let listed = run(&["competitions", "--json", "league", "one", "england"]).await;
    let listed: Value = serde_json::from_str(&listed.1).unwrap();
    let code = listed[0]["code"].as_str().unwrap().to_owned();

    let none = run(&["new", "League", "--competition", &code, "--as", "Ana"]).await;
    assert!(none.2.contains("are not published yet"), "{none:?}");
    let over = run(&["new", "Cup", "--competition", "worldcup.2022"]).await;
    assert!(
        over.2.contains("has been over since 18 December 2022"),
        "{over:?}"
    );
    let unknown = run(&["new", "Cup", "--competition", "en.9.2026-27"]).await;
    assert!(unknown.2.contains("`bolao competitions`"), "{unknown:?}");
    assert!(Home::open(&home).is_ok_and(|home| home.genesis().is_err()));

    let list = json!({"name": "League", "matches": [
        game(-86_400, "Arsenal FC", "Chelsea FC"), game(86_400, "Everton FC", "Chelsea FC"),
        game(90_000, "Arsenal FC", "Fulham FC"),
    ]});
    *mirror.list.lock().unwrap() = Some(list.to_string());
    let made = run(&["new", "League", "--competition", &code, "--as", "Ana"]).await;
    assert!(made.0, "{made:?}");
    assert!(
        made.2.contains("1 match has already kicked off"),
        "{made:?}"
    );

    let mut command = Command::from(bolao());
    command.env("BOLAO_OPENFOOTBALL", &mirror.url);
    command.arg("--home").arg(&home).args(["run", "-p", "0"]);
    let mut node = command.kill_on_drop(true).spawn().unwrap();
    let heard = eventually("the list is heard", TIMEOUT, async || {
        let shown = run(&["sources", "--json"]).await.1;
        let shown: Value = serde_json::from_str(&shown).ok()?;
        let source = shown["node"]["sources"][0].clone();
        source["heard"].is_string().then_some(source)
    });
    let heard = heard.await;
    assert_eq!(heard["matches"], 3);
    assert_eq!(heard["known"], 2);
    let status = run(&["status"]).await.1;
    assert!(status.contains("Results openfootball heard"), "{status}");
    let early = run(&["live", "everton", "1-0"]).await;
    assert!(early.2.contains("it has not kicked off"), "{early:?}");
    let referee = run(&["referee"]).await;
    assert!(
        referee.2.contains("--alone lets the referee sign"),
        "{referee:?}"
    );
    let more = run(&["sources", "add", "de.1.2026-27"]).await;
    assert!(more.0, "{more:?}");
    let kept = Home::open(&home).unwrap().sources().unwrap();
    assert_eq!(kept.named(), [code.as_str(), "de.1.2026-27"]);
    let off = run(&["sources", "off"]).await;
    assert!(off.1.contains("no longer reads any lists"), "{off:?}");
    node.start_kill().unwrap();
    node.wait().await.unwrap();
}

/// A pool whose match has kicked off, and a list that takes connections and never answers: for thirty seconds nothing else was
/// looked at.
#[tokio::test]
async fn a_typed_live_score_does_not_wait_for_a_dead_list() {
    let (dir, dead) = (temp(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let home = Home::open(dir.path()).unwrap();
    let ana = new_key();
    let now = unix_now().0;
    let created = UnixSeconds(now - 5 * 3_600);
    let mut genesis = Genesis {
        created,
        organisers: vec![ana.account()],
        ..easy_pool()
    };
    genesis.matches[0].kickoff = Some(UnixSeconds(now - 1_800));
    home.set_genesis(&genesis).unwrap();
    let join = Draft::new(ana.account(), Nonce::ZERO).join(Name::new("Ana").unwrap());
    Grower::open(&home)
        .at(UnixSeconds(created.0 + 60))
        .submit(&ana, join)
        .mine(&ana);
    home.change_sources::<HomeError>(|kept| {
        kept.on = true;
        kept.more = vec![format!("http://{}/list", dead.local_addr().unwrap())];
        Ok(())
    })
    .unwrap();
    let node = run_node(dir.path(), &["--no-join"]).await;
    // The node waits for its answer.
    let (_held, _) = dead.accept().await.unwrap();
    let code = genesis.matches[0].code.to_string();
    let text = format!("live {code} 1-0 29");
    let at = unix_now();
    let body = json!({
        "account": ana.account(),
        "at": at.0,
        "text": text,
        "signature": ana.say(&text, genesis.pool_id(), at),
    });
    let request = node.http.request("POST", "/api/v1/words").json(&body);
    let answer = node.http.send(request).await;
    assert!((200..300).contains(&answer.status), "{answer:?}");
    let live = node.http.get("/api/v1/live").await.json();
    assert_eq!(live["items"][0]["home"], 1, "{live}");
}
