//! Who can make up what a file shows.

use bolao_ledger::{AccountId, Height, ValidatorSet, ValidatorsHash};

/// The validators who voted on some blocks of a file. With the keys of so few of them, which they keep, another history can be signed
/// from there on, at any time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deciders {
    /// The block from which on they voted: genesis, or the one that named them.
    pub since: Height,
    /// The last block that the file shows to be signed by them.
    pub until: Height,
    /// The hash of all of them, by which blocks name them.
    pub hash: ValidatorsHash,
    /// The number of them.
    pub validators: usize,
    /// The fewest who decide together: those of the largest weights, these first.
    pub enough: Vec<AccountId>,
}

impl Deciders {
    pub(crate) fn of(set: &ValidatorSet, since: Height, until: Height) -> Self {
        let (mut enough, mut weight) = (Vec::new(), 0_u64);
        for one in set.heaviest() {
            if set.is_quorum(weight) {
                break;
            }
            weight = weight.saturating_add(one.weight);
            enough.push(one.account);
        }
        Self {
            since,
            until,
            hash: set.hash(),
            validators: set.validators().len(),
            enough,
        }
    }

    /// Those of whom the fewest are enough, of equals the first, among those who voted above a block that is known to be genuine.
    #[must_use]
    pub fn weakest(all: &[Self], genuine: Height) -> Option<&Self> {
        let above = all.iter().filter(|deciders| deciders.until > genuine);
        above.min_by_key(|deciders| deciders.enough.len())
    }
}
