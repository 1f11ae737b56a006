//! `bolao openings`: who can open the player's sealed bets while this machine is off.

use std::io::{self, IsTerminal as _};

use anyhow::bail;
use bolao_api::body::{KeeperBody, KeptSealBody, OpeningsBody};
use bolao_ledger::{Genesis, ValidatorKey, encode};
use bolao_node::Home;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    command::confirm::{Answer, ask},
    exit::usage,
    games,
    output::{self, count},
    passphrase::CommonArgs,
    session::Session,
    source::{self, ApiError, Client, Source},
    time,
    view::Match,
};

/// The column of the codes.
const CODE: usize = 1;
/// The most deals of one request: with 64 keepers they still fit.
const AT_ONCE: usize = 12;

/// Shows who can open your sealed bets while your node is off, and gives the validators their shares
#[derive(Args, Clone, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "bolao openings         which bets the validators open, and which only you can\n\
        bolao openings deal    gives the validators shares of what opens them; a few shares reveal nothing, but \
        enough of them together reveal the bet: look who the validators are first"
)]
pub(crate) struct OpeningsArgs {
    #[command(subcommand)]
    command: Option<OpeningsCommand>,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Subcommand, Clone, Debug)]
enum OpeningsCommand {
    /// Gives the validators shares of what opens your sealed bets, if they do not have them
    Deal {
        /// Goes on without asking you to confirm that these are the pool's validators
        #[arg(short, long)]
        yes: bool,
        #[command(flatten)]
        common: CommonArgs,
    },
}

pub(crate) async fn run(args: OpeningsArgs, home: &Home) -> anyhow::Result<()> {
    match args.command {
        None => list(&args.common, home).await,
        Some(OpeningsCommand::Deal { yes, common }) => deal(yes, &common, home).await,
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
    let source = source::open(home).await?;
    let body = read(&source, &account.to_string()).await?;
    if common.json {
        return output::json(&body);
    }
    if !body.keepers.has_keepers {
        return output::line(
            "Nobody opens bets for others in this pool: run your node at some time within the opening window.",
        );
    }
    if body.seals.is_empty() {
        return output::line("You have no sealed bets to open.");
    }
    let matches = games::all(&source).await?;
    let mut table = output::table(["No", "Code", "Match", "Begins", "Hold a share", "Opened by"]);
    for seal in &body.seals {
        let no = seal.r#match.no;
        let game = matches.iter().find(|game| game.entry.fixture.no.0 == no);
        let holding = seal.dealt.as_ref().map_or_else(String::new, |dealt| {
            format!("{} of {}", dealt.holding, dealt.keepers.len())
        });
        table.add_row([
            no.to_string(),
            seal.r#match.code.clone(),
            game.map_or_else(String::new, Match::teams),
            seal.begins.map_or_else(String::new, time::short),
            holding,
            opened_by(seal).to_owned(),
        ]);
    }
    output::show_fitting(table, &[CODE])?;
    if body.seals.iter().any(|seal| seal.deal) {
        output::hint("`bolao openings deal` gives the validators shares of what opens them.");
    }
    alone(&body)
}

const fn opened_by(seal: &KeptSealBody) -> &'static str {
    match (seal.will_open, &seal.dealt) {
        (true, _) => "the validators, or you",
        (false, Some(_)) => "only you, until enough validators hold a share",
        (false, None) => "only you",
    }
}

/// Prints what fewer than three keepers can do.
fn alone(body: &OpeningsBody) -> anyhow::Result<()> {
    if body.keepers.host_could_look {
        output::line!(
            "With only {}, the owners of their nodes could look before kick-off.",
            count(body.keepers.keepers.len(), "keeper", "keepers")
        )?;
    }
    Ok(())
}

/// Whether the keepers that the node names are to get shares: those of genesis are proven, others are shown and asked for.
fn agreed(body: &OpeningsBody, genesis: &Genesis) -> anyhow::Result<bool> {
    let proven = genesis.consensus.validators();
    let is_proven = |key: &ValidatorKey| proven.iter().any(|one| one.key == *key);
    let named = |it: &KeeperBody| {
        let mark = if is_proven(&it.key) {
            ""
        } else {
            ", not of the pool's first validators"
        };
        let name = it.keeper.name.clone();
        let name = name.unwrap_or_else(|| it.keeper.account.to_string());
        format!("{name} (key {:.8}…{mark})", it.key.to_string())
    };
    if body.keepers.keepers.iter().all(|it| is_proven(&it.key)) {
        return Ok(true);
    }
    let question = format!(
        "Your node names {} as validators; {} of them together can read your bets. Share with them?",
        output::joined(body.keepers.keepers.iter().map(named), ", "),
        body.keepers.needed
    );
    if !io::stdin().is_terminal() {
        return Err(usage(format!(
            "{question} There is no terminal to ask on: compare with `bolao validators` of a friend's node, then add --yes"
        )));
    }
    Ok(ask(&format!("{question} [y/n]"))? == Answer::Yes)
}

async fn deal(yes: bool, common: &CommonArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &common.passphrase).await?;
    let body = read(&session.source, &session.account().to_string()).await?;
    if !body.keepers.has_keepers {
        bail!(
            "nobody opens bets for others in this pool: that needs sealed bets, validators and the rule that anyone \
            may open (`bolao rules`)"
        );
    }
    let is_wanted = body.seals.iter().any(|seal| seal.deal);
    if is_wanted && !yes && !agreed(&body, &session.genesis)? {
        return output::line("Nothing was shared.");
    }
    let keepers: Vec<_> = body
        .keepers
        .keepers
        .iter()
        .map(|keeper| keeper.key)
        .collect();
    let (mut deals, mut refused) = (Vec::new(), Vec::new());
    for seal in body.seals.iter().filter(|seal| seal.deal) {
        let code = seal.r#match.code.clone();
        let Some(round) = seal.next_round else {
            refused.push((code, "it was shared too often".to_owned()));
            continue;
        };
        match session.deal(seal, round, &keepers)? {
            Some(deal) => deals.push((code, hex::encode(encode(&deal)))),
            None => output::hint!(
                "The bet on {code} was sealed by another program, and only that program can open it."
            ),
        }
    }
    let (tried, before) = (deals.len(), refused.len());
    for some in deals.chunks(AT_ONCE) {
        refused.extend(send(&session.client, some).await?);
    }
    let dealt = tried.saturating_sub(refused.len().saturating_sub(before));
    if common.json {
        let each = refused.iter();
        let each = each.map(|(code, why)| json!({ "match": code, "why": why }));
        output::json(&json!({ "dealt": dealt, "refused": each.collect::<Vec<_>>() }))?;
    } else {
        if dealt > 0 {
            output::line!(
                "Gave {1} shares of what opens {0}; any {2} of them can open it after kick-off. `bolao openings` \
                shows who has confirmed a share.",
                count(dealt, "bet", "bets"),
                count(keepers.len(), "keeper", "keepers"),
                body.keepers.needed
            )?;
        } else if refused.is_empty() {
            output::line("There is nothing to share.")?;
        }
        alone(&body)?;
    }
    if !refused.is_empty() {
        let each = refused.iter().map(|(code, why)| format!("{code}: {why}"));
        bail!(
            "what opens {} is not shared, so run your node at some time within the opening window: {}",
            count(refused.len(), "bet", "bets"),
            output::joined(each, "; ")
        );
    }
    Ok(())
}

/// A deal in hexadecimal, after its match.
type Encoded = (String, String);

/// Sends deals, of which the node takes all or none: those that it refuses, each with the reason.
async fn send(client: &Client, deals: &[Encoded]) -> anyhow::Result<Vec<(String, String)>> {
    let mut refused = Vec::new();
    if post(client, deals).await?.is_some() {
        for one in deals {
            let why = post(client, std::slice::from_ref(one)).await?;
            refused.extend(why.map(|why| (one.0.clone(), why.to_string())));
        }
    }
    Ok(refused)
}

/// Why the node refuses these deals, if it does.
async fn post(client: &Client, deals: &[Encoded]) -> anyhow::Result<Option<anyhow::Error>> {
    let deals: Vec<&str> = deals.iter().map(|(_, deal)| deal.as_str()).collect();
    let body = json!({ "deals": deals });
    match client.post("/api/v1/openings", &body).await {
        Ok(_) => Ok(None),
        Err(error) if ApiError::is_rejection(&error) => Ok(Some(error)),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use axum::{Json, Router, http::StatusCode, routing::post};
    use bolao_ledger::Reason;
    use serde_json::Value;
    use tokio::net::TcpListener;

    use super::*;

    /// Takes all deals or none, as a node does.
    async fn take(Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
        let deals = body["deals"].as_array().unwrap();
        let code = if deals.contains(&json!("settled")) {
            Reason::NothingToOpen.code()
        } else if deals.contains(&json!("broken")) {
            "internal-server-error"
        } else {
            return (StatusCode::ACCEPTED, Json(json!({ "taken": deals.len() })));
        };
        let problem = json!({
            "type": "about:blank", "title": "no", "status": 422, "detail": "there is no such seal", "code": code
        });
        (StatusCode::UNPROCESSABLE_ENTITY, Json(problem))
    }

    #[tokio::test]
    async fn what_is_refused_keeps_nothing_else_from_being_dealt() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/api/v1/openings", post(take));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        let client = Client::new(&url).unwrap();
        let deals = |deals: [&str; 3]| {
            let codes = ["A1", "B1", "C1"].map(str::to_owned);
            std::iter::zip(codes, deals.map(str::to_owned)).collect::<Vec<_>>()
        };
        let refused = send(&client, &deals(["one", "two", "three"]))
            .await
            .unwrap();
        assert!(refused.is_empty());
        let refused = send(&client, &deals(["one", "settled", "three"]))
            .await
            .unwrap();
        let [(code, why)] = &refused[..] else {
            panic!("{refused:?}");
        };
        assert_eq!(code, "B1");
        assert!(why.contains("there is no such seal"), "{why}");
        // What says nothing of the deals is an error.
        let failed = send(&client, &deals(["one", "broken", "three"])).await;
        assert!(failed.is_err());
        server.abort();
    }
}
