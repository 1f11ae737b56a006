//! What goes into the validator and what comes out.

use bolao_ledger::{
    Decided, Decision, DoubleSign, Height, StatementKind, ValidatorKey, ValidatorSet,
};

use crate::message::Message;

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The chain holds all that was decided below this height, durably no later than the next [`Output::Flush`] or the emptied log:
    /// this is voted on next, by these. Whether it was decided here or the chain came by it otherwise is the same.
    Height {
        /// The vote's number.
        height: Height,
        /// The validators who vote.
        set: ValidatorSet,
    },
    /// There is something to decide on at this height: a transaction waits, a deadline has passed.
    Waiting,
    /// A message that another validator sent, perhaps by way of others.
    Message {
        /// Comes back in [`Output::Reply`].
        token: u64,
        /// The message that arrived.
        message: Message,
    },
    /// A peer connected: it may lack what was said of this height so far.
    Connected {
        /// Comes back in [`Output::Reply`].
        token: u64,
    },
    /// The answer to [`Output::Build`]: a block that was checked like any other's.
    Built {
        /// The vote's number.
        height: Height,
        /// The round that the block is for.
        round: u32,
        /// The block that was built.
        decision: Decision,
    },
    /// The answer to [`Output::Judge`], or a change of it.
    Judged {
        /// The vote's number.
        height: Height,
        /// The block that was judged.
        decision: Decision,
        /// The verdict on it.
        verdict: Verdict,
    },
    /// The time that [`Output::WakeAt`] named has come.
    Tick,
}

/// A verdict on a proposed block. While nothing is known, none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be decided: its body is here.
    Valid,
    /// It breaks a rule that no node may ever judge otherwise. If others decide it nevertheless, this node cannot follow.
    Invalid,
    /// This validator does not want it now. Others may, and this one may later.
    Refused,
}

/// An instruction to the driver. Instructions are to be carried out in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Make this block's body durable, no later than the next [`Self::Flush`] and no later than what is appended after it.
    Keep(Decision),
    /// Add an entry to the log ([`crate::Log::append`]).
    Append(Vec<u8>),
    /// Make the log durable ([`crate::Log::flush`]) before anything that follows.
    Flush,
    /// Empty the log ([`crate::Log::reset`]).
    Reset(Height),
    /// Send to all peers.
    Send(Message),
    /// Send to the peer whose message, or whose connection, had this token.
    Reply {
        /// The token of what it answers.
        token: u64,
        /// The message to send.
        message: Message,
    },
    /// A checked message from another validator, or one made of what others signed, that is new: for the peers that it may not have
    /// reached.
    Relay(Message),
    /// Send this block's body to all peers.
    Share(Decision),
    /// Make a block for this round, if need be an empty one; [`Input::Built`] is the answer.
    Build {
        /// The vote's number.
        height: Height,
        /// The round that the block is for.
        round: u32,
    },
    /// Judge this block, once it is here; [`Input::Judged`] is the answer.
    Judge {
        /// The vote's number.
        height: Height,
        /// The block to judge.
        decision: Decision,
        /// Whether more than two thirds voted for it, so that a block which keeps all rules is not to be refused any more.
        backed: bool,
    },
    /// This is final, whether its body is here or not. [`Input::Height`] is wanted once the chain holds it.
    Decide(Decided),
    /// Somebody cheats, or its key is on two machines: said as soon as it is known, and again when the height ends.
    Guilty(DoubleSign),
    /// Something else signs with this validator's key, or this is an old copy of it: it does not vote before the height after
    /// this one.
    Muted(Height),
    /// If nothing happens before this time, an [`Input::Tick`] is wanted then. The last output says it; without one there is
    /// nothing to wait for.
    WakeAt(u64),
}

/// The statements that a round waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The round.
    pub round: u32,
    /// Whether they are prevotes, precommits, or the proposal.
    pub kind: StatementKind,
    /// The validators of whom there is none here.
    pub from: Vec<ValidatorKey>,
    /// The validators whose vote is for nil.
    pub against: Vec<ValidatorKey>,
}
