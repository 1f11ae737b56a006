//! Short invitations: what a link carries where the node that it leads to keeps the rest ([`PublicInvite`]).
//!
//! The text is base64url (no padding) of: the version, 3 (1 byte); a secret (16); the first 14 bytes of the double SHA-256 of
//! `"bolao/invitation-hash/1"` and what the node keeps; and the first 2 bytes of the double SHA-256 of all that. The seed of the
//! ticket's key is the double SHA-256 of `"bolao/ticket-seed/1"` and the secret. So the link, with `http://` and any IPv4 address and
//! port before it, has 78 bytes at most, which is what a QR code of version 4 holds.
//!
//! The hash stands in the link, so the node can only refuse: with another pool, another block or more uses, what it gives has
//! another hash.

use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bolao_ledger::{AccountId, BlockId, PoolId, Ticket, UnixSeconds, sha256d};
use zeroize::Zeroizing;

use super::{
    HeldTicket, Invite, InviteError, MAX_NAMED_HEIGHT, SHORT,
    public::{PublicInvite, decoded},
    take,
};
use crate::{domains, keyring::Key};

const SECRET_BYTES: usize = 16;
const HASH_BYTES: usize = 14;
const SUM_BYTES: usize = 2;
/// Characters of the text: of 33 bytes.
const TEXT_BYTES: usize = (1 + SECRET_BYTES + HASH_BYTES + SUM_BYTES) / 3 * 4;

/// The secret that the key of a ticket is made from. Wiped from memory when dropped, hidden in debug output.
#[derive(Clone)]
pub struct TicketSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl TicketSecret {
    /// Of random bytes.
    #[must_use]
    pub fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(random))
    }

    fn key(&self) -> Key {
        let made_of = Zeroizing::new([domains::TICKET_SEED, self.0.as_slice()].concat());
        Key::from_secret(&Zeroizing::new(sha256d(&made_of)))
    }
}

impl fmt::Debug for TicketSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketSecret(hidden)")
    }
}

/// The contents of a short link.
#[derive(Clone, Debug)]
pub struct ShortInvite {
    secret: TicketSecret,
    hash: [u8; HASH_BYTES],
}

impl ShortInvite {
    /// The ticket's key, by which its node is asked for the rest.
    #[must_use]
    pub fn ticket(&self) -> AccountId {
        self.secret.key().account()
    }

    /// The whole invitation, with what the node gave.
    pub fn complete(&self, given: &str) -> Result<Invite, InviteError> {
        let bytes = decoded(given).map_err(|_| InviteError::Other)?;
        // Before anything else is done with it.
        if hash(&bytes) != self.hash {
            return Err(InviteError::Other);
        }
        let public = PublicInvite::from_bytes(&bytes)?;
        let key = self.secret.key();
        if public.given.ticket.key != key.account() || !public.is_signed() {
            return Err(InviteError::Damaged);
        }
        Ok(whole(&public, key))
    }
}

fn hash(public: &[u8]) -> [u8; HASH_BYTES] {
    let whole = sha256d(&[domains::INVITATION_HASH, public].concat());
    let mut first = [0; HASH_BYTES];
    for (to, from) in first.iter_mut().zip(whole) {
        *to = from;
    }
    first
}

fn sum(body: &[u8]) -> [u8; SUM_BYTES] {
    let [a, b, ..] = sha256d(body);
    [a, b]
}

fn whole(public: &PublicInvite, key: Key) -> Invite {
    let ticket = HeldTicket {
        given: public.given,
        key,
    };
    Invite {
        pool: public.pool,
        named: public.named,
        ticket: Some(ticket),
    }
}

impl fmt::Display for ShortInvite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = Zeroizing::new([&[SHORT], self.secret.0.as_slice(), &self.hash].concat());
        let bytes = Zeroizing::new([body.as_slice(), &sum(&body)].concat());
        f.write_str(&Zeroizing::new(Base64UrlUnpadded::encode_string(
            bytes.as_slice(),
        )))
    }
}

impl FromStr for ShortInvite {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        let bytes = Zeroizing::new(decoded(text)?);
        let (body, found) = bytes
            .split_last_chunk::<SUM_BYTES>()
            .ok_or(InviteError::Damaged)?;
        if sum(body) != *found {
            return Err(InviteError::Damaged);
        }
        let mut rest = body;
        match take(&mut rest)? {
            [SHORT] => {}
            [got] if got > SHORT => return Err(InviteError::Version { got }),
            _ => return Err(InviteError::Damaged),
        }
        let short = Self {
            secret: TicketSecret(Zeroizing::new(take(&mut rest)?)),
            hash: take(&mut rest)?,
        };
        rest.is_empty().then_some(short).ok_or(InviteError::Damaged)
    }
}

/// A new invitation with a ticket, in each of its forms.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// All of it.
    pub whole: Invite,
    /// The part of it that a node keeps.
    pub public: PublicInvite,
    /// The part of it that a link to that node carries.
    pub short: ShortInvite,
}

impl NewInvite {
    /// A new ticket, signed by an organiser. A block above [`MAX_NAMED_HEIGHT`] is left out.
    #[must_use]
    pub fn issue(
        organiser: &Key,
        secret: TicketSecret,
        pool: PoolId,
        named: Option<BlockId>,
        uses: u32,
        expires: UnixSeconds,
    ) -> Self {
        let key = secret.key();
        let ticket = Ticket {
            key: key.account(),
            uses,
            expires,
        };
        let named = named.filter(|it| it.height <= MAX_NAMED_HEIGHT);
        let public = PublicInvite::sign(organiser, pool, named, ticket);
        let hash = hash(&public.to_bytes());
        Self {
            whole: whole(&public, key),
            short: ShortInvite { secret, hash },
            public,
        }
    }
}

/// The contents of a link: all of an invitation, or what stands for it at the link's node.
#[derive(Clone, Debug)]
pub enum InviteText {
    /// All of it.
    Whole(Box<Invite>),
    /// The node has the rest.
    Short(ShortInvite),
}

impl From<Invite> for InviteText {
    fn from(invite: Invite) -> Self {
        Self::Whole(Box::new(invite))
    }
}

impl From<ShortInvite> for InviteText {
    fn from(short: ShortInvite) -> Self {
        Self::Short(short)
    }
}

impl fmt::Display for InviteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(invite) => invite.fmt(f),
            Self::Short(short) => short.fmt(f),
        }
    }
}

impl FromStr for InviteText {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        if text.len() <= TEXT_BYTES {
            text.parse().map(Self::Short)
        } else {
            text.parse::<Invite>().map(Self::from)
        }
    }
}

#[cfg(test)]
mod tests;
