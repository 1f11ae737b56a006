//! The genesis document: every rule of a pool. Its header's hash is the pool's identity.

mod check;
mod consensus;
mod days;
mod quorum;

pub(crate) use check::{MAX_CHIPS, MAX_ORGANISERS, count, each_once, range, ranges};
pub use consensus::{
    BlockProof, Consensus, Hybrid, Pos, SetChange, Validator, ValidatorKey, Voting,
};
pub(crate) use consensus::{MAX_VALIDATORS, MAX_WEIGHT};
pub use days::{Bounds, MatchDay};
pub use quorum::Quorum;

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    codec::{encode, known},
    fixture::{Fixture, MatchNo},
    hashes::{BlockHash, PoolId, sha256d},
    header::Header,
    json::{JsonError, from_file, tagged},
    outcome::Status,
    pow::{CompactTarget, Target},
    rules::{BetMode, Rules},
    state::{Vote, deadline},
    text::Text,
    units::{Chips, UnixSeconds},
};

/// The version of a document without optional rules. One that this crate does not know is refused, not guessed at.
pub const GENESIS_VERSION: u16 = 1;
/// The version of a document that ends with the optional rules that the pool has chosen.
const VERSION_WITH_FEATURES: u16 = 2;

/// The rule that says who may join a pool.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Membership {
    /// Any account may join.
    Open = 0,
    /// Accounts with a ticket that an organiser signed may join.
    Invite = 1,
}

/// The rule for the target, which says how hard a block is to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum TargetRule {
    /// Always the same. The article's `0000` is 16.
    Fixed {
        /// Leading zero bits of a valid hash, 1 to 128.
        zero_bits: u8,
    },
    /// ASERT (aserti3-2d of Bitcoin Cash): the target follows the pace of the blocks.
    Asert {
        /// Leading zero bits of the first blocks, 1 to 128.
        zero_bits_at_start: u8,
        /// The pace aimed at, in seconds.
        block_interval_s: u32,
        /// The lead over the pace that halves the target, in seconds.
        half_life_s: u32,
    },
}

impl<'de> Deserialize<'de> for TargetRule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        enum Rule {
            Fixed {
                zero_bits: u8,
            },
            Asert {
                zero_bits_at_start: u8,
                block_interval_s: u32,
                half_life_s: u32,
            },
        }
        Ok(match tagged("rule", from)? {
            Rule::Fixed { zero_bits } => Self::Fixed { zero_bits },
            Rule::Asert {
                zero_bits_at_start,
                block_interval_s,
                half_life_s,
            } => Self::Asert {
                zero_bits_at_start,
                block_interval_s,
                half_life_s,
            },
        })
    }
}

/// Sizes and counts that bound what anybody can make a node hold.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Longest block, in bytes.
    pub block_bytes: u32,
    /// Most transactions in a block, coinbase aside.
    pub block_transactions: u32,
    /// Longest transaction, in bytes.
    pub transaction_bytes: u32,
    /// Most transactions of one account that wait in a node.
    pub pending_per_account: u32,
    /// Most matches in the pool.
    pub matches: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            block_bytes: 1_000_000,
            block_transactions: 5_000,
            transaction_bytes: 4_096,
            pending_per_account: 64,
            matches: 2_048,
        }
    }
}

impl Limits {
    /// The longest block, in bytes.
    #[must_use]
    pub fn block_bytes_max(&self) -> usize {
        usize::try_from(self.block_bytes).unwrap_or(usize::MAX)
    }

    /// The most transactions in a block.
    #[must_use]
    pub fn transactions_max(&self) -> usize {
        usize::try_from(self.block_transactions).unwrap_or(usize::MAX)
    }

    /// The longest transaction, in bytes.
    #[must_use]
    pub fn transaction_bytes_max(&self) -> usize {
        usize::try_from(self.transaction_bytes).unwrap_or(usize::MAX)
    }
}

/// A pool's rules. Whoever joins signs the hash of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// [`Rules::genesis_version`].
    pub version: u16,
    /// The name of the pool.
    pub name: Text<64>,
    /// When it was made; the time of block 0.
    pub created: UnixSeconds,
    /// The consensus, by which blocks become final.
    pub consensus: Consensus,
    /// The rule for the target, which says how hard blocks are to find.
    pub target: TargetRule,
    /// The most that a block's time may lie ahead of a node's clock, in seconds.
    pub max_future_s: u32,
    /// Bounds on sizes.
    pub limits: Limits,
    /// The bounds on what one account, and all who join, may add in a time; `None`: no such bound.
    pub bounds: Option<Bounds>,
    /// The rule that says who may join.
    pub membership: Membership,
    /// Chips that a player gets on joining.
    pub starting_chips: Chips,
    /// The rules that the pool is played by.
    pub rules: Rules,
    /// The accounts that may schedule matches and record results.
    pub organisers: Vec<AccountId>,
    /// The matches known from the start.
    pub matches: Vec<Fixture>,
    /// The days known from the start of matches without a time, whose betting ends when the day begins; `None`: a match
    /// without a time has no day.
    pub days: Option<Vec<MatchDay>>,
}

impl BorshSerialize for Genesis {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        let fields = (
            &self.version,
            &self.name,
            &self.created,
            &self.consensus,
            &self.target,
            &self.max_future_s,
            &self.limits,
            &self.bounds,
            &self.membership,
            &self.starting_chips,
            &self.rules,
            &self.organisers,
            &self.matches,
            &self.days,
        );
        BorshSerialize::serialize(&fields, writer)?;
        if self.version == VERSION_WITH_FEATURES {
            BorshSerialize::serialize(&self.rules.features, writer)?;
        }
        Ok(())
    }
}

impl BorshDeserialize for Genesis {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        fn next<T: BorshDeserialize>(reader: &mut impl io::Read) -> io::Result<T> {
            T::deserialize_reader(reader)
        }
        let mut genesis = Self {
            version: read_version(reader)?,
            name: next(reader)?,
            created: next(reader)?,
            consensus: known::<3, _, _>(reader)?,
            target: known::<2, _, _>(reader)?,
            max_future_s: next(reader)?,
            limits: next(reader)?,
            bounds: next(reader)?,
            membership: next(reader)?,
            starting_chips: next(reader)?,
            rules: next(reader)?,
            organisers: next(reader)?,
            matches: next(reader)?,
            days: next(reader)?,
        };
        if genesis.version == VERSION_WITH_FEATURES {
            genesis.rules.features = next(reader)?;
        }
        Ok(genesis)
    }
}

/// Why a document is no genesis.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum GenesisError {
    #[error(
        "got rules of version {got}, this program knows versions {GENESIS_VERSION} and {VERSION_WITH_FEATURES}: use a newer program"
    )]
    Version { got: u16 },
    #[error(
        "got rules of version {got}, wanted version {wanted}: rules with optional ones have version {VERSION_WITH_FEATURES}, others {GENESIS_VERSION}"
    )]
    OtherVersion { got: u16, wanted: u16 },
    #[error(
        "got rules that this program cannot read ({reason}): correct them, or use a newer program"
    )]
    Unreadable { reason: String },
    #[error("got the validator {got}, who {what}")]
    Validator { got: AccountId, what: &'static str },
    #[error(
        "got a day for match number {no}, wanted one for each match without a kick-off at most"
    )]
    Day { no: MatchNo },
    #[error("got {what} = {got}, wanted {min} to {max}")]
    Range {
        what: &'static str,
        got: u64,
        min: u64,
        max: u64,
    },
    #[error("got the round or stage `{written}`, but the fixtures have {known}")]
    UnknownRound { written: String, known: String },
    #[error("got two {table} for `{stage}`, wanted one")]
    StageTwice { table: &'static str, stage: String },
    #[error(
        "the round `{round}` has matches of more stages than `{stage}`: give it {table} of its own"
    )]
    RoundOfMore {
        table: &'static str,
        round: String,
        stage: String,
    },
    #[error("got the optional rule `{name}`, {problem}")]
    OptionalRule {
        name: &'static str,
        problem: &'static str,
    },
    #[error("got {what} `{got}` twice, wanted each once")]
    Twice { what: &'static str, got: String },
    #[error(
        "got organisers_quorum = 1, wanted two-once-two, as other things want: else one of two organisers could remove the other and sign \
         with nobody else"
    )]
    OneRemoves,
    #[error("got the organiser {got}, whose key is of small order: anyone could sign for it")]
    WeakOrganiser { got: AccountId },
    #[error("got a text that is not a genesis document: {reason}")]
    Json { reason: String },
}

impl TargetRule {
    /// The compact target of genesis and of the first block.
    #[must_use]
    pub fn initial_bits(&self) -> CompactTarget {
        let (Self::Fixed { zero_bits }
        | Self::Asert {
            zero_bits_at_start: zero_bits,
            ..
        }) = *self;
        let mut bytes = [0xff; 32];
        for (index, byte) in (0_u32..).zip(&mut bytes) {
            let zeros = u32::from(zero_bits).saturating_sub(8 * index);
            *byte = 0xff_u8.checked_shr(zeros).unwrap_or(0);
        }
        Target::from_be_bytes(bytes).to_compact_lossy()
    }
}

impl Genesis {
    /// Reads a genesis file and checks it.
    pub fn from_json(text: &str) -> Result<Self, GenesisError> {
        let genesis: Self = from_file(text).map_err(|error| unread(text, &error))?;
        genesis.check()?;
        Ok(genesis)
    }

    /// Whether a seal can be opened by keepers while its player is away: bets are sealed, there are validators to be keepers, and
    /// anybody may open.
    #[must_use]
    pub fn has_keepers(&self) -> bool {
        self.rules.bets == BetMode::Sealed
            && self.rules.anybody_opens
            && self.consensus.voting().is_some()
    }

    /// The end of betting on a match of genesis, as long as nobody moves it.
    #[must_use]
    pub fn planned_deadline(&self, no: MatchNo) -> Option<UnixSeconds> {
        let fixture = self.matches.iter().find(|game| game.no == no)?;
        let days = self.days.iter().flatten();
        let day = { days }.find(|day| day.match_no == no).map(MatchDay::day);
        deadline(fixture, day, self.rules.deadline_lead_s)
    }

    /// The number of organisers who must sign this vote alike until it takes effect, while there are so many.
    #[must_use]
    pub fn quorum(&self, vote: &Vote, organisers: usize) -> u8 {
        let rules = &self.rules;
        let quorum = match vote {
            // # Rule S19: where a change that lets betting end later needs notice, putting off is signed by as many as a schedule.
            Vote::Result(outcome) if outcome.status == Status::Postponed && rules.notice_s > 0 => {
                rules.results_quorum.max(rules.schedule_quorum)
            }
            Vote::Result(_) => rules.results_quorum,
            Vote::Appoint(_) => self.appoint_quorum(),
            Vote::Organiser { .. } => rules.organisers_quorum,
            Vote::Address(_) => self.address_quorum(),
            // # Rule X4: since a question gives points.
            Vote::Question(_) => rules.results_quorum.max(rules.schedule_quorum),
            Vote::Schedule(_) | Vote::Day(_) => rules.schedule_quorum,
        };
        quorum.among(organisers)
    }

    /// The quorum that appoints validators; 0 where none does.
    fn appoint_quorum(&self) -> Quorum {
        match self.consensus.set_change() {
            Some(SetChange::Appointed { quorum }) => quorum,
            _ => Quorum::of(0),
        }
    }

    /// # Rule S20: as many sign the address of the page as sign who organises, or, where organisers stay as they are, as the larger of
    /// # the other two quorums says.
    #[must_use]
    pub fn address_quorum(&self) -> Quorum {
        let rules = &self.rules;
        if rules.organisers_quorum == Quorum::of(0) {
            return rules.schedule_quorum.max(rules.results_quorum);
        }
        rules.organisers_quorum
    }

    /// The largest quorum of what organisers sign besides who organises.
    #[must_use]
    pub fn signing_quorum(&self) -> Quorum {
        let rules = &self.rules;
        let signing = rules.schedule_quorum.max(rules.results_quorum);
        signing.max(self.appoint_quorum())
    }

    /// The fewest organisers with whom everything can still be signed.
    #[must_use]
    pub fn fewest_organisers(&self) -> u8 {
        let quorums = [
            self.rules.schedule_quorum,
            self.rules.results_quorum,
            self.rules.organisers_quorum,
            self.appoint_quorum(),
        ];
        quorums.map(Quorum::least).into_iter().fold(1, u8::max)
    }

    /// The genesis file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("maps with text keys are always JSON")
    }

    /// The header of block 0: its Merkle root is the double SHA-256 of the whole encoded document.
    #[must_use]
    pub fn header(&self) -> Header {
        Header {
            version: 1,
            previous: BlockHash::default(),
            merkle_root: sha256d(&encode(self)),
            time: u32::try_from(self.created.0).unwrap_or(u32::MAX),
            bits: self.target.initial_bits().to_consensus(),
            nonce: 0,
        }
    }

    /// The pool's identity: the hash of block 0.
    #[must_use]
    pub fn pool_id(&self) -> PoolId {
        PoolId(self.header().hash().0)
    }

    /// The built-in pool of the betting article: the semi-finals of the 2019 Nations League, kick-off not
    /// scheduled, open to all, hashes that begin with `0000`.
    #[must_use]
    pub fn article() -> Self {
        Self::from_json(include_str!("genesis/article.json")).expect("a test reads it")
    }
}

/// Why a text was not read as a genesis: it may be of a version that has other fields.
#[cold]
fn unread(text: &str, error: &JsonError) -> GenesisError {
    /// The part of a genesis document that every version has.
    #[derive(Deserialize)]
    struct Head {
        version: u16,
    }
    match from_file(text) {
        Ok(Head { version }) => {
            check_version(version)
                .err()
                .unwrap_or_else(|| GenesisError::Unreadable {
                    reason: error.to_string(),
                })
        }
        Err(error) => GenesisError::Json {
            reason: error.to_string(),
        },
    }
}

impl Rules {
    /// The version of a genesis document with these rules.
    #[must_use]
    pub fn genesis_version(&self) -> u16 {
        if self.features.is_empty() {
            GENESIS_VERSION
        } else {
            VERSION_WITH_FEATURES
        }
    }
}

fn check_version(got: u16) -> Result<(), GenesisError> {
    match got {
        GENESIS_VERSION | VERSION_WITH_FEATURES => Ok(()),
        _ => Err(GenesisError::Version { got }),
    }
}

fn read_version<R: io::Read>(reader: &mut R) -> io::Result<u16> {
    let version = u16::deserialize_reader(reader)?;
    check_version(version)
        .map_err(|error| io::Error::new(io::ErrorKind::Unsupported, error.to_string()))?;
    Ok(version)
}
