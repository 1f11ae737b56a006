//! Looks up the names of nodes: seldom, a few at once, and nobody waits for it who does not want to.
//!
//! Looking a name up holds one of the threads that reads need, for as long as the system takes, whoever still waits. So
//! at most [`AT_ONCE`] do so, and what was found is good for a while.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use quick_cache::sync::Cache;
use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};

/// Names looked up at once.
const AT_ONCE: usize = 4;
/// The time for which an address that was found is good.
const GOOD: Duration = Duration::from_mins(2);
/// The time for which it is good where nobody was reached by it, and from one failure to the next try.
const DOUBTFUL: Duration = Duration::from_secs(10);
/// Names that are kept.
const NAMES: usize = 128;

/// A host's name and a port.
type Name = (String, u16);

/// The knowledge of one name.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// The address that was found last.
    found: Option<SocketAddr>,
    /// When a look-up began last.
    begun: Option<Instant>,
    busy: bool,
}

/// The addresses that names stand for. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    names: Arc<Cache<Name, watch::Sender<Place>>>,
    turns: Arc<Semaphore>,
}

impl Default for Resolver {
    fn default() -> Self {
        Self {
            names: Arc::new(Cache::new(NAMES)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Place {
    /// Whether it is to be looked up now; then it is busy.
    fn begins(&mut self, now: Instant, works: impl Fn(SocketAddr) -> bool) -> bool {
        let good = match self.found {
            Some(address) if works(address) => GOOD,
            _ => DOUBTFUL,
        };
        let is_good = |begun| now.duration_since(begun) < good;
        if self.busy || self.begun.is_some_and(is_good) {
            return false;
        }
        (self.busy, self.begun) = (true, Some(now));
        true
    }
}

impl Resolver {
    /// The address that a name leads to, as far as it is known. `works` says of an address whether it leads there indeed: one
    /// that does not is looked up again sooner.
    pub(crate) fn known(
        &self,
        name: &str,
        port: u16,
        works: impl Fn(SocketAddr) -> bool,
    ) -> Option<SocketAddr> {
        self.ask(name, port, works).borrow().found
    }

    /// The address that a name leads to; waits for that, but no longer than `patience`.
    pub(crate) async fn resolve(
        &self,
        name: &str,
        port: u16,
        patience: Duration,
    ) -> Option<SocketAddr> {
        let mut place = self.ask(name, port, |_| true);
        let place = timeout(patience, place.wait_for(|place| place.found.is_some())).await;
        place.ok()?.ok()?.found
    }

    fn ask(
        &self,
        name: &str,
        port: u16,
        works: impl Fn(SocketAddr) -> bool,
    ) -> watch::Receiver<Place> {
        let key = (name.to_owned(), port);
        let fresh = || Ok::<_, Infallible>(watch::Sender::default());
        let Ok(place) = self.names.get_or_insert_with(&key, fresh);
        let mut begins = false;
        place.send_if_modified(|place| {
            begins = place.begins(Instant::now(), works);
            false
        });
        let asked = place.subscribe();
        if begins {
            tokio::spawn(look_up(key, place, Arc::clone(&self.turns)));
        }
        asked
    }
}

/// Holds its turn until the system has answered. What fails leaves what was found before.
async fn look_up((name, port): Name, place: watch::Sender<Place>, turns: Arc<Semaphore>) {
    let turn = turns.acquire().await;
    let found = tokio::net::lookup_host((name.as_str(), port)).await;
    drop(turn);
    let found = found.map(|found| first(found.collect()));
    if let Err(error) = &found {
        tracing::debug!(%error, "a node's name was not found");
    }
    place.send_modify(|place| {
        place.busy = false;
        place.found = found.ok().flatten().or(place.found);
    });
}

/// IPv4 first, since nodes listen there by default.
fn first(found: Vec<SocketAddr>) -> Option<SocketAddr> {
    let v4 = found.iter().find(|address| address.is_ipv4());
    v4.or(found.first()).copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn a_name_is_looked_up_once_in_a_while() {
        let resolver = Resolver::default();
        assert_eq!(resolver.known("localhost", 9000, |_| true), None);
        let patience = Duration::from_secs(10);
        let found = resolver.resolve("localhost", 9000, patience).await.unwrap();
        assert!(found.ip().is_loopback() && found.port() == 9000);
        assert_eq!(resolver.known("localhost", 9000, |_| true), Some(found));
        let place = resolver.names.get(&("localhost".to_owned(), 9000)).unwrap();
        let begun = |at: Instant| {
            let before = place.borrow().begun.unwrap();
            place.send_modify(|place| place.begun = Some(at));
            before
        };
        let now = Instant::now();
        begun(now);
        resolver.known("localhost", 9000, |_| false);
        assert_eq!(begun(now - DOUBTFUL), now, "too soon");
        resolver.known("localhost", 9000, |_| true);
        assert_eq!(begun(now - DOUBTFUL), now - DOUBTFUL, "good for longer");
        resolver.known("localhost", 9000, |_| false);
        assert!(begun(now) > now - DOUBTFUL, "looked up again");
    }

    #[tokio::test]
    async fn names_are_bounded_and_nobody_waits_for_one_that_is_not_there() {
        let resolver = Resolver::default();
        for port in 0..200 {
            assert_eq!(resolver.known("no such name.invalid", port, |_| true), None);
        }
        assert!(resolver.names.len() <= NAMES);
        let patience = Duration::from_millis(20);
        let found = resolver
            .resolve("no such name.invalid", 199, patience)
            .await;
        assert_eq!(found, None);
    }
}
