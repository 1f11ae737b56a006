//! Famous games, each as a pool file that lies below a pool's own: what it leaves open is as in the game.

use super::{PoolFile, PoolFileError, StageTable};
use crate::{
    actions::{Features, SchemesRule, StageScheme},
    base::Base,
    round::Round,
    scoring::{ByWinner, Close, DrawLine, Quota, Scoring, Tiers, WinLine, preset},
    text::Text,
    tie_break::TieBreak,
};

impl PoolFile {
    /// The names of the games that a pool can be played as.
    pub const GAMES: [&'static str; 8] = [
        "kicktipp", "nine", "quota", "superbru", "super6", "wpfp", "br7", "br10s",
    ];

    /// This file over that of the game which it names. Points of its own count in all stages, and so does a `base` of its own; a table of a
    /// stage that says no `base` has the game's.
    pub(super) fn over_game(&self, rounds: &[Round]) -> Result<Self, PoolFileError> {
        let Some(name) = &self.game else {
            return Ok(self.clone());
        };
        let mut game =
            game(name, rounds).ok_or_else(|| PoolFileError::Game { game: name.clone() })?;
        let mut own = Self {
            game: None,
            ..self.clone()
        };
        if own.scheme.is_some() || own.scoring.is_some() {
            game.features.schemes = None;
        }
        if own.base.is_none() {
            for theirs in game.stages {
                own.add_stage(theirs, rounds);
            }
        }
        game.stages = Vec::new();
        Ok(own.over(game))
    }

    /// Adds what a game says of a round, unless this file says it.
    fn add_stage(&mut self, theirs: StageTable, rounds: &[Round]) {
        let mut is_written = false;
        for own in &mut self.stages {
            let of = |round: &&Round| round.is_called(&theirs.stage);
            let is_for = |round: &Round| round.is_called(&own.stage) || round.is_of(&own.stage);
            if rounds.iter().filter(of).any(is_for) {
                own.base = own.base.or(theirs.base);
                is_written = true;
            }
        }
        if !is_written {
            self.stages.push(theirs);
        }
    }
}

fn game(name: &str, rounds: &[Round]) -> Option<PoolFile> {
    let scored = |scoring| PoolFile {
        scoring: Some(scoring),
        ..PoolFile::default()
    };
    let kicktipp = |scoring| PoolFile {
        tie_breaks: Some(vec![TieBreak::Wins]),
        stages: of_knock_out(rounds, Base::AfterPenalties),
        ..scored(scoring)
    };
    Some(match name {
        "kicktipp" => kicktipp(preset("kicktipp")?),
        "nine" => kicktipp(Scoring::Lines(lines([4, 3, 2], [6, 4], [6, 5, 4]))),
        "quota" => kicktipp(Scoring::Quota(Quota {
            least: 3,
            most: 10,
            lines: lines([2, 1, 0], [2, 0], [2, 1, 0]),
        })),
        "superbru" => PoolFile {
            base: Some(Base::After90),
            features: by_stage(
                rounds,
                [
                    ("Quarter-finals", close(18, 9, 6)),
                    ("Semi-finals", close(24, 12, 8)),
                    ("Third place", close(24, 12, 8)),
                    ("Final", close(36, 18, 12)),
                ],
            )?,
            ..scored(close(12, 6, 4))
        },
        "super6" => PoolFile {
            tie_breaks: Some(vec![TieBreak::Nearest]),
            ..scored(preset("s52")?)
        },
        "wpfp" => PoolFile {
            tie_breaks: Some(vec![TieBreak::Exact, TieBreak::Tendencies, TieBreak::Bonus]),
            features: Features::usual(&["jokers"]),
            ..scored(preset("add")?)
        },
        "br7" => scored(Scoring::Best(Tiers {
            exact: 25,
            difference: 15,
            draw: 4,
            winner_goals: 18,
            loser_goals: 12,
            tendency: 10,
            one_team: 0,
        })),
        "br10s" => PoolFile {
            stages: of_knock_out(rounds, Base::After120),
            features: by_stage(
                rounds,
                [
                    ("Round of 16", br10(15, 11, 8, 3)),
                    ("Quarter-finals", br10(20, 14, 10, 4)),
                    ("Semi-finals", br10(20, 14, 10, 4)),
                    ("Third place", br10(20, 14, 10, 4)),
                    ("Final", br10(20, 14, 10, 4)),
                ],
            )?,
            ..scored(br10(10, 7, 5, 2))
        },
        _ => return None,
    })
}

/// Another score that counts in every knock-out round.
fn of_knock_out(rounds: &[Round], base: Base) -> Vec<StageTable> {
    let mut stages: Vec<StageTable> = Vec::new();
    for round in rounds.iter().filter(|round| round.is_knockout) {
        if stages.iter().all(|it| !round.is_called(&it.stage)) {
            stages.push(StageTable {
                stage: round.name.to_string(),
                base: Some(base),
                multiplier: None,
            });
        }
    }
    stages
}

/// The schemes of those of the stages that the pool has.
fn by_stage<const N: usize>(rounds: &[Round], all: [(&str, Scoring); N]) -> Option<Features> {
    let mut stages = Vec::new();
    for (stage, scoring) in all {
        if rounds.iter().any(|round| round.is_of(stage)) {
            let stage = Text::new(stage).ok()?;
            stages.push(StageScheme { stage, scoring });
        }
    }
    Some(Features {
        schemes: (!stages.is_empty()).then_some(SchemesRule { stages }),
        ..Features::default()
    })
}

const fn close(exact: u16, close: u16, result: u16) -> Scoring {
    Scoring::Close(Close {
        exact,
        close,
        result,
    })
}

const fn br10(exact: u16, near: u16, tendency: u16, one_team: u16) -> Scoring {
    Scoring::Best(Tiers {
        exact,
        difference: near,
        draw: tendency,
        winner_goals: near,
        loser_goals: near,
        tendency,
        one_team,
    })
}

/// Of a win the points for exact, difference and tendency, of a draw those for exact and tendency.
const fn lines(home: [u16; 3], draw: [u16; 2], away: [u16; 3]) -> ByWinner {
    const fn win([exact, difference, tendency]: [u16; 3]) -> WinLine {
        WinLine {
            exact,
            difference,
            tendency,
        }
    }
    let [exact, tendency] = draw;
    ByWinner {
        home: win(home),
        draw: DrawLine { exact, tendency },
        away: win(away),
    }
}
