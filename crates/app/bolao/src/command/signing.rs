//! The flow of an organiser's act: what waits, what is signed, who is missing.
//!
//! An act brings a vote, its words and what can be wrong with it; the rest is the same for all.

use std::io::{self, IsTerminal as _};

use bolao_ledger::{Action, MatchNo, Vote};
use clap::Args;
use serde_json::json;

use super::{
    confirm::{agreed, nobody_to_ask},
    wait::WaitArgs,
};
use crate::{
    meant, output,
    passphrase::CommonArgs,
    session::Session,
    signed,
    source::{ApiError, segment},
    view::{Player, PlayerPage, PlayerRef, Waiting},
    votes::{SignedId, names},
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

    /// Sends what was just shown, if it is to be sent, and says what became of it.
    pub(super) async fn send(
        &self,
        session: &Session<'_>,
        actions: Vec<Action>,
        what: &str,
    ) -> anyhow::Result<()> {
        if !self.sends()? {
            return Ok(());
        }
        let id = session.submit(actions).await?;
        self.wait.report(&session.client, &id, what).await
    }
}

/// A player's page, by name or account.
pub(super) async fn page(session: &Session<'_>, name: &str) -> anyhow::Result<PlayerPage> {
    let who = segment(name, "a player's name or account")?;
    let path = format!("/api/v1/players/{who}");
    match session.source.read(&path).await {
        Ok(page) => Ok(page),
        Err(error) => Err(meant::player(&session.source, name, error).await),
    }
}

/// A player as he is named beside what he does.
pub(super) fn player_ref(player: Player) -> PlayerRef {
    PlayerRef {
        account: player.account,
        name: Some(player.name),
    }
}

/// A vote about a match, which is about to be signed.
pub(super) struct Signing<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) code: &'a str,
    pub(super) no: MatchNo,
    pub(super) vote: Vote,
}

impl Signing<'_> {
    /// The name of the vote among all that wait.
    pub(super) fn id(&self) -> SignedId {
        SignedId::of_vote(self.no, &self.vote)
    }

    /// The transaction's action.
    pub(super) fn action(&self) -> Action {
        self.vote.action(self.no)
    }

    /// The node's refusal of the vote, if it would refuse it.
    pub(super) async fn refusal(&self) -> anyhow::Result<Option<ApiError>> {
        self.session.refusal(&self.action()).await
    }

    /// The number of signatures that it needs.
    pub(super) fn quorum(&self) -> u8 {
        self.session.quorum(&self.vote)
    }

    /// The number of signatures with this one, and what is missing.
    pub(super) fn signatures<'w>(&self, waiting: impl IntoIterator<Item = &'w Waiting>) -> String {
        let (id, quorum) = (self.id(), self.quorum());
        let is_same = |it: &&Waiting| it.content_id().is_ok_and(|other| other == id);
        let same = waiting.into_iter().find(is_same);
        let is_other = |signer: &&PlayerRef| signer.account != self.session.account();
        let others = same.map_or(0, |it| it.signers.iter().filter(is_other).count());
        let with_this = others.saturating_add(1);
        let then = if with_this >= usize::from(quorum) {
            "It takes effect.".to_owned()
        } else {
            let command = signed::command(&self.vote, self.no, self.code);
            format!("Another organiser adds one with: {command}")
        };
        format!("Signatures: {with_this} of {quorum} needed, with yours. {then}")
    }

    /// Says which signatures it needs, and sends it if it is to be sent.
    pub(super) async fn send(
        &self,
        args: &SignArgs,
        waiting: impl IntoIterator<Item = &Waiting>,
    ) -> anyhow::Result<()> {
        if self.quorum() > 1 {
            output::say(self.signatures(waiting))?;
        }
        let actions = vec![self.action()];
        args.send(self.session, actions, "The signature").await
    }
}

/// Says what a signature does beside those of `others`; whether it takes effect. `of` names those who can add theirs, with
/// `command`.
pub(super) fn effect(
    words: &str,
    others: &[PlayerRef],
    quorum: u8,
    of: &str,
    command: &str,
) -> anyhow::Result<bool> {
    let missing = usize::from(quorum).saturating_sub(others.len().saturating_add(1));
    let signed = if others.is_empty() {
        String::new()
    } else {
        format!(" {} signed it before you.", names(others))
    };
    if missing == 0 {
        output::say!("{words}.{signed}")?;
        return Ok(true);
    }
    let have = if missing == 1 { "has" } else { "have" };
    output::say!("{words}, once {missing} more{of} {have} signed it too ({command}).{signed}")?;
    Ok(false)
}
