//! Who makes the blocks, and how the validators change.

use serde::Deserialize;

use super::{PoolFile, PoolFileError, Quorum, set};
use crate::genesis::{Consensus, Hybrid, Pos, SetChange, Validator, Voting, count};

/// How long unstaked chips wait where the file does not say, in seconds: 7 days.
const STAKE_WAIT_S: u32 = 7 * 86_400;
/// How much of a stake a double vote costs where the file does not say, in percent.
const STAKE_CUT_PERCENT: u8 = 50;

/// Who makes the blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Makers {
    /// Whoever finds them by work.
    Pow,
    /// Validators.
    Pos,
    /// Whoever finds them by work; validators make them final.
    Hybrid,
}

/// How validators change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeBy {
    /// Organisers appoint them.
    Appointed,
    /// Their weight is the chips that they stake.
    Stake,
}

impl PoolFile {
    /// Who makes the blocks: who the file says; else validators, unless it says how hard blocks are to find.
    #[must_use]
    pub fn makers(&self) -> Makers {
        let mined = self.target.is_some();
        let usual = if mined { Makers::Pow } else { Makers::Pos };
        self.consensus.unwrap_or(usual)
    }

    /// The consensus of a pool of so many organisers whose first validator is this one.
    pub fn consensus(
        &self,
        first: Validator,
        organisers: usize,
    ) -> Result<Consensus, PoolFileError> {
        let of_stakes = [
            ("stake_wait", self.stake_wait.is_some()),
            ("stake_cut", self.stake_cut.is_some()),
        ];
        let of_appointing = [("appoint", self.appoint.is_some())];
        let of_pos = [("heartbeat", self.heartbeat.is_some())];
        let of_hybrid = [
            ("grace", self.grace.is_some()),
            ("kept", self.kept.is_some()),
            ("there", self.there.is_some()),
            ("patience", self.patience.is_some()),
        ];
        let of_both = [
            ("clock", self.clock.is_some()),
            ("propose_ms", self.propose_ms.is_some()),
            ("vote_ms", self.vote_ms.is_some()),
            ("round_ms", self.round_ms.is_some()),
        ];
        let given = |keys: &[(&'static str, bool)]| {
            let mut given = keys.iter().filter(|(_, given)| *given);
            given.next().map(|(key, _)| *key)
        };
        if self.makers() == Makers::Pow {
            let change = [("change", self.change.is_some())];
            let voting = [&of_both[..], &of_pos, &of_hybrid].concat();
            let keys = [&change[..], &of_appointing, &of_stakes, &voting].concat();
            return match given(&keys) {
                Some(key) => Err(PoolFileError::NoValidators { key }),
                None => Ok(Consensus::Pow),
            };
        }
        let mines = self.makers() == Makers::Hybrid;
        if self.target.is_some() && !mines {
            return Err(PoolFileError::NobodyMines);
        }
        let (others, of) = if mines {
            (&of_pos[..], "pos")
        } else {
            (&of_hybrid[..], "hybrid")
        };
        if let Some(key) = given(others) {
            return Err(PoolFileError::OtherConsensus { key, of });
        }
        let mut pos = Pos::appointed([first]);
        self.numbers_of_votes(&mut pos.voting);
        pos.voting.change = match self.change.unwrap_or(ChangeBy::Appointed) {
            ChangeBy::Appointed => {
                if let Some(key) = given(&of_stakes) {
                    return Err(PoolFileError::OtherChange { key, of: "stake" });
                }
                let quorum = Self::among("appoint", self.appoint, organisers)?;
                SetChange::Appointed {
                    quorum: quorum.unwrap_or(1),
                }
            }
            ChangeBy::Stake => {
                if let Some(key) = given(&of_appointing) {
                    let of = "appointed";
                    return Err(PoolFileError::OtherChange { key, of });
                }
                SetChange::Stake {
                    wait_s: self.stake_wait.unwrap_or(STAKE_WAIT_S),
                    cut_percent: self.stake_cut.unwrap_or(STAKE_CUT_PERCENT),
                }
            }
        };
        let consensus = if mines {
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
        let checked = consensus.check(count(organisers));
        checked.map_err(|source| PoolFileError::Consensus { source })?;
        Ok(consensus)
    }

    fn numbers_of_votes(&self, voting: &mut Voting) {
        set(&mut voting.clock_s, self.clock);
        set(&mut voting.propose_ms, self.propose_ms);
        set(&mut voting.vote_ms, self.vote_ms);
        let longest = voting.round_ms.max(voting.propose_ms).max(voting.vote_ms);
        voting.round_ms = self.round_ms.unwrap_or(longest);
    }

    /// How many organisers must agree, held against how many there are.
    pub(super) fn among(
        what: &'static str,
        quorum: Option<Quorum>,
        organisers: usize,
    ) -> Result<Option<u8>, PoolFileError> {
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
