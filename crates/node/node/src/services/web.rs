//! The page on the web: at a site of its own, or by a relay.

use bolao_reach::{SiteConfig, SiteServer};
use url::Url;

use crate::{
    error::StartError,
    home::Home,
    services::{
        link::Link,
        links::own::{OwnKeys, OwnLink},
        relayed::{RelayConfig, Relayed},
    },
};

/// The places on the web where a node shows its page, before it does.
pub(crate) struct Web {
    url: Option<String>,
    pub(super) site: Option<SiteServer>,
    pub(super) relayed: Option<Relayed>,
}

impl Web {
    /// Listens where the settings want it. `url`: the page as people will open it, where that is not the node's own.
    pub(crate) fn open(
        url: Option<String>,
        site: Option<SiteConfig>,
        relay: Option<RelayConfig>,
        home: &Home,
    ) -> Result<Self, StartError> {
        let relayed = match relay {
            Some(relay) => Some(Relayed::open(relay, home)?),
            None => None,
        };
        Ok(Self {
            url,
            site: site.map(SiteServer::open_when_free).transpose()?,
            relayed,
        })
    }

    /// The page as people will open it.
    pub(crate) fn link(&self) -> Link {
        Link {
            url: self.url.clone(),
            certificate: self.site.as_ref().map(SiteServer::state),
            relay: self.relayed.as_ref().map(Relayed::watch),
            ..Link::default()
        }
    }

    /// The URL of its host, where a certificate is behind it: paths share that.
    pub(super) fn https(&self) -> Option<String> {
        let url = Url::parse(self.url.as_ref()?).ok()?;
        (url.scheme() == "https").then(|| url.origin().ascii_serialization())
    }

    /// Says whose keys are behind that.
    pub(super) fn own_link(&self) -> Option<OwnLink> {
        let url = self.https()?;
        let site = { self.site.as_ref() }.map(|it| (it.url(), Box::new(it.keys()) as OwnKeys));
        let relayed =
            { self.relayed.as_ref() }.map(|it| (it.url(), Box::new(it.keys()) as OwnKeys));
        let keys = site.or(relayed).filter(|(of, _)| *of == url);
        Some(OwnLink {
            url,
            keys: keys.map(|(_, keys)| keys),
        })
    }
}
