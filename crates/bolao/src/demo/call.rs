//! This program's own commands, called as a person would.

use std::{process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use tokio::time::timeout;

use super::{child, stage::Stage};

/// How long one command may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a command said.
#[derive(Debug)]
pub(super) struct Said {
    /// Whether it succeeded.
    pub(super) well: bool,
    /// Its standard output.
    pub(super) out: String,
    /// What it said of a failure.
    pub(super) error: String,
}

impl Stage {
    /// Calls `bolao ARGS`; whatever it says is the caller's to judge.
    pub(super) async fn call(&self, args: &[&str]) -> anyhow::Result<Said> {
        let told = args.join(" ");
        let child = child::command(&self.log("commands"))?
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot call `bolao {told}`"))?;
        let output = timeout(PATIENCE, child.wait_with_output())
            .await
            .with_context(|| format!("`bolao {told}` takes too long"))??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Ok(Said {
            well: output.status.success(),
            out: text(&output.stdout),
            error: text(&output.stderr),
        })
    }

    /// Calls a command that has to succeed; gives its output.
    pub(super) async fn done(&self, args: &[&str]) -> anyhow::Result<String> {
        let said = self.call(args).await?;
        if !said.well {
            bail!(
                "`bolao {}` failed: {}\n{}",
                args.join(" "),
                said.error,
                said.out
            );
        }
        Ok(said.out)
    }

    /// Has `bolao audit` check a node's home, through the node where it runs and on the disk where it does not.
    pub(super) async fn audit(&self, no: usize) -> anyhow::Result<()> {
        let home = self.home(no)?.display().to_string();
        self.done(&["--home", &home, "audit"])
            .await
            .with_context(|| format!("the audit of node {no} found something wrong"))?;
        Ok(())
    }
}
