//! A disk in memory, which a crash leaves with what was synced and any part of the rest.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bolao_store::StorageBackend;

#[derive(Clone, Debug)]
enum Written {
    Data(usize, Vec<u8>),
    Length(usize),
}

impl Written {
    fn apply(self, image: &mut Vec<u8>) {
        match self {
            Self::Data(from, data) => {
                let to = from.saturating_add(data.len());
                if image.len() < to {
                    image.resize(to, 0);
                }
                image[from..to].copy_from_slice(&data);
            }
            Self::Length(length) => image.resize(length, 0),
        }
    }
}

#[derive(Debug, Default)]
struct State {
    now: Vec<u8>,
    synced: Vec<u8>,
    unsynced: Vec<Written>,
    syncs: u64,
}

/// Cheap to clone: the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(Arc<Mutex<State>>);

impl Disk {
    /// Gives the disk after a crash; `keep` says of each change that was not synced whether it reached the disk.
    pub(crate) fn after_crash(&self, mut keep: impl FnMut() -> bool) -> Self {
        let state = self.state();
        let mut image = state.synced.clone();
        for change in &state.unsynced {
            if matches!(change, Written::Length(_)) || keep() {
                change.clone().apply(&mut image);
            }
        }
        Self(Arc::new(Mutex::new(State {
            now: image.clone(),
            synced: image,
            unsynced: Vec::new(),
            syncs: state.syncs,
        })))
    }

    /// Gives the number of times that somebody waited for it.
    pub(crate) fn syncs(&self) -> u64 {
        self.state().syncs
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, change: Written) {
        let mut state = self.state();
        state.unsynced.push(change.clone());
        change.apply(&mut state.now);
    }
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput.into())
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(u64::try_from(self.state().now.len()).unwrap_or(u64::MAX))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let from = place(offset)?;
        let state = self.state();
        let bytes = state.now.get(from..from.saturating_add(out.len()));
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.keep(Written::Length(place(length)?));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let State {
            synced,
            unsynced,
            syncs,
            ..
        } = &mut *self.state();
        *syncs += 1;
        for change in unsynced.drain(..) {
            change.apply(synced);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.keep(Written::Data(place(offset)?, data.to_vec()));
        Ok(())
    }
}
