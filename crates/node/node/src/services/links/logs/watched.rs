//! What one server lists for one link, and when it is asked again.

use std::time::{Duration, Instant};

use backon::ExponentialBackoff;
use bolao_ledger::UnixSeconds;
use bolao_reach::{LogError, LogReader, LoggedCertificate};

use super::{LogsConfig, PAUSES};
use crate::clock::now;

/// From one part of a list that is read in parts to the next.
const MORE: Duration = Duration::from_mins(1);
/// The longest pause that a server may ask for.
const ASKED: Duration = Duration::from_hours(6);

/// The list of one server for one link.
pub(super) struct Watched {
    /// None before the first reading, and while it reads.
    pub(super) reader: Option<LogReader>,
    pub(super) is_reading: bool,
    pub(super) certificates: Vec<LoggedCertificate>,
    pub(super) due: Instant,
    pauses: Option<ExponentialBackoff>,
    pub(super) read: Option<UnixSeconds>,
    pub(super) trouble: Option<String>,
}

impl Watched {
    /// Read first at this time.
    pub(super) fn due(due: Instant) -> Self {
        Self {
            reader: None,
            is_reading: false,
            certificates: Vec::new(),
            due,
            pauses: None,
            read: None,
            trouble: None,
        }
    }

    /// Notes how a reading ended.
    pub(super) fn ended(&mut self, result: Result<(), LogError>, config: &LogsConfig) {
        let error = match result {
            Ok(()) => {
                self.read = Some(now().unix);
                (self.trouble, self.pauses) = (None, None);
                self.due = config.next();
                return;
            }
            Err(error) => error,
        };
        tracing::debug!("{error}");
        self.trouble = Some(error.to_string());
        let pauses = self.pauses.get_or_insert_with(|| config.pauses());
        let pause = match &error {
            LogError::Unfinished { .. } => MORE,
            error => {
                let pause = pauses.next().unwrap_or(PAUSES.1);
                pause.max(error.wait().unwrap_or_default().min(ASKED))
            }
        };
        self.due = Instant::now() + pause;
    }
}
