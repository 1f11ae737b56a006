//! `bolao stake` and `bolao unstake`: chips that weigh as a vote on blocks.

use anyhow::bail;
use bolao_api::body::ChangeBody;
use bolao_ledger::{Action, Chips, actions};
use bolao_node::Home;
use clap::Args;

use super::validators::{SignArgs, check, read};
use crate::{
    exit::usage,
    output::{self, count},
    session::Session,
    time,
};

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
    let chips = Chips(args.chips);
    run(
        Action::Stake(actions::Stake { chips }),
        args.chips,
        &args.sign,
        home,
    )
    .await
}

pub(crate) async fn unstake(args: UnstakeArgs, home: &Home) -> anyhow::Result<()> {
    let chips = Chips(args.chips);
    run(
        Action::Unstake(actions::Unstake { chips }),
        args.chips,
        &args.sign,
        home,
    )
    .await
}

async fn run(action: Action, chips: u64, sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    if chips == 0 {
        return Err(usage("got 0 chips, wanted at least 1"));
    }
    let session = Session::open(home, &sign.common.passphrase).await?;
    let ChangeBody::Stake {
        wait_s,
        cut_percent,
    } = read(&session.source).await?.1
    else {
        bail!(
            "chips are not votes in this pool: organisers appoint validators, with `bolao validators appoint NAME`"
        );
    };
    check(&session, &action).await?;
    let chips = output::bold(&count(chips, "chip", "chips"));
    let wait = time::span(wait_s.into());
    match action {
        Action::Unstake(_) => output::say!(
            "{chips} stop counting as votes from the next block on, and are yours again {wait} after it."
        )?,
        _ => output::say!(
            "{chips} are your vote from the next block on. `bolao unstake` gives them back after {wait}; voting \
            twice costs {cut_percent} % of them, so run your node on one machine only."
        )?,
    }
    let what = match action {
        Action::Unstake(_) => "What gives them back",
        _ => "The stake",
    };
    sign.send(&session, vec![action], what).await
}
