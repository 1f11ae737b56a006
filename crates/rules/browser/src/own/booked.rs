//! The transactions of the chain, as a node lists them.

use bolao_ledger::{
    Action, BlockHash, Height, MatchNo, StateView as _, Transaction, TxId, UnixSeconds,
};
use serde_json::Value;

use super::{Own, View, all, fixture_row, whole};
use crate::{
    check::unreadable,
    object::{object, put},
};

/// A transaction with its place.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    pub(crate) id: TxId,
    pub(crate) transaction: Transaction,
    /// The matches of its void bets.
    pub(crate) void: Vec<MatchNo>,
    pub(crate) height: Height,
    pub(crate) hash: BlockHash,
    pub(crate) time: UnixSeconds,
    pub(crate) index: u32,
}

impl View<'_> {
    /// Every transaction, the last one first.
    pub(crate) fn transactions(&self) -> Own<Vec<Value>> {
        all(self.booked.iter().rev().map(|it| self.transaction(it)))
    }

    fn transaction(&self, booked: &Booked) -> Own<Value> {
        let body = &booked.transaction.body;
        let state = if booked.height <= self.decided {
            "final"
        } else {
            "in_block"
        };
        Ok(object!({
            "id": booked.id,
            "player": self.player(&body.account)?,
            "nonce": body.nonce,
            "action": self.action(&body.action, &booked.void)?,
            "state": state,
            "block": object!({
                "height": booked.height,
                "hash": booked.hash,
                "time": booked.time,
                "index": booked.index,
            }),
        }))
    }

    fn code(&self, no: MatchNo) -> Own<Value> {
        let game = self.state.match_by_no(no).map_err(unreadable)?;
        let code = game.map_or_else(|| no.to_string(), |it| it.fixture.code.to_string());
        Ok(object!({ "no": no, "code": code }))
    }

    #[allow(clippy::too_many_lines, reason = "some lines for each action")]
    fn action(&self, action: &Action, void: &[MatchNo]) -> Own<Value> {
        let mut row = match action {
            Action::Join { name, .. } => object!({ "name": name }),
            Action::Bet { bets } => {
                let tips = bets.iter().map(|bet| {
                    let no = bet.match_no;
                    Ok(object!({
                        "match": self.code(no)?,
                        "score": bet.score,
                        "stake": bet.stake,
                        "void": void.contains(&no),
                    }))
                });
                object!({ "tips": all(tips)? })
            }
            Action::Seal { bets } => {
                let tips = bets.iter().map(|bet| {
                    let no = bet.match_no;
                    Ok(object!({
                        "match": self.code(no)?,
                        "commitment": hex::encode(bet.commitment),
                        "stake": bet.stake,
                        "void": void.contains(&no),
                    }))
                });
                object!({ "tips": all(tips)? })
            }
            Action::Open { openings } | Action::OpenFor { openings, .. } => {
                let opened = openings.iter().map(|opening| {
                    let no = opening.match_no;
                    Ok(object!({
                        "match": self.code(no)?,
                        "score": opening.score,
                        "salt": hex::encode(opening.salt),
                        "void": void.contains(&no),
                    }))
                });
                object!({ "openings": all(opened)? })
            }
            Action::Schedule { fixture } => object!({ "fixture": fixture_row(fixture) }),
            Action::Result { match_no, outcome } => {
                object!({ "match": self.code(*match_no)?, "outcome": whole(outcome) })
            }
            Action::Day { match_no, day } => {
                object!({ "match": self.code(*match_no)?, "day": day })
            }
            Action::Transfer { to, chips } => {
                object!({ "to": self.player(to)?, "chips": chips })
            }
            Action::Object { match_no, text } => {
                object!({ "match": self.code(*match_no)?, "text": text })
            }
            Action::Stake { chips } | Action::Unstake { chips } => object!({ "chips": chips }),
            Action::Appoint { validator } => object!({
                "validator": self.player(&validator.account)?,
                "key": validator.key,
                "weight": validator.weight,
            }),
            Action::Evidence { proof } => {
                object!({ "key": proof.key, "number": proof.first.0.height })
            }
            Action::Organiser { account, added } => {
                object!({ "player": self.player(account)?, "added": added })
            }
            Action::Address { address } => object!({ "address": address }),
            Action::Offer { key, .. } => object!({ "key": key }),
        };
        if let Value::Object(row) = &mut row {
            put(row, "type", action.kind().name());
            if let Action::OpenFor { player, .. } = action {
                put(row, "player", &self.player(player)?);
            }
        }
        Ok(row)
    }
}
