#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::Rules;
use serde_json::json;

use super::*;

const NOW: i64 = 1_000_000;

pub(in crate::tipping) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(NOW + seconds).unwrap()
}

fn game(no: u16, deadline: Option<i64>, status: &str) -> Match {
    let kickoff = deadline.map(at);
    serde_json::from_value(json!({
        "no": no, "code": format!("M{no}"), "home": {"name": "A"}, "away": {"name": "B"}, "kickoff": kickoff,
        "stage": "Final", "deadline": kickoff, "status": status, "postponed": false, "bets": 0, "unopened": 0,
        "pot": 0, "base": "90", "multiplier": 1, "record": null,
    }))
    .unwrap()
}

pub(in crate::tipping) fn board() -> Board {
    let standing = Standing {
        score: Some(Score::new(1, 0).unwrap()),
        sealed: true,
        stake: 30,
        waits: false,
    };
    Board {
        matches: vec![
            game(1, Some(60), "scheduled"),
            game(2, None, "scheduled"),
            game(3, Some(-60), "scheduled"),
            game(4, Some(60), "provisional"),
        ],
        rules: Rules {
            stake_min: Chips(5),
            stake_max: Chips(100),
            ..Rules::default()
        },
        tips: [(1, standing)].into(),
        chips: 40,
    }
}

pub(in crate::tipping) fn wanted(code: &str, stake: Option<u64>) -> Wanted {
    Wanted {
        code: code.to_owned(),
        score: Score::new(2, 1).unwrap(),
        stake,
        line: None,
    }
}

fn refusal(tips: &[Wanted]) -> String {
    let error = plan(&board(), tips, at(0), Late::Refuse).unwrap_err();
    crate::exit::sentence(&error)
}

#[test]
fn a_tip_keeps_its_stake_unless_another_is_given() {
    let board = board();
    let tips = [wanted("m1", None), wanted("M2", None)];
    let planned = plan(&board, &tips, at(0), Late::Refuse).unwrap();
    let stakes = planned.tips.iter().map(|placed| placed.tip.stake.0);
    assert_eq!(
        (stakes.collect::<Vec<_>>(), planned.left),
        (vec![30, 5], 35)
    );
    let planned = plan(&board, &[wanted("M1", Some(70))], at(0), Late::Refuse).unwrap();
    assert_eq!(planned.left, 0);
}

#[test]
fn what_cannot_be_placed_is_said_before() {
    assert!(refusal(&[wanted("M3", None)]).contains("betting ended"));
    assert!(refusal(&[wanted("M4", None)]).contains("recorded"));
    assert!(refusal(&[wanted("M9", None)]).contains("no match `M9`"));
    assert!(refusal(&[wanted("M1", Some(4))]).contains("5 to 100 chips"));
    assert!(refusal(&[wanted("M1", Some(101))]).contains("5 to 100 chips"));
    let text = refusal(&[wanted("M1", Some(71))]);
    assert!(text.contains("cost 71 chips, but you have 70"), "{text}");
    assert!(refusal(&[wanted("M1", None), wanted("m1", None)]).contains("twice"));
    let late = plan(&board(), &[wanted("M1", None)], at(60), Late::Refuse).unwrap_err();
    assert!(late.to_string().contains("betting ended"));
    let late = refusal(&[wanted("M1", None), wanted("M3", None)]);
    assert!(late.contains("--skip-closed"), "{late}");
}

#[test]
fn what_is_late_can_be_left_out_and_nothing_else() {
    let board = board();
    let tips = ["M3", "M1", "M4", "M2"].map(|code| wanted(code, None));
    let plan_at = |seconds| plan(&board, &tips, at(seconds), Late::LeaveOut).unwrap();
    let codes = |games: &[&Match]| {
        games
            .iter()
            .map(|game| game.fixture.code.clone())
            .collect::<Vec<_>>()
    };
    let placed = |plan: &Plan<'_>| {
        let games: Vec<&Match> = plan.tips.iter().map(|tip| tip.game).collect();
        codes(&games)
    };
    let planned = plan_at(0);
    assert_eq!(placed(&planned), ["M1", "M2"]);
    assert_eq!(codes(&planned.late), ["M3", "M4"]);
    assert_eq!(planned.left, 35);
    // The first one has closed by now, and its stake is not to be had.
    let planned = plan_at(60);
    assert_eq!(placed(&planned), ["M2"]);
    assert_eq!(codes(&planned.late), ["M3", "M1", "M4"]);
    assert_eq!(planned.left, 35);
    let leave_out = |tips: &[Wanted]| plan(&board, tips, at(0), Late::LeaveOut).unwrap_err();
    assert!(
        leave_out(&[wanted("M9", None)])
            .to_string()
            .contains("no match")
    );
    let twice = leave_out(&[wanted("M3", None), wanted("m3", None)]);
    assert!(twice.to_string().contains("twice"));
}

#[test]
fn a_fault_of_a_file_names_its_line() {
    let line = |code: &str, line| Wanted {
        line: Some(line),
        ..wanted(code, None)
    };
    assert!(refusal(&[line("M1", 2), line("M3", 7)]).starts_with("line 7: M3 takes no more"));
    let text = refusal(&[line("M1", 2), line("m1", 9)]);
    assert!(text.contains("line 9") && text.contains("line 2"), "{text}");
}

#[test]
fn a_tip_that_waits_is_told_from_one_in_a_block() {
    let mut board = board();
    let shown = |board: &Board| {
        let planned = plan(board, &[wanted("M1", None)], at(0), Late::Refuse).unwrap();
        crate::tipping::show::placed(&planned.tips[0])
    };
    let mined = shown(&board);
    assert!(mined.contains("replaces 1-0; stake 30"), "{mined}");
    board.tips.get_mut(&1).unwrap().waits = true;
    let waiting = shown(&board);
    let wanted = "replaces 1-0, which no block holds yet; stake 30";
    assert!(waiting.contains(wanted), "{waiting}");
}
