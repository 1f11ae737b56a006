//! A lone validator whose network lies about the time, in sequences that chance makes: whatever its kernel is told and strangers
//! say, no betting ends early, and once the clock is right blocks go on.

use bolao_chain::{ClockWitness, CoreConfig, Input};
use bolao_ledger::UnixSeconds;
use bolao_simulator::Sim;
use bolao_store::BootTime;

use super::{
    config,
    doubt::{DAY_S, HOUR_S, date, introduce, kernel},
    height, join, pool_of,
};
use crate::pool::{START, fixture};

const SEQUENCES: u64 = 30;
const ACTS: u32 = 24;
/// A player's node, and one of a stranger.
const FRIEND: usize = 1;
const STRANGER: usize = 2;
/// The times at which betting ends, in hours after the pool was made.
const ENDS_H: [u64; 8] = [1, 7, 26, 50, 51, 200, 900, 7_000];
/// Betting may end so much before it should: what is near, and a look.
const EARLY_S: i64 = 60 + STEP_S;
/// From one look at what the host did to the next.
const STEP_S: i64 = 5;
const SHIFTS_S: [i64; 10] = [
    0,
    50,
    3_000,
    -3_000,
    2 * HOUR_S,
    -2 * HOUR_S,
    20 * HOUR_S,
    3 * DAY_S,
    -3 * DAY_S,
    300 * DAY_S,
];

struct World {
    sim: Sim,
    /// The seconds by which the true time is ahead of the simulation's, as machines slept or were off.
    slept_s: i64,
    /// The number of starts of the host's machine, and how far its own clock is ahead of the simulation's.
    start: u8,
    boot_s: i64,
    /// The seconds by which the host's clock is ahead of the true time, and whether its kernel says that the network sets it.
    shift_s: i64,
    is_set: bool,
    players: u8,
    acts: Vec<String>,
}

fn ends() -> impl Iterator<Item = i64> {
    ENDS_H
        .into_iter()
        .map(|hour| (START + hour * 3_600).cast_signed())
}

impl World {
    fn new(seed: u64) -> Self {
        let mut genesis = pool_of(1);
        genesis.matches.clear();
        for (number, end) in ends().enumerate() {
            let number = number as u16 + 1;
            let code = format!("Game{number}");
            let end = Some(end as u64);
            genesis.matches.push(fixture(number, &code, end));
        }
        let host = CoreConfig {
            hears_first_ms: 30_000,
            dates_after_ms: 30_000,
            ..config(0)
        };
        let others = CoreConfig::default();
        let mut sim = Sim::of(&genesis, vec![host, others.clone(), others], seed);
        sim.run_ms(1_000);
        let mut world = Self {
            sim,
            slept_s: 0,
            start: 0,
            boot_s: 0,
            shift_s: 0,
            is_set: false,
            players: 0,
            acts: Vec::new(),
        };
        world.set_clocks();
        world
    }

    fn truth(&self) -> i64 {
        // No clock is wrong but the host's.
        self.sim.clock(FRIEND).unix.0.cast_signed()
    }

    /// Every clock is set to what it shows now, and the host's kernel is asked.
    fn set_clocks(&mut self) {
        self.sim.set_clock(FRIEND, self.slept_s);
        self.sim.set_clock(STRANGER, self.slept_s + self.shift_s);
        self.sim.set_clock(0, self.slept_s + self.shift_s);
        let boot = BootTime {
            boot: [self.start; 16],
            ms: self.sim.now_ms() + u64::try_from(self.boot_s).unwrap() * 1_000,
        };
        self.sim.input(0, Input::Clock(ClockWitness::Boot(boot)));
        kernel(&mut self.sim, 0, self.is_set);
    }

    /// Lets time pass, and looks at what the host did.
    fn run(&mut self, seconds: i64) {
        for _ in 0..seconds / STEP_S {
            self.sim.run_ms(STEP_S as u64 * 1_000);
            let (tip, truth) = (self.sim.core(0).tip().time.0.cast_signed(), self.truth());
            for end in ends() {
                let early = tip >= end && truth + EARLY_S < end;
                assert!(!early, "{} s early: {:#?}", end - truth, self.acts);
            }
        }
    }

    fn somebody_joins(&mut self) {
        self.players += 1;
        let joins = join(&self.sim, self.players);
        self.sim.submit(0, joins);
    }

    fn connect(&mut self, node: usize) {
        self.sim.heal();
        self.sim.connect(0, node);
        if node == FRIEND {
            introduce(&mut self.sim, FRIEND);
        }
    }

    fn act(&mut self) {
        let roll = self.sim.roll(12);
        let span = 1 << self.sim.roll(16);
        let acted = match roll {
            0..=2 => {
                self.shift_s = SHIFTS_S[self.sim.roll(SHIFTS_S.len() as u64) as usize];
                self.is_set = self.sim.roll(4) > 0;
                self.set_clocks();
                format!(
                    "the clock is {} s ahead, set: {}",
                    self.shift_s, self.is_set
                )
            }
            3 => {
                self.sim.crash(0);
                self.sim.restart(0);
                self.set_clocks();
                "the program is restarted".to_owned()
            }
            4 | 5 => {
                self.sim.crash(0);
                self.slept_s += span;
                (self.start, self.boot_s) = (self.start + 1, 0);
                self.set_clocks();
                self.sim.restart(0);
                self.set_clocks();
                format!("the machine is off for {span} s")
            }
            6 => {
                self.slept_s += span;
                self.boot_s += span;
                self.set_clocks();
                format!("the machine sleeps for {span} s")
            }
            7 => {
                self.connect(FRIEND);
                "the friend's node comes".to_owned()
            }
            8 => {
                self.sim.disconnect(0, FRIEND);
                "the friend's node goes".to_owned()
            }
            9 => {
                self.sim.partition(&[FRIEND]);
                "the friend's node sleeps".to_owned()
            }
            10 => {
                self.connect(STRANGER);
                "a stranger comes, with the host's clock".to_owned()
            }
            _ => {
                let truth = UnixSeconds(self.truth() as u64);
                date(&mut self.sim, "lists.example", truth);
                "a list is read".to_owned()
            }
        };
        self.acts.push(acted);
        self.somebody_joins();
        let runs_s = 1 << self.sim.roll(14);
        self.run(runs_s.max(STEP_S));
    }

    /// The clock is right, and the friend's node says so: a block comes within ten seconds. Beside a list alone, nodes that are known are
    /// heard first after a start.
    fn is_well(&mut self) {
        (self.shift_s, self.is_set) = (0, true);
        self.set_clocks();
        let limit_ms = if self.sim.roll(2) == 0 {
            self.connect(FRIEND);
            10_000
        } else {
            self.sim.disconnect(0, FRIEND);
            let truth = UnixSeconds(self.truth() as u64);
            date(&mut self.sim, "lists.example", truth);
            36_000
        };
        // By the kernel alone, a restart may have dated a block ahead, by no more than a day, before any end of betting.
        let ahead_s = self.sim.core(0).tip().time.0.cast_signed() - self.truth();
        if ahead_s > HOUR_S {
            assert!(ahead_s <= DAY_S + HOUR_S, "{ahead_s}: {:#?}", self.acts);
            return;
        }
        self.somebody_joins();
        let done = |sim: &Sim| sim.core(0).pending() == 0;
        assert!(self.sim.run_until(limit_ms, done), "{:#?}", self.acts);
    }
}

#[test]
fn no_network_ends_betting_early_and_a_clock_that_is_right_again_goes_on() {
    let mut blocks = 0;
    for seed in 0..SEQUENCES {
        let mut world = World::new(seed);
        for _ in 0..ACTS {
            world.act();
        }
        world.is_well();
        blocks += height(&world.sim, 0);
    }
    // It is no oracle of a host that makes none.
    assert!(blocks > SEQUENCES * 5, "{blocks}");
}
