//! RULES.toml: a pool's rules, each over its default. `docs/rules-example.toml` shows every key.

use std::{io::Read as _, path::Path};

use anyhow::{Context as _, bail};
use bolao_ledger::{
    Base, Chips, Genesis, Membership, NobodyRight, PRESETS, Scoring, TargetRule, TieBreak, TipMode,
    preset,
};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{duration, imported::Round, input, parse, quorum::Quorum};

mod stages;

use stages::StageTable;

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;
/// The scheme of a pool that brings its own points.
const CUSTOM: &str = "custom";
/// What Kicktipp's site calls the scheme `kicktipp`.
pub(crate) const KICKTIPPS_OWN: &str = "kt432";

/// What the file or the command line says; what neither says is left to the defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesFile {
    pub(crate) membership: Option<Membership>,
    #[serde(alias = "chips")]
    pub(crate) starting_chips: Option<u64>,
    #[serde(default, deserialize_with = "target")]
    pub(crate) target: Option<TargetRule>,
    #[serde(default, alias = "max_future_s", deserialize_with = "length")]
    max_future: Option<u32>,
    pub(crate) tips: Option<TipMode>,
    #[serde(default, alias = "deadline_lead_s", deserialize_with = "length")]
    pub(crate) deadline_lead: Option<u32>,
    #[serde(default, alias = "opening_window_s", deserialize_with = "length")]
    opening_window: Option<u32>,
    later_kickoff_reopens: Option<bool>,
    #[serde(default, alias = "results_quorum", deserialize_with = "quorum")]
    pub(crate) results: Option<Quorum>,
    #[serde(default, alias = "schedule_quorum", deserialize_with = "quorum")]
    pub(crate) schedules: Option<Quorum>,
    #[serde(default, alias = "dispute_window_s", deserialize_with = "length")]
    pub(crate) dispute_window: Option<u32>,
    pub(crate) scheme: Option<String>,
    pub(crate) scoring: Option<Scoring>,
    #[serde(default, deserialize_with = "base")]
    base: Option<Base>,
    awarded_counts: Option<bool>,
    tie_breaks: Option<Vec<TieBreak>>,
    stake_min: Option<u64>,
    stake_max: Option<u64>,
    nobody_right: Option<NobodyRight>,
    transfers: Option<bool>,
    #[serde(default)]
    stages: Vec<StageTable>,
}

impl RulesFile {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let mut text = String::new();
        let got = input::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
            .with_context(|| format!("cannot read the rules from {}", path.display()))?;
        if u64::try_from(got).unwrap_or(u64::MAX) > MAX_BYTES {
            bail!(
                "{} is longer than {MAX_BYTES} bytes, which no file of rules is",
                path.display()
            );
        }
        Self::parse(&text).with_context(|| format!("cannot use the rules in {}", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            // The library's own text draws the line, over several lines.
            anyhow::anyhow!("line {line}: {}", error.message().replace('\n', " "))
        })
    }

    /// Puts the rules into a genesis that has its organisers.
    pub(crate) fn apply(&self, genesis: &mut Genesis, rounds: &[Round]) -> anyhow::Result<()> {
        set(&mut genesis.membership, self.membership);
        set(&mut genesis.starting_chips, self.starting_chips.map(Chips));
        set(&mut genesis.target, self.target);
        set(&mut genesis.max_future_s, self.max_future);
        let organisers = genesis.organisers.len();
        let rules = &mut genesis.rules;
        set(&mut rules.tips, self.tips);
        set(&mut rules.deadline_lead_s, self.deadline_lead);
        set(&mut rules.opening_window_s, self.opening_window);
        set(&mut rules.later_kickoff_reopens, self.later_kickoff_reopens);
        set(&mut rules.dispute_window_s, self.dispute_window);
        let among = |quorum: Option<Quorum>| quorum.map(|quorum| quorum.among(organisers));
        set(
            &mut rules.results_quorum,
            among(self.results)
                .transpose()
                .context("results: how many organisers must sign")?,
        );
        set(
            &mut rules.schedule_quorum,
            among(self.schedules)
                .transpose()
                .context("schedules: how many organisers must sign")?,
        );
        set(&mut rules.scoring, self.points()?);
        set(&mut rules.base, self.base);
        set(&mut rules.awarded_counts, self.awarded_counts);
        set(&mut rules.stake_min, self.stake_min.map(Chips));
        set(&mut rules.stake_max, self.stake_max.map(Chips));
        set(&mut rules.nobody_right, self.nobody_right);
        set(&mut genesis.v2.transfers, self.transfers);
        if let Some(tie_breaks) = &self.tie_breaks {
            rules.tie_breaks.clone_from(tie_breaks);
        }
        rules.stages = stages::rules(&self.stages, rules.base, rounds)?;
        Ok(())
    }

    fn points(&self) -> anyhow::Result<Option<Scoring>> {
        match (self.scheme.as_deref(), self.scoring) {
            (None, points) => Ok(points),
            (Some(CUSTOM), Some(points)) => Ok(Some(points)),
            (Some(CUSTOM), None) => bail!(
                "the scheme is `{CUSTOM}` but no points are there: give them in a table [scoring]"
            ),
            (Some(name), Some(_)) => bail!(
                "got the scheme `{name}` and a table [scoring], wanted one of the two: leave one out, or say scheme = \"{CUSTOM}\""
            ),
            (Some(name), None) => match preset(known_as(name)) {
                Some(points) => Ok(Some(points)),
                None => bail!(
                    "got the scheme `{name}`, wanted {} or {CUSTOM}",
                    schemes().join(", ")
                ),
            },
        }
    }
}

/// The preset that is meant: one of them has a second name.
fn known_as(name: &str) -> &str {
    match name {
        KICKTIPPS_OWN => "kicktipp",
        name => name,
    }
}

/// The names of the presets.
pub(crate) fn schemes() -> Vec<&'static str> {
    PRESETS.iter().map(|(name, _)| *name).collect()
}

fn set<T>(there: &mut T, chosen: Option<T>) {
    if let Some(chosen) = chosen {
        *there = chosen;
    }
}

/// What may be written as a number or as a text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "wanted a number or a text")]
enum Written {
    Number(i64),
    Text(String),
}

impl Written {
    fn read<'de, D: Deserializer<'de>, T>(
        deserializer: D,
        read: impl FnOnce(&Self) -> Result<T, String>,
    ) -> Result<Option<T>, D::Error> {
        read(&Self::deserialize(deserializer)?)
            .map(Some)
            .map_err(D::Error::custom)
    }
}

fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    Written::read(deserializer, |written| match written {
        Written::Number(seconds) => u32::try_from(*seconds).map_err(|_| {
            format!("got {seconds} seconds, wanted 0 or more, or a text such as \"15m\"")
        }),
        Written::Text(text) => duration::seconds(text),
    })
}

fn quorum<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Quorum>, D::Error> {
    Written::read(deserializer, |written| match written {
        Written::Number(number) => number.to_string().parse(),
        Written::Text(text) => text.parse(),
    })
}

fn base<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Base>, D::Error> {
    Written::read(deserializer, |written| {
        let text = match written {
            Written::Number(number) => &number.to_string(),
            Written::Text(text) => text,
        };
        match text.as_str() {
            "90" => Ok(Base::After90),
            "120" => Ok(Base::After120),
            other => Err(format!(
                "got `{other}`, wanted 90 or 120: the score after so many minutes counts"
            )),
        }
    })
}

fn target<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TargetRule>, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse::target(&text).map(Some).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests;
