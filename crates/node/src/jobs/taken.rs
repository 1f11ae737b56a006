//! Solutions that became blocks. A miner whose answer was lost on the way hands the same solution in again; its
//! template is of the past by then, so that only this tells what became of it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use bolao_ledger::{AccountId, BlockHash};

/// How many are remembered.
const KEPT: usize = 64;

/// What a miner chose, and for which template of this run of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Solution {
    pub(crate) template: u64,
    pub(crate) account: AccountId,
    pub(crate) extra_nonce: [u8; 16],
    pub(crate) time: u32,
    pub(crate) nonce: u32,
}

/// The last ones.
#[derive(Debug, Default)]
pub(crate) struct Taken(Mutex<VecDeque<(Solution, BlockHash)>>);

impl Taken {
    pub(crate) fn add(&self, solution: Solution, hash: BlockHash) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((solution, hash));
    }

    /// The block that a solution became.
    pub(crate) fn get(&self, solution: &Solution) -> Option<BlockHash> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rev().find(|(other, _)| other == solution);
        found.map(|(_, hash)| *hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solution(nonce: u32) -> Solution {
        Solution {
            template: 1,
            account: AccountId([2; 32]),
            extra_nonce: [3; 16],
            time: 4,
            nonce,
        }
    }

    #[test]
    fn only_the_same_solution_is_known_and_only_the_last_ones() {
        let taken = Taken::default();
        taken.add(solution(0), BlockHash([9; 32]));
        let others = [
            Solution {
                template: 0,
                ..solution(0)
            },
            Solution {
                account: AccountId([0; 32]),
                ..solution(0)
            },
            Solution {
                extra_nonce: [0; 16],
                ..solution(0)
            },
            Solution {
                time: 0,
                ..solution(0)
            },
            solution(1),
        ];
        for other in others {
            assert_eq!(taken.get(&other), None, "{other:?}");
        }
        for nonce in (1..).take(KEPT - 1) {
            taken.add(solution(nonce), BlockHash([1; 32]));
        }
        assert_eq!(taken.get(&solution(0)), Some(BlockHash([9; 32])));
        taken.add(solution(u32::MAX), BlockHash([1; 32]));
        assert_eq!(taken.get(&solution(0)), None);
    }
}
