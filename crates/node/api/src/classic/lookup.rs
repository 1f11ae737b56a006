//! `GET /player/NAME` and `GET /match/ID`: standing bets that are in blocks and can be read. The work is that of
//! the answer, however long the chain.

use axum::{extract::State, response::Response};
use bolao_ledger::{FoldedCode, FoldedName, StateView};
use bolao_store::Snapshot;

use super::{
    json,
    render::{Bet, Names},
};
use crate::{
    extract::InPath,
    problem::Problem,
    state::{Api, place},
    stream::{Answer, List, Stop, answer},
};

/// Bets read at once.
const PAGE: usize = 256;
/// Answers up to this length have a `Content-Length`.
const WHOLE_MAX: usize = 256 * 1024;

/// `GET /player/NAME`; nobody of that name: `[]`.
pub(crate) async fn player(
    State(api): State<Api>,
    InPath(name): InPath<String>,
) -> Result<Response, Problem> {
    let Ok(name) = FoldedName::of(&name) else {
        return Ok(json(Answer::Whole("[]".into())));
    };
    list(&api, move |snapshot, list| {
        let Some(account) = snapshot.name_owner(&name)? else {
            return Ok(());
        };
        let mut names = Names::new(snapshot);
        let player = names.player(&account)?;
        let mut after = None;
        loop {
            let page = snapshot.bets_of_account(&account, after, PAGE)?;
            for (no, bet) in &page {
                let predicted = bet.prediction();
                if predicted.is_some() {
                    let code = names.code(*no)?;
                    list.item(&Bet::new(player.clone(), code, predicted, bet.stake.0))?;
                }
            }
            match page.last() {
                Some((no, _)) if page.len() == PAGE => after = Some(*no),
                _ => return Ok(()),
            }
        }
    })
    .await
}

/// `GET /match/ID`; no such match: `[]`.
pub(crate) async fn match_bets(
    State(api): State<Api>,
    InPath(code): InPath<String>,
) -> Result<Response, Problem> {
    let code = FoldedCode::of(&code);
    list(&api, move |snapshot, list| {
        let Some(no) = snapshot.match_by_code(&code)? else {
            return Ok(());
        };
        let mut names = Names::new(snapshot);
        let code = names.code(no)?;
        let mut after = None;
        loop {
            let page = snapshot.bets_of_match(no, after, PAGE)?;
            for (account, bet) in &page {
                let predicted = bet.prediction();
                if predicted.is_some() {
                    let player = names.player(account)?;
                    list.item(&Bet::new(player, code.clone(), predicted, bet.stake.0))?;
                }
            }
            match page.last() {
                Some((account, _)) if page.len() == PAGE => after = Some(*account),
                _ => return Ok(()),
            }
        }
    })
    .await
}

async fn list(
    api: &Api,
    write: impl FnOnce(&Snapshot, &mut List<'_>) -> Result<(), Stop> + Send + 'static,
) -> Result<Response, Problem> {
    let permit = place(&api.streams)?;
    let reader = api.backend.reader().clone();
    let answer = answer(permit, WHOLE_MAX, move |sink| {
        let snapshot = reader.snapshot()?;
        sink.list(|list| write(&snapshot, list))
    });
    Ok(json(answer.await?))
}
