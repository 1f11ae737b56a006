//! `bolao mine`: blocks now.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use bolao_node::Home;
use bolao_work::HashRate;
use clap::Args;

use crate::{
    output::{self, count},
    source::{self, as_view},
    view::{Block, Mined, Status},
};

/// Longer than the node looks for one block.
const TIMEOUT: Duration = Duration::from_mins(3);

/// Makes your running node mine a block now
#[derive(Args, Clone, Debug)]
pub(crate) struct MineArgs {
    /// How many blocks, one after the other
    #[arg(short, long, default_value = "1", value_name = "N")]
    count: NonZeroU32,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: MineArgs, home: &Home) -> anyhow::Result<()> {
    let client = source::node(home).await?;
    let mut blocks = Vec::new();
    for _ in 0..args.count.get() {
        let began = Instant::now();
        let found: Mined = as_view(client.command("/api/v1/mine", TIMEOUT).await?)?;
        let took = began.elapsed();
        let path = format!("/api/v1/blocks/{}", found.hash);
        let block = client.get(&path).await?;
        if args.json {
            blocks.push(block);
            continue;
        }
        let block: Block = as_view(block)?;
        let status: Status = client.read("/api/v1/status").await?;
        output::line!(
            "Block {} with {} in {:.1} s at {}: {}",
            block.at.height,
            count(
                block.transactions.unwrap_or(0),
                "transaction",
                "transactions"
            ),
            took.as_secs_f64(),
            HashRate::of(status.mining.hashes_per_second),
            block.at.hash
        )?;
    }
    if args.json {
        output::json(&blocks)?;
    }
    Ok(())
}
