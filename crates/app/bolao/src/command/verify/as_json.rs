//! A slip and all that is known of it, for programs.

use bolao_api::body::PredictionBody;
use bolao_ledger::{Height, MatchNo, Prediction, UnixSeconds};
use bolao_receipts::{Beside, Proven, SlipReport};
use serde_json::{Value, json};

use super::{
    deciders,
    shown::{Seen, all_late},
    tips::{Tipped, tips},
};
use crate::time;

fn moment(at: UnixSeconds) -> Option<String> {
    time::timestamp(at).map(|at| at.to_string())
}

/// The content of the slip, for programs. `why` is null where it was compared, `rests_on` where it is not in the chain. `own_chain` and
/// `at` are null where there is nothing to compare with. `late`: all its bets came too late. `weakest` is by the slip alone, `could_have_made` by all that is known here: null where nobody could, or where work proves the slip.
pub(super) fn json(seen: &Seen<'_>, revealed: &[(MatchNo, Prediction)]) -> Value {
    let Seen {
        slip, report, own, ..
    } = *seen;
    let tipped = tips(report, revealed, own);
    let tips: Vec<Value> = tipped.iter().map(tip).collect();
    let body = &report.transaction.body;
    let mut told = json!({
        "verdict": seen.answer().code(),
        "why": own.compared.as_ref().err(),
        "rests_on": seen.rests_on(),
        "late": all_late(&tipped),
        "own_chain": own.json(),
        "own_chain_differs_at": match own.beside() {
            Some(Beside::Refuted(height) | Beside::OtherValidators(height)) => Some(height),
            _ => None,
        },
        "own_chain_ends_at": match own.beside() {
            Some(Beside::Above(tip)) => Some(tip),
            _ => None,
        },
        "at": seen.at.json(),
        "last_block_shown": report.top(),
        "weakest": deciders::json(report.weakest(Height::ZERO), own, &report.genesis),
        "could_have_made": deciders::json(seen.few(), own, &report.genesis),
        "pool": slip.pool,
        "pool_name": report.genesis.name.as_str(),
        "transaction": report.id.to_string(),
        "account": body.account,
        "nonce": body.nonce,
        "action": body.action,
        "tips": tips,
        "block": {
            "height": report.height, "hash": report.block, "time": moment(report.time),
            "clock": moment(report.clock),
        },
        "final": matches!(report.proven, Proven::Votes(_)),
    });
    extend(&mut told, proven(report));
    told
}

fn extend(told: &mut Value, more: Value) {
    if let (Value::Object(told), Value::Object(more)) = (told, more) {
        told.extend(more);
    }
}

fn tip(tip: &Tipped<'_>) -> Value {
    let kickoff = tip.fixture.and_then(|game| game.kickoff);
    let mut told = json!({
        "no": tip.no,
        "code": tip.fixture.map(|game| game.code.as_str()),
        "home": tip.fixture.map(|game| game.home.name.as_str()),
        "away": tip.fixture.map(|game| game.away.name.as_str()),
        "sealed": tip.sealed,
        "stake": tip.stake,
        "kickoff": kickoff.and_then(moment),
        "deadline": tip.deadline.and_then(moment),
        "before_deadline": tip.before_deadline,
    });
    extend(&mut told, json!(PredictionBody::from(tip.predicted)));
    told
}

/// Why the block is one of the pool's.
fn proven(report: &SlipReport) -> Value {
    match &report.proven {
        Proven::Work(proven) => json!({
            "tip": {
                "height": proven.tip_height, "hash": proven.tip, "time": moment(proven.tip_time),
            },
            "blocks_on_top": proven.confirmations.saturating_sub(1),
            "confirmations": proven.confirmations,
            "work": proven.work,
            "first_work": proven.first_work,
        }),
        Proven::Votes(proven) => json!({
            "signers": proven.signers,
            "validators": proven.validators,
            "weight": proven.weight,
            "total_weight": proven.total,
            "validator_changes": proven.changes,
            "signed_block": proven.signed,
            "contested": proven.contested,
        }),
        _ => Value::Null,
    }
}
