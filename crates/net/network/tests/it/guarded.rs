//! Nodes that give gossip only to peers that were admitted.

use std::time::Duration;

use bolao_network::{Event, Topic, Verdict};

use crate::node::{Node, config, gossip_flows, link};

/// Longer than gossip takes to form its mesh, and to tell of what it sent.
const LONG: Duration = Duration::from_secs(3);

fn is_gossip(event: &Event) -> bool {
    matches!(event, Event::Gossip { .. })
}

async fn guarded(number: u8) -> Node {
    let mut config = config(number);
    config.guarded = true;
    Node::with(config).await
}

fn publish(node: &Node, text: &[u8]) {
    for topic in [Topic::Transactions, Topic::Blocks] {
        node.handle.publish(topic, text.to_vec()).unwrap();
    }
}

#[tokio::test]
async fn a_peer_has_gossip_once_it_is_admitted_and_is_heard_before() {
    let (mut host, mut stranger) = (guarded(1).await, Node::start(2).await);
    link(&mut stranger, &mut host).await;
    gossip_flows(&stranger, &mut host).await;

    // What the host says itself, and what it tells of later.
    for number in 0..8 {
        publish(&host, &[number]);
    }
    stranger.quiet(LONG, is_gossip).await;

    host.handle.admit(stranger.id()).unwrap();
    publish(&host, b"for friends");
    assert_eq!(stranger.judge(Verdict::Accept).await, b"for friends");
}

#[tokio::test]
async fn what_others_said_is_not_passed_on_to_a_peer_that_was_not_admitted() {
    let mut host = guarded(1).await;
    let [mut friend, mut stranger] = [Node::start(2).await, Node::start(3).await];
    for peer in [&mut friend, &mut stranger] {
        link(peer, &mut host).await;
    }
    host.handle.admit(friend.id()).unwrap();
    gossip_flows(&host, &mut friend).await;
    gossip_flows(&friend, &mut host).await;
    for number in 0..8 {
        publish(&friend, &[number]);
        assert_eq!(host.judge(Verdict::Accept).await, [number]);
        assert_eq!(host.judge(Verdict::Accept).await, [number]);
    }
    stranger.quiet(LONG, is_gossip).await;
}

#[tokio::test]
async fn whoever_comes_back_has_to_be_admitted_again() {
    let (mut host, mut friend) = (guarded(1).await, Node::start(2).await);
    link(&mut friend, &mut host).await;
    host.handle.admit(friend.id()).unwrap();
    gossip_flows(&host, &mut friend).await;

    host.handle.disconnect(friend.id()).unwrap();
    friend.disconnected(host.id()).await;
    host.disconnected(friend.id()).await;
    link(&mut friend, &mut host).await;
    publish(&host, b"for friends");
    friend.quiet(LONG, is_gossip).await;
}

#[tokio::test]
async fn where_the_rule_changes_all_meet_again_by_the_new_one() {
    let (mut host, mut stranger) = (Node::start(1).await, Node::start(2).await);
    link(&mut stranger, &mut host).await;
    gossip_flows(&host, &mut stranger).await;

    host.handle.guard(true).unwrap();
    stranger.disconnected(host.id()).await;
    host.disconnected(stranger.id()).await;
    link(&mut stranger, &mut host).await;
    publish(&host, b"for friends");
    stranger.quiet(LONG, is_gossip).await;

    host.handle.guard(false).unwrap();
    stranger.disconnected(host.id()).await;
    host.disconnected(stranger.id()).await;
    link(&mut stranger, &mut host).await;
    gossip_flows(&host, &mut stranger).await;

    // Nothing changes: nobody is disconnected.
    host.handle.guard(false).unwrap();
    let is_gone = |event: &Event| matches!(event, Event::Disconnected { .. });
    stranger.quiet(Duration::from_millis(500), is_gone).await;
}
