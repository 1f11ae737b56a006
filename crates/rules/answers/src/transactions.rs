//! Transactions, as they are answered.

use bolao_ledger::{Action, Invitation, MatchNo, Opening, Transaction, TxId, actions, encode};

use crate::{
    Chain, Lookup,
    body::{
        ActionBody, BlockRef, InvitationBody, OpeningBody, PlaceState, SealBody, TipBody,
        TransactionBody, moment,
    },
    page::all,
};

impl TransactionBody {
    /// One in a block, or one that waits; `void`: the matches of its void bets.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        id: TxId,
        transaction: &Transaction,
        void: &[MatchNo],
        block: Option<BlockRef>,
    ) -> Result<Self, S::Error> {
        let state = match &block {
            Some(block) => lookup.state_at(block.at.height)?,
            None => PlaceState::Waiting,
        };
        Ok(Self {
            id: id.to_string(),
            player: lookup.player(&transaction.body.account)?,
            nonce: transaction.body.nonce.0,
            action: ActionBody::new(lookup, &transaction.body.action, void)?,
            signature: transaction.signature.to_string(),
            raw: hex::encode(encode(transaction)),
            block,
            state,
        })
    }
}

impl ActionBody {
    #[allow(clippy::too_many_lines, reason = "some lines for each action")]
    fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        action: &Action,
        void: &[MatchNo],
    ) -> Result<Self, S::Error> {
        Ok(match action {
            Action::Join(actions::Join { name, invitation }) => Self::Join {
                name: name.as_str().to_owned(),
                invitation: match invitation {
                    Some(invitation) => Some(InvitationBody::new(lookup, invitation)?),
                    None => None,
                },
            },
            Action::Bet(actions::Bet { bets: tips }) => Self::Bet {
                tips: each(tips, |tip| {
                    Ok(TipBody {
                        r#match: lookup.code(tip.match_no)?,
                        predicted: tip.prediction,
                        stake: tip.stake.0,
                        void: void.contains(&tip.match_no),
                    })
                })?,
            },
            Action::Seal(actions::Seal { bets: tips }) => Self::Seal {
                tips: each(tips, |tip| {
                    Ok(SealBody {
                        r#match: lookup.code(tip.match_no)?,
                        commitment: hex::encode(tip.commitment),
                        stake: tip.stake.0,
                        void: void.contains(&tip.match_no),
                    })
                })?,
            },
            Action::Open(actions::Open { openings }) => Self::Open {
                openings: opened(lookup, openings, void)?,
            },
            Action::OpenFor(actions::OpenFor { player, openings }) => Self::OpenFor {
                player: lookup.player(player)?,
                openings: opened(lookup, openings, void)?,
            },
            Action::Organiser(actions::Organiser { account, added }) => Self::Organiser {
                player: lookup.player(account)?,
                added: *added,
            },
            Action::Day(actions::Day { match_no, day }) => Self::Day {
                r#match: lookup.code(*match_no)?,
                day: day.map(Into::into),
            },
            Action::Schedule(actions::Schedule { fixture }) => Self::Schedule {
                fixture: fixture.into(),
            },
            Action::Result(actions::Result { match_no, outcome }) => Self::Result {
                r#match: lookup.code(*match_no)?,
                outcome: outcome.clone(),
            },
            Action::Transfer(actions::Transfer { to, chips }) => Self::Transfer {
                to: lookup.player(to)?,
                chips: chips.0,
            },
            Action::Object(actions::Object { match_no, text }) => Self::Object {
                r#match: lookup.code(*match_no)?,
                text: text.as_str().to_owned(),
            },
            Action::Stake(actions::Stake { chips }) => Self::Stake { chips: chips.0 },
            Action::Unstake(actions::Unstake { chips }) => Self::Unstake { chips: chips.0 },
            Action::Appoint(actions::Appoint { validator }) => {
                Self::Appoint(lookup.validator(validator)?)
            }
            Action::Evidence(actions::Evidence { proof }) => Self::Evidence {
                key: proof.key.to_string(),
                number: proof.first.0.height.0,
            },
            Action::Address(actions::Address { address }) => Self::Address {
                address: address.to_string(),
            },
            Action::Question(actions::Question { question }) => Self::Question {
                question: (&**question).into(),
            },
            Action::Offer(actions::Offer { key, .. }) => Self::Offer {
                key: key.to_string(),
            },
        })
    }
}

fn each<T, U, E>(items: &[T], one: impl FnMut(&T) -> Result<U, E>) -> Result<Vec<U>, E> {
    all(items.iter().map(one))
}

fn opened<S: Chain>(
    lookup: &mut Lookup<'_, S>,
    openings: &[Opening],
    void: &[MatchNo],
) -> Result<Vec<OpeningBody>, S::Error> {
    each(openings, |opening| {
        Ok(OpeningBody {
            r#match: lookup.code(opening.match_no)?,
            predicted: opening.prediction,
            salt: hex::encode(opening.salt),
            void: void.contains(&opening.match_no),
        })
    })
}

impl InvitationBody {
    /// The invitation that a player joined by.
    pub fn new<S: Chain>(
        lookup: &mut Lookup<'_, S>,
        invitation: &Invitation,
    ) -> Result<Self, S::Error> {
        Ok(Self {
            ticket: invitation.given.ticket.key.to_string(),
            uses: invitation.given.ticket.uses,
            expires: moment(invitation.given.ticket.expires),
            organiser: lookup.player(&invitation.given.organiser)?,
        })
    }
}
