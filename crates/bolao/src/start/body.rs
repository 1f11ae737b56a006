//! What the page of the first run sends. `README.md` beside it has it with the answers.

use std::borrow::Cow;

use anyhow::{Context as _, bail};
use bolao_fixtures::{Competition, DateOrder, ImportOptions, MAX_FILE_BYTES, import};
use bolao_ledger::{AccountId, Name, PoolFile, Text};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use crate::{download, imported, making::Wish, parse, time};

/// Fixtures, as a text or where they are, and what they may not say themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FixturesAsk {
    text: Option<String>,
    url: Option<String>,
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
        self.zone.clone().unwrap_or(TimeZone::UTC)
    }

    /// The competition at the place.
    pub(super) async fn read(&self) -> anyhow::Result<Competition> {
        let text = match (&self.text, &self.url) {
            (Some(text), None) => Cow::Borrowed(text.as_str()),
            (None, Some(url)) => {
                let place = Url::parse(url).ok();
                let web = place.filter(|place| matches!(place.scheme(), "http" | "https"));
                let web = web.with_context(|| {
                    format!("got `{url}`, wanted an address that begins with http:// or https://")
                })?;
                download::text(&web, MAX_FILE_BYTES).await?.into()
            }
            _ => bail!("wanted the fixtures as either `text` or `url`"),
        };
        let options = ImportOptions {
            zone: self.zone.clone(),
            dates: self.dates.map(|order| match order {
                Order::DayMonth => DateOrder::DayMonth,
                Order::MonthDay => DateOrder::MonthDay,
            }),
            now: Some(imported::now()),
            name: None,
        };
        Ok(import(&text, &options)?)
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
}

impl PoolAsk {
    pub(super) async fn wish(self) -> anyhow::Result<Wish> {
        Ok(Wish {
            name: self.name,
            player: Some(self.player),
            competition: self.fixtures.read().await?,
            zone: self.fixtures.day_zone(),
            rules: self.rules,
            organisers: self.organisers,
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
