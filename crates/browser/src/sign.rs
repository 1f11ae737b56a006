//! What the held keys sign.

use bolao_ledger::{
    AccountId, Action, BetMode, Chips, Day, Fixture, MatchNo, Name, Nonce, OpenBet, Opening,
    Outcome, Text, TxBody, Validator, ValidatorKey, encode, json::from_value, misleading,
};
use bolao_openings::Entropy;
use bolao_wallet::Draft;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    invitation,
    keys::{Held, bytes},
    object::object,
    pool::Open,
    question::{DealSeals, DealtSeal, OwnSeal},
    refusal::Refusal,
};

/// What the page signs: an action, but for `join` and `seal`, which keys are needed for.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Join {
        name: String,
        invitation: Option<String>,
    },
    Bet {
        tips: Vec<OpenBet>,
    },
    Seal {
        tips: Vec<OpenBet>,
    },
    Open {
        openings: Vec<Opening>,
    },
    OpenFor {
        player: AccountId,
        openings: Vec<Opening>,
    },
    Schedule {
        fixture: Fixture,
    },
    Day {
        match_no: MatchNo,
        day: Option<Day>,
    },
    Result {
        match_no: MatchNo,
        outcome: Outcome,
    },
    Object {
        match_no: MatchNo,
        text: Text<280>,
    },
    Transfer {
        to: AccountId,
        chips: Chips,
    },
    Stake {
        chips: Chips,
    },
    Unstake {
        chips: Chips,
    },
    Offer {
        key: ValidatorKey,
    },
    Appoint {
        validator: Validator,
    },
    Organiser {
        account: AccountId,
        added: bool,
    },
}

fn body(act: Act, held: &Held, open: &Open, mut draft: Draft) -> Result<TxBody, Refusal> {
    let action = match act {
        Act::Join { name, invitation } => {
            let checked = Name::new(&name).map_err(|error| Refusal::new("bad-name", error))?;
            if let Some(part) = misleading(&name) {
                let message = format!(
                    "others could take `{part}` in a name for more than a name: choose another"
                );
                return Err(Refusal::new("misleading-name", message));
            }
            let ticket = match invitation {
                Some(text) => invitation::whole(&text, open)?.ticket,
                None => None,
            };
            return Ok(draft.enter(open.id, checked, ticket.as_ref()));
        }
        Act::Bet { .. } if open.genesis.rules.bets == BetMode::Sealed => {
            return Err(Refusal::new(
                "sealed-pool",
                "the bets of this pool are sealed: an open one would tell the score",
            ));
        }
        Act::Seal { tips } => return Ok(draft.seal_bets(held.key(), open.id, &tips)),
        Act::Bet { tips } => Action::Bet { bets: tips },
        Act::Open { openings } => Action::Open { openings },
        Act::OpenFor { player, openings } => Action::OpenFor { player, openings },
        Act::Schedule { fixture } => Action::Schedule { fixture },
        Act::Day { match_no, day } => Action::Day { match_no, day },
        Act::Result { match_no, outcome } => Action::Result { match_no, outcome },
        Act::Object { match_no, text } => Action::Object { match_no, text },
        Act::Transfer { to, chips } => Action::Transfer { to, chips },
        Act::Stake { chips } => Action::Stake { chips },
        Act::Unstake { chips } => Action::Unstake { chips },
        Act::Offer { key } => Action::Offer { key },
        Act::Appoint { validator } => Action::Appoint { validator },
        Act::Organiser { account, added } => Action::Organiser { account, added },
    };
    Ok(draft.body(action))
}

/// Signs an act, and checks all that needs no state.
pub(crate) fn sign(held: &Held, open: &Open, nonce: Nonce, act: Value) -> Result<Value, Refusal> {
    let unread = |error| Refusal::new("bad-act", error);
    let act = from_value(act).map_err(unread)?;
    let body = body(act, held, open, Draft::new(held.account(), nonce))?;
    let action = json!(body.action);
    let signed = held.key().sign(open.id, body);
    let transaction = hex::encode(encode(&signed));
    let checked = signed
        .check(&open.genesis, open.id)
        .map_err(|error| Refusal::rule(error.reason(), error))?;
    Ok(object!({
        "id": checked.id(),
        "nonce": nonce,
        "transaction": transaction,
        "action": action,
    }))
}

/// What opens seals of the held keys.
pub(crate) fn openings(held: &Held, open: &Open, seals: &[OwnSeal]) -> Vec<Option<Opening>> {
    let opening = |seal: &OwnSeal| {
        held.key()
            .opening(open.id, seal.match_no, seal.nonce, &seal.commitment)
    };
    seals.iter().map(opening).collect()
}

/// Deals what opens seals of the held keys to keepers; none where a seal is another's.
pub(crate) fn deals(
    held: &Held,
    open: &Open,
    wanted: &DealSeals,
) -> Result<Vec<Option<String>>, Refusal> {
    if wanted.entropy.len() != wanted.seals.len() {
        return Err(Refusal::new(
            "bad-question",
            "wanted random bytes for each seal",
        ));
    }
    let deal = |(seal, entropy): (&DealtSeal, &Zeroizing<String>)| {
        let key = held.key();
        let opening = key.opening(open.id, seal.match_no, seal.nonce, &seal.commitment);
        let Some(opening) = opening else {
            return Ok(None);
        };
        let entropy = Entropy(*bytes::<32>(entropy)?);
        let deal = key.deal(open.id, &opening, seal.round, &wanted.keepers, &entropy);
        let deal = deal.map_err(|error| Refusal::new("not-dealt", error))?;
        Ok(Some(hex::encode(encode(&deal))))
    };
    wanted.seals.iter().zip(&wanted.entropy).map(deal).collect()
}
