//! `bolao player`: one player's place, bets and chips.

use bolao_ledger::Cause;
use bolao_node::Home;
use clap::Args;
use comfy_table::{Cell, Table};
use serde_json::{Value, json};

use crate::{
    betting::{self, LOCKED},
    command::{
        game::{near, paid},
        matches::result,
    },
    games, meant, moves,
    output::{self, count},
    passphrase::CommonArgs,
    source::{self, as_view, as_views, segment},
    time,
    view::{self, Bet, Change, Match, PlayerPage},
};

/// The most changes of the balance that are shown to people.
const CHANGES: usize = 20;

/// The columns that may be hidden.
const CODE: usize = 1;
const RESULT: usize = 4;
const POINTS: usize = 5;
const HIT: usize = 6;
const PAYOUT: usize = 8;

/// Shows one player: place, points, bets, and every change of chips
#[derive(Args, Clone, Debug)]
pub(crate) struct PlayerArgs {
    /// The player's name, in upper or lower case, or the account
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: PlayerArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let path = format!(
        "/api/v1/players/{}",
        segment(&args.name, "a player's name or account")?
    );
    let mut player = match source.get(&path).await {
        Ok(player) => player,
        Err(error) => return Err(meant::player(&source, &args.name, error).await),
    };
    let mut tips = source.list(&format!("{path}/bets"), usize::MAX).await?;
    let revealed = betting::reveal(home, &args.common.passphrase, &source, &mut tips).await?;
    // One more than is shown, to know whether there are more.
    let most = if args.common.json {
        usize::MAX
    } else {
        CHANGES + 1
    };
    let history = source.list(&format!("{path}/history"), most).await?;
    if args.common.json {
        if let Value::Object(fields) = &mut player {
            fields.insert("tips".to_owned(), json!(tips));
            fields.insert("history".to_owned(), json!(history));
        }
        return output::json(&player);
    }
    let page: PlayerPage = as_view(player)?;
    let (tips, history): (Vec<Bet>, Vec<Change>) = (as_views(tips)?, as_views(history)?);
    let own = home.profile()?.account == Some(page.player.account);
    let you = if own { " (you)" } else { "" };
    output::line!("{}{you}", output::bold(page.player.entry.name.as_str()))?;
    for line in about(&page) {
        output::line(line)?;
    }
    if !tips.is_empty() {
        output::line("")?;
        let table = tips_table(&tips, &games::all(&source).await?);
        output::show_fitting(table, &[CODE, HIT])?;
        if tips.iter().any(view::is_own_sealed) {
            output::line(view::OWN_SEALED)?;
        }
        if tips.iter().any(|tip| tip.earned.provisional) {
            output::line("* rests on a result that is provisional")?;
        }
    }
    output::line("")?;
    output::show(&history_table(&history))?;
    if history.len() > CHANGES {
        output::line("… and earlier changes: --json shows all")?;
    }
    if own && !revealed {
        output::hint(LOCKED);
    }
    Ok(())
}

fn about(page: &PlayerPage) -> Vec<String> {
    let (tally, standing) = (&page.standing, &page.standing.standing);
    let provisional = match page.provisional {
        0 => "",
        _ => "; rests on provisional results too",
    };
    vec![
        format!("Account  {}", page.player.account),
        format!("Joined   in block {}", page.player.entry.joined),
        format!("Place    {} of {}{provisional}", tally.place, page.players),
        format!(
            "Points   {}: {} exact, {}, {}; {} missing",
            standing.points,
            standing.exact,
            count(standing.differences, "difference", "differences"),
            count(standing.tendencies, "tendency", "tendencies"),
            tally.missing,
        ),
        format!(
            "Chips    {} available, {} in pots",
            page.player.entry.chips, page.staked
        ),
    ]
}

fn tips_table(tips: &[Bet], matches: &[Match]) -> Table {
    let mut table = output::table([
        "No", "Code", "Match", "Bet", "Result", "Points", "Hit", "Stake", "Payout",
    ]);
    for tip in tips {
        let game = matches
            .iter()
            .find(|game| *game.entry.fixture.code == *tip.r#match.code);
        table.add_row([
            Cell::new(tip.r#match.no),
            output::bold_cell(&tip.r#match.code),
            Cell::new(game.map_or_else(String::new, Match::teams)),
            Cell::new(view::bet(tip)),
            Cell::new(game.map_or_else(String::new, result)),
            output::bold_cell(&moves::points(&tip.earned)),
            Cell::new(near(tip.earned.tier)),
            Cell::new(tip.stake),
            Cell::new(paid(tip)),
        ]);
    }
    output::hide_empty(&mut table, &[RESULT, POINTS, HIT, PAYOUT]);
    table
}

fn history_table(history: &[Change]) -> Table {
    let mut table = output::table(["When", "Change", "Balance", "Why"]);
    for change in history.iter().take(CHANGES) {
        table.add_row([
            time::short(change.time),
            format!("{:+}", change.change),
            change.balance.to_string(),
            why(change),
        ]);
    }
    table
}

fn why(change: &Change) -> String {
    let game = |no| change.cause.item(no).code;
    let other = |account| change.cause.player(account).shown();
    match &*change.cause {
        Cause::Joined => "joined".to_owned(),
        Cause::Staked(no) => format!("staked on {}", game(*no)),
        Cause::Freed(no) => format!("freed by a smaller stake on {}", game(*no)),
        Cause::Won(no) => format!("won with {}", game(*no)),
        Cause::Refunded(no) => format!("stake on {} back", game(*no)),
        Cause::Sent(to) => format!("sent to {}", other(to)),
        Cause::Received(from) => format!("received from {}", other(from)),
        Cause::Locked => "staked as a validator".to_owned(),
        Cause::Unlocked => "free again from a validator's stake".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::view::fixtures::{account, bet, match_json, player};

    #[test]
    fn a_page() {
        let page: PlayerPage = serde_json::from_value(json!({
            "account": account(), "name": "ana", "joined": 3, "chips": 850, "next_nonce": 4, "history": 4,
            "standing": {"place": 2, "points": 10, "exact": 1, "differences": 1, "tendencies": 0,
                "missing": 0, "tips": 3},
            "players": 6, "provisional": 1, "bets": 3, "staked": 50,
        }))
        .unwrap();
        let games: Vec<Match> = [
            match_json(1, "PtCh", "Portugal", "Switzerland"),
            match_json(2, "NlEn", "Netherlands", "England"),
        ]
        .into_iter()
        .map(|game| serde_json::from_value(game).unwrap())
        .collect();
        let tips = [
            bet("PtCh", "ana", Some((2, 1)), Some((4, "exact")), Some(150)),
            bet("NlEn", "ana", None, None, None),
        ];
        let at = "2019-06-06T21:30:00Z";
        let history: Vec<Change> = serde_json::from_value(json!([
            {"seq": 3, "cause": {"won": {"no": 1, "code": "PtCh"}}, "change": 150,
             "balance": 1_045, "height": 9, "time": at},
            {"seq": 2, "cause": {"sent": player("ben")}, "change": -5, "balance": 895,
             "height": 8, "time": at},
            {"seq": 1, "cause": {"staked": {"no": 1, "code": "PtCh"}}, "change": -100,
             "balance": 900, "height": 5, "time": at},
            {"seq": 0, "cause": "joined", "change": 1_000, "balance": 1_000, "height": 3, "time": at},
        ]))
        .unwrap();
        insta::assert_snapshot!(format!(
            "{}\n\n{}\n\n{}",
            about(&page).join("\n"),
            output::piped(&tips_table(&tips, &games)),
            output::piped(&history_table(&history))
        ));
    }
}
