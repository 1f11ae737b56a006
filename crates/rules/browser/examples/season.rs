//! Writes a pool of 5,000 transactions as a page gets it, to measure how long a page checks it (`web/scripts/replay.mjs`).

use std::error::Error;

use bolao_headers::HeaderChain;
use bolao_ledger::{
    Block, Chips, Coinbase, Genesis, Header, MatchNo, Name, Nonce, OpenBet, PoolId, Score,
    TargetRule, Transaction, UnixSeconds, encode, merkle_root,
};
use bolao_replay::{MAGIC, Record, TipRecord};
use bolao_wallet::{Draft, Key};
use serde_json::json;

const PLAYERS: u8 = 50;
const EACH: u64 = 100;
const IN_A_BLOCK: usize = 25;

/// Everybody joins, and bets on both matches again and again.
fn transactions(pool: PoolId) -> Result<Vec<Transaction>, Box<dyn Error>> {
    let keys: Vec<Key> = (1..=PLAYERS)
        .map(|seed| Key::from_secret(&[seed; 32]))
        .collect();
    let mut transactions = Vec::new();
    for nonce in 0..EACH {
        for (number, key) in keys.iter().enumerate() {
            let mut draft = Draft::new(key.account(), Nonce(nonce));
            let body = if nonce == 0 {
                draft.join(Name::new(&format!("Player {number}"))?)
            } else {
                let score = Score::new(nonce % 5, nonce % 3)?;
                let bet = |no| OpenBet {
                    match_no: MatchNo(no),
                    score,
                    stake: Chips(0),
                };
                draft.bet(vec![bet(1), bet(2)])
            };
            transactions.push(key.sign(pool, body));
        }
    }
    Ok(transactions)
}

fn main() -> Result<(), Box<dyn Error>> {
    let genesis = Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    };
    let pool = genesis.pool_id();
    let transactions = transactions(pool)?;
    let mut chain = HeaderChain::of_genesis(&genesis);
    let mut records = Vec::new();
    for part in transactions.chunks(IN_A_BLOCK) {
        let height = chain.tip().height.next();
        let time = UnixSeconds(genesis.created.0 + 10 * height.0);
        let mut block = Block {
            header: Header {
                version: 1,
                previous: chain.tip().hash,
                merkle_root: [0; 32],
                time: u32::try_from(time.0)?,
                bits: chain.next_bits(&genesis, time).to_consensus(),
                nonce: 0,
            },
            coinbase: Coinbase {
                height,
                miner: Key::from_secret(&[9; 32]).account(),
                message: Vec::new(),
                extra_nonce: [0; 16],
            },
            transactions: part.to_vec(),
        };
        block.header.merkle_root = merkle_root(&block.leaves());
        while !block.header.meets_own_target() {
            block.header = block.header.with_nonce(block.header.nonce + 1);
        }
        chain.push(chain.check(&genesis, &block.header)?);
        records.push(Record::Block(encode(&block)));
    }
    let tip = chain.tip();
    records.insert(
        0,
        Record::Tip(TipRecord {
            pool,
            hash: tip.hash,
            height: tip.height,
            work: tip.work.to_le_bytes(),
            time: tip.header.time(),
        }),
    );
    records.push(Record::End {
        blocks: tip.height.0,
        entries: 0,
    });
    let mut bytes = MAGIC.to_vec();
    for record in records {
        let record = encode(&record);
        bytes.extend(u32::try_from(record.len())?.to_le_bytes());
        bytes.extend(record);
    }
    let written =
        json!({ "pool": pool, "genesis": genesis.to_json(), "chain": hex::encode(bytes) });
    std::fs::write(
        std::env::args().nth(1).ok_or("wanted a file to write")?,
        written.to_string(),
    )?;
    Ok(())
}
