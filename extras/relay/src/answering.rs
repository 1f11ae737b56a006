//! A UDP socket that answers each caller from the address that it called, where this machine has several.

use std::{
    cell::RefCell,
    io::{self, IoSliceMut},
    net::{IpAddr, SocketAddr, UdpSocket as StdUdpSocket},
};

use hyper::body::Bytes;
use quinn_udp::{RecvMeta, Transmit, UdpSocketState};
use tokio::{io::Interest, net::UdpSocket};

/// Room for what is received at once: the system may join datagrams of one caller.
const ROOM: usize = 64 * 1024;

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; ROOM].into());
}

/// A caller, and the address of this machine that it called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller {
    pub(crate) address: SocketAddr,
    called: Option<IpAddr>,
}

/// A socket on one or all addresses of this machine.
#[derive(Debug)]
pub(crate) struct AnsweringSocket {
    socket: UdpSocket,
    state: UdpSocketState,
}

impl AnsweringSocket {
    pub(crate) fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = StdUdpSocket::bind(address)?;
        let state = UdpSocketState::new((&socket).into())?;
        socket.set_nonblocking(true)?;
        let socket = UdpSocket::from_std(socket)?;
        Ok(Self { socket, state })
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Receives datagrams of one caller, none of them longer than this.
    pub(crate) async fn receive(&self, longest: usize) -> io::Result<(Caller, Vec<Bytes>)> {
        let receive = || BUFFER.with_borrow_mut(|buffer| self.receive_into(buffer, longest));
        self.socket.async_io(Interest::READABLE, receive).await
    }

    fn receive_into(&self, buffer: &mut [u8], longest: usize) -> io::Result<(Caller, Vec<Bytes>)> {
        let mut meta = [RecvMeta::default()];
        let mut buffers = [IoSliceMut::new(buffer)];
        let socket = (&self.socket).into();
        self.state.recv(socket, &mut buffers, &mut meta)?;
        let [meta] = meta;
        let caller = Caller {
            address: meta.addr,
            called: meta.dst_ip,
        };
        let all = buffer.get(..meta.len).unwrap_or_default();
        let datagrams = all.chunks(meta.stride.max(1));
        let datagrams = datagrams.filter(|it| it.len() <= longest);
        Ok((caller, datagrams.map(Bytes::copy_from_slice).collect()))
    }

    /// Answers a caller.
    pub(crate) async fn send(&self, contents: &[u8], to: Caller) -> io::Result<()> {
        let transmit = Transmit {
            destination: to.address,
            ecn: None,
            contents,
            segment_size: None,
            src_ip: to.called,
        };
        let send = || self.state.try_send((&self.socket).into(), &transmit);
        self.socket.async_io(Interest::WRITABLE, send).await
    }
}
