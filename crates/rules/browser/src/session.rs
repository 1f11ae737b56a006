//! Who is asked: the keys, the pool and the check that it holds.

use bolao_ledger::{Height, Name, json};
use bolao_rulebook::Nameless;

use crate::{
    begun::begun,
    blocks,
    check::Check,
    invitation,
    keys::{self, Held},
    link,
    object::{AnswerText, object},
    order, partly,
    pool::{self, Open},
    question::{Asked, Best},
    refusal::Refusal,
    sign, slip,
    wish::{Going, no_wish},
};

/// The state of a page's worker: empty at first.
#[derive(Debug, Default)]
pub struct Session {
    keys: Option<Held>,
    pool: Option<Open>,
    check: Option<Check>,
    going: Option<Going>,
    /// The number of wishes so far.
    wishes: u32,
    /// Whether blocks are kept, and not what they make.
    keeps_blocks: bool,
}

/// An answer in JSON, as the page gets it.
fn written(answer: Result<AnswerText, Refusal>) -> String {
    let text = match answer {
        Ok(value) => object!({ "ok": value }),
        Err(Refusal { code, message }) => {
            object!({ "error": object!({ "code": code, "message": message }) })
        }
    };
    text.into_string()
}

impl Session {
    /// Answers a question: JSON for JSON, `{"ok": …}` or `{"error": {"code": …, "message": …}}`. What a page writes is JSON, but
    /// for an answer of the node's in it that no reader takes: it nests too deep.
    pub fn answer(&mut self, question: &str) -> String {
        let question = json::value(question).map_err(|error| Refusal::new("bad-answer", error));
        written(question.and_then(|question| self.ask(Asked::of(question, "bad-question"))))
    }

    /// Takes a piece of the part of the chain that is being read, and says how far that is.
    pub fn feed(&mut self, piece: &[u8]) -> String {
        let fed = match &mut self.check {
            Some(check) => check.feed(piece),
            None => Err(Refusal::new("no-check", "no part of the chain was started")),
        };
        written(fed)
    }

    /// Reads who made the block at a height, and who confirmed it, from the beginning of the part of the chain that begins with it; null
    /// as long as that is too short.
    pub fn read_block(&self, height: u32, part: &[u8]) -> String {
        let height = Height(height.into());
        written({ self.checked() }.and_then(|check| blocks::read(check.view(), height, part)))
    }

    /// Goes on from what [`Self::keep`] gave on an earlier visit to the pool that is open, if nothing was read yet.
    pub fn recall(&mut self, kept: &[u8]) -> bool {
        let open = self.pool.as_ref().filter(|_| self.check.is_none());
        let check = open.and_then(|open| Check::recall(open, kept, self.keeps_blocks));
        let is_good = check.is_some();
        self.check = self.check.take().or(check);
        is_good
    }

    /// Keeps blocks from now on, and replays them on the next visit: for an address at which others may write on this device.
    pub const fn keep_blocks(&mut self) {
        self.keeps_blocks = true;
    }

    /// The bytes to keep of the chain that was checked, for the next visit: none where that is not worth it. `leaving`: the page may be
    /// left now.
    pub fn keep(&mut self, leaving: bool) -> Vec<u8> {
        let kept = self.check.as_mut().map(|check| check.keep(leaving));
        kept.unwrap_or_default()
    }

    #[allow(clippy::too_many_lines, reason = "some lines for each question")]
    fn ask(&mut self, mut asked: Asked) -> Result<AnswerText, Refusal> {
        match asked.name.as_str() {
            "new_keys" => Ok(self.hold(Held::new(&*asked.bytes("entropy")?)?)),
            "check_words" => Ok(keys::check_words(&asked.secret("words")?)),
            "restore_keys" => Ok(self.hold(Held::restore(&asked.secret("words")?)?)),
            "keep_keys" => {
                let (salt, nonce) = (asked.bytes("salt")?, asked.bytes("nonce")?);
                let passphrase = asked.secret("passphrase")?;
                Ok(AnswerText::of(&self.held()?.keep(
                    &passphrase,
                    *salt,
                    *nonce,
                )?))
            }
            "open_keys" => {
                let (kept, passphrase) = (asked.secret("kept")?, asked.secret("passphrase")?);
                Ok(self.hold(Held::open(&kept, &passphrase)?))
            }
            "words" => Ok(AnswerText::of(&self.held()?.words())),
            "forget_keys" => {
                (self.keys, self.going) = (None, None);
                Ok(AnswerText::null())
            }
            "read_invitation" => invitation::read(&mut asked),
            "open_pool" => {
                let open = Open::new(&mut asked)?;
                let said = open.described();
                // A wish on its way is of the pool that was open.
                self.going = self.going.take().filter(|going| going.is_of(open.id));
                self.check = None;
                self.pool = Some(open);
                Ok(said)
            }
            "said" => {
                // As text, as all that answers write: a second way to write it is more code for the page.
                let said = bolao_rulebook::said(&self.open()?.genesis);
                let text = json::write(&said, &Nameless).map(String::from_utf8);
                let text = text.map_err(|error| Refusal::new("unwritten", error))?;
                Ok(AnswerText::of(&text.unwrap_or_default()))
            }
            "wish" => {
                self.wishes += 1;
                self.going = Some(Going::begin(self.open()?, self.wishes, &mut asked)?);
                Ok(AnswerText::of(&self.wishes))
            }
            "step" => {
                let wish: u32 = asked.take("wish")?;
                let going = self.going.as_mut().filter(|going| going.no == wish);
                let going = going.ok_or_else(no_wish)?;
                let keys = self.keys.as_ref().ok_or_else(keys::missing)?;
                let open = self.pool.as_ref().ok_or_else(pool::missing)?;
                going.next(keys, open, &mut asked)
            }
            "opening" => Ok(AnswerText::of(&sign::opening(
                self.held()?,
                self.open()?,
                &mut asked,
            )?)),
            "deal" => sign::deal(self.held()?, self.open()?, &mut asked),
            "subscribe" => sign::subscribe(self.held()?, self.open()?, &mut asked),
            "say" => sign::say(self.held()?, self.open()?, &mut asked),
            "invite" => invitation::make(self.held()?, self.open()?, &mut asked),
            "check_name" => {
                let name: String = asked.take("name")?;
                let name = Name::new(&name).map_err(|error| Refusal::new("bad-name", error))?;
                Ok(AnswerText::of(&name.folded().as_str()))
            }
            "verify_slip" => slip::verify(&mut asked, self.check.as_ref()),
            "begin_part" => {
                let (named, seen) = (asked.take("named")?, asked.take("seen")?);
                let best = asked.take::<Option<Best>>("best")?.map(Best::rank);
                let open = self.pool.as_ref().ok_or_else(pool::missing)?;
                let check = match self.check.take() {
                    Some(check) => check,
                    None => Check::new(open, self.keeps_blocks)?,
                };
                self.check.insert(check).begin(named, seen, best)
            }
            "begin_again" => {
                self.check = match self.check.take() {
                    Some(check) => Some(check.again()?),
                    None => None,
                };
                Ok(AnswerText::null())
            }
            "end_part" => match &mut self.check {
                Some(check) => check.end(),
                None => Err(Refusal::new("no-check", "no part of the chain was started")),
            },
            "order" => {
                let check = self.check.as_ref().ok_or_else(unchecked)?;
                order::of(check, self.open()?, &mut asked)
            }
            "begun" => {
                let (shows, undecided) = (asked.take("shows")?, asked.take("undecided")?);
                Ok(AnswerText::of(&begun(self.checked()?, shows, undecided)?))
            }
            "ask" => self.checked()?.view().ask(&mut asked),
            "link_said" => link::said(self.checked()?.view(), &mut asked),
            "blocks" => blocks::list(self.checked()?.view(), &mut asked),
            "block" => blocks::one(self.checked()?.view(), &mut asked),
            "partly" => {
                let (path, now): (String, _) = (asked.take("path")?, asked.take("now")?);
                let view = self.checked()?.view();
                Ok(partly::compare(view, &path, now, &asked.value("body")))
            }
            _ => Err(asked.unknown()),
        }
    }

    fn hold(&mut self, held: Held) -> AnswerText {
        let account = held.account();
        self.going = None;
        self.keys = Some(held);
        object!({ "account": account })
    }

    fn held(&self) -> Result<&Held, Refusal> {
        self.keys.as_ref().ok_or_else(keys::missing)
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
