//! Pools with validators: what ties the validator of [`bolao_finality`] to chain and store. Where validators make the blocks
//! (`pos`), [`pos`] says how; where they make blocks of work final, [`hybrid`] does. [`kind`] answers what depends on which it is.
//!
//! - Every node runs a validator, in `pos` by the number of the block that comes next. One that has no vote follows the votes of the
//!   others: it decides when they do, and passes their messages on.
//! - A vote begins when something is to be in a block: a transaction that is ready, a deadline that has passed, the
//!   heartbeat. Until then nothing is sent, written or waited for.
//! - What a validator has handled and the blocks that it may decide are on the disk before anything that it signed leaves:
//!   [`Core::handle`] writes all that one input asks for in one go, and gives its outputs out afterwards.
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
mod recall;
mod relays;

use std::{collections::VecDeque, sync::Arc};

use bolao_finality::{Config, Entries, Input, Output, Validator};
use bolao_ledger::{
    AccountId, BlockHash, CheckedBlock, Consensus, Height, UnixSeconds, ValidatorKey, Voting,
};
use bolao_store::{Durability, StoreError};
use ed25519_zebra::VerificationKeyBytes;

use crate::{
    core::Core,
    error::CoreError,
    io::{Event, PeerId},
    observer::ClockDoubt,
};
use away::Heard;
pub use away::{Attendance, Attendee, LastVote};
use hybrid::Checkpoints;
use pos::Bodies;
pub(crate) use pos::{Stopping, is_finals};
use recall::Recall;
pub(crate) use relays::Relays;

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
pub(crate) struct Voter {
    validator: Validator,
    rules: Voting,
    /// The state of the checkpoints, where votes make blocks of work final.
    checkpoints: Option<Box<Checkpoints>>,
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
    /// The peer whose messages are handled.
    from: Option<PeerId>,
    wake_ms: Option<u64>,
    /// The height of which the validator knows that something waits.
    offered: Option<Height>,
    /// When time alone asks for a block on this tip.
    due: Option<(BlockHash, UnixSeconds)>,
    /// When this validator said the time, and whether it is to say it.
    said_time_ms: u64,
    says_time: bool,
    /// The search for what the own key signed, where the home has lost that.
    recall: Option<Recall>,
    /// Until when this validator, which decides alone, hears its peers first, with the tip that it had then.
    hears: Option<(BlockHash, u64)>,
    /// The doubt about the clock, where this validator decides alone, and when to look again.
    doubt: Option<(ClockDoubt, u64)>,
}

impl Core {
    /// Starts the validator with what the disk has of its height.
    pub(crate) fn begin_voting(&mut self) -> Result<(), CoreError> {
        let Some(rules) = self.genesis.consensus.voting() else {
            return Ok(());
        };
        let snapshot = self.snapshot()?;
        let checkpoints = match &self.genesis.consensus {
            Consensus::Hybrid(rules) => {
                Some(Box::new(Checkpoints::load(rules, &snapshot, self.pool)?))
            }
            _ => None,
        };
        let above = checkpoints.as_ref().map(|it| it.number);
        let (vote, height) = (
            self.config.validator.clone(),
            above.unwrap_or(self.tip.height.next()),
        );
        let log = snapshot.vote_log()?;
        let log = log.map(|log| Entries {
            height: log.height,
            entries: log.entries,
        });
        let config = Config {
            pool: self.pool,
            key: vote.as_ref().map(|vote| vote.key),
            voting: rules.clone(),
            verified: self.config.verified.clone(),
        };
        let base = checkpoints.as_ref().map(|it| it.base.height);
        let set = self.validators_after(base.unwrap_or(self.tip.height))?;
        let heard = Heard::new(set.clone());
        let wait_ms = self.config.hears_first_ms;
        let hears = wait_ms > 0 && heard.decides_alone(self.own_validator());
        let mut bodies = Bodies::default();
        for block in snapshot.proposals()? {
            if let Ok(block) = block.check(&self.genesis, self.pool) {
                bodies.put(block);
            }
        }
        let (validator, outputs) = Validator::new(config, self.now.mono_ms, (height, set), log)?;
        self.voter = Some(Box::new(Voter {
            validator,
            rules: rules.clone(),
            checkpoints,
            account: vote.map(|vote| vote.account),
            height,
            unwritten: Vec::new(),
            flush: false,
            bodies,
            news: 0,
            heard,
            muted: None,
            began_ms: self.now.mono_ms,
            elsewhere: None,
            from: None,
            wake_ms: None,
            offered: None,
            due: None,
            said_time_ms: 0,
            says_time: false,
            recall: self.config.recalls.map(Recall::new),
            hears: hears.then(|| (self.tip.hash, self.now.mono_ms.saturating_add(wait_ms))),
            doubt: None,
        }));
        let mut inputs = VecDeque::new();
        for output in outputs {
            inputs.extend(self.carry_out(output)?);
        }
        inputs.into_iter().try_for_each(|input| self.vote(input))
    }

    /// Hands the validator an input, and what comes of it.
    fn vote(&mut self, input: Input) -> Result<(), CoreError> {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = self.now.mono_ms;
            let Some(voter) = &mut self.voter else {
                return Ok(());
            };
            let outputs = voter.validator.handle(now, input);
            voter.wake_ms = None;
            for output in outputs {
                inputs.extend(self.carry_out(output)?);
            }
        }
        Ok(())
    }

    /// Does what the validator asks for; gives it what it waits for, if that is here.
    fn carry_out(&mut self, output: Output) -> Result<Option<Input>, CoreError> {
        // Another validator's words may begin a vote, too.
        if matches!(output, Output::Build { .. }) && self.must_wait() {
            return Ok(None);
        }
        let Some(voter) = &mut self.voter else {
            return Ok(None);
        };
        match output {
            Output::Keep(decision) => {
                let block = voter.bodies.get(&decision.hash).cloned();
                voter.unwritten.extend(block.map(Write::Keep));
            }
            Output::Append(entry) => {
                let height = voter.height;
                voter.unwritten.push(Write::Append(height, entry));
            }
            Output::Flush => voter.flush = true,
            Output::Reset(height) => {
                // What was signed and leaves with this input still waits for the disk, with the block that takes its place.
                voter.height = height;
                voter.unwritten = vec![Write::Reset];
            }
            Output::Send(message) => {
                self.listen(&message);
                self.send_vote(&message.encode());
            }
            Output::Reply { message, .. } => self.reply_vote(message.encode()),
            Output::Relay(message) => self.relay_vote(&message.encode()),
            // Blocks of work travel by themselves.
            Output::Share(_) if voter.checkpoints.is_some() => {}
            Output::Share(decision) => self.share_body(decision.hash),
            Output::Build { height, round } if voter.checkpoints.is_some() => {
                return Ok(self.propose_checkpoint(height, round));
            }
            Output::Build { height, round } => return self.build(height, round),
            Output::Judge {
                decision, backed, ..
            } if voter.checkpoints.is_some() => return self.judge_checkpoint(decision, backed),
            Output::Judge {
                decision, backed, ..
            } => return self.judge(decision, backed),
            Output::Decide(decided) if voter.checkpoints.is_some() => {
                self.decide_checkpoint(decided)?;
            }
            Output::Decide(decided) => return self.decide(decided),
            Output::Guilty(proof) => {
                if proof.first.0.height == voter.validator.height() {
                    voter.heard.signed_twice(proof.key, self.now);
                }
                self.emit(Event::Guilty(Arc::new(proof)));
            }
            Output::Muted(height) => {
                tracing::error!(%height, "another machine votes with this home's key, or this home is an old copy: it does not vote at this height. Stop one of them, and restart the other");
                voter.muted = voter.muted.max(Some(height));
                voter.heard.waits(self.now);
            }
            Output::WakeAt(at) => voter.wake_ms = Some(at),
        }
        Ok(None)
    }

    /// The key that this node votes with.
    fn own_validator(&self) -> Option<ValidatorKey> {
        let vote = self.config.validator.as_ref()?;
        Some(ValidatorKey(VerificationKeyBytes::from(&vote.key).into()))
    }

    /// Does what is due by now.
    pub(crate) fn run_vote_timers(&mut self) -> Result<(), CoreError> {
        let now = self.now.mono_ms;
        let wake = self.voter.as_ref().and_then(|voter| voter.wake_ms);
        if wake.is_some_and(|at| at <= now) {
            self.vote(Input::Tick)?;
        }
        Ok(())
    }

    /// When the votes have something to do although nothing happens.
    pub(crate) fn vote_times(&self) -> impl Iterator<Item = u64> {
        let voter = self.voter.iter();
        voter.flat_map(|voter| {
            let due = voter.due.map(|(_, at)| self.mono_of(at));
            let relays = self.peers.values().map(|peer| &peer.outbox.relays);
            let relay = relays.filter_map(Relays::next_ms).min();
            let away = voter.heard.next_look_ms();
            let hybrid = voter.checkpoints.as_ref().and_then(|it| it.next_ask_ms());
            let kept = voter.checkpoints.as_ref().and_then(|it| it.next_kept());
            let times = [
                voter.wake_ms,
                due,
                relay,
                voter.bodies.next_ask_ms(),
                hybrid,
                kept.map(|at| self.mono_of(at)),
                self.testifies_at_ms(),
                voter.hears.map(|(_, at)| at),
                voter.recall.as_ref().and_then(Recall::next_ms),
                voter.doubt.map(|(_, at)| at),
            ];
            times.into_iter().flatten().chain(away)
        })
    }

    /// When this clock will show a time that is still to come; at least once an hour, since it may be set.
    fn mono_of(&self, at: UnixSeconds) -> u64 {
        const HOUR_S: u64 = 3_600;
        let wait_s = at.0.saturating_sub(self.now.unix.0).min(HOUR_S);
        self.now
            .mono_ms
            .saturating_add(wait_s.saturating_mul(1_000))
    }

    /// Whether this node votes on a block, and all that it signed of it is on the disk: then the log has what readers are told.
    pub(crate) fn has_votes_on_disk(&self) -> bool {
        self.has_vote() && self.voter.as_ref().is_some_and(|voter| !voter.flush)
    }

    /// Writes what has to be on the disk before the outputs of this input leave.
    pub(crate) fn write_votes(&mut self) -> Result<(), StoreError> {
        let Some(voter) = &mut self.voter else {
            return Ok(());
        };
        let full = voter.flush || voter.unwritten.len() >= MAX_UNWRITTEN;
        let hybrid = voter.checkpoints.as_deref_mut();
        let kept = hybrid.and_then(|it| it.kept.take_unwritten(full));
        let flush = full || kept.is_some();
        // Others may ask for a block that is kept.
        let keeps = voter
            .unwritten
            .iter()
            .any(|it| matches!(it, Write::Keep(_)));
        if !flush && !keeps {
            return Ok(());
        }
        let durability = if flush {
            Durability::Durable
        } else {
            Durability::Volatile
        };
        let writes = std::mem::take(&mut voter.unwritten);
        voter.flush = false;
        self.store.write::<_, StoreError>(durability, |tables| {
            kept.map_or(Ok(()), |kept| tables.put_kept_bets(kept))?;
            writes.iter().try_for_each(|write| match write {
                Write::Keep(block) => tables.keep_proposal(block),
                Write::Append(height, entry) => tables.append_vote(*height, entry),
                Write::Reset => tables.reset_votes(),
            })
        })?;
        if flush {
            self.unsynced.synced();
        }
        Ok(())
    }
}
