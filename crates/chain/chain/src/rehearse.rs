//! What would become of transactions if they were submitted now.
//!
//! Nothing is written. On top of the tip comes what waits, in the order in which it came, and then each proposal in turn,
//! by the code that lets transactions into the mempool ([`crate::admission`]). What is refused leaves no trace, so that the
//! next is judged as if it had not been there.
//!
//! Two refusals of a node are not foreseen: that too much waits in all, and that a peer's transaction was given up a short
//! time ago. Both pass.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use bolao_ledger::{
    AccountId, Action, AffectedAccounts, BlockContext, Delta, Genesis, Ledger, MatchNo, Nonce,
    Overlay, PoolId, StateView as _, Transaction, TxBody, UnixSeconds,
};
use bolao_store::{Snapshot, StoreError};

use crate::{
    admission::{Admission, Queue},
    chain::already_known,
    error::{AdmitError, settled},
    io::Rejection,
    looks::Looks,
};

/// The most proposals that are rehearsed at once.
pub const MAX_REHEARSED: usize = 256;

/// A transaction that may be submitted, signed or not.
#[derive(Clone, Debug)]
pub enum Proposal {
    /// Ready to be sent: its signature is checked too.
    Signed(Transaction),
    /// Not signed yet.
    Unsigned {
        /// The account whose transaction it would be.
        account: AccountId,
        /// The account's next if absent.
        nonce: Option<Nonce>,
        /// The action that it would take.
        action: Action,
        /// Judged as if it were not sent then: it changes nothing for those after it.
        alone: bool,
    },
}

/// The outcome of a proposal.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// The body that was proposed, with its nonce.
    pub body: TxBody,
    /// The effect that it would have, or the reason why it would be refused.
    pub verdict: Result<Effect, Rejection>,
}

/// The effect that a transaction would have.
#[derive(Clone, Debug, Default)]
pub struct Effect {
    /// Whether the next block may hold it. If not, it waits for others of its account, and does nothing yet.
    pub ready: bool,
    /// Bets, seals and openings that would come too late and change nothing.
    pub void: Vec<MatchNo>,
    /// The change that it would make to the state.
    pub delta: Delta,
}

/// Says of each proposal what would become of it, if the ones before it that are good, and not judged alone, were submitted
/// too; of the first [`MAX_REHEARSED`].
///
/// One transaction may change as much as there are players, so `keep` gets what became of each at once and gives what is
/// left of it, and `may_go_on` is asked before each transaction: its error ends the rehearsal, as one of `keep` does.
pub fn rehearse<T, E: From<StoreError>>(
    snapshot: &Snapshot,
    genesis: &Genesis,
    now: UnixSeconds,
    mut proposals: Vec<Proposal>,
    may_go_on: impl Fn() -> Result<(), E>,
    mut keep: impl FnMut(Rehearsed) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    proposals.truncate(MAX_REHEARSED);
    let mut rehearsal = Rehearsal::of_tip(snapshot, genesis, now)?;
    let concerns = |action: &Action| action.concerns() != AffectedAccounts::Nobody;
    let some_join = proposals.iter().any(|it| concerns(it.parts().1));
    let accounts = proposals.iter().map(|proposal| *proposal.parts().0);
    rehearsal.apply_waiting(accounts.collect(), some_join, &may_go_on)?;
    proposals
        .into_iter()
        .map(|proposal| {
            may_go_on()?;
            keep(rehearsal.propose(proposal)?)
        })
        .collect()
}

impl From<TxBody> for Proposal {
    fn from(body: TxBody) -> Self {
        Self::Unsigned {
            account: body.account,
            nonce: Some(body.nonce),
            action: body.action,
            alone: false,
        }
    }
}

impl Proposal {
    const fn parts(&self) -> (&AccountId, &Action) {
        match self {
            Self::Signed(transaction) => (&transaction.body.account, &transaction.body.action),
            Self::Unsigned {
                account, action, ..
            } => (account, action),
        }
    }
}

/// Whether what waits of others can change the verdict on the proposals, of which some concern others too (they join, or
/// give chips), or none does.
const fn matters(action: &Action, some_join: bool) -> bool {
    match action.concerns() {
        // Rule S11 asks whether there are bets, but those that wait come too late there.
        AffectedAccounts::Nobody => false,
        AffectedAccounts::Newcomers => some_join,
        AffectedAccounts::Everybody => true,
    }
}

/// The tip with what waits on top: a rehearsal of one proposal after another, where the next depends on what became of the one before.
struct Rehearsal<'a> {
    snapshot: &'a Snapshot,
    pool: PoolId,
    ledger: Ledger<'a>,
    admission: Admission<'a>,
    overlay: Overlay<&'a Snapshot>,
    /// The transactions of each account that wait, by nonce; none where one is applied.
    queues: BTreeMap<AccountId, BTreeMap<Nonce, Option<TxBody>>>,
    /// Of the names on the overlay.
    looks: Looks,
}

type Outcome = Result<Effect, AdmitError>;

impl fmt::Debug for Rehearsal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rehearsal").finish_non_exhaustive()
    }
}

impl<'a> Rehearsal<'a> {
    fn of_tip(
        snapshot: &'a Snapshot,
        genesis: &'a Genesis,
        now: UnixSeconds,
    ) -> Result<Self, StoreError> {
        let tip = snapshot.tip()?;
        let median = snapshot
            .header_chain(&tip.hash)?
            .map(|headers| headers.earliest_time(genesis));
        let context = BlockContext {
            height: tip.height.next(),
            time: now.max(median.unwrap_or(UnixSeconds::ZERO)),
        };
        let pool = genesis.pool_id();
        Ok(Self {
            snapshot,
            pool,
            ledger: Ledger::of_pool(genesis, pool),
            admission: Admission { genesis, context },
            overlay: Overlay::new(snapshot),
            queues: BTreeMap::new(),
            looks: Looks::default(),
        })
    }

    /// Puts on top what waits of each account that can matter to the proposals, of these accounts and of which some may concern others
    /// too: its whole queue, since its chips and its nonces hang together.
    fn apply_waiting<E: From<StoreError>>(
        &mut self,
        mut accounts: BTreeSet<AccountId>,
        some_join: bool,
        may_go_on: impl Fn() -> Result<(), E>,
    ) -> Result<(), E> {
        let waiting = self.snapshot.pending()?;
        let others = waiting.iter().map(|transaction| &transaction.body);
        let others = others.filter(|body| matters(&body.action, some_join));
        accounts.extend(others.map(|body| body.account));
        let mut bodies: Vec<TxBody> = waiting.into_iter().map(|it| it.body).collect();
        bodies.retain(|body| accounts.contains(&body.account));
        // As when the mempool is loaded: what is refused may build on one that stands behind it. What is refused in the
        // end contradicts the tip, and is about to be dropped.
        let mut before = usize::MAX;
        while bodies.len() < before {
            before = bodies.len();
            for body in std::mem::take(&mut bodies) {
                may_go_on()?;
                if body.nonce != self.next_nonce(&body.account)? {
                    self.wait(body);
                } else if settled(self.apply(&body, false))?.is_err() {
                    bodies.push(body);
                }
            }
        }
        Ok(())
    }

    /// The nonce that follows on from the chain and from what is applied.
    fn next_nonce(&self, account: &AccountId) -> Result<Nonce, StoreError> {
        let account = self.overlay.account(account)?;
        Ok(account.map_or(Nonce::ZERO, |account| account.next_nonce))
    }

    fn wait(&mut self, body: TxBody) {
        let queue = self.queues.entry(body.account).or_default();
        queue.insert(body.nonce, Some(body));
    }

    /// Says what would become of a proposal. If it is good, and not judged alone, it is there for the next.
    fn propose(&mut self, proposal: Proposal) -> Result<Rehearsed, StoreError> {
        let (body, signed, alone) = match proposal {
            Proposal::Signed(transaction) => (transaction.body.clone(), Some(transaction), false),
            Proposal::Unsigned {
                account,
                nonce,
                action,
                alone,
            } => {
                let nonce = match nonce {
                    Some(nonce) => nonce,
                    None => self.next_nonce(&account)?,
                };
                let body = TxBody {
                    account,
                    nonce,
                    action,
                };
                (body, None, alone)
            }
        };
        let verdict = settled(self.verdict(&body, signed, alone))?;
        Ok(Rehearsed { body, verdict })
    }

    /// Gives the outcome of a body; if it is `alone`, it leaves no trace.
    fn verdict(&mut self, body: &TxBody, signed: Option<Transaction>, alone: bool) -> Outcome {
        let id = body.id();
        if self.snapshot.transaction(&id)?.is_some() {
            return Err(already_known(&id, "in a block").into());
        }
        if self.snapshot.pending_transaction(&id)?.is_some() {
            return Err(already_known(&id, "waiting").into());
        }
        let genesis = self.admission.genesis;
        let checked = match signed {
            Some(transaction) => transaction.check(genesis, self.pool).map(drop),
            None => body.check_form(genesis, self.pool).map(drop),
        };
        checked.map_err(Rejection::from)?;
        let queue = self.queues.get(&body.account);
        let queue = Queue {
            next: self.next_nonce(&body.account)?,
            is_taken: queue.is_some_and(|queue| queue.contains_key(&body.nonce)),
            waiting: queue.map_or(0, BTreeMap::len),
        };
        let ready = self.admission.is_ready(&body.account, body.nonce, queue)?;
        self.admission.late(&self.overlay, &body.action)?;
        self.looks.check(genesis, &self.overlay, body)?;
        if ready && alone {
            return self.effect(body, true);
        }
        if ready {
            return self.apply(body, true);
        }
        Admission::early(&self.overlay, &body.action)?;
        if !alone {
            self.wait(body.clone());
        }
        Ok(Effect::default())
    }

    /// Applies a body whose nonce is the next, and those that waited for it; `new` if it does not wait.
    fn apply(&mut self, body: &TxBody, new: bool) -> Outcome {
        let effect = self.apply_alone(body, new)?;
        loop {
            let next = self.next_nonce(&body.account)?;
            let queue = self.queues.entry(body.account).or_default();
            let Some(waited) = queue.remove(&next).flatten() else {
                return Ok(effect);
            };
            if settled(self.apply_alone(&waited, false))?.is_err() {
                return Ok(effect);
            }
        }
    }

    fn apply_alone(&mut self, body: &TxBody, new: bool) -> Outcome {
        let effect = self.effect(body, new)?;
        self.overlay.absorb(effect.delta.clone());
        self.looks.add(&body.action);
        let queue = self.queues.entry(body.account).or_default();
        queue.insert(body.nonce, None);
        Ok(effect)
    }

    /// Gives the effect that a body whose nonce is the next would have.
    fn effect(&self, body: &TxBody, new: bool) -> Outcome {
        let context = self.admission.context(&self.overlay, body)?;
        let ledger = if new {
            self.ledger.refusing_short_bets()
        } else {
            self.ledger
        };
        let (outcome, delta) = ledger.rehearse(&self.overlay, context, body)?;
        Ok(Effect {
            ready: true,
            void: outcome.void_bets,
            delta,
        })
    }
}
