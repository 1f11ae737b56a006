#![doc = include_str!("../README.md")]

#[cfg(feature = "intents")]
mod intent;
mod wish;

use std::time::Duration;

use bolao_ledger::{Action, Genesis, MatchNo, Nonce, Reason};

#[cfg(feature = "intents")]
pub use intent::{Foreseen, Intent, Missing, Scheduling, Unmet, Verdict, Wisher};
pub use wish::{Entry, Leave, Part, Wish};

/// The first pause before the nonce is asked for again that another transaction took.
const OVERTAKEN: Duration = Duration::from_millis(50);
/// The longest such pause.
const OVERTAKEN_MOST: Duration = Duration::from_secs(1);
/// The longest that such pauses are together.
const OVERTAKEN_IN_ALL: Duration = Duration::from_secs(20);
/// The pause before the same is sent again where too much of the account waits for blocks.
const FULL: Duration = Duration::from_millis(500);
/// The longest that blocks may take to make room.
pub const FULL_IN_ALL: Duration = Duration::from_mins(10);
/// The most bets or openings that are tried one by one with one [`Step::Try`], which is one request.
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
        /// The part to sign.
        part: Part,
        /// The nonce to sign it with.
        nonce: Nonce,
    },
    /// Let this long pass: [`Fact::Passed`].
    Pause {
        /// The length of the pause.
        time: Duration,
        /// Whether this is the first of pauses in which a block is to make room, which may take long.
        is_full: bool,
    },
    /// All is sent, or was tried where it was only to be tried.
    Done,
    /// Refused. What was sent before it stays sent.
    Refused {
        /// The match of the bet that is refused, where it is one's.
        on: Option<MatchNo>,
        /// Whether the joining was refused, and not what was wanted.
        joining: bool,
        /// The refusal.
        refusal: Refusal<E>,
    },
    /// The fact belongs to no step of this wish: nothing comes of it any more.
    Lost,
}

/// The outcome of a step.
#[derive(Clone, Debug)]
pub enum Fact<E> {
    /// Nothing yet: the first call.
    Start,
    /// The account's next nonce; zero for one that has not joined.
    Nonce(Nonce),
    /// The verdict of the rules on each part.
    Verdicts(Vec<Result<(), Refusal<E>>>),
    /// The node has taken what was sent.
    Taken,
    /// The node has refused what was sent.
    Refused(Refusal<E>),
    /// The pause is over.
    Passed,
}

/// A wish on its way. Once it has said [`Step::Done`], [`Step::Refused`] or [`Step::Lost`] it is over.
#[derive(Clone, Debug)]
pub struct Acting<E> {
    /// Whether the joining is still to be sent.
    joins: bool,
    /// Bets or openings that are not sent yet.
    entries: Vec<Entry>,
    actions: Vec<Action>,
    /// The most entries that one transaction holds.
    most: usize,
    leave: Leave,
    only_try: bool,
    is_patient: bool,
    /// Whether the nonce was given, and none is asked for.
    is_fixed: bool,
    nonce: Option<Nonce>,
    stage: Stage<E>,
    /// The pauses since the node last took something: for another nonce, and for room.
    overtaken: Duration,
    full: Duration,
    left_out: Vec<(MatchNo, Option<Reason>)>,
    sent: usize,
}

#[derive(Clone, Debug)]
enum Stage<E> {
    Start,
    /// All that is left is tried in its order.
    Whole,
    /// The first entries are tried one by one; `of` is the refusal of them together.
    Each {
        entries: usize,
        verdicts: Vec<Result<(), Refusal<E>>>,
        of: Refusal<E>,
    },
    /// Of the first entries, of which there were `all`, `kept` are taken together, and the next is tried with them.
    Adding {
        all: usize,
        entries: usize,
        kept: usize,
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
        let leave = wish.leave();
        let (mut joins, mut entries, mut actions) = (false, Vec::new(), Vec::new());
        match wish {
            Wish::Bets { bets, .. } => entries = bets.into_iter().map(Entry::Bet).collect(),
            Wish::Openings(openings) => {
                entries = openings.into_iter().map(Entry::Opening).collect();
            }
            Wish::Actions(wanted) => actions = wanted,
            Wish::Joining => joins = true,
        }
        Self {
            most: entries.first().map_or(1, |entry| entry.most(genesis)),
            joins,
            entries,
            actions,
            leave,
            only_try: false,
            is_patient: false,
            is_fixed: false,
            nonce: None,
            stage: Stage::Start,
            overtaken: Duration::ZERO,
            full: Duration::ZERO,
            left_out: Vec::new(),
            sent: 0,
        }
    }

    /// Sends nothing.
    #[must_use]
    pub const fn only_trying(mut self) -> Self {
        self.only_try = true;
        self
    }

    /// Waits for blocks where too much of the account waits already.
    #[must_use]
    pub const fn patient(mut self) -> Self {
        self.is_patient = true;
        self
    }

    /// Signs from this nonce on. Where another transaction has it, that is a refusal.
    #[must_use]
    pub const fn at(mut self, nonce: Nonce) -> Self {
        self.is_fixed = true;
        self.nonce = Some(nonce);
        self
    }

    /// The matches whose bets or openings are left out, with the rule that refused each.
    #[must_use]
    pub fn left_out(&self) -> &[(MatchNo, Option<Reason>)] {
        &self.left_out
    }

    /// The number of bets or openings that are not sent yet.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.entries.len()
    }

    /// The number of transactions that are still to be sent.
    #[must_use]
    pub fn left(&self) -> usize {
        usize::from(self.joins) + self.wanted()
    }

    /// The same without a joining.
    fn wanted(&self) -> usize {
        self.entries.len().div_ceil(self.most) + self.actions.len()
    }

    /// The next step.
    pub fn next(&mut self, fact: Fact<E>) -> Step<E> {
        match (std::mem::replace(&mut self.stage, Stage::Over), fact) {
            (Stage::Start, Fact::Start) => match self.nonce {
                Some(nonce) => self.from(nonce),
                None => self.ask(),
            },
            (Stage::Start, Fact::Nonce(nonce)) => self.from(nonce),
            (Stage::Pausing, Fact::Passed) => self.go_on(),
            (Stage::Whole, Fact::Verdicts(verdicts)) => self.whole(verdicts),
            (
                Stage::Each {
                    entries,
                    mut verdicts,
                    of,
                },
                Fact::Verdicts(more),
            ) => {
                let tried = verdicts.len();
                verdicts.extend(more.into_iter().skip(usize::from(self.joins)));
                // A node that gives no verdict is not asked again.
                if verdicts.len() == tried {
                    return self.end(None, false, of);
                }
                self.each(entries, verdicts, of)
            }
            (
                Stage::Adding {
                    all,
                    entries,
                    kept,
                    of,
                },
                Fact::Verdicts(verdicts),
            ) => {
                let refused = verdicts.into_iter().find_map(Result::err);
                self.added((all, entries, kept), of, refused)
            }
            (Stage::Sending, Fact::Taken) => self.taken(),
            (Stage::Sending, Fact::Refused(refusal)) => self.refused(refusal),
            _ => Step::Lost,
        }
    }

    fn ask(&mut self) -> Step<E> {
        self.stage = Stage::Start;
        Step::Nonce
    }

    fn from(&mut self, nonce: Nonce) -> Step<E> {
        self.nonce = Some(nonce);
        self.joins |= nonce == Nonce::ZERO && self.wanted() > 0;
        self.again()
    }

    /// Sends what comes next, or asks for the nonce that it needs.
    fn go_on(&mut self) -> Step<E> {
        let Some(nonce) = self.nonce else {
            return self.ask();
        };
        let part = if self.joins {
            Part::Join
        } else if self.entries.is_empty() {
            match self.actions.first() {
                Some(action) => Part::Action(action.clone()),
                None => return Step::Done,
            }
        } else {
            let most = self.entries.len().min(self.most);
            Part::Entries(self.entries.iter().take(most).copied().collect())
        };
        self.stage = Stage::Sending;
        Step::Send { part, nonce }
    }

    /// Tries what is left as a whole where a refusal would leave something half done, else sends it.
    fn again(&mut self) -> Step<E> {
        if self.wanted() == 0 && !self.joins {
            return Step::Done;
        }
        let may_end_half_done = self.sent == 0 && self.left() > 1;
        if !self.only_try && !may_end_half_done {
            return self.go_on();
        }
        self.stage = Stage::Whole;
        let mut parts = self.tries(self.entries.len(), self.most);
        parts.extend(self.actions.iter().cloned().map(Part::Action));
        Step::Try {
            parts,
            alone: false,
        }
    }

    /// The first entries in parts, behind the joining if there is one.
    fn tries(&self, entries: usize, most: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        if self.joins {
            parts.push(Part::Join);
        }
        for some in self.entries.get(..entries).unwrap_or_default().chunks(most) {
            parts.push(Part::Entries(some.to_vec()));
        }
        parts
    }

    fn whole(&mut self, verdicts: Vec<Result<(), Refusal<E>>>) -> Step<E> {
        for (at, verdict) in verdicts.into_iter().enumerate() {
            let Err(refusal) = verdict else {
                continue;
            };
            if self.joins && at == 0 {
                return self.end(None, true, refusal);
            }
            if may_be_of_one(&refusal) {
                return self.try_each(self.entries.len(), refusal);
            }
            // There may be room once the first of them are in a block.
            if self.only_try || !self.is_patient && self.leave != Leave::Refused {
                return self.end(None, false, refusal);
            }
        }
        if self.only_try {
            Step::Done
        } else {
            self.go_on()
        }
    }

    fn taken(&mut self) -> Step<E> {
        if self.joins {
            self.joins = false;
        } else if self.entries.is_empty() {
            self.actions.remove(0);
        } else {
            self.entries.drain(..self.entries.len().min(self.most));
        }
        self.sent += 1;
        (self.overtaken, self.full) = (Duration::ZERO, Duration::ZERO);
        self.nonce = self.nonce.map(|nonce| Nonce(nonce.0.saturating_add(1)));
        self.go_on()
    }

    fn refused(&mut self, refusal: Refusal<E>) -> Step<E> {
        let joining = self.joins;
        let full = refusal.reason == Some(Reason::TooManyPending);
        let overtaken = refusal
            .reason
            .is_some_and(|it| Reason::OVERTAKEN.contains(&it));
        // Who wanted to join, and nothing else, is told under which name the account has joined.
        let may_ask = !self.is_fixed && self.wanted() > 0;
        if overtaken && may_ask && self.overtaken < OVERTAKEN_IN_ALL {
            self.joins = false;
            self.nonce = None;
            let time = self.overtaken.clamp(OVERTAKEN, OVERTAKEN_MOST);
            self.overtaken += time;
            return self.pause(time, false);
        }
        if full && self.is_patient && self.full < FULL_IN_ALL {
            let is_full = self.full.is_zero();
            self.full += FULL;
            return self.pause(FULL, is_full);
        }
        if joining || overtaken || !may_be_of_one(&refusal) {
            return self.end(None, joining, refusal);
        }
        self.try_each(self.entries.len().min(self.most), refusal)
    }

    fn pause(&mut self, time: Duration, is_full: bool) -> Step<E> {
        self.stage = Stage::Pausing;
        Step::Pause { time, is_full }
    }

    /// Tries the first entries one by one, which are refused together.
    fn try_each(&mut self, entries: usize, of: Refusal<E>) -> Step<E> {
        let mut verdicts = Vec::new();
        if entries == 1 {
            verdicts.push(Err(of.clone()));
        }
        self.each(entries, verdicts, of)
    }

    fn each(
        &mut self,
        entries: usize,
        verdicts: Vec<Result<(), Refusal<E>>>,
        of: Refusal<E>,
    ) -> Step<E> {
        let tried = verdicts.len();
        if tried < entries {
            let joins = usize::from(self.joins);
            let mut parts = self.tries(entries, 1);
            parts.drain(joins..joins + tried);
            parts.truncate(joins + TRIED_AT_ONCE);
            self.stage = Stage::Each {
                entries,
                verdicts,
                of,
            };
            return Step::Try { parts, alone: true };
        }
        let mut at = 0;
        for verdict in verdicts {
            let Err(refusal) = verdict else {
                at += 1;
                continue;
            };
            let Some(no) = self.entries.get(at).map(|entry| entry.match_no()) else {
                break;
            };
            if !may_be_of_one(&refusal) {
                return self.end(None, false, refusal);
            }
            let reason = refusal.reason;
            if self.leave.leaves_out(reason) {
                self.entries.remove(at);
                self.left_out.push((no, reason));
            } else if reason == Some(Reason::NotEnoughChips) && entries > 1 {
                // Another bet may free the chips that this one lacks.
                at += 1;
            } else {
                return self.end(Some(no), false, refusal);
            }
        }
        if at < entries {
            return self.without();
        }
        if self.leave == Leave::Refused && entries > 0 {
            return self.add(entries, entries, 0, of);
        }
        self.end(None, false, of)
    }

    /// Goes on without what was left out.
    fn without(&mut self) -> Step<E> {
        if self.wanted() == 0 {
            return Step::Done;
        }
        self.again()
    }

    /// Tries the next of the first entries with those that are taken together.
    fn add(&mut self, all: usize, entries: usize, kept: usize, of: Refusal<E>) -> Step<E> {
        self.stage = Stage::Adding {
            all,
            entries,
            kept,
            of,
        };
        Step::Try {
            parts: self.tries(kept + 1, self.most),
            alone: false,
        }
    }

    fn added(
        &mut self,
        (all, entries, kept): (usize, usize, usize),
        of: Refusal<E>,
        refused: Option<Refusal<E>>,
    ) -> Step<E> {
        let (entries, kept) = match refused {
            None => (entries, kept + 1),
            Some(refused) if may_be_of_one(&refused) && kept < self.entries.len() => {
                let entry = self.entries.remove(kept);
                self.left_out.push((entry.match_no(), refused.reason));
                (entries.saturating_sub(1), kept)
            }
            Some(refused) => return self.end(None, false, refused),
        };
        if kept < entries {
            self.add(all, entries, kept, of)
        } else if entries == all {
            // The node refuses together what it says that it takes together.
            self.end(None, false, of)
        } else {
            self.without()
        }
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

/// Whether a refusal may be of one entry among several; else it is of all that the account sends now, and may pass.
fn may_be_of_one<E>(refusal: &Refusal<E>) -> bool {
    let of_all = [
        Reason::TooManyPending,
        Reason::TooOften,
        Reason::MempoolFull,
    ];
    refusal
        .reason
        .is_some_and(|reason| !of_all.contains(&reason))
}
