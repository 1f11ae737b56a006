//! `bolao transfer`: chips for another player.

use bolao_ledger::{Action, Chips, Reason, actions};
use bolao_node::Home;
use clap::Args;

use crate::{
    command::signing::SignArgs,
    exit::usage,
    output::{self, count},
    session::Session,
    source::{ApiError, segment},
    view::Player,
};

/// Gives chips to another player, in pools whose rules allow it
#[derive(Args, Clone, Debug)]
pub(crate) struct TransferArgs {
    /// Who gets them: a name or an account
    #[arg(value_name = "PLAYER")]
    to: String,
    /// How many chips
    #[arg(value_parser = chips)]
    chips: u64,
    #[command(flatten)]
    sign: SignArgs,
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
    let session = Session::open(home, &args.sign.common.passphrase).await?;
    let who = segment(&args.to, "a player's name or account")?;
    let to: Player = session
        .source
        .read(&format!("/api/v1/players/{who}"))
        .await?;
    let action = Action::Transfer(actions::Transfer {
        to: to.account,
        chips: Chips(args.chips),
    });
    let tried = session.try_out(vec![action.clone()]).await;
    if let Some(stopped) = tried.end {
        let mut refusal: ApiError = stopped.error.downcast()?;
        if refusal.is(Reason::EmptyTransfer) {
            refusal.detail = format!("`{}` is you: {}", args.to, refusal.detail);
        } else if refusal.is(Reason::NotEnoughChips) {
            refusal.detail += "; stakes in pots are not available";
        }
        return Err(refusal.into());
    }
    let chips = output::bold(&count(args.chips, "chip", "chips"));
    let left = tried
        .chips
        .map_or_else(String::new, |left| format!(" That leaves you {left}."));
    output::say!("{chips} for {}.{left}", to.name)?;
    args.sign.send(&session, vec![action], "The transfer").await
}
