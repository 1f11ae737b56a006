//! Teams that go through to the next round, named on bets.

use bolao_fixtures::team_key;
use bolao_ledger::{Prediction, Side, Team};

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
        let mut found = Vec::new();
        for bet in &mut *wanted {
            let game = games::find(&bets.matches, &bet.code)?;
            let sides = sides(game, team);
            found.extend(sides.into_iter().map(|side| (game, side)));
        }
        let [(game, side)] = found[..] else {
            return Err(usage(if found.is_empty() {
                format!("`{team}` plays in none of these matches: name a team that does")
            } else {
                format!("`{team}` may be several teams of these matches: name it as a whole")
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

/// The sides of a match whose team somebody names so, by any of its names, its code or its beginning.
fn sides(game: &Match, named: &str) -> Vec<Side> {
    let fixture = &game.entry.fixture;
    let is = |team: &Team| {
        let is_code = |code: &str| plain(code) == plain(named);
        team_key(&team.name) == team_key(named)
            || team
                .code
                .as_ref()
                .is_some_and(|code| is_code(code.as_str()))
    };
    let begins = |team: &Team| plain(&team.name).starts_with(&plain(named));
    let both = [(&fixture.home, Side::Home), (&fixture.away, Side::Away)];
    let is_exact = both.iter().any(|(team, _)| is(team));
    let meant = |(team, side): (&Team, Side)| {
        let is_meant = if is_exact { is(team) } else { begins(team) };
        is_meant.then_some(side)
    };
    both.into_iter().filter_map(meant).collect()
}
