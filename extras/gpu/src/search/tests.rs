#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

type Spoil = fn(&mut Vec<u32>);

/// A device that hashes on the CPU, rightly, and tells it wrongly.
#[derive(Debug)]
struct Spoilt {
    spoil: Spoil,
    dispatches: AtomicU32,
}

impl Dispatch for Spoilt {
    fn dispatch(&self, header: &SearchHeader, start: u32, count: u32) -> Result<Hits, String> {
        self.dispatches.fetch_add(1, Ordering::Relaxed);
        let submitted = Instant::now();
        let top = |nonce: &u32| top_word(&header.hash(*nonce)) <= header.target_top();
        let mut nonces: Vec<u32> = (start..=start + (count - 1)).filter(top).collect();
        (self.spoil)(&mut nonces);
        let reported = u32::try_from(nonces.len()).unwrap();
        nonces.truncate(PLACES as usize);
        Ok(Hits {
            count: reported,
            nonces,
            submitted,
            ended: Instant::now(),
        })
    }
}

fn search(spoil: Spoil) -> Search<Spoilt> {
    Search::new(Spoilt {
        spoil,
        dispatches: AtomicU32::new(0),
    })
}

fn header(top: u32) -> SearchHeader {
    let mut target = [0xff; 32];
    target[28..].copy_from_slice(&top.to_le_bytes());
    SearchHeader::new(&[0x17; 80], target)
}

/// One nonce in 2^10.
const SOME: u32 = u32::MAX >> 10;

#[test]
fn a_right_device_is_believed() {
    let search = search(|_| {});
    let header = header(SOME);
    let wanted = (10..=9_999).find(|nonce| header.is_met_by(*nonce));
    assert!(wanted.is_some());
    assert_eq!(search.lowest(&header, 10..=9_999), Ok(wanted));
    assert_eq!(search.check(&header, u32::MAX), Ok(()));
}

#[test]
fn a_hit_by_its_top_word_alone_is_no_fault() {
    let search = search(|_| {});
    // The target is this nonce's top word and nothing else: the whole hash misses it.
    let hash = header(0).hash(77);
    let mut target = [0; 32];
    target[28..].copy_from_slice(&hash[28..]);
    let header = header(0).with_target(target);
    assert_eq!(search.lowest(&header, 77..=77), Ok(None));
}

#[test]
fn nonsense_is_a_fault() {
    let spoils: [(Spoil, &str); 6] = [
        (|nonces| nonces.push(5), "not asked for"),
        (|nonces| nonces.push(u32::MAX), "not asked for"),
        (|nonces| nonces.push(nonces[0]), "twice"),
        (|nonces| nonces.push(nonces[0] + 1), "misses the target"),
        (
            |nonces| nonces[0] = nonces[0].rotate_left(16) | (1 << 31),
            "not asked for",
        ),
        (|nonces| *nonces = vec![9; 2_000_000], "hits among"),
    ];
    let header = header(SOME);
    for (spoil, what) in spoils {
        for fault in [
            search(spoil).lowest(&header, 10..=9_999).unwrap_err(),
            search(spoil).check(&header, 100_000).unwrap_err(),
        ] {
            let Fault::Wrong(reported) = &fault else {
                panic!("{fault:?}");
            };
            // Where every nonce or the next one hits, one comes before the other.
            assert!(
                reported.contains(what) || reported.contains("twice"),
                "{reported}"
            );
        }
    }
}

#[test]
fn nonsense_among_more_hits_than_places_is_a_fault() {
    // All pass, and one is replaced by another that was not tried.
    let spoilt = search(|nonces| nonces[3] = 1);
    let all = |_| ControlFlow::<()>::Continue(());
    let fault = spoilt.each(&header(u32::MAX), 10..=9_999, u32::MAX, all);
    let fault = fault.unwrap_err();
    assert!(matches!(fault, Fault::Wrong(_)), "{fault:?}");
    assert_eq!(spoilt.device.dispatches.load(Ordering::Relaxed), 1);
}

#[test]
fn a_device_that_misses_hits_is_noticed_at_the_next_check() {
    let spoils: [Spoil; 2] = [
        |nonces| nonces.clear(),
        |nonces| nonces.truncate(nonces.len().saturating_sub(1)),
    ];
    // So low that nothing is found.
    let header = header(0);
    for spoil in spoils {
        let mut spoilt = search(spoil);
        assert_eq!(spoilt.lowest(&header, 0..=99), Ok(None));
        spoilt.check_every = Duration::ZERO;
        let fault = spoilt.lowest(&header, 0..=99).unwrap_err();
        let Fault::Wrong(reported) = &fault else {
            panic!("{fault:?}");
        };
        assert!(reported.contains("hits among 2048 nonces"), "{reported}");
    }
}

#[test]
fn a_check_is_due_every_ten_seconds() {
    let right = search(|_| {});
    let start = *right.checked.lock().unwrap();
    let is_due = [0, 9, 10, 11, 19, 20, 21].map(|seconds| {
        let now = start + Duration::from_secs(seconds);
        right.is_due(now)
    });
    assert_eq!(is_due, [false, false, true, false, false, true, false]);
}

#[test]
fn easy_targets_get_small_dispatches() {
    assert_eq!(few(u32::MAX), PLACES);
    assert_eq!(few(0), u32::MAX);
    assert_eq!(few(0x0000_ffff), 8 << 16);
}

#[test]
fn a_smaller_dispatch_is_smaller_until_it_cannot_overflow() {
    for hits in [PLACES + 1, 1_000, 100_000, 1 << 20] {
        let mut count = 1 << 20;
        // As dense as can be: at least this many of those that are left.
        while count > PLACES {
            let dense = hits.min(count);
            if dense <= PLACES {
                break;
            }
            let less = fewer(count, dense);
            assert!(less < count, "{less} of {count}");
            count = less;
        }
    }
}
