#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::float_cmp)]

use super::*;

fn address(number: u16) -> SocketAddr {
    ([127, 0, 0, 1], number).into()
}

/// The seconds at which this address is dialled within so many, where looks are as far apart as they may be.
fn dialled(due: &mut Due, one: SocketAddr, others: &[SocketAddr], seconds: u64) -> Vec<f64> {
    let begin = due.looked;
    let mut at = Vec::new();
    let mut passed = Duration::ZERO;
    while passed < Duration::from_secs(seconds) {
        due.look(&BTreeMap::new(), begin + passed);
        let others = others.iter().copied();
        let now = due.now(std::iter::empty(), others, WANTED_OUTBOUND);
        if now.contains(&one) {
            at.push(passed.as_secs_f64());
        }
        passed += Duration::from_millis(100);
    }
    at
}

#[test]
fn who_is_lost_is_dialled_soon_again_and_ever_more_rarely() {
    let begin = Instant::now();
    let mut due = Due::new(std::iter::empty(), begin);
    let one = address(1);
    let age = LASTING;
    due.look(&[(one, age)].into(), begin);
    let at = dialled(&mut due, one, &[one], 120);
    assert_eq!(at[..4], [0.0, 0.7, 1.4, 2.1]);
    assert!(at.windows(2).all(|it| it[1] - it[0] < 6.2), "{at:?}");
    let last = at.windows(2).last().unwrap();
    assert!(last[1] - last[0] > 5.8, "{at:?}");
}

#[test]
fn who_was_pushed_out_at_once_waits() {
    let begin = Instant::now();
    let mut due = Due::new(std::iter::empty(), begin);
    let one = address(1);
    due.look(&[(one, Duration::from_millis(300))].into(), begin);
    assert_eq!(dialled(&mut due, one, &[one], 5)[0], 2.0);
}

#[test]
fn addresses_where_nobody_is_leave_others_their_turn() {
    let all: Vec<_> = (1..=48).map(address).collect();
    for one in [all[0], all[20], all[47]] {
        let mut due = Due::new(std::iter::empty(), Instant::now());
        let at = dialled(&mut due, one, &all, 30);
        assert!(at[0] < 1.0, "{at:?}");
        assert!(at.windows(2).all(|it| it[1] - it[0] < 7.0), "{at:?}");
    }
}

#[test]
fn the_next_look_comes_when_somebody_is_due() {
    let mut due = Due::new(std::iter::empty(), Instant::now());
    assert_eq!(due.pause(), LOOK);
    let one = [address(1)];
    due.now(one.into_iter(), std::iter::empty(), 0);
    let pause = due.pause();
    assert!(pause <= AGAIN && pause > AGAIN / 2, "{pause:?}");
}
