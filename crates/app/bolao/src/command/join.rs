//! `bolao join`: a pool that somebody else made.

mod introduction;

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use bolao_ledger::{AccountId, Genesis, Name};
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    command::confirm::{Answer, ask},
    home, input,
    joining::{Entry, Standing, checked, enter},
    output, parse,
    passphrase::{self, CommonArgs},
};

use super::wallet::write_words_down;

/// The longest link that is read, in bytes.
const MAX_LINK: usize = 4096;

/// Joins a pool with an invitation link, through a friend's running node, or from its genesis file
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Put the link in quotes: bolao join 'http://192.168.1.5:9000/join#…' --name YOU\nTo use a new link \
        or another name, join again: a running node picks it up."
)]
pub(crate) struct JoinArgs {
    #[arg(
        value_name = "LINK_OR_URL_OR_FILE",
        help = "The link that an organiser's `bolao invite` printed, or `-` to be asked for it, which keeps it out \
            of shell history and process lists; in an open pool also a node's URL such as http://192.168.1.5:9000, \
            or the file genesis.json"
    )]
    pool: String,
    /// Your name in the pool
    #[arg(long, value_name = "PLAYER", value_parser = parse::new_name)]
    name: Option<Name>,
    /// Goes on without asking you to confirm
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: JoinArgs, dir: &Path) -> anyhow::Result<()> {
    let entry = if args.pool == "-" {
        Entry::of(link()?.trim()).await?
    } else {
        Entry::of(&args.pool).await?
    };
    let genesis = entry.genesis().await?;
    let (name, passphrase) = (args.name.as_ref(), &args.common.passphrase);
    let mut standing = checked(name, passphrase, dir, &entry, &genesis).await?;
    if home::there(dir, genesis.pool_id())?.is_none() && !args.common.json {
        introduction::show(&entry, &genesis).await?;
        let asks = !args.yes && io::stdin().is_terminal();
        if asks && ask("Join it? [y/n]")? != Answer::Yes {
            return output::line("Nothing was written.");
        }
    }
    let entered = enter(name, passphrase, dir, &entry, &genesis, &mut standing).await?;
    let account = entered.wallet.player().account();
    if args.common.json {
        return output::json(&json!({
            "pool": genesis.pool_id().to_string(),
            "name": genesis.name,
            "home": entered.home.dir(),
            "account": account.to_string(),
            "player": entered.name,
            "joined": standing.joined.is_some(),
            "told": standing.claimed,
            "invited": entered.may_enter,
            "organiser": standing.organises,
            "new_wallet": entered.wallet_is_new,
        }));
    }
    show(&genesis, &account)?;
    show_name(&standing, entered.name.as_deref(), entered.may_enter)?;
    if standing.organises {
        output::line(
            "Role     organiser: you set kick-offs (`bolao schedule`, `bolao import`) and record results (`bolao \
            result`); `bolao status` says where your signature is needed",
        )?;
    }
    if let (Some(name), Some(joined)) = (name, &standing.joined)
        && name.as_str() != joined
    {
        output::hint!(
            "note: this account already plays as {joined}, which cannot be changed, so the name {name} is not used"
        );
    }
    next(entered.wallet_is_new)
}

/// The link, typed or pasted unseen, or from a pipe.
fn link() -> anyhow::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        return passphrase::ask("Link (not shown): ");
    }
    input::text(Path::new("-"), MAX_LINK, "an invitation link").map(Zeroizing::new)
}

fn show(genesis: &Genesis, account: &AccountId) -> anyhow::Result<()> {
    output::line!(
        "This home is in the pool {}.",
        output::bold(genesis.name.as_str())
    )?;
    output::line!("Account  {account}")
}

fn show_name(standing: &Standing, name: Option<&str>, may_enter: bool) -> anyhow::Result<()> {
    if let Some(claimed) = &standing.claimed {
        output::line!(
            "Told     the node you join through says that this account plays as {claimed}; your node checks that \
            once it runs"
        )?;
    }
    match (&standing.joined, name) {
        (Some(name), _) => output::line!("Name     {name}, joined already"),
        (None, Some(name)) if may_enter => {
            output::line!("Name     {name}, registered once your node runs")
        }
        (None, Some(name)) => output::line!(
            "Name     {name}, but this pool is invitation-only: ask an organiser for a link, then `bolao join 'LINK'`"
        ),
        (None, None) if standing.claimed.is_some() => Ok(()),
        (None, None) => output::line("Name     none yet: join again with --name to play"),
    }
}

fn next(wallet_is_new: bool) -> anyhow::Result<()> {
    output::line!("\nNext:\n  {}", home::command("rules"))?;
    output::line!("  {}", home::command("run"))?;
    write_words_down(wallet_is_new)
}
