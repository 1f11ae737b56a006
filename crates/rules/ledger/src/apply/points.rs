//! Points and standings: what a record gives is added, what a corrected one gave is taken off, so that the table is
//! always what the records say and a block costs what it changes.

use super::{
    ApplyError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    features::{BetOn, Compared},
    outcome::Outcome,
    score::Score,
    scoring::{Crowd, Tier},
    state::{
        Bet, Bets, Match, Results, RoundScored, RoundStandings, Standing, Standings, StateView,
    },
    units::Points,
};

impl<S: StateView> Run<'_, S> {
    /// Takes off what the old record gave and adds what the new one gives.
    pub(crate) fn rescore(
        &mut self,
        game: &Match,
        old: Option<&Outcome>,
        new: Option<&Outcome>,
    ) -> Applied<(), S> {
        let (old, new) = (self.counting(game, old), self.counting(game, new));
        if old == new {
            return Ok(());
        }
        self.count_scored(game, old.is_some(), new.is_some())?;
        for ((_, id), bet) in self.scan::<Bets>(&game.fixture.no, usize::MAX)? {
            if let Some(counting) = old {
                self.change(game, id, &bet, counting, Standing::minus)?;
            }
            if let Some(counting) = new {
                self.change(game, id, &bet, counting, Standing::plus)?;
            }
        }
        Ok(())
    }

    /// A record with its score, if one counts.
    fn counting<'o>(
        &self,
        game: &Match,
        outcome: Option<&'o Outcome>,
    ) -> Option<(Score, &'o Outcome)> {
        let outcome = outcome?;
        let score = game.counting_score(&self.genesis.rules, outcome)?;
        Some((score, outcome))
    }

    /// Counts a seal that is opened, and if there is a record, adds its points.
    pub(crate) fn score_opened(
        &mut self,
        game: &Match,
        id: AccountId,
        bet: &Bet,
    ) -> Applied<(), S> {
        let no = game.fixture.no;
        let record = self.get::<Results>(&no)?.map(|result| result.outcome);
        let Some(counting) = self.counting(game, record.as_ref()) else {
            return self.count_readable(no, None, bet.prediction());
        };
        let mut others = self.others_changed(game, bet, counting.0)?;
        others.retain(|(other, _)| *other != id);
        for (other, bet) in &others {
            self.change(game, *other, bet, counting, Standing::minus)?;
        }
        self.count_readable(no, None, bet.prediction())?;
        for (other, bet) in &others {
            self.change(game, *other, bet, counting, Standing::plus)?;
        }
        self.change(game, id, bet, counting, Standing::plus)
    }

    /// The bets on a match whose points change when one more can be read.
    fn others_changed(
        &mut self,
        game: &Match,
        bet: &Bet,
        score: Score,
    ) -> Applied<Vec<(AccountId, Bet)>, S> {
        let rules = &self.genesis.rules;
        let crowd = Crowd::of(&*self.overlay, rules, game, score).map_err(ApplyError::State)?;
        let scheme = rules.scoring_of(&game.fixture);
        if scheme.rare(crowd) == scheme.rare(crowd.with(bet.score(), score)) {
            return Ok(Vec::new());
        }
        let bets = self.scan::<Bets>(&game.fixture.no, usize::MAX)?;
        Ok(bets.into_iter().map(|((_, id), bet)| (id, bet)).collect())
    }

    fn count_scored(&mut self, game: &Match, before: bool, after: bool) -> Applied<(), S> {
        let step = |count: u32| match (before, after) {
            (false, true) => count.checked_add(1),
            (true, false) => count.checked_sub(1),
            (false, false) | (true, true) => Some(count),
        };
        let stage = &game.fixture.stage;
        let scored = self.get::<RoundScored>(stage)?.unwrap_or(0);
        self.put::<RoundScored>(stage, &fits(step(scored))?)?;
        let totals = &mut self.totals;
        totals.scored = fits(step(totals.scored))?;
        totals.provisional = fits(step(totals.provisional))?;
        Ok(())
    }

    fn change(
        &mut self,
        game: &Match,
        id: AccountId,
        bet: &Bet,
        (score, outcome): (Score, &Outcome),
        step: impl Fn(Standing, Points, Tier) -> Option<Standing>,
    ) -> Applied<(), S> {
        let rules = &self.genesis.rules;
        let compared = Compared {
            on: BetOn {
                game,
                player: &id,
                bet,
            },
            score,
            outcome: Some(outcome),
        };
        let points = rules.table_points(&*self.overlay, compared);
        let Some((points, tier)) = points.map_err(ApplyError::State)? else {
            return Ok(());
        };
        let standing = self.get_to_change::<Standings>(&id)?.unwrap_or_default();
        self.put::<Standings>(&id, &fits(step(standing, points, tier))?)?;
        let key = (game.fixture.stage.clone(), id);
        let standing = self
            .get_to_change::<RoundStandings>(&key)?
            .unwrap_or_default();
        self.put::<RoundStandings>(&key, &fits(step(standing, points, tier))?)
    }
}
