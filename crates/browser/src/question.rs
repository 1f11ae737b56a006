//! What the page asks: the question's name, and what it is about. `web/src/rules/types.ts` says the same to the page.

use bolao_ledger::{
    AccountId, BlockHash, Day, Fixture, Height, MatchNo, Nonce, PoolId, Score, Text, UnixSeconds,
    ValidatorKey,
};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

/// A question. What is random in it comes in hexadecimal.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    NewKeys {
        /// 32 random bytes.
        entropy: Zeroizing<String>,
    },
    CheckWords {
        words: Zeroizing<String>,
    },
    RestoreKeys {
        words: Zeroizing<String>,
    },
    KeepKeys {
        passphrase: Zeroizing<String>,
        /// 40 random bytes: a salt and a nonce.
        random: String,
    },
    WantsPassphrase {
        kept: String,
    },
    OpenKeys {
        kept: String,
        passphrase: Zeroizing<String>,
    },
    Words,
    ForgetKeys,
    ReadInvitation(ReadInvitation),
    OpenPool {
        genesis: String,
        pool: PoolId,
    },
    Said,
    Sign {
        nonce: Nonce,
        act: Value,
    },
    Openings {
        seals: Vec<OwnSeal>,
    },
    Deals(DealSeals),
    Invite(MakeInvitation),
    CheckName {
        name: String,
    },
    Points(PointsFor),
    Deadline {
        fixture: Fixture,
        day: Option<Day>,
    },
    VerifySlip {
        json: String,
        pool: Option<PoolId>,
    },
    BeginPart {
        named: Option<Place>,
    },
    BeginAgain,
    EndPart,
    Standings {
        stage: Option<Text<64>>,
    },
    Payouts {
        match_no: MatchNo,
        result: Score,
    },
    Order(OrderOf),
    Begun {
        /// What this device's clock shows.
        shows: UnixSeconds,
    },
    Compare {
        of: Route,
        body: Value,
    },
}

#[derive(Deserialize)]
pub(crate) struct ReadInvitation {
    pub(crate) fragment: Zeroizing<String>,
    /// Of a short one, what the node keeps.
    pub(crate) kept: Option<String>,
}

/// Seals to deal to keepers.
#[derive(Deserialize)]
pub(crate) struct DealSeals {
    pub(crate) seals: Vec<DealtSeal>,
    pub(crate) keepers: Vec<ValidatorKey>,
    /// 32 random bytes for each seal.
    pub(crate) entropy: Vec<Zeroizing<String>>,
}

/// A seal of one's own, and which deal of it this is: the node's `next_round`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct DealtSeal {
    pub(crate) match_no: MatchNo,
    pub(crate) nonce: Nonce,
    #[serde(with = "hex::serde")]
    pub(crate) commitment: [u8; 32],
    pub(crate) round: u8,
}

#[derive(Deserialize)]
pub(crate) struct MakeInvitation {
    pub(crate) uses: u32,
    pub(crate) expires: UnixSeconds,
    pub(crate) named: Option<Place>,
    /// 16 random bytes.
    pub(crate) secret: Zeroizing<String>,
}

#[derive(Deserialize)]
pub(crate) struct PointsFor {
    pub(crate) stage: Text<64>,
    pub(crate) prediction: Score,
    pub(crate) result: Score,
}

/// Of whose acts, with transactions in hexadecimal that are said to wait.
#[derive(Deserialize)]
pub(crate) struct OrderOf {
    pub(crate) account: AccountId,
    pub(crate) waiting: Vec<String>,
}

/// A seal of one's own in the chain, or one that waits.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct OwnSeal {
    pub(crate) match_no: MatchNo,
    /// Of the transaction that sealed.
    pub(crate) nonce: Nonce,
    #[serde(with = "hex::serde")]
    pub(crate) commitment: [u8; 32],
}

/// A block's place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Place {
    pub(crate) height: Height,
    pub(crate) hash: BlockHash,
}

/// Which answer of the node's.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Route {
    #[serde(rename = "route")]
    pub(crate) name: String,
    pub(crate) stage: Option<Text<64>>,
    /// Of a table, the match from which on it counts.
    pub(crate) match_no: Option<MatchNo>,
    /// The match that was asked for.
    pub(crate) code: Option<String>,
    /// What the time is now at the latest: a match that takes bets after it is not closed.
    pub(crate) now: Option<UnixSeconds>,
    /// Of a table, the one whose line it is.
    pub(crate) account: Option<AccountId>,
    /// How many rows the pages before it have.
    #[serde(default)]
    pub(crate) after: usize,
}
