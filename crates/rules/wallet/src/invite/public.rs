//! What a node keeps of an invitation, so that the link can be short: everything but the ticket's secret.
//!
//! The text is base64url (no padding) of: the version, 3 (1 byte); the pool id (32); 0, or 1 and a final block's height (8) and
//! hash (32); the ticket's key (32), uses (4) and expiry (8); the organiser's account (32); the organiser's signature over
//! [`ticket_bytes`] (64); and the organiser's signature over `"bolao/invitation/1"` and all that (64). Numbers are
//! little-endian. The second signature keeps strangers from filling a node: a ticket that somebody has joined with stands in
//! the chain, and with other blocks it would make any number of invitations.

use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bolao_ledger::{
    AccountId, BlockId, PoolId, Signature, SignedTicket, Ticket, UnixSeconds, domain, verify,
};

use super::{InviteError, MAX_TEXT_BYTES, SHORT, give, named, take};
use crate::keyring::Key;

/// An invitation without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicInvite {
    /// The pool that it invites to.
    pub pool: PoolId,
    /// A final block, where validators make the blocks.
    pub named: Option<BlockId>,
    /// The ticket, without its secret.
    pub given: SignedTicket,
    signature: Signature,
}

impl PublicInvite {
    /// Signs a ticket, and what goes with it.
    pub(super) fn sign(
        organiser: &Key,
        pool: PoolId,
        named: Option<BlockId>,
        ticket: Ticket,
    ) -> Self {
        let mut public = Self {
            pool,
            named,
            given: give(organiser, pool, ticket),
            signature: Signature([0; 64]),
        };
        public.signature = organiser.sign_bytes(&public.signed());
        public
    }

    /// Whether both signatures are the organiser's. Whether that is one of the pool's organisers, the state says.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.given.is_signed(self.pool)
            && verify(&self.given.organiser, &self.signature, &self.signed())
    }

    fn signed(&self) -> Vec<u8> {
        [domain::INVITATION, &self.body()].concat()
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = vec![SHORT];
        bytes.extend(self.pool.0);
        bytes.push(self.named.is_some().into());
        if let Some(named) = &self.named {
            bytes.extend(named.height.0.to_le_bytes());
            bytes.extend(named.hash.0);
        }
        let SignedTicket {
            ticket,
            organiser,
            organiser_signature,
        } = &self.given;
        bytes.extend(ticket.key.0);
        bytes.extend(ticket.uses.to_le_bytes());
        bytes.extend(ticket.expires.0.to_le_bytes());
        bytes.extend(organiser.0);
        bytes.extend(organiser_signature.0);
        bytes
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.body();
        bytes.extend(self.signature.0);
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, InviteError> {
        let mut rest = bytes;
        match take(&mut rest)? {
            [SHORT] => {}
            [got] if got > SHORT => return Err(InviteError::Version { got }),
            _ => return Err(InviteError::Damaged),
        }
        let pool = PoolId(take(&mut rest)?);
        let named = match take(&mut rest)? {
            [0] => None,
            [1] => Some(named(&mut rest)?),
            [_] => return Err(InviteError::Damaged),
        };
        let ticket = Ticket {
            key: AccountId(take(&mut rest)?),
            uses: u32::from_le_bytes(take(&mut rest)?),
            expires: UnixSeconds(u64::from_le_bytes(take(&mut rest)?)),
        };
        let public = Self {
            pool,
            named,
            given: SignedTicket {
                ticket,
                organiser: AccountId(take(&mut rest)?),
                organiser_signature: Signature(take(&mut rest)?),
            },
            signature: Signature(take(&mut rest)?),
        };
        if rest.is_empty() {
            Ok(public)
        } else {
            Err(InviteError::Damaged)
        }
    }
}

/// The bytes of a text, of which nothing is believed yet.
pub(super) fn decoded(text: &str) -> Result<Vec<u8>, InviteError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(InviteError::Damaged);
    }
    Base64UrlUnpadded::decode_vec(text).map_err(|_| InviteError::Damaged)
}

impl fmt::Display for PublicInvite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Base64UrlUnpadded::encode_string(&self.to_bytes()))
    }
}

impl FromStr for PublicInvite {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, InviteError> {
        Self::from_bytes(&decoded(text)?)
    }
}
