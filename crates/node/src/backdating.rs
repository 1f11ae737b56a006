//! Blocks whose miner may have put late tips before their kick-off by naming an earlier time, which proof of work alone
//! does not forbid (docs/PROTOCOL.md, "What proof of work alone does not promise").

use std::collections::BTreeSet;

use bolao_ledger::{Block, MatchNo, StateView, UnixSeconds};

/// How far behind the clock the time of a block that has just been found may lie without a word, in seconds: clocks
/// differ, and a search may have begun a while ago.
const TOLERANCE_S: u64 = 600;

/// The matches of a new block's tips that have kicked off since the time that the block names, if that lies far enough
/// back; `view` is the state with the block.
pub(crate) fn back_dated_tips<V: StateView>(
    view: &V,
    block: &Block,
    now: UnixSeconds,
) -> Result<Vec<MatchNo>, V::Error> {
    let time = block.header.time();
    if now.0.saturating_sub(time.0) <= TOLERANCE_S {
        return Ok(Vec::new());
    }
    let tipped: BTreeSet<MatchNo> = block
        .transactions
        .iter()
        .flat_map(|transaction| transaction.body.action.placed())
        .map(|tip| tip.match_no)
        .collect();
    let mut late = Vec::new();
    for no in tipped {
        let game = view.match_by_no(no)?;
        if game.is_some_and(|game| game.is_open_at(time) && !game.is_open_at(now)) {
            late.push(no);
        }
    }
    Ok(late)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{
        AccountId, Action, Chips, Coinbase, Genesis, Header, HeaderFields, Height, Match,
        MemoryState, Nonce, Score, Signature, Tip, Transaction, TxBody, encode, table,
    };

    use super::*;

    const KICKOFF: u64 = 1_700_000_000;

    fn block(time: u64, tips: &[u16]) -> Block {
        let account = AccountId([7; 32]);
        let tips = tips
            .iter()
            .map(|no| Tip {
                match_no: MatchNo(*no),
                score: Score::new(1, 0).unwrap(),
                stake: Chips::ZERO,
            })
            .collect();
        Block {
            header: Header::new(HeaderFields {
                previous: Genesis::article().pool_id().into(),
                merkle_root: [0; 32],
                time: time.try_into().unwrap(),
                bits: 0,
                nonce: 0,
            }),
            coinbase: Coinbase {
                height: Height(1),
                miner: account,
                message: Vec::new(),
                extra_nonce: [0; 16],
            },
            transactions: vec![Transaction {
                body: TxBody {
                    account,
                    nonce: Nonce(1),
                    action: Action::Bet { tips },
                },
                signature: Signature([0; 64]),
            }],
        }
    }

    /// The article's two matches: the first kicks off, the second is not scheduled.
    fn matches() -> MemoryState {
        let mut fixtures = Genesis::article().matches;
        fixtures[0].kickoff = Some(UnixSeconds(KICKOFF));
        MemoryState {
            entries: fixtures
                .into_iter()
                .map(|fixture| {
                    let key = table::key_bytes::<table::Matches>(&fixture.no);
                    (key, encode(&Match::new(fixture, 0)))
                })
                .collect(),
        }
    }

    #[test]
    fn tips_before_a_kick_off_that_has_passed_are_found() {
        let state = matches();
        let numbers: Vec<u16> = {
            let matches = state.table::<table::Matches>().unwrap();
            matches.keys().map(|no| no.0).collect()
        };
        let late = |time: u64, now: u64| {
            back_dated_tips(&state, &block(time, &numbers), UnixSeconds(now)).unwrap()
        };
        let first = MatchNo(numbers[0]);
        assert_eq!(late(KICKOFF - 1, KICKOFF + TOLERANCE_S), [first]);
        // Found in time, or as good as.
        assert_eq!(late(KICKOFF - 1, KICKOFF + TOLERANCE_S - 1), []);
        // Old, but nothing has kicked off since.
        assert_eq!(late(KICKOFF - 5_000, KICKOFF - 1), []);
        // Void by the rules: the block names a time after kick-off.
        assert_eq!(late(KICKOFF, KICKOFF + 5_000), []);
    }
}
