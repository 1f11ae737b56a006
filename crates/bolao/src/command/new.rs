//! `bolao new`: a pool from a file of fixtures.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use bolao_fixtures::{Competition, ImportOptions, MAX_FILE_BYTES, Side, Status, import};
use bolao_ledger::{
    AccountId, Chips, Consensus, Fixture, GENESIS_VERSION, Genesis, Limits, MatchCode, MatchNo,
    Membership, Name, TargetRule, Team, Text, UnixSeconds,
};
use bolao_node::{Home, HomeError, Profile};
use clap::Args;
use jiff::{civil::Date, tz::TimeZone};

use crate::{
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

/// The length of a day, in seconds.
const DAY_S: u64 = 86_400;

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
    let competition = read(&args.fixtures, args.zone.clone())?;
    for warning in &competition.warnings {
        output::hint(format_args!("warning: {warning}"));
    }
    let now = time::now();
    let (matches, left_out) = fixtures(&competition, now)?;
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

fn read(path: &Path, zone: Option<TimeZone>) -> anyhow::Result<Competition> {
    let most = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(most.saturating_add(1)).read_to_string(&mut text))
        .with_context(|| format!("cannot read the fixtures from {}", path.display()))?;
    import(&text, &ImportOptions { zone }).with_context(|| format!("cannot use {}", path.display()))
}

/// The file's matches as the ledger has them, numbered from 1 in the file's order; and how many are cancelled.
fn fixtures(competition: &Competition, now: UnixSeconds) -> anyhow::Result<(Vec<Fixture>, usize)> {
    let played = || {
        competition
            .matches
            .iter()
            .filter(|game| game.status != Status::Cancelled)
    };
    let matches = (1..)
        .zip(played())
        .map(|(no, game)| {
            fixture(no, game, now).with_context(|| format!("match {} cannot be used", game.code))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    if matches.is_empty() {
        bail!("every match of the file is cancelled: nothing is left to bet on");
    }
    let left_out = competition.matches.len() - matches.len();
    Ok((matches, left_out))
}

fn fixture(no: u16, game: &bolao_fixtures::Fixture, now: UnixSeconds) -> anyhow::Result<Fixture> {
    let kickoff = match game.kickoff {
        // The date of a match that was put off may be the old one.
        _ if game.status == Status::Postponed => None,
        None => game.date.and_then(|date| day_over(date, now)),
        Some(at) => Some(UnixSeconds(
            u64::try_from(at.0).context("it kicked off before 1970")?,
        )),
    };
    let stage = match &game.group {
        Some(group) if !game.stage.contains(group.as_str()) => format!("{}, {group}", game.stage),
        _ => game.stage.clone(),
    };
    Ok(Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&game.code).context("its code")?,
        home: team(&game.home).context("its first team")?,
        away: team(&game.away).context("its second team")?,
        kickoff,
        stage: Text::new(stage)
            .or_else(|_| Text::new(game.stage.as_str()))
            .context("its stage")?,
    })
}

/// A match of a day that is over was played, whenever that was: it takes no bets. One of a day to come takes them until
/// it is scheduled.
fn day_over(date: Date, now: UnixSeconds) -> Option<UnixSeconds> {
    let begins = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    let begins = UnixSeconds(u64::try_from(begins).unwrap_or(0));
    (begins.0.saturating_add(DAY_S) <= now.0).then_some(begins)
}

fn team(side: &Side) -> anyhow::Result<Team> {
    let code = match side {
        Side::Team { code, .. } => code.as_deref(),
        Side::Placeholder(_) => None,
    };
    Ok(Team {
        name: Text::new(side.to_string())?,
        code: code.map(Text::new).transpose()?,
    })
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
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    fn imported(text: &str) -> anyhow::Result<(Vec<Fixture>, usize)> {
        fixtures(
            &import(text, &ImportOptions::default()).unwrap(),
            UnixSeconds(1_800_000_000),
        )
    }

    #[test]
    fn cancelled_matches_are_left_out_and_postponed_ones_unscheduled() {
        let (matches, left_out) = imported(
            r#"{"name": "x", "matches": [
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "A", "team2": "B", "status": "cancelled"},
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "C", "team2": "D", "status": "postponed"},
                {"round": "Matchday 1", "date": "2030-01-01", "time": "12:00 UTC+0", "team1": "E", "team2": "F"}
            ]}"#,
        )
        .unwrap();
        assert_eq!(left_out, 1);
        assert_eq!(matches[0].no, MatchNo(1));
        assert_eq!(matches[0].kickoff, None);
        assert_eq!(matches[1].kickoff, Some(UnixSeconds(1_893_499_200)));
    }

    #[test]
    fn a_day_that_is_over_takes_no_bets() {
        let (matches, _) = imported(
            r#"{"name": "x", "matches": [
                {"round": "Final", "date": "1938-06-19", "team1": "A", "team2": "B"},
                {"round": "Final", "date": "2027-01-14", "team1": "C", "team2": "D"},
                {"round": "Final", "date": "2027-01-15", "team1": "E", "team2": "F"}
            ]}"#,
        )
        .unwrap();
        let kickoffs: Vec<_> = matches.iter().map(|game| game.kickoff).collect();
        assert_eq!(
            kickoffs,
            [Some(UnixSeconds(0)), Some(UnixSeconds(1_799_884_800)), None]
        );
    }

    #[test]
    fn what_the_ledger_cannot_hold_is_named() {
        let error = imported(
            r#"{"name": "x", "matches": [
                {"round": "Matchday 1", "date": "1938-06-05", "time": "17:00 UTC+1", "team1": "France", "team2": "Belgium"}
            ]}"#,
        )
        .unwrap_err();
        let text = crate::exit::sentence(&error);
        assert!(text.contains("before 1970"), "{text}");
        assert!(imported(
            r#"{"name": "x", "matches": [
                {"round": "R", "date": "2030-01-01", "team1": "A", "team2": "B", "status": "cancelled"}
            ]}"#
        )
        .is_err());
    }

    #[test]
    fn the_default_target_is_one() {
        let rule = parse::target(DEFAULT_TARGET).unwrap();
        let mut genesis = Genesis::article();
        genesis.target = rule;
        genesis.check().unwrap();
    }
}
