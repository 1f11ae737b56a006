//! The services of a node: what runs beside its core. Each has its module here, and all are in one list ([`start`]).
//!
//! - **Start.** Everything is made before any service runs, and all start together once the node listens. A service is given its
//!   [`Pool`]; what else it needs, it brings along. One that tells or signs something by what the chain says waits first until the
//!   node has what its peers have ([`Pool::caught_up`]).
//! - **End.** The pool's token is cancelled, and each service is dropped wherever it stands. Those that answer others
//!   ([`Parts::answering`]) end by themselves instead, and are waited for.
//! - **Lost.** A service that ends or panics before the token is cancelled is lost, and the node ends with it, naming it
//!   ([`tasks`]). The core cancels the token before it closes any channel, so a service that finds one closed just returns.
//! - **Files.** A service reads and writes its own through [`Home`](crate::home::Home), and nobody else does while the node runs:
//!   [`dialer`] `peers.json`, [`feeds`] `sources.json` (commands do, too, in turns), [`links::own`] `link-keys.json`, [`push`]
//!   `push.key` and `push.json`, [`relayed`] `relay.token`, [`remind`] `reminders.json`, [`viewers`] `viewers.word`, [`voting`]
//!   `validator.used`, [`waiting`] `validator.waits`.

pub(crate) mod dialer;
pub(crate) mod feeds;
pub(crate) mod hearing;
pub(crate) mod invited;
mod joining;
pub(crate) mod kept;
pub(crate) mod link;
pub(crate) mod links;
mod looks;
mod missing_tips;
pub(crate) mod opening;
mod outgoing;
mod pending_signatures;
pub(crate) mod push;
pub(crate) mod relayed;
pub(crate) mod remind;
mod resending;
pub(crate) mod tasks;
mod validating;
pub(crate) mod viewers;
pub(crate) mod waiting;
pub(crate) mod web;

use std::{io, sync::Arc};

use bolao_discovery::Discovery;
use bolao_ledger::BetMode;
use futures::{FutureExt as _, future::BoxFuture};
use tokio::{sync::Notify, task::spawn_blocking};

use crate::{
    error::StartError,
    pool::{Pool, Running},
    reach::registry::Registry,
    vote::Vote,
};
use tasks::Tasks;

/// A service of a node.
pub(crate) trait Service: Send + 'static {
    /// Serves a pool until the core stops.
    fn run(self, pool: Pool) -> impl Future<Output = ()> + Send;
}

/// A service that is one future, made elsewhere.
type Work = BoxFuture<'static, ()>;

impl Service for Work {
    async fn run(self, _: Pool) {
        self.await;
    }
}

/// The same with its name.
pub(crate) type Made = (&'static str, Work);

/// Does what blocks, on a thread for that.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StartError> + Send + 'static,
) -> Result<T, StartError> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// The parts of a node that only its services have.
pub(crate) struct Parts {
    pub(crate) running: Running,
    pub(crate) discovery: Discovery,
    pub(crate) registry: Arc<Registry>,
    pub(crate) feeds: Arc<feeds::Feeds>,
    pub(crate) push: Option<Arc<push::Push>>,
    pub(crate) remind: Option<Arc<remind::Remind>>,
    /// Whether to join the pool under the profile's name.
    pub(crate) joins: bool,
    pub(crate) logs: links::logs::LogsConfig,
    pub(crate) web: web::OnWeb,
    /// Those that answer others: they end by themselves once the pool's token is cancelled.
    pub(crate) answering: Vec<Made>,
    /// Those of the network, mining, and news for miners.
    pub(crate) others: Vec<Made>,
}

/// The services that run.
struct Started {
    pool: Pool,
    tasks: Tasks,
}

impl Started {
    /// Starts one, which is dropped once the pool's token is cancelled.
    fn add(&mut self, name: &'static str, service: impl Service) {
        self.tasks.spawn_until(name, service.run(self.pool.clone()));
    }

    fn add_if(&mut self, name: &'static str, service: Option<impl Service>) {
        if let Some(service) = service {
            self.add(name, service);
        }
    }

    /// Starts those of a pool with votes.
    fn add_voting(&mut self, joins: bool, vote: Option<Vote>, votes_again: Arc<Notify>) {
        let again = Arc::clone(&votes_again);
        let waiting = |key| waiting::Waiting { key, votes_again };
        match vote {
            None => return,
            Some(Vote::With(voting, key)) => {
                let offering = joins.then_some(validating::Offering(voting, key));
                self.add_if("offering to vote", offering);
            }
            Some(Vote::Later(key)) => self.add("waiting before it votes", waiting(Some(key))),
            Some(Vote::Never) => self.add("waiting before it votes", waiting(None)),
        }
        self.add("hearing what pages know", hearing::HearingPages(again));
        self.add("bringing back what was answered", hearing::BringingBack);
        self.add("taking up links", invited::TakingUpLinks);
    }
}

/// Starts all services of a node.
pub(crate) fn start(pool: &Pool, parts: Parts) -> Tasks {
    let (running, joins) = (parts.running, parts.joins);
    let tasks = Tasks::new(pool.stop.clone());
    let mut all = Started {
        pool: pool.clone(),
        tasks,
    };
    // Other nodes.
    let (discovery, registry) = (parts.discovery, parts.registry);
    all.add(
        "dialling",
        dialer::Dialling {
            discovery,
            registry,
        },
    );
    let (engine, links) = (pool.engine.clone(), Arc::clone(&pool.links));
    let (signer, home) = (Arc::clone(&pool.signer), pool.home.clone());
    let pump = running.pump.run(engine, links, signer, home);
    all.add("the network's bridge", pump.boxed());

    // Those who listen.
    let (network, signer) = (pool.network.clone(), pool.signer.clone());
    let watching = pool.watch.clone().run(running.events, network, signer);
    all.add("events", watching.boxed());

    // What the wallet signs. A home without a name may be given one while its node runs.
    all.add_if("joining", joins.then_some(joining::Joining));
    all.add(
        "announcing what needs a signature",
        pending_signatures::Announcing,
    );
    all.add("resending bets", resending::Resending(running.drops));
    let is_sealed = pool.reader.genesis().rules.bets == BetMode::Sealed;
    all.add_if("opening", is_sealed.then_some(opening::OpeningBets));

    all.add_voting(joins, running.vote, running.votes_again);

    // What people are told.
    all.add("lists from the web", parts.feeds);
    all.add_if("reminders", parts.remind);
    all.add_if("news for browsers", parts.push.clone());

    // Links, and the page on the web.
    let web = parts.web;
    all.add("asking of links", links::Asking);
    all.add("keeping who may look", viewers::KeepingViewers);
    all.add("saying that it runs", links::copies::SayingItRuns);
    all.add_if("saying the link's keys", web.own_link());
    all.add("looking at links", links::looks::Looking(web.https()));
    all.add("reading public logs", links::logs::Reading(parts.logs));
    all.add("telling of links", links::telling::Telling(parts.push));
    for (name, work) in parts.others {
        all.add(name, work);
    }
    for (name, work) in parts.answering {
        all.tasks.spawn(name, work);
    }
    all.tasks
}
