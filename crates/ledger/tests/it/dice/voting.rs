//! What validators sign.

use bolao_ledger::{
    BlockHash, Certificate, Conflict, Decision, DoubleSign, Height, Signature, Statement,
    StatementKind, ValidatorKey,
};

use super::Dice;

impl Dice {
    pub(crate) fn decision(&mut self) -> Decision {
        Decision {
            height: Height(self.number()),
            hash: BlockHash(self.bytes()),
            contested: self.one_in(2),
        }
    }

    pub(crate) fn statement(&mut self) -> Statement {
        let valid_round = self.option(Self::u32);
        Statement {
            kind: self.pick(&[
                StatementKind::Proposal { valid_round },
                StatementKind::Prevote,
                StatementKind::Precommit,
            ]),
            height: Height(self.number()),
            round: self.u32(),
            decision: self.option(Self::decision),
        }
    }

    pub(crate) fn certificate(&mut self) -> Certificate {
        let signed = |dice: &mut Self| (ValidatorKey(dice.bytes()), Signature(dice.bytes()));
        Certificate {
            round: self.u32(),
            signatures: self.list(7, signed).into_iter().collect(),
        }
    }

    pub(crate) fn double_sign(&mut self) -> DoubleSign {
        DoubleSign {
            key: ValidatorKey(self.bytes()),
            first: (self.statement(), self.signature()),
            second: (self.statement(), self.signature()),
        }
    }

    pub(crate) fn conflict(&mut self) -> Conflict {
        Conflict {
            height: Height(self.number()),
            first: (self.decision(), self.certificate()),
            second: (self.decision(), self.certificate()),
        }
    }
}
