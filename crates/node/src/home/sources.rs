//! What a home keeps of the lists that its node reads from the web.

use bolao_feeds::Place;
use serde::{Deserialize, Serialize};

use super::{Home, HomeError};

/// The file of the lists.
pub(super) const SOURCES: &str = "sources.json";

/// The lists that a node reads from the web.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptSources {
    /// Whether it reads them.
    pub on: bool,
    /// The code of a competition, whose own lists are read first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competition: Option<String>,
    /// Others: URLs, and paths of files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

impl KeptSources {
    /// The places of all of them.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let known = self.competition.as_deref();
        let known = known.and_then(|code| bolao_feeds::find(code).ok());
        let own = known.map(|known| known.sources()).unwrap_or_default();
        let more = self.more.iter().filter_map(|text| text.parse().ok());
        own.into_iter().chain(more).collect()
    }
}

impl Home {
    /// The lists that the node reads.
    pub fn sources(&self) -> Result<KeptSources, HomeError> {
        Ok(self.read_json(SOURCES)?.unwrap_or_default())
    }

    /// Keeps the lists that the node reads. A running node looks at them within some seconds.
    pub fn set_sources(&self, kept: &KeptSources) -> Result<(), HomeError> {
        self.write_json(SOURCES, kept, 0o600)
    }
}
