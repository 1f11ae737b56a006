//! What the held keys sign.

use bolao_ledger::{
    Action, BetMode, Name, Nonce, OpenBet, Opening, TxBody, UnixSeconds, ValidatorKey, encode,
    misleading,
};
use bolao_openings::Entropy;
use bolao_wallet::{Draft, PushAddress};
use serde_json::{Value, json};

use crate::{
    invitation, keys::Held, object::object, pool::Open, question::Asked, refusal::Refusal,
};

/// A name that nobody takes for more than a name.
fn honest(name: &str) -> Result<Name, Refusal> {
    let checked = Name::new(name).map_err(|error| Refusal::new("bad-name", error))?;
    match misleading(name) {
        None => Ok(checked),
        Some(part) => Err(Refusal::new(
            "misleading-name",
            format_args!("`{part}` in a name could mislead others: choose another name"),
        )),
    }
}

/// The body that an act makes: an action, but for `join` and `seal`, which keys are needed for.
fn body(mut act: Asked, held: &Held, open: &Open, mut draft: Draft) -> Result<TxBody, Refusal> {
    let action = match act.name.as_str() {
        "join" => {
            let name = honest(&act.take::<String>("name")?)?;
            let ticket = match act.take::<Option<String>>("invitation")? {
                Some(text) => invitation::whole(&text, open)?.ticket,
                None => None,
            };
            return Ok(draft.enter(open.id, name, ticket.as_ref()));
        }
        "bet" if open.genesis.rules.bets == BetMode::Sealed => {
            return Err(Refusal::new(
                "sealed-pool",
                "the bets of this pool are sealed: an open one would tell the score",
            ));
        }
        "seal" => {
            let tips: Vec<OpenBet> = act.take("tips")?;
            return Ok(draft.seal_bets(held.key(), open.id, &tips));
        }
        "bet" => Action::Bet {
            bets: act.take("tips")?,
        },
        "open" => Action::Open {
            openings: act.take("openings")?,
        },
        "schedule" => Action::Schedule {
            fixture: act.take("fixture")?,
        },
        "day" => Action::Day {
            match_no: act.take("match_no")?,
            day: act.take("day")?,
        },
        "result" => Action::Result {
            match_no: act.take("match_no")?,
            outcome: act.take("outcome")?,
        },
        "object" => Action::Object {
            match_no: act.take("match_no")?,
            text: act.take("text")?,
        },
        "appoint" => Action::Appoint {
            validator: act.take("validator")?,
        },
        "organiser" => Action::Organiser {
            account: act.take("account")?,
            added: act.take("added")?,
        },
        "address" => Action::Address {
            address: act.take("address")?,
        },
        _ => return Err(act.unknown()),
    };
    Ok(draft.body(action))
}

/// Signs an act, and checks all that needs no state.
pub(crate) fn sign(held: &Held, open: &Open, asked: &mut Asked) -> Result<Value, Refusal> {
    let nonce: Nonce = asked.take("nonce")?;
    let act = Asked::of(asked.value("act"), "bad-act");
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

/// The opening of a seal of the held keys, in the chain or in what waits; nothing where the seal is another's. `nonce` is that of the
/// transaction that sealed.
pub(crate) fn opening(
    held: &Held,
    open: &Open,
    asked: &mut Asked,
) -> Result<Option<Opening>, Refusal> {
    let (match_no, nonce) = (asked.take("match_no")?, asked.take("nonce")?);
    let commitment = asked.bytes("commitment")?;
    Ok(held.key().opening(open.id, match_no, nonce, &commitment))
}

/// Deals what opens a seal of the held keys to keepers. `round` says which deal of it this is: the node's `next_round`.
pub(crate) fn deal(held: &Held, open: &Open, asked: &mut Asked) -> Result<Value, Refusal> {
    let Some(opening) = opening(held, open, asked)? else {
        return Ok(Value::Null);
    };
    let (round, entropy) = (asked.take("round")?, Entropy(*asked.bytes("entropy")?));
    let keepers: Vec<ValidatorKey> = asked.take("keepers")?;
    let deal = held
        .key()
        .deal(open.id, &opening, round, &keepers, &entropy);
    let deal = deal.map_err(|error| Refusal::new("not-dealt", error))?;
    Ok(hex::encode(encode(&deal)).into())
}

/// Signs that the held keys' player is to be told of news at a browser's address.
pub(crate) fn subscribe(held: &Held, open: &Open, asked: &mut Asked) -> Result<Value, Refusal> {
    let address: PushAddress = asked.take("subscription")?;
    Ok(json!(held.key().subscribe(open.id, &address)))
}

/// Signs what an organiser tells a node, such as `live PtCh 1-0 63`, at a time in seconds.
pub(crate) fn say(held: &Held, open: &Open, asked: &mut Asked) -> Result<Value, Refusal> {
    let text: String = asked.take("text")?;
    let at = UnixSeconds(asked.take("at")?);
    Ok(json!(held.key().say(&text, open.id, at)))
}
