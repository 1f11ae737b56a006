//! A branch that takes away what others did (findings A2 and A3).
//!
//! - *Bets out*: the attacker stops its node before the others bet. After the kick-off it makes a branch from there, dated
//!   before the kick-off, which holds none of their bets.
//! - *From genesis*: a stranger who was never there makes a whole history in which other keys bear the friends' names.

use bolao_ledger::{Makers, Name, StateView as _};

use super::Scenario;
use crate::{
    case::{Case, attackers},
    mining::Mines,
    plan::Plan,
    pool::{Player, join},
    world::World,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "rewrite",
    about: "makes a branch without the others' bets, or a history of its own under their names",
    cases,
};

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 900;
/// The time that a match lasts, in milliseconds.
const MATCH_MS: u64 = 105 * 60_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let minutes = plan.minutes.unwrap_or(10);
    let pool = || plan.setup(kind, vec![KICKOFF_S]);
    let by = || attackers(plan, kind, &[5, 50]).into_iter();
    let out = by().map(|by| {
        let (power, by) = (by.power, by.who("bets out"));
        Case::of(SCENARIO.name, by, pool(), move |world| {
            bets_out(world, power, minutes)
        })
    });
    let anew = by().map(|by| {
        let (power, by) = (by.power, by.who("from genesis"));
        Case {
            starts_apart: true,
            ..Case::of(SCENARIO.name, by, pool(), move |world| {
                all_anew(world, power, minutes)
            })
        }
    });
    out.chain(anew).collect()
}

fn bets_out(world: &mut World, power: u64, minutes: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    world.run_to(90_000);
    world.attack_begins();
    world.stop(&guilty);
    world.bets(0, 120_000, kickoff - 30_000);
    world.run_to(kickoff + MATCH_MS);
    world.start_apart(&guilty, kickoff - 50_000);
    world.cheat(guilty[0], 0, crate::pool::right_score());
    outdo(world, &guilty, power, minutes);
    let counted = |world: &World, node: usize| {
        let bets = world.watch.bets.iter();
        bets.filter(|(id, bet)| world.fate(node, id, bet).0).count()
    };
    world.most(|world, node| counted(world, node) * 2 < world.watch.bets.len())
}

fn all_anew(world: &mut World, power: u64, minutes: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let honest: Vec<_> = world.honest.iter().copied().collect();
    world.stop(&guilty);
    for node in &honest {
        world.come_back(&[*node]);
    }
    world.join_all();
    world.attack_begins();
    world.bets(0, 120_000, kickoff - 30_000);
    world.run_to(kickoff + MATCH_MS);
    world.start_apart(&guilty, 0);
    for node in honest {
        let thief = Player::new(world.players.len());
        world.players.push(thief);
        let last = world.players.len() - 1;
        world.sign_at(guilty[0], last, join(&World::name(node)));
    }
    outdo(world, &guilty, power, minutes);
    world.most(|world, node| {
        let other = world.honest.iter().find(|other| **other != node);
        other.is_some_and(|other| {
            let name = Name::new(&World::name(*other)).expect("a plain name");
            let owner = world.state(node).name_owner(&name.folded());
            owner.expect("the disk is not broken") != Some(world.players[*other].id())
        })
    })
}

/// Makes blocks until the others would take the branch, and shows it.
fn outdo(world: &mut World, guilty: &[usize], power: u64, minutes: u64) {
    let cheat = guilty[0];
    world.give_power(cheat, power, Mines::Always);
    world.run_until(minutes * 60_000, |world| {
        world.is_ahead(cheat) && world.sim.core(cheat).pending() == 0
    });
    world.give_power(cheat, 0, Mines::Wanted);
    let now = world.sim.now_ms();
    world.set_clocks(guilty, now);
    world.come_back(guilty);
    world.run(180_000);
}
