//! Who is linked with whom, and links that break and come back.

use std::collections::BTreeSet;

use bolao_finality::Input;
use bolao_ledger::Decision;

use super::{Event, Sim};

/// The time from one question for a body to the next, in milliseconds.
const AGAIN_MS: u64 = 300;

/// How validators are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All with all.
    Mesh,
    /// All with the first, as those are who are behind a relay.
    Star,
    /// Each with the next.
    Line,
    /// Each with the next, and the last with the first.
    Ring,
    /// One half with the first of it, the other half with its own, and these two with one another.
    TwoStars,
}

impl Shape {
    fn links(self, a: usize, b: usize, count: usize) -> bool {
        let (a, b, half) = (a.min(b), a.max(b), count / 2);
        match self {
            Self::Mesh => true,
            Self::Star => a == 0,
            Self::Line => b == a + 1,
            Self::Ring => b == a + 1 || (a, b) == (0, count - 1),
            Self::TwoStars => (a == 0 && b <= half) || a == half,
        }
    }
}

impl Sim {
    /// Links the nodes in this way from now on.
    pub(crate) fn shape(&mut self, shape: Shape) {
        let count = self.count();
        let pairs = (0..count).flat_map(|b| (0..b).map(move |a| (a, b)));
        let apart = pairs.filter(|(a, b)| !shape.links(*a, *b, count));
        self.cuts = apart.collect();
    }

    pub(super) fn is_linked(&self, a: usize, b: usize) -> bool {
        !self.cuts.contains(&(a.min(b), a.max(b)))
    }

    /// The links that there are, broken or not.
    pub(crate) fn links(&self) -> Vec<(usize, usize)> {
        let pairs = (0..self.count()).flat_map(|b| (0..b).map(move |a| (a, b)));
        pairs.filter(|(a, b)| self.is_linked(*a, *b)).collect()
    }

    /// From now on nothing passes from one to the other; what is on its way is lost.
    pub(crate) fn break_way(&mut self, from: usize, to: usize) {
        self.broken.insert((from, to));
    }

    /// All links are there again: both ends of those that were broken hear of it, as of a peer that connects.
    pub(crate) fn mend(&mut self) {
        let broken = std::mem::take(&mut self.broken);
        let links: BTreeSet<_> = broken.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
        for (a, b) in links {
            let delay = self.delay();
            self.after(delay, Event::Connected(a, b));
            self.after(delay, Event::Connected(b, a));
        }
    }

    pub(super) fn connected(&mut self, node: usize, other: usize) {
        if !self.passes(node, other) {
            return;
        }
        self.input(
            node,
            Some(other),
            Input::Connected {
                token: other as u64,
            },
        );
        let delay = self.delay() * 2;
        self.after(delay, Event::CatchUp(node, other));
    }

    /// Whoever it reaches and has the body gives it, by way of a question.
    pub(super) fn ask(&mut self, node: usize, decision: Decision) {
        let it = &self.nodes[node];
        let wanted = it.wanted.iter().any(|(_, wanted, _)| *wanted == decision);
        let undecided = it.undecided.as_ref();
        if !wanted && undecided.is_none_or(|it| it.decision != decision) {
            return;
        }
        for other in 0..self.count() {
            let has = self.nodes[other].bodies.contains(&decision);
            if has && self.passes(node, other) && self.passes(other, node) {
                let delay = self.delay() + self.delay();
                self.after(delay, Event::Body(node, decision));
            }
        }
        self.after(AGAIN_MS, Event::Ask(node, decision));
    }
}
