//! Questions: what organisers ask, what they say is right, and what answers give.

use crate::{
    account::AccountId,
    apply::{
        ApplyError, RuleError,
        run::{Applied, Run, fits},
    },
    fixture::{ItemKind, MatchNo},
    hashes::TxId,
    item::{Answer, Question, Slot, given},
    outcome::{Outcome, OutcomeError, Status},
    state::{Effect, MatchResult, Questions, Results, Slots, Standings, StateView, Vote},
    units::UnixSeconds,
};

impl<S: StateView> Run<'_, S> {
    /// The slot of a question that has a number.
    pub(crate) fn slot(&mut self, no: MatchNo) -> Applied<Option<Slot>, S> {
        match self.genesis.rules.kind_of(no) {
            Some(ItemKind::Question) => self.get_to_change::<Slots>(&no),
            Some(ItemKind::Match) | None => Ok(None),
        }
    }

    /// The slots of a question, with their numbers.
    pub(crate) fn slots_of(&mut self, question: &Question) -> Applied<Vec<(MatchNo, Slot)>, S> {
        let mut slots = Vec::new();
        for no in question.numbers() {
            slots.extend(self.slot(no)?.map(|slot| (no, slot)));
        }
        Ok(slots)
    }

    /// # Rule X8: what `results_quorum` organisers have signed alike is the record of a question.
    pub(crate) fn answered(
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
    pub(crate) fn opened_slot(&mut self, no: MatchNo, slot: Slot, id: AccountId) -> Applied<(), S> {
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
