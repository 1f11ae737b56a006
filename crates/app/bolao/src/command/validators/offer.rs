//! `offer`: a key to vote with, by hand.

use bolao_api::body::Intent;
use bolao_ledger::Action;
use bolao_node::Home;

use super::SignArgs;

pub(super) async fn run(sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let actor = sign.open(home).await?;
    super::read(&actor.source).await?;
    let key = home.voting_key()?;
    let action = Action::offer(actor.genesis.pool_id(), &actor.account(), &key);
    let wish = Intent::Offer {
        action: Box::new(action),
    };
    let foreseen = actor.foresee(&wish).await?;
    sign.finish(&actor, foreseen, "The offer").await
}
