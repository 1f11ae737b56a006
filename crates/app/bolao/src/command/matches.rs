//! `bolao matches`: what can be bet on, and what became of it.

use bolao_api::body::{LiveBody, LivesBody};
use bolao_ledger::Chips;
use bolao_node::Home;
use clap::Args;
use comfy_table::{Cell, Table};
use serde_json::{Value, json};

use crate::{
    games,
    output::{self, count},
    source::{self, Source, as_view},
    time,
    view::{Match, MatchStatus},
};

/// The columns that may be hidden.
const CODE: usize = 1;
const RESULT: usize = 5;
const BETS: usize = 6;
const POT: usize = 7;

/// Shows the matches: when betting on each ends, and its result
#[derive(Args, Clone, Debug)]
pub(crate) struct MatchesArgs {
    /// Only those that still take bets
    #[arg(long)]
    open: bool,
    /// Only those of this round
    #[arg(long, value_name = "NAME")]
    round: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: MatchesArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let round = match &args.round {
        Some(name) => Some(games::round(&source, name).await?),
        None => None,
    };
    let mut values: Vec<Value> = Vec::new();
    let mut matches: Vec<Match> = Vec::new();
    for value in source.list("/api/v1/matches", usize::MAX).await? {
        let game: Match = as_view(value.clone())?;
        let elsewhere = round
            .as_ref()
            .is_some_and(|round| **round != *game.entry.fixture.stage);
        if elsewhere || (args.open && game.status != MatchStatus::Scheduled) {
            continue;
        }
        values.push(value);
        matches.push(game);
    }
    if args.json {
        with_live(&mut values, &live(&source).await);
        return output::json(&values);
    }
    if matches.is_empty() {
        return output::line("Betting has ended on every match.");
    }
    matches.sort_by_key(games::by_kickoff);
    let live = live(&source).await;
    output::show_fitting(table(&matches, &live), &[CODE, BETS, POT])?;
    output::line!(
        "{}; times of {}",
        count(matches.len(), "match", "matches"),
        time::zone()
    )
}

/// The live scores that a running node knows; those of a stopped one are over.
async fn live(source: &Source) -> Vec<LiveBody> {
    let read = match source {
        Source::Running(node) => node.read::<LivesBody>("/api/v1/live").await.ok(),
        Source::Stopped(_) => None,
    };
    read.map_or_else(Vec::new, |body| body.items)
}

fn with_live(values: &mut [Value], live: &[LiveBody]) {
    for value in values {
        let own = live
            .iter()
            .find(|it| value.get("no") == Some(&it.r#match.no.into()));
        if let (Some(own), Value::Object(game)) = (own, value) {
            game.insert("live".to_owned(), json!(own));
        }
    }
}

/// The status of a match, and until when it takes bets.
pub(crate) fn status(game: &Match) -> String {
    match (game.status, game.entry.deadline) {
        (MatchStatus::Scheduled, Some(deadline)) => {
            let left = time::relative(deadline);
            format!("open, {}", left.trim_start_matches("in "))
        }
        (MatchStatus::Scheduled, None) => "open".to_owned(),
        (MatchStatus::Closed, None) if game.lacks_notice => "no date".to_owned(),
        (MatchStatus::Closed, _) if game.lacks_notice => "no bets count: too late".to_owned(),
        (MatchStatus::Closed, _) => "closed".to_owned(),
        (MatchStatus::Provisional, _) => "provisional".to_owned(),
        (MatchStatus::Final, _) => "final".to_owned(),
    }
}

/// The score that counts, or what became of the match instead.
pub(crate) fn result(game: &Match) -> String {
    game.stands().map_or_else(String::new, |record| {
        record.score.map_or_else(
            || record.signed.outcome.status.name().to_owned(),
            |score| score.to_string(),
        )
    })
}

fn table(matches: &[Match], live: &[LiveBody]) -> Table {
    let mut table = output::table([
        "No", "Code", "Match", "Kick-off", "Status", "Result", "Bets", "Pot",
    ]);
    for game in matches {
        let kickoff = game
            .entry
            .fixture
            .kickoff
            .map(time::short)
            .or_else(|| game.entry.day.as_ref().map(time::match_day))
            .unwrap_or_else(|| "not scheduled".to_owned());
        let status = status(game);
        let own = live
            .iter()
            .find(|it| it.r#match.no == game.entry.fixture.no.0);
        table.add_row([
            Cell::new(game.entry.fixture.no),
            output::bold_cell(&game.entry.fixture.code),
            Cell::new(game.teams()),
            Cell::new(kickoff),
            if game.status == MatchStatus::Scheduled {
                output::good_cell(&status)
            } else {
                Cell::new(status)
            },
            Cell::new(match own {
                Some(own) => format!("{}-{} live", own.home, own.away),
                None => result(game),
            }),
            Cell::new(game.entry.bets),
            Cell::new(game.entry.pot),
        ]);
    }
    if matches.iter().all(|game| game.entry.pot == Chips::ZERO) {
        output::hide(&mut table, POT);
    }
    output::hide_empty(&mut table, &[RESULT]);
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;
    use crate::view::fixtures::match_json;

    fn matches(pot: u64) -> Vec<Match> {
        let mut final_one = match_json(1, "PtCh", "Portugal", "Switzerland");
        final_one["status"] = json!("final");
        final_one["record"] = json!({
            "version": 0, "score": {"home": 3, "away": 1},
            "outcome": {"status": "played", "after_90": {"home": 3, "away": 1}},
            "signers": [], "since": "2019-06-06T21:30:00Z", "final_at": "2019-06-07T21:30:00Z",
            "provisional": false, "objections": 0,
        });
        let mut cancelled = match_json(2, "NlEn", "Netherlands", "England");
        cancelled["status"] = json!("provisional");
        cancelled["record"] = final_one["record"].clone();
        cancelled["record"]["score"] = json!(null);
        cancelled["record"]["outcome"] = json!({"status": "cancelled"});
        let mut off = cancelled.clone();
        off["record"]["outcome"] = json!({"status": "postponed"});
        let mut off: Match = serde_json::from_value(off).unwrap();
        assert_eq!(result(&off), "");
        off.entry.postponed = true;
        assert_eq!(result(&off), "postponed");
        let mut closed = match_json(3, "ChEn", "Bosnia and Herzegovina", "England");
        closed["status"] = json!("closed");
        closed["pot"] = json!(pot);
        let mut open = match_json(4, "PtNl", "Portugal", "W2");
        open["kickoff"] = json!(null);
        open["deadline"] = json!(null);
        [final_one, cancelled, closed, open]
            .into_iter()
            .map(|game| serde_json::from_value(game).unwrap())
            .collect()
    }

    #[test]
    fn the_table() {
        let with_pots = output::piped(&table(&matches(250), &[]));
        let without = output::piped(&table(&matches(0), &[]));
        insta::assert_snapshot!(format!("{with_pots}\n\n{without}"));
    }
}
