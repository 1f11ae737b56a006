//! No group of accounts gets power over the blocks without notice: random acts of organisers, against an oracle that knows only who
//! voted when, and what would have come of what was signed by then.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    AccountId, Action, BlockContext, Consensus, Height, Ledger, MemoryState, Overlay, Quorum,
    SetChange, Signature, StateView as _, UnixSeconds, Validator, ValidatorKey, actions,
    table::Offers,
};

use crate::{
    dice::Dice,
    game::{Game, account, offer, ruled, validator, with_votes},
};

const NOTICE_S: u32 = 100;
const NOTICE: u64 = NOTICE_S as u64;
const WEEK: u64 = 7 * 86_400;
const PLAYERS: usize = 8;
/// How often each pool is played on.
const SEEDS: u64 = 200;

/// A pool that is played without signatures and hashes, by thousands.
#[derive(Clone)]
struct Pool {
    game: Game,
    accounts: [AccountId; PLAYERS],
    /// What was played, for whoever reads a failure.
    told: Vec<String>,
    moments: Vec<Moment>,
}

/// What stood after a block.
#[derive(Clone)]
struct Moment {
    time: u64,
    height: Height,
    state: MemoryState,
    weights: Weights,
}

/// The weight of each player, the first of whom is 1; 0 where one is no validator.
type Weights = [u64; PLAYERS];

fn number(of: usize) -> u8 {
    u8::try_from(of).unwrap() + 1
}

impl Pool {
    /// Of these validators and organisers, of whom `quorum` sign; all but the first have just offered keys.
    fn new(first: &[u64], organisers: u8, quorum: Quorum) -> Self {
        let genesis = ruled(with_votes(SetChange::Appointed { quorum }), |it| {
            it.organisers = (1..=organisers).map(account).collect();
            it.rules.results_quorum = Quorum::of(1);
            it.rules.schedule_quorum = Quorum::of(1);
            it.rules.organisers_quorum = match quorum {
                Quorum::TWO_ONCE_TWO => quorum,
                _ => Quorum::of(1),
            };
            it.rules.notice_s = NOTICE_S;
            let Consensus::Pos(pos) = &mut it.consensus else {
                unreachable!("it is pos");
            };
            let seats = (1..).zip(first);
            pos.voting.validators = seats.map(|(who, weight)| validator(who, *weight)).collect();
        });
        let players = number(PLAYERS - 1);
        let mut game = Game::joined_with(genesis, players);
        let offers = (1..=players).skip(first.len());
        let offers = offers.map(|who| game.act(who, offer(game.pool, who, who)));
        game.play(offers.collect()).unwrap();
        let mut pool = Self {
            game,
            accounts: std::array::from_fn(|at| account(number(at))),
            told: vec![format!("{first:?}, {quorum} of {organisers} organisers")],
            moments: Vec::new(),
        };
        pool.remember();
        pool
    }

    fn account(&self, who: u8) -> AccountId {
        self.accounts[usize::from(who) - 1]
    }

    /// The players who organise now.
    fn organisers(&self) -> Vec<u8> {
        let there = self.game.state.organisers(&self.game.genesis).unwrap();
        let all = 1..=number(PLAYERS - 1);
        all.filter(|who| there.contains(&self.account(*who)))
            .collect()
    }

    fn weights(&self, of: &[Validator]) -> Weights {
        self.accounts.map(|who| {
            let own = of.iter().find(|it| it.account == who);
            own.map_or(0, |it| it.weight)
        })
    }

    fn remember(&mut self) {
        let game = &self.game;
        let stand = game.state.validators_after(game.height).unwrap();
        self.moments.push(Moment {
            time: game.time,
            height: game.height,
            state: game.state.clone(),
            weights: self.weights(&stand),
        });
    }

    /// A block of what of it can be applied.
    fn plays(&mut self, after: u64, acts: &[(u8, Action)]) {
        self.game.time += after;
        self.told.push(format!("{after} s later"));
        let acts = acts
            .iter()
            .map(|(who, action)| (self.account(*who), action.clone()));
        let acts: Vec<_> = acts.collect();
        let done = self.game.plays_unsigned(&acts);
        let done: Vec<_> = done.into_iter().map(|it| self.said(it)).collect();
        self.told.extend(done);
        self.remember();
        let weights = &self.moments.last().unwrap().weights;
        self.told.push(format!("{weights:?}"));
    }

    fn said(&self, action: &Action) -> String {
        let who = |id| number(self.accounts.iter().position(|it| it == id).unwrap());
        match action {
            Action::Appoint(actions::Appoint { validator }) => {
                format!(
                    "gives {} the weight {}",
                    who(&validator.account),
                    validator.weight
                )
            }
            Action::Organiser(actions::Organiser { account, added }) => {
                format!("organiser {} {added}", who(account))
            }
            other => other.kind().to_string(),
        }
    }

    /// Appoints with the key that was offered last.
    fn appoints(&self, who: u8, weight: u64) -> Action {
        let key = self.game.state.get::<Offers>(&self.account(who)).unwrap();
        Action::Appoint(actions::Appoint {
            validator: Validator {
                account: self.account(who),
                key: key.unwrap(),
                weight,
            },
        })
    }

    /// Who would vote in a block of that time if nobody signed anything after this moment.
    fn foreseen(&self, at: &Moment, time: u64) -> Weights {
        let context = BlockContext {
            height: at.height,
            time: UnixSeconds(time),
        };
        let mut overlay = Overlay::new(&at.state);
        let ledger = Ledger::of_pool(&self.game.genesis, self.game.pool);
        ledger.begin_block(&mut overlay, context).unwrap();
        self.weights(&overlay.validators_after(at.height).unwrap())
    }

    /// What came in the block of a moment by growing from one validator to four: each weighs at most what each other has, and there
    /// were never so many before.
    fn grown(&self, at: usize) -> Weights {
        let (now, before) = (&self.moments[at], &self.moments[at - 1]);
        let count = |of: &Weights| of.iter().filter(|it| **it > 0).count();
        let mut grown = [0; PLAYERS];
        let earlier = self.moments[..at].iter().map(|it| count(&it.weights));
        if count(&now.weights) > 4 || count(&now.weights) <= earlier.max().unwrap_or(0) {
            return grown;
        }
        let stood = self.foreseen(before, now.time);
        let least = stood.iter().filter(|it| **it > 0).min().unwrap();
        for ((grown, now), stood) in grown.iter_mut().zip(&now.weights).zip(&stood) {
            match (stood, now) {
                (0, now) if now <= least => *grown = *now,
                (stood, now) if stood == now => {}
                _ => return [0; PLAYERS],
            }
        }
        grown
    }

    /// A group that has got power in the last block without notice.
    fn surprise(&self) -> Option<String> {
        let last = self.moments.len() - 1;
        let now = &self.moments[last];
        if now.weights == self.moments[last - 1].weights {
            return None;
        }
        let mut grown = [0; PLAYERS];
        for at in (0..last).rev() {
            let then = &self.moments[at];
            if then.time + NOTICE <= now.time {
                break;
            }
            if self.moments[at].weights != self.moments[at + 1].weights {
                let more = self.grown(at + 1);
                grown
                    .iter_mut()
                    .zip(more)
                    .for_each(|(all, more)| *all = more.max(*all));
            }
            let with = |stood: Weights| {
                let mut stood = stood.into_iter();
                grown.map(|grown| stood.next().filter(|it| *it > 0).unwrap_or(grown))
            };
            let stood = with(then.weights);
            if gains(&now.weights, &[stood]).is_none() {
                continue;
            }
            let foreseen = with(self.foreseen(then, now.time));
            if let Some(group) = gains(&now.weights, &[stood, foreseen]) {
                let (played, after) = (self.told.join("; "), now.time - then.time);
                return Some(format!(
                    "{played}: {group:?} gained, {after} s after {stood:?}"
                ));
            }
        }
        None
    }
}

/// A group that has more than a third of the weight, or than two thirds, and less of each of those; or that has more than of each by
/// more than a third of all.
fn gains(now: &Weights, before: &[Weights]) -> Option<Vec<u8>> {
    let all = |of: &Weights| of.iter().map(|it| u128::from(*it)).sum::<u128>();
    let (total, totals) = (all(now), before.iter().map(all).collect::<Vec<_>>());
    let found = (1_u32..1 << PLAYERS).find(|group| {
        let share = |of: &Weights| {
            let own = (0..PLAYERS).filter(|at| group & (1 << at) != 0);
            own.map(|at| u128::from(of[at])).sum::<u128>()
        };
        let own = share(now);
        if 3 * own <= total {
            return false;
        }
        let had: Vec<_> = before.iter().map(share).zip(&totals).collect();
        let below = |thirds| had.iter().all(|(had, of)| 3 * had < thirds * **of);
        let crosses = |thirds| 3 * own > thirds * total && below(thirds);
        let more = |(had, of): &(u128, &u128)| 3 * own * **of > 3 * had * total + total * **of;
        crosses(1) || crosses(2) || had.iter().all(more)
    })?;
    let members = (0..PLAYERS).filter(|at| found & (1 << at) != 0);
    Some(members.map(number).collect())
}

/// Any act, by an organiser or of a key that is offered; most often with the signature of another organiser beside it, where one may
/// be missing.
fn any(pool: &Pool, dice: &mut Dice, quorum: Quorum) -> Vec<(u8, Action)> {
    let whom = number(dice.index(PLAYERS));
    let action = match dice.below(12) {
        0 => {
            let action = Action::Offer(actions::Offer {
                key: ValidatorKey(dice.bytes()),
                signature: Signature([0; 64]),
            });
            return vec![(whom, action)];
        }
        1 => {
            let (account, added) = (pool.account(whom), !dice.one_in(3));
            Action::Organiser(actions::Organiser { account, added })
        }
        _ => {
            let weight = dice.pick(&[0, 0, 1, 1, 1, 2, 5, 1_000]);
            pool.appoints(whom, weight)
        }
    };
    let there = pool.organisers();
    let both = quorum == Quorum::TWO_ONCE_TWO && !dice.one_in(3);
    let signs = (0..=usize::from(both)).map(|_| (dice.pick(&there), action.clone()));
    signs.collect()
}

/// What goes wrong in a pool that is played on at random, and how often weights changed.
fn plays_on(mut pool: Pool, quorum: Quorum, seed: u64) -> (Option<String>, usize) {
    let dice = &mut Dice::new(seed);
    let mut times = vec![0, 0, 1, 10, 50, NOTICE - 1, NOTICE, 2 * NOTICE];
    if quorum == Quorum::TWO_ONCE_TWO {
        // So that organisers leave who have signed nothing.
        times.push(WEEK);
    }
    let mut changes = 0;
    for _ in 0..16 {
        let after = dice.pick(&times);
        let acts = dice.below(3);
        let acts: Vec<_> = (0..acts).flat_map(|_| any(&pool, dice, quorum)).collect();
        let before = pool.moments.last().unwrap().weights;
        pool.plays(after, &acts);
        changes += usize::from(pool.moments.last().unwrap().weights != before);
        if let Some(told) = pool.surprise() {
            return (Some(told), changes);
        }
    }
    (None, changes)
}

/// Whatever organisers sign, in whatever order: where a group has more than a third of the weight, or than two thirds, it had as much
/// at every moment within the notice before, or would have had by what was signed until then. Else the pool has just grown from one
/// validator to four.
#[test]
fn no_group_gets_power_over_the_blocks_without_notice() {
    let begin: [&[u64]; 7] = [
        &[1],
        &[5],
        &[1, 1],
        &[1, 1, 1],
        &[1, 1, 1, 1],
        &[3, 2, 1],
        &[1; 6],
    ];
    let (one, two) = (Quorum::of(1), Quorum::TWO_ONCE_TWO);
    let organised = [(1, one), (3, one), (3, Quorum::of(2)), (1, two), (2, two)];
    let mut found = Vec::new();
    for (first, (organisers, quorum)) in begin.iter().flat_map(|it| organised.map(|of| (it, of))) {
        let pool = Pool::new(first, organisers, quorum);
        let played = (0..SEEDS).map(|seed| plays_on(pool.clone(), quorum, seed));
        let (told, changes): (Vec<_>, Vec<_>) = played.unzip();
        let changes: usize = changes.into_iter().sum();
        assert!(changes > 50, "{first:?} {organisers} {quorum}: {changes}");
        found.extend(told.into_iter().flatten());
    }
    found.sort_by_key(String::len);
    assert!(
        found.is_empty(),
        "{} such as {:#?}",
        found.len(),
        &found[..found.len().min(8)]
    );
}

/// A pool whose four validators are minutes old.
fn grown_to_four() -> Pool {
    let mut pool = Pool::new(&[1], 1, Quorum::of(1));
    for who in 2..=4 {
        let act = (1, pool.appoints(who, 1));
        pool.plays(1, &[act]);
    }
    pool
}

/// One who has a quarter raises himself to a million.
#[test]
fn nobody_outweighs_four_validators_that_are_minutes_old() {
    let mut pool = grown_to_four();
    let raise = pool.appoints(1, 1_000_000);
    pool.plays(60, &[(1, raise)]);
    assert_eq!(pool.surprise(), None);
}

/// A lone validator is joined by one who weighs a thousand times as much.
#[test]
fn nobody_outweighs_a_lone_validator_at_once() {
    let mut pool = Pool::new(&[1], 1, Quorum::of(1));
    let other = pool.appoints(2, 1_000);
    pool.plays(1, &[(1, other)]);
    assert_eq!(pool.surprise(), None);
}

/// All four are to weigh a thousand times as much; in the last second that is taken back for all but one.
#[test]
fn what_is_taken_back_makes_nobody_heavier_who_waits() {
    let mut pool = Pool::new(&[1, 1, 1, 1], 1, Quorum::of(1));
    pool.plays(NOTICE, &[]);
    let raise: Vec<_> = (1..=4).map(|who| (1, pool.appoints(who, 1_000))).collect();
    pool.plays(1, &raise);
    pool.plays(NOTICE - 1, &[]);
    let back: Vec<_> = (2..=4).map(|who| (1, pool.appoints(who, 1))).collect();
    pool.plays(0, &back);
    pool.plays(1, &[]);
    assert_eq!(pool.surprise(), None);
}

/// A friend's computer joins four others; with it, each of them has another who alone can stop all blocks.
#[test]
fn a_fifth_validator_comes_with_notice() {
    let mut pool = Pool::new(&[1, 1, 1, 1], 1, Quorum::of(1));
    pool.plays(NOTICE, &[]);
    let fifth = pool.appoints(5, 1);
    pool.plays(1, &[(1, fifth)]);
    assert_eq!(pool.surprise(), None);
    pool.plays(NOTICE, &[]);
    assert_eq!(pool.moments.last().unwrap().weights[4], 1);
}

/// Three are removed with notice, and others take their seats at once.
#[test]
fn nobody_takes_the_seats_of_those_who_went_without_notice() {
    let mut pool = grown_to_four();
    let gone: Vec<_> = (2..=4).map(|who| (1, pool.appoints(who, 0))).collect();
    pool.plays(1, &gone);
    pool.plays(NOTICE, &[]);
    let own: Vec<_> = (5..=7).map(|who| (1, pool.appoints(who, 1))).collect();
    pool.plays(0, &own);
    assert_eq!(pool.surprise(), None);
}

/// Two of six are removed with notice; in the last second one of those who stay is raised, by less than a third.
#[test]
fn a_change_that_waits_and_a_later_one_do_not_add_up() {
    let mut pool = Pool::new(&[1; 6], 1, Quorum::of(1));
    pool.plays(NOTICE, &[]);
    let gone: Vec<_> = (2..=3).map(|who| (1, pool.appoints(who, 0))).collect();
    pool.plays(1, &gone);
    pool.plays(NOTICE - 1, &[]);
    let raise = pool.appoints(1, 2);
    pool.plays(0, &[(1, raise)]);
    pool.plays(1, &[]);
    assert_eq!(pool.surprise(), None);
}
