use std::{
    num::NonZeroUsize,
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use bitcoin::{
    BlockHash, CompactTarget, Target, TxMerkleNode,
    block::{Header, Version},
    consensus::{deserialize, serialize},
    hashes::Hash,
};
use bolao_miner::{Miner, Options, Solution, Work};
use bolao_work::{Job, Pace, Search, When};

const NEVER: [u8; 32] = [0; 32];

fn miner(threads: usize) -> (Miner, Receiver<Solution>) {
    let (found, solutions) = mpsc::channel();
    let sink = Box::new(move |solution| found.send(solution).unwrap());
    let miner = Miner::start(
        Options::with_threads(NonZeroUsize::new(threads)),
        *b"integrat",
        sink,
    )
    .unwrap();
    (miner, solutions)
}

fn template(bits: u32) -> Job {
    let bits = CompactTarget::from_consensus(bits);
    let header = Header {
        version: Version::TWO,
        prev_blockhash: BlockHash::from_byte_array([9; 32]),
        merkle_root: TxMerkleNode::all_zeros(),
        time: 1_560_000_000,
        bits,
        nonce: 0,
    };
    Job {
        header: serialize(&header).try_into().unwrap(),
        target: Target::from_compact(bits).to_le_bytes(),
        coinbase_prefix: b"height and account".to_vec(),
        merkle_branch: vec![[5; 32]; 3],
        max_time: 1_560_000_120,
        ..Job::new([0; 80], [0; 32])
    }
}

#[test]
fn a_solution_is_a_header_that_the_bitcoin_crate_accepts() {
    let (miner, solutions) = miner(2);
    // 16 zero bits, the difficulty of the first pools.
    let template = template(0x1f00_ffff);
    assert!(miner.set_work(Work::new(42, template.clone())));
    let solution = solutions.recv().unwrap();

    assert_eq!(solution.work_id, 42);
    let header: Header = deserialize(&solution.header).unwrap();
    let hash = header.validate_pow(header.target()).unwrap();
    assert_eq!(hash.to_byte_array(), solution.hash);
    assert_eq!(header.time, 1_560_000_000);
    assert_eq!(
        header.merkle_root.to_byte_array(),
        template.merkle_root(&solution.extra_nonce)
    );
    assert_eq!(&solution.extra_nonce[..8], b"integrat");
    assert!(miner.hash_rate().total_hashes > 0);
    assert!(miner.hash_rate().hashes_per_second > 0);
}

#[test]
fn each_work_is_solved_once_however_many_threads_find_it() {
    let (miner, solutions) = miner(4);
    for id in 0..200 {
        assert!(miner.set_work(Work::new(id, template(0x207f_ffff))));
        assert_eq!(solutions.recv().unwrap().work_id, id);
        assert!(!miner.set_work(Work::new(id, template(0x207f_ffff))));
    }
    miner.stop();
    assert_eq!(solutions.iter().count(), 0);
}

#[test]
fn a_busy_miner_turns_to_new_work_at_once() {
    let (miner, solutions) = miner(2);
    let mut hard = template(0x207f_ffff);
    hard.target = NEVER;
    // The quickest of ten, so that a busy machine does not decide.
    let quickest = (0..10).map(|round| {
        miner.set_work(Work::new(2 * round, hard.clone()));
        let start = Instant::now();
        miner.set_work(Work::new(2 * round + 1, template(0x207f_ffff)));
        assert_eq!(solutions.recv().unwrap().work_id, 2 * round + 1);
        start.elapsed()
    });
    let quickest = quickest.min().unwrap();
    assert!(quickest < Duration::from_millis(50), "{quickest:?}");
}

#[test]
fn a_busy_miner_stops_and_a_paused_one_too() {
    let mut hard = template(0x207f_ffff);
    hard.target = NEVER;
    let quickest = (0..5).map(|round| {
        let (miner, _solutions) = miner(2);
        miner.set_work(Work::new(round, hard.clone()));
        if round % 2 == 0 {
            miner.pause();
        }
        let start = Instant::now();
        miner.stop();
        start.elapsed()
    });
    let quickest = quickest.min().unwrap();
    assert!(quickest < Duration::from_millis(50), "{quickest:?}");
}

#[test]
fn without_a_number_there_is_a_thread_for_each_core() {
    let miner = Miner::start(Options::default(), [0; 8], Box::new(drop)).unwrap();
    let cores = std::thread::available_parallelism().unwrap();
    assert_eq!(miner.threads(), cores.get());
}

#[test]
fn a_miner_that_follows_a_search_dates_by_the_job_and_not_by_its_own_clock() {
    let (miner, solutions) = miner(1);
    let pace = Pace {
        unwanted: Duration::ZERO,
        any: Duration::ZERO,
    };
    let mut search = Search::new(When::Always, pace, None);
    let origin = Instant::now();
    // The job came seven seconds ago by the search's times.
    search.receive(Duration::ZERO, Some(template(0x1f00_ffff)));
    let doing = miner.follow(
        &mut search,
        origin.checked_sub(Duration::from_secs(7)).unwrap(),
    );
    assert_eq!(doing, miner.follow(&mut search, origin));
    let solution = solutions.recv().unwrap();
    assert!(
        (1_560_000_007..1_560_000_060).contains(&solution.time()),
        "{}",
        solution.time()
    );
    search.receive(Duration::from_secs(9), None);
    miner.follow(&mut search, origin);
    assert!(solutions.recv_timeout(Duration::from_millis(50)).is_err());
}
