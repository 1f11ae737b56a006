//! `bolao object` and `bolao objections`: what players say against records.

use bolao_api::body::Intent;
use bolao_ledger::Text;
use bolao_node::Home;
use clap::Args;
use serde_json::{Value, json};

use crate::{
    command::{
        questions::{self, Item},
        result::explained,
        signing::SignArgs,
    },
    exit::usage,
    games, output,
    source::{self, as_view, escape},
    time,
    view::{Match, Objection},
};

/// Objects to the record of a match or a question, while it is not final
#[derive(Args, Clone, Debug)]
pub(crate) struct ObjectArgs {
    /// The match: its code, number or team; a question by its code
    #[arg(value_name = "CODE")]
    code: String,
    /// What is wrong with the record, at most 280 characters
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    text: Vec<String>,
    #[command(flatten)]
    sign: SignArgs,
}

/// Shows what players object to, in one match or in all
#[derive(Args, Clone, Debug)]
pub(crate) struct ObjectionsArgs {
    /// Only those to this match's records
    #[arg(value_name = "MATCH")]
    code: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn object(args: ObjectArgs, home: &Home) -> anyhow::Result<()> {
    let text = args.text.join(" ");
    if let Err(error) = text.parse::<Text<280>>() {
        return Err(usage(format!("the text cannot be used: {error}")));
    }
    let actor = args.sign.open(home).await?;
    let item = questions::item(&actor.source, &args.code).await?;
    let code = match &item {
        Item::Question(it) => it.asked.code.to_string(),
        Item::Match(it) => it.entry.fixture.code.to_string(),
    };
    let foreseen = match (actor.foresee(&Intent::Object { code, text }).await, &item) {
        (Ok(foreseen), _) => foreseen,
        (Err(error), Item::Match(game)) => return Err(explained(error, game)),
        (Err(error), Item::Question(_)) => return Err(error),
    };
    args.sign.finish(&actor, foreseen, "The objection").await
}

pub(crate) async fn objections(args: ObjectionsArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let matches = games::all(&source).await?;
    let chosen: Vec<&Match> = match &args.code {
        Some(code) => vec![games::find(&matches, code)?],
        None => matches
            .iter()
            .filter(|game| {
                game.record
                    .as_ref()
                    .is_some_and(|record| record.signed.objections > 0)
            })
            .collect(),
    };
    let mut found: Vec<(&Match, Value)> = Vec::new();
    for game in chosen {
        let path = format!(
            "/api/v1/matches/{}/objections",
            escape(&game.entry.fixture.code)
        );
        let list = source.list(&path, usize::MAX).await?;
        found.extend(list.into_iter().map(|objection| (game, objection)));
    }
    if args.json {
        let all: Vec<Value> = found
            .into_iter()
            .map(|(game, mut objection)| {
                if let Some(object) = objection.as_object_mut() {
                    let game =
                        json!({"no": game.entry.fixture.no, "code": game.entry.fixture.code});
                    object.insert("match".to_owned(), game);
                }
                objection
            })
            .collect();
        return output::json(&all);
    }
    if found.is_empty() {
        return output::line("There are no objections.");
    }
    let mut table = output::table(["Match", "Version", "Player", "Objection", "When"]);
    for (game, objection) in found {
        let objection: Objection = as_view(objection)?;
        table.add_row([
            game.entry.fixture.code.to_string(),
            objection.version.saturating_add(1).to_string(),
            objection.player.shown(),
            objection.objection.text.to_string(),
            time::local(objection.objection.time),
        ]);
    }
    output::show(&table)
}
