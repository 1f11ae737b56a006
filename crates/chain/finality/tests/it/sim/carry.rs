//! What becomes of outputs, and of what is on its way.

use bolao_finality::{Decided, Input, Log, Message, Output, Verdict};
use bolao_ledger::{BlockHash, BlockId, Decision, StatementKind, encode, sha256d};

use super::{ASK_MS, Event, POOL, SYNC_MS, Sim, disk::Change, public};

impl Sim {
    pub(super) fn input(&mut self, node: usize, token: Option<usize>, input: Input) {
        let now = self.now;
        if let Some(validator) = &mut self.nodes[node].validator {
            let outputs = validator.handle(now, input);
            self.carry_out(node, token, outputs);
        }
    }

    pub(super) fn carry_out(&mut self, node: usize, from: Option<usize>, outputs: Vec<Output>) {
        self.nodes[node].wake = None;
        let life = self.nodes[node].life;
        for output in outputs {
            if self.nodes[node].disk.carry_out(&output).unwrap() {
                continue;
            }
            match output {
                Output::Keep(decision) => {
                    self.nodes[node].disk.unflushed.push(Change::Keep(decision));
                }
                Output::Send(message) => self.send(node, &message),
                Output::Reply { message, .. } => {
                    let bytes = message.encode();
                    self.note(node, &bytes);
                    self.sent += 1;
                    self.check_signed(node, &message);
                    self.deliver(node, from.unwrap(), bytes);
                }
                Output::Relay(message) if !self.cuts.is_empty() => {
                    for to in 0..self.count() {
                        if Some(to) != from {
                            self.deliver(node, to, message.encode());
                        }
                    }
                }
                Output::Relay(_) => {}
                Output::Share(decision) => self.share(node, decision),
                Output::Build { height, round } => {
                    let chance = self.roll(u64::MAX);
                    let mut hash = sha256d(&encode(&(height, round, chance)));
                    hash[0] = node as u8;
                    let decision = Decision {
                        block: BlockId {
                            height,
                            hash: BlockHash(hash),
                        },
                        contested: false,
                    };
                    self.nodes[node].bodies.insert(decision);
                    self.began.entry(height).or_insert(self.now);
                    let built = Input::Built {
                        height,
                        round,
                        decision,
                    };
                    self.after(1, Event::Input(node, life, built));
                }
                Output::Judge {
                    height,
                    decision,
                    backed,
                } => {
                    self.nodes[node].wanted.insert((height, decision, backed));
                    self.judge(node);
                    self.after(ASK_MS, Event::Ask(node, decision));
                }
                Output::Decide(decided) => self.decide(node, decided),
                Output::Guilty(proof) => self.guilty.push(proof),
                Output::Muted(_) => self.muted += 1,
                Output::WakeAt(at) => {
                    self.nodes[node].wake = Some(at);
                    let delay = at.saturating_sub(self.now);
                    self.after(delay, Event::Wake(node, life));
                }
                other => panic!("nobody carried out {other:?}"),
            }
        }
    }

    fn share(&mut self, node: usize, decision: Decision) {
        for to in 0..self.count() {
            if self.passes(node, to) {
                let delay = self.delay();
                self.after(delay, Event::Body(to, decision));
            }
        }
    }

    fn judge(&mut self, node: usize) {
        let it = &mut self.nodes[node];
        let (life, bodies) = (it.life, &it.bodies);
        let here = it
            .wanted
            .extract_if(.., |(_, decision, _)| bodies.contains(decision));
        for (height, decision, backed) in here.collect::<Vec<_>>() {
            let maker = usize::from(decision.hash.0[0]);
            let refused = self.plan.refused == Some(maker)
                && self
                    .plan
                    .doubter
                    .is_none_or(|doubter| doubter == node && !backed);
            let verdict = if refused {
                Verdict::Refused
            } else {
                Verdict::Valid
            };
            let judged = Input::Judged {
                height,
                decision,
                verdict,
            };
            self.after(1, Event::Input(node, life, judged));
        }
    }

    fn decide(&mut self, node: usize, decided: Decided) {
        if let Some(began) = self.began.get(&decided.height) {
            self.spans.push(self.now - began);
        }
        if !self.is_guilty(node) {
            let found = self.decided.entry(decided.height).or_default();
            found.insert(decided.decision);
        }
        if self.nodes[node].bodies.contains(&decided.decision) {
            return self.commit(node, decided);
        }
        self.after(ASK_MS, Event::Ask(node, decided.decision));
        self.nodes[node].undecided = Some(decided);
    }

    fn commit(&mut self, node: usize, decided: Decided) {
        if decided.height != self.nodes[node].disk.next() {
            return;
        }
        let (height, set) = (decided.height.next(), self.set(decided.height.next()));
        self.nodes[node].disk.chain.push(decided);
        let life = self.nodes[node].life;
        self.after(0, Event::Input(node, life, Input::Height { height, set }));
        self.offer(node);
    }

    pub(super) fn delay(&mut self) -> u64 {
        self.plan.latency_ms + self.roll(26)
    }

    pub(super) fn passes(&mut self, from: usize, to: usize) -> bool {
        let lost = self.roll(100) < self.plan.loss_percent;
        from != to && !lost && self.is_linked(from, to) && !self.broken.contains(&(from, to))
    }

    fn send(&mut self, node: usize, message: &Message) {
        let bytes = message.encode();
        self.note(node, &bytes);
        self.sent += 1;
        self.check_signed(node, message);
        for to in 0..self.count() {
            self.deliver(node, to, bytes.clone());
        }
    }

    pub(super) fn deliver(&mut self, from: usize, to: usize, bytes: Vec<u8>) {
        if self.passes(from, to) {
            let delay = self.delay();
            self.after(delay, Event::Message(from, to, bytes));
        }
    }

    /// Notes what a validator signed itself and sent.
    fn check_signed(&mut self, node: usize, message: &Message) {
        let statements = message.statements();
        let [(signer, statement, _)] = statements.as_slice() else {
            return;
        };
        let who = self.nodes[node].who;
        if *signer != public(who) {
            return;
        }
        if let Some(decision) = statement.decision {
            let known = self.nodes[node].disk.bodies.contains(&decision);
            assert!(
                known,
                "node {node} signed for a body that is not on its disk"
            );
        }
        let kind = match statement.kind {
            StatementKind::Proposal { .. } => 0,
            StatementKind::Prevote => 1,
            StatementKind::Precommit => 2,
            StatementKind::Testified => 3,
        };
        if !self.is_guilty(node) {
            let slot = (who, kind, statement.height, statement.round);
            self.signed.entry(slot).or_default().insert(*statement);
        }
    }

    fn sync(&mut self, node: usize) {
        self.after(SYNC_MS, Event::Sync(node));
        if self.nodes[node].validator.is_some() {
            self.offer(node);
        }
        let other = self.roll(self.count() as u64) as usize;
        self.catch_up(node, other);
    }

    /// Takes what another has decided.
    pub(super) fn catch_up(&mut self, node: usize, other: usize) {
        let up = |sim: &Self, node: usize| sim.nodes[node].validator.is_some();
        if !up(self, node) || !up(self, other) {
            return;
        }
        if !self.passes(node, other) || !self.passes(other, node) {
            return;
        }
        while let Some(decided) = self.missed(node, other) {
            let set = self.set(decided.height);
            let proven = decided
                .certificate
                .verify(&set, POOL, decided.height, decided.decision);
            proven.unwrap();
            if !self.is_guilty(node) {
                let found = self.decided.entry(decided.height).or_default();
                found.insert(decided.decision);
            }
            self.nodes[node].undecided = None;
            self.nodes[node].bodies.insert(decided.decision);
            self.commit(node, decided);
        }
    }

    /// The next block of one node, if the other has it.
    fn missed(&self, node: usize, other: usize) -> Option<Decided> {
        let next = self.height(node) as usize;
        self.nodes[other].disk.chain.get(next).cloned()
    }

    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Message(from, to, _) if self.broken.contains(&(from, to)) => {}
            Event::Message(from, to, bytes) => {
                if let Ok(message) = Message::decode(&self.spoil(bytes)) {
                    let token = from as u64;
                    let is_ahead = message.height() > self.nodes[to].disk.next();
                    self.input(to, Some(from), Input::Message { token, message });
                    if is_ahead {
                        // Which blocks there are is asked first.
                        let delay = self.delay() * 2;
                        self.after(delay, Event::CatchUp(to, from));
                    }
                }
            }
            Event::Body(to, decision) => {
                self.nodes[to].bodies.insert(decision);
                if self.nodes[to].validator.is_some() {
                    self.judge(to);
                    let undecided = &mut self.nodes[to].undecided;
                    if let Some(decided) = undecided.take_if(|it| it.decision == decision) {
                        self.commit(to, decided);
                    }
                }
            }
            Event::Input(node, life, input) => {
                let over = self.nodes[node].disk.next().0 > self.plan.heights;
                let idle = over && matches!(input, Input::Waiting);
                if self.nodes[node].life == life && !idle {
                    self.input(node, None, input);
                }
            }
            Event::Wake(node, life) => {
                let it = &self.nodes[node];
                if it.life == life && it.wake.is_some_and(|at| at <= self.now) {
                    self.input(node, None, Input::Tick);
                }
            }
            Event::Connected(node, other) => self.connected(node, other),
            Event::CatchUp(node, other) => self.catch_up(node, other),
            Event::Ask(node, decision) => self.ask(node, decision),
            Event::Sync(node) => self.sync(node),
            Event::Crash(node) => self.kill(node),
            Event::Restart(node) => self.restart(node),
            Event::Lie(node) => self.lie(node),
        }
    }
}
