//! Plays games: valid blocks on any block of a store, and everything that a store says of its chain.

use std::collections::BTreeMap;

use bolao_headers::{CheckedHeader, HeaderChain};
use bolao_ledger::{
    AccountId, Action, AppliedBlock, Block, BlockContext, BlockHash, CheckedBlock, Chips, Coinbase,
    Consensus, Fixture, GENESIS_VERSION, Genesis, Header, Height, Ledger, MatchCode, MatchNo,
    MemoryState, Name, Nonce, OpenBet as Guess, Overlay, Pos, Score, Signature, StateView as _,
    TargetRule, Team, Text, Transaction, TxBody, TxId, UnixSeconds, Validator, ValidatorKey,
    ValidatorSet, actions, check_invariants, merkle_root, signing_bytes,
};
use bolao_store::{Access, Durability, Snapshot, Store, StoreError, Tables, Tip, TxRecord, View};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

pub(crate) const PLAYERS: u8 = 6;
pub(crate) const MATCHES: u16 = 12;
const BLOCK_SECONDS: u64 = 10;

/// Something that a player may try; what the rules refuse is left out of the block.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    Join(u8),
    Bet(u8, Vec<(u16, u64, u64)>),
    Schedule(u16, u64),
}

pub(crate) fn key(player: u8) -> SigningKey {
    SigningKey::from([player.wrapping_add(1); 32])
}

pub(crate) fn account(player: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&key(player)).into())
}

fn fixture(no: u16, kickoff: Option<UnixSeconds>) -> Fixture {
    let team = |side: &str| Team {
        name: Text::new(format!("{side} {no}")).unwrap(),
        code: None,
    };
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(&format!("M{no}")).unwrap(),
        home: team("Home"),
        away: team("Away"),
        kickoff,
        stage: Text::new("Group").unwrap(),
    }
}

/// Player 0 organises; the first half of the matches is there from the start, each kicking off a block later.
pub(crate) fn genesis() -> Genesis {
    let article = Genesis::article();
    let kickoff = |no: u16| {
        Some(UnixSeconds(
            article.created.0 + u64::from(no) * 2 * BLOCK_SECONDS,
        ))
    };
    Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        organisers: vec![account(0)],
        matches: (1..=MATCHES / 2)
            .map(|no| fixture(no, kickoff(no)))
            .collect(),
        ..article
    }
}

/// The same where validators make the blocks, whose votes nobody checks here.
pub(crate) fn certified_genesis() -> Genesis {
    let validator = Validator {
        account: account(0),
        key: ValidatorKey(account(0).0),
        weight: 1,
    };
    Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed([validator])),
        ..genesis()
    }
}

/// The message with which a coinbase of such a pool begins, as long as the same validators vote.
pub(crate) fn voters(genesis: &Genesis) -> Vec<u8> {
    let voting = genesis.consensus.voting();
    voting.map_or_else(Vec::new, |voting| {
        let set = ValidatorSet::new(voting.validators.iter().copied()).unwrap();
        set.hash().0.to_vec()
    })
}

pub(crate) fn sign(genesis: &Genesis, player: u8, nonce: Nonce, action: Action) -> Transaction {
    let body = TxBody {
        account: account(player),
        nonce,
        action,
    };
    let message = signing_bytes(genesis.pool_id(), &body);
    Transaction {
        signature: Signature(key(player).sign(&message).to_bytes()),
        body,
    }
}

pub(crate) fn join(player: u8) -> Action {
    Action::Join(actions::Join {
        name: Name::new(&format!("Player {player}")).unwrap(),
        invitation: None,
    })
}

pub(crate) fn bet(guesses: impl IntoIterator<Item = (u16, u64, u64)>) -> Action {
    let tips: BTreeMap<u16, Guess> = guesses
        .into_iter()
        .map(|(no, goals, stake)| {
            let guess = Guess {
                match_no: MatchNo(no),
                prediction: Score::new(goals, 1).unwrap().into(),
                stake: Chips(stake),
            };
            (no, guess)
        })
        .collect();
    Action::Bet(actions::Bet {
        bets: tips.into_values().collect(),
    })
}

fn time_at(genesis: &Genesis, height: Height) -> UnixSeconds {
    UnixSeconds(genesis.created.0 + height.0 * BLOCK_SECONDS)
}

/// The transactions among `plays` that apply on `state`.
pub(crate) fn valid<A: Access>(
    genesis: &Genesis,
    state: &View<A>,
    plays: &[Play],
) -> Vec<Transaction> {
    let height = state.tip().unwrap().height.next();
    let context = BlockContext {
        height,
        time: time_at(genesis, height),
    };
    let mut overlay = Overlay::new(state);
    let mut transactions = Vec::new();
    for play in plays {
        let (player, action) = match play {
            Play::Join(player) => (*player, join(*player)),
            Play::Bet(player, guesses) => (*player, bet(guesses.iter().copied())),
            Play::Schedule(no, ahead) => {
                let kickoff = Some(UnixSeconds(context.time.0 + ahead));
                let fixture = fixture(*no, kickoff);
                (0, Action::Schedule(actions::Schedule { fixture }))
            }
        };
        let nonce = overlay
            .account(&account(player))
            .unwrap()
            .map_or(Nonce::ZERO, |account| account.next_nonce);
        let transaction = sign(genesis, player, nonce, action);
        let Ok(checked) = transaction.check(genesis, genesis.pool_id()) else {
            continue;
        };
        if Ledger::new(genesis)
            .apply_transaction(&mut overlay, context, &checked)
            .is_ok()
        {
            transactions.push(checked.into_inner());
        }
    }
    transactions
}

/// A block of these transactions on `parent`.
pub(crate) fn mine(
    genesis: &Genesis,
    parent: &Tip,
    transactions: Vec<Transaction>,
    message: &[u8],
) -> CheckedBlock {
    let height = parent.height.next();
    let coinbase = Coinbase {
        height,
        miner: account(0),
        message: [&voters(genesis), message].concat(),
        extra_nonce: [0; 16],
    };
    let fields = Header {
        version: 1,
        previous: parent.hash,
        merkle_root: [0; 32],
        time: u32::try_from(time_at(genesis, height).0).unwrap(),
        bits: genesis.proof().initial_bits().to_consensus(),
        nonce: 0,
    };
    let mut block = Block {
        header: fields,
        coinbase,
        transactions,
    };
    let merkle_root = merkle_root(&block.leaves());
    block.header = (0..=u32::MAX)
        .map(|nonce| Header {
            merkle_root,
            nonce,
            ..fields
        })
        .find(Header::meets_own_target)
        .unwrap();
    block.check(genesis, genesis.pool_id()).unwrap()
}

/// The header of a block on `parent`.
pub(crate) fn checked(parent: &CheckedHeader, block: &CheckedBlock) -> CheckedHeader {
    HeaderChain::new(*parent, false, [])
        .check(&genesis(), &block.get().header)
        .unwrap()
}

pub(crate) fn as_tip(header: &CheckedHeader) -> Tip {
    Tip::from(header)
}

pub(crate) fn apply<'b>(
    genesis: &Genesis,
    tables: &Tables<'_>,
    block: &'b CheckedBlock,
) -> AppliedBlock<'b> {
    let height = block.get().coinbase.height;
    Ledger::new(genesis)
        .apply_block(tables, height, block)
        .map_err(|error| format!("{error:?}"))
        .unwrap()
}

/// Header, body and connection in one write.
pub(crate) fn connect(store: &mut Store, block: &CheckedBlock) -> Result<(), StoreError> {
    let genesis = store.genesis().clone();
    store.write(Durability::Durable, |tables| {
        let chain = tables.header_chain(&tables.tip()?.hash)?.unwrap();
        let header = chain.check(&genesis, &block.get().header).unwrap();
        tables.put_header(&header)?;
        let applied = apply(&genesis, tables, block);
        tables.connect(&applied)
    })
}

pub(crate) fn disconnect(store: &mut Store) -> Result<Block, StoreError> {
    store.write(Durability::Durable, |tables| tables.disconnect())
}

/// Mines and connects a block of those plays that the rules allow.
pub(crate) fn play(store: &mut Store, plays: &[Play], message: &[u8]) -> CheckedBlock {
    let snapshot = store.reader().snapshot().unwrap();
    let genesis = store.genesis().clone();
    let transactions = valid(&genesis, &snapshot, plays);
    let block = mine(&genesis, &snapshot.tip().unwrap(), transactions, message);
    connect(store, &block).unwrap();
    block
}

/// Plays that keep every table busy, a different set at every height.
pub(crate) fn usual_plays(height: u64) -> Vec<Play> {
    let mut plays: Vec<_> = (0..PLAYERS).map(Play::Join).collect();
    let new = MATCHES / 2 + 1 + (height % u64::from(MATCHES / 2)) as u16;
    plays.push(Play::Schedule(new, 25));
    for player in 0..PLAYERS {
        let guesses = (1..=MATCHES)
            .filter(|no| (u64::from(*no) + height + u64::from(player)).is_multiple_of(3))
            .map(|no| (no, height % 10, (height + u64::from(no)) % 40))
            .collect();
        plays.push(Play::Bet(player, guesses));
    }
    // One bet on a match that does not exist yet would take the rest with it: bet on the known ones alone too.
    for player in 0..PLAYERS {
        plays.push(Play::Bet(player, vec![(1 + (height as u16 % 6), 2, 7)]));
    }
    plays
}

/// Everything that follows from the main chain.
#[derive(Debug, PartialEq)]
pub(crate) struct Dump {
    pub(crate) tip: Tip,
    pub(crate) main: Vec<BlockHash>,
    pub(crate) transactions: BTreeMap<TxId, TxRecord>,
    pub(crate) state: MemoryState,
}

/// The store looks by half of an id; another half beside it is another transaction's.
fn finds_by_the_whole_id(snapshot: &Snapshot, transaction: &Transaction, at: &TxRecord) {
    let id = transaction.id();
    let found = snapshot.transaction_called(&id).unwrap();
    assert_eq!(found, Some((at.clone(), transaction.clone())));
    let mut other = id;
    other.0[31] ^= 1;
    assert_eq!(snapshot.transaction_called(&other).unwrap(), None);
    assert_eq!(snapshot.confirmed_transaction(&other).unwrap(), None);
    assert_eq!(
        snapshot.confirmed_transaction(&id).unwrap().as_ref(),
        Some(transaction)
    );
}

/// Reads all of it, and checks that it is consistent in itself.
pub(crate) fn dump(snapshot: &Snapshot) -> Dump {
    let tip = snapshot.tip().unwrap();
    let state = snapshot.memory_state().unwrap();
    check_invariants(&genesis().rules, &state).unwrap();
    let mut main = Vec::new();
    let mut transactions = BTreeMap::new();
    while let Some(hash) = snapshot.hash_at(Height(main.len() as u64)).unwrap() {
        let height = Height(main.len() as u64);
        let record = snapshot.header_at(height).unwrap().unwrap();
        assert_eq!((record.hash, record.height), (hash, height));
        if let Some(block) = snapshot.block_at(height).unwrap() {
            assert_eq!(block.hash(), hash);
            for (index, transaction) in (0..).zip(&block.transactions) {
                let found = snapshot.transaction(&transaction.id()).unwrap().unwrap();
                assert_eq!((found.height, found.index), (height, index));
                finds_by_the_whole_id(snapshot, transaction, &found);
                transactions.insert(transaction.id(), found);
            }
        }
        main.push(hash);
    }
    assert_eq!(main.last(), Some(&tip.hash));
    assert_eq!(tip.height.0 + 1, main.len() as u64);
    assert_eq!(
        state.totals().unwrap().transactions,
        transactions.len() as u64
    );
    Dump {
        tip,
        main,
        transactions,
        state,
    }
}
