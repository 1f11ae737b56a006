//! Keeps that this home votes, and up to which final block, in `validator.used`, so that a chain that has lost blocks is known for
//! it at the next start ([`crate::vote`]).

use std::time::Duration;

use bolao_chain::Event;
use bolao_ledger::ValidatorKey;
use tokio::{sync::broadcast::error::RecvError, time::sleep};

use crate::{
    pool::Pool,
    services::{Service, blocking},
    vote::votes,
};

/// The time between two writes of how far this home has voted.
const KEEPS: Duration = Duration::from_secs(1);

/// The service, with the home's key.
pub(crate) struct KeepingVotes(pub(crate) ValidatorKey);

impl Service for KeepingVotes {
    async fn run(self, pool: Pool) {
        let mut events = pool.engine.events();
        loop {
            match events.recv().await {
                Ok(Event::Final { .. }) | Err(RecvError::Lagged(_)) => {}
                Ok(_) => continue,
                Err(RecvError::Closed) => return,
            }
            let (key, pool) = (self.0, pool.clone());
            let kept = blocking(move || {
                let votes = votes(&pool.reader, pool.signer.player(), Some(key))?;
                let last = pool.reader.snapshot()?.last_final()?;
                if let Some(last) = last.filter(|_| votes.own) {
                    pool.home.set_voted(last.height)?;
                }
                Ok(())
            });
            if let Err(error) = kept.await {
                tracing::error!(%error, "cannot save that this home votes");
            }
            sleep(KEEPS).await;
        }
    }
}
