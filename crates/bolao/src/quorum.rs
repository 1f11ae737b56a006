//! How many organisers must agree, as people write it: `2-of-3`.

use std::str::FromStr;

use crate::exit::usage;

/// `m` of `n` organisers; `n` is only there to be compared with how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quorum {
    needed: u8,
    of: Option<u8>,
}

impl FromStr for Quorum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = || format!("got `{text}`, wanted how many organisers, such as 2 or 2-of-3");
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| wanted());
        let quorum = match text.split_once("-of-") {
            Some((needed, of)) => Self {
                needed: number(needed)?,
                of: Some(number(of)?),
            },
            None => Self {
                needed: number(text)?,
                of: None,
            },
        };
        if quorum.needed == 0 || quorum.of.is_some_and(|of| quorum.needed > of) {
            return Err(wanted());
        }
        Ok(quorum)
    }
}

impl Quorum {
    /// How many must agree, in a pool with as many organisers.
    pub(crate) fn among(self, organisers: usize) -> anyhow::Result<u8> {
        let fits = match self.of {
            Some(of) => usize::from(of) == organisers,
            None => usize::from(self.needed) <= organisers,
        };
        if fits {
            return Ok(self.needed);
        }
        let got = match self.of {
            Some(of) => format!("{}-of-{of}", self.needed),
            None => self.needed.to_string(),
        };
        let there = match organisers {
            1 => "you are the only organiser".to_owned(),
            more => format!("there are {more} organisers, you among them"),
        };
        Err(usage(format!(
            "got {got}, but {there}: name the others with --organiser ACCOUNT, which `bolao wallet account` shows them"
        )))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn quorums_are_held_against_how_many_there_are() {
        let among = |text: &str, organisers| text.parse::<Quorum>().unwrap().among(organisers);
        assert_eq!(among("2-of-3", 3).unwrap(), 2);
        assert_eq!(among("2", 3).unwrap(), 2);
        assert_eq!(among("1", 1).unwrap(), 1);
        for (text, organisers) in [("2-of-3", 2), ("2-of-3", 4), ("2", 1), ("2-of-3", 1)] {
            let error = among(text, organisers).unwrap_err();
            assert!(error.to_string().contains("--organiser"), "{error}");
        }
        for bad in [
            "", "0", "0-of-3", "4-of-3", "two", "2of3", "-1", "300", "2-of-",
        ] {
            assert!(bad.parse::<Quorum>().is_err(), "{bad}");
        }
    }
}
