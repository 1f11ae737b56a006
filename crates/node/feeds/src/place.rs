//! The place of a list.

use std::{convert::Infallible, fmt, iter, path::PathBuf, str::FromStr};

use url::Url;

use crate::Known;

/// The place of a list of matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A competition that is known by its code.
    Known(Box<Known>),
    /// A page of the web.
    Web(Url),
    /// A file; `-` is the standard input.
    File(PathBuf),
}

impl Place {
    /// The lists that tell the results of a competition: its own, and OpenLigaDB's where that has it.
    #[must_use]
    pub fn with_results_of(known: &Known) -> Vec<Self> {
        let own = Self::Known(Box::new(known.clone()));
        let other = known.at_openligadb().map(Self::Web);
        iter::once(own).chain(other).collect()
    }
}

impl FromStr for Place {
    type Err = Infallible;

    /// Reads a code, a URL or a path. A file with the name of a code is named with its directory: `./en.1.2026-27`.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        let url = Url::parse(text).ok();
        let web = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        Ok(match (web, crate::find(text)) {
            (Some(url), _) => Self::Web(url),
            (None, Ok(known)) => Self::Known(Box::new(known)),
            (None, Err(_)) => Self::File(text.into()),
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => known.code.fmt(f),
            Self::Web(url) => url.fmt(f),
            Self::File(path) if path.as_os_str() == "-" => f.write_str("the standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}
