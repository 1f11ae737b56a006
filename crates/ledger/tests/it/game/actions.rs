//! Actions, in few words.

use bolao_ledger::{Action, Chips, Fixture, MatchNo, OpenBet, Opening, Outcome, Text};

use super::{account, score};

pub(crate) fn bet(tips: &[OpenBet]) -> Action {
    let tips = tips.to_vec();
    Action::Bet { bets: tips }
}

pub(crate) fn open(no: u16, predicted: &str, seed: u8) -> Action {
    Action::Open {
        openings: vec![Opening {
            match_no: MatchNo(no),
            score: score(predicted),
            salt: [seed; 32],
        }],
    }
}

pub(crate) fn result(no: u16, outcome: Outcome) -> Action {
    let match_no = MatchNo(no);
    Action::Result { match_no, outcome }
}

pub(crate) fn schedule(fixture: Fixture) -> Action {
    Action::Schedule { fixture }
}

pub(crate) fn transfer(to: u8, chips: u64) -> Action {
    Action::Transfer {
        to: account(to),
        chips: Chips(chips),
    }
}

pub(crate) fn object(no: u16, text: &str) -> Action {
    Action::Object {
        match_no: MatchNo(no),
        text: Text::new(text).unwrap(),
    }
}
