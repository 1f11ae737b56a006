//! Questions, and what players answer.

use bolao_ledger::{
    AccountId, Bet, FoldedCode, ItemKind, MatchNo, MatchResult, Prediction, Status, UnixSeconds,
    item::{Question, Row, given},
    table::{Codes, Questions, Slots},
};

use super::{Answer, Asked, Query, Refused, player};
use crate::{
    Chain, Lookup,
    body::{
        AnswerBody, AnswersBody, MatchRef, Page, QuestionBody, QuestionStatus, RecordBody, moment,
    },
    page::Paging,
};

/// The points of a player's answers; none until it is known what is right, and while all are sealed.
fn worth(question: &Question, record: Option<&MatchResult>, row: &[Option<Bet>]) -> Option<u64> {
    let record = record.filter(|it| it.outcome.status == Status::Answered)?;
    let given = given(row);
    let is_open = given.iter().any(Option::is_some);
    is_open.then(|| question.worth(&record.outcome.right, &given))
}

impl<C: Chain> Asked<'_, C> {
    /// The question with a code.
    pub(super) fn asked(&self, code: &str) -> Answer<Question, C> {
        let no = self.chain.get::<Codes>(&FoldedCode::of(code))?;
        let found = no.map(|no| self.chain.get::<Questions>(&no)).transpose()?;
        found.flatten().ok_or_else(|| {
            let code: String = code.chars().take(40).collect();
            Refused::NotFound(format!(
                "this pool has no question {code:?}; /api/v1/questions lists its questions"
            ))
        })
    }

    pub(super) fn questions(&self, query: &Query) -> Answer<Page<QuestionBody>, C> {
        let page: Paging<MatchNo> = query.page()?;
        let found = self
            .chain
            .scan::<Questions>(&(), page.after.as_ref(), page.wanted())?;
        page.page(found, |(no, _)| *no)
            .map(|(_, question)| Ok(self.question_body(&question)?))
    }

    pub(super) fn question(&self, code: &str) -> Answer<QuestionBody, C> {
        Ok(self.question_body(&self.asked(code)?)?)
    }

    fn question_body(&self, question: &Question) -> Result<QuestionBody, C::Error> {
        let (now, record) = (self.now()?, self.chain.result(question.no)?);
        let (mut answered, mut unopened, mut is_open) = (0, 0_u32, true);
        for no in question.numbers() {
            let Some(slot) = self.chain.get::<Slots>(&no)? else {
                continue;
            };
            answered = slot.bets.max(answered);
            unopened = unopened.saturating_add(slot.unopened);
            is_open &= now < slot.deadline;
        }
        let notice_s = u64::from(self.genesis.rules.notice_s);
        Ok(QuestionBody {
            asked: question.clone(),
            changeable_until: moment(UnixSeconds(question.closes.0.saturating_sub(notice_s))),
            status: match &record {
                Some(record) if record.is_settled() => QuestionStatus::Final,
                Some(_) => QuestionStatus::Provisional,
                None if is_open => QuestionStatus::Open,
                None => QuestionStatus::Closed,
            },
            answered,
            unopened,
            record: record.map(|it| RecordBody::new(it, None)),
        })
    }

    /// Everybody's answers to a question, in order of the accounts.
    pub(super) fn answers(&self, query: &Query) -> Answer<Page<AnswersBody>, C> {
        let page: Paging<AccountId> = query.page()?;
        let question = self.asked(&query.about)?;
        let record = self.chain.result(question.no)?;
        let found = question.rows(self.chain, page.after.as_ref(), page.wanted())?;
        let names = &mut self.names();
        page.page(found.into_iter().collect(), |(id, _)| *id)
            .map(|(id, row)| Ok(self.answers_body(names, &question, record.as_ref(), id, &row)?))
    }

    /// A player's answers, in order of the questions' numbers.
    pub(super) fn player_answers(&self, query: &Query) -> Answer<Page<AnswersBody>, C> {
        let page: Paging<MatchNo> = query.page()?;
        let (id, _) = player(self.chain, &query.about)?;
        let mut found: Vec<(Question, Row)> = Vec::new();
        // The rules bound how many there are.
        let questions = { self.chain }.scan::<Questions>(&(), page.after.as_ref(), usize::MAX)?;
        for (_, question) in questions {
            let row = question.row(self.chain, &id)?;
            if row.iter().any(Option::is_some) {
                found.push((question, row));
            }
        }
        let names = &mut self.names();
        page.page(found, |(question, _)| question.no)
            .map(|(question, row)| {
                let record = self.chain.result(question.no)?;
                Ok(self.answers_body(names, &question, record.as_ref(), id, &row)?)
            })
    }

    fn answers_body(
        &self,
        names: &mut Lookup<'_, C>,
        question: &Question,
        record: Option<&MatchResult>,
        id: AccountId,
        row: &[Option<Bet>],
    ) -> Result<AnswersBody, C::Error> {
        let points = worth(question, record, row);
        let window_s = u64::from(self.genesis.rules.opening_window_s);
        let is_over = question.closes.0.saturating_add(window_s) <= self.chain.totals()?.clock.0;
        let mut answers = Vec::new();
        for bet in row {
            let Some(bet) = bet else {
                answers.push(None);
                continue;
            };
            let sealed = bet.prediction().is_none();
            answers.push(Some(AnswerBody {
                answer: bet.prediction().and_then(Prediction::answer),
                sealed,
                // # Rule O4: a seal that is not opened in the window counts as no bet.
                missed: sealed && is_over,
                height: bet.height.0,
                state: names.state_at(bet.height)?,
                time: moment(bet.time),
                transaction: bet.tx.to_string(),
            }));
        }
        Ok(AnswersBody {
            question: MatchRef {
                no: question.no.0,
                code: question.code.to_string(),
                kind: ItemKind::Question,
            },
            player: names.player(&id)?,
            points,
            provisional: points.is_some() && record.is_some_and(|it| !it.is_settled()),
            answers,
        })
    }
}
