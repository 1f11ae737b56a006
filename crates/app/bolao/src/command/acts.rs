//! `bolao log`: what organisers did, and what the node noticed.

use bolao_api::body::moment;
use bolao_ledger::Effect;
use bolao_node::Home;
use clap::Args;
use comfy_table::Table;

use super::questions;
use crate::{
    games, moves,
    output::{self, count},
    signed,
    source::{self, Source, as_view, as_views},
    time,
    view::{Act, Match, Notice, Question},
};

/// The column of the times.
const WHEN: usize = 1;

/// Shows everything that organisers have done, latest first
#[derive(Args, Clone, Debug)]
pub(crate) struct LogArgs {
    /// Only the latest N [default: all]
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: LogArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let most = args.last.unwrap_or(usize::MAX);
    let acts = source.list("/api/v1/log", most).await?;
    if args.json {
        return output::json(&acts);
    }
    notices(&source, most).await?;
    if acts.is_empty() {
        return output::line("No organiser has done anything yet.");
    }
    let (matches, questions) = (games::all(&source).await?, questions::all(&source).await?);
    let acts: Vec<Act> = as_views(acts)?;
    let mut table = table(&acts, &matches, &questions);
    output::unbroken(&mut table, WHEN);
    output::show(&table)?;
    output::line!(
        "{}; times of {}",
        count(acts.len(), "act", "acts"),
        time::zone()
    )
}

fn table(acts: &[Act], matches: &[Match], questions: &[Question]) -> Table {
    let mut table = output::table(["No", "When", "Block", "Organiser", "What"]);
    for act in acts {
        let state = state(act);
        let what = signed::words(&act.action, act.about.as_ref(), matches, questions);
        table.add_row([
            act.seq.saturating_add(1).to_string(),
            time::short(act.time),
            act.height.to_string(),
            act.organiser.shown(),
            format!("{what}; {state}"),
        ]);
    }
    table
}

/// What became of an act when it was signed.
fn state(act: &Act) -> String {
    let (later, unless) = match &act.effect {
        None => return "signed".to_owned(),
        Some(Effect::Weight { from, .. }) => (moment(*from), ""),
        Some(Effect::Organiser { from }) => (
            moment(*from),
            ", unless there is a signature of that account before",
        ),
        Some(Effect::Match { .. } | Effect::Address { .. } | Effect::Question { .. }) => {
            (act.time, "")
        }
    };
    let short = if act.short {
        ", with less than the notice"
    } else {
        ""
    };
    if later > act.time {
        return format!("takes effect {}{unless}", time::local(later));
    }
    format!("took effect{short}")
}

/// Prints this node's notices besides: what changes of branch took or changed.
async fn notices(source: &Source, most: usize) -> anyhow::Result<()> {
    for notice in source.list("/api/v1/notices", most).await? {
        let notice: Notice = as_view(notice)?;
        output::line!(
            "{} {} at block {}: {}",
            output::bad("Notice"),
            time::local(notice.time),
            notice.height,
            moves::text(&notice.finding)
        )?;
    }
    Ok(())
}
