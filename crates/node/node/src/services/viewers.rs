//! Who may look at the pool: whether this node tells only players of it, and what an organiser's node says to the others.
//!
//! - The node goes by its home ([`Home::viewers`](crate::home::Home::viewers)), which commands may change while it runs. Where that
//!   changes, all peers meet it anew.
//! - What an organiser chose, the organiser's node says to all nodes; each keeps the last word that it has heard.

use std::time::Duration;

use bolao_api::body::Viewers;
use bolao_ledger::{StateView as _, UnixSeconds};
use bolao_wallet::LinkWord;
use tokio::{
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use crate::{
    clock::now,
    error::StartError,
    home::viewers::{Choice, viewers_of},
    pool::Pool,
    services::Service,
};

/// Between two looks at the home.
const LOOK: Duration = Duration::from_secs(1);

/// The service.
pub(crate) struct KeepingViewers;

impl Service for KeepingViewers {
    async fn run(self, pool: Pool) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut guarded = pool.gate.is_closed();
        let mut logged = String::new();
        loop {
            look.tick().await;
            match say_and_keep(&pool).await {
                Ok(()) => logged.clear(),
                Err(error) => {
                    let error = error.to_string();
                    if error != logged {
                        tracing::error!(error, "who may look cannot be kept");
                        logged = error;
                    }
                }
            }
            let home = pool.home.clone();
            let Ok(closed) = spawn_blocking(move || home.is_for_players()).await else {
                continue;
            };
            if closed != guarded {
                tracing::info!(closed, "who may look changes: closed to all but players");
                pool.gate.set_closed(closed);
                if pool.network.guard(closed).is_ok() {
                    guarded = closed;
                }
            }
        }
    }
}

/// Says what the home's owner chose, where that is an organiser, and keeps what organisers said last.
async fn say_and_keep(pool: &Pool) -> Result<(), StartError> {
    let (home, reader, player) = (pool.home.clone(), pool.reader.clone(), pool.signer.player());
    let said = pool.links.viewers();
    let to_say = spawn_blocking(move || {
        let word = home.viewers_word()?.map(|(_, said)| said);
        if let Some(said) = &said
            && word.as_ref() != Some(said)
        {
            home.keep_viewers_word(said)?;
        }
        let choice = home.viewers_choice()?;
        if choice.is_none() && said.is_none() {
            return Ok(None);
        }
        let organisers = reader.snapshot()?.organisers(reader.genesis())?;
        if !organisers.contains(&player) {
            return Ok(None);
        }
        let last = said.as_ref().and_then(|it| Some((viewers_of(it)?, it)));
        let stands = last.map_or(Viewers::Everybody, |(viewers, _)| viewers);
        let told = last.map(|(_, said)| said.time);
        Ok::<_, StartError>(match choice {
            Some(Choice::Said(viewers, at))
                if viewers != stands && told.is_none_or(|it| it < at) =>
            {
                Some((viewers, at))
            }
            // Who said it is no organiser any more, so that nobody who comes new believes it.
            _ => last
                .filter(|(_, said)| !organisers.contains(&said.account))
                .map(|(viewers, said)| (viewers, UnixSeconds(said.time.0.saturating_add(1)))),
        })
    });
    let Some((viewers, at)) = to_say.await.map_err(std::io::Error::other)?? else {
        return Ok(());
    };
    let players = viewers == Viewers::Players;
    pool.links
        .say_at(&LinkWord::Viewers { players }, at.min(now().unix))
        .await;
    Ok(())
}
