//! How many have tipped alike on a match, where a scheme gives points by that.

use std::{cmp::Ordering, collections::BTreeMap};

use super::run::{Applied, Run, fits};
use crate::{
    account::AccountId,
    fixture::MatchNo,
    item::Prediction,
    rules::Rules,
    score::Score,
    scoring::Crowd,
    state::{Bet, Match, Readable, StateView},
};

fn tendency(score: Score) -> usize {
    match score.tendency() {
        Ordering::Greater => 0,
        Ordering::Equal => 1,
        Ordering::Less => 2,
    }
}

impl Crowd {
    /// The crowd of a match with this score; nobody where no scheme of the pool asks for it.
    pub fn of<S: StateView>(
        state: &S,
        rules: &Rules,
        game: &Match,
        score: Score,
    ) -> Result<Self, S::Error> {
        if !rules.looks_at_others() {
            return Ok(Self::default());
        }
        let readable = state.get::<Readable>(&game.fixture.no)?.unwrap_or_default();
        Ok(Self {
            bets: game.bets,
            right: readable.get(tendency(score)).copied().unwrap_or(0),
        })
    }
}

impl<S: StateView> Run<'_, S> {
    /// Counts a prediction on a match that can be read from now on, in place of one that it replaces.
    pub(crate) fn count_readable(
        &mut self,
        no: MatchNo,
        replaced: Option<Prediction>,
        new: Option<Prediction>,
    ) -> Applied<(), S> {
        let of = |it: Option<Prediction>| it.and_then(Prediction::score).map(tendency);
        let (replaced, new) = (of(replaced), of(new));
        if replaced == new || !self.genesis.rules.looks_at_others() {
            return Ok(());
        }
        let mut readable = self.get_to_change::<Readable>(&no)?.unwrap_or_default();
        if let Some(count) = replaced.and_then(|of| readable.get_mut(of)) {
            *count = fits(count.checked_sub(1))?;
        }
        if let Some(count) = new.and_then(|of| readable.get_mut(of)) {
            *count = fits(count.checked_add(1))?;
        }
        self.put::<Readable>(&no, &readable)
    }
}

/// The counts that the bets of a pool make; none where no scheme asks for them.
pub(crate) fn counted(
    rules: &Rules,
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
) -> BTreeMap<MatchNo, [u32; 3]> {
    let mut all: BTreeMap<MatchNo, [u32; 3]> = BTreeMap::new();
    if rules.looks_at_others() {
        for ((no, _), bet) in bets {
            let of = bet.score().map(tendency);
            let count = of.and_then(|of| all.entry(*no).or_default().get_mut(of));
            if let Some(count) = count {
                *count = count.saturating_add(1);
            }
        }
    }
    all
}
