//! The pool's file beside genesis: what a person writes of a pool's rules, each over its default, and the genesis that it
//! makes. `docs/rules-example.toml` shows every key. Reading TOML, or a form of a page, is the caller's.

mod added;
mod blocks;
mod games;
mod over;
mod stages;
mod written;

use serde::Deserialize;
use thiserror::Error;

use self::written::{base, length_of, quorum, target};
pub use self::{
    added::{BoundsTable, BoundsWritten},
    blocks::{ChangeBy, Makers},
    stages::StageTable,
    written::{QuorumWritten, seconds},
};
use crate::{
    account::AccountId,
    actions::{Features, NextRule},
    base::Base,
    fixture::Fixture,
    genesis::{Consensus, GENESIS_VERSION, Genesis, GenesisError, Limits, Membership, TargetRule},
    round::Round,
    rules::{BetMode, NobodyRight, Rules},
    scoring::{PRESETS, Scoring, preset},
    text::Text,
    tie_break::TieBreak,
    units::{Chips, UnixSeconds},
};

/// The scheme of a pool that brings its own points.
const CUSTOM: &str = "custom";

/// The target of pools that choose none.
///
/// At 24 bits a block takes 17 million hashes, which within the minute aimed at is 0.3 MH/s: the slowest single core
/// keeps the pace from the first block on. Quicker machines are ahead of it for the first blocks only: sixty blocks
/// too early (an hour ahead) halve the target.
pub const DEFAULT_TARGET: TargetRule = TargetRule::Asert {
    zero_bits_at_start: 24,
    block_interval_s: 60,
    half_life_s: 3_600,
};

/// The chips of whoever joins a pool that says nothing of them.
const STARTING_CHIPS: Chips = Chips(1_000);

/// A pool file as it is written; what it leaves out is left to the defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(
    missing_docs,
    reason = "`Genesis` and `Rules` say what each of them means"
)]
pub struct PoolFile {
    pub membership: Option<Membership>,
    #[serde(alias = "chips")]
    pub starting_chips: Option<u64>,
    pub consensus: Option<Makers>,
    pub change: Option<ChangeBy>,
    #[serde(default, deserialize_with = "quorum")]
    pub appoint: Option<QuorumWritten>,
    #[serde(default, deserialize_with = "length_of")]
    pub stake_wait: Option<u32>,
    pub stake_cut: Option<u8>,
    #[serde(default, alias = "clock_s", deserialize_with = "length_of")]
    pub clock: Option<u32>,
    pub propose_ms: Option<u32>,
    pub vote_ms: Option<u32>,
    pub round_ms: Option<u32>,
    #[serde(default, alias = "heartbeat_s", deserialize_with = "length_of")]
    pub heartbeat: Option<u32>,
    #[serde(default, alias = "grace_s", deserialize_with = "length_of")]
    pub grace: Option<u32>,
    #[serde(default, alias = "kept_s", deserialize_with = "length_of")]
    pub kept: Option<u32>,
    #[serde(default, alias = "there_s", deserialize_with = "length_of")]
    pub there: Option<u32>,
    #[serde(default, alias = "patience_s", deserialize_with = "length_of")]
    pub patience: Option<u32>,
    #[serde(default, deserialize_with = "target")]
    pub target: Option<TargetRule>,
    #[serde(default, alias = "max_future_s", deserialize_with = "length_of")]
    pub max_future: Option<u32>,
    #[serde(rename = "tips")]
    pub bets: Option<BetMode>,
    #[serde(default, alias = "deadline_lead_s", deserialize_with = "length_of")]
    pub deadline_lead: Option<u32>,
    #[serde(default, alias = "opening_window_s", deserialize_with = "length_of")]
    pub opening_window: Option<u32>,
    pub later_kickoff_reopens: Option<bool>,
    #[serde(default, alias = "results_quorum", deserialize_with = "quorum")]
    pub results: Option<QuorumWritten>,
    #[serde(default, alias = "schedule_quorum", deserialize_with = "quorum")]
    pub schedules: Option<QuorumWritten>,
    #[serde(default, alias = "dispute_window_s", deserialize_with = "length_of")]
    pub dispute_window: Option<u32>,
    /// The name of a game: what is not said here is as there.
    pub game: Option<String>,
    /// The name of a preset, or `custom` with a table `scoring`.
    pub scheme: Option<String>,
    pub scoring: Option<Scoring>,
    #[serde(default, deserialize_with = "base")]
    pub base: Option<Base>,
    pub awarded_counts: Option<bool>,
    pub tie_breaks: Option<Vec<TieBreak>>,
    pub stake_min: Option<u64>,
    pub stake_max: Option<u64>,
    pub nobody_right: Option<NobodyRight>,
    pub transfers: Option<bool>,
    #[serde(rename = "short_tips_void")]
    pub short_bets_void: Option<bool>,
    pub put_off_stays_open: Option<bool>,
    #[serde(default, alias = "notice_s", deserialize_with = "length_of")]
    pub reopen_notice: Option<u32>,
    pub anybody_opens: Option<bool>,
    #[serde(default, alias = "organisers_quorum", deserialize_with = "quorum")]
    pub organisers: Option<QuorumWritten>,
    pub bounds: Option<BoundsWritten>,
    #[serde(default)]
    pub features: Features,
    #[serde(default)]
    pub stages: Vec<StageTable>,
}

/// Why a file makes no genesis.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum PoolFileError {
    #[error("{what}: got {got}, wanted as many as the organisers, {organisers}, or fewer")]
    Quorum {
        what: &'static str,
        got: QuorumWritten,
        organisers: usize,
    },
    #[error(
        "got `{key}`, which says how validators vote or change, but blocks are mined in this pool and nobody votes on them: leave it out, or say consensus = \"pos\""
    )]
    NoValidators { key: &'static str },
    #[error(
        "a target says how hard blocks are to find, and nobody mines where validators make them (consensus `pos`): leave one of the two out"
    )]
    NobodyMines,
    #[error("got `{key}`, which goes with consensus = \"{of}\": leave it out, or say that")]
    OtherConsensus { key: &'static str, of: &'static str },
    #[error("{source}: change that line, or leave it out for what is usual")]
    Consensus { source: GenesisError },
    #[error("got `{key}`, which goes with change = \"{of}\": leave it out, or say that")]
    OtherChange { key: &'static str, of: &'static str },
    #[error("the scheme is `{CUSTOM}` but no points are there: give them in a table [scoring]")]
    NoPoints,
    #[error(
        "got the scheme `{scheme}` and a table [scoring], wanted one of the two: leave one out, or say scheme = \"{CUSTOM}\""
    )]
    TwoSchemes { scheme: String },
    #[error("got the scheme `{scheme}`, wanted {} or {CUSTOM}", schemes().join(", "))]
    Scheme { scheme: String },
    #[error("got the game `{game}`, wanted {}", PoolFile::GAMES.join(" or "))]
    Game { game: String },
    #[error(transparent)]
    Genesis(#[from] GenesisError),
}

impl PoolFile {
    /// The same rules of a pool that comes after another one.
    #[must_use]
    pub fn coming_after(mut self, rule: NextRule) -> Self {
        self.features.next = Some(rule);
        self
    }

    /// The genesis of a pool by this file: of the newest version, checked. Where the file does not say, friends alone join, by invitation,
    /// and the rules are those [of new pools](Rules::of_new_pools).
    pub fn genesis(
        &self,
        name: Text<64>,
        created: UnixSeconds,
        organisers: Vec<AccountId>,
        matches: Vec<Fixture>,
        rounds: &[Round],
    ) -> Result<Genesis, PoolFileError> {
        let mut genesis = Genesis {
            version: GENESIS_VERSION,
            name,
            created,
            consensus: Consensus::Pow,
            target: DEFAULT_TARGET,
            max_future_s: 120,
            limits: Limits::default(),
            membership: Membership::Invite,
            starting_chips: STARTING_CHIPS,
            rules: Rules::of_new_pools(organisers.len()),
            organisers,
            matches,
            bounds: Some(added::BOUNDS),
            days: Some(Vec::new()),
        };
        self.apply(&mut genesis, rounds)?;
        genesis.check()?;
        Ok(genesis)
    }

    /// Puts the rules into a genesis that has its organisers.
    pub fn apply(&self, genesis: &mut Genesis, rounds: &[Round]) -> Result<(), PoolFileError> {
        self.over_game(rounds)?.put(genesis, rounds)
    }

    fn put(&self, genesis: &mut Genesis, rounds: &[Round]) -> Result<(), PoolFileError> {
        let points = self.points()?;
        let organisers = genesis.organisers.len();
        let among = |what, quorum| Self::among(what, quorum, organisers);
        set(&mut genesis.membership, self.membership);
        set(&mut genesis.starting_chips, self.starting_chips.map(Chips));
        set(&mut genesis.target, self.target);
        set(&mut genesis.max_future_s, self.max_future);
        let rules = &mut genesis.rules;
        set(&mut rules.bets, self.bets);
        set(&mut rules.deadline_lead_s, self.deadline_lead);
        set(&mut rules.opening_window_s, self.opening_window);
        set(&mut rules.later_kickoff_reopens, self.later_kickoff_reopens);
        set(&mut rules.dispute_window_s, self.dispute_window);
        set(&mut rules.results_quorum, among("results", self.results)?);
        set(
            &mut rules.schedule_quorum,
            among("schedules", self.schedules)?,
        );
        set(&mut rules.scoring, points);
        set(&mut rules.base, self.base);
        set(&mut rules.awarded_counts, self.awarded_counts);
        set(&mut rules.stake_min, self.stake_min.map(Chips));
        set(&mut rules.stake_max, self.stake_max.map(Chips));
        set(&mut rules.nobody_right, self.nobody_right);
        set(&mut rules.tie_breaks, self.tie_breaks.clone());
        rules.stages = stages::rules(&self.stages, rules.base, rounds)?;
        set(&mut rules.transfers, self.transfers);
        set(&mut rules.short_bets_void, self.short_bets_void);
        set(&mut rules.put_off_stays_open, self.put_off_stays_open);
        set(&mut rules.notice_s, self.reopen_notice);
        set(&mut rules.anybody_opens, self.anybody_opens);
        rules.features = self.features.clone().of_rounds(rounds)?;
        genesis.version = rules.genesis_version();
        rules.organisers_quorum = self.organisers_quorum(rules, organisers)?;
        if let Some(bounds) = self.bounds {
            genesis.bounds = bounds.bounds(genesis.bounds);
        }
        Ok(())
    }

    fn points(&self) -> Result<Option<Scoring>, PoolFileError> {
        match (self.scheme.as_deref(), self.scoring) {
            (None, points) => Ok(points),
            (Some(CUSTOM), Some(points)) => Ok(Some(points)),
            (Some(CUSTOM), None) => Err(PoolFileError::NoPoints),
            (Some(name), Some(_)) => Err(PoolFileError::TwoSchemes {
                scheme: name.to_owned(),
            }),
            (Some(name), None) => preset(name).map(Some).ok_or_else(|| PoolFileError::Scheme {
                scheme: name.to_owned(),
            }),
        }
    }
}

/// The names of the presets.
fn schemes() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

fn set<T>(there: &mut T, chosen: Option<T>) {
    if let Some(chosen) = chosen {
        *there = chosen;
    }
}
