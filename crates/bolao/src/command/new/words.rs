//! What `bolao new` prints.

use bolao_fixtures::pool::zone_name;
use bolao_ledger::{BetMode, BlockProof, Day, Genesis, MatchDay, Membership, SetChange};
use bolao_node::Home;
use bolao_rulebook::explain;
use jiff::tz::TimeZone;

use crate::{
    command::wallet::write_words_down,
    home, imported,
    making::{self, Wish},
    output::{self, count},
    time,
};

/// The columns that may be hidden.
const CODE: usize = 1;
const STAGE: usize = 4;

/// Warns of what the organiser may not expect.
pub(super) fn warn(wish: &Wish, genesis: &Genesis, left_out: usize) {
    imported::warn(&wish.competition);
    if left_out > 0 {
        let left_out = count(left_out, "cancelled match", "cancelled matches");
        output::hint!("warning: {left_out} left out");
    }
    let matches = &genesis.matches;
    let late = matches
        .iter()
        .filter(|game| {
            game.kickoff
                .is_some_and(|kickoff| kickoff <= genesis.created)
        })
        .count();
    if late > 0 {
        output::hint!(
            "warning: {late} of {} have kicked off already, so nobody can bet on them",
            count(matches.len(), "match", "matches")
        );
    }
    let days = genesis.days.as_deref().unwrap_or_default();
    let begun = days
        .iter()
        .filter(|day| day.begins <= genesis.created)
        .count();
    let days = days.len();
    if begun > 0 {
        output::hint!(
            "warning: {} of today, without a time, so nobody can bet on {} until you set the time",
            count(begun, "match is", "matches are"),
            if begun == 1 { "it" } else { "them" }
        );
    }
    if days > 0 {
        output::hint!(
            "note: of {} the file gives the day and no time: betting on {} ends when that day begins in {} (--zone says where else), until you set the time with `bolao schedule` or `bolao import`",
            count(days, "match", "matches"),
            if days == 1 { "it" } else { "them" },
            zone_name(&wish.zone)
        );
    }
    let open = matches.iter().filter(|game| game.kickoff.is_none()).count();
    let open = open.saturating_sub(days);
    if open > 0 {
        output::hint!(
            "warning: {} without a kick-off and a day: betting on them ends only once you set one with `bolao schedule`",
            count(open, "match is", "matches are")
        );
    }
    let voting = genesis.consensus.voting();
    if matches!(voting.map(|it| it.change), Some(SetChange::Stake { .. }))
        && genesis.membership == Membership::Open
    {
        output::hint(
            "warning: chips weigh as votes, and anybody may join and gets chips: whoever joins often enough decides alone; --membership invite lets in only whom organisers invite",
        );
    }
    if genesis.organisers.len() == 1 && genesis.rules.organisers_quorum > 0 {
        output::hint(
            "note: you are the only organiser: if you lose your words, the pool gets no more results, so add a second one with `bolao organisers add NAME` once a friend has joined",
        );
    }
    if let Some(warning) = who_adds(genesis) {
        output::hint(warning);
    }
    if genesis.rules.bets == BetMode::Open {
        output::hint(
            "note: bets are open, so everybody sees them at once; --tips sealed hides them until kick-off",
        );
    }
}

const fn day_of(day: MatchDay) -> Day {
    Day {
        begins: day.begins,
        ends: day.ends,
    }
}

/// The warning where fewer organisers add one than must sign something else.
fn who_adds(genesis: &Genesis) -> Option<String> {
    let (adds, signs) = (genesis.rules.organisers_quorum, genesis.fewest_organisers());
    (1..signs).contains(&adds).then(|| {
        let few = count(adds, "organiser", "organisers");
        format!(
            "warning: {few} can add another, though {signs} must sign other things: with accounts of their own they could sign those, too; write organisers = {signs} in the file of rules, or leave that line out"
        )
    })
}

/// The note on the default where several organise.
pub(super) fn show(genesis: &Genesis, zone: Option<&TimeZone>, json: bool) -> anyhow::Result<()> {
    if json {
        return output::json(&making::shown(genesis));
    }
    let sentences = explain(genesis);
    let (zone, whose) = time::chosen(zone);
    let mut table = output::table(["No", "Code", "Match", "Kick-off", "Stage"]);
    for game in &genesis.matches {
        let kickoff = game.kickoff.and_then(time::timestamp);
        let day = genesis.days.iter().flatten();
        let day = day.copied().find(|day| day.match_no == game.no);
        let kickoff = kickoff.map(|at| time::short_in(at, zone.clone()));
        table.add_row([
            game.no.to_string(),
            game.code.to_string(),
            format!("{} – {}", game.home.name, game.away.name),
            kickoff
                .or_else(|| day.map(|day| time::match_day(&day_of(day).into())))
                .unwrap_or_else(|| "not scheduled".to_owned()),
            game.stage.to_string(),
        ]);
    }
    output::show_fitting(table, &[CODE, STAGE])?;
    output::line!("Times of {whose}.\n")?;
    for sentence in sentences {
        output::line!("- {sentence}")?;
    }
    let matches = count(genesis.matches.len(), "match", "matches");
    output::line!("\n{matches}. Nothing was written.")
}

pub(super) fn tell(home: &Home, genesis: &Genesis, zone: Option<&TimeZone>) -> anyhow::Result<()> {
    let dir = home.dir().display();
    output::line!(
        "Made the pool {} with {}.",
        output::bold(genesis.name.as_str()),
        count(genesis.matches.len(), "match", "matches")
    )?;
    output::line!("Pool id  {}", genesis.pool_id())?;
    output::line!("Rules    {dir}/genesis.json   (`bolao rules` says them in plain words)")?;
    let first = genesis.matches.iter().filter_map(|game| {
        let at = game.kickoff.filter(|at| *at > genesis.created)?;
        Some((at, game))
    });
    if let Some((at, game)) = first.min_by_key(|(at, _)| *at)
        && let Some(at) = time::timestamp(at)
    {
        let (shown, _) = time::chosen(zone);
        output::line!(
            "First    {}, {} – {}",
            time::in_zone(at, shown),
            game.home.name,
            game.away.name
        )?;
    }
    output::line!("Times    {}", read_as(zone))
}

/// The zone that the file's times were taken for, in words.
fn read_as(zone: Option<&TimeZone>) -> String {
    zone.map_or_else(
        || "by the offsets that the file gives; --zone ZONE reads those without".to_owned(),
        |zone| {
            format!(
                "read as those of {} where the file gives no offset (--zone)",
                zone_name(zone)
            )
        },
    )
}

/// Prints what to do with a pool that was made.
pub(super) fn next(genesis: &Genesis, wallet_is_new: bool) -> anyhow::Result<()> {
    output::line!(
        "\nNext:\n  {}   (this machine's, so that friends on others reach it)",
        home::command("run -i ADDRESS")
    )?;
    if genesis.proof() == BlockProof::Certificate {
        output::line(
            "  (your node makes the blocks: while it is off, your friends' bets wait; `bolao validators` shares that)",
        )?;
    } else if genesis.consensus.voting().is_some() {
        output::line(
            "  (your node makes blocks final: while it is off, those that others find are not)",
        )?;
    } else {
        output::line(
            "  (no block is final: whoever spends a minute of a laptop can rewrite a quiet pool; --consensus pos makes pools in which nobody can)",
        )?;
    }
    output::line!(
        "  {}   (prints the link that your friends join with)",
        home::command("invite")
    )?;
    write_words_down(wallet_is_new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::AccountId;

    use super::*;

    #[test]
    fn that_fewer_add_organisers_than_sign_results_is_said() {
        let mut genesis = Genesis::article();
        genesis.organisers = (1..=3).map(|it| AccountId([it; 32])).collect();
        for (adds, results, said) in [
            (0, 3, false),
            (1, 1, false),
            (1, 2, true),
            (2, 2, false),
            (2, 3, true),
        ] {
            genesis.rules.organisers_quorum = adds;
            genesis.rules.results_quorum = results;
            assert_eq!(who_adds(&genesis).is_some(), said, "{adds} {results}");
        }
    }
}
