//! Bets that wait past their deadline while the validators are away.

use bolao_chain::{CoreConfig, lateness};
use bolao_ledger::StateView as _;
use bolao_store::NoticedChange;

use super::{check, doubt::introduce, height, join, validators};
use crate::pool::Player;

#[test]
fn a_bet_that_waited_past_its_kickoff_is_void_and_holds_nothing_up() {
    let mut sim = validators(1, 40);
    let pool = sim.genesis().pool_id();
    let friend = sim.add(CoreConfig::default());
    sim.connect_all();
    sim.submit(friend, join(&sim, 1));
    assert!(sim.run_until(10_000, |sim| height(sim, friend) == 1));

    sim.crash(0);
    let bert = Player::new(1);
    sim.submit(friend, bert.bet(pool, 1, 3, 2));
    sim.run_ms(1_100_000);
    sim.restart(0);
    sim.connect_all();
    introduce(&mut sim, friend);
    sim.submit(friend, bert.bet(pool, 2, 1, 1));
    let settled = sim.run_until(30_000, |sim| sim.core(friend).pending() == 0);
    assert!(settled, "{}", sim.state());

    let snapshot = sim.core(0).reader().snapshot().unwrap();
    let account = snapshot.account(&bert.id()).unwrap().unwrap();
    assert_eq!(account.next_nonce.0, 3);
    let late = snapshot.transaction(&bert.bet(pool, 1, 3, 2).id()).unwrap();
    assert_eq!(late.unwrap().void_bets.len(), 1);

    // Its node tells it, and no other node does.
    let told = |node: usize| {
        let snapshot = sim.core(node).reader().snapshot().unwrap();
        let notices = snapshot.notices(None, 9).unwrap().into_iter();
        let void = notices.filter_map(|(_, notice)| match notice.change {
            NoticedChange::Void { about, late, .. } => Some((about.no.0, late)),
            _ => None,
        });
        void.collect::<Vec<_>>()
    };
    assert_eq!(told(friend), [(3, true)]);
    assert_eq!(told(0), []);
    check(&sim);
}

/// The only validator is away over a kick-off; she comes back with a clock that is behind, bets, and leaves a friend's bet out.
#[test]
fn who_waited_alone_for_the_validator_tells_that_she_dated_a_block_back() {
    for cheats in [true, false] {
        let mut sim = validators(1, 41);
        let pool = sim.genesis().pool_id();
        let friend = sim.add(CoreConfig::default());
        sim.connect_all();
        sim.submit(friend, join(&sim, 1));
        sim.submit(0, join(&sim, 2));
        assert!(sim.run_until(10_000, |sim| sim.core(friend).pending() == 0
            && sim.core(0).pending() == 0));

        sim.crash(0);
        sim.run_ms(1_000);
        sim.submit(friend, Player::new(1).bet(pool, 1, 3, 2));
        sim.run_ms(1_100_000);
        if cheats {
            sim.set_clock(0, -1_090);
        }
        sim.restart(0);
        if cheats {
            sim.submit(0, Player::new(2).bet(pool, 1, 3, 2));
            sim.run_ms(5_000);
            sim.set_clock(0, 0);
        }
        sim.connect_all();
        introduce(&mut sim, friend);
        assert!(
            sim.run_until(60_000, |sim| sim.core(friend).pending() == 0),
            "{}",
            sim.state()
        );

        let reader = sim.core(friend).reader();
        let snapshot = reader.snapshot().unwrap();
        let dated = snapshot.notices(None, 9).unwrap();
        let dated = dated
            .iter()
            .any(|(_, it)| matches!(it.change, NoticedChange::Dated { .. }));
        let found = lateness(&snapshot, sim.genesis()).unwrap();
        assert_eq!((dated, found.late > 0), (cheats, cheats), "{found:?}");
        let scores = found.blocks.iter().flat_map(|block| &block.bets);
        assert_eq!(scores.count(), usize::from(cheats));
    }
}

/// A player has two machines with the same words. One is away over a kick-off with a bet; the other one's bet takes its place in a block.
#[test]
fn whose_bet_gave_way_to_the_other_machine_accuses_nobody() {
    for with_others in [false, true] {
        let mut sim = validators(1, 43);
        let pool = sim.genesis().pool_id();
        let away = sim.add(CoreConfig::default());
        sim.connect_all();
        sim.submit(away, join(&sim, 1));
        sim.submit(0, join(&sim, 2));
        assert!(sim.run_until(10_000, |sim| sim.core(away).pending() == 0
            && sim.core(0).pending() == 0));

        sim.disconnect(0, away);
        sim.run_ms(1_000);
        sim.submit(away, Player::new(1).bet(pool, 1, 3, 2));
        sim.submit(away, Player::new(1).bet(pool, 2, 3, 3));
        sim.run_ms(5_000);
        sim.submit(0, Player::new(1).bet(pool, 1, 3, 5));
        if with_others {
            sim.submit(0, Player::new(2).bet(pool, 1, 3, 1));
        }
        sim.run_ms(1_100_000);
        sim.connect(0, away);
        assert!(sim.run_until(60_000, |sim| sim.tip(away) == sim.tip(0)));
        sim.run_ms(5_000);

        let reader = sim.core(away).reader();
        let snapshot = reader.snapshot().unwrap();
        let told = snapshot.notices(None, 9).unwrap();
        let dated = |change: &NoticedChange| matches!(change, NoticedChange::Dated { .. });
        assert!(!told.iter().any(|(_, it)| dated(&it.change)), "{told:?}");
        assert_eq!(lateness(&snapshot, sim.genesis()).unwrap().late, 0);
    }
}
