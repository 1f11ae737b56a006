//! Invitations as they travel and are kept: which pool, and a ticket with its secret key.
//!
//! The text is base64url (RFC 4648, no padding) of: the version as one byte; the pool id, 32 bytes; in version 2 the height
//! (8 bytes, little-endian) and hash (32 bytes) of a final block, which version 1 does not name; where there is a ticket, its uses (4 bytes) and expiry (8 bytes, unix seconds), both little-endian, the organiser's account
//! (32 bytes), the organiser's signature over [`ticket_bytes`] (64 bytes) and the ticket's secret key (32 bytes, whose
//! public half is the ticket's key); and the first 4 bytes of the double SHA-256 of all that, so that a slip of the
//! hand is seen.
//!
//! Version 3 is the short text ([`ShortInvite`]), which leaves most of it to the node that the link leads to.

use std::{fmt, str::FromStr};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bolao_ledger::{
    AccountId, BlockHash, BlockId, Height, Invitation, PoolId, Signature, SignedTicket, Ticket,
    UnixSeconds, admission_bytes, sha256d, ticket_bytes,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keyring::Key;

mod public;
mod short;

pub use public::PublicInvite;
pub use short::{InviteText, NewInvite, ShortInvite, TicketSecret};

/// The version of a text that names no block.
const PLAIN: u8 = 1;
/// The version of one that does.
const NAMING: u8 = 2;
/// The version of a short text, and of what the node has for it.
const SHORT: u8 = 3;
/// The highest block that is named: whoever reads it fetches as many hashes first.
pub const MAX_NAMED_HEIGHT: Height = Height(1 << 20);
const CHECKSUM_BYTES: usize = 4;
/// Uses, expiry, organiser, signature, secret.
const TICKET_BYTES: usize = 4 + 8 + 32 + 64 + 32;
/// The longest text that is looked at, in bytes.
const MAX_TEXT_BYTES: usize = 1_024;

/// A ticket with the secret that admits with it. The secret is wiped from memory when dropped and hidden in debug
/// output.
#[derive(Clone, Debug)]
pub struct HeldTicket {
    given: SignedTicket,
    key: Key,
}

/// The contents of an invitation's text.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The pool that it invites to.
    pub pool: PoolId,
    /// A final block of the pool, where validators make the blocks, so that nobody gives a newcomer another history. Its height is
    /// from 1 to [`MAX_NAMED_HEIGHT`].
    pub named: Option<BlockId>,
    /// The way in, for pools that want one.
    pub ticket: Option<HeldTicket>,
}

/// Why a text is no invitation.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InviteError {
    /// Characters missing, changed or added.
    #[error("the invitation is damaged: part of the link is missing or changed; copy all of it")]
    Damaged,
    /// Written by a later program.
    #[error(
        "the invitation is of version {got}, this program reads versions {PLAIN} to {SHORT}: use a newer one"
    )]
    Version {
        /// The version found.
        got: u8,
    },
    /// The node's answer is not what the short text stands for.
    #[error(
        "the node gave a different invitation than the link's, so nothing was done with it: ask the sender for a new \
        link"
    )]
    Other,
}

impl HeldTicket {
    /// A new ticket with a new key, signed by an organiser.
    #[must_use]
    pub fn issue(organiser: &Key, key: Key, pool: PoolId, uses: u32, expires: UnixSeconds) -> Self {
        let ticket = Ticket {
            key: key.account(),
            uses,
            expires,
        };
        Self {
            given: give(organiser, pool, ticket),
            key,
        }
    }

    /// Gives the ticket, which says what the organiser allows.
    #[must_use]
    pub const fn ticket(&self) -> &Ticket {
        &self.given.ticket
    }

    /// Gives the account that signed it; whether that is one of the pool's organisers is for the reader of genesis to say.
    #[must_use]
    pub const fn organiser(&self) -> AccountId {
        self.given.organiser
    }

    /// The organiser's signature over the ticket.
    #[must_use]
    pub const fn organiser_signature(&self) -> Signature {
        self.given.organiser_signature
    }

    /// Signs a text with the ticket's key, as a player signs words to a node.
    #[must_use]
    pub fn say(&self, text: &str, pool: PoolId, at: UnixSeconds) -> Signature {
        self.key.say(text, pool, at)
    }

    /// The ticket signed for use by one account.
    #[must_use]
    pub fn admit(&self, pool: PoolId, account: &AccountId) -> Invitation {
        Invitation {
            given: self.given,
            ticket_signature: self.key.sign_bytes(&admission_bytes(pool, account)),
        }
    }
}

impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 1 + 32 + (8 + 32) + TICKET_BYTES + CHECKSUM_BYTES;
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
        bytes.push(if self.named.is_some() { NAMING } else { PLAIN });
        bytes.extend(self.pool.0);
        if let Some(named) = &self.named {
            bytes.extend(named.height.0.to_le_bytes());
            bytes.extend(named.hash.0);
        }
        if let Some(HeldTicket { given, key }) = &self.ticket {
            bytes.extend(given.ticket.uses.to_le_bytes());
            bytes.extend(given.ticket.expires.0.to_le_bytes());
            bytes.extend(given.organiser.0);
            bytes.extend(given.organiser_signature.0);
            bytes.extend(key.seed());
        }
        let sum = checksum(&bytes);
        bytes.extend(sum);
        f.write_str(&Base64UrlUnpadded::encode_string(bytes.as_slice()))
    }
}

impl FromStr for Invite {
    type Err = InviteError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(InviteError::Damaged);
        }
        let bytes =
            Zeroizing::new(Base64UrlUnpadded::decode_vec(text).map_err(|_| InviteError::Damaged)?);
        let (body, sum) = bytes
            .split_last_chunk::<CHECKSUM_BYTES>()
            .ok_or(InviteError::Damaged)?;
        if checksum(body) != *sum {
            return Err(InviteError::Damaged);
        }
        let mut rest = body;
        let names = match take(&mut rest)? {
            [PLAIN] => false,
            [NAMING] => true,
            [got] if got > SHORT => return Err(InviteError::Version { got }),
            _ => return Err(InviteError::Damaged),
        };
        let pool = PoolId(take(&mut rest)?);
        let named = names.then(|| named(&mut rest)).transpose()?;
        let ticket = (!rest.is_empty())
            .then(|| held(pool, &mut rest))
            .transpose()?;
        rest.is_empty()
            .then_some(Self {
                pool,
                named,
                ticket,
            })
            .ok_or(InviteError::Damaged)
    }
}

/// A ticket as an organiser gives it out.
fn give(organiser: &Key, pool: PoolId, ticket: Ticket) -> SignedTicket {
    SignedTicket {
        ticket,
        organiser: organiser.account(),
        organiser_signature: organiser.sign_bytes(&ticket_bytes(pool, &ticket)),
    }
}

fn named(rest: &mut &[u8]) -> Result<BlockId, InviteError> {
    let height = Height(u64::from_le_bytes(take(rest)?));
    let hash = BlockHash(take(rest)?);
    if height == Height::ZERO || height > MAX_NAMED_HEIGHT {
        return Err(InviteError::Damaged);
    }
    Ok(BlockId { height, hash })
}

fn held(pool: PoolId, rest: &mut &[u8]) -> Result<HeldTicket, InviteError> {
    let uses = u32::from_le_bytes(take(rest)?);
    let expires = UnixSeconds(u64::from_le_bytes(take(rest)?));
    let organiser = AccountId(take(rest)?);
    let organiser_signature = Signature(take(rest)?);
    let key = Key::from_secret(&Zeroizing::new(take(rest)?));
    let given = SignedTicket {
        ticket: Ticket {
            key: key.account(),
            uses,
            expires,
        },
        organiser,
        organiser_signature,
    };
    if !given.is_signed(pool) {
        return Err(InviteError::Damaged);
    }
    Ok(HeldTicket { given, key })
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let [a, b, c, d, ..] = sha256d(bytes);
    [a, b, c, d]
}

/// The next bytes, which `rest` then no longer holds.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], InviteError> {
    let (first, left) = rest.split_first_chunk().ok_or(InviteError::Damaged)?;
    *rest = left;
    Ok(*first)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const POOL: PoolId = PoolId([7; 32]);

    fn key(byte: u8) -> Key {
        Key::from_secret(&[byte; 32])
    }

    fn invite() -> Invite {
        let ticket = HeldTicket::issue(&key(1), key(2), POOL, 20, UnixSeconds(2_000_000_000));
        Invite {
            pool: POOL,
            named: None,
            ticket: Some(ticket),
        }
    }

    fn naming(invite: Invite) -> Invite {
        let named = BlockId {
            height: Height(812),
            hash: BlockHash([9; 32]),
        };
        Invite {
            named: Some(named),
            ..invite
        }
    }

    fn open() -> Invite {
        Invite {
            pool: POOL,
            named: None,
            ticket: None,
        }
    }

    #[test]
    fn what_is_written_is_read_and_admits_one_account() {
        let invite = invite();
        let text = invite.to_string();
        assert_eq!(text.len(), 236);
        let read: Invite = text.parse().unwrap();
        assert_eq!(read.pool, POOL);
        let held = read.ticket.unwrap();
        assert_eq!(held.ticket(), invite.ticket.unwrap().ticket());
        assert_eq!(held.organiser(), key(1).account());
        let invitation = held.admit(POOL, &key(2).account());
        assert!(invitation.is_signed_for(POOL, &key(2).account()));
        assert!(!invitation.is_signed_for(POOL, &key(3).account()));
        assert!(!invitation.is_signed_for(PoolId([8; 32]), &key(2).account()));
    }

    /// The vectors that other programs read and write links by; the keys' secrets are 32 equal bytes.
    #[test]
    fn the_published_text_is_the_text() {
        #[derive(serde::Deserialize)]
        struct Vector {
            pool: PoolId,
            organiser: AccountId,
            ticket: Ticket,
            account: AccountId,
            invitation: String,
            open: String,
            naming: String,
            open_naming: String,
            join: Invitation,
        }
        let vector: Vector = serde_json::from_str(include_str!("../vectors/invite.json")).unwrap();
        let ticket = Ticket {
            key: key(2).account(),
            uses: 20,
            expires: UnixSeconds(2_000_000_000),
        };
        let held = HeldTicket {
            given: give(&key(1), POOL, ticket),
            key: key(2),
        };
        assert_eq!((vector.pool, vector.ticket), (POOL, ticket));
        assert_eq!(vector.organiser, key(1).account());
        assert_eq!(vector.account, key(3).account());
        assert_eq!(vector.join, held.admit(POOL, &vector.account));
        let ticket = Some(held);
        let invite = Invite { ticket, ..open() };
        assert_eq!(vector.open, open().to_string());
        assert_eq!(vector.invitation, invite.to_string());
        assert_eq!(vector.open_naming, naming(open()).to_string());
        assert_eq!(vector.naming, naming(invite).to_string());
    }

    #[test]
    fn an_open_pool_needs_no_ticket() {
        let read: Invite = open().to_string().parse().unwrap();
        assert_eq!(read.pool, POOL);
        assert!(read.ticket.is_none() && read.named.is_none());
    }

    #[test]
    fn a_final_block_travels_along() {
        for invite in [naming(open()), naming(invite())] {
            let read: Invite = invite.to_string().parse().unwrap();
            assert_eq!(read.named, invite.named);
            assert_eq!(read.ticket.is_some(), invite.ticket.is_some());
        }
        for height in [0, MAX_NAMED_HEIGHT.0 + 1, u64::MAX] {
            let mut invite = naming(open());
            invite.named.as_mut().unwrap().height = Height(height);
            let error = invite.to_string().parse::<Invite>().unwrap_err();
            assert_eq!(error, InviteError::Damaged);
        }
    }

    #[test]
    fn no_changed_character_goes_unseen() {
        let all = [invite(), open(), naming(invite()), naming(open())];
        for text in all.map(|invite| invite.to_string()) {
            for at in 0..text.len() {
                for other in ["A", "B", "-", "_", "=", " ", "é"] {
                    if text.get(at..=at) == Some(other) {
                        continue;
                    }
                    let mut changed = text.clone();
                    changed.replace_range(at..=at, other);
                    let error = changed.parse::<Invite>().unwrap_err();
                    assert_eq!(error, InviteError::Damaged, "{at} {other}");
                }
                let short = text.get(..at).unwrap();
                assert!(short.parse::<Invite>().is_err(), "{at}");
            }
            assert!(format!("{text}AAAA").parse::<Invite>().is_err());
        }
        assert!("A".repeat(100_000).parse::<Invite>().is_err());
    }

    #[test]
    fn a_ticket_of_another_pool_or_signer_is_damaged() {
        let mut other = invite();
        other.pool = PoolId([8; 32]);
        assert!(other.to_string().parse::<Invite>().is_err());
        let mut forged = invite();
        if let Some(held) = &mut forged.ticket {
            held.given.ticket.uses = 1_000;
        }
        assert!(forged.to_string().parse::<Invite>().is_err());
    }

    #[test]
    fn later_versions_are_refused() {
        let read = |version: u8| {
            let mut bytes = vec![version; 33];
            bytes.extend(checksum(&bytes));
            Base64UrlUnpadded::encode_string(&bytes)
                .parse::<Invite>()
                .unwrap_err()
        };
        assert_eq!(read(4), InviteError::Version { got: 4 });
        assert_eq!(
            [0, 3].map(read),
            [InviteError::Damaged, InviteError::Damaged]
        );
    }

    #[test]
    fn the_secret_is_not_shown() {
        let shown = format!("{:?}", invite());
        assert!(shown.contains("Key(bolao1"), "{shown}");
    }
}
