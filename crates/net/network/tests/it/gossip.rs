use std::time::Duration;

use bolao_network::{Event, Topic, Verdict};

use crate::node::{Node, config, gossip_flows, link};

fn is_gossip(event: &Event) -> bool {
    matches!(event, Event::Gossip { .. })
}

/// Nodes 1 to `count`, each linked to the next, with gossip flowing over every link.
async fn line(count: u8) -> Vec<Node> {
    let mut nodes = Vec::new();
    for number in 1..=count {
        nodes.push(Node::start(number).await);
    }
    for number in 1..nodes.len() {
        let (left, right) = nodes.split_at_mut(number);
        let (left, right) = (left.last_mut().unwrap(), &mut right[0]);
        link(left, right).await;
        gossip_flows(left, right).await;
        gossip_flows(right, left).await;
    }
    nodes
}

#[tokio::test]
async fn a_message_goes_down_the_line_as_far_as_it_is_accepted() {
    let mut nodes = line(4).await;
    let block = vec![0xb1; 200_000];
    nodes[0]
        .handle
        .publish(Topic::Blocks, block.clone())
        .unwrap();

    let (token, topic, data) = nodes[1].gossip().await;
    assert!(topic == Topic::Blocks && data == block);
    nodes[2].quiet(Duration::from_millis(1500), is_gossip).await;

    nodes[1].handle.verdict(token, Verdict::Accept).unwrap();
    assert!(nodes[2].judge(Verdict::Accept).await == block);
    assert!(nodes[3].judge(Verdict::Accept).await == block);
    nodes[1].quiet(Duration::from_millis(500), is_gossip).await;
}

#[tokio::test]
async fn what_is_rejected_or_ignored_stays() {
    let mut nodes = line(3).await;
    for (text, verdict) in [(b"bad", Verdict::Reject), (b"odd", Verdict::Ignore)] {
        nodes[0]
            .handle
            .publish(Topic::Transactions, text.to_vec())
            .unwrap();
        assert_eq!(nodes[1].judge(verdict).await, text);
    }
    nodes[2].quiet(Duration::from_millis(1500), is_gossip).await;
}

#[tokio::test]
async fn who_sends_invalid_messages_is_no_longer_heard() {
    let mut nodes = line(2).await;
    let mut good = Node::start(9).await;
    link(&mut good, &mut nodes[1]).await;
    gossip_flows(&good, &mut nodes[1]).await;
    for number in 0..2_u8 {
        nodes[0]
            .handle
            .publish(Topic::Transactions, vec![0xbd, number])
            .unwrap();
        assert_eq!(nodes[1].judge(Verdict::Reject).await, [0xbd, number]);
    }
    nodes[0]
        .handle
        .publish(Topic::Transactions, b"from the bad one".to_vec())
        .unwrap();
    nodes[1].quiet(Duration::from_millis(500), is_gossip).await;
    good.handle
        .publish(Topic::Transactions, b"from the good one".to_vec())
        .unwrap();
    assert_eq!(nodes[1].judge(Verdict::Accept).await, b"from the good one");
}

#[tokio::test]
async fn an_oversized_message_is_not_taken() {
    let mut small = crate::node::config(1);
    small.protocol.max_message_bytes = 10_000;
    let mut a = Node::with(small).await;
    let mut b = Node::start(2).await;
    link(&mut a, &mut b).await;
    gossip_flows(&b, &mut a).await;

    b.handle.publish(Topic::Blocks, vec![4; 10_000]).unwrap();
    assert!(a.judge(Verdict::Accept).await == [4; 10_000]);
    b.handle.publish(Topic::Blocks, vec![1; 10_001]).unwrap();
    b.handle.publish(Topic::Blocks, vec![2; 50_000]).unwrap();
    a.quiet(Duration::from_secs(1), is_gossip).await;
    a.handle.publish(Topic::Blocks, vec![3; 10_001]).unwrap();
    b.quiet(Duration::from_millis(500), is_gossip).await;
    // The refused stream is replaced by itself.
    gossip_flows(&b, &mut a).await;
}

#[tokio::test]
async fn unread_events_hold_a_bounded_amount_of_gossip() {
    let mut nodes = line(2).await;
    let messages = 64_u8;
    for number in 0..messages {
        let block = vec![number; 1_000_000];
        nodes[0].handle.publish(Topic::Blocks, block).unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut held = 0;
    while let Ok(event) = nodes[1].events.try_recv() {
        held += u8::from(is_gossip(&event));
    }
    assert!(
        (1..=17).contains(&held),
        "{held} messages of 1 MB were held"
    );
    let (first, second) = nodes.split_at_mut(1);
    gossip_flows(&first[0], &mut second[0]).await;
}

#[tokio::test]
async fn the_longest_messages_arrive_in_a_row() {
    let mut nodes = line(2).await;
    let longest = config(0).protocol.max_message_bytes;
    for number in 0..8 {
        let data = vec![number; longest];
        nodes[0].handle.publish(Topic::Blocks, data).unwrap();
    }
    for _ in 0..8 {
        assert_eq!(nodes[1].judge(Verdict::Ignore).await.len(), longest);
    }
}
