//! Votes: when this node casts one and on what, and what follows from those of others. Pools without validators have none of it.
//! It ties the validator of [`bolao_finality`] to chain and peers. Where validators make the blocks (`pos`), [`pos`] says how; where
//! they make blocks of work final, so that these are checkpoints, [`hybrid`] does; [`by_kind`] asks the one that it is.
//!
//! - [`votes`]: the validator, its log and what is heard. [`messages`]: what is done with others' votes. [`away`]: who is there.
//! - [`rounds`]: when a vote begins.
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
mod by_kind;
mod clock;
mod clocks;
mod doubt;
mod hybrid;
mod messages;
mod pos;
mod recall;
mod rounds;
mod votes;

use std::{collections::VecDeque, sync::Arc};

use bolao_finality::{Config, Input, Output, Validator};
use bolao_ledger::{AccountId, Consensus, ValidatorKey};
use bolao_store::StoreError;
use ed25519_zebra::VerificationKeyBytes;

use crate::{chain::Chain, context::Context, error::CoreError, io::Event, sync::Syncing};
use away::Heard;
use hybrid::Checkpoints;
use pos::{Bodies, Stopping};
use recall::Recall;
use rounds::VoteRounds;
use votes::{CastVotes, Write, entries};

pub(crate) use by_kind::Finals;
pub(crate) use hybrid::Taken;
pub(crate) use pos::{DecidedBlock, DecidedBody, breaks_rule, catch_up};

/// The votes of this node, where there are any: by what they keep.
#[derive(Debug)]
pub(crate) struct Voting {
    rules: bolao_ledger::Voting,
    /// The key that this node votes with.
    own: Option<ValidatorKey>,
    /// The account whose blocks this node makes.
    account: Option<AccountId>,
    /// The votes that were cast, by this node and by others.
    votes: CastVotes,
    /// The beginning of each vote, and the clock that it goes by.
    rounds: VoteRounds,
    /// The own key's signatures that this home does not know.
    recall: Recall,
    /// The blocks that may be decided, where validators make them.
    bodies: Bodies,
    /// The state of the checkpoints, where votes make blocks of work final.
    checkpoints: Option<Box<Checkpoints>>,
    /// Validators have signed two histories.
    stopping: Option<Stopping>,
}

/// The outcome of an output of the validator's.
#[derive(Debug)]
enum CarriedOut {
    /// There is no more to it.
    All,
    /// The validator waits for this.
    Answer(Input),
    /// A block is to be connected.
    Connect(DecidedBody),
}

impl From<Option<Input>> for CarriedOut {
    fn from(input: Option<Input>) -> Self {
        input.map_or(Self::All, Self::Answer)
    }
}

impl Voting {
    /// Starts the validator with what the disk has of its height. Then [`Self::carry_out`] is to be called, and the validator given
    /// what that gives.
    pub(crate) fn begin(cx: &Context, chain: &Chain) -> Result<Option<Box<Self>>, CoreError> {
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
        let rounds = VoteRounds::new(cx, &snapshot, heard.decides_alone(own).then_some(tip.hash))?;
        let log = snapshot.vote_log()?.map(entries);
        let (validator, outputs) = Validator::new(config, now, (height, set), log)?;
        Ok(Some(Box::new(Self {
            rules: rules.clone(),
            own,
            account: vote.map(|vote| vote.account),
            votes: CastVotes::new(validator, outputs, heard, height),
            rounds,
            recall: Recall::new(cx),
            bodies: Bodies::load(cx, &snapshot)?,
            checkpoints,
            stopping: None,
        })))
    }

    /// Gives the validator an input, once it has handled those before.
    pub(crate) fn give(&mut self, input: Input) {
        self.votes.inputs.push_back(input);
    }

    /// The inputs that the validator has not handled.
    pub(crate) fn take_given(&mut self) -> VecDeque<Input> {
        std::mem::take(&mut self.votes.inputs)
    }

    /// Hands the validator what it was given, and does what it asks for. Ends with a block that is to be connected, after which this
    /// is to be called again; with none if all is done.
    pub(crate) fn go_on(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
    ) -> Result<Option<DecidedBody>, CoreError> {
        loop {
            if let Some(made) = self.carry_out(cx, chain, sync)? {
                return Ok(Some(made));
            }
            if !self.votes.handle_next(cx.now.mono_ms) {
                return Ok(None);
            }
        }
    }

    /// Does what the validator has asked for, and gives it what it waits for, if that is here. As [`Self::go_on`] otherwise.
    pub(crate) fn carry_out(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
    ) -> Result<Option<DecidedBody>, CoreError> {
        while let Some(output) = self.votes.outputs.pop_front() {
            match self.carry_out_one(cx, chain, sync, output)? {
                CarriedOut::All => {}
                CarriedOut::Answer(input) => self.give(input),
                CarriedOut::Connect(made) => return Ok(Some(made)),
            }
        }
        Ok(None)
    }

    fn carry_out_one(
        &mut self,
        cx: &mut Context,
        chain: &mut Chain,
        sync: &mut Syncing,
        output: Output,
    ) -> Result<CarriedOut, CoreError> {
        let by_checkpoints = self.checkpoints.is_some();
        match output {
            // Another validator's words may begin a vote, too.
            Output::Build { .. } if self.must_wait(cx, chain, sync)? => {}
            Output::Build { height, round } if by_checkpoints => {
                return Ok(self.propose_checkpoint(chain, height, round).into());
            }
            Output::Build { height, round } => {
                return Ok(self.build(cx, chain, sync, height, round)?.into());
            }
            Output::Judge {
                decision, backed, ..
            } if by_checkpoints => {
                let judged = self.judge_checkpoint(cx, chain, sync, decision, backed)?;
                return Ok(judged.into());
            }
            Output::Judge {
                decision, backed, ..
            } => return Ok(self.judge(cx, chain, sync, decision, backed)?.into()),
            Output::Decide(decided) if by_checkpoints => {
                self.decide_checkpoint(cx, chain, sync, decided)?;
            }
            Output::Decide(decided) => {
                let made = self.decide(cx, chain, decided)?;
                return Ok(made.map_or(CarriedOut::All, CarriedOut::Connect));
            }
            Output::Muted(height) => {
                tracing::error!(%height, "another machine votes with this home's key, or this home is an old copy: it does not vote at this height. Stop one of them, and restart the other");
                self.recall.muted = self.recall.muted.max(Some(height));
                self.votes.heard.waits(cx.now);
            }
            other => self.send_out(cx, sync, other),
        }
        Ok(CarriedOut::All)
    }

    /// Does what the validator asks for and has no answer to.
    fn send_out(&mut self, cx: &mut Context, sync: &mut Syncing, output: Output) {
        let by_checkpoints = self.checkpoints.is_some();
        match output {
            Output::Keep(decision) => {
                let block = self.bodies.get(&decision.hash).cloned();
                self.votes.log.unwritten.extend(block.map(Write::Keep));
                if !by_checkpoints {
                    self.pass_body_on(cx, sync, decision.hash);
                }
            }
            Output::Append(entry) => self.votes.log.append(entry),
            Output::Flush => self.votes.log.flush = true,
            Output::Reset(height) => {
                self.votes.log.reset(height);
                sync.forget_unanswered();
            }
            Output::Send(message) => {
                self.listen(cx, &message);
                sync.send_vote(&message.encode());
            }
            Output::Reply { message, .. } => {
                sync.reply_vote(self.votes.from.as_ref(), message.encode());
            }
            Output::Relay(message) => self.votes.relay(cx, sync, &message.encode()),
            // Blocks of work travel by themselves.
            Output::Share(_) if by_checkpoints => {}
            Output::Share(decision) => self.share_body(cx, sync, decision.hash),
            Output::Guilty(proof) => {
                if proof.first.0.height == self.votes.validator.height() {
                    self.votes.heard.signed_twice(proof.key, cx.now);
                }
                cx.emit(Event::Guilty(Arc::new(proof)));
            }
            Output::WakeAt(at) => self.votes.wake_ms = Some(at),
            Output::Build { .. } | Output::Judge { .. } | Output::Decide(_) | Output::Muted(_) => {}
        }
    }

    /// Whether the validator has something to do by now.
    pub(crate) fn is_due_at(&self, now_ms: u64) -> bool {
        self.votes.wake_ms.is_some_and(|at| at <= now_ms)
    }

    /// When the votes have something to do although nothing happens.
    pub(crate) fn wake_times(&self, cx: &Context) -> impl Iterator<Item = u64> {
        let due = self.rounds.due.map(|(_, at)| cx.mono_of(at));
        let away = self.votes.heard.next_look_ms();
        let hybrid = self.checkpoints.as_ref().and_then(|it| it.next_ask_ms());
        let kept = self.checkpoints.as_ref().and_then(|it| it.next_kept());
        let times = [
            self.votes.wake_ms,
            due,
            self.bodies.next_ask_ms(),
            hybrid,
            kept.map(|at| cx.mono_of(at)),
            self.testifies_at_ms(),
            self.recall.next_ms(),
            self.rounds.doubt.map(|(_, at)| at),
            self.votes.connected.next_ms(),
            self.pages_until_ms(cx).filter(|at| *at > cx.now.mono_ms),
        ];
        let hears = self.rounds.hears.map(rounds::Hears::ends_ms);
        let hears = hears.into_iter().flatten();
        times.into_iter().flatten().chain(away).chain(hears)
    }

    /// Whether this node votes on a block, and all that it signed of it is on the disk: then the log has what readers are told.
    pub(crate) fn has_votes_on_disk(&self) -> bool {
        self.has_vote() && !self.votes.log.flush
    }

    /// Writes what has to be on the disk before the outputs of this input leave.
    pub(crate) fn write_votes(&mut self, chain: &mut Chain) -> Result<(), StoreError> {
        let (log, checkpoints) = (&mut self.votes.log, self.checkpoints.as_deref_mut());
        let full = log.is_to_write();
        let kept = checkpoints.and_then(|it| it.kept.take_unwritten(full));
        log.write(chain, full, kept)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Genesis, Height, Hybrid, Pos, Validator};

    use super::*;
    use crate::tests::{TestNode, parts};

    fn voting(consensus: Consensus) -> (TestNode, Option<Box<Voting>>) {
        let genesis = Genesis {
            consensus,
            ..Genesis::article()
        };
        let parts = parts(&genesis);
        let voting = Voting::begin(&parts.cx, &parts.chain).unwrap();
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
        let (_, voting) = voting(Consensus::Pow);
        assert!(voting.is_none());
    }

    fn looks(votes: &mut Voting, parts: &mut TestNode) -> bool {
        let TestNode {
            cx, chain, sync, ..
        } = parts;
        votes.look_at_checkpoints(cx, chain, sync).unwrap()
    }

    #[test]
    fn only_where_blocks_are_mined_are_there_checkpoints() {
        let (mut parts, votes) = voting(Consensus::Pos(Pos::appointed(validators())));
        let mut votes = votes.unwrap();
        assert_eq!(votes.last_checkpoint(), None);
        assert!(!looks(&mut votes, &mut parts));
        let (mut parts, votes) = voting(Consensus::Hybrid(Hybrid::appointed(validators())));
        let mut votes = votes.unwrap();
        assert_eq!(votes.last_checkpoint(), Some(Height::ZERO));
        assert!(looks(&mut votes, &mut parts));
        assert!(!votes.has_vote(), "this node has no key");
    }
}
