//! What organisers sign: a signature is a vote, and what as many as the rules want have signed alike takes effect.

use super::{
    RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    fixture::{Fixture, MatchNo},
    hashes::TxId,
    outcome::{Outcome, Status},
    state::{
        Account, Accounts, Act, Acts, Codes, Due, Match, MatchResult, Matches, ResultVersion,
        ResultVersions, Results, StateView, Vote, Votes, deadline,
    },
    units::UnixSeconds,
};

const SCHEDULE: u8 = 0;
const RESULT: u8 = 1;

impl<S: StateView> Run<'_, S> {
    fn check_organiser(&self, id: &AccountId) -> Result<(), RuleError> {
        // # Rule S1: only an organiser named in genesis schedules and records results.
        if self.genesis.organisers.contains(id) {
            Ok(())
        } else {
            Err(RuleError::NotAnOrganiser)
        }
    }

    /// Records a vote; gives the signers if it completes the quorum, whose votes are then spent.
    fn vote(
        &mut self,
        kind: u8,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        quorum: u8,
    ) -> Applied<Option<Vec<AccountId>>, S> {
        let votes = self.scan::<Votes>(&(kind, no), usize::MAX)?;
        let mut signers: Vec<AccountId> = votes
            .iter()
            .filter(|((_, _, other), cast)| *other != id && cast == vote)
            .map(|((_, _, other), _)| *other)
            .collect();
        signers.push(id);
        signers.sort_unstable();
        let took_effect = signers.len() >= usize::from(quorum);
        if took_effect {
            for signer in &signers {
                self.remove::<Votes>(&(kind, no, *signer))?;
            }
        } else {
            self.put::<Votes>(&(kind, no, id), vote)?;
        }
        let act = Act {
            organiser: id,
            vote: vote.clone(),
            match_no: no,
            took_effect,
            tx,
            height: self.at.height,
            time: self.at.time,
        };
        let seq = self.totals()?.acts;
        self.put::<Acts>(&seq, &act)?;
        self.count(|totals| {
            totals.acts = totals.acts.checked_add(1)?;
            Some(())
        })?;
        Ok(took_effect.then_some(signers))
    }

    pub(super) fn schedule(
        &mut self,
        id: AccountId,
        account: &Account,
        tx: TxId,
        fixture: &Fixture,
    ) -> Applied<(), S> {
        self.check_organiser(&id)?;
        // # Rule S2: a kick-off is moved only to a time that lies ahead of the block.
        if let Some(kickoff) = fixture.kickoff.filter(|kickoff| *kickoff <= self.at.time) {
            return Err(RuleError::KickoffInThePast { kickoff, now: self.at.time }.into());
        }
        let existing = self.get::<Matches>(&fixture.no)?;
        match &existing {
            Some(game) => self.check_reschedule(game, fixture)?,
            None => self.check_new(fixture)?,
        }
        let vote = Vote::Schedule(fixture.clone());
        let quorum = self.genesis.rules.schedule_quorum;
        let agreed = self.vote(SCHEDULE, fixture.no, id, tx, &vote, quorum)?;
        if agreed.is_some() {
            match existing {
                Some(game) => {
                    let game = self.rescheduled(game, fixture);
                    self.put::<Matches>(&fixture.no, &game)?;
                }
                None => {
                    let lead = self.genesis.rules.deadline_lead_s;
                    self.put_new_match(Match::new(fixture.clone(), lead))?;
                }
            }
        }
        self.put::<Accounts>(&id, account)
    }

    fn check_reschedule(&self, game: &Match, fixture: &Fixture) -> Applied<(), S> {
        let code = game.fixture.code.to_string();
        // # Rule S3: a number keeps its code for good, since tips name the number.
        if game.fixture.code != fixture.code {
            return Err(RuleError::MatchNumberTaken { no: fixture.no, code }.into());
        }
        let record = self.get::<Results>(&fixture.no)?.map(|result| result.outcome.status);
        // # Rule S4: a match that has kicked off is not changed any more, unless it was postponed.
        let fixed = match record {
            Some(Status::Postponed) => false,
            Some(_) => true,
            None => game.has_begun_at(self.at.time),
        };
        if fixed {
            return Err(RuleError::MatchStarted { code }.into());
        }
        Ok(())
    }

    fn check_new(&self, fixture: &Fixture) -> Applied<(), S> {
        // # Rule S5: codes are unique without regard to case.
        if self.get::<Codes>(&fixture.code.folded())?.is_some() {
            let code = fixture.code.to_string();
            return Err(RuleError::MatchCodeTaken { code }.into());
        }
        // # Rule S6: at most `limits.matches` matches.
        let max = self.genesis.limits.matches;
        if self.totals()?.matches >= u64::from(max) {
            return Err(RuleError::TooManyMatches { max }.into());
        }
        Ok(())
    }

    /// The match with its new fixture. The stage stays, since points may have been counted under it.
    fn rescheduled(&self, game: Match, fixture: &Fixture) -> Match {
        let rules = &self.genesis.rules;
        let moved = deadline(fixture, rules.deadline_lead_s);
        // # Rule S7: an earlier kick-off closes betting earlier; a later one opens betting that had ended only where
        // # the rules say so.
        let stays_closed = !game.is_open_at(self.at.time) && !rules.later_kickoff_reopens;
        Match {
            deadline: if stays_closed { game.deadline } else { moved },
            fixture: Fixture {
                stage: game.fixture.stage.clone(),
                ..fixture.clone()
            },
            ..game
        }
    }

    pub(super) fn result(
        &mut self,
        id: AccountId,
        account: &Account,
        tx: TxId,
        no: MatchNo,
        outcome: &Outcome,
    ) -> Applied<(), S> {
        self.check_organiser(&id)?;
        let game = self.game(no)?;
        let code = || game.fixture.code.to_string();
        // # Rule R1: a record's parts can belong to one match.
        outcome.check().map_err(RuleError::BadOutcome)?;
        let call_off = matches!(outcome.status, Status::Cancelled | Status::Postponed);
        // # Rule R2: a result is recorded after kick-off; a match is called off at any time.
        if !call_off && !game.has_begun_at(self.at.time) {
            return Err(RuleError::ResultTooEarly { code: code() }.into());
        }
        let before = self.get::<Results>(&no)?;
        // # Rule R5: a record that is final is not corrected.
        if before.as_ref().is_some_and(|result| result.settled) {
            return Err(RuleError::ResultFinal { code: code() }.into());
        }
        let vote = Vote::Result(outcome.clone());
        if let Some(current) = before.as_ref().filter(|result| result.outcome == *outcome) {
            self.cosign(no, id, tx, &vote, current.clone())?;
            return self.put::<Accounts>(&id, account);
        }
        let quorum = self.genesis.rules.results_quorum;
        // # Rule R3: what `results_quorum` organisers have signed alike is the record.
        if let Some(signers) = self.vote(RESULT, no, id, tx, &vote, quorum)? {
            self.record(game, before, outcome, signers)?;
        }
        self.put::<Accounts>(&id, account)
    }

    /// One more organiser signs the record that stands: nothing else changes.
    fn cosign(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        mut current: MatchResult,
    ) -> Applied<(), S> {
        self.vote(RESULT, no, id, tx, vote, u8::MAX)?;
        self.remove::<Votes>(&(RESULT, no, id))?;
        if !current.signers.contains(&id) {
            current.signers.push(id);
            current.signers.sort_unstable();
        }
        let key = (no, current.version);
        if let Some(mut version) = self.get::<ResultVersions>(&key)? {
            version.signers.clone_from(&current.signers);
            self.put::<ResultVersions>(&key, &version)?;
        }
        self.put::<Results>(&no, &current)
    }

    fn record(
        &mut self,
        mut game: Match,
        before: Option<MatchResult>,
        outcome: &Outcome,
        signers: Vec<AccountId>,
    ) -> Applied<(), S> {
        let no = game.fixture.no;
        let version = match &before {
            Some(result) => fits(result.version.checked_add(1))?,
            None => 0,
        };
        let final_at = self.final_at(&game, outcome);
        if let Some(result) = &before {
            self.remove::<Due>(&(result.final_at, no))?;
        }
        self.rescore(&game, before.as_ref().map(|result| &result.outcome), Some(outcome))?;
        // # Rule R7: a match that is called off takes no more bets.
        let now = self.at.time;
        let over = !matches!(outcome.status, Status::Played | Status::Postponed);
        if over && game.is_open_at(now) {
            game.deadline = Some(now);
            self.put::<Matches>(&no, &game)?;
        }
        let is_new = before.is_none();
        self.count(|totals| {
            if is_new {
                totals.provisional = totals.provisional.checked_add(1)?;
            }
            Some(())
        })?;
        self.put::<Due>(&(final_at, no), &())?;
        let (height, time) = (self.at.height, self.at.time);
        self.put::<ResultVersions>(
            &(no, version),
            &ResultVersion {
                outcome: outcome.clone(),
                signers: signers.clone(),
                height,
                time,
            },
        )?;
        self.put::<Results>(
            &no,
            &MatchResult {
                outcome: outcome.clone(),
                version,
                signers,
                since: time,
                final_at,
                settled: false,
                objections: before.map_or(0, |result| result.objections),
            },
        )
    }

    /// # Rule R4: a record is final `dispute_window_s` after its quorum, and not before the window for opening seals
    /// ends.
    fn final_at(&self, game: &Match, outcome: &Outcome) -> UnixSeconds {
        let rules = &self.genesis.rules;
        let disputed = self.at.time.0.saturating_add(rules.dispute_window_s.into());
        let scored = matches!(outcome.status, Status::Played | Status::Awarded);
        let opened = if game.unopened == 0 || !scored {
            0
        } else {
            let kickoff = game.fixture.kickoff.map_or(0, |kickoff| kickoff.0);
            kickoff.saturating_add(rules.opening_window_s.into())
        };
        UnixSeconds(disputed.max(opened))
    }
}
