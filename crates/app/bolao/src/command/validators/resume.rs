//! `resume`: a home that does not know what it has signed votes again by its owner's word.

use anyhow::{bail, ensure};
use bolao_node::Home;

use super::{others, read};
use crate::{output, passphrase::CommonArgs, source::Source};

/// Brings the key of the pool's maker back from the wallet's words.
pub(super) fn key(home: &Home, common: &CommonArgs) -> anyhow::Result<()> {
    let genesis = home.genesis()?;
    if home.validator_key_there()?.is_some() {
        bail!(
            "this home has a key to vote with, so none is brought back: `bolao status` says whether it votes, and why not"
        );
    }
    let wallet = common.passphrase.open(home)?;
    ensure!(
        home.restore_validator_key(&wallet.first_voting_key(&genesis))?,
        "these words are not those of the pool's maker, or the key was not made from them: put `validator.key` back \
        from a backup"
    );
    output::line(
        "The key is back. Once this home's node has what the others have, and they have had nothing newer for a \
        minute, it votes automatically.",
    )
}

/// Lets the home vote, if its owner confirms what has to be.
pub(super) async fn vote(
    home: &Home,
    nothing_newer: bool,
    risk_voting_twice: bool,
) -> anyhow::Result<()> {
    let (wait, own) = (home.wait()?, home.validator_key_there()?);
    let already = "This home votes already: nothing is left to be confirmed.";
    // Its node may start again just now, and not answer.
    if wait.is_none() && home.is_marked()? {
        return output::line(already);
    }
    let source = Source::of(home).await?;
    let (body, _) = read(&source).await?;
    let Some(wait) = wait else {
        let has_vote = |own| body.validators.iter().any(|one| one.validator.key == own);
        if own.is_some_and(has_vote) {
            return output::line(already);
        }
        bail!(
            "this home is not waiting to vote: `bolao status` says whether it votes, and why not"
        );
    };
    let others = others(&body, own);
    let confirmed = if others == 0 {
        nothing_newer
    } else {
        risk_voting_twice
    };
    ensure!(confirmed, "{}", wait.sentence(others));
    home.allow_vote(wait)?;
    output::line("This home votes in a moment if its node runs, or once it does.")
}
