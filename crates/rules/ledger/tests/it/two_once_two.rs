//! Two signatures once there are two organisers, and the way out where the words of one are lost.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{
    AccountId, Act, Action, BetMode, Effect, Genesis, Quorum, Reason, Rules, SetChange,
    StateView as _, UnixSeconds, Vote, table,
};

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, START, account, appoint, bet, fixture, genesis, offer, organiser, played,
        result, ruled, schedule, tip, validator, with_votes,
    },
};

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;
const ANA: u8 = 1;
const BRUNO: u8 = 2;
const CLARA: u8 = 3;

/// As new pools are made, with Ana alone, but that bets are open.
fn of_new_pools() -> Genesis {
    let appointed = SetChange::Appointed {
        quorum: Quorum::TWO_ONCE_TWO,
    };
    ruled(with_votes(appointed), |it| {
        it.organisers = vec![account(ANA)];
        it.rules = Rules {
            bets: BetMode::Open,
            dispute_window_s: 300,
            ..Rules::of_new_pools(1)
        };
    })
}

/// The same once Bruno organises, too; Clara and a fourth play.
fn with_bruno() -> Game {
    let mut game = Game::joined_with(of_new_pools(), 4);
    game.plays(ANA, organiser(BRUNO, true)).unwrap();
    game
}

fn organisers(game: &Game) -> BTreeSet<AccountId> {
    let organisers = game.state.organisers(&game.genesis).unwrap();
    organisers.into_iter().collect()
}

fn accounts(who: &[u8]) -> BTreeSet<AccountId> {
    who.iter().copied().map(account).collect()
}

fn last_act(game: &Game) -> Act {
    let acts = game.state.table::<table::Acts>().unwrap();
    acts.into_values().next_back().unwrap()
}

/// When Bruno is none any more, if he is asked to leave.
fn leaves(game: &Game) -> Option<u64> {
    let leaving = game.state.table::<table::Leaving>().unwrap();
    leaving.into_keys().map(|(due, _)| due.0).next()
}

#[test]
fn one_signs_while_there_is_one_and_two_do_from_then_on() {
    let mut game = Game::joined_with(of_new_pools(), 4);
    game.time = KICKOFF;
    game.plays(ANA, result(3, played("2-1"))).unwrap();
    assert!(game.record(3).is_some());
    game.plays(ANA, organiser(BRUNO, true)).unwrap();
    // From the next signature on, in the same block, too.
    let acts = [
        organiser(CLARA, true),
        organiser(BRUNO, false),
        result(3, played("0-0")),
        schedule(fixture(4, "Late", None)),
        appoint(1, 9),
    ];
    let txs = (game.nonce(ANA)..).zip(acts);
    let txs = txs.map(|(nonce, act)| game.sign(ANA, nonce, act)).collect();
    game.play(txs).unwrap();
    assert_eq!(organisers(&game), accounts(&[ANA, BRUNO]));
    assert_eq!(game.record(3).unwrap().outcome, played("2-1"));
    assert!(
        game.state
            .match_by_no(bolao_ledger::MatchNo(4))
            .unwrap()
            .is_none()
    );
    assert!(game.state.table::<table::Coming>().unwrap().is_empty());
    for act in [result(3, played("0-0")), appoint(1, 9)] {
        game.plays(BRUNO, act).unwrap();
    }
    assert_eq!(game.record(3).unwrap().outcome, played("0-0"));
    assert_eq!(game.state.table::<table::Coming>().unwrap().len(), 1);
}

/// One of two does not get rid of the other, nor bring an account of his own: whoever goes signs with the one who stays.
#[test]
fn one_signature_never_lowers_how_many_must_sign() {
    let mut game = with_bruno();
    game.plays(BRUNO, organiser(ANA, false)).unwrap();
    game.plays(BRUNO, organiser(4, true)).unwrap();
    assert_eq!(organisers(&game), accounts(&[ANA, BRUNO]));
    assert_eq!(last_act(&game).effect, None);
    game.plays(BRUNO, organiser(BRUNO, false)).unwrap();
    game.plays(ANA, organiser(BRUNO, false)).unwrap();
    assert_eq!(organisers(&game), accounts(&[ANA]));
    let last = game.plays(ANA, organiser(ANA, false));
    assert_eq!(last, Err(Reason::TooFewOrganisers));
}

/// One of three organisers, of whom two sign results, does not take the blocks alone.
#[test]
fn one_of_several_does_not_take_the_blocks() {
    let appointed = SetChange::Appointed {
        quorum: Quorum::TWO_ONCE_TWO,
    };
    let mut game = Game::joined_with(with_votes(appointed), 3);
    game.plays(BRUNO, offer(game.pool, BRUNO, BRUNO)).unwrap();
    game.plays(BRUNO, appoint(BRUNO, 1_000)).unwrap();
    assert_eq!(game.validators(), [validator(ANA, 5)]);
    assert!(game.state.table::<table::Coming>().unwrap().is_empty());
    game.plays(CLARA, appoint(BRUNO, 1_000)).unwrap();
    assert_eq!(game.validators().len(), 2);
}

/// In the second week of a tournament Bruno's phone falls into the sea, and with it his words.
#[test]
fn a_phone_that_fell_into_the_sea_holds_up_results_for_two_weeks() {
    let mut game = with_bruno();
    game.time = KICKOFF;
    game.plays(ANA, result(3, played("2-1"))).unwrap();
    game.plays(BRUNO, bet(&[tip(1, 1)])).unwrap();
    let gone = game.time;
    // While he was heard of within a week, her signature is one of two, as any other.
    game.wait_until(gone + WEEK - 1);
    game.plays(ANA, organiser(BRUNO, false)).unwrap();
    assert_eq!((leaves(&game), last_act(&game).effect), (None, None));
    game.wait_until(gone + WEEK);
    game.plays(ANA, organiser(BRUNO, false)).unwrap();
    let due = UnixSeconds(gone + 2 * WEEK);
    let act = last_act(&game);
    assert_eq!(act.effect, Some(Effect::Organiser { from: due }));
    assert!(act.is_told(&game.genesis.rules));
    // To ask again changes nothing, and is not told again.
    game.wait_until(due.0 - 1);
    game.plays(ANA, organiser(BRUNO, false)).unwrap();
    assert_eq!((leaves(&game), last_act(&game).effect), (Some(due.0), None));
    assert!(game.record(3).is_none());
    game.wait_until(due.0);
    assert_eq!(organisers(&game), accounts(&[ANA]));
    assert_eq!(leaves(&game), None);
    // What she signed of results waits for nobody any more, and takes effect by no block alone: she signs it again.
    assert!(game.state.table::<table::Votes>().unwrap().is_empty());
    game.wait_until(due.0 + 10);
    assert!(game.record(3).is_none());
    game.plays(ANA, result(3, played("2-1"))).unwrap();
    assert_eq!(game.record(3).unwrap().signers, [account(ANA)]);
    // Bruno is back with new words, under a new account.
    game.plays(ANA, organiser(4, true)).unwrap();
    let late = game.plays(BRUNO, result(3, played("0-0")));
    assert_eq!(late, Err(Reason::NotAnOrganiser));
    game.plays(4, result(3, played("0-0"))).unwrap();
    assert_eq!(game.record(3).unwrap().outcome, played("2-1"));
}

/// Whatever he signs keeps him, until the last second.
#[test]
fn who_comes_back_stays() {
    let asked = |game: &mut Game| {
        game.time += WEEK;
        game.plays(ANA, organiser(BRUNO, false)).unwrap();
        leaves(game).unwrap()
    };
    for signs in [
        bet(&[tip(1, 1)]),
        result(3, played("1-0")),
        organiser(ANA, false),
    ] {
        let mut game = with_bruno();
        let due = asked(&mut game);
        game.time = due - 1;
        game.plays(BRUNO, signs).unwrap();
        assert_eq!(leaves(&game), None);
        game.wait_until(due + WEEK - 2);
        assert_eq!(organisers(&game), accounts(&[ANA, BRUNO]));
        game.plays(ANA, organiser(BRUNO, false)).unwrap();
        assert_eq!(leaves(&game), None, "a week has not passed since");
    }
    // In the block of that time he is none any more.
    let mut game = with_bruno();
    game.time = asked(&mut game);
    let late = game.plays(BRUNO, result(3, played("1-0")));
    assert_eq!(late, Err(Reason::NotAnOrganiser));
}

/// What explicit numbers ask for is left; who has asked and goes takes it with him; nobody but organisers asks.
#[test]
fn asking_has_its_bounds() {
    let of = |quorum: Quorum| {
        Game::joined_with(
            ruled(genesis(), |it| {
                it.organisers = (1..=3).map(account).collect();
                it.rules.results_quorum = quorum;
                it.rules.schedule_quorum = quorum;
                it.rules.organisers_quorum = quorum;
            }),
            4,
        )
    };
    let mut game = of(Quorum::of(2));
    assert_eq!(
        game.plays(4, organiser(CLARA, false)),
        Err(Reason::NotAnOrganiser)
    );
    game.time += WEEK;
    for who in [BRUNO, CLARA] {
        game.plays(ANA, organiser(who, false)).unwrap();
    }
    assert_eq!(game.state.table::<table::Leaving>().unwrap().len(), 2);
    game.wait_until(game.time + WEEK);
    assert_eq!(organisers(&game).len(), 2, "two must sign, so two are left");
    assert_eq!(leaves(&game), None);
    let mut game = of(Quorum::TWO_ONCE_TWO);
    game.time += WEEK;
    game.plays(ANA, organiser(CLARA, false)).unwrap();
    game.plays(BRUNO, organiser(ANA, false)).unwrap();
    game.plays(ANA, organiser(ANA, false)).unwrap();
    assert_eq!(organisers(&game), accounts(&[BRUNO, CLARA]));
    assert_eq!(leaves(&game), None);
    // A second signature removes at once.
    let mut game = of(Quorum::TWO_ONCE_TWO);
    game.time += WEEK;
    for who in [ANA, BRUNO] {
        game.plays(who, organiser(CLARA, false)).unwrap();
    }
    assert_eq!(organisers(&game), accounts(&[ANA, BRUNO]));
    assert_eq!(leaves(&game), None);
}

/// The rules of one of the pools below.
fn drawn(dice: &mut Dice) -> Genesis {
    let count = 1 + dice.below(3);
    let mut quorum = || {
        let number = 1 + dice.below(count);
        if dice.one_in(2) {
            Quorum::TWO_ONCE_TWO
        } else {
            Quorum::of(number.try_into().unwrap())
        }
    };
    let (results, schedules, appoints, organises) = (quorum(), quorum(), quorum(), quorum());
    let least = results.max(schedules).max(appoints);
    ruled(
        with_votes(SetChange::Appointed { quorum: appoints }),
        |it| {
            it.organisers = (1..=u8::try_from(count).unwrap()).map(account).collect();
            it.rules.results_quorum = results;
            it.rules.schedule_quorum = schedules;
            it.rules.organisers_quorum = organises.max(least);
            it.rules.notice_s = 100;
        },
    )
}

fn any(dice: &mut Dice) -> Action {
    let who = 1 + u8::try_from(dice.below(6)).unwrap();
    match dice.below(6) {
        0 | 1 => organiser(who, false),
        2 => organiser(who, true),
        3 => appoint(1, 1 + dice.below(3)),
        4 => bet(&[tip(1, 1)]),
        _ => result(3, played(dice.pick(&["1-0", "0-0"]))),
    }
}

/// Whatever is signed, in whatever order: what takes effect was signed by as many organisers as its quorum wants of those that there
/// were; an organiser goes by so many signatures, or after two weeks in which he signed nothing; and as many are left as must sign.
#[test]
fn nothing_takes_effect_by_fewer_signatures_than_organisers_asked_for() {
    let mut counts = [0; 3];
    for seed in 0..1_500 {
        let dice = &mut Dice::new(seed);
        let mut game = Game::with(drawn(dice));
        let joins = (1..=6).map(|who| game.join(who, 0, &format!("Player {who}")));
        game.play(joins.collect()).unwrap();
        game.time = KICKOFF;
        let heard = (1..=6).map(|who| (account(who), START));
        let mut heard: BTreeMap<AccountId, u64> = heard.collect();
        for _ in 0..12 {
            game.time += dice.pick(&[0, 1, DAY, WEEK - 1, WEEK, 2 * WEEK]);
            let (before, seen) = (game.clone(), game.totals().acts);
            game.plays_unsigned(&[]);
            let left = organisers(&game);
            let gone = organisers(&before)
                .difference(&left)
                .copied()
                .collect::<Vec<_>>();
            for who in &gone {
                let is_silent = game.time >= heard[who] + 2 * WEEK;
                assert!(is_silent, "{seed}: he was heard of");
            }
            counts[0] += gone.len();
            let records = |game: &Game| game.record(3).map(|it| it.outcome);
            assert_eq!(records(&game), records(&before), "{seed}");
            let act = any(dice);
            let who = 1 + u8::try_from(dice.below(6)).unwrap();
            let there = organisers(&game);
            if game.plays_unsigned(&[(account(who), act)]).is_empty() {
                continue;
            }
            let after = organisers(&game);
            assert!(
                after.len() >= game.genesis.fewest_organisers().into(),
                "{seed}"
            );
            for new in after.difference(&there).chain([&account(who)]) {
                heard.insert(*new, game.time);
            }
            if game.totals().acts == seen {
                continue;
            }
            let act = last_act(&game);
            let quorum: usize = game.genesis.quorum(&act.vote, there.len()).into();
            assert!(act.signers.iter().all(|it| there.contains(it)), "{seed}");
            match act.effect {
                Some(Effect::Organiser { from }) if from > act.time => {
                    let Vote::Organiser {
                        account,
                        added: false,
                    } = act.vote
                    else {
                        panic!("{seed}: {act:?}");
                    };
                    assert!(game.time >= heard[&account] + WEEK, "{seed}");
                    assert_eq!(from.0, game.time + WEEK, "{seed}");
                    counts[1] += 1;
                }
                Some(_) => {
                    assert!(act.signers.len() >= quorum, "{seed}: {act:?}");
                    counts[2] += 1;
                }
                None => assert_eq!(after, there, "{seed}"),
            }
        }
    }
    assert!(counts.iter().all(|it| *it > 40), "{counts:?}");
}
