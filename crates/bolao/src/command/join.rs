//! `bolao join`: a pool that somebody else made.

mod checks;
mod entry;
mod introduction;
mod remember;

use std::{
    io::{self, IsTerminal as _},
    path::Path,
};

use anyhow::bail;
use bolao_ledger::{AccountId, Genesis, Membership, Name};
use bolao_node::{Home, Profile};
use bolao_wallet::WalletFile;
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use crate::{
    command::confirm::{Answer, ask},
    home, input, output, parse,
    passphrase::{self, CommonArgs, PassphraseArgs},
    source::Source,
};

use super::wallet::write_words_down;
use entry::Entry;

/// The longest link that is read, in bytes.
const MAX_LINK: usize = 4096;

/// Joins a pool by an invitation link, by a friend's running node, or by its genesis file
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Put a link between quotes: bolao join 'http://192.168.1.5:9000/join#…' --name YOU\nJoin again with a new link or another name, and a node that runs already takes it up."
)]
pub(crate) struct JoinArgs {
    #[arg(
        value_name = "LINK_OR_URL_OR_FILE",
        help = "What an organiser's `bolao invite` printed, or `-` to be asked for it, so that it stands in no history and no list of processes; in an open pool also a node's URL such as http://192.168.1.5:9000, or the file genesis.json"
    )]
    pool: String,
    /// Your name in the pool, which your node joins under
    #[arg(long, value_name = "PLAYER", value_parser = parse::new_name)]
    name: Option<Name>,
    /// Does not ask
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    common: CommonArgs,
}

/// How the player stands in the pool.
struct Standing {
    /// The wallet of a home that is there already.
    wallet: Option<WalletFile>,
    /// The name that the account has joined under, as the home's own chain has it.
    joined: Option<String>,
    /// The same in the words of the friend's node, which nobody has checked yet.
    claimed: Option<Name>,
}

/// A home that is in a pool now.
pub(crate) struct Entered {
    pub(crate) home: Home,
    pub(crate) wallet: WalletFile,
    pub(crate) wallet_is_new: bool,
    /// The player's name, once there is one.
    pub(crate) name: Option<String>,
    /// Whether the pool lets the player in.
    pub(crate) may_enter: bool,
}

pub(crate) async fn run(args: JoinArgs, dir: &Path) -> anyhow::Result<()> {
    let entry = if args.pool == "-" {
        Entry::of(link()?.trim())?
    } else {
        Entry::of(&args.pool)?
    };
    let genesis = entry.genesis().await?;
    let (name, passphrase) = (args.name.as_ref(), &args.common.passphrase);
    let mut standing = checked(name, passphrase, dir, &entry, &genesis).await?;
    let is_in = home::existing(dir).is_ok_and(|home| home.genesis().is_ok());
    if !is_in && !args.common.json {
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
            "new_wallet": entered.wallet_is_new,
        }));
    }
    show(&genesis, &account)?;
    show_name(&standing, entered.name.as_deref(), entered.may_enter)?;
    if let (Some(name), Some(joined)) = (name, &standing.joined)
        && name.as_str() != joined
    {
        output::hint!(
            "note: this account plays as {joined} for good, so the name {name} is not used"
        );
    }
    next(entered.wallet_is_new)
}

/// Joins by a link or a node's URL under a name, without a question.
pub(crate) async fn by_link(
    link: &str,
    name: &Name,
    dir: &Path,
    passphrase: &PassphraseArgs,
) -> anyhow::Result<(Entered, Genesis)> {
    let entry = Entry::of(link.trim())?;
    if entry.client().is_none() {
        bail!("this is no invitation link, wanted one such as http://192.168.1.5:9000/join#…");
    }
    let genesis = entry.genesis().await?;
    let mut standing = checked(Some(name), passphrase, dir, &entry, &genesis).await?;
    let entered = enter(Some(name), passphrase, dir, &entry, &genesis, &mut standing).await?;
    Ok((entered, genesis))
}

/// Writes the pool and who plays in it into a home.
async fn enter(
    name: Option<&Name>,
    passphrase: &PassphraseArgs,
    dir: &Path,
    entry: &Entry,
    genesis: &Genesis,
    standing: &mut Standing,
) -> anyhow::Result<Entered> {
    let home = Home::open(dir)?;
    home.set_genesis(genesis)?;
    let (wallet, wallet_is_new) = match standing.wallet.take() {
        Some(wallet) => (wallet, false),
        None => passphrase.open_or_create(&home)?,
    };
    let account = wallet.player().account();
    if let Some(invite) = entry.invite() {
        home.set_invite(invite.clone())?;
    }
    // A friend's node has no say in it: it could make up a name.
    let name = standing
        .joined
        .clone()
        .or(name.map(ToString::to_string))
        .or(home.profile()?.name);
    home.set_profile(&Profile {
        name: name.clone(),
        account: Some(account),
    })?;
    if let Some(client) = entry.client() {
        remember::remember(&home, client.base()).await?;
    }
    let may_enter = genesis.membership == Membership::Open
        || genesis.organisers.contains(&account)
        || home.ticket(genesis.pool_id())?.is_some();
    Ok(Entered {
        home,
        wallet,
        wallet_is_new,
        name,
        may_enter,
    })
}

/// The link, typed or pasted unseen, or from a pipe.
fn link() -> anyhow::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        return passphrase::ask("Link (not shown): ");
    }
    input::text(Path::new("-"), MAX_LINK, "an invitation link").map(Zeroizing::new)
}

/// What can be known before anything is written; refuses an invitation or a name that lets nobody in.
async fn checked(
    name: Option<&Name>,
    passphrase: &PassphraseArgs,
    dir: &Path,
    entry: &Entry,
    genesis: &Genesis,
) -> anyhow::Result<Standing> {
    let wallet = passphrase.open_if_there(dir)?;
    let account = wallet.as_ref().map(|wallet| wallet.player().account());
    let joined = match &account {
        Some(account) => joined_as(dir, genesis, account).await,
        None => None,
    };
    let claimed = match (&account, entry.client()) {
        (Some(account), Some(client)) if joined.is_none() => {
            let source = Source::Running(client.clone());
            let player = checks::player(&source, &account.to_string()).await;
            player.and_then(|player| Name::new(&player.name).ok())
        }
        _ => None,
    };
    if joined.is_none() {
        match checks::ticket(entry, genesis).await {
            // Whoever is in needs no ticket, such as a wallet that was brought back.
            Err(error) if claimed.is_some() => output::hint!("note: {error:#}"),
            checked => checked?,
        }
        if let Some(name) = name {
            if let Some(client) = entry.client() {
                checks::name(&Source::Running(client.clone()), name, account).await?;
            } else if let Some(source) = own_source(dir, genesis).await {
                checks::name(&source, name, account).await?;
            }
        }
    }
    Ok(Standing {
        wallet,
        joined,
        claimed,
    })
}

/// The name that the account has joined under, as the home's own chain knows it.
async fn joined_as(dir: &Path, genesis: &Genesis, account: &AccountId) -> Option<String> {
    let source = own_source(dir, genesis).await?;
    let player = checks::player(&source, &account.to_string()).await;
    player.map(|player| player.name)
}

/// The chain of a home that is in the pool already.
async fn own_source(dir: &Path, genesis: &Genesis) -> Option<Source> {
    let home = home::existing(dir).ok()?;
    let is_in = home.genesis().ok()?.pool_id() == genesis.pool_id();
    if is_in && home.chain_path().exists() {
        Source::of(&home).await.ok()
    } else {
        None
    }
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
            "Told     the node that you join by says that this account plays as {claimed}; yours will see once it runs"
        )?;
    }
    match (&standing.joined, name) {
        (Some(name), _) => output::line!("Name     {name}, joined already"),
        (None, Some(name)) if may_enter => {
            output::line!("Name     {name}, registered once your node runs")
        }
        (None, Some(name)) => output::line!(
            "Name     {name}, but this pool is by invitation: ask an organiser for a link, then `bolao join 'LINK'`"
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
