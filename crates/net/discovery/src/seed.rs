//! The seed server, `bolao seed`: keeps a list of nodes, gives it out, prunes it.

use std::{io, net::SocketAddr, path::PathBuf, time::Duration};

use axum::middleware::{Next, from_fn};
use futures::FutureExt as _;
use http::StatusCode;
use tokio::net::TcpListener;

use crate::{
    Discovery, DiscoveryConfig, DiscoveryError, Limits, Problem, guarded, router, serve, within,
};

/// Requests worked on at once, from this machine and from others.
const REQUESTS_AT_ONCE: usize = 256;
/// Until the head of an answer is ready.
const REQUEST_TIME: Duration = Duration::from_secs(15);

/// Why a seed server cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// Its address is taken, or not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// The error that the system gave.
        source: io::Error,
    },
    /// Its discovery cannot begin.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
}

/// A seed server that listens already.
#[derive(Debug)]
pub struct SeedServer {
    listener: TcpListener,
    address: SocketAddr,
    discovery: Discovery,
}

impl SeedServer {
    /// Reads the list, whose folder is made if it is missing, and listens; answers begin with [`Self::run`]. The listed nodes are
    /// checked once in every interval.
    ///
    /// # Errors
    /// The address cannot be had, or the list's file cannot be read.
    pub async fn bind(
        address: SocketAddr,
        list: PathBuf,
        interval: Duration,
    ) -> Result<Self, SeedError> {
        let discovery = Discovery::open(DiscoveryConfig {
            interval,
            // It only answers: nobody is asked for nodes.
            kn_limit: 0,
            nodes_file: Some(list),
            ..DiscoveryConfig::new(None)
        })?;
        // One that cannot keep its list would forget all nodes whenever it ends.
        discovery.saved().await.map_err(DiscoveryError::from)?;
        let listen = |source| SeedError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        Ok(Self {
            listener,
            address,
            discovery,
        })
    }

    /// The address that it listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Its list and checks.
    pub fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// Answers and prunes until `shutdown`.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let stopped = shutdown.shared();
        let rounds = self.discovery.run(stopped.clone());
        let router = router(self.discovery.clone())
            .fallback(no_such_route)
            .method_not_allowed_fallback(wrong_method);
        let router = router.layer(from_fn(|request, next: Next| {
            within(REQUEST_TIME, next.run(request))
        }));
        let router = guarded(router, REQUESTS_AT_ONCE, |_| Ok(()));
        let served = serve(self.listener, router, Limits::default(), stopped);
        tokio::join!(rounds, served);
    }
}

async fn no_such_route() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "a seed server has no such path, only / and /nodes/",
    )
}

async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path does not take that method; the header Allow says what it takes",
    )
}
