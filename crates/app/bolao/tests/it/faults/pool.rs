//! Validators on machines of their own, and bets that they must not lose.

use std::{
    fs,
    time::{Duration, Instant},
};

use bolao_ledger::{
    Chips, MatchNo, Name, Nonce, OpenBet, PoolId, Score, Transaction, TxId, encode,
};
use bolao_node::Home;
use bolao_wallet::{Draft, Key};
use serde_json::Value;

use super::{
    row::{Aim, Row},
    watch::Watch,
    wires::Wires,
};
use crate::{
    networks::{
        lab::{Lab, address},
        routers::CUP,
    },
    support::{Answer, Http, TIMEOUT, assert_audit_is_clean, eventually, new_key},
};

pub(super) const PORT: u16 = 9_000;
/// The number of validators.
pub(super) const NODES: usize = 4;
/// Bets of a player before another takes the place: a pool takes only so many of one.
const BETS: u64 = 40;

/// Who bets at one node.
struct Bettor {
    key: Key,
    draft: Draft,
    bets: u64,
}

impl Bettor {
    fn new() -> Self {
        let key = new_key();
        let draft = Draft::new(key.account(), Nonce::ZERO);
        Self {
            key,
            draft,
            bets: 0,
        }
    }

    /// What it signs next: that it joins, or a bet.
    fn next(&mut self, pool: PoolId) -> Transaction {
        let body = if self.bets == 0 {
            let name = format!("bettor {}", hex::encode(&self.key.account().0[..4]));
            self.draft.join(Name::new(&name).unwrap())
        } else {
            self.draft.bet(vec![OpenBet {
                match_no: MatchNo(1),
                prediction: (Score::new(self.bets % 10, self.bets / 10 % 10).unwrap()).into(),
                stake: Chips::ZERO,
            }])
        };
        self.bets += 1;
        self.key.sign(pool, body)
    }
}

/// A pool of four validators whose nodes run.
pub(super) struct Pool {
    pub(super) lab: Lab,
    /// Those of the validators.
    machines: Vec<usize>,
    pub(super) watches: Vec<Watch>,
    wires: Option<Wires>,
    ways: Vec<(usize, usize)>,
    id: PoolId,
    bettors: Vec<Bettor>,
    accepted: Vec<TxId>,
}

impl Pool {
    /// Validators with wires between these pairs of them, and no other way from one to another.
    pub(super) async fn wired(links: &[(usize, usize)]) -> Self {
        let mut lab = Lab::unplugged(NODES);
        let mut wires = Wires::new(&lab);
        let ways: Vec<_> = links
            .iter()
            .flat_map(|(a, b)| [(*a, *b), (*b, *a)])
            .collect();
        let hardware = |node: usize| format!("02:00:00:00:00:{node:02}");
        for node in 0..NODES {
            lab.ip(node, &format!("addr add {}/32 dev e", address(node)));
            lab.ip(node, &format!("link set e address {}", hardware(node)));
        }
        for (from, to) in &ways {
            lab.ip(*from, &format!("route add {} dev e", address(*to)));
            // As from router to router: no question for one is lost with the wire, to be repeated a second later.
            let known = format!("lladdr {} dev e nud permanent", hardware(*to));
            lab.ip(*from, &format!("neigh replace {} {known}", address(*to)));
        }
        wires.set(&ways, Some(Duration::ZERO));
        organise(&mut lab, "").await;
        for node in 1..NODES {
            let through = ways.iter().find(|(from, to)| *from == node && to < from);
            let through = address(through.unwrap().1);
            lab.run(
                node,
                &format!("join http://{through}:{PORT} --name p{node}"),
            );
            lab.start(node, &format!("-p {PORT}")).await;
        }
        appoint(&lab, NODES - 1).await;
        let mut pool = Self::of(lab, (0..NODES).collect());
        pool.wires = Some(wires);
        pool.ways = ways;
        pool
    }

    /// So many nodes on one switch, the first four of which vote. `starter` is the program with arguments that starts a machine's node.
    pub(super) async fn on_a_switch(
        machines: usize,
        flags: &str,
        starter: impl Fn(&Lab, usize) -> Vec<String>,
    ) -> Self {
        let mut lab = Lab::new(machines);
        lab.starter = starter(&lab, 0);
        organise(&mut lab, flags).await;
        for machine in 1..machines {
            lab.run(
                machine,
                &format!("join http://{}:{PORT} --name p{machine}", address(0)),
            );
            lab.starter = starter(&lab, machine);
            lab.start(machine, &format!("-p {PORT}{flags}")).await;
        }
        appoint(&lab, machines - 1).await;
        Self::of(lab, (0..machines).collect())
    }

    /// That of a lab's machines, whose nodes run and vote.
    pub(super) fn of(lab: Lab, machines: Vec<usize>) -> Self {
        let genesis = Home::open(lab.home(machines[0])).unwrap().genesis();
        let watches = machines.iter().map(|it| Watch::new(lab.place(*it), PORT));
        Self {
            watches: watches.collect(),
            bettors: machines.iter().map(|_| Bettor::new()).collect(),
            machines,
            lab,
            wires: None,
            ways: Vec::new(),
            id: genesis.unwrap().pool_id(),
            accepted: Vec::new(),
        }
    }

    /// Sets how long each wire takes, or cuts it.
    pub(super) fn wires(&mut self, delay: Option<Duration>) {
        let ways = self.ways.clone();
        self.set(&ways, delay);
    }

    /// Sets some ways, each in one direction.
    pub(super) fn set(&mut self, ways: &[(usize, usize)], delay: Option<Duration>) {
        self.wires.as_mut().unwrap().set(ways, delay);
    }

    /// An answer of a node, asked on its own machine.
    fn ask(&self, node: usize, body: Option<Vec<u8>>, path: &str) -> Option<Answer> {
        asked(&self.lab, self.machines[node], body, path)
    }

    /// Bets at a node, which must take it.
    pub(super) fn bet(&mut self, node: usize) {
        self.bet_as(node, node);
    }

    /// Bets as one of the players at a node.
    fn bet_as(&mut self, player: usize, node: usize) {
        if self.bettors[player].bets > BETS {
            self.bettors[player] = Bettor::new();
        }
        loop {
            let is_join = self.bettors[player].bets == 0;
            let transaction = self.bettors[player].next(self.id);
            let body = Some(encode(&transaction));
            let answer = self.ask(node, body, "/api/v1/transactions").unwrap();
            assert_eq!(answer.status, 202, "{answer:?}");
            self.accepted.push(transaction.id());
            if !is_join {
                return;
            }
        }
    }

    /// So many players bet at a node, one right after the other; how long it takes until all nodes have all of it in blocks.
    pub(super) async fn bet_together(&mut self, players: usize, node: usize) -> Option<Duration> {
        while self.bettors.len() < players {
            self.bettors.push(Bettor::new());
        }
        let (began, from) = (Instant::now(), self.accepted.len());
        for player in 0..players {
            self.bet_as(player, node);
        }
        while began.elapsed() < TIMEOUT {
            let all = (0..self.machines.len())
                .all(|node| self.accepted[from..].iter().all(|it| self.has(node, it)));
            if all {
                return Some(began.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        None
    }

    /// Whether a node has a transaction in a block.
    fn has(&self, node: usize, id: &TxId) -> bool {
        let answer = self.ask(node, None, &format!("/api/v1/transactions/{id}"));
        answer.is_some_and(|it| it.status == 200 && it.json()["block"].is_object())
    }

    /// The highest final block that any node has.
    pub(super) fn height(&self) -> u64 {
        self.watches.iter().map(Watch::height).max().unwrap()
    }

    /// Waits until all these nodes have a final block at this height; when the last of them had.
    pub(super) async fn reached(
        &self,
        nodes: &[usize],
        height: u64,
        within: Duration,
    ) -> Option<Instant> {
        let end = Instant::now() + within;
        loop {
            let all = nodes.iter().map(|node| self.watches[*node].reached(height));
            if let Some(last) = all.collect::<Option<Vec<_>>>() {
                return last.into_iter().max();
            }
            if Instant::now() > end {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }

    /// Waits until nothing waits anywhere and all have one final block.
    pub(super) async fn settled(&self) {
        eventually("one tip on which nothing waits", TIMEOUT * 2, async || {
            let all = self.machines.iter().map(|it| status(&self.lab, *it));
            let all = all.collect::<Option<Vec<_>>>()?;
            let tip = &all[0]["final"]["hash"];
            all.iter()
                .all(|it| it["pending"] == 0 && it["final"]["hash"] == *tip)
                .then_some(())
        })
        .await;
    }

    /// Stops all, and adds to the row what was lost, and who signed two things; keeps the logs of a row that does not hold.
    pub(super) fn end(mut self, row: &mut Row, aim: Aim) {
        for node in 0..self.machines.len() {
            let there = self.accepted.iter().filter(|id| self.has(node, id)).count();
            row.lost(self.accepted.len() - there);
        }
        let keep_logs = !row.holds(aim);
        for machine in self.machines {
            self.lab.stop(machine);
            assert_audit_is_clean(&self.lab.home(machine));
            let log = self.lab.log(machine);
            for sign in ["voted twice", "signed two", "two histories", "panicked"] {
                if log.contains(sign) {
                    row.broke(format!("p{machine}'s log: {sign}"));
                }
            }
            if let (true, Some(folder)) = (keep_logs, Row::folder()) {
                let name = format!("{}-p{machine}.log", row.name());
                fs::write(folder.join(name), log).unwrap();
            }
        }
    }
}

/// What a node says of itself.
pub(super) fn status(lab: &Lab, node: usize) -> Option<Value> {
    Some(asked(lab, node, None, "/api/v1/status")?.json())
}

/// An answer of a machine's node, asked there.
fn asked(lab: &Lab, node: usize, body: Option<Vec<u8>>, path: &str) -> Option<Answer> {
    let place = lab.place(node);
    let ask = async || {
        let http = Http::new(format!("http://localhost:{PORT}"));
        let request = match body.clone() {
            Some(body) => http
                .request("POST", path)
                .header("content-type", "application/octet-stream")
                .body(body),
            None => http.request("GET", path),
        };
        http.try_send(request).await
    };
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            place.enter();
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().build().unwrap().block_on(ask())
        });
        thread.join().unwrap()
    })
}

/// Makes the pool at the first machine, and starts its node.
async fn organise(lab: &mut Lab, flags: &str) {
    let cup = lab.dir().join("cup.json");
    fs::write(&cup, CUP).unwrap();
    let cup = cup.display();
    lab.run(
        0,
        &format!("new Cup --fixtures {cup} --as p0 --consensus pos --membership open --tips open"),
    );
    lab.start(0, &format!("-i 0.0.0.0 -p {PORT}{flags}")).await;
}

/// Waits for so many offers to vote, and makes the first four validators.
async fn appoint(lab: &Lab, offers: usize) {
    eventually("their offers", TIMEOUT, async || {
        let validators = lab.run(0, "validators --json");
        let validators: Value = serde_json::from_str(&validators).unwrap();
        (validators["offers"].as_array()?.len() == offers).then_some(())
    })
    .await;
    lab.run(0, "validators appoint p1 p2 p3 --yes --wait");
}
