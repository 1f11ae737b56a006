//! What is measured of one run.

use serde::Serialize;

/// A counted bet that took longer to be as sure as it gets was delayed, in milliseconds.
const DELAYED_MS: u64 = 60_000;

/// The number of bets of honest players, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bets {
    /// Placed before betting ended.
    pub placed: u64,
    /// Those that count in the end.
    pub counted: u64,
    /// Those in a block that came too late.
    pub voided: u64,
    /// Those in no block.
    pub lost: u64,
    /// Those that count, but were in a block, or final where that can be, only after a minute.
    pub delayed: u64,
}

/// The outcome of one run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// The seed of the run.
    pub seed: u64,
    /// Whether the attacker got what it wanted.
    pub succeeded: bool,
    /// Whether most nodes of those concerned told their people that something was wrong.
    pub noticed: bool,
    /// The searching that the attacker did, in milliseconds of one friend's computer.
    pub cost_ms: u64,
    /// The number of blocks that the attacker mined.
    pub cost_blocks: u64,
    /// The bets of honest players, by what became of them.
    pub bets: Bets,
    /// The number of times that an honest node left a branch.
    pub reorgs: u64,
    /// The most blocks that one left.
    pub deepest: u64,
    /// Heights at which two blocks were final.
    pub conflicts: u64,
    /// The number of times that an honest validator signed two things of which it may sign one.
    pub double_votes: u64,
    /// From placing a bet to a block, in milliseconds.
    pub to_block_ms: Vec<u64>,
    /// From placing a bet to its being final, in milliseconds.
    pub to_final_ms: Vec<u64>,
    /// The number of messages sent.
    pub messages: u64,
    /// The number of bytes sent.
    pub bytes: u64,
    /// The hash of all that was sent and handled.
    pub trace: String,
    /// The conditions that must hold and do not.
    pub broken: Vec<String>,
}

impl Bets {
    /// Counts one that came to this.
    pub(crate) fn count(&mut self, counts: bool, in_block: bool, took_ms: Option<u64>) {
        self.placed += 1;
        if counts {
            self.counted += 1;
            self.delayed += u64::from(took_ms.is_none_or(|took| took > DELAYED_MS));
        } else if in_block {
            self.voided += 1;
        } else {
            self.lost += 1;
        }
    }
}
