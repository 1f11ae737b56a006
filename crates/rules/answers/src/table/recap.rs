//! What a round was like, once all of its matches are final: worked out of its bets when its table is first asked for it.

use std::sync::Arc;

use bolao_ledger::{
    AccountId, Fixture, MatchResult, Place, Points, Rules, Score, StateView, Text, Tier,
    UnixSeconds, rounds_over, said::Said, table::Questions,
};
use bolao_rulebook::chat::recap::{self, OnTop};

use super::Table;
use crate::{
    body::{RecapBody, RecapLineBody, RecapOf, moment},
    counted::{Players, each_tip, players},
    game::Game,
};

/// Tips on a match, so few that no result surprises most.
const FEW_TIPS: usize = 3;

/// A round whose matches are all final.
#[derive(Debug)]
pub(super) struct RoundOver {
    stage: Text<64>,
    at: UnixSeconds,
    /// Those with the most points, if these are above 0.
    winners: Vec<AccountId>,
    points: Points,
    best: Option<TippedMatch>,
    upset: Option<TippedMatch>,
}

/// A match with its score, and the tips on it.
#[derive(Clone, Debug)]
struct TippedMatch {
    fixture: Fixture,
    score: Score,
    /// Those whose tip was exactly right.
    exact: Vec<AccountId>,
    /// The tips with the right winner or the draw.
    right: usize,
    tips: usize,
}

impl RoundOver {
    /// None while a match of the round is not final, or where none of them has a score.
    fn read<S: StateView>(
        state: &S,
        rules: &Rules,
        stage: &Text<64>,
        places: &[Place],
    ) -> Result<Option<Self>, S::Error> {
        let over = rounds_over(state)?.into_iter().find(|(it, _)| it == stage);
        let mut games = Game::all(state, rules)?;
        games.retain(|game| game.entry.fixture.stage == *stage && game.score.is_some());
        let Some((stage, at)) = over.filter(|_| !games.is_empty()) else {
            return Ok(None);
        };
        let points = places.first().map_or(Points(0), |it| it.standing.points);
        let winners = { places.iter() }
            .take_while(|it| points > Points(0) && it.standing.points == points)
            .map(|it| it.account)
            .collect();
        let mut players = players(state)?;
        let (mut best, mut upset) = (None::<TippedMatch>, None::<TippedMatch>);
        for game in &games {
            let Some(told) = TippedMatch::read(state, rules, game, &mut players)? else {
                continue;
            };
            // The tip that fewest had; among these, where fewest had even the winner.
            let rare = |it: &TippedMatch| (it.exact.len(), it.right);
            if !told.exact.is_empty() && best.as_ref().is_none_or(|it| rare(&told) < rare(it)) {
                best = Some(told.clone());
            }
            let surprises = told.tips >= FEW_TIPS && told.right.saturating_mul(2) < told.tips;
            let less = |it: &TippedMatch| {
                told.right.saturating_mul(it.tips) < it.right.saturating_mul(told.tips)
            };
            if surprises && upset.as_ref().is_none_or(less) {
                upset = Some(told);
            }
        }
        Ok(Some(Self {
            stage,
            at,
            winners,
            points,
            best,
            upset,
        }))
    }
}

impl TippedMatch {
    fn read<S: StateView>(
        state: &S,
        rules: &Rules,
        game: &Game,
        players: &mut Players,
    ) -> Result<Option<Self>, S::Error> {
        let Some(score) = game.score else {
            return Ok(None);
        };
        let mut told = Self {
            fixture: game.entry.fixture.clone(),
            score,
            exact: Vec::new(),
            right: 0,
            tips: 0,
        };
        each_tip(state, rules, game, players, &mut |account, _, (_, tier)| {
            told.tips += 1;
            told.right += usize::from(matches!(
                tier,
                Tier::Exact | Tier::Difference | Tier::Tendency
            ));
            if tier == Tier::Exact {
                told.exact.push(*account);
            }
        })?;
        Ok(Some(told))
    }
}

impl Table {
    /// Of a round that is over, a few lines. The state is that of the table; `pool` gives the whole pool's.
    pub fn recap<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        pool: impl FnOnce() -> Result<Arc<Self>, S::Error>,
    ) -> Result<Option<RecapBody>, S::Error> {
        let Some(over) = self.over(state, rules)? else {
            return Ok(None);
        };
        let pool = pool()?;
        let mut lines = Vec::new();
        let mut line = |about, says: Said| {
            let says = says.into();
            lines.push(RecapLineBody { about, says });
        };
        let round = over.stage.as_str();
        line(RecapOf::Won, recap::won(round, &over.winners, over.points));
        if let Some(it) = &over.best {
            let best = recap::best(&it.fixture, it.score, &it.exact, it.tips);
            line(RecapOf::Tip, best);
        }
        if let Some(it) = &over.upset {
            let upset = recap::upset(&it.fixture, it.score, it.right, it.tips);
            line(RecapOf::Upset, upset);
        }
        let next = next(state, rules)?;
        // Later rounds have moved players since.
        if pool.last.as_ref() == Some(&over.stage) {
            if let Some((who, places, place)) = climbed(&pool) {
                line(RecapOf::Climbed, recap::climbed(who, places, place));
            }
            let ends = matches!(next, NextMatch::Nothing);
            // After the first round whoever leads has won it.
            let first = first(&pool).filter(|_| ends || !pool.before.is_empty());
            if let Some((who, points, first)) = first {
                let first = if ends { OnTop::Champion } else { first };
                line(RecapOf::Leads, recap::leads(&who, points, first));
            }
        }
        if let NextMatch::At(fixture, kickoff) = &next {
            line(RecapOf::Next, recap::next(fixture, *kickoff));
        }
        Ok(Some(RecapBody {
            over: moment(over.at),
            lines,
        }))
    }
}

impl Table {
    fn over<S: StateView>(&self, state: &S, rules: &Rules) -> Result<Option<&RoundOver>, S::Error> {
        if self.over.get().is_none() {
            let over = match &self.stage {
                Some(stage) => RoundOver::read(state, rules, stage, &self.places)?,
                None => None,
            };
            // Another reader of the same table has found the same.
            let _ = self.over.set(over);
        }
        Ok(self.over.get().and_then(Option::as_ref))
    }
}

/// The player who has climbed most since the round before, with how many places, and to which.
fn climbed(pool: &Table) -> Option<(AccountId, u32, u32)> {
    let up = pool.places.iter().filter_map(|it| {
        let places = pool.before(&it.account)?.checked_sub(it.place)?;
        Some((it.account, places, it.place))
    });
    // The first of equals stands highest.
    let best = up.reduce(|best, it| if it.1 > best.1 { it } else { best });
    best.filter(|(_, places, _)| *places > 0)
}

/// The players who are first.
fn first(pool: &Table) -> Option<(Vec<AccountId>, Points, OnTop)> {
    let firsts = pool.places.iter().take_while(|it| it.place == 1);
    let who: Vec<AccountId> = firsts.map(|it| it.account).collect();
    let points = pool.places.first()?.standing.points;
    let were = who.iter().map(|it| pool.before(it));
    let first = if were.clone().all(|it| it == Some(1)) {
        OnTop::Still
    } else if were.clone().all(|it| it.is_some_and(|place| place > 1)) {
        OnTop::New
    } else {
        OnTop::Now
    };
    (points > Points(0)).then_some((who, points, first))
}

/// The match that is played next.
enum NextMatch {
    At(Fixture, UnixSeconds),
    /// Something is, or a question is open.
    Sometime,
    Nothing,
}

fn next<S: StateView>(state: &S, rules: &Rules) -> Result<NextMatch, S::Error> {
    let open = |it: Option<MatchResult>| it.is_none_or(|it| !it.is_settled());
    let clock = state.totals()?.clock;
    let (mut next, mut sometime) = (None::<(Fixture, UnixSeconds)>, false);
    for game in Game::all(state, rules)? {
        let fixture = game.entry.fixture;
        let record = game.result;
        let is_off = record.as_ref().is_some_and(|it| it.final_at.is_some());
        sometime |= open(record);
        let kickoff = fixture.kickoff.filter(|it| *it > clock && !is_off);
        if let Some(kickoff) = kickoff.filter(|it| next.as_ref().is_none_or(|(_, at)| it < at)) {
            next = Some((fixture, kickoff));
        }
    }
    for (no, _) in state.scan::<Questions>(&(), None, usize::MAX)? {
        sometime |= open(state.result(no)?);
    }
    Ok(match next {
        Some((fixture, kickoff)) => NextMatch::At(fixture, kickoff),
        None if sometime => NextMatch::Sometime,
        None => NextMatch::Nothing,
    })
}
