//! Free ports that no other test takes, not even one in another process, while this one holds them.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpListener, UdpSocket},
};

/// Below the range from which systems take the ports of outgoing connections.
const FIRST: u32 = 20_000;
const COUNT: u32 = 12_000;

/// A port, kept for this test by a locked file.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    _lock: File,
}

impl Port {
    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

/// A port on which nothing listens, TCP or UDP.
pub(crate) fn free_port() -> Port {
    let dir = std::env::temp_dir().join("bolao-it-ports");
    fs::create_dir_all(&dir).unwrap();
    let start = rand::random::<u32>();
    for step in 0..COUNT {
        let number = (FIRST + start.wrapping_add(step) % COUNT) as u16;
        let lock = File::create(dir.join(number.to_string())).unwrap();
        let address = (Ipv4Addr::LOCALHOST, number);
        if lock.try_lock().is_ok()
            && TcpListener::bind(address).is_ok()
            && UdpSocket::bind(address).is_ok()
        {
            return Port {
                number,
                _lock: lock,
            };
        }
    }
    panic!("no port is free");
}

/// The number of such a port, which this process keeps until it ends.
pub(crate) fn port() -> u16 {
    let port = free_port();
    let number = port.number();
    std::mem::forget(port);
    number
}
