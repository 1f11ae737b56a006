//! What the held keys sign.

use bolao_ledger::{Action, BetMode, Name, Nonce, OpenBet, Opening, encode, misleading};
use bolao_openings::Entropy;
use bolao_wallet::Draft;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::{
    invitation,
    keys::{Held, bytes},
    pool::Open,
    question::{DealSeals, DealtSeal, OwnSeal},
    refusal::Refusal,
};

/// Written otherwise than in the ledger's own fields, since keys are needed for it.
#[derive(Deserialize)]
struct Join {
    name: String,
    invitation: Option<String>,
}

/// The same.
#[derive(Deserialize)]
struct Seal {
    tips: Vec<OpenBet>,
}

/// Signs an act, and checks all that needs no state.
pub(crate) fn sign(held: &Held, open: &Open, nonce: Nonce, act: &Value) -> Result<Value, Refusal> {
    let unread = |error: serde_json::Error| Refusal::new("bad-act", error);
    let mut draft = Draft::new(held.account(), nonce);
    let text = act.to_string();
    let body = match act.get("type").and_then(Value::as_str) {
        Some("join") => {
            let join: Join = serde_json::from_str(&text).map_err(unread)?;
            let name = Name::new(&join.name).map_err(|error| Refusal::new("bad-name", error))?;
            if let Some(part) = misleading(&join.name) {
                let message = format!(
                    "others could take `{part}` in a name for more than a name: choose another"
                );
                return Err(Refusal::new("misleading-name", message));
            }
            let ticket = match join.invitation {
                Some(text) => invitation::whole(&text, open)?.ticket,
                None => None,
            };
            draft.enter(open.id, name, ticket.as_ref())
        }
        Some("bet") if open.genesis.rules.bets == BetMode::Sealed => {
            return Err(Refusal::new(
                "sealed-pool",
                "the bets of this pool are sealed: an open one would tell the score",
            ));
        }
        Some("seal") => {
            let seal: Seal = serde_json::from_str(&text).map_err(unread)?;
            draft.seal_bets(held.key(), open.id, &seal.tips)
        }
        _ => {
            let action: Action = serde_json::from_str(&text).map_err(unread)?;
            draft.body(action)
        }
    };
    let action = serde_json::to_value(&body.action).map_err(unread)?;
    let signed = held.key().sign(open.id, body);
    let transaction = hex::encode(encode(&signed));
    let checked = signed
        .check(&open.genesis, open.id)
        .map_err(|error| Refusal::rule(error.reason(), error))?;
    Ok(json!({
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
