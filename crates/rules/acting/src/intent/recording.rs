//! What became of a match, what is right of a question, and what players object to.

use bolao_answers::{Chain, Game, Refused, Signed, body::MatchStatus, waiting_of_match};
use bolao_ledger::{
    AccountId, Action, ActionKind, FoldedCode, ItemKind, MatchNo, MatchResult, Outcome, Reason,
    Score, Status, UnixSeconds, Vote, actions,
    item::Question,
    table::{Codes, Questions},
};
use bolao_rulebook::{Said, SaidValue, about, english, records};

use super::{Foreseen, Outlook, Unmet, Wisher, said, shown};

const RECORD: &str = "{teams}: {record}  ({code}, {stage})";
const SETTLED: &str = "{question}: {record}";
const ASKED: &str = "{question}  ({code}): {about}";
const AS_IT_IS: &str = "{sentence}";
const STANDS: &str = "This is already the record, signed by {signers}; your signature is added.";
const CORRECTS: &str = "It corrects the current record: {record} (signed by {signers}).";
const ANOTHER: &str = "Another record is waiting: {record} (signed by {signers}).";
const NO_DRAW: &str = "Note: it had extra time without a draw, as second legs may. If this was a single match, check the score.";
const IS_OVER: &str =
    "Has it finished? It kicked off {ago} ago. A wrong record can be corrected until it is final.";
const OBJECTS: &str = "You object to version {version} of {code}: {record}.";

/// In which no match is over, in seconds: two halves and the shortest break.
const SHORTEST_S: u64 = 105 * 60;

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    pub(super) fn sign_record(&self, no: MatchNo, outcome: Outcome) -> Outlook<E> {
        if self.is_question(no) {
            return self.sign_settled(no, outcome);
        }
        self.organises(&self.organisers()?.organisers, "record results")?;
        let (chain, rules) = (self.asked.chain, &self.asked.genesis.rules);
        let game = Game::load(chain, rules, no).map_err(Refused::from)?;
        let game = game.ok_or_else(|| Unmet::Unknown("the pool has no such match".to_owned()))?;
        let now = self.now()?;
        let fixture = &game.entry.fixture;
        let mut says = vec![said(
            RECORD,
            [
                ("teams", fixture.into()),
                ("record", recorded(&game, &outcome).into()),
                ("code", fixture.code.as_str().into()),
                ("stage", fixture.stage.as_str().into()),
            ],
        )];
        let is_to_come = game.status(now) == MatchStatus::Scheduled;
        let counts = records::counting(rules, &outcome, game.base, game.lacks_notice, is_to_come);
        says.push(said(AS_IT_IS, [("sentence", counts.into())]));
        let record = game.result.as_ref();
        let current = record.filter(|it| it.outcome.stands(game.entry.postponed));
        let stands = current.filter(|it| it.outcome == outcome);
        if let Some(record) = stands {
            let signers = ("signers", self.called(&record.signers)?.into());
            says.push(said(STANDS, [signers]));
        } else {
            says.extend(self.others(&game, current, &outcome)?);
        }
        let doubts = doubts(&game, &outcome, now);
        let (code, said) = (fixture.code.as_str(), says.len());
        let is_new = stands.is_none();
        let mut foreseen = self.sign_vote(no, code, Vote::Result(outcome), says)?;
        if !is_new {
            // One signature more changes nothing.
            foreseen.says.truncate(said);
        }
        Ok(Foreseen { doubts, ..foreseen })
    }

    /// The record that another one corrects, and those that wait beside it.
    fn others(
        &self,
        game: &Game,
        current: Option<&MatchResult>,
        outcome: &Outcome,
    ) -> Result<Vec<Said>, Unmet<E>> {
        let mut says = Vec::new();
        let mut tell = |template, outcome: &Outcome, signers: &[AccountId]| {
            let record = ("record", recorded(game, outcome).into());
            let signers = ("signers", self.called(signers)?.into());
            says.push(said(template, [record, signers]));
            Ok::<_, Unmet<E>>(())
        };
        if let Some(record) = current {
            tell(CORRECTS, &record.outcome, &record.signers)?;
        }
        let waiting = waiting_of_match(self.asked.chain, game.no(), None);
        for Signed { what, signers, .. } in waiting.map_err(Refused::from)? {
            if let Vote::Result(other) = what
                && other != *outcome
            {
                tell(ANOTHER, &other, &signers)?;
            }
        }
        Ok(says)
    }

    fn called(&self, accounts: &[AccountId]) -> Result<String, Unmet<E>> {
        let players = self.names().players(accounts).map_err(Refused::from)?;
        Ok(shown(&players))
    }

    fn sign_settled(&self, no: MatchNo, outcome: Outcome) -> Outlook<E> {
        self.asks_questions()?;
        let question = self.question(no)?;
        let record = records::settled(&question.asks, &outcome).into();
        let question_text = ("question", question.text.as_str().into());
        let says = vec![said(SETTLED, [question_text, ("record", record)])];
        let code = question.code.as_str();
        let met = self.sign_vote(question.no, code, Vote::Result(outcome), says);
        met.map_err(|unmet| self.of_question(unmet))
    }

    pub(super) fn sign_question(&self, question: Question) -> Outlook<E> {
        self.asks_questions()?;
        let says = vec![said(
            ASKED,
            [
                ("question", question.text.as_str().into()),
                ("code", question.code.as_str().into()),
                ("about", about(&question).into()),
            ],
        )];
        let (no, code) = (question.no, question.code.clone());
        let vote = Vote::Question(Box::new(question));
        let met = self.sign_vote(no, code.as_str(), vote, says);
        met.map_err(|unmet| self.of_question(unmet))
    }

    fn asks_questions(&self) -> Result<(), Unmet<E>> {
        self.organises(&self.organisers()?.organisers, "ask questions")?;
        if ActionKind::Question.is_known_to(self.asked.genesis) {
            return Ok(());
        }
        let none = "the rules of this pool know no questions";
        Err(Unmet::Impossible(none.to_owned()))
    }

    fn is_question(&self, no: MatchNo) -> bool {
        self.asked.genesis.rules.kind_of(no) == Some(ItemKind::Question)
    }

    fn question(&self, no: MatchNo) -> Result<Question, Unmet<E>> {
        let found = self.asked.chain.get::<Questions>(&no);
        let found = found.map_err(Refused::from)?;
        found.ok_or_else(|| Unmet::Unknown("the pool has no such question".to_owned()))
    }

    /// A refusal about a question, with what can still be done.
    fn of_question(&self, unmet: Unmet<E>) -> Unmet<E> {
        let seconds = self.asked.genesis.rules.notice_s;
        let notice = english(&said(
            "{notice}",
            [("notice", SaidValue::Seconds { seconds })],
        ));
        unmet.explained(|reason, text| {
            if matches!(
                reason,
                Reason::KickoffInThePast | Reason::MatchStarted | Reason::TeamsFixed
            ) {
                text.push_str("; questions are asked and changed at least ");
                text.push_str(&notice);
                text.push_str(
                    " before they close, and before there is a record; once somebody has answered, only --closes and more options change",
                );
            }
        })
    }

    pub(super) fn object(&self, code: &str, text: &str) -> Outlook<E> {
        let text = text
            .parse()
            .map_err(|error| Unmet::Unclear(format!("the text cannot be used: {error}")))?;
        let chain = self.asked.chain;
        let match_no = chain.get::<Codes>(&FoldedCode::of(code));
        let match_no = match_no.map_err(Refused::from)?.ok_or_else(|| {
            Unmet::Unknown(format!("this pool has no match or question `{code}`"))
        })?;
        let actions = vec![Action::Object(actions::Object { match_no, text })];
        self.tried(&actions)?;
        let mut says = Vec::new();
        if let Some(result) = chain.result(match_no).map_err(Refused::from)? {
            let (code, record) = self.titled(match_no, &result.outcome)?;
            let version = result.version.saturating_add(1).to_string();
            says.push(said(
                OBJECTS,
                [
                    ("version", version.into()),
                    ("code", code.into()),
                    ("record", record.into()),
                ],
            ));
        }
        Ok(Foreseen {
            actions,
            says,
            ..Foreseen::default()
        })
    }

    /// The code under a number, and a record in words.
    fn titled(&self, no: MatchNo, outcome: &Outcome) -> Result<(String, String), Unmet<E>> {
        if self.is_question(no) {
            let question = self.question(no)?;
            let record = records::settled(&question.asks, outcome);
            return Ok((question.code.to_string(), record));
        }
        let fixture = self.match_with(no)?.fixture;
        let (home, away) = (fixture.home.name.as_str(), fixture.away.name.as_str());
        let record = records::recorded(outcome, home, away);
        Ok((fixture.code.to_string(), record))
    }
}

fn recorded(game: &Game, outcome: &Outcome) -> String {
    let fixture = &game.entry.fixture;
    let (home, away) = (fixture.home.name.as_str(), fixture.away.name.as_str());
    records::recorded(outcome, home, away)
}

/// Reasons against a record that is about to be signed.
fn doubts(game: &Game, outcome: &Outcome, now: UnixSeconds) -> Vec<Said> {
    let mut doubts = Vec::new();
    let is_level = |score: Score| score.home() == score.away();
    let (level, after_120) = (
        outcome.after_90.map(is_level),
        outcome.after_120.map(is_level),
    );
    if level == Some(false) && (outcome.after_120.is_some() || outcome.shootout.is_some())
        || after_120 == Some(false) && outcome.shootout.is_some()
    {
        doubts.push(said(NO_DRAW, []));
    }
    if let Some(seconds) = too_soon(outcome, game.entry.fixture.kickoff, now) {
        doubts.push(said(IS_OVER, [("ago", SaidValue::Seconds { seconds })]));
    }
    doubts
}

/// The time since the kick-off of a match whose score is recorded, in seconds, if it can hardly be over.
fn too_soon(outcome: &Outcome, kickoff: Option<UnixSeconds>, now: UnixSeconds) -> Option<u32> {
    let passed_s = now.0.saturating_sub(kickoff?.0);
    let is_early = outcome.status == Status::Played && passed_s < SHORTEST_S;
    is_early.then(|| u32::try_from(passed_s).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_match_that_has_just_begun_is_not_over() {
        let kickoff = 1_900_000_000;
        let mut outcome = Outcome::played("2-1".parse().unwrap());
        let after = |outcome: &Outcome, seconds| {
            let now = UnixSeconds(kickoff + seconds);
            too_soon(outcome, Some(UnixSeconds(kickoff)), now)
        };
        assert_eq!(after(&outcome, 24), Some(24));
        assert_eq!(after(&outcome, SHORTEST_S), None);
        outcome.status = Status::Abandoned;
        assert_eq!(after(&outcome, 24), None);
    }
}
