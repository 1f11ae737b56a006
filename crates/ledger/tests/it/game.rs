//! A pool in memory that is played block by block.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    AccountId, Action, ApplyError, Block, Chips, Coinbase, Fixture, Genesis, Header, HeaderFields,
    Height, Ledger, Limits, MatchCode, MatchNo, MemoryState, Name, Nonce, PoolId, Reason, Score,
    Signature, TargetRule, Team, Text, Tip, Transaction, TxBody, TxOutcome, UnixSeconds,
    check_conservation, merkle_root, signing_bytes,
};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

/// Who may schedule.
pub(crate) const ORGANISER: u8 = 1;

/// When the first block comes.
pub(crate) const START: u64 = 1_560_000_000;

pub(crate) fn key(who: u8) -> SigningKey {
    SigningKey::from([who; 32])
}

pub(crate) fn account(who: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&key(who)).into())
}

pub(crate) fn sign(pool: PoolId, who: u8, body: TxBody) -> Transaction {
    let signature = Signature(key(who).sign(&signing_bytes(pool, &body)).to_bytes());
    Transaction { body, signature }
}

pub(crate) fn fixture(no: u16, code: &str, kickoff: Option<u64>) -> Fixture {
    let team = |name: &str| Team {
        name: Text::new(name).unwrap(),
        code: None,
    };
    Fixture {
        no: MatchNo(no),
        code: MatchCode::new(code).unwrap(),
        home: team("Home"),
        away: team("Away"),
        kickoff: kickoff.map(UnixSeconds),
        stage: Text::new("Final").unwrap(),
    }
}

pub(crate) fn tip(no: u16, stake: u64) -> Tip {
    Tip {
        match_no: MatchNo(no),
        score: Score::new(2, 1).unwrap(),
        stake: Chips(stake),
    }
}

/// Tips for points alone on matches 0, 1, 2…
pub(crate) fn many_tips(count: usize) -> Vec<Tip> {
    (0..count)
        .map(|no| tip(no.try_into().unwrap(), 0))
        .collect()
}

/// The article's pool with hashes that are quickly found, an organiser and a third match.
pub(crate) fn genesis() -> Genesis {
    let mut genesis = Genesis::article();
    genesis.target = TargetRule::Fixed { zero_bits: 1 };
    genesis.organisers = vec![account(ORGANISER)];
    genesis.limits = Limits {
        matches: 4,
        ..Limits::default()
    };
    genesis
        .matches
        .push(fixture(3, "Soon", Some(START + 1_000)));
    genesis.check().unwrap();
    genesis
}

#[derive(Clone)]
pub(crate) struct Game {
    pub(crate) genesis: Genesis,
    pub(crate) pool: PoolId,
    pub(crate) state: MemoryState,
    pub(crate) height: Height,
    pub(crate) time: u64,
}

impl Game {
    pub(crate) fn new() -> Self {
        Self::with(genesis())
    }

    pub(crate) fn with(genesis: Genesis) -> Self {
        let mut state = MemoryState::default();
        let delta = Ledger::new(&genesis).genesis_delta(&state).unwrap();
        state.commit(&delta);
        Self {
            pool: genesis.pool_id(),
            genesis,
            state,
            height: Height(1),
            time: START,
        }
    }

    /// A game in which players 1 to `n` have joined.
    pub(crate) fn joined(n: u8) -> Self {
        let mut game = Self::new();
        let joins = (1..=n).map(|who| game.join(who, 0, &format!("Player {who}")));
        game.play(joins.collect()).unwrap();
        game
    }

    pub(crate) fn sign(&self, who: u8, nonce: u64, action: Action) -> Transaction {
        let body = TxBody {
            account: account(who),
            nonce: Nonce(nonce),
            action,
        };
        sign(self.pool, who, body)
    }

    pub(crate) fn join(&self, who: u8, nonce: u64, name: &str) -> Transaction {
        let name = Name::new(name).unwrap();
        self.sign(who, nonce, Action::Join { name })
    }

    pub(crate) fn bet(&self, who: u8, nonce: u64, tips: &[Tip]) -> Transaction {
        let tips = tips.to_vec();
        self.sign(who, nonce, Action::Bet { tips })
    }

    pub(crate) fn schedule(&self, who: u8, nonce: u64, fixture: Fixture) -> Transaction {
        self.sign(who, nonce, Action::Schedule { fixture })
    }

    pub(crate) fn coinbase(&self) -> Coinbase {
        Coinbase {
            height: self.height,
            miner: account(ORGANISER),
            message: Vec::new(),
            extra_nonce: [0; 16],
        }
    }

    /// The next block, its header found.
    pub(crate) fn block(&self, transactions: Vec<Transaction>) -> Block {
        self.mine(self.coinbase(), transactions)
    }

    pub(crate) fn mine(&self, coinbase: Coinbase, transactions: Vec<Transaction>) -> Block {
        let header = Header::new(HeaderFields {
            previous: self.pool.into(),
            merkle_root: [0; 32],
            time: self.time.try_into().unwrap(),
            bits: self.genesis.target.initial_bits().to_consensus(),
            nonce: 0,
        });
        let mut block = Block {
            header,
            coinbase,
            transactions,
        };
        Self::find(&mut block);
        block
    }

    /// Commits the header to the body and searches a nonce.
    pub(crate) fn find(block: &mut Block) {
        let header = Header::new(HeaderFields {
            previous: block.header.previous(),
            merkle_root: merkle_root(&block.leaves()),
            time: block.header.time().0.try_into().unwrap(),
            bits: block.header.bits().to_consensus(),
            nonce: 0,
        });
        block.header = (0..=u32::MAX)
            .map(|nonce| header.with_nonce(nonce))
            .find(Header::meets_own_target)
            .unwrap();
    }

    /// Checks, applies and commits a block; the laws are checked on what comes out.
    pub(crate) fn play_block(&mut self, block: Block) -> Result<Vec<TxOutcome>, Reason> {
        let checked = block
            .check(&self.genesis, self.pool)
            .map_err(|error| error.reason())?;
        let (delta, outcomes) = Ledger::new(&self.genesis)
            .apply_block(&self.state, self.height, &checked)
            .map_err(|error: ApplyError<_>| error.reason().unwrap())?;
        self.state.commit(&delta);
        self.height = self.height.next();
        check_conservation(&self.state).unwrap();
        Ok(outcomes)
    }

    pub(crate) fn play(
        &mut self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<TxOutcome>, Reason> {
        let block = self.block(transactions);
        self.play_block(block)
    }

    pub(crate) fn chips(&self, who: u8) -> u64 {
        self.state.accounts[&account(who)].chips.0
    }

    pub(crate) fn nonce(&self, who: u8) -> u64 {
        self.state
            .accounts
            .get(&account(who))
            .map_or(0, |account| account.next_nonce.0)
    }

    pub(crate) fn pot(&self, no: u16) -> u64 {
        self.state.matches[&MatchNo(no)].pot.0
    }
}
