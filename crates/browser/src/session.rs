//! Who is asked: the keys, the pool and the check that it holds.

use bolao_ledger::{Name, deadline};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    check::Check,
    compare, invitation,
    keys::{self, Held},
    order,
    pool::{self, Open},
    question::{self, Head, about},
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
        let head = about::<Head>(question);
        written(head.and_then(|head| self.ask(&head.ask, question)))
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
    fn ask(&mut self, what: &str, question: &str) -> Result<Value, Refusal> {
        match what {
            "new_keys" => {
                let entropy = about::<question::NewKeys>(question)?.entropy;
                Ok(self.hold(Held::new(&entropy)?))
            }
            "check_words" => {
                let words = about::<question::Words>(question)?.words;
                Ok(keys::check_words(&words))
            }
            "restore_keys" => {
                let words = about::<question::Words>(question)?.words;
                Ok(self.hold(Held::restore(&words)?))
            }
            "keep_keys" => {
                let keep: question::KeepKeys = about(question)?;
                value(self.held()?.keep(&keep.passphrase, &keep.random)?)
            }
            "wants_passphrase" => {
                let open: question::OpenKeys = about(question)?;
                value(keys::wants_passphrase(&open.kept)?)
            }
            "open_keys" => {
                let open: question::OpenKeys = about(question)?;
                Ok(self.hold(Held::open(&open.kept, &open.passphrase)?))
            }
            "words" => value(self.held()?.words()),
            "forget_keys" => {
                self.keys = None;
                Ok(Value::Null)
            }
            "read_invitation" => invitation::read(&about(question)?),
            "open_pool" => {
                let wanted: question::OpenPool = about(question)?;
                let open = Open::new(&wanted.genesis, wanted.pool)?;
                let said = open.described();
                self.check = None;
                self.pool = Some(open);
                Ok(said)
            }
            "said" => value(bolao_rulebook::said(&self.open()?.genesis)),
            "sign" => {
                let wanted: question::Sign = about(question)?;
                sign::sign(self.held()?, self.open()?, wanted.nonce, &wanted.act)
            }
            "openings" => {
                let seals = about::<question::Openings>(question)?.seals;
                value(sign::openings(self.held()?, self.open()?, &seals))
            }
            "deals" => {
                let wanted = about(question)?;
                value(sign::deals(self.held()?, self.open()?, &wanted)?)
            }
            "invite" => {
                let wanted = about(question)?;
                invitation::make(self.held()?, self.open()?, &wanted)
            }
            "check_name" => {
                let name = about::<question::CheckName>(question)?.name;
                let checked = Name::new(&name).map(|_| Value::Null);
                checked.map_err(|error| Refusal::new("bad-name", error))
            }
            "points" => pool::points(self.open()?, about(question)?),
            "deadline" => {
                let of: question::DeadlineOf = about(question)?;
                let lead_s = self.open()?.genesis.rules.deadline_lead_s;
                value(deadline(&of.fixture, of.day, lead_s))
            }
            "verify_slip" => {
                let wanted: question::VerifySlip = about(question)?;
                slip::verify(&wanted.json, wanted.pool)
            }
            "begin_part" => {
                let named = about::<question::BeginPart>(question)?.named;
                let open = self.pool.as_ref().ok_or_else(pool::missing)?;
                let check = match self.check.take() {
                    Some(check) => check,
                    None => Check::new(open)?,
                };
                self.check.insert(check).begin(named)
            }
            "begin_again" => {
                self.check = match self.check.take() {
                    Some(check) => Some(check.again()?),
                    None => None,
                };
                Ok(Value::Null)
            }
            "end_part" => match &mut self.check {
                Some(check) => check.end(),
                None => Err(Refusal::new("no-check", "no part of the chain was begun")),
            },
            "standings" => {
                let stage = about::<question::StandingsOf>(question)?.stage;
                value(self.checked()?.view().standings(stage.as_ref())?)
            }
            "payouts" => {
                let of: question::PayoutsFor = about(question)?;
                value(self.checked()?.view().payouts(of.match_no, of.result)?)
            }
            "order" => {
                let check = self.check.as_ref().ok_or_else(unchecked)?;
                order::of(check, self.open()?, &about(question)?)
            }
            "compare" => {
                let wanted: question::Compare = about(question)?;
                compare::compare(self.checked()?.view(), wanted.of, &wanted.body)
            }
            other => Err(Refusal::new(
                "bad-question",
                format_args!("got the question `{other}`, which the rules do not know"),
            )),
        }
    }

    fn hold(&mut self, held: Held) -> Value {
        let account = held.account();
        self.keys = Some(held);
        json!({ "account": account })
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
