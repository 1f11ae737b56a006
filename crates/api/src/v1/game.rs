//! A match with its record: what status, points and tables are made of.

use bolao_ledger::{
    Base, Bet, Match, MatchNo, MatchResult, Move, Points, Rules, Score, StateView, Tier,
    UnixSeconds,
    table::{Matches, Results},
};
use bolao_store::{Snapshot, StoreError};
use jiff::Timestamp;

use super::views::Lookup;
use crate::body::{MatchBody, MatchRef, MatchStatus, MoveBody, RecordBody, moment};

/// A match, its record, and what its stage's rules say.
pub(crate) struct Game {
    /// The match as the state has it.
    pub(crate) entry: Match,
    pub(crate) result: Option<MatchResult>,
    pub(crate) base: Base,
    pub(crate) multiplier: u8,
    /// The score that bets are compared with.
    pub(crate) score: Option<Score>,
    /// How its kick-off was changed the last time.
    pub(crate) moved: Option<Move>,
}

impl Game {
    fn new(
        snapshot: &Snapshot,
        rules: &Rules,
        entry: Match,
        result: Option<MatchResult>,
    ) -> Result<Self, StoreError> {
        let (base, multiplier) = rules.stage_of(&entry.fixture);
        let score = result
            .as_ref()
            .and_then(|result| result.outcome.counting_score(base, rules.awarded_counts));
        let moved = snapshot.last_move(entry.fixture.no)?;
        Ok(Self {
            entry,
            result,
            base,
            multiplier,
            score,
            moved,
        })
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
        Self::new(snapshot, rules, game, snapshot.result(no)?).map(Some)
    }

    /// Every match, in order of numbers; genesis bounds how many there are.
    pub(crate) fn all(snapshot: &Snapshot, rules: &Rules) -> Result<Vec<Self>, StoreError> {
        let mut results = snapshot
            .scan::<Results>(&(), None, usize::MAX)?
            .into_iter()
            .peekable();
        let games = snapshot.scan::<Matches>(&(), None, usize::MAX)?;
        games
            .into_iter()
            .map(|(no, game)| {
                let result = results.next_if(|(of, _)| *of == no);
                Self::new(snapshot, rules, game, result.map(|(_, result)| result))
            })
            .collect()
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

    /// The points of a bet, once there is a score and the bet is open.
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
    Ok(snapshot.totals()?.clock.max(clock()))
}

/// This node's clock.
pub(crate) fn clock() -> UnixSeconds {
    UnixSeconds(u64::try_from(Timestamp::now().as_second()).unwrap_or(0))
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
                outcome: result.outcome.clone(),
                score: game.score,
                signers: lookup.players(&result.signers)?,
                since: moment(result.since),
                final_at: result.final_at.map(moment),
                provisional: !result.is_settled(),
                objections: result.objections,
            }),
        };
        Ok(Self {
            fixture: (&game.entry.fixture).into(),
            deadline: game.entry.deadline.map(moment),
            day: game.entry.day.map(Into::into),
            status: game.status(now),
            postponed: game.entry.postponed,
            bets: game.entry.bets,
            unopened: game.entry.unopened,
            pot: game.entry.pot.0,
            base: game.base,
            multiplier: game.multiplier,
            record,
            moved: game
                .moved
                .as_ref()
                .map(|moved| MoveBody::new(lookup, moved))
                .transpose()?,
        })
    }
}

impl MoveBody {
    pub(crate) fn new(lookup: &mut Lookup<'_>, moved: &Move) -> Result<Self, StoreError> {
        Ok(Self {
            kickoff_before: moved.from.map(moment),
            kickoff_after: moved.to.map(moment),
            earliest_kickoff: moved.earliest.map(moment),
            signers: lookup.players(&moved.signers)?,
            height: moved.height.0,
            time: moment(moved.time),
        })
    }
}
