//! What a server sends, bounded in size and time.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::{Client, Error, StatusCode, header::RETRY_AFTER, redirect::Policy};
use thiserror::Error as ThisError;
use url::Url;

use super::server::LogServer;
use crate::{authority::wanted_wait, failure::innermost};

/// The time that a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// Why a server could not be read.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum LogError {
    /// It is not reached, or breaks off.
    #[error("{server} cannot be reached: {why}")]
    Unreached {
        /// The server.
        server: String,
        /// In the system's words.
        why: String,
    },
    /// It takes too long.
    #[error("{server} took longer than {} seconds", most.as_secs())]
    Slow {
        /// The server.
        server: String,
        /// The time that an answer may take.
        most: Duration,
    },
    /// It answers with a failure, or leads elsewhere.
    #[error("{server} answered {status}")]
    Status {
        /// The server.
        server: String,
        /// The answer.
        status: StatusCode,
        /// The time for which it asks to be left in peace.
        wait: Option<Duration>,
    },
    /// It sends too much.
    #[error("{server} sent more than {most} bytes")]
    TooLong {
        /// The server.
        server: String,
        /// The number of bytes that are read.
        most: usize,
    },
    /// It sends something else.
    #[error("{server} sent something else than a list of certificates")]
    Garbled {
        /// The server.
        server: String,
    },
    /// It lists more than can be looked at.
    #[error(
        "{server} lists more than {most} certificates for {name}, and only the newest are looked at"
    )]
    TooMany {
        /// The server.
        server: String,
        /// The name that was asked for.
        name: String,
        /// The number of certificates that are looked at.
        most: usize,
    },
    /// It lists more than was looked at so far; the rest follows.
    #[error("{server} lists certificates that were not looked at yet")]
    Unfinished {
        /// The server.
        server: String,
    },
}

impl LogError {
    /// The time for which the server asks to be left in peace.
    #[must_use]
    pub const fn wait(&self) -> Option<Duration> {
        match self {
            Self::Status { wait, .. } => *wait,
            _ => None,
        }
    }
}

/// Asks one server.
#[derive(Debug)]
pub(super) struct Fetch {
    client: Client,
    server: String,
    most: Duration,
}

impl Fetch {
    /// Answers may take so long at most.
    pub(super) fn new(server: &LogServer, most: Duration) -> Result<Self, LogError> {
        let client = Client::builder()
            .user_agent(concat!("bolao/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(most))
            .timeout(most)
            .build();
        let client = client.map_err(|error| LogError::Unreached {
            server: server.to_string(),
            why: innermost(&error),
        })?;
        Ok(Self {
            client,
            server: server.to_string(),
            most,
        })
    }

    /// The server's host.
    pub(super) fn server(&self) -> String {
        self.server.clone()
    }

    /// The answer to a question, of at most so many bytes.
    pub(super) async fn get(&self, url: Url, most: usize) -> Result<Vec<u8>, LogError> {
        let failed = |error: Error| self.failed(&error);
        let mut answer = self.client.get(url).send().await.map_err(failed)?;
        if answer.status() != StatusCode::OK {
            let wait = answer.headers().get(RETRY_AFTER);
            let wait = wait.and_then(|it| wanted_wait(it.to_str().ok()?));
            let wait = wait.map(|until| until.duration_since(Timestamp::now()));
            return Err(LogError::Status {
                server: self.server(),
                status: answer.status(),
                wait: wait.and_then(|it| Duration::try_from(it).ok()),
            });
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(failed)? {
            if bytes.len() + more.len() > most {
                let server = self.server();
                return Err(LogError::TooLong { server, most });
            }
            bytes.extend_from_slice(&more);
        }
        Ok(bytes)
    }

    fn failed(&self, error: &Error) -> LogError {
        let server = self.server();
        if error.is_timeout() {
            let most = self.most;
            return LogError::Slow { server, most };
        }
        let why = innermost(error);
        LogError::Unreached { server, why }
    }

    pub(super) fn garbled(&self) -> LogError {
        let server = self.server();
        LogError::Garbled { server }
    }
}
