//! Blocks that reached this node long after their time, or before it.

use bolao_chain::{Lateness, lateness};

use super::read::{Reply, tagged_json};
use crate::state::Api;

/// Those of the last 20,000 blocks that reached this node long after their time, although it was connected and in step with its peers,
/// with the bets that it had not had before; and those that came before their time. Neither breaks a rule. These are this node's own times: another may have
/// others.
#[utoipa::path(get, path = "/api/v1/late-blocks", tag = "node", responses((status = OK, body = Lateness)))]
pub(crate) async fn late_blocks(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        Ok(lateness(snapshot, api.backend.reader().genesis())?)
    })
    .await
}
