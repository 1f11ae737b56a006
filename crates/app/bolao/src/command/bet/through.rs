//! Teams that go through to the next round, named on bets.

use bolao_fixtures::team_key;
use bolao_ledger::{Prediction, Side, Team, Text};

use crate::{
    betting::{PlayerBets, Wanted},
    exit::usage,
    games,
    meant::plain,
    view::Match,
};

/// Puts each team on the bet on its match.
pub(super) fn name(
    wanted: &mut [Wanted],
    bets: &PlayerBets,
    teams: &[String],
) -> anyhow::Result<()> {
    let mut named: Vec<&str> = Vec::new();
    for team in teams {
        let mut games = Vec::new();
        for bet in &*wanted {
            games.push(games::find(&bets.matches, &bet.code)?);
        }
        // Whoever is called so comes before those whose names begin so.
        let mut found = sides(&games, |it| is_called(it, team));
        if found.is_empty() {
            found = sides(&games, |it| plain(&it.name).starts_with(&plain(team)));
        }
        let [(game, side)] = found[..] else {
            return Err(usage(if found.is_empty() {
                format!("`{team}` plays in none of these matches: name a team that does")
            } else {
                format!("`{team}` may be several teams of these matches: bet on them one by one")
            }));
        };
        let fixture = &game.entry.fixture;
        if !bets.rules.ask_who_goes_on(fixture) {
            return Err(usage(format!(
                "no points are given for who goes through after {}: leave `--through {team}` out",
                fixture.code
            )));
        }
        if named.contains(&fixture.code.as_str()) {
            return Err(usage(format!(
                "{} has two teams that go through: leave one out",
                fixture.code
            )));
        }
        named.push(fixture.code.as_str());
        for bet in &mut *wanted {
            let is_on = games::find(&bets.matches, &bet.code)?.entry.fixture.no == fixture.no;
            if let (true, Some(score)) = (is_on, bet.prediction.score()) {
                bet.prediction = Prediction::of_match(score, Some(side));
            }
        }
    }
    Ok(())
}

/// The teams of matches that are meant, by their sides.
fn sides<'a>(games: &[&'a Match], is_meant: impl Fn(&Team) -> bool) -> Vec<(&'a Match, Side)> {
    let both = games.iter().flat_map(|game| {
        let fixture = &game.entry.fixture;
        [
            (*game, &fixture.home, Side::Home),
            (*game, &fixture.away, Side::Away),
        ]
    });
    both.filter(|(_, team, _)| is_meant(team))
        .map(|(game, _, side)| (game, side))
        .collect()
}

/// Whether somebody calls a team so, by any of its names or its code.
fn is_called(team: &Team, named: &str) -> bool {
    let is_code = |code: &Text<8>| plain(code.as_str()) == plain(named);
    team_key(&team.name) == team_key(named) || team.code.as_ref().is_some_and(is_code)
}
