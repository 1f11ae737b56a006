//! What a home keeps of the lists that its node reads from the web.

use bolao_feeds::{KnownError, Place};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::home::{Home, HomeError, files::SOURCES};

/// The lists that a node reads from the web.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptSources {
    /// Whether it reads them.
    pub on: bool,
    /// The code of a competition, whose own lists are read first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competition: Option<String>,
    /// Others: codes, URLs, and paths of files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

impl KeptSources {
    /// The places of all of them.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let places = self
            .named()
            .into_iter()
            .filter_map(|text| text.parse().ok());
        let all = places.flat_map(|place| match place {
            Place::Known(known) => Place::with_results_of(&known),
            other => vec![other],
        });
        all.collect()
    }

    /// Their names, as they were added.
    #[must_use]
    pub fn named(&self) -> Vec<&str> {
        let own = self.competition.iter();
        own.chain(&self.more).map(String::as_str).collect()
    }

    /// Adds a list, once: two of the same would agree with each other. Refuses a competition that is over, or has no list yet.
    pub fn add(&mut self, place: &Place, today: Date) -> Result<(), KnownError> {
        let text = match place {
            Place::Known(known) => {
                known.check(today)?;
                known.code.clone()
            }
            Place::Web(url) => url.to_string(),
            Place::File(path) => path.display().to_string(),
        };
        if self.named().contains(&text.as_str()) {
            return Ok(());
        }
        match (place, &self.competition) {
            (Place::Known(_), None) => self.competition = Some(text),
            _ => self.more.push(text),
        }
        Ok(())
    }
}

impl Home {
    /// The lists that the node reads.
    pub fn sources(&self) -> Result<KeptSources, HomeError> {
        self.read_json(SOURCES)
    }

    /// Changes the lists that the node reads, unless the change fails; nobody else does meanwhile. A running node looks at them
    /// within some seconds.
    pub fn change_sources<E: From<HomeError>>(
        &self,
        change: impl FnOnce(&mut KeptSources) -> Result<(), E>,
    ) -> Result<(), E> {
        self.change_json(SOURCES, 0o600, change)
    }
}
