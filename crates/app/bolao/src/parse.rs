//! What stands on the command line, as values.

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
};

use anyhow::{Context as _, bail};
use bolao_api::{MiningMode, body::Viewers};
use bolao_ledger::{AccountId, AccountIdError, MAX_BETS, Name, Score, misleading};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::de::DeserializeOwned;

use crate::exit::usage;

/// An IP address, or `localhost` for 127.0.0.1.
pub(crate) fn ip(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse()
        .map_err(|_| "wanted an IP address such as 127.0.0.1".to_owned())
}

/// A number of seconds, one or more.
pub(crate) fn seconds(text: &str) -> Result<NonZeroU32, String> {
    text.parse()
        .map_err(|_| "wanted a number of seconds, 1 or more".to_owned())
}

/// An address of this machine.
pub(crate) fn own_ip(text: &str) -> Result<IpAddr, String> {
    ip(text).map_err(|_| {
        "wanted an address of this machine, such as 192.168.1.20, or 0.0.0.0 for all; a name goes to --advertise".to_owned()
    })
}

/// An address and a port; the address may be `localhost`.
#[cfg(feature = "stratum")]
pub(crate) fn address(text: &str) -> Result<std::net::SocketAddr, String> {
    let address = text.rsplit_once(':').and_then(|(host, port)| {
        let local = host.eq_ignore_ascii_case("localhost");
        local.then(|| {
            port.parse()
                .ok()
                .map(|port| (Ipv4Addr::LOCALHOST, port).into())
        })?
    });
    address
        .or_else(|| text.parse().ok())
        .ok_or_else(|| "wanted an IP address and a port, such as 127.0.0.1:3333".to_owned())
}

/// An account. A name is none: it stands for nobody before a pool is there.
pub(crate) fn account(text: &str) -> Result<AccountId, String> {
    text.parse().map_err(|error: AccountIdError| {
        if text.starts_with("bolao1") {
            return error.to_string();
        }
        "wanted an account, which begins with bolao1: its owner can see it with `bolao wallet account`"
            .to_owned()
    })
}

/// The name of a new player.
pub(crate) fn new_name(text: &str) -> Result<Name, String> {
    let name = Name::new(text).map_err(|error| error.to_string())?;
    // Plain letters show words in disguise; the brackets that stand for "no such letter" are nobody's.
    let plain = deunicode::deunicode(text).replace(['(', ')', '[', ']'], " ");
    match misleading(text).or_else(|| misleading(&plain)) {
        Some(part) => Err(format!(
            "`{part}` in a name could mislead others: choose another name"
        )),
        None => Ok(name),
    }
}

/// The value that files write by this name.
pub(crate) fn named<T: DeserializeOwned>(name: String) -> serde_json::Result<T> {
    serde_json::from_value(name.into())
}

/// Those who may look at a page, as files name them.
pub(crate) fn viewers() -> impl TypedValueParser<Value = Viewers> {
    PossibleValuesParser::new(["everybody", "players"]).try_map(named::<Viewers>)
}

/// When to look for blocks.
pub(crate) fn mining() -> impl TypedValueParser<Value = MiningMode> {
    PossibleValuesParser::new([
        PossibleValue::new("manual").help("When you call `bolao mine`"),
        PossibleValue::new("pending").help("When transactions are waiting"),
        PossibleValue::new("always").help("Always"),
    ])
    .try_map(named::<MiningMode>)
}

/// A zone of the IANA database.
pub(crate) fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "wanted a time zone such as Europe/Lisbon or UTC".to_owned())
}

/// An instant with its offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| {
        "wanted a time with its offset, such as 2026-06-11T20:00:00Z or 2026-06-11T21:00:00+01:00"
            .to_owned()
    })
}

/// A day of the calendar.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    let wanted = "wanted a date that exists, such as 2026-06-11";
    text.parse().map_err(|_| wanted.to_owned())
}

/// Hours, in seconds.
pub(crate) fn hours(text: &str) -> Result<u64, String> {
    let hours: Option<u64> = text.parse().ok();
    hours
        .and_then(|hours| hours.checked_mul(3_600))
        .ok_or_else(|| "wanted a whole number of hours such as 24".to_owned())
}

/// The advice for a code and a score in one word, if it is that.
fn joined(word: &str) -> Option<String> {
    let splits = word.char_indices().skip(1);
    let mut splits = splits.filter_map(|(at, _)| word.split_at_checked(at));
    let (code, score) = splits.find(|(_, score)| score.parse::<Score>().is_ok())?;
    Some(format!(
        "`{word}` needs a space between the code and the score: write `{code} {score}`"
    ))
}

/// `MATCH SCORE` pairs, as many as fit into one transaction.
pub(crate) fn tips(words: &[String]) -> anyhow::Result<Vec<(&str, Score)>> {
    let mut tips = Vec::new();
    for pair in words.chunks(2) {
        let [code, score] = pair else {
            let code = pair.first().map_or("", String::as_str);
            return Err(usage(joined(code).unwrap_or_else(|| {
                format!("`{code}` has no score: each match needs one, such as `{code} 2-1`")
            })));
        };
        if code.parse::<Score>().is_ok() && score.parse::<Score>().is_err() {
            return Err(usage(format!(
                "the code comes first, then the score: {score} {code}"
            )));
        }
        if score.chars().all(|c| c.is_ascii_digit()) {
            return Err(usage(format!(
                "`{score}` is one number, but a score has two with a hyphen and no space: write `{code} {score}-1`"
            )));
        }
        let score = score
            .parse()
            .with_context(|| format!("the score of `{code}` cannot be used"))
            .map_err(|error| usage(crate::exit::sentence(&error)))?;
        tips.push((code.as_str(), score));
    }
    if tips.len() > MAX_BETS {
        bail!(
            "got {} bets, one bet holds at most {MAX_BETS}: place the rest with another",
            tips.len()
        );
    }
    Ok(tips)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn zones_and_instants() {
        assert!(zone("Europe/Lisbon").is_ok());
        assert!(zone("UTC").is_ok());
        assert!(zone("Lisbon").is_err());
        let utc = instant("2019-06-05T18:45:00Z").unwrap();
        assert_eq!(instant("2019-06-05T20:45:00+02:00").unwrap(), utc);
        for bad in ["", "2019-06-05", "2019-06-05T18:45:00", "yesterday"] {
            assert!(instant(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses() {
        assert_eq!(ip("localhost").unwrap(), ip("127.0.0.1").unwrap());
        assert!(ip("::1").is_ok());
        assert!(ip("example.org").is_err());
        assert!(account("bruno").unwrap_err().contains("wallet account"));
        assert!(account("bolao1x").unwrap_err().contains("bech32m"));
    }

    #[test]
    fn no_new_player_is_called_what_decides() {
        for bad in [
            "ana (organiser)",
            "System",
            "Bolão",
            "the-validator",
            "ana (you)",
            "you",
            "",
        ] {
            assert!(new_name(bad).is_err(), "{bad}");
        }
        for good in [
            "ana",
            "Bento da Silva",
            "systematic",
            "Youssef",
            "Ana ©",
            "𐎀𐎁",
        ] {
            assert!(new_name(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn tips_come_in_pairs() {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(Into::into).collect() };
        let given = words("PtCh 2-1 NlEn 1:1");
        let parsed = tips(&given).unwrap();
        assert_eq!(
            parsed,
            [
                ("PtCh", Score::new(2, 1).unwrap()),
                ("NlEn", Score::new(1, 1).unwrap())
            ]
        );
        for bad in ["PtCh", "PtCh 2-1 NlEn", "PtCh 2", "PtCh 100-0", "PtCh a-b"] {
            let error = tips(&words(bad)).unwrap_err();
            assert!(error.is::<crate::exit::Usage>(), "{bad}");
        }
        for (bad, wanted) in [
            ("2-1 PtCh", "first, then the score: PtCh 2-1"),
            ("PtCh 2 1", "write `PtCh 2-1`"),
            ("PtCh2-1", "write `PtCh 2-1`"),
        ] {
            let error = tips(&words(bad)).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
        let many: Vec<String> = (0..=MAX_BETS)
            .flat_map(|no| [format!("M{no}"), "1-0".to_owned()])
            .collect();
        assert!(tips(&many).is_err());
    }

    #[test]
    fn hours_are_whole() {
        assert_eq!(hours("24"), Ok(86_400));
        assert_eq!(hours("0"), Ok(0));
        for bad in ["", "-1", "1.5", "a day", "99999999999999999"] {
            assert!(hours(bad).is_err(), "{bad}");
        }
    }
}
