//! Matches of which the day is known and not the time.

use super::{
    RuleError,
    run::{Applied, Run},
};
use crate::{
    account::AccountId,
    fixture::{Day, MatchNo},
    hashes::TxId,
    state::{Match, StateView, Vote},
};

impl<S: StateView> Run<'_, S> {
    /// # Rule S12: a match whose kick-off is not known, or stands no more since it was put off, has a day if as many organisers
    /// # sign it as a schedule. The end of the day lies ahead of the block.
    pub(super) fn day(
        &mut self,
        id: AccountId,
        tx: TxId,
        no: MatchNo,
        day: Option<Day>,
    ) -> Applied<(), S> {
        let game = self.game(no)?.clone();
        let code = || game.fixture.code.to_string();
        if let Some(day) = day.filter(|day| day.ends <= self.at.time) {
            return Err(RuleError::DayOver {
                code: code(),
                ends: day.ends,
                now: self.at.time,
            }
            .into());
        }
        self.check_not_played(&game)?;
        if game.fixture.kickoff.is_some() && !game.postponed {
            return Err(RuleError::KickoffKnown { code: code() }.into());
        }
        let vote = Vote::Day(day);
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        let before = game.terms();
        let game = game.with_day(day, self.at.time, &self.genesis.rules);
        self.change_match(id, tx, &vote, signers, Some(before), game)
    }

    /// # Rule S17: a match that is put off before it began has no end of betting until it is scheduled anew, where the rules say so
    /// # and S18 lets betting end later.
    pub(super) fn put_off(&self, game: &mut Match) {
        let begun = game.begun_before || game.has_begun_at(self.at.time);
        if self.genesis.rules.put_off_stays_open && !begun {
            game.fixture.kickoff = None;
            game.day = None;
            if game.may_end_later(self.at.time, &self.genesis.rules) {
                if !game.lacks_notice(&self.genesis.rules) {
                    game.stood = None;
                }
                game.deadline = None;
            }
        }
    }
}
