//! Passing bytes on between a caller and a home.

use std::{
    io,
    net::IpAddr,
    pin::pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split},
    time::{Instant, sleep_until, timeout},
};

use crate::meter::Meter;

const BUFFER: usize = 16 * 1024;
/// The time that a caller has to close once all of the home's answer is written.
const TO_CLOSE: Duration = Duration::from_secs(2);

/// When bytes moved last.
struct Last(Mutex<Instant>);

impl Last {
    fn get(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// Passes bytes on both ways until the home closes, or nothing comes for `idle`, as fast as the caller's meter lets it.
pub(crate) async fn pass<C, H>(
    caller: C,
    home: H,
    meter: (&Meter, IpAddr),
    idle: Duration,
) -> io::Result<()>
where
    C: AsyncRead + AsyncWrite,
    H: AsyncRead + AsyncWrite,
{
    let ((caller_reads, caller_writes), (home_reads, home_writes)) = (split(caller), split(home));
    let last = Last(Mutex::new(Instant::now()));
    let ways = async {
        let mut up = pin!(one_way(caller_reads, home_writes, meter, &last));
        let mut down = pin!(one_way(home_reads, caller_writes, meter, &last));
        tokio::select! {
            ended = &mut down => {
                ended?;
                // Closed before that, the last of the answer could be lost.
                timeout(TO_CLOSE, up).await.unwrap_or(Ok(()))
            }
            ended = &mut up => {
                ended?;
                down.await
            }
        }
    };
    let idled = async {
        while last.get().elapsed() < idle {
            sleep_until(last.get() + idle).await;
        }
        Err(io::Error::other("nothing came for too long"))
    };
    tokio::select! {
        ended = ways => ended,
        ended = idled => ended,
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    (meter, caller): (&Meter, IpAddr),
    last: &Last,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = from.read(&mut buffer).await?;
        last.is_now();
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            return to.shutdown().await;
        };
        meter.pay(caller, count).await?;
        to.write_all(bytes).await?;
        last.is_now();
    }
}
