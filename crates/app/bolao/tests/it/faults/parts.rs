//! Networks that part, that lose what goes one way, and that are slow.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{
    cuts::{MESH, TIMEOUT, aim, anybody, cut_often},
    given,
    pool::{NODES, Pool},
    row::{Held, Row},
};

/// Bets in a network that is slow, where nobody says.
const BETS: usize = 30;
/// Times that a network parts, where nobody says.
const PARTINGS: usize = 15;
/// Longer than votes are on their way that were sent before a cut.
const ON_THE_WAY: Duration = Duration::from_secs(2);
/// The time in which halves must decide nothing.
const APART: Duration = Duration::from_secs(6);

type Ways = Vec<(usize, usize)>;

/// The ways from some nodes to others.
fn from_to(from: &[usize], to: &[usize]) -> Ways {
    let pairs = from.iter().flat_map(|a| to.iter().map(|b| (*a, *b)));
    pairs.collect()
}

fn both(one: &[usize], other: &[usize]) -> Ways {
    [from_to(one, other), from_to(other, one)].concat()
}

/// Bets at a node; how long it takes until all of these nodes have it in a final block.
async fn bet(pool: &mut Pool, node: usize, nodes: &[usize]) -> Duration {
    let (known, began) = (pool.height(), Instant::now());
    pool.bet(node);
    let reached = pool.reached(nodes, known + 1, TIMEOUT).await;
    reached.map_or(TIMEOUT, |it| it.saturating_duration_since(began))
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn two_and_two() {
    let mut pool = Pool::wired(MESH).await;
    let mut row = Row::new(
        "partition 2:2",
        "halves for 8 s, which decide nothing; from its end until all have a new final block",
    );
    let (all, cut): (Vec<_>, _) = ((0..NODES).collect(), both(&[0, 1], &[2, 3]));
    for _ in 0..given("BOLAO_PARTINGS", PARTINGS) {
        pool.settled().await;
        pool.set(&cut, None);
        sleep(ON_THE_WAY).await;
        let known = pool.height();
        pool.bet(0);
        pool.bet(3);
        sleep(APART).await;
        if pool.height() > known {
            row.broke("a half of them decided something".to_owned());
        }
        pool.set(&cut, Some(Duration::ZERO));
        let healed = Instant::now();
        let reached = pool.reached(&all, known + 1, TIMEOUT).await;
        row.took(reached.map_or(TIMEOUT, |it| it.saturating_duration_since(healed)));
    }
    pool.settled().await;
    pool.end(&mut row, aim(Duration::ZERO));
    row.end(Some(aim(Duration::ZERO))).check();
}

/// One of four hears nothing, is heard by nobody, or both, while three go on; in the end it has what they have.
async fn three_and_one(kind: &str, what: &str, ways: impl Fn(usize, &[usize]) -> Ways) {
    let mut pool = Pool::wired(MESH).await;
    let mut row = Row::new(kind, &format!("{what}; until the three have a bet final"));
    let mut again = Row::new(
        &format!("{kind}, after it"),
        "from its end until all four have a new final block",
    );
    let all: Vec<usize> = (0..NODES).collect();
    for number in 0..given("BOLAO_PARTINGS", PARTINGS) {
        pool.settled().await;
        let one = number % NODES;
        let three: Vec<usize> = (0..NODES).filter(|it| *it != one).collect();
        let cut = ways(one, &three);
        pool.set(&cut, None);
        // The last comes when a connection is given up, most likely.
        for (number, pause_s) in [0, 1, 5].into_iter().enumerate() {
            sleep(Duration::from_secs(pause_s)).await;
            let better = three[number];
            row.took(bet(&mut pool, better, &three).await);
        }
        pool.bet(one);
        let known = pool.height();
        pool.set(&cut, Some(Duration::ZERO));
        let healed = Instant::now();
        let reached = pool.reached(&all, known + 1, TIMEOUT).await;
        again.took(reached.map_or(TIMEOUT, |it| it.saturating_duration_since(healed)));
    }
    pool.settled().await;
    pool.end(&mut again, aim(Duration::ZERO));
    let both = [row, again].map(|it| it.end(Some(aim(Duration::ZERO))));
    both.into_iter().for_each(Held::check);
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn three_and_one_apart() {
    let what = "one of four cut off for 6 s";
    three_and_one("partition 3:1", what, |one, three| both(&[one], three)).await;
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn one_who_is_not_heard() {
    let what = "what one of four sends is lost for 6 s";
    three_and_one("one way, unheard", what, |one, three| {
        from_to(&[one], three)
    })
    .await;
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn one_who_hears_nothing() {
    let what = "what is sent to one of four is lost for 6 s";
    three_and_one("one way, deaf", what, |one, three| from_to(three, &[one])).await;
}

/// Bets in a slow network, then cuts of it.
async fn slow(delay_ms: u64) {
    let delay = Duration::from_millis(delay_ms);
    let mut pool = Pool::wired(MESH).await;
    pool.wires(Some(delay));
    let all: Vec<usize> = (0..NODES).collect();
    let mut bets = Row::new(
        &format!("mesh {delay_ms} ms, bets"),
        "bets; until all have it final",
    );
    for _ in 0..given("BOLAO_BETS", BETS) {
        pool.settled().await;
        bets.took(bet(&mut pool, anybody(), &all).await);
    }
    let mut row = Row::new(
        &format!("mesh {delay_ms} ms, cuts"),
        "all wires cut in the midst of votes for 0.5 to 8 s; until all have a final block that is new",
    );
    let count = (
        given("BOLAO_PARTINGS", PARTINGS),
        Duration::from_millis(500),
    );
    cut_often(&mut pool, &mut row, count, |pool, is_up| {
        pool.wires(is_up.then_some(delay));
    })
    .await;
    pool.end(&mut row, aim(delay));
    let both = [bets, row].map(|it| it.end(Some(aim(delay))));
    both.into_iter().for_each(Held::check);
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn slow_250_ms() {
    slow(250).await;
}

#[ignore = "part of make faults"]
#[tokio::test]
async fn slow_500_ms() {
    slow(500).await;
}
