#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_work::sha256d;

use super::*;

const TAG: [u8; 4] = [0xac, 0, 0, 0];

/// Bitcoin's block 1, whose only transaction is its coinbase.
const CONNECTION: [u8; 4] = [0xab, 0xcd, 1, 2];

const BLOCK_1: &str = "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000\
    982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299";
const COINBASE_1: &str = "0100000001000000000000000000000000000000000000000000000000000000000000\
    0000ffffffff0704ffff001d0104ffffffff0100f2052a0100000043410496b538e853519c726a2c91e61ec11600\
    ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c8\
    58eeac00000000";

/// A coinbase from a pool's early days, and the branch and the root that belong to it (the test
/// vectors of the miner ESP-Miner).
const COINBASE_SLUSH: &str = "01000000010000000000000000000000000000000000000000000000000000000000\
    000000ffffffff20020862062f503253482f04b8864e5008e969579199999999072f736c7573682f000000000100\
    f2052a010000001976a914d23fcdf86f7e756a64a7a9688ef9903327048ed988ac00000000";
const BRANCH_SLUSH: [&str; 12] = [
    "ae23055e00f0f697cc3640124812d96d4fe8bdfa03484c1c638ce5a1c0e9aa81",
    "980fb87cb61021dd7afd314fcb0dabd096f3d56a7377f6f320684652e7410a21",
    "a52e9868343c55ce405be8971ff340f562ae9ab6353f07140d01666180e19b52",
    "7435bdfa004e603953b2ed39f118803934d9cf17b06d979ceb682f2251bafac2",
    "2a91f061a22d27cb8f44eea79938fb241ebeb359891aa907f05ffde7ed44e52e",
    "302401f80eb5e958155135e25200bb8ea181ad2d05e804a531c7314d86403cdc",
    "318ecb6161eb9b4cfd802bd730e2d36c167ddf102e70aa7b4158e2870dd47392",
    "1114332a9858e0cf84b2425bb1e59eaabf91dd102d114aa443d57fc1b3beb0c9",
    "f43f38095c810613ed795a44d9fab02ff25269706f454885db9be05cdf9c06e1",
    "3e2fc26b27fddc39668b59099cd9635761bb72ed92404204e12bdff08b16fb75",
    "463c19427286342120039a83218fa87ce45448e246895abac11fff0036076758",
    "03d287f655813e540ddb9c4e7aeb922478662b0f5d8e9d0cbd564b20146bab76",
];
const ROOT_SLUSH: &str = "adbcbc21e20388422198a55957aedfa0e61be0b8f2b87d7c08510bb9f099a893";

/// A job whose coinbase ends in the given one's last 16 bytes, which come back too.
fn job_of(coinbase: &str, branch: &[&str]) -> (Job, [u8; 16]) {
    let coinbase = hex::decode(coinbase).unwrap();
    let (prefix, extra_nonce) = coinbase.split_last_chunk::<16>().unwrap();
    let mut header: [u8; 80] = hex::decode(BLOCK_1).unwrap().try_into().unwrap();
    header[36..68].fill(0);
    header[76..].fill(0);
    let job = Job {
        coinbase_prefix: prefix.to_vec(),
        merkle_branch: branch
            .iter()
            .map(|hash| hex::decode(hash).unwrap().try_into().unwrap())
            .collect(),
        min_time: 0x4966_bc00,
        max_time: 0x4966_bc70,
        ..Job::new(header, [0xff; 32])
    };
    (job, *extra_nonce)
}

#[test]
fn block_1_comes_out_again() {
    let (job, extra_nonce) = job_of(COINBASE_1, &[]);
    let header = job.header_with(&extra_nonce, 0x4966_bc61, 0x9962_e301);
    assert_eq!(hex::encode(header), BLOCK_1);
    let mut hash = sha256d(&header);
    hash.reverse();
    assert_eq!(
        hex::encode(hash),
        "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048"
    );
}

#[test]
fn two_jobs_of_one_template_are_other_work() {
    let (job, _) = job_of(COINBASE_1, &[]);
    let mut jobs = Jobs::new(2, CONNECTION);
    let mut tags = Vec::new();
    for _ in 0..2 {
        let (assigned, _) = jobs.add((job.clone(), ()), Difficulty::MIN, Duration::ZERO);
        tags.push(assigned.tag(TAG));
    }
    assert_eq!(tags[0], TAG);
    assert_ne!(tags[0], tags[1]);
}

#[test]
fn notify_is_as_miners_know_it() {
    let (job, _) = job_of(COINBASE_1, &BRANCH_SLUSH[..2]);
    let prefix = hex::encode(&job.coinbase_prefix);
    let mut jobs = Jobs::new(2, CONNECTION);
    let (assigned, clean) = jobs.add((job, ()), Difficulty::MIN, Duration::ZERO);
    assert_eq!(
        assigned.notify(TAG, clean),
        json!([
            "abcd010200000001",
            // The genesis block's hash, words turned round.
            "0a8ce26f72b3f1b646a2a6c14ff763ae65831e939c085ae10019d66800000000",
            prefix,
            "ac000000",
            &BRANCH_SLUSH[..2],
            "00000001",
            "1d00ffff",
            "4966bc61",
            true,
        ])
    );
}

#[test]
fn the_branch_folds_to_the_known_root() {
    let (job, extra_nonce) = job_of(COINBASE_SLUSH, &BRANCH_SLUSH);
    let header = job.header_with(&extra_nonce, 0, 0);
    assert_eq!(hex::encode(&header[36..68]), ROOT_SLUSH);
}

#[test]
fn versions_are_rolled_into_the_header() {
    let (job, extra_nonce) = job_of(COINBASE_1, &[]);
    let mut jobs = Jobs::new(1, CONNECTION);
    let (assigned, _) = jobs.add((job, ()), Difficulty::MIN, Duration::ZERO);
    let header = assigned.solve(&extra_nonce, 0x2000_e001, 0, 0);
    assert_eq!(header[..4], [0x01, 0xe0, 0x00, 0x20]);
}

#[test]
fn times_do_not_move_past_the_last() {
    let (mut job, _) = job_of(COINBASE_1, &[]);
    job.header[68..72].copy_from_slice(&job.min_time.to_le_bytes());
    job.last_time = job.max_time + 3;
    let (min, last) = (job.min_time, job.last_time);
    assert_eq!(job.lasts().as_secs(), u64::from(last - min) + 1);
    let mut jobs = Jobs::new(1, CONNECTION);
    let (assigned, _) = jobs.add((job, ()), Difficulty::MIN, Duration::ZERO);
    let later = Duration::from_secs(7);
    assert!(assigned.check_time(last, later).is_ok());
    assert!(assigned.check_time(last + 1, later).is_err());
}

#[test]
fn times_move_with_the_clock() {
    let (job, _) = job_of(COINBASE_1, &[]);
    let (min, max) = (job.min_time, job.max_time);
    let since = Duration::from_secs(5);
    let mut jobs = Jobs::new(1, CONNECTION);
    let (assigned, _) = jobs.add((job, ()), Difficulty::MIN, since);
    assert!(assigned.check_time(min, since).is_ok());
    assert!(assigned.check_time(max, since).is_ok());
    assert_eq!(
        assigned.check_time(min - 1, since).unwrap_err().to_json()[0],
        20
    );
    assert!(assigned.check_time(max + 1, since).is_err());
    let later = since + Duration::from_secs(7);
    assert!(assigned.check_time(max + 7, later).is_ok());
    assert!(assigned.check_time(max + 8, later).is_err());
    assert!(assigned.check_time(u32::MAX, later).is_err());
}

#[test]
fn jobs_are_kept_up_to_the_limit_and_the_tip() {
    let (job, _) = job_of(COINBASE_1, &[]);
    let mut jobs = Jobs::new(2, CONNECTION);
    let add = |job: &Job, jobs: &mut Jobs<()>| {
        let (assigned, clean) = jobs.add((job.clone(), ()), Difficulty::MIN, Duration::ZERO);
        (assigned.id.clone(), clean)
    };
    assert_eq!(add(&job, &mut jobs), ("abcd010200000001".into(), true));
    assert_eq!(add(&job, &mut jobs), ("abcd010200000002".into(), false));
    assert_eq!(add(&job, &mut jobs), ("abcd010200000003".into(), false));
    assert!(jobs.get_mut("abcd010200000001").is_none());
    assert!(jobs.get_mut("abcd010200000002").is_some());
    let mut next = job.clone();
    next.header[4] ^= 1;
    assert_eq!(add(&next, &mut jobs), ("abcd010200000004".into(), true));
    assert!(jobs.get_mut("abcd010200000003").is_none());
    assert!(jobs.get_mut("abcd010200000004").is_some());
}

#[test]
fn a_share_counts_once_and_a_job_only_so_often() {
    let (job, _) = job_of(COINBASE_1, &[]);
    let mut jobs = Jobs::new(1, CONNECTION);
    jobs.add((job, ()), Difficulty::MIN, Duration::ZERO);
    let assigned = jobs.get_mut("abcd010200000001").unwrap();
    let mut remember = |hash, is_block| assigned.remember([hash; 32], 2, is_block);
    assert_eq!(remember(1, false), Ok(()));
    assert_eq!(remember(1, false), Err(Reject::Duplicate));
    assert_eq!(remember(2, false), Ok(()));
    assert_eq!(remember(3, false).unwrap_err().to_json()[0], 20);
    assert_eq!(remember(2, false), Err(Reject::Duplicate));
    assert_eq!(remember(3, true), Ok(()));
    assert_eq!(remember(3, true), Err(Reject::Duplicate));
    assert_eq!(remember(4, true), Ok(()));
    assert_eq!(remember(5, true).unwrap_err().to_json()[0], 20);
    assert!(assigned.is_spent(2));
}
