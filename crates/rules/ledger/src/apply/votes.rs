//! What organisers sign: a signature is a vote, and what as many as the rules want have signed alike takes effect.

use std::cmp::Reverse;

use super::{
    ApplyError, RuleError,
    run::{Applied, Run, fits},
};
use crate::{
    account::AccountId,
    address::PageAddress,
    fixture::{Fixture, MatchNo},
    hashes::TxId,
    outcome::{Outcome, Status},
    state::{
        Act, Acts, Address, Codes, Due, Effect, Match, MatchResult, Move, Moves, ResultVersion,
        ResultVersions, Results, StateView, Terms, Vote, Votes, is_later,
    },
    units::UnixSeconds,
};

/// The organisers who have signed the same vote, the one who signs now included.
pub(super) fn signers<K, V: PartialEq>(
    votes: &[(K, V)],
    organiser: impl Fn(&K) -> &AccountId,
    id: AccountId,
    vote: &V,
) -> Vec<AccountId> {
    let alike = votes.iter().filter(|(_, cast)| cast == vote);
    let others = alike
        .map(|(key, _)| *organiser(key))
        .filter(|other| *other != id);
    let mut signers = Vec::new();
    for signer in others.chain([id]) {
        signed_by(&mut signers, signer);
    }
    signers
}

/// Adds one to signers, which stand in the order of the accounts.
fn signed_by(signers: &mut Vec<AccountId>, id: AccountId) {
    if let Err(place) = signers.binary_search(&id) {
        signers.insert(place, id);
    }
}

impl<S: StateView> Run<'_, S> {
    /// Records a vote; gives the signers if it completes the quorum, and then leaves it to the caller to note the act with its
    /// effect.
    ///
    /// # Rule S8: what takes effect on a match spends every vote on that match: nobody completes a quorum with what was
    /// signed before the match was as it is now.
    pub(super) fn vote(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
    ) -> Applied<Option<Vec<AccountId>>, S> {
        let votes = self.scan::<Votes>(&(vote.kind(), no), usize::MAX)?;
        let signers = signers(&votes, |(_, _, organiser)| organiser, id, vote);
        if signers.len() < self.quorum(vote)? {
            self.put::<Votes>(&(vote.kind(), no, id), vote)?;
            self.note_act(no, id, tx, vote, signers, None)?;
            return Ok(None);
        }
        let about_item = Vote::KINDS.contains(&vote.kind());
        let kinds = Vote::KINDS.into_iter().filter(|_| about_item);
        for kind in kinds.chain([vote.kind()]) {
            for (key, _) in self.scan::<Votes>(&(kind, no), usize::MAX)? {
                self.remove::<Votes>(&key)?;
            }
        }
        Ok(Some(signers))
    }

    pub(super) fn note_act(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        signers: Vec<AccountId>,
        effect: Option<Effect>,
    ) -> Applied<(), S> {
        let act = Act {
            organiser: id,
            signers,
            vote: vote.clone(),
            match_no: no,
            effect,
            tx,
            height: self.at.height,
            time: self.at.time,
        };
        let seq = self.totals.acts;
        self.totals.acts = fits(seq.checked_add(1))?;
        self.put::<Acts>(&seq, &act)
    }

    /// Puts a match as an act has changed it, and notes the act.
    pub(super) fn change_match(
        &mut self,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        signers: Vec<AccountId>,
        before: Option<Terms>,
        game: Match,
    ) -> Applied<(), S> {
        let effect = Effect::Match {
            before: before.map(Box::new),
            after: Box::new(game.terms()),
        };
        let no = game.fixture.no;
        self.put_game(game);
        self.note_act(no, id, tx, vote, signers, Some(effect))
    }

    /// # Rule S20: as many organisers as sign who organises sign where the pool's page is.
    pub(super) fn address(
        &mut self,
        id: AccountId,
        tx: TxId,
        address: &PageAddress,
    ) -> Applied<(), S> {
        let before = self.get::<Address>(&())?;
        if before.as_ref() == Some(address) {
            return Err(RuleError::AddressStands {
                address: address.clone(),
            }
            .into());
        }
        let (no, vote) = (MatchNo(0), Vote::Address(address.clone()));
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        self.put::<Address>(&(), address)?;
        self.note_act(no, id, tx, &vote, signers, Some(Effect::Address { before }))
    }

    pub(super) fn schedule(
        &mut self,
        id: AccountId,
        tx: TxId,
        fixture: &Fixture,
    ) -> Applied<(), S> {
        let existing = self.find_game(fixture.no)?.cloned();
        let (rules, now) = (&self.genesis.rules, self.at.time);
        let sets_right = existing
            .as_ref()
            .is_some_and(|game| game.is_set_right_by(fixture, now, rules));
        // # Rule S2: a kick-off is moved only to a time that lies ahead of the block.
        if let Some(kickoff) = fixture
            .kickoff
            .filter(|kickoff| !sets_right && *kickoff <= self.at.time)
        {
            return Err(RuleError::KickoffInThePast {
                kickoff,
                now: self.at.time,
            }
            .into());
        }
        match &existing {
            Some(_) if sets_right => {}
            Some(game) => self.check_reschedule(game, fixture)?,
            None => self.check_new(fixture)?,
        }
        let vote = Vote::Schedule(fixture.clone());
        let Some(signers) = self.vote(fixture.no, id, tx, &vote)? else {
            return Ok(());
        };
        let terms = existing.as_ref().map(Match::terms);
        let game = match existing {
            Some(before) => {
                let game = before.rescheduled(fixture, now, rules);
                self.note_move(&before, &game, signers.clone())?;
                game
            }
            None => Match {
                since: self.at.time,
                ..self.new_match(fixture, None)?
            },
        };
        self.change_match(id, tx, &vote, signers, terms, game)
    }

    fn check_reschedule(&self, game: &Match, fixture: &Fixture) -> Applied<(), S> {
        let code = game.fixture.code.to_string();
        // # Rule S3: a number keeps its code for good, since bets name the number.
        if game.fixture.code.folded() != fixture.code.folded() {
            return Err(RuleError::MatchNumberTaken {
                no: fixture.no,
                code,
            }
            .into());
        }
        self.check_not_played(game)?;
        let (old, new) = (&game.fixture, fixture);
        if (&old.home, &old.away) == (&new.home, &new.away) {
            return Ok(());
        }
        let replaced = old.home.is_replaced_by(&new.home) || old.away.is_replaced_by(&new.away);
        let (rules, now) = (&self.genesis.rules, self.at.time);
        let after = game.rescheduled(fixture, now, rules);
        let allowed = if rules.notice_s == 0 {
            // # Rule S9: teams are changed only while the match takes bets, so that no bet changes its meaning for good.
            after.is_open_at(now, rules)
        } else {
            // # Rule S23: where changes need notice, and somebody has bet on the match, known teams stay, and placeholders are filled only
            // # as long as the bets that count go on counting.
            game.bets == 0 || (!replaced && !game.loses_bets(&after, rules))
        };
        if allowed {
            Ok(())
        } else {
            Err(RuleError::TeamsFixed { code }.into())
        }
    }

    /// # Rule S4: a match that has kicked off, or has a record other than `postponed`, is not changed any more, unless it was
    /// # put off and has had neither a schedule nor a day since.
    pub(super) fn check_not_played(&self, game: &Match) -> Applied<(), S> {
        let recorded = self
            .get::<Results>(&game.fixture.no)?
            .is_some_and(|result| result.outcome.status != Status::Postponed);
        if !game.postponed && (recorded || game.has_begun_at(self.at.time)) {
            let code = game.fixture.code.to_string();
            return Err(RuleError::MatchStarted { code }.into());
        }
        Ok(())
    }

    fn check_new(&self, fixture: &Fixture) -> Applied<(), S> {
        // # Rule X1: where `notice_s` is above 0, a match has a lower number than questions.
        if self.genesis.rules.notice_s > 0 && fixture.no.0 >= 0x4000 {
            return Err(RuleError::MatchNumberTaken {
                no: fixture.no,
                code: "questions".to_owned(),
            }
            .into());
        }
        // # Rule S5: codes are unique without regard to case.
        if self.get::<Codes>(&fixture.code.folded())?.is_some() {
            let code = fixture.code.to_string();
            return Err(RuleError::MatchCodeTaken { code }.into());
        }
        // # Rule S6: at most `limits.matches` matches.
        let max = self.genesis.limits.matches;
        if self.totals.matches >= u64::from(max) {
            return Err(RuleError::TooManyMatches { max }.into());
        }
        Ok(())
    }

    /// Keeps what became of a match's kick-off.
    fn note_move(
        &mut self,
        before: &Match,
        after: &Match,
        signers: Vec<AccountId>,
    ) -> Applied<(), S> {
        let (from, to) = (before.fixture.kickoff, after.fixture.kickoff);
        // A match that is put off may keep its kick-off in the book, but it stands no more.
        let to = to.filter(|_| !after.postponed);
        let from = from.filter(|_| !before.postponed);
        if from == to || (from.is_none() && !before.postponed) {
            return Ok(());
        }
        let no = after.fixture.no;
        let last = self.overlay.last_move(no).map_err(ApplyError::State)?;
        let last = last.and_then(|last| last.earliest);
        let left = from.filter(|_| is_later(from, to));
        // The act is noted after what it changes.
        let seq = self.totals.acts;
        let (height, time) = (self.at.height, self.at.time);
        self.put::<Moves>(
            &(no, Reverse(seq)),
            &Move {
                from,
                to,
                earliest: last.into_iter().chain(left).min(),
                signers,
                height,
                time,
            },
        )
    }

    pub(super) fn result(
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

    /// One more organiser signs the record that stands, and takes back what it has signed against it.
    pub(super) fn cosign(
        &mut self,
        no: MatchNo,
        id: AccountId,
        tx: TxId,
        vote: &Vote,
        mut current: MatchResult,
    ) -> Applied<(), S> {
        self.remove::<Votes>(&(vote.kind(), no, id))?;
        signed_by(&mut current.signers, id);
        self.note_act(no, id, tx, vote, current.signers.clone(), None)?;
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

    /// Puts a record in place of the one before.
    pub(super) fn put_record(
        &mut self,
        no: MatchNo,
        before: Option<MatchResult>,
        outcome: &Outcome,
        signers: Vec<AccountId>,
        final_at: Option<UnixSeconds>,
    ) -> Applied<(), S> {
        let version = match &before {
            Some(result) => fits(result.version.checked_add(1))?,
            None => 0,
        };
        if let Some(due) = before.as_ref().and_then(|result| result.final_at) {
            self.remove::<Due>(&(due, no))?;
        }
        if let Some(due) = final_at {
            self.put::<Due>(&(due, no), &())?;
        }
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
                settled: None,
                objections: before.map_or(0, |result| result.objections),
            },
        )
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
            _ => None,
        };
        Some(self.disputed_until(opened))
    }

    /// The end of the dispute window of a record that is made now, but not before the openings end that are waited for.
    pub(super) fn disputed_until(&self, openings_end: Option<UnixSeconds>) -> UnixSeconds {
        let window_s = self.genesis.rules.dispute_window_s.into();
        let end = UnixSeconds(self.at.time.0.saturating_add(window_s));
        end.max(openings_end.unwrap_or_default())
    }
}
