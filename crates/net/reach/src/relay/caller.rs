//! Who calls, as a relay tells a home: a header of the PROXY protocol, version 2, before the first byte of a stream.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use bolao_discovery::Scope;
use ppp::v2::{Addresses, Builder, Command, Header, Protocol, Version};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The header up to its length.
const HEAD: usize = 16;
/// The most bytes behind that: addresses and some notes.
const MOST_BYTES: usize = 512;

/// The header for a caller, whose stream carries what `protocol` says.
pub fn header(caller: SocketAddr, protocol: Protocol) -> io::Result<Vec<u8>> {
    let caller = SocketAddr::new(caller.ip().to_canonical(), caller.port());
    let reached: IpAddr = match caller {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let command = Version::Two | Command::Proxy;
    Builder::with_addresses(command, protocol, (caller, (reached, 0).into())).build()
}

/// Reads the header. A relay may claim anything: its caller is never on this machine, nor in this network.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(SocketAddr, Protocol)> {
    let mut bytes = vec![0; HEAD];
    stream.read_exact(&mut bytes).await?;
    let length = match bytes.last_chunk() {
        Some(length) => usize::from(u16::from_be_bytes(*length)),
        None => 0,
    };
    if length > MOST_BYTES {
        return Err(io::Error::other("the PROXY header is too long"));
    }
    bytes.resize(HEAD + length, 0);
    if let Some(rest) = bytes.get_mut(HEAD..) {
        stream.read_exact(rest).await?;
    }
    let header = Header::try_from(bytes.as_slice()).map_err(io::Error::other)?;
    let (ip, port): (IpAddr, u16) = match header.addresses {
        Addresses::IPv4(of) => (of.source_address.into(), of.source_port),
        Addresses::IPv6(of) => (of.source_address.into(), of.source_port),
        Addresses::Unspecified | Addresses::Unix(_) => (Ipv4Addr::UNSPECIFIED.into(), 0),
    };
    let ip = ip.to_canonical();
    let is_elsewhere = Scope::of(ip) == Scope::Global && !ip.is_unspecified();
    let ip = if is_elsewhere {
        ip
    } else {
        Ipv4Addr::UNSPECIFIED.into()
    };
    Ok(((ip, port).into(), header.protocol))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[tokio::test]
    async fn strangers_keep_their_address_and_nobody_is_this_machine() {
        for (called, told) in [
            ("192.0.2.1:9", "192.0.2.1:9"),
            ("[2001:db8::1]:9", "[2001:db8::1]:9"),
            ("[::ffff:192.0.2.1]:9", "192.0.2.1:9"),
            ("127.0.0.1:9", "0.0.0.0:9"),
            ("[::ffff:127.0.0.1]:9", "0.0.0.0:9"),
            ("[::1]:9", "0.0.0.0:9"),
            ("[::]:9", "0.0.0.0:9"),
            ("192.168.1.20:9", "0.0.0.0:9"),
            ("100.64.0.1:9", "0.0.0.0:9"),
            ("[fd00::1]:9", "0.0.0.0:9"),
        ] {
            let mut bytes = header(called.parse().unwrap(), Protocol::Datagram).unwrap();
            bytes.extend(b"next");
            let mut rest = bytes.as_slice();
            let read = read(&mut rest).await.unwrap();
            assert_eq!(read, (told.parse().unwrap(), Protocol::Datagram));
            assert_eq!(rest, b"next", "{called}");
        }
    }

    #[tokio::test]
    async fn other_bytes_are_refused() {
        let good = header("192.0.2.1:9".parse().unwrap(), Protocol::Stream).unwrap();
        let mut long = good.clone();
        long.splice(14..16, [255, 255]);
        long.resize(70_000, 0);
        let mut short = good.clone();
        short.pop();
        let zeros = vec![0; 64];
        for bad in [&long, &short, &zeros] {
            assert!(read(&mut bad.as_slice()).await.is_err());
        }
    }
}
