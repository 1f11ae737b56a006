//! The two matches of 2019 that went past 90 minutes, under every preset and either base.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Base, Crowd, Outcome, PRESETS, Rules, Side, Status, preset};

use crate::game::{called_off, fixture, score};

/// 1-1 after 90 minutes, 3-1 after 120.
fn nl_en() -> Outcome {
    Outcome {
        after_120: Some(score("3-1")),
        advances: Some(Side::Home),
        ..Outcome::played(score("1-1"))
    }
}

/// 0-0 after 90 minutes and after 120, 5-6 on penalties.
fn ch_en() -> Outcome {
    Outcome {
        after_120: Some(score("0-0")),
        shootout: Some(score("5-6")),
        advances: Some(Side::Away),
        ..Outcome::played(score("0-0"))
    }
}

fn points(preset_name: &str, base: Base, record: &Outcome, tips: &[&str]) -> Vec<u64> {
    let rules = Rules {
        scoring: preset(preset_name).unwrap(),
        base,
        ..Rules::default()
    };
    let result = record.counting_score(base, true).unwrap();
    let of = |tip: &&str| {
        rules
            .points(
                &fixture(1, "M", None),
                Some(score(tip)),
                result,
                Crowd::default(),
            )
            .unwrap()
    };
    tips.iter().map(|tip| of(tip).0.0).collect()
}

#[test]
fn under_every_preset_and_either_base() {
    let netherlands = ["1-1", "3-1", "2-0", "0-0", "1-2", "4-2"];
    let switzerland = ["0-0", "1-1", "5-6", "0-1"];
    let wanted = [
        (
            "kicktipp",
            [4, 0, 0, 2, 0, 0],
            [0, 4, 3, 0, 0, 3],
            [4, 2, 0, 0],
        ),
        ("c321", [3, 0, 0, 1, 0, 0], [0, 3, 2, 0, 0, 2], [3, 1, 0, 0]),
        (
            "wm543",
            [5, 0, 0, 4, 0, 0],
            [0, 5, 4, 0, 0, 4],
            [5, 4, 0, 0],
        ),
        ("s52", [5, 0, 0, 2, 0, 0], [0, 5, 2, 0, 0, 2], [5, 2, 0, 0]),
        (
            "br10",
            [10, 2, 0, 5, 2, 0],
            [2, 10, 7, 0, 0, 7],
            [10, 5, 0, 2],
        ),
        ("add", [7, 1, 0, 2, 1, 0], [1, 7, 3, 0, 0, 3], [7, 2, 0, 1]),
    ];
    assert_eq!(wanted.len(), PRESETS.len());
    for (name, after_90, after_120, shootout) in wanted {
        let of = |base, record: &Outcome, tips: &[&str]| points(name, base, record, tips);
        assert_eq!(
            of(Base::After90, &nl_en(), &netherlands),
            after_90,
            "{name}"
        );
        assert_eq!(
            of(Base::After120, &nl_en(), &netherlands),
            after_120,
            "{name}"
        );
        for base in [Base::After90, Base::After120] {
            assert_eq!(of(base, &ch_en(), &switzerland), shootout, "{name}");
        }
    }
}

#[test]
fn only_a_match_with_a_result_has_a_score_that_counts() {
    for base in [Base::After90, Base::After120] {
        for status in [Status::Cancelled, Status::Postponed, Status::Abandoned] {
            assert_eq!(called_off(status).counting_score(base, true), None);
        }
        let broken_off = Outcome {
            status: Status::Abandoned,
            ..nl_en()
        };
        assert_eq!(broken_off.counting_score(base, true), None);
        let awarded = Outcome {
            status: Status::Awarded,
            ..Outcome::played(score("3-0"))
        };
        assert_eq!(awarded.counting_score(base, true), Some(score("3-0")));
        assert_eq!(awarded.counting_score(base, false), None);
    }
}
