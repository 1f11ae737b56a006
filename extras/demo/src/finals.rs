//! The finals of the first Nations League, June 2019.

use bolao_ledger::{MatchCode, Team, Text};

use crate::tournament::{Pace, Tournament, Which, game, read};

const FILE: &str = include_str!("../../../data/openfootball/handwritten/unl-2018-19-finals.json");

const PACE: Pace = Pace {
    opening_window_s: 15,
    dispute_window_s: 6,
    multipliers: &[("Final", 2)],
};

/// The matches whose teams are not known before the semi-finals are played: stage, code, the two places.
const OPEN_PLACES: [(&str, &str, &str, &str); 2] = [
    ("Third place", "Third", "Loser of PtCh", "Loser of NlEn"),
    ("Final", "Final", "Winner of PtCh", "Winner of NlEn"),
];

fn place(name: &str) -> anyhow::Result<Team> {
    Ok(Team {
        name: Text::new(name)?,
        code: None,
    })
}

/// The four matches.
pub(crate) fn load() -> anyhow::Result<Tournament> {
    let file = read(FILE)?;
    let games = (1..).zip(&file.matches).map(|(no, found)| {
        let mut game = game(no, found)?;
        if let Some((_, code, home, away)) = OPEN_PLACES.iter().find(|place| place.0 == found.stage)
        {
            game.fixture.code = MatchCode::new(code)?;
            game.before = game.fixture.clone();
            game.before.home = place(home)?;
            game.before.away = place(away)?;
        }
        Ok(game)
    });
    Ok(Tournament {
        which: Which::NationsLeague2019,
        games: games.collect::<anyhow::Result<_>>()?,
        name: file.name,
        pace: PACE,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{AccountId, UnixSeconds, Validator, ValidatorKey};

    use super::*;
    use crate::tournament::words;

    #[test]
    fn the_finals_are_all_there() {
        let tournament = load().unwrap();
        let shown: Vec<(&str, String, String)> = tournament
            .games
            .iter()
            .map(|game| (game.code(), game.teams(), words(&game.outcome)))
            .collect();
        assert_eq!(shown[0].0, "PtCh");
        assert_eq!(shown[0].1, "Portugal–Switzerland");
        assert_eq!(
            shown[1],
            (
                "NlEn",
                "Netherlands–England".to_owned(),
                "1–1 after 90 minutes, 3–1 after extra time".to_owned()
            )
        );
        assert_eq!(
            shown[2],
            (
                "Third",
                "Switzerland–England".to_owned(),
                "0–0 after 90 minutes, 0–0 after extra time, 5–6 on penalties".to_owned()
            )
        );
        assert_eq!(shown[3].1, "Portugal–Netherlands");
    }

    #[test]
    fn who_plays_the_final_is_open_at_first() {
        let mut tournament = load().unwrap();
        tournament.plan(UnixSeconds(1_800_000_000));
        let organisers = [[7; 32], [8; 32], [9; 32]].map(AccountId).to_vec();
        let validator = Validator {
            account: AccountId([7; 32]),
            key: ValidatorKey([7; 32]),
            weight: 1,
        };
        let genesis = tournament
            .genesis(organisers, vec![validator], UnixSeconds(1_800_000_000))
            .unwrap();
        assert_eq!(genesis.matches[3].home.name.as_str(), "Winner of PtCh");
        // Bets are taken from the start, and so long before a kick-off organisers may still move it.
        let kickoffs: Vec<u64> = genesis
            .matches
            .iter()
            .map(|game| game.kickoff.unwrap().0 - 1_800_000_000)
            .collect();
        let day = 24 * 3_600;
        assert_eq!(kickoffs[..2], [day, 2 * day]);
        assert!(day > u64::from(genesis.rules.notice_s) && genesis.rules.notice_s > 0);
        let scheduled = tournament.game("Final").unwrap().at(UnixSeconds(5));
        assert_eq!(scheduled.home.name.as_str(), "Portugal");
        assert_eq!(scheduled.kickoff, Some(UnixSeconds(5)));
    }
}
