//! What a run is like, and who takes part.

use bolao_ledger::{AccountId, PoolId, Pos, ValidatorKey, ValidatorSet, Voting};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

pub(crate) const POOL: PoolId = PoolId([9; 32]);

/// What a run is like.
#[derive(Clone)]
pub(crate) struct Plan {
    /// The weights of the validators.
    pub(crate) weights: Vec<u64>,
    /// Validators that run twice, with one key and two minds.
    pub(crate) twins: Vec<usize>,
    /// The shortest time of a message, in milliseconds.
    pub(crate) latency_ms: u64,
    /// From one block to when something waits for the next, in milliseconds.
    pub(crate) pause_ms: u64,
    /// Of a hundred messages, so many are lost.
    pub(crate) loss_percent: u64,
    /// Whether the weights are others at every height, and some nothing.
    pub(crate) changing: bool,
    /// Whether what is written to the log stays.
    pub(crate) log: bool,
    /// How many heights have something to decide.
    pub(crate) heights: u64,
    /// A validator that signs anything, and obeys nothing.
    pub(crate) liar: Option<usize>,
    /// Of a hundred messages, so many arrive spoilt.
    pub(crate) spoilt_percent: u64,
    /// A validator whose blocks are refused.
    pub(crate) refused: Option<usize>,
    /// The only validator that refuses anything, and nothing that enough others vote for; all do if there is none.
    pub(crate) doubter: Option<usize>,
    /// Of a hundred times, so often nothing waits at a validator though it does at others.
    pub(crate) idle_percent: u64,
    /// The only validator at which anything waits.
    pub(crate) only: Option<usize>,
}

impl Plan {
    pub(crate) fn of(count: usize) -> Self {
        Self {
            weights: vec![1; count],
            twins: Vec::new(),
            latency_ms: 5,
            pause_ms: 0,
            loss_percent: 0,
            changing: false,
            log: true,
            heights: 10,
            liar: None,
            spoilt_percent: 0,
            refused: None,
            doubter: None,
            idle_percent: 33,
            only: None,
        }
    }
}

pub(crate) fn key(who: usize) -> SigningKey {
    SigningKey::from([who as u8 + 1; 32])
}

pub(crate) fn public(who: usize) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(&key(who)).into())
}

pub(crate) fn voting() -> Voting {
    Pos::appointed([]).voting
}

pub(crate) fn set(weights: impl IntoIterator<Item = u64>) -> ValidatorSet {
    let validators = weights.into_iter().enumerate().map(|(who, weight)| {
        let (account, key) = (AccountId([who as u8 + 1; 32]), public(who));
        bolao_ledger::Validator {
            account,
            key,
            weight,
        }
    });
    ValidatorSet::new(validators).unwrap()
}
