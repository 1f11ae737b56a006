//! `bolao new`: a pool from a file of fixtures.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use bolao_ledger::{
    AccountId, BetMode, DEFAULT_TARGET, Makers, Membership, Name, PRESET_ALIASES, PRESETS,
    PoolFile, Quorum, TargetRule, Text, Validator, ValidatorKey, seconds,
};
use bolao_node::{Home, HomeError, Profile};
use bolao_wallet::Key;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _},
};
use serde_json::json;

use words::{show, tell, warn, who_records};

use crate::{
    imported::{self, Place, ReadingArgs},
    output, parse,
    passphrase::CommonArgs,
    rulesfile, time,
};

mod words;

/// Makes a pool from a file of fixtures, with you as an organiser
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "What no flag and no file says: open membership, open bets, scheme kicktipp, 1000 chips, results and schedules by one organiser, 24 hours to object to a result, bets until kick-off.\nRULES.toml holds the same and more (stages, points of your own, tie-breaks, stakes); flags go before it."
)]
pub(crate) struct NewArgs {
    /// What the pool is called
    name: String,
    /// Matches: a file, the URL of one, or - for what is pasted; see `bolao fixtures`
    #[arg(long, value_name = "PLACE")]
    fixtures: Place,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Your own name in the pool; without it your node looks on without playing
    #[arg(long = "as", value_name = "PLAYER", value_parser = parse::new_name)]
    player: Option<Name>,
    /// Rules from a file
    #[arg(long, value_name = "RULES.toml")]
    rules: Option<PathBuf>,
    /// How points are given
    #[arg(long, value_parser = scheme(), value_name = "SCHEME")]
    scheme: Option<String>,
    /// Who may join: anybody, or whoever has a link from `bolao invite`
    #[arg(long, value_parser = PossibleValuesParser::new(["open", "invite"]).try_map(parse::named::<Membership>), value_name = "WHO")]
    membership: Option<Membership>,
    /// Whether others see bets at once, or not before kick-off
    #[arg(long, value_parser = PossibleValuesParser::new(["open", "sealed"]).try_map(parse::named::<BetMode>), value_name = "HOW")]
    tips: Option<BetMode>,
    /// A further account that schedules matches and signs results (repeatable)
    #[arg(long = "organiser", value_parser = parse::account, value_name = "ACCOUNT")]
    organisers: Vec<AccountId>,
    /// How many organisers must sign a result, such as 2-of-3
    #[arg(long, value_name = "M-of-N")]
    results: Option<Quorum>,
    /// How many organisers must sign a match's schedule, such as 2-of-3
    #[arg(long, value_name = "M-of-N")]
    schedules: Option<Quorum>,
    /// How long a result may be objected to and corrected, such as 24h
    #[arg(long, value_parser = seconds, value_name = "TIME")]
    dispute_window: Option<u32>,
    /// How long before kick-off betting ends, such as 15m
    #[arg(long, value_parser = seconds, value_name = "TIME")]
    deadline_lead: Option<u32>,
    /// Chips that each player starts with
    #[arg(long)]
    chips: Option<u64>,
    /// Who makes the blocks: validators, at first your node alone (pos); whoever finds them by work (pow); or the latter, and validators make them final (hybrid) [default: pos; pow where a target is given]
    #[arg(long, value_parser = makers, value_name = "KIND")]
    consensus: Option<Makers>,
    /// How many organisers must sign who becomes a validator and who no longer is, such as 2-of-3
    #[arg(long, value_name = "M-of-N")]
    appoint: Option<Quorum>,
    #[arg(
        long,
        value_parser = str::parse::<TargetRule>,
        value_name = "RULE",
        help = format!("How hard blocks are: fixed:BITS or asert:BITS:INTERVAL:HALFLIFE (seconds) [default: {DEFAULT_TARGET}]")
    )]
    target: Option<TargetRule>,
    /// Shows what would be made, and writes nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    common: CommonArgs,
}

fn makers(text: &str) -> Result<Makers, &'static str> {
    match text {
        "pow" => Ok(Makers::Pow),
        "pos" => Ok(Makers::Pos),
        "hybrid" => Ok(Makers::Hybrid),
        _ => Err("wanted pow, pos or hybrid"),
    }
}

/// The first validator: the pool's maker.
fn first(account: AccountId, key: ValidatorKey) -> Validator {
    Validator {
        account,
        key,
        weight: 1,
    }
}

fn scheme() -> PossibleValuesParser {
    PossibleValuesParser::new(PRESETS.iter().map(|(name, _)| {
        let aliases = PRESET_ALIASES.iter().filter(|(_, meant)| meant == name);
        PossibleValue::new(*name).aliases(aliases.map(|(alias, _)| *alias))
    }))
}

pub(crate) async fn run(args: NewArgs, dir: &Path) -> anyhow::Result<()> {
    refuse_other_pool(dir)?;
    let rules = chosen(&args)?;
    if rules.consensus.is_none() && rules.makers() == Makers::Pow {
        output::hint("Blocks are mined in this pool (--consensus pow), since it has a target.");
    }
    let competition = imported::read(&args.fixtures, &args.reading).await?;
    let now = time::now();
    let (matches, left_out) = imported::fixtures(&competition, now)?;
    let rounds = imported::rounds(&competition)?;
    let known = known_account(&args, dir)?;
    // Until there is a wallet, another key stands for the one that will be made.
    let own = match known {
        Some(account) => account,
        None => Key::generate()?.account(),
    };
    let name = Text::new(args.name.as_str()).context("the pool's name cannot be used")?;
    let organisers_now = organisers(own, &args.organisers);
    let mut genesis = rules
        .genesis(name, now, organisers_now, matches, &rounds)
        .map_err(rulesfile::explained)?;
    let consensus = |own, key, organisers: &[AccountId]| {
        let consensus = rules.consensus(first(own, key), organisers.len());
        consensus.map_err(rulesfile::explained)
    };
    if let Some(v2) = &mut genesis.v2 {
        let zone = args.reading.day_zone();
        v2.days = Some(imported::days(&competition, &genesis.matches, &zone));
    }
    genesis.consensus = consensus(own, ValidatorKey(own.0), &genesis.organisers)?;
    warn(&competition, &genesis, left_out);
    if let Some(note) = who_records(&rules, &genesis) {
        output::hint(note);
    }
    if args.dry_run {
        return show(&genesis, args.common.json);
    }

    let home = Home::open(dir)?;
    let (wallet, is_new) = args.common.passphrase.open_or_create(&home)?;
    let account = wallet.player().account();
    genesis.organisers = organisers(account, &args.organisers);
    if rules.makers() != Makers::Pow {
        genesis.consensus = consensus(account, home.validator_key()?, &genesis.organisers)?;
    }
    genesis.check()?;
    home.set_genesis(&genesis)?;
    let name = match &args.player {
        Some(name) => Some(name.to_string()),
        None => home.profile()?.name,
    };
    home.set_profile(&Profile {
        name,
        account: Some(account),
    })?;
    if args.common.json {
        return output::json(&json!({
            "pool": genesis.pool_id().to_string(),
            "name": genesis.name,
            "consensus": genesis.consensus.name(),
            "home": home.dir(),
            "genesis": home.dir().join("genesis.json"),
            "account": account.to_string(),
            "organisers": genesis.organisers,
            "matches": genesis.matches.len(),
            "new_wallet": is_new,
        }));
    }
    tell(&home, &genesis, is_new)
}

/// The file's rules, with the flags over them.
fn chosen(args: &NewArgs) -> anyhow::Result<PoolFile> {
    let mut rules = match &args.rules {
        Some(path) => rulesfile::read(path)?,
        None => PoolFile::default(),
    };
    if let Some(scheme) = &args.scheme {
        rules.scheme = Some(scheme.clone());
        rules.scoring = None;
    }
    rules.membership = args.membership.or(rules.membership);
    rules.bets = args.tips.or(rules.bets);
    rules.results = args.results.or(rules.results);
    rules.schedules = args.schedules.or(rules.schedules);
    rules.dispute_window = args.dispute_window.or(rules.dispute_window);
    rules.deadline_lead = args.deadline_lead.or(rules.deadline_lead);
    rules.starting_chips = args.chips.or(rules.starting_chips);
    rules.target = args.target.or(rules.target);
    rules.consensus = args.consensus.or(rules.consensus);
    rules.appoint = args.appoint.or(rules.appoint);
    Ok(rules)
}

/// You and those named, each once.
fn organisers(own: AccountId, others: &[AccountId]) -> Vec<AccountId> {
    let mut seen = BTreeSet::new();
    std::iter::once(own)
        .chain(others.iter().copied())
        .filter(|organiser| seen.insert(*organiser))
        .collect()
}

/// The account of a wallet that is there already. A dry run asks nobody for its passphrase.
fn known_account(args: &NewArgs, dir: &Path) -> anyhow::Result<Option<AccountId>> {
    let flags = &args.common.passphrase;
    let wallet = if args.dry_run && dir.is_dir() {
        flags.open_quietly(&Home::open(dir)?)?
    } else {
        flags.open_if_there(dir)?
    };
    Ok(wallet.map(|wallet| wallet.player().account()))
}

/// A home keeps one pool. This is checked first.
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
