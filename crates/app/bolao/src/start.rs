//! The server of the first run: a page of this machine that makes a pool, or joins one.
//!
//! It listens on loopback, on the port that the node will have, and where the node will have a site on the web, there too, so
//! that what the page keeps in the browser is there for the node's page. Whoever asks must have the token ([`access`]). It ends once the home has a pool.

mod access;
mod body;
mod routes;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};

use bolao_discovery::{Limits, serve};
use bolao_node::NodeConfig;
use bolao_reach::{CertificateState, SiteServer};
use futures::FutureExt as _;
use tokio::{
    net::TcpListener,
    sync::{Mutex, Notify, watch},
};

use crate::{output, passphrase::PassphraseArgs};
use access::Access;

/// The needs of the first run.
pub(crate) struct FirstRun {
    /// The directory of the pool to be.
    pub(crate) home: PathBuf,
    /// The node that will run.
    pub(crate) node: NodeConfig,
    /// The wallet's.
    pub(crate) passphrase: PassphraseArgs,
}

/// The state that the routes share.
struct First {
    run: FirstRun,
    access: Access,
    /// Whether the home has a pool; held by whoever gives it one.
    has_pool: Arc<Mutex<bool>>,
    /// Told once it has.
    made: Notify,
}

impl FirstRun {
    /// Serves the page until the home has a pool (true) or `stop` is done; `begun` gets the page's address.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        begun: impl FnOnce(&str) -> anyhow::Result<()>,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<bool> {
        let site = self.node.site.clone().map(SiteServer::open).transpose()?;
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, self.node.port));
        let (address, certificate) = match (&self.node.site, &site) {
            (Some(config), Some(server)) => (config.certificate.site.url(), Some(server.state())),
            _ => (format!("http://{own}"), None),
        };
        let (access, code) = Access::new(
            own.port(),
            self.node.site.as_ref().map(|it| &it.certificate.site),
        );
        let first = Arc::new(First {
            run: self,
            access,
            has_pool: Arc::default(),
            made: Notify::new(),
        });
        let ended = async {
            tokio::select! {
                () = first.made.notified() => true,
                () = stop => false,
            }
        };
        let ended = ended.shared();
        let until = || ended.clone().map(drop);
        let router = routes::router(&first);
        let told = async {
            if let Some(certificate) = certificate {
                certified(&address, certificate).await;
            }
            begun(&format!("{address}/start#{}", *code))
        };
        let told = async {
            tokio::select! {
                () = until() => Ok(()),
                told = told => told,
            }
        };
        let here = serve(listener, router.clone(), Limits::default(), until());
        let on_the_web = async {
            if let Some(site) = site {
                site.run(router, until()).await;
            }
        };
        let served = async {
            tokio::join!(here, on_the_web);
            anyhow::Ok(())
        };
        tokio::try_join!(served, told)?;
        Ok(ended.await)
    }
}

/// Returns once a site has its certificate, and says what is in the way meanwhile.
async fn certified(address: &str, mut certificate: watch::Receiver<CertificateState>) {
    if certificate.borrow().until.is_none() {
        output::hint!("Getting a certificate for {address}: this takes some seconds.");
    }
    // Without a keeper, the site has ended, and what waits here ends with it.
    let _ = certificate.wait_for(|it| it.until.is_some()).await;
}

#[cfg(test)]
mod tests {
    /// Commands begin the first run: what both need stands beside them.
    #[test]
    fn the_first_run_and_what_it_needs_use_no_command() {
        let command = concat!("command", "::");
        for (file, text) in [
            ("start.rs", include_str!("start.rs")),
            ("start/access.rs", include_str!("start/access.rs")),
            ("start/body.rs", include_str!("start/body.rs")),
            ("start/routes.rs", include_str!("start/routes.rs")),
            ("making.rs", include_str!("making.rs")),
            ("imported.rs", include_str!("imported.rs")),
            ("joining.rs", include_str!("joining.rs")),
            ("joining/checks.rs", include_str!("joining/checks.rs")),
            ("joining/entry.rs", include_str!("joining/entry.rs")),
            ("joining/remember.rs", include_str!("joining/remember.rs")),
        ] {
            assert!(!text.contains(command), "{file}");
        }
    }
}
