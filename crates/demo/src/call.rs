//! This program's own commands, called as a person would.

use std::{process::Stdio, time::Duration};

use anyhow::{Context as _, bail};
use tokio::time::timeout;

use crate::{network::Network, process};

/// How long one command may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a command printed.
#[derive(Debug)]
pub(crate) struct Printed {
    /// Whether it succeeded.
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) out: String,
    /// What it printed of a failure.
    pub(crate) error: String,
}

impl Network {
    /// Calls `bolao ARGS`; whatever it says is the caller's to judge.
    pub(crate) async fn call(&self, args: &[&str]) -> anyhow::Result<Printed> {
        let line = args.join(" ");
        let child = process::command(&self.log("commands"))?
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot call `bolao {line}`"))?;
        let output = timeout(PATIENCE, child.wait_with_output())
            .await
            .with_context(|| format!("`bolao {line}` takes too long"))??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        Ok(Printed {
            success: output.status.success(),
            out: text(&output.stdout),
            error: text(&output.stderr),
        })
    }

    /// Calls a command that has to succeed; gives its output.
    pub(crate) async fn done(&self, args: &[&str]) -> anyhow::Result<String> {
        let printed = self.call(args).await?;
        if !printed.success {
            bail!(
                "`bolao {}` failed: {}\n{}",
                args.join(" "),
                printed.error,
                printed.out
            );
        }
        Ok(printed.out)
    }

    /// Has `bolao audit` check a node's home, through the node where it runs and on the disk where it does not.
    pub(crate) async fn audit(&self, no: usize) -> anyhow::Result<()> {
        let home = self.home(no)?.display().to_string();
        self.done(&["--home", &home, "audit"])
            .await
            .with_context(|| format!("the audit of node {no} found something wrong"))?;
        Ok(())
    }
}
