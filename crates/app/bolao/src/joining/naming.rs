//! What a home takes of a link that names a final block. A link has a checksum and no signature: anybody can write one. So what
//! the home's own chain holds as final outweighs it.

use std::path::Path;

use anyhow::{Context as _, bail};
use bolao_api::body::BlockBody;
use bolao_ledger::Genesis;
use bolao_wallet::Invite;

use crate::{home, output, source::Source, view::Status};

/// The invitation as the home may keep it: without its block, where the home has final blocks and this one is above them. An
/// error where the home's chain holds another block there.
pub(super) async fn kept(dir: &Path, genesis: &Genesis, invite: &Invite) -> anyhow::Result<Invite> {
    let mut invite = invite.clone();
    let Some(named) = invite.named else {
        return Ok(invite);
    };
    let Some(home) = home::there(dir, genesis.pool_id())? else {
        return Ok(invite);
    };
    if !home.chain_path().exists() {
        return Ok(invite);
    }
    let unread =
        "the link names a final block, and this home's own chain cannot be read to compare it";
    let source = Source::of(&home).await.context(unread)?;
    let status: Status = source.read("/api/v1/status").await.context(unread)?;
    let Some(last) = status.r#final else {
        return Ok(invite);
    };
    // What is known to be final may still be on its way here.
    if named.height <= last.block.height.min(status.tip.block.height) {
        let path = format!("/api/v1/blocks/{}", named.height);
        let block: BlockBody = source.read(&path).await.context(unread)?;
        if block.at.hash != named.hash {
            bail!(
                "the link names block {} at height {}, but this home's chain holds block {} there, which is final: \
                nothing was changed. The link is wrong or belongs to another history of this pool: ask the sender \
                which block their node shows",
                named.hash,
                named.height,
                block.at.hash
            );
        }
        return Ok(invite);
    }
    // Whoever still seeks the block of an earlier link may have been given a wrong one.
    let before = home.invite(genesis.pool_id())?;
    let seeks = before
        .and_then(|before| before.named)
        .is_some_and(|before| before.height > last.block.height);
    if !seeks {
        output::hint!(
            "note: the link names block {}, which your chain does not have yet; your node relies on its own final \
            blocks",
            named.height
        );
        invite.named = None;
    }
    Ok(invite)
}
