//! The reading of one server's list for one name, again and again.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use reqwest::StatusCode;
use tokio::time::sleep;

use super::{
    cert_spotter,
    certificate::{LoggedCertificate, read},
    crt_sh,
    fetch::{Fetch, LogError},
    names::{plain, wildcard},
    server::{Form, LogServer},
};

/// The time that one answer may take: the servers are slow at times.
const ANSWER: Duration = Duration::from_secs(45);
/// The longest list that is read, in bytes: a certificate takes some 500.
const MAX_LIST: usize = 4 << 20;
/// The longest certificate, in bytes.
const MAX_CERTIFICATE: usize = 64 << 10;
/// The most certificates of one name that are looked at.
const MOST: usize = 200;
/// The most that are fetched, and the most pages that are read, at one time; the rest comes the next time.
const MOST_FETCHED: usize = 8;
const MOST_PAGES: usize = 4;
/// A list that goes on from its last entry is read from its beginning so often: it may have been corrected.
const AFRESH: Duration = Duration::from_hours(24);
/// From one question to the next.
const PAUSE: Duration = Duration::from_millis(500);

/// A reader of what one server lists for one name. What it has looked at, it does not ask for again.
#[derive(Debug)]
pub struct LogReader {
    server: LogServer,
    name: String,
    fetch: Fetch,
    /// By their names at the server; none where it is not for the name after all.
    listed: BTreeMap<String, Option<LoggedCertificate>>,
    /// The last entry of a list that goes on from there.
    after: Option<String>,
    /// When that was read from its beginning.
    begun: Instant,
}

impl LogReader {
    /// Of a host's name at a server.
    ///
    /// # Errors
    /// This machine has no certificates to trust.
    pub fn new(server: LogServer, name: &str) -> Result<Self, LogError> {
        Self::with_patience(server, name, ANSWER)
    }

    /// The same for an own time that one answer may take.
    ///
    /// # Errors
    /// This machine has no certificates to trust.
    pub fn with_patience(server: LogServer, name: &str, most: Duration) -> Result<Self, LogError> {
        Ok(Self {
            fetch: Fetch::new(&server, most)?,
            server,
            name: plain(name),
            listed: BTreeMap::new(),
            after: None,
            begun: Instant::now(),
        })
    }

    /// The server.
    pub const fn server(&self) -> &LogServer {
        &self.server
    }

    /// The certificates that it has listed so far and that have not ended.
    pub fn listed(&self) -> impl Iterator<Item = &LoggedCertificate> {
        let now = Timestamp::now();
        let listed = self.listed.values().flatten();
        listed.filter(move |it| it.until >= now)
    }

    /// Reads what the server lists now. Good only if all of it was looked at.
    ///
    /// # Errors
    /// Why not all was; what was, is [`Self::listed`] all the same.
    pub async fn read(&mut self) -> Result<(), LogError> {
        match self.server.form {
            Form::CrtSh => self.read_numbers().await,
            Form::CertSpotter => self.read_pages().await,
        }
    }

    async fn read_numbers(&mut self) -> Result<(), LogError> {
        let mut numbers: BTreeSet<u64> = BTreeSet::new();
        for name in [Some(self.name.clone()), wildcard(&self.name)] {
            let Some(name) = name else { continue };
            let url = self.server.asked(&crt_sh::asked(&name));
            let text = self.fetch.get(url, MAX_LIST).await?;
            let found = crt_sh::numbers(&text, &self.name);
            numbers.extend(found.map_err(|_| self.fetch.garbled())?);
            sleep(PAUSE).await;
        }
        let is_short = numbers.len() <= MOST;
        // Later ones have higher numbers.
        let newest: BTreeSet<String> = numbers
            .iter()
            .rev()
            .take(MOST)
            .map(u64::to_string)
            .collect();
        self.listed.retain(|id, _| newest.contains(id));
        let unread = numbers
            .into_iter()
            .rev()
            .take(MOST)
            .map(|it| it.to_string());
        let unread: Vec<String> = unread.filter(|it| !self.listed.contains_key(it)).collect();
        let mut failed = None;
        for id in unread.iter().take(MOST_FETCHED) {
            let url = self.server.asked(&[("d", id)]);
            let fetched = self.fetch.get(url, MAX_CERTIFICATE).await;
            let certificate = fetched
                .and_then(|bytes| read(id, &bytes, &self.name).map_err(|_| self.fetch.garbled()));
            match certificate {
                Ok(certificate) => drop(self.listed.insert(id.clone(), certificate)),
                // Others may come.
                Err(error @ (LogError::Status { .. } | LogError::Garbled { .. })) => {
                    failed = Some(error);
                }
                Err(error) => return Err(error),
            }
            sleep(PAUSE).await;
        }
        match failed {
            Some(error) => Err(error),
            None if unread.len() > MOST_FETCHED => Err(self.unfinished()),
            None if !is_short => Err(self.too_many()),
            None => Ok(()),
        }
    }

    /// Begins from the beginning after a day.
    fn begin_afresh(&mut self, now: Instant) {
        if now.duration_since(self.begun) >= AFRESH {
            (self.begun, self.after) = (now, None);
            self.listed.clear();
        }
    }

    async fn read_pages(&mut self) -> Result<(), LogError> {
        self.begin_afresh(Instant::now());
        let now = Timestamp::now();
        self.listed
            .retain(|_, it| it.as_ref().is_some_and(|it| it.until >= now));
        for _ in 0..MOST_PAGES {
            let asked = cert_spotter::asked(&self.name, self.after.as_deref());
            let url = self.server.asked(&asked);
            let text = self.fetch.get(url, MAX_LIST).await;
            if let Err(LogError::Status { status, .. }) = &text
                && [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND].contains(status)
            {
                // It may not know that entry any more: the next time from the beginning.
                self.after = None;
            }
            let found = cert_spotter::page(&text?, &self.name);
            let found = found.map_err(|_| self.fetch.garbled())?;
            let Some(last) = found.last else {
                return Ok(());
            };
            let found = found.certificates.into_iter();
            self.listed
                .extend(found.map(|it| (it.id.clone(), Some(it))));
            if self.listed.len() > MOST {
                return Err(self.too_many());
            }
            if self.after.replace(last.clone()) == Some(last) {
                return Err(self.fetch.garbled());
            }
            sleep(PAUSE).await;
        }
        Err(self.unfinished())
    }

    fn unfinished(&self) -> LogError {
        let server = self.fetch.server();
        LogError::Unfinished { server }
    }

    fn too_many(&self) -> LogError {
        LogError::TooMany {
            server: self.fetch.server(),
            name: self.name.clone(),
            most: MOST,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_a_list_has_no_more_is_forgotten_after_a_day() {
        let server = LogServer::public().pop().unwrap();
        let mut reader = LogReader::new(server, "ana.relay.bolao.dev").unwrap();
        let certificate = LoggedCertificate {
            id: "7".to_owned(),
            key: [7; 32],
            certificate: [7; 32],
            is_wildcard: false,
            from: Timestamp::MIN,
            until: Timestamp::MAX,
        };
        reader.listed.insert("7".to_owned(), Some(certificate));
        reader.after = Some("7".to_owned());
        let begun = reader.begun;
        reader.begin_afresh(begun + AFRESH / 2);
        assert_eq!((reader.listed().count(), reader.after.is_some()), (1, true));
        reader.begin_afresh(begun + AFRESH);
        assert_eq!(
            (reader.listed().count(), reader.after.is_some()),
            (0, false)
        );
    }
}
