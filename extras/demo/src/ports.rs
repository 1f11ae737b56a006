//! Ports of this machine on which nothing listens.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};

use anyhow::bail;

/// Below the range from which systems take the ports of outgoing connections, so that a port stays free while its node
/// is down.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// Whether a node could listen there: it needs TCP and UDP.
pub(crate) fn is_free(port: u16) -> bool {
    let address = (Ipv4Addr::LOCALHOST, port);
    TcpListener::bind(address).is_ok() && UdpSocket::bind(address).is_ok()
}

/// Finds free ports, each once.
#[derive(Debug)]
pub(crate) struct Ports {
    next: u16,
    taken: u16,
}

impl Ports {
    /// Begins at a place that differs from process to process; never gives `taken`.
    pub(crate) fn new(taken: u16) -> Self {
        let spread = std::process::id().wrapping_mul(101) % u32::from(COUNT);
        let next = u16::try_from(spread).unwrap_or(0);
        Self { next, taken }
    }

    /// The next free one.
    pub(crate) fn free(&mut self) -> anyhow::Result<u16> {
        for _ in 0..COUNT {
            let port = FIRST + self.next;
            self.next = (self.next + 1) % COUNT;
            if port != self.taken && is_free(port) {
                return Ok(port);
            }
        }
        bail!("every port from {FIRST} to {} is taken", FIRST + COUNT - 1)
    }
}
