//! Whether another machine runs with the keys of this home, such as a copy that was restored beside its living original.
//!
//! Friends' nodes keep one connection to a node by its key: the two push each other out, and neither knows why. So a node says once
//! when it starts that it runs; whoever hears that of his own node, and has not said it, says it again for as long as the other is
//! there, so that both hear it.

use std::time::{Duration, Instant};

use bolao_wallet::LinkWord;
use tokio::time::timeout;

use crate::{clock::now, pool::Pool, reach::links::RUNS_S, services::Service};

/// From one time that it is said again to the next, while the other is there; the first time comes at once.
const AGAIN: Duration = Duration::from_mins(1);

/// The service: says that this node runs, and says so again while another does.
pub(crate) struct SayingItRuns;

impl Service for SayingItRuns {
    async fn run(self, Pool { links, .. }: Pool) {
        let word = LinkWord::Runs {
            node: links.node.clone(),
            run: links.run,
        };
        links.say(&word).await;
        let mut said_again: Option<Instant> = None;
        loop {
            let changed = links.changed.notified();
            // Where nothing new is heard, it is looked at again all the same.
            let _ = timeout(AGAIN, changed).await;
            let heard = links.elsewhere();
            let is_there = heard.is_some_and(|at| now().unix.0.saturating_sub(at.0) <= RUNS_S);
            if is_there && said_again.is_none_or(|at| at.elapsed() >= AGAIN) {
                tracing::error!("{ELSEWHERE}");
                said_again = Some(Instant::now());
                links.say(&word).await;
            }
        }
    }
}

/// The words for it.
const ELSEWHERE: &str = "another machine runs with the keys of this home, such as a copy of it: friends' nodes hear only one of \
    the two at a time; stop one of them";
