//! Files that the command line names.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use anyhow::{Context as _, bail};

/// Opens a file to be read. What is none, such as a directory, a pipe or a device, might never end and is refused.
fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if fs::metadata(path)?.is_file() {
        Ok(Box::new(File::open(path)?))
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "that is not a regular file: save it as one first",
        ))
    }
}

/// The text of a file of at most so many bytes, `-` being the standard input. `what` says what it should be.
pub(crate) fn text(path: &Path, most: usize, what: &str) -> anyhow::Result<String> {
    String::from_utf8(bytes(path, most, what)?)
        .ok()
        .with_context(|| format!("{} is not even text in UTF-8, wanted {what}", name(path)))
}

/// The bytes of such a file.
pub(crate) fn bytes(path: &Path, most: usize, what: &str) -> anyhow::Result<Vec<u8>> {
    let bytes = beginning(path, most, what)?;
    if bytes.len() > most {
        bail!(
            "{} is too long, wanted {what}, at most {most} bytes",
            name(path)
        );
    }
    Ok(bytes)
}

/// The bytes of such a file, of a longer one the first and one more than are wanted.
pub(crate) fn beginning(path: &Path, most: usize, what: &str) -> anyhow::Result<Vec<u8>> {
    let input = if path.as_os_str() == "-" {
        Ok(Box::new(io::stdin().lock()) as Box<dyn Read>)
    } else {
        open(path)
    };
    let take = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    input
        .and_then(|input| input.take(take).read_to_end(&mut bytes))
        .with_context(|| format!("cannot read {}, wanted {what}", name(path)))?;
    Ok(bytes)
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "the standard input".to_owned()
    } else {
        path.display().to_string()
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
