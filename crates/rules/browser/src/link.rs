//! Links of the pool, as the computers behind them say them.

use bolao_ledger::{AccountId, Signature, StateView as _, UnixSeconds};
use bolao_wallet::is_word_signed;

use crate::{
    object::AnswerText,
    question::Asked,
    refusal::{Refusal, unreadable},
    view::View,
};

/// A sentence counts for so long before and after it was said, in seconds (M1).
const FRESH_S: u64 = 86_400;

/// The name of a player who said that the own computer answers at a link; null if nobody of the pool did, or not lately. A node's word that
/// somebody did is none.
pub(crate) fn said(view: View<'_>, asked: &mut Asked) -> Result<AnswerText, Refusal> {
    let (text, account): (String, AccountId) = (asked.take("text")?, asked.take("account")?);
    let (at, now): (UnixSeconds, UnixSeconds) = (asked.take("at")?, asked.take("now")?);
    let signature: Signature = asked.take("signature")?;
    // # Rule M1: a sentence counts if its account has joined or organises, its signature is good, and its time is within a day of the
    // # clock.
    let is_lately = at.0.abs_diff(now.0) <= FRESH_S;
    if !is_lately || !is_word_signed(&text, view.pool, &account, at, &signature) {
        return Ok(AnswerText::null());
    }
    if let Some(name) = view.name(&account)? {
        return Ok(AnswerText::of(&name));
    }
    let organisers = view.organisers(view.genesis).map_err(unreadable)?;
    let organises = organisers.contains(&account);
    Ok(AnswerText::of(&organises.then_some(account)))
}
