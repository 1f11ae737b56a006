//! Requests and responses on the wire: a big-endian `u32` length, then that many bytes.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::StreamProtocol;
use libp2p::request_response::Codec;

/// Length-prefixed bytes with a limit each way, for reading and for writing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SyncCodec {
    pub(crate) max_request: usize,
    pub(crate) max_response: usize,
}

impl Codec for SyncCodec {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io, self.max_request).await
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>>
    where
        T: AsyncRead + Unpin + Send,
    {
        read(io, self.max_response).await
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        request: Vec<u8>,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &request, self.max_request).await
    }

    async fn write_response<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        response: Vec<u8>,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &response, self.max_response).await
    }
}

/// Grows with the bytes that arrive, not with the length that was announced.
async fn read<T: AsyncRead + Unpin>(io: &mut T, limit: usize) -> io::Result<Vec<u8>> {
    let mut prefix = [0; 4];
    io.read_exact(&mut prefix).await?;
    let length = u32::from_be_bytes(prefix);
    if usize::try_from(length).map_or(true, |length| length > limit) {
        return Err(too_long(u64::from(length), limit));
    }
    let mut data = Vec::new();
    io.take(u64::from(length)).read_to_end(&mut data).await?;
    if u64::try_from(data.len()).ok() != Some(u64::from(length)) {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            format!("got {} of {length} bytes", data.len()),
        ));
    }
    Ok(data)
}

async fn write<T: AsyncWrite + Unpin>(io: &mut T, data: &[u8], limit: usize) -> io::Result<()> {
    let length = u32::try_from(data.len())
        .ok()
        .filter(|_| data.len() <= limit)
        .ok_or_else(|| too_long(u64::try_from(data.len()).unwrap_or(u64::MAX), limit))?;
    io.write_all(&length.to_be_bytes()).await?;
    io.write_all(data).await
}

fn too_long(length: u64, limit: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{length} bytes, at most {limit} are allowed"),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use futures::executor::block_on;
    use futures::io::Cursor;

    use super::*;

    fn encoded(data: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let mut io = Cursor::new(Vec::new());
        block_on(write(&mut io, data, limit)).map(|()| io.into_inner())
    }

    #[test]
    fn there_and_back() {
        for data in [&b""[..], b"x", &[7; 1000]] {
            let bytes = encoded(data, 1000).unwrap();
            assert_eq!(block_on(read(&mut Cursor::new(bytes), 1000)).unwrap(), data);
        }
    }

    #[test]
    fn too_long_is_refused_both_ways() {
        assert!(encoded(&[0; 11], 10).is_err());
        let bytes = encoded(&[0; 11], 11).unwrap();
        let error = block_on(read(&mut Cursor::new(bytes), 10)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn a_short_body_is_an_error() {
        let mut bytes = encoded(b"hello", 10).unwrap();
        bytes.pop();
        let error = block_on(read(&mut Cursor::new(bytes), 10)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
