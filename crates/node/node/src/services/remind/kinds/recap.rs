//! A round in a few lines, once all of its matches are final.

use std::sync::Arc;

use bolao_answers::{Scope, Table};
use bolao_ledger::{UnixSeconds, rounds_over};
use bolao_rulebook::{StateWords, chat::recap};
use bolao_store::StoreError;

use super::super::{
    message::ChatMessage,
    told::{DueMessages, Telling, ToldOf},
};

/// The time after a round's end in which it is told, in seconds: a node that was off for longer tells nothing old.
const TOLD_FOR_S: u64 = 3 * 86_400;

/// The messages of rounds that are over.
pub(super) fn due(
    at: &Telling<'_>,
    is_wanted: &dyn Fn(&ToldOf) -> bool,
) -> Result<DueMessages, StoreError> {
    let (snapshot, rules) = (at.snapshot, &at.genesis.rules);
    let mut due = DueMessages::new();
    for (round, ended) in rounds_over(snapshot)? {
        let until = UnixSeconds(ended.0.saturating_add(TOLD_FOR_S));
        let key = ToldOf::Over {
            round: round.to_string(),
            until,
        };
        if until < at.now || !is_wanted(&key) {
            continue;
        }
        let table = |scope| Table::read(snapshot, rules, &scope).map(Arc::new);
        let of_round = table(Scope::Stage(round.clone()))?;
        let Some(told) = of_round.recap(snapshot, rules, || table(Scope::Pool))? else {
            continue;
        };
        let says = |line: &_| recap::in_chat(line, at.chat, &StateWords(snapshot));
        let heading = recap::over(&at.genesis.name.to_string(), round.as_str());
        let lines = told.lines.iter().map(|line| says(&line.says)).collect();
        due.insert(key, ChatMessage::new(says(&heading), lines, at.page));
    }
    Ok(due)
}
