//! Votes: the validator with what it was given and asks for, its log, what was heard of the others, and whose words it hears now.

use std::collections::VecDeque;

use bolao_finality::{Entries, Input, Message, Output, Validator};
use bolao_ledger::{CheckedBlock, Height};
use bolao_store::{Durability, KeptBets, StoreError, VoteLog};

use super::{away::Heard, messages::Connected};
use crate::{chain::Chain, context::Context, io::PeerId, sync::Syncing};

/// The number of changes to the log that wait before they are written, at the latest.
const MAX_UNWRITTEN: usize = 1_024;

/// A change of the votes that is to be on the disk.
#[derive(Debug)]
pub(super) enum Write {
    Keep(CheckedBlock),
    Append(Height, Vec<u8>),
    Reset,
}

/// The entries of a log, for the validator.
pub(super) fn entries(log: VoteLog) -> Entries {
    Entries {
        height: log.height,
        entries: log.entries,
    }
}

/// The log of what the validator has handled, as far as it is not on the disk.
#[derive(Debug)]
pub(super) struct LogTail {
    height: Height,
    pub(super) unwritten: Vec<Write>,
    /// Whether that has to be on the disk before anything leaves.
    pub(super) flush: bool,
}

impl LogTail {
    pub(super) fn append(&mut self, entry: Vec<u8>) {
        self.unwritten.push(Write::Append(self.height, entry));
    }

    /// Begins another height. What was signed and leaves with this input still waits for the disk, with the block that takes its place.
    pub(super) fn reset(&mut self, height: Height) {
        self.height = height;
        self.unwritten = vec![Write::Reset];
    }

    /// Whether what waits is to be on the disk before the outputs of this input leave.
    pub(super) fn is_to_write(&self) -> bool {
        self.flush || self.unwritten.len() >= MAX_UNWRITTEN
    }

    /// Writes what waits, if it or the kept bets are to be on the disk now.
    pub(super) fn write(
        &mut self,
        chain: &mut Chain,
        full: bool,
        kept: Option<&KeptBets>,
    ) -> Result<(), StoreError> {
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
        chain.write(durability, |tables| {
            kept.map_or(Ok(()), |kept| tables.put_kept_bets(kept))?;
            writes.iter().try_for_each(|write| match write {
                Write::Keep(block) => tables.keep_proposal(block),
                Write::Append(height, entry) => tables.append_vote(*height, entry),
                Write::Reset => tables.reset_votes(),
            })
        })
    }
}

/// The validator, and what it and the others said.
#[derive(Debug)]
pub(super) struct CastVotes {
    pub(super) validator: Validator,
    /// The inputs that the validator has not handled yet.
    pub(super) inputs: VecDeque<Input>,
    /// The outputs of the last one that were not carried out yet.
    pub(super) outputs: VecDeque<Output>,
    /// When the validator has something to do although nothing happens.
    pub(super) wake_ms: Option<u64>,
    pub(super) log: LogTail,
    pub(super) heard: Heard,
    /// The number of the others' messages that said something new.
    pub(super) news: u64,
    /// The peer whose messages are handled, or that connected.
    pub(super) from: Option<PeerId>,
    pub(super) connected: Connected,
}

impl CastVotes {
    pub(super) fn new(
        validator: Validator,
        outputs: Vec<Output>,
        heard: Heard,
        height: Height,
    ) -> Self {
        Self {
            validator,
            inputs: VecDeque::new(),
            outputs: outputs.into(),
            wake_ms: None,
            log: LogTail {
                height,
                unwritten: Vec::new(),
                flush: false,
            },
            heard,
            news: 0,
            from: None,
            connected: Connected::default(),
        }
    }

    /// Hands the validator the next input, if there is one.
    pub(super) fn handle_next(&mut self, now_ms: u64) -> bool {
        let Some(input) = self.inputs.pop_front() else {
            return false;
        };
        self.outputs = self.validator.handle(now_ms, input).into();
        self.wake_ms = None;
        true
    }

    /// Passes on what another validator signed.
    pub(super) fn relay(&mut self, cx: &Context, sync: &mut Syncing, bytes: &[u8]) {
        self.news = self.news.saturating_add(1);
        sync.relay_vote(cx, self.from.as_ref(), bytes);
    }

    /// Sends a decision in place of the votes that led to it: also to the peer with whose vote it was made, which may lack the others'.
    pub(super) fn relay_decision(&mut self, cx: &Context, sync: &mut Syncing, message: &Message) {
        sync.clear_relays();
        let from = self.from.take();
        self.relay(cx, sync, &message.encode());
        self.from = from;
    }
}
