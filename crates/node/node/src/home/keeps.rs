//! What a validator's home keeps beside its chain, so that a chain that lost its last second is known for it ([`crate::vote`]): up to which
//! block it has voted, and the transactions that it answered last.
//!
//! It is written before an answer or a final block is told, and never synced: it costs a few microseconds, survives what kills the
//! program, and where the power fails it is written whenever the system likes, mostly later than the chain. A disk that promises what it
//! does not keep loses the chain's last syncs; of two files that are written at different places and times it seldom loses the same.
//! Where it does, others know: nodes, and pages ([`crate::services::hearing`]).

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use bolao_ledger::{Height, Transaction, decode};

use super::{Home, VOTED};

/// The file of the transactions that were answered last, and that of those before.
pub(super) const ANSWERED: &str = "answered";
pub(super) const ANSWERED_BEFORE: &str = "answered.before";
/// The length at which a new one is begun, in bytes: hundreds of bets, some seconds of the most that a node takes.
const MOST_BYTES: u64 = 256 << 10;

/// The files, open once there is something to write.
#[derive(Debug)]
pub(crate) struct Keeps {
    dir: PathBuf,
    mark: Option<File>,
    answered: Option<(File, u64)>,
    has_failed: bool,
}

impl Keeps {
    /// Keeps that the key has voted up to this final block.
    pub(crate) fn voted(&mut self, height: Height) {
        let written = self.write_mark(height);
        self.told(written);
    }

    /// Keeps a transaction that is about to be answered, encoded.
    pub(crate) fn answered(&mut self, transaction: &[u8]) {
        let written = self.write_answered(transaction);
        self.told(written);
    }

    fn told(&mut self, written: io::Result<()>) {
        if let Err(error) = &written
            && !self.has_failed
        {
            tracing::error!(%error, "cannot keep beside the chain how far this home has voted");
        }
        self.has_failed = written.is_err();
    }

    fn write_mark(&mut self, height: Height) -> io::Result<()> {
        let mark = match &mut self.mark {
            Some(mark) => mark,
            none => none.insert(opened(&self.dir.join(VOTED))?),
        };
        mark.seek(SeekFrom::Start(0))?;
        // As long as any, so that nothing of another stays behind it.
        mark.write_all(format!("{:>20}", height.0).as_bytes())
    }

    fn write_answered(&mut self, transaction: &[u8]) -> io::Result<()> {
        let path = self.dir.join(ANSWERED);
        if self
            .answered
            .as_ref()
            .is_some_and(|(_, length)| *length >= MOST_BYTES)
        {
            self.answered = None;
            fs::rename(&path, self.dir.join(ANSWERED_BEFORE))?;
        }
        let (file, length) = match &mut self.answered {
            Some(answered) => answered,
            none => {
                let mut file = opened(&path)?;
                // A power cut may have left half of one.
                let (_, length) = read(&path);
                file.set_len(length)?;
                file.seek(SeekFrom::Start(length))?;
                none.insert((file, length))
            }
        };
        let count = u32::try_from(transaction.len()).map_err(io::Error::other)?;
        file.write_all(&[&count.to_le_bytes(), transaction].concat())?;
        *length = file.stream_position()?;
        Ok(())
    }
}

fn opened(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Home {
    /// The files that its node keeps beside the chain.
    pub(crate) fn keeps(&self) -> Keeps {
        Keeps {
            dir: self.dir().to_owned(),
            mark: None,
            answered: None,
            has_failed: false,
        }
    }

    /// The transactions that were answered last, in that order, as far as they can be read.
    pub(crate) fn answered(&self) -> Vec<Transaction> {
        let files = [ANSWERED_BEFORE, ANSWERED].map(|name| self.dir().join(name));
        files.iter().flat_map(|path| read(path).0).collect()
    }
}

/// The transactions in a file, and the length up to which it can be read.
fn read(path: &Path) -> (Vec<Transaction>, u64) {
    let (mut bytes, mut found, mut length) = (Vec::new(), Vec::new(), 0);
    let file = File::open(path).map(|file| file.take(2 * MOST_BYTES));
    let read = file.and_then(|mut file| file.read_to_end(&mut bytes));
    if read.is_err() {
        return (found, length);
    }
    let mut rest = bytes.as_slice();
    while let Some((count, behind)) = rest.split_first_chunk() {
        let count = u32::from_le_bytes(*count);
        let place = usize::try_from(count).unwrap_or(usize::MAX);
        let Some((transaction, behind)) = behind.split_at_checked(place) else {
            break;
        };
        let Ok(transaction) = decode(transaction) else {
            break;
        };
        found.push(transaction);
        length += 4 + u64::from(count);
        rest = behind;
    }
    (found, length)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn the_mark_is_whatever_was_kept_last() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        home.set_voted(Height(123_456)).unwrap();
        let mut keeps = home.keeps();
        for height in [9, 100_000, 7] {
            keeps.voted(Height(height));
            assert_eq!(home.voted_up_to().unwrap(), Some(Height(height)));
        }
    }

    #[test]
    fn what_was_answered_is_read_as_far_as_it_goes() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        assert_eq!(home.answered(), []);
        let key = bolao_wallet::Key::from_secret(&[7; 32]);
        let mut draft = bolao_wallet::Draft::new(key.account(), bolao_ledger::Nonce::ZERO);
        let joins = draft.join(bolao_ledger::Name::new("ana").unwrap());
        let transaction = key.sign(bolao_ledger::PoolId::default(), joins);
        let bytes = bolao_ledger::encode(&transaction);
        let mut keeps = home.keeps();
        for _ in 0..3 {
            keeps.answered(&bytes);
        }
        assert_eq!(home.answered(), vec![transaction.clone(); 3]);
        let path = dir.path().join(ANSWERED);
        let written = fs::read(&path).unwrap();
        fs::write(&path, &written[..written.len() - 1]).unwrap();
        assert_eq!(home.answered(), vec![transaction.clone(); 2]);
        home.keeps().answered(&bytes);
        assert_eq!(home.answered(), vec![transaction; 3]);
        // It does not grow for ever.
        let mut keeps = home.keeps();
        for _ in 0..2 * MOST_BYTES / bytes.len() as u64 {
            keeps.answered(&bytes);
        }
        for name in [ANSWERED, ANSWERED_BEFORE] {
            let length = fs::metadata(dir.path().join(name)).unwrap().len();
            assert!(length < MOST_BYTES + 1_000, "{length}");
        }
    }
}
