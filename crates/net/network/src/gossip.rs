//! gossipsub with the settings of a small, quiet network.
//!
//! Where we leave its defaults, and why:
//! - messages carry neither author nor signature and are known by the hash of their content: a
//!   transaction or block proves itself, and one copy is enough whoever sends it;
//! - nothing is forwarded before the layers above have accepted it;
//! - scoring is on; missing deliveries (P3, P3b) cost nothing, because a quiet chain delivers
//!   nothing; time in the mesh is worth at most 1, invalid messages cost 40 times their count
//!   squared and are forgotten at 1 % a second: after two, a peer is not heard for most of a minute; friends behind one router share an address, so address colocation (P6) costs nothing;
//! - a peer may subscribe to our two topics and to no others;
//! - where gossip goes only to peers that were admitted, all others have a score below [`PUBLISH`] from the first moment on:
//!   they get no message, and no word of one; what they send is taken.

use std::collections::HashSet;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::gossipsub::{
    Behaviour, ConfigBuilder, IdentTopic, Message, MessageAuthenticity, MessageId, PeerScoreParams,
    PeerScoreThresholds, TopicScoreParams, ValidationMode, WhitelistSubscriptionFilter,
};
use sha2::{Digest, Sha256};

use crate::Topic;
use crate::gossip_limit::GossipLimit;
use crate::names::Names;

pub(crate) type Gossip = Behaviour<GossipLimit, WhitelistSubscriptionFilter>;

/// The bytes that the protocol may add around a message, and those of the next one that may have been read with it: gossipsub
/// 0.50 compares all that with its limit, and gives the stream up where it is more.
const ENVELOPE_BYTES: usize = 1024 + 8 * 1024;

/// The scores below which a peer is told of no messages, is sent none, and is not heard.
const GOSSIP: f64 = -10.0;
const PUBLISH: f64 = -30.0;
const GRAYLIST: f64 = -60.0;

/// The score of a peer that is to be heard and given nothing, whatever else it earns: that is 2 at most.
const WITHHELD: f64 = -45.0;

/// Says whether messages go to a connected peer. Has to be said before anything of its connection is handled.
pub(crate) fn give(gossip: &mut Gossip, peer: &PeerId, given: bool) {
    let score = if given { 0.0 } else { WITHHELD };
    if !gossip.set_application_score(peer, score) {
        tracing::error!(%peer, given, "gossip does not know the peer");
    }
}

/// The time that it remembers a peer that has gone; whatever else it remembers is forgotten before.
pub(crate) const REMEMBERS: Duration = Duration::from_mins(10);

/// The time that the mesh waits before it looks after itself.
const HEARTBEAT: Duration = Duration::from_millis(700);

pub(crate) fn behaviour(
    names: &Names,
    max_message_bytes: usize,
) -> Result<(Gossip, GossipLimit), String> {
    let config = ConfigBuilder::default()
        .protocol_id_prefix(names.gossip())
        .validation_mode(ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(content_id)
        .max_transmit_size(max_message_bytes.saturating_add(ENVELOPE_BYTES))
        .heartbeat_initial_delay(HEARTBEAT)
        .heartbeat_interval(HEARTBEAT)
        .history_length(8)
        .history_gossip(4)
        .mesh_outbound_min(2)
        .mesh_n_low(4)
        .mesh_n(6)
        .mesh_n_high(12)
        .flood_publish(true)
        .prune_backoff(Duration::from_secs(10))
        .connection_handler_queue_len(1024)
        .build()
        .map_err(|error| error.to_string())?;
    let topics = [Topic::Transactions, Topic::Blocks].map(|topic| names.topic(topic));
    let filter = WhitelistSubscriptionFilter(HashSet::from(topics.clone()));
    let allowance = GossipLimit::new(topics.clone());
    let mut gossip = Gossip::new_with_subscription_filter_and_transform(
        MessageAuthenticity::Anonymous,
        config,
        filter,
        allowance.clone(),
    )?;
    let scores = PeerScoreParams {
        topics: topics.iter().cloned().map(|t| (t, topic_score())).collect(),
        app_specific_weight: 1.0,
        ip_colocation_factor_weight: 0.0,
        // It counts messages that were announced and did not come. One that this node drops is such a one, and nobody's fault.
        behaviour_penalty_weight: 0.0,
        slow_peer_threshold: 100.0,
        retain_score: REMEMBERS,
        ..PeerScoreParams::default()
    };
    let thresholds = PeerScoreThresholds {
        gossip_threshold: GOSSIP,
        publish_threshold: PUBLISH,
        graylist_threshold: GRAYLIST,
        ..PeerScoreThresholds::default()
    };
    gossip.with_peer_score(scores, thresholds)?;
    for topic in topics {
        gossip
            .subscribe(&IdentTopic::new(topic.into_string()))
            .map_err(|error| error.to_string())?;
    }
    Ok((gossip, allowance))
}

fn topic_score() -> TopicScoreParams {
    TopicScoreParams {
        topic_weight: 1.0,
        time_in_mesh_weight: 0.01,
        time_in_mesh_quantum: Duration::from_secs(1),
        time_in_mesh_cap: 50.0,
        first_message_deliveries_weight: 0.1,
        first_message_deliveries_decay: 0.9,
        first_message_deliveries_cap: 5.0,
        mesh_message_deliveries_weight: 0.0,
        mesh_failure_penalty_weight: 0.0,
        invalid_message_deliveries_weight: -40.0,
        invalid_message_deliveries_decay: 0.99,
        ..TopicScoreParams::default()
    }
}

fn content_id(message: &Message) -> MessageId {
    let mut hash = Sha256::new();
    hash.update(message.topic.as_str().as_bytes());
    hash.update([0]);
    hash.update(&message.data);
    MessageId::from(hash.finalize().to_vec())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_settings_are_valid() {
        behaviour(&Names::new(&[7; 32]), 1 << 20).unwrap();
    }

    #[test]
    fn the_id_is_the_content() {
        let names = Names::new(&[7; 32]);
        let message = |source, topic, data: &[u8]| Message {
            source,
            data: data.to_vec(),
            sequence_number: None,
            topic: names.topic(topic),
        };
        let id = content_id(&message(None, Topic::Blocks, b"one"));
        let forged = message(Some(PeerId::random()), Topic::Blocks, b"one");
        assert_eq!(content_id(&forged), id);
        assert_ne!(content_id(&message(None, Topic::Blocks, b"two")), id);
        assert_ne!(content_id(&message(None, Topic::Transactions, b"one")), id);
    }
}
