//! What people name, in any case.

use bolao_ledger::{
    Account, AccountId, FoldedCode, FoldedName, MatchNo, Rules, StateView, Text, table::RoundScored,
};

use super::Refused;
use crate::Game;

type Found<T, S> = Result<T, Refused<<S as StateView>::Error>>;

fn none<E>(message: String) -> Refused<E> {
    Refused::NotFound(message)
}

fn brief(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Says that there is no such match.
pub fn no_match(code: &str) -> String {
    format!(
        "this pool has no match {:?}; /api/v1/matches lists its matches",
        brief(code, 40)
    )
}

/// The number of the match with a code.
pub fn match_of_code<S: StateView>(state: &S, code: &str) -> Found<MatchNo, S> {
    let found = state.match_by_code(&FoldedCode::of(code))?;
    found.ok_or_else(|| none(no_match(code)))
}

/// The match with a code, and its record.
pub fn game_of_code<S: StateView>(state: &S, rules: &Rules, code: &str) -> Found<Game, S> {
    let no = match_of_code(state, code)?;
    Game::load(state, rules, no)?.ok_or_else(|| none(no_match(code)))
}

/// The player with a name or account.
pub fn player<S: StateView>(state: &S, who: &str) -> Found<(AccountId, Account), S> {
    let by_name = match FoldedName::of(who) {
        Ok(name) => state.name_owner(&name)?,
        Err(_) => None,
    };
    // A name that looks like an account must not hide the account.
    let id = who.parse().ok().or(by_name);
    let found = match id {
        Some(id) => state.account(&id)?.map(|account| (id, account)),
        None => None,
    };
    found.ok_or_else(|| {
        none(format!(
            "nobody has joined this pool as {:?}",
            brief(who, 80)
        ))
    })
}

/// The stage that a person named.
pub(super) fn stage<S: StateView>(state: &S, rules: &Rules, wanted: &str) -> Found<Text<64>, S> {
    if let Ok(stage) = Text::new(wanted)
        && state.get::<RoundScored>(&stage)?.is_some()
    {
        return Ok(stage);
    }
    let games = Game::all(state, rules)?.into_iter();
    let stages: Vec<Text<64>> = games.map(|game| game.entry.fixture.stage).collect();
    let folded = wanted.to_lowercase();
    let exact = stages.iter().find(|stage| stage.as_str() == wanted);
    let alike = || {
        stages
            .iter()
            .find(|it| it.as_str().to_lowercase() == folded)
    };
    exact.or_else(alike).cloned().ok_or_else(|| {
        none(format!(
            "this pool has no stage {:?}; /api/v1/rounds lists its stages",
            brief(wanted, 64)
        ))
    })
}
