//! What the player wants done, step by step: the page asks the node and tells what it answered, the keys sign here.

use bolao_acting::{Acting, Fact, Leave, Part, Refusal as Refused, Step, Wish};
use bolao_answers::body::moment;
use bolao_ledger::{
    AccountId, Action, Deadline, ItemKind, MatchNo, Name, Nonce, PoolId, Reason, Rules, TxBody,
    UnixSeconds, encode,
    json::{self, Words},
    misleading,
};
use bolao_wallet::{Draft, HeldTicket};
use serde_json::Value;

use crate::{
    invitation,
    keys::Held,
    object::{AnswerText, object},
    pool::Open,
    question::Asked,
    refusal::Refusal,
};

/// A wish on its way.
#[derive(Debug)]
pub(crate) struct Going {
    /// Its number, which each question about it names.
    pub(crate) no: u32,
    pool: PoolId,
    acting: Acting<usize>,
    /// The node's refusals.
    problems: Vec<Value>,
    /// The name to join under, with a ticket where the pool wants one.
    joining: Option<(Name, Option<HeldTicket>)>,
}

/// A name that nobody takes for more than a name.
fn honest(name: &str) -> Result<Name, Refusal> {
    let checked = Name::new(name).map_err(|error| Refusal::new("bad-name", error))?;
    match misleading(name) {
        None => Ok(checked),
        Some(part) => Err(Refusal::new(
            "misleading-name",
            format_args!("`{part}` in a name could mislead others: choose another name"),
        )),
    }
}

fn beside() -> Refusal {
    Refusal::new("bad-act", "a joining stands beside no other act")
}

/// The action of an act in the ledger's own form, but for `join`. What moves bets, chips or a validator's key is no act of a page.
fn action(act: Value) -> Result<Action, Refusal> {
    Action::of_page(act).map_err(|error| Refusal::new("bad-act", error))
}

impl Going {
    /// Begins a wish: `tips`, `openings` or `acts`.
    pub(crate) fn begin(open: &Open, no: u32, asked: &mut Asked) -> Result<Self, Refusal> {
        let mut joining = None;
        let wish = if let Some(bets) = asked.take("tips")? {
            let leave = Leave::Late;
            Wish::Bets { bets, leave }
        } else if let Some(openings) = asked.take("openings")? {
            Wish::Openings(openings)
        } else {
            let mut actions = Vec::new();
            for act in asked.list("acts")? {
                if act.get("type").and_then(Value::as_str) != Some("join") {
                    actions.push(action(act)?);
                    continue;
                }
                let mut act = Asked::about("join".to_owned(), act, "bad-act");
                if joining.is_some() {
                    return Err(beside());
                }
                let name = honest(&act.take::<String>("name")?)?;
                let ticket = match act.take::<Option<String>>("invitation")? {
                    Some(text) => invitation::whole(&text, open)?.ticket,
                    None => None,
                };
                joining = Some((name, ticket));
            }
            match joining {
                Some(_) if actions.is_empty() => Wish::Joining,
                Some(_) => return Err(beside()),
                None => Wish::Actions(actions),
            }
        };
        let acting = Acting::new(&open.genesis, wish);
        let problems = Vec::new();
        Ok(Self {
            no,
            pool: open.id,
            acting,
            problems,
            joining,
        })
    }

    /// Whether it is of a pool.
    pub(crate) fn is_of(&self, pool: PoolId) -> bool {
        self.pool == pool
    }

    /// The next step, after what came of the last one.
    pub(crate) fn next(
        &mut self,
        held: &Held,
        open: &Open,
        asked: &mut Asked,
    ) -> Result<AnswerText, Refusal> {
        let mut fact = Asked::of(asked.value("fact"), "bad-fact");
        let fact = match fact.name.as_str() {
            "start" => Fact::Start,
            "nonce" => Fact::Nonce(fact.take("next")?),
            "verdicts" => {
                let verdicts = fact.list("of")?.into_iter().map(|it| self.verdict(it));
                Fact::Verdicts(verdicts.collect())
            }
            "taken" => Fact::Taken,
            "refused" => Fact::Refused(self.refused(fact.value("problem"))),
            "passed" => Fact::Passed,
            _ => return Err(fact.unknown()),
        };
        Ok(match self.acting.next(fact) {
            Step::Nonce => object!({ "step": "nonce", "acts": self.acting.left() }),
            Step::Try { parts, alone } => {
                let mut tried = Vec::new();
                for part in &parts {
                    tried.push(object!({
                        "account": held.account(),
                        "action": shown(&self.body(part, held, open, Nonce::ZERO)?.action, &open.genesis.rules)?,
                        "alone": alone && *part != Part::Join,
                    }));
                }
                object!({ "step": "try", "transactions": tried })
            }
            Step::Send { part, nonce } => {
                let body = self.body(&part, held, open, nonce)?;
                object!({ "step": "send", "signed": sign(held, open, body)? })
            }
            Step::Pause { time, .. } => {
                object!({ "step": "pause", "ms": time.as_secs() * 1_000 + u64::from(time.subsec_millis()) })
            }
            Step::Done => {
                let left_out = self.acting.left_out().iter().map(|(no, reason)| {
                    let code = reason.map(bolao_ledger::Reason::code);
                    object!({ "match_no": no, "code": code })
                });
                object!({ "step": "done", "left_out": left_out.collect::<Vec<_>>() })
            }
            Step::Lost => return Err(no_wish()),
            Step::Refused { refusal, .. } => {
                object!({ "step": "refused", "problem": self.problems.get(refusal.error) })
            }
        })
    }

    /// The node's verdict on one that was tried.
    fn verdict(&mut self, verdict: Value) -> Result<(), Refused<usize>> {
        if verdict.get("accepted") == Some(&Value::Bool(true)) {
            return Ok(());
        }
        Err(self.refused(verdict))
    }

    /// A node's refusal, of which the page gets all back.
    fn refused(&mut self, problem: Value) -> Refused<usize> {
        let code = problem.get("code").and_then(Value::as_str);
        let reason = code.and_then(Reason::of);
        let error = self.problems.len();
        self.problems.push(problem);
        Refused { reason, error }
    }

    fn body(&self, part: &Part, held: &Held, open: &Open, nonce: Nonce) -> Result<TxBody, Refusal> {
        let mut draft = Draft::new(held.account(), nonce);
        if let Some(body) = part.draft(&mut draft, held.key(), &open.genesis) {
            return Ok(body);
        }
        let Some((name, ticket)) = &self.joining else {
            let message = "the player has not joined the pool: join first";
            return Err(Refusal::new("unknown-account", message));
        };
        Ok(draft.enter(open.id, name.clone(), ticket.as_ref()))
    }
}

/// The refusal of a fact that belongs to no wish.
pub(crate) fn no_wish() -> Refusal {
    Refusal::new("no-wish", "nothing was started that could continue")
}

/// The words of somebody who does not ask the chain, and knows the rules only.
struct NoWords<'r>(&'r Rules);

impl Words for NoWords<'_> {
    fn name(&self, _: &AccountId) -> Option<String> {
        None
    }

    fn code(&self, no: MatchNo) -> String {
        no.to_string()
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        self.0.kind_of(no).unwrap_or_default()
    }

    fn time(&self, at: UnixSeconds) -> String {
        moment(at).to_string()
    }
}

/// An action as nodes write and read it.
fn shown(action: &Action, rules: &Rules) -> Result<AnswerText, Refusal> {
    let written = json::write_alone(action, &NoWords(rules));
    let written = written.map_err(|error| Refusal::new("unwritten", error))?;
    Ok(AnswerText::written(written))
}

/// A signed transaction, after all checks that need no state.
fn sign(held: &Held, open: &Open, body: TxBody) -> Result<AnswerText, Refusal> {
    let (nonce, action) = (body.nonce, shown(&body.action, &open.genesis.rules)?);
    let lapses = body.action.ends() == Deadline::Betting;
    let signed = held.key().sign(open.id, body);
    let transaction = hex::encode(encode(&signed));
    let checked = signed
        .check(&open.genesis, open.id)
        .map_err(|error| Refusal::rule(error.reason(), error))?;
    Ok(object!({
        "id": checked.id(),
        "nonce": nonce,
        "transaction": transaction,
        "action": action,
        "lapses": lapses,
    }))
}
