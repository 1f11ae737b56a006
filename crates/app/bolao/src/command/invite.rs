//! `bolao invite`: a link that lets friends in.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use anyhow::{Context as _, bail};
use bolao_api::body::Reach;
use bolao_ledger::{BlockId, Genesis, Height, Membership};
use bolao_node::Home;
use bolao_wallet::{InviteText, Key, MAX_NAMED_HEIGHT, NewInvite};
use clap::Args;
use http::StatusCode;
use serde_json::json;

use crate::{
    command::organisers,
    exit::usage,
    link::{self, Link},
    making::{EXPIRES_S, USES, issue, without_ticket},
    opens,
    output::{self, count},
    passphrase::CommonArgs,
    qr,
    source::{self, ApiError, Client, Source},
    time,
    view::{Link as PageLink, Status},
};

/// Uses of one link at most.
const MAX_USES: u32 = 10_000;
/// The shortest and the longest time that a link is good, in seconds: a minute, and a year.
const EXPIRY_S: std::ops::RangeInclusive<u32> = 60..=366 * 86_400;

/// The number of times that the node is asked whether it answers to a name, and the pause between.
const TRIES: usize = 30;
const PAUSE: Duration = Duration::from_millis(100);

/// Prints a link and a QR code for your friends to join with; in an invitation-only pool, for organisers
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The link holds a secret after `#`: anyone who has it can join until it expires or is used up. \
        Share it only with your friends.\nThey type: bolao join 'LINK' --name THEIR_NAME"
)]
pub(crate) struct InviteArgs {
    /// How many friends may join with it [default: 100]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_USES)), value_name = "N")]
    uses: Option<u32>,
    /// How long it works, such as 12h or 7d [default: 7d]
    #[arg(long, value_parser = expiry, value_name = "TIME")]
    expires: Option<u32>,
    #[arg(
        long,
        value_parser = node,
        value_name = "URL",
        help = "The node they join through, such as http://192.168.1.5:9000 [default: yours, while it runs]"
    )]
    url: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

fn expiry(text: &str) -> Result<u32, String> {
    let seconds = bolao_ledger::seconds(text)?;
    if EXPIRY_S.contains(&seconds) {
        Ok(seconds)
    } else {
        Err(format!("got `{text}`, wanted 1m to 366d"))
    }
}

fn node(text: &str) -> Result<String, String> {
    link::node(text).map_err(|error| error.to_string())
}

pub(crate) async fn run(args: InviteArgs, home: &Home) -> anyhow::Result<()> {
    let genesis = home.genesis()?;
    let pool = genesis.pool_id();
    let key = organiser(&args, home, &genesis).await?;
    let (node, client, opens) = page(&args, home).await?;
    let named = named(home, &genesis).await;
    let (text, ticket) = match key {
        None => (without_ticket(pool, named), None),
        Some(key) => {
            let uses = args.uses.unwrap_or(USES);
            let seconds = args.expires.unwrap_or(EXPIRES_S);
            let new = issue(&key, pool, named, uses, seconds)?;
            let ticket = new.public.given.ticket;
            (left(&client, new).await?, Some(ticket))
        }
    };
    let link = Link::new(&node, text)?;
    if let Some(opens) = opens {
        output::hint!("note: {}", opens::line(&opens));
    } else if link::is_local(link.node()) {
        output::hint(
            "note: this link opens on this machine only: use --url to give an address that others can open",
        );
    }
    if args.common.json {
        return output::json(&json!({
            "link": link.to_string(),
            "node": link.node(),
            "pool": pool.to_string(),
            "final": named.map(|named| json!({ "height": named.height, "hash": named.hash })),
            "ticket": ticket.map(|ticket| ticket.key.to_string()),
            "uses": ticket.map(|ticket| ticket.uses),
            "expires": ticket.and_then(|ticket| time::timestamp(ticket.expires)),
        }));
    }
    match ticket {
        Some(ticket) => {
            let until = time::timestamp(ticket.expires).map_or_else(String::new, time::local);
            output::hint!(
                "The link below lets {} into {}, until {until}. Share it with nobody else.",
                count(ticket.uses, "friend", "friends"),
                genesis.name
            );
        }
        None => output::hint!(
            "{} is open: anyone who has the link can join.",
            genesis.name
        ),
    }
    output::hint(
        "Your friends open the link in a browser, or type: bolao join 'LINK' --name THEIR_NAME",
    );
    // Last, so that both can be seen in a terminal of 24 lines.
    if io::stdout().is_terminal() {
        output::raw(qr::code(&link.to_string())?)?;
    }
    output::raw(&link)
}

/// The page that the link leads to, the client that asks its node, and who can open it, where that may not be everybody.
async fn page(
    args: &InviteArgs,
    home: &Home,
) -> anyhow::Result<(String, Client, Option<PageLink>)> {
    let Some(url) = &args.url else {
        let (link, client) = running(home).await?;
        let is_enough = matches!(link.reach, Reach::Everywhere | Reach::ByRelay);
        return Ok((link.url.clone(), client, Some(link).filter(|_| !is_enough)));
    };
    if url.ends_with(".trycloudflare.com") {
        bail!(
            "{url} changes at each start of its tunnel, so the link would soon stop working: give --url an address \
            that stays the same"
        );
    }
    if let Some(name) = link::name(url) {
        take_name(home, &name).await?;
    }
    Ok((url.clone(), Client::new(url)?, None))
}

/// The text in the link: the node that it leads to has the rest, where it takes it.
async fn left(client: &Client, new: NewInvite) -> anyhow::Result<InviteText> {
    match link::leave(client, &new).await {
        Ok(text) => Ok(text),
        Err(error) if is_refused(&error) => Err(error.context(format!(
            "the node at {} would let nobody in with this link",
            client.base()
        ))),
        Err(error) => {
            output::hint!(
                "note: the link is a long one, which works just as well: the node at {} could not shorten it \
                ({error:#})",
                client.base()
            );
            Ok(new.whole.into())
        }
    }
}

/// Whether a node has looked at an invitation and does not want it, rather than being away, full or of an old version.
fn is_refused(error: &anyhow::Error) -> bool {
    let status = error.downcast_ref::<ApiError>().map(|it| it.status);
    status.is_some_and(|it| {
        [
            StatusCode::BAD_REQUEST,
            StatusCode::FORBIDDEN,
            StatusCode::CONFLICT,
        ]
        .contains(&it)
    })
}

/// The key that signs the ticket, where the pool wants one.
async fn organiser(
    args: &InviteArgs,
    home: &Home,
    genesis: &Genesis,
) -> anyhow::Result<Option<Key>> {
    if genesis.membership == Membership::Open {
        if args.uses.is_some() || args.expires.is_some() {
            return Err(usage(
                "this pool is open and anyone can use its link, so leave out --uses and --expires",
            ));
        }
        return Ok(None);
    }
    let key = args.common.passphrase.open(home)?.player();
    if !organisers::is_one(home, key.account()).await? {
        bail!(
            "only organisers can invite, and you are not one: ask an organiser (`bolao rules` names them)"
        );
    }
    Ok(Some(key))
}

/// The last final block that this home knows of, so that nobody gives a newcomer another history. Without validators no block
/// is final.
async fn named(home: &Home, genesis: &Genesis) -> Option<BlockId> {
    genesis.consensus.voting()?;
    let source = Source::of(home).await.ok()?;
    let status: Status = source.read("/api/v1/status").await.ok()?;
    let last = status.r#final?;
    let named = last.block;
    (Height::ZERO < named.height && named.height <= MAX_NAMED_HEIGHT).then_some(named)
}

/// Lets the home's node answer to a name; the one that runs takes it up within a moment.
async fn take_name(home: &Home, name: &str) -> anyhow::Result<()> {
    home.add_name(name)?;
    let Ok(client) = source::node(home).await else {
        return Ok(());
    };
    for _ in 0..TRIES {
        if client.answers_to(name).await {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    output::hint!(
        "note: your node does not answer to {name} yet: restart it if friends cannot join"
    );
    Ok(())
}

/// The page of the home's running node, and the client that asks it.
async fn running(home: &Home) -> anyhow::Result<(PageLink, Client)> {
    let client = source::node(home)
        .await
        .context("a link needs a node: start yours, or name one with --url http://ADDRESS:PORT")?;
    let status: Status = client.read("/api/v1/status").await?;
    Ok((status.link, client))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{PoolId, UnixSeconds};
    use bolao_wallet::TicketSecret;

    use super::*;

    /// With the link and the prompt below it, in a terminal of 24 lines.
    #[test]
    fn the_code_of_a_link_fits_a_small_terminal() {
        let (key, secret) = (Key::from_secret(&[1; 32]), TicketSecret::new([2; 16]));
        let new = NewInvite::issue(&key, secret, PoolId([3; 32]), None, 20, UnixSeconds(9));
        let link = Link::new("http://255.255.255.255:65535", new.short).unwrap();
        let code = qr::code(&link.to_string()).unwrap();
        assert_eq!(code.lines().count(), 21);
    }
}
