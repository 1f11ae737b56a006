//! What can be asked. `web/src/rules/types.ts` says the same to the page.

use bolao_ledger::{
    AccountId, BlockHash, Day, Fixture, Height, MatchNo, Nonce, PoolId, Score, Text, UnixSeconds,
};
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroizing;

/// A question, and what it is about.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(crate) enum Question {
    NewKeys {
        /// 32 random bytes, as all that is random in hexadecimal.
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
    ReadInvitation {
        fragment: Zeroizing<String>,
    },
    OpenPool {
        genesis: String,
        pool: PoolId,
    },
    Sign {
        nonce: Nonce,
        act: Value,
    },
    Openings {
        seals: Vec<OwnSeal>,
    },
    Invite {
        uses: u32,
        expires: UnixSeconds,
        named: Option<Place>,
        /// 32 random bytes.
        secret: Zeroizing<String>,
    },
    CheckName {
        name: String,
    },
    Points {
        stage: Text<64>,
        prediction: Score,
        result: Score,
    },
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
    Compare {
        of: Route,
        body: Value,
        tip: Option<BlockHash>,
    },
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

/// Which answer of the node's. `after`: how many rows the pages before it have.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "route", rename_all = "kebab-case")]
pub(crate) enum Route {
    Standings {
        stage: Option<Text<64>>,
        #[serde(default)]
        after: usize,
    },
    Match,
    MatchBets {
        match_no: MatchNo,
        #[serde(default)]
        after: usize,
    },
    PlayerBets {
        account: AccountId,
        #[serde(default)]
        after: usize,
    },
    Matrix {
        stage: Text<64>,
        #[serde(default)]
        after: usize,
    },
}
