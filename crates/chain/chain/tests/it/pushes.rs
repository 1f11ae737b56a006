//! What is sent unasked, and how much of it at once; and what comparing mempools costs.

use bolao_chain::{CoreConfig, Event, Input, Item, Request, RequestFailure, Response};
use bolao_ledger::{Transaction, TxId};

use crate::{
    pool::{Player, Solo, peer},
    stage::Stage,
};

fn pushed(request: &Request) -> Option<&[Transaction]> {
    match request {
        Request::PushTransactions(transactions) => Some(transactions),
        _ => None,
    }
}

fn is_push(request: &Request) -> bool {
    pushed(request).is_some()
}

/// A core with a peer on its tip.
fn with_peers(names: &[&str]) -> Stage {
    let mut stage = Stage::new(Solo::new());
    for name in names {
        let tip = stage.solo.core.tip();
        let status = stage.status(tip.hash, tip.height.0, tip.work);
        stage.join(name, status);
    }
    stage
}

fn submit(stage: &mut Stage, players: std::ops::Range<u8>) -> Vec<TxId> {
    let pool = stage.solo.pool();
    players
        .map(|seed| {
            let transaction = Player::new(seed).join(pool, &format!("Player {seed}"));
            let id = transaction.id();
            stage.input(Input::submit(1, transaction));
            id
        })
        .collect()
}

fn delivered(stage: &Stage, name: &str) -> Vec<TxId> {
    let to = peer(name);
    stage
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Delivered {
                item: Item::Transaction(id),
                peer,
            } if *peer == to => Some(*id),
            _ => None,
        })
        .collect()
}

#[test]
fn bursts_wait_for_confirmation_and_go_together() {
    let mut stage = with_peers(&["slow"]);
    let ids = submit(&mut stage, 20..60);
    let waiting = stage.sent.iter().filter(|it| is_push(&it.2)).count();
    assert_eq!(waiting, 3);
    let mut requests = 0;
    while let Some((id, _)) = stage.asked("slow", is_push) {
        stage.answer("slow", id, Ok(Response::Ack));
        requests += 1;
    }
    assert_eq!(requests, 4, "what waited goes in one request");
    assert_eq!(delivered(&stage, "slow"), ids);
}

#[test]
fn requests_keep_below_what_the_network_allows() {
    let names: Vec<String> = (0..64).map(|it| format!("peer {it}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut stage = with_peers(&names);
    submit(&mut stage, 20..60);
    let join = stage.solo.mine();
    let _ = join;
    stage.input(Input::SyncNow {
        token: 1,
        peers: Vec::new(),
    });
    let config = CoreConfig::default();
    for _ in 0..8 {
        stage.tick_ms(250);
        assert!(stage.sent.len() <= config.requests_in_all);
        for name in &names {
            let to = peer(name);
            let count = stage.sent.iter().filter(|it| it.0 == to).count();
            assert!(count <= config.requests_per_peer, "{count} to {name}");
        }
    }
    // However slow the others are, everybody is asked for its status in time.
    for _ in 0..80 {
        let Some(at) = stage.sent.iter().position(|it| !is_push(&it.2)) else {
            break;
        };
        let (to, id, _) = stage.sent.remove(at);
        let name = to.0.to_string();
        stage.answer(&name, id, Err(RequestFailure::Remote));
    }
    assert_eq!(stage.ended, [1]);
}

#[test]
fn a_push_that_was_not_sent_goes_later() {
    let mut stage = with_peers(&["other"]);
    let ids = submit(&mut stage, 20..21);
    let (id, _) = stage.asked("other", is_push).unwrap();
    stage.answer("other", id, Err(RequestFailure::Local));
    assert!(stage.asked("other", is_push).is_none());
    stage.tick_ms(250);
    let (id, request) = stage.asked("other", is_push).unwrap();
    assert_eq!(pushed(&request).unwrap()[0].id(), ids[0]);
    stage.answer("other", id, Ok(Response::Ack));
    assert_eq!(delivered(&stage, "other"), ids);
}

#[test]
fn ever_other_digests_draw_nothing_out_of_us() {
    let mut stage = Stage::new(Solo::new());
    submit(&mut stage, 20..60);
    stage.connect("mallory");
    let mut asked = 0;
    for step in 0..100_u8 {
        let tip = stage.solo.core.tip();
        let mut status = stage.status(tip.hash, tip.height.0, tip.work);
        status.pending_digest = [step + 1; 32];
        stage.input(Input::Request {
            peer: peer("mallory"),
            token: 1,
            request: Request::Status(status),
        });
        while let Some((id, _)) = stage.asked("mallory", |it| matches!(it, Request::PendingIds {}))
        {
            stage.answer("mallory", id, Ok(Response::PendingIds(Vec::new())));
            asked += 1;
        }
        stage.tick_ms(100);
    }
    assert!(asked <= 10, "asked {asked} times in ten seconds");
    assert!(!stage.sent.iter().any(|it| is_push(&it.2)));
}

#[test]
fn what_is_lacking_is_asked_for_in_parts() {
    let mut stage = with_peers(&["other"]);
    let is_ids = |it: &Request| matches!(it, Request::PendingIds {});
    let tip = stage.solo.core.tip();
    let mut status = stage.status(tip.hash, tip.height.0, tip.work);
    status.pending_digest = [1; 32];
    stage.input(Input::Request {
        peer: peer("other"),
        token: 1,
        request: Request::Status(status),
    });
    let (id, _) = stage.asked("other", is_ids).unwrap();
    let ids = (0..1_500_u64).map(|it| TxId(bolao_ledger::sha256d(&it.to_le_bytes())));
    stage.answer("other", id, Ok(Response::PendingIds(ids.collect())));
    let mut parts = Vec::new();
    while let Some((id, request)) =
        stage.asked("other", |it| matches!(it, Request::Transactions { .. }))
    {
        if let Request::Transactions { ids } = request {
            parts.push(ids.len());
        }
        stage.answer("other", id, Ok(Response::Transactions(Vec::new())));
    }
    assert_eq!(parts, [1_024, 476]);
}

/// Has a peer on the tip say that this waits there.
fn says_digest(stage: &mut Stage, name: &str, digest: [u8; 32]) {
    let tip = stage.solo.core.tip();
    let mut status = stage.status(tip.hash, tip.height.0, tip.work);
    status.pending_digest = digest;
    stage.input(Input::Request {
        peer: peer(name),
        token: 1,
        request: Request::Status(status),
    });
}

#[test]
fn what_a_comparison_brought_is_pushed_to_those_who_may_lack_it() {
    let mut stage = with_peers(&["from", "lacks it", "has it"]);
    for name in ["from", "has it"] {
        says_digest(&mut stage, name, [1; 32]);
    }
    let new = Player::new(20).join(stage.solo.pool(), "Player 20");
    let is_ids = |it: &Request| matches!(it, Request::PendingIds {});
    let (id, _) = stage.asked("from", is_ids).unwrap();
    let ids = Ok(Response::PendingIds(vec![new.id()]));
    stage.answer("from", id, ids);
    let is_wanted = |it: &Request| matches!(it, Request::Transactions { .. });
    let (id, _) = stage.asked("from", is_wanted).unwrap();
    stage.answer("from", id, Ok(Response::Transactions(vec![new.clone()])));
    let (_, request) = stage.asked("lacks it", is_push).unwrap();
    assert_eq!(pushed(&request), Some([new].as_slice()));
    assert!(!stage.sent.iter().any(|it| is_push(&it.2)));
}

#[test]
fn who_is_asked_from_another_tip_is_told_the_new_one_at_once() {
    let mut stage = with_peers(&["other"]);
    let is_status = |it: &Request| matches!(it, Request::Status(_));
    stage.tick_ms(60_000);
    let (id, _) = stage.asked("other", is_status).unwrap();
    stage.tick_ms(10);
    stage.solo.mine();
    stage.input(Input::Tick);
    stage.tick_ms(10);
    let tip = stage.solo.core.tip();
    let mut status = stage.status(tip.hash, tip.height.0, tip.work);
    status.pending_digest = [1; 32];
    stage.answer("other", id, Ok(Response::Status(status)));
    stage.input(Input::Tick);
    let (_, request) = stage.asked("other", is_status).unwrap();
    assert!(matches!(request, Request::Status(it) if it.tip == tip.block));
}
