//! Receipts, checked without a node, and compared with the chain that was replayed here.

use bolao_answers::body::PredictionBody;
use bolao_ledger::{AccountId, Action, Chips, Fixture, Height, MatchNo, PoolId};
use bolao_receipts::{
    Answer, Beside, Deciders, Proven, Slip, SlipError, SlipReport, verify as verify_slip,
};

use crate::{
    check::Check,
    object::{AnswerText, object},
    question::Asked,
    refusal::Refusal,
};

/// Verifies a receipt; of the pool that it names, if no other is wanted. `no-slip`: the text has not even the form of one;
/// `newer-slip`: a later program wrote it; `slip-ahead`: it is dated after now, which may be the clock's fault.
pub(crate) fn verify(asked: &mut Asked, check: Option<&Check>) -> Result<AnswerText, Refusal> {
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
        _ => AnswerText::null(),
    };
    let check = check.filter(|check| check.is_of(pool).is_ok());
    let compared = check.and_then(|check| Some((check, check.compare(&report)?)));
    let genuine = compared.map_or(Height::ZERO, |(_, (genuine, _))| genuine);
    let beside = compared.map(|(_, (_, beside))| beside);
    let few = match beside {
        Some(Beside::Refuted(height)) => report.signers_of(height),
        Some(Beside::OtherValidators(height)) => report.voters_after(height),
        _ => report.weakest(genuine),
    };
    let answer = beside.map_or(Answer::NotCompared, Beside::answer);
    // # Rule D1: what came too late was sent, and does not count.
    let void: Option<&[MatchNo]> = match (answer, check) {
        (Answer::InChain, Some(check)) => check.void_in(report.height, &report.id),
        _ => None,
    };
    Ok(object!({
        "answer": answer.code(),
        "void": void,
        "own": beside.map(own),
        "could_have_made": few.map(|few| could_have_made(few, &report, check)).transpose()?,
        "pool": pool,
        "pool_name": report.genesis.name,
        "id": report.id,
        "account": report.transaction.body.account,
        "tips": tips(action, &report.transaction.body.account),
        "places": !action.placed().is_empty(),
        "block": report.block,
        "height": report.height,
        "time": report.time,
        "clock": report.clock,
        "newest": report.newest,
        "proven": proven,
        "matches": fixtures,
    }))
}

/// The predictions of an action, as far as they can be read, as the page writes them.
fn tips(action: &Action, signer: &AccountId) -> Vec<AnswerText> {
    let opens = action.openings(signer);
    let openings = opens.iter().flat_map(|(_, openings)| openings.iter());
    let opened = openings.map(|it| (it.match_no, Some(it.prediction), Chips::ZERO));
    let placed = action
        .placed()
        .into_iter()
        .map(|it| (it.match_no, it.placed.prediction(), it.stake));
    let tips = placed.chain(opened).map(|(no, prediction, stake)| {
        let says = prediction.map(|it| it.to_string().replace('-', ":"));
        let predicted = PredictionBody::from(prediction);
        object!({ "no": no, "says": says, "predicted": predicted, "stake": stake })
    });
    tips.collect()
}

/// The receipt's place beside the chain that was replayed here.
fn own(beside: Beside) -> AnswerText {
    match beside {
        Beside::Held => object!({ "is": "held" }),
        Beside::Refuted(height) => object!({ "is": "refuted", "height": height }),
        Beside::OtherValidators(height) => object!({ "is": "other-validators", "height": height }),
        Beside::Branched => object!({ "is": "branched" }),
        Beside::Above(height) => object!({ "is": "above", "height": height }),
    }
}

/// The fewest who could have made the receipt, as far as it is known here; their names are those of the own chain.
fn could_have_made(
    few: &Deciders,
    report: &SlipReport,
    check: Option<&Check>,
) -> Result<AnswerText, Refusal> {
    let accounts = few.enough.iter().map(|account| {
        let name = check.map(|check| check.view().name(account)).transpose()?;
        Ok(object!({
            "account": account,
            "name": name.flatten(),
            "organiser": report.genesis.organisers.contains(account),
        }))
    });
    Ok(object!({
        "accounts": accounts.collect::<Result<Vec<_>, Refusal>>()?,
        "validators": few.validators,
        "first_block": few.since.next(),
        "last_block": few.until,
    }))
}
