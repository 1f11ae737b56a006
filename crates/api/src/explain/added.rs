//! Rules that version 2 of genesis added.

use bolao_ledger::Genesis;

use super::{count, duration};

/// What becomes of betting on a match that is put off.
pub(super) fn put_off(genesis: &Genesis) -> &'static str {
    match (
        genesis.v2().put_off_stays_open,
        genesis.rules.later_kickoff_reopens,
    ) {
        (true, _) => {
            "If a match is put off before it has begun, betting on it goes on until its new \
             kick-off, and no sealed bet is opened before that."
        }
        (false, true) => {
            "If a match is put off, betting on it ends at its old kick-off, and opens again \
             only if it is scheduled anew before that."
        }
        (false, false) => {
            "If a match is put off, betting on it ends at its old kick-off unless it is \
             scheduled anew before that."
        }
    }
}

pub(super) fn bounds(genesis: &Genesis) -> Option<String> {
    let bounds = genesis.v2().bounds?;
    Some(format!(
        "Within {} an account that is no organiser's sends at most {} of {} together, and at most {}.",
        duration(bounds.window_s),
        count(bounds.account_transactions.into(), "transaction"),
        count(bounds.account_bytes.into(), "byte"),
        match bounds.joins {
            1 => "1 player joins".to_owned(),
            joins => format!("{joins} players join"),
        }
    ))
}
