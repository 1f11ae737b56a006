//! Lists from the web: bounded in size, time and redirects.

use std::{
    error::Error,
    io, iter,
    time::{Duration, Instant},
};

use bolao_fixtures::{ImportError, Patience, decode};
use bolao_ledger::UnixSeconds;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{
        AGE, DATE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
        RETRY_AFTER,
    },
    redirect::{Attempt, Policy},
};
use thiserror::Error as ThisError;
use tokio::task::spawn_blocking;
use url::Url;

const CONNECT: Duration = Duration::from_secs(10);
/// The most time that everything may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest that its reading may take.
const READING: Duration = Duration::from_secs(10);
const MAX_REDIRECTS: usize = 5;
/// Longest validator that is sent back, in bytes.
const MAX_VALIDATOR: usize = 200;

/// Why a list could not be read.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum DownloadError {
    /// The machine has no certificates to trust.
    #[error(
        "cannot read from the web: this machine has no certificates to trust (Debian: apt install ca-certificates)"
    )]
    NoCertificates,
    /// It is longer than it may be.
    #[error("{url} is too long: at most {most} bytes are read")]
    TooLong {
        /// Its address.
        url: Url,
        /// The number of bytes that are read.
        most: usize,
    },
    /// It is neither text nor a spreadsheet that is read.
    #[error("cannot read {url}: {source}")]
    Format {
        /// Its address.
        url: Url,
        /// Why not.
        source: Box<ImportError>,
    },
    /// The server answers with a failure.
    #[error("cannot read {url}: it answers {status}")]
    Status {
        /// Its address.
        url: Url,
        /// The answer.
        status: StatusCode,
        /// The seconds for which the server wants to be left alone.
        retry_after_s: Option<u64>,
    },
    /// It is not reached, or breaks off.
    #[error("cannot read {url}: {reason}")]
    Unreachable {
        /// Its address.
        url: Url,
        /// In the system's words.
        reason: String,
        /// Whether there was a connection to the server.
        connected: bool,
    },
}

impl DownloadError {
    /// Whether there is no such list.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Status { status, .. } if *status == StatusCode::NOT_FOUND || *status == StatusCode::GONE)
    }

    /// The same without the address, which may hold a secret.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::NoCertificates => self.to_string(),
            Self::TooLong { most, .. } => {
                format!("it is too long: at most {most} bytes are read")
            }
            Self::Format { source, .. } => source.to_string(),
            Self::Status { status, .. } => format!("it answers {status}"),
            Self::Unreachable { reason, .. } => reason.clone(),
        }
    }

    /// Whether there was no connection to the server, so that it was not asked.
    #[must_use]
    pub const fn is_unasked(&self) -> bool {
        matches!(self, Self::Unreachable { connected, .. } if !*connected)
    }

    /// The seconds for which the server wants to be left alone.
    #[must_use]
    pub const fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::Status { retry_after_s, .. } => *retry_after_s,
            _ => None,
        }
    }
}

/// The content of a place on the web, against the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The same as then.
    Unchanged,
    /// This text.
    Text(String),
}

/// The list at a URL, of at most so many bytes.
///
/// # Errors
/// See [`DownloadError`].
pub async fn text(url: &Url, most: usize) -> Result<String, DownloadError> {
    match Reader::new(url.clone(), most)?.read().await? {
        Answer::Text(text) => Ok(text),
        Answer::Unchanged => Ok(String::new()),
    }
}

/// A reader of one place, which asks for what changed since the last time.
#[derive(Debug)]
pub struct Reader {
    client: Client,
    url: Url,
    most: usize,
    /// The headers to ask with, as the server gave them.
    validators: HeaderMap,
    date: Option<UnixSeconds>,
}

impl Reader {
    /// Of a URL, of which at most so many bytes are read.
    ///
    /// # Errors
    /// The machine trusts no certificates, and the URL wants one.
    pub fn new(url: Url, most: usize) -> Result<Self, DownloadError> {
        let builder = || {
            Client::builder()
                .user_agent(concat!("bolao/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::custom(follow))
                .referer(false)
                .connect_timeout(CONNECT)
                .timeout(TIMEOUT)
        };
        let client = match builder().build() {
            Err(_) if url.scheme() == "http" => builder().tls_certs_only([]).build(),
            built => built,
        };
        Ok(Self {
            client: client.map_err(|_| DownloadError::NoCertificates)?,
            url,
            most,
            validators: HeaderMap::new(),
            date: None,
        })
    }

    /// Reads it, if it changed.
    ///
    /// # Errors
    /// See [`DownloadError`].
    pub async fn read(&mut self) -> Result<Answer, DownloadError> {
        let request = self.client.get(self.url.clone());
        let request = request.headers(self.validators.clone());
        let mut response = self.sent(request).await?;
        self.date = date(response.url(), response.headers());
        if response.status() == StatusCode::NOT_MODIFIED && !self.validators.is_empty() {
            return Ok(Answer::Unchanged);
        }
        if !response.status().is_success() {
            return Err(self.refused(&response));
        }
        let validators = validators(response.headers());
        let text = self.whole(&mut response).await?;
        self.validators = validators;
        Ok(Answer::Text(text))
    }

    /// The time by the server's clock when it answered last, with the name by which it was asked; once, and only where its
    /// certificate proves its name.
    pub fn take_date(&mut self) -> Option<(String, UnixSeconds)> {
        let date = self.date.take()?;
        Some((self.url.host_str()?.to_owned(), date))
    }

    /// Asks for all of it the next time.
    pub fn forget(&mut self) {
        self.validators.clear();
    }

    async fn sent(&self, request: RequestBuilder) -> Result<Response, DownloadError> {
        request.send().await.map_err(|error| self.cannot(&error))
    }

    async fn whole(&self, response: &mut Response) -> Result<String, DownloadError> {
        let mut bytes = Vec::new();
        let whole = response.content_length().unwrap_or(0);
        loop {
            if bytes.len() > self.most || whole > u64::try_from(self.most).unwrap_or(u64::MAX) {
                let (url, most) = (self.url.clone(), self.most);
                return Err(DownloadError::TooLong { url, most });
            }
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => {
                    let text = decoded(bytes).await;
                    return text.map_err(|source| DownloadError::Format {
                        url: self.url.clone(),
                        source: source.into(),
                    });
                }
                Err(error) => return Err(self.cannot(&error)),
            }
        }
    }

    fn refused(&self, response: &Response) -> DownloadError {
        let after = response.headers().get(RETRY_AFTER);
        DownloadError::Status {
            url: self.url.clone(),
            status: response.status(),
            retry_after_s: after.and_then(|it| it.to_str().ok()?.trim().parse().ok()),
        }
    }

    fn cannot(&self, error: &reqwest::Error) -> DownloadError {
        let reason = if error.is_timeout() {
            format!("it takes longer than {} seconds", TIMEOUT.as_secs())
        } else {
            no_connection(error).map_or_else(|| innermost(error), ToOwned::to_owned)
        };
        DownloadError::Unreachable {
            url: self.url.clone(),
            reason,
            connected: !error.is_connect(),
        }
    }
}

/// The text of a file, which a spreadsheet takes a moment to give. What nobody sees of one is not in it.
async fn decoded(bytes: Vec<u8>) -> Result<String, ImportError> {
    let patience = patience();
    let text = move || Ok(decode(&bytes, &patience)?.text.into_owned());
    let text = spawn_blocking(text).await;
    text.unwrap_or(Err(ImportError::NoText))
}

/// The longest time for which a list that others wrote is read.
pub(crate) fn patience() -> Patience {
    let end = Instant::now() + READING;
    Patience::while_so(move || Instant::now() < end)
}

/// The time at which an answer came from a server with a certificate; what a cache between has kept is so much older.
fn date(from: &Url, headers: &HeaderMap) -> Option<UnixSeconds> {
    let header = |name: HeaderName| headers.get(name)?.to_str().ok();
    let written = header(DATE).filter(|_| from.scheme() == "https")?;
    let written = DateTimeParser::new().parse_timestamp(written).ok()?;
    let kept_s = header(AGE).and_then(|age| age.trim().parse().ok());
    let written = u64::try_from(written.as_second()).ok()?;
    Some(UnixSeconds(written.saturating_add(kept_s.unwrap_or(0))))
}

/// The headers by which a server is asked what changed.
fn validators(of: &HeaderMap) -> HeaderMap {
    let pairs: [(HeaderName, HeaderName); 2] =
        [(ETAG, IF_NONE_MATCH), (LAST_MODIFIED, IF_MODIFIED_SINCE)];
    let given = pairs.into_iter().filter_map(|(given, asked)| {
        let value = of.get(given).filter(|it| it.len() <= MAX_VALIDATOR)?;
        Some((asked, value.clone()))
    });
    given.collect()
}

/// Follows a redirect, but never from where nobody reads along to where anybody can, to another host only where a certificate proves
/// its name, and to another port only if it is that of HTTPS: else a list could lead to machines and programs that only this
/// network reaches.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let previous = attempt.previous();
    let opened = attempt.url().scheme() != "https"
        && previous.last().is_some_and(|it| it.scheme() == "https");
    let elsewhere = previous
        .last()
        .is_some_and(|it| it.host() != attempt.url().host());
    let port = attempt.url().port_or_known_default();
    let other_port = previous
        .last()
        .is_some_and(|it| it.port_or_known_default() != port)
        && !(attempt.url().scheme() == "https" && attempt.url().port().is_none());
    if opened {
        attempt.error("it redirects from https to http")
    } else if elsewhere && attempt.url().scheme() != "https" {
        attempt.error("it redirects to another host without https")
    } else if other_port {
        attempt.error("it redirects to another port")
    } else if previous.len() > MAX_REDIRECTS {
        attempt.error("it redirects too many times")
    } else {
        attempt.follow()
    }
}

fn innermost(error: &reqwest::Error) -> String {
    let first: &dyn Error = error;
    let causes = iter::successors(Some(first), |it| (*it).source());
    causes.last().map_or_else(String::new, ToString::to_string)
}

/// Why a server was not reached, in words for whoever gave its address; none where it was, or the error says it itself.
#[must_use]
pub fn no_connection(error: &reqwest::Error) -> Option<&'static str> {
    let first: &dyn Error = error;
    let causes = || iter::successors(Some(first), |it| (*it).source());
    // The library has no type for it.
    let is_unknown_host = causes()
        .map(ToString::to_string)
        .any(|text| text.starts_with("dns error") || text.contains("failed to lookup address"));
    let is_distrusted = || {
        let mut causes = causes().map(ToString::to_string);
        causes.any(|text| text.contains("invalid peer certificate"))
    };
    let is_systems = || {
        let mut causes = causes().filter_map(|it| it.downcast_ref::<io::Error>());
        causes.any(|it| it.raw_os_error().is_some())
    };
    if !error.is_connect() {
        None
    } else if is_unknown_host {
        Some("no machine has that name, or the name cannot be looked up now")
    } else if is_distrusted() {
        Some(
            "its certificate is of another name, has ended, or is of an authority that this machine does not know",
        )
    } else {
        is_systems().then_some("nothing answers there: is it running, and is the address right?")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Only a certificate says whose clock it is. What a cache has kept for an hour was written an hour ago.
    #[test]
    fn the_date_of_an_answer_with_a_certificate_is_a_time() {
        let of = |from: &str, pairs: &[(HeaderName, &str)]| {
            let pairs = pairs.iter().cloned();
            let headers = pairs.map(|(name, value)| (name, value.parse().unwrap()));
            date(&from.parse().unwrap(), &headers.collect())
        };
        let written = (DATE, "Fri, 05 Jun 2026 11:00:00 GMT");
        let at = Some(UnixSeconds(1_780_657_200));
        assert_eq!(
            of("https://example.org/", std::slice::from_ref(&written)),
            at
        );
        let kept = of("https://example.org/", &[written.clone(), (AGE, "3600")]);
        assert_eq!(kept, Some(UnixSeconds(1_780_660_800)));
        assert_eq!(of("http://example.org/", &[written]), None);
        assert_eq!(of("https://example.org/", &[(DATE, "today")]), None);
        assert_eq!(of("https://example.org/", &[]), None);
    }
}
