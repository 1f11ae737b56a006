//! Links that the home is given while its node runs: the final block that one names is taken up within a moment.

use std::time::Duration;

use bolao_chain::{Input, Place};
use bolao_ledger::PoolId;
use bolao_wallet::Invite;
use tokio::{task::spawn_blocking, time::interval};

use crate::{engine::Engine, home::Home, reach::registry::stamp};

/// Between two looks at the file.
const LOOK: Duration = Duration::from_secs(1);

/// The final block that an invitation names.
pub(crate) fn named(invite: Option<Invite>) -> Option<Place> {
    let named = invite?.named?;
    Some(Place {
        height: named.height,
        hash: named.hash,
    })
}

/// Gives the core what links name, for as long as it is polled.
pub(crate) async fn run(home: Home, pool: PoolId, engine: Engine) {
    let mut look = interval(LOOK);
    let mut last = None;
    loop {
        look.tick().await;
        let home = home.clone();
        let read = spawn_blocking(move || {
            let found = stamp(&home.invitation_path());
            let invite = (found != last).then(|| home.invite(pool));
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
                    && engine.input(Input::MissingCheckpoint(block)).await.is_err()
                {
                    return std::future::pending().await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the home's link is not used");
            }
        }
    }
}
