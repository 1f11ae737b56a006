//! A node under attack, and a friend of it behind the attackers' address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bolao_network::{Event, NetworkHandle, PeerId, Verdict};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval, sleep};

use super::raw::outer_address;
use crate::node::{Node, config, link};

/// The friend asks so often.
const ASKS: Duration = Duration::from_millis(20);

/// The friend waits no longer for an answer, on a machine that has other things to do, too.
const SLOWEST: Duration = Duration::from_secs(4);

/// What an attack may cost, the attackers' own share included.
const MEGABYTES: usize = 400;

/// Tasks that an attack may begin, the attackers' own included: some for each connection, none for each message.
const TASKS: usize = 1_000;

/// Bytes that make no sense, other ones for each number.
pub(crate) fn noise(number: u64, len: usize) -> Vec<u8> {
    let begin = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes = begin.to_be_bytes().to_vec();
    bytes.resize(len, 0xa5);
    bytes
}

/// What this process holds: bytes of memory, where the system tells, and tasks.
fn held() -> [usize; 2] {
    let pages = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    let tasks = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    [pages.unwrap_or(0) * 4096, tasks]
}

pub(crate) struct Scene {
    pub(crate) address: SocketAddr,
    pub(crate) node: NetworkHandle,
    layers: JoinHandle<usize>,
    friend: JoinHandle<Served>,
    watch: JoinHandle<()>,
    most: Arc<[AtomicUsize; 2]>,
    before: [usize; 2],
    end: oneshot::Sender<()>,
}

/// What the friend got meanwhile, and what the process held at most beside what it held before.
#[derive(Debug, Default)]
pub(crate) struct Served {
    pub(crate) answers: usize,
    pub(crate) failures: Vec<String>,
    pub(crate) disconnections: usize,
    pub(crate) longest: Duration,
    pub(crate) megabytes: usize,
    pub(crate) tasks: usize,
    pub(crate) offences: usize,
}

impl Served {
    #[track_caller]
    pub(crate) fn assert_served(&self) {
        assert!(self.failures.is_empty(), "{self:?}");
        assert_eq!(self.disconnections, 0, "{self:?}");
        assert!(self.answers > 10, "{self:?}");
        assert!(self.longest < SLOWEST, "{self:?}");
        assert!(self.megabytes < MEGABYTES, "{self:?}");
        assert!(self.tasks < TASKS, "{self:?}");
    }
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let ip = outer_address().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let at = |number| {
            let mut config = config(number);
            config.listen = SocketAddr::new(ip, 0);
            config
        };
        let (mut node, mut friend) = (Node::with(at(1)).await, Node::with(at(2)).await);
        link(&mut friend, &mut node).await;
        let (address, handle) = (node.address(), node.handle.clone());
        let layers = tokio::spawn(layers(node));
        let (end, ended) = oneshot::channel();
        let friend = tokio::spawn(asking(friend, handle.local_peer(), ended));
        let most = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
        Self {
            address,
            node: handle,
            layers,
            friend,
            watch: tokio::spawn(watch(Arc::clone(&most))),
            most,
            before: held(),
            end,
        }
    }

    /// Ends the friend's asking, tells what came of it.
    pub(crate) async fn end(self, what: &str) -> Served {
        let _ = self.end.send(());
        let mut served = self.friend.await.unwrap();
        self.watch.abort();
        self.node.shutdown().await;
        served.offences = self.layers.await.unwrap();
        let [memory, tasks] = [0, 1].map(|at| {
            let most = self.most[at].load(Ordering::Relaxed);
            most.saturating_sub(self.before[at])
        });
        served.megabytes = memory >> 20;
        served.tasks = tasks;
        eprintln!("{what}: {served:?}");
        served
    }
}

/// Notes the most that the process holds.
async fn watch(most: Arc<[AtomicUsize; 2]>) {
    let mut tick = interval(Duration::from_millis(10));
    loop {
        tick.tick().await;
        for (most, held) in most.iter().zip(held()) {
            most.fetch_max(held, Ordering::Relaxed);
        }
    }
}

/// What the layers above do: echo, send much, and call whatever else is asked or told an offence, unless it is only odd. How
/// many there were.
async fn layers(mut node: Node) -> usize {
    let big = config(1).protocol.max_response_bytes;
    let mut offences = 0;
    while let Some(event) = node.events.recv().await {
        let done = match event {
            Event::Request { token, data, .. } if data.starts_with(b"echo") => {
                node.handle.respond(token, data)
            }
            Event::Request { token, data, .. } if data.starts_with(b"big") => {
                node.handle.respond(token, vec![7; big])
            }
            Event::Gossip { token, data, .. } if data.starts_with(b"odd") => {
                node.handle.verdict(token, Verdict::Ignore)
            }
            Event::Gossip { token, from, .. } => {
                offences += 1;
                let told = node.handle.verdict(token, Verdict::Reject);
                told.and_then(|()| node.handle.discourage(from))
            }
            Event::Request { from, .. } => {
                offences += 1;
                node.handle.discourage(from)
            }
            _ => Ok(()),
        };
        if let Err(error) = done {
            eprintln!("the network takes no command: {error}");
        }
    }
    offences
}

/// Asks for echoes until told to end.
async fn asking(mut friend: Node, of: PeerId, mut end: oneshot::Receiver<()>) -> Served {
    let mut served = Served::default();
    let mut number = 0;
    loop {
        let asked = Instant::now();
        number += 1;
        friend
            .handle
            .request(of, number, format!("echo {number}").into_bytes())
            .unwrap();
        loop {
            match friend.events.recv().await.unwrap() {
                Event::Response { id, result, .. } if id == number => {
                    match result {
                        Ok(_) => served.answers += 1,
                        Err(error) => served.failures.push(error.to_string()),
                    }
                    break;
                }
                Event::Disconnected { .. } => served.disconnections += 1,
                _ => {}
            }
        }
        served.longest = served.longest.max(asked.elapsed());
        tokio::select! {
            () = sleep(ASKS) => {}
            _ = &mut end => return served,
        }
    }
}
