//! Finds at the same time, and for work that is not current any more.

use super::*;

/// Waits for all parties of the barrier when a scan begins and again before it ends. A test that
/// fails in between must not wait for its threads.
#[derive(Debug)]
struct Held(Barrier);

impl Kernel for Held {
    fn name(&self) -> &'static str {
        "held"
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        self.0.wait();
        let found = Sha2Kernel.scan(header, nonces);
        self.0.wait();
        found
    }
}

#[test]
fn of_finds_at_the_same_time_one_is_reported() {
    let kernel = Arc::new(Held(Barrier::new(3)));
    let (sink, solutions) = channel_sink();
    let miner = ManuallyDrop::new(
        Miner::start(
            Options::with_threads(threads(3)).with_kernel(kernel),
            [1; 8],
            sink,
        )
        .unwrap(),
    );
    for id in 0..50 {
        miner.set_work(Work::new(id, template(ALWAYS, 0)));
        assert_eq!(solutions.recv().unwrap().work_id, id);
    }
    ManuallyDrop::into_inner(miner).stop();
    assert_eq!(solutions.iter().count(), 0);
}

/// A miner of one thread that has begun a scan of work 1, in which every nonce is a find.
fn held() -> (ManuallyDrop<Miner>, Arc<Held>, Receiver<Solution>) {
    let kernel = Arc::new(Held(Barrier::new(2)));
    let (sink, solutions) = channel_sink();
    let options = Options::with_threads(threads(1)).with_kernel(kernel.clone());
    let miner = Miner::start(options, [1; 8], sink).unwrap();
    miner.set_work(Work::new(1, template(ALWAYS, 0)));
    kernel.0.wait();
    (ManuallyDrop::new(miner), kernel, solutions)
}

#[test]
fn a_find_for_replaced_work_is_reported_and_the_newer_work_goes_on() {
    let (miner, kernel, solutions) = held();
    assert!(miner.set_work(Work::new(2, template(ALWAYS, 0))));
    for _ in 0..3 {
        kernel.0.wait();
    }
    let reported: Vec<u64> = solutions
        .iter()
        .take(2)
        .map(|found| found.work_id)
        .collect();
    assert_eq!(reported, [1, 2]);
    for id in [1, 2] {
        assert!(!miner.set_work(Work::new(id, template(ALWAYS, 0))));
    }
    ManuallyDrop::into_inner(miner).stop();
    assert_eq!(solutions.iter().count(), 0);
}

#[test]
fn a_find_for_work_that_was_set_again_ends_it() {
    let (miner, kernel, solutions) = held();
    // Of the same id, so that one find is enough for both.
    assert!(miner.set_work(Work::new(1, template(NEVER, 0))));
    kernel.0.wait();
    assert_eq!(solutions.recv().unwrap().work_id, 1);
    assert!(!miner.set_work(Work::new(1, template(NEVER, 0))));
    // A thread that still had the work would wait at the barrier.
    ManuallyDrop::into_inner(miner).stop();
}

#[test]
fn a_find_from_before_a_pause_is_not_reported() {
    let (miner, kernel, solutions) = held();
    miner.pause();
    assert!(miner.set_work(Work::new(2, template(ALWAYS, 0))));
    for _ in 0..3 {
        kernel.0.wait();
    }
    assert_eq!(solutions.recv().unwrap().work_id, 2);
    ManuallyDrop::into_inner(miner).stop();
    assert_eq!(solutions.iter().count(), 0);
}

#[test]
fn of_two_finds_for_replaced_work_one_is_reported() {
    let kernel = Arc::new(Held(Barrier::new(3)));
    let (sink, solutions) = channel_sink();
    let options = Options::with_threads(threads(2)).with_kernel(kernel.clone());
    let miner = ManuallyDrop::new(Miner::start(options, [1; 8], sink).unwrap());
    miner.set_work(Work::new(1, template(ALWAYS, 0)));
    kernel.0.wait();
    miner.set_work(Work::new(2, template(ALWAYS, 0)));
    // Both find work 1, and then both find work 2.
    for _ in 0..3 {
        kernel.0.wait();
    }
    let reported: Vec<u64> = solutions
        .iter()
        .take(2)
        .map(|found| found.work_id)
        .collect();
    assert_eq!(reported, [1, 2]);
    ManuallyDrop::into_inner(miner).stop();
    assert_eq!(solutions.iter().count(), 0);
}

/// The works whose solutions a miner without threads reports.
fn reported(finds: &[(u64, u64)], between: fn(&Shared)) -> Vec<u64> {
    let (sink, solutions) = channel_sink();
    let shared = Shared::new(Arc::new(Sha2Kernel), 1, 1, sink);
    let mut generations = HashMap::new();
    for id in [1, 2] {
        assert!(shared.set_work(Work::new(id, template(ALWAYS, 0))));
        generations.insert(id, shared.generation());
    }
    between(&shared);
    for (of, work_id) in finds {
        let solution = Solution {
            work_id: *work_id,
            header: [0; 80],
            extra_nonce: [0; 16],
            hash: [0; 32],
        };
        shared.solve(generations[of], solution);
    }
    drop(shared);
    solutions.iter().map(|solution| solution.work_id).collect()
}

#[test]
fn an_older_find_is_reported_until_the_newer_work_is_solved() {
    assert_eq!(reported(&[(1, 1), (2, 2)], |_| {}), [1, 2]);
    assert_eq!(reported(&[(2, 2), (1, 1)], |_| {}), [2]);
    assert_eq!(reported(&[(1, 1), (1, 1)], |_| {}), [1]);
}

#[test]
fn nothing_is_reported_after_a_pause_or_the_end() {
    assert_eq!(reported(&[(1, 1), (2, 2)], Shared::pause), [0; 0]);
    assert_eq!(reported(&[(1, 1), (2, 2)], Shared::stop), [0; 0]);
    let resumed = |shared: &Shared| {
        shared.pause();
        assert!(shared.set_work(Work::new(3, template(ALWAYS, 0))));
    };
    assert_eq!(reported(&[(1, 1), (2, 2)], resumed), [0; 0]);
}
