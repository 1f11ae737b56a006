//! `bolao competitions`: what is played now, and where its fixtures come from.

use bolao_api::body::CompetitionBody;
use bolao_feeds::Known;
use clap::Args;

use crate::{
    imported::today,
    output::{self, count},
};

/// Lists the known competitions, for `bolao new --competition CODE`
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "The fixtures come from openfootball and are public domain. Past and future seasons are named in \
        the same way: uefa.cl.2027-28, br.1.2027."
)]
pub(crate) struct CompetitionsArgs {
    /// Only those with these words in their code, name or country
    words: Vec<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &CompetitionsArgs) -> anyhow::Result<()> {
    let words = args.words.join(" ");
    let found = bolao_feeds::search(&words, today());
    if args.json {
        return output::json(&found.iter().map(CompetitionBody::from).collect::<Vec<_>>());
    }
    if found.is_empty() {
        // What is over is named with what comes next.
        if let Ok(known) = bolao_feeds::find(&words) {
            known.check(today())?;
        }
        anyhow::bail!(
            "no competition has `{words}` in its code, name or country: `bolao competitions` lists all; of any other, give a list with --fixtures"
        );
    }
    let mut table = output::table(["Code", "Competition", "Days", "From"]);
    for known in &found {
        table.add_row([
            output::bold_cell(&known.code),
            known.name.as_str().into(),
            days(known).into(),
            from(known).into(),
        ]);
    }
    output::show(&table)?;
    output::line!(
        "{}: bolao new 'Our pool' --competition {} --as YOU",
        count(found.len(), "competition", "competitions"),
        found.first().map_or("CODE", |known| known.code.as_str())
    )
}

fn days(known: &Known) -> String {
    let format = if known.days.exact {
        "%-d %b %Y"
    } else {
        "%b %Y"
    };
    let [first, last] = [known.days.first, known.days.last].map(|day| day.strftime(format));
    format!("{first} – {last}")
}

fn from(known: &Known) -> &'static str {
    if known.has_copy() {
        "web, else a copy"
    } else {
        "web"
    }
}
