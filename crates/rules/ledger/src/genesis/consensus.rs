//! Who decides which chain is final, with the numbers of each way.

use std::{cmp::Reverse, collections::BTreeSet, fmt};

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{
    Genesis, GenesisError, Quorum, TargetRule,
    check::{count, range, ranges},
};
use crate::{
    account::AccountId,
    codec::known,
    hashes::BlockHash,
    header::Header,
    pow::{CompactTarget, Target},
};

/// The most validators of a pool.
pub(crate) const MAX_VALIDATORS: usize = 64;
/// The most weight of one validator, so that all weights together, times three, stay within 64 bits.
pub(crate) const MAX_WEIGHT: u64 = 1 << 50;

/// The consensus of a pool: it says who decides which chain is final.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Consensus {
    /// Most proof of work; nothing is ever final.
    Pow = 0,
    /// Validators make the blocks in turn, and each is final at once.
    Pos(Pos) = 1,
    /// Blocks by proof of work, made final by validators' votes.
    Hybrid(Hybrid) = 2,
}

/// Blocks by validators.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pos {
    /// The validators, and the rules by which they vote.
    pub voting: Voting,
    /// The time after which a block is made even where nothing happens, in seconds.
    pub heartbeat_s: u32,
}

/// Blocks by proof of work, made final by validators.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hybrid {
    /// The validators, and the rules by which they vote.
    pub voting: Voting,
    /// A block that arrives more than so many seconds after its own time is late, and a validator that was there refuses
    /// its branch.
    pub grace_s: u32,
    /// A bet is kept by a validator that saw it count so many seconds before its deadline and at the deadline.
    pub kept_s: u32,
    /// A validator is there once it has been in step with its peers for so many seconds.
    pub there_s: u32,
    /// After so many seconds without a decision, refusals that rest on less are lifted.
    pub patience_s: u32,
}

/// The rules of voting that `pos` and `hybrid` share.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voting {
    /// The most that a block's time may lie from a validator's clock, in seconds.
    pub clock_s: u32,
    /// The time that the first round waits for a proposal, in milliseconds.
    pub propose_ms: u32,
    /// The time that the first round waits for votes, in milliseconds.
    pub vote_ms: u32,
    /// The longest that a later round waits for either, in milliseconds.
    pub round_ms: u32,
    /// The validators of the first height.
    pub validators: Vec<Validator>,
    /// The rule by which the validators change.
    #[borsh(deserialize_with = "known::<2, _, _>")]
    pub change: SetChange,
}

/// The public key that a validator votes with: ed25519, in hexadecimal in JSON. It is not the account's key.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
pub struct ValidatorKey(#[serde(with = "hex::serde")] pub [u8; 32]);

impl fmt::Display for ValidatorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A vote of its weight.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// The account whose vote it is.
    pub account: AccountId,
    /// The key that the votes are signed with.
    pub key: ValidatorKey,
    /// The weight of the vote.
    pub weight: u64,
}

impl Validator {
    /// In the order of their weights, accounts or keys; one function for all orders takes less room in a page.
    pub(crate) fn sort(all: &mut [Self], by: fn(&Self) -> (Reverse<u64>, [u8; 32])) {
        all.sort_unstable_by_key(by);
    }
}

/// The rule by which the validators change.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum SetChange {
    /// Organisers appoint and remove them.
    Appointed {
        /// The number of organisers who must sign the same.
        quorum: Quorum,
    } = 0,
    /// The weight is the chips that an account has staked.
    Stake {
        /// The time that unstaked chips wait before they are free, in seconds.
        wait_s: u32,
        /// The part of the stake that an equivocation (a double vote) costs, in percent.
        cut_percent: u8,
    } = 1,
}

/// The proof that the header of a block needs. The consensus of a pool decides it here, and nobody else asks the consensus
/// about headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockProof {
    /// Its hash is at or below the target that this rule asks for.
    Work(TargetRule),
    /// Validators have signed it; their certificate stands beside the block. The target is the easiest that there is, so
    /// that the work of a chain is its length, and any hash will do.
    Certificate,
}

impl Genesis {
    /// The proof that the headers of this pool need.
    #[must_use]
    pub const fn proof(&self) -> BlockProof {
        match self.consensus {
            Consensus::Pow | Consensus::Hybrid(_) => BlockProof::Work(self.target),
            Consensus::Pos(_) => BlockProof::Certificate,
        }
    }
}

impl Genesis {
    /// The most that a block's time may be ahead of a node's clock, in seconds.
    #[must_use]
    pub fn most_ahead_s(&self) -> u32 {
        match &self.consensus {
            Consensus::Hybrid(rules) => self.max_future_s.min(rules.voting.clock_s),
            Consensus::Pow | Consensus::Pos(_) => self.max_future_s,
        }
    }
}

impl BlockProof {
    /// The compact target of the first block.
    #[must_use]
    pub fn initial_bits(self) -> CompactTarget {
        match self {
            Self::Work(rule) => rule.initial_bits(),
            Self::Certificate => Target::MAX.to_compact_lossy(),
        }
    }

    /// Whether validators prove a header, one after the other; else its work does.
    #[must_use]
    pub fn is_certified(self) -> bool {
        self == Self::Certificate
    }

    /// Whether a header with this hash needs no more than the certificate, if any.
    ///
    /// # Rule B1: a block's hash is at or below its target, unless a certificate proves it.
    #[must_use]
    pub fn is_met_by(self, header: &Header, hash: BlockHash) -> bool {
        self == Self::Certificate || header.target().is_met_by(hash)
    }
}

impl Consensus {
    /// Its name in files and answers.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Pow => "pow",
            Self::Pos(_) => "pos",
            Self::Hybrid(_) => "hybrid",
        }
    }

    /// Whether blocks are mined: by anybody, and proven by work.
    #[must_use]
    pub const fn mines(&self) -> bool {
        matches!(self, Self::Pow | Self::Hybrid(_))
    }

    /// Whether blocks are mined and made final by validators' votes, some time later.
    #[must_use]
    pub const fn votes_on_mined(&self) -> bool {
        matches!(self, Self::Hybrid(_))
    }

    /// The number of seconds after its own time from which on validators refuse a mined block as late, if they do.
    #[must_use]
    pub const fn refuses_after_s(&self) -> Option<u32> {
        match self {
            Self::Hybrid(hybrid) => Some(hybrid.grace_s),
            Self::Pow | Self::Pos(_) => None,
        }
    }

    /// The time after which validators make a block even where nothing happens, in seconds.
    #[must_use]
    pub const fn heartbeat_s(&self) -> Option<u32> {
        match self {
            Self::Pos(pos) => Some(pos.heartbeat_s),
            Self::Pow | Self::Hybrid(_) => None,
        }
    }

    /// The validators and the rules of voting, where somebody votes.
    #[must_use]
    pub const fn voting(&self) -> Option<&Voting> {
        match self {
            Self::Pow => None,
            Self::Pos(pos) => Some(&pos.voting),
            Self::Hybrid(hybrid) => Some(&hybrid.voting),
        }
    }

    /// The validators of the first height; none where nobody votes.
    #[must_use]
    pub fn validators(&self) -> &[Validator] {
        self.voting().map_or(&[], |voting| &voting.validators)
    }

    /// The rule by which the validators change, where there are any.
    #[must_use]
    pub fn set_change(&self) -> Option<SetChange> {
        self.voting().map(|voting| voting.change)
    }

    /// Checks the ranges, in a pool of so many organisers.
    pub(crate) fn check(&self, organisers: u64) -> Result<(), GenesisError> {
        match self {
            Self::Pow => {}
            Self::Pos(pos) => ranges! { pos; heartbeat_s: 10, 30 * 86_400; },
            Self::Hybrid(hybrid) => ranges! { hybrid;
                grace_s: 1, 3_600;
                kept_s: 1, 3_600;
                there_s: 1, 3_600;
                patience_s: 10, 86_400;
            },
        }
        self.voting()
            .map_or(Ok(()), |voting| voting.check(organisers))
    }
}

impl Hybrid {
    /// The values of a new pool in which organisers appoint the validators.
    #[must_use]
    pub fn appointed(validators: impl IntoIterator<Item = Validator>) -> Self {
        Self {
            voting: Pos::appointed(validators).voting,
            grace_s: 30,
            kept_s: 30,
            there_s: 10,
            patience_s: 120,
        }
    }
}

impl Pos {
    /// The values of a new pool in which organisers appoint the validators.
    #[must_use]
    pub fn appointed(validators: impl IntoIterator<Item = Validator>) -> Self {
        Self {
            voting: Voting {
                clock_s: 5,
                propose_ms: 600,
                vote_ms: 300,
                round_ms: 10_000,
                validators: validators.into_iter().collect(),
                change: SetChange::Appointed {
                    quorum: Quorum::of(1),
                },
            },
            heartbeat_s: 86_400,
        }
    }
}

impl Voting {
    fn check(&self, organisers: u64) -> Result<(), GenesisError> {
        ranges! { self;
            clock_s: 1, 600;
            propose_ms: 50, 60_000;
            vote_ms: 50, 60_000;
            round_ms: self.propose_ms.max(self.vote_ms).into(), 600_000;
        }
        range(
            "validators",
            count(self.validators.len()),
            1,
            count(MAX_VALIDATORS),
        )?;
        let (mut accounts, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for validator in &self.validators {
            range("weight", validator.weight, 1, MAX_WEIGHT)?;
            let weak = validator.account.is_weak() || AccountId(validator.key.0).is_weak();
            let twice = !accounts.insert(validator.account.0) || !keys.insert(validator.key.0);
            if weak || twice {
                return Err(GenesisError::Validator {
                    got: validator.account,
                    what: if weak {
                        "has a key of small order: anyone could sign for it"
                    } else {
                        "or its key stands there twice, wanted each once"
                    },
                });
            }
        }
        match self.change {
            SetChange::Appointed { quorum } => quorum.check("quorum", 1, organisers),
            SetChange::Stake {
                wait_s,
                cut_percent,
            } => {
                range("wait_s", wait_s.into(), 0, 90 * 86_400)?;
                range("cut_percent", cut_percent.into(), 0, 100)
            }
        }
    }
}
