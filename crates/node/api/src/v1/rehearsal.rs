//! The dry run of `POST /api/v1/transactions`: what the ledger would say, and nothing is written.

use std::time::Instant;

use axum::{Json, response::IntoResponse as _};
use bolao_chain::{MAX_REHEARSED, Proposal, Rehearsed, rehearse};
use bolao_ledger::{Bet, Nonce, Reason, Transaction, decode, table};
use bolao_store::StoreError;
use http::Extensions;

use super::{game::clock, read::Reply, views::Lookup};
use crate::{
    body::{
        BetChange, ChipsChange, FixtureChange, PlacedBody, ProposalBody, RecordChange,
        RehearsalBody, VerdictBody,
    },
    config::QUICK,
    problem::Problem,
    state::Api,
};

/// Tries transactions one after the other.
///
/// A caller elsewhere has one dry run at a time, so that nobody keeps the node from answering others.
pub(super) async fn dry_run(api: &Api, caller: &Extensions, proposals: Vec<Proposal>) -> Reply {
    if proposals.is_empty() || proposals.len() > MAX_REHEARSED {
        return Err(Problem::bad_request(format!(
            "`transactions`: got {} of them, wanted 1 to {MAX_REHEARSED}",
            proposals.len()
        )));
    }
    let reader = api.backend.reader().clone();
    let until = Instant::now() + QUICK;
    // Whoever asked has his answer by then.
    let may_go_on = move || {
        if Instant::now() < until {
            Ok(())
        } else {
            Err(Problem::busy())
        }
    };
    let run = move || {
        let snapshot = &reader.snapshot()?;
        let mut lookup = Lookup::new(snapshot);
        let verdict = |one: Rehearsed| Ok(VerdictBody::new(&mut lookup, &one)?);
        let (genesis, now) = (reader.genesis(), clock());
        Ok(RehearsalBody {
            tip: snapshot.tip()?.into(),
            transactions: rehearse(snapshot, genesis, now, proposals, may_go_on, verdict)?,
        })
    };
    let body = api.dry_runs.run(caller, run).await?;
    Ok(Json(body).into_response())
}

/// A signed transaction in hexadecimal.
pub(super) fn signed(hexadecimal: &str) -> Result<Transaction, Problem> {
    let bytes = hex::decode(hexadecimal.trim()).map_err(|_| {
        Problem::rejected(
            Reason::BadEncoding,
            "`transaction`: wanted hexadecimal digits, two a byte",
        )
    })?;
    encoded(&bytes)
}

/// A signed transaction in its canonical bytes.
pub(super) fn encoded(bytes: &[u8]) -> Result<Transaction, Problem> {
    decode(bytes).map_err(|error| Problem::rejected(error.reason(), error.to_string()))
}

impl TryFrom<ProposalBody> for Proposal {
    type Error = Problem;

    fn try_from(body: ProposalBody) -> Result<Self, Problem> {
        match body {
            ProposalBody {
                transaction: Some(transaction),
                account: None,
                nonce: None,
                action: None,
                alone: false,
            } => signed(&transaction).map(Self::Signed),
            ProposalBody {
                transaction: None,
                account: Some(account),
                nonce,
                action: Some(action),
                alone,
            } => Ok(Self::Unsigned {
                account,
                nonce: nonce.map(Nonce),
                action,
                alone,
            }),
            _ => Err(Problem::bad_request(
                "`transactions`: wanted either only `transaction`, or `account` and `action`",
            )),
        }
    }
}

impl VerdictBody {
    fn new(lookup: &mut Lookup<'_>, rehearsed: &Rehearsed) -> Result<Self, StoreError> {
        let body = &rehearsed.body;
        let mut verdict = Self {
            id: body.id().to_string(),
            account: body.account,
            nonce: body.nonce.0,
            accepted: rehearsed.verdict.is_ok(),
            code: None,
            detail: None,
            ready: false,
            void: Vec::new(),
            chips: None,
            bets: Vec::new(),
            matches: Vec::new(),
            records: Vec::new(),
        };
        let effect = match &rehearsed.verdict {
            Ok(effect) => effect,
            Err(refused) => {
                verdict.code = Some(refused.reason.code().to_owned());
                verdict.detail = Some(refused.message.clone());
                return Ok(verdict);
            }
        };
        verdict.ready = effect.ready;
        for no in &effect.void {
            verdict.void.push(lookup.code(*no)?);
        }
        let delta = &effect.delta;
        let mut accounts = delta.of::<table::Accounts>();
        let own = accounts.find(|changed| changed.key == body.account);
        verdict.chips = own.and_then(|own| {
            let before = own.before.map(|account| account.chips.0);
            own.after.map(|after| ChipsChange {
                before,
                after: after.chips.0,
            })
        });
        let bets = delta.of::<table::Bets>();
        for bet in bets.filter(|bet| bet.key.1 == body.account) {
            if let Some(after) = bet.after {
                verdict.bets.push(BetChange {
                    r#match: lookup.code(bet.key.0)?,
                    before: bet.before.map(placed),
                    after: placed(after),
                });
            }
        }
        for game in delta.of::<table::Matches>() {
            let before = game.before.map(|game| game.fixture);
            if let Some(after) = game.after.map(|game| game.fixture)
                && before.as_ref() != Some(&after)
            {
                verdict.matches.push(FixtureChange { before, after });
            }
        }
        for record in delta.of::<table::Results>() {
            let before = record.before.map(|record| record.outcome);
            if let Some(after) = record.after.map(|record| record.outcome)
                && before.as_ref() != Some(&after)
            {
                verdict.records.push(RecordChange {
                    r#match: lookup.code(record.key)?,
                    outcome: after,
                });
            }
        }
        Ok(verdict)
    }
}

fn placed(bet: Bet) -> PlacedBody {
    PlacedBody {
        predicted: bet.prediction().into(),
        stake: bet.stake.0,
    }
}
