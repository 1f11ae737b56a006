//! The third validity: what a checked block or transaction does to a state.
//!
//! Each function checks everything before it changes anything, so that a refused transaction leaves the overlay as
//! it was and a mempool or template can go on with the next.

mod error;

pub use error::{ApplyError, RuleError};

use crate::{
    account::AccountId,
    action::{Action, Tip},
    check::{CheckedBlock, CheckedTransaction},
    delta::Delta,
    fixture::{Fixture, MatchNo},
    genesis::Genesis,
    hashes::TxId,
    name::Name,
    state::{Account, Bet, Match, Overlay, StateView, Totals},
    transaction::Transaction,
    units::{Chips, Height, Nonce, UnixSeconds},
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
    /// Tips that came after kick-off: they changed nothing and lock no stake.
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
        for fixture in &self.genesis.matches {
            overlay
                .set_match(Match::new(fixture.clone()))
                .map_err(ApplyError::State)?;
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
        let outcomes = block
            .transactions()
            .enumerate()
            .map(|(index, (id, transaction))| {
                self.apply(&mut overlay, context, id, transaction)
                    .map_err(|error| error.at(index))
            })
            .collect::<Result<_, _>>()?;
        Ok((overlay.into_delta(), outcomes))
    }

    /// Applies one transaction; an error leaves the overlay as it was.
    pub fn apply_transaction<S: StateView>(
        &self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        transaction: &CheckedTransaction,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        self.apply(overlay, context, transaction.id(), transaction.get())
    }

    fn apply<S: StateView>(
        self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        id: TxId,
        transaction: &Transaction,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        let body = &transaction.body;
        let account = overlay.account(&body.account).map_err(ApplyError::State)?;
        let totals = overlay.totals().map_err(ApplyError::State)?;
        let totals = Totals {
            transactions: totals
                .transactions
                .checked_add(1)
                .ok_or(RuleError::Overflow)?,
            ..totals
        };
        let wanted = account
            .as_ref()
            .map_or(Nonce::ZERO, |account| account.next_nonce);
        // # Rule T3: an account's nonces are consecutive from 0.
        if body.nonce != wanted && account.is_some() {
            return Err(RuleError::BadNonce {
                got: body.nonce,
                wanted,
            }
            .into());
        }
        match (&body.action, account) {
            (Action::Join { .. }, Some(_)) => Err(RuleError::AlreadyJoined {
                account: body.account,
            }
            .into()),
            (Action::Join { name }, None) => {
                if body.nonce != wanted {
                    return Err(RuleError::BadNonce {
                        got: body.nonce,
                        wanted,
                    }
                    .into());
                }
                self.join(overlay, context, body.account, name, totals)
            }
            // # Rule T4: an account's first transaction is a join.
            (_, None) => Err(RuleError::UnknownAccount {
                account: body.account,
            }
            .into()),
            (Action::Bet { tips }, Some(account)) => {
                bet(overlay, context, (id, body.account), account, tips, totals)
            }
            (Action::Schedule { fixture }, Some(account)) => {
                self.schedule(overlay, context, body.account, account, fixture, totals)
            }
        }
    }

    fn join<S: StateView>(
        self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        id: AccountId,
        name: &Name,
        totals: Totals,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        let folded = name.folded();
        // # Rule J1: names are unique in the pool, compared by RFC 8266.
        if overlay
            .name_owner(&folded)
            .map_err(ApplyError::State)?
            .is_some()
        {
            return Err(RuleError::NameTaken { name: name.clone() }.into());
        }
        // # Rule C1: chips are created by joining alone, `starting_chips` each.
        let chips = self.genesis.starting_chips;
        let totals = Totals {
            accounts: totals.accounts.checked_add(1).ok_or(RuleError::Overflow)?,
            chips_issued: totals
                .chips_issued
                .checked_add(chips.0)
                .ok_or(RuleError::Overflow)?,
            ..totals
        };
        let account = Account {
            name: name.clone(),
            next_nonce: Nonce(1),
            chips,
            joined: context.height,
        };
        overlay.set_name(folded, id).map_err(ApplyError::State)?;
        overlay
            .set_account(id, account)
            .map_err(ApplyError::State)?;
        overlay.set_totals(totals).map_err(ApplyError::State)?;
        Ok(TxOutcome::default())
    }

    fn schedule<S: StateView>(
        self,
        overlay: &mut Overlay<S>,
        context: BlockContext,
        id: AccountId,
        account: Account,
        fixture: &Fixture,
        totals: Totals,
    ) -> Result<TxOutcome, ApplyError<S::Error>> {
        // # Rule S1: only an organiser named in genesis schedules.
        if !self.genesis.organisers.contains(&id) {
            return Err(RuleError::NotAnOrganiser.into());
        }
        // # Rule S2: a kick-off is moved only to a time that lies ahead of the block.
        if let Some(kickoff) = fixture.kickoff.filter(|kickoff| *kickoff <= context.time) {
            return Err(RuleError::KickoffInThePast {
                kickoff,
                now: context.time,
            }
            .into());
        }
        let existing = overlay.match_by_no(fixture.no).map_err(ApplyError::State)?;
        let code = fixture.code.folded();
        let after = if let Some(existing) = existing {
            // # Rule S3: a number keeps its code for good, since tips name the number.
            if existing.fixture.code.folded() != code {
                return Err(RuleError::MatchNumberTaken {
                    no: fixture.no,
                    code: existing.fixture.code.to_string(),
                }
                .into());
            }
            // # Rule S4: a match that has kicked off is not changed any more.
            if !existing.is_open_at(context.time) {
                return Err(RuleError::MatchStarted {
                    code: fixture.code.to_string(),
                }
                .into());
            }
            Match {
                fixture: fixture.clone(),
                ..existing
            }
        } else {
            // # Rule S5: codes are unique without regard to case.
            if overlay
                .match_by_code(&code)
                .map_err(ApplyError::State)?
                .is_some()
            {
                return Err(RuleError::MatchCodeTaken {
                    code: fixture.code.to_string(),
                }
                .into());
            }
            // # Rule S6: at most `limits.matches` matches.
            let max = self.genesis.limits.matches;
            if overlay.match_count().map_err(ApplyError::State)? >= u64::from(max) {
                return Err(RuleError::TooManyMatches { max }.into());
            }
            Match::new(fixture.clone())
        };
        let account = bump_nonce(account)?;
        overlay.set_match(after).map_err(ApplyError::State)?;
        overlay
            .set_account(id, account)
            .map_err(ApplyError::State)?;
        overlay.set_totals(totals).map_err(ApplyError::State)?;
        Ok(TxOutcome::default())
    }
}

fn bump_nonce(account: Account) -> Result<Account, RuleError> {
    Ok(Account {
        next_nonce: account
            .next_nonce
            .checked_add(1)
            .ok_or(RuleError::Overflow)?,
        ..account
    })
}

fn bet<S: StateView>(
    overlay: &mut Overlay<S>,
    context: BlockContext,
    (tx, id): (TxId, AccountId),
    account: Account,
    tips: &[Tip],
    totals: Totals,
) -> Result<TxOutcome, ApplyError<S::Error>> {
    let mut account = bump_nonce(account)?;
    let mut totals = totals;
    let mut placed: Vec<(Match, Bet)> = Vec::with_capacity(tips.len());
    let mut void_tips = Vec::new();
    let (mut released, mut needed) = (Chips::ZERO, Chips::ZERO);
    for tip in tips {
        let mut game = overlay
            .match_by_no(tip.match_no)
            .map_err(ApplyError::State)?
            .ok_or(RuleError::UnknownMatch { no: tip.match_no })?;
        // # Rule D1: a tip counts only in a block whose time is before the kick-off; a later one is void, changes
        // # nothing and locks no stake.
        if !game.is_open_at(context.time) {
            void_tips.push(tip.match_no);
            continue;
        }
        // # Rule D2: a later bet by the same player on the same match replaces the earlier one.
        let replaced = overlay.bet(tip.match_no, &id).map_err(ApplyError::State)?;
        let freed = replaced.map_or(Chips::ZERO, |bet| bet.stake);
        released = released.checked_add(freed.0).ok_or(RuleError::Overflow)?;
        needed = needed.checked_add(tip.stake.0).ok_or(RuleError::Overflow)?;
        game.pot = game
            .pot
            .checked_sub(freed.0)
            .and_then(|pot| pot.checked_add(tip.stake.0))
            .ok_or(RuleError::Overflow)?;
        if replaced.is_none() {
            game.bets = game.bets.checked_add(1).ok_or(RuleError::Overflow)?;
            totals.bets = totals.bets.checked_add(1).ok_or(RuleError::Overflow)?;
        }
        placed.push((
            game,
            Bet {
                score: tip.score,
                stake: tip.stake,
                height: context.height,
                time: context.time,
                tx,
            },
        ));
    }
    let available = account
        .chips
        .checked_add(released.0)
        .ok_or(RuleError::Overflow)?;
    // # Rule C2: a player stakes no more than the chips at hand, those freed by replaced bets included.
    account.chips = available
        .checked_sub(needed.0)
        .ok_or(RuleError::NotEnoughChips { needed, available })?;
    for (game, bet) in placed {
        overlay
            .set_bet(game.fixture.no, id, bet)
            .map_err(ApplyError::State)?;
        overlay.set_match(game).map_err(ApplyError::State)?;
    }
    overlay
        .set_account(id, account)
        .map_err(ApplyError::State)?;
    overlay.set_totals(totals).map_err(ApplyError::State)?;
    Ok(TxOutcome { void_tips })
}
