//! A disk that loses what was not flushed, but for any beginning of it.

use std::collections::BTreeSet;

use bolao_finality::{Decided, Entries, Log};
use bolao_ledger::{Decision, Height};

pub(super) enum Change {
    Keep(Decision),
    Append(Vec<u8>),
    Reset(Height),
}

#[derive(Default)]
pub(super) struct Disk {
    pub(super) log: Option<Entries>,
    pub(super) bodies: BTreeSet<Decision>,
    pub(super) chain: Vec<Decided>,
    pub(super) unflushed: Vec<Change>,
}

impl Disk {
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Keep(decision) => drop(self.bodies.insert(decision)),
            Change::Reset(height) => {
                let entries = Vec::new();
                self.log = Some(Entries { height, entries });
            }
            Change::Append(entry) => {
                let log = self.log.as_mut();
                log.expect("a log is reset before it is used")
                    .entries
                    .push(entry);
            }
        }
    }

    pub(super) fn next(&self) -> Height {
        Height(self.chain.len() as u64 + 1)
    }
}

impl Log for Disk {
    type Error = ();

    fn append(&mut self, entry: &[u8]) -> Result<(), ()> {
        self.unflushed.push(Change::Append(entry.to_vec()));
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ()> {
        for change in std::mem::take(&mut self.unflushed) {
            self.apply(change);
        }
        Ok(())
    }

    fn reset(&mut self, height: Height) -> Result<(), ()> {
        self.unflushed.push(Change::Reset(height));
        Ok(())
    }

    fn read(&self) -> Result<Option<Entries>, ()> {
        Ok(self.log.clone())
    }
}
