//! What a node asks of a transaction before it may wait, besides the ledger's rules: one place for the mempool and for the
//! rehearsal ([`crate::rehearse`]).

use bolao_ledger::{
    AccountId, Action, BlockContext, Deadline, Genesis, Nonce, Reason, StateView, TxBody,
};
use bolao_store::StoreError;

use crate::{error::AdmitError, io::Rejection};

/// The pool, and the block that would come next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admission<'a> {
    pub(crate) genesis: &'a Genesis,
    pub(crate) context: BlockContext,
}

/// An account's queue of transactions, as one more transaction finds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Queue {
    /// The nonce that follows on from the chain and from what is ready.
    pub(crate) next: Nonce,
    /// Whether another one waits with the same nonce.
    pub(crate) is_taken: bool,
    /// The number of transactions that wait in it.
    pub(crate) waiting: usize,
}

impl Admission<'_> {
    /// Whether the next block may hold a transaction, or it waits for others with lower nonces.
    pub(crate) fn is_ready(
        &self,
        account: &AccountId,
        nonce: Nonce,
        queue: Queue,
    ) -> Result<bool, Rejection> {
        let most: u64 = self.genesis.limits.pending_per_account.into();
        if queue.is_taken {
            return Err(Rejection::new(
                Reason::NoncePending,
                format!(
                    "another transaction of {account} with the nonce {nonce} is already waiting"
                ),
            ));
        }
        let ahead = nonce.checked_sub(queue.next.0);
        if ahead.is_none_or(|ahead| ahead.0 >= most) {
            return Err(Rejection::new(
                Reason::BadNonce,
                format!(
                    "got the nonce {nonce}, the account's next is {}",
                    queue.next
                ),
            ));
        }
        if u64::try_from(queue.waiting).is_ok_and(|waiting| waiting >= most) {
            return Err(Rejection::new(
                Reason::TooManyPending,
                format!(
                    "{most} transactions of {account} are already waiting, which is the most that the pool allows"
                ),
            ));
        }
        Ok(nonce == queue.next)
    }

    /// The block that a transaction is applied in.
    ///
    /// # Rule O6: a node takes no opening before a block has passed the kick-off, whatever its own clock says: one that
    /// # the others would find too early never leaves it.
    pub(crate) fn context<S: StateView>(
        &self,
        state: &S,
        body: &TxBody,
    ) -> Result<BlockContext, S::Error> {
        let mut context = self.context;
        if body.action.ends() == Deadline::Opening {
            context.time = state.totals()?.clock;
        }
        Ok(context)
    }

    /// Refuses an action that comes too late by this node's clock or the pool's, although a block could hold it. One that becomes
    /// late while it waits is void in its block.
    pub(crate) fn late<S: StateView<Error = StoreError>>(
        &self,
        state: &S,
        action: &Action,
    ) -> Result<(), AdmitError> {
        let time = self.context.time.max(state.totals()?.clock);
        for no in action.matches() {
            let Some(item) = state.item(no)? else {
                continue;
            };
            let code = &item.code;
            let (late, reason, message) = match action.ends() {
                // # Rule D3: a node takes no bet on a match on which betting has ended.
                Deadline::Betting if item.lacks_notice(&self.genesis.rules) => (
                    true,
                    Reason::BetAfterKickoff,
                    format_args!(
                        "no bet on match `{code}` counts: it was cancelled, was added, dated or given its teams too late, or has no date yet"
                    ),
                ),
                Deadline::Betting => (
                    !item.is_open_at(time, &self.genesis.rules),
                    Reason::BetAfterKickoff,
                    format_args!("betting on match `{code}` has ended"),
                ),
                // # Rule O5: a node takes no opening whose window is over.
                Deadline::Opening => {
                    let end = item.openings_end(self.genesis.rules.opening_window_s);
                    (
                        end.is_some_and(|end| end <= time),
                        Reason::OpeningTooLate,
                        format_args!(
                            "the time for opening bets on match `{code}` is over: seals that were not opened do not count"
                        ),
                    )
                }
                // # Rule R9: a node takes no record of a match, and no objection to one, whose record is final by its
                // # clock or the pool's.
                Deadline::Record => {
                    let due = state.result(no)?.and_then(|result| result.final_at);
                    (
                        due.is_some_and(|final_at| final_at <= time),
                        Reason::ResultFinal,
                        format_args!("the result of match `{code}` is final"),
                    )
                }
                Deadline::Never => return Ok(()),
            };
            if late {
                return Err(Rejection::new(reason, message).into());
            }
        }
        Ok(())
    }

    /// Checks rule O6 of an opening that waits for others, and so is not applied yet.
    pub(crate) fn early<S: StateView<Error = StoreError>>(
        state: &S,
        action: &Action,
    ) -> Result<(), AdmitError> {
        if action.ends() != Deadline::Opening {
            return Ok(());
        }
        let clock = state.totals()?.clock;
        for match_no in action.matches() {
            if let Some(item) = state.item(match_no)?
                && !item.has_begun_at(clock)
            {
                let code = &item.code;
                let message = format!("no block has passed the kick-off of match `{code}` yet");
                return Err(Rejection::new(Reason::OpeningTooEarly, message).into());
            }
        }
        Ok(())
    }
}
