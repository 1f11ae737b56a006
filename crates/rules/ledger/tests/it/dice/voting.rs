//! What validators sign.

use bolao_ledger::{
    Act, Action, BlockHash, BlockId, Certificate, Cheat, Chips, Conflict, Decision, DoubleSign,
    Height, MatchNo, Signature, Staked, Statement, StatementKind, TxId, UnixSeconds, Validator,
    ValidatorKey, Vote, actions,
};

use super::Dice;

impl Dice {
    pub(crate) fn decision(&mut self) -> Decision {
        Decision {
            block: BlockId {
                height: Height(self.number()),
                hash: BlockHash(self.bytes()),
            },
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

    pub(crate) fn voting_action(&mut self) -> Action {
        let chips = Chips(self.number());
        match self.below(5) {
            0 => Action::Stake(actions::Stake { chips }),
            1 => Action::Unstake(actions::Unstake { chips }),
            2 => Action::Appoint(actions::Appoint {
                validator: self.validator(),
            }),
            3 => Action::Evidence(actions::Evidence {
                proof: Box::new(self.double_sign()),
            }),
            _ => Action::Offer(actions::Offer {
                key: ValidatorKey(self.bytes()),
                signature: self.signature(),
            }),
        }
    }

    pub(crate) fn validator(&mut self) -> Validator {
        Validator {
            account: self.account(),
            key: ValidatorKey(self.bytes()),
            weight: self.number(),
        }
    }

    /// What an organiser signed about a validator.
    pub(crate) fn appointment(&mut self) -> Act {
        Act {
            vote: Vote::Appoint(self.validator()),
            match_no: MatchNo(0),
            ..self.act()
        }
    }

    pub(crate) fn staked(&mut self) -> Staked {
        Staked {
            chips: Chips(self.number()),
            waiting: Chips(self.number()),
            free_at: UnixSeconds(self.number()),
        }
    }

    pub(crate) fn cheat(&mut self) -> Cheat {
        Cheat {
            key: ValidatorKey(self.bytes()),
            tx: TxId(self.bytes()),
            height: Height(self.number()),
            time: UnixSeconds(self.number()),
            cut: Chips(self.number()),
        }
    }
}
