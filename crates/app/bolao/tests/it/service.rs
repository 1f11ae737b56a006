//! What a service manager hears of a node, and whether the packages' unit says what the program understands.

use std::{
    fs, io,
    os::unix::net::UnixDatagram,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use rustix::process::Signal;

use crate::support::{TIMEOUT, bolao, done, eventually, signal, temp};

const UNIT: &str = include_str!("../../../../../packaging/debian/bolao.service");
const DEFAULTS: &str = include_str!("../../../../../packaging/debian/bolao.default");

/// Waits for a message with a line that begins so; every message before it.
async fn told(manager: &UnixDatagram, wanted: &str) -> Vec<String> {
    let mut heard = Vec::new();
    let mut buffer = [0; 1_000];
    eventually(wanted, TIMEOUT, async || {
        match manager.recv(&mut buffer) {
            Ok(length) => heard.push(String::from_utf8(buffer[..length].to_vec()).unwrap()),
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}"),
        }
        heard
            .last()
            .filter(|last| last.starts_with(wanted))
            .map(drop)
    })
    .await;
    heard
}

#[tokio::test]
async fn the_manager_hears_that_the_node_is_ready_lives_and_stops() {
    let home = temp();
    let socket = home.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_nonblocking(true).unwrap();
    let mut node: Command = bolao();
    let mut node = node
        .args(["--home", home.path().join("home").to_str().unwrap()])
        .args(["classic", "0", "--threads", "1"])
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "400000")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();

    let before = told(&manager, "READY=1").await;
    let status = before.iter().find(|word| word.starts_with("STATUS"));
    assert_eq!(status, None, "before it is ready");
    told(&manager, "STATUS=block 0 of 0, 0 peers").await;
    for _ in 0..3 {
        told(&manager, "WATCHDOG=1").await;
    }

    // A process that hangs says nothing, and would be restarted.
    signal(&node, Signal::STOP);
    std::thread::sleep(Duration::from_millis(300));
    while manager.recv(&mut [0; 1_000]).is_ok() {}
    std::thread::sleep(Duration::from_secs(1));
    let silence = manager.recv(&mut [0; 1_000]).unwrap_err();
    assert_eq!(silence.kind(), io::ErrorKind::WouldBlock);
    signal(&node, Signal::CONT);
    told(&manager, "WATCHDOG=1").await;

    signal(&node, Signal::TERM);
    told(&manager, "STOPPING=1").await;
    assert!(node.wait().unwrap().success());
}

/// What the unit says of a key.
fn unit(key: &str) -> Vec<&'static str> {
    let lines = UNIT.lines().filter_map(|line| line.split_once('='));
    lines
        .filter_map(|(found, value)| (found == key).then_some(value))
        .collect()
}

#[test]
fn the_units_command_line_is_understood() {
    let [start] = unit("ExecStart")[..] else {
        panic!("one ExecStart");
    };
    let options = DEFAULTS
        .lines()
        .find_map(|line| line.strip_prefix("BOLAO_OPTIONS="))
        .unwrap()
        .trim_matches('"');
    let words = start.replace("$BOLAO_OPTIONS", options);
    let mut words = words.split(' ');
    assert_eq!(words.next(), Some("/usr/bin/bolao"));
    let dir = temp();
    let home = dir.path().join("no-such-home");
    let output = bolao()
        .args(words)
        .env("BOLAO_HOME", &home)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    // Status 2 would be the command line's.
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("no-such-home"), "{error}");
}

#[test]
fn the_unit_starts_once_there_is_a_pool() {
    let dir = temp();
    let home = dir.path().join("home");
    let fixtures = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../data/openfootball/handwritten/unl-2018-19-finals.json"
    );
    let [condition] = unit("ConditionPathExists")[..] else {
        panic!("one condition");
    };
    let of_home = condition.strip_prefix("/var/lib/bolao/").unwrap();
    assert!(unit("Environment")[0].contains("BOLAO_HOME=/var/lib/bolao "));
    assert!(!home.join(of_home).exists());
    done([
        "--home",
        home.to_str().unwrap(),
        "new",
        "Cup",
        "--fixtures",
        fixtures,
    ]);
    assert!(home.join(of_home).exists());
}

#[test]
fn every_command_has_a_page_in_the_manual() {
    let dir = temp();
    done(["man", dir.path().to_str().unwrap()]);
    let help = done(["--help"]);
    let commands = help
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter_map(|line| line.split_once(' '))
        .map(|(word, _)| word)
        .filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()))
        .filter(|word| *word != "help");
    let mut pages = 0;
    for command in commands {
        let page = page(dir.path(), &format!("bolao-{command}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
        pages += 1;
    }
    assert!(pages > 30, "{pages}");
    let whole = page(dir.path(), "bolao.1");
    assert!(whole.contains("Exit status: 0 done"));
    assert!(!dir.path().join("bolao-man.1").exists(), "it is hidden");
}

fn page(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_manual_needs_a_directory() {
    let output = bolao().args(["man", "/no/such/dir"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains("cannot write the manual into /no/such/dir"),
        "{error}"
    );
}
