//! The flow of all that signs: the node says what would come of a wish; it is printed, asked for, signed, sent and waited for.

use std::io::{self, IsTerminal as _};

use bolao_api::body::{Foreseen, Intent};
use bolao_ledger::{Action, ActionKind};
use bolao_node::Home;
use bolao_rulebook::Said;
use clap::Args;
use serde_json::json;

use super::{
    confirm::{agreed, nobody_to_ask},
    wait::WaitArgs,
    waits,
};
use crate::{
    actor::Actor,
    exit::{printable, usage},
    moves, output,
    passphrase::CommonArgs,
};

/// The flags of all that signs.
#[derive(Args, Clone, Debug)]
pub(crate) struct SignArgs {
    /// Shows what would be done, and sends nothing
    #[arg(long)]
    dry_run: bool,
    /// Goes on without asking you to confirm
    #[arg(short, long)]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) wait: WaitArgs,
    #[command(flatten)]
    pub(super) common: CommonArgs,
}

impl SignArgs {
    /// Whether somebody at a terminal is to be asked.
    pub(super) fn asks(&self) -> bool {
        !self.yes && !self.common.json && io::stdin().is_terminal()
    }

    /// Whether what was just shown is to be sent. Where nobody can be asked, `--yes` must say so.
    pub(super) fn sends(&self) -> anyhow::Result<bool> {
        if self.dry_run && self.common.json {
            output::json(&json!({ "transaction": null }))?;
            return Ok(false);
        }
        if self.dry_run {
            output::line("Nothing was sent.")?;
            return Ok(false);
        }
        if self.yes {
            return Ok(true);
        }
        if !self.asks() {
            return Err(nobody_to_ask());
        }
        agreed()
    }

    /// Opens the home whose wish it is; a stopped one says what would come of it, and sends nothing.
    pub(super) async fn open<'a>(&self, home: &'a Home) -> anyhow::Result<Actor<'a>> {
        Actor::open(home, &self.common.passphrase, !self.dry_run).await
    }

    /// Says what would come of a wish, sends it if it is to be sent, and says what became of it.
    pub(super) async fn fulfil(
        &self,
        home: &Home,
        wish: &Intent,
        what: &str,
    ) -> anyhow::Result<()> {
        let actor = self.open(home).await?;
        let foreseen = actor.foresee(wish).await?;
        self.finish(&actor, foreseen, what).await
    }

    /// The same of a wish that the node has taken.
    pub(super) async fn finish(
        &self,
        actor: &Actor<'_>,
        foreseen: Foreseen,
        what: &str,
    ) -> anyhow::Result<()> {
        tell(&foreseen)?;
        let changes_votes = |it: &Action| it.kind() == ActionKind::Appoint;
        if foreseen.actions.iter().any(changes_votes)
            && let Some(waits) = waits::attendance(&actor.source).await?.waits
        {
            output::say!(
                "First, though: block {} {}; nothing takes effect before it.",
                waits.height,
                waits::waits_for(&waits)
            )?;
        }
        if !self.sends()? {
            return Ok(());
        }
        let id = actor.submit(foreseen.actions).await?;
        self.wait.report(actor.client()?, &id, what).await
    }
}

/// Says what would come of a wish, where no JSON is wanted.
pub(super) fn tell(foreseen: &Foreseen) -> anyhow::Result<()> {
    if output::wants_json() {
        return Ok(());
    }
    let sentence = |said: &Said| printable(&moves::short_sentence(said));
    for doubt in &foreseen.doubts {
        output::hint(sentence(doubt));
    }
    { foreseen.says.iter() }.try_for_each(|said| output::line(sentence(said)))
}

/// A number of chips that is not nothing.
pub(super) fn some_chips(chips: u64) -> anyhow::Result<u64> {
    if chips == 0 {
        return Err(usage("got 0 chips, wanted at least 1"));
    }
    Ok(chips)
}
