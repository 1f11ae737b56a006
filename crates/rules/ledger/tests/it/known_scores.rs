//! One organiser who sees every score, and any sequence of acts: no bet of his gains a point by what he saw.
//!
//! The oracle knows which matches are really played, when, and how they end. It reads nothing that the ledger keeps to judge by: it
//! only tries, before and after every block, whether a bet would be taken of anybody. A bet counts rightly if everybody could have
//! placed it on the same teams during the whole notice before its end of betting, and that end was not put later, there and back, with
//! less than the notice before the one that stood; or if nothing was signed or placed about its match
//! once the score was known.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use std::collections::BTreeMap;

use bolao_ledger::{
    Action, BlockContext, Crowd, Fixture, Genesis, Ledger, MatchNo, Nonce, Outcome, Overlay, Score,
    StateView as _, Status, Text, TxBody, UnixSeconds,
    actions::{self, JokerRule},
    check_invariants, table,
};

use crate::{
    dice::Dice,
    game::{
        Game, ORGANISER, START, account, bet, called_off, day, fixture, genesis, result, ruled,
        schedule, three_organisers, tip_on,
    },
    jokers::joker,
};

/// The notice of the pools below, in seconds.
const NOTICE: u64 = 100;

/// Who bets as the organiser tells him, and who plays fairly.
const INSIDER: u8 = 4;
const FRIEND: u8 = 5;

/// The matches that are really played: teams, kick-off after [`START`], score. A score is known from kick-off on.
const REAL: [(&str, &str, u64, &str); 4] = [
    ("Brazil", "Spain", 120, "3-0"),
    ("France", "Italy", 260, "1-2"),
    ("Japan", "Ghana", 420, "0-4"),
    ("Chile", "Egypt", 700, "2-2"),
];

const CODES: [&str; 5] = ["PtCh", "NlEn", "Soon", "Four", "Five"];

/// A match that is really played, in the order in which its teams stand in the pool.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Played {
    kickoff: u64,
    score: Score,
}

fn really(fixture: &Fixture) -> Option<Played> {
    let (home, away) = (fixture.home.name.as_str(), fixture.away.name.as_str());
    REAL.iter().find_map(|(first, second, after, score)| {
        let score: Score = score.parse().unwrap();
        let turned: Score = format!("{}-{}", score.away(), score.home())
            .parse()
            .unwrap();
        let score = if (home, away) == (*first, *second) {
            score
        } else if (home, away) == (*second, *first) {
            turned
        } else {
            return None;
        };
        let kickoff = START + after;
        Some(Played { kickoff, score })
    })
}

/// A stretch of time in which bets on a match were taken of anybody, on the same teams.
#[derive(Clone, Debug)]
struct Open {
    teams: (String, String),
    from: u64,
    to: u64,
}

/// The teams of a match, and an end of betting.
type Stood = ((String, String), u64);

struct World {
    game: Game,
    /// The last stretch of each match; it goes on while `to` is [`u64::MAX`].
    open: BTreeMap<u16, Open>,
    /// The end of betting up to which bets on a match were taken last, and on which teams; `None` once it came later without notice.
    stood: BTreeMap<u16, Option<Stood>>,
    /// When something was last signed or placed about a match that could make a bet count.
    touched: BTreeMap<u16, u64>,
    /// When the insider last put a joker on a match.
    jokers: BTreeMap<u16, u64>,
    done: Vec<String>,
}

fn teams(fixture: &Fixture) -> (String, String) {
    let name = |text: &str| text.to_owned();
    (
        name(fixture.home.name.as_str()),
        name(fixture.away.name.as_str()),
    )
}

impl World {
    fn new(genesis: Genesis) -> Self {
        let mut world = Self {
            game: Game::joined_with(genesis, 5),
            open: BTreeMap::new(),
            stood: BTreeMap::new(),
            touched: BTreeMap::new(),
            jokers: BTreeMap::new(),
            done: Vec::new(),
        };
        world.look();
        // Genesis was there before anybody joined.
        for open in world.open.values_mut() {
            open.from = 0;
        }
        world
    }

    fn numbers(&self) -> Vec<u16> {
        let there = |no: &u16| self.game.state.match_by_no(MatchNo(*no)).unwrap().is_some();
        (1..=5).filter(there).collect()
    }

    /// Whether anybody's bet would be taken in a block of this time.
    fn takes(&self, no: u16, time: u64) -> bool {
        let context = BlockContext {
            height: self.game.height,
            time: UnixSeconds(time),
        };
        let ledger = Ledger::new(&self.game.genesis);
        let body = TxBody {
            account: account(FRIEND),
            nonce: Nonce(self.game.nonce(FRIEND)),
            action: bet(&[tip_on(no, "1-1", 0)]),
        };
        let overlay = Overlay::new(&self.game.state);
        let (outcome, _) = ledger.rehearse(&overlay, context, &body).unwrap();
        outcome.void_bets.is_empty()
    }

    /// Notes what is open since the last block.
    fn look(&mut self) {
        let time = self.game.time;
        for no in self.numbers() {
            let game = self.game.game(no);
            let end = game.deadline.map(|it| it.0);
            let (teams, takes) = (teams(&game.fixture), self.takes(no, time));
            self.look_at_end(no, &teams, end, takes);
            let open = |from| Open {
                teams: teams.clone(),
                from,
                to: u64::MAX,
            };
            let last = self.open.get_mut(&no);
            match last.filter(|it| it.to == u64::MAX) {
                Some(it) if takes && it.teams == teams => {}
                Some(it) => {
                    it.to = time;
                    if takes {
                        self.open.insert(no, open(time));
                    }
                }
                None if takes => {
                    self.open.insert(no, open(time));
                }
                None => {}
            }
        }
    }

    /// Notes up to when bets are taken; once that was put later with less than the notice, it stays noted.
    fn look_at_end(&mut self, no: u16, teams: &(String, String), end: Option<u64>, takes: bool) {
        let last = self.stood.get(&no).cloned();
        let in_time = |stood: u64| self.game.time + NOTICE <= stood;
        let next = match (last, end, takes) {
            (Some(None), ..) => return,
            (Some(Some((of, stood))), Some(end), true) if of == *teams => {
                (end <= stood || in_time(stood)).then_some((of, end))
            }
            (_, Some(end), true) => Some((teams.clone(), end)),
            // That it stands no more was told with the notice.
            (Some(Some((_, stood))), _, false) if in_time(stood) => {
                self.stood.remove(&no);
                return;
            }
            _ => return,
        };
        self.stood.insert(no, next);
    }

    /// Time goes on, without a block.
    fn passes(&mut self, seconds: u64) {
        let to = self.game.time + seconds;
        for no in self.numbers() {
            let end = self.game.game(no).deadline.map_or(u64::MAX, |it| it.0);
            let last = self.open.get_mut(&no);
            if let Some(it) = last.filter(|it| it.to == u64::MAX && end <= to) {
                it.to = end;
            }
        }
        self.game.time = to;
    }

    /// Plays a block of transactions by one account; gives which of them a block can hold. Nobody signs them: that is no rule of the game.
    fn play(&mut self, who: u8, acts: Vec<Action>) -> Vec<bool> {
        let context = BlockContext {
            height: self.game.height,
            time: UnixSeconds(self.game.time),
        };
        let ledger = Ledger::new(&self.game.genesis);
        let mut overlay = Overlay::new(&self.game.state);
        ledger.begin_block(&mut overlay, context).unwrap();
        let mut taken = Vec::new();
        for act in acts {
            let nonce = overlay.account(&account(who)).unwrap().unwrap().next_nonce;
            let time = self.game.time - START;
            let said = format!("{time:4}: {act:?}");
            let body = TxBody {
                account: account(who),
                nonce,
                action: act,
            };
            let Ok((_, delta)) = ledger.rehearse(&overlay, context, &body) else {
                taken.push(false);
                continue;
            };
            overlay.absorb(delta);
            self.done.push(said);
            taken.push(true);
        }
        let delta = overlay.into_delta();
        self.game.state.commit(&delta);
        self.game.height = self.game.height.next();
        self.look();
        taken
    }

    /// The insider bets what is known, and now and then what he believes.
    fn bets(&mut self, dice: &mut Dice) {
        let now = self.game.time;
        for no in self.numbers() {
            if !self.takes(no, now) {
                continue;
            }
            let known = really(&self.game.game(no).fixture).filter(|it| it.kickoff <= now);
            let score = match known {
                Some(it) => it.score.to_string(),
                None if dice.one_in(6) => {
                    dice.pick(&["3-0", "0-3", "1-2", "0-4", "4-0"]).to_owned()
                }
                None => continue,
            };
            self.play(INSIDER, vec![bet(&[tip_on(no, &score, 0)])]);
            if known.is_some() || dice.one_in(3) {
                self.puts_joker(no);
            }
            if known.is_some() {
                self.touched.insert(no, now);
            }
        }
    }

    /// The insider puts a joker on a match, one that is left or that he can take off another match.
    fn puts_joker(&mut self, no: u16) {
        let elsewhere = self.jokers.keys().copied().filter(|it| *it != no);
        let off = elsewhere.map(|it| vec![it]);
        let all = [Vec::new()].into_iter().chain(off);
        for off in all.collect::<Vec<_>>() {
            self.play(INSIDER, vec![joker(&off, &[no])]);
            for it in off {
                if !self.has_joker(it) {
                    self.jokers.remove(&it);
                }
            }
            if self.has_joker(no) {
                self.jokers.entry(no).or_insert(self.game.time);
                return;
            }
        }
    }

    fn has_joker(&self, no: u16) -> bool {
        let key = (account(INSIDER), MatchNo(no));
        let there = self.game.state.get::<table::Jokers>(&key).unwrap();
        there.is_some()
    }

    /// Signs acts of the organiser in one block. A true record of a match that goes on is no choice of his.
    fn signs(&mut self, acts: Vec<(u16, Action)>) {
        let is_choice = |(no, act): &(u16, Action)| {
            let stands = self.game.record(*no).map(|it| it.outcome.status);
            let chosen = match act {
                Action::Result(actions::Result { outcome, .. })
                    if outcome.status == Status::Played =>
                {
                    stands == Some(Status::Cancelled)
                }
                Action::Result(actions::Result { outcome, .. }) => {
                    outcome.status == Status::Cancelled
                }
                _ => true,
            };
            (*no, chosen)
        };
        let choices: Vec<_> = acts.iter().map(is_choice).collect();
        let taken = self.play(ORGANISER, acts.into_iter().map(|(_, act)| act).collect());
        for ((no, _), _) in choices
            .into_iter()
            .zip(taken)
            .filter(|((_, chosen), taken)| *chosen && *taken)
        {
            self.touched.insert(no, self.game.time);
        }
    }

    fn record(&self, no: u16) -> Option<Action> {
        let there = self.game.state.match_by_no(MatchNo(no)).unwrap()?;
        let it = really(&there.fixture).filter(|it| it.kickoff <= self.game.time)?;
        Some(result(no, Outcome::played(it.score)))
    }

    fn any_act(&self, dice: &mut Dice) -> (u16, Action) {
        let no = u16::try_from(1 + dice.below(5)).unwrap();
        let when = |dice: &mut Dice| {
            let ahead = dice.pick(&[1, 2, 30, NOTICE - 1, NOTICE, NOTICE + 1, 150, 300]);
            self.game.time + ahead
        };
        let act = match dice.below(8) {
            0 => result(no, called_off(Status::Postponed)),
            1 => result(no, called_off(Status::Cancelled)),
            2 | 3 if self.record(no).is_some() => self.record(no).unwrap(),
            4 => {
                let begins = when(dice);
                day(no, (!dice.one_in(5)).then_some((begins, begins + 50)))
            }
            _ => {
                let stands = self.game.state.match_by_no(MatchNo(no)).unwrap();
                let mut new = fixture(no, CODES[usize::from(no - 1)], Some(when(dice)));
                if let Some(stands) = stands.filter(|_| dice.one_in(2)) {
                    new = stands.fixture;
                    new.kickoff = if dice.one_in(2) {
                        new.kickoff
                    } else {
                        Some(UnixSeconds(when(dice)))
                    };
                }
                if dice.one_in(8) {
                    new.kickoff = None;
                }
                if dice.one_in(2) {
                    let (home, away, ..) = dice.pick(&REAL);
                    let (home, away) = if dice.one_in(2) {
                        (home, away)
                    } else {
                        (away, home)
                    };
                    new.home.name = Text::new(home).unwrap();
                    new.away.name = Text::new(away).unwrap();
                } else if dice.one_in(8) {
                    new.home.name = Text::new("Winner 1").unwrap();
                }
                schedule(new)
            }
        };
        (no, act)
    }

    /// The points that the insider may have: of each match that was open to everybody for the notice, or that nobody touched since its
    /// score was known.
    fn fair_points(&self) -> u64 {
        let fair = self.numbers().into_iter().filter_map(|no| {
            let game = self.game.game(no);
            let placed = self.game.bet_of(no, INSIDER)?;
            let record = self.game.record(no)?;
            let score = record.outcome.after_90?;
            let known = really(&game.fixture)?;
            let touched = self.touched.get(&no).copied().unwrap_or(0);
            let untouched = touched < known.kickoff;
            let blind = untouched && placed.time.0 < known.kickoff;
            let told = self.open.get(&no).is_some_and(|it| {
                let end = game.deadline.map_or(0, |it| it.0);
                let is_late = self.stood.get(&no).is_some_and(Option::is_none);
                it.teams == teams(&game.fixture)
                    && it.from + NOTICE <= end
                    && it.to >= end
                    && !is_late
            });
            let rules = &self.game.genesis.rules;
            let (points, _) =
                rules.points(&game.fixture, placed.score(), score, Crowd::default())?;
            let put = self.jokers.get(&no);
            let times = match rules.features.jokers {
                Some(rule) if put.is_some_and(|at| told || untouched && *at < known.kickoff) => {
                    rule.factor
                }
                _ => 1,
            };
            (blind || told).then_some(points.0 * u64::from(times))
        });
        fair.sum()
    }
}

fn pool(dice: &mut Dice) -> Genesis {
    let first = if dice.one_in(2) {
        genesis()
    } else {
        three_organisers(1)
    };
    ruled(first, |it| {
        it.rules.notice_s = u32::try_from(NOTICE).unwrap();
        it.rules.put_off_stays_open = dice.one_in(2);
        it.rules.deadline_lead_s = if dice.one_in(4) { 5 } else { 0 };
        it.rules.later_kickoff_reopens = dice.one_in(2);
        it.rules.dispute_window_s = 5_000;
        it.days = Some(Vec::new());
        it.limits.matches = 5;
        it.rules.features.jokers = dice.one_in(2).then_some(JokerRule {
            factor: 3,
            per_stage: 0,
            in_all: 1 + u8::from(dice.one_in(2)),
        });
        it.version = it.rules.genesis_version();
        let named = [
            ("Winner 49", "Winner 50"),
            ("Dummy", "Other"),
            ("Chile", "Egypt"),
        ];
        for (fixture, (home, away)) in it.matches.iter_mut().zip(named) {
            fixture.home.name = Text::new(home).unwrap();
            fixture.away.name = Text::new(away).unwrap();
            fixture.kickoff = Some(UnixSeconds(START + dice.pick(&[90, 300, 700, 900])));
        }
    })
}

/// Plays a sequence of acts; gives the insider's points, those that he may have, and what was done.
fn sequence(seed: u64) -> (u64, u64, Vec<String>) {
    let dice = &mut Dice::new(seed);
    let mut world = World::new(pool(dice));
    for _ in 0..24 {
        world.passes(dice.pick(&[0, 1, 5, 40, 60, NOTICE]));
        let acts = (0..dice.below(3)).map(|_| world.any_act(dice));
        let acts: Vec<_> = acts.collect();
        if !acts.is_empty() {
            world.signs(acts);
        }
        world.bets(dice);
    }
    world.passes(1_000);
    for no in world.numbers() {
        if let Some(act) = world.record(no) {
            world.signs(vec![(no, act)]);
        }
    }
    check_invariants(&world.game.genesis.rules, &world.game.state).unwrap();
    (world.game.points(INSIDER), world.fair_points(), world.done)
}

/// `BOLAO_SEEDS`: how many sequences, else 1,000.
#[test]
fn who_sees_a_result_gains_nothing_by_any_sequence_of_acts() {
    let seeds = std::env::var("BOLAO_SEEDS").map_or(1_000, |it| it.parse().unwrap());
    let (mut fairly, mut jokers) = (0, 0);
    for seed in 0..seeds {
        let (points, fair, done) = sequence(seed);
        jokers += done.iter().filter(|it| it.contains("Joker")).count();
        assert!(
            points <= fair,
            "seed {seed}: {points} points, {fair} of them fairly\n{}",
            done.join("\n")
        );
        fairly += u64::from(fair > 0);
    }
    assert!(fairly > seeds / 20, "{fairly}");
    assert!(jokers as u64 > seeds / 2, "{jokers}");
}
