#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt as _;

use bolao_wallet::NamedBlock;

use super::*;

#[test]
fn an_empty_home_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let error = Home::open(dir.path()).unwrap().genesis().unwrap_err();
    let text = error.to_string();
    for command in ["bolao new", "bolao join", "bolao demo"] {
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
        let named = height.map(|height| NamedBlock {
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
fn lost_votes_are_never_fewer() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::open(dir.path()).unwrap();
    assert_eq!(home.lost_votes().unwrap(), None);
    for (upto, kept) in [(7, 7), (3, 7), (9, 9)] {
        home.set_votes_lost(Height(upto)).unwrap();
        assert_eq!(home.lost_votes().unwrap(), Some(Height(kept)));
    }
    fs::write(dir.path().join("validator.lost"), "yes").unwrap();
    home.set_votes_lost(Height(1)).unwrap();
    assert_eq!(home.lost_votes().unwrap(), Some(Height(u64::MAX)));
    home.clear_votes_lost().unwrap();
    assert_eq!(home.lost_votes().unwrap(), None);
}
