//! The server of the first run: a page of this machine that makes a pool, or joins one.
//!
//! It listens on loopback, on the port that the node will have, so that what the page keeps in the browser is there for the
//! node's page. Whoever asks must have the token ([`access`]). It ends once the home has a pool.

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
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
};

use crate::passphrase::PassphraseArgs;
use access::Access;

/// What the first run needs.
pub(crate) struct FirstRun {
    /// Where the pool will be.
    pub(crate) home: PathBuf,
    /// The node that will run.
    pub(crate) node: NodeConfig,
    /// The wallet's.
    pub(crate) passphrase: PassphraseArgs,
}

/// What the routes share.
struct First {
    run: FirstRun,
    access: Access,
    /// Told once the home has a pool.
    made: Mutex<Option<oneshot::Sender<()>>>,
}

impl FirstRun {
    /// Serves the page until the home has a pool (true) or `stop` is done; `begun` gets the page's address.
    pub(crate) async fn serve(
        self,
        listener: TcpListener,
        begun: impl FnOnce(&str) -> anyhow::Result<()>,
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<bool> {
        let (access, code) = Access::new(self.node.port);
        let (made, is_made) = oneshot::channel();
        let first = Arc::new(First {
            run: self,
            access,
            made: Mutex::new(Some(made)),
        });
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, first.run.node.port));
        begun(&format!("http://{own}/start#{}", *code))?;
        let mut has_pool = false;
        let ended = async {
            tokio::select! {
                made = is_made => has_pool = made.is_ok(),
                () = stop => {}
            }
        };
        serve(listener, routes::router(&first), Limits::default(), ended).await?;
        Ok(has_pool)
    }
}
