#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use std::{
    collections::HashMap,
    mem::ManuallyDrop,
    num::NonZeroUsize,
    ops::RangeInclusive,
    sync::{
        Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver, Sender},
    },
};

use bolao_work::{Job, Solution};

use super::*;
use crate::{
    kernel::{CHUNK, Kernel, Scan, SearchHeader, Sha2Kernel},
    work::Clock,
};

mod failing;
mod finds;

const NEVER: [u8; 32] = [0; 32];
const ALWAYS: [u8; 32] = [0xff; 32];
const TIME: u32 = 1_000;

fn template(target: [u8; 32], seconds: u32) -> Job {
    let mut header = [0; 80];
    header[68..72].copy_from_slice(&TIME.to_le_bytes());
    Job {
        header,
        target,
        coinbase_prefix: b"prefix".to_vec(),
        merkle_branch: vec![[3; 32], [4; 32]],
        max_time: TIME + seconds,
        ..Job::new([0; 80], [0; 32])
    }
}

fn threads(count: usize) -> Option<NonZeroUsize> {
    NonZeroUsize::new(count)
}

fn channel_sink() -> (Sink, Receiver<Solution>) {
    let (found, solutions) = mpsc::channel();
    let sink = Box::new(move |solution| found.send(solution).unwrap());
    (sink, solutions)
}

/// Tells what it was asked to scan, then answers as [`Sha2Kernel`].
#[derive(Debug)]
struct Recorder {
    calls: Sender<Call>,
}

#[derive(Debug)]
enum Call {
    Scan(SearchHeader, RangeInclusive<u32>),
    Mark,
}

impl Kernel for Recorder {
    fn name(&self) -> &'static str {
        "recorder"
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        // Tests that have seen enough hang up.
        let _ = self.calls.send(Call::Scan(*header, nonces.clone()));
        Sha2Kernel.scan(header, nonces)
    }
}

fn recorder() -> (Arc<dyn Kernel>, Sender<Call>, Receiver<Call>) {
    let (calls, seen) = mpsc::channel();
    let kernel = Recorder {
        calls: calls.clone(),
    };
    (Arc::new(kernel), calls, seen)
}

#[test]
fn threads_share_the_whole_space_and_repeat_nothing() {
    const THREADS: usize = 3;
    let limits = Limits {
        last_nonce: 2 * CHUNK,
        extra_nonces: 4,
        ..Limits::default()
    };
    let (kernel, _, seen) = recorder();
    let (sink, solutions) = channel_sink();
    let miner = Miner::start_within(
        Options::with_threads(threads(THREADS)).with_kernel(kernel),
        [1; 8],
        sink,
        limits,
    )
    .unwrap();
    miner.set_work(Work::new(1, template(NEVER, 2)));

    // Three chunks a header, four extra nonces, three times.
    let mut nonces_of = HashMap::<SearchHeader, Vec<RangeInclusive<u32>>>::new();
    for call in seen.iter().take(THREADS * 3 * 4 * 3) {
        let Call::Scan(header, nonces) = call else {
            unreachable!("nothing was marked");
        };
        nonces_of.entry(header).or_default().push(nonces);
    }
    assert_eq!(nonces_of.len(), THREADS * 4 * 3);
    let whole = [0..=CHUNK - 1, CHUNK..=2 * CHUNK - 1, 2 * CHUNK..=2 * CHUNK];
    assert!(nonces_of.values().all(|ranges| *ranges == whole));
    let with_time = |time: u32| {
        let bytes = time.to_le_bytes();
        nonces_of
            .keys()
            .filter(|header| header.tail()[4..8] == bytes)
            .count()
    };
    assert_eq!([0, 1, 2, 3].map(|s| with_time(TIME + s)), [12, 12, 12, 0]);

    // All is searched; the threads live and take new work.
    miner.set_work(Work::new(2, template(ALWAYS, 0)));
    assert_eq!(solutions.recv().unwrap().work_id, 2);
    miner.stop();
    assert_eq!(
        seen.iter()
            .filter(|call| matches!(call, Call::Scan(header, _) if *header.target() == NEVER))
            .count(),
        0,
    );
}

#[test]
fn new_work_and_pause_stop_the_old_within_a_chunk() {
    const THREADS: usize = 2;
    let (kernel, mark, seen) = recorder();
    let (sink, _solutions) = channel_sink();
    let miner = Miner::start(
        Options::with_threads(threads(THREADS)).with_kernel(kernel),
        [1; 8],
        sink,
    )
    .unwrap();
    let old_after_mark = || {
        let mut old = 0;
        let after = seen
            .iter()
            .skip_while(|call| matches!(call, Call::Scan(..)));
        for call in after.skip(1) {
            match call {
                Call::Scan(header, _) if header.tail()[4..8] == TIME.to_le_bytes() => old += 1,
                _ => break,
            }
        }
        old
    };

    for id in 0..20 {
        miner.set_work(Work::new(id, template(NEVER, 0)));
        assert!(matches!(seen.recv().unwrap(), Call::Scan(..)));
        let mut newer = template(NEVER, 0);
        newer.header[68] ^= 1;
        miner.set_work(Work::new(id + 100, newer));
        mark.send(Call::Mark).unwrap();
        // A thread that had just looked at the generation scans one chunk more.
        let old = old_after_mark();
        assert!(old <= THREADS, "{old} chunks of replaced work");
    }

    miner.pause();
    mark.send(Call::Mark).unwrap();
    miner.stop();
    mark.send(Call::Mark).unwrap();
    let after_pause = seen
        .iter()
        .skip_while(|call| matches!(call, Call::Scan(..)))
        .skip(1)
        .take_while(|call| matches!(call, Call::Scan(..)))
        .count();
    assert!(after_pause <= THREADS, "{after_pause} chunks while paused");
}

#[test]
fn the_clock_is_asked_at_each_new_extra_nonce_and_kept_in_bounds() {
    let limits = Limits {
        last_nonce: CHUNK - 1,
        extra_nonces: 1 << 48,
        ..Limits::default()
    };
    let (kernel, _, seen) = recorder();
    let (sink, _solutions) = channel_sink();
    let miner = Miner::start_within(
        Options::with_threads(threads(1)).with_kernel(kernel),
        [1; 8],
        sink,
        limits,
    )
    .unwrap();
    let now = AtomicUsize::new(0);
    let clock: Clock = Arc::new(move || {
        let readings = [TIME - 5, TIME + 2, TIME + 1, TIME + 900, 0];
        readings[now.fetch_add(1, Ordering::Relaxed).min(4)]
    });
    miner.set_work(Work::new(1, template(NEVER, 10)).with_clock(clock));

    let times: Vec<u32> = seen
        .iter()
        .take(5)
        .map(|call| match call {
            Call::Scan(header, _) => u32::from_le_bytes(header.tail()[4..8].try_into().unwrap()),
            Call::Mark => unreachable!("nothing was marked"),
        })
        .collect();
    assert_eq!(times, [TIME, TIME + 2, TIME + 2, TIME + 10, TIME + 10]);
}

#[test]
fn a_header_is_left_for_a_later_time_before_its_nonces_are_spent() {
    let limits = Limits {
        header_time: std::time::Duration::ZERO,
        ..Limits::default()
    };
    let (kernel, _, seen) = recorder();
    let (sink, _solutions) = channel_sink();
    let options = Options::with_threads(threads(1)).with_kernel(kernel);
    let miner = Miner::start_within(options, [1; 8], sink, limits).unwrap();
    let now = std::sync::atomic::AtomicU32::new(TIME);
    let clock: Clock = Arc::new(move || now.fetch_add(1, Ordering::Relaxed));
    miner.set_work(Work::new(1, template(NEVER, 100)).with_clock(clock));
    let calls: Vec<(u32, RangeInclusive<u32>)> = seen
        .iter()
        .take(3)
        .map(|call| match call {
            Call::Scan(header, nonces) => {
                let time = header.tail()[4..8].try_into().unwrap();
                (u32::from_le_bytes(time), nonces)
            }
            Call::Mark => unreachable!("nothing was marked"),
        })
        .collect();
    let first = 0..=CHUNK - 1;
    assert_eq!(
        calls,
        [TIME, TIME + 1, TIME + 2].map(|time| (time, first.clone()))
    );

    // Without a clock there is nothing to gain.
    miner.pause();
    while seen.try_recv().is_ok() {}
    miner.set_work(Work::new(2, template(NEVER, 0)));
    let ranges: Vec<RangeInclusive<u32>> = seen
        .iter()
        .filter_map(|call| match call {
            Call::Scan(header, nonces) if header.tail()[4..8] == TIME.to_le_bytes() => Some(nonces),
            _ => None,
        })
        .take(2)
        .collect();
    assert_eq!(ranges, [first, CHUNK..=2 * CHUNK - 1]);
}

#[test]
fn too_many_threads_are_refused() {
    let (sink, _solutions) = channel_sink();
    let error = Miner::start(Options::with_threads(threads(1_025)), [0; 8], sink).unwrap_err();
    assert_eq!(
        error.to_string(),
        "got 1025 mining threads, want at most 1024"
    );
}

#[test]
fn a_sink_may_drop_the_miner() {
    let slot = Arc::new(Mutex::new(None::<Miner>));
    let (dropped, done) = mpsc::channel();
    let sink = {
        let slot = Arc::clone(&slot);
        Box::new(move |_| {
            drop(slot.lock().unwrap().take());
            dropped.send(()).unwrap();
        })
    };
    let miner = Miner::start(Options::with_threads(threads(2)), [0; 8], sink).unwrap();
    let mut held = slot.lock().unwrap();
    miner.set_work(Work::new(1, template(ALWAYS, 0)));
    *held = Some(miner);
    drop(held);
    done.recv().unwrap();
}

#[test]
fn pinned_threads_stay_on_cores_of_their_own() {
    /// Notes the cores that the calling thread may use, and finds nothing.
    #[derive(Debug, Default)]
    struct Notes(Mutex<std::collections::BTreeSet<Vec<usize>>>);
    impl Kernel for Notes {
        fn name(&self) -> &'static str {
            "notes"
        }
        fn scan(&self, _: &SearchHeader, _: RangeInclusive<u32>) -> Scan {
            let cores = core_affinity::get_core_ids().unwrap();
            let cores = cores.iter().map(|core| core.id).collect();
            self.0.lock().unwrap().insert(cores);
            Ok(None)
        }
    }

    let all = core_affinity::get_core_ids().unwrap();
    let notes = Arc::new(Notes::default());
    let options = Options {
        threads: std::num::NonZeroUsize::new(all.len()),
        kernel: Some(notes.clone()),
        pin: true,
        ..Options::default()
    };
    let miner = Miner::start(options, [1; 8], Box::new(drop)).unwrap();
    miner.set_work(Work::new(1, template(NEVER, 0)));
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while notes.0.lock().unwrap().len() < all.len() {
        assert!(
            std::time::Instant::now() < end,
            "{:?}",
            notes.0.lock().unwrap()
        );
        thread::yield_now();
    }
    miner.stop();
    let seen = notes.0.lock().unwrap();
    assert!(seen.iter().all(|cores| cores.len() == 1), "{seen:?}");
}

#[test]
fn more_threads_than_cores_are_not_pinned() {
    let cores = core_affinity::get_core_ids().unwrap().len();
    let options = Options {
        pin: true,
        ..Options::with_threads(threads(cores + 1))
    };
    assert!(options.check().is_err());
    let error = Miner::start(options, [1; 8], Box::new(drop)).unwrap_err();
    let wanted = format!(
        "got {} mining threads to keep on cores of their own, want at most {cores}, the cores that this process may use: \
         mine with fewer threads, or let them move",
        cores + 1
    );
    assert_eq!(error.to_string(), wanted);
}
