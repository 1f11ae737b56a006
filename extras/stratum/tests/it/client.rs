//! A miner that shares no code with the server.

use std::{collections::VecDeque, net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use crate::chain::sha256d;

/// Longer than anything takes that is going to happen.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The parts of a `mining.notify`.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) clean: bool,
    pub(crate) previous: [u8; 32],
    params: Vec<Value>,
}

#[derive(Debug)]
pub(crate) struct Miner {
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: OwnedWriteHalf,
    next_id: u64,
    pub(crate) extranonce1: Vec<u8>,
    pub(crate) difficulty: f64,
    pub(crate) jobs: VecDeque<Job>,
}

impl Miner {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (reader, writer) = stream.into_split();
        Self {
            lines: BufReader::new(reader).lines(),
            writer,
            next_id: 0,
            extranonce1: Vec::new(),
            difficulty: 1.0,
            jobs: VecDeque::new(),
        }
    }

    /// Connected, subscribed, authorized, with a first job.
    pub(crate) async fn ready(address: SocketAddr, worker: &str) -> (Self, Job) {
        let mut miner = Self::connect(address).await;
        miner.subscribe().await;
        let answer = miner.call("mining.authorize", json!([worker, "x"])).await;
        assert_eq!(answer["result"], true, "{answer}");
        let job = miner.job().await;
        (miner, job)
    }

    pub(crate) async fn subscribe(&mut self) {
        let answer = self.call("mining.subscribe", json!(["test/1"])).await;
        assert_eq!(answer["result"][2], 8, "{answer}");
        let extranonce1 = answer["result"][1].as_str().unwrap();
        self.extranonce1 = hex::decode(extranonce1).unwrap();
        assert_eq!(self.extranonce1.len(), 4);
    }

    pub(crate) async fn send(&mut self, line: &str) {
        let line = format!("{line}\n");
        self.writer.write_all(line.as_bytes()).await.unwrap();
    }

    /// The next line; none if the server hung up.
    pub(crate) async fn receive(&mut self) -> Option<Value> {
        let line = timeout(TIMEOUT, self.lines.next_line())
            .await
            .expect("in time");
        Some(serde_json::from_str(&line.ok()??).unwrap())
    }

    /// Calls a method; takes note of what comes before the answer.
    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        let request = json!({ "id": id, "method": method, "params": params });
        self.send(&request.to_string()).await;
        loop {
            let message = self.receive().await.expect("an answer");
            if message["id"] == id {
                return message;
            }
            self.note(&message);
        }
    }

    /// The next job.
    pub(crate) async fn job(&mut self) -> Job {
        loop {
            if let Some(job) = self.jobs.pop_front() {
                return job;
            }
            let message = self.receive().await.expect("a job");
            self.note(&message);
        }
    }

    /// The next job on another tip.
    pub(crate) async fn clean_job(&mut self) -> Job {
        loop {
            let job = self.job().await;
            if job.clean {
                return job;
            }
        }
    }

    fn note(&mut self, message: &Value) {
        assert_eq!(message["id"], Value::Null, "{message}");
        let params = message["params"].as_array().unwrap();
        match message["method"].as_str().unwrap() {
            "mining.set_difficulty" => self.difficulty = params[0].as_f64().unwrap(),
            "mining.notify" => {
                let mut previous = bytes(&params[1]);
                previous.chunks_mut(4).for_each(<[u8]>::reverse);
                self.jobs.push_back(Job {
                    id: params[0].as_str().unwrap().to_owned(),
                    clean: params[8].as_bool().unwrap(),
                    previous: previous.try_into().unwrap(),
                    params: params.clone(),
                });
            }
            other => panic!("{other}"),
        }
    }

    /// The header of a job with this extranonce2, at the job's time.
    pub(crate) fn header(&self, job: &Job, extranonce2: u64, version: Option<u32>) -> [u8; 80] {
        let params = &job.params;
        let extranonce2 = extranonce2.to_be_bytes();
        let coinbase = [
            &bytes(&params[2]),
            self.extranonce1.as_slice(),
            &extranonce2,
            &bytes(&params[3]),
        ]
        .concat();
        let mut root = sha256d(&coinbase);
        for sibling in params[4].as_array().unwrap() {
            root = sha256d(&[root.as_slice(), &bytes(sibling)].concat());
        }
        let number = |at: usize| u32::from_str_radix(params[at].as_str().unwrap(), 16).unwrap();
        let mut header = [0; 80];
        header[..4].copy_from_slice(&version.unwrap_or(number(5)).to_le_bytes());
        header[4..36].copy_from_slice(&job.previous);
        header[36..68].copy_from_slice(&root);
        header[68..72].copy_from_slice(&number(7).to_le_bytes());
        header[72..76].copy_from_slice(&number(6).to_le_bytes());
        header
    }

    /// The first nonce from `start` whose hash is as wanted.
    pub(crate) fn search(
        &self,
        job: &Job,
        extranonce2: u64,
        start: u32,
        wanted: impl Fn(&[u8; 32]) -> bool,
    ) -> u32 {
        let mut header = self.header(job, extranonce2, None);
        (start..=u32::MAX)
            .find(|nonce| {
                header[76..].copy_from_slice(&nonce.to_le_bytes());
                wanted(&sha256d(&header))
            })
            .unwrap()
    }

    pub(crate) async fn submit(&mut self, job: &Job, extranonce2: u64, nonce: u32) -> Value {
        let params = json!([
            "ana",
            job.id,
            format!("{extranonce2:016x}"),
            job.params[7],
            format!("{nonce:08x}"),
        ]);
        self.call("mining.submit", params).await
    }
}

pub(crate) fn code(answer: &Value) -> u64 {
    assert!(answer["result"].is_null(), "{answer}");
    answer["error"][0].as_u64().unwrap_or_default()
}

fn bytes(text: &Value) -> Vec<u8> {
    hex::decode(text.as_str().unwrap()).unwrap()
}

/// Whether a hash is good enough for a difficulty.
pub(crate) fn is_share(hash: &[u8; 32], difficulty: f64) -> bool {
    let value = hash
        .iter()
        .rev()
        .fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte));
    value <= 65_535.0 * 208_f64.exp2() / difficulty
}
