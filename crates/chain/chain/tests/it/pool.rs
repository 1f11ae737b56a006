//! A pool that is easy to mine, players who sign, and a core to drive.

use bolao_chain::{
    Accepted, Core, CoreConfig, Event, Input, Now, Output, PeerId, Proposal, Rehearsed, Rejection,
    Template, TipChange, Topic, rehearse,
};
use bolao_ledger::{
    AccountId, Action, Block, BlockHash, Chips, Coinbase, EXTRA_NONCE_BYTES, Fixture, Genesis,
    Header, Height, MatchCode, MatchNo, Name, Nonce, OpenBet, PoolId, Reason, Score, Signature,
    TargetRule, Text, Transaction, TxBody, UnixSeconds, actions, encode, merkle_root,
    signing_bytes,
};
use bolao_store::{Store, StoreError};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

pub(crate) const START: u64 = 1_600_000_000;
pub(crate) const ORGANISER: u8 = 200;

pub(crate) fn genesis() -> Genesis {
    let mut genesis = Genesis {
        created: UnixSeconds(START),
        target: TargetRule::Fixed { zero_bits: 1 },
        organisers: vec![Player::new(ORGANISER).id()],
        ..Genesis::article()
    };
    genesis
        .matches
        .push(fixture(3, "Late", Some(START + 1_000)));
    genesis.check().unwrap();
    genesis
}

pub(crate) fn fixture(no: u16, code: &str, kickoff: Option<u64>) -> Fixture {
    let mut fixture = Genesis::article().matches[0].clone();
    fixture.no = MatchNo(no);
    fixture.code = MatchCode::new(code).unwrap();
    fixture.kickoff = kickoff.map(UnixSeconds);
    fixture.stage = Text::new("Group").unwrap();
    fixture
}

pub(crate) fn at(seconds: u64) -> Now {
    Now {
        unix: UnixSeconds(START + seconds),
        mono_ms: seconds * 1_000,
    }
}

#[derive(Clone)]
pub(crate) struct Player {
    key: SigningKey,
}

impl Player {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            key: SigningKey::from([seed; 32]),
        }
    }

    pub(crate) fn id(&self) -> AccountId {
        AccountId(VerificationKeyBytes::from(&self.key).into())
    }

    pub(crate) fn sign(&self, pool: PoolId, nonce: u64, action: Action) -> Transaction {
        let body = TxBody {
            account: self.id(),
            nonce: Nonce(nonce),
            action,
        };
        let signature = self.key.sign(&signing_bytes(pool, &body));
        Transaction {
            body,
            signature: Signature(signature.into()),
        }
    }

    pub(crate) fn sign_bytes(&self, bytes: &[u8]) -> Signature {
        Signature(self.key.sign(bytes).into())
    }

    pub(crate) fn join(&self, pool: PoolId, name: &str) -> Transaction {
        let name = Name::new(name).unwrap();
        self.sign(
            pool,
            0,
            Action::Join(actions::Join {
                name,
                invitation: None,
            }),
        )
    }

    pub(crate) fn bet(&self, pool: PoolId, nonce: u64, no: u16, goals: u64) -> Transaction {
        self.stake(pool, nonce, no, goals, 0)
    }

    pub(crate) fn stake(
        &self,
        pool: PoolId,
        nonce: u64,
        no: u16,
        goals: u64,
        stake: u64,
    ) -> Transaction {
        let tip = OpenBet {
            match_no: MatchNo(no),
            prediction: Score::new(goals, 0).unwrap().into(),
            stake: Chips(stake),
        };
        self.sign(pool, nonce, Action::Bet(actions::Bet { bets: vec![tip] }))
    }
}

/// Finds a nonce for the header, for the target that it names.
pub(crate) fn grind(header: Header) -> Header {
    (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(Header::meets_own_target)
        .unwrap()
}

pub(crate) fn mine(template: &Template) -> Block {
    template.block(grind(template.header()), [0; EXTRA_NONCE_BYTES])
}

/// What a block is made of by hand.
#[derive(Clone)]
pub(crate) struct Recipe {
    pub(crate) previous: BlockHash,
    pub(crate) height: u64,
    pub(crate) time: u64,
    pub(crate) miner: u8,
    pub(crate) message: Vec<u8>,
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) bits: u32,
}

impl Recipe {
    /// On a parent of the pool with the fixed target.
    pub(crate) fn on(previous: BlockHash, height: u64, time: u64) -> Self {
        Self {
            previous,
            height,
            time: START + time,
            miner: 1,
            message: Vec::new(),
            transactions: Vec::new(),
            bits: genesis().proof().initial_bits().to_consensus(),
        }
    }

    pub(crate) fn unmined(&self) -> Block {
        let coinbase = Coinbase {
            height: Height(self.height),
            miner: AccountId([self.miner; 32]),
            message: self.message.clone(),
            extra_nonce: [0; EXTRA_NONCE_BYTES],
        };
        let header = Header {
            version: 1,
            previous: self.previous,
            merkle_root: [0; 32],
            time: self.time as u32,
            bits: self.bits,
            nonce: 0,
        };
        let mut block = Block {
            header,
            coinbase,
            transactions: self.transactions.clone(),
        };
        let header = Header {
            version: 1,
            previous: self.previous,
            merkle_root: merkle_root(&block.leaves()),
            time: self.time as u32,
            bits: self.bits,
            nonce: 0,
        };
        block.header = header;
        block
    }

    pub(crate) fn mined(&self) -> Block {
        let mut block = self.unmined();
        block.header = grind(block.header);
        block
    }
}

/// A miner whose block has a higher hash than `ours`, so that with the same work it loses.
pub(crate) fn loser(ours: BlockHash, block: impl Fn(u8) -> Block) -> u8 {
    let hash = |miner: &u8| block(*miner).hash().to_string();
    (2..=u8::MAX)
        .find(|miner| hash(miner) > ours.to_string())
        .unwrap()
}

/// `count` empty blocks on `parent`.
pub(crate) fn chain(
    parent: BlockHash,
    height: u64,
    time: u64,
    miner: u8,
    count: u64,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut previous = parent;
    for i in 0..count {
        let block = Recipe {
            miner,
            ..Recipe::on(previous, height + i, time + i)
        }
        .mined();
        previous = block.hash();
        blocks.push(block);
    }
    blocks
}

/// A core alone, with a clock that the test moves.
pub(crate) struct Solo {
    pub(crate) core: Core,
    pub(crate) now: Now,
    pub(crate) out: Vec<Output>,
}

impl Solo {
    pub(crate) fn new() -> Self {
        Self::of(&genesis())
    }

    pub(crate) fn of(genesis: &Genesis) -> Self {
        Self::with(genesis, CoreConfig::default())
    }

    pub(crate) fn with(genesis: &Genesis, config: CoreConfig) -> Self {
        Self::over(Store::in_memory(genesis).unwrap(), config)
    }

    /// Over a store of a file.
    pub(crate) fn on(store: Store) -> Self {
        Self::over(store, CoreConfig::default())
    }

    fn over(store: Store, config: CoreConfig) -> Self {
        let now = at(10);
        Self {
            core: Core::new(store, config, now).unwrap(),
            now,
            out: Vec::new(),
        }
    }

    pub(crate) fn pool(&self) -> PoolId {
        self.core.genesis().pool_id()
    }

    pub(crate) fn handle(&mut self, input: Input) -> &[Output] {
        self.out = self.core.handle(self.now, input).unwrap();
        &self.out
    }

    fn reply(&self) -> Result<Accepted, Rejection> {
        self.out
            .iter()
            .find_map(|output| match output {
                Output::Reply { result, .. } => Some(result.clone()),
                _ => None,
            })
            .unwrap()
    }

    /// Submits a transaction, of which the rehearsal has said what would become of it.
    pub(crate) fn submit(&mut self, transaction: Transaction) -> Result<Accepted, Rejection> {
        let mut rehearsed = self.rehearse(vec![Proposal::Signed(transaction.clone())]);
        self.handle(Input::submit(1, transaction));
        let got = self.reply();
        match (rehearsed.remove(0).verdict, &got) {
            (_, Err(got)) if got.reason == Reason::MempoolFull => {}
            (Ok(effect), Ok(Accepted::Transaction { ready, .. })) => {
                assert_eq!(effect.ready, *ready);
            }
            (Err(foreseen), Err(got)) => assert_eq!(&foreseen, got),
            (foreseen, got) => panic!("foreseen: {foreseen:?}, got: {got:?}"),
        }
        got
    }

    /// A peer passes a transaction on.
    pub(crate) fn hear(&mut self, transaction: &Transaction) {
        let peer = peer("other");
        self.handle(Input::PeerConnected { peer: peer.clone() });
        self.handle(Input::Gossip {
            peer,
            token: 1,
            topic: Topic::Transactions,
            bytes: encode(transaction),
        });
    }

    pub(crate) fn rehearse(&self, proposals: Vec<Proposal>) -> Vec<Rehearsed> {
        self.rehearse_while(proposals, || Ok(()), Ok).unwrap()
    }

    pub(crate) fn rehearse_while<T>(
        &self,
        proposals: Vec<Proposal>,
        may_go_on: impl Fn() -> Result<(), StoreError>,
        keep: impl FnMut(Rehearsed) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let snapshot = self.core.reader().snapshot().unwrap();
        let (genesis, now) = (self.core.genesis(), self.now.unix);
        rehearse(&snapshot, genesis, now, proposals, may_go_on, keep)
    }

    pub(crate) fn give(&mut self, block: Block) -> Result<Accepted, Rejection> {
        let block = Box::new(block);
        self.handle(Input::Mined { token: 1, block });
        self.reply()
    }

    pub(crate) fn mine(&mut self) -> Block {
        let template = self
            .core
            .template(self.now, AccountId([1; 32]), b"")
            .unwrap();
        let block = mine(&template);
        self.give(block.clone()).unwrap();
        block
    }

    pub(crate) fn tip(&self) -> BlockHash {
        self.core.tip().hash
    }

    pub(crate) fn on_tip(&self) -> Recipe {
        let tip = self.core.tip();
        Recipe::on(tip.hash, tip.height.0 + 1, self.now.unix.0 - START)
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.out.iter().filter_map(|output| match output {
            Output::Event(event) => Some(event),
            _ => None,
        })
    }

    pub(crate) fn tip_change(&self) -> Option<&TipChange> {
        self.events().find_map(|event| match event {
            Event::TipChanged(change) => Some(&**change),
            _ => None,
        })
    }

    pub(crate) fn blamed(&self) -> Option<&Rejection> {
        self.out.iter().find_map(|output| match output {
            Output::Misbehaved { reason, .. } => Some(reason),
            _ => None,
        })
    }
}

pub(crate) fn peer(name: &str) -> PeerId {
    PeerId::from(name)
}
