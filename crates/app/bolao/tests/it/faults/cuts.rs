//! All wires of a pool are cut in the midst of votes, and mended soon: how long everybody waits for a block that nobody had before.
//!
//! `BOLAO_CUTS` says how often.

use std::{
    fs::File,
    io::Write as _,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rand::RngExt as _;
use serde_json::json;
use tokio::time::sleep;

use super::{
    given,
    pool::{NODES, Pool},
    row::{Aim, Row},
};

/// The number of cuts where nobody says.
const CUTS: usize = 30;
/// The longest that wires are cut.
const LONGEST_CUT: Duration = Duration::from_secs(8);
/// What is waited for at all.
pub(super) const TIMEOUT: Duration = Duration::from_secs(90);

const STAR: &[(usize, usize)] = &[(0, 1), (0, 2), (0, 3)];
const LINE: &[(usize, usize)] = &[(0, 1), (1, 2), (2, 3)];
const RING: &[(usize, usize)] = &[(0, 1), (1, 2), (2, 3), (0, 3)];
pub(super) const MESH: &[(usize, usize)] = &[(0, 1), (1, 2), (2, 3), (0, 3), (0, 2), (1, 3)];

/// What is promised after a cut, with wires that take this long.
pub(super) fn aim(delay: Duration) -> Aim {
    Aim {
        p99: Duration::from_secs(3) + 4 * delay,
        max: Duration::from_secs(8),
    }
}

pub(super) fn up_to(milliseconds: u64) -> Duration {
    Duration::from_millis(rand::rng().random_range(0..=milliseconds))
}

pub(super) fn anybody() -> usize {
    rand::rng().random_range(0..NODES)
}

/// Cuts a pool in the midst of votes, so often, for at least this long each time and 8 s at most, and notes in the row how long it was
/// after each until everybody had a final block that nobody had had. `plug` cuts, and with `true` takes that back.
pub(super) async fn cut_often(
    pool: &mut Pool,
    row: &mut Row,
    (count, least): (usize, Duration),
    plug: impl Fn(&mut Pool, bool),
) {
    let notes = Row::folder().map(|it| it.join(format!("{}-cuts.jsonl", row.name())));
    let mut notes = notes.map(|it| File::create(it).unwrap());
    let all: Vec<usize> = (0..NODES).collect();
    for number in 1..=count {
        pool.settled().await;
        sleep(up_to(300)).await;
        pool.bet(anybody());
        sleep(up_to(300)).await;
        plug(pool, false);
        let cut_at = Timestamp::now();
        let down = rand::rng().random_range(least..=LONGEST_CUT);
        let before = down.mul_f64(rand::rng().random());
        sleep(before).await;
        pool.bet(anybody());
        sleep(down.saturating_sub(before)).await;
        let known = pool.height();
        plug(pool, true);
        let (mended, mended_at) = (Instant::now(), Timestamp::now());
        let reached = pool.reached(&all, known + 1, TIMEOUT).await;
        let took = reached.map(|it| it.saturating_duration_since(mended));
        row.took(took.unwrap_or(TIMEOUT));
        if took.is_none() {
            row.broke(format!("cut {number}: nothing within {TIMEOUT:?}"));
        }
        let note = json!({
            "cut": cut_at.to_string(), "mended": mended_at.to_string(),
            "known": known, "took": took.map(|it| it.as_secs_f64()),
        });
        println!("{}, {number} of {count}: {note}", row.name());
        if let Some(notes) = &mut notes {
            writeln!(notes, "{note}").unwrap();
        }
    }
    pool.settled().await;
}

async fn cuts(shape: &str, links: &[(usize, usize)], delay_ms: u64) {
    let delay = Duration::from_millis(delay_ms);
    let mut pool = Pool::wired(links).await;
    pool.wires(Some(delay));
    let mut row = Row::new(
        &format!("{shape} {delay_ms} ms"),
        "all wires cut in the midst of votes for 0.5 to 8 s; until all have a final block that is new",
    );
    let count = (given("BOLAO_CUTS", CUTS), Duration::from_millis(500));
    cut_often(&mut pool, &mut row, count, |pool, is_up| {
        pool.wires(is_up.then_some(delay));
    })
    .await;
    pool.end(&mut row, aim(delay));
    row.end(Some(aim(delay))).check();
}

macro_rules! shapes {
    ($($name:ident: $shape:literal, $links:expr, $delay_ms:literal;)*) => {$(
        #[ignore = "part of make faults"]
        #[tokio::test]
        async fn $name() {
            cuts($shape, $links, $delay_ms).await;
        }
    )*};
}

shapes! {
    a_star: "star", STAR, 0;
    a_star_50_ms: "star", STAR, 50;
    a_star_100_ms: "star", STAR, 100;
    a_line: "line", LINE, 0;
    a_line_50_ms: "line", LINE, 50;
    a_line_100_ms: "line", LINE, 100;
    a_ring: "ring", RING, 0;
    a_ring_50_ms: "ring", RING, 50;
    a_ring_100_ms: "ring", RING, 100;
    a_mesh: "mesh", MESH, 0;
    a_mesh_50_ms: "mesh", MESH, 50;
    a_mesh_100_ms: "mesh", MESH, 100;
}
