//! The fixtures that the command line names: a file, the URL of one, or what is pasted.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bolao_api::body::DateOrderBody;
use bolao_feeds::Known;
pub(crate) use bolao_feeds::Place;
pub(crate) use bolao_fixtures::pool::{days, matches as fixtures, rounds};
use bolao_fixtures::{
    Competition, DateOrder, Fixture, ImportOptions, MAX_FILE_BYTES, Oddity, Patience, UnixSeconds,
    decode, import, oddities,
};
use bolao_node::KeptSources;
use clap::{Args, ValueEnum};
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use serde_json::{Value, json};

use crate::{
    exit::usage,
    input,
    output::{self, count},
    parse, time,
};

/// The flags for what a file of fixtures may not say itself.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReadingArgs {
    /// Time zone of the file's times, if the file does not say, such as Europe/Lisbon
    #[arg(long, value_parser = parse::zone, value_name = "ZONE")]
    zone: Option<TimeZone>,
    /// What comes first in dates such as 05/06/2026, if the file does not show it
    #[arg(long, value_enum, value_name = "ORDER")]
    dates: Option<Order>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    DayMonth,
    MonthDay,
}

impl ReadingArgs {
    /// The zone of the times that a place gives without one, and of its days.
    pub(crate) fn zone_at(&self, place: &Place) -> Option<TimeZone> {
        let known = match place {
            Place::Known(known) => TimeZone::get(known.zone).ok(),
            _ => None,
        };
        self.zone.clone().or(known)
    }

    /// What comes first in dates.
    pub(crate) fn dates(&self) -> Option<DateOrderBody> {
        self.dates.map(|order| match order {
            Order::DayMonth => DateOrderBody::DayMonth,
            Order::MonthDay => DateOrderBody::MonthDay,
        })
    }

    /// The zone of the days of matches without a time.
    pub(crate) fn day_zone(&self, place: &Place) -> TimeZone {
        self.zone_at(place).unwrap_or(TimeZone::UTC)
    }
}

/// The name of a competition that does not say it: the file's without its ending.
pub(crate) fn name(place: &Place) -> Option<String> {
    let path = match place {
        Place::Known(known) => return Some(known.name.clone()),
        Place::File(path) => path.clone(),
        Place::Web(url) => PathBuf::from(url.path()),
    };
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let fits = stem.chars().count() <= bolao_fixtures::MAX_NAME_CHARS;
    let plain = fits && stem != "-" && !stem.chars().any(char::is_control);
    plain.then_some(stem)
}

/// The error of a place that is nothing.
pub(crate) fn unknown(path: &Path) -> anyhow::Error {
    usage(format!(
        "`{}` is neither the code of a competition (see bolao competitions) nor a URL nor a file",
        path.display()
    ))
}

/// The text at a place, as far as the importer reads files.
pub(crate) async fn text(place: &Place) -> anyhow::Result<String> {
    match place {
        Place::Known(known) => Ok(known_list(known).await?.0),
        Place::Web(url) => Ok(bolao_feeds::text(url, MAX_FILE_BYTES).await?),
        Place::File(path) => {
            if path.as_os_str() != "-" && !path.exists() {
                return Err(unknown(path));
            }
            let bytes = input::bytes(path, MAX_FILE_BYTES, "a file of fixtures")?;
            let decoded = decode(&bytes, &Patience::default());
            let decoded = decoded.with_context(|| format!("cannot use {place}"))?;
            for sentence in decoded.unseen.sentences() {
                output::hint!("warning: {sentence}");
            }
            Ok(decoded.text.into_owned())
        }
    }
}

/// The fixtures at a place.
pub(crate) async fn read(place: &Place, args: &ReadingArgs) -> anyhow::Result<Competition> {
    let text = text(place).await?;
    let options = ImportOptions {
        zone: args.zone_at(place),
        dates: args.dates.map(|order| match order {
            Order::DayMonth => DateOrder::DayMonth,
            Order::MonthDay => DateOrder::MonthDay,
        }),
        now: Some(now()),
        name: name(place),
        provisional: matches!(place, Place::Known(_)),
        patience: Patience::default(),
    };
    import(&text, &options).with_context(|| format!("cannot use {place}"))
}

/// The list of a competition that is known, and the day of a copy, which is told.
pub(crate) async fn known_list(known: &Known) -> anyhow::Result<(String, Option<Date>)> {
    known.check(today())?;
    let read = known.read().await?;
    if let Some((made, why)) = &read.copy {
        output::hint!(
            "note: {why}. These are the fixtures of {} that come with this program: kick-offs may have moved since",
            made.strftime("%-d %B %Y")
        );
    }
    Ok((read.text, read.copy.map(|(made, _)| made)))
}

/// Drops what has begun of a competition that is known, since nobody can tip it any more, and says how much; what is over has no
/// match left.
pub(crate) fn drop_begun(competition: &mut Competition, place: &Place) -> anyhow::Result<()> {
    let Place::Known(known) = place else {
        return Ok(());
    };
    let begun = competition.drop_begun(time::now(), |_| false);
    if competition.matches.is_empty() {
        return Err(known.over(today()).into());
    }
    if begun > 0 {
        output::hint!(
            "note: {} already kicked off and {} left out",
            count(begun, "match has", "matches have"),
            if begun == 1 { "is" } else { "are" }
        );
    }
    Ok(())
}

/// The lists that tell results of a competition that is known.
pub(crate) fn sources(place: &Place) -> Option<KeptSources> {
    let Place::Known(known) = place else {
        return None;
    };
    Some(KeptSources {
        on: true,
        competition: Some(known.code.clone()),
        more: Vec::new(),
    })
}

/// The day on this machine.
pub(crate) fn today() -> Date {
    Zoned::now().date()
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
