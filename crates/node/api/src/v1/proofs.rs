//! Proofs that validators cheated.

use axum::http::StatusCode;
use bolao_chain::equivocation;
use bolao_ledger::{Action, StateView as _, actions, table::Cheats};
use bolao_receipts::{Proof, SLIP_BYTES_MAX};

use super::{
    read::{Reply, tagged_json},
    slip::changes,
};
use crate::{body::ProofsBody, state::Api};

/// The most proofs.
const MOST: usize = 100;

/// The proofs that validators cheated, each a file of its own that anybody can check: two histories that they signed and this
/// node has seen both of, and double votes that a block holds.
#[utoipa::path(get, path = "/api/v1/validators/proofs", tag = "pool", responses((status = OK, body = ProofsBody)))]
pub(crate) async fn proofs(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        let (mut items, mut only_on_disk) = (Vec::new(), false);
        if let Some(equivocation) = equivocation(snapshot, genesis)? {
            // Those who voted on the two are those as of the final block under ours.
            let (ours, _) = &equivocation.conflict.first;
            let changes = match changes(snapshot, ours.height, SLIP_BYTES_MAX) {
                Err(problem) if problem.status() != StatusCode::PAYLOAD_TOO_LARGE => {
                    return Err(problem);
                }
                changes => changes.ok(),
            };
            let proof = changes.map(|it| Proof::of_histories(genesis, &equivocation.conflict, it));
            let proof = proof.filter(|proof| proof.verify(genesis.pool_id()).is_ok());
            only_on_disk = proof.is_none() && !equivocation.signers.is_empty();
            items.extend(proof);
        }
        for (_, cheat) in snapshot.scan::<Cheats>(&(), None, MOST)? {
            let transaction = snapshot.confirmed_transaction(&cheat.tx)?;
            if let Some(Action::Evidence(actions::Evidence { proof })) =
                transaction.map(|it| it.body.action)
            {
                items.push(Proof::of_votes(genesis.pool_id(), &proof));
            }
        }
        Ok(ProofsBody {
            items,
            only_on_disk,
        })
    })
    .await
}
