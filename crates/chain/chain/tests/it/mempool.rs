//! Queues by nonce, and what is refused.

use bolao_chain::{Accepted, CoreConfig, Event, Input, Topic};
use bolao_ledger::{
    Action, MatchNo, Reason, StateView as _, Text, UnixSeconds, actions, encode,
    item::{Asks, Question},
    table,
};

use crate::pool::{ORGANISER, Player, Solo, at, fixture, genesis, peer};

fn ready(result: Result<Accepted, bolao_chain::Rejection>) -> bool {
    match result.unwrap() {
        Accepted::Transaction { ready, .. } => ready,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_gap_waits_until_it_is_filled() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    assert!(!ready(solo.submit(anna.bet(pool, 2, 1, 2))));
    assert!(!ready(solo.submit(anna.bet(pool, 1, 1, 1))));
    assert!(solo.mine().transactions.is_empty());
    assert!(ready(solo.submit(anna.join(pool, "Anna"))));
    let block = solo.mine();
    let nonces: Vec<u64> = block
        .transactions
        .iter()
        .map(|it| it.body.nonce.0)
        .collect();
    assert_eq!(nonces, [0, 1, 2]);
    assert_eq!(solo.core.pending(), 0);
}

#[test]
fn refusals() {
    let mut genesis = genesis();
    genesis.limits.pending_per_account = 3;
    let mut solo = Solo::of(&genesis);
    let pool = solo.pool();
    let (anna, bert) = (Player::new(3), Player::new(4));
    let join = anna.join(pool, "Anna");
    solo.submit(join.clone()).unwrap();
    let mut refused = |transaction| solo.submit(transaction).unwrap_err().reason;
    assert_eq!(refused(join.clone()), Reason::AlreadyKnown);
    assert_eq!(refused(anna.join(pool, "Other")), Reason::NoncePending);
    assert_eq!(refused(bert.join(pool, "ANNA")), Reason::NameTaken);
    assert_eq!(refused(bert.bet(pool, 0, 1, 1)), Reason::UnknownAccount);
    assert_eq!(refused(anna.bet(pool, 4, 1, 1)), Reason::BadNonce);
    assert_eq!(refused(anna.bet(pool, 1, 99, 1)), Reason::UnknownMatch);
    let mut forged = anna.bet(pool, 1, 1, 1);
    forged.signature.0[0] ^= 1;
    assert_eq!(refused(forged), Reason::BadSignature);
    solo.submit(anna.bet(pool, 1, 1, 1)).unwrap();
    solo.submit(anna.bet(pool, 2, 1, 1)).unwrap();
    let reason = solo.submit(anna.bet(pool, 3, 1, 1)).unwrap_err().reason;
    assert_eq!(reason, Reason::TooManyPending);
    solo.mine();
    assert_eq!(solo.submit(join).unwrap_err().reason, Reason::AlreadyKnown);
    let reason = solo.submit(anna.join(pool, "Third")).unwrap_err().reason;
    assert_eq!(reason, Reason::BadNonce);
}

/// Nobody joins through a node under a name that others could take for another player's, or for more than a name; a block
/// may hold such a joining.
#[test]
fn names_that_mislead_are_not_passed_on() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let (anna, bert) = (Player::new(3), Player::new(4));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    let misleading = ["Аnnа", "Anna (host)", "System", "Anпa", "Αnna"];
    for name in misleading {
        let refused = solo.submit(bert.join(pool, name)).unwrap_err();
        assert_eq!(refused.reason, Reason::MisleadingName, "{name}");
        let refused = solo.rehearse(vec![bert.join(pool, name).body.into()]);
        let refused = refused[0].verdict.as_ref().unwrap_err();
        assert_eq!(refused.reason, Reason::MisleadingName, "{name}");
        solo.handle(Input::Gossip {
            peer: peer("mallory"),
            token: 1,
            topic: Topic::Transactions,
            bytes: encode(&bert.join(pool, name)),
        });
        assert!(solo.blamed().is_none(), "{name}");
    }
    assert_eq!(solo.core.pending(), 1);
    let mut recipe = solo.on_tip();
    let mallory = Player::new(5);
    recipe.transactions = vec![mallory.join(pool, "Bеrt"), anna.join(pool, "Anna")];
    solo.give(recipe.mined()).unwrap();
    let refused = solo.submit(bert.join(pool, "Bert")).unwrap_err();
    assert_eq!(refused.reason, Reason::MisleadingName, "it is taken now");
    solo.submit(bert.join(pool, "Berta")).unwrap();
    solo.submit(mallory.bet(pool, 1, 1, 1)).unwrap();
    solo.mine();
}

#[test]
fn late_tips_are_refused_on_submission_and_void_if_they_waited() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    solo.now = at(999);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(anna.stake(pool, 1, 3, 2, 50)).unwrap();
    solo.now = at(1_000);
    let rejection = solo.submit(anna.bet(pool, 2, 3, 1)).unwrap_err();
    assert_eq!(rejection.reason, Reason::BetAfterKickoff);
    assert!(rejection.message.contains("Late"), "{rejection}");
    let block = solo.mine();
    assert_eq!(block.transactions.len(), 2);
    let snapshot = solo.core.reader().snapshot().unwrap();
    let state = snapshot.memory_state().unwrap();
    assert!(state.table::<table::Bets>().unwrap().is_empty());
    let account = state.account(&anna.id()).unwrap().unwrap();
    assert_eq!(account.chips.0, 1_000);
    let record = snapshot.transaction(&block.transactions[1].id()).unwrap();
    assert_eq!(record.unwrap().void_bets.len(), 1);
}

/// Where betting ends earlier than the match begins, nobody is told that it has kicked off.
#[test]
fn a_bet_that_is_too_late_says_that_betting_has_ended() {
    let mut genesis = genesis();
    genesis.rules.deadline_lead_s = 100;
    let mut solo = Solo::of(&genesis);
    let pool = solo.pool();
    let anna = Player::new(3);
    solo.now = at(950);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    let rejection = solo.submit(anna.bet(pool, 1, 3, 1)).unwrap_err();
    assert_eq!(rejection.reason, Reason::BetAfterKickoff);
    assert_eq!(rejection.message, "betting on match `Late` has ended");
}

/// A node whose clock is slow refuses what the chain it follows would make void.
#[test]
fn a_tip_is_late_by_the_chain_too() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    solo.now = at(1_000);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.mine();
    solo.now = at(990);
    let rejection = solo.submit(anna.bet(pool, 1, 3, 1)).unwrap_err();
    assert_eq!(rejection.reason, Reason::BetAfterKickoff);
    let rehearsed = solo.rehearse(vec![anna.bet(pool, 1, 3, 1).body.into()]);
    let refused = rehearsed[0].verdict.as_ref().unwrap_err();
    assert_eq!(refused.reason, Reason::BetAfterKickoff, "not void");
    solo.submit(anna.bet(pool, 1, 1, 1)).unwrap();
}

#[test]
fn a_full_mempool_refuses_newcomers() {
    let config = CoreConfig {
        mempool_transactions: 4,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&genesis(), config);
    let pool = solo.pool();
    // Those that wait may take a quarter of it.
    solo.submit(Player::new(10).bet(pool, 1, 1, 1)).unwrap();
    let reason = solo.submit(Player::new(11).bet(pool, 1, 1, 1)).unwrap_err();
    assert_eq!(reason.reason, Reason::MempoolFull);
    for seed in 20..23 {
        let name = format!("Player {seed}");
        solo.submit(Player::new(seed).join(pool, &name)).unwrap();
    }
    let reason = solo
        .submit(Player::new(30).join(pool, "One more"))
        .unwrap_err();
    assert_eq!(reason.reason, Reason::MempoolFull);
    solo.mine();
    solo.submit(Player::new(30).join(pool, "One more")).unwrap();
}

#[test]
fn what_expired_is_left_out_of_templates_and_dropped_at_the_next_tip() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let boss = Player::new(ORGANISER);
    solo.submit(boss.join(pool, "Boss")).unwrap();
    let fixture = fixture(9, "Nine", Some(crate::pool::START + 20));
    solo.submit(boss.sign(pool, 1, Action::Schedule(actions::Schedule { fixture })))
        .unwrap();
    solo.now = at(30);
    let block = solo.mine();
    assert_eq!(block.transactions.len(), 1);
    assert_eq!(solo.core.pending(), 0);
}

#[test]
fn templates_keep_to_the_limits() {
    let mut genesis = genesis();
    genesis.limits.block_transactions = 3;
    let mut solo = Solo::of(&genesis);
    let pool = solo.pool();
    for seed in 20..25 {
        let name = format!("Player {seed}");
        solo.submit(Player::new(seed).join(pool, &name)).unwrap();
    }
    assert_eq!(solo.mine().transactions.len(), 3);
    assert_eq!(solo.mine().transactions.len(), 2);
}

#[test]
fn the_template_is_what_a_miner_needs() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    for seed in 20..24 {
        let name = format!("Player {seed}");
        solo.submit(Player::new(seed).join(pool, &name)).unwrap();
    }
    let miner = Player::new(1).id();
    let template = solo.core.template(solo.now, miner, b"hello").unwrap();
    let extra_nonce = [7; 16];
    let root = template.job.merkle_root(&extra_nonce);
    let block = template.block(template.header(), extra_nonce);
    assert_eq!(bolao_ledger::merkle_root(&block.leaves()), root);
    let target = template.header().target().to_le_bytes();
    assert_eq!(target, template.job.target);
    assert_eq!(u64::from(template.job.max_time), solo.now.unix.0 + 120);
}

#[test]
fn what_waits_too_long_is_given_up_and_peers_do_not_bring_it_back() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    let late = anna.bet(pool, 1, 1, 1);
    solo.submit(late.clone()).unwrap();
    solo.now.mono_ms += 300_000;
    solo.submit(anna.bet(pool, 2, 1, 2)).unwrap();
    solo.mine();
    solo.now.mono_ms += 299_999;
    solo.handle(Input::Tick);
    assert_eq!(solo.core.pending(), 2);
    solo.now.mono_ms += 1;
    solo.handle(Input::Tick);
    let dropped = solo
        .events()
        .filter(|it| matches!(it, Event::TransactionDropped { .. }));
    assert_eq!(dropped.count(), 2);
    let snapshot = solo.core.reader().snapshot().unwrap();
    assert_eq!(
        (solo.core.pending(), snapshot.pending_count().unwrap()),
        (0, 0)
    );
    let gossip = |solo: &mut Solo| {
        solo.handle(Input::PeerConnected {
            peer: peer("other"),
        });
        solo.handle(Input::Gossip {
            peer: peer("other"),
            token: 1,
            topic: Topic::Transactions,
            bytes: encode(&late),
        });
        assert!(solo.blamed().is_none());
        solo.core.pending()
    };
    assert_eq!(gossip(&mut solo), 0);
    solo.now.mono_ms += 3_600_000;
    solo.handle(Input::Tick);
    assert_eq!(gossip(&mut solo), 1);
    // What follows on is welcome from anybody.
    solo.now.mono_ms += 600_000;
    solo.handle(Input::Tick);
    assert_eq!(solo.core.pending(), 0);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    assert_eq!(gossip(&mut solo), 2);
}

#[test]
fn strangers_hold_a_small_share() {
    let config = CoreConfig {
        mempool_transactions: 64,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&genesis(), config);
    let pool = solo.pool();
    let anna = Player::new(3);
    solo.submit(anna.join(pool, "Anna")).unwrap();
    for seed in 20..24 {
        solo.submit(Player::new(seed).bet(pool, 1, 1, 1)).unwrap();
    }
    let refused = solo.submit(Player::new(24).bet(pool, 1, 1, 1)).unwrap_err();
    assert_eq!(refused.reason, Reason::MempoolFull);
    for nonce in 2..14 {
        assert!(!ready(solo.submit(anna.bet(pool, nonce, 1, 1))));
    }
    // Four and twelve are a quarter of the room.
    let refused = solo.submit(anna.bet(pool, 14, 1, 1)).unwrap_err();
    assert_eq!(refused.reason, Reason::MempoolFull);
    // Who joins makes room for another stranger.
    solo.submit(Player::new(20).join(pool, "Zoe")).unwrap();
    solo.submit(Player::new(24).bet(pool, 1, 1, 1)).unwrap();
}

#[test]
fn miners_are_told_at_once_when_something_waits_and_then_once_a_second() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let told = |solo: &Solo| {
        let is_told = |it: &&Event| matches!(it, Event::TemplateStale);
        solo.events().filter(is_told).count()
    };
    solo.submit(Player::new(20).join(pool, "20")).unwrap();
    assert_eq!(told(&solo), 1);
    for seed in 21..25 {
        solo.submit(Player::new(seed).join(pool, &seed.to_string()))
            .unwrap();
        assert_eq!(told(&solo), 0);
    }
    solo.now.mono_ms += 999;
    solo.handle(Input::Tick);
    assert_eq!(told(&solo), 0);
    solo.now.mono_ms += 1;
    solo.handle(Input::Tick);
    assert_eq!(told(&solo), 1);
    solo.now.mono_ms += 1_000;
    solo.handle(Input::Tick);
    assert_eq!(told(&solo), 0);
    solo.mine();
    assert_eq!(told(&solo), 1);
    solo.submit(Player::new(30).join(pool, "30")).unwrap();
    assert_eq!(told(&solo), 1);
}

/// An organiser adds a match that was played already, to begin in a moment: a bet on it is refused, with why.
#[test]
fn a_tip_on_a_match_that_was_added_too_late_is_refused() {
    let mut genesis = genesis();
    genesis.rules.notice_s = 600;
    let mut solo = Solo::of(&genesis);
    let (pool, anna, organiser) = (solo.pool(), Player::new(3), Player::new(ORGANISER));
    let added = Action::Schedule(actions::Schedule {
        fixture: fixture(9, "New", Some(crate::pool::START + 99)),
    });
    for transaction in [
        anna.join(pool, "Anna"),
        organiser.join(pool, "Olga"),
        organiser.sign(pool, 1, added),
    ] {
        solo.submit(transaction).unwrap();
    }
    solo.mine();
    let rejection = solo.submit(anna.bet(pool, 1, 9, 1)).unwrap_err();
    assert_eq!(rejection.reason, Reason::BetAfterKickoff);
    assert!(
        rejection.message.contains("no bet on match `New` counts"),
        "{rejection}"
    );
}

/// What looks like something else to choose from is not passed on, whoever organises.
#[test]
fn what_organisers_name_so_that_it_misleads_is_refused() {
    let mut genesis = genesis();
    genesis.rules.notice_s = 600;
    let mut solo = Solo::of(&genesis);
    let (pool, organiser) = (solo.pool(), Player::new(ORGANISER));
    solo.submit(organiser.join(pool, "Olga")).unwrap();
    let asked = |no: u16, code: &str, text: &str, options: [&str; 2]| {
        Action::Question(actions::Question {
            question: Box::new(Question {
                no: MatchNo(no),
                code: code.parse().unwrap(),
                text: Text::new(text).unwrap(),
                closes: UnixSeconds(crate::pool::START + 2_000),
                points: 5,
                slots: 1,
                asks: Asks::Choice {
                    options: options.map(|it| Text::new(it).unwrap()).into(),
                    misplaced: None,
                    perfect: 0,
                },
            }),
        })
    };
    let match_of = |no: u16, code: &str, home: &str| {
        let mut fixture = fixture(no, code, Some(crate::pool::START + 2_000));
        fixture.home.name = Text::new(home).unwrap();
        Action::Schedule(actions::Schedule { fixture })
    };
    for (nonce, act) in [
        (
            1,
            asked(0x4000, "champion", "Who wins?", ["Brazil", "Spain"]),
        ),
        (2, match_of(9, "Nine", "Brazil")),
    ] {
        solo.submit(organiser.sign(pool, nonce, act)).unwrap();
    }
    let misleading = [
        asked(0x4001, "other", "Who else?", ["Brazil", "Br\u{430}zil"]),
        asked(0x4001, "other", "Who else?", ["Brazil", "Brazi1"]),
        asked(0x4001, "other", "Wh\u{43e} wins?", ["Brazil", "Spain"]),
        asked(0x4001, "other", "who wins", ["Brazil", "Spain"]),
        asked(0x4001, "champi0n", "Who else?", ["Brazil", "Spain"]),
        match_of(10, "Ten", "Br\u{430}zil"),
    ];
    let look = |solo: &mut Solo| {
        for act in &misleading {
            let refused = solo.submit(organiser.sign(pool, 3, act.clone()));
            assert_eq!(
                refused.unwrap_err().reason,
                Reason::MisleadingName,
                "{act:?}"
            );
        }
    };
    look(&mut solo);
    solo.mine();
    look(&mut solo);
    // A team is the same in whatever case, and what stands may be signed again under its number.
    for (nonce, act) in [
        (3, match_of(10, "Ten", "BRAZIL")),
        (4, match_of(9, "Nine", "Br\u{430}sil")),
        (
            5,
            asked(0x4001, "second", "Who comes second?", ["Brazil", "Spain"]),
        ),
    ] {
        solo.submit(organiser.sign(pool, nonce, act)).unwrap();
    }
    solo.mine();
}
