//! What is played: matches as they were played, moved to now, and the rules of the pool over them.

use anyhow::Context as _;
use bolao_fixtures::{Competition, ImportOptions, import, pool};
use bolao_ledger::{
    AccountId, Base, Consensus, Fixture, Genesis, Outcome, PoolFile, Pos, Quorum, StageRule, Text,
    UnixSeconds, Validator,
};
use clap::ValueEnum;

/// Chips that everybody starts with.
pub(crate) const CHIPS: u64 = 1_000;
/// The largest stake of a bet.
pub(crate) const MOST_STAKED: u64 = 200;
/// The number of organisers who must sign the same result.
pub(crate) const RESULTS_QUORUM: u8 = 2;

/// The notice of questions and later kick-offs that organisers must give, in seconds: as quick as the rest.
const NOTICE_S: u32 = 3;

/// From the beginning of the pool to the first kick-off that is planned, in seconds: more than the notice that the rules ask for,
/// so that organisers may plan on while people bet.
const PLANNED_S: u64 = 24 * 3_600;

/// The tournaments that can be played
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Which {
    /// The four matches of June 2019: about a minute
    #[value(name = "nations-league-2019")]
    NationsLeague2019,
    /// All 104 matches, round by round: about a minute
    #[value(name = "world-cup-2026")]
    WorldCup2026,
}

/// A match of the tournament.
#[derive(Clone, Debug)]
pub(crate) struct Game {
    /// As it was played; its kick-off is the planned one, if it is planned.
    pub(crate) fixture: Fixture,
    /// As genesis has it.
    pub(crate) before: Fixture,
    /// The outcome of the match.
    pub(crate) outcome: Outcome,
    /// When it was played, which orders the rounds.
    pub(crate) played: i64,
}

impl Game {
    pub(crate) fn no(&self) -> bolao_ledger::MatchNo {
        self.fixture.no
    }

    pub(crate) fn code(&self) -> &str {
        self.fixture.code.as_str()
    }

    /// The names of both teams, such as `Portugal–Switzerland`.
    pub(crate) fn teams(&self) -> String {
        let (home, away) = (&self.fixture.home.name, &self.fixture.away.name);
        format!("{}–{}", home.as_str(), away.as_str())
    }

    /// Gives the fixture that an organiser signs to move the kick-off, and the teams where they were open.
    pub(crate) fn at(&self, kickoff: UnixSeconds) -> Fixture {
        Fixture {
            kickoff: Some(kickoff),
            ..self.fixture.clone()
        }
    }
}

/// `1–1 after 90 minutes, 3–1 after extra time`.
pub(crate) fn words(outcome: &Outcome) -> String {
    let parts = [
        (outcome.after_90, "after 90 minutes"),
        (outcome.after_120, "after extra time"),
        (outcome.shootout, "on penalties"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter_map(|(score, when)| {
            let score = score?;
            Some(format!("{}–{} {when}", score.home(), score.away()))
        })
        .collect();
    parts.join(", ")
}

/// The demo's rules for one tournament, besides those that are the same for all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// For how long after kick-off seals may be opened, in seconds.
    pub(crate) opening_window_s: u32,
    /// For how long a result may be corrected, in seconds.
    pub(crate) dispute_window_s: u32,
    /// Stages whose points count more than once.
    pub(crate) multipliers: &'static [(&'static str, u8)],
}

/// The matches and the pool over them.
#[derive(Clone, Debug)]
pub(crate) struct Tournament {
    pub(crate) which: Which,
    pub(crate) name: String,
    pub(crate) games: Vec<Game>,
    pub(crate) pace: Pace,
}

/// Reads a file that is part of the program.
pub(crate) fn read(file: &str) -> anyhow::Result<Competition> {
    import(file, &ImportOptions::default()).context("the demo's own fixtures cannot be read")
}

/// A match of a file as it was played, numbered; what the file calls its round is its stage.
pub(crate) fn game(no: u16, found: &bolao_fixtures::Fixture) -> anyhow::Result<Game> {
    let mut fixture = pool::fixture(no, found, UnixSeconds(0))?;
    fixture.kickoff = None;
    let outcome = pool::outcome(found)
        .with_context(|| format!("the demo's match {} has no score", found.code))?
        .map_err(anyhow::Error::msg)?;
    Ok(Game {
        before: fixture.clone(),
        fixture,
        outcome,
        played: found.kickoff.map_or(0, |at| at.0),
    })
}

impl Tournament {
    /// Plans the matches of a pool that begins now: as far apart as they were played, the first of them a day from now.
    pub(crate) fn plan(&mut self, now: UnixSeconds) {
        let first = self.games.iter().map(|game| game.played).min().unwrap_or(0);
        for game in &mut self.games {
            let after = game.played.abs_diff(first);
            let kickoff = UnixSeconds(now.0.saturating_add(PLANNED_S).saturating_add(after));
            game.before.kickoff = Some(kickoff);
            game.fixture.kickoff = Some(kickoff);
        }
    }

    /// The rules of a pool over it that begins now.
    pub(crate) fn genesis(
        &self,
        organisers: Vec<AccountId>,
        validators: Vec<Validator>,
        now: UnixSeconds,
    ) -> anyhow::Result<Genesis> {
        let stages = self.pace.multipliers.iter().map(|(stage, multiplier)| {
            Ok(StageRule {
                stage: Text::new(*stage)?,
                base: Base::After90,
                multiplier: *multiplier,
            })
        });
        let file = PoolFile {
            starting_chips: Some(CHIPS),
            opening_window: Some(self.pace.opening_window_s),
            dispute_window: Some(self.pace.dispute_window_s),
            stake_max: Some(MOST_STAKED),
            ..PoolFile::default()
        };
        let name = Text::new(self.name.as_str())?;
        let matches = self.games.iter().map(|game| game.before.clone()).collect();
        let mut genesis = file.genesis(name, now, organisers, matches, &[])?;
        genesis.consensus = Consensus::Pos(Pos::appointed(validators));
        genesis.rules.results_quorum = Quorum::of(RESULTS_QUORUM);
        genesis.rules.schedule_quorum = Quorum::of(1);
        genesis.rules.notice_s = NOTICE_S;
        genesis.rules.stages = stages.collect::<anyhow::Result<_>>()?;
        genesis.check()?;
        Ok(genesis)
    }

    /// The match with a code.
    pub(crate) fn game(&self, code: &str) -> anyhow::Result<&Game> {
        self.games
            .iter()
            .find(|game| game.code() == code)
            .with_context(|| format!("the demo's fixtures have no match {code}"))
    }

    /// The rounds in the order in which they were played, each with its matches in order of their numbers.
    pub(crate) fn rounds(&self) -> Vec<(&str, Vec<&Game>)> {
        let mut rounds: Vec<(&str, Vec<&Game>)> = Vec::new();
        for game in &self.games {
            let stage = game.fixture.stage.as_str();
            match rounds.iter_mut().find(|(known, _)| *known == stage) {
                Some((_, games)) => games.push(game),
                None => rounds.push((stage, vec![game])),
            }
        }
        rounds.sort_by_key(|(_, games)| games.iter().map(|game| game.played).min());
        rounds
    }
}
