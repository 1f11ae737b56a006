//! Matches with their records, and the rounds that they make.

use std::collections::BTreeMap;

use bolao_ledger::{
    AccountId, Base, Bet, BetOn, Compared, Match, MatchNo, MatchResult, Move, Placed, Points,
    Rules, Score, StateView, Text, Tier, UnixSeconds,
    said::Said,
    table::{Matches, Results},
};

use crate::body::MatchStatus;

/// A match, its record, and what its round's rules say.
#[derive(Clone, Debug)]
pub struct Game {
    /// The match as the state has it.
    pub entry: Match,
    /// Its record, if organisers made one.
    pub result: Option<MatchResult>,
    /// The score that counts in its round.
    pub base: Base,
    /// The factor of its points.
    pub multiplier: u8,
    /// Points that the optional rules give on it besides, in words.
    pub counts: Vec<Said>,
    /// The score that bets are compared with.
    pub score: Option<Score>,
    /// Whether bets on it do not count, for want of notice.
    pub lacks_notice: bool,
    /// The last change of its kick-off.
    pub moved: Option<Move>,
}

impl Game {
    fn new<S: StateView>(
        state: &S,
        rules: &Rules,
        entry: Match,
        result: Option<MatchResult>,
    ) -> Result<Self, S::Error> {
        let (base, multiplier) = rules.stage_of(&entry.fixture);
        let score = result
            .as_ref()
            .and_then(|result| entry.counting_score(rules, &result.outcome));
        let moved = state.last_move(entry.fixture.no)?;
        let counts = rules.features.counts(rules, &entry.fixture);
        let lacks_notice = entry.lacks_notice(rules);
        Ok(Self {
            entry,
            result,
            base,
            multiplier,
            counts,
            score,
            lacks_notice,
            moved,
        })
    }

    /// The match with a number.
    pub fn load<S: StateView>(
        state: &S,
        rules: &Rules,
        no: MatchNo,
    ) -> Result<Option<Self>, S::Error> {
        let Some(entry) = state.match_by_no(no)? else {
            return Ok(None);
        };
        Self::new(state, rules, entry, state.result(no)?).map(Some)
    }

    /// Every match, in the order of their numbers; genesis bounds how many there are.
    pub fn all<S: StateView>(state: &S, rules: &Rules) -> Result<Vec<Self>, S::Error> {
        let mut results = state
            .scan::<Results>(&(), None, usize::MAX)?
            .into_iter()
            .peekable();
        let mut games = Vec::new();
        for (no, entry) in state.scan::<Matches>(&(), None, usize::MAX)? {
            let result = results.next_if(|(of, _)| *of == no);
            games.push(Self::new(
                state,
                rules,
                entry,
                result.map(|(_, result)| result),
            )?);
        }
        Ok(games)
    }

    /// The match's number.
    #[must_use]
    pub fn no(&self) -> MatchNo {
        self.entry.fixture.no
    }

    /// Whether it has a score that counts and may still change.
    #[must_use]
    pub fn is_provisional(&self) -> bool {
        let open = |result: &MatchResult| !result.is_settled();
        self.score.is_some() && self.result.as_ref().is_some_and(open)
    }

    /// A player's bet on it.
    pub(crate) fn bet_on<'a>(&'a self, player: &'a AccountId, bet: &'a Bet) -> BetOn<'a> {
        BetOn {
            game: &self.entry,
            player,
            bet,
        }
    }

    /// The points of a player's bet, once there is a score and the bet is open.
    pub fn points<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        player: &AccountId,
        bet: &Bet,
    ) -> Result<Option<(Points, Tier)>, S::Error> {
        let Some(score) = self.score else {
            return Ok(None);
        };
        let compared = Compared {
            on: self.bet_on(player, bet),
            score,
            outcome: self.result.as_ref().map(|it| &it.outcome),
        };
        rules.table_points(state, compared)
    }

    /// Gives its state at a time.
    #[must_use]
    pub fn status(&self, at: UnixSeconds) -> MatchStatus {
        match &self.result {
            Some(result) if result.is_settled() => MatchStatus::Final,
            Some(result) if result.final_at.is_some() => MatchStatus::Provisional,
            _ if !self.lacks_notice && self.entry.deadline.is_none_or(|end| at < end) => {
                MatchStatus::Scheduled
            }
            _ => MatchStatus::Closed,
        }
    }

    /// Whether a bet was not opened in time by the pool's clock.
    ///
    /// # Rule O4: a seal that is not opened in the window counts as no bet.
    #[must_use]
    pub fn is_missed(&self, rules: &Rules, bet: &Bet, clock: UnixSeconds) -> bool {
        let ends = self.entry.openings_end(rules.opening_window_s);
        matches!(bet.placed, Placed::Sealed(_)) && ends.is_some_and(|ends| ends <= clock)
    }

    /// Whether a bet was placed when a kick-off had passed that organisers moved later.
    #[must_use]
    pub fn marks(&self, bet: &Bet) -> bool {
        self.moved.as_ref().is_some_and(|moved| moved.marks(bet))
    }
}

/// The rounds in the order in which they begin, each with its matches by kick-off, those without one last.
pub fn rounds<S: StateView>(
    state: &S,
    rules: &Rules,
) -> Result<Vec<(Text<64>, Vec<Game>)>, S::Error> {
    let mut games = Game::all(state, rules)?;
    let begins = |game: &Game| game.entry.fixture.kickoff.map_or(u64::MAX, |it| it.0);
    games.sort_unstable_by_key(|game| (begins(game), game.no()));
    let mut places: BTreeMap<Text<64>, usize> = BTreeMap::new();
    let mut rounds: Vec<(Text<64>, Vec<Game>)> = Vec::new();
    for game in games {
        let stage = &game.entry.fixture.stage;
        let place = *places.entry(stage.clone()).or_insert(rounds.len());
        match rounds.get_mut(place) {
            Some((_, games)) => games.push(game),
            None => rounds.push((stage.clone(), vec![game])),
        }
    }
    Ok(rounds)
}

/// Gives the matches of a round by kick-off, those without one last; none where no match is of that round.
pub fn round<S: StateView>(
    state: &S,
    rules: &Rules,
    stage: &Text<64>,
) -> Result<Vec<Game>, S::Error> {
    let found = rounds(state, rules)?
        .into_iter()
        .find(|(name, _)| name == stage);
    Ok(found.map_or_else(Vec::new, |(_, games)| games))
}
