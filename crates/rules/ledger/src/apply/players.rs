//! Joining, giving chips, objecting.

use super::{
    RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    genesis::Membership,
    name::Name,
    state::{Account, Accounts, Cause, Names, Objection, Objections, Results, StateView, Tickets},
    text::Text,
    ticket::Invitation,
    units::{Chips, Nonce},
};

impl<S: StateView> Run<'_, S> {
    pub(super) fn join(
        &mut self,
        id: AccountId,
        name: &Name,
        invitation: Option<&Invitation>,
    ) -> Applied<(), S> {
        let folded = name.folded();
        // # Rule J1: names are unique in the pool, compared by RFC 8266.
        if self.get::<Names>(&folded)?.is_some() {
            return Err(RuleError::NameTaken { name: name.clone() }.into());
        }
        let used = self.admit(&id, invitation)?;
        self.within_joins(&id)?;
        let mut account = Account {
            name: name.clone(),
            next_nonce: Nonce(1),
            chips: Chips::ZERO,
            joined: self.at.height,
            history: 0,
        };
        let chips = self.genesis.starting_chips;
        let totals = &mut self.totals;
        totals.accounts = fits(totals.accounts.checked_add(1))?;
        // # Rule C1: chips are created by joining alone, `starting_chips` each.
        totals.chips_issued = fits(totals.chips_issued.checked_add(chips.0))?;
        if let (Some(invitation), Some(used)) = (invitation, used) {
            self.put::<Tickets>(&invitation.ticket.key.0, &used)?;
        }
        self.credit(&id, &mut account, chips, Cause::Joined)?;
        self.put::<Names>(&folded, &id)?;
        self.put::<Accounts>(&id, &account)
    }

    /// Checks the invitation of a new account; gives the uses of its ticket, this join included, or `None` where none is wanted.
    fn admit(&self, id: &AccountId, invitation: Option<&Invitation>) -> Applied<Option<u32>, S> {
        // # Rule J2: in a pool by invitation, whoever is no organiser joins with a ticket that an organiser signed.
        if self.genesis.membership == Membership::Open || self.is_organiser(id)? {
            return Ok(None);
        }
        let invitation = invitation.ok_or(RuleError::InvitationNeeded)?;
        if !self.is_organiser(&invitation.organiser)? {
            return Err(RuleError::NotInvitedByOrganiser.into());
        }
        let ticket = &invitation.ticket;
        // # Rule J3: a ticket is good before it expires, and for as many accounts as it says.
        if self.at.time >= ticket.expires {
            return Err(RuleError::TicketExpired {
                expired: ticket.expires,
            }
            .into());
        }
        let used = self.get::<Tickets>(&ticket.key.0)?.unwrap_or(0);
        if used >= ticket.uses {
            return Err(RuleError::TicketUsedUp { uses: ticket.uses }.into());
        }
        Ok(Some(fits(used.checked_add(1))?))
    }

    pub(super) fn transfer(
        &mut self,
        id: AccountId,
        account: &mut Account,
        to: AccountId,
        chips: Chips,
    ) -> Applied<(), S> {
        // # Rule C4: chips are given to another account that has joined, at least one of them.
        if to == id || chips == Chips::ZERO {
            return Err(RuleError::EmptyTransfer.into());
        }
        let mut receiver = self
            .get::<Accounts>(&to)?
            .ok_or(RuleError::UnknownReceiver { account: to })?;
        self.debit(&id, account, chips, Cause::Sent(to))?;
        self.credit(&to, &mut receiver, chips, Cause::Received(id))?;
        self.put::<Accounts>(&to, &receiver)
    }

    pub(super) fn object(
        &mut self,
        id: AccountId,
        match_no: MatchNo,
        text: &Text<280>,
    ) -> Applied<(), S> {
        let item = self.signed_item(match_no)?;
        let code = || item.code.to_string();
        let mut result = self
            .get::<Results>(&match_no)?
            .ok_or_else(|| RuleError::NoResult { code: code() })?;
        // # Rule R6: until a record is final, every player may object to it once.
        if result.is_settled() {
            return Err(RuleError::ResultFinal { code: code() }.into());
        }
        let key = (match_no, result.version, id);
        if self.get::<Objections>(&key)?.is_some() {
            return Err(RuleError::ObjectedAlready { code: code() }.into());
        }
        result.objections = fits(result.objections.checked_add(1))?;
        let objection = Objection {
            text: text.clone(),
            height: self.at.height,
            time: self.at.time,
        };
        self.put::<Objections>(&key, &objection)?;
        self.put::<Results>(&match_no, &result)
    }
}
