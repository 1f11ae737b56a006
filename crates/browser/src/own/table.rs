//! The table: of the pool, of a stage, or from a match on.

use bolao_ledger::{
    AccountId, Place, Standing, StateView as _, Text, UnixSeconds, rank,
    table::{Accounts, RoundStandings, Standings},
};
use serde_json::Value;

use super::{Game, Own, View, all};
use crate::{
    check::unreadable,
    object::{object, put},
};

/// What a table is of.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'s> {
    Pool,
    Stage(&'s Text<64>),
    /// The matches that kick off at this time or later.
    From(UnixSeconds),
}

impl Scope<'_> {
    fn holds(self, game: &Game) -> bool {
        let fixture = &game.entry.fixture;
        match self {
            Self::Pool => true,
            Self::Stage(stage) => fixture.stage == *stage,
            Self::From(start) => fixture.kickoff.is_some_and(|kickoff| kickoff >= start),
        }
    }
}

impl<'s> From<Option<&'s Text<64>>> for Scope<'s> {
    fn from(stage: Option<&'s Text<64>>) -> Self {
        stage.map_or(Self::Pool, Self::Stage)
    }
}

/// A table: its rows, and what they rest on.
pub(crate) struct Table {
    pub(crate) places: Vec<Place>,
    pub(crate) scored: usize,
    pub(crate) provisional: usize,
}

impl Table {
    fn counts(&self, place: &Place) -> Value {
        let standing = &place.standing;
        let bets = usize::try_from(standing.bets).unwrap_or(usize::MAX);
        object!({
            "place": place.place,
            "points": standing.points,
            "exact": standing.exact,
            "differences": standing.differences,
            "tendencies": standing.tendencies,
            "missing": self.scored.saturating_sub(bets),
            "tips": standing.bets,
        })
    }
}

impl View<'_> {
    /// Everybody who has joined, the best first.
    pub(crate) fn table(&self, scope: Scope<'_>) -> Own<Table> {
        let rules = &self.genesis.rules;
        let accounts = self.all::<Accounts>()?.into_iter();
        let mut players: Vec<(AccountId, Standing)> = accounts
            .map(|(account, _)| (account, Standing::default()))
            .collect();
        let games = self.games()?.into_iter();
        let scored: Vec<Game> = games
            .filter(|game| game.score.is_some() && scope.holds(game))
            .collect();
        match scope {
            Scope::Pool => {
                for (account, standing) in self.all::<Standings>()? {
                    if let Some(line) = line_of(&mut players, &account) {
                        *line = standing;
                    }
                }
            }
            Scope::Stage(stage) => {
                let all = self.state.scan::<RoundStandings>(stage, None, usize::MAX);
                for ((_, account), standing) in all.map_err(unreadable)? {
                    if let Some(line) = line_of(&mut players, &account) {
                        *line = standing;
                    }
                }
            }
            Scope::From(_) => {
                for game in &scored {
                    for (account, bet) in self.bets_of_match(game.no())? {
                        let earned = game.score.and_then(|score| {
                            rules.points(&game.entry.fixture, bet.score(), score)
                        });
                        let standing = line_of(&mut players, &account);
                        if let (Some(standing), Some((points, tier))) = (standing, earned) {
                            *standing = standing.plus(points, tier).unwrap_or(*standing);
                        }
                    }
                }
            }
        }
        Ok(Table {
            places: rank(&rules.tie_breaks, players),
            scored: scored.len(),
            provisional: scored.iter().filter(|game| game.is_provisional()).count(),
        })
    }

    pub(crate) fn tally(&self, table: &Table, place: &Place) -> Own<Value> {
        let mut row = table.counts(place);
        if let Value::Object(row) = &mut row {
            put(row, "player", &self.player(&place.account)?);
        }
        Ok(row)
    }

    /// The table as the page shows it.
    pub(crate) fn standings(&self, stage: Option<&Text<64>>) -> Own<Vec<Value>> {
        let table = self.table(stage.into())?;
        let row = |place: &Place| {
            let mut row = table.counts(place);
            if let Value::Object(row) = &mut row {
                put(row, "account", &place.account);
                put(row, "name", &self.name(&place.account)?);
                put(row, "chips", &self.chips(&place.account)?);
            }
            Ok(row)
        };
        all(table.places.iter().map(row))
    }
}

/// A player's line among those of all, which are in the order of the accounts.
fn line_of<'p>(
    players: &'p mut [(AccountId, Standing)],
    account: &AccountId,
) -> Option<&'p mut Standing> {
    let place = players.binary_search_by_key(account, |(account, _)| *account);
    players.get_mut(place.ok()?).map(|(_, standing)| standing)
}
