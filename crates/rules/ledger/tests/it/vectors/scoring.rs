//! Points: every tier of every preset, by hand.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{Crowd, PRESETS, Score, Tier, Tiers, preset};
use serde_json::json;

use super::compare;
use crate::game::score;

/// Golden cases: preset, tip, result, points, tier. Both sides, draws, every tier.
const GOLDEN: &[(&str, &str, &str, u64, Tier)] = &[
    ("kicktipp", "2-1", "2-1", 4, Tier::Exact),
    ("kicktipp", "1-2", "1-2", 4, Tier::Exact),
    ("kicktipp", "1-1", "1-1", 4, Tier::Exact),
    ("kicktipp", "3-2", "2-1", 3, Tier::Difference),
    ("kicktipp", "0-1", "2-3", 3, Tier::Difference),
    ("kicktipp", "2-2", "1-1", 2, Tier::Tendency),
    ("kicktipp", "3-0", "2-1", 2, Tier::Tendency),
    ("kicktipp", "0-3", "1-2", 2, Tier::Tendency),
    ("kicktipp", "2-0", "2-3", 0, Tier::OneTeam),
    ("kicktipp", "1-0", "0-2", 0, Tier::None),
    ("kicktipp", "1-1", "2-1", 0, Tier::OneTeam),
    ("kicktipp", "2-0", "1-1", 0, Tier::None),
    ("c321", "2-1", "2-1", 3, Tier::Exact),
    ("c321", "3-2", "2-1", 2, Tier::Difference),
    ("c321", "2-2", "1-1", 1, Tier::Tendency),
    ("c321", "0-3", "1-2", 1, Tier::Tendency),
    ("wm543", "2-2", "2-2", 5, Tier::Exact),
    ("wm543", "1-1", "2-2", 4, Tier::Difference),
    ("wm543", "0-1", "1-2", 4, Tier::Difference),
    ("wm543", "0-3", "1-2", 3, Tier::Tendency),
    ("wm543", "3-0", "1-2", 0, Tier::None),
    ("s52", "2-1", "2-1", 5, Tier::Exact),
    ("s52", "1-0", "2-1", 2, Tier::Tendency),
    ("s52", "0-0", "2-2", 2, Tier::Tendency),
    ("s52", "4-0", "2-1", 2, Tier::Tendency),
    ("br10", "2-1", "2-1", 10, Tier::Exact),
    ("br10", "2-0", "2-1", 7, Tier::Tendency),
    ("br10", "3-1", "2-1", 7, Tier::Tendency),
    ("br10", "1-3", "1-2", 7, Tier::Tendency),
    ("br10", "3-2", "2-1", 7, Tier::Difference),
    ("br10", "3-0", "2-1", 5, Tier::Tendency),
    ("br10", "2-2", "1-1", 5, Tier::Tendency),
    ("br10", "2-3", "2-1", 2, Tier::OneTeam),
    ("br10", "1-1", "2-1", 2, Tier::OneTeam),
    ("br10", "0-3", "2-1", 0, Tier::None),
    ("add", "2-1", "2-1", 7, Tier::Exact),
    ("add", "1-1", "1-1", 7, Tier::Exact),
    ("add", "3-2", "2-1", 3, Tier::Difference),
    ("add", "2-0", "2-1", 3, Tier::Tendency),
    ("add", "2-2", "1-1", 2, Tier::Tendency),
    ("add", "2-3", "2-1", 1, Tier::OneTeam),
    ("add", "0-3", "2-1", 0, Tier::None),
    ("c321", "1-3", "1-2", 1, Tier::Tendency),
    ("c321", "0-0", "0-0", 3, Tier::Exact),
    ("c321", "2-0", "1-2", 0, Tier::None),
    ("wm543", "3-0", "2-1", 3, Tier::Tendency),
    ("wm543", "1-1", "1-0", 0, Tier::OneTeam),
    ("s52", "1-2", "1-2", 5, Tier::Exact),
    ("s52", "1-0", "1-2", 0, Tier::OneTeam),
    ("br10", "0-0", "0-0", 10, Tier::Exact),
    ("br10", "0-2", "1-2", 7, Tier::Tendency),
    ("br10", "0-1", "2-3", 7, Tier::Difference),
    ("br10", "2-1", "1-1", 2, Tier::OneTeam),
    ("add", "0-1", "1-2", 3, Tier::Difference),
    ("add", "0-1", "0-3", 3, Tier::Tendency),
    ("add", "3-0", "2-1", 2, Tier::Tendency),
    ("add", "1-1", "2-1", 1, Tier::OneTeam),
    // NlEn 2019: 1-1 after 90 minutes, 3-1 after 120. ChEn: 0-0 after both, 5-6 on penalties.
    ("kicktipp", "1-1", "3-1", 0, Tier::OneTeam),
    ("kicktipp", "2-0", "3-1", 3, Tier::Difference),
    ("kicktipp", "0-0", "0-0", 4, Tier::Exact),
    ("kicktipp", "1-1", "0-0", 2, Tier::Tendency),
];

/// A custom scheme in which winner, difference and loser are worth different points: Dacopa's.
const BR7: Tiers = Tiers {
    exact: 25,
    difference: 15,
    draw: 4,
    winner_goals: 18,
    loser_goals: 12,
    tendency: 10,
    one_team: 0,
};

#[test]
fn every_tier_of_every_preset() {
    let mut rows = Vec::new();
    for (name, tip, result, points, tier) in GOLDEN {
        let scored = preset(name)
            .unwrap()
            .score(score(tip), score(result), Crowd::default());
        assert_eq!(
            (scored.0.0, scored.1),
            (*points, *tier),
            "{name}: {tip} for {result}"
        );
        rows.push(json!({
            "preset": name, "tip": tip, "result": result, "points": points, "tier": tier,
        }));
    }
    let presets: serde_json::Map<_, _> = PRESETS
        .iter()
        .map(|(name, scoring)| ((*name).to_owned(), json!(scoring)))
        .collect();
    compare("scoring", &json!({ "presets": presets, "cases": rows }));
}

#[test]
fn a_custom_scheme_gives_the_best_line_that_fits() {
    let scheme = bolao_ledger::Scoring::Best(BR7);
    for (tip, result, points) in [
        ("2-1", "2-1", 25),
        ("2-0", "2-1", 18),
        ("0-2", "1-2", 18),
        ("3-2", "2-1", 15),
        ("3-1", "2-1", 12),
        ("1-3", "1-2", 12),
        ("4-0", "2-1", 10),
        ("1-1", "2-2", 4),
        ("1-1", "2-1", 0),
    ] {
        let (got, _) = scheme.score(score(tip), score(result), Crowd::default());
        assert_eq!(got.0, points, "{tip} for {result}");
    }
}

/// An exact score fits other lines, too.
#[test]
fn an_exact_score_gives_the_largest_line_that_it_fits() {
    let scheme = bolao_ledger::Scoring::Best(Tiers { exact: 9, ..BR7 });
    let points = |tip: &str| scheme.score(score(tip), score(tip), Crowd::default()).0.0;
    assert_eq!((points("2-1"), points("1-1")), (18, 9));
}

/// Turning both scores round changes nothing: no scheme favours the team named first.
#[test]
fn both_sides_are_alike() {
    let scores: Vec<Score> = (0..5)
        .flat_map(|home| (0..5).map(move |away| Score::new(home, away).unwrap()))
        .collect();
    let turn = |score: Score| Score::new(score.away().into(), score.home().into()).unwrap();
    for (name, scoring) in PRESETS {
        for tip in &scores {
            for result in &scores {
                assert_eq!(
                    scoring.score(*tip, *result, Crowd::default()),
                    scoring.score(turn(*tip), turn(*result), Crowd::default()),
                    "{name}: {tip} for {result}"
                );
            }
        }
    }
}
