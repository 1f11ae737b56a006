//! `bolao slip` and `bolao verify`.

use std::fs;

use bolao_ledger::{Action, BetMode, Height, actions};
use bolao_node::Home;
use bolao_receipts::{SLIP_BYTES_MAX, Slip};
use bolao_store::Store;
use serde_json::{Value, json};

use super::pool::{Pool, failed, succeeded, tip};

#[test]
fn a_slip_is_written_once_and_checked_without_a_home() {
    let pool = Pool::played();
    let said = pool.ok(&["slip", "ptch"]);
    assert!(
        said.contains("PtCh-mary.slip.json proves: mary bet 2-1"),
        "{said}"
    );
    assert!(
        said.contains("It also shows the bets on NlEn: they were sent together"),
        "{said}"
    );
    let text = pool.read("PtCh-mary.slip.json");
    assert_eq!(text, pool.ok(&["slip", "PtCh", "--json"]));
    let text = pool.fails(1, &["slip", "PtCh"]);
    assert!(
        text.contains("already exists") && text.contains("--force"),
        "{text}"
    );
    pool.ok(&["slip", "PtCh", "--force"]);
    pool.ok(&["slip", "PtCh", "--player", "=eva", "--output", "eva"]);
    assert!(
        pool.fails(1, &["slip", "PtNl"])
            .contains("no block includes a bet of yours")
    );
    pool.fails(1, &["slip", "PtCh", "--player", "nobody"]);

    let id = pool.pool_id();
    let said = not_compared(
        &pool,
        None,
        &["verify", "PtCh-mary.slip.json", "--pool", &id],
    );
    let account = pool.key("mary").account().to_string();
    for part in [
        "Not compared: there is no pool in ",
        "But: anyone with enough computing time could make such a receipt. Compare it in a home of the pool",
        "Chain     not compared: there is no pool in ",
        "one core makes some 10 million in a second",
        &account,
        "2-1 on PtCh, Portugal – Switzerland, 10 chips\n          6 h before its first planned kick-off",
        "1-1 on NlEn",
        "Block     2 of Wed 5 Jun 2019 12:00 UTC",
        "3 blocks up to block 5",
        "It does not prove",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("mary"), "{said}");
    // With a home, its pool is meant and its chain knows the name.
    let said = pool.ok(&["verify", "PtCh-mary.slip.json"]);
    assert!(said.contains("mary"), "{said}");
    assert!(
        said.contains("In your chain: these bets are in block 2."),
        "{said}"
    );
    assert!(said.contains("your own chain has this block"), "{said}");
    let report = pool.json(&["verify", "eva", "--json"]);
    assert_eq!(report["verdict"], "in_chain");
    assert_eq!(
        (&report["rests_on"], &report["why"]),
        (&json!("own_chain"), &Value::Null)
    );
    assert_eq!(report["late"], false);
    assert_eq!(report["tips"][0]["score"], json!({"home": 0, "away": 0}));
    assert_eq!(report["tips"][0]["before_deadline"], true);
    assert_eq!(report["tips"][0]["deadline"], "2019-06-05T18:45:00Z");
    assert_eq!(report["own_chain"], true);
    assert_eq!(report["first_work"], report["work"]);
    assert_eq!(report["blocks_on_top"], 3);
}

/// What `verify` says where nothing is compared, with the status of that.
fn not_compared(pool: &Pool, home: Option<&str>, args: &[&str]) -> String {
    let ended = pool.run_with(home, args);
    assert_eq!(ended.status.code(), Some(4), "{args:?}: {ended:?}");
    let said = String::from_utf8(ended.stdout).unwrap();
    let is_json = args.contains(&"--json");
    let answer = if is_json {
        r#""verdict": "not_compared""#
    } else {
        "Not compared: "
    };
    assert!(said.contains(answer), "{said}");
    assert!(
        !said.contains("Valid") && !said.contains("In your chain"),
        "{said}"
    );
    said
}

/// mary wanted to be called john, whose name was another player's by then.
#[test]
fn you_are_your_account_and_not_a_name() {
    let pool = Pool::played();
    let home = Home::open(pool.home()).unwrap();
    let mut profile = home.profile().unwrap();
    profile.name = Some("john".to_owned());
    home.set_profile(&profile).unwrap();
    for args in [
        &["standings"][..],
        &["round", "semi-finals"],
        &["match", "PtCh"],
        &["player", "mary"],
    ] {
        let said = pool.ok(args);
        assert!(said.contains("mary (you)"), "{args:?}: {said}");
        assert_eq!(said.matches("(you)").count(), 1, "{args:?}: {said}");
    }
    assert!(!pool.ok(&["player", "john"]).contains("(you)"));
    let said = pool.ok(&["slip", "PtCh"]);
    assert!(said.contains("mary bet 2-1"), "{said}");

    profile.account = None;
    home.set_profile(&profile).unwrap();
    assert!(!pool.ok(&["standings"]).contains("(you)"));
    let text = pool.fails(1, &["slip", "PtCh", "--force"]);
    assert!(text.contains("--player NAME"), "{text}");
}

#[test]
fn what_is_no_proof() {
    let pool = Pool::played();
    pool.ok(&["slip", "PtCh", "--output", "slip"]);
    let args = ["verify", "slip"];
    let text = failed(pool.run_with(None, &args), 2, &args);
    assert!(
        text.contains("--pool ID") && text.contains(&pool.pool_id()),
        "{text}"
    );
    let other = "00".repeat(32);
    let args = ["verify", "slip", "--pool", &other];
    let text = failed(pool.run_with(None, &args), 1, &args);
    assert!(
        text.contains("proves nothing") && text.contains("wanted one of the pool"),
        "{text}"
    );
    pool.fails(2, &["verify", "slip", "--pool", "nonsense"]);
    pool.fails(1, &["verify", "nothing-there"]);
    pool.fails(1, &["verify", "."]);
    fs::write(pool.dir().join("noise"), [0xff, 0xfe, 0]).unwrap();
    assert!(
        pool.fails(1, &["verify", "noise"])
            .contains("not even text")
    );
    fs::write(pool.dir().join("notes"), "what to buy").unwrap();
    let text = pool.fails(1, &["verify", "notes"]);
    assert!(
        text.contains("notes is not a slip, or was cut off"),
        "{text}"
    );
    fs::write(pool.dir().join("long"), " ".repeat(9 << 20)).unwrap();
    assert!(pool.fails(1, &["verify", "long"]).contains("at most"));
    let text = pool.fails(1, &["verify", "slip", "--reveal"]);
    assert!(text.contains("no sealed bets"), "{text}");
}

/// Every part of the file is touched: bits turned, bytes left out, the end cut off.
#[test]
fn a_changed_slip_fails_with_a_reason() {
    let pool = Pool::played();
    pool.ok(&["slip", "PtCh", "--output", "slip"]);
    let good = fs::read(pool.dir().join("slip")).unwrap();
    let id = pool.pool_id();
    let verify = |bytes: &[u8]| {
        fs::write(pool.dir().join("bad"), bytes).unwrap();
        let args = ["verify", "bad", "--pool", &id];
        pool.run_with(None, &args)
    };
    assert_eq!(verify(&good).status.code(), Some(4));
    let mut changed: Vec<(String, Vec<u8>)> = Vec::new();
    // A step that is prime to 8, so that all bits have their turn. The line's end may be left out.
    for at in (0..good.len() - 1).step_by(11) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        changed.push((format!("bit {} of byte {at}", at % 8), bytes));
    }
    for at in (0..good.len() - 1).step_by(41) {
        changed.push((format!("the first {at} bytes"), good[..at].to_vec()));
        let mut bytes = good.clone();
        bytes.remove(at);
        changed.push((format!("without byte {at}"), bytes));
    }
    assert!(changed.len() > 150, "{}", changed.len());
    for (what, bytes) in changed {
        let text = failed(verify(&bytes), 1, &["verify", &what]);
        assert!(
            text.starts_with("error: ") && text.len() > 40,
            "{what}: {text}"
        );
    }
    let too_long = vec![b' '; SLIP_BYTES_MAX + 1_000];
    for bad in [b"{}".to_vec(), b"\xff\xfe\xfd".to_vec(), too_long] {
        fs::write(pool.dir().join("bad"), bad).unwrap();
        let args = ["verify", "bad", "--pool", &id, "--json"];
        let ended = pool.run_with(None, &args);
        assert_eq!(ended.status.code(), Some(1));
        let verdict: Value = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(verdict["verdict"], "bad");
        assert!(verdict["why"].as_str().unwrap().len() > 20);
    }
}

#[test]
fn only_its_owner_opens_a_sealed_slip() {
    let mut pool = Pool::new(BetMode::Sealed);
    pool.at(12);
    let (id, nonce) = (pool.genesis().pool_id(), pool.nonce("mary"));
    let sealed = pool.key("mary").seal(id, nonce, &tip(1, (4, 3), 7));
    pool.act("mary", |draft| {
        draft.body(Action::Seal(actions::Seal { bets: vec![sealed] }))
    });
    pool.mine();
    pool.close();
    let said = pool.ok(&["slip", "PtCh", "--output", "slip"]);
    assert!(said.contains("sealed") && !said.contains("4-3"), "{said}");
    let text = pool.ok(&["match", "PtCh"]);
    assert!(
        text.contains("1, 1 of them sealed and not opened"),
        "{text}"
    );

    let said = pool.ok(&["verify", "slip"]);
    assert!(
        said.contains("a sealed score") && !said.contains("4-3"),
        "{said}"
    );
    let said = pool.ok(&["verify", "slip", "--reveal"]);
    assert!(said.contains("4-3 (sealed"), "{said}");
    let report = pool.json(&["verify", "slip", "--reveal", "--json"]);
    assert_eq!(report["tips"][0]["score"], json!({"home": 4, "away": 3}));
    let report = pool.json(&["verify", "slip", "--json"]);
    assert_eq!(report["tips"][0]["score"], Value::Null);

    pool.other_home("thief");
    let args = ["verify", "slip", "--reveal"];
    let text = failed(pool.run_with(Some("thief"), &args), 1, &args);
    assert!(text.contains("only the slip's owner"), "{text}");
    let args = ["verify", "slip", "--pool", &pool.pool_id(), "--reveal"];
    failed(pool.run_with(None, &args), 1, &args);
}

/// A slip of a player's bet, which need not stand: the node's own route writes such a one too.
fn slip_of_bet(pool: &Pool, name: &str) -> String {
    let store = Store::open(&pool.chain()).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let heights = (0..=snapshot.tip().unwrap().height.0).map(Height);
    let headers: Vec<_> = heights
        .clone()
        .map(|height| snapshot.header_at(height).unwrap().unwrap().header)
        .collect();
    let account = pool.key(name).account();
    for height in heights.skip(1) {
        let block = snapshot.block_at(height).unwrap().unwrap();
        let bet = block
            .transactions
            .iter()
            .position(|tx| tx.body.account == account && matches!(tx.body.action, Action::Bet(_)));
        if let Some(index) = bet {
            let slip = Slip::of_work(&pool.genesis(), &headers, &block, index).unwrap();
            return slip.to_json();
        }
    }
    panic!("{name} has no bet");
}

#[test]
fn a_tip_after_the_deadline_is_no_good_tip() {
    // Betting on PtCh ends at 16:45, two hours before its kick-off.
    let mut pool = Pool::closing(BetMode::Open, 7_200);
    pool.at(12);
    let tips = vec![tip(1, (2, 1), 10), tip(2, (1, 1), 5)];
    pool.act("mary", |draft| draft.bet(tips));
    pool.act("ben", |draft| draft.bet(vec![tip(1, (3, 1), 20)]));
    pool.at(17);
    pool.mine();
    pool.close();
    for name in ["mary", "ben"] {
        fs::write(pool.dir().join(name), slip_of_bet(&pool, name)).unwrap();
    }
    let id = pool.pool_id();
    let away = |name: &str, more: &[&str]| {
        not_compared(
            &pool,
            None,
            &[&["verify", name, "--pool", &id], more].concat(),
        )
    };
    let said = away("ben", &[]);
    for part in [
        "15 min AFTER betting on it ended by the first plan, Wed 5 Jun 2019 16:45 UTC, 2 h before kick-off",
        "too late, so it does not count unless the match had been moved",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let report: Value = serde_json::from_str(&away("ben", &["--json"])).unwrap();
    assert_eq!(report["late"], true);
    assert_eq!(report["own_chain"], Value::Null);
    assert_eq!(report["tips"][0]["before_deadline"], false);
    assert_eq!(report["tips"][0]["deadline"], "2019-06-05T16:45:00Z");

    let report: Value = serde_json::from_str(&away("mary", &["--json"])).unwrap();
    assert_eq!(report["late"], false);
    assert_eq!(report["tips"][0]["before_deadline"], false);
    assert_eq!(report["tips"][1]["before_deadline"], true);

    // The own chain knows for certain.
    let said = pool.ok(&["verify", "ben"]);
    for part in [
        "In your chain, but the bet came too late: it was sent, but it does not count.",
        "too late by your own chain",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let report = pool.json(&["verify", "ben", "--json"]);
    assert_eq!(
        (&report["verdict"], &report["late"]),
        (&json!("in_chain"), &json!(true))
    );
    let said = pool.ok(&["verify", "mary"]);
    assert!(
        said.contains("In your chain: these bets are in")
            && said.contains("But: 1 of its 2 bets came too late and does not count."),
        "{said}"
    );
}

#[test]
fn the_own_chain_has_a_say() {
    let mut pool = Pool::new(BetMode::Open);
    pool.close();
    let (chain, base) = (pool.chain(), pool.dir().join("base"));
    fs::copy(&chain, &base).unwrap();
    // Another chain has an empty block where the pool's has the bet.
    pool.reopen();
    pool.at(13);
    pool.mine();
    pool.close();
    for name in ["fork", "behind"] {
        pool.other_home(name);
    }
    fs::copy(&chain, pool.dir().join("fork/chain.redb")).unwrap();
    fs::copy(&base, pool.dir().join("behind/chain.redb")).unwrap();
    fs::copy(&base, &chain).unwrap();
    fs::remove_file(chain.with_extension("redb.sums")).unwrap();
    pool.reopen();
    pool.at(12);
    pool.act("mary", |draft| draft.bet(vec![tip(1, (2, 1), 10)]));
    pool.mine();
    pool.close();
    pool.ok(&["slip", "PtCh", "--output", "slip"]);

    let ended = pool.run_with(Some("fork"), &["verify", "slip"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let said = String::from_utf8(ended.stdout).unwrap();
    assert!(
        said.contains("Not in your chain: it has another block at height"),
        "{said}"
    );
    let ended = pool.run_with(Some("fork"), &["verify", "slip", "--json"]);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report["own_chain"], false);
    assert_eq!(report["verdict"], "not_in_chain");

    let said = not_compared(&pool, Some("behind"), &["verify", "slip"]);
    assert!(said.contains("has not reached this block yet"), "{said}");
    let report = not_compared(&pool, Some("behind"), &["verify", "slip", "--json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["own_chain"], Value::Null);
    let height = report["block"]["height"].as_u64().unwrap();
    assert_eq!(report["own_chain_ends_at"], height - 1);

    // A friend who knows the block says so.
    let place = format!("{height}:{}", report["block"]["hash"].as_str().unwrap());
    let args = ["verify", "slip", "--at", &place];
    let said = succeeded(pool.run_with(Some("behind"), &args), &args);
    assert!(
        said.contains("In the pool: this bet is in block")
            && said.contains("that you were told holds it"),
        "{said}"
    );
    // Where only work counts, a friend's chain is one of two.
    let ended = pool.run_with(Some("fork"), &args);
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    let id = pool.pool_id();
    let away = |place: &str| {
        let ended = pool.run_with(None, &["verify", "slip", "--pool", &id, "--at", place]);
        let said = String::from_utf8([ended.stdout, ended.stderr].concat()).unwrap();
        (ended.status.code(), said)
    };
    let (code, said) = away(&place);
    assert!(code == Some(0) && said.contains("In the pool: "), "{said}");
    let (code, said) = away(&format!("{height}:{}", "07".repeat(32)));
    assert!(
        code == Some(1)
            && said.contains(
                "Not in the pool: it leads to another block than the one that you were told"
            ),
        "{said}"
    );
    let (code, said) = away(&format!("{}:{}", height + 1, "07".repeat(32)));
    assert!(code == Some(4) && said.contains("Not compared"), "{said}");
    // One below it says nothing of it.
    let (code, said) = away(&format!("0:{id}"));
    assert!(code == Some(4) && said.contains("is below it"), "{said}");
    for (place, words) in [
        ("7", "HEIGHT:HASH"),
        ("x:00", "the height"),
        ("7:00", "the hash"),
    ] {
        let (code, said) = away(place);
        assert!(code == Some(2) && said.contains(words), "{said}");
    }
}
