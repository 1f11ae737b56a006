//! Schemes that have names.

use super::{Additive, Scoring, Tiers};

/// The presets by name, with their exact meaning in `docs/PROTOCOL.md`.
pub const PRESETS: &[(&str, Scoring)] = &[
    ("kicktipp", best(4, 3, 2, 2, 0)),
    ("c321", best(3, 2, 1, 1, 0)),
    ("wm543", best(5, 4, 4, 3, 0)),
    ("s52", best(5, 2, 2, 2, 0)),
    (
        "br10",
        Scoring::Best(Tiers {
            exact: 10,
            difference: 7,
            draw: 5,
            winner_goals: 7,
            loser_goals: 7,
            tendency: 5,
            one_team: 2,
        }),
    ),
    (
        "add",
        Scoring::Sum(Additive {
            exact: 5,
            tendency: 2,
            each_team: 1,
            difference: 1,
        }),
    ),
];

const fn best(exact: u16, difference: u16, draw: u16, tendency: u16, one_team: u16) -> Scoring {
    Scoring::Best(Tiers {
        exact,
        difference,
        draw,
        winner_goals: tendency,
        loser_goals: tendency,
        tendency,
        one_team,
    })
}

/// Second names of presets, and whose they are.
pub const PRESET_ALIASES: &[(&str, &str)] = &[("kt432", "kicktipp")];

/// A preset by name.
#[must_use]
pub fn preset(name: &str) -> Option<Scoring> {
    let alias = PRESET_ALIASES.iter().find(|(alias, _)| *alias == name);
    let name = alias.map_or(name, |(_, meant)| *meant);
    PRESETS
        .iter()
        .find(|(preset, _)| *preset == name)
        .map(|(_, scoring)| *scoring)
}
