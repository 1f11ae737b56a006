//! Invitations: reading a link, and making one.

use bolao_ledger::BlockId;
use bolao_wallet::{Invite, InviteError, InviteText, NewInvite, TicketSecret};

use crate::{
    keys::Held,
    object::{AnswerText, object},
    pool::Open,
    question::Asked,
    refusal::Refusal,
};

fn bad(error: impl std::fmt::Display) -> Refusal {
    Refusal::new("bad-invitation", error)
}

fn not_that(error: InviteError) -> Refusal {
    match error {
        InviteError::Other => Refusal::new("other-invitation", error),
        _ => bad(error),
    }
}

/// An invitation to the open pool, of its whole text.
pub(crate) fn whole(text: &str, open: &Open) -> Result<Invite, Refusal> {
    let invite: Invite = text.parse().map_err(bad)?;
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

/// Reads an invitation: its content and its whole text; of a short one without what the node has for it, the ticket to ask that for.
pub(crate) fn read(asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let (fragment, kept): (_, Option<String>) = (asked.secret("fragment")?, asked.take("kept")?);
    let text = fragment.trim().trim_start_matches('#');
    let invite = match (text.parse().map_err(bad)?, kept) {
        (InviteText::Whole(invite), _) => *invite,
        (InviteText::Short(short), Some(kept)) => short.complete(&kept).map_err(not_that)?,
        (InviteText::Short(short), None) => return Ok(object!({ "wants": short.ticket() })),
    };
    let named = invite
        .named
        .map(|named| object!({ "height": named.height, "hash": named.hash }));
    let ticket = invite.ticket.as_ref().map(|held| {
        let ticket = held.ticket();
        object!({ "organiser": held.organiser(), "uses": ticket.uses, "expires": ticket.expires })
    });
    let text = invite.to_string();
    Ok(object!({ "pool": invite.pool, "named": named, "ticket": ticket, "text": text }))
}

/// A new invitation by an organiser: what its link carries once the node has `kept`, and what it carries else.
pub(crate) fn make(held: &Held, open: &Open, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let (uses, expires) = (asked.take("uses")?, asked.take("expires")?);
    let named: Option<BlockId> = asked.take("named")?;
    let secret = TicketSecret::new(*asked.bytes("secret")?);
    let new = NewInvite::issue(held.key(), secret, open.id, named, uses, expires);
    Ok(object!({
        "short": new.short.to_string(),
        "kept": new.public.to_string(),
        "whole": new.whole.to_string(),
    }))
}
