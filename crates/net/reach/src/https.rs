//! Connections over TLS.

use std::{io, net::SocketAddr, pin::Pin, sync::Arc};

use bolao_discovery::{Connections, Opened};
use rustls::ServerConfig;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// The name of HTTP/2 within TLS (RFC 9113).
pub(crate) const HTTP2: &[u8] = b"h2";
/// The name by which a certificate authority asks (RFC 8737).
pub(crate) const ACME: &[u8] = b"acme-tls/1";

/// Connections over TLS, over other connections.
#[derive(Debug)]
pub struct Https<C> {
    below: C,
    config: Arc<ServerConfig>,
}

impl<C> Https<C> {
    /// Over the connections of `below`, by a configuration that may offer HTTP/2.
    pub fn new(below: C, config: Arc<ServerConfig>) -> Self {
        Self { below, config }
    }
}

impl<C: Connections> Connections for Https<C> {
    type Stream = TlsStream<C::Stream>;
    type Opening = Pin<Box<dyn Future<Output = io::Result<Opened<Self::Stream>>> + Send>>;

    async fn next(&mut self) -> io::Result<(SocketAddr, Self::Opening)> {
        let (caller, opening) = self.below.next().await?;
        let acceptor = TlsAcceptor::from(Arc::clone(&self.config));
        let opening = async move {
            let stream = acceptor.accept(opening.await?.stream).await?;
            let spoken = stream.get_ref().1.alpn_protocol();
            if spoken == Some(ACME) {
                return Err(io::Error::other("a certificate authority has looked"));
            }
            let is_http2 = spoken == Some(HTTP2);
            Ok(Opened { stream, is_http2 })
        };
        Ok((caller, Box::pin(opening)))
    }
}
