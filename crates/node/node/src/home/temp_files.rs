//! What a kill leaves in a home: files that were being written, some with a key in them.
//!
//! A file of the home is written beside itself, as `.NAME.XXXXXX`, and then takes its place. Nobody needs what is still
//! called so: it is removed, but only if it is of a file of ours, and old enough that no process is writing it now.

use std::{fs, io, path::Path, time::Duration};

use super::{Home, HomeError, files};

/// The number of letters and digits behind the name.
const SUFFIX: usize = 6;
/// Writing such a file takes moments.
const OLD: Duration = Duration::from_secs(10);

fn is_ours(name: &str) -> bool {
    let suffixed = name.strip_prefix('.').and_then(|it| it.rsplit_once('.'));
    suffixed.is_some_and(|(of, suffix)| {
        files::names().any(|name| name == of)
            && suffix.len() == SUFFIX
            && suffix.bytes().all(|it| it.is_ascii_alphanumeric())
    })
}

fn is_old(path: &Path) -> io::Result<bool> {
    let there = fs::symlink_metadata(path)?;
    // A time that is to come is no age.
    let age = there.modified()?.elapsed().unwrap_or_default();
    Ok(there.is_file() && age >= OLD)
}

impl Home {
    /// Removes what killed processes left half written. Says how many files that were.
    ///
    /// # Errors
    /// The directory cannot be read, or such a file not be removed.
    pub fn remove_temp_files(&self) -> Result<usize, HomeError> {
        let failed = |action, path: &Path| {
            let path = path.to_owned();
            move |source| HomeError::Io {
                action,
                path,
                source,
            }
        };
        let mut removed = 0;
        for entry in fs::read_dir(&self.dir).map_err(failed("read", &self.dir))? {
            let path = entry.map_err(failed("read", &self.dir))?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            // Another process may have removed it first.
            if !name.is_some_and(is_ours) || !is_old(&path).unwrap_or(false) {
                continue;
            }
            match fs::remove_file(&path) {
                Ok(()) => removed += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed("remove", &path)(error)),
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::{fs::File, time::SystemTime};

    use super::*;

    #[test]
    fn only_what_is_ours_and_old_goes() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let put = |name: &str, age: Duration| {
            let file = File::create(dir.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        let hour = Duration::from_hours(1);
        let stay = [
            "wallet.json",
            ".wallet.json",
            ".wallet.json.abc",
            ".wallet.json.abc-ef",
            ".wallet.json.abcdefg",
            ".mine.json.abcdef",
            "wallet.json.abcdef",
        ];
        for name in stay {
            put(name, hour);
        }
        put(".wallet.json.Ab3dEf", hour);
        put(".profile.json.abcdef", hour);
        put(".wallet.json.abcdeg", Duration::ZERO);
        fs::create_dir(dir.path().join(".wallet.json.abcdef")).unwrap();
        assert_eq!(home.remove_temp_files().unwrap(), 2);
        for name in stay {
            assert!(dir.path().join(name).exists(), "{name}");
        }
        assert!(dir.path().join(".wallet.json.abcdeg").exists());
        assert!(!dir.path().join(".wallet.json.Ab3dEf").exists());
        assert_eq!(home.remove_temp_files().unwrap(), 0);
    }
}
