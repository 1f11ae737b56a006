//! What the held keys sign.

use bolao_ledger::{Action, Name, Nonce, OpenBet, Opening, UnixSeconds, encode};
use bolao_wallet::{Draft, HeldTicket, Invite, Key, NamedBlock};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    keys::{Held, bytes},
    pool::Open,
    question::{OwnSeal, Place},
    refusal::Refusal,
};

/// What is written otherwise than in the ledger's own fields, since keys are needed for it.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum ByKeys {
    Join {
        name: String,
        invitation: Option<String>,
    },
    Seal {
        tips: Vec<OpenBet>,
    },
}

/// Signs an act, and checks all that needs no state.
pub(crate) fn sign(held: &Held, open: &Open, nonce: Nonce, act: Value) -> Result<Value, Refusal> {
    let unread = |error: serde_json::Error| Refusal::new("bad-act", error);
    let mut draft = Draft::new(held.account(), nonce);
    let by_keys = matches!(
        act.get("type").and_then(Value::as_str),
        Some("join" | "seal")
    );
    let body = if by_keys {
        match serde_json::from_value(act).map_err(unread)? {
            ByKeys::Join { name, invitation } => {
                let name = Name::new(&name).map_err(|error| Refusal::new("bad-name", error))?;
                let ticket = match invitation {
                    Some(text) => invite_of(&text, open)?.ticket,
                    None => None,
                };
                draft.enter(open.id, name, ticket.as_ref())
            }
            ByKeys::Seal { tips } => draft.seal_bets(held.key(), open.id, &tips),
        }
    } else {
        let action: Action = serde_json::from_value(act).map_err(unread)?;
        draft.body(action)
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

fn parse(fragment: &str) -> Result<Invite, Refusal> {
    let text = fragment.trim().trim_start_matches('#');
    text.parse()
        .map_err(|error| Refusal::new("bad-invitation", error))
}

fn invite_of(fragment: &str, open: &Open) -> Result<Invite, Refusal> {
    let invite = parse(fragment)?;
    if invite.pool != open.id {
        return Err(Refusal::new(
            "other-pool",
            format_args!(
                "the invitation is to the pool {}, wanted {}",
                invite.pool, open.id
            ),
        ));
    }
    Ok(invite)
}

/// What an invitation says; its secret is not among it.
pub(crate) fn read_invitation(fragment: &str) -> Result<Value, Refusal> {
    let invite = parse(fragment)?;
    let named = invite
        .named
        .map(|named| json!({ "height": named.height, "hash": named.hash }));
    let ticket = invite.ticket.as_ref().map(|held| {
        let ticket = held.ticket();
        json!({ "organiser": held.organiser(), "uses": ticket.uses, "expires": ticket.expires })
    });
    Ok(json!({ "pool": invite.pool, "named": named, "ticket": ticket }))
}

/// The text of a new invitation by an organiser.
pub(crate) fn invite(
    held: &Held,
    open: &Open,
    uses: u32,
    expires: UnixSeconds,
    named: Option<Place>,
    secret: &str,
) -> Result<String, Refusal> {
    let secret = bytes::<32>(secret)?;
    let ticket = HeldTicket::issue(
        held.key(),
        Key::from_secret(&secret),
        open.id,
        uses,
        expires,
    );
    let invite = Invite {
        pool: open.id,
        named: named.map(|Place { height, hash }| NamedBlock { height, hash }),
        ticket: Some(ticket),
    };
    Ok(invite.to_string())
}
