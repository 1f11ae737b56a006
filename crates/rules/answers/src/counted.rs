//! Points of players, added up from whatever gave them.

use bolao_ledger::{
    AccountId, Points, Rules, Standing, StateKey, StateView, Tier, UnixSeconds, decode,
    item::{Question, given},
    table::{Accounts, Bets, Questions, Standings, Table as StateTable, prefix_bytes},
};

use crate::game::Game;

/// Players in the order of their accounts.
pub(crate) type Players = Vec<(AccountId, Standing)>;

/// The account at the end of a key.
fn account_of<S: StateView>(table: &'static str, key: &[u8]) -> Result<AccountId, S::Error> {
    let account = key.last_chunk().map(|bytes| AccountId(*bytes));
    account.ok_or_else(|| S::corrupt(table, key))
}

/// Everybody who has joined. Their entries are not decoded: checking ten thousand names would take longer than all the rest.
pub(crate) fn players<S: StateView>(state: &S) -> Result<Players, S::Error> {
    let mut players = Vec::new();
    state.walk_bytes(&prefix_bytes::<Accounts>(&()), &mut |key, _| {
        players.push((account_of::<S>(Accounts::NAME, key)?, Standing::default()));
        Ok(())
    })?;
    Ok(players)
}

/// Hands each entry of a part of a table to its player; both are in the order of the accounts.
pub(crate) fn each<T: StateTable, S: StateView>(
    state: &S,
    part: &impl StateKey,
    players: &mut Players,
    mut take: impl FnMut(&AccountId, &mut Standing, T::Value) -> Result<(), S::Error>,
) -> Result<(), S::Error> {
    let mut players = players.iter_mut();
    state.walk_bytes(&prefix_bytes::<T>(part), &mut |key, value| {
        let id = account_of::<S>(T::NAME, key)?;
        let value = decode(value).map_err(|_| S::corrupt(T::NAME, key))?;
        let player = players.find(|(account, _)| *account == id);
        let (_, standing) = player.ok_or_else(|| S::corrupt(T::NAME, key))?;
        take(&id, standing, value)
    })
}

pub(crate) fn fill<T: StateTable<Value = Standing>, S: StateView>(
    state: &S,
    part: &impl StateKey,
    players: &mut Players,
) -> Result<(), S::Error> {
    each::<T, S>(state, part, players, |_, standing, stored| {
        *standing = stored;
        Ok(())
    })
}

/// Takes what a tip gives its player.
type TakeTip<'a> = dyn FnMut(&AccountId, &mut Standing, (Points, Tier)) + 'a;

/// Hands each bet on a match to its player, with what it gives; those that cannot be read yet, or while there is no score, are left out.
pub(crate) fn each_tip<S: StateView>(
    state: &S,
    rules: &Rules,
    game: &Game,
    players: &mut Players,
    take: &mut TakeTip<'_>,
) -> Result<(), S::Error> {
    each::<Bets, S>(state, &game.no(), players, |player, standing, bet| {
        if let Some(gives) = game.points(state, rules, player, &bet)? {
            take(player, standing, gives);
        }
        Ok(())
    })
}

/// Counts everybody's bet on a match.
pub(crate) fn count<S: StateView>(
    state: &S,
    rules: &Rules,
    game: &Game,
    players: &mut Players,
    step: impl Fn(Standing, Points, Tier) -> Option<Standing>,
) -> Result<(), S::Error> {
    each_tip(
        state,
        rules,
        game,
        players,
        &mut |_, standing, (points, tier)| {
            *standing = step(*standing, points, tier).unwrap_or(*standing);
        },
    )
}

/// Whether what begins then counts in a table that begins at `start`.
pub(crate) fn is_from(start: UnixSeconds, begins: Option<UnixSeconds>) -> bool {
    begins.is_some_and(|begins| begins >= start)
}

/// Counts what gave points from a time on; `games` are the matches that did.
pub(crate) fn count_from<S: StateView>(
    state: &S,
    rules: &Rules,
    start: UnixSeconds,
    games: &[Game],
    players: &mut Players,
) -> Result<(), S::Error> {
    let is_inside = |game: &&Game| is_from(start, game.entry.fixture.kickoff);
    let (inside, outside): (Vec<&Game>, Vec<&Game>) = games.iter().partition(is_inside);
    let is_inside = |question: &Question| is_from(start, Some(question.closes));
    // Whichever is less: the bets on these matches, or those on the others taken off the whole.
    if inside.len() <= outside.len() {
        for game in inside {
            count(state, rules, game, players, Standing::plus)?;
        }
        return count_answers(state, players, is_inside, Points::checked_add);
    }
    fill::<Standings, _>(state, &(), players)?;
    for game in outside {
        count(state, rules, game, players, Standing::minus)?;
    }
    let is_outside = |question: &Question| !is_inside(question);
    count_answers(state, players, is_outside, Points::checked_sub)
}

/// Counts everybody's answers to some questions.
fn count_answers<S: StateView>(
    state: &S,
    players: &mut Players,
    counts: impl Fn(&Question) -> bool,
    step: impl Fn(Points, u64) -> Option<Points>,
) -> Result<(), S::Error> {
    for (no, question) in state.scan::<Questions>(&(), None, usize::MAX)? {
        let record = state.result(no)?.filter(|_| counts(&question));
        let Some(record) = record else {
            continue;
        };
        for (account, row) in question.rows(state, None, usize::MAX)? {
            let worth = question.worth(&record.outcome.right, &given(&row));
            let place = players.binary_search_by_key(&account, |(id, _)| *id);
            if let Some((_, standing)) = place.ok().and_then(|at| players.get_mut(at)) {
                standing.points = step(standing.points, worth).unwrap_or(standing.points);
            }
        }
    }
    Ok(())
}
