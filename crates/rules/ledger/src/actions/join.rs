//! Enters the pool under a name. The first transaction of every account.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::run::{Applied, Run, fits},
    check::TxCheckError,
    fixture::MatchNo,
    genesis::{Genesis, Membership},
    hashes::PoolId,
    name::Name,
    reasons::{Reason, refusals},
    said::{Said, SaidValue},
    state::{Account, Accounts, Cause, Names, RecentJoins, StateView, Tickets, Vote},
    template::sentences,
    ticket::Invitation,
    units::{Chips, Nonce, UnixSeconds},
};

/// Enters the pool under a name. The first transaction of every account.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = JoinAction))]
pub struct Join {
    /// Unique in the pool.
    pub name: Name,
    /// The player's invitation, where the pool wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Box<Invitation>>,
}

refusals! {
    /// The action's own refusals.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    #[non_exhaustive]
    #[allow(missing_docs)]
    pub enum Refusal {
        #[error("the account {account} has already joined")]
        AlreadyJoined { account: AccountId } = Conflict "already-joined",
        #[error("the name `{name}` belongs to another player: choose another name")]
        NameTaken { name: Name } = Conflict "name-taken",
        #[error("the name `{name}` is kept for somebody who played under it in the pool before this one: join as that player, or choose another name")]
        NameKept { name: Name } = Conflict "name-kept",
        #[error("this pool is invitation-only: join with a link from an organiser")]
        InvitationNeeded = NotAllowed "invitation-needed",
        #[error("the invitation's signatures are not by its organiser and its ticket for this account")]
        BadInvitation = NotAllowed "bad-invitation",
        #[error("the ticket was not signed by an organiser of this pool: ask one for a link")]
        NotInvitedByOrganiser = NotAllowed "not-invited-by-organiser",
        #[error("the ticket expired at {expired} (unix seconds): ask an organiser for a new link")]
        TicketExpired { expired: UnixSeconds } = NotAllowed "ticket-expired",
        #[error(
            "the ticket was for {uses} players, who have all joined: ask an organiser for a new link"
        )]
        TicketUsedUp { uses: u32 } = NotAllowed "ticket-used-up",
        #[error("as many have joined as this pool takes in {window_s} seconds: try again {in_s} seconds from now")]
        TooManyJoins { window_s: u32, in_s: u64 } = Unfit "too-many-joins",
    }
}

impl Reason {
    /// Refusals of a joining that another name would do away with.
    pub const OF_NAMES: [Self; 3] = [Self::NameTaken, Self::NameKept, Self::MisleadingName];
}

sentences! {
    JOINS = "{who} joins the pool.";
}

impl Act for Join {
    const SIGNER: Signer = Signer::Player;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Newcomers;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = false;
    const CHANGES_STANDINGS: bool = true;

    fn is_known_to(_: &Genesis) -> bool {
        true
    }

    fn matches(&self) -> Vec<MatchNo> {
        Vec::new()
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Player(&self.name)
    }

    fn vote(&self) -> Option<Vote> {
        None
    }

    fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds> {
        let invitation = self
            .invitation
            .iter()
            .filter(|_| genesis.membership == Membership::Invite);
        invitation.map(|it| it.given.ticket.expires).collect()
    }

    fn check(&self, account: &AccountId, _: &Genesis, pool: PoolId) -> Result<(), TxCheckError> {
        // # Rule T6: a key of small order cannot join.
        if account.is_weak() {
            return Err(TxCheckError::WeakKey);
        }
        // # Rule J4: a ticket is signed by its organiser, and by its own key for the joining account.
        match &self.invitation {
            Some(invitation) if !invitation.is_signed_for(pool, account) => {
                Err(Refusal::BadInvitation.into())
            }
            Some(_) | None => Ok(()),
        }
    }

    fn says(&self, by: &AccountId) -> Said {
        let who = SaidValue::Player {
            player: *by,
            called: Some(self.name.clone()),
        };
        JOINS.with([("who", who)])
    }

    /// An account that is in the pool does not join again.
    fn apply<S: StateView>(&self, _: &mut Run<'_, S>, by: &mut By<'_>) -> Applied<Vec<MatchNo>, S> {
        Err(Refusal::AlreadyJoined { account: by.id }.into())
    }
}

impl<S: StateView> Run<'_, S> {
    /// Makes an account.
    pub(crate) fn join(&mut self, id: AccountId, joining: &Join) -> Applied<(), S> {
        let (name, invitation) = (&joining.name, joining.invitation.as_deref());
        let folded = name.folded();
        // # Rule J1: names are unique in the pool, compared by RFC 8266.
        if self.get::<Names>(&folded)?.is_some() {
            return Err(Refusal::NameTaken { name: name.clone() }.into());
        }
        // # Rule J9: under a name that is kept for an account no other one joins, whatever that one has done since.
        let next = self.genesis.rules.features.next.as_ref();
        if next.is_some_and(|it| it.keeps(&folded, &id)) {
            return Err(Refusal::NameKept { name: name.clone() }.into());
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
            self.put::<Tickets>(&invitation.given.ticket.key.0, &used)?;
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
        // # Rule J8: who is known from the pool before joins without a ticket. One that is given is neither asked nor counted.
        if self.genesis.knows(id) {
            return Ok(None);
        }
        let invitation = invitation.ok_or(Refusal::InvitationNeeded)?;
        if !self.is_organiser(&invitation.given.organiser)? {
            return Err(Refusal::NotInvitedByOrganiser.into());
        }
        let ticket = &invitation.given.ticket;
        // # Rule J3: a ticket is good before it expires, and for as many accounts as it says.
        if self.at.time >= ticket.expires {
            return Err(Refusal::TicketExpired {
                expired: ticket.expires,
            }
            .into());
        }
        let used = self.get::<Tickets>(&ticket.key.0)?.unwrap_or(0);
        if used >= ticket.uses {
            return Err(Refusal::TicketUsedUp { uses: ticket.uses }.into());
        }
        Ok(Some(fits(used.checked_add(1))?))
    }

    /// # Rule U2: in any `window_s` seconds of the pool's time at most `joins` accounts join.
    /// # Rule U3: organisers are not counted.
    fn within_joins(&mut self, id: &AccountId) -> Applied<(), S> {
        let Some(bounds) = self.genesis.bounds else {
            return Ok(());
        };
        if self.is_organiser(id)? {
            return Ok(());
        }
        let window_s = bounds.window_s;
        let recent = self.get_to_change::<RecentJoins>(&())?.unwrap_or_default();
        let recent = recent.with(self.at.time, 0, window_s);
        if recent.sums().0 > bounds.joins.into() {
            let in_s = self.until_eased(&recent, window_s);
            return Err(Refusal::TooManyJoins { window_s, in_s }.into());
        }
        self.put::<RecentJoins>(&(), &recent)
    }
}
