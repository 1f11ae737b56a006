//! One keeper's part of an opening.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::domains;

/// As long as what is shared: a score, and the salt's 32 bytes.
pub const SHARE_BYTES: usize = 35;

/// A share of an opening. Fewer of them than are [`needed`](crate::needed) say nothing of it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop, BorshSerialize, BorshDeserialize)]
pub struct Share(pub [u8; SHARE_BYTES]);

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share")
    }
}

impl Share {
    /// Gives the hash that the player signs of a share, so that whoever is shown it knows whether it is the one that was dealt:
    /// `SHA-256("bolao/share/1" ‖ context ‖ share)`. The salt's 32 bytes keep anybody from guessing shares by it.
    pub(crate) fn hash(&self, context: &[u8]) -> [u8; 32] {
        Sha256::new()
            .chain_update(domains::SHARE)
            .chain_update(context)
            .chain_update(self.0)
            .finalize()
            .into()
    }
}
