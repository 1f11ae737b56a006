//! Real processes of the built command on free ports of 127.0.0.1, with homes that vanish.

pub(crate) mod blocks;
mod fake;
mod grow;
mod http;
mod terminal;

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::Write as _,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use crate::ports::{Port, free_port};
pub(crate) use fake::FakeNode;
pub(crate) use grow::{Grower, easy_home, easy_pool, grow, new_key, quick_temp, unix_now};
pub(crate) use http::{Answer, Http};
pub(crate) use terminal::{Terminal, at_port, section};

/// How long anything may take that is only waited for.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(45);
/// From one look at a condition to the next.
const LOOK: Duration = Duration::from_millis(15);

/// The built command, or the one that `BOLAO_TESTED` names.
pub(crate) fn bolao() -> Command {
    let other = std::env::var_os("BOLAO_TESTED");
    let program = other.unwrap_or_else(|| env!("CARGO_BIN_EXE_bolao").into());
    let mut command = Command::new(program);
    command
        .env_remove("BOLAO_HOME")
        .env_remove("BOLAO_POOL")
        .env_remove("BOLAO_LOG")
        .env("NO_COLOR", "1")
        // A machine with nothing but the program, as in its image.
        .env("SSL_CERT_FILE", "/nowhere")
        .env("SSL_CERT_DIR", "/nowhere")
        .stdin(Stdio::null());
    command
}

/// Runs the command to its end.
pub(crate) fn run<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    bolao().args(args).output().unwrap()
}

/// Runs the command to its end, which must be a success; its output.
pub(crate) fn done<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> String {
    let mut command = bolao();
    command.args(args);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command to its end, which reads a text.
pub(crate) fn feed(mut command: Command, text: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails early does not read.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap()
}

/// Flags of `new` for a pool that everybody may join, and whose bets everybody sees.
pub(crate) const OPEN: [&str; 4] = ["--membership", "open", "--tips", "open"];

/// A pool of mary's in the home `mary` of a directory, with these matches, open in what the flags do not say.
pub(crate) fn new_pool(dir: &Path, matches: &str, flags: &[&str]) {
    let (home, cup) = (dir.join("mary"), dir.join("cup.json"));
    fs::write(&cup, matches).unwrap();
    let (home, cup) = (home.display().to_string(), cup.display().to_string());
    let args = [
        "--home",
        &home,
        "new",
        "Cup",
        "--fixtures",
        &cup,
        "--as",
        "mary",
    ];
    let open = OPEN.chunks(2).filter(|it| !flags.contains(&it[0]));
    done(args.iter().chain(flags).chain(open.flatten()));
}

/// Replays a stopped home's chain; fails the test unless the audit is clean.
pub(crate) fn assert_audit_is_clean(home: &Path) {
    done([OsStr::new("--home"), home.as_os_str(), OsStr::new("audit")]);
}

/// Looks until there is something, and gives it; fails the test after `patience`.
pub(crate) async fn eventually<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not within {patience:?}");
        tokio::time::sleep(LOOK).await;
    }
}

/// A temporary home.
pub(crate) fn temp() -> TempDir {
    tempfile::Builder::new()
        .prefix("bolao-it-")
        .tempdir()
        .unwrap()
}

/// A process of the command that serves HTTP. Killed when dropped; its log is shown if a test fails.
#[derive(Debug)]
pub(crate) struct Daemon {
    args: Vec<String>,
    log: PathBuf,
    child: Option<Child>,
    pub(crate) http: Http,
    pub(crate) port: Port,
}

impl Daemon {
    /// Starts the command and waits until it answers.
    pub(crate) async fn start(args: Vec<String>, port: Port, log: PathBuf) -> Self {
        let mut daemon = Self::begin(args, port, log);
        daemon.wait().await;
        daemon
    }

    /// Starts the command.
    pub(crate) fn begin(args: Vec<String>, port: Port, log: PathBuf) -> Self {
        let mut daemon = Self::idle(args, port, log);
        daemon.spawn();
        daemon
    }

    /// The command, not started yet.
    pub(crate) fn idle(args: Vec<String>, port: Port, log: PathBuf) -> Self {
        Self {
            args,
            log,
            child: None,
            http: Http::new(format!("http://127.0.0.1:{}", port.number())),
            port,
        }
    }

    /// Starts the process again.
    pub(crate) fn spawn(&mut self) {
        self.spawn_with(&[]);
    }

    /// Starts the process again with more in its environment.
    pub(crate) fn spawn_with(&mut self, environment: &[(&str, &str)]) {
        assert!(self.child.is_none(), "it runs already");
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .unwrap();
        let child = bolao()
            .args(&self.args)
            .env("BOLAO_LOG", "info,libp2p=warn,arc_malachitebft=warn")
            .envs(environment.iter().copied())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .process_group(0)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Waits until it answers; how long that took.
    pub(crate) async fn wait(&mut self) -> Duration {
        let started = Instant::now();
        loop {
            if self
                .http
                .try_get("/")
                .await
                .is_some_and(|answer| answer.text == "{}")
            {
                return started.elapsed();
            }
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(
                ended.is_none(),
                "{:?} ended: {ended:?}\n{}",
                self.args,
                self.log()
            );
            assert!(
                started.elapsed() < TIMEOUT,
                "{:?} does not answer\n{}",
                self.args,
                self.log()
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Kills it without warning.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks it to end, and waits for that.
    pub(crate) async fn terminate(&mut self) -> (ExitStatus, Duration) {
        let mut child = self.child.take().unwrap();
        let started = Instant::now();
        signal(&child, Signal::TERM);
        let status = eventually("the end after SIGTERM", TIMEOUT, async || {
            child.try_wait().unwrap()
        })
        .await;
        (status, started.elapsed())
    }

    /// Sends it a signal, such as that it stands still.
    pub(crate) fn stop(&self, with: Signal) {
        signal(self.child.as_ref().unwrap(), with);
    }

    /// What it printed.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its URL as others register it.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port.number())
    }

    /// Its NODE.
    pub(crate) fn node(&self) -> Value {
        serde_json::json!({ "ip_address": "127.0.0.1", "port": self.port.number() })
    }

    /// How it is.
    pub(crate) async fn status(&self) -> Value {
        self.http.get("/api/v1/status").await.json()
    }

    /// The height of its tip, if it answers.
    pub(crate) async fn height(&self) -> Option<u64> {
        let answer = self.http.try_get("/api/v1/status").await?;
        serde_json::from_str::<Value>(&answer.text).ok()?["tip"]["height"].as_u64()
    }

    /// The hash of its tip.
    pub(crate) async fn tip(&self) -> String {
        self.status().await["tip"]["hash"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(6_000);
            let from = (from..=log.len())
                .find(|at| log.is_char_boundary(*at))
                .unwrap_or(0);
            println!("--- {:?}\n{}", self.args, &log[from..]);
        }
    }
}

/// Sends a signal.
pub(crate) fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().cast_signed()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// A node of the betting article, with a home of its own.
#[derive(Debug)]
pub(crate) struct Classic {
    pub(crate) daemon: Daemon,
    pub(crate) home: TempDir,
}

impl Classic {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With further flags.
    pub(crate) async fn with(flags: &[&str]) -> Self {
        let home = temp();
        let port = free_port();
        let mut args = vec!["--home".to_owned(), home.path().display().to_string()];
        args.extend(["classic".to_owned(), port.number().to_string()]);
        args.extend(
            ["--threads", "1"]
                .iter()
                .chain(flags)
                .map(ToString::to_string),
        );
        let log = home.path().join("log");
        Self {
            daemon: Daemon::start(args, port, log).await,
            home,
        }
    }

    pub(crate) fn http(&self) -> &Http {
        &self.daemon.http
    }

    /// The article's `POST /bet/broadcast`, which must succeed.
    pub(crate) async fn bet(&self, name: &str, game: &str, one: u8, two: u8) {
        let answer = self.try_bet(name, game, one, two).await;
        answer.assert_text("Bet created and broadcast successfully.");
    }

    pub(crate) async fn try_bet(&self, name: &str, game: &str, one: u8, two: u8) -> Answer {
        let bet = serde_json::json!({
            "playername": name, "matchid": game, "teamonescore": one, "teamtwoscore": two,
        });
        self.http().post("/bet/broadcast", bet.to_string()).await
    }

    /// The article's `GET /mine`, which must succeed.
    pub(crate) async fn mine(&self) {
        let answer = self.http().get("/mine").await;
        answer.assert_text("New block mined and broadcast successfully.");
    }

    pub(crate) async fn blockchain(&self) -> Value {
        self.http().get("/blockchain").await.json()
    }

    pub(crate) async fn chain(&self) -> Value {
        self.blockchain().await["chain"].clone()
    }

    /// Players of the bets that wait, in order.
    pub(crate) async fn pending(&self) -> Vec<String> {
        players(&self.blockchain().await["pending_bets"])
    }

    /// Makes two nodes know each other, as the article does.
    pub(crate) async fn register(&self, other: &Self) {
        let body = serde_json::json!({ "newnodeurl": other.daemon.url() });
        let answer = self
            .http()
            .post("/register-and-broadcast-node", body.to_string())
            .await;
        answer.assert_text("New node registered successfully successfully.");
    }

    pub(crate) async fn consensus(&self) -> String {
        let answer = self.http().get("/consensus").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text
    }
}

/// The players of a JSON array of BET.
pub(crate) fn players(bets: &Value) -> Vec<String> {
    bets.as_array()
        .unwrap()
        .iter()
        .map(|bet| bet["player"].as_str().unwrap().to_owned())
        .collect()
}

/// Starts `bolao run` in a home that has a pool.
pub(crate) async fn run_node(home: &Path, flags: &[&str]) -> Daemon {
    let port = free_port();
    let mut args = vec![
        "--home".to_owned(),
        home.display().to_string(),
        "run".to_owned(),
    ];
    args.extend(["-i", "127.0.0.1", "-p"].map(str::to_owned));
    args.push(port.number().to_string());
    args.extend(
        ["-u", "1", "--threads", "1"]
            .iter()
            .chain(flags)
            .map(ToString::to_string),
    );
    Daemon::start(args, port, home.join("log")).await
}

/// Starts `bolao seed` in a directory.
pub(crate) async fn run_seed(dir: &Path) -> Daemon {
    let port = free_port();
    let mut args = vec!["seed".to_owned(), "-i".to_owned(), "127.0.0.1".to_owned()];
    args.extend(["-p".to_owned(), port.number().to_string()]);
    args.extend(["-u".to_owned(), "1".to_owned(), "-d".to_owned()]);
    args.push(dir.display().to_string());
    Daemon::start(args, port, dir.join("log")).await
}
