//! The page on the web: at a site of its own, or by a relay.

use axum::Router;
use bolao_network::NetworkHandle;
use bolao_reach::SiteServer;
use tokio_util::sync::CancellationToken;

use crate::{
    config::NodeConfig,
    error::StartError,
    home::Home,
    pool::Pool,
    reach::link::Link,
    services::{
        Services,
        links::{looks, own, telling},
        push::Push,
        relayed::Relayed,
    },
};

/// The places on the web where a node shows its page, before it does.
#[derive(Debug)]
pub(crate) struct Web {
    url: Option<String>,
    site: Option<SiteServer>,
    relayed: Option<Relayed>,
}

impl Web {
    /// Listens where the settings want it.
    pub(crate) fn open(config: &NodeConfig, home: &Home) -> Result<Self, StartError> {
        let relayed = match config.relay.clone() {
            Some(relay) => Some(Relayed::open(relay, home)?),
            None => None,
        };
        Ok(Self {
            url: config.chosen_page_url(),
            site: config
                .site
                .clone()
                .map(SiteServer::open_when_free)
                .transpose()?,
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

    /// Says whose key is behind the page's link, looks at the links of others, and tells what is wrong, from now on.
    pub(crate) fn watch(&self, pool: &Pool, push: Option<Push>, tasks: &mut Services) {
        let links = &pool.links;
        let url = self.url.clone().filter(|url| url.starts_with("https://"));
        if let Some(url) = url.clone() {
            let site = self
                .site
                .as_ref()
                .map(|it| (it.url(), Box::new(it.shown()) as own::Shown));
            let relayed = self
                .relayed
                .as_ref()
                .map(|it| (it.url(), Box::new(it.shown()) as own::Shown));
            let shown = site.or(relayed).filter(|(of, _)| *of == url);
            let said = own::run(links.clone(), url, shown.map(|(_, shown)| shown));
            tasks.spawn_until("saying the link's key", said);
        }
        tasks.spawn_until("looking at links", looks::run(links.clone(), url));
        let told = telling::run(links.clone(), pool.engine.clone(), push);
        tasks.spawn_until("telling of links", told);
    }

    /// Answers there from now on.
    pub(crate) fn spawn(
        self,
        router: &Router,
        network: &NetworkHandle,
        tasks: &mut Services,
        stop: &CancellationToken,
    ) {
        if let Some(relayed) = self.relayed {
            relayed.spawn(router.clone(), network.clone(), tasks, stop.clone());
        }
        if let Some(site) = self.site {
            let stop = stop.clone().cancelled_owned();
            tasks.spawn("HTTPS", site.run(router.clone(), stop));
        }
    }
}
