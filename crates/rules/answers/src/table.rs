//! The table: of the pool, of a round, or from a match on.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, MatchNo, Place, Points, Rules, Score, Standing, StateKey, StateView, Text, Tier,
    UnixSeconds, decode, rank,
    table::{Accounts, Bets, RoundStandings, Standings, Table as StateTable, prefix_bytes},
};

use crate::game::Game;

/// The matches that a table is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All matches of the pool.
    Pool,
    /// Those of one round.
    Stage(Text<64>),
    /// Those that kick off at this time or later.
    From(UnixSeconds),
}

impl Scope {
    fn holds(&self, game: &Game) -> bool {
        let fixture = &game.entry.fixture;
        match self {
            Self::Pool => true,
            Self::Stage(stage) => fixture.stage == *stage,
            Self::From(start) => fixture.kickoff.is_some_and(|kickoff| kickoff >= *start),
        }
    }
}

/// Everybody who has joined, the best first.
#[derive(Debug)]
pub struct Table {
    /// Players with what they reached.
    pub places: Vec<Place>,
    /// Matches whose record has a score that counts.
    pub scored: u32,
    /// Records among those that are not final.
    pub provisional: u32,
    /// In the whole pool's table, where everybody stood before the round that was scored last.
    before: BTreeMap<AccountId, u32>,
}

impl Table {
    /// The table of a state.
    pub fn read<S: StateView>(state: &S, rules: &Rules, scope: &Scope) -> Result<Self, S::Error> {
        let mut inside = Game::all(state, rules)?;
        inside.retain(|game| game.score.is_some());
        let outside: Vec<Game> = inside.extract_if(.., |game| !scope.holds(game)).collect();
        let mut players = players(state)?;
        match scope {
            Scope::Pool => fill::<Standings, _>(state, &(), &mut players)?,
            Scope::Stage(stage) => fill::<RoundStandings, _>(state, stage, &mut players)?,
            // Whichever is less: the bets on these matches, or those on the others taken off the whole.
            Scope::From(_) if inside.len() <= outside.len() => {
                for game in &inside {
                    count(state, rules, game, &mut players, Standing::plus)?;
                }
            }
            Scope::From(_) => {
                fill::<Standings, _>(state, &(), &mut players)?;
                for game in &outside {
                    count(state, rules, game, &mut players, Standing::minus)?;
                }
            }
        }
        let before = match scope {
            Scope::Pool => before(state, rules, &inside, &players)?,
            _ => BTreeMap::new(),
        };
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Self {
            before,
            places: rank(&rules.tie_breaks, players),
            scored: number(inside.len()),
            provisional: number(inside.iter().filter(|game| game.is_provisional()).count()),
        })
    }

    /// The table as it would stand if matches ended with these scores, which are counted only where there is no other. What comes
    /// before is the table without them.
    pub fn as_it_stands<S: StateView>(
        state: &S,
        rules: &Rules,
        live: &[(MatchNo, Score)],
    ) -> Result<Self, S::Error> {
        let mut players = players(state)?;
        fill::<Standings, _>(state, &(), &mut players)?;
        let before = places(rules, players.clone());
        let (mut scored, mut provisional) = (0, 0);
        for mut game in Game::all(state, rules)? {
            let score = live.iter().find(|(no, _)| *no == game.no());
            if let (None, Some((_, score))) = (game.score, score) {
                game.score = Some(*score);
                count(state, rules, &game, &mut players, Standing::plus)?;
                provisional += 1;
            } else {
                provisional += u32::from(game.is_provisional() && game.score.is_some());
            }
            scored += u32::from(game.score.is_some());
        }
        Ok(Self {
            before,
            places: rank(&rules.tie_breaks, players),
            scored,
            provisional,
        })
    }

    /// A player's place before the round that was scored last, in the whole pool's table once two rounds have scores.
    #[must_use]
    pub fn before(&self, account: &AccountId) -> Option<u32> {
        self.before.get(account).copied()
    }

    /// Matches with a score for which a player has no bet.
    #[must_use]
    pub fn missing(&self, standing: &Standing) -> u32 {
        self.scored.saturating_sub(standing.bets)
    }
}

/// Players in the order of their accounts.
type Players = Vec<(AccountId, Standing)>;

/// Everybody's place without the round whose match kicked off last of those with a score.
fn before<S: StateView>(
    state: &S,
    rules: &Rules,
    scored: &[Game],
    players: &Players,
) -> Result<BTreeMap<AccountId, u32>, S::Error> {
    let stage = |game: &Game| game.entry.fixture.stage.clone();
    let last = scored
        .iter()
        .max_by_key(|game| (game.entry.fixture.kickoff, game.no()));
    let Some(last) = last.map(stage) else {
        return Ok(BTreeMap::new());
    };
    if scored.iter().all(|game| stage(game) == last) {
        return Ok(BTreeMap::new());
    }
    let mut players = players.clone();
    each::<RoundStandings, _>(state, &last, &mut players, |standing, of_round| {
        *standing = without(standing, &of_round);
    })?;
    Ok(places(rules, players))
}

/// Everybody's place. Inserting one by one is less code for the page than collecting, which sorts first.
fn places(rules: &Rules, players: Players) -> BTreeMap<AccountId, u32> {
    let mut places = BTreeMap::new();
    for place in rank(&rules.tie_breaks, players) {
        places.insert(place.account, place.place);
    }
    places
}

fn without(all: &Standing, some: &Standing) -> Standing {
    Standing {
        points: Points(all.points.0.saturating_sub(some.points.0)),
        exact: all.exact.saturating_sub(some.exact),
        differences: all.differences.saturating_sub(some.differences),
        tendencies: all.tendencies.saturating_sub(some.tendencies),
        bets: all.bets.saturating_sub(some.bets),
    }
}

/// The account at the end of a key.
fn account_of<S: StateView>(table: &'static str, key: &[u8]) -> Result<AccountId, S::Error> {
    let account = key.last_chunk().map(|bytes| AccountId(*bytes));
    account.ok_or_else(|| S::corrupt(table, key))
}

/// Everybody who has joined. Their entries are not decoded: checking ten thousand names would take longer than all the rest.
fn players<S: StateView>(state: &S) -> Result<Players, S::Error> {
    let mut players = Vec::new();
    state.walk_bytes(&prefix_bytes::<Accounts>(&()), &mut |key, _| {
        players.push((account_of::<S>(Accounts::NAME, key)?, Standing::default()));
        Ok(())
    })?;
    Ok(players)
}

/// Hands each entry of a part of a table to its player; both are in the order of the accounts.
fn each<T: StateTable, S: StateView>(
    state: &S,
    part: &impl StateKey,
    players: &mut Players,
    mut take: impl FnMut(&mut Standing, T::Value),
) -> Result<(), S::Error> {
    let mut players = players.iter_mut();
    state.walk_bytes(&prefix_bytes::<T>(part), &mut |key, value| {
        let id = account_of::<S>(T::NAME, key)?;
        let value = decode(value).map_err(|_| S::corrupt(T::NAME, key))?;
        let player = players.find(|(account, _)| *account == id);
        let (_, standing) = player.ok_or_else(|| S::corrupt(T::NAME, key))?;
        take(standing, value);
        Ok(())
    })
}

fn fill<T: StateTable<Value = Standing>, S: StateView>(
    state: &S,
    part: &impl StateKey,
    players: &mut Players,
) -> Result<(), S::Error> {
    each::<T, S>(state, part, players, |standing, stored| *standing = stored)
}

/// Counts everybody's bet on a match.
fn count<S: StateView>(
    state: &S,
    rules: &Rules,
    game: &Game,
    players: &mut Players,
    step: impl Fn(Standing, Points, Tier) -> Option<Standing>,
) -> Result<(), S::Error> {
    each::<Bets, S>(state, &game.no(), players, |standing, bet| {
        if let Some((points, tier)) = game.points(rules, &bet) {
            *standing = step(*standing, points, tier).unwrap_or(*standing);
        }
    })
}
