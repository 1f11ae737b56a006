//! Requests over many HTTP connections at once: the server's threads on one core, the load's on another.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::Bytes,
    http::header::CONTENT_TYPE,
    routing::{MethodRouter, any},
};
use core_affinity::{get_core_ids, set_for_current};
use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    task::JoinHandle,
};

use crate::report::{Report, grouped, per_second};

/// What one connection sends, one request after another.
pub(crate) type Requests = Box<dyn Iterator<Item = Bytes> + Send>;

/// What a server did under load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Answers a second.
    pub(crate) rate: f64,
    /// Processor time of the server for each, in microseconds. It depends less on the machine's other work than the rate.
    pub(crate) cpu_us: f64,
}

/// Runs with all threads that it starts on the first core.
pub(crate) fn on_first_core(run: impl FnOnce() + Send) {
    thread::scope(|scope| {
        scope.spawn(|| {
            stay_on(0);
            run();
        });
    });
}

fn stay_on(core: usize) {
    if let Some(core) = get_core_ids().unwrap_or_default().get(core) {
        set_for_current(*core);
    }
}

/// A request for HTTP/1.1.
pub(crate) fn request(method: &str, path: &str, body: &[u8]) -> Bytes {
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/octet-stream\r\n\
         content-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat().into()
}

/// Sends all requests, those of different connections at the same time. Every answer must have the given status.
pub(crate) fn load(server: SocketAddr, status: u16, connections: Vec<Requests>) -> Load {
    let sending = thread::spawn(move || {
        stay_on(1);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let open = connections.iter().map(|_| Connection::open(server));
            let open = join_all(open).await;
            let (before, began) = (others_cpu(), Instant::now());
            let sending = open
                .into_iter()
                .zip(connections)
                .map(|(connection, requests)| connection.send_all(status, requests));
            let answers: usize = join_all(sending).await.iter().sum();
            let elapsed = began.elapsed();
            let cpu = others_cpu().saturating_sub(before);
            let answers = answers as f64;
            Load {
                rate: answers / elapsed.as_secs_f64(),
                cpu_us: cpu.as_secs_f64() * 1e6 / answers,
            }
        })
    });
    sending.join().unwrap()
}

/// The same request again and again on each connection, for a while.
pub(crate) fn repeated(request: &Bytes, connections: usize, time: Duration) -> Vec<Requests> {
    let until = Instant::now() + time;
    (0..connections)
        .map(|_| {
            let request = request.clone();
            let requests = std::iter::repeat_with(move || request.clone());
            Box::new(requests.take_while(move |_| Instant::now() < until)) as Requests
        })
        .collect()
}

/// Processor time of this process, without the calling thread.
pub(crate) fn others_cpu() -> Duration {
    let own = fs::canonicalize("/proc/thread-self").unwrap_or_default();
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    let others = tasks
        .flatten()
        .map(|task| task.path())
        .filter(|task| task.file_name() != own.file_name());
    others.map(|task| cpu(&task)).sum()
}

/// Processor time of a thread, such as `/proc/thread-self`.
pub(crate) fn cpu(task: &Path) -> Duration {
    let stat = fs::read_to_string(task.join("schedstat")).unwrap_or_default();
    let nanos = stat
        .split(' ')
        .next()
        .and_then(|nanos| nanos.parse().ok())
        .unwrap_or_default();
    Duration::from_nanos(nanos)
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    async fn send_all(mut self, status: u16, requests: Requests) -> usize {
        let mut answers = 0;
        for request in requests {
            let (got, body) = self.send(&request).await;
            assert_eq!(got, status, "{}", String::from_utf8_lossy(&body));
            answers += 1;
        }
        answers
    }

    /// Status and body.
    async fn send(&mut self, request: &[u8]) -> (u16, Vec<u8>) {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        loop {
            let got = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert_ne!(got, 0, "the server hung up");
            let Some(end) = self.buffer.windows(4).position(|it| it == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
            let (_, length) = head.split_once("content-length: ").expect("a length");
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            let body = end + 4;
            self.buffer.resize(self.buffer.len().max(body), 0);
            let have = self.buffer.len();
            if have < body + length {
                self.buffer.resize(body + length, 0);
                self.stream
                    .read_exact(&mut self.buffer[have..])
                    .await
                    .unwrap();
            }
            let status = head[9..12].parse().unwrap();
            return (status, self.buffer[body..].to_vec());
        }
    }
}

/// One request, one answer.
pub(crate) fn ask(runtime: &Runtime, server: SocketAddr, request: &[u8]) -> (u16, Bytes) {
    let (status, body) =
        runtime.block_on(async { Connection::open(server).await.send(request).await });
    (status, body.into())
}

/// A server of nothing but axum, with the given answers under `/0`, `/1` and so on.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Bare {
    pub(crate) fn start(runtime: &Runtime, answers: Vec<(u16, Bytes)>) -> Self {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let router = (0..)
            .zip(answers)
            .fold(Router::new(), |router, (number, (status, body))| {
                router.route(&format!("/{number}"), answer(status, body))
            });
        let serving = runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, serving }
    }

    pub(crate) fn stop(self) {
        self.serving.abort();
    }
}

/// Reads the whole request, as the node does.
fn answer(status: u16, body: Bytes) -> MethodRouter {
    let status = axum::http::StatusCode::from_u16(status).unwrap();
    any(move |_: Bytes| {
        let kind = [(CONTENT_TYPE, "application/json")];
        std::future::ready((status, kind, body.clone()))
    })
}

/// The one with the median rate.
pub(crate) fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    loads[loads.len() / 2]
}

/// A figure, and what it is of a bare server's.
pub(crate) fn row(report: &mut Report, what: &str, ours: Load, bare: Load) {
    report.row(
        what,
        &format!("{}, {} µs", per_second(ours.rate), grouped(ours.cpu_us)),
        &format!(
            "{:.2} of bare axum's {}, {:.1} µs",
            ours.rate / bare.rate,
            per_second(bare.rate),
            bare.cpu_us
        ),
    );
}
