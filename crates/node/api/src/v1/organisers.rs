//! Who organises, and who is to.

use super::{
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{body::OrganisersBody, state::Api};

/// The organisers: who schedules matches and signs results, and who is to by what some of them have signed.
#[utoipa::path(get, path = "/api/v1/organisers", tag = "pool", responses((status = OK, body = OrganisersBody)))]
pub(crate) async fn organisers(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        Ok(OrganisersBody::new(&mut Lookup::new(snapshot), genesis)?)
    })
    .await
}
