//! The fixtures that the command line names: a file, the URL of one, or what is pasted.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use anyhow::Context as _;
pub(crate) use bolao_fixtures::pool::{days, matches as fixtures, rounds};
use bolao_fixtures::{
    Competition, DateOrder, Fixture, ImportOptions, MAX_FILE_BYTES, Oddity, UnixSeconds, decode,
    import, oddities,
};
use clap::{Args, ValueEnum};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use url::Url;

use crate::{download, input, output, parse, time};

/// The place of a file of fixtures.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Web(Url),
    /// `-` is the standard input.
    File(PathBuf),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let url = Url::parse(text).ok();
        let web = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        Ok(web.map_or_else(|| Self::File(text.into()), Self::Web))
    }
}

/// The flags for what a file of fixtures may not say itself.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadingArgs {
    /// Whose local time the file's times are, such as Europe/Lisbon, where it does not say
    #[arg(long, value_parser = parse::zone, value_name = "ZONE")]
    zone: Option<TimeZone>,
    /// Which number of 05/06/2026 is first, where the file does not show it
    #[arg(long, value_enum, value_name = "ORDER")]
    dates: Option<Order>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    DayMonth,
    MonthDay,
}

impl ReadingArgs {
    /// The zone that the command line says.
    pub(crate) const fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// The zone of the days of matches without a time.
    pub(crate) fn day_zone(&self) -> TimeZone {
        self.zone.clone().unwrap_or(TimeZone::UTC)
    }
}

impl Place {
    /// The name of a competition that does not say it: the file's without its ending.
    fn name(&self) -> Option<String> {
        let path = match self {
            Self::File(path) => path.clone(),
            Self::Web(url) => PathBuf::from(url.path()),
        };
        let stem = path.file_stem()?.to_string_lossy().into_owned();
        let fits = stem.chars().count() <= bolao_fixtures::MAX_NAME_CHARS;
        let plain = fits && stem != "-" && !stem.chars().any(char::is_control);
        plain.then_some(stem)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Web(url) => url.fmt(f),
            Self::File(path) if path.as_os_str() == "-" => f.write_str("the standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The fixtures at a place, which is read as far as the importer reads files.
pub(crate) async fn read(place: &Place, args: &ReadingArgs) -> anyhow::Result<Competition> {
    let text = match place {
        Place::Web(url) => download::text(url, MAX_FILE_BYTES).await?,
        Place::File(path) => {
            let bytes = input::bytes(path, MAX_FILE_BYTES, "a file of fixtures")?;
            decode(&bytes).into_owned()
        }
    };
    let options = ImportOptions {
        zone: args.zone.clone(),
        dates: args.dates.map(|order| match order {
            Order::DayMonth => DateOrder::DayMonth,
            Order::MonthDay => DateOrder::MonthDay,
        }),
        now: Some(now()),
        name: place.name(),
    };
    import(&text, &options).with_context(|| format!("cannot use {place}"))
}

/// Warns of what was doubtful, and of what was left out.
pub(crate) fn warn(competition: &Competition) {
    for warning in &competition.warnings {
        output::hint!("warning: {warning}");
    }
    for summary in &competition.left_out {
        output::hint!("warning: left out: {summary}");
    }
}

/// Its oddities now. Days are those of the zone.
pub(crate) fn odd(competition: &Competition, zone: &TimeZone) -> Vec<Oddity> {
    oddities(competition, now(), zone)
}

/// This machine's clock.
pub(crate) fn now() -> UnixSeconds {
    UnixSeconds(i64::try_from(time::now().0).unwrap_or(i64::MAX))
}

/// The content of a file and its oddities, as JSON.
pub(crate) fn shown(competition: &Competition, zone: &TimeZone) -> Value {
    json!({
        "name": competition.name,
        "matches": competition.matches.iter().map(as_json).collect::<Vec<_>>(),
        "warnings": competition.warnings.iter().map(|it| json!({
            "code": it.code,
            "kind": it.kind,
            "says": it.kind.to_string(),
        })).collect::<Vec<_>>(),
        "left_out": competition.left_out,
        "odd": odd(competition, zone),
    })
}

/// When a match begins.
pub(crate) fn kickoff(game: &Fixture) -> Option<Timestamp> {
    Timestamp::from_second(game.kickoff?.0).ok()
}

/// A match with its kick-off as the API writes instants.
fn as_json(game: &Fixture) -> Value {
    let mut value = json!(game);
    if let Some(at) = value.get_mut("kickoff") {
        *at = json!(kickoff(game));
    }
    value
}
