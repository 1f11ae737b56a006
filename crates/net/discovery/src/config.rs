//! Settings of discovery.

use std::{fmt, path::PathBuf, time::Duration};

use crate::{Node, NodesFileError, client::Seed};

/// The settings of a node's, or a seed server's, discovery.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DiscoveryConfig {
    /// The address that others learn from us; a seed server has none.
    pub own: Option<Node>,
    /// Further addresses that are this node too, and so never listed.
    pub aliases: Vec<Node>,
    /// From one round to the next.
    pub interval: Duration,
    /// Known nodes at which steps 2 and 3 are left out.
    pub kn_limit: usize,
    /// Asked in step 3.
    pub seeds: Vec<Seed>,
    /// The file that keeps the verified nodes; `None`: they are kept nowhere.
    pub nodes_file: Option<PathBuf>,
}

impl DiscoveryConfig {
    /// The article's settings for a node: a minute, ten nodes; no seeds, no file.
    pub fn new(own: Option<Node>) -> Self {
        Self {
            own,
            aliases: Vec::new(),
            interval: Duration::from_mins(1),
            kn_limit: 10,
            seeds: Vec::new(),
            nodes_file: None,
        }
    }
}

/// Why discovery cannot begin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The file of known nodes.
    #[error(transparent)]
    File(#[from] NodesFileError),
    /// The HTTP client.
    #[error("cannot set up the HTTP client")]
    Client(#[from] reqwest::Error),
}

/// An error with its causes, on one line.
pub(crate) struct Chain<'a>(pub(crate) &'a dyn std::error::Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
