//! The processes of the demo: started apart from the terminal, logged to files, never left behind.
//!
//! Each runs in a process group of its own, so that a Ctrl-C reaches the demo alone, which then ends them in order.
//! Whatever ends the demo ends them: an error or a panic by dropping them, a SIGKILL by the [`Cleaner`].

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{self, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail};
use tokio::{
    process::{Child, Command},
    time::timeout,
};

/// The time that a process has to end when it is asked to.
const GRACE: Duration = Duration::from_secs(6);
/// Lines of a log that are shown when something failed.
const TAIL_LINES: usize = 12;
/// The number of bytes of a log's end that are read for that.
const TAIL_BYTES: usize = 8_192;

/// This program, asked to do something else, its output going to a log.
pub(crate) fn command(log: &Path) -> anyhow::Result<Command> {
    let program = std::env::current_exe().context("cannot find this program's own file")?;
    let out = File::options()
        .create(true)
        .append(true)
        .open(log)
        .with_context(|| format!("cannot write {}", log.display()))?;
    let mut command = Command::new(program);
    command
        .env("NO_COLOR", "1")
        .env_remove("BOLAO_HOME")
        // The passphrase of a wallet of yours; these have none.
        .env_remove("BOLAO_PASSPHRASE")
        .stdin(Stdio::null())
        .stdout(out.try_clone()?)
        .stderr(out)
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    Ok(command)
}

/// A process that runs until it is ended.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
    cleaner: Cleaner,
}

impl Process {
    /// Starts this program with other arguments.
    pub(crate) fn start(
        args: &[impl AsRef<OsStr>],
        log: &Path,
        cleaner: &Cleaner,
    ) -> anyhow::Result<Self> {
        let child = command(log)?
            .args(args)
            .spawn()
            .context("cannot start a node's process")?;
        if let Some(pid) = child.id() {
            cleaner.watch(pid);
        }
        Ok(Self {
            child,
            log: log.to_owned(),
            cleaner: cleaner.clone(),
        })
    }

    /// Fails with the end of its log if it has ended by itself.
    pub(crate) fn check(&mut self, name: &str) -> anyhow::Result<()> {
        match self.child.try_wait() {
            Ok(Some(status)) => bail!("{name} ended ({status}):\n{}", tail(&self.log)),
            _ => Ok(()),
        }
    }

    /// Kills it without warning, as a power cut would (SIGKILL).
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        let pid = self.child.id();
        self.child.kill().await.context("cannot kill a node")?;
        self.forget(pid);
        Ok(())
    }

    /// Asks it to end (SIGTERM), and kills it if it does not. True if it ended cleanly by itself.
    pub(crate) async fn end(&mut self) -> bool {
        let pid = self.child.id();
        let ended = pid.is_some_and(terminate)
            && matches!(timeout(GRACE, self.child.wait()).await, Ok(Ok(status)) if status.success());
        if !ended {
            // Either it is gone already, or this is all that is left to do.
            let _ = self.child.kill().await;
        }
        self.forget(pid);
        ended
    }

    fn forget(&self, pid: Option<u32>) {
        if let Some(pid) = pid {
            self.cleaner.forget(pid);
        }
    }
}

/// Asks a process to end; whether it was told.
#[cfg(unix)]
fn terminate(pid: u32) -> bool {
    use rustix::process::{Pid, Signal, kill_process};

    Pid::from_raw(pid.cast_signed()).is_some_and(|pid| kill_process(pid, Signal::TERM).is_ok())
}

#[cfg(not(unix))]
fn terminate(_pid: u32) -> bool {
    false
}

/// The last lines of a log, indented.
pub(crate) fn tail(log: &Path) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let end = bytes
        .get(bytes.len().saturating_sub(TAIL_BYTES)..)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(end);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(TAIL_LINES));
    let last: Vec<String> = last.map(|line| format!("    {line}")).collect();
    last.join("\n")
}

/// The script of the cleaner. It reads the processes to be killed line by line, each line replacing the one before. When the demo
/// is gone, the pipe closes: it kills those that are left and removes the homes.
const CLEANER: &str = r#"
trap '' INT TERM HUP
while read -r line; do left=$line; done
for pid in $left; do kill -KILL "$pid" 2>/dev/null; done
[ -n "$left" ] && sleep 1
rm -rf -- "$1"
"#;

/// A shell that outlives the demo by a moment and clears up after it, even after a SIGKILL.
#[derive(Clone, Debug)]
pub(crate) struct Cleaner(Arc<Mutex<Running>>);

#[derive(Debug)]
struct Running {
    shell: Option<process::Child>,
    pids: Vec<u32>,
}

impl Cleaner {
    /// Starts it for processes whose files are all in `dir`. Without a shell there is no cleaner, and nothing else changes.
    pub(crate) fn start(dir: &Path) -> Self {
        let mut shell = process::Command::new("/bin/sh");
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let shell = shell
            .arg("-c")
            .arg(CLEANER)
            .arg("bolao-demo-cleaner")
            .arg(dir)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(Arc::new(Mutex::new(Running {
            shell: shell.ok(),
            pids: Vec::new(),
        })))
    }

    fn watch(&self, pid: u32) {
        self.change(|pids| pids.push(pid));
    }

    fn forget(&self, pid: u32) {
        self.change(|pids| pids.retain(|other| *other != pid));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<u32>)) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut running.pids);
        let line: Vec<String> = running.pids.iter().map(ToString::to_string).collect();
        let line = line.join(" ");
        if let Some(pipe) = running
            .shell
            .as_mut()
            .and_then(|shell| shell.stdin.as_mut())
        {
            // A cleaner that is gone gets nothing, and the rest goes on without it.
            let _ = writeln!(pipe, "{line}");
        }
    }

    /// Ends it, once every process has been ended: it removes what is left of the homes.
    pub(crate) fn end(&self) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut shell) = running.shell.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }
}
