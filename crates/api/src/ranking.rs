//! Tables in order, kept as long as they are asked for: sorting ten thousand players for every
//! page would cost more than the page.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use bolao_ledger::{
    AccountId, BlockHash, Place, Rules, Standing, StateKey, StateView, Text, UnixSeconds, rank,
    table::{Accounts, Bets, RoundStandings, Standings, prefix_bytes},
};
use bolao_store::{Snapshot, StoreError};
use tokio::sync::Semaphore;

use crate::v1::game::Game;

/// Tables kept at most.
const TABLES_KEPT: usize = 16;
/// Rows kept at most, all tables together, unless a single table is longer; about 80 bytes each.
const ROWS_KEPT: usize = 500_000;
/// Bets read at once.
const BETS_AT_ONCE: usize = 4_096;

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
}

impl Table {
    fn read(snapshot: &Snapshot, rules: &Rules, scope: &Scope) -> Result<Self, StoreError> {
        let games: Vec<Game> = Game::all(snapshot, rules)?
            .into_iter()
            .filter(|game| game.score.is_some() && scope.holds(game))
            .collect();
        let standings: Vec<(AccountId, Standing)> = match scope {
            Scope::Pool => snapshot.scan::<Standings>(&(), None, usize::MAX)?,
            Scope::Stage(stage) => snapshot
                .scan::<RoundStandings>(stage, None, usize::MAX)?
                .into_iter()
                .map(|((_, id), standing)| (id, standing))
                .collect(),
            Scope::From(_) => added_up(snapshot, rules, &games)?.into_iter().collect(),
        };
        // Both are in order of the accounts.
        let mut standings = standings.into_iter().peekable();
        let players = accounts(snapshot)?.into_iter().map(|id| {
            let standing = standings.next_if(|(of, _)| *of == id);
            (
                id,
                standing.map(|(_, standing)| standing).unwrap_or_default(),
            )
        });
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Self {
            places: rank(&rules.tie_breaks, players),
            scored: count(games.len()),
            provisional: count(games.iter().filter(|game| game.is_provisional()).count()),
        })
    }

    /// Matches with a score for which a player has no tip.
    pub(crate) fn missing(&self, standing: &Standing) -> u32 {
        self.scored.saturating_sub(standing.tips)
    }
}

/// Who has joined, in order of the accounts. Their entries are not decoded: checking ten thousand
/// names would take longer than all the rest.
fn accounts(snapshot: &Snapshot) -> Result<Vec<AccountId>, StoreError> {
    let table = prefix_bytes::<Accounts>(&());
    let entries = snapshot.scan_bytes(&table, None, usize::MAX)?;
    entries
        .into_iter()
        .map(|(key, _)| {
            let mut rest = key.get(table.len()..).unwrap_or_default();
            AccountId::read(&mut rest).ok_or_else(|| Snapshot::corrupt("Accounts", &key))
        })
        .collect()
}

fn added_up(
    snapshot: &Snapshot,
    rules: &Rules,
    games: &[Game],
) -> Result<BTreeMap<AccountId, Standing>, StoreError> {
    let mut standings: BTreeMap<AccountId, Standing> = BTreeMap::new();
    for game in games {
        let mut after = None;
        loop {
            let bets = snapshot.scan::<Bets>(&game.no(), after.as_ref(), BETS_AT_ONCE)?;
            for ((_, id), bet) in &bets {
                if let Some((points, tier)) = game.points(rules, bet) {
                    let standing = standings.entry(*id).or_default();
                    *standing = standing.plus(points, tier).unwrap_or(*standing);
                }
            }
            match bets.last() {
                Some((key, _)) if bets.len() == BETS_AT_ONCE => after = Some(*key),
                _ => break,
            }
        }
    }
    Ok(standings)
}

type Slot = Arc<Mutex<Option<Arc<Table>>>>;

/// The tables asked for last, and the right to add up bets.
pub(crate) struct Tables {
    kept: Mutex<VecDeque<((BlockHash, Scope), Slot)>>,
    /// Held while the tips of many matches are added up: one such reading at a time.
    pub(crate) adding: Arc<Semaphore>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            adding: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Tables {
    /// The table of a snapshot; made once for each tip, however many ask.
    pub(crate) fn get(
        &self,
        snapshot: &Snapshot,
        rules: &Rules,
        scope: Scope,
    ) -> Result<Arc<Table>, StoreError> {
        let key = (snapshot.tip()?.hash, scope);
        let slot = self.slot(&key);
        let mut ready = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = ready.as_ref() {
            return Ok(Arc::clone(table));
        }
        let table = Arc::new(Table::read(snapshot, rules, &key.1)?);
        *ready = Some(Arc::clone(&table));
        drop(ready);
        self.forget();
        Ok(table)
    }

    fn slot(&self, key: &(BlockHash, Scope)) -> Slot {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(known, _)| known == key);
        let slot = match found.and_then(|index| kept.remove(index)) {
            Some((_, slot)) => slot,
            None => Slot::default(),
        };
        kept.push_front((key.clone(), Arc::clone(&slot)));
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
                .and_then(|ready| ready.as_ref().map(|table| table.places.len()));
            rows = rows.saturating_add(length.unwrap_or(0));
            std::mem::take(&mut first) || rows <= ROWS_KEPT
        });
    }
}
