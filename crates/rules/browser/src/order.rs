//! The order of an account's acts: what the book holds of them, and what was signed to follow.

use bolao_ledger::{AccountId, Nonce, StateView as _, Transaction, decode};

use crate::{
    check::Check,
    object::{AnswerText, object},
    pool::Open,
    question::Asked,
    refusal::{Refusal, unreadable},
};

/// The nonce after those in the book as far as it was replayed, and the one after those of `waiting` that go on from there.
/// Whatever of `waiting` is not good, the account's own and for this pool counts for nothing.
pub(crate) fn of(check: &Check, open: &Open, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let account: AccountId = asked.take("account")?;
    let waiting: Vec<String> = asked.take("waiting")?;
    let booked = check.view().account(&account);
    let booked = booked
        .map_err(unreadable)?
        .map_or(Nonce::ZERO, |account| account.next_nonce);
    let signed: Vec<u64> = waiting
        .iter()
        .filter_map(|text| {
            let transaction: Transaction = decode(&hex::decode(text).ok()?).ok()?;
            if transaction.body.account != account {
                return None;
            }
            let checked = transaction.check(&open.genesis, open.id).ok()?;
            Some(checked.into_inner().body.nonce.0)
        })
        .collect();
    let next = (booked.0..=u64::MAX).find(|nonce| !signed.contains(nonce));
    Ok(object!({ "booked": booked, "next": next, "whole": check.is_whole() }))
}
