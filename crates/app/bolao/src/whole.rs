//! Files that are there whole or not at all: what is written stands beside its place until it is complete.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use tempfile::NamedTempFile;

/// A file that is being written. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct WholeFile {
    part: NamedTempFile,
    path: PathBuf,
    replace: bool,
}

impl WholeFile {
    /// Begins one that others may read, as far as the system's mask lets them. A file that is there already is refused, or
    /// replaced at the end.
    pub(crate) fn begin(path: &Path, replace: bool) -> anyhow::Result<Self> {
        Self::with_mode(path, replace, 0o666)
    }

    /// Begins one that its owner alone may read.
    pub(crate) fn begin_secret(path: &Path, replace: bool) -> anyhow::Result<Self> {
        Self::with_mode(path, replace, 0o600)
    }

    fn with_mode(path: &Path, replace: bool, mode: u32) -> anyhow::Result<Self> {
        let path = match fs::metadata(path) {
            Ok(_) if !replace => return Err(there(path)),
            Ok(found) if !found.is_file() => bail!(
                "{} is not a file that can be replaced: choose another place",
                path.display()
            ),
            // Through a link, so that it stays one.
            Ok(_) => fs::canonicalize(path).with_context(|| cannot(path))?,
            Err(_) => path.to_owned(),
        };
        let dir = match path.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        if !dir.is_dir() {
            bail!("{}: there is no directory {}", cannot(&path), dir.display());
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".bolao-part-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(mode));
        }
        #[cfg(not(unix))]
        let _ = mode;
        // The library's error names the temporary file, which is nobody's business.
        let part = builder
            .tempfile_in(dir)
            .map_err(|error| io::Error::from(error.kind()))
            .with_context(|| cannot(&path))?;
        Ok(Self {
            part,
            path,
            replace,
        })
    }

    /// The file to write to.
    pub(crate) fn file(&mut self) -> &mut File {
        self.part.as_file_mut()
    }

    /// Puts it in its place.
    pub(crate) fn keep(self) -> anyhow::Result<()> {
        let path = self.path;
        self.part
            .as_file()
            .sync_all()
            .with_context(|| cannot(&path))?;
        let kept = if self.replace {
            self.part.persist(&path)
        } else {
            self.part.persist_noclobber(&path)
        };
        match kept {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(there(&path)),
            Err(error) => Err(error.error).with_context(|| cannot(&path)),
        }
    }
}

/// Writes a file; one that is there is replaced only if `replace` says so.
pub(crate) fn write(path: &Path, bytes: &[u8], replace: bool) -> anyhow::Result<()> {
    let mut whole = WholeFile::begin(path, replace)?;
    whole
        .file()
        .write_all(bytes)
        .with_context(|| cannot(path))?;
    whole.keep()
}

fn cannot(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

fn there(path: &Path) -> anyhow::Error {
    anyhow!(
        "{} already exists: choose another place, or replace it with --force",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        write(&path, b"first", false).unwrap();
        let error = write(&path, b"second", false).unwrap_err().to_string();
        assert!(error.contains("--force"), "{error}");
        let mut half = WholeFile::begin(&path, true).unwrap();
        half.file().write_all(b"ha").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first");
        drop(half);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        write(&path, b"second", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        let error = write(dir.path(), b"third", true).unwrap_err().to_string();
        assert!(error.contains("not a file that"), "{error}");
        write(&dir.path().join("none/file"), b"", true).unwrap_err();
    }

    #[test]
    fn one_that_came_meanwhile_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        let slow = WholeFile::begin(&path, false).unwrap();
        write(&path, b"first", false).unwrap();
        slow.keep().unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"first");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("file"), dir.path().join("link"));
        write(&path, b"first", false).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, b"second", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
