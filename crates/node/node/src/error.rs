//! Why a node does not start, and why it stopped.

use std::{error::Error, io, net::SocketAddr};

use bolao_api::NodeError;
use bolao_chain::CoreError;
use bolao_discovery::DiscoveryError;
use bolao_ledger::NameError;
use bolao_store::{OpenError, StoreError};
use bolao_wallet::WalletError;

use crate::home::HomeError;

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum StartError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Core(#[from] CoreError),
    #[error(transparent)]
    Wallet(#[from] WalletError),
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    #[error(transparent)]
    Miner(Box<dyn Error + Send + Sync>),
    #[error("the name in profile.json cannot be used")]
    Name(#[from] NameError),
    #[error("cannot listen on {address} ({source}): {next}")]
    Listen {
        address: SocketAddr,
        source: io::Error,
        next: String,
    },
    #[error("cannot listen on UDP {address}: choose another port")]
    Udp {
        address: SocketAddr,
        source: bolao_network::StartError,
    },
    #[error(transparent)]
    Site(#[from] bolao_reach::SiteError),
    #[error(
        "cannot start a tunnel to a relay: this machine's list of certificates cannot be read, so install \
        ca-certificates"
    )]
    Tls(#[from] rustls::Error),
    #[error("cannot set up the HTTP client")]
    Client(#[from] reqwest::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl StartError {
    /// The store's damage, if that is why: the store was opened, and what was read of it then makes no sense.
    #[must_use]
    pub const fn damage(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error)
            | Self::Open(OpenError::Store(error))
            | Self::Core(CoreError::Store(error))
                if error.is_damage() =>
            {
                Some(error)
            }
            _ => None,
        }
    }
}

impl From<HomeError> for NodeError {
    fn from(error: HomeError) -> Self {
        unusable(&error)
    }
}

/// The refusal of a caller whose wish a file of the home is in the way of.
pub(crate) fn unusable(error: &dyn Error) -> NodeError {
    NodeError::Home {
        message: error.to_string(),
    }
}

/// Why a node stopped by itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum RunError {
    #[error(transparent)]
    Core(#[from] CoreError),
    #[error("the core's thread panicked: this is a bug, please report the log above")]
    CorePanicked,
    #[error(transparent)]
    Damaged { source: StoreError },
    #[error("this home votes once its node is started again")]
    VotesAgain,
    #[error("a part of the node stopped, and the node with it: {part}")]
    Lost { part: String },
    #[error(transparent)]
    Home(#[from] HomeError),
}

impl RunError {
    /// The same; where the core met a damaged store, as that.
    pub(crate) fn or_damaged(self) -> Self {
        match self {
            Self::Core(CoreError::Store(source)) if source.is_damage() => Self::Damaged { source },
            other => other,
        }
    }
}
