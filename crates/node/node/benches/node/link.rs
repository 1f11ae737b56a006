//! Two cores in one thread, joined by the wire's own bytes.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use bolao_chain::{
    Core, CoreConfig, Input, MAX_RESPONSE_BYTES, Now, Output, PeerId, Request, Response, serve,
};
use bolao_ledger::{UnixSeconds, decode, encode};
use bolao_node::verify_in_halves;

use crate::chain::START;

/// Where the time went.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    /// In the core that catches up.
    pub(crate) late: Duration,
    /// In the one that is ahead, and in [`serve`].
    pub(crate) ahead: Duration,
    /// Encoding and decoding of messages.
    pub(crate) wire: Duration,
    /// Answers that carried blocks.
    pub(crate) answers: usize,
}

/// A time at which every block of a bench has passed.
pub(crate) fn now() -> Now {
    Now {
        unix: UnixSeconds(START + 1_000_000),
        mono_ms: 0,
    }
}

/// As a node configures its core.
pub(crate) fn config() -> CoreConfig {
    CoreConfig {
        verify: verify_in_halves,
        ..CoreConfig::default()
    }
}

fn name(side: usize) -> PeerId {
    PeerId::from(["late", "ahead"][side])
}

struct Link<'c> {
    /// The late one, then the one ahead.
    cores: [&'c mut Core; 2],
    queue: VecDeque<(usize, Input)>,
    spent: Spent,
}

/// Connects the two and lets them talk until the first has the second's tip.
pub(crate) fn catch_up(late: &mut Core, ahead: &mut Core) -> Spent {
    let mut link = Link {
        cores: [late, ahead],
        queue: VecDeque::new(),
        spent: Spent::default(),
    };
    for side in [0, 1] {
        let peer = name(1 - side);
        link.queue.push_back((side, Input::PeerConnected { peer }));
    }
    while link.cores[0].tip() != link.cores[1].tip() {
        let (side, input) = link.queue.pop_front().expect("the late core asks on");
        link.step(side, input);
    }
    link.spent
}

impl Link<'_> {
    fn step(&mut self, side: usize, input: Input) {
        let began = Instant::now();
        let outputs = self.cores[side].handle(now(), input).unwrap();
        let spent = [&mut self.spent.late, &mut self.spent.ahead];
        *spent.into_iter().nth(side).unwrap() += began.elapsed();
        for output in outputs {
            match output {
                Output::SendRequest { id, request, .. } => self.ask(side, id, &request),
                // The token is the asker's request id.
                Output::Respond { token, response } => self.answer(1 - side, token, &response),
                Output::Misbehaved { peer, reason } => panic!("{peer}: {reason}"),
                _ => {}
            }
        }
    }

    fn ask(&mut self, from: usize, id: u64, request: &Request) {
        let began = Instant::now();
        let request = decode::<Request>(&encode(&request)).unwrap();
        self.spent.wire += began.elapsed();
        let to = 1 - from;
        if request.needs_core() {
            let (peer, token) = (name(from), id);
            let input = Input::Request {
                peer,
                token,
                request,
            };
            self.queue.push_back((to, input));
            return;
        }
        let began = Instant::now();
        let snapshot = self.cores[to].reader().snapshot().unwrap();
        let response = serve(&snapshot, &request, MAX_RESPONSE_BYTES).unwrap();
        self.spent.ahead += began.elapsed();
        if matches!(response, Response::Blocks(_) | Response::Finals(_)) {
            self.spent.answers += 1;
        }
        self.answer(from, id, &response);
    }

    fn answer(&mut self, asker: usize, id: u64, response: &Response) {
        let began = Instant::now();
        let response = decode::<Response>(&encode(&response)).unwrap();
        self.spent.wire += began.elapsed();
        let peer = name(1 - asker);
        let result = Ok(response);
        let input = Input::Response { peer, id, result };
        self.queue.push_back((asker, input));
    }
}
