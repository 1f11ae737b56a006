//! Pools as nodes answered about them, written by a test of `crates/node/api`.

use std::{fs, path::Path};

use bolao_browser::Session;
use bolao_ledger::{Height, PoolId};
use bolao_replay::{Decoder, Record};
use serde_json::{Value, json};

pub(crate) const POOLS: [&str; 4] = ["open", "sealed", "pos", "hybrid"];

/// A pool in which schedules and results wait for signatures.
pub(crate) const HALF_SIGNED: &str = "half-signed";

/// A pool with questions.
pub(crate) const ASKED: &str = "asked";

/// A time before the matches that are still to come.
const NOW_S: u64 = 2_000_000_000;

/// A pool, and what a node said of it.
pub(crate) struct Recorded {
    pub(crate) pool: String,
    pub(crate) genesis: String,
    /// The same in hexadecimal, as the page opens it.
    pub(crate) genesis_bytes: String,
    /// Its rules in sentences.
    pub(crate) said: Value,
    pub(crate) chain: Vec<u8>,
    pub(crate) answers: Vec<Value>,
    /// Answers of which the chain says a part.
    pub(crate) partly: Vec<Value>,
}

impl Recorded {
    pub(crate) fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("vectors/{name}.json"));
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let text = |field: &str| file[field].as_str().unwrap().to_owned();
        Self {
            pool: text("pool"),
            genesis: text("genesis"),
            genesis_bytes: text("genesis_bytes"),
            said: file["said"].clone(),
            chain: hex::decode(text("chain")).unwrap(),
            answers: file["answers"].as_array().unwrap().clone(),
            partly: file["partly"].as_array().unwrap().clone(),
        }
    }

    /// The records of its chain.
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut decoder = Decoder::default();
        decoder.feed(&self.chain);
        let mut records = Vec::new();
        while let Some(record) = decoder.next_record().unwrap() {
            records.push(record);
        }
        records
    }

    /// A session that knows the pool.
    pub(crate) fn opened(&self) -> Asked {
        let mut asked = Asked::default();
        let open = json!({ "ask": "open_pool", "genesis": self.genesis_bytes, "pool": self.pool });
        asked.ok(open);
        asked
    }

    /// One that has checked its chain.
    pub(crate) fn checked(&self) -> Asked {
        let mut asked = self.opened();
        let ended = asked.part(&self.chain).unwrap();
        assert_eq!(ended["more"], false, "{ended}");
        asked
    }
}

/// The bytes of a part with these records.
pub(crate) fn part(records: &[Record]) -> Vec<u8> {
    let mut bytes = bolao_replay::MAGIC.to_vec();
    for record in records {
        let record = bolao_ledger::encode(record);
        bytes.extend(u32::try_from(record.len()).unwrap().to_le_bytes());
        bytes.extend(record);
    }
    bytes
}

/// What ends a part with so many blocks.
pub(crate) fn end(records: &[Record]) -> Record {
    let blocks = records.iter().filter(|it| matches!(it, Record::Block(_)));
    Record::End {
        blocks: u64::try_from(blocks.count()).unwrap(),
        entries: 0,
    }
}

/// A session with its answers read.
#[derive(Default)]
pub(crate) struct Asked {
    session: Session,
    /// The number of the wish that was begun.
    wish: Value,
}

fn read(answer: &str) -> Result<Value, (String, String)> {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let error = &answer["error"];
    if error.is_null() {
        return Ok(answer["ok"].clone());
    }
    let text = |field: &str| error[field].as_str().unwrap().to_owned();
    Err((text("code"), text("message")))
}

/// What an object holds, under the name that one of its fields gives.
fn under_its(mut object: Value, name: &str) -> Value {
    let fields = object.as_object_mut().unwrap();
    let name = fields.remove(name).unwrap();
    let about = if fields.is_empty() {
        Value::Null
    } else {
        object
    };
    json!({ (name.as_str().unwrap()): about })
}

impl Asked {
    /// Asks as `web/src/rules/session.ts` does.
    pub(crate) fn ask(&mut self, question: Value) -> Result<Value, (String, String)> {
        read(&self.session.answer(&under_its(question, "ask").to_string()))
    }

    pub(crate) fn ok(&mut self, question: Value) -> Value {
        self.ask(question.clone())
            .unwrap_or_else(|error| panic!("{question}: {error:?}"))
    }

    pub(crate) fn code(&mut self, question: Value) -> String {
        self.ask(question.clone())
            .map_err(|(code, _)| code)
            .expect_err(&question.to_string())
    }

    /// The next step of the wish that was begun.
    pub(crate) fn step(&mut self, fact: Value) -> Result<Value, (String, String)> {
        self.ask(json!({ "ask": "step", "wish": self.wish.as_u64().unwrap_or(0), "fact": fact }))
    }

    /// Signs an act, a bet or an opening as a node takes it that names this nonce.
    pub(crate) fn sign(&mut self, nonce: u64, act: Value) -> Result<Value, (String, String)> {
        let wish = match act["type"].as_str() {
            Some("bet") => json!({ "ask": "wish", "tips": act["tips"] }),
            Some("open") => json!({ "ask": "wish", "openings": act["openings"] }),
            _ => json!({ "ask": "wish", "acts": [act] }),
        };
        self.wish = self.ask(wish)?;
        assert_eq!(self.step(json!("start"))?["step"], "nonce");
        let step = self.step(json!({ "nonce": { "next": nonce } }))?;
        assert_eq!(step["step"], "send", "{step}");
        Ok(step["signed"].clone())
    }

    /// Reads a part in pieces.
    pub(crate) fn part(&mut self, bytes: &[u8]) -> Result<Value, (String, String)> {
        self.ask(json!({ "ask": "begin_part", "named": [] }))?;
        self.feed_all(bytes)
    }

    pub(crate) fn ok_part(&mut self, bytes: &[u8]) -> Value {
        self.part(bytes).unwrap()
    }

    pub(crate) fn keep_blocks(&mut self) {
        self.session.keep_blocks();
    }

    pub(crate) fn recall(&mut self, kept: &[u8]) -> bool {
        self.session.recall(kept)
    }

    pub(crate) fn keep(&mut self, leaving: bool) -> Vec<u8> {
        self.session.keep(leaving)
    }

    /// Who made and confirmed a block, by the beginning of the part that begins with it.
    pub(crate) fn read_block(&self, height: u32, part: &[u8]) -> Result<Value, (String, String)> {
        read(&self.session.read_block(height, part))
    }

    /// What comes of an answer of which the chain says a part.
    pub(crate) fn partly(&mut self, path: &str, body: &Value) -> Value {
        self.ok(json!({ "ask": "partly", "path": path, "now": NOW_S, "body": body }))
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), (String, String)> {
        let mut pieces = bytes.chunks(997);
        pieces.try_for_each(|piece| read(&self.session.feed(piece)).map(drop))
    }

    /// Reads what follows a question for a part.
    pub(crate) fn feed_all(&mut self, bytes: &[u8]) -> Result<Value, (String, String)> {
        self.feed(bytes)?;
        self.ask(json!({ "ask": "end_part" }))
    }

    /// The own answer to a path that a node called blocks final up to a height for.
    pub(crate) fn own(
        &mut self,
        path: &str,
        last_final: &Value,
    ) -> Result<Value, (String, String)> {
        self.ask(
            json!({ "ask": "ask", "path": path, "now": NOW_S, "final": last_final, "live": [] }),
        )
    }
}

pub(crate) fn pool_id(text: &str) -> PoolId {
    text.parse().unwrap()
}

pub(crate) fn height(value: &Value) -> Height {
    Height(value.as_u64().unwrap())
}
