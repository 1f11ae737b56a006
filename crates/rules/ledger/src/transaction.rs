//! A signed action.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    actions::{self, Action, MAX_BETS},
    codec::encode,
    genesis::Limits,
    hashes::{TxId, WitnessId, sha256d},
    signing::{SIGNATURE_BYTES, Signature},
    units::Nonce,
};

/// The body of a transaction: what is signed, besides the pool.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct TxBody {
    /// The account that acts.
    pub account: AccountId,
    /// 0 for the account's first transaction, then consecutive.
    pub nonce: Nonce,
    /// The action of the account.
    #[borsh(deserialize_with = "Action::read")]
    pub action: Action,
}

impl TxBody {
    /// The transaction's identity, whatever its signature.
    #[must_use]
    pub fn id(&self) -> TxId {
        TxId(sha256d(&encode(self)))
    }

    /// The length of the transaction once it is signed, in bytes.
    #[must_use]
    pub fn signed_bytes(&self) -> usize {
        encode(self).len().saturating_add(SIGNATURE_BYTES)
    }
}

/// The most bets, sealed bets or openings like this one that a transaction may hold.
#[must_use]
pub fn most_at_once<T: BorshSerialize>(limits: &Limits, entry: &T) -> usize {
    let empty = TxBody {
        account: AccountId([0; 32]),
        nonce: Nonce::ZERO,
        action: Action::Bet(actions::Bet { bets: Vec::new() }),
    };
    let room = limits.transaction_bytes_max();
    let room = room.saturating_sub(empty.signed_bytes());
    (room / encode(entry).len().max(1)).clamp(1, MAX_BETS)
}

/// A body and its signature.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
pub struct Transaction {
    /// The body that is signed.
    pub body: TxBody,
    /// By the body's account, over [`crate::signing_bytes`].
    pub signature: Signature,
}

impl Transaction {
    /// The transaction's identity, whatever its signature.
    #[must_use]
    pub fn id(&self) -> TxId {
        self.body.id()
    }

    /// The hash of body and signature: the leaf of the Merkle tree.
    #[must_use]
    pub fn witness_id(&self) -> WitnessId {
        WitnessId(sha256d(&encode(self)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::{
        actions::{OpenBet, Opening, SealedBet},
        fixture::MatchNo,
        genesis::Genesis,
        score::Score,
        units::Chips,
    };

    /// As many fit as the formula says, and not one more.
    #[test]
    fn as_many_entries_as_fit() {
        let (match_no, stake) = (MatchNo(1), Chips(1));
        let prediction = Score::new(1, 0).unwrap().into();
        let plain = OpenBet {
            match_no,
            prediction,
            stake,
        };
        let sealed = SealedBet {
            match_no,
            commitment: [1; 32],
            stake,
        };
        let opening = Opening {
            match_no,
            prediction,
            salt: [1; 32],
        };
        let bytes = |action| {
            let (account, nonce) = (AccountId([7; 32]), Nonce(u64::MAX));
            let body = TxBody {
                account,
                nonce,
                action,
            };
            let signature = Signature([9; 64]);
            encode(&Transaction { body, signature }).len()
        };
        let bet = |count| {
            bytes(Action::Bet(actions::Bet {
                bets: vec![plain; count],
            }))
        };
        let seal = |count| {
            bytes(Action::Seal(actions::Seal {
                bets: vec![sealed; count],
            }))
        };
        let open = |count| {
            bytes(Action::Open(actions::Open {
                openings: vec![opening; count],
            }))
        };
        let mut limits = Genesis::article().limits;
        for most in [512, 513, 1_000, 2_000, 4_096, 4_716, 4_717, 8_192] {
            limits.transaction_bytes = most;
            let most = limits.transaction_bytes_max();
            let check = |count: usize, bytes: &dyn Fn(usize) -> usize| {
                assert!(bytes(count) <= most);
                assert!(
                    count == MAX_BETS || bytes(count + 1) > most,
                    "{most}: {count}"
                );
            };
            check(most_at_once(&limits, &plain), &bet);
            check(most_at_once(&limits, &sealed), &seal);
            check(most_at_once(&limits, &opening), &open);
        }
    }
}
