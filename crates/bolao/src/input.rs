//! Files that the command line names.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Opens a file to be read. What is none, such as a directory, a pipe or a device, might never end and is refused.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "that is no regular file: save it as one first",
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x");
        fs::write(&file, "x").unwrap();
        assert!(open(&file).is_ok());
        assert!(open(dir.path()).is_err());
        assert!(open(&dir.path().join("none")).is_err());
        #[cfg(unix)]
        assert!(open(Path::new("/dev/zero")).is_err());
    }
}
