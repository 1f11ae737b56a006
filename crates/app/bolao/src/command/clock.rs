//! `bolao clock`: whether the home's node goes by this machine's clock, and the word that it may.

use bolao_node::Home;
use clap::{Args, Subcommand};

use crate::{
    command::status,
    output,
    source::{self, Source},
    time,
    view::Status,
};

/// Shows whether your node is in doubt about this machine's clock; `trust` says that it is right
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao clock             what your node says of the clock\n\
        bolao clock trust       the clock is right, whatever contradicts it: a node that waits goes on"
)]
pub(crate) struct ClockArgs {
    #[command(subcommand)]
    command: Option<ClockCommand>,
}

#[derive(Subcommand, Clone, Debug)]
enum ClockCommand {
    /// Says that this machine's clock is right as it is now; holds until the clock is set, and for a node that starts within an hour
    Trust,
}

pub(crate) async fn run(args: ClockArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let status: Status = source.read("/api/v1/status").await?;
    let shows = time::local(jiff::Timestamp::now());
    if args.command.is_some() {
        match &source {
            Source::Running(client) => client.trust_clock().await?,
            Source::Stopped(_) => home.trust_clock(time::now())?,
        }
        return output::line!(
            "Your node goes by this clock, which shows {shows}, until it is set. Blocks that are dated by it are final: if \
            it is wrong, set it now."
        );
    }
    output::line!("This machine's clock shows {shows}.")?;
    let Source::Running(_) = source else {
        return output::line(
            "Your node is not running: `bolao run` starts it, and judges the clock.",
        );
    };
    let troubles = status::clocks(&status, &source).await?;
    if troubles.is_empty() {
        return output::line("Nothing that your node knows contradicts it.");
    }
    troubles
        .iter()
        .try_for_each(|it| output::line(output::bad(&it.text)))
}
