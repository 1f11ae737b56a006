//! Questions: what may be asked, who answers when, and what it gives.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use bolao_ledger::{
    Act, Action, BetMode, FoldedCode, ItemKind, MatchNo, Outcome, Quorum, Reason, Rules,
    StateView as _, Status, Text, UnixSeconds, actions, decode, encode,
    item::{Answer, Asks, Question},
    table::Acts,
};
use proptest::prelude::*;

use crate::{
    dice::Dice,
    game::{
        Game, KICKOFF, ORGANISER, START, account, bet, fixture, object, open, played, result,
        ruled, schedule, three_organisers, tip_on,
    },
    notice::with_notice,
};

pub(crate) const FIRST: u16 = 0x4000;

pub(crate) fn choice(slots: u8, options: u16, misplaced: Option<u16>, perfect: u16) -> Question {
    let option = |place| Text::new(format!("Team {place}")).unwrap();
    Question {
        no: MatchNo(FIRST),
        code: "champion".parse().unwrap(),
        text: Text::new("Who becomes champion?").unwrap(),
        closes: UnixSeconds(START + 1_000),
        points: 10,
        slots,
        asks: Asks::Choice {
            options: (0..options).map(option).collect(),
            misplaced,
            perfect,
        },
    }
}

pub(crate) fn number(least: u16, most: u16, near: &[u16]) -> Question {
    Question {
        asks: Asks::Number {
            least,
            most,
            near: near.to_vec(),
        },
        ..choice(1, 2, None, 0)
    }
}

pub(crate) fn answered(right: &[u16]) -> Outcome {
    Outcome {
        right: answers(right),
        ..Outcome::without_score(Status::Answered, None)
    }
}

fn answers(all: &[u16]) -> Vec<Answer> {
    all.iter()
        .map(|it| Answer::try_from(*it).unwrap())
        .collect()
}

fn worth(question: &Question, right: &[u16], given: &[u16]) -> u64 {
    let given: Vec<_> = answers(given).into_iter().map(Some).collect();
    question.worth(&answers(right), &given)
}

#[test]
fn right_answers_give_points() {
    let champion = choice(1, 4, None, 0);
    assert_eq!(
        [2, 1, 9].map(|it| worth(&champion, &[2, 3], &[it])),
        [10, 0, 0]
    );
    let semis = choice(4, 8, None, 5);
    assert_eq!(worth(&semis, &[0, 1, 2, 3], &[3, 2, 1, 0]), 45);
    assert_eq!(worth(&semis, &[0, 1, 2, 3], &[3, 3, 1, 7]), 20);
    let order = choice(3, 4, Some(4), 5);
    assert_eq!(worth(&order, &[0, 1, 2], &[0, 1, 2]), 35);
    assert_eq!(worth(&order, &[0, 1, 2], &[1, 0, 2]), 18);
    // One answer in several slots counts where it gives most.
    assert_eq!(worth(&order, &[0, 1, 2], &[1, 1, 1]), 10);
    let goals = number(0, 300, &[5, 3]);
    let given = [172, 171, 174, 175, 301].map(|it| worth(&goals, &[172, 300], &[it]));
    assert_eq!(given, [10, 5, 3, 0, 0]);
}

#[test]
fn numbers_of_questions_are_matches_where_nobody_asks() {
    let kinds = |notice_s| {
        let rules = Rules {
            notice_s,
            ..Rules::default()
        };
        [0x3FFF, FIRST, 0x7FFF, 0x8000].map(|no| rules.kind_of(MatchNo(no)))
    };
    let [game, question] = [ItemKind::Match, ItemKind::Question].map(Some);
    assert_eq!(kinds(0), [game; 4]);
    assert_eq!(kinds(1), [game, question, question, None]);

    let mut game = Game::joined(2);
    let new = schedule(fixture(FIRST, "New", Some(KICKOFF)));
    game.plays(ORGANISER, new).unwrap();
    game.plays(2, bet(&[tip_on(FIRST, "2-1", 0)])).unwrap();
    let item = game.state.item(MatchNo(FIRST)).unwrap().unwrap();
    assert_eq!((item.kind(), item.bets), (ItemKind::Match, 1));
    let found = game.state.match_by_code(&FoldedCode::of("New"));
    assert_eq!(found.unwrap(), Some(MatchNo(FIRST)));
    let tipped = game.state.matches_of(&account(2), None, 9);
    assert_eq!(tipped.unwrap(), [MatchNo(FIRST)]);
    game.wait_until(KICKOFF);
    game.plays(ORGANISER, result(FIRST, played("2-1"))).unwrap();
    assert!(game.points(2) > 0);
}

/// Signs are compared as they are where there is nothing else.
fn options_differ(question: &mut Question) {
    let Asks::Choice { options, .. } = &mut question.asks else {
        unreachable!("it is a choice");
    };
    options[1] = Text::new("+").unwrap();
    options[2] = Text::new("-").unwrap();
}

#[test]
fn what_is_no_question_is_not_read() {
    let good = || choice(2, 8, Some(4), 3);
    let asking = |other: Question| Question {
        asks: other.asks,
        ..good()
    };
    let no = |no| Question {
        no: MatchNo(no),
        ..good()
    };
    let slots = |slots| Question { slots, ..good() };
    let points = |points| Question { points, ..good() };
    let closes = UnixSeconds(253_402_207_201);
    let json = serde_json::to_value(good()).unwrap();
    assert_eq!(serde_json::from_value::<Question>(json).unwrap(), good());
    for (what, question) in [
        ("a number of matches", no(FIRST - 1)),
        ("a slot past the numbers", no(0x7FFF)),
        ("no slot", slots(0)),
        ("more slots than options", slots(9)),
        ("no points", points(0)),
        ("many points", points(1_001)),
        ("after the year 9999", Question { closes, ..good() }),
        ("one option", asking(choice(2, 1, None, 0))),
        ("much for a wrong place", asking(choice(2, 8, Some(11), 0))),
        ("much for all", asking(choice(2, 8, None, 1_001))),
        ("a number with two slots", asking(number(0, 9, &[]))),
        ("an order of one", choice(1, 8, Some(1), 0)),
        ("one number", number(9, 9, &[])),
        ("more for a near number", number(0, 9, &[4, 5])),
    ] {
        assert!(decode::<Question>(&encode(&question)).is_err(), "{what}");
        let json = serde_json::to_value(&question).unwrap();
        assert!(serde_json::from_value::<Question>(json).is_err(), "{what}");
    }
    let mut twice = choice(1, 3, None, 0);
    let Asks::Choice { options, .. } = &mut twice.asks else {
        unreachable!("it is a choice");
    };
    options[0] = options[2].clone();
    assert!(twice.check().is_err());
    for (one, other) in [
        ("Brazil", "brazil"),
        ("Brazil", "Brazil."),
        ("New Zealand", "New\u{a0}Zealand"),
        ("São Paulo", "SÃO-PAULO"),
        ("2", "２"),
    ] {
        let mut alike = choice(1, 3, None, 0);
        let Asks::Choice { options, .. } = &mut alike.asks else {
            unreachable!("it is a choice");
        };
        options[0] = Text::new(one).unwrap();
        options[2] = Text::new(other).unwrap();
        assert!(alike.check().is_err(), "{one} {other}");
        options_differ(&mut alike);
        alike.check().unwrap();
    }
    let numbered = Question {
        code: "12".parse().unwrap(),
        ..good()
    };
    assert!(numbered.check().is_err());
    let mut newer = encode(&number(0, 9, &[]));
    let kind = newer.len() - 9;
    newer[kind] = 2;
    let error = decode::<Question>(&newer).unwrap_err();
    assert!(
        error.to_string().ends_with("use a newer program"),
        "{error}"
    );
}

#[test]
fn a_record_has_answers_of_its_question() {
    let question = choice(2, 4, Some(1), 0);
    let is_record = |it: &Outcome| question.check_outcome(it).is_ok();
    assert!(is_record(&answered(&[3, 0])));
    assert!(is_record(&Outcome::without_score(Status::Cancelled, None)));
    for right in [&[][..], &[1], &[1, 1], &[1, 4], &[1, 2, 3]] {
        assert!(!is_record(&answered(right)), "{right:?}");
    }
    for status in [Status::Played, Status::Postponed, Status::Abandoned] {
        assert!(!is_record(&Outcome::without_score(status, None)));
    }
    let scored = Outcome {
        half_time: Some("0-0".parse().unwrap()),
        ..answered(&[3, 0])
    };
    assert!(!is_record(&scored));
    let any = |right: &[u16]| {
        choice(2, 4, None, 0)
            .check_outcome(&answered(right))
            .is_ok()
    };
    assert!(any(&[0, 2, 3]) && !any(&[2, 0]) && !any(&[4]));
    let goals = number(0, 9, &[]);
    assert!(goals.check_outcome(&answered(&[3, 70])).is_ok());
    assert!(answered(&[3, 0]).check().is_err());
}

pub(crate) fn ask(question: Question) -> Action {
    Action::Question(actions::Question {
        question: Box::new(question),
    })
}

/// Answers to slots that follow on one another.
pub(crate) fn answer(first: u16, given: &[u16]) -> Action {
    let answers = given.iter().zip(first..);
    let tips: Vec<_> = answers
        .map(|(it, no)| tip_on(no, &format!("option {it}"), 0))
        .collect();
    bet(&tips)
}

/// A pool that wants 100 seconds of notice, and has asked.
pub(crate) fn asked(question: Question) -> Game {
    let mut game = with_notice();
    game.plays(ORGANISER, ask(question)).unwrap();
    game
}

fn cancelled() -> Outcome {
    Outcome::without_score(Status::Cancelled, None)
}

fn last_act(game: &Game) -> Act {
    let acts = game.state.table::<Acts>().unwrap();
    acts.into_values().next_back().unwrap()
}

#[test]
fn answers_count_until_the_question_closes_and_points_follow_the_record() {
    let question = choice(2, 4, Some(4), 5);
    let closes = question.closes.0;
    let mut game = asked(question);
    assert!(last_act(&game).is_told(&game.genesis.rules));
    game.plays(2, answer(FIRST, &[0, 1])).unwrap();
    game.time = closes - 1;
    game.plays(3, answer(FIRST, &[1, 9_999])).unwrap();
    assert_eq!(game.totals().bets, 4);
    game.time = closes;
    let late = game.plays(2, answer(FIRST, &[2, 3])).unwrap();
    assert_eq!(late.void_bets, [FIRST, FIRST + 1].map(MatchNo));

    game.plays(ORGANISER, result(FIRST, answered(&[0, 1])))
        .unwrap();
    assert!(!last_act(&game).is_told(&game.genesis.rules));
    assert_eq!([2, 3].map(|who| game.points(who)), [25, 4]);
    game.plays(2, object(FIRST, "no")).unwrap();
    game.plays(ORGANISER, result(FIRST, answered(&[1, 2])))
        .unwrap();
    assert_eq!([2, 3].map(|who| game.points(who)), [4, 10]);
    let standing = game.standing(3);
    assert_eq!((standing.bets, game.totals().scored), (0, 0));
    game.plays(ORGANISER, result(FIRST, cancelled())).unwrap();
    assert_eq!([2, 3].map(|who| game.points(who)), [0, 0]);
    game.plays(ORGANISER, result(FIRST, answered(&[0, 1])))
        .unwrap();
    game.time += 300;
    game.wait_until(game.time);
    assert!(game.record(FIRST).unwrap().is_settled());
    assert_eq!(game.points(2), 25);
    let again = game.plays(ORGANISER, result(FIRST, answered(&[1, 0])));
    assert_eq!(again.unwrap_err(), Reason::ResultFinal);
}

#[test]
fn seals_are_opened_from_the_close_on_and_score_once_they_are() {
    let question = choice(2, 4, None, 5);
    let closes = question.closes.0;
    let genesis = ruled(with_notice().genesis, |it| it.rules.bets = BetMode::Sealed);
    let mut game = Game::joined_with(genesis, 3);
    game.plays(ORGANISER, ask(question)).unwrap();
    for (place, seed) in [(0, 7), (1, 8)] {
        let seal = game.seal(2, FIRST + place, &format!("option {place}"), seed, 0);
        game.plays(2, seal).unwrap();
    }
    let early = game.plays(2, open(FIRST, "option 0", 7));
    assert_eq!(early.unwrap_err(), Reason::OpeningTooEarly);
    game.time = closes;
    game.plays(2, open(FIRST, "option 0", 7)).unwrap();
    game.plays(ORGANISER, result(FIRST, answered(&[0, 1])))
        .unwrap();
    assert_eq!(game.points(2), 10);
    // Not final before the seal can be opened no more.
    let window_s = u64::from(game.genesis.rules.opening_window_s);
    let final_at = game.record(FIRST).unwrap().final_at;
    assert_eq!(final_at, Some(UnixSeconds(closes + window_s)));
    game.plays(2, open(FIRST + 1, "option 1", 8)).unwrap();
    assert_eq!(game.points(2), 25);
}

#[test]
fn a_question_that_was_cancelled_before_it_closed_stays_so() {
    let question = choice(1, 4, None, 0);
    let closes = question.closes.0;
    let mut game = asked(question);
    game.plays(2, answer(FIRST, &[1])).unwrap();
    game.time = closes - 100;
    game.plays(ORGANISER, result(FIRST, cancelled())).unwrap();
    assert!(last_act(&game).is_told(&game.genesis.rules));
    let late = game.plays(3, answer(FIRST, &[1])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(FIRST)]);
    let item = game.state.item(MatchNo(FIRST)).unwrap().unwrap();
    assert!(!item.has_begun_at(UnixSeconds(closes - 1)));
    game.time = closes;
    let right = game.plays(ORGANISER, result(FIRST, answered(&[1])));
    assert_eq!(right.unwrap_err(), Reason::BadOutcome);
}

#[test]
fn what_is_asked_changes_with_notice_and_without_answers() {
    let question = choice(1, 4, None, 0);
    let later = Question {
        closes: UnixSeconds(question.closes.0 + 50),
        ..question.clone()
    };
    let other = Question {
        points: 99,
        asks: choice(1, 9, None, 0).asks,
        ..later.clone()
    };
    let more = Question {
        asks: choice(1, 5, None, 0).asks,
        ..later.clone()
    };
    let mut game = asked(question.clone());
    game.plays(ORGANISER, ask(other.clone())).unwrap();
    game.plays(ORGANISER, ask(question.clone())).unwrap();
    game.plays(2, answer(FIRST, &[4])).unwrap();
    let refused = game.clone().plays(ORGANISER, ask(other));
    assert_eq!(refused.unwrap_err(), Reason::TeamsFixed);
    // An answer that was none is one, once the option is there.
    game.plays(ORGANISER, ask(more.clone())).unwrap();
    let short = Question {
        asks: question.asks.clone(),
        ..more.clone()
    };
    let refused = game.clone().plays(ORGANISER, ask(short));
    assert_eq!(refused.unwrap_err(), Reason::TeamsFixed);
    for (ahead, allowed) in [(100, true), (99, false)] {
        let mut game = game.clone();
        game.time = more.closes.0 - ahead;
        let far = Question {
            closes: UnixSeconds(game.time + 500),
            ..more.clone()
        };
        assert_eq!(
            game.plays(ORGANISER, ask(far)).is_ok(),
            allowed,
            "{ahead} s"
        );
    }
    game.time = more.closes.0;
    game.plays(ORGANISER, result(FIRST, answered(&[4])))
        .unwrap();
    assert_eq!(game.points(2), 10);
}

/// As many sign as the larger quorum says, and what takes effect spends what was signed before.
#[test]
fn several_organisers_ask_and_answer() {
    let genesis = ruled(three_organisers(2), |it| {
        it.rules.notice_s = 100;
        it.rules.schedule_quorum = Quorum::of(1);
    });
    let mut game = Game::joined_with(genesis, 3);
    let question = choice(1, 4, None, 0);
    game.plays(1, ask(question.clone())).unwrap();
    assert!(game.state.item(MatchNo(FIRST)).unwrap().is_none());
    let other = Question {
        points: 3,
        ..question.clone()
    };
    game.plays(3, ask(other.clone())).unwrap();
    game.plays(2, ask(question.clone())).unwrap();
    game.plays(1, ask(other)).unwrap();
    assert!(last_act(&game).effect.is_none());
    game.plays(2, answer(FIRST, &[1])).unwrap();
    game.time = question.closes.0;
    for (who, points) in [(1, 0), (3, 10), (2, 10)] {
        game.plays(who, result(FIRST, answered(&[1]))).unwrap();
        assert_eq!(game.points(2), points);
    }
    assert_eq!(game.record(FIRST).unwrap().signers.len(), 3);
}

/// Nothing that counts is said by somebody who knows the answer, whatever organisers sign.
#[test]
fn late_knowledge_gives_nothing() {
    for seed in 0..200 {
        let dice = &mut Dice::new(seed);
        let question = choice(1, 4, None, 0);
        let mut game = asked(question.clone());
        let mut knows_from = question.closes.0;
        for _ in 0..12 {
            let moved = Question {
                closes: UnixSeconds(game.time + dice.below(400)),
                ..question.clone()
            };
            let _ = game.plays(ORGANISER, ask(moved));
            let outcome = dice.pick(&[Status::Cancelled, Status::Answered]);
            if dice.one_in(4) {
                let right = if outcome == Status::Answered {
                    answered(&[1])
                } else {
                    cancelled()
                };
                let _ = game.plays(ORGANISER, result(FIRST, right));
            }
            let item = game.state.item(MatchNo(FIRST)).unwrap().unwrap();
            if game.time < knows_from {
                knows_from = item.begins.unwrap().0;
            } else {
                let outcome = game.plays(2, answer(FIRST, &[1])).unwrap();
                assert_eq!(outcome.void_bets.len(), 1, "{seed}");
            }
            game.time += dice.below(200);
        }
        assert_eq!(game.points(2), 0);
    }
}

proptest! {
    /// The best that can be made of a player's answers, tried one by one, where each may count in one slot only.
    #[test]
    fn points_are_the_most_that_counting_once_gives(seed: u64) {
        let dice = &mut Dice::new(seed);
        let slots = dice.pick(&[2, 3, 4]);
        let misplaced = dice.pick(&[None, Some(0), Some(4), Some(10)]);
        let question = choice(slots, 6, misplaced, 7);
        let draw = |dice: &mut Dice| u16::try_from(dice.below(6)).unwrap();
        let mut right: Vec<u16> = (0..6).collect();
        right.rotate_left(dice.index(6));
        right.truncate(usize::from(slots));
        let given: Vec<u16> = (0..slots).map(|_| draw(dice)).collect();
        let gives = |place: usize| match right.iter().position(|it| *it == given[place]) {
            None => 0,
            Some(at) if misplaced.is_none() || at == place => 10,
            Some(_) => misplaced.unwrap_or(0),
        };
        let mut best = 0;
        for set in 0..1_u32 << slots {
            let places: Vec<usize> = (0..usize::from(slots)).filter(|it| set >> it & 1 == 1).collect();
            let once: BTreeSet<u16> = places.iter().map(|it| given[*it]).collect();
            if once.len() == places.len() {
                let sum: u16 = places.iter().map(|it| gives(*it)).sum();
                best = best.max(sum);
            }
        }
        let each: BTreeSet<u16> = given.iter().copied().collect();
        let in_place = |(place, it): (usize, &u16)| match misplaced {
            Some(_) => right[place] == *it,
            None => right.contains(it),
        };
        if each.len() == given.len() && given.iter().enumerate().all(in_place) {
            best += 7;
        }
        prop_assert_eq!(worth(&question, &right, &given), u64::from(best));
    }
}
