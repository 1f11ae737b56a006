//! Writes a pool with one validator as a page gets it, to measure how long a page checks it (`web/scripts/replay.mjs`): `season FILE
//! [PLAYERS [TIPS [ACTS]]]`, so many tips in each act and so many acts in each block. 50 players tip 100 matches, one tip a block, unless
//! another number is given.

mod chain;

use std::error::Error;

use bolao_ledger::encode;
use bolao_replay::MAGIC;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("wanted a file to write")?;
    let mut number = |usual: u64| args.next().map_or(Ok(usual), |it| it.parse());
    let (players, tips, acts) = (number(50)?, number(1)?, number(1)?);
    let (pool, genesis, records) =
        chain::season(players, tips.try_into()?, acts.try_into()?, |_| ())?;
    let mut bytes = MAGIC.to_vec();
    for record in records {
        let record = encode(&record);
        bytes.extend(u32::try_from(record.len())?.to_le_bytes());
        bytes.extend(record);
    }
    let written =
        json!({ "pool": pool, "genesis": genesis.to_json(), "chain": hex::encode(bytes) });
    std::fs::write(file, written.to_string())?;
    Ok(())
}
