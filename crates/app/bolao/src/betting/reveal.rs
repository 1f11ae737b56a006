//! The home's own sealed bets among what the API shows, read with the wallet's keys for its owner's eyes alone.

use bolao_api::body::PredictionBody;
use bolao_ledger::AccountId;
use bolao_node::Home;
use serde_json::{Value, json};

use super::own::Own;
use crate::{
    passphrase::PassphraseArgs,
    source::{Source, as_view},
    view::Bet,
};

/// The hint for somebody whose wallet is locked.
pub(crate) const LOCKED: &str =
    "Your own sealed bets are shown with --passphrase-file, since the wallet has a passphrase.";

fn is_sealed(bet: &Value) -> bool {
    bet.get("sealed").and_then(Value::as_bool) == Some(true)
}

/// The keys, if there is a wallet and it takes no question.
pub(crate) fn keys(home: &Home, passphrase: &PassphraseArgs) -> anyhow::Result<Option<Own>> {
    let wallet = passphrase.open_quietly(home)?;
    let pool = home.genesis()?.pool_id();
    Ok(wallet.map(|wallet| Own::new(&wallet, pool)))
}

/// Puts what they predict into the home's own sealed bets, which stay marked as sealed; false if the wallet is locked.
pub(crate) async fn reveal(
    home: &Home,
    passphrase: &PassphraseArgs,
    source: &Source,
    bets: &mut [Value],
) -> anyhow::Result<bool> {
    if !bets.iter().any(is_sealed) || !home.wallet_path().exists() {
        return Ok(true);
    }
    let Some(mut own) = keys(home, passphrase)? else {
        return Ok(false);
    };
    fill(&mut own, source, bets).await?;
    Ok(true)
}

/// The same for the cells of a round's matrix.
pub(crate) async fn reveal_matrix(
    home: &Home,
    passphrase: &PassphraseArgs,
    source: &Source,
    matrix: &mut Value,
) -> anyhow::Result<bool> {
    let order: Vec<Value> = list(matrix, "matches")
        .iter()
        .map(|game| game.get("no").cloned().unwrap_or_default())
        .collect();
    let has_sealed = |row: &Value| list(row, "cells").iter().any(is_sealed);
    if !list(matrix, "items").iter().any(has_sealed) || !home.wallet_path().exists() {
        return Ok(true);
    }
    let Some(mut own) = keys(home, passphrase)? else {
        return Ok(false);
    };
    let rows = matrix.get_mut("items").and_then(Value::as_array_mut);
    for row in rows.into_iter().flatten().filter(|row| has_sealed(row)) {
        let account = row.pointer("/player/account").cloned().unwrap_or_default();
        let account: AccountId = as_view(account)?;
        if !own.has(&account) {
            continue;
        }
        let path = format!("/api/v1/players/{account}/bets");
        let mut bets = source.list(&path, usize::MAX).await?;
        fill(&mut own, source, &mut bets).await?;
        let cells = row.get_mut("cells").and_then(Value::as_array_mut);
        for (cell, no) in cells.into_iter().flatten().zip(&order) {
            let bet = bets.iter().find(|bet| bet.pointer("/match/no") == Some(no));
            if let (true, Some(bet)) = (is_sealed(cell), bet) {
                predict(cell, as_view(bet.clone())?);
            }
        }
    }
    Ok(true)
}

async fn fill(own: &mut Own, source: &Source, bets: &mut [Value]) -> anyhow::Result<()> {
    for value in bets.iter_mut().filter(|bet| is_sealed(bet)) {
        let bet: Bet = as_view(value.clone())?;
        let (account, no) = (&bet.player.account, bet.r#match.no);
        let own = own.reopen(source, account, no, &bet.transaction).await?;
        predict(value, own.into());
    }
    Ok(())
}

/// Puts what a bet predicts into what is told of it.
pub(super) fn predict(bet: &mut Value, predicted: PredictionBody) {
    if let (Some(bet), Value::Object(predicted)) = (bet.as_object_mut(), json!(predicted)) {
        bet.extend(predicted);
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
