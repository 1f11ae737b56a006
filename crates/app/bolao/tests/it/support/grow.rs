//! Long chains, made quickly: an easy target, and the core itself instead of a miner.

use std::{path::Path, time::Instant};

use bolao_chain::{Core, CoreConfig, Input, Now, Output};
use bolao_ledger::{
    Chips, Genesis, MatchNo, Name, Nonce, OpenBet, Score, TargetRule, Text, UnixSeconds,
};
use bolao_node::Home;
use bolao_store::{CACHE_BYTES, Store, Tip};
use bolao_wallet::{Draft, Key, KeyIndex, Keyring, Phrase};
use jiff::Timestamp;
use tempfile::TempDir;

/// The article's matches with a target that every second hash meets.
pub(crate) fn easy_pool() -> Genesis {
    Genesis {
        name: Text::new("easy").unwrap(),
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    }
}

/// A home in memory where the system has such a place, so that making a long chain does not wait for a disk.
pub(crate) fn quick_temp() -> TempDir {
    let mut temp = tempfile::Builder::new();
    temp.prefix("bolao-it-");
    temp.tempdir_in("/dev/shm")
        .or_else(|_| temp.tempdir())
        .unwrap()
}

/// A home with that pool.
pub(crate) fn easy_home(dir: &Path) -> Home {
    let home = Home::open(dir).unwrap();
    home.set_genesis(&easy_pool()).unwrap();
    home
}

/// Makes blocks on a stopped home's chain.
pub(crate) struct Grower {
    core: Core,
    /// The time of what follows; the system's if none.
    at: Option<UnixSeconds>,
    started: Instant,
    token: u64,
}

impl Grower {
    pub(crate) fn open(home: &Home) -> Self {
        let genesis = home.genesis().unwrap();
        let store = Store::open_or_create(&home.chain_path(), &genesis, CACHE_BYTES).unwrap();
        let now = Now {
            unix: unix_now(),
            mono_ms: 0,
        };
        Self {
            core: Core::new(store, CoreConfig::default(), now).unwrap(),
            at: None,
            started: Instant::now(),
            token: 0,
        }
    }

    /// Lets what follows happen at a time.
    pub(crate) fn at(&mut self, time: UnixSeconds) -> &mut Self {
        self.at = Some(time);
        self
    }

    fn now(&self) -> Now {
        Now {
            unix: self.at.unwrap_or_else(unix_now),
            mono_ms: self.started.elapsed().as_millis() as u64,
        }
    }

    fn give(&mut self, input: Input) {
        let now = self.now();
        let outputs = self.core.handle(now, input).unwrap();
        let taken = outputs.iter().any(|output| {
            matches!(output, Output::Reply { token, result: Ok(_) } if *token == self.token)
        });
        assert!(taken, "{outputs:?}");
    }

    fn token(&mut self) -> u64 {
        self.token += 1;
        self.token
    }

    pub(crate) fn submit(&mut self, key: &Key, body: bolao_ledger::TxBody) -> &mut Self {
        let transaction = key.sign(self.core.genesis().pool_id(), body);
        let token = self.token();
        self.give(Input::submit(token, transaction));
        self
    }

    pub(crate) fn tip(&self) -> Tip {
        self.core.tip()
    }

    pub(crate) fn mine(&mut self, key: &Key) -> &mut Self {
        let template = self.core.template(self.now(), key.account(), b"").unwrap();
        let header = (0..=u32::MAX)
            .map(|nonce| template.header().with_nonce(nonce))
            .find(bolao_ledger::Header::meets_own_target)
            .unwrap();
        let block = Box::new(template.block(header, [0; 16]));
        let token = self.token();
        self.give(Input::Mined { token, block });
        self
    }
}

pub(crate) fn unix_now() -> UnixSeconds {
    UnixSeconds(Timestamp::now().as_second().cast_unsigned())
}

/// A new player's key.
pub(crate) fn new_key() -> Key {
    Keyring::new(&Phrase::generate().unwrap()).key(KeyIndex::PLAYER)
}

/// Adds blocks to a stopped home's chain, each with a bet.
pub(crate) fn grow(home: &Home, blocks: u64) {
    let mut grower = Grower::open(home);
    let key = new_key();
    let mut draft = Draft::new(key.account(), Nonce::ZERO);
    let name = format!("grower {}", rand::random::<u32>());
    let join = draft.join(Name::new(&name).unwrap());
    grower.submit(&key, join);
    for block in 0..blocks {
        let bet = draft.bet(vec![OpenBet {
            match_no: MatchNo(1 + (block % 2) as u16),
            prediction: (Score::new(block % 10, block % 7).unwrap()).into(),
            stake: Chips::ZERO,
        }]);
        grower.submit(&key, bet);
        grower.mine(&key);
    }
    assert_eq!(grower.core.tip().height.0, blocks);
}
