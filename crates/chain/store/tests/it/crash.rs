//! A process killed in the middle of writing leaves the last whole block.

use std::{
    env,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
};

use bolao_ledger::Height;
use bolao_store::{CACHE_BYTES, OpenError, Store};

use crate::game::{disconnect, dump, genesis, play, usual_plays};

const STORE: &str = "BOLAO_STORE_CRASH";
const ROUNDS: usize = 12;

/// What the child does until it is killed: three blocks forward, one back, a line for each.
#[test]
#[ignore = "runs in the child process of `killed_writers_leave_whole_blocks` alone"]
fn writer() {
    let path = env::var_os(STORE).expect("started by its parent");
    let mut store = Store::open_or_create(Path::new(&path), &genesis(), CACHE_BYTES).unwrap();
    let mut lines = std::io::stdout();
    for step in 1_u64.. {
        if step.is_multiple_of(4) {
            disconnect(&mut store).unwrap();
        } else {
            let height = store
                .reader()
                .snapshot()
                .unwrap()
                .tip()
                .unwrap()
                .height
                .next();
            play(&mut store, &usual_plays(height.0), &step.to_le_bytes());
        }
        let tip = store.reader().snapshot().unwrap().tip().unwrap();
        writeln!(lines, "\ntip {} {}", tip.height, tip.hash).unwrap();
        lines.flush().unwrap();
    }
}

#[test]
fn killed_writers_leave_whole_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("chain.redb");
    let mut grown = Height::ZERO;
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["crash::writer", "--exact", "--ignored", "--nocapture"])
            .env(STORE, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map(Result::unwrap);
        let mut seen = Vec::new();
        for line in lines {
            let Some(tip) = line.strip_prefix("tip ") else {
                continue;
            };
            seen.push(tip.to_owned());
            if seen.len() == 5 {
                assert!(matches!(Store::open(&path), Err(OpenError::InUse { .. })));
            }
            if seen.len() == 6 + round {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();

        let mut store = Store::open(&path).unwrap();
        let before = dump(&store.reader().snapshot().unwrap());
        let last: Height = Height(
            seen.last()
                .unwrap()
                .split(' ')
                .next()
                .unwrap()
                .parse()
                .unwrap(),
        );
        // Nothing that was reported is lost; at most the step that was under way came after it.
        let here = format!("{} {}", before.tip.height, before.tip.hash);
        assert!(
            Some(&here) == seen.last()
                || before.tip.height == last.next()
                || before.tip.height.next() == last,
            "reported {seen:?}, found {here}"
        );
        store.reindex(|_| {}).unwrap();
        assert_eq!(dump(&store.reader().snapshot().unwrap()), before);
        grown = grown.max(before.tip.height);
    }
    assert!(grown > Height(20), "{grown}");
}
