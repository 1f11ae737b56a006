//! Bets taken out, halves that do not hear one another, clocks that are off, validators that withhold or sign twice, unequal
//! weights, losses and crashes.

use super::{
    evening::{Evening, KICKOFF_S, seeds},
    late::{Outcome, none},
};

const ALL: [usize; 4] = [0, 1, 2, 3];

/// Half are away; the cheat mines a heavier branch without the others' last bets, and shows it just after the kick-off.
fn taken_out(seed: u64, lacking: bool) -> Evening {
    taken_out_after(seed, lacking, [false; 2])
}

/// The power of both who are there is cut.
fn power_cut(evening: &mut Evening) {
    for node in [0, 1] {
        evening.leave(&[node]);
        evening.sim.crash(node);
        evening.sim.restart(node);
    }
    evening.come_back(&[0, 1]);
}

/// The same after power cuts: between the two times at which they look which bets count, and after these.
fn taken_out_after(seed: u64, lacking: bool, cuts: [bool; 2]) -> Evening {
    let mut evening = Evening::with(&[1; 4], seed, |config| config.refuses_lacking = lacking);
    evening.until(KICKOFF_S - 300);
    evening.bet(2);
    evening.bet(3);
    evening.until(KICKOFF_S - 120);
    evening.leave(&[2, 3, 4]);
    evening.bet(0);
    evening.bet(1);
    evening.until(KICKOFF_S - 20);
    if cuts[0] {
        power_cut(&mut evening);
    }
    evening.until(KICKOFF_S - 5);
    for _ in 0..40 {
        evening.sim.mine(4);
    }
    evening.until(KICKOFF_S + 1);
    if cuts[1] {
        power_cut(&mut evening);
    }
    evening.release(&[0, 1]);
    evening.until(KICKOFF_S + 200);
    evening.come_back(&[2]);
    evening.until(KICKOFF_S + 230);
    evening.come_back(&[3]);
    evening.release(&ALL);
    evening.until(KICKOFF_S + 700);
    evening
}

#[test]
fn nobody_takes_bets_out_that_validators_saw_count() {
    for seed in seeds(3) {
        let evening = taken_out(seed, true);
        evening.check();
        assert!(evening.is_over(&ALL), "{}", evening.sim.state());
        assert_eq!(evening.honest(), 4, "seed {seed}");
    }
}

#[test]
fn power_cuts_make_no_validator_forget_what_it_saw_count() {
    for seed in seeds(2) {
        for cuts in [[true, false], [false, true]] {
            let evening = taken_out_after(seed, true, cuts);
            evening.check();
            assert!(evening.is_over(&ALL), "{}", evening.sim.state());
            assert_eq!(evening.honest(), 4, "seed {seed}, {cuts:?}");
        }
    }
}

#[test]
fn a_validator_that_keeps_no_bets_lets_them_be_taken_out() {
    for seed in seeds(2) {
        assert!(taken_out(seed, false).honest() < 4, "the control");
    }
}

#[test]
fn halves_stand_still_for_their_patience_and_then_decide() {
    for seed in seeds(3) {
        let mut evening = Evening::new(&[1; 4], seed);
        evening.leave(&[4]);
        evening.until(KICKOFF_S - 100);
        evening.sim.partition(&[0, 1]);
        evening.bets(20);
        evening.until(KICKOFF_S + 60);
        evening.sim.heal();
        evening.until(KICKOFF_S + 150);
        assert!(!evening.is_over(&ALL), "they have patience");
        evening.until(KICKOFF_S + 400);
        evening.check();
        assert!(evening.is_over(&ALL), "{}", evening.sim.state());
        assert!(evening.contested(0) > 0);
        assert!(evening.honest() >= 2, "the heavier half's bets count");
        eprintln!("seed {seed}: {} of 4 bets count", evening.honest());
    }
}

#[test]
fn three_go_on_without_the_fourth() {
    for seed in seeds(2) {
        let mut evening = Evening::new(&[1; 4], seed);
        evening.leave(&[4]);
        evening.until(KICKOFF_S - 100);
        evening.sim.partition(&[3]);
        evening.bets(20);
        evening.until(KICKOFF_S + 30);
        assert!(evening.is_over(&[0, 1, 2]), "{}", evening.sim.state());
        evening.sim.heal();
        evening.until(KICKOFF_S + 90);
        evening.check();
        assert!(evening.is_over(&ALL), "{}", evening.sim.state());
        assert_eq!((evening.contested(0), evening.honest()), (0, 3));
    }
}

#[test]
fn one_clock_that_is_off_does_no_harm() {
    for off in [60, -60, 600] {
        let (mut outcome, seeds) = (Outcome::default(), seeds(1));
        for seed in seeds.clone() {
            let mut evening = Evening::new(&[1; 4], seed);
            evening.bets(60);
            evening.until(KICKOFF_S - 200);
            evening.sim.set_clock(3, off);
            evening.until(KICKOFF_S - 100);
            evening.leave(&[4]);
            evening.until(KICKOFF_S + 120);
            evening.forge(40);
            evening.release(&ALL);
            evening.until(KICKOFF_S + 500);
            outcome.note(&evening, &ALL);
        }
        none(&seeds, &outcome);
    }
}

#[test]
fn one_that_withholds_and_one_away_let_nothing_through() {
    let (mut outcome, seeds) = (Outcome::default(), seeds(3));
    for seed in seeds.clone() {
        let mut evening = Evening::new(&[1; 4], seed);
        evening.bets(60);
        evening.until(KICKOFF_S - 100);
        evening.sim.withholds.insert(0);
        evening.leave(&[3, 4]);
        evening.until(KICKOFF_S + 120);
        evening.forge(40);
        evening.release(&[0, 1, 2]);
        evening.until(KICKOFF_S + 500);
        assert!(!evening.counts(1, 4), "seed {seed}");
        evening.come_back(&[3]);
        evening.release(&ALL);
        evening.until(KICKOFF_S + 900);
        outcome.note(&evening, &ALL);
    }
    none(&seeds, &outcome);
}

#[test]
fn weights_count_and_not_heads() {
    // A third of the weight, and more, stays.
    for (weights, away) in [
        ([5, 1, 1, 2], [1, 2].as_slice()),
        ([4, 1, 1, 4], &[0]),
        ([1, 2, 3, 3], &[0, 2]),
    ] {
        let (mut outcome, seeds) = (Outcome::default(), seeds(1));
        for seed in seeds.clone() {
            let mut evening = Evening::new(&weights, seed);
            evening.bets(60);
            evening.until(KICKOFF_S - 100);
            evening.leave(away);
            evening.leave(&[4]);
            evening.until(KICKOFF_S + 120);
            evening.forge(40);
            let here: Vec<_> = evening.miners.clone();
            evening.release(&here);
            evening.until(KICKOFF_S + 240);
            for node in away {
                evening.come_back(&[*node]);
                evening.until(KICKOFF_S + 250);
            }
            evening.release(&ALL);
            evening.until(KICKOFF_S + 700);
            outcome.note(&evening, &ALL);
        }
        none(&seeds, &outcome);
    }
}

#[test]
fn losses_and_power_cuts_change_nothing() {
    let (mut outcome, seeds) = (Outcome::default(), seeds(2));
    for seed in seeds.clone() {
        let mut evening = Evening::new(&[1; 4], seed);
        evening.bets(60);
        evening.until(KICKOFF_S - 100);
        evening.leave(&[4]);
        evening.sim.links.loss_percent = 3;
        for round in 0..30 {
            // Never more than one is down or has just come back.
            let node = usize::try_from(evening.sim.roll(4)).unwrap();
            evening.leave(&[node]);
            evening.sim.crash(node);
            let down = evening.sim.roll(3);
            evening.until(KICKOFF_S - 98 + round * 18 + down);
            evening.sim.restart(node);
            evening.come_back(&[node]);
            if round == 12 {
                evening.forge(40);
                evening.release(&ALL);
            }
            evening.until(KICKOFF_S - 98 + (round + 1) * 18);
        }
        evening.sim.links.loss_percent = 0;
        evening.until(KICKOFF_S + 700);
        outcome.note(&evening, &ALL);
    }
    none(&seeds, &outcome);
}
