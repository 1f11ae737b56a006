//! The files that this process may have open: each connection is one, and so is what the store and the way to other nodes need.
//!
//! - At the start the limit is raised as far as the system lets it: it is 256 or 1,024 where nobody set it, though the system
//!   has room for many more.
//! - Connections never take all: [`RESERVED`] files are left to the rest.

/// The files that are left to the store, to other nodes and to what the node asks of others.
const RESERVED: usize = 40;

/// Lets this process open as many files as the system allows.
pub fn allow_more_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let wanted = Rlimit {
            current: maximum,
            maximum,
        };
        if current != maximum
            && let Err(error) = setrlimit(Resource::Nofile, wanted)
        {
            tracing::debug!(%error, "the number of open files stays limited");
        }
    }
}

/// The files that connections may take; none where there is no limit.
pub(crate) fn for_connections() -> Option<usize> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let most = getrlimit(Resource::Nofile).current?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Some(most.saturating_sub(RESERVED))
    }
    #[cfg(not(unix))]
    None
}
