//! The table: of the pool, of a round, or from a match on.

mod recap;

use std::{collections::BTreeMap, sync::OnceLock};

use bolao_ledger::{
    AccountId, Besides, MatchNo, Place, Points, RoundWon, Rules, Score, Standing, StateView,
    Status, Text, TieBreak, UnixSeconds, besides, rank, rounds_won,
    table::{Questions, RoundStandings, Standings},
};

use crate::{
    counted::{Players, count, count_from, each, fill, is_from, players},
    game::Game,
};

/// The matches that a table is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All matches of the pool.
    Pool,
    /// Those of one round.
    Stage(Text<64>),
    /// Those that kick off at this time or later.
    From(UnixSeconds),
}

impl Scope {
    /// The number of records of questions whose points count in it and may change.
    fn open_questions<S: StateView>(&self, state: &S) -> Result<usize, S::Error> {
        let mut open = 0;
        for (no, question) in state.scan::<Questions>(&(), None, usize::MAX)? {
            let counts = match self {
                Self::Pool => true,
                Self::Stage(_) => false,
                Self::From(start) => is_from(*start, Some(question.closes)),
            };
            let record = state.result(no)?.filter(|it| !it.is_settled());
            let answered = record.is_some_and(|it| it.outcome.status == Status::Answered);
            open += usize::from(counts && answered);
        }
        Ok(open)
    }

    fn holds(&self, game: &Game) -> bool {
        let fixture = &game.entry.fixture;
        match self {
            Self::Pool => true,
            Self::Stage(stage) => fixture.stage == *stage,
            Self::From(start) => is_from(*start, fixture.kickoff),
        }
    }
}

/// Everybody who has joined, the best first.
#[derive(Debug)]
pub struct Table {
    /// Players with what they reached.
    pub places: Vec<Place>,
    /// Matches whose record has a score that counts.
    pub scored: u32,
    /// Records that its points rest on and that are not final.
    pub provisional: u32,
    /// In the whole pool's table, the rounds that are won, and the numbers that separate equal points besides.
    pub won: Vec<RoundWon<AccountId>>,
    /// The round that it is of.
    stage: Option<Text<64>>,
    /// Its facts for a recap, once it is over and somebody has asked.
    over: OnceLock<Option<recap::RoundOver>>,
    /// In the whole pool's table, the round that was scored last.
    last: Option<Text<64>>,
    besides: BTreeMap<AccountId, Besides>,
    /// In the whole pool's table, where everybody stood before the round that was scored last.
    before: BTreeMap<AccountId, u32>,
}

impl Table {
    /// The table of a state.
    pub fn read<S: StateView>(state: &S, rules: &Rules, scope: &Scope) -> Result<Self, S::Error> {
        let mut games = Game::all(state, rules)?;
        games.retain(|game| game.score.is_some());
        let mut players = players(state)?;
        match scope {
            Scope::Pool => fill::<Standings, _>(state, &(), &mut players)?,
            Scope::Stage(stage) => fill::<RoundStandings, _>(state, stage, &mut players)?,
            Scope::From(start) => count_from(state, rules, *start, &games, &mut players)?,
        }
        games.retain(|game| scope.holds(game));
        let (mut before, mut won, mut besides, mut last) = Default::default();
        if *scope == Scope::Pool {
            won = won_by(state, rules)?;
            let all = players.iter().map(|(account, _)| *account);
            besides = self::besides(state, &rules.tie_breaks, &won, all)?;
            last = last_of(&games);
            before = self::before(state, rules, &games, &players, (&won, &besides))?;
        }
        let stage = match scope {
            Scope::Stage(stage) => Some(stage.clone()),
            Scope::Pool | Scope::From(_) => None,
        };
        let open = games.iter().filter(|game| game.is_provisional()).count();
        let open = open.saturating_add(scope.open_questions(state)?);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Self {
            before,
            places: rank(&rules.tie_breaks, players, &besides),
            won,
            stage,
            over: OnceLock::new(),
            last,
            besides,
            scored: number(games.len()),
            provisional: number(open),
        })
    }

    /// The table as it would stand if matches ended with these scores, which are counted only where there is no other. What comes
    /// before is the pool's table without them.
    pub fn as_it_stands<S: StateView>(
        state: &S,
        rules: &Rules,
        pool: &Self,
        live: &[(MatchNo, Score)],
    ) -> Result<Self, S::Error> {
        let mut players = players(state)?;
        fill::<Standings, _>(state, &(), &mut players)?;
        let mut before = BTreeMap::new();
        for place in &pool.places {
            before.insert(place.account, place.place);
        }
        let (won, besides) = (pool.won.clone(), pool.besides.clone());
        let open = Scope::Pool.open_questions(state)?;
        let (mut scored, mut provisional) = (0, u32::try_from(open).unwrap_or(u32::MAX));
        for mut game in Game::all(state, rules)? {
            let score = live.iter().find(|(no, _)| *no == game.no());
            if let (None, Some((_, score))) = (game.score, score) {
                game.score = Some(*score);
                count(state, rules, &game, &mut players, Standing::plus)?;
                provisional += 1;
            } else {
                provisional += u32::from(game.is_provisional() && game.score.is_some());
            }
            scored += u32::from(game.score.is_some());
        }
        Ok(Self {
            before,
            places: rank(&rules.tie_breaks, players, &besides),
            won,
            stage: None,
            over: OnceLock::new(),
            last: None,
            besides,
            scored,
            provisional,
        })
    }

    /// A player's place before the round that was scored last, in the whole pool's table once two rounds have scores.
    #[must_use]
    pub fn before(&self, account: &AccountId) -> Option<u32> {
        self.before.get(account).copied()
    }

    /// The numbers of a player that separate equal points besides.
    #[must_use]
    pub fn besides(&self, account: &AccountId) -> Besides {
        self.besides.get(account).copied().unwrap_or_default()
    }

    /// Matches with a score for which a player has no bet.
    #[must_use]
    pub fn missing(&self, standing: &Standing) -> u32 {
        self.scored.saturating_sub(standing.bets)
    }
}

/// The round whose match kicked off last of those with a score.
fn last_of(scored: &[Game]) -> Option<Text<64>> {
    let last = scored
        .iter()
        .max_by_key(|game| (game.entry.fixture.kickoff, game.no()));
    last.map(|game| game.entry.fixture.stage.clone())
}

/// Everybody's place without the round that was scored last.
fn before<S: StateView>(
    state: &S,
    rules: &Rules,
    scored: &[Game],
    players: &Players,
    (won, besides): (&[RoundWon<AccountId>], &BTreeMap<AccountId, Besides>),
) -> Result<BTreeMap<AccountId, u32>, S::Error> {
    let is_other = |last: &Text<64>| scored.iter().any(|game| game.entry.fixture.stage != *last);
    let Some(last) = last_of(scored).filter(is_other) else {
        return Ok(BTreeMap::new());
    };
    let mut players = players.clone();
    each::<RoundStandings, _>(state, &last, &mut players, |_, standing, of_round| {
        *standing = without(standing, &of_round);
        Ok(())
    })?;
    let mut besides = besides.clone();
    for round in won.iter().filter(|round| round.stage == last) {
        for player in &round.players {
            let wins = besides.get_mut(player).and_then(|it| it.wins.as_mut());
            if let Some(wins) = wins {
                *wins = wins.saturating_sub(round.share());
            }
        }
    }
    // Inserting one by one is less code for the page than collecting, which sorts first.
    let mut places = BTreeMap::new();
    for place in rank(&rules.tie_breaks, players, &besides) {
        places.insert(place.account, place.place);
    }
    Ok(places)
}

/// The rounds that are won, in a pool that goes by them.
fn won_by<S: StateView>(state: &S, rules: &Rules) -> Result<Vec<RoundWon<AccountId>>, S::Error> {
    if rules.tie_breaks.contains(&TieBreak::Wins) {
        rounds_won(state)
    } else {
        Ok(Vec::new())
    }
}

fn without(all: &Standing, some: &Standing) -> Standing {
    Standing {
        points: Points(all.points.0.saturating_sub(some.points.0)),
        exact: all.exact.saturating_sub(some.exact),
        differences: all.differences.saturating_sub(some.differences),
        tendencies: all.tendencies.saturating_sub(some.tendencies),
        bets: all.bets.saturating_sub(some.bets),
    }
}
