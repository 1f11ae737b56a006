//! Blocks, transactions and rules as bytes: what decodes has one encoding only, and checking it never panics.
#![no_main]

use std::sync::LazyLock;

use bolao_ledger::{Block, Consensus, Genesis, Pos, Transaction, decode, encode};
use libfuzzer_sys::fuzz_target;

static GENESIS: LazyLock<Genesis> = LazyLock::new(Genesis::article);

/// The same with votes, where there are more actions.
static WITH_VOTES: LazyLock<Genesis> = LazyLock::new(|| Genesis {
    consensus: Consensus::Pos(Pos {
        heartbeat_s: 3_600,
        ..Pos::appointed([])
    }),
    ..Genesis::article()
});

fuzz_target!(|data: &[u8]| {
    let pool = GENESIS.pool_id();
    if let Ok(block) = decode::<Block>(data) {
        assert_eq!(encode(&block), data);
        assert_eq!(block.leaves().len(), block.transactions.len() + 1);
        let _ = block.check(&GENESIS, pool);
    }
    if let Ok(transaction) = decode::<Transaction>(data) {
        assert_eq!(encode(&transaction), data);
        let _ = transaction.clone().check(&GENESIS, pool);
        let _ = transaction.check(&WITH_VOTES, pool);
    }
    if let Ok(genesis) = decode::<Genesis>(data) {
        assert_eq!(encode(&genesis), data);
        let _ = genesis.check();
    }
});
