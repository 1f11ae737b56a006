//! A peer that would have a node do nothing but ask it.

use bolao_chain::{MAX_KEPT_IDS, Request, Response};
use bolao_ledger::{AccountId, actions};

use super::*;
use crate::{pool::Solo, stage::Stage};

type Ids = Vec<(SealId, [u8; 32])>;

/// A node of a pool with keepers, with so many seals that wait for a block.
fn stage(seals: u8) -> (Stage, Vec<SealId>) {
    let mut solo = Solo::with(&sealed_pool(3), CoreConfig::default());
    let pool = solo.pool();
    solo.submit(Player::new(1).join(pool, "Ana")).unwrap();
    let mut all = Vec::new();
    for nonce in 1..=seals {
        let seal = seal_of(pool, 1, nonce.into(), opening(nonce));
        let Action::Seal(actions::Seal { bets }) = &seal.body.action else {
            panic!("a seal");
        };
        all.push(SealId {
            match_no: bets[0].match_no,
            account: seal.body.account,
            commitment: bets[0].commitment,
        });
        solo.submit(seal).unwrap();
    }
    all.sort_unstable();
    (Stage::new(solo), all)
}

/// As many as a page has, of which only the first may be a seal.
fn page(first: SealId) -> Ids {
    let invented = |no: usize| {
        let mut seal = first;
        let number = u32::try_from(no).unwrap().to_be_bytes();
        seal.commitment[28..].copy_from_slice(&number);
        seal.commitment[27] = seal.commitment[27].checked_add(1).unwrap();
        (seal, [8; 32])
    };
    let invented = (1..MAX_KEPT_IDS).map(invented);
    std::iter::once((first, [8; 32])).chain(invented).collect()
}

fn is_ids(request: &Request) -> bool {
    matches!(request, Request::KeptIds { .. })
}

fn is_kept(request: &Request) -> bool {
    matches!(request, Request::Kept { .. })
}

fn join_in(stage: &mut Stage, name: &str) {
    let tip = stage.solo.tip();
    let work = bolao_ledger::Work::from_be_bytes([0; 32]);
    let status = stage.status(tip, 0, work);
    stage.join(name, status);
    stage.tick_ms(2_000);
}

#[test]
fn a_peer_that_names_seals_and_gives_none_leaves_room_to_ask_others() {
    let (mut stage, seals) = stage(63);
    join_in(&mut stage, "mallory");
    for seal in seals {
        let Some((id, _)) = stage.asked("mallory", is_ids) else {
            break;
        };
        stage.answer("mallory", id, Ok(Response::KeptIds(page(seal))));
    }
    assert!(stage.asked("mallory", is_kept).is_some());
    assert!(stage.asked("mallory", is_kept).is_none(), "one at a time");
    stage.connect("bob");
    let asked = stage.asked("bob", |request| matches!(request, Request::Status(_)));
    assert!(asked.is_some());
}

#[test]
fn the_next_page_is_asked_for_after_what_was_wanted_of_the_last() {
    let (mut stage, seals) = stage(2);
    join_in(&mut stage, "mallory");
    let (id, _) = stage.asked("mallory", is_ids).unwrap();
    let ids = page(seals[0]);
    let last = ids.last().unwrap().0;
    stage.answer("mallory", id, Ok(Response::KeptIds(ids)));
    assert!(stage.asked("mallory", is_ids).is_none());
    let (id, wanted) = stage.asked("mallory", is_kept).unwrap();
    let seals = vec![seals[0]];
    assert_eq!(wanted, Request::Kept { seals });
    stage.answer("mallory", id, Ok(Response::Kept(Vec::new())));
    let (_, next) = stage.asked("mallory", is_ids).unwrap();
    assert_eq!(next, Request::KeptIds { after: Some(last) });
}

/// To look one up costs more than to invent it.
#[test]
fn a_peer_that_names_seals_that_are_none_is_not_asked_on() {
    let (mut stage, _) = stage(1);
    join_in(&mut stage, "mallory");
    let mut pages = 0;
    while let Some((id, _)) = stage.asked("mallory", is_ids) {
        pages += 1;
        let first = SealId {
            match_no: MatchNo(100 + pages),
            account: AccountId([7; 32]),
            commitment: [1; 32],
        };
        stage.answer("mallory", id, Ok(Response::KeptIds(page(first))));
    }
    assert!(pages <= 3, "{pages}");
    // A minute later it may have something else to say.
    stage.tick_ms(61_000);
    assert!(stage.asked("mallory", is_ids).is_some());
}

/// A keeper whose clock was behind has not looked since. A push of what it knows is no reason to.
#[test]
fn what_is_known_already_is_no_reason_to_look() {
    let mut sim = keepers(4, 44);
    let elsewhere = Opening {
        match_no: MatchNo(1),
        ..opening(2)
    };
    let pool = sim.genesis().pool_id();
    let bets = [seal(&sim, 1, 1), seal_of(pool, 1, 2, elsewhere)];
    for bet in bets {
        sim.submit(4, bet);
    }
    let due = dealt(&sim, 1, 1, 0, &keys(4));
    let later = deal_of(&sim, 1, elsewhere, 0, &keys(4), 9);
    for deal in [&due, &later] {
        give(&mut sim, 4, deal.clone()).unwrap();
    }
    sim.run_ms(3_000);
    sim.set_clock(3, -40);
    until_begun(&mut sim, 10);
    let (due, later) = (due.body.seal(), later.body.seal());
    let known = kept(&sim, 3, &later).unwrap();
    assert_eq!(known.receipts.len(), 4);
    let own = |sim: &Sim| !kept(sim, 3, &due).unwrap().shares.is_empty();
    assert!(!own(&sim));
    sim.set_clock(3, 0);
    super::attacks::push(&mut sim, 0, 3, known);
    assert!(!own(&sim));
    sim.run_ms(60_000);
    assert!(own(&sim));
    check(&sim);
}
