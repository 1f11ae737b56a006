//! Receipts, checked without a node.

use bolao_ledger::{Fixture, PoolId};
use bolao_receipts::{Proven, Slip, SlipError, verify as verify_slip};
use serde_json::Value;

use crate::{object::object, question::Asked, refusal::Refusal};

/// Verifies a receipt; of the pool that it names, if no other is wanted. `no-slip`: the text has not even the form of one;
/// `newer-slip`: a later program wrote it; `slip-ahead`: it is dated after now, which may be the clock's fault.
pub(crate) fn verify(asked: &mut Asked) -> Result<Value, Refusal> {
    let (text, pool): (String, Option<PoolId>) = (asked.take("json")?, asked.take("pool")?);
    let wrong = |error| {
        let code = match error {
            SlipError::Json { .. } => "no-slip",
            SlipError::Version { .. } => "newer-slip",
            SlipError::TimeTooNew { .. } => "slip-ahead",
            _ => "bad-slip",
        };
        Refusal::new(code, error)
    };
    let slip = Slip::from_json(&text).map_err(wrong)?;
    let pool = pool.unwrap_or(slip.pool);
    let report = verify_slip(&slip, pool).map_err(wrong)?;
    let action = &report.transaction.body.action;
    let matches = action.matches();
    let fixtures = report.genesis.matches.iter();
    let fixtures: Vec<&Fixture> = fixtures.filter(|it| matches.contains(&it.no)).collect();
    let proven = match &report.proven {
        Proven::Votes(votes) => object!({
            "by": "votes",
            "signed": votes.signed,
            "signers": votes.signers,
            "validators": votes.validators,
            "weight": votes.weight,
            "total": votes.total,
        }),
        Proven::Work(work) => object!({
            "by": "work",
            "tip": work.tip,
            "height": work.tip_height,
            "blocks_above": work.confirmations.saturating_sub(1),
        }),
        _ => Value::Null,
    };
    Ok(object!({
        "pool": pool,
        "pool_name": report.genesis.name,
        "id": report.id,
        "account": report.transaction.body.account,
        "action": action,
        "block": report.block,
        "height": report.height,
        "time": report.time,
        "clock": report.clock,
        "newest": report.newest,
        "proven": proven,
        "matches": fixtures,
    }))
}
