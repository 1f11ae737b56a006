#![doc = include_str!("../README.md")]

mod wish;

use std::{collections::VecDeque, time::Duration};

use bolao_ledger::{Genesis, MatchNo, Nonce, OpenBet, Reason};

use wish::split;
pub use wish::{Leave, Part, Wish};

/// The first pause before the nonce is asked for again that another transaction took.
const OVERTAKEN: Duration = Duration::from_millis(50);
/// The longest such pause.
const OVERTAKEN_MOST: Duration = Duration::from_secs(1);
/// How long such pauses are together.
const OVERTAKEN_IN_ALL: Duration = Duration::from_secs(20);
/// The pause before the next of many is sent again where too much of the account waits for blocks.
const FULL: Duration = Duration::from_millis(500);
/// How long blocks may take to make room.
const FULL_IN_ALL: Duration = Duration::from_mins(10);
/// The most parts of one [`Step::Try`], which is one request.
const TRIED_AT_ONCE: usize = 64;

/// A node's refusal, with the error that the caller has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<E> {
    /// The rule that refuses; none where no rule does, as when the node has too much to do.
    pub reason: Option<Reason>,
    /// The caller's error.
    pub error: E,
}

/// The next thing to do. What came of it is told to [`Acting::next`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<E> {
    /// Ask for the account's next nonce: [`Fact::Nonce`].
    Nonce,
    /// Ask what the rules say of these: [`Fact::Verdicts`], one for each.
    Try {
        /// The parts, unsigned.
        parts: Vec<Part>,
        /// Each judged as if it were the only one, but behind a joining; else one after the other.
        alone: bool,
    },
    /// Sign and send: [`Fact::Taken`] or [`Fact::Refused`].
    Send {
        /// What to sign.
        part: Part,
        /// The nonce to sign it with.
        nonce: Nonce,
    },
    /// Let this long pass: [`Fact::Passed`].
    Pause {
        /// How long.
        time: Duration,
        /// Whether a block must make room first, which may take long.
        is_full: bool,
    },
    /// All is sent, or was tried where it was only to be tried.
    Done,
    /// Refused. What was sent before it stays sent.
    Refused {
        /// The match of the bet that is refused, where it is that of one.
        on: Option<MatchNo>,
        /// Whether the joining was refused, and not what was wanted.
        joining: bool,
        /// The refusal.
        refusal: Refusal<E>,
    },
}

/// What came of a step.
#[derive(Clone, Debug)]
pub enum Fact<E> {
    /// Nothing yet: the first call.
    Begun,
    /// The account's next nonce; zero for one that has not joined.
    Nonce(Nonce),
    /// What the rules say of each part.
    Verdicts(Vec<Result<(), Refusal<E>>>),
    /// The node has taken what was sent.
    Taken,
    /// The node has refused what was sent.
    Refused(Refusal<E>),
    /// The pause is over.
    Passed,
}

/// A wish on its way. Once it has said [`Step::Done`] or [`Step::Refused`] it says nothing else.
#[derive(Clone, Debug)]
pub struct Acting<E> {
    /// What is not sent yet, whole transactions.
    parts: VecDeque<Part>,
    leave: Leave,
    /// The most bets that one transaction holds.
    most: usize,
    only_try: bool,
    is_patient: bool,
    nonce: Option<Nonce>,
    stage: Stage<E>,
    paused: Duration,
    left_out: Vec<MatchNo>,
    sent: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Stage<E> {
    Begun,
    /// All that is left is tried in its order.
    Whole,
    /// The bets of one transaction, or of all, are tried alone; `of` is the refusal of them together.
    Each {
        bets: Vec<OpenBet>,
        verdicts: Vec<Result<(), Refusal<E>>>,
        of: Refusal<E>,
    },
    /// Bets are added one by one to those that are taken together.
    Adding {
        kept: Vec<OpenBet>,
        left: VecDeque<OpenBet>,
        of: Refusal<E>,
    },
    Sending,
    Pausing,
    Over,
}

impl<E: Clone> Acting<E> {
    /// Begins.
    #[must_use]
    pub fn new(genesis: &Genesis, wish: Wish) -> Self {
        let most = wish.most(genesis);
        Self {
            leave: wish.leave(),
            parts: wish.into_parts(most),
            most,
            only_try: false,
            is_patient: false,
            nonce: None,
            stage: Stage::Begun,
            paused: Duration::ZERO,
            left_out: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// Sends nothing.
    #[must_use]
    pub const fn only_trying(mut self) -> Self {
        self.only_try = true;
        self
    }

    /// Waits for blocks where too much of the account waits already, even with the first transaction.
    #[must_use]
    pub const fn patient(mut self) -> Self {
        self.is_patient = true;
        self
    }

    /// The matches whose bets are left out.
    #[must_use]
    pub fn left_out(&self) -> &[MatchNo] {
        &self.left_out
    }

    /// What the node has taken, in its order; the joining, too.
    #[must_use]
    pub fn sent(&self) -> &[Part] {
        &self.sent
    }

    /// The bets that the node has taken, and those that are still to be sent, or were only tried.
    pub fn bets(&self) -> impl Iterator<Item = &OpenBet> {
        self.sent.iter().flat_map(Part::bets).chain(self.unsent())
    }

    fn unsent(&self) -> impl Iterator<Item = &OpenBet> {
        self.parts.iter().flat_map(Part::bets)
    }

    /// The next step.
    pub fn next(&mut self, fact: Fact<E>) -> Step<E> {
        match (std::mem::replace(&mut self.stage, Stage::Over), fact) {
            (Stage::Begun, Fact::Nonce(nonce)) => {
                self.nonce = Some(nonce);
                let joins = self.parts.front() == Some(&Part::Join);
                if nonce == Nonce::ZERO && !joins && !self.parts.is_empty() {
                    self.parts.push_front(Part::Join);
                }
                let several = self.parts.iter().filter(|it| **it != Part::Join).count() > 1;
                if self.sent.is_empty() && (several || self.only_try) {
                    self.try_whole()
                } else {
                    self.send()
                }
            }
            (Stage::Begun | Stage::Pausing, Fact::Begun | Fact::Passed) => self.ask_or_send(),
            (Stage::Whole, Fact::Verdicts(verdicts)) => self.whole(verdicts),
            (
                Stage::Each {
                    bets,
                    mut verdicts,
                    of,
                },
                Fact::Verdicts(more),
            ) => {
                verdicts.extend(more.into_iter().skip(self.joins()));
                self.each(bets, verdicts, of)
            }
            (Stage::Adding { kept, left, of }, Fact::Verdicts(verdicts)) => {
                self.added(kept, left, of, verdicts.into_iter().all(|it| it.is_ok()))
            }
            (Stage::Sending, Fact::Taken) => self.taken(),
            (Stage::Sending, Fact::Refused(refusal)) => self.refused(refusal),
            // A fact that belongs to no step changes nothing, and ends it.
            _ => Step::Done,
        }
    }

    fn ask_or_send(&mut self) -> Step<E> {
        if self.nonce.is_some() {
            return self.send();
        }
        self.stage = Stage::Begun;
        Step::Nonce
    }

    fn try_whole(&mut self) -> Step<E> {
        self.stage = Stage::Whole;
        Step::Try {
            parts: self.parts.iter().cloned().collect(),
            alone: false,
        }
    }

    fn whole(&mut self, verdicts: Vec<Result<(), Refusal<E>>>) -> Step<E> {
        // Where too much waits the rest is sent once a block has made room.
        let speaks_against = |it: &Refusal<E>| it.reason != Some(Reason::TooManyPending);
        let verdicts = verdicts.into_iter().enumerate();
        let mut refused = verdicts.filter_map(|(at, it)| Some((at, it.err()?)));
        let refused = refused.find(|(_, it)| self.leave == Leave::Refused || speaks_against(it));
        let Some((at, refusal)) = refused else {
            return if self.only_try {
                Step::Done
            } else {
                self.send()
            };
        };
        if self.parts.get(at) == Some(&Part::Join) {
            return self.end(None, true, refusal);
        }
        let bets: Vec<_> = self.unsent().copied().collect();
        self.try_each(bets, refusal)
    }

    fn send(&mut self) -> Step<E> {
        match (self.parts.front(), self.nonce) {
            (Some(part), Some(nonce)) => {
                self.stage = Stage::Sending;
                let part = part.clone();
                Step::Send { part, nonce }
            }
            (Some(_), None) => {
                self.stage = Stage::Begun;
                Step::Nonce
            }
            (None, _) => Step::Done,
        }
    }

    fn taken(&mut self) -> Step<E> {
        self.sent.extend(self.parts.pop_front());
        self.paused = Duration::ZERO;
        self.nonce = self.nonce.map(|nonce| Nonce(nonce.0.saturating_add(1)));
        self.send()
    }

    fn refused(&mut self, refusal: Refusal<E>) -> Step<E> {
        let joining = self.parts.front() == Some(&Part::Join);
        let is = |reason| refusal.reason == Some(reason);
        let overtaken = refusal
            .reason
            .is_some_and(|it| Reason::OVERTAKEN.contains(&it));
        if overtaken && self.paused < OVERTAKEN_IN_ALL {
            // Who has joined elsewhere joins no more.
            self.parts.retain(|part| *part != Part::Join);
            self.nonce = None;
            return self.pause(self.paused.clamp(OVERTAKEN, OVERTAKEN_MOST), false);
        }
        if is(Reason::TooManyPending)
            && (self.is_patient || !self.sent.is_empty() || self.parts.len() > 1)
            && self.leave != Leave::Refused
            && self.paused < FULL_IN_ALL
        {
            return self.pause(FULL, true);
        }
        let bets = self
            .parts
            .front()
            .map_or_else(Vec::new, |it| it.bets().to_vec());
        if joining || overtaken || !concerns_a_bet(&refusal) {
            return self.end(None, joining, refusal);
        }
        self.try_each(bets, refusal)
    }

    fn pause(&mut self, time: Duration, is_full: bool) -> Step<E> {
        self.paused += time;
        self.stage = Stage::Pausing;
        Step::Pause { time, is_full }
    }

    /// Tries alone what is refused together.
    fn try_each(&mut self, bets: Vec<OpenBet>, of: Refusal<E>) -> Step<E> {
        if bets.is_empty() {
            return self.end(None, false, of);
        }
        let was_alone = (bets.len() == 1).then(|| Err(of.clone()));
        self.each(bets, was_alone.into_iter().collect(), of)
    }

    fn each(
        &mut self,
        bets: Vec<OpenBet>,
        verdicts: Vec<Result<(), Refusal<E>>>,
        of: Refusal<E>,
    ) -> Step<E> {
        if let Some(left) = bets.get(verdicts.len()..).filter(|left| !left.is_empty()) {
            let left: Vec<_> = left.iter().take(TRIED_AT_ONCE).copied().collect();
            self.stage = Stage::Each { bets, verdicts, of };
            return self.tries(split(&left, 1), true);
        }
        let mut goes = Vec::new();
        for (bet, verdict) in bets.iter().zip(verdicts) {
            let Err(refusal) = verdict else {
                goes.push(*bet);
                continue;
            };
            // Another bet may free the chips that this one lacks.
            let lacks_chips = refusal.reason == Some(Reason::NotEnoughChips) && bets.len() > 1;
            if self.leave.leaves_out(refusal.reason) {
                self.left_out.push(bet.match_no);
            } else if lacks_chips {
                goes.push(*bet);
            } else {
                return self.end(Some(bet.match_no), false, refusal);
            }
        }
        if goes.len() < bets.len() {
            self.keep(&bets, goes);
            return self.again();
        }
        if self.leave == Leave::Refused {
            return self.add(Vec::new(), goes.into(), of);
        }
        self.end(None, false, of)
    }

    /// Puts the bets that go in the place of those that were tried.
    fn keep(&mut self, tried: &[OpenBet], goes: Vec<OpenBet>) {
        let others = |part: &Part| part.bets().iter().any(|bet| !tried.contains(bet));
        let rest: Vec<Part> = self
            .parts
            .drain(..)
            .filter(|it| *it == Part::Join || others(it))
            .collect();
        let (joins, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(|it| *it == Part::Join);
        let goes = split(&goes, self.most);
        self.parts = joins.into_iter().chain(goes).chain(rest).collect();
    }

    /// Tries what is left as a whole where that is how it began, else sends it.
    fn again(&mut self) -> Step<E> {
        let several = self.parts.iter().filter(|it| **it != Part::Join).count() > 1;
        if self.sent.is_empty() && !self.parts.is_empty() && (several || self.only_try) {
            self.try_whole()
        } else if self.only_try {
            Step::Done
        } else {
            self.send()
        }
    }

    /// Tries the next bet together with those that go together.
    fn add(&mut self, kept: Vec<OpenBet>, left: VecDeque<OpenBet>, of: Refusal<E>) -> Step<E> {
        let Some(next) = left.front() else {
            let tried: Vec<OpenBet> = self.unsent().copied().collect();
            if kept.is_empty() || kept.len() == tried.len() {
                return self.end(None, false, of);
            }
            self.keep(&tried, kept);
            return self.again();
        };
        let together = [&kept[..], &[*next]].concat();
        self.stage = Stage::Adding { kept, left, of };
        self.tries(split(&together, self.most), false)
    }

    fn added(
        &mut self,
        mut kept: Vec<OpenBet>,
        mut left: VecDeque<OpenBet>,
        of: Refusal<E>,
        goes: bool,
    ) -> Step<E> {
        match left.pop_front() {
            Some(bet) if goes => kept.push(bet),
            Some(bet) => self.left_out.push(bet.match_no),
            None => {}
        }
        self.add(kept, left, of)
    }

    /// Whether a joining comes first: 0 or 1.
    fn joins(&self) -> usize {
        usize::from(self.parts.front() == Some(&Part::Join))
    }

    /// Tries parts, behind the joining if there is one.
    fn tries(&self, parts: impl Iterator<Item = Part>, alone: bool) -> Step<E> {
        let joins = std::iter::repeat_n(Part::Join, self.joins());
        let parts = joins.chain(parts).collect();
        Step::Try { parts, alone }
    }

    fn end(&mut self, on: Option<MatchNo>, joining: bool, refusal: Refusal<E>) -> Step<E> {
        self.stage = Stage::Over;
        Step::Refused {
            on,
            joining,
            refusal,
        }
    }
}

/// Whether a refusal may be of one bet among several; else it is of all that the account sends now, and may pass.
fn concerns_a_bet<E>(refusal: &Refusal<E>) -> bool {
    let of_all = [
        Reason::TooManyPending,
        Reason::TooOften,
        Reason::MempoolFull,
    ];
    refusal
        .reason
        .is_some_and(|reason| !of_all.contains(&reason))
}
