//! Who is asked: the keys, the pool and the check that it holds.

use bolao_ledger::{Name, deadline, json::from_json};
use serde::Serialize;
use serde_json::Value;

use crate::{
    begun::begun,
    check::Check,
    compare, invitation,
    keys::{self, Held},
    object::object,
    order,
    pool::{self, Open},
    question::Question,
    refusal::Refusal,
    sign, slip,
};

/// What a page's worker holds: nothing at first.
#[derive(Debug, Default)]
pub struct Session {
    keys: Option<Held>,
    pool: Option<Open>,
    check: Option<Check>,
}

/// An answer as the page gets it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Value),
    Error(Refusal),
}

fn written(answer: Result<Value, Refusal>) -> String {
    let answer = answer.map_or_else(Answer::Error, Answer::Ok);
    serde_json::to_string(&answer).unwrap_or_else(|error| {
        format!(r#"{{"error":{{"code":"unwritten","message":"{error}"}}}}"#)
    })
}

fn value(answer: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(answer).map_err(|error| Refusal::new("unwritten", error))
}

impl Session {
    /// Answers a question: JSON for JSON, `{"ok": …}` or `{"error": {"code": …, "message": …}}`.
    pub fn answer(&mut self, question: &str) -> String {
        let question = from_json(question).map_err(|error| Refusal::new("bad-question", error));
        written(question.and_then(|question| self.ask(question)))
    }

    /// Takes a piece of the part of the chain that is being read, and says how far that is.
    pub fn feed(&mut self, piece: &[u8]) -> String {
        let fed = match &mut self.check {
            Some(check) => check.feed(piece),
            None => Err(Refusal::new("no-check", "no part of the chain was begun")),
        };
        written(fed)
    }

    #[allow(clippy::too_many_lines, reason = "some lines for each question")]
    fn ask(&mut self, question: Question) -> Result<Value, Refusal> {
        match question {
            Question::NewKeys { entropy } => Ok(self.hold(Held::new(&entropy)?)),
            Question::CheckWords { words } => Ok(keys::check_words(&words)),
            Question::RestoreKeys { words } => Ok(self.hold(Held::restore(&words)?)),
            Question::KeepKeys { passphrase, random } => {
                value(self.held()?.keep(&passphrase, &random)?)
            }
            Question::WantsPassphrase { kept } => value(keys::wants_passphrase(&kept)?),
            Question::OpenKeys { kept, passphrase } => {
                Ok(self.hold(Held::open(&kept, &passphrase)?))
            }
            Question::Words => value(self.held()?.words()),
            Question::ForgetKeys => {
                self.keys = None;
                Ok(Value::Null)
            }
            Question::ReadInvitation(wanted) => invitation::read(&wanted),
            Question::OpenPool { genesis, pool } => {
                let open = Open::new(&genesis, pool)?;
                let said = open.described();
                self.check = None;
                self.pool = Some(open);
                Ok(said)
            }
            Question::Said => value(bolao_rulebook::said(&self.open()?.genesis)),
            Question::Sign { nonce, act } => sign::sign(self.held()?, self.open()?, nonce, act),
            Question::Openings { seals } => {
                value(sign::openings(self.held()?, self.open()?, &seals))
            }
            Question::Deals(wanted) => value(sign::deals(self.held()?, self.open()?, &wanted)?),
            Question::Invite(wanted) => invitation::make(self.held()?, self.open()?, &wanted),
            Question::CheckName { name } => {
                let name = Name::new(&name).map_err(|error| Refusal::new("bad-name", error))?;
                value(name.folded().as_str())
            }
            Question::Points(wanted) => pool::points(self.open()?, wanted),
            Question::Deadline { fixture, day } => {
                let lead_s = self.open()?.genesis.rules.deadline_lead_s;
                value(deadline(&fixture, day, lead_s))
            }
            Question::VerifySlip { json, pool } => slip::verify(&json, pool),
            Question::BeginPart { named } => {
                let open = self.pool.as_ref().ok_or_else(pool::missing)?;
                let check = match self.check.take() {
                    Some(check) => check,
                    None => Check::new(open)?,
                };
                self.check.insert(check).begin(named)
            }
            Question::BeginAgain => {
                self.check = match self.check.take() {
                    Some(check) => Some(check.again()?),
                    None => None,
                };
                Ok(Value::Null)
            }
            Question::EndPart => match &mut self.check {
                Some(check) => check.end(),
                None => Err(Refusal::new("no-check", "no part of the chain was begun")),
            },
            Question::Standings { stage } => {
                value(self.checked()?.view().standings(stage.as_ref())?)
            }
            Question::Payouts { match_no, result } => {
                value(self.checked()?.view().payouts(match_no, result)?)
            }
            Question::Order(wanted) => {
                let check = self.check.as_ref().ok_or_else(unchecked)?;
                order::of(check, self.open()?, &wanted)
            }
            Question::Begun { shows } => value(begun(self.checked()?, shows)?),
            Question::Compare { of, body } => compare::compare(self.checked()?.view(), of, &body),
        }
    }

    fn hold(&mut self, held: Held) -> Value {
        let account = held.account();
        self.keys = Some(held);
        object!({ "account": account })
    }

    fn held(&self) -> Result<&Held, Refusal> {
        self.keys.as_ref().ok_or_else(|| {
            Refusal::new(
                "no-keys",
                "there are no keys here: make new ones or restore yours",
            )
        })
    }

    fn open(&self) -> Result<&Open, Refusal> {
        self.pool.as_ref().ok_or_else(pool::missing)
    }

    fn checked(&self) -> Result<&Check, Refusal> {
        let check = self.check.as_ref().filter(|check| check.is_whole());
        check.ok_or_else(unchecked)
    }
}

fn unchecked() -> Refusal {
    Refusal::new("no-check", "the chain was not checked to its end yet")
}
