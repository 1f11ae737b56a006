//! The first words on a connection, on the first stream that the dialler opens:
//! - the dialler says its hello, of [`LEN`] bytes: the version, then SHA-256 of a name, the two peer ids and the pool id;
//! - the other side says [`Answer`], one byte, and the stream ends.
//!
//! Both peer ids were proved by the handshake. So a hello that was heard elsewhere, or that is brought by another, is none.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use futures::{AsyncReadExt as _, AsyncWriteExt as _};
use libp2p::core::StreamMuxer as _;
use libp2p::{PeerId, quic};
use sha2::{Digest as _, Sha256};

use crate::names::HELLO;

const VERSION: u8 = 1;

/// The version and the hash.
pub(super) const LEN: usize = 1 + 32;

pub(super) type Hello = [u8; LEN];

/// The word to a dialler that has said its hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Its pool is here, and has the connection now.
    Welcome,
    /// Its pool is not here.
    OtherPool,
    /// Its pool is here, and takes no connection at this moment.
    Busy,
}

impl Answer {
    const fn byte(self) -> u8 {
        match self {
            Self::Welcome => 0,
            Self::OtherPool => 1,
            Self::Busy => 2,
        }
    }

    fn of(byte: u8) -> Option<Self> {
        let all = [Self::Welcome, Self::OtherPool, Self::Busy];
        all.into_iter().find(|it| it.byte() == byte)
    }
}

pub(super) fn hello(dialler: &PeerId, dialled: &PeerId, pool: &[u8; 32]) -> Hello {
    let mut hash = Sha256::new();
    hash.update(HELLO);
    for peer in [dialler, dialled] {
        // A peer id begins with its length.
        hash.update(peer.to_bytes());
    }
    hash.update(pool);
    let mut hello = [VERSION; LEN];
    hello[1..].copy_from_slice(&hash.finalize());
    hello
}

/// Says a hello, and waits for the answer; none where it makes no sense.
pub(super) async fn say(
    connection: &mut quic::Connection,
    hello: &Hello,
) -> io::Result<Option<Answer>> {
    let mut stream = poll_fn(|context| Pin::new(&mut *connection).poll_outbound(context))
        .await
        .map_err(io::Error::other)?;
    stream.write_all(hello).await?;
    let mut answer = [0];
    stream.read_exact(&mut answer).await?;
    stream.close().await?;
    let [byte] = answer;
    Ok(Answer::of(byte))
}

/// Waits for a hello; the answer goes to the stream.
pub(super) async fn hear(connection: &mut quic::Connection) -> io::Result<(Hello, quic::Stream)> {
    let mut stream = poll_fn(|context| Pin::new(&mut *connection).poll_inbound(context))
        .await
        .map_err(io::Error::other)?;
    let mut hello = [0; LEN];
    stream.read_exact(&mut hello).await?;
    Ok((hello, stream))
}

pub(super) async fn answer(stream: &mut quic::Stream, answer: Answer) -> io::Result<()> {
    stream.write_all(&[answer.byte()]).await?;
    stream.close().await
}

/// Waits until the dialler has gone, or says more than it may.
pub(super) async fn gone(stream: &mut quic::Stream) {
    let _ = stream.read(&mut [0]).await;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_hello_is_of_two_peers_and_a_pool() {
        let [a, b, c] = [PeerId::random(), PeerId::random(), PeerId::random()];
        let right = hello(&a, &b, &[1; 32]);
        assert_eq!(right, hello(&a, &b, &[1; 32]));
        for other in [
            hello(&b, &a, &[1; 32]),
            hello(&c, &b, &[1; 32]),
            hello(&a, &c, &[1; 32]),
            hello(&a, &b, &[2; 32]),
        ] {
            assert_ne!(right, other);
        }
    }

    #[test]
    fn the_bytes_do_not_change() {
        let [dialler, dialled] = [1, 2].map(|number| {
            let key = libp2p::identity::Keypair::ed25519_from_bytes([number; 32]);
            key.unwrap().public().to_peer_id()
        });
        let hello = hello(&dialler, &dialled, &[3; 32]);
        let wanted = "01d23f0abbdd33a1de33568be391a0472ae93ce10b5edc5c18ac9251786a072706";
        assert_eq!(hex::encode(hello), wanted);
    }

    #[test]
    fn each_answer_is_read_as_it_was_said() {
        for answer in [Answer::Welcome, Answer::OtherPool, Answer::Busy] {
            assert_eq!(Answer::of(answer.byte()), Some(answer));
        }
        assert_eq!(Answer::of(3), None);
    }
}
