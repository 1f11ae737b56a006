//! Making the opening of enough shares.

use std::collections::BTreeMap;

use bolao_ledger::{Opening, PoolId, Prediction, decode, seal_commitment};
use thiserror::Error;
use vsss_rs::Gf256;
use zeroize::Zeroizing;

use crate::{DealBody, Share};

/// Why shares open nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CombineError {
    /// Too few shares.
    #[error("got {got} shares, wanted {needed}")]
    TooFew {
        /// The number of shares that fit the deal.
        got: usize,
        /// The number of shares that it takes.
        needed: usize,
    },
    /// The player dealt shares of something else.
    #[error("the shares that the player dealt do not open the seal")]
    DealtWrong,
}

/// Gives the opening of a deal's seal, from shares by the places of their keepers. Those that do not fit the deal count for
/// nothing; since each is known by its hash, the first that suffice are as good as any.
pub fn combine(
    pool: PoolId,
    deal: &DealBody,
    shares: &BTreeMap<u8, Share>,
) -> Result<Opening, CombineError> {
    let needed = deal.needed();
    let good: Zeroizing<Vec<Vec<u8>>> = Zeroizing::new(
        shares
            .iter()
            .filter(|(place, share)| deal.hands(pool, **place, share))
            .map(|(place, share)| [&[place.saturating_add(1)], share.0.as_slice()].concat())
            .take(needed)
            .collect(),
    );
    let secret = match good.as_slice() {
        few if few.len() < needed => {
            return Err(CombineError::TooFew {
                got: few.len(),
                needed,
            });
        }
        [only] => only.get(1..).unwrap_or_default().to_vec(),
        enough => Gf256::combine_bytes(enough).map_err(|_| CombineError::DealtWrong)?,
    };
    let secret = Zeroizing::new(secret);
    let (prediction, salt): (Prediction, [u8; 32]) =
        decode(&secret).map_err(|_| CombineError::DealtWrong)?;
    let opening = Opening {
        match_no: deal.match_no,
        prediction,
        salt,
    };
    let commitment = seal_commitment(pool, &deal.account, deal.match_no, prediction, &salt);
    if commitment == deal.commitment {
        Ok(opening)
    } else {
        Err(CombineError::DealtWrong)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use bolao_ledger::{AccountId, MatchNo, ValidatorKey};

    use super::*;
    use crate::deal::Handed;

    #[test]
    fn shares_that_were_dealt_wrong_open_nothing() {
        let (pool, keeper) = (PoolId([1; 32]), ValidatorKey([2; 32]));
        // A kind that is none, and a score that is not the sealed one.
        for bytes in [[255; 35], [0; 35]] {
            let mut deal = DealBody {
                account: AccountId([3; 32]),
                match_no: MatchNo(4),
                commitment: [5; 32],
                round: 0,
                handed: Vec::new(),
            };
            let share = Share(bytes);
            deal.handed.push(Handed {
                keeper,
                hash: share.hash(&deal.context(pool, 0, &keeper)),
                encapsulated: [0; 32],
                sealed: [0; 51],
            });
            let opened = combine(pool, &deal, &BTreeMap::from([(0, share)]));
            assert_eq!(opened, Err(CombineError::DealtWrong));
        }
    }
}
