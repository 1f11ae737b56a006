//! A listener on a machine, which notes when its node's blocks are final.

use std::{
    io::{self, BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::networks::lab::Place;

/// Longer than a node is silent towards who listens.
const SILENCE: Duration = Duration::from_secs(20);
/// From one try to reach the node to the next.
const AGAIN: Duration = Duration::from_millis(100);

/// The final blocks of a node that runs: the height of each, and when it was heard of. Its listener ends when it is dropped.
pub(super) struct Watch {
    finals: Arc<Mutex<Vec<(Instant, u64)>>>,
    is_over: Arc<AtomicBool>,
}

impl Watch {
    /// A listener on the machine of a node.
    pub(super) fn new(place: Place, port: u16) -> Self {
        let watch = Self {
            finals: Arc::default(),
            is_over: Arc::default(),
        };
        let (finals, is_over) = (Arc::clone(&watch.finals), Arc::clone(&watch.is_over));
        thread::spawn(move || {
            place.enter();
            while !is_over.load(Ordering::SeqCst) {
                // The node may be stopped, or start again.
                let _ = listen(port, &finals, &is_over);
                thread::sleep(AGAIN);
            }
        });
        watch
    }

    /// The height of the last final block.
    pub(super) fn height(&self) -> u64 {
        let finals = self.finals.lock().unwrap();
        finals.last().map_or(0, |(_, height)| *height)
    }

    /// The moment of the first final block at this height or above.
    pub(super) fn reached(&self, height: u64) -> Option<Instant> {
        let finals = self.finals.lock().unwrap();
        let first = finals.iter().find(|(_, it)| *it >= height);
        first.map(|(when, _)| *when)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

fn listen(port: u16, finals: &Mutex<Vec<(Instant, u64)>>, is_over: &AtomicBool) -> io::Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(SILENCE))?;
    let asked = format!("GET /api/v1/events HTTP/1.0\r\nhost: localhost:{port}\r\n\r\n");
    stream.write_all(asked.as_bytes())?;
    let mut event = String::new();
    for line in BufReader::new(stream).lines() {
        let line = line?;
        if let Some(name) = line.strip_prefix("event: ") {
            name.clone_into(&mut event);
        } else if let Some(data) = line.strip_prefix("data: ")
            && ["tip", "final"].contains(&event.as_str())
        {
            let data: Value = serde_json::from_str(data)?;
            let height = data["height"].as_u64().unwrap_or_default();
            finals.lock().unwrap().push((Instant::now(), height));
        }
        if is_over.load(Ordering::SeqCst) {
            break;
        }
    }
    Ok(())
}
