//! Signs what became of a match, or what is right of a question.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        RuleError,
        run::{Applied, Run},
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::{PoolId, TxId},
    outcome::{Outcome, Status},
    reasons::refusals,
    said::{Said, SaidValue},
    state::{Match, MatchResult, Questions, Results, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Signs what became of a match, or what is right of a question.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = ResultAction))]
pub struct Result {
    /// The number of the match that the record is about.
    #[serde(alias = "match")]
    #[cfg_attr(feature = "schema", schema(rename = "match"))]
    pub match_no: MatchNo,
    /// The record: the outcome of the match.
    pub outcome: Outcome,
}

refusals! {
    /// The action has no refusals of its own.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    pub enum Refusal {}
}

sentences! {
    RECORDS = "{who} signs what became of {item}: {outcome}.";
}

impl Act for Result {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Record;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(_: &Genesis) -> bool {
        true
    }

    fn matches(&self) -> Vec<MatchNo> {
        vec![self.match_no]
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Nothing
    }

    fn vote(&self) -> Option<Vote> {
        Some(Vote::Result(self.outcome.clone()))
    }

    fn times(&self, _: &Genesis) -> Vec<UnixSeconds> {
        Vec::new()
    }

    fn check(
        &self,
        _: &AccountId,
        _: &Genesis,
        _: PoolId,
    ) -> std::result::Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let outcome = SaidValue::Record {
            record: self.match_no,
            outcome: self.outcome.clone(),
        };
        let item = ("item", SaidValue::item(self.match_no));
        RECORDS.with([("who", by.into()), item, ("outcome", outcome)])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        let (id, tx, no) = (by.id, by.tx, self.match_no);
        match run.get::<Questions>(&no)? {
            Some(question) => run.answered(id, tx, question, &self.outcome)?,
            None => run.result(id, tx, no, &self.outcome)?,
        }
        Ok(Vec::new())
    }
}

impl<S: StateView> Run<'_, S> {
    fn result(
        &mut self,
        id: AccountId,
        tx: TxId,
        no: MatchNo,
        outcome: &Outcome,
    ) -> Applied<(), S> {
        let game = self.game(no)?.clone();
        let code = || game.fixture.code.to_string();
        // # Rule R1: a record's parts can belong to one match.
        outcome.check().map_err(RuleError::BadOutcome)?;
        // # Rule R2: a result is recorded after kick-off; a match is called off at any time.
        if !outcome.calls_off() && !game.has_begun_at(self.at.time) {
            return Err(RuleError::ResultTooEarly { code: code() }.into());
        }
        let before = self.get::<Results>(&no)?;
        // # Rule R5: a record that is final is not corrected.
        if before.as_ref().is_some_and(MatchResult::is_settled) {
            return Err(RuleError::ResultFinal { code: code() }.into());
        }
        let vote = Vote::Result(outcome.clone());
        let stands = |result: &MatchResult| {
            result.outcome == *outcome && game.postponed == (outcome.status == Status::Postponed)
        };
        if let Some(current) = before.clone().filter(stands) {
            return self.cosign(no, id, tx, &vote, current);
        }
        // # Rule R3: what `results_quorum` organisers have signed alike is the record.
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        let terms = game.terms();
        let game = self.record(game, before, outcome, signers.clone())?;
        self.change_match(id, tx, &vote, signers, Some(terms), game)
    }

    fn record(
        &mut self,
        mut game: Match,
        before: Option<MatchResult>,
        outcome: &Outcome,
        signers: Vec<AccountId>,
    ) -> Applied<Match, S> {
        let stood = game.clone();
        let old = before.as_ref().map(|result| &result.outcome);
        self.rescore(&game, old, Some(outcome))?;
        game.postponed = outcome.status == Status::Postponed;
        if game.postponed {
            self.put_off(&mut game);
            self.note_move(&stood, &game, signers.clone())?;
        }
        // # Rule R7: a match that is cancelled takes no more bets; one that then takes place after all is something else to bet on.
        let (rules, now) = (&self.genesis.rules, self.at.time);
        if outcome.status == Status::Cancelled && game.is_open_at(now, rules) {
            (game.stood, game.deadline, game.since) = (game.deadline, Some(now), now);
        }
        let final_at = self.final_at(&game, outcome);
        self.put_record(game.fixture.no, before, outcome, signers, final_at)?;
        Ok(game)
    }

    /// # Rule S17: a match that is put off before it began has no end of betting until it is scheduled anew, where the rules say so
    /// # and S18 lets betting end later.
    fn put_off(&self, game: &mut Match) {
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

    /// # Rule R4: a record is final `dispute_window_s` after its quorum, and one with a score not before the window for
    /// opening seals ends while there are any.
    /// # Rule R8: a postponed match has no result yet: its record is not final and its pot stays.
    fn final_at(&self, game: &Match, outcome: &Outcome) -> Option<UnixSeconds> {
        let opened = match outcome.status {
            Status::Postponed => return None,
            Status::Played | Status::Awarded if game.unopened > 0 => {
                game.openings_end(self.genesis.rules.opening_window_s)
            }
            Status::Played
            | Status::Awarded
            | Status::Cancelled
            | Status::Abandoned
            | Status::Answered => None,
        };
        Some(self.disputed_until(opened))
    }
}
