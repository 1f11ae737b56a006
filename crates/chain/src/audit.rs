//! Replaying a chain from genesis, and comparing what results with what is stored.

use std::{collections::BTreeSet, fmt::Display};

use bolao_ledger::{Block, BlockHash, Genesis, Height, Ledger, MemoryState, check_conservation};
use bolao_store::{Snapshot, StateEntry, StoreError};
use thiserror::Error;

use crate::headers::Lineage;

/// A chain and the state that is claimed for it: a store's snapshot, or downloads from a running node.
pub trait AuditSource {
    /// Why a read can fail.
    type Error: std::error::Error;

    /// The pool's rules.
    fn genesis(&self) -> Result<Genesis, Self::Error>;
    /// The claimed tip.
    fn tip(&self) -> Result<(BlockHash, Height), Self::Error>;
    /// The main chain's blocks above genesis, in order.
    fn blocks(&self) -> Result<impl Iterator<Item = Result<Block, Self::Error>>, Self::Error>;
    /// Whether [`Self::state`] gives the entries of the index of bets by account. A source that gives some of them is
    /// taken to have all.
    fn has_bet_index(&self) -> bool {
        false
    }
    /// Hands every entry of the claimed state to `visit`.
    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> Result<(), Self::Error>;
}

/// What a clean audit found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// The tip that every rule led to.
    pub tip: BlockHash,
    /// Its height.
    pub height: Height,
    /// Transactions replayed, coinbases aside.
    pub transactions: u64,
    /// Accounts that have joined.
    pub accounts: u64,
    /// Matches.
    pub matches: u64,
    /// Standing bets.
    pub bets: u64,
}

/// The first place where something is not as the rules have it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct AuditFailure {
    /// Where, such as `block 17`.
    pub place: String,
    /// What was found there.
    pub what: String,
}

fn fail(place: impl Display, what: impl Display) -> AuditFailure {
    AuditFailure {
        place: place.to_string(),
        what: what.to_string(),
    }
}

/// Replays every block from genesis, checks every header, signature and rule, and compares the state with the
/// claimed one. `progress` is told blocks done and blocks in all.
pub fn audit<S: AuditSource>(
    source: &S,
    mut progress: impl FnMut(u64, u64),
) -> Result<AuditReport, AuditFailure> {
    let genesis = source.genesis().map_err(|e| fail("genesis", e))?;
    genesis.check().map_err(|e| fail("genesis", e))?;
    let pool = genesis.pool_id();
    let (tip, height) = source.tip().map_err(|e| fail("tip", e))?;
    let ledger = Ledger::new(&genesis);
    let mut state = MemoryState::default();
    let delta = ledger
        .genesis_delta(&state)
        .map_err(|e| fail("genesis", e))?;
    state.commit(&delta);
    let mut lineage = Lineage::of_genesis(&genesis);
    for block in source.blocks().map_err(|e| fail("blocks", e))? {
        let at = lineage.record().height.next();
        let place = format!("block {at}");
        if at > height {
            return Err(fail(
                place,
                "there are more blocks than the tip's height says",
            ));
        }
        let block = block.map_err(|e| fail(&place, e))?;
        let header = block.header;
        lineage
            .check(&genesis, &header)
            .map_err(|e| fail(&place, e))?;
        let block = block.check(&genesis, pool).map_err(|e| fail(&place, e))?;
        let (delta, _) = ledger
            .apply_block(&state, at, &block)
            .map_err(|e| fail(&place, e))?;
        state.commit(&delta);
        lineage.push(header);
        progress(at.0, height.0);
    }
    let reached = lineage.record();
    if (reached.hash, reached.height) != (tip, height) {
        return Err(fail(
            "tip",
            format!(
                "the blocks lead to {} at height {}, the tip is said to be {tip} at height {height}",
                reached.hash, reached.height
            ),
        ));
    }
    check_conservation(&state).map_err(|e| fail("state", e))?;
    compare(source, &state)?;
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Ok(AuditReport {
        tip,
        height,
        transactions: state.totals.transactions,
        accounts: count(state.accounts.len()),
        matches: count(state.matches.len()),
        bets: count(state.bets.len()),
    })
}

/// How many entries of each kind the claimed state has.
#[derive(Default)]
struct Seen {
    accounts: usize,
    names: usize,
    matches: usize,
    codes: usize,
    bets: usize,
    totals: bool,
}

fn compare<S: AuditSource>(source: &S, state: &MemoryState) -> Result<(), AuditFailure> {
    let mut seen = Seen::default();
    let mut first: Option<AuditFailure> = None;
    let mut by_account = BTreeSet::new();
    source
        .state(&mut |entry| {
            if let Err(failure) = seen.visit(state, &entry, &mut by_account) {
                first.get_or_insert(failure);
            }
        })
        .map_err(|e| fail("state", e))?;
    if let Some(failure) = first {
        return Err(failure);
    }
    let table = |what: &str, stored: usize, replayed: usize| {
        if stored == replayed {
            Ok(())
        } else {
            Err(fail(
                format!("table of {what}"),
                format!("{stored} are stored, the blocks make {replayed}"),
            ))
        }
    };
    table("accounts", seen.accounts, state.accounts.len())?;
    table("names", seen.names, state.names.len())?;
    table("matches", seen.matches, state.matches.len())?;
    table("codes", seen.codes, state.codes.len())?;
    table("bets", seen.bets, state.bets.len())?;
    if source.has_bet_index() || !by_account.is_empty() {
        table("bets by account", by_account.len(), state.bets.len())?;
    }
    if seen.totals {
        Ok(())
    } else {
        Err(fail("totals", "none are stored"))
    }
}

impl Seen {
    fn visit(
        &mut self,
        state: &MemoryState,
        entry: &StateEntry,
        by_account: &mut BTreeSet<(bolao_ledger::MatchNo, bolao_ledger::AccountId)>,
    ) -> Result<(), AuditFailure> {
        let (place, same) = match entry {
            StateEntry::Account(id, account) => {
                self.accounts += 1;
                (
                    format!("account {id}"),
                    state.accounts.get(id) == Some(account),
                )
            }
            StateEntry::Name(name, id) => {
                self.names += 1;
                (format!("name {name:?}"), state.names.get(name) == Some(id))
            }
            StateEntry::Match(game) => {
                self.matches += 1;
                let no = game.fixture.no;
                (format!("match {no}"), state.matches.get(&no) == Some(game))
            }
            StateEntry::Code(code, no) => {
                self.codes += 1;
                (format!("code {code:?}"), state.codes.get(code) == Some(no))
            }
            StateEntry::Bet(no, id, bet) => {
                self.bets += 1;
                (
                    format!("bet of {id} on match {no}"),
                    state.bets.get(&(*no, *id)) == Some(bet),
                )
            }
            StateEntry::BetOfAccount(id, no) => {
                by_account.insert((*no, *id));
                (
                    format!("bet of {id} on match {no} in the index by account"),
                    state.bets.contains_key(&(*no, *id)),
                )
            }
            StateEntry::Totals(totals) => {
                self.totals = true;
                ("totals".to_owned(), state.totals == *totals)
            }
        };
        if same {
            Ok(())
        } else {
            Err(fail(
                place,
                "what is stored is not what the blocks make of it",
            ))
        }
    }
}

/// A store's own chain and state.
#[derive(Debug)]
pub struct StoredChain<'a> {
    /// The pool's rules.
    pub genesis: &'a Genesis,
    /// The store as one commit left it.
    pub snapshot: &'a Snapshot,
}

impl AuditSource for StoredChain<'_> {
    type Error = StoreError;

    fn genesis(&self) -> Result<Genesis, StoreError> {
        Ok(self.genesis.clone())
    }

    fn tip(&self) -> Result<(BlockHash, Height), StoreError> {
        let tip = self.snapshot.tip()?;
        Ok((tip.hash, tip.height))
    }

    fn blocks(&self) -> Result<impl Iterator<Item = Result<Block, StoreError>>, StoreError> {
        let mut height = Height::ZERO;
        Ok(std::iter::from_fn(move || {
            height = height.next();
            self.snapshot.block_at(height).transpose()
        }))
    }

    fn has_bet_index(&self) -> bool {
        true
    }

    fn state(&self, visit: &mut dyn FnMut(StateEntry)) -> Result<(), StoreError> {
        self.snapshot.all_state(|entry| {
            visit(entry);
            Ok(())
        })
    }
}
