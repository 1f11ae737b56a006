//! A pool that is played through one core with its store on the disk.

use std::{fmt, path::PathBuf, time::Duration};

use bolao_chain::{Core, CoreConfig, Input, Now, Output};
use bolao_ledger::{
    Action, BetMode, Block, Chips, Fixture, Genesis, Height, Ledger, MatchCode, MatchNo, Name,
    OpenBet, Outcome, PoolId, Rules, Score, SealedBet, TargetRule, Text, Transaction, UnixSeconds,
    actions, seal_commitment,
};
use bolao_node::Home;
use bolao_store::Store;
use tempfile::TempDir;

use crate::{
    chain::{Player, START, next_block, player_name},
    homes::temp_dir,
    report::{grouped, timed},
};

/// Kick-offs begin so long after the pool was made, and follow one another at this distance, in seconds.
const FIRST_KICKOFF: u64 = 100_000;
const BETWEEN_KICKOFFS: u64 = 10_000;
/// When records become final, in seconds.
pub(crate) const DISPUTE_S: u64 = 3_600;
/// Tips of one transaction: everybody sends two.
const TIPS_A_TRANSACTION: usize = 52;
const JOINS_A_BLOCK: usize = 5_000;
/// Of a block's million bytes, left for header and coinbase.
const BLOCK_BYTES: usize = 990_000;
const STAKE: Chips = Chips(5);

/// Stages with their numbers of matches: together a World Cup.
const STAGES: [(&str, u16); 9] = [
    ("Matchday 1", 24),
    ("Matchday 2", 24),
    ("Matchday 3", 24),
    ("Round of 32", 16),
    ("Round of 16", 8),
    ("Quarter-finals", 4),
    ("Semi-finals", 2),
    ("Third place", 1),
    ("Final", 1),
];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) players: usize,
    pub(crate) matches: u16,
    sealed: bool,
}

impl Size {
    pub(crate) const fn open(players: usize, matches: u16) -> Self {
        Self {
            players,
            matches,
            sealed: false,
        }
    }

    pub(crate) const fn sealed(players: usize, matches: u16) -> Self {
        Self {
            players,
            matches,
            sealed: true,
        }
    }

    pub(crate) fn tips(self) -> usize {
        self.players * usize::from(self.matches)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let players = grouped(self.players as f64);
        let sealed = if self.sealed { ", sealed" } else { "" };
        write!(f, "{players} × {}{sealed}", self.matches)
    }
}

pub(crate) fn score(home: u64, away: u64) -> Score {
    Score::new(home, away).unwrap()
}

fn fixtures(matches: u16) -> Vec<Fixture> {
    let article = Genesis::article();
    let stages = STAGES
        .iter()
        .flat_map(|(stage, count)| (0..*count).map(move |_| *stage));
    (1..=matches)
        .zip(stages)
        .map(|(no, stage)| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            kickoff: Some(UnixSeconds(kickoff(no))),
            stage: Text::new(stage).unwrap(),
            ..article.matches[0].clone()
        })
        .collect()
}

fn kickoff(no: u16) -> u64 {
    START + FIRST_KICKOFF + u64::from(no) * BETWEEN_KICKOFFS
}

/// A stopped pool on the disk.
pub(crate) struct Closed {
    pub(crate) size: Size,
    pub(crate) home: Home,
    pub(crate) genesis: Genesis,
    pub(crate) organiser: Player,
    pub(crate) block_bytes: usize,
    _dir: TempDir,
}

impl Closed {
    pub(crate) fn chain_path(&self) -> PathBuf {
        self.home.chain_path()
    }
}

pub(crate) struct Pool {
    pub(crate) size: Size,
    genesis: Genesis,
    id: PoolId,
    core: Core,
    organiser: Player,
    /// The last block's.
    time: u64,
    block_bytes: usize,
    home: Home,
    dir: TempDir,
}

impl Pool {
    /// Everybody joins and tips every match.
    pub(crate) fn new(size: Size) -> Self {
        let mut organiser = Player::new(usize::MAX);
        let genesis = Genesis {
            name: Text::new("scale").unwrap(),
            created: UnixSeconds(START),
            target: TargetRule::Fixed { zero_bits: 1 },
            starting_chips: Chips(1_000),
            organisers: vec![organiser.account],
            rules: Rules {
                bets: if size.sealed {
                    BetMode::Sealed
                } else {
                    BetMode::Open
                },
                dispute_window_s: DISPUTE_S as u32,
                opening_window_s: 600,
                ..Rules::default()
            },
            matches: fixtures(size.matches),
            ..Genesis::article()
        };
        genesis.check().unwrap();
        let pool = genesis.pool_id();
        let dir = temp_dir();
        let home = Home::open(dir.path()).unwrap();
        home.set_genesis(&genesis).unwrap();
        let store = Store::create(&home.chain_path(), &genesis).unwrap();
        let core = Core::new(store, CoreConfig::default(), at(START)).unwrap();
        let mut players: Vec<Player> = (0..size.players).map(Player::new).collect();
        let mut joins = vec![join(&mut organiser, pool, "Organiser")];
        joins.extend(
            (0..)
                .zip(&mut players)
                .map(|(number, player)| join(player, pool, &player_name(number))),
        );
        let mut made = Self {
            size,
            genesis,
            id: pool,
            core,
            organiser,
            time: START,
            block_bytes: 0,
            home,
            dir,
        };
        for joins in joins.chunks(JOINS_A_BLOCK) {
            made.block(1, joins.to_vec());
        }
        made.tip(&mut players);
        made
    }

    fn tip(&mut self, players: &mut [Player]) {
        let numbers: Vec<u16> = (1..=self.size.matches).collect();
        let (mut waiting, mut bytes) = (Vec::new(), 0);
        for (number, player) in players.iter_mut().enumerate() {
            for part in numbers.chunks(TIPS_A_TRANSACTION) {
                let action = self.round(player, number, part);
                let transaction = player.sign(self.id, action);
                let length = bolao_ledger::encode(&transaction).len();
                if bytes + length > BLOCK_BYTES {
                    self.block(1, std::mem::take(&mut waiting));
                    bytes = 0;
                }
                bytes += length;
                waiting.push(transaction);
            }
        }
        self.block(1, waiting);
    }

    fn round(&self, player: &Player, number: usize, matches: &[u16]) -> Action {
        let scores = matches.iter().map(|no| {
            let (number, no) = (number as u64, u64::from(*no));
            score((number + no) % 4, (number / 4 + no) % 3)
        });
        let numbered = matches.iter().map(|no| MatchNo(*no)).zip(scores);
        if self.size.sealed {
            let seal = |match_no, score: Score| {
                seal_commitment(self.id, &player.account, match_no, score.into(), &[9; 32])
            };
            return Action::Seal(actions::Seal {
                bets: numbered
                    .map(|(match_no, score)| SealedBet {
                        match_no,
                        commitment: seal(match_no, score),
                        stake: STAKE,
                    })
                    .collect(),
            });
        }
        Action::Bet(actions::Bet {
            bets: numbered
                .map(|(match_no, score)| OpenBet {
                    match_no,
                    prediction: score.into(),
                    stake: STAKE,
                })
                .collect(),
        })
    }

    pub(crate) fn height(&self) -> u64 {
        self.core.tip().height.0
    }

    pub(crate) fn result(&mut self, no: u16, outcome: &Outcome) -> Transaction {
        result(&mut self.organiser, self.id, no, outcome)
    }

    /// An empty block at which a match and its window for opening seals are over.
    pub(crate) fn pass_kickoff(&mut self, no: u16) {
        let over = kickoff(no) + 7_200;
        self.block(over.saturating_sub(self.time).max(1), Vec::new());
    }

    /// A block so many seconds after the last: the core's time for it, and the entries of the state that it changes.
    pub(crate) fn block(
        &mut self,
        later: u64,
        transactions: Vec<Transaction>,
    ) -> (Duration, usize) {
        self.time += later;
        let tip = self.core.tip();
        let height = tip.height.0 + 1;
        let block = next_block(&self.genesis, tip.hash, height, self.time, transactions);
        self.block_bytes += bolao_ledger::encode(&block).len();
        let entries = if block.transactions.len() < 2 {
            self.changed(&block)
        } else {
            0
        };
        let block = Box::new(block);
        let input = Input::Mined { token: 1, block };
        let (time, outputs) = timed(|| self.core.handle(at(self.time), input).unwrap());
        let taken = outputs
            .iter()
            .any(|output| matches!(output, Output::Reply { result: Ok(_), .. }));
        assert!(taken, "{outputs:?}");
        (time, entries)
    }

    fn changed(&self, block: &Block) -> usize {
        let checked = block.clone().check(&self.genesis, self.id).unwrap();
        let snapshot = self.core.reader().snapshot().unwrap();
        let height = Height(self.core.tip().height.0 + 1);
        let applied = Ledger::new(&self.genesis).apply_block(&snapshot, height, &checked);
        applied.unwrap().delta().changes.len()
    }

    pub(crate) fn close(self) -> Closed {
        drop(self.core);
        Closed {
            size: self.size,
            home: self.home,
            genesis: self.genesis,
            organiser: self.organiser,
            block_bytes: self.block_bytes,
            _dir: self.dir,
        }
    }
}

fn at(unix: u64) -> Now {
    Now {
        unix: UnixSeconds(unix),
        mono_ms: 0,
    }
}

fn join(player: &mut Player, pool: PoolId, name: &str) -> Transaction {
    let name = Name::new(name).unwrap();
    player.sign(
        pool,
        Action::Join(actions::Join {
            name,
            invitation: None,
        }),
    )
}

pub(crate) fn result(
    organiser: &mut Player,
    pool: PoolId,
    no: u16,
    outcome: &Outcome,
) -> Transaction {
    organiser.sign(
        pool,
        Action::Result(actions::Result {
            match_no: MatchNo(no),
            outcome: outcome.clone(),
        }),
    )
}
