//! `bolao paid`: who has paid the entry fee, which is paid outside the pool.

use std::collections::BTreeMap;

use bolao_api::body::{Foreseen, Intent};
use bolao_ledger::{Action, Reason, actions};
use bolao_node::Home;
use clap::Args;
use comfy_table::Cell;
use serde_json::json;

use crate::{
    actor::Actor,
    alike,
    command::signing::SignArgs,
    exit::{printable, usage},
    meant, output,
    source::{self, ApiError, Source, as_view, as_views, escape},
    view::{Player, Standings},
};

/// The answer of a pool without one.
const NO_FEE: &str = "this pool has no entry fee: `bolao rules` says what it has";

/// Shows who has paid the entry fee and what each place would get, or notes who has; for organisers
#[derive(Args, Clone, Debug)]
pub(crate) struct PaidArgs {
    /// Who has paid: names or accounts; without any, it is shown who has
    #[arg(value_name = "PLAYER")]
    players: Vec<String>,
    /// Notes that they have not paid
    #[arg(long, requires = "players")]
    not: bool,
    #[command(flatten)]
    sign: SignArgs,
}

pub(crate) async fn run(args: PaidArgs, home: &Home) -> anyhow::Result<()> {
    let sign = &args.sign;
    sign.wait.check_not_among(&args.players)?;
    if args.players.is_empty() {
        return show(&source::open(home).await?, sign.common.json).await;
    }
    let actor = sign.open(home).await?;
    let mut all = Foreseen::default();
    for named in &args.players {
        let foreseen = note(&actor, named, !args.not).await?;
        all.actions.extend(foreseen.actions);
        all.says.extend(foreseen.says);
    }
    sign.finish(&actor, all, "The note").await
}

/// What the node says of a note on a player.
async fn note(actor: &Actor<'_>, named: &str, paid: bool) -> anyhow::Result<Foreseen> {
    let path = format!("/api/v1/players/{}", escape(named));
    let player: Player = match actor.source.read(&path).await {
        Ok(player) => player,
        Err(error) => return Err(meant::player(&actor.source, named, error).await),
    };
    let player = player.account;
    let action = Box::new(Action::Paid(actions::Paid { player, paid }));
    let foreseen = actor.foresee(&Intent::Act { action }).await;
    foreseen.map_err(|error| match error.downcast_ref::<ApiError>() {
        Some(refusal) if refusal.is(Reason::UnknownAction) => usage(NO_FEE),
        _ => error,
    })
}

async fn show(source: &Source, json: bool) -> anyhow::Result<()> {
    let standings = source.whole("/api/v1/standings").await?;
    let standings: Standings = as_view(standings)?;
    let Some(fee) = standings.fee else {
        return Err(usage(NO_FEE));
    };
    let players = source.list("/api/v1/players", usize::MAX).await?;
    if json {
        return output::json(&json!({ "fee": fee, "players": players }));
    }
    let mut players: Vec<Player> = as_views(players)?;
    players.sort_by_key(|player| player.entry.name.as_str().to_lowercase());
    let mut names: Vec<String> = players.iter().map(|it| it.entry.name.to_string()).collect();
    alike::tell_apart(players.iter().map(|it| it.account).zip(&mut names));
    let of_account: BTreeMap<_, _> = players.iter().map(|it| it.account).zip(&names).collect();
    let mut table = output::table(["Name", "Paid"]);
    for (player, name) in players.iter().zip(&names) {
        let paid = player.paid_to.as_ref().map_or_else(String::new, |by| {
            let by = of_account
                .get(&by.account)
                .map_or_else(|| by.shown(), |it| (*it).clone());
            format!("yes, says {}", printable(&by))
        });
        table.add_row([output::bold_cell(name), Cell::new(paid)]);
    }
    output::show(&table)?;
    let currency = printable(fee.currency.as_str());
    output::line!(
        "Paid by {} of {}: {} {currency} each, outside the pool.",
        fee.paid,
        players.len(),
        fee.amount
    )?;
    for share in &fee.shares {
        let each = if share.shared_by > 1 { " each" } else { "" };
        output::line!(
            "Place {} would get {} {currency}{each} now.",
            share.place,
            share.each
        )?;
    }
    Ok(())
}
