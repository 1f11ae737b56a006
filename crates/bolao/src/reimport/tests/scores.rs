//! Every verdict on a result that a file proposes.

use bolao_fixtures::ProposedScore;
use bolao_ledger::Status;

use super::*;

/// What the file proposes for a pool's one match.
fn proposed(game: Value, more: &str, waiting: &Waits, own: Option<AccountId>) -> Option<Proposal> {
    let ours = matches(vec![game]);
    let pool = Pool {
        zone: None,
        own,
        ..pool(&ours, waiting)
    };
    let plan = Plan {
        file: file(&[line(1, "Aa", "Bb", -DAY, more)]),
        partners: vec![Some(0)],
        changes: Vec::new(),
        gone: Vec::new(),
    };
    proposals(&plan, &pool).pop()
}

fn simply(game: Value, more: &str) -> Option<Proposal> {
    proposed(game, more, &Waits::new(), Some(OWN))
}

const SCORE: &str = r#", "score": {"ft": [2, 1]}"#;
const CALLED_OFF: &str = r#", "status": "cancelled""#;
const PUT_OFF: &str = r#", "status": "postponed""#;

fn begun() -> Value {
    ours(1, "Aa", "Bb", Some(-DAY))
}

fn played(score: &str) -> Outcome {
    Outcome::played(score.parse().unwrap())
}

#[test]
fn a_score_of_a_match_that_has_begun_can_be_signed() {
    let found = simply(begun(), SCORE).unwrap();
    assert_eq!(found.verdict, Verdict::Sign);
    assert_eq!(found.outcome, Some(played("2-1")));
    assert_eq!((found.corrects, found.no), (None, 1));
    assert!(simply(begun(), "").is_none());
}

#[test]
fn what_the_ledger_refuses_is_not_signed() {
    let mut found = vec![simply(with_record(begun(), &played("1-2")), SCORE).unwrap()];
    let asked = results(&found);
    refuse(&mut found, &Refusals::default());
    assert_eq!(found[0].verdict, Verdict::Sign);
    let why = "the result of match `M1` is final".to_owned();
    refuse(&mut found, &Refusals(vec![(asked[0].clone(), why)]));
    let wanted = "is final: 1-2; the file disagrees";
    assert!(refused(&found[0].verdict, wanted), "{found:?}");
    assert_eq!(results(&found), []);
}

#[test]
fn a_match_is_called_off_at_any_time() {
    for game in [ours(1, "Aa", "Bb", Some(HOUR)), begun()] {
        for (more, status) in [
            (CALLED_OFF, Status::Cancelled),
            (PUT_OFF, Status::Postponed),
        ] {
            let found = simply(game.clone(), more).unwrap();
            assert_eq!(found.verdict, Verdict::Sign, "{more}");
            assert_eq!(found.outcome.unwrap().status, status);
        }
    }
    // What has no kick-off is put off already.
    assert!(simply(ours(1, "Aa", "Bb", None), PUT_OFF).is_none());
    assert!(simply(ours(1, "Aa", "Bb", None), CALLED_OFF).is_some());
}

#[test]
fn a_score_that_cannot_be_one_is_not_signed() {
    let ours_alone = matches(vec![begun()]);
    let recorded = matches(vec![with_record(begun(), &played("1-0"))]);
    let none = Waits::new();
    let mut read = file(&[line(1, "Aa", "Bb", -DAY, "")]);
    read.matches[0].proposal = Some(ProposedScore {
        ht: Some([3, 0]),
        ft: Some([1, 0]),
        ..ProposedScore::default()
    });
    let plan = Plan {
        file: read,
        partners: vec![Some(0)],
        changes: Vec::new(),
        gone: Vec::new(),
    };
    let found = proposals(&plan, &pool(&ours_alone, &none));
    assert!(
        refused(&found[0].verdict, "cannot be recorded"),
        "{found:?}"
    );
    assert_eq!(found[0].outcome, None);
    assert!(proposals(&plan, &pool(&recorded, &none)).is_empty());
}

#[test]
fn a_record_that_stands_is_corrected_until_it_is_final() {
    let mut half = played("2-1");
    half.half_time = Some("1-0".parse().unwrap());
    assert!(simply(with_record(begun(), &half), SCORE).is_none());

    let wrong = with_record(begun(), &played("1-2"));
    let found = simply(wrong, SCORE).unwrap();
    assert_eq!(found.verdict, Verdict::Sign);
    assert_eq!(found.corrects.as_deref(), Some("1-2"));
    let mut right = with_record(begun(), &half);
    right["status"] = json!("final");
    assert!(simply(right, SCORE).is_none());
}

#[test]
fn what_was_scheduled_anew_is_neither_put_off_again_nor_corrected() {
    let put_off = Outcome::without_score(Status::Postponed, None);
    let mut game = with_record(begun(), &put_off);
    assert!(simply(game.clone(), PUT_OFF).is_none());
    assert_eq!(simply(game.clone(), SCORE).unwrap().corrects, None);
    game["postponed"] = json!(true);
    let corrects = simply(game, SCORE).unwrap().corrects;
    assert_eq!(corrects.as_deref(), Some("postponed"));
}

#[test]
fn what_waits_is_signed_to_the_letter() {
    let mut half = played("2-1");
    half.half_time = Some("1-0".parse().unwrap());
    for (signer, own, wanted) in [
        (ANA, Some(OWN), Verdict::Sign),
        (OWN, Some(OWN), Verdict::Signed),
        (OWN, None, Verdict::Sign),
    ] {
        let outcome = half.clone();
        let waiting = waits(1, signer, Signed::Result { outcome });
        let found = proposed(begun(), SCORE, &waiting, own).unwrap();
        assert_eq!(found.verdict, wanted);
        assert_eq!(found.outcome.as_ref(), Some(&half));
    }
    // Another score that waits is no reason to sign it.
    let outcome = played("1-2");
    let waiting = waits(1, ANA, Signed::Result { outcome });
    let found = proposed(begun(), SCORE, &waiting, Some(OWN)).unwrap();
    assert_eq!(found.outcome, Some(played("2-1")));
}
