//! A pool of 2019 that is played in a stopped home, block by block, at times that a test chooses.

use std::{collections::BTreeMap, ffi::OsStr, fs, path::PathBuf, process::Output as Ended};

use bolao_chain::{Core, CoreConfig, Input, Now, Output};
use bolao_ledger::{
    Action, Base, BetMode, Chips, Genesis, Header, MatchNo, Name, Nonce, OpenBet, Outcome, Quorum,
    Rules, Score, StageRule, Status, TargetRule, Text, TxBody, UnixSeconds, actions,
};
use bolao_node::{Home, Profile};
use bolao_store::{CACHE_BYTES, Store};
use bolao_wallet::{Draft, Key, KeyIndex, Keyring, Phrase, WalletFile};
use tempfile::TempDir;

use crate::support::{bolao, quick_temp};

/// 2019-06-05T00:00:00Z.
const CREATED: u64 = 1_559_692_800;
const HOUR: u64 = 3_600;

pub(crate) struct Pool {
    dir: TempDir,
    core: Option<Core>,
    players: BTreeMap<&'static str, (Key, Draft)>,
    now: u64,
    token: u64,
}

pub(crate) fn score(home: u64, away: u64) -> Score {
    Score::new(home, away).unwrap()
}

pub(crate) fn tip(no: u16, (home, away): (u64, u64), stake: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: score(home, away).into(),
        stake: Chips(stake),
    }
}

/// `NlEn`: 1-1 after 90 minutes, 3-1 after 120.
pub(crate) fn netherlands() -> Outcome {
    Outcome {
        status: Status::Played,
        half_time: Some(score(0, 1)),
        after_120: Some(score(3, 1)),
        advances: Some(bolao_ledger::Side::Home),
        reason: Some(Text::new("uefa.com").unwrap()),
        ..Outcome::played(score(1, 1))
    }
}

impl Pool {
    /// Everybody has joined; mary's is the home. Two of mary, john and zoe must sign results.
    pub(crate) fn new(tips: BetMode) -> Self {
        Self::closing(tips, 0)
    }

    /// Betting ends so many seconds before kick-off.
    pub(crate) fn closing(tips: BetMode, deadline_lead_s: u32) -> Self {
        let dir = quick_temp();
        let home = Home::open(dir.path().join("home")).unwrap();
        let wallet = WalletFile::create(home.wallet_path(), "").unwrap();
        let mut keys = vec![("mary", wallet.player())];
        for name in ["john", "zoe", "ben", "=Eva"] {
            let phrase = Phrase::generate().unwrap();
            keys.push((name, Keyring::new(&phrase).key(KeyIndex::PLAYER)));
        }
        let mut matches = Genesis::article().matches;
        matches[0].kickoff = Some(UnixSeconds(CREATED + 18 * HOUR + 45 * 60));
        matches[1].kickoff = Some(UnixSeconds(CREATED + 42 * HOUR + 45 * 60));
        let mut last = matches[0].clone();
        last.no = MatchNo(3);
        last.code = bolao_ledger::MatchCode::new("PtNl").unwrap();
        last.away = matches[1].home.clone();
        last.stage = Text::new("Final").unwrap();
        last.kickoff = None;
        matches.push(last);
        let genesis = Genesis {
            name: Text::new("Finals").unwrap(),
            created: UnixSeconds(CREATED),
            target: TargetRule::Fixed { zero_bits: 1 },
            organisers: keys[..3].iter().map(|(_, key)| key.account()).collect(),
            rules: Rules {
                bets: tips,
                deadline_lead_s,
                results_quorum: Quorum::of(2),
                stages: vec![StageRule {
                    stage: Text::new("Final").unwrap(),
                    base: Base::After120,
                    multiplier: 2,
                }],
                ..Rules::default()
            },
            matches,
            ..Genesis::article()
        };
        home.set_genesis(&genesis).unwrap();
        let name = Some("mary".to_owned());
        let account = Some(keys[0].1.account());
        let zone = None;
        home.set_profile(&Profile {
            name,
            account,
            zone,
        })
        .unwrap();
        let store = Store::open_or_create(&home.chain_path(), &genesis, CACHE_BYTES).unwrap();
        let now = Now {
            unix: UnixSeconds(CREATED),
            mono_ms: 0,
        };
        let mut pool = Self {
            dir,
            core: Some(Core::new(store, CoreConfig::default(), now).unwrap()),
            players: keys
                .into_iter()
                .map(|(name, key)| (name, (key.clone(), Draft::new(key.account(), Nonce::ZERO))))
                .collect(),
            now: CREATED,
            token: 0,
        };
        for name in ["mary", "john", "zoe", "ben", "=Eva"] {
            pool.act(name, |draft| draft.join(Name::new(name).unwrap()));
        }
        pool.at(1);
        pool.mine();
        pool
    }

    /// Tips, a result that is final with its pot paid after an objection, one that is provisional.
    pub(crate) fn played() -> Self {
        let mut pool = Self::new(BetMode::Open);
        pool.at(12);
        let tips = vec![tip(1, (2, 1), 10), tip(2, (1, 1), 5)];
        pool.act("mary", |draft| draft.bet(tips));
        pool.act("ben", |draft| draft.bet(vec![tip(1, (3, 1), 20)]));
        pool.act("=Eva", |draft| draft.bet(vec![tip(1, (0, 0), 10)]));
        pool.mine();
        pool.at(21);
        for name in ["mary", "john"] {
            let outcome = Outcome::played(score(3, 1));
            pool.act(name, |draft| {
                draft.body(Action::Result(actions::Result {
                    match_no: MatchNo(1),
                    outcome,
                }))
            });
        }
        pool.mine();
        pool.at(22);
        let text = Text::new("it was 3-2").unwrap();
        pool.act("=Eva", |draft| {
            draft.body(Action::Object(actions::Object {
                match_no: MatchNo(1),
                text,
            }))
        });
        pool.mine();
        pool.at(46);
        for name in ["zoe", "john"] {
            pool.act(name, |draft| {
                draft.body(Action::Result(actions::Result {
                    match_no: MatchNo(2),
                    outcome: netherlands(),
                }))
            });
        }
        pool.mine();
        pool.close();
        pool
    }

    pub(crate) fn key(&self, name: &str) -> &Key {
        &self.players[name].0
    }

    pub(crate) fn nonce(&self, name: &str) -> Nonce {
        self.players[name].1.next_nonce()
    }

    pub(crate) fn genesis(&self) -> Genesis {
        Home::open(self.home()).unwrap().genesis().unwrap()
    }

    pub(crate) fn pool_id(&self) -> String {
        self.genesis().pool_id().to_string()
    }

    /// Lets the node take a transaction.
    pub(crate) fn act(&mut self, name: &'static str, body: impl FnOnce(&mut Draft) -> TxBody) {
        let (key, draft) = self.players.get_mut(name).unwrap();
        let body = body(draft);
        let core = self.core.as_ref().unwrap();
        let transaction = key.sign(core.genesis().pool_id(), body);
        self.token += 1;
        self.hand(Input::submit(self.token, transaction));
    }

    /// It is so many hours after the pool was made from now on.
    pub(crate) fn at(&mut self, hours: u64) {
        self.now = CREATED + hours * HOUR;
    }

    /// A block with all that waits.
    pub(crate) fn mine(&mut self) {
        let miner = self.key("zoe").account();
        let template = self
            .core
            .as_mut()
            .unwrap()
            .template(now(self.now), miner, b"")
            .unwrap();
        let header = (0..=u32::MAX)
            .map(|nonce| template.header().with_nonce(nonce))
            .find(Header::meets_own_target)
            .unwrap();
        let block = Box::new(template.block(header, [0; 16]));
        self.token += 1;
        let token = self.token;
        self.hand(Input::Mined { token, block });
    }

    fn hand(&mut self, input: Input) {
        let outputs = self
            .core
            .as_mut()
            .unwrap()
            .handle(now(self.now), input)
            .unwrap();
        let taken = outputs.iter().any(|output| {
            matches!(output, Output::Reply { token, result: Ok(_) } if *token == self.token)
        });
        assert!(taken, "{outputs:?}");
    }

    /// Stops, so that commands can read the store.
    pub(crate) fn close(&mut self) {
        self.core = None;
    }

    /// Goes on after [`Self::close`].
    pub(crate) fn reopen(&mut self) {
        let store = Store::open(&self.chain()).unwrap();
        let core = Core::new(store, CoreConfig::default(), now(self.now)).unwrap();
        self.core = Some(core);
    }

    pub(crate) fn chain(&self) -> PathBuf {
        Home::open(self.home()).unwrap().chain_path()
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// Runs a command in the temporary directory, on a home or, with none, where there is none.
    pub(crate) fn run_with(&self, home: Option<&str>, args: &[&str]) -> Ended {
        let home = home.unwrap_or("nowhere");
        bolao()
            .env("TZ", "UTC")
            .current_dir(self.dir.path())
            .args(["--home", home].map(OsStr::new))
            .args(args)
            .output()
            .unwrap()
    }

    pub(crate) fn ok(&self, args: &[&str]) -> String {
        succeeded(self.run_with(Some("home"), args), args)
    }

    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.ok(args)).unwrap()
    }

    /// What a command that fails with a status says, on mary's home.
    pub(crate) fn fails(&self, status: i32, args: &[&str]) -> String {
        failed(self.run_with(Some("home"), args), status, args)
    }

    /// Another player's home of this pool, with that player's wallet.
    pub(crate) fn other_home(&self, name: &str) {
        let home = Home::open(self.dir.path().join(name)).unwrap();
        home.set_genesis(&self.genesis()).unwrap();
        WalletFile::create(home.wallet_path(), "").unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.path().join(name)).unwrap()
    }
}

fn now(unix: u64) -> Now {
    Now {
        unix: UnixSeconds(unix),
        mono_ms: (unix - CREATED) * 1_000,
    }
}

#[track_caller]
pub(crate) fn succeeded(ended: Ended, args: &[&str]) -> String {
    assert!(ended.status.success(), "{args:?}: {ended:?}");
    String::from_utf8(ended.stdout).unwrap()
}

#[track_caller]
pub(crate) fn failed(ended: Ended, status: i32, args: &[&str]) -> String {
    assert_eq!(ended.status.code(), Some(status), "{args:?}: {ended:?}");
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(
        !text.contains("panicked") && !text.contains("a fault in bolao"),
        "{text}"
    );
    text
}
