//! One UDP port and one key, for all pools of a host.
//!
//! Each pool has a swarm of its own, with its own limits and bans. The port is the transport of all of them: it listens, dials, and
//! finds out for which pool a connection is before a swarm knows of it. The first words on each connection ([`hello`]) say so.
//!
//! - On a connection that comes in: it takes a seat in the [waiting room](waiting_room), and has [`HELLO`] for its handshake and its
//!   hello together. Where no seat is free, the one that waits longest is closed.
//! - On a hello for a pool here: the connection goes to that pool's queue, and the dialler is told that it is welcome. Where the queue
//!   is full, since the swarm is slow, the dialler is told to come again. No pool waits for another.
//! - On any other hello: the dialler is told that its pool is not here, and has [`PARTING`] to leave.
//! - On a dial: it has succeeded when the other side says that it is welcome. That costs one round trip more than to go on at once, and
//!   saves the swarm from a connection that may end the one it has: the newer of two stays.
//! - On oneself at the other end: the dialler's swarm says so, the listener closes the connection.
//!
//! A hello tells a node of no pool that it does not know itself, and is of no use between any other two nodes.

mod doorkeeper;
mod hello;
mod pools;
mod sockets;
mod transport;
mod tunnelled;
mod waiting_room;

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use libp2p::identity::{Keypair, PublicKey};
use tokio::sync::{Notify, mpsc, oneshot};

use self::doorkeeper::Doorkeeper;
use self::pools::Pools;
use self::sockets::Sockets;
pub(crate) use self::transport::{DialFault, PoolTransport};
pub use self::tunnelled::Introduced;
pub(crate) use self::tunnelled::Tunnelled;
use crate::address::canonical;
use crate::{PeerId, StartError};

/// The time from the first packet of a connection to its hello.
const HELLO: Duration = Duration::from_secs(5);

/// The time that a dialler without a pool here may take to leave.
const PARTING: Duration = Duration::from_secs(1);

/// A UDP port, at which the networks of several pools have one key and one peer id. Cheap to clone.
///
/// It closes by [`shutdown`](Self::shutdown), or when its last clone and all networks on it are gone.
#[derive(Clone)]
pub struct Port {
    shared: Arc<Shared>,
    /// Open for as long as anybody needs the port.
    stop: mpsc::Sender<oneshot::Sender<()>>,
}

struct Shared {
    public: PublicKey,
    listen_addr: SocketAddr,
    /// None once the port is closed.
    sockets: Mutex<Option<Sockets>>,
    /// Told when there may be something to listen on again.
    changed: Notify,
    pools: Pools,
    tunnelled: Tunnelled,
}

impl Port {
    /// Listens at a UDP address, with an ed25519 secret key, on the current tokio runtime. With port 0 the system chooses one.
    /// Unspecified means every address of the machine, of both families as far as it has them.
    pub async fn open(listen: SocketAddr, secret: [u8; 32]) -> Result<Self, StartError> {
        let key = Keypair::ed25519_from_bytes(secret)
            .map_err(|error| StartError::Setting(format!("secret: {error}")))?;
        let public = key.public();
        let local = public.to_peer_id();
        let (sockets, listen_addr) = Sockets::open(&key, canonical(listen)).await?;
        tracing::info!(%local, %listen_addr, "port open");
        let shared = Arc::new(Shared {
            public,
            listen_addr,
            sockets: Mutex::new(Some(sockets)),
            changed: Notify::new(),
            pools: Pools::new(local),
            tunnelled: Tunnelled::default(),
        });
        let (stop, stopping) = mpsc::channel(1);
        tokio::spawn(Doorkeeper::new(Arc::clone(&shared)).run(stopping));
        Ok(Self { shared, stop })
    }

    /// Listens on these UDP addresses from now on, and no longer on others; connections by those end, of whatever pool. One that cannot
    /// be had is tried again and again. Where there is none, the networks still dial.
    pub fn listen(&self, addresses: Vec<SocketAddr>) {
        if let Some(sockets) = self.shared.sockets().as_mut() {
            sockets.set(addresses);
        }
        self.shared.changed.notify_one();
    }

    /// Says that a peer comes through a tunnel: whoever connects from `here`, an address of this machine, is at `peer`.
    pub fn introduce(&self, here: SocketAddr, peer: SocketAddr) -> Introduced {
        self.shared.tunnelled.introduce(here, peer)
    }

    /// The peer id of all networks here.
    pub fn local_peer(&self) -> PeerId {
        PeerId(self.shared.public.to_peer_id())
    }

    /// The UDP address listened on at first, with the port that the system chose.
    pub fn listen_addr(&self) -> SocketAddr {
        self.shared.listen_addr
    }

    /// Closes it, whoever still has it: networks that are still on it lose their connections, and stop. Returns when it is closed;
    /// connections that ended a moment ago may hold the UDP port a little longer.
    pub async fn shutdown(&self) {
        let (done, closed) = oneshot::channel();
        if self.stop.send(done).await.is_ok() {
            let _ = closed.await;
        }
    }

    /// Returns when it is closed, wanted or not.
    pub(crate) async fn closed(&self) {
        self.stop.closed().await;
    }

    pub(crate) fn public_key(&self) -> PublicKey {
        self.shared.public.clone()
    }

    pub(crate) fn tunnelled(&self) -> Tunnelled {
        self.shared.tunnelled.clone()
    }

    /// Whether it listens there itself.
    pub(crate) fn is_own(&self, address: SocketAddr) -> bool {
        let sockets = self.shared.sockets();
        sockets.as_ref().is_some_and(|it| it.is_own(address))
    }
}

/// Leaves the key out.
impl fmt::Debug for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Port")
            .field("local_peer", &self.local_peer())
            .field("listen_addr", &self.shared.listen_addr)
            .finish_non_exhaustive()
    }
}

impl Shared {
    fn sockets(&self) -> MutexGuard<'_, Option<Sockets>> {
        lock(&self.sockets)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
