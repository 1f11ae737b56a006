//! A validator.
//!
//! - A height **rests** until there is something to decide: the driver says so ([`Input::Waiting`]), or another validator of
//!   that height has signed something. So nothing is sent, written or waited for in a pool in which nothing happens.
//! - A proposer builds only if something waits here too. If it does not, the round passes in its timeout, and the next
//!   proposer has its turn. After a turn of each, a proposer builds whatever there is, if need be an empty block, so that
//!   rounds do not go on for ever about what only one validator saw.
//! - A round's proposal and prevotes are not waited for any more once so many prevoted nil, or for other blocks, that no block can
//!   have more than two thirds of them; nor its precommits once more than two thirds of them are nil. The wait ends as if its time
//!   were up, so that a failed round costs as long as its votes are on their way, and all begin the next one together. This holds for
//!   the first [`VAIN_ROUNDS`] of a height: where validators refuse one another's blocks for long, rounds take their time.
//! - Before anything signed leaves, the log is flushed. A decision needs no flush: others' votes come again. On starting again, the
//!   engine gets the log, signs the same again, and appends only what the log does not hold.
//! - A statement with our own key that we did not sign means that this is an old copy, or that there is a second one: from
//!   then on nothing is signed until that height is past, or, at that height, until the validator starts again: then the log
//!   holds what the other one signed, as far as it was heard, and that is said again, and nothing that contradicts it.
//! - Whoever starts from a log looks for the latest round in which more than two thirds prevoted for one block, and prevotes for no
//!   other block after it: its own lost votes may have helped to decide that one, and its engine is not locked on it.
//! - Who signed two things of which it may sign one is named at once ([`Output::Guilty`]), and once more when the height ends. Of
//!   such a pair nothing is handled, logged or passed on again: validators that pass it on to one another would never end.
//! - Certificates are passed on, and whoever connects is told what was said of this height ([`telling`]).
//! - Who is still at the height that was decided last, and says something, is given the decision.

mod effects;
mod elsewhere;
mod pace;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use arc_malachitebft_core_consensus::{LocallyProposedValue, ProposedValue};
use arc_malachitebft_core_types::{
    LinearTimeouts, Round, SignedProposal, Timeout, TimeoutKind, Validity, ValueOrigin,
};
use bolao_ledger::{
    Certificate, Decided, Decision, DecodeError, Height, PoolId, ValidatorKey, ValidatorSet, Voting,
};
use ed25519_zebra::SigningKey;
use thiserror::Error;

use crate::{
    context::{Address, EngineInput, Members, Number, Pool, Value},
    engine::{self, Engine},
    io::{Input, Output, Verdict},
    log::Entries,
    message::{Content, Message, Payload},
    verified::{Signed, Verified},
};
use pace::Pace;
use telling::Passed;

/// Of a height that lies further ahead, messages are of no use.
const MAX_AHEAD: u64 = 4;

/// The rounds of a height in which waits for what cannot be any more end early: two turns of four validators.
const VAIN_ROUNDS: u32 = 8;

/// The configuration of a validator.
#[derive(Clone, Debug)]
pub struct Config {
    /// The pool in which it votes.
    pub pool: PoolId,
    /// The key that it signs with. Without a key, or with one that is in no set, it observes: it decides without voting.
    pub key: Option<SigningKey>,
    /// The pool's rules on times.
    pub voting: Voting,
    /// The statements whose signatures are known to be good.
    pub verified: Verified,
}

/// Why a validator cannot start: to go on might be to sign something else than before.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The log cannot be read.
    #[error("entry {number} of the log of votes is unreadable")]
    Entry {
        /// The number of the entry, counted from 0.
        number: usize,
        /// The error in decoding it.
        source: DecodeError,
    },
    /// The chain has been put back.
    #[error(
        "the log of votes is of height {got}, and the chain needs votes on {wanted}: it is an old copy"
    )]
    Ahead {
        /// The log's height.
        got: Height,
        /// The height to vote on.
        wanted: Height,
    },
    /// The engine would sign something else than the log says.
    #[error("the log of votes contradicts itself: {reason}")]
    Diverged {
        /// The engine's error, as text.
        reason: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Resting,
    Voting,
    Decided,
}

/// A validator: inputs in, outputs out, by a clock that is given to it.
#[derive(Debug)]
pub struct Validator {
    engine: Engine,
    timeouts: LinearTimeouts,
    pace: Pace,
    height: Height,
    members: Members,
    phase: Phase,
    /// Whether there is something to decide.
    waiting: bool,
    /// The round for which the engine wants a block of ours.
    asked: Option<u32>,
    /// Proposals whose verdict is awaited, with their latest round, and whether [`Output::Judge`] has called them backed.
    judging: BTreeMap<Decision, (u32, bool)>,
    /// Blocks that need no other verdict.
    judged: BTreeSet<Decision>,
    /// The certificates of this height that all peers were given.
    passed: BTreeSet<Passed>,
    /// The proposals of this round and of those that count still.
    proposals: BTreeMap<Round, Vec<SignedProposal<Pool>>>,
    /// When which timeout is over.
    timers: Vec<(u64, Timeout)>,
    /// The height up to which another signs with our key.
    muted: Option<Height>,
    /// Statements that another machine signed with our key: at this height before it began here, or at a later one.
    elsewhere: Vec<Signed>,
    /// Validators known to have signed two things at this height of which they may sign one.
    accused: BTreeSet<ValidatorKey>,
    /// The last decision, and when it was made, in milliseconds.
    last: Option<(u64, Decided)>,
    /// Whether something was appended and not flushed.
    dirty: bool,
    now_ms: u64,
    outputs: Vec<Output>,
}

impl Validator {
    /// Starts at the height that the chain wants votes on, with what [`crate::Log::read`] gave.
    pub fn new(
        config: Config,
        now_ms: u64,
        (height, set): (Height, ValidatorSet),
        log: Option<Entries>,
    ) -> Result<(Self, Vec<Output>), StartError> {
        let Config {
            pool,
            key,
            voting,
            verified,
        } = config;
        let members = Members::new(set);
        let mut validator = Self {
            engine: Engine::new(pool, key.as_ref(), verified, height, members.clone()),
            timeouts: effects::timeouts(&voting),
            pace: Pace::default(),
            height,
            members,
            phase: Phase::Resting,
            waiting: false,
            asked: None,
            judging: BTreeMap::new(),
            judged: BTreeSet::new(),
            passed: BTreeSet::new(),
            proposals: BTreeMap::new(),
            timers: Vec::new(),
            muted: None,
            elsewhere: Vec::new(),
            accused: BTreeSet::new(),
            last: None,
            dirty: false,
            now_ms,
            outputs: Vec::new(),
        };
        match log {
            Some(Entries { height: got, .. }) if got > height => {
                let wanted = height;
                return Err(StartError::Ahead { got, wanted });
            }
            Some(log) if log.height == height => {
                let inputs = validator.read(log)?;
                if !inputs.is_empty() {
                    validator.start(&inputs)?;
                }
            }
            log => {
                if let Some(log) = log {
                    validator.recall(&log);
                }
                validator.reset();
            }
        }
        let outputs = validator.finish();
        Ok((validator, outputs))
    }

    /// The height that is voted on, or was decided last.
    #[must_use]
    pub fn height(&self) -> Height {
        self.height
    }

    /// The round, while a height is voted on.
    #[must_use]
    pub fn round(&self) -> Option<u32> {
        let round = self.engine.round();
        round.filter(|_| self.phase == Phase::Voting)
    }

    /// Whether a certificate of this height has a signature with the own key that was made elsewhere.
    #[must_use]
    pub fn is_signed_elsewhere(&self, certificate: &Certificate, decision: Decision) -> bool {
        let own = self.engine.own();
        let statement = certificate.statement(decision.height, decision);
        let signature = certificate.signatures.get(&own);
        signature.is_some_and(|it| !self.engine.knows_own(&(own, statement, *it)))
    }

    /// Handles an input at a time, in milliseconds of a clock that never goes back.
    pub fn handle(&mut self, now_ms: u64, input: Input) -> Vec<Output> {
        self.now_ms = now_ms;
        match input {
            Input::Height { height, set } => self.on_height(height, set),
            Input::Waiting => self.on_waiting(),
            Input::Message { token, message } => self.on_message(token, message),
            Input::Connected { token } => self.on_connected(token),
            Input::Built {
                height,
                round,
                decision,
            } => self.on_built(height, round, decision),
            Input::Judged {
                height,
                decision,
                verdict,
            } => self.on_judged(height, decision, verdict),
            Input::Tick => self.on_tick(),
        }
        self.end_vain_waits();
        self.finish()
    }

    fn finish(&mut self) -> Vec<Output> {
        if let Some(at) = self.timers.iter().map(|(at, _)| *at).min() {
            self.outputs.push(Output::WakeAt(at));
        }
        std::mem::take(&mut self.outputs)
    }

    fn on_height(&mut self, height: Height, set: ValidatorSet) {
        let past = self.phase == Phase::Decided && height == self.height;
        if height < self.height || past || (height == self.height && self.phase == Phase::Voting) {
            return;
        }
        let evidence = self.engine.take_evidence();
        self.accuse(evidence);
        if height > self.height {
            self.height = height;
            self.reset();
        }
        self.members = Members::new(set);
        self.phase = Phase::Resting;
        self.waiting = false;
        self.timers.clear();
    }

    fn on_waiting(&mut self) {
        if std::mem::replace(&mut self.waiting, true) {
            return;
        }
        if self.phase == Phase::Resting && self.votes() {
            self.begin();
        }
        self.build_if_asked();
    }

    fn on_built(&mut self, height: Height, round: u32, decision: Decision) {
        if height != self.height || self.phase != Phase::Voting || self.asked != Some(round) {
            return;
        }
        self.asked = None;
        self.judged.insert(decision);
        self.outputs.push(Output::Keep(decision));
        self.step(EngineInput::Propose(LocallyProposedValue {
            height: Number(height),
            round: Round::new(round),
            value: Value(decision),
        }));
    }

    fn on_judged(&mut self, height: Height, decision: Decision, verdict: Verdict) {
        if height != self.height || self.phase != Phase::Voting {
            return;
        }
        let Some((round, _)) = self.judging.get(&decision).copied() else {
            return;
        };
        let proposer = self.proposer(round);
        self.pace.came(proposer, round, self.now_ms);
        let validity = match verdict {
            Verdict::Valid => Validity::Valid,
            Verdict::Invalid => Validity::Invalid,
            // Nil at once, as if the time were up: not a word about the block that the engine would remember.
            Verdict::Refused if self.engine.round() == Some(round) => {
                let timeout = Timeout::propose(Round::new(round));
                return self.step(EngineInput::TimeoutElapsed(timeout));
            }
            Verdict::Refused => return,
        };
        self.judging.remove(&decision);
        self.judged.insert(decision);
        if verdict == Verdict::Valid {
            self.outputs.push(Output::Keep(decision));
        }
        let value = ProposedValue {
            height: Number(height),
            round: Round::new(round),
            valid_round: Round::Nil,
            proposer: Address(proposer),
            value: Value(decision),
            validity,
        };
        self.step(EngineInput::ProposedValue(value, ValueOrigin::Consensus));
    }

    fn on_tick(&mut self) {
        while let Some((at, timeout)) = self.timers.iter().min_by_key(|(at, _)| *at).copied()
            && at <= self.now_ms
        {
            self.timers.retain(|(_, other)| *other != timeout);
            if let (TimeoutKind::Propose, Some(round)) = (timeout.kind, timeout.round.as_u32()) {
                let proposer = self.proposer(round);
                self.pace.missed(proposer);
            }
            self.step(EngineInput::TimeoutElapsed(timeout));
        }
    }

    /// Ends the waits for what cannot be any more, as if their time were up.
    fn end_vain_waits(&mut self) {
        while self.phase == Phase::Voting
            && let Some(timeout) = self.vain_wait()
        {
            self.timers.retain(|(_, other)| *other != timeout);
            self.step(EngineInput::TimeoutElapsed(timeout));
        }
    }

    /// A wait of this round that nothing can come of any more.
    fn vain_wait(&self) -> Option<Timeout> {
        let (engine, round) = (&self.engine, Round::from(self.engine.round()));
        if engine.round() >= Some(VAIN_ROUNDS) {
            return None;
        }
        let mut timers = self.timers.iter().map(|(_, timeout)| *timeout);
        timers.find(|timeout| {
            timeout.round == round
                && match timeout.kind {
                    TimeoutKind::Propose | TimeoutKind::Prevote => engine.is_lost(),
                    TimeoutKind::Precommit => engine.is_left(),
                    TimeoutKind::Rebroadcast | TimeoutKind::FinalizeHeight(_) => false,
                }
        })
    }

    fn on_message(&mut self, token: u64, message: Message) {
        if message.testimony().is_some() {
            return;
        }
        let height = message.height();
        let over = self.phase == Phase::Decided;
        if height < self.height || (height == self.height && over) {
            if !matches!(message.0, Payload::Decided(_)) {
                self.answer_late(token, height);
            }
            return;
        }
        self.look_for_own(&message);
        if height.0.saturating_sub(self.height.0) > MAX_AHEAD {
            return;
        }
        // What the engine does not look at yet is checked here, against the newest set that is known.
        let now = height == self.height && self.phase == Phase::Voting;
        match message.into_content() {
            Content::Decided(decided) if height == self.height => self.on_decided(decided),
            Content::Decided(_) | Content::Other => {}
            Content::Engine(EngineInput::Vote(vote)) if now && self.engine.is_proven(&vote) => {}
            Content::Engine(input) if now => self.on_certificate(input),
            Content::Engine(input) => {
                if !self.is_of_member(&input) {
                    return;
                }
                if height == self.height {
                    self.begin();
                }
                self.on_certificate(input);
            }
        }
        // Whoever signs nothing flushes nothing.
        if self.muted >= Some(self.height) {
            self.flush();
        }
    }

    /// Whether this is a vote or a proposal that a validator signed, or a certificate that begins with such a vote.
    fn is_of_member(&self, input: &EngineInput) -> bool {
        let signed = engine::signed_in(input);
        let signed = signed.or_else(|| engine::first_certified(input, self.engine.pool()));
        signed.is_some_and(|(key, statement, signature)| {
            self.members.set().get(&key).is_some()
                && self.engine.is_signed(key, &statement, &signature)
        })
    }

    /// Another decided what is voted on here.
    fn on_decided(&mut self, decided: Decided) {
        let Decided {
            height,
            decision,
            certificate,
        } = &decided;
        let is_signed =
            |key, statement: &_, signature: &_| self.engine.is_signed(key, statement, signature);
        let verified = certificate.verify_by(self.members.set(), *height, *decision, is_signed);
        if verified.is_ok() {
            self.end(&decided);
            self.outputs.push(Output::Decide(decided));
        }
    }

    /// Ends the height.
    fn end(&mut self, decided: &Decided) {
        self.phase = Phase::Decided;
        self.timers.clear();
        self.last = Some((self.now_ms, decided.clone()));
    }

    /// Votes come late, but not as late as those of somebody who missed the decision and repeats his own.
    fn answer_late(&mut self, token: u64, height: Height) {
        let patience = self.timeouts.prevote.as_millis();
        if let Some((at, decided)) = &self.last
            && decided.height == height
            && u128::from(self.now_ms.saturating_sub(*at)) >= patience
        {
            let message = Message(Payload::Decided(decided.clone()));
            self.outputs.push(Output::Reply { token, message });
        }
    }

    /// Gives the validator whose turn it is to propose in this round of the height.
    fn proposer(&self, round: u32) -> ValidatorKey {
        let set = self.members.set();
        set.proposer(self.engine.pool(), self.height, round).key
    }

    /// Whether this validator has a vote, and may use it.
    fn votes(&self) -> bool {
        self.engine.has_key()
            && self.members.set().get(&self.engine.own()).is_some()
            && self.muted < Some(self.height)
    }
}
