//! A machine that gives little. A disk without room: the system lets no file of a process grow; nothing is lost, and one sentence
//! says what to do. Few open files: connections do not take all of them.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command},
    time::Duration,
};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::support::{
    OPEN, TIMEOUT, assert_audit_is_clean, done, eventually, free_port, new_pool, run, temp,
};

const CUP: &str = r#"{"name": "Cup", "matches": [
    {"code": "BrGh", "round": "Final", "date": "2099-06-01", "time": "12:00 UTC+0", "team1": "Brazil", "team2": "Ghana"}
]}"#;
/// Small files find room, the chain does not.
const ROOM: u64 = 64 << 10;
/// Open files of a node that has few.
const FILES: usize = 64;
/// The time that a listener waits for the head of its answer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// The command, which gets an error and no signal where a file may not grow.
fn bolao(shell: &str, home: &str, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("trap '' XFSZ; {shell} exec \"$@\""), "sh"])
        .args([env!("CARGO_BIN_EXE_bolao"), "--home", home])
        .args(args)
        .env("NO_COLOR", "1");
    command
}

/// A node that has said so much.
async fn begun(home: &str, log: &Path, says: &str) -> Child {
    begun_by("", home, log, says).await
}

async fn begun_by(shell: &str, home: &str, log: &Path, says: &str) -> Child {
    let port = free_port();
    let port = port.number().to_string();
    let output = File::create(log).unwrap();
    let args = ["run", "-i", "127.0.0.1", "-p", &port, "--threads", "1"];
    let node = bolao(shell, home, &args)
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    eventually(says, TIMEOUT, async || {
        let said = fs::read_to_string(log).unwrap();
        said.contains(says).then_some(())
    })
    .await;
    node
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_says_what_to_do() {
    let dir = temp();
    let [home, cup, log] = ["home", "cup.json", "log"].map(|it| dir.path().join(it));
    fs::write(&cup, CUP).unwrap();
    let (home, cup) = (home.display().to_string(), cup.display().to_string());
    let new = ["new", "Cup", "--fixtures", &cup, "--as", "mary"];
    let new = [&new[..], &OPEN].concat();
    let output = bolao("ulimit -f 0;", &home, &new).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with("error: ") && last.contains("make room"),
        "{said}"
    );
    assert!(!Path::new(&home).join("genesis.json").exists());
    done(["--home", &home].iter().chain(&new));

    let mut node = begun(&home, &log, "You are in the pool").await;
    done(["--home", &home, "bet", "BrGh", "2-1", "--wait"]);
    let limit = Rlimit {
        current: Some(ROOM),
        maximum: Some(ROOM),
    };
    let pid = Pid::from_raw(node.id().cast_signed());
    prlimit(pid, Resource::Fsize, limit).unwrap();
    let tips = dir.path().join("tips.csv");
    let path = tips.display().to_string();
    let mut goals = 2..;
    // The file has some room of its own.
    let refused = eventually("the end of the room", TIMEOUT, async || {
        let score = goals.next().unwrap();
        fs::write(&tips, format!("BrGh,{score}-0\n")).unwrap();
        let output = run(["--home", &home, "tip", &path]);
        (!output.status.success()).then_some(output)
    })
    .await;
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.starts_with("error: "), "{said}");
    let status = eventually("its end", TIMEOUT, async || node.try_wait().unwrap()).await;
    let said = fs::read_to_string(&log).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with("error: the disk is full: nothing is lost; make room"),
        "{said}"
    );
    assert!(
        !said.contains("panicked") && !said.contains("a fault in bolao"),
        "{said}"
    );

    assert_audit_is_clean(Path::new(&home));
    let mut node = begun(&home, &log, "http://127.0.0.1:").await;
    done(["--home", &home, "tip", &path, "--wait"]);
    let bets = done(["--home", &home, "bets"]);
    let tip = fs::read_to_string(&tips).unwrap();
    let score = tip.trim().trim_start_matches("BrGh,");
    assert!(bets.contains(score) && bets.contains("1 bet"), "{bets}");
    node.kill().unwrap();
    node.wait().unwrap();
}

/// The status of an answer to a listener to events; none where the node gave none.
fn listen(address: &str) -> Option<(TcpStream, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(HEAD_TIMEOUT)).ok()?;
    write!(
        stream,
        "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\n\r\n"
    )
    .ok()?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).ok()?;
    let status = String::from_utf8_lossy(&head[9..]).into_owned();
    Some((stream, status))
}

#[tokio::test]
async fn a_node_with_few_files_keeps_some_for_its_store_and_its_owner() {
    let dir = temp();
    let [home, log] = ["mary", "log"].map(|it| dir.path().join(it));
    new_pool(dir.path(), CUP, &[]);
    let home = home.display().to_string();
    let few = format!("ulimit -n {FILES};");
    let mut node = begun_by(&few, &home, &log, "You are in the pool").await;
    let said = fs::read_to_string(&log).unwrap();
    let url = said.lines().find_map(|line| line.strip_prefix("http://"));
    let address = url.unwrap().to_owned();
    let listeners: Vec<_> = (0..FILES).map(|_| listen(&address)).collect();
    let with = |status: &str| {
        let all = listeners.iter().flatten();
        all.filter(|(_, it)| it == status).count()
    };
    assert!(with("200") >= 2 && with("503") >= 2, "{listeners:?}");
    assert_eq!(
        with("200") + with("503"),
        listeners.iter().flatten().count()
    );
    done(["--home", &home, "bet", "BrGh", "2-1", "--wait"]);
    drop(listeners);
    let said = fs::read_to_string(&log).unwrap();
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    node.kill().unwrap();
    node.wait().unwrap();
}
