//! Long links: a height takes a few times as long as a message does, and not as long as rounds that end too early.

use bolao_simulator::{Links, Sim};

use super::{check, height, join, validators};

/// So many heights, after which it is known how long blocks are on their way.
const LEARNED: u8 = 6;

/// How long a transaction took at most until its final block was here, in milliseconds, once it was known how long blocks take.
fn longest(latency_ms: u64, down: Option<usize>) -> u64 {
    let mut sim = validators(4, 21);
    sim.links = Links {
        latency_ms,
        jitter_ms: latency_ms / 10,
        ..Links::default()
    };
    sim.run_ms(10_000);
    if let Some(down) = down {
        sim.crash(down);
    }
    let up: Vec<usize> = (0..4).filter(|node| Some(*node) != down).collect();
    let mut longest = 0;
    for player in 1..=LEARNED + 12 {
        let at = up[usize::from(player) % up.len()];
        let (began, before) = (sim.now_ms(), height(&sim, at));
        sim.submit(at, join(&sim, player));
        let decided = |sim: &Sim| height(sim, at) > before;
        assert!(sim.run_until(60_000, decided), "{}", sim.state());
        if player > LEARNED {
            longest = longest.max(sim.now_ms() - began);
        }
        sim.run_ms(latency_ms * 10);
    }
    check(&sim);
    longest
}

#[test]
fn over_long_links_a_height_takes_a_few_times_as_long_as_a_message() {
    for (latency_ms, most_ms) in [(75, 600), (250, 3_000), (500, 6_000)] {
        let took = longest(latency_ms, None);
        assert!(took <= most_ms, "{latency_ms} ms: {took} ms");
    }
}

#[test]
fn a_proposer_that_is_down_costs_no_more_over_short_links() {
    let took = longest(2, Some(3));
    assert!(took <= 2_000, "{took} ms");
}
