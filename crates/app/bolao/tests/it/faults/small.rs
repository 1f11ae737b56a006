//! A small machine, as a Raspberry Pi is: one core and 512 MB.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    time::Duration,
};

use super::{
    cuts::{TIMEOUT, aim},
    given,
    pool::{NODES, Pool},
    row::Row,
};

const MEMORY: u64 = 512 << 20;
const PLAYERS: usize = 8;
/// The times that each player bets, where nobody says.
const ROUNDS: usize = 30;

/// A group of processes that may use so much memory and no more. Gone when dropped.
struct Group(PathBuf);

impl Group {
    /// A group, where this machine lets us make one.
    fn new(bytes: u64) -> Option<Self> {
        let name = format!("bolao-faults-{}", process::id());
        for (root, limit) in [
            ("/sys/fs/cgroup", "memory.max"),
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
        ] {
            let group = Self(Path::new(root).join(&name));
            if fs::create_dir(&group.0).is_ok()
                && group.0.join(limit).exists()
                && fs::write(group.0.join(limit), bytes.to_string()).is_ok()
            {
                return Some(group);
            }
        }
        None
    }

    fn add(&self, process: u32) {
        fs::write(self.0.join("cgroup.procs"), process.to_string()).unwrap();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

/// The most memory that a process has had at once, in MiB.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() / 1024
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn one_core_and_half_a_gigabyte() {
    let mut pool = Pool::on_a_switch(NODES, "", |_, machine| {
        let small = ["taskset", "-c", "0"].map(str::to_owned);
        if machine == 0 {
            small.to_vec()
        } else {
            Vec::new()
        }
    })
    .await;
    let process = pool.lab.process(0);
    let group = Group::new(MEMORY);
    if let Some(group) = &group {
        group.add(process);
    }
    let limit = if group.is_some() {
        "limited"
    } else {
        "not limited"
    };
    let mut row = Row::new(
        "small machine",
        &format!(
            "one core, memory {limit}: {PLAYERS} players bet at one of four; until the last is final"
        ),
    );
    for _ in 0..given("BOLAO_BETS", ROUNDS) {
        row.took(pool.bet_together(PLAYERS, 0).await.unwrap_or(TIMEOUT));
    }
    let most = peak(process);
    row.note(format!("peak {most} MiB"));
    if most >= MEMORY >> 20 {
        row.broke(format!("{most} MiB"));
    }
    pool.settled().await;
    let aim = aim(Duration::ZERO);
    pool.end(&mut row, aim);
    drop(group);
    row.end(Some(aim)).check();
}
