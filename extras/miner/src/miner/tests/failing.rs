//! Kernels that fail, or tell what is not so.

use std::{
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use bolao_work::{meets_target, sha256d};

use super::*;
use crate::kernel::KernelError;

/// The time for which a find is awaited that a mistake would lose.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A device that gets as many nonces at once as a GPU does, and stops working on demand.
#[derive(Debug, Default)]
struct Device {
    is_broken: AtomicBool,
}

impl Kernel for Device {
    fn name(&self) -> &'static str {
        "device"
    }

    fn chunk(&self) -> u32 {
        1 << 30
    }

    fn threads(&self) -> Option<NonZeroUsize> {
        threads(1)
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        if self.is_broken.load(Ordering::Relaxed) {
            return Err(KernelError::new("the device broke"));
        }
        // As if it had tried all.
        Sha2Kernel.scan(header, *nonces.start()..=*nonces.start())
    }
}

#[test]
fn a_device_that_fails_is_replaced_by_the_cpu_on_all_its_threads() {
    let device = Arc::new(Device::default());
    let (sink, solutions) = channel_sink();
    let options = Options::default().with_kernel(device.clone());
    let cpu_threads = options.cpu_thread_count();
    let miner = Miner::start(options, [1; 8], sink).unwrap();
    assert_eq!((miner.kernel(), miner.threads()), ("device", 1));
    miner.set_work(Work::new(1, template(ALWAYS, 0)));
    assert_eq!(solutions.recv().unwrap().extra_nonce[8..10], [0, 0]);

    miner.set_work(Work::new(2, template(NEVER, 0)));
    device.is_broken.store(true, Ordering::Relaxed);
    while miner.kernel() == "device" {
        thread::yield_now();
    }
    assert_eq!(miner.kernel(), fastest().name());
    assert_eq!(miner.threads(), cpu_threads);

    // Every thread mines, and turns to new work at once: the quickest of ten.
    let mut seen = std::collections::BTreeSet::new();
    let mut id = 2;
    let mut find = || {
        id += 2;
        miner.set_work(Work::new(id, template(NEVER, 0)));
        let start = Instant::now();
        miner.set_work(Work::new(id + 1, template(ALWAYS, 0)));
        let solution = solutions.recv().unwrap();
        assert_eq!(solution.work_id, id + 1);
        seen.insert(solution.extra_nonce[9]);
        start.elapsed()
    };
    let quickest = (0..10).map(|_| find()).min().unwrap();
    assert!(quickest < Duration::from_millis(50), "{quickest:?}");
    let end = Instant::now() + Duration::from_secs(20);
    while seen.len() < cpu_threads {
        assert!(Instant::now() < end, "{seen:?}");
        id += 2;
        miner.set_work(Work::new(id, template(ALWAYS, 0)));
        seen.insert(solutions.recv().unwrap().extra_nonce[9]);
    }
    let start = Instant::now();
    miner.set_work(Work::new(id + 1, template(NEVER, 0)));
    miner.stop();
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn threads_that_were_asked_for_are_kept_when_a_device_fails() {
    let device = Arc::new(Device::default());
    device.is_broken.store(true, Ordering::Relaxed);
    let (sink, solutions) = channel_sink();
    let options = Options::with_threads(threads(3)).with_kernel(device);
    let miner = Miner::start(options, [1; 8], sink).unwrap();
    miner.set_work(Work::new(1, template(ALWAYS, 0)));
    assert_eq!(solutions.recv().unwrap().work_id, 1);
    assert_eq!((miner.kernel(), miner.threads()), (fastest().name(), 3));
}

/// Scans rightly but for the chunk that begins with `from`.
#[derive(Debug)]
struct Liar {
    from: u32,
    tells: fn(RangeInclusive<u32>) -> Scan,
}

impl Kernel for Liar {
    fn name(&self) -> &'static str {
        "liar"
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        if *nonces.start() == self.from {
            return (self.tells)(nonces);
        }
        Sha2Kernel.scan(header, nonces)
    }
}

#[test]
fn a_wrong_nonce_or_an_error_loses_no_nonce_and_no_work() {
    const CHUNKS: u32 = 4;
    let limits = Limits {
        last_nonce: CHUNKS * CHUNK - 1,
        extra_nonces: 1,
        ..Limits::default()
    };
    // The whole space of one thread is one header; its lowest hash is the only find.
    let mut extra_nonce = [0; 16];
    extra_nonce[..8].fill(1);
    let hash = |nonce| sha256d(&template(NEVER, 0).header_with(&extra_nonce, TIME, nonce));
    let lowest = (0..CHUNKS * CHUNK)
        .min_by(|a, b| hash(*a).iter().rev().cmp(hash(*b).iter().rev()))
        .unwrap();
    let from = lowest - lowest % CHUNK;
    assert_ne!(lowest, from + CHUNK - 1);

    let wrong: fn(RangeInclusive<u32>) -> Scan = |nonces| Ok(Some(*nonces.end()));
    for (tells, kernel) in [
        (wrong, "sha2"),
        (|_| Err(KernelError::new("it broke")), fastest().name()),
    ] {
        let (sink, solutions) = channel_sink();
        let liar = Arc::new(Liar { from, tells });
        let options = Options::with_threads(threads(1)).with_kernel(liar);
        let miner = Miner::start_within(options, [1; 8], sink, limits).unwrap();
        assert_eq!(miner.kernel(), "liar");
        miner.set_work(Work::new(1, template(hash(lowest), 0)));
        let solution = solutions.recv_timeout(TIMEOUT).unwrap();
        assert_eq!(solution.header[76..], lowest.to_le_bytes());
        assert!(meets_target(&solution.hash, &hash(lowest)));
        assert_eq!((miner.kernel(), miner.threads()), (kernel, 1));
        // What the liar claimed to have hashed is not counted.
        assert_eq!(miner.hash_rate().total_hashes, u64::from(lowest) + 1);
    }
}

/// Its first thread gives a wrong nonce; its second finds nothing, and says so after that.
#[derive(Debug)]
struct Blind(Barrier);

impl Kernel for Blind {
    fn name(&self) -> &'static str {
        "blind"
    }

    fn scan(&self, _: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        self.0.wait();
        if thread::current().name() == Some("bolao-miner-0") {
            return Ok(Some(*nonces.start()));
        }
        self.0.wait();
        Ok(None)
    }
}

#[test]
fn what_a_kernel_did_not_find_that_was_given_up_meanwhile_is_looked_for_again() {
    let kernel = Arc::new(Blind(Barrier::new(2)));
    let limits = Limits {
        last_nonce: CHUNK - 1,
        extra_nonces: 1,
        ..Limits::default()
    };
    // Under a salt with which only the second thread's space, of one chunk, has a find.
    let lowest = |salt: u8, thread: u8| {
        let mut extra_nonce = [0; 16];
        extra_nonce[..8].fill(salt);
        extra_nonce[9] = thread;
        let numbers = (0..CHUNK).map(|nonce| {
            let header = template(NEVER, 0).header_with(&extra_nonce, TIME, nonce);
            let mut number = sha256d(&header);
            number.reverse();
            number
        });
        numbers.min().unwrap()
    };
    let salt = (1..=u8::MAX)
        .find(|salt| lowest(*salt, 1) < lowest(*salt, 0))
        .unwrap();
    let mut target = lowest(salt, 1);
    target.reverse();

    let (sink, solutions) = channel_sink();
    let options = Options::with_threads(threads(2)).with_kernel(kernel.clone());
    let miner = ManuallyDrop::new(Miner::start_within(options, [salt; 8], sink, limits).unwrap());
    miner.set_work(Work::new(1, template(target, 0)));
    while miner.kernel() == "blind" {
        thread::yield_now();
    }
    kernel.0.wait();
    assert_eq!(solutions.recv_timeout(TIMEOUT).unwrap().hash, target);
    ManuallyDrop::into_inner(miner).stop();
}

/// Takes the name of the last kernel that there is, and gives wrong nonces.
#[derive(Debug)]
struct Last;

impl Kernel for Last {
    fn name(&self) -> &'static str {
        Sha2Kernel.name()
    }

    fn scan(&self, _: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        Ok(Some(*nonces.start()))
    }
}

#[test]
fn wrong_nonces_of_the_last_kernel_are_passed_over() {
    let limits = Limits {
        last_nonce: 99,
        extra_nonces: 1,
        ..Limits::default()
    };
    let (sink, solutions) = channel_sink();
    let options = Options::with_threads(threads(1)).with_kernel(Arc::new(Last));
    let miner = Miner::start_within(options, [1; 8], sink, limits).unwrap();
    miner.set_work(Work::new(1, template(NEVER, 0)));
    while miner.hash_rate().total_hashes < 100 {
        thread::yield_now();
    }
    miner.set_work(Work::new(2, template(ALWAYS, 0)));
    assert_eq!(solutions.recv().unwrap().work_id, 2);
}
