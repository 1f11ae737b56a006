//! The World Cup of 2026: its 104 matches as they were known before it began, and as they were played.

use anyhow::{Context as _, bail};
use bolao_fixtures::pool::fixture;
use bolao_ledger::UnixSeconds;

use crate::tournament::{Pace, Tournament, Which, game, read};

const BEFORE: &str =
    include_str!("../../../data/openfootball/history/worldcup-2026-as-of-2026-05-03-752a113.json");
const PLAYED: &str = include_str!("../../../data/openfootball/worldcup/2026/worldcup.json");

/// Results are final sooner than in the other demo, since there are more rounds. Seals may be opened for longer: on a slow machine
/// some matches of a round begin well before the others.
const PACE: Pace = Pace {
    opening_window_s: 30,
    dispute_window_s: 3,
    multipliers: &[
        ("Quarter-final", 2),
        ("Semi-final", 2),
        ("Match for third place", 2),
        ("Final", 3),
    ],
};

/// All matches. Those of the knock-out begin as places such as `W91`.
pub(crate) fn load() -> anyhow::Result<Tournament> {
    let (before, played) = (read(BEFORE)?, read(PLAYED)?);
    let games = (1..).zip(&before.matches).map(|(no, known)| {
        let found = played
            .matches
            .iter()
            .find(|found| found.code == known.code)
            .with_context(|| format!("match {} was not played", known.code))?;
        let mut game = game(no, found)?;
        game.before = fixture(no, known, UnixSeconds(0))?;
        game.before.kickoff = None;
        if game.before.stage != game.fixture.stage {
            bail!("match {} changed its round", known.code);
        }
        Ok(game)
    });
    Ok(Tournament {
        which: Which::WorldCup2026,
        games: games.collect::<anyhow::Result<_>>()?,
        name: before.name,
        pace: PACE,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::tournament::words;

    #[test]
    fn the_world_cup_is_all_there() {
        let cup = load().unwrap();
        assert_eq!(cup.games.len(), 104);
        let rounds = cup.rounds();
        assert_eq!(rounds.len(), 9);
        assert_eq!(rounds[0].0, "Matchday 1");
        assert_eq!(rounds[0].1.len(), 24);
        assert_eq!(rounds[3].0, "Round of 32");
        assert_eq!(rounds[3].1.len(), 16);
        assert_eq!(rounds[8].0, "Final");
        let names: Vec<&str> = rounds.iter().map(|(name, _)| *name).collect();
        for (stage, _) in cup.pace.multipliers {
            assert!(names.contains(stage), "{stage}");
        }
    }

    #[test]
    fn places_become_teams() {
        let cup = load().unwrap();
        let open = cup.games.iter().filter(|game| game.before != game.fixture);
        assert_eq!(open.count(), 32, "the knock-out");
        let last = cup.rounds()[8].1[0].clone();
        assert_eq!(last.before.home.name.as_str(), "W101");
        assert_eq!(last.teams(), "Spain–Argentina");
        assert_eq!(
            words(&last.outcome),
            "0–0 after 90 minutes, 1–0 after extra time"
        );
    }
}
