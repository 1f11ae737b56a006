//! Votes: when this node casts one and on what, and what follows from those of others. Pools without validators have none of it.
//! It ties the validator of [`bolao_finality`] to chain and peers. Where validators make the blocks (`pos`), [`pos`] says how; where
//! they make blocks of work final, so that these are checkpoints, [`hybrid`] does. [`kind`] answers what depends on which it is.
//!
//! - [`offer`]: when a vote begins. [`messages`]: what is done with others' votes. [`away`]: who is there.
//! - [`clocks`], [`doubt`]: what time it is by validators, and whether who decides alone may go by its own clock.
//! - [`recall`]: how a home that lost what it signed learns that from the others.
//!
//! - Every node runs a validator, in `pos` by the number of the block that comes next. One that has no vote follows the votes of the
//!   others: it decides when they do, and passes their messages on.
//! - A vote begins when something is to be in a block: a transaction that is ready, a deadline that has passed, the
//!   heartbeat. Until then nothing is sent, written or waited for.
//! - What a validator has handled and the blocks that it may decide are on the disk before anything that it signed leaves:
//!   [`crate::Core::handle`] writes all that one input asks for in one go, and gives its outputs out afterwards.
//! - A block is connected only with a certificate of the validators that the state below it names. There is no other branch,
//!   no header without its block, and no work: headers first, gossip of blocks and mining are for pools with proof of work.

mod away;
mod clocks;
mod doubt;
mod hybrid;
mod kind;
mod messages;
mod offer;
mod pos;
mod pow;
mod recall;

use std::{collections::VecDeque, sync::Arc};

use bolao_finality::{Config, Entries, Input, Output, Validator};
use bolao_ledger::{
    AccountId, BlockHash, CheckedBlock, Consensus, Height, UnixSeconds, ValidatorKey,
};
use bolao_store::{Durability, StoreError, VoteLog};
use ed25519_zebra::VerificationKeyBytes;

use crate::{
    core::Parts,
    deadlines::Kickoffs,
    error::CoreError,
    io::{Event, PeerId},
    observer::ClockDoubt,
};
use away::Heard;
use hybrid::Checkpoints;
use messages::Connected;
use offer::Hears;
use pos::{Bodies, Stopping};
use recall::Recall;

pub use away::{Attendance, Attendee, LastVote};
pub(crate) use kind::{Kind, kind, thresholds};

/// The number of changes to the log that wait before they are written, at the latest.
const MAX_UNWRITTEN: usize = 1_024;

/// A change of the votes that is to be on the disk.
#[derive(Debug)]
enum Write {
    Keep(CheckedBlock),
    Append(Height, Vec<u8>),
    Reset,
}

/// The validator, and what its votes need of the node.
#[derive(Debug)]
pub(crate) struct Voting {
    validator: Validator,
    rules: bolao_ledger::Voting,
    /// The state of the checkpoints, where votes make blocks of work final.
    checkpoints: Option<Box<Checkpoints>>,
    /// The key that this node votes with.
    own: Option<ValidatorKey>,
    /// The account whose blocks this node makes.
    account: Option<AccountId>,
    /// The height of the log.
    height: Height,
    unwritten: Vec<Write>,
    /// Whether that has to be on the disk before anything leaves.
    flush: bool,
    bodies: Bodies,
    /// The number of the others' messages that said something new.
    news: u64,
    heard: Heard,
    /// The number up to which something else signs with the own key.
    muted: Option<Height>,
    /// When this node started.
    began_ms: u64,
    /// The last final block that something else signed with the own key since then.
    elsewhere: Option<Height>,
    /// The peer whose messages are handled, or that connected.
    from: Option<PeerId>,
    connected: Connected,
    wake_ms: Option<u64>,
    /// The height of which the validator knows that something waits.
    offered: Option<Height>,
    /// When time alone asks for a block on this tip.
    due: Option<(BlockHash, UnixSeconds)>,
    kickoffs: Kickoffs,
    /// When this validator said the time, and whether it is to say it.
    said_time_ms: u64,
    says_time: bool,
    /// The search for what the own key signed, where the home has lost that.
    recall: Option<Recall>,
    /// The wait for peers' words, where this validator decides alone; none once that is over.
    hears: Option<Hears>,
    /// The tip at which the ends of betting were read.
    ends_at: Option<BlockHash>,
    /// The doubt about the clock, where this validator decides alone, and when to look again.
    doubt: Option<(ClockDoubt, u64)>,
    /// Validators have signed two histories.
    stopping: Option<Stopping>,
}

/// The entries of a log, for the validator.
fn entries(log: VoteLog) -> Entries {
    Entries {
        height: log.height,
        entries: log.entries,
    }
}

impl Voting {
    /// Starts the validator with what the disk has of its height.
    pub(crate) fn begin(parts: &mut Parts) -> Result<Option<Box<Self>>, CoreError> {
        let Parts { cx, chain, .. } = &*parts;
        let Some(rules) = cx.genesis.consensus.voting() else {
            return Ok(None);
        };
        let (snapshot, tip, now) = (chain.snapshot()?, chain.tip(), cx.now.mono_ms);
        let checkpoints = match &cx.genesis.consensus {
            Consensus::Hybrid(rules) => {
                Some(Box::new(Checkpoints::load(rules, &snapshot, cx.pool)?))
            }
            _ => None,
        };
        let above = checkpoints.as_ref().map(|it| it.number);
        let (vote, height) = (
            cx.config.validator.clone(),
            above.unwrap_or(tip.height.next()),
        );
        let log = snapshot.vote_log()?.map(entries);
        let config = Config {
            pool: cx.pool,
            key: vote.as_ref().map(|vote| vote.key),
            voting: rules.clone(),
            verified: cx.config.verified.clone(),
        };
        let base = checkpoints.as_ref().map(|it| it.base.height);
        let set = chain.validators_after(base.unwrap_or(tip.height))?;
        let heard = Heard::new(set.clone());
        let own = vote.as_ref();
        let own = own.map(|vote| ValidatorKey(VerificationKeyBytes::from(&vote.key).into()));
        let hears = heard
            .decides_alone(own)
            .then(|| Hears::at_start(cx, tip.hash));
        let (validator, outputs) = Validator::new(config, now, (height, set), log)?;
        let mut voting = Box::new(Self {
            validator,
            rules: rules.clone(),
            checkpoints,
            own,
            account: vote.map(|vote| vote.account),
            height,
            unwritten: Vec::new(),
            flush: false,
            bodies: Bodies::load(cx, &snapshot)?,
            news: 0,
            heard,
            muted: None,
            began_ms: now,
            elsewhere: None,
            from: None,
            connected: Connected::default(),
            wake_ms: None,
            offered: None,
            due: None,
            kickoffs: Kickoffs::default(),
            said_time_ms: 0,
            says_time: false,
            recall: cx.config.recalls.as_ref().map(Recall::new),
            hears: hears.flatten(),
            ends_at: None,
            doubt: None,
            stopping: None,
        });
        let mut inputs = VecDeque::new();
        for output in outputs {
            inputs.extend(voting.carry_out(parts, output)?);
        }
        for input in inputs {
            voting.vote(parts, input)?;
        }
        Ok(Some(voting))
    }

    /// Hands the validator an input, and what comes of it.
    fn vote(&mut self, parts: &mut Parts, input: Input) -> Result<(), CoreError> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = parts.cx.now.mono_ms;
            let outputs = self.validator.handle(now, input);
            self.wake_ms = None;
            for output in outputs {
                inputs.extend(self.carry_out(parts, output)?);
            }
        }
        Ok(())
    }

    /// Does what the validator asks for; gives it what it waits for, if that is here.
    fn carry_out(&mut self, parts: &mut Parts, output: Output) -> Result<Option<Input>, CoreError> {
        // Another validator's words may begin a vote, too.
        if matches!(output, Output::Build { .. }) && self.must_wait(parts)? {
            return Ok(None);
        }
        match output {
            Output::Keep(decision) => {
                let block = self.bodies.get(&decision.hash).cloned();
                self.unwritten.extend(block.map(Write::Keep));
            }
            Output::Append(entry) => {
                let height = self.height;
                self.unwritten.push(Write::Append(height, entry));
            }
            Output::Flush => self.flush = true,
            Output::Reset(height) => {
                // What was signed and leaves with this input still waits for the disk, with the block that takes its place.
                self.height = height;
                self.unwritten = vec![Write::Reset];
                parts.sync.forget_unanswered();
            }
            Output::Send(message) => {
                self.listen(parts, &message);
                parts.sync.send_vote(&message.encode());
            }
            Output::Reply { message, .. } => {
                parts.sync.reply_vote(self.from.as_ref(), message.encode());
            }
            Output::Relay(message) => self.relay_vote(parts, &message.encode()),
            // Blocks of work travel by themselves.
            Output::Share(_) if self.checkpoints.is_some() => {}
            Output::Share(decision) => self.share_body(parts, decision.hash),
            Output::Build { height, round } if self.checkpoints.is_some() => {
                return Ok(self.propose_checkpoint(parts, height, round));
            }
            Output::Build { height, round } => return self.build(parts, height, round),
            Output::Judge {
                decision, backed, ..
            } if self.checkpoints.is_some() => {
                return self.judge_checkpoint(parts, decision, backed);
            }
            Output::Judge {
                decision, backed, ..
            } => return self.judge(parts, decision, backed),
            Output::Decide(decided) if self.checkpoints.is_some() => {
                self.decide_checkpoint(parts, decided)?;
            }
            Output::Decide(decided) => return self.decide(parts, decided),
            Output::Guilty(proof) => {
                if proof.first.0.height == self.validator.height() {
                    self.heard.signed_twice(proof.key, parts.cx.now);
                }
                parts.cx.emit(Event::Guilty(Arc::new(proof)));
            }
            Output::Muted(height) => {
                tracing::error!(%height, "another machine votes with this home's key, or this home is an old copy: it does not vote at this height. Stop one of them, and restart the other");
                self.muted = self.muted.max(Some(height));
                self.heard.waits(parts.cx.now);
            }
            Output::WakeAt(at) => self.wake_ms = Some(at),
        }
        Ok(None)
    }

    /// Does what is due by now.
    pub(crate) fn run_timers(&mut self, parts: &mut Parts) -> Result<(), CoreError> {
        let now = parts.cx.now.mono_ms;
        let wake = self.wake_ms;
        if wake.is_some_and(|at| at <= now) {
            self.vote(parts, Input::Tick)?;
        }
        self.tell_late(parts)
    }

    /// When the votes have something to do although nothing happens.
    pub(crate) fn wake_times(&self, parts: &Parts) -> impl Iterator<Item = u64> {
        let due = self.due.map(|(_, at)| parts.cx.mono_of(at));
        let away = self.heard.next_look_ms();
        let hybrid = self.checkpoints.as_ref().and_then(|it| it.next_ask_ms());
        let kept = self.checkpoints.as_ref().and_then(|it| it.next_kept());
        let times = [
            self.wake_ms,
            due,
            self.bodies.next_ask_ms(),
            hybrid,
            kept.map(|at| parts.cx.mono_of(at)),
            self.testifies_at_ms(),
            self.recall.as_ref().and_then(Recall::next_ms),
            self.doubt.map(|(_, at)| at),
            self.connected.next_ms(),
            self.pages_until_ms(parts)
                .filter(|at| *at > parts.cx.now.mono_ms),
        ];
        let hears = self.hears.map(Hears::ends_ms);
        let hears = hears.into_iter().flatten();
        times.into_iter().flatten().chain(away).chain(hears)
    }

    /// Whether this node votes on a block, and all that it signed of it is on the disk: then the log has what readers are told.
    pub(crate) fn has_votes_on_disk(&self) -> bool {
        self.has_vote() && !self.flush
    }

    /// Writes what has to be on the disk before the outputs of this input leave.
    pub(crate) fn write_votes(&mut self, parts: &mut Parts) -> Result<(), StoreError> {
        let full = self.flush || self.unwritten.len() >= MAX_UNWRITTEN;
        let hybrid = self.checkpoints.as_deref_mut();
        let kept = hybrid.and_then(|it| it.kept.take_unwritten(full));
        let flush = full || kept.is_some();
        // Others may ask for a block that is kept.
        let keeps = self.unwritten.iter().any(|it| matches!(it, Write::Keep(_)));
        if !flush && !keeps {
            return Ok(());
        }
        let durability = if flush {
            Durability::Durable
        } else {
            Durability::Volatile
        };
        let writes = std::mem::take(&mut self.unwritten);
        self.flush = false;
        parts.chain.write(durability, |tables| {
            kept.map_or(Ok(()), |kept| tables.put_kept_bets(kept))?;
            writes.iter().try_for_each(|write| match write {
                Write::Keep(block) => tables.keep_proposal(block),
                Write::Append(height, entry) => tables.append_vote(*height, entry),
                Write::Reset => tables.reset_votes(),
            })
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Genesis, Hybrid, Pos, Validator};

    use super::*;
    use crate::core::parts;

    fn voting(consensus: Consensus) -> (Parts, Option<Box<Voting>>) {
        let genesis = Genesis {
            consensus,
            ..Genesis::article()
        };
        let mut parts = parts(&genesis);
        let voting = Voting::begin(&mut parts).unwrap();
        (parts, voting)
    }

    fn validators() -> [Validator; 1] {
        let key = ed25519_zebra::SigningKey::from([1; 32]);
        let key = ed25519_zebra::VerificationKeyBytes::from(&key).into();
        [Validator {
            account: AccountId(key),
            key: bolao_ledger::ValidatorKey(key),
            weight: 1,
        }]
    }

    #[test]
    fn a_pool_without_validators_has_no_votes() {
        let (parts, voting) = voting(Consensus::Pow);
        assert!(voting.is_none());
        assert!(!parts.arrives_now(None).in_step);
    }

    #[test]
    fn only_where_blocks_are_mined_are_there_checkpoints() {
        let (mut parts, votes) = voting(Consensus::Pos(Pos::appointed(validators())));
        let mut votes = votes.unwrap();
        assert_eq!(votes.last_checkpoint(), None);
        assert!(!votes.look_at_checkpoints(&mut parts).unwrap());
        let (mut parts, votes) = voting(Consensus::Hybrid(Hybrid::appointed(validators())));
        let mut votes = votes.unwrap();
        assert_eq!(votes.last_checkpoint(), Some(Height::ZERO));
        assert!(votes.look_at_checkpoints(&mut parts).unwrap());
        assert!(!votes.has_vote(), "this node has no key");
    }
}
