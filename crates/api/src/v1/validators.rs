//! Who votes on blocks.

use bolao_ledger::{
    AccountId, StateView, Validator, Vote,
    table::{Appointments, Cheats, Offers, Stakes},
};
use bolao_store::{Snapshot, StoreError};

use super::{
    read::{Reply, chain_json},
    views::Lookup,
};
use crate::{
    body::{AppointmentBody, OfferBody, ValidatorsBody, VoterBody, moment},
    state::Api,
};

/// The most signatures on appointments that are read.
const MOST_WAITING: usize = 1_000;
/// The most proofs against a validator that are named.
const MOST_PROOFS: usize = 16;

/// Who votes on the next block, and which appointments wait for more signatures.
#[utoipa::path(get, path = "/api/v1/validators", tag = "pool", responses((status = OK, body = ValidatorsBody)))]
pub(crate) async fn validators(api: Api) -> Reply {
    chain_json(&api, |api, snapshot| {
        let mut lookup = Lookup::new(snapshot);
        let set = snapshot.validators_after(snapshot.tip()?.height)?;
        let set = set.iter().map(|one| voter(&mut lookup, one));
        let validators = set.collect::<Result<_, StoreError>>()?;
        let mut found: Vec<(Validator, Vec<AccountId>)> = Vec::new();
        for ((_, signer), validator) in snapshot.scan::<Appointments>(&(), None, MOST_WAITING)? {
            match found.iter_mut().find(|(signed, _)| *signed == validator) {
                Some((_, signers)) => signers.push(signer),
                None => found.push((validator, vec![signer])),
            }
        }
        let genesis = api.backend.reader().genesis();
        let waiting = found.iter().map(|(validator, signers)| {
            Ok(AppointmentBody {
                validator: lookup.validator(validator)?,
                signers: lookup.players(signers)?,
                signatures_needed: genesis.quorum(&Vote::Appoint(*validator)),
            })
        });
        Ok(ValidatorsBody {
            validators,
            waiting: waiting.collect::<Result<_, StoreError>>()?,
        })
    })
    .await
}

fn voter(lookup: &mut Lookup<'_>, one: &Validator) -> Result<VoterBody, StoreError> {
    let snapshot = lookup.snapshot();
    let staked = snapshot.get::<Stakes>(&one.account)?.unwrap_or_default();
    let cheated = snapshot.scan::<Cheats>(&one.account, None, MOST_PROOFS)?;
    Ok(VoterBody {
        validator: lookup.validator(one)?,
        staked: staked.chips.0,
        cheated: cheated
            .into_iter()
            .map(|((_, number), _)| number.0)
            .collect(),
    })
}

/// What a player votes with, or offers to.
pub(super) fn offer(snapshot: &Snapshot, id: &AccountId) -> Result<Option<OfferBody>, StoreError> {
    let Some(key) = snapshot.get::<Offers>(id)? else {
        return Ok(None);
    };
    let staked = snapshot.get::<Stakes>(id)?.unwrap_or_default();
    let waits = staked.waiting.0 > 0;
    Ok(Some(OfferBody {
        key: key.to_string(),
        staked: staked.chips.0,
        waiting: staked.waiting.0,
        free_at: waits.then(|| moment(staked.free_at)),
    }))
}
