//! The sockets of HTTP, which follow the addresses of the machine.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use bolao_discovery::Connections;
use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    time::sleep,
};

use crate::reach::addresses::Addresses;

/// From one try to listen to the next.
const RETRY: Duration = Duration::from_secs(2);
/// The most connections that wait for being taken.
const BACKLOG: u32 = 1024;

/// Listeners at the addresses on which the node listens now.
#[derive(Debug)]
pub(crate) struct Listeners {
    open: Vec<TcpListener>,
    addresses: watch::Receiver<Addresses>,
}

impl Listeners {
    /// Begins with those that are open.
    pub(crate) fn new(open: Vec<TcpListener>, addresses: watch::Receiver<Addresses>) -> Self {
        Self { open, addresses }
    }

    /// Closes those that are not wanted, and opens those that are missing; whether some still are.
    fn follow(&mut self) -> bool {
        let wanted = self.addresses.borrow_and_update().listens.clone();
        let is_open = |open: &TcpListener| open.local_addr().ok();
        self.open
            .retain(|it| is_open(it).is_some_and(|at| wanted.contains(&at)));
        let mut is_missing = false;
        for address in wanted {
            if self.open.iter().any(|it| is_open(it) == Some(address)) {
                continue;
            }
            match listen(address) {
                Ok(listener) => {
                    tracing::info!(%address, "listens");
                    self.open.push(listener);
                }
                Err(error) => {
                    tracing::debug!(%address, %error, "cannot listen (TCP)");
                    is_missing = true;
                }
            }
        }
        is_missing
    }
}

impl Connections for Listeners {
    type Stream = TcpStream;
    type Opening = <Vec<TcpListener> as Connections>::Opening;

    async fn next(&mut self) -> io::Result<(SocketAddr, Self::Opening)> {
        loop {
            let is_missing = self.follow();
            let Self { open, addresses } = self;
            tokio::select! {
                next = open.next() => return next,
                changed = addresses.changed() => if changed.is_err() {
                    return open.next().await;
                },
                () = sleep(RETRY), if is_missing => {}
            }
        }
    }

    fn refuse(&self, opening: Self::Opening) {
        self.open.refuse(opening);
    }
}

/// Listens; an address of IPv6 takes no IPv4.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    if address.is_ipv6() {
        SockRef::from(&socket).set_only_v6(true)?;
    }
    // Elsewhere it would let two programs have one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Every address of the other family, where every address of one is meant.
pub(crate) fn other(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Some(Ipv6Addr::UNSPECIFIED.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Some(Ipv4Addr::UNSPECIFIED.into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn listeners_follow_the_addresses() {
        let first = listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let before = first.local_addr().unwrap();
        let all = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), before.port());
        let addresses = |listens| Addresses {
            own: before,
            aliases: Vec::new(),
            told: Vec::new(),
            listens,
        };
        let (change, changes) = watch::channel(addresses(vec![before]));
        let mut listeners = Listeners::new(vec![first], changes);
        let calls = async |listeners: &mut Listeners, at: SocketAddr| {
            let called = TcpStream::connect(at);
            let (next, called) = tokio::join!(timeout(SOON, listeners.next()), called);
            called.unwrap();
            drop(next.unwrap().unwrap());
        };
        calls(&mut listeners, before).await;
        // The old one gives way to the new one, which has its port.
        change.send_replace(addresses(vec![all]));
        assert!(!listeners.follow());
        calls(&mut listeners, before).await;
        assert_eq!(listeners.open[0].local_addr().unwrap(), all);
        // Where it listens on none, it waits.
        change.send_replace(addresses(Vec::new()));
        assert!(!listeners.follow());
        TcpStream::connect(before).await.unwrap_err();
        change.send_replace(addresses(vec![before]));
        assert!(!listeners.follow());
        calls(&mut listeners, before).await;
    }
}
