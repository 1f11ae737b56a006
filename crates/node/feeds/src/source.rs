//! One list that is read again and again.

use std::{fs::File, io::Read as _, path::PathBuf, sync::Arc};

use bolao_fixtures::{Competition, ImportOptions, decode, import};
use bolao_ledger::UnixSeconds;
use jiff::tz::TimeZone;
use tokio::task::spawn_blocking;

use crate::{Answer, DownloadError, Place, Reader, download::patience};

/// The shortest time between two reads of a place on the web, in seconds.
pub const MIN_INTERVAL_S: u64 = 300;
/// The time between two reads of a file, in seconds.
const FILE_INTERVAL_S: u64 = 10;
/// The longest time between two reads, after many that a server refused, in seconds. One that is not reached has no trouble
/// from being asked, and is asked as soon as the net is back.
const MAX_INTERVAL_S: u64 = 6 * 3_600;
/// Longest list, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// One list that is read again and again.
#[derive(Debug)]
pub struct Source {
    name: String,
    from: From,
    zone: Option<TimeZone>,
    /// Whether its rounds at one time are announced so by a league.
    provisional: bool,
    list: Option<Arc<Competition>>,
    heard: Option<UnixSeconds>,
    problem: Option<String>,
    failures: u32,
    next: UnixSeconds,
    pace_s: u64,
}

/// Why a list was not read.
#[derive(Debug, Default)]
struct Failure {
    problem: String,
    /// The seconds for which its server wants to be left alone.
    after: Option<u64>,
    /// There was no connection to a server.
    unasked: bool,
}

impl Failure {
    fn of(problem: String) -> Self {
        Self {
            problem,
            ..Self::default()
        }
    }
}

#[derive(Debug)]
enum From {
    /// Readers of the same list, of which the first is asked that has it.
    Web(Vec<Reader>),
    File(PathBuf),
}

impl Source {
    /// A list at a place. `zone` is that of times that it gives without one; a competition's goes before.
    ///
    /// # Errors
    /// See [`Reader::new`].
    pub fn new(place: &Place, zone: Option<TimeZone>) -> Result<Self, DownloadError> {
        let web = |urls: Vec<url::Url>| {
            let readers = urls.into_iter().map(|url| Reader::new(url, MAX_BYTES));
            readers.collect::<Result<_, _>>().map(From::Web)
        };
        let (name, from, zone) = match place {
            Place::Known(known) => {
                let zone = TimeZone::get(known.zone).ok().or(zone);
                ("openfootball".to_owned(), web(known.urls())?, zone)
            }
            Place::Web(url) => {
                let host = url.host_str().unwrap_or_default();
                (host.to_owned(), web(vec![url.clone()])?, zone)
            }
            Place::File(path) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                let name = name.to_string_lossy().into_owned();
                (name, From::File(path.clone()), zone)
            }
        };
        Ok(Self {
            pace_s: match from {
                From::Web(_) => MIN_INTERVAL_S,
                From::File(_) => FILE_INTERVAL_S,
            },
            name,
            from,
            zone,
            provisional: matches!(place, Place::Known(_)),
            list: None,
            heard: None,
            problem: None,
            failures: 0,
            next: UnixSeconds(0),
        })
    }

    /// Gives it another name, where another has the same.
    pub(crate) fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// The name by which people know it: its host, or its file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its list as it was read last.
    #[must_use]
    pub fn list(&self) -> Option<&Arc<Competition>> {
        self.list.as_ref()
    }

    /// When it was heard last.
    #[must_use]
    pub const fn heard(&self) -> Option<UnixSeconds> {
        self.heard
    }

    /// The reason why the last read failed, if it did.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// When it may be read again.
    #[must_use]
    pub const fn next(&self) -> UnixSeconds {
        self.next
    }

    /// The times by the clocks of servers that were read, each with the server's name; once.
    pub fn take_dates(&mut self) -> impl Iterator<Item = (String, UnixSeconds)> {
        let readers: &mut [Reader] = match &mut self.from {
            From::Web(readers) => readers,
            From::File(_) => &mut [],
        };
        readers.iter_mut().filter_map(Reader::take_date)
    }

    /// Reads it, if it is time; whether it was heard. A list that fails leaves what was heard before.
    pub async fn read(&mut self, now: UnixSeconds) -> bool {
        // A clock that was set back does not silence a list for as long.
        if now < self.next && self.next.0 - now.0 <= MAX_INTERVAL_S {
            return false;
        }
        let read = self.text().await;
        let read = match read {
            Ok(None) => Ok(()),
            Ok(Some(text)) => self.take(text, now).await,
            Err(failure) => Err(failure),
        };
        let heard = read.is_ok();
        match read {
            Ok(()) => {
                (self.failures, self.problem, self.heard) = (0, None, Some(now));
                self.next = UnixSeconds(now.0.saturating_add(self.pace_s));
            }
            Err(failure) => {
                self.problem = Some(failure.problem);
                self.failures = if failure.unasked {
                    0
                } else {
                    self.failures.saturating_add(1)
                };
                let slower = self.failures.saturating_sub(1).min(16);
                let slower = self.pace_s.saturating_mul(1 << slower);
                let wait = slower.max(failure.after.unwrap_or(0)).min(MAX_INTERVAL_S);
                self.next = UnixSeconds(now.0.saturating_add(wait));
            }
        }
        heard
    }

    /// The list's text; none where it is as it was.
    async fn text(&mut self) -> Result<Option<String>, Failure> {
        let readers = match &mut self.from {
            From::File(path) => return file(path).map(Some).map_err(Failure::of),
            From::Web(readers) => readers,
        };
        let mut last = None;
        for at in 0..readers.len() {
            let Some(reader) = readers.get_mut(at) else {
                break;
            };
            match reader.read().await {
                Ok(Answer::Unchanged) => return Ok(None),
                Ok(Answer::Text(text)) => {
                    // Only the one that was read last is asked for what changed.
                    let others = readers.iter_mut().enumerate().filter(|(it, _)| *it != at);
                    others.for_each(|(_, other)| other.forget());
                    return Ok(Some(text));
                }
                Err(error) => {
                    let missing = error.is_missing();
                    last = Some(Failure {
                        problem: error.reason(),
                        after: error.retry_after_s(),
                        unasked: error.is_unasked(),
                    });
                    if !missing {
                        break;
                    }
                }
            }
        }
        Err(last.unwrap_or_default())
    }

    async fn take(&mut self, text: String, now: UnixSeconds) -> Result<(), Failure> {
        let options = ImportOptions {
            zone: self.zone.clone(),
            now: i64::try_from(now.0).ok().map(bolao_fixtures::UnixSeconds),
            name: Some(self.name.clone()),
            dates: None,
            provisional: self.provisional,
            patience: patience(),
        };
        let read = spawn_blocking(move || import(&text, &options)).await;
        let Ok(read) = read else {
            return Err(Failure::of("its list cannot be read".to_owned()));
        };
        match read {
            Ok(list) => {
                self.list = Some(Arc::new(list));
                Ok(())
            }
            Err(error) => {
                // What is wrong with it may be what it says, which is nobody's but the owner's.
                tracing::warn!(name = self.name, %error, "a list cannot be read");
                // A list that was not understood is not the one to compare with.
                if let From::Web(readers) = &mut self.from {
                    readers.iter_mut().for_each(Reader::forget);
                }
                let kind = "its list cannot be read: it is none that this program knows (the node's log says more)";
                Err(Failure::of(kind.to_owned()))
            }
        }
    }
}

fn file(path: &PathBuf) -> Result<String, String> {
    // Its directory is nobody's but the owner's.
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy();
    let cannot = |error: std::io::Error| format!("cannot read {name}: {error}");
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let file = File::open(path).map_err(cannot)?;
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    if read.map_err(cannot)? > MAX_BYTES {
        return Err(format!(
            "{name} is too long: at most {MAX_BYTES} bytes are read"
        ));
    }
    let text = decode(&bytes, &patience()).map(|it| it.text.into_owned());
    text.map_err(|error| format!("cannot read {name}: {error}"))
}
