//! What all connections share.

use std::{sync::Arc, time::Duration};

use bolao_limits::{Bucket, Budget};
use tokio::time::Instant;

use crate::config::StratumConfig;

/// The state that all connections share.
pub(crate) struct Shared<S> {
    pub(crate) source: Arc<S>,
    pub(crate) config: Arc<StratumConfig>,
    /// Tells this server's jobs from another's.
    pub(crate) tag: [u8; 4],
    start: Instant,
    log: Budget<()>,
}

impl<S> Shared<S> {
    pub(crate) fn new(source: Arc<S>, config: StratumConfig) -> Self {
        Self {
            source,
            config: Arc::new(config),
            tag: rand::random(),
            start: Instant::now(),
            log: Budget::new(Bucket::new(1, Duration::from_secs(10), 20), 1),
        }
    }

    /// The time by which slots are idle.
    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Whether miners may have one more line written into a log that nobody asked to be long: some at once, then one in
    /// ten seconds.
    pub(crate) fn may_log(&self) -> bool {
        self.log.take((), self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn miners_fill_no_log() {
        let shared = Shared::new(Arc::new(()), StratumConfig::default());
        assert_eq!((0..1_000).filter(|_| shared.may_log()).count(), 20);
    }
}
