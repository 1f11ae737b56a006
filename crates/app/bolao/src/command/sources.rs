//! `bolao sources`: the lists that the home's node reads from the web.

use bolao_api::body::{SourcesBody, moment};
use bolao_feeds::Place;
use bolao_node::{Home, KeptSources};
use clap::{Args, Subcommand};
use serde_json::json;

use crate::{
    exit::usage,
    imported::{today, unknown},
    output::{self, count},
    source, time,
};

/// Shows or changes the lists that your node reads for results, kick-offs and live scores
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "A list is the code of a competition (`bolao competitions`), a URL or a file, in any form that \
        `bolao fixtures` reads. The first one also tells your node of moved kick-offs and new matches. Your node \
        proposes what the lists say; organisers sign it on the page, or with `bolao import LIST` (and --results for \
        results)."
)]
pub(crate) struct SourcesArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, Subcommand)]
enum Change {
    /// Starts reading the lists
    On,
    /// Stops reading the lists
    Off,
    /// Adds a list
    Add {
        /// A competition's code, a URL or a file
        place: Place,
    },
    /// Removes a list
    Remove {
        /// As it was added
        place: Place,
    },
}

pub(crate) async fn run(args: SourcesArgs, home: &Home) -> anyhow::Result<()> {
    if let Some(change) = &args.change {
        home.change_sources(|kept| changed(kept, change))?;
    }
    let kept = home.sources()?;
    if args.change.is_some() && !args.json {
        let places = kept.places();
        return if kept.on {
            output::line!(
                "Your node reads {} within seconds, and from then on regularly: the web every five minutes, files every \
                ten seconds.",
                count(places.len(), "list", "lists")
            )
        } else {
            output::line("Your node no longer reads any lists.")
        };
    }
    let running = match source::node(home).await {
        Ok(node) => Some(node.read::<SourcesBody>("/api/v1/sources").await?),
        Err(_) => None,
    };
    if args.json {
        return output::json(&json!({"kept": kept, "node": running}));
    }
    match running {
        Some(body) if kept.on => {
            output::line!("Your node reads {}.", kept.named().join(" and "))?;
            show(&body)
        }
        _ => {
            for place in kept.named() {
                output::line(place)?;
            }
            output::line(if kept.on {
                "Your node reads these once it runs: bolao run"
            } else {
                "Your node reads no lists: bolao sources add CODE (see bolao competitions), then bolao sources on"
            })
        }
    }
}

fn changed(kept: &mut KeptSources, change: &Change) -> anyhow::Result<()> {
    match change {
        Change::On if kept.places().is_empty() => {
            return Err(usage(
                "there is no list to read: bolao sources add CODE (see bolao competitions), a URL or a file",
            ));
        }
        Change::On => kept.on = true,
        Change::Off => kept.on = false,
        Change::Add { place } => {
            let place = match place {
                Place::File(path) if path.is_file() => Place::File(std::path::absolute(path)?),
                Place::File(path) => return Err(unknown(path)),
                known_or_web => known_or_web.clone(),
            };
            kept.add(&place, today())?;
            kept.on = true;
        }
        Change::Remove { place } => {
            let text = match place {
                Place::File(path) => std::path::absolute(path)?.display().to_string(),
                other => other.to_string(),
            };
            let before = kept.clone();
            kept.competition = kept.competition.take().filter(|code| *code != text);
            kept.more.retain(|it| *it != text);
            if *kept == before {
                return Err(usage(format!(
                    "`{text}` is not on the list: `bolao sources` shows what is"
                )));
            }
            kept.on &= !kept.places().is_empty();
        }
    }
    Ok(())
}

/// Prints what the node says of its lists.
pub(crate) fn show(body: &SourcesBody) -> anyhow::Result<()> {
    for source in &body.sources {
        let heard = source.at.map_or_else(
            || "not read yet".to_owned(),
            |at| format!("heard {}", time::relative(moment(at))),
        );
        let matches = source.at.map_or_else(String::new, |_| {
            let all = count(source.matches, "match is", "matches are");
            format!("; {} of its {all} the pool's", source.known)
        });
        output::line!(
            "{}: {heard}{matches}; read again {}",
            output::bold(&source.name),
            time::relative(moment(source.next))
        )?;
        if let Some(problem) = &source.problem {
            output::line!("  {}", output::bad(problem))?;
        }
    }
    if body.ready > 0 {
        output::line!(
            "{} can be signed: on the page under Organise, or with bolao import LIST --results",
            count(body.ready, "result", "results")
        )?;
    }
    for waiting in &body.waiting {
        let score = waiting.score.as_deref().unwrap_or("no score");
        output::line!(
            "  {} {score} ({}): {}",
            waiting.r#match.code,
            waiting.sources.join(", "),
            waiting.why
        )?;
    }
    Ok(())
}
