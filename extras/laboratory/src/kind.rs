//! The kinds of consensus that are compared.

use std::fmt;

use bolao_ledger::{Consensus, Hybrid, Pos, Validator};
use clap::ValueEnum;
use serde::Serialize;

/// The kind of consensus: it settles who decides which chain is final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Most proof of work; nothing is ever final
    Pow,
    /// Validators make the blocks; each is final at once
    Pos,
    /// Blocks by proof of work, made final by validators
    Hybrid,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pow, Self::Pos, Self::Hybrid];

    /// Gives the consensus as a pool's rules state it, with these validators.
    #[must_use]
    pub(crate) fn consensus(self, validators: Vec<Validator>) -> Consensus {
        let pos = Pos {
            heartbeat_s: 30 * 86_400,
            ..Pos::appointed(validators)
        };
        match self {
            Self::Pow => Consensus::Pow,
            Self::Pos => Consensus::Pos(pos),
            Self::Hybrid => Consensus::Hybrid(Hybrid {
                voting: pos.voting,
                grace_s: 30,
                kept_s: 30,
                there_s: 10,
                patience_s: 120,
            }),
        }
    }

    /// Whether blocks are mined.
    #[must_use]
    pub const fn mines(self) -> bool {
        matches!(self, Self::Pow | Self::Hybrid)
    }

    /// Whether validators vote.
    #[must_use]
    pub const fn votes(self) -> bool {
        matches!(self, Self::Pos | Self::Hybrid)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pow => "pow",
            Self::Pos => "pos",
            Self::Hybrid => "hybrid",
        })
    }
}
