//! `nodes.json`: a JSON array of nodes, as the articles' programs keep it.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use atomic_write_file::AtomicWriteFile;

use crate::Node;

/// Bytes; ten times what the longest list needs.
const MAX_FILE: u64 = 1024 * 1024;

/// Why the file of known nodes cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{failed} {}", path.display())]
pub struct NodesFileError {
    failed: &'static str,
    path: PathBuf,
    source: io::Error,
}

fn failed(failed: &'static str, path: &Path) -> impl Fn(io::Error) -> NodesFileError {
    move |source| NodesFileError {
        failed,
        path: path.to_owned(),
        source,
    }
}

/// Reads the nodes. No file: no nodes. A file of something else is moved aside with a warning,
/// and single entries that are no nodes are skipped with one.
pub(crate) fn load(path: &Path) -> Result<Vec<Node>, NodesFileError> {
    let read = failed("cannot read the known nodes from", path);
    let file = match fs::metadata(path) {
        // A pipe would wait for ever.
        Ok(there) if !there.is_file() => {
            let reason = "it is no regular file: move it away";
            return Err(read(io::Error::new(io::ErrorKind::InvalidInput, reason)));
        }
        Ok(_) => File::open(path).map_err(&read)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(read(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(read)?;
    match parse(&bytes) {
        Ok(nodes) => Ok(nodes),
        Err(error) => {
            move_aside(path, &error)?;
            Ok(Vec::new())
        }
    }
}

fn parse(bytes: &[u8]) -> Result<Vec<Node>, String> {
    if bytes.len() as u64 > MAX_FILE {
        return Err(format!("it has more than {MAX_FILE} bytes"));
    }
    let entries: Vec<serde_json::Value> =
        serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let nodes = entries.into_iter().filter_map(|entry| {
        serde_json::from_value(entry)
            .inspect_err(|error| tracing::warn!(%error, "skipped an entry of the known nodes"))
            .ok()
    });
    Ok(nodes.collect())
}

fn move_aside(path: &Path, why: &str) -> Result<(), NodesFileError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".bad");
    fs::rename(path, &aside).map_err(failed(
        "cannot move aside what is not a JSON array of nodes:",
        path,
    ))?;
    tracing::warn!(
        file = %path.display(),
        moved_to = %Path::new(&aside).display(),
        why,
        "the known nodes are not a JSON array of nodes; starting without"
    );
    Ok(())
}

/// Adds nodes to the file, each once.
pub fn add_nodes(path: &Path, new: impl IntoIterator<Item = Node>) -> Result<(), NodesFileError> {
    let mut nodes = load(path)?;
    for node in new {
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
    save(path, &nodes)
}

/// Replaces the file as a whole, so that a crash leaves the old or the new one.
pub(crate) fn save(path: &Path, nodes: &[Node]) -> Result<(), NodesFileError> {
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = AtomicWriteFile::open(path)?;
        serde_json::to_writer(&mut file, nodes)?;
        file.write_all(b"\n")?;
        file.commit()
    };
    write().map_err(failed("cannot write the known nodes to", path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn node(port: u16) -> Node {
        Node::new([127, 0, 0, 1].into(), port).unwrap()
    }

    #[test]
    fn what_is_saved_is_loaded() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new/nodes.json");
        assert_eq!(load(&path).unwrap(), []);
        save(&path, &[node(1), node(2)]).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            "[{\"ip_address\":\"127.0.0.1\",\"port\":1},{\"ip_address\":\"127.0.0.1\",\"port\":2}]\n"
        );
        assert_eq!(load(&path).unwrap(), [node(1), node(2)]);
    }

    #[test]
    fn a_bad_file_is_moved_aside() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("nodes.json");
        let huge = format!("[{}", " ".repeat(2 << 20));
        for bad in ["", "{}", "[", "\u{0}\u{1}", "nonsense", &huge] {
            fs::write(&path, bad).unwrap();
            assert_eq!(load(&path).unwrap(), []);
            assert!(!path.exists());
            let aside = fs::read(home.path().join("nodes.json.bad")).unwrap();
            assert_eq!(aside, bad.as_bytes());
        }
    }

    #[test]
    fn bad_entries_are_skipped() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("nodes.json");
        fs::write(
            &path,
            r#"[7, {"ip_address":"0.0.0.0","port":1}, {"ip_address":"127.0.0.1","port":9}]"#,
        )
        .unwrap();
        assert_eq!(load(&path).unwrap(), [node(9)]);
        assert!(path.exists());
    }

    #[test]
    fn a_folder_in_its_place_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        let error = load(home.path()).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot read the known nodes from"),
            "{error}"
        );
    }

    /// To open it would wait for ever.
    #[cfg(unix)]
    #[test]
    fn a_pipe_in_its_place_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("nodes.json");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        let error = load(&path).unwrap_err();
        assert!(error.source.to_string().contains("no regular file"));
    }

    #[test]
    fn nodes_are_added_once() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("nodes.json");
        add_nodes(&path, [node(9000)]).unwrap();
        add_nodes(&path, [node(9000), node(9001)]).unwrap();
        assert_eq!(load(&path).unwrap(), [node(9000), node(9001)]);
    }
}
