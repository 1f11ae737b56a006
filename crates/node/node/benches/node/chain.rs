//! Chains from seeded keys on an easy target. The same calls give the same blocks.

use std::sync::Arc;

use bolao_ledger::{
    AccountId, Action, BetMode, Block, BlockHash, Certificate, Chips, Coinbase, Consensus,
    Decision, EXTRA_NONCE_BYTES, Fixture, GENESIS_VERSION, Genesis, Header, Height, Ledger,
    MatchCode, MatchNo, Name, Nonce, OpenBet, PoolId, Pos, Rules, Score, SealedBet, Signature,
    TargetRule, Text, Transaction, TxBody, UnixSeconds, Validator, ValidatorKey, ValidatorSet,
    actions, encode, merkle_root, signing_bytes,
};
use bolao_store::{Durability, FinalBlock, Store, StoreError};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

/// The time of genesis; block `n` is `n` seconds later.
pub(crate) const START: u64 = 1_600_000_000;
/// A round of a league with plenty of matches.
pub(crate) const MATCHES: usize = 50;
/// Where validators vote, matches begin so long after the pool was made, and follow one another at this distance, in seconds.
const FIRST_KICKOFF: u64 = 100_000;
const BETWEEN_KICKOFFS: u64 = 1_000;
/// The most players that join in one block.
const JOINS_PER_BLOCK: usize = 500;

/// Fifty matches that never begin, and a target that every second hash meets.
pub(crate) fn genesis() -> Genesis {
    genesis_of(MATCHES)
}

fn genesis_of(matches: usize) -> Genesis {
    let article = Genesis::article();
    let matches = (1..=matches as u16)
        .map(|no| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            ..article.matches[0].clone()
        })
        .collect();
    let genesis = Genesis {
        name: Text::new("bench").unwrap(),
        created: UnixSeconds(START),
        target: TargetRule::Fixed { zero_bits: 1 },
        matches,
        ..article
    };
    genesis.check().unwrap();
    genesis
}

/// A pool as most are: validators make the blocks, and bets are sealed until matches that all begin.
fn certified_genesis(validators: &[SigningKey], matches: usize) -> Genesis {
    let mined = genesis_of(matches);
    let matches = mined.matches.into_iter().map(|game| Fixture {
        kickoff: Some(UnixSeconds(
            START + FIRST_KICKOFF + u64::from(game.no.0) * BETWEEN_KICKOFFS,
        )),
        ..game
    });
    let validators = validators.iter().map(|key| {
        let key = VerificationKeyBytes::from(key).into();
        Validator {
            account: AccountId(key),
            key: ValidatorKey(key),
            weight: 1,
        }
    });
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed(validators)),
        rules: Rules {
            bets: BetMode::Sealed,
            ..mined.rules
        },
        matches: matches.collect(),
        ..mined
    };
    genesis.check().unwrap();
    genesis
}

pub(crate) struct Player {
    key: SigningKey,
    pub(crate) account: AccountId,
    nonce: u64,
    /// The match of the next tip.
    next_match: usize,
}

impl Player {
    pub(crate) fn new(number: usize) -> Self {
        let mut seed = [7; 32];
        seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let key = SigningKey::from(seed);
        Self {
            account: AccountId(VerificationKeyBytes::from(&key).into()),
            key,
            nonce: 0,
            next_match: 0,
        }
    }

    pub(crate) fn sign(&mut self, pool: PoolId, action: Action) -> Transaction {
        let body = TxBody {
            account: self.account,
            nonce: Nonce(self.nonce),
            action,
        };
        self.nonce += 1;
        let signature = Signature(self.key.sign(&signing_bytes(pool, &body)).into());
        Transaction { body, signature }
    }

    /// A sealed bet that nobody is going to open.
    fn seal(&mut self, pool: PoolId, matches: usize) -> Transaction {
        let no = self.next_match % matches;
        self.next_match += 1;
        let mut commitment = [7; 32];
        commitment[..8].copy_from_slice(&self.nonce.to_be_bytes());
        let bets = vec![SealedBet {
            match_no: MatchNo(no as u16 + 1),
            commitment: bolao_ledger::sha256d(&[&commitment[..], &self.account.0].concat()),
            stake: Chips::ZERO,
        }];
        self.sign(pool, Action::Seal(actions::Seal { bets }))
    }

    pub(crate) fn bet(&mut self, pool: PoolId, tips: usize) -> Transaction {
        let tips = (0..tips)
            .map(|_| {
                let no = self.next_match % MATCHES;
                self.next_match += 1;
                OpenBet {
                    match_no: MatchNo(no as u16 + 1),
                    prediction: (Score::new(self.nonce % 7, (no % 5) as u64).unwrap()).into(),
                    stake: Chips::ZERO,
                }
            })
            .collect();
        self.sign(pool, Action::Bet(actions::Bet { bets: tips }))
    }
}

pub(crate) fn player_name(number: usize) -> String {
    format!("Player {number}")
}

/// Grows a chain whose players bet in turn.
pub(crate) struct Maker {
    pub(crate) genesis: Genesis,
    pub(crate) pool: PoolId,
    pub(crate) blocks: Vec<Block>,
    /// Where validators vote, one for each block.
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) validators: Vec<SigningKey>,
    players: Vec<Player>,
    turn: usize,
}

impl Maker {
    /// A chain in which so many players have joined.
    pub(crate) fn new(players: usize) -> Self {
        Self::of(genesis(), Vec::new(), players)
    }

    /// The same in a pool of so many validators, all of whom sign each block.
    pub(crate) fn certified(players: usize, validators: u8) -> Self {
        Self::certified_with(players, validators, MATCHES)
    }

    pub(crate) fn certified_with(players: usize, validators: u8, matches: usize) -> Self {
        let validators = (1..=validators).map(|seed| SigningKey::from([seed; 32]));
        let validators: Vec<_> = validators.collect();
        Self::of(certified_genesis(&validators, matches), validators, players)
    }

    fn of(genesis: Genesis, validators: Vec<SigningKey>, players: usize) -> Self {
        let pool = genesis.pool_id();
        let mut maker = Self {
            genesis,
            pool,
            blocks: Vec::new(),
            certificates: Vec::new(),
            validators,
            players: (0..players).map(Player::new).collect(),
            turn: 0,
        };
        let joins: Vec<_> = (0..players)
            .map(|number| {
                let name = Name::new(&player_name(number)).unwrap();
                maker.players[number].sign(
                    pool,
                    Action::Join(actions::Join {
                        name,
                        invitation: None,
                    }),
                )
            })
            .collect();
        for joins in joins.chunks(JOINS_PER_BLOCK) {
            maker.block(joins.to_vec());
        }
        maker
    }

    /// The next transactions, in no block yet.
    pub(crate) fn bets(&mut self, transactions: usize, tips: usize) -> Vec<Transaction> {
        (0..transactions)
            .map(|_| {
                let player = self.turn % self.players.len();
                self.turn += 1;
                let player = &mut self.players[player];
                match self.genesis.rules.bets {
                    BetMode::Open => player.bet(self.pool, tips),
                    BetMode::Sealed => player.seal(self.pool, self.genesis.matches.len()),
                }
            })
            .collect()
    }

    /// Puts transactions into the next block.
    pub(crate) fn block(&mut self, transactions: Vec<Transaction>) {
        let height = self.blocks.len() as u64 + 1;
        let time = START + height;
        let block = next_block(&self.genesis, self.tip(), height, time, transactions);
        if !self.validators.is_empty() {
            self.certificates.push(self.certificate(&block));
        }
        self.blocks.push(block);
    }

    fn certificate(&self, block: &Block) -> Certificate {
        let mut certificate = Certificate::default();
        let height = block.coinbase.height;
        let statement = certificate.statement(height, Decision::plain(height, block.hash()));
        let message = statement.signing_bytes(self.pool);
        for key in &self.validators {
            let signature = Signature(key.sign(&message).into());
            let key = ValidatorKey(VerificationKeyBytes::from(key).into());
            certificate.signatures.insert(key, signature);
        }
        certificate
    }

    fn tip(&self) -> BlockHash {
        self.blocks
            .last()
            .map_or_else(|| self.pool.into(), Block::hash)
    }

    /// Blocks of bets until there are so many tips more.
    pub(crate) fn grow(&mut self, tips: usize, per_transaction: usize, per_block: usize) {
        let mut left = tips / per_transaction;
        while left > 0 {
            let count = left.min(per_block);
            let bets = self.bets(count, per_transaction);
            self.block(bets);
            left -= count;
        }
    }
}

/// A block on top of another, its proof of work found.
pub(crate) fn next_block(
    genesis: &Genesis,
    previous: BlockHash,
    height: u64,
    time: u64,
    transactions: Vec<Transaction>,
) -> Block {
    let mut block = Block {
        header: genesis.header(),
        coinbase: Coinbase {
            height: Height(height),
            miner: AccountId([1; 32]),
            message: validators_hash(genesis),
            extra_nonce: [0; EXTRA_NONCE_BYTES],
        },
        transactions,
    };
    block.header = grind(Header {
        version: 1,
        previous,
        merkle_root: merkle_root(&block.leaves()),
        time: time as u32,
        bits: genesis.proof().initial_bits().to_consensus(),
        nonce: 0,
    });
    block
}

/// What the coinbase begins with where nobody is appointed anew.
fn validators_hash(genesis: &Genesis) -> Vec<u8> {
    let voting = genesis.consensus.voting();
    voting.map_or_else(Vec::new, |voting| {
        let set = ValidatorSet::new(voting.validators.iter().copied()).unwrap();
        set.hash().0.to_vec()
    })
}

pub(crate) fn grind(header: Header) -> Header {
    (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(Header::meets_own_target)
        .unwrap()
}

/// Puts a chain's blocks on a store's tip, so many in each durable write, as the core does.
pub(crate) fn fill(store: &mut Store, maker: &Maker, per_write: usize) {
    let genesis = Arc::clone(store.genesis());
    let pool = store.pool_id();
    let ledger = Ledger::new(&genesis);
    let mut certificates = maker.certificates.iter();
    for batch in maker.blocks.chunks(per_write) {
        let checked = batch
            .iter()
            .map(|block| block.clone().check(&genesis, pool).unwrap());
        let checked: Vec<_> = checked.collect();
        store
            .write::<_, StoreError>(Durability::Durable, |tables| {
                let mut chain = tables.header_chain(&tables.tip()?.hash)?.unwrap();
                for block in &checked {
                    let header = chain.check(&genesis, &block.get().header).unwrap();
                    chain.push(header);
                    tables.put_header(&header)?;
                    let applied = ledger.apply_block(&*tables, header.height, block).unwrap();
                    tables.connect(&applied)?;
                    if let Some(certificate) = certificates.next() {
                        tables.put_final(&FinalBlock {
                            block: header.block,
                            certificate: bolao_store::Certificate::new(encode(certificate))
                                .unwrap(),
                        })?;
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}
