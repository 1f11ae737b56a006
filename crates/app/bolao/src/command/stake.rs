//! `bolao stake` and `bolao unstake`: chips that weigh as a vote on blocks.

use bolao_api::body::Intent;
use bolao_node::Home;
use clap::Args;

use crate::command::signing::{SignArgs, some_chips};

/// Stakes chips as your vote on blocks, in pools whose rules say so
#[derive(Args, Clone, Debug)]
pub(crate) struct StakeArgs {
    /// How many chips
    chips: u64,
    #[command(flatten)]
    sign: SignArgs,
}

/// Takes staked chips back: they stop counting as votes, and are free after a while
#[derive(Args, Clone, Debug)]
pub(crate) struct UnstakeArgs {
    /// How many chips
    chips: u64,
    #[command(flatten)]
    sign: SignArgs,
}

pub(crate) async fn stake(args: StakeArgs, home: &Home) -> anyhow::Result<()> {
    let chips = some_chips(args.chips)?;
    let wish = Intent::Stake { chips };
    args.sign.fulfil(home, &wish, "The stake").await
}

pub(crate) async fn unstake(args: UnstakeArgs, home: &Home) -> anyhow::Result<()> {
    let chips = some_chips(args.chips)?;
    let wish = Intent::Unstake { chips };
    let what = "What gives them back";
    args.sign.fulfil(home, &wish, what).await
}
