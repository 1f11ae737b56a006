//! `bolao live`: the score of a match that is played, which no block keeps.

use bolao_api::body::LivesBody;
use bolao_ledger::Score;
use bolao_node::Home;
use bolao_wallet::Word;
use clap::Args;

use crate::{exit::usage, games, output, passphrase::CommonArgs, session::Session, source, time};

/// Shows the scores of matches in play, or sets one, for organisers
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "A live score never counts: it is in no block, and only the node that you use and its page show it. It \
        goes away with the result, or after four hours."
)]
pub(crate) struct LiveArgs {
    /// The match: its code, number or team
    #[arg(value_name = "MATCH", requires = "score")]
    code: Option<String>,
    /// Its score, such as 1-0; - removes it
    #[arg(allow_hyphen_values = true)]
    score: Option<String>,
    /// The minute, 1 to 150
    #[arg(long, requires = "score", value_parser = clap::value_parser!(u8).range(1..=150))]
    minute: Option<u8>,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: LiveArgs, home: &Home) -> anyhow::Result<()> {
    if let (Some(code), Some(score)) = (&args.code, &args.score) {
        return say(&args, home, code, score).await;
    }
    let node = source::node(home).await?;
    let body: LivesBody = node.read("/api/v1/live").await?;
    if args.common.json {
        return output::json(&body);
    }
    if body.items.is_empty() {
        return output::line("No match is in play, as far as your node knows.");
    }
    for live in &body.items {
        let minute = live.minute.map_or_else(String::new, |it| format!(" {it}'"));
        output::line!(
            "{}  {}-{}{minute}   ({}, {})",
            output::bold(&live.r#match.code),
            live.home,
            live.away,
            live.from,
            time::relative(live.at)
        )?;
    }
    Ok(())
}

async fn say(args: &LiveArgs, home: &Home, named: &str, score: &str) -> anyhow::Result<()> {
    let score: Option<Score> = match score {
        "-" => None,
        score => Some(score.parse().map_err(|_| {
            usage(format!(
                "`{score}` is no score: wanted one such as 1-0, or - for none"
            ))
        })?),
    };
    let session = Session::open(home, &args.common.passphrase).await?;
    session.check_organiser("tell a live score")?;
    let matches = games::all(&session.source).await?;
    let game = games::find(&matches, named)?;
    let word = Word::Live {
        code: game.entry.fixture.code.to_string(),
        score,
        minute: args.minute,
    };
    session.say(&word).await?;
    let shown = score.map_or_else(
        || "no longer has a live score.".to_owned(),
        |score| format!("{score}, shown by this node and its page until the result is in."),
    );
    output::line!("{} {shown}", game.teams())
}
