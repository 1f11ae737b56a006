//! Questions: what organisers ask, what they say is right, and what answers give.

use crate::{
    account::AccountId,
    apply::{
        ApplyError, RuleError,
        run::{Applied, Run, fits},
    },
    fixture::MatchNo,
    hashes::TxId,
    item::{Answer, Asks, Question, Slot, given},
    outcome::{Outcome, OutcomeError, Status},
    state::{Codes, Effect, MatchResult, Questions, Results, Slots, Standings, StateView, Vote},
    units::UnixSeconds,
};

/// # Rule X6: a question keeps its slots and kind. While no slot has a bet, all else may change; after that only `closes`, and options are
/// # added behind the others.
fn may_become(stands: &Question, new: &Question, is_answered: bool) -> bool {
    let mut new = new.clone();
    match (&stands.asks, &mut new.asks) {
        (Asks::Choice { options, .. }, Asks::Choice { options: all, .. }) => {
            all.truncate(options.len());
        }
        (Asks::Number { .. }, Asks::Number { .. }) => {}
        _ => return false,
    }
    new.closes = stands.closes;
    stands.slots == new.slots && (!is_answered || new == *stands)
}

/// The most numbers that all questions of a pool have together.
const MOST_SLOTS: u16 = 256;

impl<S: StateView> Run<'_, S> {
    /// The slot of a question that has a number.
    pub(super) fn slot(&mut self, no: MatchNo) -> Applied<Option<Slot>, S> {
        if no.is_for_questions() {
            self.get_to_change::<Slots>(&no)
        } else {
            Ok(None)
        }
    }

    /// The slots of a question, with their numbers.
    fn slots_of(&mut self, question: &Question) -> Applied<Vec<(MatchNo, Slot)>, S> {
        let mut slots = Vec::new();
        for no in question.numbers() {
            slots.extend(self.slot(no)?.map(|slot| (no, slot)));
        }
        Ok(slots)
    }

    /// # Rule X4: where `notice_s` is above 0, organisers ask and change questions, signed like a schedule.
    pub(super) fn ask(&mut self, id: AccountId, tx: TxId, question: &Question) -> Applied<(), S> {
        let (no, closes) = (question.no, question.closes);
        let before = self.get::<Questions>(&no)?;
        let answered = self.check_asked(before.as_ref(), question)?;
        let is_as_it_was = before.as_ref().is_some_and(|stands| {
            let stands = Question {
                closes,
                ..stands.clone()
            };
            stands == *question
        });
        let vote = Vote::Question(Box::new(question.clone()));
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        self.put::<Codes>(&question.code.folded(), &no)?;
        for no in question.numbers() {
            let slot = Slot::new(question, self.at.time);
            let slot = match self.slot(no)? {
                Some(stands) => Slot {
                    // # Rule S22: what is asked in other words, or has other options, is something else to answer.
                    since: if is_as_it_was {
                        stands.since
                    } else {
                        slot.since
                    },
                    bets: stands.bets,
                    unopened: stands.unopened,
                    ..slot
                },
                None => slot,
            };
            self.put::<Slots>(&no, &slot)?;
        }
        self.put::<Questions>(&no, question)?;
        let effect = Effect::Question {
            before: before.map(Box::new),
            after: Box::new(question.clone()),
            answered,
        };
        self.note_act(no, id, tx, &vote, signers, Some(effect))
    }

    /// The number of players who have answered.
    fn players_of(&self, question: &Question) -> Applied<u32, S> {
        let rows = question.rows(self.overlay, None, usize::MAX);
        let players = rows.map_err(ApplyError::State)?.len();
        Ok(fits(players.try_into().ok())?)
    }

    /// Checks what is asked against what stands; gives the number of players who have answered.
    fn check_asked(&mut self, before: Option<&Question>, new: &Question) -> Applied<u32, S> {
        let code = new.code.to_string();
        let notice_s = u64::from(self.genesis.rules.notice_s);
        let noticed = UnixSeconds(self.at.time.0.saturating_add(notice_s));
        // # Rule X5: the time of the block plus `notice_s` is at most the new `closes` and, where the question stands already, at most
        // # the `closes` that stands. A question that has a record is not changed any more.
        if noticed > new.closes {
            let now = UnixSeconds(noticed.0.saturating_sub(1));
            let kickoff = new.closes;
            return Err(RuleError::KickoffInThePast { kickoff, now }.into());
        }
        if before.is_some_and(|stands| noticed > stands.closes)
            || self.get::<Results>(&new.no)?.is_some()
        {
            return Err(RuleError::MatchStarted { code }.into());
        }
        let slots = self.slots_of(new)?;
        let other = slots.iter().find(|(_, slot)| slot.of != new.no);
        let coded = self.get::<Codes>(&new.code.folded())?;
        let renamed = before.filter(|_| coded != Some(new.no));
        // # Rule X2: a question has its first number and those that follow, one for each slot; no other has one of them.
        // # Rule S3: a number keeps its code for good.
        if let Some(no) = other.map(|(no, _)| *no).or(renamed.map(|stands| stands.no)) {
            let code = self.item(no)?.code.to_string();
            return Err(RuleError::MatchNumberTaken { no, code }.into());
        }
        // # Rule S5: codes are unique without regard to case.
        if coded.is_some_and(|no| no != new.no) {
            return Err(RuleError::MatchCodeTaken { code }.into());
        }
        let answered = before.map_or(Ok(0), |stands| self.players_of(stands))?;
        match before {
            // # Rule X2: all questions together have at most 256 numbers.
            None => {
                let there = self.scan::<Slots>(&(), usize::MAX)?.len();
                let max = MOST_SLOTS;
                if there.saturating_add(new.slots.into()) > max.into() {
                    return Err(RuleError::TooManyMatches { max }.into());
                }
            }
            Some(stands) if !may_become(stands, new, answered > 0) => {
                return Err(RuleError::TeamsFixed { code }.into());
            }
            Some(_) => {}
        }
        Ok(answered)
    }

    /// # Rule X8: what `results_quorum` organisers have signed alike is the record of a question.
    pub(super) fn answered(
        &mut self,
        id: AccountId,
        tx: TxId,
        question: Question,
        outcome: &Outcome,
    ) -> Applied<(), S> {
        let (no, code) = (question.no, || question.code.to_string());
        let is_answer = outcome.status == Status::Answered;
        // # Rule X8: `answered` is made in a block whose time is `closes` or later, `cancelled` at any time.
        if is_answer && self.at.time < question.closes {
            return Err(RuleError::ResultTooEarly { code: code() }.into());
        }
        let before = self.get::<Results>(&no)?;
        // # Rule R5: a record that is final is not corrected.
        if before.as_ref().is_some_and(MatchResult::is_settled) {
            return Err(RuleError::ResultFinal { code: code() }.into());
        }
        { question.check_outcome(outcome) }.map_err(RuleError::BadOutcome)?;
        let slots = self.slots_of(&question)?;
        // # Rule X8: a question whose answers do not count, as it was cancelled before it closed, is never `answered`.
        let rules = &self.genesis.rules;
        if is_answer && slots.iter().any(|(_, slot)| slot.lacks_notice(rules)) {
            return Err(RuleError::BadOutcome(OutcomeError::NoAnswer).into());
        }
        let vote = Vote::Result(outcome.clone());
        if let Some(current) = before.clone().filter(|it| it.outcome == *outcome) {
            return self.cosign(no, id, tx, &vote, current);
        }
        // # Rule R3: what `results_quorum` organisers have signed alike is the record.
        let Some(signers) = self.vote(no, id, tx, &vote)? else {
            return Ok(());
        };
        let old = before.as_ref().map_or(&[][..], |it| &it.outcome.right);
        let rows = question.rows(self.overlay, None, usize::MAX);
        let rows = rows.map_err(ApplyError::State)?;
        let answered = fits(rows.len().try_into().ok())?;
        for (id, row) in rows {
            let worth = |right: &[Answer]| question.worth(right, &given(&row));
            self.change_points(id, worth(old), worth(&outcome.right))?;
        }
        let mut opened = None;
        for (no, mut slot) in slots {
            // # Rule X9: with a seal of any slot that is not opened, `answered` is not final before `opening_window_s` after `closes`.
            if is_answer && slot.unopened > 0 {
                let window_s = self.genesis.rules.opening_window_s.into();
                opened = Some(UnixSeconds(slot.begins.0.saturating_add(window_s)));
            }
            // # Rule X8: a question that was cancelled before it closed takes no more answers.
            if !is_answer && self.at.time < slot.deadline {
                (slot.deadline, slot.since) = (self.at.time, self.at.time);
                self.put::<Slots>(&no, &slot)?;
            }
        }
        let final_at = self.disputed_until(opened);
        self.put_record(no, before, outcome, signers.clone(), Some(final_at))?;
        let after = Box::new(question);
        let effect = Effect::Question {
            before: Some(after.clone()),
            after,
            answered,
        };
        self.note_act(no, id, tx, &vote, signers, Some(effect))
    }

    /// Counts a seal of a slot as opened, with the points that this gives once there is a record.
    pub(super) fn opened_slot(&mut self, no: MatchNo, slot: Slot, id: AccountId) -> Applied<(), S> {
        let unopened = fits(slot.unopened.checked_sub(1))?;
        self.put::<Slots>(&no, &Slot { unopened, ..slot })?;
        let (Some(record), Some(question)) = (
            self.get::<Results>(&slot.of)?,
            self.get::<Questions>(&slot.of)?,
        ) else {
            return Ok(());
        };
        let right = &record.outcome.right;
        let row = question.row(self.overlay, &id);
        let mut answers = given(&row.map_err(ApplyError::State)?);
        let after = question.worth(right, &answers);
        let place = usize::from(no.0.saturating_sub(slot.of.0));
        if let Some(answer) = answers.get_mut(place) {
            *answer = None;
        }
        self.change_points(id, question.worth(right, &answers), after)
    }

    /// # Rule X11: points of questions count for the whole pool, and in no stage.
    fn change_points(&mut self, id: AccountId, before: u64, after: u64) -> Applied<(), S> {
        if before == after {
            return Ok(());
        }
        let mut standing = self.get_to_change::<Standings>(&id)?.unwrap_or_default();
        let points = standing.points.checked_sub(before);
        standing.points = fits(points.and_then(|points| points.checked_add(after)))?;
        self.put::<Standings>(&id, &standing)
    }
}
