//! What the page of the first run sends. `README.md` beside it has it with the answers.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use bolao_api::body::Viewers;
use bolao_feeds::Known;
use bolao_fixtures::{Competition, DateOrder, ImportOptions, MAX_FILE_BYTES, Patience, import};
use bolao_ledger::{AccountId, Name, PoolFile, Text};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use crate::{
    imported::{self, Place},
    making::Wish,
    parse, time,
};

/// The most time for an answer: a file from the web has half of it.
pub(super) const TIMEOUT: Duration = Duration::from_mins(1);

/// The patience with what somebody chose, from now on.
pub(super) fn patience() -> Patience {
    let end = Instant::now() + TIMEOUT;
    Patience::while_so(move || Instant::now() < end)
}

/// Fixtures, as a text or where they are, and what they may not say themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixturesAsk {
    text: Option<String>,
    url: Option<String>,
    /// The code of a competition that is known.
    competition: Option<String>,
    #[serde(default, deserialize_with = "zone")]
    zone: Option<TimeZone>,
    dates: Option<Order>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    DayMonth,
    MonthDay,
}

impl FixturesAsk {
    /// The zone of the days of matches without a time.
    pub(super) fn day_zone(&self) -> TimeZone {
        self.zone_of_times().unwrap_or(TimeZone::UTC)
    }

    fn zone_of_times(&self) -> Option<TimeZone> {
        let known = self.known().ok().flatten();
        let known = known.and_then(|known| TimeZone::get(known.zone).ok());
        self.zone.clone().or(known)
    }

    /// The competition, where it is one that is known.
    pub(super) fn known(&self) -> anyhow::Result<Option<Known>> {
        let code = self.competition.as_deref();
        Ok(code.map(bolao_feeds::find).transpose()?)
    }

    /// The competition at the place, and the day of the copy that it is, if it is one.
    pub(super) async fn read(&self) -> anyhow::Result<(Competition, Option<Date>)> {
        let known = self.known()?;
        let mut copy = None;
        let text = match (&self.text, &self.url, &known) {
            (Some(text), None, _) => Cow::Borrowed(text.as_str()),
            (None, None, Some(known)) => {
                let (text, made) = imported::known_list(known).await?;
                copy = made;
                text.into()
            }
            (None, Some(url), None) => {
                let place = Url::parse(url).ok();
                let web = place.filter(|place| matches!(place.scheme(), "http" | "https"));
                let web = web.with_context(|| {
                    format!("got `{url}`, wanted an address that begins with http:// or https://")
                })?;
                bolao_feeds::text(&web, MAX_FILE_BYTES).await?.into()
            }
            _ => bail!("wanted the fixtures as one of `text`, `url` and `competition`"),
        };
        let options = ImportOptions {
            zone: self.zone_of_times(),
            dates: self.dates.map(|order| match order {
                Order::DayMonth => DateOrder::DayMonth,
                Order::MonthDay => DateOrder::MonthDay,
            }),
            now: Some(imported::now()),
            name: None,
            provisional: known.is_some(),
            patience: patience(),
        };
        let mut competition = import(&text, &options)?;
        if let Some(known) = known {
            let place = Place::Known(Box::new(known));
            imported::drop_begun(&mut competition, &place)?;
        }
        Ok((competition, copy))
    }
}

/// A pool to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PoolAsk {
    name: Text<64>,
    #[serde(deserialize_with = "player")]
    player: Name,
    fixtures: FixturesAsk,
    /// As in a file of rules.
    #[serde(default)]
    rules: PoolFile,
    #[serde(default)]
    organisers: Vec<AccountId>,
    /// Whether the node reads the competition's results from the web; true if absent.
    sources: Option<bool>,
    /// The people who may look at the node's page; as `begin` says if absent.
    viewers: Option<Viewers>,
}

impl PoolAsk {
    pub(super) async fn wish(self) -> anyhow::Result<Wish> {
        Ok(Wish {
            name: self.name,
            player: Some(self.player),
            competition: self.fixtures.read().await?.0,
            zone: self.fixtures.day_zone(),
            rules: self.rules,
            organisers: self.organisers,
            sources: self
                .fixtures
                .known()?
                .filter(|_| self.sources != Some(false))
                .and_then(|known| imported::sources(&Place::Known(Box::new(known)))),
            viewers: self.viewers,
            now: time::now(),
        })
    }
}

/// A pool to be joined.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinAsk {
    pub(super) link: String,
    #[serde(deserialize_with = "player")]
    pub(super) player: Name,
}

fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TimeZone>, D::Error> {
    let name = Option::<String>::deserialize(from)?;
    let zone = name.map(|name| parse::zone(&name)).transpose();
    zone.map_err(D::Error::custom)
}

fn player<'de, D: Deserializer<'de>>(from: D) -> Result<Name, D::Error> {
    let name = String::deserialize(from)?;
    parse::new_name(&name).map_err(D::Error::custom)
}
