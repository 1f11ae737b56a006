//! Chips: for another player, or as a vote on blocks.

use bolao_answers::{Chain, body::ChangeBody, player};
use bolao_ledger::{Action, Chips, Reason, actions};
use bolao_rulebook::{Said, SaidValue};

use super::{Foreseen, Outlook, Unmet, Wisher, said};

const GIVES: &str = "{chips, plural, one {# chip} other {# chips}} for {player}.";
const GIVES_AND_LEAVES: &str =
    "{chips, plural, one {# chip} other {# chips}} for {player}. That leaves you {left, number}.";
const STAKES: &str = "{chips, plural, one {# chip is} other {# chips are}} your vote from the next block on. `bolao unstake` gives \
                      {chips, plural, one {it} other {them}} back after {wait}; voting twice costs {percent, number} % of \
                      {chips, plural, one {it} other {them}}, so run your node on one machine only.";
const UNSTAKES: &str = "{chips, plural, one {# chip stops} other {# chips stop}} counting as votes from the next block on, and \
                        {chips, plural, one {is} other {are}} yours again {wait} after it.";

/// The refusal to stake where organisers say who votes.
const APPOINTED: &str = "chips are not votes in this pool: organisers appoint validators, with `bolao validators appoint NAME`";
/// The refusal where nobody votes.
pub(super) const MINED: &str =
    "this pool has no validators: miners make the blocks, and `bolao rules` explains how";

/// The refusal of somebody who has no key in the chain.
const NOT_OFFERED: &str = "you have not offered to vote yet: your node does that automatically a moment after it has joined, or do it \
                           now with `bolao validators offer`";

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    pub(super) fn give(&self, to: &str, chips: Chips) -> Outlook<E> {
        let (account, receiver) = player(self.asked.chain, to)?;
        let action = Action::Transfer(actions::Transfer { to: account, chips });
        let left = self.tried(std::slice::from_ref(&action)).map_err(|unmet| {
            unmet.explained(|reason, text| match reason {
                Reason::EmptyTransfer if account == self.account => {
                    *text = format!("`{to}` is you: {text}");
                }
                Reason::NotEnoughChips => text.push_str("; stakes in pots are not available"),
                _ => {}
            })
        })?;
        let template = left.map_or(GIVES, |_| GIVES_AND_LEAVES);
        let mut gives = said(
            template,
            [
                ("chips", chips.0.into()),
                ("player", receiver.name.as_str().into()),
            ],
        );
        if let Some(left) = left {
            gives.values.insert("left".to_owned(), left.0.into());
        }
        Ok(Foreseen {
            actions: vec![action],
            says: vec![gives],
            ..Foreseen::default()
        })
    }

    pub(super) fn stake(&self, chips: Chips) -> Outlook<E> {
        let (wait, cut_percent) = self.terms()?;
        let action = Action::Stake(actions::Stake { chips });
        let values = [
            ("chips", chips.0.into()),
            ("wait", wait),
            ("percent", cut_percent.into()),
        ];
        self.vote(action, said(STAKES, values))
    }

    pub(super) fn unstake(&self, chips: Chips) -> Outlook<E> {
        let (wait, _) = self.terms()?;
        let action = Action::Unstake(actions::Unstake { chips });
        let values = [("chips", chips.0.into()), ("wait", wait)];
        self.vote(action, said(UNSTAKES, values))
    }

    /// The time until staked chips are free again, and the part of them that voting twice costs.
    fn terms(&self) -> Result<(SaidValue, u8), Unmet<E>> {
        match self.voters()?.change {
            Some(ChangeBody::Stake {
                wait_s,
                cut_percent,
            }) => Ok((SaidValue::Seconds { seconds: wait_s }, cut_percent)),
            Some(ChangeBody::Appointed { .. }) => Err(Unmet::Impossible(APPOINTED.to_owned())),
            None => Err(Unmet::Impossible(MINED.to_owned())),
        }
    }

    fn vote(&self, action: Action, effect: Said) -> Outlook<E> {
        let actions = vec![action];
        self.tried(&actions).map_err(|unmet| {
            unmet.explained(|reason, text| {
                if reason == Reason::NotOffered {
                    NOT_OFFERED.clone_into(text);
                }
            })
        })?;
        Ok(Foreseen {
            actions,
            says: vec![effect],
            ..Foreseen::default()
        })
    }
}
