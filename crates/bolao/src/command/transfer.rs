//! `bolao transfer`: chips for another player.

use anyhow::bail;
use bolao_ledger::Chips;
use bolao_node::Home;
use clap::Args;

use crate::{
    command::wait::WaitArgs,
    exit::usage,
    output::{self, count},
    passphrase::PassphraseArgs,
    session::Session,
    source::{Source, segment},
    view::Player,
};

/// Gives chips to another player
#[derive(Args, Clone, Debug)]
pub(crate) struct TransferArgs {
    /// Who gets them: a name or an account
    #[arg(value_name = "PLAYER")]
    to: String,
    /// How many
    #[arg(value_parser = chips)]
    chips: u64,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// A number of chips, which stands behind the name.
fn chips(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| {
        format!(
            "wanted a number: the name comes first, then the chips, such as `bolao transfer {text} 20`"
        )
    })
}

pub(crate) async fn run(args: TransferArgs, home: &Home) -> anyhow::Result<()> {
    if args.chips == 0 {
        return Err(usage("got 0 chips, wanted at least 1"));
    }
    let session = Session::open(home, &args.passphrase).await?;
    let own = session.account();
    let players: Vec<Player> = session.source.all("/api/v1/players").await?;
    let Some(me) = players.iter().find(|player| player.account == own) else {
        bail!("you have not joined this pool yet, so you have no chips to give");
    };
    let to = find(&session.source, &args.to).await?;
    if to.account == own {
        bail!(
            "`{}` is yourself: chips are given to another player",
            args.to
        );
    }
    let Some(left) = me.chips.checked_sub(args.chips) else {
        bail!(
            "you have {}, and {} cannot be given: stakes in pots are not at hand",
            count(me.chips, "chip", "chips"),
            args.chips
        );
    };
    let (account, chips) = (to.account, Chips(args.chips));
    let id = session
        .submit(|draft| draft.transfer(account, chips))
        .await?;
    output::line!(
        "{} for {}. You have {left} left.",
        output::bold(&count(args.chips, "chip", "chips")),
        to.name
    )?;
    let Some(height) = args.wait.finish(&session.client, &id).await? else {
        return output::line(
            "The transfer is on its way to the other nodes and waits for a block.",
        );
    };
    output::line!("Block {height} holds it.")
}

async fn find(source: &Source, who: &str) -> anyhow::Result<Player> {
    let who = segment(who, "a player's name or account")?;
    source.read(&format!("/api/v1/players/{who}")).await
}
