//! What a player hands to the keepers: for one seal, a share of its opening for each of them, encrypted to it.

use std::fmt;

use bolao_ledger::{AccountId, MatchNo, PoolId, Signature, ValidatorKey, encode, sha256d, verify};
use borsh::{BorshDeserialize, BorshSerialize, io};
use thiserror::Error;

use crate::{SHARE_BYTES, Share, domains};

/// The most keepers of a seal: as many as there can be validators.
pub const MAX_KEEPERS: usize = 64;

/// A share with what the cipher adds to it.
pub(crate) const SEALED_BYTES: usize = SHARE_BYTES + 16;

/// Gives the number of keepers, of so many, that it takes to open a seal: more than half of them.
#[must_use]
pub const fn needed(keepers: usize) -> usize {
    keepers / 2 + 1
}

/// Whether keepers are so few that nobody should rely on it that none of them looks before kick-off.
#[must_use]
pub const fn few(keepers: usize) -> bool {
    keepers < 3
}

/// Why a deal cannot be made or taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DealError {
    /// None, or too many.
    #[error("got shares for {got} keepers, wanted 1 to {MAX_KEEPERS}")]
    Keepers {
        /// The number of keepers.
        got: usize,
    },
    /// Not in the order of their keys, or one twice.
    #[error("the keepers are not in the order of their keys, each once")]
    Order,
    /// Nothing can be encrypted to this key.
    #[error("the keeper's key {0} is not a usable key to encrypt to")]
    Key(ValidatorKey),
    /// Not the account's.
    #[error("the signature of the shares is not the account's")]
    Signature,
}

/// The identifier of a seal: its match, account and commitment. An account may have two of one match: one in the chain, and
/// one that waits to replace it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct SealId {
    /// The match that was bet on.
    pub match_no: MatchNo,
    /// The account whose seal it is.
    pub account: AccountId,
    /// The commitment of the sealed bet.
    pub commitment: [u8; 32],
}

impl fmt::Debug for SealId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealId({}, {})", self.match_no, self.account)
    }
}

/// The identifier of a deal: the double SHA-256 of the encoded body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct DealId(pub [u8; 32]);

impl fmt::Display for DealId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DealId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The part of a deal that one keeper is handed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Handed {
    /// Its key, which it votes with.
    pub keeper: ValidatorKey,
    /// The hash of its share.
    pub hash: [u8; 32],
    /// The key that was made for this ciphertext alone (HPKE's `enc`).
    pub encapsulated: [u8; 32],
    /// The share, encrypted.
    pub sealed: [u8; SEALED_BYTES],
}

/// A deal without its signature.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DealBody {
    /// The account whose seal it is.
    pub account: AccountId,
    /// The match that was bet on.
    pub match_no: MatchNo,
    /// The seal: the commitment of the sealed bet.
    pub commitment: [u8; 32],
    /// The number of deals of this seal that were made before: of two, the one of the higher round counts.
    pub round: u8,
    /// The parts that the keepers are handed, in the order of their keys.
    #[borsh(deserialize_with = "read_handed")]
    pub handed: Vec<Handed>,
}

/// A deal, signed by its player.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Deal {
    /// The body, which says what is dealt.
    pub body: DealBody,
    /// The account's signature over `"bolao/deal/1" ‖ pool id ‖ body`.
    pub signature: Signature,
}

impl DealBody {
    /// Gives the identifier of this deal.
    #[must_use]
    pub fn id(&self) -> DealId {
        DealId(sha256d(&encode(self)))
    }

    /// Gives the identifier of the seal that it is of.
    #[must_use]
    pub fn seal(&self) -> SealId {
        SealId {
            match_no: self.match_no,
            account: self.account,
            commitment: self.commitment,
        }
    }

    /// Gives the bytes that the account signs.
    #[must_use]
    pub fn signing_bytes(&self, pool: PoolId) -> Vec<u8> {
        [domains::DEAL, &pool.0, &encode(self)].concat()
    }

    /// Gives the number of keepers that it takes to open the seal.
    #[must_use]
    pub fn needed(&self) -> usize {
        needed(self.handed.len())
    }

    /// The place of a keeper in the list.
    #[must_use]
    pub fn place_of(&self, keeper: &ValidatorKey) -> Option<u8> {
        let place = self
            .handed
            .binary_search_by(|handed| handed.keeper.cmp(keeper))
            .ok()?;
        u8::try_from(place).ok()
    }

    /// Whether this is the share that it hands to the keeper at this place.
    #[must_use]
    pub fn hands(&self, pool: PoolId, place: u8, share: &Share) -> bool {
        self.handed.get(usize::from(place)).is_some_and(|handed| {
            share.hash(&self.context(pool, place, &handed.keeper)) == handed.hash
        })
    }

    /// Gives the bytes that a share is bound to, so that it serves nobody else's seal, no other match, round or keeper.
    pub(crate) fn context(&self, pool: PoolId, place: u8, keeper: &ValidatorKey) -> Vec<u8> {
        let seal = encode(&(self.account, self.match_no, self.commitment, self.round));
        [&pool.0, seal.as_slice(), &[place], &keeper.0].concat()
    }
}

impl Deal {
    /// Whether it is well made and its account's.
    pub fn check(&self, pool: PoolId) -> Result<(), DealError> {
        let handed = &self.body.handed;
        if handed.is_empty() || handed.len() > MAX_KEEPERS {
            return Err(DealError::Keepers { got: handed.len() });
        }
        if !handed.is_sorted_by(|a, b| a.keeper < b.keeper) {
            return Err(DealError::Order);
        }
        let message = self.body.signing_bytes(pool);
        if !verify(&self.body.account, &self.signature, &message) {
            return Err(DealError::Signature);
        }
        Ok(())
    }
}

fn read_handed<R: io::Read>(reader: &mut R) -> io::Result<Vec<Handed>> {
    let got = u32::deserialize_reader(reader)?;
    let count = usize::try_from(got)
        .ok()
        .filter(|count| *count <= MAX_KEEPERS)
        .ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("got {got} keepers, wanted at most {MAX_KEEPERS}"),
            )
        })?;
    (0..count)
        .map(|_| Handed::deserialize_reader(reader))
        .collect()
}
