//! Solutions that became blocks. A miner whose answer was lost on the way submits the same solution again; its template
//! is of the past by then, so that only this says what became of it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use bolao_api::body::SolutionBody;
use bolao_ledger::BlockHash;

/// How many are remembered.
const KEPT: usize = 64;

/// The last ones.
#[derive(Debug, Default)]
pub(crate) struct Taken(Mutex<VecDeque<(SolutionBody, BlockHash)>>);

impl Taken {
    pub(crate) fn add(&self, solution: SolutionBody, hash: BlockHash) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((solution, hash));
    }

    /// The block that a solution became.
    pub(crate) fn get(&self, solution: &SolutionBody) -> Option<BlockHash> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().rev().find(|(other, _)| other == solution);
        found.map(|(_, hash)| *hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_solution_is_known_and_only_the_last_ones() {
        let solution = |nonce| SolutionBody {
            template: "1".into(),
            extra_nonce: [3; 16],
            time: 4,
            nonce,
        };
        let taken = Taken::default();
        taken.add(solution(0), BlockHash([9; 32]));
        assert_eq!(taken.get(&solution(1)), None);
        for nonce in (1..).take(KEPT - 1) {
            taken.add(solution(nonce), BlockHash([1; 32]));
        }
        assert_eq!(taken.get(&solution(0)), Some(BlockHash([9; 32])));
        taken.add(solution(u32::MAX), BlockHash([1; 32]));
        assert_eq!(taken.get(&solution(0)), None);
    }
}
