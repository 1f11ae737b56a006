//! Invitations: an organiser signs a ticket, whoever holds the ticket's secret key signs the joining account with it.
//! The link carries the secret; the chain sees only signatures that fit one account, so a ticket cannot be stolen from
//! a transaction in flight.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    codec::encode,
    domains,
    hashes::PoolId,
    signing::{Signature, verify},
    units::UnixSeconds,
};

/// A ticket: an organiser's permission to join.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ticket {
    /// The ticket's public key, written as an account.
    #[serde(serialize_with = "AccountId::plain")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub key: AccountId,
    /// The number of accounts that may join with it.
    pub uses: u32,
    /// From when on it is of no use.
    pub expires: UnixSeconds,
}

/// A ticket as its organiser gave it out.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedTicket {
    /// The ticket, which says what the organiser allows.
    pub ticket: Ticket,
    /// The organiser who gave out the ticket. Whether the account is one, the state says.
    pub organiser: AccountId,
    /// The organiser's signature over [`ticket_bytes`].
    pub organiser_signature: Signature,
}

/// A ticket, signed for use by one account.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The ticket that an organiser gave out.
    #[serde(flatten)]
    pub given: SignedTicket,
    /// The ticket key's signature over [`admission_bytes`].
    pub ticket_signature: Signature,
}

/// The bytes that an organiser signs: `"bolao/ticket/1" ‖ pool id ‖ ticket`.
#[must_use]
pub fn ticket_bytes(pool: PoolId, ticket: &Ticket) -> Vec<u8> {
    [domains::TICKET, &pool.0, &encode(ticket)].concat()
}

/// The bytes that the ticket's key signs: `"bolao/admit/1" ‖ pool id ‖ joining account`.
#[must_use]
pub fn admission_bytes(pool: PoolId, account: &AccountId) -> Vec<u8> {
    [domains::ADMISSION, &pool.0, &account.0].concat()
}

impl SignedTicket {
    /// Whether the signature is the organiser's.
    #[must_use]
    pub fn is_signed(&self, pool: PoolId) -> bool {
        verify(
            &self.organiser,
            &self.organiser_signature,
            &ticket_bytes(pool, &self.ticket),
        )
    }
}

impl Invitation {
    /// Whether both signatures are good for this account. Whether the organiser is one, the state and the time are the
    /// ledger's questions.
    #[must_use]
    pub fn is_signed_for(&self, pool: PoolId, account: &AccountId) -> bool {
        self.given.is_signed(pool)
            && verify(
                &self.given.ticket.key,
                &self.ticket_signature,
                &admission_bytes(pool, account),
            )
    }
}
