//! The third validity: what a checked block or transaction does to a state.
//!
//! A transaction runs on an overlay of its own, so that a refused one leaves no trace and a mempool or template can go
//! on with the next.
//!
//! - `applied`: a block with what it changes
//! - `run`: what all actions share; what each does lies with it, in `actions`
//! - `bets`: bets and seals
//! - `items`: what players bet on, whatever it is
//! - `votes`: what organisers sign, and what happens once enough of them have
//! - `organisers`: who the organisers are
//! - `bounds`: how much one account sends, and how many join, in a time
//! - `points`: points and standings, as records come and are corrected
//! - `crowd`: how many have tipped alike, where points depend on that
//! - `settle`: records that become final, pots that are paid
//! - `validators`: who votes on blocks, and with which weight
//! - `appointing`: which accounts do where organisers appoint them

mod applied;
mod appointing;
mod bets;
mod bounds;
pub(crate) mod crowd;
mod error;
pub(crate) mod items;
mod organisers;
mod points;
pub(crate) mod run;
mod settle;
mod validators;
pub(crate) mod votes;

pub use applied::AppliedBlock;
pub use error::{ApplyError, RuleError};
pub use settle::{Payouts, payouts, shares};

use std::collections::BTreeMap;

use self::run::Run;
use crate::{
    check::{CheckedBlock, CheckedTransaction},
    coinbase::Coinbase,
    delta::Delta,
    fixture::MatchNo,
    genesis::{Genesis, MatchDay},
    hashes::{PoolId, TxId},
    state::{Overlay, StateView, TotalsTable},
    transaction::TxBody,
    units::{Height, UnixSeconds},
};

/// The block in which a transaction is applied: its height and its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockContext {
    /// The block's height.
    pub height: Height,
    /// The block's time. Deadlines are judged by the largest of the chain so far.
    pub time: UnixSeconds,
}

/// The outcome of a transaction that applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxOutcome {
    /// Bets, seals and openings that are void, in the order written: they came too late, or the chips did not reach for
    /// them. They changed nothing and lock no stake.
    pub void_bets: Vec<MatchNo>,
}

/// The rules of one pool.
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a> {
    genesis: &'a Genesis,
    pool: PoolId,
    refuses_short: bool,
}

impl<'a> Ledger<'a> {
    /// The rules that a genesis document lays down.
    #[must_use]
    pub fn new(genesis: &'a Genesis) -> Self {
        Self::of_pool(genesis, genesis.pool_id())
    }

    /// The same for whoever knows the pool's id, which is a hash of all of genesis.
    #[must_use]
    pub fn of_pool(genesis: &'a Genesis, pool: PoolId) -> Self {
        Self {
            genesis,
            pool,
            refuses_short: !genesis.rules.short_bets_void,
        }
    }

    /// The same for what is submitted.
    ///
    /// # Rule D6: a node refuses a transaction with a bet that the chips at hand do not reach for, where a block would make
    /// # it void.
    #[must_use]
    pub const fn refusing_short_bets(self) -> Self {
        Self {
            refuses_short: true,
            ..self
        }
    }

    /// Gives the changes that genesis itself makes to an empty state.
    pub fn genesis_delta<S: StateView>(&self, empty: S) -> Result<Delta, ApplyError<S::Error>> {
        let mut overlay = Overlay::new(empty);
        let context = BlockContext {
            height: Height(0),
            time: self.genesis.created,
        };
        let mut run = self.run(&mut overlay, context)?;
        run.tick();
        let days = self.genesis.days.as_deref().unwrap_or_default();
        for fixture in &self.genesis.matches {
            let day = days.iter().find(|day| day.match_no == fixture.no);
            let game = run.new_match(fixture, day.map(MatchDay::day))?;
            run.put_game(game);
        }
        run.begin_votes()?;
        run.finish()?;
        Ok(overlay.into_delta())
    }

    /// Applies a block on top of `state`.
    pub fn apply_block<'b, S: StateView>(
        &self,
        state: S,
        height: Height,
        block: &'b CheckedBlock,
    ) -> Result<AppliedBlock<'b>, ApplyError<S::Error>> {
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
        let mut run = self.run(&mut overlay, context)?;
        let outcomes = block
            .transactions()
            .enumerate()
            .map(|(index, (id, transaction))| {
                run.transaction(id, &transaction.body)
                    .map_err(|error| error.at(index))
            })
            .collect::<Result<_, _>>()?;
        run.finish()?;
        self.check_message(&overlay, height, &block.get().coinbase.message)?;
        Ok(AppliedBlock {
            block,
            height,
            delta: overlay.into_delta(),
            outcomes,
        })
    }

    /// # Rule Q11: where validators vote, the coinbase's message begins with the hash of those who vote after the block.
    fn check_message<S: StateView>(
        &self,
        after: &Overlay<S>,
        height: Height,
        message: &[u8],
    ) -> Result<(), ApplyError<S::Error>> {
        if Coinbase::room(self.genesis) == 0 {
            return Ok(());
        }
        let set = after.validator_set_after(height);
        let set = set.map_err(ApplyError::State)?;
        let wanted = set.ok_or(RuleError::LastValidator)?.hash();
        if message.starts_with(&wanted.0) {
            Ok(())
        } else {
            Err(ApplyError::ValidatorsHash { wanted })
        }
    }

    /// Applies what the passing of time alone does: records become final, stakes are free, validators change,
    /// organisers leave. Whoever applies transactions one
    /// by one, as a template does, calls this first.
    pub fn begin_block<S: StateView>(
        &self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
    ) -> Result<(), ApplyError<S::Error>> {
        let mut run = self.run(overlay, context)?;
        run.tick();
        run.settle_due()?;
        run.free_due()?;
        run.change_due()?;
        run.leave_due()?;
        run.finish()
    }

    /// Applies one transaction; an error leaves the overlay as it was.
    pub fn apply_transaction<S: StateView>(
        &self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        transaction: &CheckedTransaction,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        let (id, body) = (transaction.id(), &transaction.get().body);
        let (outcome, delta) = self.apply_alone(&*overlay, context, id, body)?;
        overlay.absorb(delta);
        Ok(outcome)
    }

    /// Tries a transaction's body that nobody has signed: gives the outcome and the changes that it would make.
    pub fn rehearse<S: StateView>(
        &self,
        overlay: &Overlay<S>,
        context: BlockContext,
        body: &TxBody,
    ) -> Result<(TxOutcome, Delta), ApplyError<S::Error>> {
        self.apply_alone(overlay, context, body.id(), body)
    }

    /// Tells whether the next block could hold a body, signed, as its only transaction.
    pub fn could_apply<S: StateView>(
        &self,
        state: S,
        context: BlockContext,
        body: &TxBody,
    ) -> Result<bool, S::Error> {
        match self.apply_alone(state, context, body.id(), body) {
            Ok(_) => Ok(true),
            Err(ApplyError::State(error)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    fn apply_alone<S: StateView>(
        &self,
        state: S,
        context: BlockContext,
        id: TxId,
        body: &TxBody,
    ) -> Result<(TxOutcome, Delta), ApplyError<S::Error>> {
        let mut own = Overlay::new(state);
        let mut run = self.run(&mut own, context)?;
        let outcome = run.transaction(id, body)?;
        run.finish()?;
        Ok((outcome, own.into_delta()))
    }

    fn run<'r, S: StateView>(
        &self,
        overlay: &'r mut Overlay<S>,
        at: BlockContext,
    ) -> Result<Run<'r, S>, ApplyError<S::Error>>
    where
        'a: 'r,
    {
        // # Rule B13: the pool's time is the largest of the blocks so far; everything that depends on time is judged by
        // # it, so that what has ended never begins again.
        let totals = overlay.get_to_change::<TotalsTable>(&());
        let totals = totals.map_err(ApplyError::State)?.unwrap_or_default();
        Ok(Run {
            genesis: self.genesis,
            pool: self.pool,
            overlay,
            at: BlockContext {
                time: at.time.max(totals.clock),
                ..at
            },
            refuses_short: self.refuses_short,
            totals,
            games: BTreeMap::new(),
        })
    }
}
