//! A pool that comes after another: who played in that one joins without a ticket, under a name that is kept.

#![allow(clippy::unwrap_used, clippy::cast_possible_truncation)]

use bolao_ledger::{
    AccountId, Action, Bounds, Genesis, GenesisError, Invitation, Membership, Name, Nonce,
    PoolFile, PoolId, Quorum, Reason, SignedTicket, StateView as _, Ticket, Transaction,
    UnixSeconds,
    actions::{self, KnownPlayer, NextRule},
    admission_bytes, decode, encode,
    table::Tickets,
    ticket_bytes,
};
use serde_json::json;

use crate::{
    dice::Dice,
    game::{
        Game, ORGANISER, START, TICKET, account, bet, by_invitation, genesis, invitation,
        organiser, ruled, signature, tip,
    },
};

const BEFORE: PoolId = PoolId([7; 32]);
const ANA: u8 = 2;
const BRUNO: u8 = 3;
const STRANGER: u8 = 9;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

pub(crate) fn rule(known: &[(u8, &str)]) -> NextRule {
    let known = known.iter().map(|(who, text)| (account(*who), name(text)));
    NextRule::of(BEFORE, known)
}

pub(crate) fn with(of: Genesis, known: &[(u8, &str)]) -> Genesis {
    ruled(of, |it| {
        it.rules.features.next = Some(rule(known));
        it.version = it.rules.genesis_version();
    })
}

/// A pool by invitation after one of Ana and Bruno.
pub(crate) fn game() -> Game {
    Game::with(with(by_invitation(), &[(ANA, "Ana"), (BRUNO, "Bruno")]))
}

/// A joining with a ticket of the organiser's that has this key, for one account until a time.
fn ticketed(game: &Game, who: u8, called: &str, key: u8, expires: u64) -> Transaction {
    let ticket = Ticket {
        key: account(key),
        uses: 1,
        expires: UnixSeconds(expires),
    };
    let invitation = Invitation {
        given: SignedTicket {
            ticket,
            organiser: account(ORGANISER),
            organiser_signature: signature(ORGANISER, &ticket_bytes(game.pool, &ticket)),
        },
        ticket_signature: signature(key, &admission_bytes(game.pool, &account(who))),
    };
    invited(game, who, called, invitation)
}

fn invited(game: &Game, who: u8, called: &str, invitation: Invitation) -> Transaction {
    let join = actions::Join {
        name: name(called),
        invitation: Some(Box::new(invitation)),
    };
    game.act(who, Action::Join(join))
}

fn joins(game: &mut Game, join: Transaction) -> Result<(), Reason> {
    game.play(vec![join]).map(drop)
}

fn used(game: &Game, key: u8) -> Option<u32> {
    game.state.get::<Tickets>(&account(key).0).unwrap()
}

fn owner(game: &Game, called: &str) -> Option<AccountId> {
    game.state.name_owner(&name(called).folded()).unwrap()
}

#[test]
fn who_played_before_joins_without_a_ticket() {
    let mut game = game();
    let join = game.join(ANA, 0, "Ana");
    joins(&mut game, join).unwrap();
    let late = game.join(STRANGER, 0, "Nina");
    assert_eq!(joins(&mut game, late), Err(Reason::InvitationNeeded));
    // At any time, and as everybody: chips, a nonce, one account.
    game.time += 9_000_000;
    let join = game.join(BRUNO, 0, "bruno");
    joins(&mut game, join).unwrap();
    assert_eq!(game.chips(BRUNO), game.genesis.starting_chips.0);
    let again = game.join(ANA, 1, "Ana");
    assert_eq!(joins(&mut game, again), Err(Reason::AlreadyJoined));
    game.plays(ANA, bet(&[tip(1, 1)])).unwrap();
}

/// A client with an old link gives its ticket all the same.
#[test]
fn a_ticket_of_one_who_played_before_is_neither_asked_nor_counted() {
    let mut game = game();
    game.time = START + 600;
    // Expired.
    let join = ticketed(&game, ANA, "Ana", TICKET, START + 500);
    joins(&mut game, join).unwrap();
    assert_eq!(used(&game, TICKET), None);
    // Of one use, which a stranger has then.
    let expires = START + 10_000;
    let join = ticketed(&game, BRUNO, "Bruno", 201, expires);
    joins(&mut game, join).unwrap();
    let join = ticketed(&game, STRANGER, "Nina", 201, expires);
    joins(&mut game, join).unwrap();
    assert_eq!(used(&game, 201), Some(1));
    // By nobody who organises; but signed it must be.
    let mut game = self::game();
    let by_nobody = invitation(game.pool, STRANGER, ANA, 1);
    let stolen = invitation(game.pool, ORGANISER, BRUNO, 1);
    let join = invited(&game, ANA, "Ana", stolen);
    assert_eq!(joins(&mut game, join), Err(Reason::BadInvitation));
    let join = invited(&game, ANA, "Ana", by_nobody);
    joins(&mut game, join).unwrap();
}

#[test]
fn a_name_is_kept_for_who_played_under_it() {
    let mut game = game();
    let expires = START + 10_000;
    for called in ["Ana", "ANA", "  aNa ", "ＡＮＡ"] {
        for who in [STRANGER, BRUNO, ORGANISER] {
            let join = ticketed(&game, who, called, TICKET, expires);
            assert_eq!(joins(&mut game, join), Err(Reason::NameKept), "{called}");
        }
    }
    // A name that is only like it is another one.
    let join = ticketed(&game, STRANGER, "Anna", TICKET, expires);
    joins(&mut game, join).unwrap();
    // Who plays under another name keeps it, and has no other's.
    let join = game.join(ANA, 0, "Bruno");
    assert_eq!(joins(&mut game, join), Err(Reason::NameKept));
    let join = game.join(ANA, 0, "Anita");
    joins(&mut game, join).unwrap();
    let join = game.join(BRUNO, 0, "ana");
    assert_eq!(joins(&mut game, join), Err(Reason::NameKept));
    let join = game.join(BRUNO, 0, "ANITA");
    assert_eq!(joins(&mut game, join), Err(Reason::NameTaken));
    let join = game.join(BRUNO, 0, "BRUNO");
    joins(&mut game, join).unwrap();
    // Who has it has it: then it is taken.
    let join = ticketed(&game, 10, "bruno", 201, expires);
    assert_eq!(joins(&mut game, join), Err(Reason::NameTaken));
}

#[test]
fn names_are_kept_in_an_open_pool_too() {
    let mut game = Game::with(with(genesis(), &[(ANA, "Ana")]));
    let join = game.join(STRANGER, 0, "ana");
    assert_eq!(joins(&mut game, join), Err(Reason::NameKept));
    let join = game.join(STRANGER, 0, "Nina");
    joins(&mut game, join).unwrap();
    let join = game.join(ANA, 0, "Ana");
    joins(&mut game, join).unwrap();
}

/// # Rule U2: whoever they are, so many join in a time.
#[test]
fn who_played_before_is_counted_with_the_others() {
    let bounds = Bounds {
        window_s: 100,
        account_transactions: 9,
        account_bytes: 100_000,
        joins: 1,
    };
    let of = ruled(by_invitation(), |it| it.bounds = Some(bounds));
    let mut game = Game::with(with(of, &[(ANA, "Ana"), (BRUNO, "Bruno")]));
    let join = game.join(ORGANISER, 0, "Boss");
    joins(&mut game, join).unwrap();
    let join = game.join(ANA, 0, "Ana");
    joins(&mut game, join).unwrap();
    let join = game.join(BRUNO, 0, "Bruno");
    assert_eq!(joins(&mut game, join.clone()), Err(Reason::TooManyJoins));
    game.time += 100;
    joins(&mut game, join).unwrap();
}

/// The friend's key is another than the organiser says: who listed a key of his own under her name has her out of it, which is to be seen
/// in the rules, and she joins under another one.
#[test]
fn who_makes_a_pool_can_lie_and_the_chain_before_shows_it() {
    let before = {
        let mut game = Game::joined_with(genesis(), 1);
        let joined = vec![game.join(ANA, 0, "Ana"), game.join(BRUNO, 0, "Bruno")];
        game.play(joined).unwrap();
        game
    };
    let honest = NextRule::of_state(BEFORE, &before.state).unwrap();
    assert_eq!(honest.known.len(), 3);
    assert!(honest.known.is_sorted_by_key(|it| it.account));
    assert_eq!(honest.name_of(&account(ANA)), Some(&name("Ana")));
    assert_eq!(honest.name_of(&account(STRANGER)), None);
    assert!(honest.unlike(&before.state).unwrap().is_empty());
    // Who is left out is no lie.
    let fewer = rule(&[(BRUNO, "Bruno")]);
    assert!(fewer.unlike(&before.state).unwrap().is_empty());
    // A key of somebody else's under her name, another name for a key, another spelling.
    let lies = rule(&[(STRANGER, "Ana"), (BRUNO, "Carla"), (ANA, "ANA ")]);
    let mut unlike: Vec<_> = lies.unlike(&before.state).unwrap();
    unlike.sort_by_key(|(known, _)| known.name.clone());
    let known = |who, text| KnownPlayer {
        account: account(who),
        name: name(text),
    };
    assert_eq!(
        unlike,
        [
            (&known(ANA, "ANA"), Some(name("Ana"))),
            (&known(STRANGER, "Ana"), None),
            (&known(BRUNO, "Carla"), Some(name("Bruno"))),
        ]
    );
}

#[test]
fn documents_name_each_account_and_name_once() {
    let check = |rule: NextRule| {
        let mut genesis = genesis();
        genesis.rules.features.next = Some(rule);
        genesis.version = genesis.rules.genesis_version();
        genesis.check()
    };
    let good = rule(&[(ANA, "Ana"), (BRUNO, "Bruno")]);
    check(good.clone()).unwrap();
    let mut turned = good.clone();
    turned.known.reverse();
    let twice = rule(&[(ANA, "Ana"), (ANA, "Nina")]);
    let mut weak = good.clone();
    let mut identity = AccountId([0; 32]);
    identity.0[0] = 1;
    weak.known.insert(
        0,
        KnownPlayer {
            account: identity,
            name: name("Anybody"),
        },
    );
    weak = NextRule::of(
        BEFORE,
        weak.known.into_iter().map(|it| (it.account, it.name)),
    );
    for bad in [turned, twice, weak] {
        let error = check(bad).unwrap_err();
        assert!(
            matches!(error, GenesisError::OptionalRule { .. }),
            "{error}"
        );
    }
    let alike = check(rule(&[(ANA, "Ana"), (BRUNO, "ＡＮＡ")])).unwrap_err();
    assert!(matches!(alike, GenesisError::Twice { .. }), "{alike}");
    let many = |count: u32| {
        let players = (0..count).map(|no| {
            let mut id = AccountId([255; 32]);
            id.0[..4].copy_from_slice(&no.to_be_bytes());
            (id, name(&format!("Player {no}")))
        });
        check(NextRule::of(BEFORE, players))
    };
    many(1_024).unwrap();
    for count in [0, 1_025] {
        let error = many(count).unwrap_err();
        assert!(matches!(error, GenesisError::Range { .. }), "{error}");
    }
}

/// In any order, as a person writes it.
#[test]
fn a_file_of_rules_says_it() {
    let [ana, bruno] = [ANA, BRUNO].map(|who| account(who).to_string());
    let (ana_is, bruno_is) = (
        json!({ "account": ana, "name": " Ana" }),
        json!({ "account": bruno, "name": "Bruno" }),
    );
    let known = json!([ana_is, bruno_is]);
    for known in [&known, &json!([bruno_is, ana_is])] {
        let next = json!({ "after": BEFORE, "known": known });
        let file = json!({ "features": { "next": next } });
        let file: PoolFile = serde_json::from_value(file).unwrap();
        let mut made = genesis();
        file.apply(&mut made, &[]).unwrap();
        made.check().unwrap();
        let wanted = with(genesis(), &[(ANA, "Ana"), (BRUNO, "Bruno")]);
        assert_eq!(made, wanted);
        assert_eq!(Genesis::from_json(&made.to_json()).unwrap(), wanted);
        assert_eq!(decode::<Genesis>(&encode(&made)).unwrap(), wanted);
    }
    for wrong in [
        json!({ "after": BEFORE }),
        json!({ "after": "7", "known": known }),
        json!({ "after": BEFORE, "known": [{ "account": ana, "name": "bolao1" }] }),
        json!({ "after": BEFORE, "known": [{ "account": ana }] }),
        json!({ "after": BEFORE, "known": known, "more": 1 }),
    ] {
        let file = json!({ "features": { "next": wrong } });
        assert!(serde_json::from_value::<PoolFile>(file).is_err());
    }
}

const NAMES: [&str; 9] = [
    "Ana", "ANA", "Bruno", "Carla", "ｃarla", "Dora", "Eva", "Anna", "bruno ",
];

/// What somebody tries: to join under any name, with a ticket or without.
fn attempt(dice: &mut Dice, game: &Game) -> Transaction {
    let mut who = 1 + dice.below(16) as u8;
    if game.account(who).is_some() {
        who = 1 + dice.below(16) as u8;
    }
    let guest = format!("Guest {who}");
    let called = if dice.one_in(2) {
        dice.pick(&NAMES)
    } else {
        guest.as_str()
    };
    match dice.below(3) {
        0 => game.act(
            who,
            Action::Join(actions::Join {
                name: name(called),
                invitation: None,
            }),
        ),
        1 => {
            let expires = game.time + dice.below(900) - 200;
            ticketed(game, who, called, 200 + dice.below(4) as u8, expires)
        }
        _ => {
            let by = dice.pick(&[ORGANISER, ORGANISER, ANA, STRANGER]);
            let uses = 1 + dice.below(3) as u32;
            invited(game, who, called, invitation(game.pool, by, who, uses))
        }
    }
}

/// A name that is kept has nobody else, and who has not joined can, wherever somebody with a ticket can.
fn holds(game: &Game, known: &[(u8, &str)]) {
    for (who, called) in known {
        let owner = owner(game, called);
        assert!(owner.is_none_or(|it| it == account(*who)), "{called}");
        if game.account(*who).is_some() {
            continue;
        }
        let (mut theirs, mut others) = (game.clone(), game.clone());
        let other = ticketed(game, 99, "Somebody else", 210, game.time + 9);
        let can = joins(&mut others, other);
        let join = game.join(*who, 0, called);
        assert_eq!(joins(&mut theirs, join), can, "{called}");
    }
}

#[test]
fn no_sequence_takes_a_name_from_who_played_under_it() {
    let known = [(ANA, "Ana"), (BRUNO, "Bruno"), (4, "Carla"), (5, "Dora")];
    let (mut refused, mut closed) = (std::collections::BTreeMap::new(), 0);
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut of = by_invitation();
        of.rules.organisers_quorum = Quorum::of(1);
        if dice.one_in(3) {
            of.membership = Membership::Open;
        }
        if dice.one_in(2) {
            of.bounds = Some(Bounds {
                window_s: 500,
                account_transactions: 9,
                account_bytes: 100_000,
                joins: 2,
            });
        }
        let mut game = Game::with(with(of, &known));
        for _ in 0..25 {
            game.time += dice.pick(&[0, 1, 100, 400]);
            let joined = game.account(ORGANISER).is_some();
            let act = if joined && dice.one_in(8) {
                let whom = 1 + dice.below(5) as u8;
                game.act(ORGANISER, organiser(whom, !dice.one_in(3)))
            } else {
                attempt(&mut dice, &game)
            };
            if let Err(reason) = joins(&mut game, act) {
                *refused.entry(reason.code()).or_insert(0) += 1;
                closed += usize::from(reason == Reason::TooManyJoins);
            }
            holds(&game, &known);
        }
    }
    for code in [
        "name-kept",
        "name-taken",
        "invitation-needed",
        "ticket-expired",
        "ticket-used-up",
    ] {
        assert!(
            refused.get(code).is_some_and(|it| *it > 5),
            "{code}: {refused:?}"
        );
    }
    assert!(closed > 5, "{refused:?}");
}

/// In one block acts follow one another: a stranger before her does not get her name, whatever stands behind.
#[test]
fn one_block_is_no_race_for_a_name() {
    let mut game = game();
    let early = ticketed(&game, STRANGER, "Ana", TICKET, START + 10_000);
    let block = vec![early, game.join(ANA, 0, "Ana")];
    assert_eq!(game.play(block), Err(Reason::NameKept));
    let first = game.join(ANA, 0, "Ana");
    assert_eq!(first.body.nonce, Nonce::ZERO);
    let then = ticketed(&game, STRANGER, "Ana", TICKET, START + 10_000);
    assert_eq!(game.play(vec![first, then]), Err(Reason::NameTaken));
}
