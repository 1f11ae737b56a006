//! The double hash as a list of steps, for devices that are not the CPU: what each of their threads does.
//!
//! Nobody wrote the list: [`lanes`](super::lanes) is run once over symbols in place of
//! vectors, and each operation that it does becomes a step. So a device hashes by the very code
//! of the CPU's vector kernels, with all that it leaves out, and its operations can be counted.

#![allow(
    clippy::indexing_slicing,
    reason = "a step refers only to steps before it"
)]

use std::{cell::RefCell, fmt};

use super::{
    SearchHeader,
    lanes::{Lanes, double_hash},
    tables::Tables,
};

/// Words of [`Tables`] that change with the header.
const HEADER_WORDS: usize = 27;

/// A header whose words in the tables all differ, from one another and from the constants of SHA-256: a word that the
/// vector kernels ask for is known by its value.
const KNOWN: [u8; 80] = [0x5a; 80];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Header bytes 76..80 read as a big-endian word.
    Nonce,
    Literal(u32),
    /// By its place in [`header_words`].
    Header(usize),
    /// The result of the step of this number.
    Step(usize),
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Add(Value, Value),
    Xor(Value, Value),
    RotateRight(Value, u32),
    ShiftRight(Value, u32),
    /// Bits of the second where the first has ones, of the third elsewhere.
    Choose(Value, Value, Value),
    Majority(Value, Value, Value),
}

/// Word 7 of the double hash from the nonce, the initial state not yet added.
#[derive(Clone, Debug)]
pub struct Program {
    steps: Vec<Step>,
    result: Value,
}

impl Program {
    /// The number of words that change with the header.
    pub const WORDS: usize = HEADER_WORDS;

    /// The words of a header, in the order in which the steps name them.
    #[must_use]
    pub fn words(header: &SearchHeader) -> [u32; HEADER_WORDS] {
        header_words(&Tables::new(header))
    }

    /// Writes down what the vector kernels do.
    #[must_use]
    pub fn record() -> Self {
        Self::record_of(&KNOWN)
    }

    fn record_of(header: &[u8; 80]) -> Self {
        let tables = Tables::new(&SearchHeader::new(header, [0; 32]));
        let record = Record {
            words: header_words(&tables),
            steps: RefCell::default(),
        };
        let nonce = Symbol {
            record: &record,
            value: Value::Nonce,
        };
        let result = double_hash(&tables, nonce).value;
        Self {
            steps: record.steps.into_inner(),
            result,
        }
    }

    /// Gives the number of instructions that it takes where additions and logical operations take up to three
    /// operands, and a rotation is one instruction: about as good as GPUs are.
    #[must_use]
    pub fn instructions(&self) -> usize {
        let mut uses = vec![0; self.steps.len()];
        let operands = self.steps.iter().flat_map(Step::operands);
        for value in operands.chain([self.result]) {
            if let Value::Step(number) = value {
                uses[number] += 1;
            }
        }
        let mut has_three = vec![false; self.steps.len()];
        let mut merged = 0;
        for (number, step) in self.steps.iter().enumerate() {
            let mate = step.operands().into_iter().find_map(|value| match value {
                Value::Step(before) if uses[before] == 1 && !has_three[before] => {
                    self.steps[before].merges_into(step).then_some(before)
                }
                _ => None,
            });
            if mate.is_some() {
                has_three[number] = true;
                merged += 1;
            }
        }
        self.steps.len() - merged
    }
}

impl Step {
    fn operands(&self) -> Vec<Value> {
        match *self {
            Self::Add(a, b) | Self::Xor(a, b) => vec![a, b],
            Self::RotateRight(a, _) | Self::ShiftRight(a, _) => vec![a],
            Self::Choose(a, b, c) | Self::Majority(a, b, c) => vec![a, b, c],
        }
    }

    /// Whether one instruction can do this step and then that one.
    fn merges_into(&self, then: &Self) -> bool {
        matches!(
            (self, then),
            (Self::Add(..), Self::Add(..)) | (Self::Xor(..), Self::Xor(..))
        )
    }
}

/// As WGSL: a `let` for each step, named `v` and its number.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            write!(f, "    let v{number} = ")?;
            match *step {
                Step::Add(a, b) => write!(f, "{a} + {b}")?,
                Step::Xor(a, b) => write!(f, "{a} ^ {b}")?,
                Step::RotateRight(a, by) => {
                    write!(f, "({a} >> {by}u) | ({a} << {}u)", 32 - by)?;
                }
                Step::ShiftRight(a, by) => write!(f, "{a} >> {by}u")?,
                Step::Choose(a, b, c) => write!(f, "{c} ^ ({a} & ({b} ^ {c}))")?,
                Step::Majority(a, b, c) => write!(f, "({a} & {b}) | ({c} & ({a} ^ {b}))")?,
            }
            writeln!(f, ";")?;
        }
        writeln!(f, "    let result = {};", self.result)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nonce => f.write_str("nonce"),
            Self::Literal(word) => write!(f, "{word:#010x}u"),
            Self::Header(number) => write!(f, "work.h{number}"),
            Self::Step(number) => write!(f, "v{number}"),
        }
    }
}

/// The words of the tables that change with the header, in the order in which a device gets them.
fn header_words(tables: &Tables) -> [u32; HEADER_WORDS] {
    let [b, c, d] = tables.first_bcd;
    let [f, g, h] = tables.first_fgh;
    let [hkw4, hkw5, hkw6] = tables.first_hkw;
    let [_, kw16, kw17] = tables.first_kw;
    let (w16, w17) = (tables.first_w16, tables.first_w17);
    let (w18, w19) = (tables.first_w18, tables.first_w19);
    let [_, w31, w32] = tables.first_w30;
    let [m0, m1, m2, m3, m4, m5, m6, m7] = tables.midstate;
    let (a, e) = (tables.first_a, tables.first_e);
    [
        a, e, b, c, d, f, g, h, hkw4, hkw5, hkw6, kw16, kw17, w16, w17, w18, w19, w31, w32, m0, m1,
        m2, m3, m4, m5, m6, m7,
    ]
}

/// The steps that are written down, and the words that are known by their value.
struct Record {
    words: [u32; HEADER_WORDS],
    steps: RefCell<Vec<Step>>,
}

/// A word of which only its origin is known.
#[derive(Clone, Copy)]
struct Symbol<'a> {
    record: &'a Record,
    value: Value,
}

impl Symbol<'_> {
    fn with(self, value: Value) -> Self {
        Self { value, ..self }
    }

    fn step(self, step: Step) -> Self {
        let mut steps = self.record.steps.borrow_mut();
        steps.push(step);
        self.with(Value::Step(steps.len() - 1))
    }
}

impl Lanes for Symbol<'_> {
    fn splat(self, word: u32) -> Self {
        let header = self.record.words.iter().position(|known| *known == word);
        self.with(header.map_or(Value::Literal(word), Value::Header))
    }

    fn add(self, other: Self) -> Self {
        if let (Value::Literal(a), Value::Literal(b)) = (self.value, other.value) {
            return self.with(Value::Literal(a.wrapping_add(b)));
        }
        self.step(Step::Add(self.value, other.value))
    }

    fn rotate<const RIGHT: i32, const LEFT: i32>(self) -> Self {
        self.step(Step::RotateRight(self.value, RIGHT.unsigned_abs()))
    }

    fn shift<const RIGHT: i32>(self) -> Self {
        self.step(Step::ShiftRight(self.value, RIGHT.unsigned_abs()))
    }

    fn xor(self, other: Self) -> Self {
        self.step(Step::Xor(self.value, other.value))
    }

    fn choose(self, yes: Self, no: Self) -> Self {
        self.step(Step::Choose(self.value, yes.value, no.value))
    }

    fn majority(self, second: Self, third: Self) -> Self {
        self.step(Step::Majority(self.value, second.value, third.value))
    }
}

#[cfg(test)]
mod tests;
