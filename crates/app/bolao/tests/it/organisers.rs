//! Organisers that come and go.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use bolao_ledger::{
    AccountId, Action, Name, Nonce, Quorum, Rules, SetChange, UnixSeconds, actions,
};
use bolao_node::{Home, Profile};
use bolao_wallet::{Draft, WalletFile};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    organising::{Friends, HOUR, now, pool},
    support::{Grower, done, new_key, quick_temp, run_node},
};

fn names(friends: &Friends, friend: usize) -> Vec<Value> {
    let shown = friends.json(friend, &["organisers", "--json"]);
    let organisers = shown["organisers"].as_array().unwrap().iter();
    organisers.map(|it| it["name"].clone()).collect()
}

#[tokio::test]
async fn a_second_organiser_takes_the_first_ones_place() {
    let genesis = pool(Rules {
        organisers_quorum: Quorum::of(1),
        ..Rules::default()
    });
    let friends = Friends::start(genesis, 1).await;
    assert_eq!(names(&friends, 1), [json!("ana")]);

    // Only an organiser changes them, and the last one stays.
    let said = friends.fails(1, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("you are not one"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "remove", "ana"]);
    assert!(said.contains("too-few-organisers"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "add", "dora"]);
    assert!(said.contains("dora"), "{said}");

    let said = friends.ok(0, &["organisers", "add", "bruno", "--dry-run"]);
    assert!(said.contains("Nothing was sent"), "{said}");
    let said = friends.ok(0, &["organisers", "add", "bruno", "--yes", "--wait"]);
    assert!(said.contains("bruno is an organiser"), "{said}");
    friends.level().await;
    assert_eq!(names(&friends, 2), [json!("ana"), json!("bruno")]);
    let said = friends.fails(0, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("already-organiser"), "{said}");

    // Bruno records what Ana, who has lost her words, cannot; and she organises no more.
    friends.ok(1, &["result", "PtCh", "2-1", "--yes", "--wait"]);
    friends.ok(1, &["organisers", "remove", "ana", "--yes", "--wait"]);
    friends.level().await;
    assert_eq!(names(&friends, 0), [json!("bruno")]);
    let said = friends.fails(0, 1, &["result", "PtCh", "2-2"]);
    assert!(said.contains("you are not one"), "{said}");
    // A dry run is judged for whom organises now.
    let list = friends.dir.path().join("list.csv");
    let line = "Date,Time,Home,Away,Round\n2098-06-09,19:45,Sweden,Norway,Final\n";
    std::fs::write(&list, line).unwrap();
    let list = list.to_str().unwrap();
    let dry = [
        "import",
        list,
        "--dry-run",
        "--zone",
        "UTC",
        "--anyway",
        "--json",
    ];
    let found = friends.json(2, &dry);
    assert_eq!(found["changes"][0]["verdict"], "sign", "{found}");
    let log = friends.ok(2, &["log"]);
    assert!(log.contains("ana is no longer an organiser"), "{log}");
}

#[tokio::test]
async fn where_the_rules_do_not_say_how_they_stay_as_they_are() {
    let friends = Friends::start(pool(Rules::default()), 1).await;
    let said = friends.ok(0, &["organisers"]);
    assert!(said.contains("They cannot be changed"), "{said}");
    let said = friends.fails(0, 1, &["organisers", "add", "bruno"]);
    assert!(said.contains("cannot be changed"), "{said}");
}

const DAY: u64 = 24 * HOUR;

/// Ana's home of a pool as it is made now, which she organises with Bruno. He has signed something 17 days ago, and what is given
/// since then: how long ago, who and what.
fn two(dir: &Path, since: &[(u64, &str, Action)]) -> Home {
    let home = Home::open(dir).unwrap();
    let ana = WalletFile::create(home.wallet_path(), "").unwrap().player();
    let bruno = new_key();
    let mut genesis = pool(Rules {
        dispute_window_s: 30 * 86_400,
        ..Rules::of_new_pools(2)
    });
    genesis.created = UnixSeconds(now() - 18 * DAY);
    genesis.matches[0].kickoff = Some(UnixSeconds(now() - 10 * DAY));
    genesis.organisers = vec![ana.account(), bruno.account()];
    home.set_genesis(&genesis).unwrap();
    let profile = Profile {
        name: Some("ana".to_owned()),
        account: Some(ana.account()),
        zone: None,
    };
    home.set_profile(&profile).unwrap();
    let mut grower = Grower::open(&home);
    let mut drafts = [("ana", &ana), ("bruno", &bruno)].map(|(name, key)| {
        let draft = Draft::new(key.account(), Nonce::ZERO);
        (name, key, draft)
    });
    grower.at(UnixSeconds(now() - 17 * DAY));
    for (name, key, draft) in &mut drafts {
        grower.submit(key, draft.join(Name::new(name).unwrap()));
    }
    grower.mine(&ana);
    for (ago, who, action) in since {
        let action = match action {
            Action::Organiser(actions::Organiser { added, .. }) => {
                Action::Organiser(actions::Organiser {
                    account: bruno.account(),
                    added: *added,
                })
            }
            other => other.clone(),
        };
        let (_, key, draft) = drafts.iter_mut().find(|it| it.0 == *who).unwrap();
        grower.at(UnixSeconds(now() - ago));
        grower.submit(key, draft.body(action)).mine(key);
    }
    home
}

/// Ana has asked Bruno to leave.
fn asked() -> Action {
    let account = AccountId([0; 32]);
    let added = false;
    Action::Organiser(actions::Organiser { account, added })
}

fn ok(home: &Home, arguments: &[&str]) -> String {
    let dir = home.dir().display().to_string();
    done([&["--home", dir.as_str()][..], arguments].concat())
}

/// Bruno's phone fell into the sea. Ana asks him to leave by the command that removes an organiser, which says what will happen.
#[tokio::test]
async fn a_phone_that_fell_into_the_sea_takes_two_weeks() {
    let dir = quick_temp();
    let home = two(&dir.path().join("asks"), &[]);
    let node = run_node(home.dir(), &["--mine", "pending"]).await;
    let said = ok(&home, &["result", "PtCh", "2-1", "--yes", "--wait"]);
    assert!(said.contains("1 of 2 needed"), "{said}");
    let removes = ["organisers", "remove", "bruno"];
    let said = ok(&home, &[&removes[..], &["--dry-run"]].concat());
    assert!(
        said.contains("bruno has signed nothing for seven days")
            && said.contains("Nothing was sent"),
        "{said}"
    );
    ok(&home, &[&removes[..], &["--yes", "--wait"]].concat());
    let shown = ok(&home, &["organisers"]);
    let words = "unless there is a signature from bruno before then";
    assert!(
        shown.contains("bruno stops being an organiser in ") && shown.contains(words),
        "{shown}"
    );
    let shown: Value = serde_json::from_str(&ok(&home, &["organisers", "--json"])).unwrap();
    let leaves: Timestamp = shown["silent"][1]["leaves"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let in_s = leaves.duration_since(Timestamp::now()).as_secs();
    assert!((6 * 86_400..=7 * 86_400).contains(&in_s), "{in_s}");
    let again = ok(&home, &[&removes[..], &["--dry-run"]].concat());
    assert!(
        again.contains("bruno was asked to leave, and does in "),
        "{again}"
    );
    for told in ["log", "status"] {
        let told = ok(&home, &[told]);
        assert!(told.contains("bruno"), "{told}");
    }
    let log = ok(&home, &["log"]);
    assert!(
        log.contains("unless there is a signature of that account before"),
        "{log}"
    );
    drop(node);

    // Seven days later she signs alone, in the first block.
    let home = two(
        &dir.path().join("alone"),
        &[(7 * DAY + HOUR, "ana", asked())],
    );
    let node = run_node(home.dir(), &["--mine", "pending"]).await;
    ok(&home, &["result", "PtCh", "2-1", "--yes", "--wait"]);
    let shown: Value = serde_json::from_str(&ok(&home, &["organisers", "--json"])).unwrap();
    assert_eq!(shown["organisers"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!(shown["signatures_needed"], 1, "{shown}");
    let shown = ok(&home, &["result", "PtCh"]);
    assert!(shown.contains("2-1"), "{shown}");
    let audit = ok(&home, &["audit"]);
    assert!(audit.contains("clean"), "{audit}");
    drop(node);

    // He found it, and has signed something: he stays.
    let found = Action::Address(actions::Address {
        address: "https://pool.example".parse().unwrap(),
    });
    let since = [(7 * DAY + HOUR, "ana", asked()), (2 * HOUR, "bruno", found)];
    let home = two(&dir.path().join("found"), &since);
    let node = run_node(home.dir(), &["--mine", "pending"]).await;
    let said = ok(&home, &["result", "PtCh", "2-1", "--yes", "--wait"]);
    assert!(said.contains("1 of 2 needed"), "{said}");
    let said = ok(&home, &[&removes[..], &["--dry-run"]].concat());
    assert!(said.contains("If bruno has lost the words"), "{said}");
    drop(node);
}

/// Who appoints validators is as many as sign results, where the flags do not say: one of three does not take the blocks alone.
#[test]
fn as_many_appoint_validators_as_sign_results() {
    let dir = quick_temp();
    let file = dir.path().join("fixtures.json");
    std::fs::write(&file, crate::voting::FIXTURES).unwrap();
    let file = file.display().to_string();
    let account = |name: &str| {
        let home = Home::open(dir.path().join(name)).unwrap();
        let wallet = WalletFile::create(home.wallet_path(), "").unwrap();
        wallet.player().account().to_string()
    };
    let (bruno, clara) = (account("bruno"), account("clara"));
    let new = |name: &str, flags: &[&str]| {
        let home = Home::open(dir.path().join(name)).unwrap();
        let all = ["new", "Finals", "--fixtures", &file, "--as", "ana"];
        ok(&home, &[&all[..], flags].concat());
        let genesis = home.genesis().unwrap();
        let rules = genesis.rules.clone();
        let appoint = match genesis.consensus.set_change() {
            Some(SetChange::Appointed { quorum }) => quorum,
            other => panic!("{other:?}"),
        };
        [
            rules.results_quorum,
            rules.schedule_quorum,
            appoint,
            rules.organisers_quorum,
        ]
    };
    let others = ["--organiser", &bruno, "--organiser", &clara];
    let signs = ["--results", "2-of-3", "--schedules", "2-of-3"];
    let two = Quorum::of(2);
    assert_eq!(new("numbers", &[&others[..], &signs].concat()), [two; 4]);
    let usual = [Quorum::TWO_ONCE_TWO; 4];
    assert_eq!((new("usual", &[]), new("several", &others)), (usual, usual));
    let ones = [
        "--results",
        "1",
        "--schedules",
        "1",
        "--appoint",
        "two-once-two",
    ];
    let one = Quorum::of(1);
    let mixed = [one, one, Quorum::TWO_ONCE_TWO, Quorum::TWO_ONCE_TWO];
    assert_eq!(new("ones", &ones), mixed);
}
