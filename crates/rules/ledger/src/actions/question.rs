//! Asks a question, or asks it otherwise.

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    account::AccountId,
    actions::{Act, AffectedAccounts, By, Deadline, Named, NewBet, Opening, Signer},
    apply::{
        ApplyError, RuleError,
        run::{Applied, Run, fits},
    },
    check::TxCheckError,
    fixture::MatchNo,
    genesis::Genesis,
    hashes::{PoolId, TxId},
    item::{self, Asks, Slot},
    reasons::refusals,
    said::Said,
    state::{Codes, Effect, Questions, Results, Slots, StateView, Vote},
    template::sentences,
    units::UnixSeconds,
};

/// Asks a question, or asks it otherwise.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = QuestionAction))]
pub struct Question {
    /// The question as it is from now on.
    pub question: Box<item::Question>,
}

refusals! {
    /// The action has no refusals of its own.
    #[derive(Clone, Debug, PartialEq, Eq, Error)]
    pub enum Refusal {}
}

sentences! {
    ASKS = "{who} signs the question “{text}”.";
}

impl Act for Question {
    const SIGNER: Signer = Signer::Organiser;
    const AFFECTS: AffectedAccounts = AffectedAccounts::Everybody;
    const ENDS: Deadline = Deadline::Never;
    const IS_OF_PAGES: bool = true;
    const CHANGES_STANDINGS: bool = false;

    fn is_known_to(genesis: &Genesis) -> bool {
        genesis.rules.notice_s > 0
    }

    fn matches(&self) -> Vec<MatchNo> {
        vec![self.question.no]
    }

    fn placed(&self) -> Vec<NewBet> {
        Vec::new()
    }

    fn openings<'a>(&'a self, _: &AccountId) -> Option<(AccountId, &'a [Opening])> {
        None
    }

    fn named(&self) -> Named<'_> {
        Named::Question(&self.question)
    }

    fn vote(&self) -> Option<Vote> {
        Some(Vote::Question(self.question.clone()))
    }

    // # Rule X5: it is refused from when the notice would be too short.
    fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds> {
        let notice_s = u64::from(genesis.rules.notice_s);
        let late = self
            .question
            .closes
            .0
            .saturating_sub(notice_s)
            .saturating_add(1);
        vec![UnixSeconds(late)]
    }

    fn check(&self, _: &AccountId, _: &Genesis, _: PoolId) -> Result<(), TxCheckError> {
        Ok(())
    }

    fn says(&self, by: &AccountId) -> Said {
        let text = ("text", self.question.text.as_str().into());
        ASKS.with([("who", by.into()), text])
    }

    fn apply<S: StateView>(
        &self,
        run: &mut Run<'_, S>,
        by: &mut By<'_>,
    ) -> Applied<Vec<MatchNo>, S> {
        run.ask(by.id, by.tx, &self.question)?;
        Ok(Vec::new())
    }
}

/// The most numbers that all questions of a pool have together.
const MOST_SLOTS: u16 = 256;

/// # Rule X6: a question keeps its slots and kind. While no slot has a bet, all else may change; after that only `closes`, and options are
/// # added behind the others.
fn may_become(stands: &item::Question, new: &item::Question, is_answered: bool) -> bool {
    let mut new = new.clone();
    match (&stands.asks, &mut new.asks) {
        (Asks::Choice { options, .. }, Asks::Choice { options: all, .. }) => {
            all.truncate(options.len());
        }
        (Asks::Number { .. }, Asks::Number { .. }) => {}
        (Asks::Choice { .. }, Asks::Number { .. }) | (Asks::Number { .. }, Asks::Choice { .. }) => {
            return false;
        }
    }
    new.closes = stands.closes;
    stands.slots == new.slots && (!is_answered || new == *stands)
}

impl<S: StateView> Run<'_, S> {
    /// # Rule X4: where `notice_s` is above 0, organisers ask and change questions, signed like a schedule.
    fn ask(&mut self, id: AccountId, tx: TxId, question: &item::Question) -> Applied<(), S> {
        let (no, closes) = (question.no, question.closes);
        let before = self.get::<Questions>(&no)?;
        let answered = self.check_asked(before.as_ref(), question)?;
        let is_as_it_was = before.as_ref().is_some_and(|stands| {
            let stands = item::Question {
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
    fn players_of(&self, question: &item::Question) -> Applied<u32, S> {
        let rows = question.rows(self.overlay, None, usize::MAX);
        let players = rows.map_err(ApplyError::State)?.len();
        Ok(fits(players.try_into().ok())?)
    }

    /// Checks what is asked against what stands; gives the number of players who have answered.
    fn check_asked(
        &mut self,
        before: Option<&item::Question>,
        new: &item::Question,
    ) -> Applied<u32, S> {
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
}
