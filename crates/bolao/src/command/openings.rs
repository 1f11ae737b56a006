//! `bolao openings`: who can open the player's sealed bets while this machine is off.

use anyhow::{Context as _, bail};
use bolao_api::body::{KeptSealBody, OpeningsBody};
use bolao_ledger::encode;
use bolao_node::Home;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    output::{self, count},
    passphrase::CommonArgs,
    session::Session,
    source::{self, Source},
    time,
};

/// The column of the codes.
const CODE: usize = 0;
/// The most deals of one request: with 64 keepers they still fit.
const AT_ONCE: usize = 12;

/// Shows who can open your sealed bets while your node is off, and deals them to the keepers
#[derive(Args, Clone, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "bolao openings         which bets the keepers open, and which only you can\nbolao openings deal    hands what opens them to the keepers, in shares; a few learn nothing"
)]
pub(crate) struct OpeningsArgs {
    #[command(subcommand)]
    command: Option<OpeningsCommand>,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand, Clone, Debug)]
enum OpeningsCommand {
    /// Hands what opens your sealed bets to the keepers, in shares, where they do not have it
    Deal {
        #[command(flatten)]
        common: CommonArgs,
    },
}

pub(crate) async fn run(args: OpeningsArgs, home: &Home) -> anyhow::Result<()> {
    match args.command {
        None => list(&args.common, home).await,
        Some(OpeningsCommand::Deal { common }) => deal(&common, home).await,
    }
}

async fn read(source: &Source, account: &str) -> anyhow::Result<OpeningsBody> {
    source
        .read(&format!("/api/v1/openings?account={account}"))
        .await
}

async fn list(common: &CommonArgs, home: &Home) -> anyhow::Result<()> {
    let account = match home.profile()?.account {
        Some(account) => account,
        None => common.passphrase.open(home)?.player().account(),
    };
    let body = read(&source::open(home).await?, &account.to_string()).await?;
    if common.json {
        return output::json(&body);
    }
    if !body.has_keepers {
        return output::line(
            "Nobody opens bets for others in this pool: keep your node on at some time within the opening window.",
        );
    }
    if body.seals.is_empty() {
        return output::line("No sealed bet of yours is to be opened.");
    }
    let mut table = output::table(["Match", "Begins", "Hold a share", "Opened by"]);
    for seal in &body.seals {
        let holding = seal.dealt.as_ref().map_or_else(String::new, |dealt| {
            format!("{} of {}", dealt.holding, dealt.keepers.len())
        });
        table.add_row([
            seal.r#match.code.clone(),
            seal.begins.map_or_else(String::new, time::short),
            holding,
            opened_by(seal).to_owned(),
        ]);
    }
    output::show_fitting(table, CODE)?;
    if body.seals.iter().any(|seal| seal.deal) {
        output::hint("`bolao openings deal` hands what opens them to the keepers.");
    }
    alone(&body)
}

const fn opened_by(seal: &KeptSealBody) -> &'static str {
    match (seal.will_open, &seal.dealt) {
        (true, _) => "the keepers, or you",
        (false, Some(_)) => "you, as long as too few hold a share",
        (false, None) => "you alone",
    }
}

/// What fewer than three keepers can do.
fn alone(body: &OpeningsBody) -> anyhow::Result<()> {
    if body.host_could_look {
        output::line!(
            "With {} whoever runs their nodes could look before kick-off.",
            count(body.keepers.len(), "keeper", "keepers")
        )?;
    }
    Ok(())
}

async fn deal(common: &CommonArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &common.passphrase).await?;
    let body = read(&session.source, &session.account().to_string()).await?;
    if !body.has_keepers {
        bail!(
            "nobody opens bets for others in this pool: it takes sealed bets, validators and the rule that anybody may open \
             (`bolao rules`)"
        );
    }
    let keepers: Vec<_> = body.keepers.iter().map(|keeper| keeper.key).collect();
    let mut deals = Vec::new();
    for seal in body.seals.iter().filter(|seal| seal.deal) {
        let round = seal
            .next_round
            .with_context(|| format!("the bet on {} was dealt too often", seal.r#match.code))?;
        match session.deal(seal, round, &keepers)? {
            Some(deal) => deals.push(hex::encode(encode(&deal))),
            None => output::hint!(
                "The bet on {} was sealed by another program, which alone can open it.",
                seal.r#match.code
            ),
        }
    }
    for some in deals.chunks(AT_ONCE) {
        let path = "/api/v1/openings";
        session.client.post(path, &json!({ "deals": some })).await?;
    }
    if common.json {
        return output::json(&json!({ "dealt": deals.len() }));
    }
    if deals.is_empty() {
        output::line("Nothing is to be dealt.")?;
    } else {
        output::line!(
            "Dealt what opens {} to {}; {} of them open it after kick-off. `bolao openings` shows who has said to hold a share.",
            count(deals.len(), "bet", "bets"),
            count(keepers.len(), "keeper", "keepers"),
            body.needed
        )?;
    }
    alone(&body)
}
