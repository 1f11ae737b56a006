//! What this node has heard of validators.

use bolao_answers::MOST_GUILTY;
use bolao_chain::{Attendance, equivocation, most_clocks_differ_s};
use bolao_ledger::{AccountId, Genesis, Height, StateView, table::Cheats};
use bolao_rulebook::finding;
use bolao_store::{Snapshot, StoreError};

use super::{
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{AttendanceBody, PlayerRef, TwoHistoriesBody, WaitsBody, moment},
    state::Api,
};

/// The validators that this node hears, what they can do together, and for whom the next block waits.
#[utoipa::path(get, path = "/api/v1/attendance", tag = "node", responses((status = OK, body = AttendanceBody)))]
pub(crate) async fn attendance(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let attendance = api.backend.attendance();
        let genesis = api.backend.reader().genesis();
        let mut lookup = Lookup::new(snapshot);
        let set = snapshot.validators_after(snapshot.tip()?.height)?;
        let all = attendance.iter().flat_map(|all| &all.validators);
        let heard = all.filter(|heard| set.iter().any(|one| one.account == heard.account));
        let powers = set.iter().map(|one| {
            let player = lookup.player(&one.account)?;
            Ok((brief(&player), one.weight))
        });
        let powers = powers.collect::<Result<Vec<_>, StoreError>>()?;
        let two_histories = two_histories(&mut lookup, genesis)?;
        // What they cannot do together is no question any more.
        let sentences = match two_histories {
            Some(_) => Vec::new(),
            None => bolao_rulebook::powers(genesis.proof(), most_clocks_differ_s(genesis), &powers),
        };
        Ok(AttendanceBody {
            validators: heard.copied().collect(),
            waits: { attendance.as_ref() }
                .and_then(|it| waits(&mut lookup, it).transpose())
                .transpose()?,
            two_histories,
            sentences,
        })
    })
    .await
}

/// A name within a sentence: of an account without one, how it begins.
fn brief(player: &PlayerRef) -> String {
    let beginning = || {
        player
            .account
            .to_string()
            .chars()
            .take(12)
            .collect::<String>()
            + "…"
    };
    player.name.clone().unwrap_or_else(beginning)
}

/// The second final history that this node's disk knows.
fn two_histories(
    lookup: &mut Lookup<'_>,
    genesis: &Genesis,
) -> Result<Option<TwoHistoriesBody>, StoreError> {
    let snapshot = lookup.chain();
    let Some(other) = snapshot.conflicting_final()? else {
        return Ok(None);
    };
    let (ours, signers) = if let Some(found) = equivocation(snapshot, genesis)? {
        let accounts: Vec<_> = found.signers.iter().map(|it| it.account).collect();
        let (ours, _) = found.conflict.first;
        (Some((ours.height, ours.hash)), lookup.players(&accounts)?)
    } else {
        let ours = match snapshot.final_at(other.height)? {
            None => snapshot.held_final()?,
            known => known,
        };
        (ours.map(|it| (it.height, it.hash)), Vec::new())
    };
    let (height, hash) = ours.unwrap_or((Height::ZERO, genesis.pool_id().into()));
    let names: Vec<String> = signers.iter().map(brief).collect();
    let code = if names.is_empty() {
        "two-histories"
    } else {
        "two-histories-by"
    };
    let finding = finding!(
        code, who: names.join(", "), height: height, block: hash.to_string(), other: other.height, other_block: other.hash.to_string()
    );
    Ok(Some(TwoHistoriesBody {
        height: height.0,
        hash,
        other_height: other.height.0,
        other_hash: other.hash,
        signers,
        finding,
    }))
}

/// The number of votes that are proven to be signed twice, as far as they are named.
pub(super) fn proofs(snapshot: &Snapshot) -> Result<usize, StoreError> {
    Ok(snapshot.scan::<Cheats>(&(), None, MOST_GUILTY)?.len())
}

/// The wait of the next block, if somebody must be missing or signed twice.
pub(super) fn waits(
    lookup: &mut Lookup<'_>,
    attendance: &Attendance,
) -> Result<Option<WaitsBody>, StoreError> {
    let Some(since) = attendance.waits_since else {
        return Ok(None);
    };
    let away: Vec<AccountId> = attendance.away().collect();
    let disagreement = attendance.disagreement.clone().unwrap_or_default();
    Ok(Some(WaitsBody {
        height: attendance.height.0,
        since: moment(since),
        away: lookup.players(&away)?,
        validators: attendance.validators.len(),
        disagree: attendance.disagreement.is_some(),
        missing: lookup.players(&disagreement.missing)?,
        against: lookup.players(&disagreement.against)?,
        twice: lookup.players(&attendance.twice().collect::<Vec<_>>())?,
        copied: attendance.copied,
    }))
}
