//! One core among peers that the test plays itself.

use bolao_chain::{
    Event, Input, Output, PeerId, Request, RequestFailure, Response, Status, Topic, Verdict,
};
use bolao_ledger::{Block, BlockHash, BlockId, Height, Work, encode};

use crate::pool::{Solo, peer};

pub(crate) struct Stage {
    pub(crate) solo: Solo,
    /// What was asked of whom and has no answer.
    pub(crate) sent: Vec<(PeerId, u64, Request)>,
    pub(crate) events: Vec<Event>,
    pub(crate) ended: Vec<u64>,
    pub(crate) published: usize,
}

pub(crate) fn huge() -> Work {
    Work::from_be_bytes([0x01; 32])
}

impl Stage {
    pub(crate) fn new(solo: Solo) -> Self {
        Self {
            solo,
            sent: Vec::new(),
            events: Vec::new(),
            ended: Vec::new(),
            published: 0,
        }
    }

    pub(crate) fn input(&mut self, input: Input) -> Option<Verdict> {
        self.solo.handle(input);
        let mut verdict = None;
        for output in &self.solo.out {
            match output {
                Output::SendRequest { peer, id, request } => {
                    self.sent.push((peer.clone(), *id, request.clone()));
                }
                Output::Event(event) => self.events.push(event.clone()),
                Output::SyncRound { token, .. } => self.ended.push(*token),
                Output::Publish { .. } => self.published += 1,
                Output::Verdict { verdict: it, .. } => verdict = Some(*it),
                _ => {}
            }
        }
        verdict
    }

    /// Our own status, but for what a peer would say of its chain.
    pub(crate) fn status(&self, tip: BlockHash, height: u64, work: Work) -> Status {
        Status {
            pool: self.solo.pool(),
            tip: BlockId {
                height: Height(height),
                hash: tip,
            },
            work,
            time: 0,
            pending_digest: [0; 32],
        }
    }

    pub(crate) fn connect(&mut self, name: &str) {
        self.input(Input::PeerConnected { peer: peer(name) });
    }

    /// A peer connects and says where it stands.
    pub(crate) fn join(&mut self, name: &str, status: Status) {
        self.connect(name);
        let (id, _) = self
            .asked(name, |it| matches!(it, Request::Status(_)))
            .unwrap();
        self.answer(name, id, Ok(Response::Status(status)));
    }

    /// Takes the first such request to a peer.
    pub(crate) fn asked(
        &mut self,
        name: &str,
        wanted: impl Fn(&Request) -> bool,
    ) -> Option<(u64, Request)> {
        let at = self
            .sent
            .iter()
            .position(|(to, _, request)| *to == peer(name) && wanted(request))?;
        let (_, id, request) = self.sent.remove(at);
        Some((id, request))
    }

    pub(crate) fn answer(&mut self, name: &str, id: u64, result: Result<Response, RequestFailure>) {
        let peer = peer(name);
        self.input(Input::Response { peer, id, result });
    }

    pub(crate) fn gossip(&mut self, name: &str, block: &Block) -> Verdict {
        self.input(Input::Gossip {
            peer: peer(name),
            token: 7,
            topic: Topic::Blocks,
            bytes: encode(block),
        })
        .unwrap()
    }

    pub(crate) fn tick_ms(&mut self, span: u64) {
        self.solo.now.mono_ms += span;
        self.input(Input::Tick);
    }
}
