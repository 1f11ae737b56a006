//! Peers that are told nothing of the pool, since they have not shown that their players may look.

use bolao_chain::{Input, Request, RequestFailure, Response, Status};
use bolao_ledger::encode;

use crate::{
    pool::{Player, Solo, peer},
    stage::Stage,
};

fn meet(stage: &mut Stage, name: &str) {
    stage.input(Input::StrangerConnected { peer: peer(name) });
}

/// The requests that were sent to a peer.
fn sent_to(stage: &Stage, name: &str) -> Vec<Request> {
    let to = peer(name);
    let all = stage.sent.iter().filter(|(peer, ..)| *peer == to);
    all.map(|(.., request)| request.clone()).collect()
}

/// What may not be sent to a stranger.
fn tells(stage: &Stage, name: &str) -> usize {
    let all = sent_to(stage, name).into_iter();
    all.filter(|request| request.clone().for_stranger().is_none())
        .count()
}

fn submit(stage: &mut Stage, seed: u8) {
    let join = Player::new(seed).join(stage.solo.pool(), &format!("Player {seed}"));
    stage.input(Input::submit(1, join));
}

fn says(stage: &mut Stage, name: &str, status: Status) {
    let request = Request::Status(status);
    stage.input(Input::Request {
        peer: peer(name),
        token: 9,
        request,
    });
}

#[test]
fn a_stranger_is_pushed_nothing_until_it_is_none() {
    let mut stage = Stage::new(Solo::new());
    meet(&mut stage, "stranger");
    stage.connect("friend");
    submit(&mut stage, 20);
    let block = Box::new(stage.solo.on_tip().mined());
    stage.input(Input::Mined { token: 2, block });
    for _ in 0..100 {
        stage.tick_ms(1_000);
        if let Some((id, _)) = stage.asked("friend", |it| it.clone().for_stranger().is_none()) {
            stage.answer("friend", id, Ok(Response::Ack));
        }
    }
    assert_eq!(tells(&stage, "stranger"), 0, "{:?}", stage.sent);
    assert!(stage.sent.iter().any(|(to, ..)| *to == peer("stranger")));

    stage.connect("stranger");
    submit(&mut stage, 21);
    stage.tick_ms(1_000);
    assert_eq!(tells(&stage, "stranger"), 1);
}

#[test]
fn what_a_stranger_has_is_fetched_and_goes_on_once_it_is_none() {
    let mut others = Solo::new();
    let blocks: Vec<_> = (0..3).map(|_| others.mine()).collect();
    let tip = others.core.tip();
    let mut stage = Stage::new(Solo::new());
    let status = stage.status(tip.hash, tip.height.0, tip.work);
    meet(&mut stage, "stranger");
    says(&mut stage, "stranger", status);
    let is_headers = |it: &Request| matches!(it, Request::Headers { .. });
    let (id, _) = stage.asked("stranger", is_headers).unwrap();
    // It shows its pass while its headers are on their way.
    stage.connect("stranger");
    let headers = blocks.iter().map(|block| block.header).collect();
    stage.answer("stranger", id, Ok(Response::Headers(headers)));
    let is_blocks = |it: &Request| matches!(it, Request::Blocks { .. });
    let (id, _) = stage.asked("stranger", is_blocks).unwrap();
    let bodies = blocks.iter().map(encode).collect();
    stage.answer("stranger", id, Ok(Response::Blocks(bodies)));
    assert_eq!(stage.solo.core.tip().hash, tip.hash);
}

/// A node that is told nothing tells nothing of where it stands: that is no word on where it stands.
#[test]
fn a_blank_status_is_none() {
    let mut stage = Stage::new(Solo::new());
    let pool = stage.solo.pool();
    let blank = Status::blank(pool, 2_000_000_000);
    assert!(
        blank.is_blank()
            && !stage
                .status(blank.tip.hash, 0, stage.solo.core.tip().work)
                .is_blank()
    );
    meet(&mut stage, "stranger");
    says(&mut stage, "stranger", blank.clone());
    // Its clock is no witness either.
    stage.tick_ms(10_000);
    assert!(!stage.solo.core.clock_agrees(stage.solo.now));
    // Whoever refuses to say where it stands is asked again, and not all the time.
    for _ in 0..60 {
        stage.tick_ms(1_000);
        while let Some((id, _)) = stage.asked("stranger", |it| matches!(it, Request::Status(_))) {
            stage.answer("stranger", id, Err(RequestFailure::Remote));
        }
    }
    stage.sent.clear();
    for _ in 0..60 {
        stage.tick_ms(1_000);
        while let Some((id, _)) = stage.asked("stranger", |it| matches!(it, Request::Status(_))) {
            stage.answer("stranger", id, Err(RequestFailure::Remote));
            stage.ended.push(id);
        }
    }
    assert!(
        (20..=31).contains(&stage.ended.len()),
        "{}",
        stage.ended.len()
    );
}
