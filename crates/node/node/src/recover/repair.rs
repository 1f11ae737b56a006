//! The pool's store: opened, mended where it is damaged, and watched while it is open.
//!
//! A damaged store is not repaired in place. What can be found in its file goes into a new one
//! ([`bolao_chain::recover`]), which takes its place; the old file stays beside it. The other nodes have the rest.
//!
//! A file that was begun as a store and never became one, as on a full disk, holds nothing: it is made again.
//!
//! Where validators vote, the log of what this node has signed is gone with the old store. So the home waits before it votes
//! ([`crate::services::waiting`]).

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use bolao_chain::{Recovered, recover};
use bolao_ledger::Genesis;
use bolao_store::{CACHE_BYTES, OpenError, Reader, RecoveryScan, Store, StoreError, is_unmade};
use tokio::{task::spawn_blocking, time::interval};

use crate::{
    clock::now,
    error::StartError,
    home::{Home, WaitCause},
};

/// From one look at the store's file to the next.
const LOOK: Duration = Duration::from_secs(1);
/// The number of its pieces, of 4 KiB each, that one look compares: a mebibyte a second.
const PIECES: usize = 256;
/// After how many looks the home is looked after.
const LOOKS_A_ROUND: u32 = 60;

/// Opens the home's store, or makes it; one that is damaged is mended.
pub(crate) async fn open(home: &Home, genesis: &Genesis) -> Result<Store, StartError> {
    let (home, genesis) = (home.clone(), genesis.clone());
    let opened = spawn_blocking(move || open_or_mend(&home, &genesis)).await;
    opened.map_err(io::Error::other)?
}

fn open_or_mend(home: &Home, genesis: &Genesis) -> Result<Store, StartError> {
    let path = home.chain_path();
    let is_begun = is_begun_only(home)?;
    let opened = Store::open_or_create(&path, genesis, CACHE_BYTES);
    let opened = match opened {
        Err(error) if error.is_damage() && is_begun => {
            tracing::warn!(
                "the store is empty, perhaps because there was no room for it: it is made now"
            );
            fs::remove_file(&path)?;
            Store::open_or_create(&path, genesis, CACHE_BYTES)
        }
        // A damaged store may name any pool, and one of another pool does not belong here: the old file stays.
        Err(error) if error.is_damage() || matches!(error, OpenError::OtherPool { .. }) => {
            tracing::error!(%error, "the store is damaged; it is rebuilt from what can be read in it");
            let recovered = mend(home, genesis, |_, _| {})?;
            tracing::warn!(
                blocks = %recovered.kept, of = %recovered.found, waiting = recovered.waiting,
                "the store is repaired; what is missing comes from other nodes"
            );
            Store::open_or_create(&path, genesis, CACHE_BYTES)
        }
        opened => opened,
    };
    Ok(opened?)
}

/// Whether the file of the store never was one. Of a validator that has voted it was, and where sums lie beside it, which whoever
/// opens it leaves there.
fn is_begun_only(home: &Home) -> Result<bool, StartError> {
    let (path, was_one) = (home.chain_path(), home.has_voted()? || home.has_sums());
    Ok(!was_one && path.exists() && is_unmade(&path)?)
}

/// Whether a home's key had a vote, as far as the home knows without its chain.
fn may_have_voted(home: &Home, genesis: &Genesis) -> Result<bool, StartError> {
    let Some(voting) = genesis.consensus.voting() else {
        return Ok(false);
    };
    let own = home.validator_key_there()?;
    let first = voting.validators.iter().any(|one| Some(one.key) == own);
    Ok(first || home.has_voted()?)
}

/// Makes the home's store anew from what can be found in its file, and puts the old file beside it.
///
/// # Errors
/// A new store cannot be written. The old one is then as it was.
pub fn mend(
    home: &Home,
    genesis: &Genesis,
    progress: impl FnMut(u64, u64),
) -> Result<Recovered, StartError> {
    let (old, new) = (home.chain_path(), home.new_chain_path());
    let is_begun = is_begun_only(home)?;
    // Whoever has it open is at work on it.
    drop(match Store::open_for_repair(&old) {
        Err(error @ OpenError::InUse { .. }) => return Err(error.into()),
        opened => opened,
    });
    if is_begun {
        fs::remove_file(&old)?;
        drop(Store::create(&old, genesis)?);
        return Ok(Recovered::default());
    }
    let players: Vec<_> = home.profile()?.account.into_iter().collect();
    let scan = RecoveryScan::find(&old, genesis)?;
    remove(&new)?;
    let mut store = Store::create(&new, genesis)?;
    let recovered = recover(&scan, &mut store, &players, now().unix, progress)?;
    drop((scan, store));
    // What is left of a file may show less than it had.
    let had = recovered.found.max(home.voted_up_to()?.unwrap_or_default());
    if may_have_voted(home, genesis)? {
        home.set_wait(WaitCause::Damage, Some(had))?;
    }
    if recovered.kept < had {
        home.set_had(had)?;
    }
    let damaged = home.next_damaged_chain_path();
    remove(&damaged)?;
    // At every moment one of the two has the name; not all file systems can do that.
    if fs::hard_link(&old, &damaged).is_err() {
        fs::rename(&old, &damaged)?;
    }
    fs::rename(&new, &old)?;
    home.remove_sums();
    Ok(Recovered {
        found: had,
        ..recovered
    })
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Compares the store's file with what was written there, bit by bit, until it is damaged; looks after the home meanwhile.
pub(crate) async fn watch(home: &Home, reader: &Reader) -> StoreError {
    let mut looks = interval(LOOK);
    let (mut number, mut told) = (0, false);
    loop {
        looks.tick().await;
        if let Some(damage) = reader.damage() {
            return damage;
        }
        let (home, reader) = (home.clone(), reader.clone());
        let looked = spawn_blocking(move || {
            if number == 0 {
                look_after(&home);
            }
            reader.look(PIECES)
        });
        number = (number + 1) % LOOKS_A_ROUND;
        match looked.await {
            Ok(Err(error)) if error.is_damage() => return error,
            Ok(Err(error)) if !told => {
                // Who needs what is on the disk will say so, too.
                tracing::warn!(%error, "the store's file cannot be compared with what was written there");
                told = true;
            }
            // A panic was logged by itself.
            _ => {}
        }
    }
}

/// Removes what killed processes left in the home, and warns where its disk has little room.
fn look_after(home: &Home) {
    static LITTLE: AtomicBool = AtomicBool::new(false);
    match home.remove_temp_files() {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "removed half-written files"),
        Err(error) => tracing::warn!(%error, "half-written files could not be removed"),
    }
    let little = home.little_room();
    let was_little = LITTLE.swap(little.is_some(), Ordering::Relaxed);
    if let Some(room) = little.filter(|_| !was_little) {
        tracing::warn!(
            free_mb = room >> 20,
            home = %home.dir().display(),
            "the disk is almost full, and the node stops when it is: make room"
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::UnixSeconds;

    use super::*;

    #[tokio::test]
    async fn a_store_that_names_another_pool_is_made_anew_and_stays_beside() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let genesis = Genesis::article();
        home.set_genesis(&genesis).unwrap();
        let mut other = genesis.clone();
        other.created = UnixSeconds(1);
        drop(Store::create(&home.chain_path(), &other).unwrap());
        let store = open(&home, &genesis).await.unwrap();
        assert_eq!(store.pool_id(), genesis.pool_id());
        let kept = Store::open(&home.damaged_chain_path()).unwrap();
        assert_eq!(kept.pool_id(), other.pool_id());
    }

    /// A file of zeros is left by redb where it finds no room for its first page.
    #[tokio::test]
    async fn a_store_that_was_begun_only_is_made_and_its_validator_votes() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let genesis = Genesis::article();
        home.set_genesis(&genesis).unwrap();
        let begun = vec![0; 1_056_768];
        fs::write(home.chain_path(), &begun).unwrap();
        drop(open(&home, &genesis).await.unwrap());
        assert!(!home.damaged_chain_path().exists());
        assert_eq!(home.wait().unwrap(), None);

        home.remove_sums();
        fs::write(home.chain_path(), &begun).unwrap();
        mend(&home, &genesis, |_, _| {}).unwrap();
        drop(Store::open(&home.chain_path()).unwrap());
        assert!(!home.damaged_chain_path().exists());

        // A store that was cut to its head was one.
        let whole = fs::read(home.chain_path()).unwrap();
        fs::write(home.chain_path(), whole.get(..4_096).unwrap()).unwrap();
        drop(open(&home, &genesis).await.unwrap());
        assert!(home.damaged_chain_path().exists());
        fs::remove_file(home.damaged_chain_path()).unwrap();

        // Sums are of a store.
        fs::write(home.chain_path(), &begun).unwrap();
        fs::write(home.chain_path().with_added_extension("sums"), "of it").unwrap();
        drop(open(&home, &genesis).await.unwrap());
        assert!(home.damaged_chain_path().exists());
        fs::remove_file(home.damaged_chain_path()).unwrap();

        // Of a validator that has voted it is all that is left: it may not forget.
        home.set_voted(bolao_ledger::Height(3)).unwrap();
        fs::write(home.chain_path(), &begun).unwrap();
        drop(open(&home, &genesis).await.unwrap());
        assert!(home.damaged_chain_path().exists());
    }
}
