//! A match with its record: what status, points and tables are made of.

use bolao_ledger::{
    Base, Bet, Match, MatchNo, MatchResult, Points, Rules, Score, StateView, Tier, UnixSeconds,
    table::{Matches, Results},
};
use bolao_store::{Snapshot, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    dto::{FixtureBody, MatchRef, Moment},
    outcome::RecordBody,
    views::Lookup,
};

/// How far a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MatchStatus {
    /// Takes tips.
    Scheduled,
    /// Takes no more tips, and has no record; a match that was put off and not scheduled anew has
    /// none either.
    Closed,
    /// Has a record that may still be corrected.
    Provisional,
    /// Has a record for good.
    Final,
}

/// A match, its record, and what its stage's rules say.
pub(crate) struct Game {
    /// The match as the state has it.
    pub(crate) entry: Match,
    pub(crate) result: Option<MatchResult>,
    pub(crate) base: Base,
    pub(crate) multiplier: u8,
    /// The score that tips are compared with.
    pub(crate) score: Option<Score>,
}

impl Game {
    fn new(rules: &Rules, entry: Match, result: Option<MatchResult>) -> Self {
        let (base, multiplier) = rules.stage_of(&entry.fixture);
        let score = result
            .as_ref()
            .and_then(|result| result.outcome.counting_score(base, rules.awarded_counts));
        Self {
            entry,
            result,
            base,
            multiplier,
            score,
        }
    }

    /// The match with a number.
    pub(crate) fn load(
        snapshot: &Snapshot,
        rules: &Rules,
        no: MatchNo,
    ) -> Result<Option<Self>, StoreError> {
        let Some(game) = snapshot.match_by_no(no)? else {
            return Ok(None);
        };
        Ok(Some(Self::new(rules, game, snapshot.result(no)?)))
    }

    /// Every match, in order of numbers; genesis bounds how many there are.
    pub(crate) fn all(snapshot: &Snapshot, rules: &Rules) -> Result<Vec<Self>, StoreError> {
        let mut results = snapshot
            .scan::<Results>(&(), None, usize::MAX)?
            .into_iter()
            .peekable();
        let games = snapshot.scan::<Matches>(&(), None, usize::MAX)?;
        Ok(games
            .into_iter()
            .map(|(no, game)| {
                let result = results.next_if(|(of, _)| *of == no);
                Self::new(rules, game, result.map(|(_, result)| result))
            })
            .collect())
    }

    pub(crate) fn no(&self) -> MatchNo {
        self.entry.fixture.no
    }

    pub(crate) fn reference(&self) -> MatchRef {
        MatchRef {
            no: self.no().0,
            code: self.entry.fixture.code.to_string(),
        }
    }

    /// Whether it has a score that counts and may still change.
    pub(crate) fn is_provisional(&self) -> bool {
        self.score.is_some()
            && self
                .result
                .as_ref()
                .is_some_and(|result| !result.is_settled())
    }

    /// The points of a tip, once there is a score and the tip is open.
    pub(crate) fn points(&self, rules: &Rules, bet: &Bet) -> Option<(Points, Tier)> {
        rules.points(&self.entry.fixture, bet.score(), self.score?)
    }

    pub(crate) fn status(&self, now: UnixSeconds) -> MatchStatus {
        match &self.result {
            Some(result) if result.is_settled() => MatchStatus::Final,
            Some(result) if result.final_at.is_some() => MatchStatus::Provisional,
            _ if self.entry.is_open_at(now) => MatchStatus::Scheduled,
            _ => MatchStatus::Closed,
        }
    }
}

/// The later of the pool's time and this node's clock: what people see as over is over.
pub(crate) fn now(snapshot: &Snapshot) -> Result<UnixSeconds, StoreError> {
    let clock = u64::try_from(Timestamp::now().as_second()).unwrap_or(0);
    Ok(snapshot.totals()?.clock.max(UnixSeconds(clock)))
}

/// A match, what is staked on it, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchBody {
    #[serde(flatten)]
    pub(crate) fixture: FixtureBody,
    /// When betting ends; `null` until a kick-off is known.
    pub(crate) deadline: Option<Moment>,
    pub(crate) status: MatchStatus,
    /// Whether it was put off and has not been scheduled anew.
    pub(crate) postponed: bool,
    /// How many players have a bet on it.
    pub(crate) bets: u32,
    /// How many of those are sealed and not opened.
    pub(crate) unopened: u32,
    /// The sum of their stakes, in chips; 0 once it is paid.
    pub(crate) pot: u64,
    /// Which score counts: after `90` minutes, or after `120` where they were played.
    #[schema(value_type = String, example = "90")]
    pub(crate) base: Base,
    /// What points are multiplied by.
    pub(crate) multiplier: u8,
    /// What the organisers recorded; `null` while they have not.
    pub(crate) record: Option<RecordBody>,
}

impl MatchBody {
    pub(crate) fn new(
        lookup: &mut Lookup<'_>,
        game: &Game,
        now: UnixSeconds,
    ) -> Result<Self, StoreError> {
        let record = match &game.result {
            None => None,
            Some(result) => Some(RecordBody {
                version: result.version,
                outcome: (&result.outcome).into(),
                score: game.score.map(Into::into),
                signers: lookup.players(&result.signers)?,
                since: result.since.into(),
                final_at: result.final_at.map(Moment::from),
                provisional: !result.is_settled(),
                objections: result.objections,
            }),
        };
        Ok(Self {
            fixture: (&game.entry.fixture).into(),
            deadline: game.entry.deadline.map(Moment::from),
            status: game.status(now),
            postponed: game.entry.postponed,
            bets: game.entry.bets,
            unopened: game.entry.unopened,
            pot: game.entry.pot.0,
            base: game.base,
            multiplier: game.multiplier,
            record,
        })
    }
}
