//! The pool that a new one comes after: whoever played there joins the new one without an invitation.

use std::path::Path;

use anyhow::bail;
use bolao_ledger::{PoolFile, actions::NextRule};
use bolao_node::Home;

use crate::{choice, source::Source, view::Player};

/// The rules of a pool that comes after one of a home's, chosen by its code or its name: they know all who have joined there.
pub(crate) async fn rules(rules: PoolFile, dir: &Path, pool: &str) -> anyhow::Result<PoolFile> {
    let home = choice::named(Home::pools(dir)?, pool)?;
    let before = home.genesis()?;
    let source = Source::of(&home).await?;
    let players: Vec<Player> = source.all("/api/v1/players").await?;
    if players.is_empty() {
        bail!(
            "nobody has joined {} yet, so that no pool comes after it",
            before.name
        );
    }
    let known = players
        .into_iter()
        .map(|player| (player.account, player.entry.name));
    Ok(rules.coming_after(NextRule::of(before.pool_id(), known)))
}
