//! What a cheat would try with chips, records and tickets.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Action, Additive, Chips, Delta, Invitation, Ledger, MatchNo, NobodyRight, Reason, Scoring,
    SignedTicket, StageRule, Status, Text, Ticket, UnixSeconds, actions, admission_bytes,
    ticket_bytes,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, START, TICKET, account, bet, by_invitation, called_off, fixture,
    genesis, inverted, object, open, played, result, schedule, sealed, signature, tip, tip_on,
    transfer,
};

/// When the record of match 3 is final, if it was made a second after kick-off.
const FINAL: u64 = KICKOFF + 301;

#[test]
fn chips_are_staked_once_however_the_tips_are_spread() {
    let mut game = Game::joined(2);
    let over = [tip(1, 600), tip(2, 600)];
    assert_eq!(game.plays(2, bet(&over)), Err(Reason::NotEnoughChips));
    let two = vec![
        game.bet(2, 1, &[tip(1, 600)]),
        game.bet(2, 2, &[tip(2, 600)]),
    ];
    assert_eq!(game.play(two), Err(Reason::NotEnoughChips));
    assert_eq!((game.chips(2), game.nonce(2)), (1_000, 1));

    // What a replaced bet frees is there once, whatever the order of the tips.
    game.plays(2, bet(&[tip(1, 1_000)])).unwrap();
    game.plays(2, bet(&[tip(2, 1_000), tip(1, 0)])).unwrap();
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (0, 1_000, 0));
    let twice = [tip(2, 0), tip(1, 1_000), tip(3, 1)];
    assert_eq!(game.plays(2, bet(&twice)), Err(Reason::NotEnoughChips));
    let same = [tip(2, 0), tip(2, 0)];
    assert_eq!(game.plays(2, bet(&same)), Err(Reason::DuplicateBet));
    assert_eq!(game.plays(2, transfer(1, 1)), Err(Reason::NotEnoughChips));
    assert_eq!(game.plays(2, transfer(2, 0)), Err(Reason::EmptyTransfer));
}

#[test]
fn a_stake_on_a_match_that_has_begun_is_not_freed() {
    let mut game = Game::joined(2);
    game.plays(2, bet(&[tip(3, 1_000)])).unwrap();
    game.time = KICKOFF;
    let moved = [tip(3, 0), tip(1, 1_000)];
    assert_eq!(game.plays(2, bet(&moved)), Err(Reason::NotEnoughChips));
    assert_eq!((game.pot(3), game.chips(2)), (1_000, 0));
}

/// The largest stakes, points and multiplier that genesis allows.
#[test]
fn the_largest_pot_is_shared_to_the_chip() {
    let most = 1_u64 << 40;
    let mut genesis = genesis();
    genesis.starting_chips = Chips(most);
    genesis.rules.stake_max = Chips(most);
    genesis.rules.scoring = Scoring::Sum(Additive {
        exact: 1_000,
        tendency: 999,
        each_team: 1_000,
        difference: 1_000,
    });
    genesis.rules.stages = vec![StageRule {
        stage: Text::new("Final").unwrap(),
        base: genesis.rules.base,
        multiplier: 100,
    }];
    let mut game = Game::joined_with(genesis, 4);
    for (who, predicted, stake) in [(2, "2-1", most), (3, "3-2", most - 1), (4, "2-0", most)] {
        game.plays(who, bet(&[tip_on(3, predicted, stake)]))
            .unwrap();
    }
    let mut game = game.recorded(played("2-1"));
    let points = [3_000_u64, 1_999, 1_999].map(|points| points * 100);
    assert_eq!([game.points(2), game.points(3), game.points(4)], points);
    game.wait_until(FINAL);
    let stakes = [most, most - 1, most].map(u128::from);
    let pot: u128 = stakes.iter().sum();
    let weights = [0, 1, 2].map(|who| stakes[who] * u128::from(points[who]));
    let sum: u128 = weights.iter().sum();
    let mut due = weights.map(|weight| pot * weight / sum);
    let left = usize::try_from(pot - due.iter().sum::<u128>()).unwrap();
    let mut order = [0, 1, 2];
    order.sort_by_key(|who| std::cmp::Reverse(pot * weights[*who] % sum));
    order[..left].iter().for_each(|who| due[*who] += 1);
    let got = [game.chips(2), game.chips(3) - 1, game.chips(4)].map(u128::from);
    assert_eq!(got, due);
}

#[test]
fn a_pot_of_one_player_comes_back_or_waits_for_ever() {
    for (nobody_right, recorded, chips, rollover) in [
        (NobodyRight::Refund, "2-1", 1_000, 0),
        (NobodyRight::Refund, "0-3", 1_000, 0),
        (NobodyRight::Rollover, "2-1", 1_000, 0),
        (NobodyRight::Rollover, "0-3", 300, 700),
    ] {
        let mut genesis = genesis();
        genesis.rules.nobody_right = nobody_right;
        let mut game = Game::joined_with(genesis, 2);
        game.plays(2, bet(&[tip(3, 700)])).unwrap();
        let mut game = game.recorded(played(recorded));
        game.wait_until(FINAL);
        // No match comes after it: the chips stay in the pool's count, which every block checks.
        game.wait_until(FINAL + 1_000_000);
        assert_eq!((game.chips(2), game.totals().rollover.0), (chips, rollover));
    }
}

#[test]
fn what_is_final_cannot_be_touched() {
    let mut game = Game::joined(3);
    game.plays(2, bet(&[tip_on(3, "2-1", 100)])).unwrap();
    game.plays(3, bet(&[tip_on(3, "0-0", 100)])).unwrap();
    let mut game = game.recorded(played("2-1"));
    // A second before, it can still be corrected, and in its own second no more.
    game.time = FINAL;
    for outcome in [
        called_off(Status::Cancelled),
        called_off(Status::Postponed),
        played("0-0"),
        played("2-1"),
    ] {
        let late = game.plays(ORGANISER, result(3, outcome));
        assert_eq!(late, Err(Reason::ResultFinal));
    }
    assert_eq!(game.plays(3, object(3, "No")), Err(Reason::ResultFinal));
    let again = schedule(fixture(3, "Soon", Some(FINAL + 1_000)));
    assert_eq!(game.plays(ORGANISER, again), Err(Reason::MatchStarted));
    game.wait_until(FINAL);
    assert_eq!((game.chips(2), game.chips(3), game.pot(3)), (1_100, 900, 0));

    let mut game = Game::joined(3).recorded(played("2-1"));
    game.time = FINAL - 1;
    game.plays(ORGANISER, result(3, played("0-0"))).unwrap();
    // The window begins anew.
    game.wait_until(FINAL);
    assert!(!game.record(3).unwrap().is_settled());
    game.wait_until(FINAL + 299);
    assert!(game.record(3).unwrap().is_settled());
}

#[test]
fn a_match_put_off_set_anew_and_cancelled_gives_everything_back() {
    let mut game = Game::joined(2);
    game.plays(2, bet(&[tip(3, 400)])).unwrap();
    game.plays(ORGANISER, result(3, called_off(Status::Postponed)))
        .unwrap();
    let second = KICKOFF + 5_000;
    let anew = schedule(fixture(3, "Soon", Some(second)));
    game.plays(ORGANISER, anew).unwrap();
    // Put off before it began: bets are taken up to the new kick-off.
    game.time = KICKOFF + 1;
    game.plays(2, bet(&[tip(3, 500)])).unwrap();
    game.plays(ORGANISER, result(3, called_off(Status::Cancelled)))
        .unwrap();
    let late = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert_eq!((game.pot(3), game.chips(2)), (500, 500));
    game.wait_until(FINAL);
    assert_eq!((game.pot(3), game.chips(2)), (0, 1_000));
}

/// An organiser who has seen a match begin puts it off and sets it anew, as often as he likes, so that friends can bet
/// on what they have seen.
#[test]
fn betting_on_a_match_that_has_begun_never_reopens() {
    let mut genesis = genesis();
    genesis.rules.later_kickoff_reopens = true;
    for between in [Some(KICKOFF + 4_000), None] {
        let mut game = Game::joined_with(genesis.clone(), 2);
        game.time = KICKOFF + 10;
        game.plays(ORGANISER, result(3, called_off(Status::Postponed)))
            .unwrap();
        for kickoff in [between, Some(KICKOFF + 5_000), Some(KICKOFF + 6_000)] {
            let anew = schedule(fixture(3, "Soon", kickoff));
            game.plays(ORGANISER, anew).unwrap();
            let late = game.plays(2, bet(&[tip(3, 1)])).unwrap();
            assert_eq!(late.void_bets, [MatchNo(3)]);
        }
        let mut turned = fixture(3, "Soon", Some(KICKOFF + 7_000));
        std::mem::swap(&mut turned.home, &mut turned.away);
        assert_eq!(
            game.plays(ORGANISER, schedule(turned)),
            Err(Reason::TeamsFixed)
        );
    }
}

#[test]
fn a_match_moved_before_it_began_takes_bets_again() {
    let mut genesis = genesis();
    genesis.rules.later_kickoff_reopens = true;
    genesis.rules.deadline_lead_s = 60;
    let mut game = Game::joined_with(genesis, 2);
    for kickoff in [KICKOFF + 500, KICKOFF + 1_000] {
        game.time = game.game(3).deadline.unwrap().0 + 1;
        let late = game.plays(2, bet(&[tip(3, 1)])).unwrap();
        assert_eq!(late.void_bets, [MatchNo(3)]);
        let anew = schedule(fixture(3, "Soon", Some(kickoff)));
        game.plays(ORGANISER, anew).unwrap();
        let counts = game.plays(2, bet(&[tip(3, 1)])).unwrap();
        assert_eq!(counts.void_bets, []);
    }
}

#[test]
fn a_seal_is_opened_once_by_its_player_and_as_it_stands() {
    let mut game = Game::joined_with(sealed(), 3);
    let earlier = game.seal(2, 3, "0-0", 1, 10);
    game.plays(2, earlier).unwrap();
    let last = game.seal(2, 3, "2-1", 2, 10);
    game.plays(2, last.clone()).unwrap();
    // The same commitment by another is of no use, and sealing again in the same transaction is refused.
    game.plays(3, last.clone()).unwrap();
    let Action::Seal(actions::Seal { bets: tips }) = last else {
        unreachable!()
    };
    let twice = Action::Seal(actions::Seal {
        bets: vec![tips[0], tips[0]],
    });
    assert_eq!(game.plays(2, twice), Err(Reason::DuplicateBet));
    game.time = KICKOFF;
    let Action::Open(actions::Open { openings }) = open(3, "2-1", 2) else {
        unreachable!()
    };
    let both = Action::Open(actions::Open {
        openings: vec![openings[0], openings[0]],
    });
    assert_eq!(game.plays(2, both), Err(Reason::DuplicateBet));
    assert_eq!(game.plays(3, open(3, "2-1", 2)), Err(Reason::BadOpening));
    assert_eq!(game.plays(1, open(3, "2-1", 2)), Err(Reason::NothingToOpen));
    assert_eq!(game.plays(2, open(3, "0-0", 1)), Err(Reason::BadOpening));
    game.plays(2, open(3, "2-1", 2)).unwrap();
    assert_eq!(game.plays(2, open(3, "2-1", 2)), Err(Reason::NothingToOpen));
    assert_eq!(game.game(3).unopened, 1);
}

fn invited(game: &Game, who: u8, uses: u32, expires: u64) -> Invitation {
    let ticket = Ticket {
        key: account(TICKET),
        uses,
        expires: UnixSeconds(expires),
    };
    Invitation {
        given: SignedTicket {
            ticket,
            organiser: account(ORGANISER),
            organiser_signature: signature(ORGANISER, &ticket_bytes(game.pool, &ticket)),
        },
        ticket_signature: signature(TICKET, &admission_bytes(game.pool, &account(who))),
    }
}

#[test]
fn a_ticket_is_good_as_often_and_as_long_as_its_organiser_signed() {
    let mut game = Game::with(by_invitation());
    let join = |game: &mut Game, who, uses, expires| {
        let transaction = game.join_with(who, invited(game, who, uses, expires));
        game.play(vec![transaction]).map(|_| ())
    };
    let end = START + 100;
    assert_eq!(join(&mut game, 2, 0, end), Err(Reason::TicketUsedUp));
    assert_eq!(join(&mut game, 2, 1, START), Err(Reason::TicketExpired));
    join(&mut game, 2, 1, START + 1).unwrap();
    // Tickets with the same key are one: what was used of one is used of the other.
    assert_eq!(join(&mut game, 3, 1, end), Err(Reason::TicketUsedUp));
    join(&mut game, 3, 2, end).unwrap();
    assert_eq!(join(&mut game, 4, 2, end), Err(Reason::TicketUsedUp));
    join(&mut game, 4, u32::MAX, u64::MAX).unwrap();
    game.time = end;
    assert_eq!(join(&mut game, 5, 9, end), Err(Reason::TicketExpired));
    game.time = end - 1;
    // The pool's time does not run back with the header's.
    game.wait_until(end);
    game.time = end - 1;
    assert_eq!(join(&mut game, 5, 9, end), Err(Reason::TicketExpired));
}

/// Applies a block of these transactions; gives what it changed.
fn apply(game: &mut Game, time: u64, who: &[(u8, Action)]) -> Delta {
    game.time = time;
    let transactions = who
        .iter()
        .map(|(who, action)| game.act(*who, action.clone()))
        .collect();
    let checked = game
        .block(transactions)
        .check(&game.genesis, game.pool)
        .unwrap();
    let applied = Ledger::new(&game.genesis).apply_block(&game.state, game.height, &checked);
    let delta = applied.unwrap().delta().clone();
    game.state.commit(&delta);
    game.height = game.height.next();
    delta
}

#[test]
fn a_reorganisation_across_a_settlement_leaves_no_trace() {
    let mut game = Game::joined(3);
    game.plays(2, bet(&[tip_on(3, "2-1", 100)])).unwrap();
    game.plays(3, bet(&[tip_on(3, "0-0", 50)])).unwrap();
    let fork = game.clone();
    let branch = |game: &mut Game, right: &str| {
        [
            (KICKOFF, vec![(ORGANISER, result(3, played("3-3")))]),
            (KICKOFF + 5, vec![(2, object(3, "No"))]),
            (KICKOFF + 9, vec![(ORGANISER, result(3, played(right)))]),
            (KICKOFF + 309, vec![(2, transfer(3, 7))]),
            (KICKOFF + 400, vec![]),
        ]
        .into_iter()
        .map(|(time, acts)| apply(game, time, &acts))
        .collect::<Vec<_>>()
    };
    let deltas = branch(&mut game, "2-1");
    assert!(game.record(3).unwrap().is_settled());
    assert_eq!((game.chips(2), game.chips(3)), (1_043, 957));
    let (settled, back) = (game.clone(), deltas.iter().rev());
    back.for_each(|delta| game.state.commit(&inverted(delta)));
    assert_eq!(game.state, fork.state);
    game.height = fork.height;

    // The other branch, and back to the first.
    let others = branch(&mut game, "0-0");
    assert_eq!((game.chips(2), game.chips(3)), (893, 1_107));
    let back = others.iter().rev();
    back.for_each(|delta| game.state.commit(&inverted(delta)));
    game.height = fork.height;
    assert_eq!(branch(&mut game, "2-1"), deltas);
    assert_eq!(game.state, settled.state);
}
