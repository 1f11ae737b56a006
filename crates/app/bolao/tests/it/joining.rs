//! Inviting, and joining by a link alone.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
};

use bolao_ledger::{
    Action, Invitation, Name, Nonce, PoolId, Transaction, UnixSeconds, actions, encode,
};
use bolao_store::Store;
use bolao_wallet::{Draft, HeldTicket, Invite, Key, WalletFile};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Daemon, TIMEOUT, done, eventually, new_pool, run, run_node, temp};

mod rules;

/// Two rounds, long from now.
const MATCHES: &str = r#"{"name": "Cup", "matches": [
    {"round": "Matchday 1", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana", "group": "Group A"},
    {"round": "Matchday 2", "date": "2099-06-02", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Japan", "group": "Group A"},
    {"round": "Final", "date": "2099-06-09", "time": "12:00 UTC+0", "team1": "Ghana", "team2": "Japan"}
]}"#;

/// Homes beside one another.
struct Homes(TempDir);

impl Homes {
    fn new() -> Self {
        let dir = temp();
        fs::write(dir.path().join("cup.json"), MATCHES).unwrap();
        Self(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn args<'a>(&self, home: &str, args: &[&'a str]) -> Vec<String> {
        let home = self.path(home).display().to_string();
        let args = args.iter().map(|arg: &&'a str| (*arg).to_owned());
        ["--home".to_owned(), home]
            .into_iter()
            .chain(args)
            .collect()
    }

    fn ok(&self, home: &str, args: &[&str]) -> String {
        done(self.args(home, args))
    }

    fn json(&self, home: &str, args: &[&str]) -> Value {
        let args = [args, &["--json"]].concat();
        serde_json::from_str(&self.ok(home, &args)).unwrap()
    }

    /// What a command says that fails with a status.
    fn fails(&self, status: i32, home: &str, args: &[&str]) -> String {
        let Output {
            status: got,
            stderr,
            ..
        } = run(self.args(home, args));
        let text = String::from_utf8(stderr).unwrap();
        assert_eq!(got.code(), Some(status), "{args:?}: {text}");
        text
    }

    /// A pool of mary's with easy blocks.
    fn new_pool(&self, flags: &[&str]) {
        let flags = [&["--target", "fixed:8"], flags].concat();
        new_pool(self.0.path(), MATCHES, &flags);
    }

    fn link(&self, flags: &[&str]) -> String {
        self.ok("mary", &[&["invite"], flags].concat())
            .trim()
            .to_owned()
    }

    fn pool(&self) -> PoolId {
        let genesis = fs::read_to_string(self.path("mary").join("genesis.json")).unwrap();
        bolao_ledger::Genesis::from_json(&genesis)
            .unwrap()
            .pool_id()
    }
}

/// A link as mary would make it with her own program.
fn forged(node: &Daemon, held: HeldTicket, pool: PoolId) -> String {
    let invite = Invite {
        named: None,
        pool,
        ticket: Some(held),
    };
    format!("http://127.0.0.1:{}/join#{invite}", node.port.number())
}

/// A node of a home, which commands on the home find.
async fn start(homes: &Homes, name: &str, flags: &[&str]) -> Daemon {
    let home = homes.path(name);
    let node = run_node(&home, flags).await;
    let running = home.join("running.json");
    eventually("running.json", TIMEOUT, async || {
        running.exists().then_some(())
    })
    .await;
    node
}

async fn joins(node: &Daemon, name: &str) {
    let path = format!("/api/v1/players/{name}");
    eventually(name, TIMEOUT, async || {
        (node.http.get(&path).await.status == 200).then_some(())
    })
    .await;
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn friends_join_with_a_link_and_nothing_else() {
    let homes = Homes::new();
    homes.new_pool(&["--membership", "invite"]);
    let mary = start(&homes, "mary", &[]).await;
    joins(&mary, "mary").await;

    let link = homes.link(&["--uses", "2"]);
    assert!(link.starts_with("http://localhost:"), "{link}");
    let (_, text) = link.split_once('#').unwrap();
    assert_eq!(text.len(), 44, "{link}");
    let said = homes.ok("bob", &["join", &link, "--name", "bob"]);
    assert!(said.contains("registered once your node runs"), "{said}");
    assert_eq!(mode(&homes.path("bob").join("invitation")), 0o600);
    let mut bob = start(&homes, "bob", &[]).await;
    joins(&mary, "bob").await;
    joins(&bob, "bob").await;
    let said = homes.ok("bob", &["join", &link, "--name", "robert"]);
    assert!(said.contains("bob, joined already"), "{said}");

    // A bet that comes before the node has joined joins by itself.
    homes.ok("eve", &["join", &link, "--name", "eve"]);
    let text = homes.fails(1, "zoe", &["join", &link, "--name", "bob"]);
    assert!(text.contains("is taken"), "{text}");
    let eve = start(&homes, "eve", &["--no-join"]).await;
    let games = homes.json("eve", &["matches"]);
    let code = games[0]["code"].as_str().unwrap();
    let said = homes.ok("eve", &["status"]);
    assert!(said.contains("you have not joined yet"), "{said}");
    let said = homes.fails(1, "eve", &["slip", code]);
    assert!(said.contains("you have not joined yet"), "{said}");
    // Her own node's chain knows the names where she joins again by a file.
    let genesis = homes.path("eve").join("genesis.json");
    let again = ["join", genesis.to_str().unwrap(), "--name", "bob"];
    let text = homes.fails(1, "eve", &again);
    assert!(text.contains("is taken"), "{text}");
    homes.ok("eve", &["bet", code, "2-1", "--wait"]);
    joins(&mary, "eve").await;
    drop(eve);

    let used = mary.http.get("/api/v1/invitations").await.json();
    assert_eq!(used["items"][0]["used"], 2, "{used}");
    let text = homes.fails(1, "zoe", &["join", &link, "--name", "zoe"]);
    assert!(
        text.contains("used up") && text.contains("new link"),
        "{text}"
    );
    assert!(!homes.path("zoe").exists(), "nothing is left behind");

    // Of a wallet in a new home, mary's node says that it is bob's. That is told, and decides nothing.
    let (from, to) = (homes.path("bob"), homes.path("again"));
    fs::create_dir(&to).unwrap();
    fs::copy(from.join("wallet.json"), to.join("wallet.json")).unwrap();
    let Output { stdout, stderr, .. } =
        run(homes.args("again", &["join", &link, "--name", "robert"]));
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert!(
        said.contains("plays as bob") && said.contains("used up"),
        "{said}"
    );
    let joined = homes.json("again", &["join", &link]);
    assert_eq!(joined["player"], "robert");
    assert_eq!(
        (&joined["joined"], &joined["told"]),
        (&json!(false), &json!("bob"))
    );
    let text = homes.fails(1, "again", &["join", &link, "--name", "eve"]);
    assert!(text.contains("is taken"), "{text}");

    // What the chain shows of bob's ticket is of no use to anybody else.
    let (status, _) = bob.terminate().await;
    assert!(status.success());
    let seen = invitation_of(&homes.path("bob").join("chain.redb"), "bob");
    let thief = Key::generate().unwrap();
    let mut draft = Draft::new(thief.account(), Nonce(0));
    let body = draft.body(Action::Join(actions::Join {
        name: Name::new("thief").unwrap(),
        invitation: Some(Box::new(seen)),
    }));
    let stolen = hand_in(&mary, &thief.sign(homes.pool(), body)).await;
    assert!(stolen.contains("bad-invitation"), "{stolen}");
}

/// The invitation in the join of a name.
fn invitation_of(chain: &Path, name: &str) -> Invitation {
    let store = Store::open(chain).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let tip = snapshot.tip().unwrap().height.0;
    (1..=tip)
        .filter_map(|height| snapshot.block_at(bolao_ledger::Height(height)).unwrap())
        .flat_map(|block| block.transactions)
        .find_map(|transaction| match transaction.body.action {
            Action::Join(actions::Join {
                name: joined,
                invitation: Some(invitation),
            }) if joined.as_str() == name => Some(*invitation),
            _ => None,
        })
        .unwrap()
}

/// What a node answers to a transaction.
async fn hand_in(node: &Daemon, transaction: &Transaction) -> String {
    let body = json!({ "transaction": hex::encode(encode(transaction)) });
    let request = node
        .http
        .request("POST", "/api/v1/transactions")
        .json(&body);
    node.http.send(request).await.text
}

#[tokio::test]
async fn links_that_let_nobody_in_say_why() {
    let homes = Homes::new();
    homes.new_pool(&["--membership", "invite"]);
    let node = start(&homes, "mary", &[]).await;
    let pool = homes.pool();
    let mary = WalletFile::open(homes.path("mary").join("wallet.json"), "")
        .unwrap()
        .player();
    let later = UnixSeconds(4_000_000_000);
    let issue = |organiser: &Key, pool, expires| {
        let key = Key::generate().unwrap();
        HeldTicket::issue(organiser, key, pool, 5, expires)
    };

    let expired = forged(&node, issue(&mary, pool, UnixSeconds(1_000_000_000)), pool);
    let stranger = Key::generate().unwrap();
    let no_organiser = forged(&node, issue(&stranger, pool, later), pool);
    let other = PoolId([9; 32]);
    let other_pool = forged(&node, issue(&mary, other, later), other);
    let mut damaged = homes.link(&[]);
    let last = damaged.pop().unwrap();
    damaged.push(if last == 'A' { 'B' } else { 'A' });
    for (link, wanted) in [
        (&expired, "expired on"),
        (&no_organiser, "not an organiser"),
        (&other_pool, "the link is for the pool 0909"),
        (&damaged, "damaged"),
    ] {
        let text = homes.fails(1, "bob", &["join", link, "--name", "bob"]);
        assert!(text.contains(wanted), "{wanted}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(!homes.path("bob").exists(), "{wanted}: a home was made");
    }

    for (link, code) in [(&expired, "ticket-expired"), (&other_pool, "other-pool")] {
        let text = homes.fails(1, "bob", &["join", link, "--name", "bob", "--json"]);
        let problem: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["code"], code, "{text}");
    }

    // Without any link there is no way in, and that is said.
    let url = format!("127.0.0.1:{}", node.port.number());
    let said = homes.ok("bob", &["join", &url, "--name", "bob"]);
    assert!(said.contains("invitation-only: ask an organiser"), "{said}");
    let text = homes.fails(1, "bob", &["invite", "--url", &url]);
    assert!(text.contains("only organisers"), "{text}");
}

#[tokio::test]
async fn a_short_link_wants_the_node_that_made_it_short() {
    let homes = Homes::new();
    homes.new_pool(&["--membership", "invite"]);
    let mut mary = start(&homes, "mary", &[]).await;
    let link = homes.link(&[]);
    assert!(mary.terminate().await.0.success());
    let text = homes.fails(1, "bob", &["join", &link, "--name", "bob"]);
    assert!(text.contains("cannot reach the node"), "{text}");
    mary.spawn();
    mary.wait().await;
    homes.ok("bob", &["join", &link, "--name", "bob"]);

    // What a node that is away, or an older one, does not take makes a long link, which needs nothing of it.
    let away = ["invite", "--url", "http://127.0.0.1:1"];
    let Output { stdout, stderr, .. } = run(homes.args("mary", &away));
    let (long, said) = (
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    );
    let (_, text) = long.trim().split_once('#').unwrap();
    assert!(text.len() > 200, "{long}");
    assert!(
        said.contains("long one, which works just as well"),
        "{said}"
    );
    let here = format!("{}/join#{text}", mary.url());
    homes.ok("eve", &["join", &here, "--name", "eve"]);

    // Whom the link does not name knows nothing of it.
    fs::remove_file(homes.path("mary").join("invitations.json")).unwrap();
    let text = homes.fails(1, "zoe", &["join", &link, "--name", "zoe"]);
    assert!(
        text.contains("does not know the invitation") && text.contains("new link"),
        "{text}"
    );
    assert!(!homes.path("zoe").exists(), "nothing is left behind");
    let text = homes.fails(1, "zoe", &["join", &link, "--name", "zoe", "--json"]);
    let problem: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(problem["code"], "unknown-invitation", "{text}");
}

#[tokio::test]
async fn a_ticket_used_up_meanwhile_is_replaced_while_the_node_runs() {
    let homes = Homes::new();
    homes.new_pool(&["--membership", "invite"]);
    let mary = start(&homes, "mary", &[]).await;
    let link = homes.link(&["--uses", "1"]);
    for name in ["bob", "eve"] {
        homes.ok(name, &["join", &link, "--name", name]);
    }
    let _bob = start(&homes, "bob", &[]).await;
    joins(&mary, "bob").await;
    let eve = start(&homes, "eve", &[]).await;
    eventually("the reason in the log", TIMEOUT, async || {
        let log = eve.log();
        let told = log.contains("could not join the pool") && log.contains("new link");
        told.then_some(())
    })
    .await;
    homes.ok("eve", &["join", &homes.link(&["--uses", "1"])]);
    joins(&mary, "eve").await;
}

#[tokio::test]
async fn classic_names_need_an_invitation_too() {
    let homes = Homes::new();
    homes.new_pool(&["--membership", "invite"]);
    let node = start(&homes, "mary", &["--classic"]).await;
    let games = node.http.get("/api/v1/matches").await.json();
    let bet = json!({
        "playername": "john", "matchid": games["items"][0]["code"],
        "teamonescore": 1, "teamtwoscore": 2,
    });
    let answer = node.http.post("/bet", bet.to_string()).await;
    assert_eq!(answer.status, 403, "{answer:?}");
    assert!(answer.problem().contains("invitation-only"), "{answer:?}");
}

#[tokio::test]
async fn an_open_pool_is_joined_by_link_address_and_file() {
    let homes = Homes::new();
    homes.new_pool(&[]);
    let text = homes.fails(2, "mary", &["invite", "--uses", "3"]);
    assert!(text.contains("open"), "{text}");
    let text = homes.fails(1, "mary", &["invite"]);
    assert!(text.contains("--url"), "{text}");
    let node = start(&homes, "mary", &[]).await;
    let link = homes.link(&[]);
    let address = format!("127.0.0.1:{}", node.port.number());
    let file = homes
        .path("mary")
        .join("genesis.json")
        .display()
        .to_string();
    for (name, pool) in [("bob", &link), ("eve", &address), ("zoe", &file)] {
        let joined = homes.json(name, &["join", pool, "--name", name]);
        assert_eq!(joined["pool"], homes.pool().to_string());
        assert_eq!(joined["player"], name);
        assert_eq!(joined["invited"], true);
    }
    let cup = homes.path("cup.json").display().to_string();
    let text = homes.fails(1, "ann", &["join", &cup, "--name", "ann"]);
    assert!(
        text.contains("file of matches") && text.contains("bolao new"),
        "{text}"
    );
}
