//! Links that the home is given while its node runs: the final block that one names is taken up within a moment.

use std::time::Duration;

use bolao_chain::Input;
use tokio::{task::spawn_blocking, time::interval};

use crate::{
    pool::{Pool, named},
    reach::registry::stamp,
    services::Service,
};

/// Between two looks at the file.
const LOOK: Duration = Duration::from_secs(1);

/// The service.
pub(crate) struct TakingUpLinks;

impl Service for TakingUpLinks {
    async fn run(self, pool: Pool) {
        let mut look = interval(LOOK);
        let mut last = None;
        loop {
            look.tick().await;
            let (home, id) = (pool.home.clone(), pool.reader.pool_id());
            let read = spawn_blocking(move || {
                let found = stamp(&home.invitation_path());
                let invite = (found != last).then(|| home.invite(id));
                (found, invite.transpose())
            });
            let Ok((found, invite)) = read.await else {
                continue;
            };
            last = found;
            match invite {
                Ok(invite) => {
                    // The core knows what it was started with.
                    if let Some(block) = named(invite.flatten())
                        && pool
                            .engine
                            .input(Input::MissingCheckpoint(block))
                            .await
                            .is_err()
                    {
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the home's link is not used");
                }
            }
        }
    }
}
