#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io;

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::{Coinbase, Genesis, Name, Nonce, TargetRule};
use bolao_store::Store;
use bolao_wallet::{Draft, Key};
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing_subscriber::fmt::MakeWriter;

use super::*;
use crate::{
    clock::now,
    mine::outside::{OutsideWork, WorkError},
};

/// From a block to an empty one.
const PACE: Duration = Duration::from_secs(1);

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
    let now = now();
    let core = Core::new(store, CoreConfig::default(), now).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _, _) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    let (jobs, noticing) = Jobs::new(engine, reader, PACE).unwrap();
    tokio::spawn(noticing);
    (Arc::new(jobs), cancel.drop_guard())
}

async fn template(jobs: &Arc<Jobs>, account: AccountId) -> Template {
    jobs.template(account).await.unwrap()
}

/// The system's clock as headers carry it.
fn clock() -> u32 {
    u32::try_from(now().unix.0).unwrap_or(u32::MAX)
}

/// A solution of the current work, another for each extra nonce.
async fn solution(jobs: &Arc<Jobs>, extra_nonce: u8) -> SolutionBody {
    let account = AccountId([1; 32]);
    let job = jobs.job(account, None, Duration::ZERO).await.unwrap();
    let extra_nonce = [extra_nonce; 16];
    let time = job.min_time.max(clock());
    let solves = |nonce: &u32| {
        let header = job.header_with(&extra_nonce, time, *nonce);
        meets_target(&sha256d(&header), &job.target)
    };
    let nonce = (0..=u32::MAX).find(solves).unwrap();
    SolutionBody {
        template: job.id,
        extra_nonce,
        time,
        nonce,
    }
}

fn tip(jobs: &Jobs) -> BlockHash {
    jobs.reader.snapshot().unwrap().tip().unwrap().hash
}

/// A block without transactions that meets the easy target.
fn block_on(previous: BlockHash, template: &Template) -> Block {
    let header = |nonce| Header {
        version: 1,
        previous,
        merkle_root: template.header().merkle_root,
        time: u32::try_from(template.header().time().0).unwrap(),
        bits: template.header().bits().to_consensus(),
        nonce,
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
    let answers = futures::future::join_all((0..20).map(|_| jobs.submit(&found, false))).await;
    let first = tip(&jobs);
    assert!(
        answers.iter().all(|answer| *answer == Ok(first)),
        "{answers:?}"
    );
    assert_eq!(jobs.submit(&late, false).await, Err(NodeError::Stale));

    let next = solution(&jobs, 1).await;
    let second = jobs.submit(&next, false).await.unwrap();
    assert_ne!(second, first);
    assert_eq!(tip(&jobs), second);
    // Its template is long gone, and letters may be of either case.
    let shouted = SolutionBody {
        template: found.template.to_uppercase(),
        ..found.clone()
    };
    for again in [&found, &shouted] {
        assert_eq!(jobs.submit(again, false).await, Ok(first));
    }
    assert_eq!(jobs.submit(&next, false).await, Ok(second));
    let other = SolutionBody {
        nonce: found.nonce ^ 1,
        ..found
    };
    assert_eq!(jobs.submit(&other, false).await, Err(NodeError::Stale));
    assert_eq!(tip(&jobs), second);
}

#[tokio::test]
async fn a_solution_whose_block_left_the_chain_is_stale() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let start = tip(&jobs);
    let account = AccountId([2; 32]);
    let first = template(&jobs, account).await;
    let ours = jobs.submit(&found, false).await.unwrap();
    assert_eq!(jobs.submit(&found, false).await, Ok(ours));
    // Two blocks of others have more work.
    let one = block_on(start, &first);
    let second = Template {
        coinbase: Coinbase {
            height: first.coinbase.height.next(),
            ..first.coinbase.clone()
        },
        ..first
    };
    let two = block_on(one.hash(), &second.for_miner(account));
    let other = two.hash();
    for block in [one, two] {
        jobs.engine
            .mined(block, Instant::now() + FOUND_WAITS)
            .await
            .unwrap();
    }
    assert_eq!(tip(&jobs), other);
    assert_eq!(jobs.submit(&found, false).await, Err(NodeError::Stale));
}

#[tokio::test]
async fn a_block_is_taken_though_whoever_handed_it_in_has_gone() {
    for waits in [false, true] {
        let (jobs, _stop) = easy();
        let found = solution(&jobs, 1).await;
        let start = tip(&jobs);
        let mut events = jobs.engine.events();
        // Whether another block is being handed over.
        let turn = jobs.submitting.try_lock().ok().filter(|_| waits);
        {
            let mut submitting = Box::pin(jobs.submit(&found, false));
            assert!(futures::poll!(&mut submitting).is_pending());
        }
        drop(turn);
        while !matches!(events.recv().await.unwrap(), Event::TipChanged { .. }) {}
        assert_ne!(tip(&jobs), start);
        assert_eq!(jobs.submit(&found, false).await, Ok(tip(&jobs)));
    }
}

#[tokio::test]
async fn a_template_is_kept_though_whoever_asked_has_gone() {
    let (jobs, _stop) = easy();
    {
        let mut asking = Box::pin(jobs.current());
        assert!(futures::poll!(&mut asking).is_pending());
    }
    let end = Instant::now() + Duration::from_secs(20);
    while jobs.offers.find(|_| true).is_none() {
        assert!(Instant::now() < end, "nothing was kept");
        tokio::task::yield_now().await;
    }
    assert_eq!(jobs.current().await.unwrap().number, jobs.first);
}

#[tokio::test(start_paused = true)]
async fn a_solution_does_not_wait_for_a_template() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let _being_made = jobs.making.lock().await;
    let asked = Instant::now();
    assert_eq!(jobs.submit(&found, false).await, Ok(tip(&jobs)));
    assert_eq!(asked.elapsed(), Duration::ZERO);
}

/// A block that a standard miner found.
struct Found {
    template: Arc<Template>,
    header: [u8; 80],
}

/// The end of every coinbase here.
const EXTRA_NONCE: [u8; 16] = [1; 16];

async fn submit(work: &OutsideWork, worker: &str, found: Found) -> Result<(), WorkError> {
    work.submit(worker, &found.template, &found.header, EXTRA_NONCE)
        .await
}

/// Finds a block as a standard miner of the account does, in its present job.
async fn find(work: &OutsideWork, account: AccountId) -> Found {
    let (job, template) = work.job(&account.to_string()).await.unwrap();
    let header = Header::from_bytes(&job.header);
    let time = u32::try_from(header.time().0).unwrap();
    let header = (0..=u32::MAX)
        .map(|nonce| job.header_with(&EXTRA_NONCE, time, nonce))
        .find(|header| meets_target(&sha256d(header), &job.target));
    Found {
        template,
        header: header.unwrap(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_standard_miners_block_waits_for_a_busy_core() {
    let (jobs, _stop) = easy();
    let work = OutsideWork::new(Arc::clone(&jobs), jobs.reader.clone());
    let account = AccountId([1; 32]);
    let found = find(&work, account).await;
    let hash = Header::from_bytes(&found.header).hash();

    let turn = jobs.submitting.lock().await;
    let asked = Instant::now();
    let answer = submit(&work, "ana", found).await;
    assert!(matches!(answer, Err(WorkError::Waits)), "{answer:?}");
    assert_eq!(asked.elapsed().as_secs(), FOUND_WAITS.as_secs());
    // The miner would be told that its share is a duplicate.
    sleep(WAITS_LONG / 2).await;
    drop(turn);
    drop(jobs.waiting.acquire_many(WAITING.into()).await.unwrap());
    assert_eq!(tip(&jobs), hash);

    // But not for ever, and not any number of them.
    let template = template(&jobs, account).await;
    let next = block_on(hash, &template);
    let turn = jobs.submitting.lock().await;
    let asked = Instant::now();
    let again = || jobs.take(next.clone(), Some("ana".into()), None);
    assert_eq!(again().await, Err(NodeError::Busy));
    assert_eq!(asked.elapsed().as_secs(), WAITS_LONG.as_secs());
    let places = jobs.waiting.acquire_many(WAITING.into()).await.unwrap();
    let asked = Instant::now();
    assert_eq!(again().await, Err(NodeError::Busy));
    assert_eq!(asked.elapsed(), Duration::ZERO);
    drop((places, turn));
    assert_eq!(again().await, Ok(next.hash()));
}

#[tokio::test]
async fn an_empty_block_waits_for_the_pace_and_its_miner_does_not() {
    let (jobs, _stop) = easy();
    let account = |number| AccountId([number; 32]);
    let work = OutsideWork::new(Arc::clone(&jobs), jobs.reader.clone());
    let found = Instant::now();
    submit(&work, "ana", find(&work, account(1)).await)
        .await
        .unwrap();
    let first = tip(&jobs);
    let (second, third) = (find(&work, account(2)).await, find(&work, account(3)).await);
    let wanted = Header::from_bytes(&second.header).hash();
    let mut changes = work.changes();
    submit(&work, "ana", second).await.unwrap();
    submit(&work, "rui", third).await.unwrap();
    assert!(found.elapsed() < PACE);
    assert_eq!(tip(&jobs), first);
    while tip(&jobs) == first {
        changes.changed().await.unwrap();
    }
    assert_eq!(tip(&jobs), wanted, "the first of the two");
    assert!(found.elapsed() >= PACE, "{:?}", found.elapsed());

    // One that is wanted goes ahead.
    let key = Key::generate().unwrap();
    let join = Draft::new(key.account(), Nonce(0)).join(Name::new("ana").unwrap());
    let join = key.sign(jobs.reader.pool_id(), join);
    jobs.engine.submit(join).await.unwrap();
    let full = find(&work, account(4)).await;
    assert!(full.template.job.wanted);
    let found = Instant::now();
    let wanted = Header::from_bytes(&full.header).hash();
    submit(&work, "ana", full).await.unwrap();
    assert_eq!(tip(&jobs), wanted);
    assert!(found.elapsed() < PACE);
}

#[tokio::test(start_paused = true)]
async fn a_standard_miners_job_carries_the_time_of_now() {
    let (jobs, _stop) = easy();
    let work = OutsideWork::new(Arc::clone(&jobs), jobs.reader.clone());
    let worker = AccountId([1; 32]).to_string();
    let times = async || {
        let (job, _) = work.job(&worker).await.unwrap();
        let time = Header::from_bytes(&job.header).time().0;
        (time, job.max_time)
    };
    let (time, max_time) = times().await;
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(times().await, (time + 20, max_time + 20));
}

/// The log of this thread.
#[derive(Clone, Default)]
struct Log(Arc<std::sync::Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_block_of_the_nodes_own_that_is_lost_is_in_the_log() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(log.clone());
    let _logging = tracing::subscriber::set_default(subscriber.finish());
    let _turn = jobs.submitting.lock().await;
    assert_eq!(jobs.submit(&found, true).await, Err(NodeError::Busy));
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = log.lines().find(|line| line.contains("WARN")).unwrap();
    assert!(line.contains("a found block is lost hash="), "{log}");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_too_long_for_a_turn_is_told_so() {
    let (jobs, _stop) = easy();
    let found = solution(&jobs, 1).await;
    let turn = jobs.submitting.lock().await;
    let asked = Instant::now();
    assert_eq!(jobs.submit(&found, false).await, Err(NodeError::Busy));
    assert_eq!(asked.elapsed().as_secs(), FOUND_WAITS.as_secs());
    drop(turn);
    assert_eq!(jobs.submit(&found, false).await, Ok(tip(&jobs)));
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
        assert_eq!(parse_id(&bad), Err(NodeError::NoTemplate), "{bad}");
    }
}
