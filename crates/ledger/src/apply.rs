//! The third validity: what a checked block or transaction does to a state.
//!
//! Each action checks everything before it changes anything, so that a refused transaction leaves the overlay as it
//! was and a mempool or template can go on with the next.
//!
//! - `run`: what all actions share
//! - `players`: joining, transfers, objections
//! - `bets`: bets, seals, openings
//! - `votes`: what organisers sign, and what happens once enough of them have
//! - `points`: points and standings, as records come and are corrected
//! - `settle`: records that become final, pots that are paid

mod bets;
mod error;
mod players;
mod points;
mod run;
mod settle;
mod votes;

pub use error::{ApplyError, RuleError};
pub use settle::shares;

use self::run::Run;
use crate::{
    check::{CheckedBlock, CheckedTransaction},
    delta::Delta,
    fixture::MatchNo,
    genesis::Genesis,
    state::{Match, Overlay, StateView},
    units::{Height, UnixSeconds},
};

/// Where a transaction is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// The block's height.
    pub height: Height,
    /// The block's time: what deadlines are judged by.
    pub time: UnixSeconds,
}

/// What became of a transaction that applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxOutcome {
    /// Tips, seals and openings that came too late: they changed nothing and lock no stake.
    pub void_tips: Vec<MatchNo>,
}

/// The rules of one pool.
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a> {
    genesis: &'a Genesis,
}

impl<'a> Ledger<'a> {
    /// The rules that a genesis document lays down.
    #[must_use]
    pub const fn new(genesis: &'a Genesis) -> Self {
        Self { genesis }
    }

    /// What genesis itself puts into an empty state.
    pub fn genesis_delta<S: StateView>(&self, empty: S) -> Result<Delta, ApplyError<S::Error>> {
        let mut overlay = Overlay::new(empty);
        let mut run = Run {
            genesis: self.genesis,
            overlay: &mut overlay,
            at: BlockContext {
                height: Height(0),
                time: self.genesis.created,
            },
        };
        for fixture in &self.genesis.matches {
            run.put_new_match(Match::new(
                fixture.clone(),
                self.genesis.rules.deadline_lead_s,
            ))?;
        }
        Ok(overlay.into_delta())
    }

    /// Applies a block on top of `state`: the delta to commit, and what became of each transaction.
    pub fn apply_block<S: StateView>(
        &self,
        state: S,
        height: Height,
        block: &CheckedBlock,
    ) -> Result<(Delta, Vec<TxOutcome>), ApplyError<S::Error>> {
        let got = block.get().coinbase.height;
        // # Rule B7: the coinbase names the block's height.
        if got != height {
            return Err(ApplyError::CoinbaseHeight {
                got,
                wanted: height,
            });
        }
        let context = BlockContext {
            height,
            time: block.get().header.time(),
        };
        let mut overlay = Overlay::new(state);
        self.begin_block(&mut overlay, context)?;
        let outcomes = block
            .transactions()
            .enumerate()
            .map(|(index, (id, transaction))| {
                self.run(&mut overlay, context)
                    .transaction(id, &transaction.body)
                    .map_err(|error| error.at(index))
            })
            .collect::<Result<_, _>>()?;
        Ok((overlay.into_delta(), outcomes))
    }

    /// What the passing of time alone does, before a block's first transaction: records become final.
    pub fn begin_block<S: StateView>(
        &self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
    ) -> Result<(), ApplyError<S::Error>> {
        self.run(overlay, context).settle_due()
    }

    /// Applies one transaction; an error leaves the overlay as it was.
    pub fn apply_transaction<S: StateView>(
        &self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        transaction: &CheckedTransaction,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        self.run(overlay, context)
            .transaction(transaction.id(), &transaction.get().body)
    }

    const fn run<'r, S: StateView>(
        &self,
        overlay: &'r mut Overlay<S>,
        at: BlockContext,
    ) -> Run<'r, S>
    where
        'a: 'r,
    {
        Run {
            genesis: self.genesis,
            overlay,
            at,
        }
    }
}
