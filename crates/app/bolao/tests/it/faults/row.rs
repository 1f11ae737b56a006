//! A row of the table of `make faults`.

use std::{env, fs, path::PathBuf, time::Duration};

use serde_json::{Value, json};

/// The folder of all rows, where they are wanted.
const FOLDER: &str = "BOLAO_FAULTS";

/// What is promised of times: this much in 99 of 100, and that much always.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aim {
    pub(crate) p99: Duration,
    pub(crate) max: Duration,
}

/// What was done to pools of one kind, and what came of it.
#[derive(Debug)]
pub(crate) struct Row {
    kind: String,
    done: String,
    times: Vec<Duration>,
    lost: usize,
    broken: Vec<String>,
    note: String,
}

impl Row {
    pub(crate) fn new(kind: &str, done: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            done: done.to_owned(),
            times: Vec::new(),
            lost: 0,
            broken: Vec::new(),
            note: String::new(),
        }
    }

    /// Adds a time that was measured.
    pub(crate) fn took(&mut self, time: Duration) {
        self.times.push(time);
    }

    /// Adds what was promised and not held.
    pub(crate) fn broke(&mut self, what: String) {
        println!("{}: {what}", self.kind);
        self.broken.push(what);
    }

    /// Sets what else was measured.
    pub(crate) fn note(&mut self, note: String) {
        self.note = note;
    }

    /// Writes down that nothing could be done here, and why.
    pub(crate) fn skip(self, why: &str) {
        let row = json!({ "kind": self.kind, "done": self.done, "skipped": why });
        self.write(&row);
    }

    fn write(&self, row: &Value) {
        println!("{row}");
        if let Some(folder) = Self::folder() {
            let name = format!("{}.json", self.name());
            fs::write(folder.join(name), format!("{row}\n")).unwrap();
        }
    }

    /// Adds so many things that were accepted and are gone.
    pub(crate) fn lost(&mut self, count: usize) {
        self.lost += count;
    }

    /// The time that so many of a hundred stay within; as many of a row that has fewer may be longer.
    fn of_hundred(&self, share: usize) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        let longer = (times.len() * (100 - share)).div_ceil(100);
        let at = times.len().saturating_sub(longer + 1);
        times.get(at).copied().unwrap_or_default()
    }

    /// Whether the times until now are within what is promised.
    pub(crate) fn holds(&self, aim: Aim) -> bool {
        self.of_hundred(99) <= aim.p99 && self.of_hundred(100) <= aim.max
    }

    /// The start of the names of its files.
    pub(crate) fn name(&self) -> String {
        self.kind.replace([':', ','], "").replace([' ', '/'], "-")
    }

    /// The folder of the rows, for what else is worth keeping.
    pub(crate) fn folder() -> Option<PathBuf> {
        let folder = PathBuf::from(env::var_os(FOLDER)?);
        fs::create_dir_all(&folder).unwrap();
        Some(folder)
    }

    /// Writes the row down, and says whether nothing is lost and all promises are held.
    pub(crate) fn end(mut self, aim: Option<Aim>) -> Held {
        let [p50, p99, max] = [50, 99, 100].map(|share| self.of_hundred(share));
        let mut promised = String::new();
        if let Some(aim) = aim {
            promised = format!("p99 {:?}, max {:?}", aim.p99, aim.max);
            if !self.holds(aim) {
                self.broke(format!("p99 {p99:.2?} and max {max:.2?}, not {promised}"));
            }
        }
        let held = self.broken.is_empty() && self.lost == 0;
        let row = json!({
            "kind": self.kind, "done": self.done, "count": self.times.len(),
            "p50": p50.as_secs_f64(), "p99": p99.as_secs_f64(), "max": max.as_secs_f64(),
            "aim": promised, "lost": self.lost, "held": held, "broken": self.broken, "note": self.note,
        });
        self.write(&row);
        Held(held)
    }
}

/// Whether a row held. Where rows are wanted, the table tells; else the test fails.
#[must_use]
#[derive(Debug)]
pub(crate) struct Held(bool);

impl Held {
    /// Fails the test if this did not hold, unless there will be a table.
    pub(crate) fn check(self) {
        assert!(self.0 || Row::folder().is_some(), "it does not hold");
    }
}
