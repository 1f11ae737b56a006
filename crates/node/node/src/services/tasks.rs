//! The tasks of services: none may end before the node does.

use std::{fmt, panic::AssertUnwindSafe};

use futures::FutureExt as _;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Tasks with names, and what tells them to end.
#[derive(Debug)]
pub(crate) struct Tasks {
    set: JoinSet<Ended>,
    cancel: CancellationToken,
}

/// A task that is over.
#[derive(Debug)]
pub(crate) struct Ended {
    name: &'static str,
    panicked: bool,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = if self.panicked {
            "panicked: this is a bug, please report the log above"
        } else {
            "ended"
        };
        write!(f, "{} {how}", self.name)
    }
}

impl Tasks {
    pub(crate) fn new(cancel: CancellationToken) -> Self {
        Self {
            set: JoinSet::new(),
            cancel,
        }
    }

    /// Runs what ends by itself once the node is to end.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        self.set.spawn(async move {
            // Nothing of the task's is used after a panic.
            let panicked = AssertUnwindSafe(work).catch_unwind().await.is_err();
            Ended { name, panicked }
        });
    }

    /// Runs what is dropped once the node is to end, wherever it stands.
    pub(crate) fn spawn_until(
        &mut self,
        name: &'static str,
        work: impl Future<Output = ()> + Send + 'static,
    ) {
        let cancel = self.cancel.clone();
        self.spawn(name, async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Returns when a task has ended before the node is to end.
    pub(crate) async fn lost(&mut self) -> Ended {
        loop {
            match self.set.join_next().await {
                Some(Ok(ended)) if !self.cancel.is_cancelled() => return ended,
                Some(_) => {}
                None => std::future::pending().await,
            }
        }
    }

    /// Waits for all of them.
    pub(crate) async fn finish(&mut self) {
        while let Some(ended) = self.set.join_next().await {
            match ended {
                Ok(ended) if ended.panicked => tracing::error!("{ended}"),
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "a task of the node failed"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn a_task_that_ends_or_panics_is_noticed() {
        let cancel = CancellationToken::new();
        let mut tasks = Tasks::new(cancel.clone());
        tasks.spawn_until("stays", pending());
        tasks.spawn_until("goes", async {});
        assert_eq!(tasks.lost().await.to_string(), "goes ended");
        tasks.spawn_until("breaks", async { panic!("a bug") });
        let lost = tasks.lost().await.to_string();
        assert!(lost.starts_with("breaks panicked"), "{lost}");
        cancel.cancel();
        tasks.finish().await;
    }

    #[tokio::test]
    async fn a_task_that_was_told_to_end_is_not_lost() {
        let cancel = CancellationToken::new();
        let mut tasks = Tasks::new(cancel.clone());
        tasks.spawn_until("stays", pending());
        cancel.cancel();
        let looked = tokio::time::timeout(std::time::Duration::from_millis(50), tasks.lost());
        assert!(looked.await.is_err());
    }
}
