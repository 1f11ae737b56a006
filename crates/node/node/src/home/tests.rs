#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt as _;

use bolao_ledger::{BlockId, Height};

use bolao_api::body::Viewers;

use super::*;
use crate::services;

#[test]
fn an_empty_home_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let error = Home::open(dir.path()).unwrap().genesis().unwrap_err();
    let text = error.to_string();
    for command in ["bolao start", "bolao join", "bolao demo"] {
        assert!(text.contains(command), "{text}");
    }
}

#[test]
fn a_new_home_is_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path().join("data/home")).unwrap();
    let mode = fs::metadata(home.dir()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_home_keeps_one_pool_for_good() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let article = Genesis::article();
    home.set_genesis(&article).unwrap();
    home.set_genesis(&article).unwrap();
    let mut other = article.clone();
    other.created = bolao_ledger::UnixSeconds(1);
    assert!(matches!(
        home.set_genesis(&other),
        Err(HomeError::OtherPool { .. })
    ));
    assert_eq!(home.genesis().unwrap(), article);
}

#[test]
fn secrets_are_kept_and_are_the_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let (key, token) = (home.node_key().unwrap(), home.token().unwrap());
    assert_eq!(
        (home.node_key().unwrap(), home.token().unwrap()),
        (key, token)
    );
    for name in ["node.key", "token"] {
        let mode = fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn damaged_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    for (name, text) in [
        ("node.key", &b"xyz"[..]),
        ("validator.key", b"\xff\xfe"),
        ("profile.json", b"{"),
        ("registered.json", b"{}"),
    ] {
        fs::write(dir.path().join(name), text).unwrap();
    }
    for error in [
        home.node_key().unwrap_err(),
        home.validator_key().unwrap_err(),
        home.profile().unwrap_err(),
        home.registered().unwrap_err(),
    ] {
        assert!(matches!(error, HomeError::Damaged { .. }), "{error}");
    }
}

#[test]
fn what_can_be_made_anew_is_put_aside() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let damaged = [
        ("names.json", &b"[1"[..]),
        ("registered.json", b"{}"),
        ("token", b"\xff\xfe"),
        ("push.key", b"00"),
        ("push.json", b"[]"),
    ];
    for (name, text) in damaged {
        fs::write(dir.path().join(name), text).unwrap();
    }
    fs::write(dir.path().join("node.key"), "xyz").unwrap();
    home.put_damaged_aside(services::kept::read(&home));
    assert!(home.names().unwrap().is_empty());
    assert!(home.registered().unwrap().is_empty());
    let token = home.token().unwrap();
    for (name, text) in damaged {
        let aside = dir.path().join(name).with_added_extension("bad");
        assert_eq!(fs::read(aside).unwrap(), text);
    }
    // What is well stays, and so does what cannot be made anew.
    home.put_damaged_aside(services::kept::read(&home));
    assert_eq!(home.token().unwrap(), token);
    home.node_key().unwrap_err();
}

#[test]
fn no_wallet_is_made_in_place_of_one_that_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let made = crate::pool::open_wallet(&home, "").unwrap();
    let account = made.player().account();
    assert_eq!(home.profile().unwrap().account, Some(account));
    let wallet = fs::read(home.wallet_path()).unwrap();
    fs::remove_file(home.wallet_path()).unwrap();
    let error = crate::pool::open_wallet(&home, "").unwrap_err().to_string();
    assert!(
        error.contains(&account.to_string()) && error.contains("bolao wallet restore"),
        "{error}"
    );
    assert!(!home.wallet_path().exists());
    fs::write(home.wallet_path(), wallet).unwrap();
    let again = crate::pool::open_wallet(&home, "").unwrap();
    assert_eq!(again.player().account(), account);
}

#[test]
fn a_damaged_genesis_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    fs::write(dir.path().join("genesis.json"), "{\"name\":").unwrap();
    let error = home.genesis().unwrap_err().to_string();
    assert!(error.contains("genesis.json"), "{error}");
}

#[test]
fn the_last_ticket_is_kept_for_its_pool_alone() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let pool = Genesis::article().pool_id();
    assert!(home.ticket(pool).unwrap().is_none());
    let organiser = bolao_wallet::Key::generate().unwrap();
    for uses in [1, 2] {
        let key = bolao_wallet::Key::generate().unwrap();
        let expires = bolao_ledger::UnixSeconds(9);
        let ticket = HeldTicket::issue(&organiser, key, pool, uses, expires);
        let invite = Invite {
            pool,
            named: None,
            ticket: Some(ticket),
        };
        home.set_invite(invite).unwrap();
        assert_eq!(home.ticket(pool).unwrap().unwrap().ticket().uses, uses);
    }
    // A link without a ticket leaves it, and one without a block leaves the block.
    for height in [Some(7), Some(5), None] {
        let named = height.map(|height| BlockId {
            height: bolao_ledger::Height(height),
            hash: bolao_ledger::BlockHash([1; 32]),
        });
        let ticket = None;
        home.set_invite(Invite {
            pool,
            named,
            ticket,
        })
        .unwrap();
        let kept = home.invite(pool).unwrap().unwrap();
        assert_eq!(kept.named.unwrap().height.0, height.unwrap_or(5));
        assert_eq!(kept.ticket.unwrap().ticket().uses, 2);
    }
    assert!(home.ticket(PoolId([1; 32])).unwrap().is_none());
    let path = dir.path().join(INVITATION);
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
    fs::write(path, "damaged").unwrap();
    assert!(matches!(
        home.ticket(pool).unwrap_err(),
        HomeError::Damaged { .. }
    ));
}

#[test]
fn a_profile_without_an_account_is_read_too() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let mut profile = Profile::default();
    assert_eq!(home.profile().unwrap(), profile);
    fs::write(dir.path().join("profile.json"), r#"{"name": "ana"}"#).unwrap();
    profile.name = Some("ana".to_owned());
    assert_eq!(home.profile().unwrap(), profile);
    profile.account = Some(AccountId([7; 32]));
    home.set_profile(&profile).unwrap();
    assert_eq!(home.profile().unwrap(), profile);
}

#[test]
fn earlier_damaged_stores_stay() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    for number in 1..=5 {
        let path = home.next_damaged_chain_path();
        fs::write(&path, number.to_string()).unwrap();
        assert_eq!(home.damaged_chain_path(), path);
    }
    let read = |name| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(read("chain.redb.damaged"), "1");
    assert_eq!(read("chain.redb.damaged.2"), "2");
    assert_eq!(read("chain.redb.damaged.3"), "5");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
}

#[test]
fn a_home_that_waits_forgets_nothing_of_why() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let up_to = || home.wait().unwrap().map(|wait| wait.up_to);
    assert_eq!(up_to(), None);
    for (height, kept) in [(7, 7), (3, 7), (9, 9)] {
        home.set_wait(WaitCause::Damage, Some(Height(height)))
            .unwrap();
        assert_eq!(up_to(), Some(Some(Height(kept))));
    }
    // It may have signed anything.
    home.set_wait(WaitCause::NoChain, None).unwrap();
    assert_eq!(up_to(), Some(None));
    home.set_wait(WaitCause::Damage, Some(Height(3))).unwrap();
    assert_eq!(up_to(), Some(None));
    fs::write(dir.path().join("validator.waits"), "yes").unwrap();
    let wait = home.wait().unwrap().unwrap();
    assert_eq!((wait.up_to, wait.step), (None, WaitStep::Waits));
    home.allow_vote(wait).unwrap();
    assert_eq!(home.wait().unwrap().unwrap().step, WaitStep::Allowed);
    home.end_wait().unwrap();
    assert_eq!(up_to(), None);
    // It votes, whatever it still lacks.
    assert!(home.is_marked().unwrap());
    home.forget_wait().unwrap();
    assert!(!home.is_marked().unwrap());
}

#[test]
fn it_is_said_why_a_home_waits_and_what_ends_that() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    home.validator_key().unwrap();
    home.set_wait(WaitCause::Damage, Some(Height(7))).unwrap();
    let said = |others| home.key_problem(None, others).unwrap().unwrap();
    assert!(said(0).contains("up to block 7") && said(0).contains("--nothing-newer"));
    assert!(said(1).contains("--risk-voting-twice"), "{}", said(1));
    home.set_wait(WaitCause::Backup, None).unwrap();
    assert!(
        said(0).contains("nothing newer for a minute"),
        "{}",
        said(0)
    );
}

#[test]
fn who_may_look_is_kept_and_can_be_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    for viewers in [Viewers::Everybody, Viewers::Players, Viewers::Everybody] {
        home.set_viewers(viewers).unwrap();
        let again = Home::open(dir.path()).unwrap();
        assert_eq!(again.viewers().unwrap(), viewers);
    }
}

#[test]
fn the_height_of_a_damaged_chain_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    assert_eq!(home.had().unwrap(), None);
    for (height, kept) in [(7, 7), (3, 7), (9, 9)] {
        home.set_had(Height(height)).unwrap();
        assert_eq!(home.had().unwrap(), Some(Height(kept)));
    }
}

#[test]
fn it_is_said_what_is_wrong_with_the_key_to_vote_with() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    let problem = |votes_with| home.key_problem(votes_with, 0).unwrap();
    assert_eq!(problem(None), None);
    assert_eq!(home.validator_key_there().unwrap(), None);
    let other = ValidatorKey([7; 32]);
    assert!(problem(Some(other)).unwrap().contains("is gone"));
    let own = home.validator_key().unwrap();
    assert_eq!(home.validator_key_there().unwrap(), Some(own));
    assert_eq!((problem(None), problem(Some(own))), (None, None));
    let said = problem(Some(other)).unwrap();
    assert!(
        said.contains("another key") && said.contains("bolao validators offer"),
        "{said}"
    );
    home.set_voted(Height(3)).unwrap();
    assert_eq!(problem(None), None);
    let path = dir.path().join("validator.key");
    fs::write(&path, "damaged").unwrap();
    assert!(problem(Some(own)).unwrap().contains("damaged"));
    fs::remove_file(path).unwrap();
    assert!(problem(None).unwrap().contains("bolao validators appoint"));
}

/// A node and commands write there at the same time; what one read before the other wrote was lost.
#[test]
fn of_many_who_change_a_file_at_once_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let all: Vec<String> = (0..MOST_NAMES)
        .map(|no| format!("n{no:02}.example"))
        .collect();
    std::thread::scope(|scope| {
        for name in &all {
            scope.spawn(|| Home::open(dir.path()).unwrap().add_name(name).unwrap());
        }
    });
    let names = Home::open(dir.path()).unwrap().names().unwrap();
    assert_eq!(names.into_iter().collect::<Vec<_>>(), all);
}
