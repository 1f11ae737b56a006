//! Blocks that reached this node long after their time, or before it.

use bolao_chain::{LateBlock, lateness};
use bolao_store::StoreError;

use super::{
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{
    body::{LateBetsBody, LateBlockBody, LateBlocksBody, moment},
    state::Api,
};

/// Those of the last 20,000 blocks that reached this node long after their time, although it was connected and in step with its peers,
/// with the bets that it had not had before; and those that came before their time. Neither breaks a rule. These are this node's own times: another may have
/// others.
#[utoipa::path(get, path = "/api/v1/late-blocks", tag = "node", responses((status = OK, body = LateBlocksBody)))]
pub(crate) async fn late_blocks(api: Api) -> Reply {
    tagged_json(&api, |api, snapshot| {
        let found = lateness(snapshot, api.backend.reader().genesis())?;
        let mut lookup = Lookup::new(snapshot);
        let blocks = found.blocks.iter().map(|block| body(&mut lookup, block));
        Ok(LateBlocksBody {
            from_height: found.from.0,
            grace_s: found.grace_s,
            judged: found.judged,
            away: found.away,
            unknown: found.unknown,
            late: found.late,
            ahead: found.ahead,
            blocks: blocks.collect::<Result<_, StoreError>>()?,
        })
    })
    .await
}

fn body(lookup: &mut Lookup<'_>, block: &LateBlock) -> Result<LateBlockBody, StoreError> {
    let mut bets = Vec::new();
    for (account, matches) in &block.bets {
        let matches = matches.iter().map(|no| Ok(lookup.code(*no)?.code));
        let matches = matches.collect::<Result<_, StoreError>>()?;
        bets.push(LateBetsBody {
            player: lookup.player(account)?,
            matches,
        });
    }
    Ok(LateBlockBody {
        hash: block.hash,
        height: block.height.0,
        time: moment(block.time),
        seen: moment(block.seen),
        clock_agrees: block.clock_agrees,
        bets,
    })
}
