//! `bolao match`: one match, its record and everybody's tips.

use bolao_ledger::{AccountId, Tier, UnixSeconds};
use bolao_node::Home;
use clap::Args;
use comfy_table::{Cell, Table};
use serde_json::Value;

use crate::{
    betting::{self, LOCKED},
    command::{matches::status, standings::name, wanted},
    exit::printable,
    games, moves,
    output::{self, count},
    passphrase::CommonArgs,
    record,
    source::{self, as_view, as_views, escape},
    time,
    view::{self, Bet, Match, MatchStatus, PlayerRef, Record},
};

/// Shows one match: its kick-off, its result, and everyone's bets with points and payouts
#[derive(Args, Clone, Debug)]
pub(crate) struct MatchArgs {
    /// The match: its code, number or team
    #[arg(value_name = "MATCH")]
    code: String,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: MatchArgs, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let code = escape(&games::code(&source, &args.code).await?);
    let mut game = source.get(&format!("/api/v1/matches/{code}")).await?;
    let mut tips = source
        .list(&format!("/api/v1/matches/{code}/tips"), usize::MAX)
        .await?;
    let revealed = betting::reveal(home, &args.common.passphrase, &source, &mut tips).await?;
    if args.common.json {
        if let Value::Object(fields) = &mut game {
            fields.insert("tips".to_owned(), Value::Array(tips));
        }
        return output::json(&game);
    }
    let game: Match = as_view(game)?;
    let mut tips: Vec<Bet> = as_views(tips)?;
    tips.sort_by_cached_key(|tip| {
        (
            std::cmp::Reverse(tip.earned.points),
            tip.player.shown().to_lowercase(),
        )
    });
    let title = game.teams();
    output::line!(
        "{}  ({}, {})",
        output::bold(&title),
        game.entry.fixture.code,
        game.entry.fixture.stage
    )?;
    for line in about(&game) {
        output::line(line)?;
    }
    let wanted = wanted::of_home(home, &source, Some(&game.entry.fixture.code)).await;
    wanted::show(&source, &wanted, "Sign        ").await?;
    if tips.is_empty() {
        return Ok(());
    }
    output::line("")?;
    let own = home.profile()?.account;
    output::show(&table(&tips, own.as_ref()))?;
    if tips.iter().any(|tip| tip.earned.provisional) {
        output::line("* rests on a result that is provisional")?;
    }
    if tips.iter().any(view::is_own_sealed) {
        output::line(view::OWN_SEALED)?;
    }
    let is_own = |tip: &Bet| tip.sealed && Some(tip.player.account) == own;
    if !revealed && tips.iter().any(is_own) {
        output::hint(LOCKED);
    }
    Ok(())
}

/// A line for each thing that is known of a match.
fn about(game: &Match) -> Vec<String> {
    let at = |at: UnixSeconds| format!("{}, {}", time::local(at), time::relative(at));
    let mut lines = Vec::new();
    let kickoff = match (game.entry.fixture.kickoff, &game.entry.day) {
        (Some(kickoff), _) => at(kickoff),
        (None, Some(day)) => format!("{}, time not known", time::match_day(day)),
        (None, None) => "not scheduled yet".to_owned(),
    };
    lines.push(format!("Kick-off    {kickoff}"));
    if let Some(moved) = &game.moved {
        lines.push(format!("Moved       {}", moves::said(moved)));
    }
    if let Some(deadline) = game
        .entry
        .deadline
        .filter(|at| Some(*at) != game.entry.fixture.kickoff)
    {
        lines.push(format!("Deadline    {}", at(deadline)));
    }
    let postponed = if game.entry.postponed {
        ", postponed"
    } else {
        ""
    };
    lines.push(format!("Status      {}{postponed}", status(game)));
    let base = game.base.words();
    let times = match game.multiplier {
        1 => String::new(),
        times => format!("; points count {times} times"),
    };
    lines.push(format!("Counts      the score {base}{times}"));
    if let Some(record) = &game.record {
        lines.extend(recorded(game, record));
    }
    let sealed = match game.entry.unopened {
        0 => String::new(),
        unopened => format!(", {unopened} of them sealed and not opened"),
    };
    lines.push(format!("Bets        {}{sealed}", game.entry.bets));
    let pot = match (&game.record, game.status) {
        (Some(_), MatchStatus::Final) => "paid".to_owned(),
        _ => count(game.entry.pot, "chip", "chips"),
    };
    lines.push(format!("Pot         {pot}"));
    lines
}

fn recorded(game: &Match, record: &Record) -> Vec<String> {
    let mut lines = vec![format!("Result      {}", result(game, record))];
    if let Some(reason) = &record.signed.outcome.reason {
        lines.push(format!("Reason      {}", printable(reason.as_str())));
    }
    let signed = &record.signed;
    let signers = signed.players(&signed.signers);
    let mut signers: Vec<String> = signers.iter().map(PlayerRef::shown).collect();
    signers.sort();
    lines.push(format!(
        "Signed by   {}, {}{}",
        signers.join(", "),
        time::local(signed.since),
        match signed.version {
            0 => String::new(),
            version => format!("; correction {version}"),
        }
    ));
    lines.push(match signed.final_at {
        Some(at) if record.provisional => format!(
            "Final       by a block after {}; until then it can be corrected",
            time::local(at)
        ),
        Some(at) => format!("Final       since {}", time::local(at)),
        None if game.reopened() => "Final       no longer: it was rescheduled".to_owned(),
        None => "Final       not before it is played".to_owned(),
    });
    if signed.objections > 0 {
        lines.push(format!("Objections  {}", signed.objections));
    }
    lines
}

/// The whole record in a line, and the score that counts where it is not the one after 90 minutes.
fn result(game: &Match, record: &Record) -> String {
    let (home, away) = (&game.entry.fixture.home.name, &game.entry.fixture.away.name);
    let played = record::played(&record.signed.outcome, home, away);
    match record.score {
        Some(score) if record.signed.outcome.after_90 != Some(score) => {
            format!("{played}; {score} counts")
        }
        None if record.signed.outcome.after_90.is_some() => format!("{played}; no score counts"),
        _ => played,
    }
}

/// The tier of a bet, in words.
pub(crate) const fn near(tier: Option<Tier>) -> &'static str {
    match tier {
        None => "",
        Some(Tier::Exact) => "exact",
        Some(Tier::Difference) => "difference",
        Some(Tier::Tendency) => "tendency",
        Some(Tier::OneTeam) => "one team",
        Some(Tier::None) => "wrong",
    }
}

/// Chips that came back, where something was staked and paid.
pub(crate) fn paid(tip: &Bet) -> String {
    tip.payout
        .map_or_else(String::new, |chips| chips.to_string())
}

fn table(tips: &[Bet], own: Option<&AccountId>) -> Table {
    let mut table = output::table([
        "Player", "Bet", "Points", "Hit", "Stake", "Payout", "Placed",
    ]);
    for tip in tips {
        table.add_row([
            name(&tip.player, own),
            Cell::new(view::bet(tip)),
            output::bold_cell(&moves::points(&tip.earned)),
            Cell::new(near(tip.earned.tier)),
            Cell::new(tip.stake),
            Cell::new(paid(tip)),
            Cell::new(time::exact(tip.time)),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;
    use crate::view::fixtures::{account_of, bet, match_json, player};

    fn netherlands() -> Match {
        let mut game = match_json(2, "NlEn", "Netherlands", "England");
        game["status"] = json!("final");
        game["multiplier"] = json!(2);
        game["base"] = json!("120");
        game["bets"] = json!(3);
        game["unopened"] = json!(1);
        game["record"] = json!({
            "version": 1, "score": {"home": 3, "away": 1},
            "outcome": {
                "status": "played", "half_time": {"home": 0, "away": 1},
                "after_90": {"home": 1, "away": 1}, "after_120": {"home": 3, "away": 1},
                "shootout": null, "advances": "home", "reason": "the referee's report",
            },
            "signers": [player("mary"), player("john")], "since": "2019-06-06T21:30:00Z",
            "final_at": "2019-06-07T21:30:00Z", "provisional": false, "objections": 1,
        });
        serde_json::from_value(game).unwrap()
    }

    #[test]
    fn everything_of_a_match() {
        let lines = about(&netherlands()).join("\n");
        // How long ago it was changes.
        let lines: Vec<&str> = lines
            .lines()
            .map(|line| line.split(" days ago").next().unwrap())
            .map(|line| line.trim_end_matches(|c: char| c.is_ascii_digit()))
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn everybodys_tips() {
        let tips = [
            bet("NlEn", "ana", Some((3, 1)), Some((8, "exact")), Some(150)),
            bet("NlEn", "ben", Some((0, 1)), Some((0, "one_team")), Some(0)),
            bet("NlEn", "eva", None, None, None),
        ];
        insta::assert_snapshot!(output::piped(&table(&tips, Some(&account_of("ben")))));
    }
}
