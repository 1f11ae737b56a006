//! Rounds that are won, and what else separates players with equal points. Nothing of it is stored: it follows from records, bets and
//! the standings of stages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    item::{Answer, Asks, Question, given},
    outcome::Status,
    state::{MatchResult, Matches, Questions, RoundStandings, StateView},
    text::Text,
    tie_break::{Besides, TieBreak},
    units::{Points, UnixSeconds},
};

/// The parts that a round has.
pub const PARTS: u64 = 720_720;

/// The distance of a player without an answer.
const NO_ANSWER: u64 = 10_000;

/// A round that is won, with its winners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoundWon<Player> {
    /// The stage.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub stage: Text<64>,
    /// The points of those who have won it.
    pub points: Points,
    /// The number of players who share it.
    pub shared_by: usize,
    /// They, in the order of their accounts; in answers the first eight.
    pub players: Vec<Player>,
}

impl<Player> RoundWon<Player> {
    /// The parts of it that each winner has.
    #[must_use]
    pub fn share(&self) -> u64 {
        u64::try_from(self.shared_by).map_or(0, |count| PARTS / count.max(1))
    }
}

/// The rounds whose matches all have a final record, with the time of the last, in the order of their first matches.
pub fn rounds_over<S: StateView>(state: &S) -> Result<Vec<(Text<64>, UnixSeconds)>, S::Error> {
    let mut stages: Vec<(Text<64>, Option<UnixSeconds>)> = Vec::new();
    for (no, game) in state.scan::<Matches>(&(), None, usize::MAX)? {
        let record = state.result(no)?.filter(MatchResult::is_settled);
        let ended = record.and_then(|it| it.final_at);
        let stage = game.fixture.stage;
        match stages.iter_mut().find(|(known, _)| *known == stage) {
            Some((_, all)) => *all = (*all).zip(ended).map(|(one, other)| one.max(other)),
            None => stages.push((stage, ended)),
        }
    }
    let over = stages
        .into_iter()
        .filter_map(|(stage, at)| Some((stage, at?)));
    Ok(over.collect())
}

/// The rounds that are won, in the order of their first matches.
///
/// # Rule L2: a round is won while the record of every match of it is final. Those with the most points in its table win it, if these
/// # are above 0.
pub fn rounds_won<S: StateView>(state: &S) -> Result<Vec<RoundWon<AccountId>>, S::Error> {
    let mut won = Vec::new();
    for (stage, _) in rounds_over(state)? {
        let mut best = RoundWon {
            stage,
            points: Points(0),
            shared_by: 0,
            players: Vec::new(),
        };
        for ((_, account), standing) in
            state.scan::<RoundStandings>(&best.stage, None, usize::MAX)?
        {
            if standing.points > best.points {
                best.points = standing.points;
                best.players.clear();
            }
            if standing.points == best.points {
                best.players.push(account);
            }
        }
        if best.points > Points(0) {
            best.shared_by = best.players.len();
            won.push(best);
        }
    }
    Ok(won)
}

/// The numbers that separate equal points besides, of these players, in a pool that goes by them; `won`: the rounds that are won.
pub fn besides<S: StateView>(
    state: &S,
    tie_breaks: &[TieBreak],
    won: &[RoundWon<AccountId>],
    players: impl Iterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Besides>, S::Error> {
    let asks = |rule| tie_breaks.contains(&rule).then_some(0);
    let none = Besides {
        wins: asks(TieBreak::Wins),
        bonus: asks(TieBreak::Bonus),
        off: asks(TieBreak::Nearest),
    };
    let mut all = BTreeMap::new();
    if none == Besides::default() {
        return Ok(all);
    }
    for player in players {
        all.insert(player, none);
    }
    for round in won {
        for player in &round.players {
            let wins = all.get_mut(player).and_then(|it| it.wins.as_mut());
            add(wins, round.share());
        }
    }
    if none.bonus.or(none.off).is_none() {
        return Ok(all);
    }
    for (no, question) in state.scan::<Questions>(&(), None, usize::MAX)? {
        let record = state.result(no)?.map(|record| record.outcome);
        if let Some(record) = record.filter(|it| it.status == Status::Answered) {
            add_answers(state, &question, &record.right, &mut all)?;
        }
    }
    Ok(all)
}

/// # Rule L3: whoever has no answer that counts is off by 10,000.
fn add_answers<S: StateView>(
    state: &S,
    question: &Question,
    right: &[Answer],
    all: &mut BTreeMap<AccountId, Besides>,
) -> Result<(), S::Error> {
    let rows = question.rows(state, None, usize::MAX)?;
    let asks_number = matches!(question.asks, Asks::Number { .. });
    for (player, besides) in all {
        let given = rows.get(player).map_or_else(Vec::new, |row| given(row));
        add(besides.bonus.as_mut(), question.worth(right, &given));
        if asks_number {
            let answers = given.iter().flatten().filter(|it| question.has(**it));
            let apart = answers.flat_map(|it| right.iter().map(|hit| it.get().abs_diff(hit.get())));
            add(
                besides.off.as_mut(),
                apart.min().map_or(NO_ANSWER, u64::from),
            );
        }
    }
    Ok(())
}

fn add(sum: Option<&mut u64>, more: u64) {
    if let Some(sum) = sum {
        *sum = sum.saturating_add(more);
    }
}
