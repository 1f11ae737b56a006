//! Every reason to refuse, provoked through the core.

use std::collections::BTreeSet;

use bolao_chain::{CoreConfig, Input, Topic};
use bolao_ledger::{
    Action, BlockHash, BlockId, Chips, Genesis, MatchNo, OpenBet, Reason, Score, Transaction,
    actions,
};

use bolao_store::{Certificate, FinalBlock};

use crate::pool::{
    ORGANISER, Player, Recipe, START, Solo, at, chain, fixture, genesis, grind, peer,
};
use crate::{
    rule_reasons::{of_results, of_seals, of_tickets},
    validator_reasons::of_validators,
};

fn tips(count: u16, stake: u64) -> Action {
    let tip = |no| OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(1, 1).unwrap().into(),
        stake: Chips(stake),
    };
    Action::Bet(actions::Bet {
        bets: (1..=count).map(tip).collect(),
    })
}

fn of(genesis: &Genesis, transactions: Vec<Transaction>) -> Reason {
    let mut solo = Solo::of(genesis);
    let mut recipe = solo.on_tip();
    recipe.transactions = transactions;
    solo.give(recipe.mined()).unwrap_err().reason
}

fn of_transactions() -> BTreeSet<Reason> {
    let mut small = genesis();
    small.limits.matches = 3;
    small.limits.transaction_bytes = 2_000;
    let mut solo = Solo::of(&small);
    let pool = solo.pool();
    let (anna, boss) = (Player::new(3), Player::new(ORGANISER));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(boss.join(pool, "Boss")).unwrap();
    solo.mine();
    let mut reasons = BTreeSet::new();
    let mut refused = |solo: &mut Solo, transaction| {
        reasons.insert(solo.submit(transaction).unwrap_err().reason);
    };
    let sign = |action| anna.sign(pool, 1, action);
    let schedule = |no, code: &str, kickoff| {
        let fixture = fixture(no, code, kickoff);
        boss.sign(pool, 1, Action::Schedule(actions::Schedule { fixture }))
    };
    let mut double = tips(2, 0);
    if let Action::Bet(actions::Bet { bets: tips }) = &mut double {
        tips[1].match_no = MatchNo(1);
    }
    let mut forged = sign(tips(1, 0));
    forged.signature.0[1] ^= 1;
    let name = bolao_ledger::Name::new("Again").unwrap();
    let started = fixture(3, "Late", Some(START + 9_000));
    let not_hers = fixture(1, "PtCh", None);
    // The identity as a key, and a signature of it that fits every message.
    let mut identity = anna.join(pool, "Anybody");
    identity.body.account.0 = std::array::from_fn(|place| u8::from(place == 0));
    identity.signature.0 = std::array::from_fn(|place| u8::from(place == 0));
    for transaction in [
        forged,
        identity,
        sign(tips(0, 0)),
        sign(tips(129, 0)),
        sign(double),
        sign(Action::Join(actions::Join {
            name,
            invitation: None,
        })),
        sign(tips(4, 0)),
        sign(tips(1, 5_000)),
        sign(tips(2, u64::MAX)),
        sign(Action::Schedule(actions::Schedule { fixture: not_hers })),
        anna.join(pool, "Anna"),
        anna.join(pool, "Anne"),
        anna.bet(pool, 99, 1, 1),
        Player::new(4).bet(pool, 0, 1, 1),
        Player::new(4).join(pool, "anna"),
        Player::new(4).join(pool, "Anna (organiser)"),
        schedule(1, "Other", None),
        schedule(9, "ptch", None),
        schedule(9, "Nine", None),
        schedule(1, "PtCh", Some(START + 5)),
    ] {
        refused(&mut solo, transaction);
    }
    solo.now = at(2_000);
    refused(&mut solo, anna.bet(pool, 1, 3, 1));
    refused(
        &mut solo,
        boss.sign(
            pool,
            1,
            Action::Schedule(actions::Schedule { fixture: started }),
        ),
    );
    solo.submit(anna.bet(pool, 1, 1, 1)).unwrap();
    refused(&mut solo, anna.bet(pool, 1, 1, 2));
    reasons
}

fn of_bounds() -> BTreeSet<Reason> {
    let mut small = genesis();
    small.limits.pending_per_account = 1;
    small.limits.transaction_bytes = 512;
    let config = CoreConfig {
        mempool_transactions: 1,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&small, config);
    let pool = solo.pool();
    let anna = Player::new(3);
    let large = solo.submit(anna.sign(pool, 0, tips(60, 0))).unwrap_err();
    solo.submit(anna.join(pool, "Anna")).unwrap();
    let many = solo.submit(anna.bet(pool, 1, 1, 1)).unwrap_err();
    let full = solo.submit(Player::new(4).join(pool, "Bert")).unwrap_err();
    [large, many, full].iter().map(|it| it.reason).collect()
}

fn of_blocks() -> BTreeSet<Reason> {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let mut reasons = BTreeSet::new();
    let join = Player::new(3).join(pool, "Anna");
    for time in 20..31 {
        solo.now = at(time);
        solo.mine();
    }
    let fine = solo.on_tip();
    let mut unmined = fine.unmined();
    while unmined.header.meets_own_target() {
        unmined.header = unmined.header.with_nonce(unmined.header.nonce + 1);
    }
    let mut other_body = fine.mined();
    other_body.transactions.push(join.clone());
    let twice = Recipe {
        transactions: vec![join.clone(), join.clone()],
        ..fine.clone()
    };
    let recipes = [
        twice,
        Recipe {
            height: 3,
            ..fine.clone()
        },
        Recipe {
            bits: 0x2000_ffff,
            ..fine.clone()
        },
        Recipe {
            time: START + 24,
            ..fine.clone()
        },
        Recipe {
            time: START + 30 + 121,
            ..fine.clone()
        },
        Recipe {
            previous: BlockHash([7; 32]),
            ..fine.clone()
        },
    ];
    let wrong_height = recipes[1].mined().hash();
    let mut blocks: Vec<_> = recipes.iter().map(Recipe::mined).collect();
    blocks.extend([
        unmined,
        other_body,
        chain(wrong_height, 13, 31, 1, 1).remove(0),
    ]);
    for block in blocks {
        reasons.insert(solo.give(block).unwrap_err().reason);
    }
    for block in [solo.mine(), recipes[1].mined()] {
        reasons.insert(solo.give(block).unwrap_err().reason);
    }
    let mut small = genesis();
    small.limits.block_transactions = 1;
    let pool = small.pool_id();
    let joins = |pool| {
        (3..5)
            .map(|it| Player::new(it).join(pool, &it.to_string()))
            .collect()
    };
    reasons.insert(of(&small, joins(pool)));
    small = genesis();
    small.limits.block_bytes = 10_000;
    let pool = small.pool_id();
    let bets = (0..7).map(|it| Player::new(3).sign(pool, it, tips(128, 0)));
    reasons.insert(of(&small, bets.collect()));
    reasons
}

fn of_branches() -> BTreeSet<Reason> {
    let mut solo = Solo::new();
    solo.now = at(200);
    let start = solo.tip();
    let ours = chain(start, 1, 11, 1, 150);
    for block in &ours {
        solo.give(block.clone()).unwrap();
    }
    let deep = Recipe::on(start, 1, 10).mined();
    let weak = solo.give(deep.clone()).unwrap_err().reason;
    solo.handle(Input::Final(FinalBlock {
        block: BlockId {
            height: ours[9].coinbase.height,
            hash: ours[9].hash(),
        },
        certificate: Certificate::default(),
    }));
    let against_final = solo.give(deep).unwrap_err().reason;
    [weak, against_final].into()
}

#[test]
fn each_is_provoked() {
    let mut provoked = of_transactions();
    provoked.extend(of_bounds());
    provoked.extend(of_blocks());
    provoked.extend(of_branches());
    provoked.extend(of_results());
    provoked.extend(of_seals());
    provoked.extend(of_tickets());
    provoked.insert(crate::voting::no_certificate());
    provoked.insert(crate::voting::bad_validators_hash());
    provoked.extend(of_validators());
    provoked.extend(crate::ruled::provoked());
    let mut solo = Solo::new();
    solo.handle(Input::PeerConnected {
        peer: peer("mallory"),
    });
    solo.handle(Input::Gossip {
        peer: peer("mallory"),
        token: 1,
        topic: Topic::Transactions,
        bytes: vec![1],
    });
    provoked.insert(solo.blamed().unwrap().reason);
    let mut to_come = bolao_ledger::encode(&Player::new(3).join(solo.pool(), "Anna"));
    to_come[40] = 254;
    solo.handle(Input::Gossip {
        peer: peer("mallory"),
        token: 2,
        topic: Topic::Transactions,
        bytes: to_come,
    });
    provoked.insert(solo.blamed().unwrap().reason);
    let mut second = genesis();
    second.rules.transfers = false;
    let pool = second.pool_id();
    let to = Player::new(ORGANISER).id();
    let chips = Chips(1);
    let gift = Player::new(3).sign(pool, 0, Action::Transfer(actions::Transfer { to, chips }));
    provoked.insert(of(&second, vec![gift]));
    let all: BTreeSet<Reason> = Reason::all().collect();
    // Genesis bounds chips and stakes such that no chain of a bearable length overflows.
    provoked.insert(Reason::Overflow);
    let missing: Vec<_> = all.difference(&provoked).collect();
    assert!(missing.is_empty(), "not provoked: {missing:?}");
}

#[test]
fn a_ground_header_is_what_it_says() {
    let block = Recipe::on(genesis().pool_id().into(), 1, 10).unmined();
    assert!(grind(block.header).meets_own_target());
}
