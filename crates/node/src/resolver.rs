//! Looks up the names of nodes: seldom, a few at once, and nobody waits for it who does not want to.
//!
//! Looking a name up holds one of the threads that reads need, for as long as the system takes, whoever still waits. So
//! at most [`AT_ONCE`] do so, and what was found is good for a while.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};

/// Names looked up at once.
const AT_ONCE: usize = 4;
/// How long what was found is good.
const GOOD: Duration = Duration::from_mins(2);
/// How long it is good where nobody was reached by it, and from one failure to the next try.
const DOUBTFUL: Duration = Duration::from_secs(10);
/// Names that are kept; those that were asked for least lately go.
const NAMES: usize = 128;

/// A host's name and a port.
type Name = (String, u16);

#[derive(Debug)]
struct Entry {
    /// What was found last.
    found: watch::Sender<Option<SocketAddr>>,
    /// When a look-up began last.
    begun: Instant,
    asked: Instant,
    busy: bool,
}

/// What names stand for. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Resolver {
    names: Arc<Mutex<BTreeMap<Name, Entry>>>,
    places: Arc<Semaphore>,
}

impl Default for Resolver {
    fn default() -> Self {
        Self {
            names: Arc::default(),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Resolver {
    /// Where a name leads, as far as it is known. `works` says of an address whether it leads there indeed: one that does
    /// not is looked up again sooner.
    pub(crate) fn known(
        &self,
        name: &str,
        port: u16,
        works: impl Fn(SocketAddr) -> bool,
    ) -> Option<SocketAddr> {
        self.ask(name, port, works).borrow().to_owned()
    }

    /// Where a name leads; waits for that, but no longer than `patience`.
    pub(crate) async fn resolve(
        &self,
        name: &str,
        port: u16,
        patience: Duration,
    ) -> Option<SocketAddr> {
        let mut found = self.ask(name, port, |_| true);
        let found = timeout(patience, found.wait_for(Option::is_some)).await;
        *found.ok()?.ok()?
    }

    fn ask(
        &self,
        name: &str,
        port: u16,
        works: impl Fn(SocketAddr) -> bool,
    ) -> watch::Receiver<Option<SocketAddr>> {
        let now = Instant::now();
        let key = (name.to_owned(), port);
        let mut names = self.names();
        if names.len() >= NAMES && !names.contains_key(&key) {
            let oldest = names.iter().min_by_key(|(_, entry)| entry.asked);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                names.remove(&oldest);
            }
        }
        let mut is_new = false;
        let entry = names.entry(key.clone()).or_insert_with(|| {
            is_new = true;
            Entry {
                found: watch::Sender::new(None),
                begun: now,
                asked: now,
                busy: false,
            }
        });
        entry.asked = now;
        let good = match *entry.found.borrow() {
            Some(address) if works(address) => GOOD,
            _ => DOUBTFUL,
        };
        if !entry.busy && (is_new || now.duration_since(entry.begun) >= good) {
            (entry.busy, entry.begun) = (true, now);
            tokio::spawn(self.clone().look_up(key));
        }
        entry.found.subscribe()
    }

    /// Holds its place until the system has answered. What fails leaves what was found before.
    async fn look_up(self, (name, port): Name) {
        let place = self.places.acquire().await;
        let found = tokio::net::lookup_host((name.as_str(), port)).await;
        drop(place);
        let found = found.map(|found| first(found.collect()));
        let mut names = self.names();
        let Some(entry) = names.get_mut(&(name, port)) else {
            return;
        };
        entry.busy = false;
        match found {
            Ok(Some(address)) => {
                entry.found.send_replace(Some(address));
            }
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "a node's name was not found"),
        }
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<Name, Entry>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let begun = |at: Instant| {
            let mut names = resolver.names();
            let entry = names.get_mut(&("localhost".to_owned(), 9000)).unwrap();
            std::mem::replace(&mut entry.begun, at)
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
        assert_eq!(resolver.names().len(), NAMES);
        let patience = Duration::from_millis(20);
        let found = resolver
            .resolve("no such name.invalid", 199, patience)
            .await;
        assert_eq!(found, None);
    }
}
