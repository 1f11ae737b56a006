//! Joining a pool that somebody else made, the one way for the command line and for the page of the first run.

mod checks;
mod entry;
mod naming;
mod remember;

use std::path::Path;

use bolao_ledger::{AccountId, Genesis, Membership, Name};
use bolao_node::{Home, Profile};
use bolao_wallet::{Invite, WalletFile};

pub(crate) use entry::Entry;

use crate::{exit::coded, home, output, passphrase::PassphraseArgs, source::Source};

/// The player's standing in the pool.
pub(crate) struct Standing {
    /// The wallet of a home that is there already.
    wallet: Option<WalletFile>,
    /// The name that the account has joined under, as the home's own chain has it.
    pub(crate) joined: Option<String>,
    /// The same in the words of the friend's node, which nobody has checked yet.
    pub(crate) claimed: Option<Name>,
    /// Whether the account is an organiser's, as the home's own chain has it, else the rules.
    pub(crate) organises: bool,
    /// The part of the link that the home keeps.
    invite: Option<Invite>,
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

/// Joins by a link or a node's URL under a name, without a question.
pub(crate) async fn by_link(
    link: &str,
    name: &Name,
    dir: &Path,
    passphrase: &PassphraseArgs,
) -> anyhow::Result<(Entered, Genesis)> {
    let entry = Entry::of(link.trim()).await?;
    if entry.client().is_none() {
        return Err(coded(
            "no-link",
            "this is not an invitation link, wanted one such as http://192.168.1.5:9000/join#…",
        ));
    }
    let genesis = entry.genesis().await?;
    let mut standing = checked(Some(name), passphrase, dir, &entry, &genesis).await?;
    let entered = enter(Some(name), passphrase, dir, &entry, &genesis, &mut standing).await?;
    Ok((entered, genesis))
}

/// Writes who plays into a home, and last the pool: where something cannot be written, the home is in no pool.
pub(crate) async fn enter(
    name: Option<&Name>,
    passphrase: &PassphraseArgs,
    dir: &Path,
    entry: &Entry,
    genesis: &Genesis,
    standing: &mut Standing,
) -> anyhow::Result<Entered> {
    let home = home::of_pool(dir, genesis.pool_id())?;
    let (wallet, wallet_is_new) = match standing.wallet.take() {
        Some(wallet) => (wallet, false),
        None => passphrase.open_or_create(&home)?,
    };
    let account = wallet.player().account();
    if let Some(invite) = standing.invite.take() {
        home.set_invite(invite)?;
    }
    // A friend's node has no say in it: it could make up a name.
    let name = standing
        .joined
        .clone()
        .or(name.map(ToString::to_string))
        .or(home.profile()?.name)
        .or(Home::open(dir)?.profile()?.name);
    home.set_profile(&Profile {
        name: name.clone(),
        account: Some(account),
        ..home.profile()?
    })?;
    // # Rule J2: an organiser needs no ticket.
    let may_enter = genesis.membership == Membership::Open
        || standing.organises
        || genesis.knows(&account)
        || home.ticket(genesis.pool_id())?.is_some();
    if let Some(client) = entry.client() {
        remember::remember(&home, client).await?;
    }
    home.set_genesis(genesis)?;
    Ok(Entered {
        home,
        wallet,
        wallet_is_new,
        name,
        may_enter,
    })
}

/// The facts that can be known before anything is written; refuses an invitation or a name that lets nobody in.
pub(crate) async fn checked(
    name: Option<&Name>,
    passphrase: &PassphraseArgs,
    dir: &Path,
    entry: &Entry,
    genesis: &Genesis,
) -> anyhow::Result<Standing> {
    let invite = match entry.invite() {
        Some(invite) => Some(naming::kept(dir, genesis, invite).await?),
        None => None,
    };
    let wallet = passphrase.open_if_there(dir)?;
    let account = wallet.as_ref().map(|wallet| wallet.player().account());
    let joined = match &account {
        Some(account) => joined_as(dir, genesis, account).await,
        None => None,
    };
    let organises = match &account {
        Some(account) => {
            checks::organises(own_source(dir, genesis).await.as_ref(), genesis, account).await
        }
        None => false,
    };
    let is_known = account.is_some_and(|account| genesis.knows(&account));
    let claimed = match (&account, entry.client()) {
        (Some(account), Some(client)) if joined.is_none() => {
            let source = Source::Running(client.clone());
            let player = checks::player(&source, &account.to_string()).await;
            player.map(|player| player.entry.name)
        }
        _ => None,
    };
    if joined.is_none() {
        match checks::ticket(entry, genesis).await {
            // Whoever is in needs no ticket, such as a wallet that was brought back, and neither does an organiser, or who is known.
            Err(error) if claimed.is_some() || organises || is_known => {
                output::hint!("note: {error:#}");
            }
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
        organises,
        invite,
    })
}

/// The name that the account has joined under, as the home's own chain knows it.
async fn joined_as(dir: &Path, genesis: &Genesis, account: &AccountId) -> Option<String> {
    let source = own_source(dir, genesis).await?;
    let player = checks::player(&source, &account.to_string()).await;
    player.map(|player| player.entry.name.to_string())
}

/// The chain of a home that is in the pool already.
async fn own_source(dir: &Path, genesis: &Genesis) -> Option<Source> {
    let home = home::there(dir, genesis.pool_id()).ok()??;
    if home.chain_path().exists() {
        Source::of(&home).await.ok()
    } else {
        None
    }
}
