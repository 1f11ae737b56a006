//! Every name on the wire carries the pool id, so that two pools share no protocol.

use libp2p::StreamProtocol;
use libp2p::gossipsub::{IdentTopic, TopicHash};

use crate::Topic;

/// The beginning of what is hashed for a hello. The hello is a connection's first word, and its hash is of the pool id, too.
pub(crate) const HELLO: &[u8] = b"bolao/hello/1";

/// The names of one pool.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pool: String,
}

impl Names {
    pub(crate) fn new(pool: &[u8; 32]) -> Self {
        Self {
            pool: hex::encode(pool),
        }
    }

    /// The name that identify tells: a peer that tells another is of another pool, or of none.
    pub(crate) fn family(&self) -> String {
        format!("/bolao/{}/1", self.pool)
    }

    pub(crate) fn sync(&self) -> StreamProtocol {
        StreamProtocol::try_from_owned(format!("/bolao/{}/sync/1", self.pool))
            .expect("it begins with a slash")
    }

    pub(crate) fn gossip(&self) -> String {
        format!("/bolao/{}/gossip", self.pool)
    }

    pub(crate) fn topic(&self, topic: Topic) -> TopicHash {
        let name = match topic {
            Topic::Transactions => "transactions",
            Topic::Blocks => "blocks",
        };
        IdentTopic::new(format!("/bolao/{}/{name}/1", self.pool)).hash()
    }
}
