//! An organiser's signature on what players bet on: how many there are with it, and how others add theirs.

use bolao_answers::{Chain, Refused, SignedId, waiting_of_match};
use bolao_ledger::{Action, ItemKind, MatchNo, Vote, actions};
use bolao_rulebook::Said;

use super::{Foreseen, Outlook, Unmet, Wisher, missing::others, said};

const LAST: &str =
    "Signatures: {given, number} of {needed, number} needed, with yours. It takes effect.";
const ONE_OF: &str = "Signatures: {given, number} of {needed, number} needed, with yours. Another organiser adds one with: {command}";

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    /// An organiser's act as it stands, such as one that waits for more signatures.
    pub(super) fn sign(&self, action: &Action, again: bool) -> Outlook<E> {
        if let Action::Schedule(actions::Schedule { fixture }) = action {
            return self.sign_fixture(fixture.clone(), again);
        }
        if let Action::Day(actions::Day { match_no, day }) = action {
            return self.sign_day(*match_no, *day);
        }
        if let Action::Result(actions::Result { match_no, outcome }) = action {
            return self.sign_record(*match_no, outcome.clone());
        }
        if let Action::Question(actions::Question { question }) = action {
            return self.sign_question((**question).clone());
        }
        Err(Unmet::Unclear(format!(
            "`{}` is not signed so: wanted `schedule`, `day`, `result` or `question`",
            action.kind()
        )))
    }

    /// A vote on something of a code, with sentences on what it changes.
    pub(super) fn sign_vote(
        &self,
        no: MatchNo,
        code: &str,
        vote: Vote,
        mut says: Vec<Said>,
    ) -> Outlook<E> {
        let actions = vec![vote.action(no)];
        self.tried(&actions)?;
        let (chain, genesis) = (self.asked.chain, self.asked.genesis);
        let organisers = chain.organisers(genesis).map_err(Refused::from)?.len();
        let needed = genesis.quorum(&vote, organisers);
        let kind = genesis.rules.kind_of(no);
        // A result is signed more often than anything: its signatures are always counted.
        let is_result = matches!(vote, Vote::Result(_)) && kind == Some(ItemKind::Match);
        if needed > 1 || is_result {
            let waiting = waiting_of_match(chain, no, None).map_err(Refused::from)?;
            let same = waiting.into_iter().find(|it| it.what == vote);
            let signers = same.map(|it| it.signers).unwrap_or_default();
            let others = others(&signers, self.account);
            says.push(signatures(others, needed, &command(&vote, kind, no, code)));
        }
        Ok(Foreseen {
            actions,
            says,
            doubts: Vec::new(),
            signatures_needed: needed,
        })
    }
}

/// The number of signatures with one more, and the command by which others add theirs.
fn signatures(others: usize, needed: u8, command: &str) -> Said {
    let given = others.saturating_add(1);
    let is_last = given >= usize::from(needed);
    let given = ("given", u64::try_from(given).unwrap_or(u64::MAX).into());
    let needed = ("needed", needed.into());
    if is_last {
        said(LAST, [given, needed])
    } else {
        said(ONE_OF, [given, needed, ("command", command.into())])
    }
}

/// The command that signs the same; `kind` and `code`: of what it is about, as it stands.
fn command(vote: &Vote, kind: Option<ItemKind>, no: MatchNo, code: &str) -> String {
    let verb = match vote {
        Vote::Question(_) => "question add",
        Vote::Result(_) if kind == Some(ItemKind::Question) => "question settle",
        Vote::Result(_) => "result",
        Vote::Schedule(_)
        | Vote::Day(_)
        | Vote::Appoint(_)
        | Vote::Organiser { .. }
        | Vote::Address(_) => "schedule",
    };
    let id = SignedId::of(&vote.action(no));
    format!("bolao {verb} {code} --confirm={id}")
}
