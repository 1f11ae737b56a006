//! Questions, drawn from a seed.

use bolao_ledger::{
    MatchNo, Outcome, Status, Text, UnixSeconds,
    item::{Answer, Asks, Question, Slot},
};

use super::Dice;

impl Dice {
    pub(crate) fn answer(&mut self) -> Answer {
        Answer::try_from(self.u16() % 10_000).unwrap()
    }

    fn asks(&mut self, slots: u16) -> Asks {
        if slots == 1 && self.one_in(2) {
            let least = self.u16() % 9_999;
            return Asks::Number {
                least,
                most: least + 1 + self.u16() % (9_999 - least),
                near: vec![1; self.index(11)],
            };
        }
        let options = slots.max(2) + self.u16() % 30;
        let option = |place| Text::new(format!("{place} {}", self.text::<50>())).unwrap();
        Asks::Choice {
            options: (0..options).map(option).collect(),
            misplaced: (slots > 1 && self.one_in(2)).then_some(1),
            perfect: if slots > 1 { self.u16() % 1_001 } else { 0 },
        }
    }

    pub(crate) fn question(&mut self) -> Question {
        let slots = 1 + self.u16() % 5;
        Question {
            no: MatchNo(0x4000 + self.u16() % (0x4000 - slots)),
            code: self.lettered_code(),
            text: self.text(),
            closes: UnixSeconds(self.below(253_402_207_201)),
            points: 1 + self.u16() % 1_000,
            slots: slots.try_into().unwrap(),
            asks: self.asks(slots),
        }
    }

    pub(crate) fn slot(&mut self) -> Slot {
        Slot {
            deadline: UnixSeconds(self.number()),
            bets: self.u32(),
            unopened: self.u32(),
            ..Slot::new(&self.question(), self.time())
        }
    }

    pub(crate) fn answered(&mut self) -> Outcome {
        Outcome {
            right: self.list(9, Self::answer),
            ..Outcome::without_score(Status::Answered, self.option(Self::text))
        }
    }
}
