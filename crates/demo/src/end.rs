//! The end of everything that was started.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use anyhow::Context as _;

use crate::{network::Network, process};

impl Network {
    /// Ends the nodes and the seed server; the numbers of those that did not end cleanly.
    pub(crate) async fn end_processes(&mut self) -> Vec<usize> {
        let ending = self.nodes.iter_mut().filter_map(|node| {
            node.info.up.store(false, Ordering::Relaxed);
            let (no, process) = (node.info.no, node.process.take());
            process.map(|mut process| async move { (no, process.end().await) })
        });
        let ended = futures::future::join_all(ending).await;
        if let Some(mut seed) = self.seed.take() {
            seed.end().await;
        }
        ended
            .into_iter()
            .filter_map(|(no, clean)| (!clean).then_some(no))
            .collect()
    }

    /// Ends everything and removes every trace.
    pub(crate) async fn remove(mut self) -> anyhow::Result<()> {
        self.end_processes().await;
        self.cleaner.end();
        match self.dir.close() {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("cannot remove the demo's temporary directory")
            }
            _ => Ok(()),
        }
    }

    /// The ends of all logs that hold something.
    pub(crate) fn logs(&self) -> String {
        let mut logs: Vec<PathBuf> = fs::read_dir(self.dir.path())
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == "log"))
            .collect();
        logs.sort();
        let ends: Vec<String> = logs
            .iter()
            .map(|log| (log, process::tail(log)))
            .filter(|(_, tail)| !tail.is_empty())
            .map(|(log, tail)| format!("  last lines of {}:\n{tail}", name(log)))
            .collect();
        ends.join("\n")
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
