//! What `bolao new` prints.

use bolao_fixtures::pool::zone_name;
use bolao_ledger::{
    AccountId, ActionKind, BlockProof, Day, Genesis, MatchDay, Membership, SetChange, Vote,
};
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
            "warning: {late} of {} have already kicked off, so nobody can bet on them",
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
            "warning: {} of today without a time, so nobody can bet on {} until you set the time",
            count(begun, "match is", "matches are"),
            if begun == 1 { "it" } else { "them" }
        );
    }
    if days > 0 {
        output::hint!(
            "note: the file gives no time for {}: betting on {} ends when the day begins in {} (--zone changes \
            that), until you set the time with `bolao schedule` or `bolao import`",
            count(days, "match", "matches"),
            if days == 1 { "it" } else { "them" },
            zone_name(&wish.zone)
        );
    }
    let open = matches.iter().filter(|game| game.kickoff.is_none()).count();
    let open = open.saturating_sub(days);
    if open > 0 {
        output::hint!(
            "warning: {} without a kick-off or a day: betting on them ends only once you set one with `bolao schedule`",
            count(open, "match is", "matches are")
        );
    }
    let voting = genesis.consensus.voting();
    if matches!(voting.map(|it| it.change), Some(SetChange::Stake { .. }))
        && genesis.membership == Membership::Open
    {
        output::hint(
            "warning: staked chips are votes, and anyone can join and gets some: --membership invite keeps strangers out",
        );
    }
    warn_of_signatures(genesis);
    if !genesis.rules.has_sealed_bets() {
        output::hint(
            "note: bets are open, so everyone sees them at once; --tips sealed hides them until kick-off",
        );
    }
}

/// Says what follows from how many organisers there are and how many must sign.
fn warn_of_signatures(genesis: &Genesis) {
    if genesis.organisers.len() == 1 && ActionKind::Organiser.is_known_to(genesis) {
        output::hint(
            "note: you are the only organiser: add a second one with `bolao organisers add NAME`, in case you lose your words",
        );
    }
    let warnings = [who_adds(genesis), all_needed(genesis)];
    warnings.into_iter().flatten().for_each(output::hint);
}

const fn day_of(day: MatchDay) -> Day {
    Day {
        begins: day.begins,
        ends: day.ends,
    }
}

/// The warning where nobody can sign any more once one of several organisers has lost the words.
fn all_needed(genesis: &Genesis) -> Option<String> {
    let all = genesis.organisers.len();
    let is_so = all > 1 && usize::from(genesis.fewest_organisers()) == all;
    is_so.then(|| {
        format!(
            "warning: all {all} organisers must sign, so nobody can once one of them has lost the words; `two-once-two` for \
            --results, --schedules, --appoint and `organisers` in the rules lets such an organiser leave"
        )
    })
}

/// The warning where fewer organisers add one than must sign something else.
fn who_adds(genesis: &Genesis) -> Option<String> {
    let organisers = genesis.organisers.len();
    let (account, added) = (AccountId([0; 32]), true);
    let adds = genesis.quorum(&Vote::Organiser { account, added }, organisers);
    let signs = genesis.signing_quorum().among(organisers);
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
                .or_else(|| day.map(|day| time::match_day(&day_of(day))))
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
    output::line!("Rules    {dir}/genesis.json   (`bolao rules` explains them in plain words)")?;
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
        || "using the file's offsets; --zone ZONE is for times without one".to_owned(),
        |zone| {
            format!(
                "read as times in {} if the file gives no offset (--zone)",
                zone_name(zone)
            )
        },
    )
}

/// Prints what to do with a pool that was made.
pub(super) fn next(genesis: &Genesis, wallet_is_new: bool) -> anyhow::Result<()> {
    output::line!(
        "\nNext:\n  {}   (use this machine's address so your friends can connect)",
        home::command("run -i ADDRESS")
    )?;
    if genesis.proof() == BlockProof::Certificate {
        output::line(
            "  (your node makes the blocks: while it is off, your friends' bets wait; `bolao validators` shares the \
            work)",
        )?;
    } else if genesis.consensus.voting().is_some() {
        output::line(
            "  (your node makes blocks final: while it is off, new blocks are not final)",
        )?;
    } else {
        output::line(
            "  (no block is final: a minute on a laptop is enough to rewrite a quiet pool; --consensus pos prevents \
            that)",
        )?;
    }
    output::line!(
        "  {}   (prints the link your friends join with)",
        home::command("invite")
    )?;
    write_words_down(wallet_is_new)?;
    if genesis.proof() == BlockProof::Certificate {
        output::line!(
            "  {}   (without it, this pool ends with this disk; the words restore it only together with a friend's \
            node that has the whole chain)",
            home::command("backup FILE")
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::Quorum;

    use super::*;

    #[test]
    fn that_fewer_add_organisers_than_sign_results_or_that_all_must_sign_is_said() {
        let mut genesis = Genesis::article();
        genesis.organisers = (1..=3).map(|it| AccountId([it; 32])).collect();
        for (adds, results, said) in [
            (0, 3, false),
            (1, 1, false),
            (1, 2, true),
            (2, 2, false),
            (2, 3, true),
        ] {
            genesis.rules.organisers_quorum = Quorum::of(adds);
            genesis.rules.results_quorum = Quorum::of(results);
            assert_eq!(who_adds(&genesis).is_some(), said, "{adds} {results}");
        }
        genesis.rules.organisers_quorum = Quorum::TWO_ONCE_TWO;
        for (results, said) in [
            (Quorum::of(3), true),
            (Quorum::of(2), false),
            (Quorum::TWO_ONCE_TWO, false),
        ] {
            genesis.rules.results_quorum = results;
            assert_eq!(all_needed(&genesis).is_some(), said, "{results}");
        }
    }
}
