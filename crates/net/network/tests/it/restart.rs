//! A node is killed with SIGKILL and comes back with the same key and port, a dozen times, before
//! its peers notice that it was gone. It must hear and be heard within three seconds, and those who
//! stayed must not stall.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use bolao_network::{Event, NetworkHandle, PeerId, Topic, Verdict};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::node::{Node, Setup, config, link};

const CHILD: &str = "BOLAO_NETWORK_TEST_CHILD";
const KILLS: u32 = 12;

/// What the issue allows: heard and hearing within a few seconds.
const HEALED: Duration = Duration::from_secs(3);

/// The survivors gossip every 50 ms.
const STALL: Duration = Duration::from_secs(2);

/// Not a test: the node that is killed. `CHILD` holds its listening port and whom to dial.
#[tokio::test]
#[ignore = "it is run by the test below"]
async fn child() {
    let Ok(addresses) = std::env::var(CHILD) else {
        return;
    };
    let mut addresses = addresses.split(',').map(|text| text.parse().unwrap());
    let setup = Setup {
        listen: addresses.next().unwrap(),
        ..config(200)
    };
    let Node { handle, mut events } = Node::with(setup).await;
    for address in addresses {
        handle.dial(address).unwrap();
    }
    say(&format!("listening {}", handle.listen_addr()));
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    loop {
        tokio::select! {
            line = input.next_line() => match line.unwrap() {
                Some(line) => handle.publish(Topic::Transactions, line.into_bytes()).unwrap(),
                None => return,
            },
            event = events.recv() => match event.unwrap() {
                Event::Gossip { token, data, .. } => {
                    say(&String::from_utf8(data).unwrap());
                    handle.verdict(token, Verdict::Ignore).unwrap();
                }
                Event::Request { token, data, .. } => handle.respond(token, data).unwrap(),
                Event::Connected { peer, .. } => say(&format!("connected {peer}")),
                _ => {}
            }
        }
    }
}

#[allow(clippy::print_stdout)]
fn say(line: &str) {
    println!("@{line}");
}

struct Killable {
    process: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Killable {
    fn start(listen: SocketAddr, dial: &[SocketAddr]) -> Self {
        let addresses: Vec<_> = std::iter::once(&listen)
            .chain(dial)
            .map(ToString::to_string)
            .collect();
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "restart::child", "--ignored", "--nocapture"])
            .env(CHILD, addresses.join(","))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()).lines(),
            process,
        }
    }

    async fn says(&mut self, deadline: Instant, start: &str) -> String {
        loop {
            let line = timeout_at(deadline, self.output.next_line())
                .await
                .unwrap_or_else(|_| panic!("the child does not say {start:?}"))
                .unwrap()
                .expect("the child runs");
            // libtest writes to the same line.
            if let Some((_, said)) = line.split_once('@')
                && let Some(rest) = said.strip_prefix(start)
            {
                return rest.to_owned();
            }
        }
    }

    async fn publish(&mut self, text: &str) {
        self.input
            .write_all(format!("{text}\n").as_bytes())
            .await
            .unwrap();
    }
}

/// Publishes a numbered message every 50 ms until dropped.
fn metronome(handle: NetworkHandle, name: &'static str) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_millis(50));
        for number in 0_u64.. {
            tick.tick().await;
            let text = format!("{name} {number}");
            if handle
                .publish(Topic::Transactions, text.into_bytes())
                .is_err()
            {
                return;
            }
        }
    })
}

/// Accepts all gossip, passes on what the child wrote, and tells the longest silence of `beat`.
fn listener(
    mut node: Node,
    beat: &'static str,
    child: mpsc::UnboundedSender<String>,
) -> tokio::task::JoinHandle<Duration> {
    tokio::spawn(async move {
        let (mut last, mut longest) = (Instant::now(), Duration::ZERO);
        while let Some(event) = node.events.recv().await {
            if let Event::Gossip { token, data, .. } = event {
                let text = String::from_utf8(data).unwrap();
                if text.starts_with(beat) {
                    longest = longest.max(last.elapsed());
                    last = Instant::now();
                } else if text.starts_with("child") {
                    let _ = child.send(text);
                }
                node.handle.verdict(token, Verdict::Accept).unwrap();
            }
        }
        longest.max(last.elapsed())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_is_heard_again_and_its_peers_do_not_stall_slow() {
    let (mut a, mut c) = (Node::start(1).await, Node::start(2).await);
    link(&mut a, &mut c).await;
    let dial = [a.address(), c.address()];
    let handles = [a.handle.clone(), c.handle.clone()];
    let beats = [
        metronome(a.handle.clone(), "beat of a"),
        metronome(c.handle.clone(), "beat of c"),
    ];
    let (to_a, mut at_a) = mpsc::unbounded_channel();
    let (to_c, mut at_c) = mpsc::unbounded_channel();
    let listeners = [
        listener(a, "beat of c", to_a),
        listener(c, "beat of a", to_c),
    ];

    let mut listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let mut slowest = Duration::ZERO;
    for round in 0..KILLS {
        let mut child = Killable::start(listen, &dial);
        let ready = child.says(Instant::now() + HEALED * 3, "listening ").await;
        listen = ready.parse().unwrap();
        let start = Instant::now();
        let deadline = start + HEALED;

        child.says(deadline, "beat of a").await;
        child.says(deadline, "beat of c").await;
        for (number, at) in [&mut at_a, &mut at_c].into_iter().enumerate() {
            let mine = format!("child {round} to {number}");
            loop {
                child
                    .publish(&format!("{mine} at {:?}", start.elapsed()))
                    .await;
                let soon = Instant::now() + Duration::from_millis(50);
                let heard = loop {
                    match timeout_at(soon, at.recv()).await {
                        Ok(text) => {
                            if text.unwrap().starts_with(&mine) {
                                break true;
                            }
                        }
                        Err(_) => break false,
                    }
                };
                if heard {
                    break;
                }
                assert!(
                    Instant::now() < deadline,
                    "round {round}: the child is mute"
                );
            }
        }
        slowest = slowest.max(start.elapsed());
        // Sometimes a young connection, sometimes an older one.
        tokio::time::sleep(Duration::from_millis(u64::from(round % 4) * 500)).await;
        child.process.kill().await.unwrap();
    }

    for beat in beats {
        beat.abort();
    }
    for handle in handles {
        handle.shutdown().await;
    }
    for listener in listeners {
        let longest = listener.await.unwrap();
        eprintln!("healed within {slowest:?}, longest silence {longest:?}");
        assert!(longest < STALL, "a survivor heard nothing for {longest:?}");
    }
}

#[tokio::test]
async fn a_node_that_was_dialled_a_moment_ago_and_is_killed_may_dial_back_slow() {
    let (mut a, mut c) = (Node::start(1).await, Node::start(2).await);
    let mut listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
    for _ in 0..3 {
        let mut child = Killable::start(listen, &[]);
        let ready = child.says(Instant::now() + HEALED * 3, "listening ").await;
        listen = ready.parse().unwrap();
        for node in [&mut a, &mut c] {
            node.handle.dial(listen).unwrap();
            node.wait("the child", connected).await;
        }
        child.process.kill().await.unwrap();

        let mut child = Killable::start(listen, &[a.address(), c.address()]);
        let deadline = Instant::now() + HEALED;
        child.says(deadline, "connected ").await;
        child.says(deadline, "connected ").await;
        for node in [&mut a, &mut c] {
            let peer = node.wait("the child", connected).await;
            node.handle.request(peer, 1, b"echo".to_vec()).unwrap();
            let answer = node.wait("an answer", |event| match event {
                Event::Response { result, .. } => Some(result),
                _ => None,
            });
            assert_eq!(answer.await, Ok(b"echo".to_vec()));
        }
        child.process.kill().await.unwrap();
        for node in [&mut a, &mut c] {
            node.wait("the end", |event| match event {
                Event::Disconnected { .. } => Some(()),
                _ => None,
            })
            .await;
        }
    }
}

fn connected(event: Event) -> Option<PeerId> {
    match event {
        Event::Connected { peer, .. } => Some(peer),
        _ => None,
    }
}
