//! `bolao relay`: names for homes behind routers.

use std::{net::IpAddr, path::Path};

use anyhow::{Context as _, bail};
use bolao_discovery::{Limits, serve};
use bolao_reach::relay::{Label, Place};
use bolao_reach::{CertificateState, SiteServer};
use bolao_relay::{GivenLabel, Labels, Settings};
use clap::{Args, Subcommand};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{
    command::{logging::LogArgs, node, reach::AuthorityArgs},
    exit::usage,
    output, parse,
};

/// The directory of a relay beneath the home.
const DIR: &str = "relay";
/// The UDP port of the first label's node.
const NODES: u16 = 9001;
/// The labels that it has given.
const LABELS: &str = "labels.json";

/// Runs a relay on your server, which gives friends' nodes behind routers a public name
#[derive(Args, Clone, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "The relay's name and all names under it must point to this server: records for relay.example and \
        *.relay.example.\n`bolao relay add ana` prints a token. With `bolao run --relay TOKEN` her page is then at \
        https://ana.relay.example.\nHer friends' nodes reach hers through a UDP port of the relay, from 9001 on: let \
        the server's firewall pass UDP 9001-9064.\nThe relay cannot read what it passes on: each home has its own \
        certificate and key."
)]
pub(crate) struct RelayArgs {
    #[command(subcommand)]
    act: Option<Act>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Args, Clone, Debug)]
struct RunArgs {
    /// The relay's name; it and all names under it must point to this server, such as relay.example [default: the last
    /// one]
    #[arg(long, value_name = "NAME[:PORT]")]
    domain: Option<Place>,
    /// Address of this machine to listen on [default: all]
    #[arg(short, long, value_parser = parse::own_ip, value_name = "ADDRESS", default_value = "0.0.0.0")]
    ip: IpAddr,
    /// First of 64 UDP ports, one for each label, through which other nodes reach the nodes behind the relay
    #[arg(long, value_name = "PORT", default_value_t = NODES, value_parser = clap::value_parser!(u16).range(1..=65_472))]
    nodes: u16,
    #[command(flatten)]
    authority: AuthorityArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Clone, Debug, Subcommand)]
enum Act {
    /// Adds a label for a friend: prints the token for her node
    Add {
        /// The first part of her page's name, such as ana
        label: Label,
        /// The label once more, to give it though a home used it in the last year: the next one gets what browsers still keep
        /// for that page, such as players' keys
        #[arg(long, value_name = "LABEL")]
        reuse: Option<Label>,
    },
    /// Removes a label; its tunnel ends within seconds
    Remove {
        /// The label
        label: Label,
    },
    /// Lists the labels, with this month's traffic of each
    List {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
}

impl RelayArgs {
    pub(crate) fn log(&self) -> &LogArgs {
        &self.run.log
    }
}

pub(crate) async fn run(args: RelayArgs, home: &Path) -> anyhow::Result<()> {
    let dir = home.join(DIR);
    std::fs::create_dir_all(&dir).with_context(|| {
        format!(
            "cannot make {}, where the relay keeps its labels",
            dir.display()
        )
    })?;
    let labels = Labels::open(dir.join(LABELS))?;
    match args.act {
        None => serve_relay(args.run, &dir, labels).await,
        Some(Act::Add { label, reuse }) => {
            let place = kept(&dir)?;
            let token = match reuse {
                None => labels.add(label, place)?,
                Some(again) if again == label => labels.add_again(label, place)?,
                Some(again) => {
                    return Err(usage(format!(
                        "--reuse says {again}, and the label is {label}: write the same twice"
                    )));
                }
            };
            output::hint!(
                "Share this token only with the owner of {}, who uses it with: bolao start --relay TOKEN",
                token.name()
            );
            output::raw(&token)
        }
        Some(Act::Remove { label }) => {
            labels.remove(&label)?;
            output::line!("{label} is removed: its tunnel ends within seconds.")
        }
        Some(Act::List { json }) => list(&labels.list()?, json),
    }
}

/// The file with the relay's own name, which tokens carry.
const DOMAIN: &str = "domain";

fn kept(dir: &Path) -> anyhow::Result<Place> {
    match std::fs::read_to_string(dir.join(DOMAIN)) {
        Ok(text) => Ok(text.trim().parse()?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(
            "the relay has no name yet: run it once with `bolao relay --domain NAME`, then add labels"
        ),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read {}", dir.join(DOMAIN).display()))
        }
    }
}

fn list(labels: &[GivenLabel], as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let shown = labels.iter().map(|it| {
            json!({
                "label": it.label.to_string(),
                "used": it.key.is_some(),
                "month": it.used.month,
                "bytes": it.used.bytes,
            })
        });
        return output::json(&shown.collect::<Vec<_>>());
    }
    if labels.is_empty() {
        output::hint!("There is no label yet: `bolao relay add NAME` adds one.");
    }
    for it in labels {
        let state = match it.used.month.as_str() {
            _ if it.key.is_none() => "not used yet".to_owned(),
            "" => "used, no traffic yet".to_owned(),
            month => format!("{} MB in {month}", it.used.bytes / 1_000_000),
        };
        output::line!("{}: {state}", it.label)?;
    }
    Ok(())
}

async fn serve_relay(args: RunArgs, dir: &Path, labels: Labels) -> anyhow::Result<()> {
    let place = match &args.domain {
        Some(place) => place.clone(),
        None => kept(dir)?,
    };
    let site = place.to_string().parse().map_err(anyhow::Error::msg)?;
    let config = args.authority.site(site, dir, args.ip)?;
    let server = SiteServer::open(config)?;
    std::fs::write(dir.join(DOMAIN), format!("{place}\n"))
        .with_context(|| format!("cannot write into {}", dir.display()))?;
    let (certified, listener, http) = server.into_parts()?;
    let stop = CancellationToken::new();
    let signal = node::stop_signal()?;
    let settings = Settings {
        place: place.clone(),
        own: certified.tls(),
        labels,
        nodes: Some((args.ip, args.nodes).into()),
        limits: bolao_relay::RelayLimits::default(),
    };
    output::line!(
        "{place}\nThe relay runs; `bolao relay add LABEL` in another terminal adds a name. Press Ctrl-C to stop."
    )?;
    let (plain, has_http, mut state) =
        (certified.plain_routes(), http.is_some(), certified.state());
    let stopped = || stop.clone().cancelled_owned();
    let web = async {
        if let Some(http) = http {
            serve(http, plain, Limits::default(), stopped()).await;
        }
    };
    let served = async { tokio::join!(bolao_relay::serve(listener, settings, stopped()), web) };
    let told = async {
        let is_there = |it: &CertificateState| it.until.is_some();
        if state.wait_for(is_there).await.is_ok() {
            output::hint!("{place} has its certificate.");
        }
        std::future::pending::<()>().await;
    };
    tokio::pin!(served);
    tokio::select! {
        _ = &mut served => {}
        () = certified.keep(has_http) => {}
        () = told => {}
        () = signal => {
            stop.cancel();
            served.await;
        }
    }
    Ok(())
}
