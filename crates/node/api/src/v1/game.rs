//! A match with its record, as it is answered.

use bolao_ledger::{Move, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use bolao_views::{Game, Progress};
use jiff::Timestamp;

use super::views::Lookup;
use crate::body::{MatchBody, MatchRef, MatchStatus, MoveBody, RecordBody, moment};

impl From<&Game> for MatchRef {
    fn from(game: &Game) -> Self {
        Self {
            no: game.no().0,
            code: game.entry.fixture.code.to_string(),
        }
    }
}

impl From<Progress> for MatchStatus {
    fn from(progress: Progress) -> Self {
        match progress {
            Progress::Scheduled => Self::Scheduled,
            Progress::Closed => Self::Closed,
            Progress::Provisional => Self::Provisional,
            Progress::Final => Self::Final,
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
            lacks_notice: game.entry.lacks_notice,
            status: game.progress(now).into(),
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
