//! How long what was dealt is kept, and how it reaches who was away.

use super::*;

fn open_for(sim: &Sim, by: u8, nonce: u64, player: u8) -> Transaction {
    let pool = sim.genesis().pool_id();
    let openings = vec![opening(1)];
    let player = Player::new(player).id();
    Player::new(by).sign(
        pool,
        nonce,
        Action::OpenFor(actions::OpenFor { player, openings }),
    )
}

#[test]
fn a_node_keeps_it_over_a_power_cut_and_passes_it_on_to_who_comes_later() {
    let mut sim = keepers(4, 20);
    let bet = seal(&sim, 1, 1);
    sim.submit(4, bet);
    sim.run_ms(3_000);
    sim.crash(3);
    let deal = dealt(&sim, 1, 1, 0, &keys(4));
    let id = deal.body.seal();
    // The player's node takes it while it is alone, and loses power at once.
    sim.partition(&[4]);
    give(&mut sim, 4, deal).unwrap();
    sim.crash(4);
    sim.heal();
    sim.restart(4);
    sim.connect_all();
    sim.run_ms(5_000);
    assert_eq!(kept(&sim, 0, &id).unwrap().receipts.len(), 3);
    sim.restart(3);
    sim.connect_all();
    sim.run_ms(5_000);
    for node in 0..5 {
        assert_eq!(kept(&sim, node, &id).unwrap().receipts.len(), 4);
    }
    // A keeper that was away at the kick-off gives its share when it is back.
    sim.crash(3);
    until_begun(&mut sim, 30);
    sim.restart(3);
    sim.connect_all();
    sim.run_ms(10_000);
    assert_eq!(kept(&sim, 0, &id).unwrap().shares.len(), 4);
}

/// The seal is known to the peer only after the deal.
#[test]
fn what_cannot_be_taken_yet_is_asked_for_again() {
    let mut sim = keepers(3, 21);
    sim.deaf.insert(0);
    let bet = seal(&sim, 1, 1);
    sim.partition(&[1, 2]);
    sim.submit(3, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(3));
    give(&mut sim, 3, deal.clone()).unwrap();
    sim.run_ms(5_000);
    assert_eq!(kept(&sim, 0, &deal.body.seal()), None);
    sim.heal();
    sim.run_ms(75_000);
    for node in 0..4 {
        let kept = kept(&sim, node, &deal.body.seal()).unwrap();
        assert_eq!(kept.receipts.len(), 3, "node {node}");
    }
    check(&sim);
}

#[test]
fn it_is_forgotten_once_the_seal_is_opened_replaced_or_too_old() {
    let mut sim = keepers(3, 22);
    for (player, nonce) in [(2, 0), (3, 0)] {
        let join = join(&sim, player);
        assert_eq!(join.body.nonce.0, nonce);
        sim.submit(3, join);
    }
    let mut seals = Vec::new();
    for player in 1..=3 {
        let bet = seal(&sim, player, 1);
        sim.submit(3, bet);
        let deal = dealt(&sim, player, 1, 0, &keys(3));
        seals.push(deal.body.seal());
        give(&mut sim, 3, deal).unwrap();
    }
    sim.run_ms(3_000);
    // The third player bets anew.
    let bet = seal(&sim, 3, 2);
    sim.submit(3, bet);
    sim.run_ms(5_000);
    let there = |sim: &Sim| {
        let there = seals.iter().map(|seal| {
            let kept: Vec<bool> = (0..4).map(|node| kept(sim, node, seal).is_some()).collect();
            assert!(kept.iter().all(|it| *it == kept[0]), "{kept:?}");
            kept[0]
        });
        there.collect::<Vec<_>>()
    };
    assert_eq!(there(&sim), [true, true, false]);
    until_begun(&mut sim, 10);
    // Anybody opens for the first player.
    let open = open_for(&sim, 2, 2, 1);
    sim.submit(3, open);
    sim.run_ms(5_000);
    assert_eq!(there(&sim), [false, true, false]);
    until_begun(&mut sim, WINDOW_S.into());
    // A block that shows that the window is over.
    let join = join(&sim, 4);
    sim.submit(3, join);
    sim.run_ms(10_000);
    assert_eq!(there(&sim), [false, false, false]);
    check(&sim);
}

/// Waiting for a kick-off that is far away costs next to nothing.
#[test]
fn a_quiet_node_sleeps() {
    let mut sim = keepers(3, 23);
    let bet = seal(&sim, 1, 1);
    sim.submit(3, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(3));
    give(&mut sim, 3, deal).unwrap();
    sim.run_ms(10_000);
    let before = sim.requests();
    sim.run_ms(600_000);
    let asked = sim.requests() - before;
    // Each of four asks each of three others once a minute, beside what they say anyway.
    assert!(asked < 10 * 12 * 2, "{asked}");
}
