//! What the state holds, drawn from a seed.

use bolao_ledger::{
    Account, Act, Bet, Came, Cause, Change, Chips, Delta, Effect, Height, HistoryEntry,
    HistoryPage, Match, MatchNo, MatchResult, Nonce, Objection, Placed, Points, Recent,
    ResultVersion, Standing, Totals, TxId, UnixSeconds, Vote,
};

use super::Dice;

impl Dice {
    fn height(&mut self) -> Height {
        Height(self.number())
    }

    pub(crate) fn time(&mut self) -> UnixSeconds {
        UnixSeconds(self.number())
    }

    pub(crate) fn account_state(&mut self) -> Account {
        Account {
            name: self.name(),
            next_nonce: Nonce(self.number()),
            chips: Chips(self.number()),
            joined: self.height(),
            history: self.number(),
        }
    }

    pub(crate) fn match_state(&mut self) -> Match {
        Match {
            fixture: self.fixture(),
            deadline: self.option(Self::time),
            since: self.time(),
            stood: self.option(Self::time),
            pot: Chips(self.number()),
            bets: self.u32(),
            unopened: self.u32(),
            postponed: self.one_in(2),
            begun_before: self.one_in(2),
            day: None,
        }
    }

    pub(crate) fn match_of_a_day(&mut self) -> Match {
        Match {
            day: Some(self.day()),
            ..self.match_state()
        }
    }

    pub(crate) fn recent(&mut self) -> Recent {
        Recent(self.list(9, |dice| Came {
            time: dice.time(),
            count: dice.number(),
            bytes: dice.number(),
        }))
    }

    /// What an organiser signed of days, organisers and validators.
    pub(crate) fn later_act(&mut self) -> Act {
        let vote = match self.below(3) {
            0 => Vote::Day(self.option(Self::day)),
            1 => Vote::Address(self.address()),
            _ => Vote::Organiser {
                account: self.account(),
                added: self.one_in(2),
            },
        };
        Act { vote, ..self.act() }
    }

    pub(crate) fn bet(&mut self) -> Bet {
        let placed = if self.one_in(2) {
            Placed::Open(self.prediction())
        } else {
            Placed::Sealed(self.bytes())
        };
        Bet {
            placed,
            stake: Chips(self.number()),
            height: self.height(),
            time: self.time(),
            tx: TxId(self.bytes()),
            opened: self.option(Self::height),
        }
    }

    pub(crate) fn totals(&mut self) -> Totals {
        Totals {
            accounts: self.number(),
            matches: self.number(),
            bets: self.number(),
            transactions: self.number(),
            chips_issued: Chips(self.number()),
            rollover: Chips(self.number()),
            scored: self.u32(),
            provisional: self.u32(),
            acts: self.number(),
            clock: self.time(),
        }
    }

    pub(crate) fn vote(&mut self) -> Vote {
        if self.one_in(2) {
            Vote::Schedule(self.fixture())
        } else {
            Vote::Result(self.outcome())
        }
    }

    fn effect(&mut self) -> Effect {
        match self.below(4) {
            0 => Effect::Match {
                before: self.option(|dice| Box::new(dice.match_state().terms())),
                after: Box::new(self.match_of_a_day().terms()),
            },
            1 => Effect::Weight {
                before: self.number(),
                from: self.time(),
            },
            2 => Effect::Organiser { from: self.time() },
            _ => Effect::Address {
                before: self.option(Self::address),
            },
        }
    }

    pub(crate) fn act(&mut self) -> Act {
        Act {
            organiser: self.account(),
            signers: self.list(3, Self::account),
            vote: self.vote(),
            match_no: MatchNo(self.u16()),
            effect: self.option(Self::effect),
            tx: TxId(self.bytes()),
            height: self.height(),
            time: self.time(),
        }
    }

    pub(crate) fn result(&mut self) -> MatchResult {
        MatchResult {
            outcome: self.outcome(),
            version: self.u32(),
            signers: self.list(3, Self::account),
            since: self.time(),
            final_at: self.option(Self::time),
            settled: self.option(Self::height),
            objections: self.u32(),
        }
    }

    pub(crate) fn result_version(&mut self) -> ResultVersion {
        ResultVersion {
            outcome: self.outcome(),
            signers: self.list(3, Self::account),
            height: self.height(),
            time: self.time(),
        }
    }

    pub(crate) fn objection(&mut self) -> Objection {
        Objection {
            text: self.text(),
            height: self.height(),
            time: self.time(),
        }
    }

    pub(crate) fn standing(&mut self) -> Standing {
        Standing {
            points: Points(self.number()),
            exact: self.u32(),
            differences: self.u32(),
            tendencies: self.u32(),
            bets: self.u32(),
        }
    }

    pub(crate) fn history(&mut self) -> HistoryEntry {
        let cause = match self.below(7) {
            0 => Cause::Joined,
            1 => Cause::Staked(MatchNo(self.u16())),
            2 => Cause::Freed(MatchNo(self.u16())),
            3 => Cause::Won(MatchNo(self.u16())),
            4 => Cause::Refunded(MatchNo(self.u16())),
            5 => Cause::Sent(self.account()),
            _ => Cause::Received(self.account()),
        };
        HistoryEntry {
            cause,
            amount: Chips(self.number()),
            balance: Chips(self.number()),
            height: self.height(),
            time: self.time(),
        }
    }

    pub(crate) fn history_page(&mut self) -> HistoryPage {
        HistoryPage(self.list(17, Self::history))
    }

    pub(crate) fn delta(&mut self) -> Delta {
        let bytes = |dice: &mut Self| dice.list(40, Self::u8);
        let changes = self.list(6, |dice| {
            let change = Change {
                before: dice.option(bytes),
                after: dice.option(bytes),
            };
            (bytes(dice), change)
        });
        Delta {
            changes: changes.into_iter().collect(),
        }
    }
}
