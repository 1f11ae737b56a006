//! Who organises, and who is to.

use bolao_ledger::StateView as _;
use bolao_views::{addresses, organiser_votes};

use super::{
    read::{Reply, chain_json},
    views::Lookup,
};
use crate::{
    body::{AddressVoteBody, OrganiserVoteBody, OrganisersBody},
    state::Api,
};

/// The organisers: who schedules matches and signs results, and who is to by what some of them have signed.
#[utoipa::path(get, path = "/api/v1/organisers", tag = "pool", responses((status = OK, body = OrganisersBody)))]
pub(crate) async fn organisers(api: Api) -> Reply {
    chain_json(&api, |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        let mut lookup = Lookup::new(snapshot);
        let mut shown = Vec::new();
        for signed in organiser_votes(snapshot)? {
            let (about, added) = signed.what;
            shown.push(OrganiserVoteBody {
                player: lookup.player(&about)?,
                added,
                signers: lookup.players(&signed.signers)?,
            });
        }
        let mut signed = Vec::new();
        for waiting in addresses(snapshot)? {
            signed.push(AddressVoteBody {
                address: waiting.what.to_string(),
                signers: lookup.players(&waiting.signers)?,
            });
        }
        Ok(OrganisersBody {
            organisers: lookup.players(&snapshot.organisers(genesis)?)?,
            signatures_needed: genesis.rules.organisers_quorum,
            fewest: genesis.fewest_organisers(),
            waiting: shown,
            address: snapshot.address()?.map(|it| it.to_string()),
            addresses: signed,
            address_signatures_needed: genesis.address_quorum(),
        })
    })
    .await
}
