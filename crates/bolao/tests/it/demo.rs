//! `bolao demo`, whose end leaves nothing behind.

use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::support::{PATIENCE, bolao, eventually, signal, temp};

/// What `--headless` may take.
const LIMIT: Duration = Duration::from_mins(2);

/// Starts a demo whose files are in a directory of the test's.
fn start(dir: &Path, args: &[&str]) -> Child {
    fs::create_dir(dir.join("tmp")).unwrap();
    let out = fs::File::create(dir.join("out")).unwrap();
    bolao()
        .args(["demo", "--port", "0"])
        .args(args)
        .env("TMPDIR", dir.join("tmp"))
        .stdout(out.try_clone().unwrap())
        .stderr(out)
        .stdin(Stdio::null())
        .spawn()
        .unwrap()
}

fn said(dir: &Path) -> String {
    fs::read_to_string(dir.join("out")).unwrap()
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).unwrap().next().is_none()
}

/// Processes that have something to do with a directory, as far as the system tells.
fn processes_of(dir: &Path) -> Vec<String> {
    let dir = dir.display().to_string();
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&dir))
        .collect()
}

#[tokio::test]
async fn headless_ends_by_itself() {
    let dir = temp();
    let started = Instant::now();
    let mut demo = start(dir.path(), &["--headless"]);
    let status = eventually("the end of the demo", LIMIT, async || {
        demo.try_wait().unwrap()
    })
    .await;
    let said = said(dir.path());
    println!("{said}\n{:?}", started.elapsed());
    assert!(status.success(), "{status}");
    for words in ["is gone", "is back", "refused", "every audit is clean"] {
        assert!(said.contains(words), "{words}");
    }
    assert!(!said.contains('\u{1b}'), "colours without a terminal");
    assert!(is_empty(&dir.path().join("tmp")), "files are left");
    assert_eq!(processes_of(dir.path()), Vec::<String>::new());
}

/// Waits until the demo's nodes run.
async fn running(dir: &Path, demo: &mut Child) {
    eventually("the nodes of the demo", PATIENCE, async || {
        assert!(demo.try_wait().unwrap().is_none(), "{}", said(dir));
        said(dir).contains("node 4 is").then_some(())
    })
    .await;
    assert!(processes_of(dir).len() >= 5, "{:?}", processes_of(dir));
}

#[tokio::test]
async fn interrupted_it_clears_up() {
    for (kind, args) in [
        (Signal::TERM, ["--no-open"].as_slice()),
        (Signal::INT, &["--headless"]),
    ] {
        let dir = temp();
        let mut demo = start(dir.path(), args);
        running(dir.path(), &mut demo).await;
        signal(&demo, kind);
        let status = eventually("the end after a signal", PATIENCE, async || {
            demo.try_wait().unwrap()
        })
        .await;
        assert!(
            !status.success(),
            "it had not told the whole story: {status}"
        );
        assert!(is_empty(&dir.path().join("tmp")), "files are left");
        assert_eq!(processes_of(dir.path()), Vec::<String>::new());
    }
}

#[tokio::test]
async fn killed_it_leaves_nothing_either() {
    let dir = temp();
    let mut demo = start(dir.path(), &["--headless"]);
    running(dir.path(), &mut demo).await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    eventually("the end of all its processes", PATIENCE, async || {
        processes_of(dir.path()).is_empty().then_some(())
    })
    .await;
    eventually("the removal of its files", PATIENCE, async || {
        is_empty(&dir.path().join("tmp")).then_some(())
    })
    .await;
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = bolao()
        .args(["demo", "--headless", "--port", &port])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&port) && said.contains("--port"), "{said}");
}
