//! Somebody whose bet is kept out of blocks.
//!
//! The attacker's nodes hear nothing of the victim's transactions, nor of blocks that hold them before others have decided
//! them: they neither put the bet into a block, nor vote for or build upon one that holds it.

use std::collections::BTreeSet;

use bolao_chain::{Input, Request, Response, Topic};
use bolao_ledger::{AccountId, Block, Makers, Transaction, decode};
use bolao_simulator::Ignored;

use super::Scenario;
use crate::{
    case::{Attackers, Case, Expect, attackers},
    mining::Mines,
    plan::Plan,
    pool::Setup,
    world::World,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "censor",
    about: "keeps one friend's bet out of blocks until the kick-off",
    cases,
};

const KICKOFF_S: u64 = 900;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let count = plan.validators;
    let case = |by: Attackers, validators: usize| {
        let power = by.power;
        let pool = Setup {
            validators,
            ..plan.setup(kind, vec![KICKOFF_S])
        };
        Case::of(SCENARIO.name, by, pool, move |world| attack(world, power))
    };
    let mut cases: Vec<Case> = attackers(plan, kind, &[5, 50, 90])
        .into_iter()
        .map(|by| case(by, count))
        .collect();
    if kind.votes() && plan.guilty.is_none() {
        let by = |guilty: usize, label: String| Attackers {
            nodes: (0..guilty).collect(),
            label,
            expect: Expect::Measured,
            power: 0,
        };
        let third = (count - 1) / 3 + 1;
        if third < count * 2 / 3 + 1 {
            cases.push(case(
                by(third, format!("{third} of {count} validators")),
                count,
            ));
        }
        cases.push(case(by(1, "the host, the only voter".to_owned()), 1));
    }
    cases
}

fn attack(world: &mut World, power: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let victim = world.sim.count() - 3;
    let account = world.players[victim].id();
    world.attack_begins();
    world.concerned = BTreeSet::from([victim]);
    for node in &guilty {
        world.sim.ignore(*node, deaf_to(account));
    }
    world.give_power(guilty[0], power, Mines::Paced);
    world.bets(0, 120_000, kickoff - 60_000);
    world.run_to(kickoff + 120_000);
    world.give_power(guilty[0], 0, Mines::Wanted);
    let of_victim = |world: &World, node: usize| {
        let mut bets = world
            .watch
            .bets
            .iter()
            .filter(|(_, bet)| bet.node == victim);
        bets.any(|(id, bet)| world.fate(node, id, bet).0)
    };
    !world.most(of_victim)
}

/// Everything that holds a transaction of this account and is not decided.
fn deaf_to(account: AccountId) -> Ignored {
    let of = move |transaction: &Transaction| transaction.body.account == account;
    let has = move |block: &Block| block.transactions.iter().any(of);
    let bets = move |transaction: &Transaction| {
        of(transaction) && !transaction.body.action.placed().is_empty()
    };
    let has_bet = move |block: &Block| has(block) && block.transactions.iter().any(bets);
    Ignored(Box::new(move |input| match input {
        Input::Gossip { topic, bytes, .. } => match topic {
            Topic::Transactions => decode(bytes).is_ok_and(|it| bets(&it)),
            Topic::Blocks => decode(bytes).is_ok_and(|it| has_bet(&it)),
        },
        Input::Request { request, .. } => match request {
            Request::PushTransactions(list) => list.iter().any(bets),
            Request::PushBlock(block) => has_bet(block),
            _ => false,
        },
        Input::Response { result, .. } => match result {
            Ok(Response::Transactions(list)) => list.iter().any(bets),
            Ok(Response::Blocks(blocks)) => {
                let mut blocks = blocks.iter().filter_map(|bytes| decode(bytes).ok());
                blocks.any(|block| has_bet(&block))
            }
            _ => false,
        },
        _ => false,
    }))
}
