//! `bolao joker`: matches on which the player's bet counts more.

use std::collections::BTreeSet;

use bolao_api::{
    Named,
    body::{Foreseen, Intent},
};
use bolao_ledger::{Action, MatchNo, PlayerFeatures, Reason, actions};
use bolao_node::Home;
use clap::Args;
use serde_json::Value;

use crate::{
    actor::Actor,
    betting::is_open,
    command::{signing::tell, wait::WaitArgs},
    exit::usage,
    games, output,
    passphrase::CommonArgs,
    source::{ApiError, as_view},
    view::Match,
};

/// Puts jokers on matches, where your bet then counts more, or shows those that you have
#[derive(Args, Clone, Debug)]
pub(crate) struct JokerArgs {
    /// The matches that get one, by code, number or team; without any, your jokers are shown
    #[arg(value_name = "MATCH")]
    on: Vec<String>,
    /// A match that loses its joker; can be given several times
    #[arg(long, value_name = "MATCH")]
    off: Vec<String>,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: JokerArgs, home: &Home) -> anyhow::Result<()> {
    args.wait.check_not_among(&args.on)?;
    let shows = args.on.is_empty() && args.off.is_empty();
    let actor = Actor::open(home, &args.common.passphrase, !shows).await?;
    let matches = games::all(&actor.source).await?;
    if shows {
        return show(&actor, &matches, args.common.json).await;
    }
    let foreseen = foresee(&actor, &matches, &args.on, &args.off).await?;
    send(&actor, foreseen, args.wait).await
}

/// What the node says of jokers on some matches, and off others.
pub(crate) async fn foresee(
    actor: &Actor<'_>,
    matches: &[Match],
    on: &[impl AsRef<str>],
    off: &[impl AsRef<str>],
) -> anyhow::Result<Foreseen> {
    let number = |named: &str| Ok(games::find(matches, named)?.entry.fixture.no);
    let on = on
        .iter()
        .map(|it| number(it.as_ref()))
        .collect::<anyhow::Result<Vec<MatchNo>>>()?;
    let off = off
        .iter()
        .map(|it| number(it.as_ref()))
        .collect::<anyhow::Result<Vec<MatchNo>>>()?;
    let action = Box::new(Action::Joker(actions::Joker { off, on }));
    let foreseen = actor.foresee(&Intent::Act { action }).await;
    foreseen.map_err(|error| match error.downcast::<ApiError>() {
        Ok(refusal) if refusal.is(Reason::UnknownAction) => {
            usage("this pool has no jokers: `bolao rules` says what it has")
        }
        Ok(mut refusal) if refusal.is(Reason::NoJokerLeft) => {
            "no joker is left: move one with `--off MATCH`, and `bolao joker` shows yours"
                .clone_into(&mut refusal.detail);
            refusal.into()
        }
        Ok(refusal) => refusal.into(),
        Err(error) => error,
    })
}

/// Sends what was foreseen, and says so.
pub(crate) async fn send(
    actor: &Actor<'_>,
    foreseen: Foreseen,
    wait: WaitArgs,
) -> anyhow::Result<()> {
    tell(&foreseen)?;
    let id = actor.submit(foreseen.actions).await?;
    wait.report(actor.client()?, &id, "The joker").await
}

async fn show(actor: &Actor<'_>, matches: &[Match], json: bool) -> anyhow::Result<()> {
    let path = format!("/api/v1/players/{}/features", actor.account());
    let answer: Value = actor.source.get(&path).await?;
    if json {
        return output::json(&answer);
    }
    let own: Named<PlayerFeatures> = as_view(answer)?;
    let Some(own) = own.into_value().jokers else {
        return output::line("This pool has no jokers.");
    };
    if own.on.is_empty() {
        output::line("You have no joker on a match.")?;
    }
    for no in &own.on {
        let game = matches.iter().find(|game| game.entry.fixture.no == *no);
        let (code, teams) = game.map_or_else(
            || (no.to_string(), String::new()),
            |game| (game.entry.fixture.code.to_string(), game.teams()),
        );
        output::line!("{code}  {teams}  ×{}", own.factor)?;
    }
    if let Some(left) = own.left_in_all {
        output::line!("{left} left in all")?;
    }
    let open = matches.iter().filter(|game| is_open(game));
    let stages: BTreeSet<&str> = open.map(|game| &*game.entry.fixture.stage).collect();
    let left = own.left.iter().filter(|it| it.count > 0);
    for left in left.filter(|it| stages.contains(&*it.stage)) {
        output::line!("{}: {} left", left.stage, left.count)?;
    }
    Ok(())
}
