#![allow(clippy::unwrap_used)]

use super::*;

fn points(preset_name: &str, tip: &str, result: &str) -> (u64, Tier) {
    let (points, tier) = preset(preset_name)
        .unwrap()
        .score(tip.parse().unwrap(), result.parse().unwrap());
    (points.0, tier)
}

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
    ("s52", "1-0", "2-1", 2, Tier::Difference),
    ("s52", "0-0", "2-2", 2, Tier::Difference),
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
    ("add", "2-1", "2-1", 8, Tier::Exact),
    ("add", "1-1", "1-1", 7, Tier::Exact),
    ("add", "3-2", "2-1", 3, Tier::Difference),
    ("add", "2-0", "2-1", 3, Tier::Tendency),
    ("add", "2-2", "1-1", 2, Tier::Tendency),
    ("add", "2-3", "2-1", 1, Tier::OneTeam),
    ("add", "0-3", "2-1", 0, Tier::None),
    // NlEn 2019: 1-1 after 90 minutes, 3-1 after 120. ChEn: 0-0 after both, 5-6 on penalties.
    ("kicktipp", "1-1", "3-1", 0, Tier::OneTeam),
    ("kicktipp", "2-0", "3-1", 3, Tier::Difference),
    ("kicktipp", "0-0", "0-0", 4, Tier::Exact),
    ("kicktipp", "1-1", "0-0", 2, Tier::Tendency),
];

#[test]
fn every_tier_of_every_preset() {
    for (preset, tip, result, wanted, tier) in GOLDEN {
        assert_eq!(points(preset, tip, result), (*wanted, *tier), "{preset}: {tip} for {result}");
    }
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
                    scoring.score(*tip, *result),
                    scoring.score(turn(*tip), turn(*result)),
                    "{name}: {tip} for {result}"
                );
            }
        }
    }
}
