//! `bolao new`: a pool from a file of fixtures.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bolao_ledger::{
    AccountId, Chips, Consensus, Fixture, GENESIS_VERSION, Genesis, Limits, Membership, Name,
    TargetRule, Text, UnixSeconds,
};
use bolao_node::{Home, HomeError, Profile};
use clap::Args;
use jiff::tz::TimeZone;

use crate::{
    imported,
    output::{self, count},
    parse,
    passphrase::PassphraseArgs,
    time,
};

/// The target of pools that choose none.
///
/// At 24 bits a block takes 17 million hashes, which within the minute aimed at is 0.3 MH/s: the slowest single core
/// keeps the pace from the first block on. Quicker machines are ahead of it for the first blocks only: sixty blocks
/// too early (an hour ahead) halve the target.
const DEFAULT_TARGET: &str = "asert:24:60:3600";

/// How far ahead of a node's clock a block's time may lie, in seconds.
const MAX_FUTURE_S: u32 = 120;

/// Makes a pool from a file of fixtures, with you as its organiser
#[derive(Args, Clone, Debug)]
pub(crate) struct NewArgs {
    /// What the pool is called
    name: String,
    /// Matches, in openfootball's JSON
    #[arg(long, value_name = "FILE")]
    fixtures: PathBuf,
    /// Whose local time the file's times are, such as Europe/Lisbon, where it does not say
    #[arg(long, value_parser = parse::zone, value_name = "ZONE")]
    zone: Option<TimeZone>,
    /// Your own name in the pool; without it your node looks on without playing
    #[arg(long = "as", value_name = "PLAYER")]
    player: Option<Name>,
    /// How hard blocks are: fixed:BITS or asert:BITS:INTERVAL:HALFLIFE (seconds)
    #[arg(long, value_parser = parse::target, default_value = DEFAULT_TARGET, value_name = "RULE")]
    target: TargetRule,
    /// Chips that each player starts with
    #[arg(long, default_value_t = 1000)]
    chips: u64,
    /// A further account that may schedule matches (repeatable)
    #[arg(long = "organiser", value_name = "ACCOUNT")]
    organisers: Vec<AccountId>,
    /// Shows what would be made, and writes nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(crate) fn run(args: NewArgs, dir: &Path) -> anyhow::Result<()> {
    refuse_other_pool(dir)?;
    let competition = imported::read(&args.fixtures, args.zone.clone())?;
    for warning in &competition.warnings {
        output::hint(format_args!("warning: {warning}"));
    }
    let now = time::now();
    let (matches, left_out) = imported::fixtures(&competition, now)?;
    if left_out > 0 {
        let left_out = count(left_out, "cancelled match", "cancelled matches");
        output::hint(format_args!("warning: {left_out} left out"));
    }
    let late = matches
        .iter()
        .filter(|game| game.kickoff.is_some_and(|kickoff| kickoff <= now))
        .count();
    if late > 0 {
        output::hint(format_args!(
            "warning: {late} of {} have kicked off already, so nobody can bet on them",
            count(matches.len(), "match", "matches")
        ));
    }
    let open = matches.iter().filter(|game| game.kickoff.is_none()).count();
    if open > 0 {
        output::hint(format_args!(
            "warning: {} without a kick-off: betting on them ends only once you set it with `bolao schedule`",
            count(open, "match is", "matches are")
        ));
    }
    let mut genesis = genesis(&args, matches, now)?;
    if args.dry_run {
        return show(&genesis);
    }

    let home = Home::open(dir)?;
    let (wallet, is_new) = args.passphrase.open_or_create(&home)?;
    let own = wallet.player().account();
    let others = args.organisers.iter().copied();
    let mut seen = BTreeSet::new();
    genesis.organisers = std::iter::once(own)
        .chain(others)
        .filter(|organiser| seen.insert(*organiser))
        .collect();
    genesis.check()?;
    home.set_genesis(&genesis)?;
    if let Some(name) = &args.player {
        home.set_profile(&Profile {
            name: Some(name.to_string()),
        })?;
    }
    tell(&home, &genesis, is_new)
}

/// A home keeps one pool; said before anything else is looked at.
fn refuse_other_pool(dir: &Path) -> anyhow::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    match Home::open(dir)?.genesis() {
        Err(HomeError::NoPool { .. }) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(there) => Err(HomeError::OtherPool {
            dir: dir.to_owned(),
            there: there.name.to_string(),
        }
        .into()),
    }
}

fn genesis(args: &NewArgs, matches: Vec<Fixture>, now: UnixSeconds) -> anyhow::Result<Genesis> {
    let genesis = Genesis {
        version: GENESIS_VERSION,
        name: Text::new(args.name.as_str()).context("the pool's name cannot be used")?,
        created: now,
        consensus: Consensus::Pow,
        target: args.target,
        max_future_s: MAX_FUTURE_S,
        limits: Limits::default(),
        membership: Membership::Open,
        starting_chips: Chips(args.chips),
        rules: bolao_ledger::Rules::default(),
        organisers: Vec::new(),
        matches,
    };
    genesis.check()?;
    Ok(genesis)
}

fn show(genesis: &Genesis) -> anyhow::Result<()> {
    let mut table = output::table(["No", "Code", "Match", "Kick-off", "Stage"]);
    for game in &genesis.matches {
        let kickoff = game.kickoff.and_then(time::timestamp);
        table.add_row([
            game.no.to_string(),
            game.code.to_string(),
            format!("{} – {}", game.home.name, game.away.name),
            kickoff.map_or_else(|| "not scheduled".into(), time::local),
            game.stage.to_string(),
        ]);
    }
    output::show(&table)?;
    let matches = count(genesis.matches.len(), "match", "matches");
    Ok(output::line(format_args!(
        "\n{matches}. Nothing was written."
    ))?)
}

fn tell(home: &Home, genesis: &Genesis, wallet_is_new: bool) -> anyhow::Result<()> {
    let dir = home.dir().display();
    output::line(format_args!(
        "Made the pool {} with {}.",
        output::bold(genesis.name.as_str()),
        count(genesis.matches.len(), "match", "matches")
    ))?;
    output::line(format_args!("Pool id  {}", genesis.pool_id()))?;
    output::line(format_args!("Rules    {dir}/genesis.json"))?;
    output::line(format_args!(
        "\nGive your friends that file, or your node's URL while it runs:\n  bolao join FILE_OR_URL --name THEIR_NAME\nThey compare the pool id with yours."
    ))?;
    output::line(format_args!(
        "\nNext:\n  bolao --home {dir} run -i ADDRESS   (this machine's, so that friends on others reach it)"
    ))?;
    if wallet_is_new {
        output::line(format_args!(
            "  bolao --home {dir} wallet words   (write these down: they alone bring your bets' key back)"
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_default_target_is_one() {
        let rule = parse::target(DEFAULT_TARGET).unwrap();
        let mut genesis = Genesis::article();
        genesis.target = rule;
        genesis.check().unwrap();
    }
}
