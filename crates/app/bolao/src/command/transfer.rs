//! `bolao transfer`: chips for another player.

use bolao_api::body::Intent;
use bolao_node::Home;
use clap::Args;

use crate::command::signing::{SignArgs, some_chips};

/// Gives chips to another player, in pools whose rules allow it
#[derive(Args, Clone, Debug)]
pub(crate) struct TransferArgs {
    /// Who gets them: a name or an account
    #[arg(value_name = "PLAYER")]
    to: String,
    /// How many chips
    #[arg(value_parser = behind_name)]
    chips: u64,
    #[command(flatten)]
    sign: SignArgs,
}

/// A number of chips, which stands behind the name.
fn behind_name(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        format!(
            "wanted a number: the name comes first, then the chips, such as `bolao transfer {text} 20`"
        )
    })
}

pub(crate) async fn run(args: TransferArgs, home: &Home) -> anyhow::Result<()> {
    let TransferArgs { to, chips, sign } = args;
    let wish = Intent::Give {
        to,
        chips: some_chips(chips)?,
    };
    sign.fulfil(home, &wish, "The transfer").await
}
