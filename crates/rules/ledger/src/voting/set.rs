//! Who votes on a height.

use std::cmp::Reverse;

use borsh::{BorshDeserialize, BorshSerialize, io};
use thiserror::Error;

use crate::{
    codec::{encode, invalid},
    domains,
    genesis::{MAX_VALIDATORS, Validator, ValidatorKey},
    hashes::{PoolId, ValidatorsHash, sha256d},
    units::Height,
};

/// Weights are halved until they are not more than this together, and then rounded up to 1 each: three times all of them
/// stays within 64 bits.
const MAX_TOTAL: u128 = 1 << 62;

/// The validators of one height: at least one, at most 64, each with a weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatorSet {
    /// The validators in the order of their keys.
    validators: Vec<Validator>,
    total: u64,
}

/// As it is hashed: account, key and weight of each, by key.
impl BorshSerialize for ValidatorSet {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.validators.serialize(writer)
    }
}

impl BorshDeserialize for ValidatorSet {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let validators = Vec::<Validator>::deserialize_reader(reader)?;
        let set = Self::new(validators.iter().copied()).map_err(invalid)?;
        if set.validators != validators {
            return Err(invalid("the validators are not written as sets are"));
        }
        Ok(set)
    }
}

/// Why validators are no set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValidatorSetError {
    /// Nobody or too many.
    #[error("got {got} validators with a weight, wanted 1 to {MAX_VALIDATORS}")]
    Count {
        /// The number of validators with a weight.
        got: usize,
    },
    /// One key for two.
    #[error("the validator key {key} stands there twice")]
    Twice {
        /// The key that stands there twice.
        key: ValidatorKey,
    },
}

impl ValidatorSet {
    /// The set of these; those without weight do not vote.
    pub fn new(validators: impl IntoIterator<Item = Validator>) -> Result<Self, ValidatorSetError> {
        let weighty = validators.into_iter().filter(|one| one.weight > 0);
        Self::of(weighty.take(MAX_VALIDATORS + 1).collect())
    }

    fn of(mut validators: Vec<Validator>) -> Result<Self, ValidatorSetError> {
        let got = validators.len();
        if got == 0 || got > MAX_VALIDATORS {
            return Err(ValidatorSetError::Count { got });
        }
        Validator::sort(&mut validators, |one| (Reverse(0), one.key.0));
        for pair in validators.windows(2) {
            if let [one, other] = pair
                && one.key == other.key
            {
                return Err(ValidatorSetError::Twice { key: one.key });
            }
        }
        let all: u128 = validators.iter().map(|one| u128::from(one.weight)).sum();
        let halvings = (0..u64::BITS).find(|shift| all >> shift <= MAX_TOTAL);
        for validator in &mut validators {
            let weight = validator.weight >> halvings.unwrap_or_default();
            validator.weight = weight.max(1);
        }
        let total = validators.iter().map(|validator| validator.weight).sum();
        Ok(Self { validators, total })
    }

    /// The hash by which blocks name it.
    #[must_use]
    pub fn hash(&self) -> ValidatorsHash {
        ValidatorsHash(sha256d(&[domains::VALIDATORS, &encode(self)].concat()))
    }

    /// All, by key.
    #[must_use]
    pub fn validators(&self) -> &[Validator] {
        &self.validators
    }

    /// All, the heaviest first, equals by key.
    #[must_use]
    pub fn heaviest(&self) -> Vec<Validator> {
        let mut all = self.validators.clone();
        Validator::sort(&mut all, |one| (Reverse(one.weight), one.key.0));
        all
    }

    /// The validator with a key.
    #[must_use]
    pub fn get(&self, key: &ValidatorKey) -> Option<&Validator> {
        let place = self.validators.binary_search_by_key(key, |one| one.key);
        self.validators.get(place.ok()?)
    }

    /// The weight of all.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Whether so much weight decides: more than two thirds.
    #[must_use]
    pub fn is_quorum(&self, weight: u64) -> bool {
        u128::from(weight) * 3 > u128::from(self.total) * 2
    }

    /// The proposer of a round: drawn by weight, and within as many rounds as there are validators each has a turn.
    #[must_use]
    pub fn proposer(&self, pool: PoolId, height: Height, round: u32) -> &Validator {
        let count = u32::try_from(self.validators.len()).unwrap_or(u32::MAX);
        let mut left: Vec<_> = self.validators.iter().collect();
        let mut total = self.total;
        let start = (pool, height, round / count);
        let mut seed = sha256d(&[domains::PROPOSER, &encode(&start)].concat());
        for _ in 0..round % count {
            let place = draw(seed, &left, total);
            total = total.saturating_sub(left.remove(place).weight);
            seed = sha256d(&seed);
        }
        let place = draw(seed, &left, total);
        left.get(place).expect("one is left for each round")
    }
}

/// The place of a validator, drawn by weight.
fn draw(seed: [u8; 32], left: &[&Validator], total: u64) -> usize {
    let (chance, _) = seed.split_first_chunk().expect("a hash is longer");
    let chance = u64::from_le_bytes(*chance);
    let mut point = (u128::from(chance) * u128::from(total)) >> u64::BITS;
    let found = left.iter().position(|validator| {
        let weight = u128::from(validator.weight);
        let here = point < weight;
        point = point.saturating_sub(weight);
        here
    });
    found.unwrap_or_default()
}
