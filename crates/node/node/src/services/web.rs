//! The pages on the web: at a site of their own, or by a relay.

use std::{fmt, sync::Arc};

use axum::Router;
use bolao_network::Port;
use bolao_reach::{CertificateState, SiteConfig, SiteServer};
use futures::FutureExt as _;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    error::StartError,
    home::Home,
    services::{
        Made,
        link::Link,
        links::own::{OwnKeys, OwnLink},
        relayed::{RelayConfig, RelayWatch, Relayed},
    },
};

/// The places on the web where a host shows its pages, before it does.
pub(crate) struct Web {
    shown: OnWeb,
    site: Option<SiteServer>,
    relayed: Option<Relayed>,
}

/// The facts that are known of them while they are shown. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct OnWeb {
    url: Option<String>,
    certificate: Option<watch::Receiver<CertificateState>>,
    relay: Option<RelayWatch>,
    /// The keys of the host's own certificate, and its URL.
    keys: Option<(String, OwnKeys)>,
}

impl fmt::Debug for OnWeb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = &self.url;
        f.debug_struct("OnWeb")
            .field("url", url)
            .finish_non_exhaustive()
    }
}

impl Web {
    /// Listens where the settings want it. `url`: the first pool's page as people will open it, where that is not the host's own.
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
        let site = site.map(SiteServer::open_when_free).transpose()?;
        let of_site = { site.as_ref() }.map(|it| (it.url(), Arc::new(it.keys()) as OwnKeys));
        let of_relay = { relayed.as_ref() }.map(|it| (it.url(), Arc::new(it.keys()) as OwnKeys));
        let shown = OnWeb {
            url,
            certificate: site.as_ref().map(SiteServer::state),
            relay: relayed.as_ref().map(Relayed::watch),
            keys: of_site.or(of_relay),
        };
        Ok(Self {
            shown,
            site,
            relayed,
        })
    }

    /// The facts that are known of them.
    pub(crate) fn shown(&self) -> OnWeb {
        self.shown.clone()
    }

    /// The services of a relay, and those that answer on the web until the host stops.
    pub(crate) fn services(
        self,
        home: &Home,
        port: &Port,
        router: &Router,
        stop: &CancellationToken,
    ) -> (Vec<Made>, Vec<Made>) {
        let (mut beside, mut answering) = (Vec::new(), Vec::new());
        if let Some(relayed) = self.relayed {
            let (services, page) = relayed.services(home, port, router.clone(), stop);
            beside.extend(services);
            answering.push(page);
        }
        if let Some(site) = self.site {
            let until = stop.clone().cancelled_owned();
            answering.push(("HTTPS", site.run(router.clone(), until).boxed()));
        }
        (beside, answering)
    }
}

impl OnWeb {
    /// The page of a pool as people will open it, which lies below this path.
    pub(crate) fn link(&self, path: &str) -> Link {
        Link {
            url: self.url.as_ref().map(|url| format!("{url}{path}")),
            path: path.to_owned(),
            certificate: self.certificate.clone(),
            relay: self.relay.clone(),
            ..Link::default()
        }
    }

    /// The URL of its host, where a certificate is behind it: paths share that.
    pub(crate) fn https(&self) -> Option<String> {
        let url = Url::parse(self.url.as_ref()?).ok()?;
        (url.scheme() == "https").then(|| url.origin().ascii_serialization())
    }

    /// Says whose keys are behind that.
    pub(crate) fn own_link(&self) -> Option<OwnLink> {
        let url = self.https()?;
        let keys = self.keys.as_ref().filter(|(of, _)| *of == url);
        Some(OwnLink {
            keys: keys.map(|(_, keys)| Arc::clone(keys)),
            url,
        })
    }
}
