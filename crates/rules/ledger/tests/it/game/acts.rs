//! Actions, in few words.

use bolao_ledger::{
    Action, BlockHash, BlockId, Chips, Day, Decision, DoubleSign, Fixture, Height, MatchNo, Name,
    OpenBet, Opening, Outcome, PoolId, Statement, StatementKind, Text, UnixSeconds, ValidatorKey,
    actions,
};

use super::{account, key, predicted, signature, validator};

pub(crate) fn bet(tips: &[OpenBet]) -> Action {
    let tips = tips.to_vec();
    Action::Bet(actions::Bet { bets: tips })
}

pub(crate) fn open(no: u16, text: &str, seed: u8) -> Action {
    Action::Open(actions::Open {
        openings: vec![Opening {
            match_no: MatchNo(no),
            prediction: predicted(text),
            salt: [seed; 32],
        }],
    })
}

pub(crate) fn result(no: u16, outcome: Outcome) -> Action {
    let match_no = MatchNo(no);
    Action::Result(actions::Result { match_no, outcome })
}

pub(crate) fn schedule(fixture: Fixture) -> Action {
    Action::Schedule(actions::Schedule { fixture })
}

pub(crate) fn transfer(to: u8, chips: u64) -> Action {
    Action::Transfer(actions::Transfer {
        to: account(to),
        chips: Chips(chips),
    })
}

/// From the first time to the second.
pub(crate) fn day(no: u16, day: Option<(u64, u64)>) -> Action {
    let day = day.map(|(begins, ends)| Day {
        begins: UnixSeconds(begins),
        ends: UnixSeconds(ends),
    });
    let match_no = MatchNo(no);
    Action::Day(actions::Day { match_no, day })
}

pub(crate) fn organiser(who: u8, added: bool) -> Action {
    let account = account(who);
    Action::Organiser(actions::Organiser { account, added })
}

pub(crate) fn open_for(who: u8, no: u16, predicted: &str, seed: u8) -> Action {
    let Action::Open(actions::Open { openings }) = open(no, predicted, seed) else {
        unreachable!("it opens");
    };
    let player = account(who);
    Action::OpenFor(actions::OpenFor { player, openings })
}

pub(crate) fn object(no: u16, text: &str) -> Action {
    Action::Object(actions::Object {
        match_no: MatchNo(no),
        text: Text::new(text).unwrap(),
    })
}

pub(crate) fn stake(chips: u64) -> Action {
    let chips = Chips(chips);
    Action::Stake(actions::Stake { chips })
}

pub(crate) fn unstake(chips: u64) -> Action {
    let chips = Chips(chips);
    Action::Unstake(actions::Unstake { chips })
}

pub(crate) fn address(page: &str) -> Action {
    let address = page.parse().unwrap();
    Action::Address(actions::Address { address })
}

/// By `who`, of the key that [`validator`] gives to `of`.
pub(crate) fn offer(pool: PoolId, who: u8, of: u8) -> Action {
    Action::offer(pool, &account(who), &key(of + 100))
}

pub(crate) fn appoint(who: u8, weight: u64) -> Action {
    let validator = validator(who, weight);
    Action::Appoint(actions::Appoint { validator })
}

/// That the key of `who` + 100 prevoted for two blocks, and for none.
pub(crate) fn evidence(pool: PoolId, who: u8, number: u64) -> Action {
    let who = who + 100;
    let voted = |decision| {
        let statement = Statement {
            kind: StatementKind::Prevote,
            height: Height(number),
            round: 0,
            decision,
        };
        (statement, signature(who, &statement.signing_bytes(pool)))
    };
    let decision = Decision {
        block: BlockId {
            height: Height(number),
            hash: BlockHash([1; 32]),
        },
        contested: false,
    };
    Action::Evidence(actions::Evidence {
        proof: Box::new(DoubleSign {
            key: ValidatorKey(account(who).0),
            first: voted(Some(decision)),
            second: voted(None),
        }),
    })
}

pub(crate) fn join_as(who: u8) -> Action {
    Action::Join(actions::Join {
        name: Name::new(&format!("Player {who}")).unwrap(),
        invitation: None,
    })
}
