//! Players, and how they joined.

use bolao_ledger::{
    Account, AccountId, Action, Height, Invitation, PlayerFeatures, actions,
    table::{Accounts, Offers, Paid, Stakes},
};

use super::{Answer, Asked, Query, Refused, player};
use crate::{
    Chain, Scope,
    body::{OfferBody, Page, PlayerBody, PlayerPage, PlayerRef, TallyBody, moment},
    page::Paging,
};

/// The invitations by which players joined in the blocks that were looked at.
#[derive(Default)]
struct Joins {
    read: Vec<Height>,
    invited: Vec<(AccountId, Box<Invitation>)>,
}

impl<C: Chain> Asked<'_, C> {
    pub(super) fn players(&self, query: &Query) -> Answer<Page<PlayerBody>, C> {
        let page: Paging<AccountId> = query.page()?;
        let mut joins = Joins::default();
        let accounts = self
            .chain
            .scan::<Accounts>(&(), page.after.as_ref(), page.wanted())?;
        page.page(accounts, |(id, _)| *id)
            .map(|(id, account)| Ok(self.listed(&mut joins, id, &account)?))
    }

    pub(super) fn player(&self, who: &str) -> Answer<PlayerPage, C> {
        let (chain, (id, account)) = (self.chain, player(self.chain, who)?);
        let table = (self.table)(Scope::Pool)?;
        let place = table.places.iter().find(|place| place.account == id);
        // Everybody who has joined is in it.
        let place = place.ok_or_else(|| Refused::NotFound(format!("{id} is in no table")))?;
        let (mut bets, mut staked) = (0, 0_u64);
        // Genesis bounds how many matches there are.
        for no in chain.matches_of(&id, None, usize::MAX)? {
            let Some(bet) = chain.bet(no, &id)? else {
                continue;
            };
            bets += 1;
            let paid = bet.stake.0 == 0 || chain.result(no)?.is_some_and(|it| it.is_settled());
            staked = staked.saturating_add(if paid { 0 } else { bet.stake.0 });
        }
        Ok(PlayerPage {
            player: self.listed(&mut Joins::default(), id, &account)?,
            standing: TallyBody::new(&table, place),
            players: table.places.len(),
            provisional: table.provisional,
            bets,
            staked,
            offer: self.offer(&id)?,
        })
    }

    pub(super) fn own_features(&self, who: &str) -> Answer<PlayerFeatures, C> {
        let (id, _) = player(self.chain, who)?;
        let rules = &self.genesis.rules;
        Ok(rules.features.of_player(self.chain, rules, &id)?)
    }

    fn listed(
        &self,
        joins: &mut Joins,
        id: AccountId,
        account: &Account,
    ) -> Result<PlayerBody, C::Error> {
        if !joins.read.contains(&account.joined) {
            joins.read.push(account.joined);
            for (transaction, _) in self.chain.transactions_at(account.joined)? {
                if let Action::Join(actions::Join {
                    invitation: Some(invitation),
                    ..
                }) = transaction.body.action
                {
                    joins.invited.push((transaction.body.account, invitation));
                }
            }
        }
        let invitation = joins.invited.iter().find(|(of, _)| *of == id);
        let invitation = invitation.map(|(_, it)| &**it);
        Ok(PlayerBody {
            account: id,
            entry: account.clone(),
            invitation: invitation.map(|it| (*it).into()),
            paid_to: self.paid_to(&id)?,
        })
    }

    fn paid_to(&self, id: &AccountId) -> Result<Option<PlayerRef>, C::Error> {
        let noted = self.chain.get::<Paid>(id)?;
        noted.map(|by| self.names().player(&by)).transpose()
    }

    /// The vote of a player, or the offer of one.
    fn offer(&self, id: &AccountId) -> Result<Option<OfferBody>, C::Error> {
        let Some(key) = self.chain.get::<Offers>(id)? else {
            return Ok(None);
        };
        let staked = self.chain.get::<Stakes>(id)?.unwrap_or_default();
        let waits = staked.waiting.0 > 0;
        Ok(Some(OfferBody {
            key,
            staked: staked.chips.0,
            waiting: staked.waiting.0,
            free_at: waits.then(|| moment(staked.free_at)),
        }))
    }
}
