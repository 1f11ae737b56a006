#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::{Coinbase, Genesis, HeaderFields, TargetRule};
use bolao_store::Store;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::*;
use crate::engine::{Outbound, now};

struct Nowhere;

impl Outbound for Nowhere {
    fn carry_out(&mut self, _: bolao_chain::Output) {}
}

/// The work of a node whose pool is easy.
fn easy() -> (Arc<Jobs>, DropGuard) {
    work_of(&Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    })
}

fn work_of(genesis: &Genesis) -> (Arc<Jobs>, DropGuard) {
    let store = Store::in_memory(genesis).unwrap();
    let reader = store.reader();
    let now = now(std::time::Instant::now());
    let core = Core::new(store, CoreConfig::default(), now).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _) = Engine::start(core, Nowhere, cancel.clone()).unwrap();
    let (jobs, telling) = Jobs::new(engine, reader).unwrap();
    tokio::spawn(telling);
    (Arc::new(jobs), cancel.drop_guard())
}

/// A solution of the current work, another for each extra nonce.
async fn solution(jobs: &Jobs, extra_nonce: u8) -> FoundWork {
    let account = AccountId([1; 32]);
    let job = jobs.job(account, None, Duration::ZERO).await.unwrap();
    let template = miner_template(&jobs.template(account).await.unwrap());
    let extra_nonce = [extra_nonce; 16];
    let time = job.min_time.max(clock());
    let solves = |nonce: &u32| {
        let header = template.header_with(&extra_nonce, time, *nonce);
        meets_target(&double_sha256(&header), &job.target)
    };
    FoundWork {
        template: job.id,
        extra_nonce,
        time,
        nonce: (0..=u32::MAX).find(solves).unwrap(),
    }
}

fn tip(jobs: &Jobs) -> BlockHash {
    jobs.reader.snapshot().unwrap().tip().unwrap().hash
}

/// A block without transactions that meets the easy target.
fn block_on(previous: BlockHash, template: &Template) -> Block {
    let header = |nonce| {
        Header::new(HeaderFields {
            previous,
            merkle_root: template.header.merkle_root(),
            time: seconds(template.header.time()),
            bits: template.header.bits().to_consensus(),
            nonce,
        })
    };
    let nonce = (0..=u32::MAX).find(|nonce| header(*nonce).meets_own_target());
    template.block(header(nonce.unwrap()), [0; 16])
}

#[tokio::test]
async fn a_solution_that_comes_again_is_answered_as_the_first_time() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let late = solution(&jobs, 2).await;
    // At the same time, too.
    let answers = futures::future::join_all((0..20).map(|_| jobs.hand_in(&found))).await;
    let first = tip(&jobs);
    assert!(
        answers.iter().all(|answer| *answer == Ok(first)),
        "{answers:?}"
    );
    assert_eq!(jobs.hand_in(&late).await, Err(WorkError::Stale));

    let next = solution(&jobs, 1).await;
    let second = jobs.hand_in(&next).await.unwrap();
    assert_ne!(second, first);
    assert_eq!(tip(&jobs), second);
    // Its template is long gone, and letters may be of either case.
    let shouted = FoundWork {
        template: found.template.to_uppercase(),
        ..found.clone()
    };
    for again in [&found, &shouted] {
        assert_eq!(jobs.hand_in(again).await, Ok(first));
    }
    assert_eq!(jobs.hand_in(&next).await, Ok(second));
    let other = FoundWork {
        nonce: found.nonce ^ 1,
        ..found
    };
    assert_eq!(jobs.hand_in(&other).await, Err(WorkError::Stale));
    assert_eq!(tip(&jobs), second);
}

#[tokio::test]
async fn a_solution_whose_block_left_the_chain_is_stale() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let start = tip(&jobs);
    let account = AccountId([2; 32]);
    let first = jobs.template(account).await.unwrap();
    let ours = jobs.hand_in(&found).await.unwrap();
    assert_eq!(jobs.hand_in(&found).await, Ok(ours));
    // Two blocks of others have more work.
    let one = block_on(start, &first);
    let second = Template {
        coinbase: Coinbase {
            height: first.height.next(),
            ..first.coinbase.clone()
        },
        ..first
    };
    let two = block_on(one.hash(), &second.for_miner(account));
    let other = two.hash();
    for block in [one, two] {
        jobs.engine.mined(block).await.unwrap().unwrap();
    }
    assert_eq!(tip(&jobs), other);
    assert_eq!(jobs.hand_in(&found).await, Err(WorkError::Stale));
}

#[tokio::test]
async fn a_block_is_taken_though_whoever_handed_it_in_has_gone() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let start = tip(&jobs);
    let mut events = jobs.engine.events();
    {
        let mut handing_in = Box::pin(jobs.hand_in(&found));
        assert!(futures::poll!(&mut handing_in).is_pending());
    }
    while !matches!(events.recv().await.unwrap(), Event::TipChanged { .. }) {}
    assert_ne!(tip(&jobs), start);
    assert_eq!(jobs.hand_in(&found).await, Ok(tip(&jobs)));
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_too_long_for_a_turn_is_told_so() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let turn = jobs.handing_in.lock().await;
    let asked = Instant::now();
    assert_eq!(jobs.hand_in(&found).await, Err(WorkError::Busy));
    assert_eq!(asked.elapsed().as_secs(), FOUND_WAITS.as_secs());
    drop(turn);
    assert_eq!(jobs.hand_in(&found).await, Ok(tip(&jobs)));
}

#[tokio::test]
async fn who_waits_is_told_when_a_kickoff_comes() {
    let mut genesis = Genesis::article();
    let soon = UnixSeconds((clock() + 2).into());
    genesis.matches[0].kickoff = Some(soon);
    let (jobs, _stop) = work_of(&genesis);
    let account = AccountId([1; 32]);
    let first = jobs.job(account, None, Duration::ZERO).await.unwrap();
    if first.wanted {
        return; // This machine took more than a second to get here.
    }
    let asked = Instant::now();
    let patience = Duration::from_secs(20);
    let next = jobs.job(account, Some(&first.id), patience).await.unwrap();
    assert!(next.wanted);
    assert!(asked.elapsed() < patience, "{:?}", asked.elapsed());
}

#[test]
fn ids_are_read_as_they_are_written() {
    let account = AccountId([7; 32]);
    for number in [0, 1, u64::MAX] {
        let id = format!("{number:016x}-{account}");
        assert_eq!(parse_id(&id), Ok((number, account)));
    }
    for bad in [
        String::new(),
        "-".into(),
        "1".into(),
        format!("-{account}"),
        format!("1-{account}"),
        format!("+000000000000001-{account}"),
        format!("00000000000000001-{account}"),
        "0000000000000001-".into(),
        "0000000000000001-ana".into(),
        "é".repeat(10_000),
    ] {
        assert_eq!(parse_id(&bad), Err(WorkError::NoTemplate), "{bad}");
    }
}
