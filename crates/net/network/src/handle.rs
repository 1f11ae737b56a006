use std::net::SocketAddr;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{MessageToken, PeerId, PeerInfo, RequestToken, Topic, Verdict};

/// The most commands that may wait for the network's task.
pub(crate) const COMMANDS: usize = 4096;

/// A command that the network did not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The queue is full.
    #[error("the network is busy: {COMMANDS} commands wait already")]
    Busy,
    /// The network has shut down.
    #[error("the network has shut down")]
    Stopped,
}

#[derive(Debug)]
pub(crate) enum Command {
    Dial(SocketAddr),
    Publish(Topic, Vec<u8>),
    Verdict(MessageToken, Verdict),
    Request(PeerId, u64, Vec<u8>),
    Respond(RequestToken, Vec<u8>),
    Discourage(PeerId),
    Disconnect(PeerId),
    Guard(bool),
    Admit(PeerId),
    Tell(Vec<SocketAddr>),
}

/// Commands to a running network. Cheap to clone.
///
/// No method blocks: the queue is bounded, and a command that finds it full is refused. The network
/// stops by [`shutdown`](Self::shutdown), when the last handle is dropped, when the receiver of
/// its events is dropped, or when its port closes.
#[derive(Debug, Clone)]
pub struct NetworkHandle {
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) stop: mpsc::Sender<oneshot::Sender<()>>,
    pub(crate) peers: watch::Receiver<Vec<PeerInfo>>,
    pub(crate) local_peer: PeerId,
    pub(crate) listen_addr: SocketAddr,
}

impl NetworkHandle {
    /// Connects to the node at a UDP address, whoever it is.
    ///
    /// Ends in [`Event::Connected`](crate::Event::Connected) or
    /// [`Event::DialFailed`](crate::Event::DialFailed); in neither if its peer is
    /// connected already, or another dial to that address is under way, begun a moment ago or going
    /// on after this one. A silent address fails after about four seconds, one that falls silent before
    /// it says whether it has the pool after nine at most; one that answers and hangs up is tried five
    /// times within about two.
    pub fn dial(&self, address: SocketAddr) -> Result<(), CommandError> {
        self.send(Command::Dial(address))
    }

    /// Tells peers that connect from now on at which addresses this node listens; those that are connected within five minutes.
    pub fn tell(&self, addresses: Vec<SocketAddr>) -> Result<(), CommandError> {
        self.send(Command::Tell(addresses))
    }

    /// Gossips a message to the pool. A message seen within the last minute is not sent again.
    pub fn publish(&self, topic: Topic, data: Vec<u8>) -> Result<(), CommandError> {
        self.send(Command::Publish(topic, data))
    }

    /// Says what became of a gossip message.
    pub fn verdict(&self, token: MessageToken, verdict: Verdict) -> Result<(), CommandError> {
        self.send(Command::Verdict(token, verdict))
    }

    /// Asks a peer; [`Event::Response`](crate::Event::Response) with the same `id` brings the
    /// answer or the reason why there is none.
    pub fn request(&self, peer: PeerId, id: u64, data: Vec<u8>) -> Result<(), CommandError> {
        self.send(Command::Request(peer, id, data))
    }

    /// Answers a request.
    pub fn respond(&self, token: RequestToken, data: Vec<u8>) -> Result<(), CommandError> {
        self.send(Command::Respond(token, data))
    }

    /// Disconnects a peer and refuses it for some seconds, each time for longer. Others from its address are refused only
    /// where many of them break the rules, and then only those that this node never heard behave well.
    pub fn discourage(&self, peer: PeerId) -> Result<(), CommandError> {
        self.send(Command::Discourage(peer))
    }

    /// Disconnects a peer; it may come back.
    pub fn disconnect(&self, peer: PeerId) -> Result<(), CommandError> {
        self.send(Command::Disconnect(peer))
    }

    /// Has gossip go only to peers that are admitted, or to everybody again. Where that changes, all connections end: whoever comes
    /// back is met by the new rule.
    pub fn guard(&self, guarded: bool) -> Result<(), CommandError> {
        self.send(Command::Guard(guarded))
    }

    /// Lets a connected peer have gossip where not everybody does, until it disconnects.
    pub fn admit(&self, peer: PeerId) -> Result<(), CommandError> {
        self.send(Command::Admit(peer))
    }

    /// The peers connected now, in the order of their ids. Never waits.
    pub fn peers(&self) -> Vec<PeerInfo> {
        self.peers.borrow().clone()
    }

    /// The same, and word of every change.
    pub fn watch_peers(&self) -> watch::Receiver<Vec<PeerInfo>> {
        self.peers.clone()
    }

    /// This node's own peer id, which is that of its port.
    pub fn local_peer(&self) -> PeerId {
        self.local_peer
    }

    /// The UDP address that the port listened on at first, with the number that the system chose.
    pub fn listen_addr(&self) -> SocketAddr {
        self.listen_addr
    }

    /// Returns when the network has stopped, wanted or not.
    pub async fn stopped(&self) {
        self.commands.closed().await;
    }

    /// Closes all connections, so that peers notice at once, and stops. Returns when that is done.
    pub async fn shutdown(&self) {
        let (done, stopped) = oneshot::channel();
        if self.stop.send(done).await.is_ok() {
            let _ = stopped.await;
        }
    }

    fn send(&self, command: Command) -> Result<(), CommandError> {
        self.commands
            .try_send(command)
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => CommandError::Busy,
                mpsc::error::TrySendError::Closed(_) => CommandError::Stopped,
            })
    }
}
