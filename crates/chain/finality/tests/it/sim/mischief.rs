//! Spoilt messages, and a validator that lies.

use bolao_finality::Message;
use bolao_ledger::{BlockHash, BlockId, Decision, Height, Statement, StatementKind, encode};

use super::{Event, POOL, Sim, key, public};

impl Sim {
    pub(super) fn spoil(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.roll(100) < self.plan.spoilt_percent {
            let place = self.roll(bytes.len() as u64) as usize;
            bytes[place] ^= 1 << self.roll(8);
            if self.roll(9) == 0 {
                bytes.truncate(place);
            }
        }
        bytes
    }

    /// Signs a vote or a proposal of any kind for about now, and sends it to somebody.
    pub(super) fn lie(&mut self, node: usize) {
        let height = Height(self.lowest() + self.roll(3));
        let known = self
            .nodes
            .iter()
            .flat_map(|it| it.bodies.iter())
            .rev()
            .take(3);
        let mut decisions: Vec<_> = known.copied().map(Some).collect();
        decisions.extend([
            None,
            Some(Decision {
                block: BlockId {
                    height,
                    hash: BlockHash([self.roll(4) as u8; 32]),
                },
                contested: self.roll(2) == 0,
            }),
        ]);
        let decision = decisions[self.roll(decisions.len() as u64) as usize];
        let round = self.roll(4) as u32;
        let valid_round = (self.roll(2) == 0).then_some(self.roll(3) as u32);
        let (key, public) = (key(node), public(node));
        let statement = |kind| Statement {
            kind,
            height,
            round,
            decision,
        };
        let sign = |kind| key.sign(&statement(kind).signing_bytes(POOL)).to_bytes();
        let kind = self.roll(3) as u8;
        // As messages are laid out.
        let bytes = match decision {
            Some(decision) if kind == 2 => {
                let signature = sign(StatementKind::Proposal { valid_round });
                let proposal = (1_u8, height, Some(round), decision, valid_round, public);
                encode(&(proposal, signature))
            }
            _ => {
                let of = [StatementKind::Prevote, StatementKind::Precommit];
                let kind = kind % 2;
                let signature = sign(of[usize::from(kind)]);
                encode(&(
                    (0_u8, kind, height, Some(round), decision, public),
                    signature,
                ))
            }
        };
        assert!(Message::decode(&bytes).is_ok());
        for to in 0..self.count() {
            if self.roll(2) == 0 {
                self.deliver(node, to, bytes.clone());
            }
        }
        self.after(10, Event::Lie(node));
    }
}
