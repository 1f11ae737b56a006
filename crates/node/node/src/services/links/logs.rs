//! Reads in public logs which certificates there are for the names of the pool's links ([`bolao_reach::LogReader`]).
//!
//! - **Which links.** Those that are known, the own one too, whose host has a public name. Where there is none, nothing is asked.
//! - **When.** Each server is asked every few minutes, at times of each node's own; one that fails, less and less often, and as
//!   seldom as it asks for. All are asked: it is enough that one answers, and that one does not leave a certificate out.
//! - **What counts.** Of a link by a certificate of its node's own, every certificate with a key that the node has not said. Of one
//!   behind a proxy only those of the last days: some providers have several, of which they show one.
//! - **What is said.** Which server lists it, by which name. It is said again at each reading, for as long as it is so.

mod watched;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use bolao_api::ReadLogs;
use bolao_ledger::UnixSeconds;
use bolao_reach::{LogError, LogReader, LogServer, LoggedCertificate, is_public_name};
use bolao_wallet::LinkWord;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use url::{Host, Url};

use super::{doubt::Doubts, looks::within};
use crate::{
    clock::now,
    pool::Pool,
    reach::links::{Claim, Links},
    services::Service,
};
use watched::Watched;

/// The first reading comes within this time after the node knows of a link.
const FIRST: Duration = Duration::from_secs(20);
/// From one reading of a server to the next, at least and at most.
const EVERY: (Duration, Duration) = (Duration::from_mins(5), Duration::from_mins(9));
/// The time that one reading may take.
const READ: Duration = Duration::from_secs(90);
/// The first pause after a failure, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_mins(2), Duration::from_hours(1));
const TICK: Duration = Duration::from_secs(5);
/// Certificates for a name behind a proxy count for this time from their beginning, in seconds.
const FRONTED_S: i64 = 3 * 24 * 3_600;
/// Servers that were read within this time of another count as read when that was, in seconds.
const ABOUT_S: u64 = 15 * 60;
/// It is told in the log that nothing could be read for so long, so often.
const UNREAD: Duration = Duration::from_hours(1);

/// The servers by which a node reads public logs of certificates.
#[derive(Clone, Debug, Default)]
pub struct LogsConfig {
    /// The servers; none: nothing is read.
    pub servers: Vec<LogServer>,
    /// Whether the operator chose them, so that they may know of names that are not public.
    pub chosen: bool,
    /// The longest time from one reading to the next, if not the usual.
    pub every: Option<Duration>,
}

impl LogsConfig {
    /// The host of a link, if logs know of it.
    fn host(&self, url: &str) -> Option<String> {
        let url = Url::parse(url).ok()?;
        match url.host()? {
            Host::Domain(name) if self.chosen || is_public_name(name) => Some(name.to_owned()),
            _ => None,
        }
    }

    /// A time for the first reading, and for the next.
    fn first(&self) -> Instant {
        within(self.every.map_or(FIRST, |every| every.min(FIRST)))
    }

    fn next(&self) -> Instant {
        let (least, most) = self.every.map_or(EVERY, |every| (every / 2, every));
        within(most.saturating_sub(least)) + least
    }

    fn pauses(&self) -> ExponentialBackoff {
        let builder = ExponentialBuilder::default()
            .with_min_delay(self.every.unwrap_or(PAUSES.0).min(PAUSES.0))
            .with_max_delay(PAUSES.1)
            .without_max_times()
            .with_jitter();
        builder.build()
    }
}

/// By link and number of the server.
type Place = (String, usize);

/// A reading that has ended.
type Done = (Place, LogReader, Result<(), LogError>);

/// Reads once.
async fn read(place: Place, mut reader: LogReader) -> Done {
    let result = match timeout(READ, reader.read()).await {
        Ok(result) => result,
        Err(_) => Err(LogError::Slow {
            server: reader.server().to_string(),
            most: READ,
        }),
    };
    (place, reader, result)
}

/// The sentence of a node about a certificate with a foreign key.
fn word(url: &str, server: &LogServer, it: &LoggedCertificate) -> LinkWord {
    LinkWord::Logged {
        url: url.to_owned(),
        key: it.key,
        certificate: it.certificate,
        log: server.to_string(),
        id: it.id.clone(),
        is_wildcard: it.is_wildcard,
    }
}

/// Whether a certificate says something against a claim.
fn counts(claim: &Claim, it: &LoggedCertificate) -> bool {
    let age_s = jiff::Timestamp::now()
        .as_second()
        .saturating_sub(it.from.as_second());
    !claim.fronted || age_s < FRONTED_S
}

/// The service: reads logs, and says which certificates there are with a foreign key.
pub(crate) struct Reading(pub(crate) LogsConfig);

impl Service for Reading {
    async fn run(self, Pool { links, .. }: Pool) {
        Watching::by(self.0).read_for(&links).await;
    }
}

/// All that is read.
struct Watching {
    config: LogsConfig,
    watched: BTreeMap<Place, Watched>,
    reads: JoinSet<Done>,
    doubts: Doubts,
    /// Since when there are links.
    since: UnixSeconds,
    /// When it was told last that nothing can be read.
    told: Instant,
}

impl Watching {
    fn by(config: LogsConfig) -> Self {
        Self {
            config,
            watched: BTreeMap::new(),
            reads: JoinSet::new(),
            doubts: Doubts::default(),
            since: now().unix,
            told: Instant::now(),
        }
    }

    /// Reads for these links, for ever.
    async fn read_for(mut self, links: &Links) {
        let tick = self.config.every.map_or(TICK, |every| every.min(TICK));
        loop {
            let done = tokio::select! {
                () = sleep(tick) => None,
                Some(done) = self.reads.join_next() => Some(done),
            };
            let owned = links.owned();
            let claims = links.claims(&owned);
            let mut hosts = BTreeMap::new();
            for url in owned.first(&claims) {
                let host = self.config.host(&url);
                hosts.extend(host.map(|host| (url, host)));
            }
            if hosts.is_empty() {
                (self.since, self.told) = (now().unix, Instant::now());
            }
            self.watched.retain(|(url, _), _| hosts.contains_key(url));
            match done {
                Some(Ok(done)) => self.take(done, &claims),
                Some(Err(error)) => {
                    tracing::error!(%error, "a reading of public logs broke off: all begin again");
                    self.reads.abort_all();
                    self.watched.clear();
                }
                None => {}
            }
            self.begin(&hosts);
            let state = self.state(&hosts);
            self.warn(state.as_ref());
            links.set_logs(state);
            self.doubts.end(links).await;
        }
    }

    /// Takes what a reading brought.
    fn take(&mut self, (place, reader, result): Done, claims: &[Claim]) {
        let Some(it) = self.watched.get_mut(&place) else {
            return;
        };
        it.certificates = reader.listed().cloned().collect();
        for claim in claims.iter().filter(|it| it.url == place.0) {
            for found in it.certificates.iter().filter(|it| counts(claim, it)) {
                let word = word(&place.0, reader.server(), found);
                self.doubts.add(claim, found.key, word);
            }
        }
        it.ended(result, &self.config);
        (it.is_reading, it.reader) = (false, Some(reader));
    }

    /// Begins the readings that are due.
    fn begin(&mut self, hosts: &BTreeMap<String, String>) {
        for (url, host) in hosts {
            for (number, server) in self.config.servers.iter().enumerate() {
                let place = (url.clone(), number);
                let first = || Watched::due(self.config.first());
                let it = self.watched.entry(place.clone()).or_insert_with(first);
                if it.is_reading || it.due > Instant::now() {
                    continue;
                }
                let made = || LogReader::new(server.clone(), host);
                match it.reader.take().map_or_else(made, Ok) {
                    Ok(reader) => {
                        it.is_reading = true;
                        self.reads.spawn(read(place, reader));
                    }
                    Err(error) => it.ended(Err(error), &self.config),
                }
            }
        }
    }

    /// The age of what logs say, over all links; none where there is none.
    fn state(&self, hosts: &BTreeMap<String, String>) -> Option<ReadLogs> {
        if hosts.is_empty() {
            return None;
        }
        // Of each link the server that was read last counts, and of all links the one that was read first.
        let of_link = |url: &String| {
            let of_link = self.watched.iter().filter(|((of, _), _)| of == url);
            of_link.filter_map(|(_, it)| it.read).max()
        };
        let read: Option<Vec<UnixSeconds>> = hosts.keys().map(of_link).collect();
        let read = read.and_then(|read| read.into_iter().min());
        let is_by = |number: usize| {
            let of_server = self.watched.iter().filter(|((_, of), _)| *of == number);
            let last = of_server.filter_map(|(_, it)| it.read).max();
            let about = |read: UnixSeconds| last.is_some_and(|it| it.0 + ABOUT_S >= read.0);
            read.is_some_and(about)
        };
        let troubles = self.watched.values().filter_map(|it| it.trouble.clone());
        let troubles: BTreeSet<String> = troubles.collect();
        let servers = self.config.servers.iter().map(ToString::to_string);
        let by = servers.clone().enumerate();
        let by = by.filter_map(|(number, server)| is_by(number).then_some(server));
        Some(ReadLogs {
            urls: hosts.keys().cloned().collect(),
            by: by.collect(),
            servers: servers.collect(),
            since: self.since,
            read,
            troubles: troubles.into_iter().collect(),
        })
    }

    /// Tells now and then that nothing can be read.
    fn warn(&mut self, state: Option<&ReadLogs>) {
        let Some(state) = state.filter(|it| !it.servers.is_empty()) else {
            return;
        };
        let last = state.read.unwrap_or(state.since);
        let unread_s = now().unix.0.saturating_sub(last.0);
        if unread_s >= UNREAD.as_secs() && self.told.elapsed() >= UNREAD {
            self.told = Instant::now();
            let why = state.troubles.join("; ");
            tracing::warn!(unread_s, why, "{UNREAD_WORDS}");
        }
    }
}

/// The words for logs that cannot be read.
const UNREAD_WORDS: &str = "this node cannot read the public logs of certificates: it would not tell if somebody else \
    got one for a link of the pool";

#[cfg(test)]
mod tests;
