//! Organisers: results by two of three, objections, corrections.

use std::path::{Path, PathBuf};

use bolao_ledger::{
    Chips, Genesis, Nonce, Quorum, Rules, TargetRule, Text, Transaction, TxBody, UnixSeconds,
    encode,
};
use bolao_node::{Home, Profile};
use bolao_wallet::{Key, WalletFile};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, Daemon, TIMEOUT, done, eventually, quick_temp, run, run_node};

pub(crate) const HOUR: u64 = 3_600;

/// Three friends, each with a home and a node; all of them organise.
pub(crate) struct Friends {
    pub(crate) dir: TempDir,
    pub(crate) keys: Vec<Key>,
    pub(crate) genesis: Genesis,
    pub(crate) nodes: Vec<Daemon>,
}

const NAMES: [&str; 3] = ["ana", "bruno", "carla"];

pub(crate) fn now() -> u64 {
    Timestamp::now().as_second().cast_unsigned()
}

/// Portugal – Switzerland is over; Netherlands – England kicks off in a day.
pub(crate) fn pool(rules: Rules) -> Genesis {
    let mut genesis = Genesis {
        name: Text::new("three organisers").unwrap(),
        target: TargetRule::Fixed { zero_bits: 1 },
        created: UnixSeconds(now() - 4 * HOUR),
        starting_chips: Chips(1_000),
        rules,
        ..Genesis::article()
    };
    genesis.matches[0].kickoff = Some(UnixSeconds(now() - 2 * HOUR));
    genesis.matches[1].kickoff = Some(UnixSeconds(now() + 24 * HOUR));
    genesis
}

impl Friends {
    /// Homes of a pool, whose first `organisers` friends organise it, and a node for each.
    pub(crate) async fn start(mut genesis: Genesis, organisers: usize) -> Self {
        let dir = quick_temp();
        let homes: Vec<Home> = NAMES
            .iter()
            .map(|name| Home::open(dir.path().join(name)).unwrap())
            .collect();
        let keys: Vec<Key> = homes
            .iter()
            .map(|home| {
                let wallet = WalletFile::create(home.wallet_path(), "").unwrap();
                wallet.player()
            })
            .collect();
        genesis.organisers = keys.iter().take(organisers).map(Key::account).collect();
        for ((home, name), key) in homes.iter().zip(NAMES).zip(&keys) {
            home.set_genesis(&genesis).unwrap();
            home.set_profile(&Profile {
                name: Some(name.to_owned()),
                account: Some(key.account()),
                zone: None,
            })
            .unwrap();
        }
        let mut nodes: Vec<Daemon> = Vec::new();
        for home in &homes {
            if let Some(first) = nodes.first() {
                let known = json!([first.node()]).to_string();
                std::fs::write(home.dir().join("nodes.json"), known).unwrap();
            }
            // One miner: with so easy a target several would find blocks at the same moment.
            let mine = if nodes.is_empty() {
                "pending"
            } else {
                "manual"
            };
            nodes.push(run_node(home.dir(), &["--mine", mine]).await);
        }
        let friends = Self {
            dir,
            keys,
            genesis,
            nodes,
        };
        friends.all_have_joined().await;
        friends
    }

    /// Nodes join under their owners' names by themselves.
    async fn all_have_joined(&self) {
        for node in &self.nodes {
            eventually("everybody has joined", TIMEOUT, async || {
                let players = node.http.get("/api/v1/players").await.json();
                (players["items"].as_array().unwrap().len() == NAMES.len()).then_some(())
            })
            .await;
        }
    }

    pub(crate) fn home(&self, friend: usize) -> PathBuf {
        self.dir.path().join(NAMES[friend])
    }

    fn arguments(&self, friend: usize, arguments: &[&str]) -> Vec<String> {
        let mut all = vec!["--home".to_owned(), text(&self.home(friend))];
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        all
    }

    /// What a friend's command prints, which must succeed.
    pub(crate) fn ok(&self, friend: usize, arguments: &[&str]) -> String {
        done(self.arguments(friend, arguments))
    }

    pub(crate) fn json(&self, friend: usize, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.ok(friend, arguments)).unwrap()
    }

    /// What a friend's command says, which must end with a status.
    pub(crate) fn fails(&self, friend: usize, status: i32, arguments: &[&str]) -> String {
        let output = run(self.arguments(friend, arguments));
        assert_eq!(
            output.status.code(),
            Some(status),
            "{arguments:?}: {output:?}"
        );
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("panicked"), "{said}");
        said
    }

    /// Waits until every node has what the highest one has.
    pub(crate) async fn level(&self) {
        let mut highest = 0;
        for node in &self.nodes {
            highest = highest.max(node.height().await.unwrap());
        }
        eventually("one bet everywhere", TIMEOUT, async || {
            let tip = self.nodes[0].tip().await;
            for node in &self.nodes {
                if node.height().await? < highest || node.tip().await != tip {
                    return None;
                }
            }
            Some(())
        })
        .await;
    }

    /// Signs with one friend's key whatever the body says, and hands it in at the first node.
    pub(crate) async fn hand_in(&self, signer: usize, body: TxBody) -> Answer {
        let transaction = self.keys[signer].sign(self.genesis.pool_id(), body);
        self.hand_in_signed(&transaction).await
    }

    pub(crate) async fn hand_in_signed(&self, transaction: &Transaction) -> Answer {
        let body = json!({ "transaction": hex::encode(encode(transaction)) });
        let http = &self.nodes[0].http;
        let request = http.request("POST", "/api/v1/transactions").json(&body);
        http.send(request).await
    }

    pub(crate) async fn nonce(&self, friend: usize) -> Nonce {
        let account = self.keys[friend].account();
        let path = format!("/api/v1/accounts/{account}/nonce");
        let answer = self.nodes[0].http.get(&path).await.json();
        Nonce(answer["next_nonce"].as_u64().unwrap())
    }
}

/// The flag that a message names.
pub(crate) fn confirmation(said: &str) -> String {
    let at = said.find("--confirm=").unwrap_or_else(|| panic!("{said}"));
    let flag = said[at..].chars();
    flag.take_while(|c| !matches!(c, '`' | ' ')).collect()
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[tokio::test]
async fn two_of_three_record_correct_and_everybody_sees_it() {
    let rules = Rules {
        results_quorum: Quorum::of(2),
        schedule_quorum: Quorum::of(2),
        dispute_window_s: 20,
        ..Rules::default()
    };
    let friends = Friends::start(pool(rules), 3).await;

    // One signature is none.
    let said = friends.ok(
        0,
        &[
            "result",
            "PtCh",
            "2-1",
            "--half-time",
            "1-0",
            "--yes",
            "--wait",
        ],
    );
    assert!(said.contains("1 of 2 needed"), "{said}");
    assert!(said.contains("after 90 minutes counts here: 2-1"), "{said}");
    friends.level().await;
    let said = friends.fails(0, 1, &["result", "PtCh", "2-1", "--half-time", "1-0"]);
    assert!(said.contains("you have already signed this"), "{said}");
    let shown = friends.json(1, &["result", "ptch", "--json"]);
    assert_eq!(shown["match"]["record"], Value::Null);
    assert_eq!(
        shown["waiting"][0]["outcome"]["half_time"],
        json!({"home": 1, "away": 0})
    );
    let said = friends.fails(0, 1, &["result", "PtCh", "--confirm"]);
    assert!(said.contains("you have signed this record"), "{said}");

    // The second signs exactly the same.
    let said = friends.fails(1, 2, &["result", "PtCh", "--confirm"]);
    assert!(said.contains("say which one you sign"), "{said}");
    let said = friends.fails(1, 1, &["result", "PtCh", "1-2", "--confirm"]);
    assert!(
        said.contains("no waiting record of PtCh says 1-2"),
        "{said}"
    );
    let said = friends.ok(
        1,
        &["result", "PtCh", "2-1", "--confirm", "--yes", "--wait"],
    );
    assert!(said.contains("2-1 (1-0 at half-time)"), "{said}");
    assert!(said.contains("provisional"), "{said}");
    friends.level().await;
    let shown = friends.json(2, &["result", "PtCh", "--json"]);
    assert_eq!(shown["match"]["status"], "provisional");
    assert_eq!(
        shown["match"]["record"]["signers"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(shown["waiting"], json!([]));

    // A player objects; two others correct.
    let said = friends.ok(2, &["object", "PtCh", "it was 3-1", "--yes", "--wait"]);
    assert!(said.contains("You object to version 1"), "{said}");
    let said = friends.fails(2, 1, &["object", "PtCh", "really"]);
    assert!(said.contains("[objected-already]"), "{said}");
    friends.ok(
        2,
        &[
            "result", "PtCh", "3-1", "--reason", "VAR", "--yes", "--wait",
        ],
    );
    friends.level().await;
    friends.ok(1, &["result", "PtCh", "3-2", "--yes", "--wait"]);
    friends.level().await;
    let said = friends.fails(0, 2, &["result", "PtCh", "--confirm"]);
    assert!(
        said.contains("3-1; reason: VAR (signed by carla), which `bolao result PtCh --confirm="),
        "{said}"
    );
    friends.fails(0, 2, &["result", "PtCh", "--confirm=1"]);
    let shown = friends.json(0, &["result", "PtCh", "--json"]);
    let waiting = shown["waiting"].as_array().unwrap();
    let of_carla = waiting
        .iter()
        .find(|waiting| waiting["signers"][0]["name"] == "carla")
        .unwrap();
    let confirm = format!("--confirm={}", of_carla["id"].as_str().unwrap());
    let said = friends.ok(0, &["result", "PtCh", &confirm, "--yes", "--wait"]);
    assert!(said.contains("corrects the current record: 2-1"), "{said}");
    friends.level().await;

    let shown = friends.ok(1, &["result", "PtCh"]);
    for part in ["it was 3-1", "stands", "3-1; reason: VAR", "ana, carla"] {
        assert!(
            shown.contains(part) || part == "ana, carla" && shown.contains("carla, ana"),
            "{part}: {shown}"
        );
    }
    let objections = friends.json(0, &["objections", "--json"]);
    assert_eq!(objections[0]["match"]["code"], "PtCh");
    assert_eq!(objections[0]["player"]["name"], "carla");

    // Final after the window, with the next block.
    eventually("the final result", TIMEOUT * 3, async || {
        friends.ok(0, &["mine"]);
        let shown = friends.json(0, &["result", "PtCh", "--json"]);
        (shown["match"]["status"] == "final").then_some(())
    })
    .await;
    let said = friends.fails(0, 1, &["result", "PtCh", "1-1"]);
    assert!(said.contains("is final: 3-1"), "{said}");
    let said = friends.fails(1, 1, &["object", "PtCh", "too late"]);
    assert!(said.contains("final"), "{said}");

    let log = friends.json(0, &["log", "--json"]);
    let acts: Vec<(&str, bool)> = log
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|act| {
            let organiser = act["organiser"]["name"].as_str().unwrap();
            (organiser, !act["effect"].is_null())
        })
        .collect();
    let wanted = [
        ("ana", false),
        ("bruno", true),
        ("carla", false),
        ("bruno", false),
        ("ana", true),
    ];
    assert_eq!(acts, wanted);
    let said = friends.ok(0, &["log"]);
    assert!(said.contains("result: 3-1; reason: VAR"), "{said}");
}

#[tokio::test]
async fn schedules_need_two_signatures_and_mistakes_are_told_before_anything_is_sent() {
    let rules = Rules {
        results_quorum: Quorum::of(2),
        schedule_quorum: Quorum::of(2),
        transfers: true,
        ..Rules::default()
    };
    let friends = Friends::start(pool(rules), 2).await;
    let later = Timestamp::from_second((now() + 48 * HOUR).cast_signed()).unwrap();
    let later = later.to_string();
    let said = friends.ok(
        0,
        &["schedule", "NlEn", "--kickoff", &later, "--yes", "--wait"],
    );
    assert!(said.contains("1 of 2 needed"), "{said}");
    friends.level().await;
    let said = friends.fails(1, 2, &["schedule", "nlen", "--confirm"]);
    assert!(said.contains("say which one you sign"), "{said}");
    let said = friends.ok(
        1,
        &["schedule", "nlen", &confirmation(&said), "--yes", "--wait"],
    );
    assert!(said.contains("It takes effect"), "{said}");
    assert!(
        said.contains("Before: Netherlands") && said.contains("After:  Netherlands"),
        "{said}"
    );
    let said = friends.fails(1, 2, &["schedule", "NlEn", "--stage", "Final"]);
    assert!(said.contains("a match keeps its stage"), "{said}");
    let game = friends.nodes[1]
        .http
        .get("/api/v1/matches/NlEn")
        .await
        .json();
    assert_eq!(game["kickoff"], later);
    let said = friends.fails(1, 1, &["schedule", "NlEn", "--confirm"]);
    assert!(said.contains("no schedule of NlEn waits"), "{said}");
    let said = friends.fails(1, 2, &["schedule", "NlEn"]);
    assert!(said.contains("there is nothing to change"), "{said}");

    let mistakes: [(usize, i32, &[&str], &str); 10] = [
        (2, 1, &["PtCh", "2-1"], "only organisers can record results"),
        (0, 1, &["PtCx", "2-1"], "no match called `PtCx`"),
        (
            0,
            1,
            &["NlEn", "2-1"],
            "until then a match can only be recorded as cancelled or postponed",
        ),
        (0, 2, &["PtCh", "2-1", "--half-time", "3-0"], "fewer goals"),
        (0, 2, &["PtCh", "1-1", "--penalties", "4-4"], "nobody won"),
        (0, 2, &["PtCh", "1-1", "--extra-time", "0-1"], "fewer goals"),
        (
            0,
            2,
            &["PtCh", "1-1", "--extra-time", "2-1", "--advances", "away"],
            "Portugal advance",
        ),
        (
            0,
            2,
            &["PtCh", "1-1", "--advances", "Spain"],
            "does not play",
        ),
        (
            0,
            2,
            &["PtCh", "2-1", "--status", "cancelled"],
            "has no score",
        ),
        (
            0,
            2,
            &["PtCh", "--extra-time", "2-1"],
            "give the score after 90 minutes too",
        ),
    ];
    for (friend, status, arguments, wanted) in mistakes {
        let arguments = [&["result"], arguments].concat();
        let said = friends.fails(friend, status, &arguments);
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
    assert_eq!(
        friends
            .json(0, &["log", "--json"])
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let said = friends.ok(0, &["transfer", "Bruno", "300", "--yes", "--wait"]);
    assert!(said.contains("leaves you 700"), "{said}");
    friends.level().await;
    let players = friends.json(1, &["players", "--json"]);
    let chips = |name: &str| {
        let players = players.as_array().unwrap().iter();
        let mut of_name = players.filter(|player| player["name"] == name);
        of_name.next().unwrap()["chips"].as_u64().unwrap()
    };
    assert_eq!((chips("ana"), chips("bruno")), (700, 1_300));
    for (to, chips, wanted) in [
        ("bruno", "701", "the account has 700 to spend"),
        ("ana", "1", "`ana` is you"),
        ("dora", "1", "dora"),
    ] {
        let said = friends.fails(0, 1, &["transfer", to, chips]);
        assert!(said.contains(wanted), "{to}: {said}");
    }
    friends.fails(0, 2, &["transfer", "bruno", "0"]);
}
