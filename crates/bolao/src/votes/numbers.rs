//! Numbers of matches that the pool does not have yet.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::FoldedCode;

use crate::view::{Match, Waiting};

/// Gives each new match a number: that under which another organiser has proposed it, so that the signatures add up;
/// else the next that no match and no proposal has.
#[derive(Debug)]
pub(crate) struct Numbers<'a> {
    waiting: &'a BTreeMap<u16, Vec<Waiting>>,
    /// Those of matches, and those given.
    taken: BTreeSet<u16>,
    /// After the last match of the pool.
    first: u16,
}

impl<'a> Numbers<'a> {
    pub(crate) fn new(matches: &[Match], waiting: &'a BTreeMap<u16, Vec<Waiting>>) -> Self {
        let taken: BTreeSet<u16> = matches.iter().map(|game| game.fixture.no).collect();
        Self {
            waiting,
            first: taken.last().map_or(1, |last| last.saturating_add(1)),
            taken,
        }
    }

    /// The number for a new match; none where all are taken.
    pub(crate) fn give(&mut self, code: &str) -> Option<u16> {
        let folded = FoldedCode::of(code);
        let proposes_it = |waiting: &Vec<Waiting>| {
            let mut schedules = waiting.iter().filter_map(Waiting::scheduled);
            schedules.any(|it| FoldedCode::of(&it.code) == folded)
        };
        let proposed = self
            .waiting
            .iter()
            .find(|(no, waiting)| !self.taken.contains(no) && proposes_it(waiting))
            .map(|(no, _)| *no);
        let no = proposed.or_else(|| {
            (self.first..=u16::MAX)
                .find(|no| !self.taken.contains(no) && !self.waiting.contains_key(no))
        })?;
        self.taken.insert(no);
        Some(no)
    }
}
