#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Action, MatchNo, actions};
use serde_json::json;

use super::*;
use crate::view::fixtures::{match_json, player, waiting};

const ANA: AccountId = AccountId([1; 32]);
const BRUNO: AccountId = AccountId([2; 32]);
const OWN: AccountId = AccountId([9; 32]);

fn played(score: &str) -> Outcome {
    Outcome::played(score.parse().unwrap())
}

fn with_half(score: &str, half: &str) -> Outcome {
    Outcome {
        half_time: Some(half.parse().unwrap()),
        ..played(score)
    }
}

fn postponed() -> Outcome {
    Outcome::without_score(bolao_ledger::Status::Postponed, None)
}

/// A match, with the record that stands.
fn game(record: Option<&Outcome>) -> Match {
    let mut game = match_json(1, "PtCh", "Portugal", "Switzerland");
    if let Some(outcome) = record {
        game["record"] = json!({
            "version": 0, "score": null, "outcome": outcome, "signers": [player("carla")],
            "since": "2019-06-06T21:30:00Z", "final_at": null, "provisional": true, "objections": 0,
        });
    }
    serde_json::from_value(game).unwrap()
}

/// Records of the match that wait, each signed by one organiser.
fn signed(signed: &[(AccountId, &Outcome)]) -> Vec<Waiting> {
    let one = |(organiser, outcome): &(AccountId, &Outcome)| {
        let (match_no, outcome) = (MatchNo(1), (*outcome).clone());
        let record = actions::Result { match_no, outcome };
        waiting(1, *organiser, Action::Result(record))
    };
    signed.iter().map(one).collect()
}

fn args(line: &str) -> ConfirmArgs {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        confirm: ConfirmArgs,
    }
    let words = std::iter::once("x").chain(line.split_whitespace());
    <Line as clap::Parser>::try_parse_from(words)
        .unwrap()
        .confirm
}

fn confirm(
    line: &str,
    game: &Match,
    waiting: &[Waiting],
    typed: Option<&Outcome>,
) -> Result<Outcome, String> {
    confirmed(args(line), false, game, waiting, OWN, typed).map_err(|error| error.to_string())
}

#[test]
fn what_was_put_off_is_not_put_off_again_by_a_confirmation() {
    let mut game = game(Some(&postponed()));
    game.entry.postponed = true;
    let id = SignedId::of_record(MatchNo(1), &postponed());
    let by_id = format!("--confirm={id}");
    assert_eq!(
        confirmed(args("--confirm"), true, &game, &[], BRUNO, None).unwrap(),
        postponed()
    );
    // Scheduled anew: nothing stands and nothing waits.
    game.entry.postponed = false;
    assert!(game.reopened());
    for line in ["--confirm", by_id.as_str()] {
        let error = confirmed(args(line), true, &game, &[], BRUNO, None).unwrap_err();
        assert!(
            error.to_string().contains("no record of PtCh is waiting"),
            "{error}"
        );
    }
    // Whoever puts it off again has to say so.
    let waiting = signed(&[(ANA, &postponed())]);
    assert_eq!(
        confirm("--confirm", &game, &waiting, Some(&postponed())),
        Ok(postponed())
    );
}

#[test]
fn a_record_is_signed_by_its_id_or_by_what_it_says() {
    let game = game(None);
    let (right, wrong) = (with_half("3-1", "1-0"), played("1-3"));
    let waiting = signed(&[(ANA, &right)]);
    let id = waiting[0].content_id();
    let by_id = format!("--confirm={id}");
    let all = Ok(right.clone());
    assert_eq!(confirm(&by_id, &game, &waiting, None), all);
    assert_eq!(
        confirm("--confirm", &game, &waiting, Some(&played("3-1"))),
        all
    );
    assert_eq!(confirm("--confirm", &game, &waiting, Some(&right)), all);
    let error = confirm("--confirm", &game, &waiting, None).unwrap_err();
    assert!(error.contains(&by_id), "{error}");

    // Ana puts another in its place before it is confirmed.
    let waiting = signed(&[(ANA, &wrong)]);
    for (line, typed) in [
        (by_id.as_str(), None),
        ("--confirm", Some(played("3-1"))),
        (by_id.as_str(), Some(played("3-1"))),
        ("--confirm", Some(with_half("1-3", "0-1"))),
    ] {
        let error = confirm(line, &game, &waiting, typed.as_ref()).unwrap_err();
        assert!(error.contains("record of PtCh"), "{error}");
    }
    // What counts besides the 90 minutes has to be said too.
    let longer = Outcome {
        after_120: Some("2-1".parse().unwrap()),
        ..played("1-1")
    };
    let waiting = signed(&[(ANA, &longer)]);
    assert!(confirm("--confirm", &game, &waiting, Some(&played("1-1"))).is_err());
    assert_eq!(
        confirm("--confirm", &game, &waiting, Some(&longer)),
        Ok(longer)
    );
}

#[test]
fn of_several_the_one_that_was_said_is_signed() {
    let game = game(Some(&played("0-0")));
    let (one, other) = (played("3-1"), with_half("3-1", "1-0"));
    let waiting = signed(&[(ANA, &one), (BRUNO, &other)]);
    let error = confirm("--confirm", &game, &waiting, Some(&one)).unwrap_err();
    assert!(error.contains("several records"), "{error}");
    let by_id = format!("--confirm={}", waiting[1].content_id());
    assert_eq!(confirm(&by_id, &game, &waiting, None), Ok(other.clone()));
    assert_eq!(
        confirm("--confirm", &game, &waiting, Some(&other)),
        Ok(other)
    );
    // The record that stands, by what it says.
    assert_eq!(
        confirm("--confirm", &game, &waiting, Some(&played("0-0"))),
        Ok(played("0-0"))
    );
    let own = signed(&[(OWN, &one)]);
    let error = confirm("--confirm", &game, &own, None).unwrap_err();
    assert!(error.contains("you have signed this record"), "{error}");
}

#[test]
fn one_that_counts_the_same_is_pointed_out() {
    let game = game(None);
    let rules = Rules::default();
    let waits = |signatures: &[(AccountId, &Outcome)], typed: &Outcome| {
        let waiting = signed(signatures);
        alike(&game, &waiting, OWN, typed, &rules).and_then(|it| it.outcome().cloned())
    };
    let (plain, half, other) = (played("3-1"), with_half("3-1", "1-0"), played("1-3"));
    assert_eq!(waits(&[(ANA, &half)], &plain), Some(half.clone()));
    assert_eq!(
        waits(&[(ANA, &half), (BRUNO, &other)], &plain),
        Some(half.clone())
    );
    assert_eq!(waits(&[(ANA, &half)], &half), None);
    assert_eq!(waits(&[(ANA, &half), (BRUNO, &plain)], &plain), None);
    assert_eq!(waits(&[(ANA, &other)], &plain), None);
    assert_eq!(waits(&[(OWN, &half)], &plain), None);
}
