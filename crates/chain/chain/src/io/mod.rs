//! What goes into the core and what comes out.

mod attendance;
mod clocks;
mod missing;

use std::{fmt, sync::Arc};

use bolao_ledger::{
    AccountId, Block, BlockHash, BlockId, Chips, DoubleSign, Height, Reason, Transaction, TxId,
    UnixSeconds,
};
use bolao_openings::Deal;
use bolao_store::{BootTime, FinalBlock, Notice, NoticedChange, Tip};
use thiserror::Error;

use crate::wire::{Request, Response};

pub use attendance::{Attendance, Attendee, Disagreement, LastVote};
pub use clocks::{ClockDoubt, Clocks, DoubtCause, Testimony};
pub use missing::MissingCheckpoint;

/// The time at which an input is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The wall clock, which consensus times are judged by.
    pub unix: UnixSeconds,
    /// A clock that never goes back, in milliseconds from any start: what timeouts are measured with.
    pub mono_ms: u64,
}

/// A connected peer, as the network names it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PeerId(pub Arc<str>);

impl From<&str> for PeerId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kind of thing that a gossip message carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// One encoded [`Transaction`].
    Transactions,
    /// One encoded [`Block`].
    Blocks,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// Transactions from local users, handled in this order and written together. All that the replies say were accepted
    /// are on the disk before the first reply.
    Submit(Vec<Submission>),
    /// Deals from a player to the pool's keepers, given here. They are on the disk before the reply.
    Deals {
        /// Comes back in the reply.
        token: u64,
        /// The deals to take.
        deals: Vec<Deal>,
    },
    /// A block from the local miner or a local caller. It is on the disk before the reply.
    Mined {
        /// Comes back in the reply.
        token: u64,
        /// The block to take.
        block: Box<Block>,
    },
    /// A peer of the same pool is there, or a stranger has shown that it may be told of the pool.
    PeerConnected {
        /// The peer that is there.
        peer: PeerId,
    },
    /// A peer is there that has not shown that it may be told of the pool: what it gives is taken, and it is given nothing.
    StrangerConnected {
        /// The peer that is there.
        peer: PeerId,
    },
    /// A peer is gone; its requests will not be answered.
    PeerDisconnected {
        /// The peer that is gone.
        peer: PeerId,
    },
    /// A connected peer is the node of somebody of the pool; whoever gives this has checked it.
    PeerIsPlayers {
        /// The peer.
        peer: PeerId,
        /// The player or organiser whose node it is.
        player: AccountId,
    },
    /// A gossip message that waits for a verdict before it is forwarded.
    Gossip {
        /// The peer that sent it to us, which need not be its author.
        peer: PeerId,
        /// Comes back in the verdict.
        token: u64,
        /// The kind of thing that it carries.
        topic: Topic,
        /// Its bytes, not decoded yet.
        bytes: Vec<u8>,
    },
    /// A peer's request that [`Request::needs_core`].
    Request {
        /// The peer that asks.
        peer: PeerId,
        /// Comes back in the response.
        token: u64,
        /// The request that it sent.
        request: Request,
    },
    /// The outcome of an [`Output::SendRequest`].
    Response {
        /// The peer that was asked.
        peer: PeerId,
        /// The id of the request.
        id: u64,
        /// The answer, or why there is none.
        result: Result<Response, RequestFailure>,
    },
    /// A block is final, as its certificate proves; whoever gives this has checked that. It is on the disk when this has
    /// been handled, whether the block is known yet or not.
    Final(FinalBlock),
    /// The home was given another link, which names this final block.
    MissingCheckpoint(BlockId),
    /// Something tells the time besides the clock that [`Now::unix`] comes from.
    Clock(ClockWitness),
    /// Ask every peer for its status now and catch up.
    SyncNow {
        /// Comes back in [`Output::SyncRound`].
        token: u64,
        /// Peers that are connected by now. Of the latest the core may hear in its next inputs; the round waits for them too.
        peers: Vec<PeerId>,
    },
    /// Something that people count on is not as it was, outside the chain: it is kept and told as a notice.
    Notice(Box<NoticedChange>),
    /// The time that [`Output::WakeAt`] named has come.
    Tick,
}

/// A witness to the time, and what it says. Whoever decides alone makes no block by a clock that such witnesses contradict, or that
/// too few confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockWitness {
    /// This machine's kernel.
    Kernel {
        /// The number of seconds by which the clock is ahead of the kernel's own, or behind if negative.
        ahead_s: i64,
        /// Whether the network sets the kernel's clock.
        synchronised: bool,
    },
    /// The clock that starts with this machine and goes on while that sleeps. It proves no time, but how much has passed.
    Boot(BootTime),
    /// The date of an answer over TLS, which came now.
    Date {
        /// The server's name.
        server: Arc<str>,
        /// The time that it told.
        time: UnixSeconds,
    },
    /// The time that a player's page on another machine told now, signed by the player; whoever gives this has checked it.
    Page {
        /// The player or organiser.
        player: AccountId,
        /// The time that the page told.
        time: UnixSeconds,
    },
    /// The operator's word that the clock is right as it is.
    Operator,
}

impl Input {
    /// One transaction from a local user, alone.
    #[must_use]
    pub fn submit(token: u64, transaction: Transaction) -> Self {
        Self::Submit(vec![Submission { token, transaction }])
    }
}

/// One transaction from a local user.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Comes back in the reply.
    pub token: u64,
    /// The transaction that is submitted.
    pub transaction: Transaction,
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestFailure {
    /// It was never sent: too many wait already, it is too long, or the connection is gone. The peer is not to blame.
    Local,
    /// The peer was asked and gave no answer in time, or one that does not decode.
    Remote,
}

/// A thing that the driver is to do; the driver does them in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// The answer to one [`Submission`], to [`Input::Deals`] or to [`Input::Mined`].
    Reply {
        /// The submission's, or the input's.
        token: u64,
        /// The outcome: accepted, or why not.
        result: Result<Accepted, Rejection>,
    },
    /// The verdict on a gossip message.
    Verdict {
        /// The token of the input.
        token: u64,
        /// Forward, punish or drop.
        verdict: Verdict,
    },
    /// Send to all by gossip.
    Publish {
        /// Under which topic.
        topic: Topic,
        /// The message, encoded.
        bytes: Vec<u8>,
    },
    /// Ask one peer; the answer comes back as [`Input::Response`].
    SendRequest {
        /// The peer to ask.
        peer: PeerId,
        /// Comes back with the answer.
        id: u64,
        /// The request to send.
        request: Request,
    },
    /// Answer an [`Input::Request`].
    Respond {
        /// The token of the input.
        token: u64,
        /// The answer to send.
        response: Response,
    },
    /// A provable violation: drop the peer and keep away from it.
    Misbehaved {
        /// The peer that did it.
        peer: PeerId,
        /// The violation that it committed.
        reason: Rejection,
    },
    /// The end of what [`Input::SyncNow`] began.
    SyncRound {
        /// The token of the input.
        token: u64,
        /// The number of times since the start that the chain was caught up or reorganised, rather than merely extended by a new
        /// block: whoever asks compares it with what the last answer said.
        replacements: u64,
    },
    /// For whoever watches.
    Event(Event),
    /// If nothing happens before this time of [`Now::mono_ms`], the core wants an [`Input::Tick`] then. The last output
    /// of an input says it; without one there is nothing to wait for.
    WakeAt(u64),
}

/// A verdict on a gossip message: what to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Good: forward it.
    Accept,
    /// Provably bad: punish the sender.
    Reject,
    /// Neither: drop it.
    Ignore,
}

/// The thing that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// A transaction waits for a block.
    Transaction {
        /// The id of the transaction.
        id: TxId,
        /// Whether the next block may hold it; false while it waits for one with a lower nonce.
        ready: bool,
        /// The chips that its account has at hand once the next block holds it; none if that may not.
        chips: Option<Chips>,
    },
    /// Deals to keepers are kept and passed on.
    Deals {
        /// The number of deals.
        count: usize,
    },
    /// A block is kept.
    Block {
        /// The hash of the block.
        hash: BlockHash,
        /// The height of the block.
        height: Height,
        /// Whether it is the tip now; false on a branch that is not the best.
        tip: bool,
    },
}

/// Why something was not accepted, for programs and for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Rejection {
    /// The stable code.
    pub reason: Reason,
    /// The sentence for people.
    pub message: String,
}

impl Rejection {
    pub(crate) fn new(reason: Reason, message: impl fmt::Display) -> Self {
        Self {
            reason,
            message: message.to_string(),
        }
    }
}

/// The thing that was delivered to a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A transaction, by its id.
    Transaction(TxId),
    /// A block, by its hash.
    Block(BlockHash),
}

/// The source of a block, and so the reason why the best chain changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It was found or submitted here.
    Mined,
    /// A peer gossiped it.
    Gossip,
    /// A peer pushed it to us.
    Pushed,
    /// It was ahead of the clock, and its time has come.
    Held,
    /// It was fetched from peers with more work.
    Sync,
    /// The chain before did not hold the last final block.
    Final,
    /// Validators decided it.
    Voted,
}

/// The best chain is another one.
#[derive(Clone, Debug, PartialEq)]
pub struct TipChange {
    /// The tip before.
    pub old: Tip,
    /// The tip now.
    pub new: Tip,
    /// The last block that both chains share: the old tip, unless blocks were taken off.
    pub fork: Tip,
    /// Blocks that are not in the best chain any more, the highest first.
    pub disconnected: Blocks,
    /// Blocks that are now, the lowest first.
    pub connected: Blocks,
    /// The source of the connected blocks.
    pub cause: Cause,
}

/// Blocks of one branch, at most [`Self::MAX`] with [`Self::MAX_TRANSACTIONS`]: the highest. One is always there,
/// however long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Blocks {
    /// The highest blocks of the branch.
    pub blocks: Vec<Arc<Block>>,
    /// The number of further blocks under them.
    pub more: usize,
}

impl Blocks {
    /// The most blocks.
    pub const MAX: usize = 64;
    /// The most transactions of all of them.
    pub const MAX_TRANSACTIONS: usize = 1_000;

    /// The highest blocks of a branch; `blocks` come in this order.
    pub(crate) fn highest(blocks: impl ExactSizeIterator<Item = Arc<Block>>) -> Self {
        let count = blocks.len();
        let mut transactions = 0_usize;
        let blocks: Vec<_> = blocks
            .take(Self::MAX)
            .enumerate()
            .take_while(|(index, block)| {
                transactions = transactions.saturating_add(block.transactions.len());
                *index == 0 || transactions <= Self::MAX_TRANSACTIONS
            })
            .map(|(_, block)| block)
            .collect();
        Self {
            more: count.saturating_sub(blocks.len()),
            blocks,
        }
    }

    /// The number of blocks that the branch has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.blocks.len().saturating_add(self.more)
    }
}

/// Something that a watcher may want to know.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something that people counted on is not as it was. It is on the disk under this number.
    Noticed {
        /// The notice's number.
        number: u64,
        /// The notice itself, as it is kept.
        notice: Arc<Notice>,
    },
    /// The best chain is another one.
    TipChanged(Arc<TipChange>),
    /// The chain holds a block that is final, and with it all those under it.
    Final {
        /// The height of the final block.
        height: Height,
        /// The hash of the final block.
        hash: BlockHash,
    },
    /// The final block that an invitation names, as long as it is sought.
    MissingCheckpoint(Option<MissingCheckpoint>),
    /// The attendance of the validators: who votes, and who of them is there; told anew when somebody goes or comes, and with new
    /// votes once a second.
    Attendance(Arc<Attendance>),
    /// A validator signed two things of which an honest one signs only one.
    Guilty(Arc<DoubleSign>),
    /// A transaction waits for a block.
    TransactionAccepted {
        /// The id of the transaction.
        id: TxId,
        /// The transaction that waits.
        transaction: Arc<Transaction>,
        /// Whether the next block may hold it.
        ready: bool,
        /// The peer that sent it; none if it was submitted here.
        peer: Option<PeerId>,
    },
    /// A transaction does not wait any more, though no block holds it.
    TransactionDropped {
        /// The id of the transaction.
        id: TxId,
        /// The transaction that was dropped.
        transaction: Arc<Transaction>,
        /// The reason: what it contradicts.
        reason: Rejection,
        /// Whether a block could have held it, and another one of its key has its nonce in the chain now.
        overtaken: bool,
    },
    /// The chain is catching up.
    SyncProgress {
        /// The tip now.
        height: Height,
        /// The height that it leads to.
        target_height: Height,
        /// The peer that sent the latest blocks.
        peer: Option<PeerId>,
    },
    /// Caught up, or given up for now; comes after whatever a [`Self::SyncProgress`] began, however it ended.
    SyncDone {
        /// The tip now.
        height: Height,
    },
    /// The clock differs from those of the peers, or no longer does.
    Clocks(Clocks),
    /// A peer confirmed that it has handled what was sent to it.
    Delivered {
        /// The thing that was delivered.
        item: Item,
        /// The peer that confirmed it.
        peer: PeerId,
    },
    /// Tip or mempool changed: miners want a new template.
    TemplateStale,
}
