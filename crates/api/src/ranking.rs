//! Tables in order, kept as long as they are asked for: sorting ten thousand players for every
//! page would cost more than the page.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use bolao_ledger::{
    AccountId, Height, Place, Points, Rules, Standing, StateKey, StateView as _, Text, Tier,
    UnixSeconds, decode, rank,
    table::{
        Accounts, Bets, Names, Results, RoundStandings, Standings, Table as StateTable,
        prefix_bytes,
    },
};
use bolao_store::{Snapshot, StoreError, Tip};

use crate::v1::game::Game;

/// Tables kept at most.
const TABLES_KEPT: usize = 16;
/// Rows kept at most, all tables together, unless a single table is longer; about 80 bytes each.
const ROWS_KEPT: usize = 500_000;

/// What a table is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every match.
    Pool,
    /// The matches of one stage.
    Stage(Text<64>),
    /// The matches that kick off at this time or later.
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
pub(crate) struct Table {
    pub(crate) places: Vec<Place>,
    /// Matches whose record has a score that counts.
    pub(crate) scored: u32,
    /// Records among those that are not final.
    pub(crate) provisional: u32,
    /// In the whole pool's table, where everybody stood before the stage that was scored last.
    before: HashMap<AccountId, u32>,
}

impl Table {
    fn read(snapshot: &Snapshot, rules: &Rules, scope: &Scope) -> Result<Self, StoreError> {
        let games: Vec<Game> = Game::all(snapshot, rules)?
            .into_iter()
            .filter(|game| game.score.is_some())
            .collect();
        let (inside, outside): (Vec<Game>, Vec<Game>) =
            games.into_iter().partition(|game| scope.holds(game));
        let mut players = players(snapshot)?;
        match scope {
            Scope::Pool => fill::<Standings>(snapshot, &(), &mut players)?,
            Scope::Stage(stage) => fill::<RoundStandings>(snapshot, stage, &mut players)?,
            // Whichever is less: the tips on these matches, or those on the others taken off the whole.
            Scope::From(_) if inside.len() <= outside.len() => {
                for game in &inside {
                    count(snapshot, rules, game, &mut players, Standing::plus)?;
                }
            }
            Scope::From(_) => {
                fill::<Standings>(snapshot, &(), &mut players)?;
                for game in &outside {
                    count(snapshot, rules, game, &mut players, Standing::minus)?;
                }
            }
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let before = match scope {
            Scope::Pool => before(snapshot, rules, &inside, &players)?,
            _ => HashMap::new(),
        };
        Ok(Self {
            before,
            places: rank(&rules.tie_breaks, players),
            scored: number(inside.len()),
            provisional: number(inside.iter().filter(|game| game.is_provisional()).count()),
        })
    }

    /// Where somebody stood before the stage that was scored last, in the whole pool's table once two stages have scores.
    pub(crate) fn before(&self, account: &AccountId) -> Option<u32> {
        self.before.get(account).copied()
    }

    /// Matches with a score for which a player has no tip.
    pub(crate) fn missing(&self, standing: &Standing) -> u32 {
        self.scored.saturating_sub(standing.bets)
    }
}

/// Everybody's place without the stage whose match kicked off last of those with a score.
fn before(
    snapshot: &Snapshot,
    rules: &Rules,
    scored: &[Game],
    players: &Players,
) -> Result<HashMap<AccountId, u32>, StoreError> {
    let stage = |game: &Game| game.entry.fixture.stage.clone();
    let last = scored
        .iter()
        .max_by_key(|game| (game.entry.fixture.kickoff, game.no()));
    let Some(last) = last.map(stage) else {
        return Ok(HashMap::new());
    };
    if scored.iter().all(|game| stage(game) == last) {
        return Ok(HashMap::new());
    }
    let mut players = players.clone();
    each::<RoundStandings>(snapshot, &last, &mut players, |standing, of_stage| {
        *standing = without(standing, &of_stage);
    })?;
    let places = rank(&rules.tie_breaks, players).into_iter();
    Ok(places.map(|place| (place.account, place.place)).collect())
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

/// What a table rests on: who has joined, the records, the points, which openings change too.
const RESTS_ON: [u8; 3] = [Names::ID, Results::ID, Standings::ID];

/// Blocks that are looked through for changes before a table is rather made anew.
const BLOCKS_LOOKED_THROUGH: u64 = 64;

/// Whether nothing that a table rests on has changed since a block, which is below the tip or is it.
fn is_current(snapshot: &Snapshot, since: &Tip) -> Result<bool, StoreError> {
    let tip = snapshot.tip()?;
    let behind = tip.height.0.checked_sub(since.height.0);
    if behind.is_none_or(|behind| behind > BLOCKS_LOOKED_THROUGH)
        || snapshot.hash_at(since.height)? != Some(since.hash)
    {
        return Ok(false);
    }
    for height in since.height.0.saturating_add(1)..=tip.height.0 {
        let changed = snapshot.changed_tables(Height(height))?;
        if changed.is_none_or(|changed| changed.iter().any(|id| RESTS_ON.contains(id))) {
            return Ok(false);
        }
    }
    Ok(true)
}

type Players = Vec<(AccountId, Standing)>;

/// The account at the end of a key.
fn account_of(table: &'static str, key: &[u8]) -> Result<AccountId, StoreError> {
    let account = key.last_chunk().map(|bytes| AccountId(*bytes));
    account.ok_or_else(|| Snapshot::corrupt(table, key))
}

/// Who has joined, in order of the accounts. Their entries are not decoded: checking ten thousand
/// names would take longer than all the rest.
fn players(snapshot: &Snapshot) -> Result<Players, StoreError> {
    let mut players = Vec::new();
    snapshot.walk(&prefix_bytes::<Accounts>(&()), |key, _| {
        players.push((account_of(Accounts::NAME, key)?, Standing::default()));
        Ok::<_, StoreError>(())
    })?;
    Ok(players)
}

/// Hands each entry of a part of a table to its player; both are in order of the accounts.
fn each<T: StateTable>(
    snapshot: &Snapshot,
    part: &impl StateKey,
    players: &mut Players,
    mut take: impl FnMut(&mut Standing, T::Value),
) -> Result<(), StoreError> {
    let mut players = players.iter_mut();
    snapshot.walk(&prefix_bytes::<T>(part), |key, value| {
        let id = account_of(T::NAME, key)?;
        let value = decode(value).map_err(|_| Snapshot::corrupt(T::NAME, key))?;
        let player = players.find(|(account, _)| *account == id);
        let (_, standing) = player.ok_or_else(|| Snapshot::corrupt(T::NAME, key))?;
        take(standing, value);
        Ok(())
    })
}

fn fill<T: StateTable<Value = Standing>>(
    snapshot: &Snapshot,
    part: &impl StateKey,
    players: &mut Players,
) -> Result<(), StoreError> {
    each::<T>(snapshot, part, players, |standing, stored| {
        *standing = stored;
    })
}

/// Counts everybody's tip on a match.
fn count(
    snapshot: &Snapshot,
    rules: &Rules,
    game: &Game,
    players: &mut Players,
    step: impl Fn(Standing, Points, Tier) -> Option<Standing>,
) -> Result<(), StoreError> {
    each::<Bets>(snapshot, &game.no(), players, |standing, bet| {
        if let Some((points, tier)) = game.points(rules, &bet) {
            *standing = step(*standing, points, tier).unwrap_or(*standing);
        }
    })
}

/// A table, and the tip at which it was made or found to be the same still.
type Slot = Arc<Mutex<Option<(Tip, Arc<Table>)>>>;

/// The tables asked for last.
#[derive(Default)]
pub(crate) struct Tables {
    kept: Mutex<VecDeque<(Scope, Slot)>>,
}

impl Tables {
    /// The table of a snapshot; made once, however many ask, until a block changes what it rests on.
    pub(crate) fn get(
        &self,
        snapshot: &Snapshot,
        rules: &Rules,
        scope: Scope,
    ) -> Result<Arc<Table>, StoreError> {
        let tip = snapshot.tip()?;
        let slot = self.slot(&scope);
        let mut kept = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, table)) = &mut *kept {
            if since.hash == tip.hash {
                return Ok(Arc::clone(table));
            }
            if is_current(snapshot, since)? {
                *since = tip;
                return Ok(Arc::clone(table));
            }
        }
        let table = Arc::new(Table::read(snapshot, rules, &scope)?);
        *kept = Some((tip, Arc::clone(&table)));
        drop(kept);
        self.forget();
        Ok(table)
    }

    fn slot(&self, scope: &Scope) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(known, _)| known == scope);
        let slot = match found.and_then(|index| kept.remove(index)) {
            Some((_, slot)) => slot,
            None => Slot::default(),
        };
        kept.push_front((scope.clone(), Arc::clone(&slot)));
        kept.truncate(TABLES_KEPT);
        slot
    }

    /// Lets go of the oldest tables beyond the bound.
    fn forget(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rows = 0_usize;
        let mut first = true;
        kept.retain(|(_, slot)| {
            // One that is being made counts once it is ready.
            let length = slot
                .try_lock()
                .ok()
                .and_then(|kept| kept.as_ref().map(|(_, table)| table.places.len()));
            rows = rows.saturating_add(length.unwrap_or(0));
            std::mem::take(&mut first) || rows <= ROWS_KEPT
        });
    }
}
