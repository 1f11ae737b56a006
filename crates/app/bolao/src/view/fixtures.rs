//! Answers of the API as tests of the tables need them.
#![allow(clippy::unwrap_used)]

use bolao_ledger::{AccountId, Action, ItemKind};
use serde_json::{Value, json};

use bolao_api::Named;

use super::{Bet, MatchRef, PlayerRef, Waiting};

/// An account.
pub(crate) fn account() -> String {
    AccountId([7; 32]).to_string()
}

/// A named player's account.
pub(crate) fn account_of(name: &str) -> AccountId {
    let mut bytes = [7; 32];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    AccountId(bytes)
}

/// A player, briefly.
pub(crate) fn player(name: &str) -> Value {
    json!({ "account": account_of(name).to_string(), "name": name })
}

/// A match of 2019 that takes tips.
pub(crate) fn match_json(no: u16, code: &str, home: &str, away: &str) -> Value {
    json!({
        "no": no, "code": code, "home": {"name": home}, "away": {"name": away},
        "kickoff": "2019-06-06T18:45:00Z", "stage": "Semi-finals",
        "deadline": "2019-06-06T18:45:00Z", "status": "scheduled", "lacks_notice": false, "postponed": false,
        "bets": 0, "unopened": 0, "pot": 0, "base": "90", "multiplier": 1, "record": null,
    })
}

/// A vote on a match that waits with one signature.
pub(crate) fn waiting(no: u16, signer: AccountId, action: Action) -> Waiting {
    Waiting {
        id: String::new(),
        about: MatchRef {
            no,
            code: format!("M{no}"),
            kind: ItemKind::Match,
        },
        action: Named::new(action, [], []),
        signers: vec![PlayerRef {
            account: signer,
            name: None,
        }],
        signatures_needed: 2,
        signable: true,
    }
}

/// A bet of 10 chips: its score, points with tier, payout.
pub(crate) fn bet(
    code: &str,
    name: &str,
    score: Option<(u8, u8)>,
    points: Option<(u64, &str)>,
    payout: Option<u64>,
) -> Bet {
    serde_json::from_value(json!({
        "match": {"no": 1, "code": code}, "player": player(name),
        "score": score.map(|(home, away)| json!({"home": home, "away": away})),
        "sealed": score.is_none(), "stake": 10, "height": 4, "time": "2019-06-05T12:00:00Z",
        "transaction": "00", "points": points.map(|(points, _)| points),
        "tier": points.map(|(_, tier)| tier), "provisional": false, "payout": payout,
    }))
    .unwrap()
}
