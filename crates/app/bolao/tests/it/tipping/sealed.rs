//! Sealed tips.

use std::{fs, path::Path, time::Duration};

use bolao_ledger::{
    AccountId, Action, Genesis, MatchNo, Nonce, Opening, PoolId, Score, Transaction, actions,
    decode, encode, seal_commitment,
};
use bolao_wallet::{Draft, Key, WalletFile};
use serde_json::{Value, json};

use super::{at, does, fails, pool, said, sealed, soon};
use crate::support::{Answer, Daemon, TIMEOUT, done, eventually, run_node, temp};

/// Until a kick-off that is near, and room for a slow machine.
const KICKED_OFF: Duration = Duration::from_mins(1);

fn scores() -> impl Iterator<Item = Score> {
    (0..100).flat_map(|home| (0..100).map(move |away| Score::new(home, away).unwrap()))
}

async fn bets(node: &Daemon) -> Vec<Value> {
    let page = node.http.get("/api/v1/bets?limit=500").await.json();
    page["items"].as_array().unwrap().clone()
}

async fn bet(node: &Daemon, player: &str, code: &str) -> Option<Value> {
    bets(node)
        .await
        .into_iter()
        .find(|bet| bet["player"]["name"] == player && bet["match"]["code"] == code)
}

async fn opened(node: &Daemon, player: &str, code: &str, home: u8, away: u8) {
    let what = format!("{player}'s bet on {code}, open");
    let bet = eventually(&what, KICKED_OFF, async || {
        let bet = bet(node, player, code).await?;
        (bet["sealed"] == false).then_some(bet)
    })
    .await;
    let wanted = (&json!(home), &json!(away));
    assert_eq!((&bet["score"]["home"], &bet["score"]["away"]), wanted);
}

async fn players(node: &Daemon, count: u64) {
    eventually("everybody has joined", TIMEOUT, async || {
        (node.status().await["totals"]["players"] == count).then_some(())
    })
    .await;
}

/// A home knows a node from the start.
fn knows(home: &Path, node: &Daemon) {
    fs::write(home.join("nodes.json"), json!([node.node()]).to_string()).unwrap();
}

async fn transaction(node: &Daemon, id: &str) -> Transaction {
    let path = format!("/api/v1/transactions/{id}");
    let raw = node.http.get(&path).await.json()["raw"].clone();
    decode(&hex::decode(raw.as_str().unwrap()).unwrap()).unwrap()
}

/// The commitment of a transaction's only seal.
fn commitment(transaction: &Transaction) -> [u8; 32] {
    match &transaction.body.action {
        Action::Seal(actions::Seal { bets: tips }) => tips[0].commitment,
        other => panic!("{other:?}"),
    }
}

fn genesis(home: &Path) -> (Genesis, PoolId) {
    let text = fs::read_to_string(home.join("genesis.json")).unwrap();
    let genesis = Genesis::from_json(&text).unwrap();
    let pool = genesis.pool_id();
    (genesis, pool)
}

fn guessed(pool: PoolId, account: &AccountId, commitment: [u8; 32], salt: [u8; 32]) -> bool {
    scores()
        .any(|score| seal_commitment(pool, account, MatchNo(1), score.into(), &salt) == commitment)
}

async fn next_nonce(node: &Daemon, account: &AccountId) -> Nonce {
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce = node.http.get(&path).await.json();
    Nonce(nonce["next_nonce"].as_u64().unwrap())
}

/// Hands an opening in.
async fn hand_in(node: &Daemon, key: &Key, pool: PoolId, opening: Opening) -> Answer {
    let nonce = next_nonce(node, &key.account()).await;
    let body = Draft::new(key.account(), nonce).body(Action::Open(actions::Open {
        openings: vec![opening],
    }));
    let bytes = encode(&key.sign(pool, body));
    let request = node
        .http
        .request("POST", "/api/v1/transactions")
        .header("content-type", "application/octet-stream")
        .body(bytes);
    node.http.send(request).await
}

/// Why an opening is refused.
async fn refused(node: &Daemon, key: &Key, pool: PoolId, opening: Opening) -> Value {
    let answer = hand_in(node, key, pool, opening).await;
    answer.problem();
    serde_json::from_str::<Value>(&answer.text).unwrap()["code"].clone()
}

/// A bet that is open already is opened again: that is void.
async fn opens_nothing(node: &Daemon, key: &Key, pool: PoolId, opening: Opening) {
    let answer = hand_in(node, key, pool, opening).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    let id = answer["id"].as_str().unwrap();
    let path = format!("/api/v1/transactions/{id}");
    let void = eventually("a void opening in a block", TIMEOUT, async || {
        let transaction = node.http.get(&path).await.json();
        let is_there = !transaction["block"].is_null();
        is_there.then(|| transaction["void"].clone())
    })
    .await;
    assert_eq!(void, json!([{ "no": 1, "code": "PtCh" }]));
}

/// Ana's 3-0 is shown to her wherever it stands, to Bruno nowhere, and to nobody while the wallet is locked.
fn own_scores_are_shown(ana: &Path, bruno: &Path) {
    for args in [
        &["player", "ana"][..],
        &["match", "PtCh"],
        &["round", "semi-finals"],
    ] {
        let seen = does(ana, args);
        assert!(seen.contains("3-0 (sealed"), "{seen}");
        assert!(!seen.contains("1-1") && !seen.contains("0-4"), "{seen}");
        let seen = does(bruno, args);
        assert!(!seen.contains("3-0") && seen.contains("sealed"), "{seen}");
        let json = does(ana, &[args, &["--json"]].concat());
        assert!(json.contains(r#""sealed": true"#), "{json}");
    }
    let words = does(ana, &["wallet", "words", "--yes"]);
    let locked = temp();
    let genesis = ana.join("genesis.json").display().to_string();
    let pass = locked.path().join("passphrase");
    fs::write(&pass, "horse").unwrap();
    let pass = pass.display().to_string();
    let home = locked.path().join("home");
    let restore = ["wallet", "restore", "--passphrase-file", &pass];
    assert_eq!(said(&home, &restore, &words).0, 0);
    let join = [
        "join",
        &genesis,
        "--name",
        "ana",
        "--passphrase-file",
        &pass,
    ];
    does(&home, &join);
    fs::copy(ana.join("running.json"), home.join("running.json")).unwrap();
    for args in [
        &["player", "ana"][..],
        &["match", "PtCh"],
        &["round", "semi-finals"],
    ] {
        let (status, seen, hint) = said(&home, args, "");
        assert_eq!(status, 0, "{hint}");
        assert!(!seen.contains("3-0") && seen.contains("sealed"), "{seen}");
        assert!(hint.contains("--passphrase-file"), "{hint}");
        let seen = does(&home, &[args, &["--passphrase-file", &pass]].concat());
        assert!(seen.contains("3-0 (sealed"), "{seen}");
    }
}

#[tokio::test]
async fn nodes_open_their_players_tips_from_kick_off_on() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana", "bruno", "carla"], sealed);
    let (_, pool_id) = genesis(&homes[0]);
    let ana = run_node(&homes[0], &[]).await;
    knows(&homes[1], &ana);
    knows(&homes[2], &ana);
    let mut bruno = run_node(&homes[1], &[]).await;
    let mut carla = run_node(&homes[2], &[]).await;
    players(&ana, 3).await;

    let first = does(
        &homes[0],
        &["bet", "PtCh", "2-1", "--stake", "10", "--wait", "--json"],
    );
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(
        (&first["sealed"], &first["chips_left"]),
        (&json!(true), &json!(990))
    );
    let text = does(&homes[0], &["bet", "ptch", "3-0", "--wait"]);
    assert!(text.contains("replaces 2-1; stake 10;"), "{text}");
    assert!(text.contains("You have 990 chips left"), "{text}");
    assert!(
        text.contains("before kick-off. Your node opens it after that"),
        "{text}"
    );
    does(&homes[1], &["bet", "PtCh", "1-1", "--wait"]);
    does(&homes[2], &["bet", "PtCh", "0-4", "--wait"]);

    // Whoever looks sees that there are tips, and no score: not in the API, not on the chain.
    eventually("three bets at Ana's", TIMEOUT, async || {
        (bets(&ana).await.len() == 3).then_some(())
    })
    .await;
    for bet in bets(&ana).await {
        assert_eq!(bet["score"], Value::Null, "{bet}");
        let id = bet["transaction"].as_str().unwrap();
        let seal = transaction(&ana, id).await;
        let account = seal.body.account;
        let salts = [[0; 32], pool_id.0, account.0, commitment(&seal)];
        for salt in salts {
            assert!(!guessed(pool_id, &account, commitment(&seal), salt));
        }
    }
    let mine = does(&homes[0], &["bets"]);
    assert!(mine.contains("3-0 (sealed)"), "{mine}");
    assert_eq!(
        mine.matches("(sealed) ").count(),
        2,
        "one and what it means: {mine}"
    );
    own_scores_are_shown(&homes[0], &homes[1]);

    // Two nodes are down at kick-off, and one of their homes is lost but for the words.
    bruno.terminate().await;
    let words = done(["--home", &at(&homes[2]), "wallet", "words", "--yes"]);
    carla.terminate().await;
    fs::remove_dir_all(&homes[2]).unwrap();
    let kickoff = soon(12);
    does(
        &homes[0],
        &["schedule", "PtCh", "--kickoff", &kickoff, "--yes", "--wait"],
    );
    opened(&ana, "ana", "PtCh", 3, 0).await;
    assert_eq!(bet(&ana, "bruno", "PtCh").await.unwrap()["sealed"], true);

    // The earlier seal is of no use to anybody: not to its player, nor to whoever reads what is public now.
    let wallet = WalletFile::open(homes[0].join("wallet.json"), "").unwrap();
    let key = wallet.player();
    let earlier = transaction(&ana, first["transactions"][0]["id"].as_str().unwrap()).await;
    let standing = bet(&ana, "ana", "PtCh").await.unwrap();
    let standing = transaction(&ana, standing["transaction"].as_str().unwrap()).await;
    let public = key.salt(pool_id, MatchNo(1), standing.body.nonce);
    assert!(!guessed(
        pool_id,
        &key.account(),
        commitment(&earlier),
        public
    ));
    let opening = key
        .opening(
            pool_id,
            MatchNo(1),
            earlier.body.nonce,
            &commitment(&earlier),
        )
        .unwrap();
    assert_eq!(opening.prediction, Score::new(2, 1).unwrap().into());
    opens_nothing(&ana, &key, pool_id, opening).await;
    opened(&ana, "ana", "PtCh", 3, 0).await;
    let bruno_key = WalletFile::open(homes[1].join("wallet.json"), "")
        .unwrap()
        .player();
    let other = Opening {
        prediction: Score::new(5, 0).unwrap().into(),
        ..opening
    };
    assert_eq!(
        refused(&ana, &bruno_key, pool_id, other).await,
        "bad-opening"
    );
    let late = fails(&homes[0], &["bet", "PtCh", "4-4"], 1);
    assert!(late.contains("betting on PtCh ended"), "{late}");

    bruno.spawn();
    bruno.wait().await;
    opened(&ana, "bruno", "PtCh", 1, 1).await;

    let restored = dir.path().join("restored");
    let (status, _, errors) = said(&restored, &["wallet", "restore"], &words);
    assert_eq!(status, 0, "{errors}");
    let genesis = homes[0].join("genesis.json").display().to_string();
    done([
        "--home",
        &at(&restored),
        "join",
        &genesis,
        "--name",
        "carla",
    ]);
    knows(&restored, &ana);
    let _carla = run_node(&restored, &[]).await;
    opened(&ana, "carla", "PtCh", 0, 4).await;
    let game = ana.http.get("/api/v1/matches/PtCh").await.json();
    assert_eq!((&game["bets"], &game["unopened"]), (&json!(3), &json!(0)));
}

#[tokio::test]
async fn names_of_the_classic_routes_seal_and_are_opened() {
    let dir = temp();
    let homes = pool(dir.path(), &["ana"], sealed);
    let node = run_node(&homes[0], &["--classic"]).await;
    players(&node, 1).await;
    for (name, game, home) in [
        ("John", "PtCh", 2),
        ("John", "NlEn", 1),
        ("Mary", "PtCh", 0),
    ] {
        let bet = json!({
            "playername": name, "matchid": game, "teamonescore": home, "teamtwoscore": 2,
        });
        let answer = node.http.post("/bet", bet.to_string()).await;
        answer.assert_text("Bet created and broadcast successfully.");
    }
    eventually("three sealed bets", TIMEOUT, async || {
        (bets(&node).await.len() == 3).then_some(())
    })
    .await;
    assert_eq!(node.http.get("/player/John").await.json(), json!([]));
    assert_eq!(node.http.get("/match/PtCh").await.json(), json!([]));
    // Both names' keys are this wallet's.
    let seen = does(&homes[0], &["bets", "--player", "John"]);
    assert!(seen.contains("1-2 (sealed)"), "{seen}");

    does(
        &homes[0],
        &[
            "schedule",
            "PtCh",
            "--kickoff",
            &soon(12),
            "--yes",
            "--wait",
        ],
    );
    opened(&node, "John", "PtCh", 2, 2).await;
    opened(&node, "Mary", "PtCh", 0, 2).await;
    let john = node.http.get("/player/John").await.json();
    assert_eq!(john.as_array().unwrap().len(), 1, "{john}");
    let game = node.http.get("/match/PtCh").await.json();
    assert_eq!(game.as_array().unwrap().len(), 2, "{game}");
    assert_eq!(bet(&node, "John", "NlEn").await.unwrap()["sealed"], true);
}
