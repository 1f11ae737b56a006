//! A user's terminal, into which the commands of a document are typed as they stand there.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{Daemon, Port, blocks};

/// The blocks of commands in a document's section.
#[track_caller]
pub(crate) fn section(document: &str, heading: &str) -> Vec<String> {
    let (blocks, _) = blocks::read(document);
    let found = blocks
        .into_iter()
        .filter(|it| it.heading == heading && it.language == "sh");
    let found: Vec<String> = found.map(|it| it.text).collect();
    assert!(!found.is_empty(), "no commands below `{heading}`");
    found
}

/// A text with another port in place of an example's.
pub(crate) fn at_port(text: &str, example: &str, port: &Port) -> String {
    let put = |text: String, before: char| {
        text.replace(
            &format!("{before}{example}"),
            &format!("{before}{}", port.number()),
        )
    };
    [' ', ':'].into_iter().fold(text.to_owned(), put)
}

/// A terminal in a user's own directory.
pub(crate) struct Terminal {
    dir: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Terminal {
    /// The user's pool is in `home` of that directory.
    pub(crate) fn new(dir: &Path) -> Self {
        let programs = Path::new(env!("CARGO_BIN_EXE_bolao")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let environment = [
            ("PATH", format!("{}:{path}", programs.display())),
            ("BOLAO_HOME", dir.join("home").display().to_string()),
            ("HOME", dir.display().to_string()),
            ("SHELL", "/bin/sh".to_owned()),
            ("NO_COLOR", "1".to_owned()),
            // No browser is opened.
            ("DISPLAY", String::new()),
            ("WAYLAND_DISPLAY", String::new()),
        ];
        Self {
            dir: dir.to_owned(),
            environment: environment.into(),
        }
    }

    /// Another word in its environment.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Its pools are in the system's place for data.
    pub(crate) fn without_home(mut self) -> Self {
        self.environment.retain(|(name, _)| *name != "BOLAO_HOME");
        self
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .current_dir(&self.dir)
            .env_remove("BOLAO_HOME")
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Follows a block as a script does, without a terminal; what it prints.
    #[track_caller]
    pub(crate) fn follow(&self, block: &str) -> String {
        succeeds(
            block,
            &self.command(&["sh", "-ec", block]).output().unwrap(),
        )
    }

    /// Types a line, and yes if it asks; what the terminal shows.
    #[track_caller]
    pub(crate) fn types(&self, line: &str) -> String {
        let mut command = self.command(&["script", "-qec", line, "/dev/null"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut shown = command.spawn().unwrap();
        // It stays open: `script` takes its time about the end of its input.
        let mut keyboard = shown.stdin.take().unwrap();
        let _ = keyboard.write_all(b"y\n");
        let output = shown.wait_with_output().unwrap();
        succeeds(line, &output).replace('\r', "")
    }

    /// Types a line whose command goes on until Ctrl-C, with an address of this machine and a free port in place of the
    /// example's. Where the line names no port, it is the one that the home remembers.
    pub(crate) fn begins(&self, line: &str, port: Port) -> Daemon {
        let home = self.dir.join("home");
        fs::create_dir_all(&home).unwrap();
        fs::write(home.join("port"), port.number().to_string()).unwrap();
        let line = at_port(line, "9000", &port).replace("192.168.1.20", "127.0.0.1");
        let words = line.split(" #").next().unwrap().split_whitespace();
        let arguments = words.skip(1).map(str::to_owned).collect();
        let mut daemon = Daemon::idle(arguments, port, self.dir.join("log"));
        let environment = self.environment.iter();
        let environment: Vec<_> = environment.map(|(name, it)| (*name, &**it)).collect();
        daemon.spawn_with(&environment);
        daemon
    }

    /// Types such a line, and waits until the node answers.
    pub(crate) async fn runs(&self, line: &str, port: Port) -> Daemon {
        let mut daemon = self.begins(line, port);
        daemon.wait().await;
        daemon
    }
}

#[track_caller]
fn succeeds(typed: &str, output: &Output) -> String {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{typed}\n{shown}{told}");
    shown
}
