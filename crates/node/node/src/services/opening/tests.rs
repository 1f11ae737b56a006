#![allow(clippy::unwrap_used)]

mod finals;

use bolao_chain::{Accepted, Core, CoreConfig};
use bolao_ledger::{
    AccountId, BettingClosed, Block, BlockHash, BlockId, Coinbase, EXTRA_NONCE_BYTES, Genesis,
    Header, Height, Name, Nonce, OpenBet, Score, TargetRule, Transaction, merkle_root,
};
use bolao_store::Store;
use bolao_wallet::Draft;
use tokio_util::sync::CancellationToken;

use std::sync::Arc;

use super::*;

fn game(kickoff: Option<u64>, unopened: u32) -> Item {
    let mut fixture = Genesis::article().matches.pop().unwrap();
    fixture.kickoff = kickoff.map(UnixSeconds);
    Item {
        unopened,
        ..bolao_ledger::Match::new(fixture, None, 0).into()
    }
}

fn clocks(own: u64, chain: u64, confirmed: u64) -> Clocks {
    Clocks {
        begun: BettingClosed {
            own: UnixSeconds(own),
            chain: UnixSeconds(chain),
            decided: UnixSeconds(chain),
            long_ago: Some(UnixSeconds(own - 25)),
            scheduled: BTreeMap::new(),
        },
        confirmed: UnixSeconds(confirmed),
    }
}

#[test]
fn tips_are_due_from_kick_off_to_the_end_of_the_window() {
    let due = |game: &Item, time| is_due(game, &clocks(time, time, time), 50);
    let begun = game(Some(100), 1);
    assert!(!due(&begun, 99));
    assert!(due(&begun, 100));
    assert!(due(&begun, 149));
    assert!(!due(&begun, 150));
    assert!(!due(&game(Some(100), 0), 120));
    assert!(!due(&game(None, 1), 120));
}

#[test]
fn no_clock_alone_begins_a_match() {
    let begun = game(Some(100), 1);
    let due = |own, chain, confirmed| is_due(&begun, &clocks(own, chain, confirmed), 50);
    assert!(!due(120, 99, 99));
    assert!(!due(99, 120, 120));
    assert!(!due(120, 120, 99));
    assert!(due(100, 120, 100));
    // Half of the window later it is enough that the chain has passed it.
    assert!(!due(124, 124, 99));
    assert!(due(125, 100, 99));
    assert!(!due(125, 99, 99));
    // Whichever is later ends the window.
    assert!(!due(150, 120, 120));
    assert!(!due(120, 150, 120));
}

#[test]
fn others_are_asked_again_only_while_their_word_is_missing() {
    let matches = [game(Some(100), 1), game(Some(110), 1)];
    let rest = |own, chain, confirmed| rest(&matches, &clocks(own, chain, confirmed), 50);
    assert_eq!(rest(90, 90, 90), Duration::from_secs(10));
    assert_eq!(rest(105, 99, 99), Duration::from_secs(5));
    assert_eq!(rest(105, 105, 99), ASK_AGAIN);
    assert_eq!(rest(105, 105, 105), Duration::from_secs(5));
    assert_eq!(rest(115, 105, 105), LONGEST_REST);
}

/// The time from the start to the kick-off, in seconds.
const HOUR: u64 = 3_600;

/// A pool of sealed tips with a core and no network. The player has sealed a tip on the first match.
pub(crate) struct Setting {
    pub(crate) signer: Arc<Signer>,
    pub(crate) engine: Engine,
    pub(crate) reader: Reader,
    pub(crate) started: UnixSeconds,
    kickoff: UnixSeconds,
    known: Known,
    _home: tempfile::TempDir,
    _stop: tokio_util::sync::DropGuard,
}

pub(crate) async fn setting() -> Setting {
    setting_with(|_| (), CoreConfig::default()).await
}

/// The same with changed rules, and bounds of the node's own.
pub(crate) async fn setting_with(change: impl FnOnce(&mut Genesis), bounds: CoreConfig) -> Setting {
    setting_of(|genesis, _| change(genesis), bounds).await
}

/// The same with rules that are changed for the player's account.
pub(crate) async fn setting_of(
    change: impl FnOnce(&mut Genesis, AccountId),
    bounds: CoreConfig,
) -> Setting {
    let started = now().unix;
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 1 };
    // So that a block may pass the kick-off while this machine's clock has not.
    genesis.max_future_s = 7_200;
    genesis.rules.bets = bolao_ledger::BetMode::Sealed;
    for game in &mut genesis.matches {
        game.kickoff = Some(UnixSeconds(started.0 + HOUR));
    }
    let home = tempfile::tempdir().unwrap();
    let wallet = WalletFile::create(home.path().join("wallet.json"), "").unwrap();
    let key = wallet.player();
    change(&mut genesis, key.account());
    let kickoff = genesis.matches.first().unwrap().kickoff.unwrap();
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let core = Core::new(store, bounds, now()).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _, _) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    let signer = Signer::new(
        wallet,
        engine.clone(),
        reader.clone(),
        crate::home::Home::open(home.path()).unwrap(),
    );
    let pool = signer.pool();
    let mut draft = Draft::new(key.account(), Nonce::ZERO);
    let tip = OpenBet {
        match_no: MatchNo(1),
        prediction: Score::new(2, 1).unwrap().into(),
        stake: bolao_ledger::Chips::ZERO,
    };
    let join = draft.join(Name::new("ana").unwrap());
    let seal = draft.seal_bets(&key, pool, &[tip]);
    for body in [join, seal] {
        signer.submit(key.sign(pool, body)).await.unwrap();
    }
    let setting = Setting {
        signer: Arc::new(signer),
        engine,
        reader,
        started,
        kickoff,
        known: Known::default(),
        _home: home,
        _stop: cancel.drop_guard(),
    };
    setting.mine(started).await;
    setting
}

impl Setting {
    pub(crate) fn tip(&self) -> BlockId {
        self.reader.snapshot().unwrap().tip().unwrap().block
    }

    pub(crate) async fn take(&self, block: Block) {
        let taken = self
            .engine
            .mined(
                block,
                tokio::time::Instant::now() + crate::engine::FOUND_WAITS,
            )
            .await
            .unwrap();
        assert!(matches!(taken, Accepted::Block { .. }), "{taken:?}");
    }

    /// Finds a block of that time.
    pub(crate) async fn mine(&self, time: UnixSeconds) {
        let template = self.engine.template(AccountId([1; 32])).await.unwrap();
        let header = Header {
            version: 1,
            previous: template.header().previous,
            merkle_root: template.header().merkle_root,
            time: u32::try_from(time.0).unwrap(),
            bits: template.header().bits().to_consensus(),
            nonce: 0,
        };
        self.take(template.block(ground(header), [0; EXTRA_NONCE_BYTES]))
            .await;
    }

    /// Looks, as a node does whose clock shows `now`; how many openings wait after that.
    async fn opened(&mut self, now: UnixSeconds, others: Others) -> usize {
        self.opened_by(clock(now, false), others).await
    }

    async fn opened_by(&mut self, own: OwnClock, others: Others) -> usize {
        look(&self.signer, &mut self.known, others, own)
            .await
            .unwrap();
        let pending = self.reader.snapshot().unwrap().pending().unwrap();
        let opens = |waiting: &&bolao_ledger::Transaction| {
            matches!(waiting.body.action, bolao_ledger::Action::Open { .. })
        };
        pending.iter().filter(opens).count()
    }
}

fn clock(shows: UnixSeconds, agrees: bool) -> OwnClock {
    OwnClock { shows, agrees }
}

fn ground(header: Header) -> Header {
    (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(Header::meets_own_target)
        .unwrap()
}

fn at<const N: usize>(tips: [BlockId; N]) -> Others {
    Others::At(tips.into())
}

#[tokio::test]
async fn a_fast_clock_opens_nothing_by_itself() {
    let mut setting = setting().await;
    let fast = UnixSeconds(setting.kickoff.0 + HOUR);
    let before = setting.tip();
    assert_eq!(setting.opened(fast, Others::None).await, 0);
    assert_eq!(setting.opened(fast, at([before])).await, 0);

    // It finds the block that passes the kick-off itself, and the others do not take it yet.
    setting.mine(setting.kickoff).await;
    let passed = setting.tip();
    assert_eq!(setting.opened(fast, at([])).await, 0);
    assert_eq!(setting.opened(fast, at([before])).await, 0);
    let elsewhere = BlockId {
        hash: BlockHash([9; 32]),
        ..passed
    };
    assert_eq!(setting.opened(fast, at([before, elsewhere])).await, 0);
    // Where the others are further, but this machine's clock is not, it waits too.
    assert_eq!(setting.opened(setting.started, at([passed])).await, 0);

    assert_eq!(setting.opened(fast, at([before, passed])).await, 1);
    assert_eq!(
        setting.opened(fast, at([passed])).await,
        1,
        "once is enough"
    );
}

/// Lines that were logged.
#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn that_a_bet_was_not_opened_in_time_is_logged_once() {
    const WINDOW_S: u32 = 60;
    let window = |genesis: &mut Genesis| genesis.rules.opening_window_s = WINDOW_S;
    let mut setting = setting_with(window, CoreConfig::default()).await;
    let over = UnixSeconds(setting.kickoff.0 + u64::from(WINDOW_S));
    let told = async |setting: &mut Setting| {
        let lines = Lines::default();
        let write = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || write.clone())
            .finish();
        let wallet = setting.signer.wallet().await;
        let (reader, known) = (&setting.reader, &mut setting.known);
        tracing::subscriber::with_default(subscriber, || {
            due(&wallet, reader, known, &Others::None, clock(over, false)).unwrap();
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        text.matches("not opened in time").count()
    };
    assert_eq!(told(&mut setting).await, 0, "the chain has not got there");
    setting.mine(over).await;
    assert_eq!(told(&mut setting).await, 1);
    assert_eq!(told(&mut setting).await, 0, "once is enough");
}

#[tokio::test]
async fn a_node_alone_goes_by_its_own_chain() {
    let mut setting = setting().await;
    let kickoff = setting.kickoff;
    assert_eq!(setting.opened(kickoff, Others::None).await, 0);
    setting.mine(kickoff).await;
    assert_eq!(setting.opened(kickoff, Others::None).await, 1);
}

#[tokio::test]
async fn openings_of_a_lost_branch_are_sent_again() {
    let mut setting = setting().await;
    let fork = setting.tip();
    let kickoff = setting.kickoff;
    setting.mine(kickoff).await;
    assert_eq!(setting.opened(kickoff, Others::None).await, 1);
    setting.mine(kickoff).await;
    assert_eq!(setting.opened(kickoff, Others::None).await, 0, "it is open");

    // A longer branch on which the kick-off has not passed yet.
    let (mut previous, mut next) = (fork.hash, fork.height);
    for _ in 0..3 {
        next = next.next();
        let block = empty(previous, next, setting.started, &setting.reader);
        previous = block.hash();
        setting.take(block).await;
    }
    let (height, hash) = (next, previous);
    assert_eq!(setting.tip(), BlockId { height, hash });
    assert_eq!(setting.opened(kickoff, Others::None).await, 0);
    setting.mine(kickoff).await;
    assert_eq!(setting.opened(kickoff, Others::None).await, 1);
    setting.mine(kickoff).await;
    let bet = bet(&setting);
    assert_eq!(bet, Placed::Open(Score::new(2, 1).unwrap().into()));
}

fn bet(setting: &Setting) -> Placed {
    let snapshot = setting.reader.snapshot().unwrap();
    let account = *setting.known.accounts.get(&KeyIndex::PLAYER).unwrap();
    let bet = snapshot.bet(MatchNo(1), &account).unwrap().unwrap();
    bet.placed
}

fn empty(previous: BlockHash, height: Height, time: UnixSeconds, reader: &Reader) -> Block {
    block(previous, height, time, reader, Vec::new())
}

/// A block of another machine.
pub(crate) fn block(
    previous: BlockHash,
    height: Height,
    time: UnixSeconds,
    reader: &Reader,
    transactions: Vec<Transaction>,
) -> Block {
    let coinbase = Coinbase {
        height,
        miner: AccountId([2; 32]),
        message: Vec::new(),
        extra_nonce: [0; EXTRA_NONCE_BYTES],
    };
    let of_bets = transactions.iter().map(Transaction::witness_id);
    let leaves: Vec<_> = std::iter::once(coinbase.witness_id())
        .chain(of_bets)
        .collect();
    let header = Header {
        version: 1,
        previous,
        merkle_root: merkle_root(&leaves),
        time: u32::try_from(time.0).unwrap(),
        bits: reader.genesis().proof().initial_bits().to_consensus(),
        nonce: 0,
    };
    Block {
        header: ground(header),
        coinbase,
        transactions,
    }
}
