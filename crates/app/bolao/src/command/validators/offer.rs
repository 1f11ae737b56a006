//! `offer`: a key to vote with, by hand.

use anyhow::bail;
use bolao_api::body::ChangeBody;
use bolao_ledger::Action;
use bolao_node::Home;

use super::{SignArgs, check};
use crate::{output, session::Session, view::PlayerPage};

pub(super) async fn run(sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &sign.common.passphrase).await?;
    let (body, change) = super::read(&session.source).await?;
    let (key, account) = (home.validator_key()?, session.account());
    let path = format!("/api/v1/players/{account}");
    let offered = match session.source.read::<PlayerPage>(&path).await {
        Ok(page) => page.offer.map(|offer| offer.key),
        // Whoever has not joined does so first.
        Err(_) => None,
    };
    let votes = body
        .validators
        .iter()
        .any(|one| one.validator.validator.account == account);
    if offered == Some(key) {
        if votes {
            bail!("you are already a validator with this home's key");
        }
        bail!(
            "you have already offered this home's key: {}",
            next(&change)
        );
    }
    let action = Action::offer(session.genesis.pool_id(), &account, &home.voting_key()?);
    check(&session, &action).await?;
    if votes {
        output::say(
            "From the next block on, this home's node casts your vote, and no longer the one that did so far.",
        )?;
    } else {
        output::say!("You offer to vote; {}.", next(&change))?;
    }
    sign.send(&session, vec![action], "The offer").await
}

fn next(change: &ChangeBody) -> &'static str {
    match change {
        ChangeBody::Appointed { .. } => {
            "an organiser gives you a vote: bolao validators appoint YOU"
        }
        ChangeBody::Stake { .. } => "`bolao stake CHIPS` gives you a vote",
    }
}
