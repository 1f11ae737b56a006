//! `bolao new`: a pool from a file of fixtures.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bolao_api::body::Viewers;
use bolao_feeds::KnownError;
use bolao_fixtures::pool::zone_name;
use bolao_ledger::{
    AccountId, BetMode, DEFAULT_TARGET, Features, Makers, Membership, Name, PRESET_ALIASES,
    PRESETS, PoolFile, QuorumWritten, TargetRule, Text, features_by_name, seconds,
};
use bolao_node::Home;
use clap::{
    ArgGroup, Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _},
};
use serde_json::json;

use words::{next, show, tell, warn};

use crate::{
    after,
    imported::{self, Place, ReadingArgs},
    making::Wish,
    output, parse,
    passphrase::CommonArgs,
    rulesfile, time,
};

mod words;

/// Makes a pool from a file of fixtures, with you as an organiser
#[derive(Args, Clone, Debug)]
#[command(
    group = ArgGroup::new("matches").required(true),
    after_help = "Defaults: by invitation, sealed bets, scheme kicktipp, 1000 chips, one organiser signs \
        results, schedules and who organises (two sign once there are two), 24 hours to object to a result, bets until kick-off.\nRULES.toml \
        holds the same and more (stages, custom points, tie-breaks, stakes); flags override it."
)]
pub(crate) struct NewArgs {
    /// Name of the pool
    name: String,
    /// Matches: a competition's code, a file, its URL, or - to paste a list; see `bolao fixtures`
    #[arg(long, value_name = "PLACE", group = "matches")]
    fixtures: Option<Place>,
    /// Matches of a known competition, such as en.1.2026-27; see `bolao competitions`
    #[arg(long, value_name = "CODE", value_parser = competition, group = "matches")]
    competition: Option<Place>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Your name as a player; without it you cannot bet until you join with a name
    #[arg(long = "as", value_name = "PLAYER", value_parser = parse::new_name)]
    player: Option<Name>,
    /// Rules from a file
    #[arg(long, value_name = "RULES.toml")]
    rules: Option<PathBuf>,
    /// Play as a famous game does, where nothing else is said; --dry-run explains it in full
    #[arg(long, value_parser = PossibleValuesParser::new(PoolFile::GAMES), value_name = "GAME")]
    game: Option<String>,
    /// How points are awarded; --dry-run explains each in full [default: kicktipp]
    #[arg(long, value_parser = scheme(), value_name = "SCHEME")]
    scheme: Option<String>,
    /// Who may join: anyone, or only people with a link from `bolao invite` [default: invite]
    #[arg(long, value_parser = PossibleValuesParser::new(["open", "invite"]).try_map(parse::named::<Membership>), value_name = "WHO")]
    membership: Option<Membership>,
    /// Who can look at the pool: everybody with a node's address, or only players [default: everybody]
    #[arg(long, value_parser = parse::viewers(), value_name = "WHO")]
    viewers: Option<Viewers>,
    /// When others see bets: at once (open), or from kick-off (sealed) [default: sealed]
    #[arg(long, value_parser = PossibleValuesParser::new(["open", "sealed"]).try_map(parse::named::<BetMode>), value_name = "HOW")]
    tips: Option<BetMode>,
    /// An optional rule, such as jokers (repeatable); --dry-run explains it, and RULES.toml holds other numbers
    #[arg(long = "with", value_parser = PossibleValuesParser::new(features_by_name()), value_name = "WHAT")]
    features: Vec<String>,
    /// Another account that schedules matches and signs results (repeatable)
    #[arg(long = "organiser", value_parser = parse::account, value_name = "ACCOUNT")]
    organisers: Vec<AccountId>,
    /// How many organisers must sign a result, such as 2, 2-of-3 or two-once-two [default: two-once-two, which is one
    /// signature while there is one organiser, and two once there are two]
    #[arg(long, value_name = "M[-of-N]")]
    results: Option<QuorumWritten>,
    /// How many organisers must sign a match's schedule, such as 2, 2-of-3 or two-once-two [default: two-once-two]
    #[arg(long, value_name = "M[-of-N]")]
    schedules: Option<QuorumWritten>,
    /// How long players can object to a result, and organisers correct it, such as 24h
    #[arg(long, value_parser = seconds, value_name = "TIME")]
    dispute_window: Option<u32>,
    /// How long before kick-off betting ends, such as 15m
    #[arg(long, value_parser = seconds, value_name = "TIME")]
    deadline_lead: Option<u32>,
    /// Chips that each player starts with
    #[arg(long)]
    chips: Option<u64>,
    /// Who makes the blocks: validators, at first only your node (pos); miners (pow); or miners, with validators who
    /// make blocks final (hybrid) [default: pos, or pow if a target is given]
    #[arg(long, value_parser = str::parse::<Makers>, value_name = "KIND")]
    consensus: Option<Makers>,
    /// How many organisers must sign who is added or removed as a validator, such as 2, 2-of-3 or two-once-two [default:
    /// as many as sign anything else]
    #[arg(long, value_name = "M[-of-N]")]
    appoint: Option<QuorumWritten>,
    #[arg(
        long,
        value_parser = str::parse::<TargetRule>,
        value_name = "RULE",
        help = format!("How hard blocks are to mine: fixed:BITS or asert:BITS:INTERVAL:HALFLIFE (seconds) [default: \
            {DEFAULT_TARGET}]")
    )]
    target: Option<TargetRule>,
    /// The pool of this home that it comes after, by its code or its name, as next season's does: everybody who played there joins without an
    /// invitation, and the names are kept for them
    #[arg(long, value_name = "POOL")]
    after: Option<String>,
    /// Shows what would be made, with its rules in plain words, and writes nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    common: CommonArgs,
}

fn competition(code: &str) -> Result<Place, KnownError> {
    bolao_feeds::find(code).map(|known| Place::Known(Box::new(known)))
}

fn scheme() -> PossibleValuesParser {
    PossibleValuesParser::new(PRESETS.iter().map(|(name, _)| {
        let aliases = PRESET_ALIASES.iter().filter(|(_, meant)| meant == name);
        PossibleValue::new(*name).aliases(aliases.map(|(alias, _)| *alias))
    }))
}

pub(crate) async fn run(args: NewArgs, dir: &Path) -> anyhow::Result<()> {
    let mut rules = chosen(&args)?;
    if let Some(before) = &args.after {
        rules = after::rules(rules, dir, before).await?;
    }
    if rules.consensus.is_none() && rules.makers() == Makers::Pow {
        output::hint("Blocks are mined in this pool (--consensus pow), because it has a target.");
    }
    let place = args.competition.as_ref().or(args.fixtures.as_ref());
    let place = place.context("name the matches: --competition CODE, or --fixtures FILE")?;
    let mut competition = imported::read(place, &args.reading).await?;
    imported::drop_begun(&mut competition, place)?;
    let zone = args.reading.zone_at(place);
    let wish = Wish {
        name: Text::new(args.name.as_str()).context("the pool's name cannot be used")?,
        player: args.player.clone(),
        competition,
        zone: args.reading.day_zone(place),
        rules,
        organisers: args.organisers.clone(),
        sources: imported::sources(place),
        viewers: args.viewers,
        now: time::now(),
    };
    let draft = wish
        .draft(known_account(&args, dir)?)
        .map_err(rulesfile::explained)?;
    let (_, left_out) = imported::fixtures(&wish.competition, wish.now)?;
    warn(&wish, &draft, left_out);
    if args.dry_run {
        return show(&draft, zone.as_ref(), args.common.json);
    }

    let made = wish.make(dir, &args.common.passphrase)?;
    let (home, genesis) = (&made.home, &made.genesis);
    if args.common.json {
        return output::json(&json!({
            "pool": genesis.pool_id().to_string(),
            "name": genesis.name,
            "consensus": genesis.consensus.name(),
            "home": home.dir(),
            "genesis": home.dir().join("genesis.json"),
            "account": made.wallet.player().account().to_string(),
            "organisers": genesis.organisers,
            "matches": genesis.matches.len(),
            "zone": zone.as_ref().map(zone_name),
            "new_wallet": made.wallet_is_new,
        }));
    }
    tell(home, genesis, zone.as_ref())?;
    next(genesis, made.wallet_is_new)
}

/// The file's rules, with the flags over them.
fn chosen(args: &NewArgs) -> anyhow::Result<PoolFile> {
    let file = match &args.rules {
        Some(path) => rulesfile::read(path)?,
        None => PoolFile::default(),
    };
    let flags = PoolFile {
        game: args.game.clone(),
        scheme: args.scheme.clone(),
        membership: args.membership,
        bets: args.tips,
        results: args.results,
        schedules: args.schedules,
        dispute_window: args.dispute_window,
        deadline_lead: args.deadline_lead,
        starting_chips: args.chips,
        target: args.target,
        consensus: args.consensus,
        appoint: args.appoint,
        features: file.features.clone().over(Features::usual(&args.features)),
        ..PoolFile::default()
    };
    Ok(flags.over(file))
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
