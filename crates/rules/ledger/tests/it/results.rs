//! Records: quorum, corrections, what is called off, when they are final.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{MatchNo, NobodyRight, Outcome, Reason, StateView, Status, Vote, table};

use crate::game::{
    Game, KICKOFF, ORGANISER, account, bet, called_off, fixture, object, played, result, schedule,
    three_organisers, tip, tip_on,
};

/// Players 1 to 5, of whom 1 to 3 are organisers; player 5 has 100 chips on 2-1, player 4 on 1-1. Match 3 kicks off now.
fn kicked_off(quorum: u8) -> Game {
    let mut game = Game::joined_with(three_organisers(quorum), 5);
    game.plays(5, bet(&[tip_on(3, "2-1", 100)])).unwrap();
    game.plays(4, bet(&[tip_on(3, "1-1", 100)])).unwrap();
    game.time = KICKOFF;
    game
}

fn votes(game: &Game) -> usize {
    game.state.table::<table::Votes>().unwrap().len()
}

#[test]
fn as_many_as_the_rules_want_sign_the_same() {
    for quorum in 1..=3_u8 {
        let mut game = kicked_off(quorum);
        for organiser in 1..=quorum {
            assert_eq!(game.record(3), None);
            // Twice the same organiser is one signature.
            for _ in 0..if organiser < quorum { 2 } else { 1 } {
                game.plays(organiser, result(3, played("2-1"))).unwrap();
            }
        }
        let record = game.record(3).unwrap();
        assert_eq!(record.signers.len(), usize::from(quorum));
        assert_eq!((game.points(5), votes(&game)), (4, 0));
        assert_eq!(record.final_at.unwrap().0, KICKOFF + 300);
    }
}

#[test]
fn different_records_do_not_add_up() {
    let mut game = kicked_off(2);
    game.plays(1, result(3, played("2-1"))).unwrap();
    game.plays(2, result(3, played("2-2"))).unwrap();
    let mut with_half_time = played("2-1");
    with_half_time.half_time = Some("0-0".parse().unwrap());
    game.plays(3, result(3, with_half_time.clone())).unwrap();
    assert_eq!(game.record(3), None);
    // Who changes his mind takes the first signature back.
    game.plays(1, result(3, with_half_time)).unwrap();
    assert_eq!(game.record(3).unwrap().version, 0);
    assert_eq!(game.totals().acts, 4);
}

#[test]
fn what_was_signed_before_a_record_does_not_count_against_it_later() {
    let mut game = kicked_off(2);
    game.plays(1, result(3, played("0-3"))).unwrap();
    game.plays(2, result(3, played("2-1"))).unwrap();
    game.plays(3, result(3, played("2-1"))).unwrap();
    assert_eq!(votes(&game), 0);
    game.plays(2, result(3, played("0-3"))).unwrap();
    assert_eq!(game.record(3).unwrap().outcome, played("2-1"));
    // The third one signs what stands: nothing but the signature is added.
    game.plays(1, result(3, played("2-1"))).unwrap();
    let record = game.record(3).unwrap();
    assert_eq!((record.signers.len(), record.version), (3, 0));
    assert_eq!(record.since.0, KICKOFF);
    // Signing what stands takes back what was signed against it.
    game.plays(2, result(3, played("2-1"))).unwrap();
    assert_eq!(votes(&game), 0);
}

#[test]
fn a_correction_takes_off_what_the_first_record_gave() {
    let mut game = kicked_off(1);
    game.plays(1, result(3, played("2-1"))).unwrap();
    assert_eq!((game.points(4), game.points(5)), (0, 4));
    assert_eq!((game.totals().scored, game.totals().provisional), (1, 1));
    game.plays(4, object(3, "the second goal did not count"))
        .unwrap();

    game.time = KICKOFF + 299;
    game.plays(2, result(3, played("1-1"))).unwrap();
    assert_eq!((game.points(4), game.points(5)), (4, 0));
    let record = game.record(3).unwrap();
    assert_eq!((record.version, record.objections), (1, 1));
    assert_eq!(record.signers, [account(2)]);
    // The dispute window begins anew, and the corrected record can be objected to again.
    game.plays(4, object(3, "still wrong")).unwrap();
    game.wait_until(KICKOFF + 598);
    assert!(!game.record(3).unwrap().is_settled());
    game.wait_until(KICKOFF + 599);
    assert!(game.record(3).unwrap().is_settled());
    assert_eq!((game.totals().scored, game.totals().provisional), (1, 0));
    assert_eq!((game.chips(4), game.chips(5)), (1_100, 900));

    let versions: Vec<_> = game
        .state
        .scan::<table::ResultVersions>(&MatchNo(3), None, 9)
        .unwrap()
        .into_iter()
        .map(|((_, version), entry)| (version, entry.outcome, entry.signers))
        .collect();
    assert_eq!(
        versions,
        [
            (0, played("2-1"), vec![account(1)]),
            (1, played("1-1"), vec![account(2)]),
        ]
    );
    let texts: Vec<_> = game
        .state
        .scan::<table::Objections>(&MatchNo(3), None, 9)
        .unwrap()
        .into_iter()
        .map(|((_, version, who), objection)| (version, who, objection.text.to_string()))
        .collect();
    assert_eq!(texts.len(), 2);
    assert_eq!(texts[0].0, 0);
    assert_eq!(texts[1], (1, account(4), "still wrong".to_owned()));
}

#[test]
fn a_match_without_a_score_gives_every_stake_back() {
    for status in [Status::Cancelled, Status::Abandoned] {
        for nobody_right in [NobodyRight::Refund, NobodyRight::Rollover] {
            let mut game = kicked_off(1);
            game.genesis.rules.nobody_right = nobody_right;
            game.plays(1, result(3, called_off(status))).unwrap();
            assert_eq!((game.chips(5), game.totals().provisional), (900, 0));
            game.wait_until(KICKOFF + 300);
            assert_eq!((game.chips(4), game.chips(5)), (1_000, 1_000));
            assert_eq!(game.points(5), 0);
        }
    }
}

#[test]
fn a_match_cancelled_ahead_takes_no_more_bets() {
    let mut game = Game::joined(2);
    game.plays(2, bet(&[tip(3, 10)])).unwrap();
    game.plays(ORGANISER, result(3, called_off(Status::Cancelled)))
        .unwrap();
    let outcome = game.plays(2, bet(&[tip(3, 20)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3)]);
    game.wait_until(KICKOFF - 1);
    assert_eq!((game.chips(2), game.pot(3)), (1_000, 0));
}

#[test]
fn an_awarded_match_counts_where_the_rules_say_so() {
    let awarded = Outcome {
        status: Status::Awarded,
        ..played("3-0")
    };
    for (counts, points, chips) in [(true, 2, 1_100), (false, 0, 1_000)] {
        let mut genesis = three_organisers(1);
        genesis.rules.awarded_counts = counts;
        let mut game = Game::joined_with(genesis, 5);
        game.plays(5, bet(&[tip_on(3, "2-1", 100)])).unwrap();
        game.plays(4, bet(&[tip_on(3, "1-1", 100)])).unwrap();
        game.time = KICKOFF;
        game.plays(1, result(3, awarded.clone())).unwrap();
        assert_eq!(game.points(5), points);
        game.wait_until(KICKOFF + 300);
        assert_eq!(game.chips(5), chips);
    }
}

#[test]
fn a_postponed_match_is_scheduled_anew_and_tips_stay() {
    let mut game = kicked_off(1);
    let postponed = || result(3, called_off(Status::Postponed));
    game.plays(1, postponed()).unwrap();
    assert!(game.game(3).postponed);
    assert_eq!(game.record(3).unwrap().final_at, None);
    game.wait_until(KICKOFF + 10_000);
    assert_eq!(
        (game.record(3).unwrap().is_settled(), game.pot(3)),
        (false, 200)
    );

    let anew = |at| schedule(fixture(3, "Soon", Some(at)));
    let second = KICKOFF + 20_000;
    game.plays(1, anew(second)).unwrap();
    assert!(!game.game(3).postponed);
    // The match had begun: betting stays closed whatever the rules say of later kick-offs.
    let late = game.plays(5, bet(&[tip_on(3, "0-0", 1)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert_eq!(
        game.plays(1, result(3, played("2-1"))),
        Err(Reason::ResultTooEarly)
    );
    // It has begun anew: it can be postponed once more, but not moved without a record.
    game.time = second;
    assert_eq!(game.plays(1, anew(second + 9)), Err(Reason::MatchStarted));
    game.plays(1, postponed()).unwrap();
    assert_eq!(game.record(3).unwrap().version, 1);
    let third = second + 100;
    game.plays(1, anew(third)).unwrap();
    game.time = third;
    game.plays(1, result(3, played("2-1"))).unwrap();
    game.wait_until(third + 300);
    assert_eq!((game.points(5), game.chips(5), game.pot(3)), (4, 1_100, 0));
}

#[test]
fn a_vote_does_not_outlive_the_schedule_that_it_was_cast_under() {
    let mut game = kicked_off(2);
    game.plays(1, result(3, played("0-0"))).unwrap();
    for organiser in [2, 3] {
        let postponed = result(3, called_off(Status::Postponed));
        game.plays(organiser, postponed).unwrap();
    }
    let second = KICKOFF + 1_000;
    for organiser in [2, 3] {
        let anew = schedule(fixture(3, "Soon", Some(second)));
        game.plays(organiser, anew).unwrap();
    }
    game.time = second;
    game.plays(2, result(3, played("0-0"))).unwrap();
    assert_eq!(
        game.record(3).unwrap().outcome.status,
        Status::Postponed,
        "one signature of the new match is not two"
    );
}

#[test]
fn as_many_as_the_rules_want_schedule_alike() {
    let mut game = Game::joined_with(three_organisers(2), 3);
    let moved = || schedule(fixture(3, "Soon", Some(KICKOFF + 100)));
    game.plays(1, moved()).unwrap();
    game.plays(1, moved()).unwrap();
    game.plays(2, schedule(fixture(3, "Soon", Some(KICKOFF + 200))))
        .unwrap();
    assert_eq!(game.game(3).fixture.kickoff.unwrap().0, KICKOFF);
    game.plays(3, moved()).unwrap();
    assert_eq!(game.game(3).fixture.kickoff.unwrap().0, KICKOFF + 100);
    assert_eq!(votes(&game), 0);
    // A new match is there once the quorum is.
    game.plays(1, schedule(fixture(4, "New", None))).unwrap();
    assert_eq!(game.totals().matches, 3);
    game.plays(2, schedule(fixture(4, "New", None))).unwrap();
    assert_eq!(game.totals().matches, 4);
}

#[test]
fn every_act_of_an_organiser_is_on_record() {
    let mut game = kicked_off(2);
    game.plays(1, result(3, played("2-1"))).unwrap();
    game.plays(2, result(3, played("2-1"))).unwrap();
    let acts = game.state.table::<table::Acts>().unwrap();
    let acts: Vec<_> = acts
        .values()
        .map(|act| (act.organiser, act.effect.is_some(), act.vote.clone()))
        .collect();
    let vote = Vote::Result(played("2-1"));
    assert_eq!(
        acts,
        [(account(1), false, vote.clone()), (account(2), true, vote),]
    );
}

#[test]
fn nobody_right_is_refunded_or_rolls_over() {
    for (nobody_right, after) in [
        (NobodyRight::Refund, [1_000, 1_000]),
        (NobodyRight::Rollover, [900, 900]),
    ] {
        let mut genesis = three_organisers(1);
        genesis.rules.nobody_right = nobody_right;
        genesis
            .matches
            .push(fixture(4, "Next", Some(KICKOFF + 500)));
        let mut game = Game::joined_with(genesis, 5);
        for (who, predicted) in [(4, "1-1"), (5, "2-1")] {
            game.plays(who, bet(&[tip_on(3, predicted, 100)])).unwrap();
        }
        game.time = KICKOFF;
        game.plays(1, result(3, played("0-4"))).unwrap();
        game.wait_until(KICKOFF + 300);
        assert_eq!([game.chips(4), game.chips(5)], after);

        // The next pot that somebody wins has it all; stakes of nothing do not.
        game.plays(4, bet(&[tip_on(4, "3-0", 10)])).unwrap();
        game.plays(5, bet(&[tip_on(4, "1-0", 0)])).unwrap();
        game.time = KICKOFF + 500;
        game.plays(1, result(4, played("1-0"))).unwrap();
        game.wait_until(KICKOFF + 800);
        let rolled = 2 * (1_000 - after[0]);
        assert_eq!(game.chips(4), after[0] + rolled);
        assert_eq!(game.totals().rollover.0, 0);
    }
}

#[test]
fn many_records_become_final_block_by_block() {
    let mut genesis = three_organisers(1);
    genesis.limits.matches = 40;
    genesis.matches = (0..20)
        .map(|no| fixture(no, &format!("M{no}"), Some(KICKOFF)))
        .collect();
    let mut game = Game::joined_with(genesis, 2);
    game.time = KICKOFF;
    let nonce = game.nonce(1);
    let records = (nonce..)
        .zip(0..20)
        .map(|(nonce, no)| game.sign(1, nonce, result(no, played("1-0"))));
    game.play(records.collect()).unwrap();
    game.wait_until(KICKOFF + 300);
    assert_eq!(game.totals().provisional, 4);
    game.wait_until(KICKOFF + 300);
    assert_eq!(game.totals().provisional, 0);
}
