//! Bets that wait past their deadline while the validators are away.

use bolao_chain::CoreConfig;
use bolao_ledger::StateView as _;
use bolao_store::NoticedChange;

use super::{check, height, join, validators};
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
            NoticedChange::Void { game, late, .. } => Some((game.no.0, late)),
            _ => None,
        });
        void.collect::<Vec<_>>()
    };
    assert_eq!(told(friend), [(3, true)]);
    assert_eq!(told(0), []);
    check(&sim);
}
