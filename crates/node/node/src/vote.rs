//! Whether this home's node votes, which is decided once, when it starts.
//!
//! Whoever signs two things for one block is guilty for ever, so a home votes only if it knows all that its key has signed. Three
//! witnesses tell: the home's files, the account of its wallet, and the chain.
//!
//! | file | says | written by |
//! |---|---|---|
//! | `validator.key` | the key | whoever makes the pool; else the home, on first use ([`Home::voting_key`]); a backup; the wallet's words |
//! | `validator.used` | the key has a part in blocks, up to this final one | [`of`] at the start, then [`crate::home::Keeps`] before a final block is told |
//! | `validator.waits` | the home does not know what the key signed ([`Wait`](crate::home::Wait)) | whoever brings that about, below |
//! | `chain.had` | the height that a damaged chain had | repair, [`of`] where the chain is gone, and [`crate::services::hearing`] |
//!
//! The mark `validator.waits` has three steps: it *waits*; its owner *allows* the vote (`bolao validators resume`); it is *over*.
//! It is there before the key or the chain that makes it needed: restoring a backup writes it first of all
//! ([`crate::home::Restoring`]), bringing the key back from the words and repairing a store
//! ([`crate::recover::repair`]) too; [`of`] writes it where a home shows that it has lost its log of votes ([`forgotten`]); and
//! [`crate::services::hearing`] where a page shows that.
//!
//! In this order at a start:
//! 1. A pool without votes: there is nothing to decide.
//! 2. A mark that is over goes, once the chain has a final block: what the chain lacks below it, its owner has given up.
//! 3. A key without a mark is marked where its home has forgotten something.
//! 4. With a mark, the node follows; [`crate::services::waiting`] finds out when the mark is over, and the node starts again.
//! 5. Without a key, and with an account that has a vote or had one, it follows: no other key is made.
//! 6. Else it votes, with a new key if there was none.

use bolao_chain::VotingKey;
use bolao_ledger::{
    AccountId, BlockProof, Genesis, Height, StateView as _, ValidatorKey, ValidatorSet,
    table::Offers,
};
use bolao_store::{Reader, StoreError};
use bolao_wallet::WalletFile;

use crate::{
    error::StartError,
    home::{Home, WaitCause},
};

/// The vote of a node whose pool has votes.
pub(crate) enum Vote {
    /// With this key, whose public half others know it by.
    With(Box<VotingKey>, ValidatorKey),
    /// Not with this key yet ([`crate::services::waiting`]).
    Later(ValidatorKey),
    /// Not in this run: there is no key that is known to be its own.
    Never,
}

/// Decides it; none where the pool has no votes.
pub(crate) fn of(
    home: &Home,
    wallet: &WalletFile,
    reader: &Reader,
) -> Result<Option<Vote>, StartError> {
    if reader.genesis().consensus.voting().is_none() {
        return Ok(None);
    }
    let account = wallet.player().account();
    let own = home.validator_key_there()?;
    let last = reader.snapshot()?.last_final()?.map(|last| last.height);
    if let Some(last) = last
        && home.is_marked()?
        && home.wait()?.is_none()
    {
        // What the chain lacks its owner has given up.
        home.set_voted(last)?;
        home.forget_wait()?;
    }
    let votes = votes(reader, account, own)?;
    if own.is_some()
        && !home.is_marked()?
        && let Some((cause, up_to)) = forgotten(home, reader, last, votes.others)?
    {
        home.set_wait(cause, up_to)?;
        up_to.map(|height| home.set_had(height)).transpose()?;
    }
    let problem = home.key_problem(votes.of_account, votes.others)?;
    if let Some(problem) = &problem {
        tracing::warn!("{problem}");
    }
    let waits = home.wait()?.is_some();
    match own {
        Some(own) if waits => return Ok(Some(Vote::Later(own))),
        None if waits || problem.is_some() => return Ok(Some(Vote::Never)),
        _ => {}
    }
    let key = home.voting_key()?;
    if let Some(last) = last.filter(|_| votes.own) {
        home.set_voted(last)?;
    }
    let voting = Box::new(VotingKey { account, key });
    Ok(Some(Vote::With(voting, home.validator_key()?)))
}

/// Why a home with a key does not know what the key signed, if it does not, and up to which block. With its chain it has lost the log
/// of its votes. Whoever joins by another's node with the key of a validator that decides alone has it from a home elsewhere.
fn forgotten(
    home: &Home,
    reader: &Reader,
    last: Option<Height>,
    others: usize,
) -> Result<Option<(WaitCause, Option<Height>)>, StartError> {
    let genesis = reader.genesis();
    let voted = home.voted_up_to()?;
    let up_to = voted.filter(|voted| *voted > Height::ZERO);
    if let Some(last) = last {
        // Where each block needs its certificate, a power cut takes one at most from who decides alone, and leaves what it signed of
        // that. Where blocks are mined, one that it made final may be many above the one before.
        let decides = others == 0 && genesis.proof() == BlockProof::Certificate;
        let log = reader.snapshot()?.vote_log()?;
        let next = last.next();
        let is_there = log.is_some_and(|log| log.height == next && !log.entries.is_empty());
        let known = if is_there { next } else { last };
        let lost = up_to.filter(|voted| decides && *voted > known);
        return Ok(lost.map(|lost| (WaitCause::Damage, Some(lost))));
    }
    if voted.is_some() {
        return Ok(Some((WaitCause::NoChain, up_to)));
    }
    let joined = !home.registered()?.is_empty() && decides_alone(home, genesis)?;
    Ok(joined.then_some((WaitCause::Joined, None)))
}

/// The votes after the last final block, as far as they concern a home.
pub(crate) struct Votes {
    /// Whether the home's key does.
    pub(crate) own: bool,
    /// The key that the home's account votes with, or else offered last.
    of_account: Option<ValidatorKey>,
    /// The number of the other validators.
    pub(crate) others: usize,
}

pub(crate) fn votes(
    reader: &Reader,
    account: AccountId,
    own: Option<ValidatorKey>,
) -> Result<Votes, StoreError> {
    let snapshot = reader.snapshot()?;
    let last = snapshot.held_final()?;
    let set = snapshot.validator_set_after(last.map_or(Height::ZERO, |last| last.height))?;
    let all = set
        .as_ref()
        .map(ValidatorSet::validators)
        .unwrap_or_default();
    let own = own.filter(|own| all.iter().any(|one| one.key == *own));
    let of_account = all.iter().find(|one| one.account == account);
    let of_account = own.or(of_account.map(|one| one.key));
    let others = all.iter().filter(|one| Some(one.key) != of_account);
    Ok(Votes {
        own: own.is_some(),
        others: others.count(),
        of_account: match of_account {
            Some(key) => Some(key),
            None => snapshot.get::<Offers>(&account)?,
        },
    })
}

/// Whether a home's key alone decides the pool's first blocks.
fn decides_alone(home: &Home, genesis: &Genesis) -> Result<bool, StartError> {
    let key = home.validator_key()?;
    let voting = genesis.consensus.voting();
    let set = voting.and_then(|it| ValidatorSet::new(it.validators.iter().copied()).ok());
    Ok(set.is_some_and(|set| set.get(&key).is_some_and(|own| set.is_quorum(own.weight))))
}
