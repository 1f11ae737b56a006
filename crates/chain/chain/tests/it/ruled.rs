//! Rules that new pools have, as a node meets them: what is refused, and what becomes of what waits.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_chain::Event;
use bolao_ledger::{
    AccountId, Action, Bounds, Chips, Day, Features, Genesis, MatchNo, Name, OpenBet, PoolId,
    Quorum, Reason, Score, StateView as _, Transaction, UnixSeconds,
    actions::{self, JokerRule, NextRule},
};
use bolao_store::NoticedChange;

use crate::pool::{ORGANISER, Player, START, Solo, at, fixture, genesis};

/// The match that kicks off at 1,000 seconds.
const LATE: u16 = 3;

fn ruled(change: impl FnOnce(&mut Genesis)) -> Genesis {
    let mut genesis = genesis();
    change(&mut genesis);
    genesis.version = genesis.rules.genesis_version();
    genesis.check().unwrap();
    genesis
}

/// The organiser and Anna (3) have joined.
fn joined(genesis: &Genesis) -> Solo {
    let mut solo = Solo::of(genesis);
    let pool = solo.pool();
    for (seed, name) in [(ORGANISER, "Boss"), (3, "Anna")] {
        solo.submit(Player::new(seed).join(pool, name)).unwrap();
    }
    solo.mine();
    solo
}

fn refused(solo: &mut Solo, seed: u8, nonce: u64, action: Action) -> Reason {
    let transaction = Player::new(seed).sign(solo.pool(), nonce, action);
    solo.submit(transaction).unwrap_err().reason
}

fn organiser(account: AccountId, added: bool) -> Action {
    Action::Organiser(actions::Organiser { account, added })
}

pub(crate) fn provoked() -> Vec<Reason> {
    let genesis = ruled(|it| {
        it.days = Some(Vec::new());
        it.rules.organisers_quorum = Quorum::of(1);
    });
    let mut solo = joined(&genesis);
    let day = |no, begins: u64, ends: u64| {
        Action::Day(actions::Day {
            match_no: MatchNo(no),
            day: Some(Day {
                begins: UnixSeconds(START + begins),
                ends: UnixSeconds(START + ends),
            }),
        })
    };
    let (boss, anna) = (Player::new(ORGANISER).id(), Player::new(3).id());
    let mut reasons: Vec<_> = [
        day(1, 50, 50),
        day(1, 0, 1),
        day(LATE, 500, 900),
        organiser(boss, true),
        organiser(anna, false),
        organiser(boss, false),
    ]
    .map(|action| refused(&mut solo, ORGANISER, 1, action))
    .into();
    let mut full = genesis;
    full.organisers = (0..32).map(|it| Player::new(100 + it).id()).collect();
    full.organisers[0] = boss;
    let mut solo = joined(&full);
    reasons.push(refused(&mut solo, ORGANISER, 1, organiser(anna, true)));
    let bounds = Bounds {
        window_s: 60,
        account_transactions: 1,
        account_bytes: 4_096,
        joins: 1,
    };
    let mut solo = joined(&ruled(|it| it.bounds = Some(bounds)));
    let pool = solo.pool();
    let bet = Player::new(3).bet(pool, 1, 1, 1);
    reasons.push(solo.submit(bet.clone()).unwrap_err().reason);
    let join = Player::new(4).join(pool, "Bert");
    reasons.push(solo.submit(join).unwrap_err().reason);
    // A minute later it is taken.
    solo.now = at(90);
    solo.submit(bet).unwrap();
    let mut solo = joined(&ruled(|it| it.rules.notice_s = 600));
    let pool = solo.pool();
    let page = || {
        Action::Address(actions::Address {
            address: "https://pool.example".parse().unwrap(),
        })
    };
    let organiser = Player::new(ORGANISER);
    solo.submit(organiser.sign(pool, 1, page())).unwrap();
    solo.mine();
    let again = solo.submit(organiser.sign(pool, 2, page()));
    reasons.push(again.unwrap_err().reason);
    reasons.extend(of_optional_rules());
    reasons
}

fn of_optional_rules() -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut solo = with_jokers(1);
    for (off, on) in [(&[1][..], &[][..]), (&[], &[1, LATE])] {
        reasons.push(refused(&mut solo, 3, 1, joker(off, on)));
    }
    let mut solo = joined(&ruled(|it| {
        it.rules.features = Features::usual(&["fee"]);
    }));
    let stranger = Player::new(9).id();
    let paid = actions::Paid {
        player: stranger,
        paid: true,
    };
    reasons.push(refused(&mut solo, ORGANISER, 1, Action::Paid(paid)));
    let mut solo = Solo::of(&after_another(&[(3, "Anna")]));
    let join = Player::new(4).join(solo.pool(), "anna");
    reasons.push(solo.submit(join).unwrap_err().reason);
    reasons
}

/// A pool after one in which these have played.
fn after_another(players: &[(u8, &str)]) -> Genesis {
    let players = players.iter().map(|(seed, name)| {
        let name = Name::new(name).unwrap();
        (Player::new(*seed).id(), name)
    });
    let next = NextRule::of(PoolId([7; 32]), players);
    ruled(|it| it.rules.features.next = Some(next))
}

/// # Rule J6: who played before has the name, however it looks, and no other gets one that looks like it, before that one has joined too.
#[test]
fn the_look_of_a_name_that_is_kept_is_taken() {
    let players = [(3, "Anna"), (4, "Bert (host)"), (5, "Carla")];
    let mut solo = Solo::of(&after_another(&players));
    let pool = solo.pool();
    for name in ["Аnnа", "Anna!", "Anna & Carla"] {
        for seed in [4, 9] {
            let refused = solo.submit(Player::new(seed).join(pool, name));
            assert_eq!(
                refused.unwrap_err().reason,
                Reason::MisleadingName,
                "{name}"
            );
        }
    }
    for (seed, name) in players {
        solo.submit(Player::new(seed).join(pool, name)).unwrap();
    }
    solo.submit(Player::new(9).join(pool, "Nina")).unwrap();
    assert_eq!(solo.mine().transactions.len(), 4);
}

fn with_jokers(in_all: u8) -> Solo {
    let rule = JokerRule {
        factor: 2,
        per_stage: 0,
        in_all,
    };
    joined(&ruled(|it| it.rules.features.jokers = Some(rule)))
}

fn joker(off: &[u16], on: &[u16]) -> Action {
    let numbers = |all: &[u16]| all.iter().copied().map(MatchNo).collect();
    Action::Joker(actions::Joker {
        off: numbers(off),
        on: numbers(on),
    })
}

#[test]
fn each_rule_has_its_reason() {
    assert_eq!(
        provoked(),
        [
            Reason::BadDay,
            Reason::DayOver,
            Reason::KickoffKnown,
            Reason::AlreadyOrganiser,
            Reason::UnknownOrganiser,
            Reason::TooFewOrganisers,
            Reason::TooManyOrganisers,
            Reason::TooOften,
            Reason::TooManyJoins,
            Reason::AddressStands,
            Reason::NoJoker,
            Reason::NoJokerLeft,
            Reason::UnknownPayer,
            Reason::NameKept,
        ]
    );
}

fn stakes(anna: &Player, solo: &Solo, nonce: u64, stakes: &[(u16, u64)]) -> Transaction {
    let bets = stakes.iter().map(|(no, stake)| OpenBet {
        match_no: MatchNo(*no),
        prediction: Score::new(2, 1).unwrap().into(),
        stake: Chips(*stake),
    });
    let bets = bets.collect();
    anna.sign(solo.pool(), nonce, Action::Bet(actions::Bet { bets }))
}

/// A stake that was to be freed is locked once its match has begun. What waited is not dropped, and nothing behind it hangs.
#[test]
fn a_bet_that_becomes_short_while_it_waits_is_void_and_nothing_hangs() {
    for voids in [true, false] {
        let mut solo = joined(&ruled(|it| it.rules.short_bets_void = voids));
        let anna = Player::new(3);
        solo.submit(stakes(&anna, &solo, 1, &[(LATE, 900)]))
            .unwrap();
        solo.mine();
        solo.now = at(999);
        let moved = stakes(&anna, &solo, 2, &[(LATE, 100), (1, 60), (2, 800)]);
        solo.submit(moved.clone()).unwrap();
        solo.submit(stakes(&anna, &solo, 3, &[(1, 61)])).unwrap();
        solo.now = at(1_001);
        let block = solo.mine();
        let snapshot = solo.core.reader().snapshot().unwrap();
        let chips = snapshot.account(&anna.id()).unwrap().unwrap().chips.0;
        let notices = snapshot.notices(None, 9).unwrap().into_iter().rev();
        let (mut dropped, mut void) = (0, Vec::new());
        for (_, notice) in notices {
            match notice.change {
                NoticedChange::BetsDropped { .. } => dropped += 1,
                NoticedChange::Void { about, late, .. } => void.push((about.no.0, late)),
                other => panic!("{other:?}"),
            }
        }
        if voids {
            assert_eq!(block.transactions.len(), 2);
            let record = snapshot.transaction(&moved.id()).unwrap().unwrap();
            assert_eq!(record.void_bets, [MatchNo(LATE), MatchNo(2)]);
            assert_eq!((chips, solo.core.pending(), dropped), (39, 0, 0));
            // Their owner is told of both, and why.
            assert_eq!(void, [(LATE, true), (2, false)]);
        } else {
            assert_eq!((block.transactions.len(), chips), (0, 100));
            // Both are gone, and their owner is told of both.
            assert_eq!((solo.core.pending(), dropped), (0, 2));
        }
    }
}

/// The player is told which part of an act came too late, and what it was.
#[test]
fn a_joker_that_comes_too_late_is_void_and_told() {
    let mut solo = with_jokers(2);
    let anna = Player::new(3);
    solo.now = at(999);
    let sent = anna.sign(solo.pool(), 1, joker(&[], &[LATE, 2]));
    solo.submit(sent.clone()).unwrap();
    solo.now = at(1_001);
    solo.mine();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let told = snapshot.notices(None, 9).unwrap().pop().unwrap().1.change;
    let NoticedChange::LateAct {
        player,
        tx,
        matches,
        ..
    } = told
    else {
        panic!("{told:?}");
    };
    assert_eq!((player, tx), (anna.id(), sent.id()));
    assert_eq!(matches, [MatchNo(LATE)]);
}

#[test]
fn what_is_submitted_with_too_few_chips_is_refused() {
    let mut solo = joined(&ruled(|it| it.rules.short_bets_void = true));
    let anna = Player::new(3);
    let short = stakes(&anna, &solo, 1, &[(1, 600), (2, 401)]);
    let refused = solo.submit(short.clone()).unwrap_err();
    assert_eq!(refused.reason, Reason::NotEnoughChips);
    let rehearsed = solo.rehearse(vec![bolao_chain::Proposal::Signed(short.clone())]);
    let refused = rehearsed[0].verdict.as_ref().unwrap_err();
    assert_eq!(refused.reason, Reason::NotEnoughChips);

    // A peer's may have become short on its way: it is taken, and nothing behind it hangs.
    solo.hear(&short);
    assert_eq!(solo.core.pending(), 1);
    solo.mine();
    let snapshot = solo.core.reader().snapshot().unwrap();
    let record = snapshot.transaction(&short.id()).unwrap().unwrap();
    assert_eq!(record.void_bets, [MatchNo(2)]);
}

/// What a node was given is told of when it is dropped; what peers gave is not.
#[test]
fn what_is_dropped_is_told_to_whoever_gave_it() {
    let told = |solo: &Solo| -> Vec<(AccountId, String)> {
        solo.events()
            .filter_map(|event| match event {
                Event::Noticed { notice, .. } => match &notice.change {
                    NoticedChange::Dropped { player, action, .. } => {
                        Some((*player, action.clone()))
                    }
                    _ => None,
                },
                _ => None,
            })
            .collect()
    };
    for own in [true, false] {
        let mut solo = joined(&genesis());
        let (pool, boss) = (solo.pool(), Player::new(ORGANISER));
        let fixture = fixture(9, "Nine", Some(START + 20));
        let expires = boss.sign(pool, 1, Action::Schedule(actions::Schedule { fixture }));
        if own {
            solo.submit(expires).unwrap();
        } else {
            solo.hear(&expires);
        }
        assert_eq!(solo.core.pending(), 1);
        solo.now = at(30);
        solo.mine();
        assert_eq!(solo.core.pending(), 0);
        let said = "Boss signs the kick-off of Portugal – Switzerland: 2020-09-13T12:27:00Z.";
        let wanted = own.then(|| (boss.id(), said.to_owned()));
        assert_eq!(told(&solo), Vec::from_iter(wanted));
    }
}
