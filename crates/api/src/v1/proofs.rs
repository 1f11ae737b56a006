//! Proofs that validators cheated.

use bolao_chain::guilt;
use bolao_ledger::{Action, BlockProof, StateView as _, table::Cheats};
use bolao_receipts::{Proof, SLIP_BYTES_MAX};

use super::{
    read::{Reply, tagged_json},
    slip::changes,
};
use crate::{body::ProofsBody, state::Api};

/// The most proofs.
const MOST: usize = 100;

/// What proves that validators cheated, each a file of its own that anybody can check: two histories that they signed and this
/// node has seen both of, and double votes that a block holds.
#[utoipa::path(get, path = "/api/v1/validators/proofs", tag = "pool", responses((status = OK, body = ProofsBody)))]
pub(crate) async fn proofs(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        let mut items = Vec::new();
        if let Some(guilt) = guilt(snapshot, genesis)? {
            let changes = match genesis.proof() {
                BlockProof::Certificate => {
                    changes(snapshot, guilt.conflict.height, SLIP_BYTES_MAX)?
                }
                BlockProof::Work(_) => Vec::new(),
            };
            let proof = Proof::of_histories(genesis, &guilt.conflict, changes);
            items.extend(proof.verify(genesis.pool_id()).is_ok().then_some(proof));
        }
        for (_, cheat) in snapshot.scan::<Cheats>(&(), None, MOST)? {
            let transaction = snapshot.confirmed_transaction(&cheat.tx)?;
            if let Some(Action::Evidence { proof }) = transaction.map(|it| it.body.action) {
                items.push(Proof::of_votes(genesis.pool_id(), &proof));
            }
        }
        Ok(ProofsBody { items })
    })
    .await
}
