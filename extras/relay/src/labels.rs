//! The labels that a relay has given, in a JSON file. Programs that change it hold a lock beside it; a relay that runs reads it
//! again where it changed.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use atomic_write_file::AtomicWriteFile;
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use bolao_reach::relay::{Label, Place, Secret, Token};

/// The most labels of a relay.
pub const MOST_LABELS: usize = 64;
/// The time for which a label that was taken back is nobody else's: browsers keep players' keys for its name.
const RESERVED_S: i64 = 366 * 86_400;
/// The most of them.
const MOST_RESERVED: usize = 1_024;
/// Far more than the longest list has.
const MOST_BYTES: u64 = 256 * 1024;

/// The labels of a relay, in a file; clones share them.
#[derive(Clone, Debug)]
pub struct Labels(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    last: Mutex<Last>,
}

/// The file as it was read or written last.
#[derive(Debug, Default)]
struct Last {
    stamp: Option<Stamp>,
    labels: Vec<GivenLabel>,
}

/// When a file was changed last, and its length.
type Stamp = (SystemTime, u64);

/// A label that was given to a home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct GivenLabel {
    /// The label.
    pub label: Label,
    /// Its number among the relay's labels, by which its home's node has a port: less than [`MOST_LABELS`].
    pub number: u16,
    /// The SHA-256 of its token's secret.
    #[serde(with = "hex::serde")]
    pub token: [u8; 32],
    /// The key of the home that used the token first, in hexadecimal.
    pub key: Option<String>,
    /// The traffic of a month.
    pub used: Used,
}

/// The traffic of a label in a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// The month, such as `2026-11`, by UTC.
    pub month: String,
    /// The bytes that were passed on, both ways.
    pub bytes: u64,
}

impl GivenLabel {
    /// The bytes that were passed on in this month.
    pub(crate) fn used_now(&self) -> u64 {
        if self.used.month == this_month() {
            self.used.bytes
        } else {
            0
        }
    }
}

/// Why the labels cannot be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelsError {
    /// The file cannot be read or written.
    #[error("cannot {action} {}, where the relay's labels are", path.display())]
    Io {
        /// The act that failed.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error(
        "{} is not a list of a relay's labels ({reason}): restore a copy, or move it away and add the labels again",
path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The fault in it.
        reason: String,
    },
    /// The label has a home already.
    #[error(
        "the label {0} is given already: choose another, or first remove it with `bolao relay remove {0}`"
    )]
    Taken(Label),
    /// The label was another home's not long ago.
    #[error(
        "the label {0} was removed less than a year ago: its next holder gets what browsers still keep for its page, such as \
         players' keys; to give it to the same home again, or if nobody used it, add --reuse {0}"
    )]
    Reserved(Label),
    /// The label was never given, or was removed.
    #[error("there is no label {0}: `bolao relay list` shows them all")]
    Unknown(Label),
    /// There are as many labels as there may be.
    #[error("this relay has {MOST_LABELS} labels, which is the most: remove an unused one")]
    Full,
}

/// Why a home is not let in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotAdmitted {
    #[error(
        "this relay does not know the token: its label was removed, or it is another relay's; ask the relay's owner for a new one"
    )]
    Token,
    #[error(
        "the token of {0} belongs to the key of another home, which used it first: ask the relay's owner to remove the label and \
         add it again with --reuse"
    )]
    Key(Label),
    #[error("the relay cannot read or write its labels: its log says why")]
    Failed(#[from] LabelsError),
}

impl Labels {
    /// The labels of a file. No file: no labels yet.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, LabelsError> {
        let labels = Self(Arc::new(Inner {
            path: path.into(),
            last: Mutex::default(),
        }));
        labels.look()?;
        Ok(labels)
    }

    /// Gives a label to whoever has the token, which is kept nowhere. One that a home used in the last year is not given.
    pub fn add(&self, label: Label, relay: Place) -> Result<Token, LabelsError> {
        self.give(label, relay, false)
    }

    /// Gives a label, whoever used it before: its next home gets what browsers keep for its page.
    pub fn add_again(&self, label: Label, relay: Place) -> Result<Token, LabelsError> {
        self.give(label, relay, true)
    }

    fn give(&self, label: Label, relay: Place, again: bool) -> Result<Token, LabelsError> {
        let secret = Secret::random();
        self.change(|labels| {
            if !again && self.removed()?.contains_key(&label) {
                return Err(LabelsError::Reserved(label.clone()));
            }
            if labels.iter().any(|given| given.label == label) {
                return Err(LabelsError::Taken(label.clone()));
            }
            if labels.len() >= MOST_LABELS {
                return Err(LabelsError::Full);
            }
            let is_free = |number: &u16| labels.iter().all(|given| given.number != *number);
            let number = (0..=u16::MAX).find(is_free).unwrap_or_default();
            labels.push(GivenLabel {
                label: label.clone(),
                number,
                token: secret.hash(),
                key: None,
                used: Used::default(),
            });
            labels.sort_by(|one, other| one.label.cmp(&other.label));
            Ok(())
        })?;
        Ok(Token {
            label,
            relay,
            secret,
        })
    }

    /// Takes a label back. A relay that runs ends its tunnel within seconds.
    pub fn remove(&self, label: &Label) -> Result<(), LabelsError> {
        self.change(|labels| {
            let at = labels.iter().position(|given| given.label == *label);
            let at = at.ok_or_else(|| LabelsError::Unknown(label.clone()))?;
            if labels.remove(at).key.is_some() {
                let mut removed = self.removed()?;
                removed.insert(label.clone(), Timestamp::now());
                write(&self.removed_path(), &removed)?;
            }
            Ok(())
        })
    }

    /// The labels that were taken back in the last year after a home had used them, each with when.
    fn removed(&self) -> Result<BTreeMap<Label, Timestamp>, LabelsError> {
        let mut removed: BTreeMap<Label, Timestamp> = read_json(&self.removed_path())?;
        let now = Timestamp::now().as_second();
        removed.retain(|_, at| now.saturating_sub(at.as_second()) < RESERVED_S);
        while removed.len() > MOST_RESERVED {
            let oldest = removed.iter().min_by_key(|(_, at)| **at);
            let Some(oldest) = oldest.map(|(label, _)| label.clone()) else {
                break;
            };
            removed.remove(&oldest);
        }
        Ok(removed)
    }

    /// The file of the labels that were taken back; whoever changes the labels holds its lock, too.
    fn removed_path(&self) -> PathBuf {
        self.0.path.with_extension("removed.json")
    }

    /// The labels as they are in the file, sorted.
    pub fn list(&self) -> Result<Vec<GivenLabel>, LabelsError> {
        self.look()?;
        Ok(self.last().labels.clone())
    }

    /// A label as it was when the file was read last.
    pub(crate) fn get(&self, label: &Label) -> Option<GivenLabel> {
        let last = self.last();
        let given = last.labels.iter().find(|given| given.label == *label);
        given.cloned()
    }

    /// Reads the file where it is another than before. Where that fails, the labels of before stay.
    pub(crate) fn look(&self) -> Result<(), LabelsError> {
        let path = &self.0.path;
        let mut last = self.last();
        let stamp = stamp(path);
        if stamp != last.stamp {
            // Before it is read: what is wrong with it is said once.
            last.stamp = stamp;
            last.labels = read(path)?;
        }
        Ok(())
    }

    /// The label of a token's secret. Its first home is remembered by its key.
    pub(crate) fn admit(&self, secret: Secret, key: [u8; 32]) -> Result<GivenLabel, NotAdmitted> {
        self.look()?;
        let (hash, key) = (secret.hash(), hex::encode(key));
        let find = |labels: &mut [GivenLabel]| {
            let given = labels.iter_mut().find(|given| given.token == hash);
            let given = given.ok_or(NotAdmitted::Token)?;
            let of = given.key.get_or_insert_with(|| key.clone());
            if *of == key {
                Ok(given.clone())
            } else {
                Err(NotAdmitted::Key(given.label.clone()))
            }
        };
        let mut labels = self.last().labels.clone();
        let given = find(&mut labels)?;
        if self.last().labels == labels {
            return Ok(given);
        }
        self.change(|labels| find(labels))
    }

    /// Adds to the traffic of labels in this month.
    pub(crate) fn charge(&self, spent: &[(Label, u64)]) -> Result<(), LabelsError> {
        let month = this_month();
        self.change(|labels| {
            for given in labels {
                let bytes = spent.iter().find(|(label, _)| *label == given.label);
                let used = &mut given.used;
                if used.month != month {
                    *used = Used::default();
                    used.month.clone_from(&month);
                }
                used.bytes = used
                    .bytes
                    .saturating_add(bytes.map_or(0, |(_, bytes)| *bytes));
            }
            Ok(())
        })
    }

    fn change<T, E: From<LabelsError>>(
        &self,
        change: impl FnOnce(&mut Vec<GivenLabel>) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = &self.0.path;
        let _until_it_is_written = lock(path)?;
        let mut labels = read(path)?;
        let changed = change(&mut labels)?;
        write(path, &labels)?;
        let stamp = stamp(path);
        *self.last() = Last { stamp, labels };
        Ok(changed)
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn this_month() -> String {
    Timestamp::now().strftime("%Y-%m").to_string()
}

fn stamp(path: &Path) -> Option<Stamp> {
    let there = fs::metadata(path).ok()?;
    Some((there.modified().ok()?, there.len()))
}

fn failed(action: &'static str, path: &Path) -> impl Fn(io::Error) -> LabelsError {
    move |source| LabelsError::Io {
        action,
        path: path.to_owned(),
        source,
    }
}

/// Holds other programs that change the file off until dropped.
fn lock(path: &Path) -> Result<File, LabelsError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
        .open(&path)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(failed("lock", &path))
}

fn read(path: &Path) -> Result<Vec<GivenLabel>, LabelsError> {
    let damaged = |reason: String| damaged(path, reason);
    let labels: Vec<GivenLabel> = read_json(path)?;
    let mut once = labels.iter().enumerate();
    let twice =
        once.find(|(at, given)| labels.iter().skip(at + 1).any(|it| it.label == given.label));
    if let Some((_, given)) = twice {
        return Err(damaged(format!("the label {} is there twice", given.label)));
    }
    let mut numbers = labels.iter().enumerate();
    let twice = numbers.find(|(at, given)| {
        let before = labels.iter().take(*at);
        before.into_iter().any(|it| it.number == given.number)
    });
    if let Some((_, given)) = twice {
        return Err(damaged(format!(
            "the number of {} is there twice",
            given.label
        )));
    }
    let is_high = |given: &&GivenLabel| usize::from(given.number) >= MOST_LABELS;
    match labels.iter().find(is_high) {
        Some(given) => Err(damaged(format!(
            "the number of {} is too high",
            given.label
        ))),
        None => Ok(labels),
    }
}

fn damaged(path: &Path, reason: String) -> LabelsError {
    LabelsError::Damaged {
        path: path.to_owned(),
        reason,
    }
}

/// The content of a file; nothing where there is none.
fn read_json<T: Default + DeserializeOwned>(path: &Path) -> Result<T, LabelsError> {
    let damaged = |reason: String| damaged(path, reason);
    let file = match fs::metadata(path) {
        // A pipe would wait for ever.
        Ok(there) if !there.is_file() => return Err(damaged("it is no regular file".to_owned())),
        Ok(_) => File::open(path).map_err(failed("read", path))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
        Err(error) => return Err(failed("read", path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed("read", path))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(damaged(format!("it has more than {MOST_BYTES} bytes")));
    }
    serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))
}

/// Replaces the file as a whole, so that a crash leaves the old or the new one.
fn write(path: &Path, labels: &impl Serialize) -> Result<(), LabelsError> {
    let write = || -> io::Result<()> {
        let mut options = AtomicWriteFile::options();
        #[cfg(unix)]
        {
            use atomic_write_file::unix::OpenOptionsExt as _;
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600).preserve_mode(false);
        }
        let mut file = options.open(path)?;
        serde_json::to_writer_pretty(&mut file, labels)?;
        file.write_all(b"\n")?;
        file.commit()
    };
    write().map_err(failed("write", path))
}

#[cfg(test)]
mod tests;
