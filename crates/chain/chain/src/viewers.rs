//! Who may look at a pool that shows itself only to players.

use bolao_ledger::{
    AccountId, Action, Genesis, Membership, StateView as _, UnixSeconds,
    table::{Accounts, Tickets},
    ticket_bytes, verify,
};
use bolao_store::{Snapshot, StoreError};

use crate::wire::TicketProof;

/// Accounts that are read at once.
const AT_ONCE: usize = 256;

/// Whether an account may look.
///
/// # Rule Y1: if it has joined, organises or validates, is known from the pool before, or if its `Join` waits in the mempool and was
/// # tried.
pub fn may_look(
    snapshot: &Snapshot,
    genesis: &Genesis,
    account: &AccountId,
) -> Result<bool, StoreError> {
    let has_joined = snapshot.account(account)?.is_some();
    if has_joined || genesis.knows(account) || in_charge(snapshot, genesis)?.contains(account) {
        return Ok(true);
    }
    waits_to_join(snapshot, account)
}

/// Whether any account that may look is the wanted one.
pub fn finds_viewer(
    snapshot: &Snapshot,
    genesis: &Genesis,
    is_wanted: impl Fn(&AccountId) -> bool,
) -> Result<bool, StoreError> {
    if in_charge(snapshot, genesis)?.iter().any(&is_wanted) {
        return Ok(true);
    }
    let mut after = None;
    loop {
        let accounts = snapshot.scan::<Accounts>(&(), after.as_ref(), AT_ONCE)?;
        if accounts.iter().any(|(account, _)| is_wanted(account)) {
            return Ok(true);
        }
        after = accounts.last().map(|(account, _)| *account);
        if accounts.len() < AT_ONCE {
            break;
        }
    }
    for known in genesis.rules.features.next.iter().flat_map(|it| &it.known) {
        // Who has joined was among those above.
        if snapshot.account(&known.account)?.is_none() && is_wanted(&known.account) {
            return Ok(true);
        }
    }
    for transaction in snapshot.pending()? {
        let account = transaction.body.account;
        let joins = matches!(transaction.body.action, Action::Join(_));
        if joins && is_wanted(&account) && waits_to_join(snapshot, &account)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an invitation lets somebody in now. That its ticket's key has signed is for the caller to check.
///
/// # Rule Y2: as long as J2 and J3 let somebody join with its ticket, by the pool's time and by the node's clock.
pub fn is_invited(
    snapshot: &Snapshot,
    genesis: &Genesis,
    invited: &TicketProof,
    now: UnixSeconds,
) -> Result<bool, StoreError> {
    let ticket = &invited.ticket;
    let used = snapshot.get::<Tickets>(&ticket.key.0)?.unwrap_or(0);
    let time = now.max(snapshot.totals()?.clock);
    if genesis.membership != Membership::Invite || ticket.expires <= time || used >= ticket.uses {
        return Ok(false);
    }
    let signed = ticket_bytes(genesis.pool_id(), ticket);
    let organisers = snapshot.organisers(genesis)?;
    Ok(organisers
        .iter()
        .any(|organiser| verify(organiser, &invited.organiser_signature, &signed)))
}

fn in_charge(snapshot: &Snapshot, genesis: &Genesis) -> Result<Vec<AccountId>, StoreError> {
    let mut all = snapshot.organisers(genesis)?;
    let validators = snapshot.validators_after(snapshot.tip()?.height)?;
    all.extend(validators.iter().map(|validator| validator.account));
    Ok(all)
}

fn waits_to_join(snapshot: &Snapshot, account: &AccountId) -> Result<bool, StoreError> {
    let waiting = snapshot.ready_of(account)?;
    Ok(waiting
        .iter()
        .any(|it| matches!(it.body.action, Action::Join(_))))
}
