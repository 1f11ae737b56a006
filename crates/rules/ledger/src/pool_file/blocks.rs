//! Who makes the blocks, and how the validators change.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{PoolFile, PoolFileError, QuorumWritten, STARTING_CHIPS, set};
use crate::genesis::{
    Consensus, Genesis, Hybrid, MAX_WEIGHT, Pos, Quorum, SetChange, Validator, Voting, count,
};

/// The time that unstaked chips wait where the file does not say, in seconds: 7 days.
const STAKE_WAIT_S: u32 = 7 * 86_400;
/// The part of a stake that an equivocation (a double vote) costs where the file does not say, in percent.
const STAKE_CUT_PERCENT: u8 = 50;

/// The makers of the blocks: miners or validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Makers {
    /// Miners find them by work.
    Pow,
    /// Validators make them.
    Pos,
    /// Miners find them by work; validators make them final.
    Hybrid,
}

impl Makers {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Pow, Self::Pos, Self::Hybrid];

    /// The name in a file of rules.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pow => "pow",
            Self::Pos => "pos",
            Self::Hybrid => "hybrid",
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

impl fmt::Display for Makers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Makers {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|it| it.name() == text);
        named.ok_or("wanted pow, pos or hybrid")
    }
}

/// The rule by which the validators change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeBy {
    /// Organisers appoint them.
    Appointed,
    /// Their weight is the chips that they stake.
    Stake,
}

impl PoolFile {
    /// The makers of the blocks: those that the file says; else validators, unless it says how hard blocks are to find.
    #[must_use]
    pub fn makers(&self) -> Makers {
        let mined = self.target.is_some();
        let usual = if mined { Makers::Pow } else { Makers::Pos };
        self.consensus.unwrap_or(usual)
    }

    /// The consensus of a pool whose first validator is this one; all else stands in its genesis.
    pub fn consensus(
        &self,
        first: Validator,
        genesis: &Genesis,
    ) -> Result<Consensus, PoolFileError> {
        let makers = self.makers();
        self.refuses_numbers_of_others(makers)?;
        if makers == Makers::Pow {
            return Ok(Consensus::Pow);
        }
        let mut pos = Pos::appointed([first]);
        self.numbers_of_votes(&mut pos.voting);
        pos.voting.change = self.change_of_validators(genesis)?;
        if matches!(pos.voting.change, SetChange::Stake { .. }) {
            // Else whoever stakes a few chips first would decide alone.
            let weight = self.starting_chips.unwrap_or(STARTING_CHIPS.0);
            for validator in &mut pos.voting.validators {
                validator.weight = weight.clamp(1, MAX_WEIGHT);
            }
        }
        let consensus = if makers == Makers::Hybrid {
            let mut hybrid = Hybrid {
                voting: pos.voting,
                ..Hybrid::appointed([first])
            };
            set(&mut hybrid.grace_s, self.grace);
            set(&mut hybrid.kept_s, self.kept);
            set(&mut hybrid.there_s, self.there);
            set(&mut hybrid.patience_s, self.patience);
            Consensus::Hybrid(hybrid)
        } else {
            set(&mut pos.heartbeat_s, self.heartbeat);
            Consensus::Pos(pos)
        };
        let checked = consensus.check(count(genesis.organisers.len()));
        checked.map_err(|source| PoolFileError::Consensus { source })?;
        Ok(consensus)
    }

    /// A number that another consensus needs would be forgotten in silence.
    fn refuses_numbers_of_others(&self, makers: Makers) -> Result<(), PoolFileError> {
        let of_pos = [("heartbeat", self.heartbeat.is_some())];
        let of_hybrid = [
            ("grace", self.grace.is_some()),
            ("kept", self.kept.is_some()),
            ("there", self.there.is_some()),
            ("patience", self.patience.is_some()),
        ];
        let of_both = [
            ("change", self.change.is_some()),
            ("clock", self.clock.is_some()),
            ("propose_ms", self.propose_ms.is_some()),
            ("vote_ms", self.vote_ms.is_some()),
            ("round_ms", self.round_ms.is_some()),
        ];
        match makers {
            Makers::Pow => {
                let of_changes = [self.of_appointing(), self.of_stakes()].concat();
                let voting = [&of_both[..], &of_changes, &of_pos, &of_hybrid].concat();
                given(&voting).map_or(Ok(()), |key| Err(PoolFileError::NoValidators { key }))
            }
            Makers::Pos if self.target.is_some() => Err(PoolFileError::NobodyMines),
            Makers::Pos => of_another(&of_hybrid, "hybrid"),
            Makers::Hybrid => of_another(&of_pos, "pos"),
        }
    }

    fn change_of_validators(&self, genesis: &Genesis) -> Result<SetChange, PoolFileError> {
        let other = |keys: &[Key], of| match given(keys) {
            Some(key) => Err(PoolFileError::OtherChange { key, of }),
            None => Ok(()),
        };
        match self.change.unwrap_or(ChangeBy::Appointed) {
            ChangeBy::Appointed => {
                other(&self.of_stakes(), "stake")?;
                let quorum = self.appoint_quorum(&genesis.rules, genesis.organisers.len())?;
                Ok(SetChange::Appointed { quorum })
            }
            ChangeBy::Stake => {
                other(&self.of_appointing(), "appointed")?;
                Ok(SetChange::Stake {
                    wait_s: self.stake_wait.unwrap_or(STAKE_WAIT_S),
                    cut_percent: self.stake_cut.unwrap_or(STAKE_CUT_PERCENT),
                })
            }
        }
    }

    fn of_stakes(&self) -> Vec<Key> {
        vec![
            ("stake_wait", self.stake_wait.is_some()),
            ("stake_cut", self.stake_cut.is_some()),
        ]
    }

    fn of_appointing(&self) -> Vec<Key> {
        vec![("appoint", self.appoint.is_some())]
    }

    fn numbers_of_votes(&self, voting: &mut Voting) {
        set(&mut voting.clock_s, self.clock);
        set(&mut voting.propose_ms, self.propose_ms);
        set(&mut voting.vote_ms, self.vote_ms);
        let longest = voting.round_ms.max(voting.propose_ms).max(voting.vote_ms);
        voting.round_ms = self.round_ms.unwrap_or(longest);
    }

    /// Checks the number of organisers who must agree against how many there are.
    pub(super) fn among(
        what: &'static str,
        quorum: Option<QuorumWritten>,
        organisers: usize,
    ) -> Result<Option<Quorum>, PoolFileError> {
        let Some(got) = quorum else {
            return Ok(None);
        };
        let among = got.among(organisers).map(Some);
        among.ok_or(PoolFileError::Quorum {
            what,
            got,
            organisers,
        })
    }
}

/// A key of the file, and whether the file has it.
type Key = (&'static str, bool);

fn given(keys: &[Key]) -> Option<&'static str> {
    let mut given = keys.iter().filter(|(_, given)| *given);
    given.next().map(|(key, _)| *key)
}

fn of_another(keys: &[Key], of: &'static str) -> Result<(), PoolFileError> {
    match given(keys) {
        Some(key) => Err(PoolFileError::OtherConsensus { key, of }),
        None => Ok(()),
    }
}
