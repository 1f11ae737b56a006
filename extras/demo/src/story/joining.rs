//! Chapter 1: a pool by invitation, and a ticket that works as often as it says and for nobody else.

use anyhow::Context as _;
use bolao_client::Link;
use bolao_ledger::Reason;
use bolao_terminal::time;
use bolao_wallet::HeldTicket;
use serde::Deserialize;

use super::{
    super::{
        friends::{Friend, refusal},
        network::ORGANISERS,
        tournament::{CHIPS, RESULTS_QUORUM},
    },
    Story,
};

/// The part of what `bolao invite --json` prints that is read here.
#[derive(Deserialize)]
struct InvitedFriend {
    link: String,
}

/// A link without what stands after `#`, which is a secret.
fn cut(link: &str) -> String {
    let (page, _) = link.split_once('#').unwrap_or((link, ""));
    format!("{page}#…")
}

impl Story<'_> {
    /// Everybody joins; two who should not are refused.
    pub(super) async fn joining(&mut self) -> anyhow::Result<()> {
        self.screen.heading("1. Invitations")?;
        self.rules()?;
        let organisers: Vec<&str> = self.names(..ORGANISERS);
        for (node, name) in (1..).zip(organisers) {
            self.join(name, node, None).await?;
        }
        self.settle().await?;
        let guests = self.names(ORGANISERS..);
        let uses = u32::try_from(guests.len())?;
        let link = self.link(uses).await?;
        self.screen.plain(format!(
            "ana makes a link for {uses} friends that works for an hour: {}",
            cut(&link)
        ))?;
        let invite = Link::parse(&link)?.complete(&self.client(1)?).await?;
        let ticket = invite.ticket.context("the link holds no ticket")?;
        for (index, name) in guests.into_iter().enumerate() {
            let node = match (name, index) {
                ("davi", _) => 4,
                (_, index) => 1 + index % 4,
            };
            self.join(name, node, Some(&ticket)).await?;
        }
        self.settle().await?;
        self.refused(&ticket).await
    }

    /// Gives the link that `bolao invite` prints for ana.
    pub(super) async fn link(&self, uses: u32) -> anyhow::Result<String> {
        let (home, uses) = (&self.network.node(1)?.home, uses.to_string());
        let args = ["invite", "--uses", &uses, "--expires", "1h", "--json"];
        let printed = self.network.done(home, &args).await?;
        let invited: InvitedFriend =
            serde_json::from_str(&printed).context("`bolao invite --json`")?;
        Ok(invited.link)
    }

    fn rules(&self) -> anyhow::Result<()> {
        let pace = self.network.tournament.pace;
        self.screen.plain(format!(
            "the pool: invitation-only, sealed bets, {CHIPS} chips each, results by {RESULTS_QUORUM} of {ORGANISERS} \
            organisers, {} s to dispute them",
            pace.dispute_window_s
        ))?;
        self.screen.plain("points: 4 for the exact score, 3 for the right goal difference, 2 for the right winner or \
            a draw; the score after 90 minutes counts")?;
        for (stage, times) in pace.multipliers {
            self.screen
                .plain(format!("{stage}: points count {times} times"))?;
        }
        self.screen.plain(format!(
            "kick-offs are planned from tomorrow on: organisers may move them forward at any time, as here, and back only {} ahead",
            time::span(self.network.notice_s.into())
        ))?;
        Ok(())
    }

    /// The names of some of the cast.
    pub(super) fn names(
        &self,
        range: impl std::slice::SliceIndex<[Friend], Output = [Friend]>,
    ) -> Vec<&'static str> {
        let some = self.friends.get(range).unwrap_or_default();
        some.iter().map(|friend| friend.name).collect()
    }

    async fn join(
        &mut self,
        name: &'static str,
        node: usize,
        ticket: Option<&HeldTicket>,
    ) -> anyhow::Result<()> {
        let client = self.client(node)?;
        let friend = self.friend(name)?;
        let invitation = ticket.map(|ticket| friend.admitted(ticket));
        friend
            .join(&client, invitation)
            .await
            .with_context(|| format!("{name} cannot join"))?;
        let how = if ticket.is_some() {
            "with the link, "
        } else {
            "as an organiser, "
        };
        self.screen
            .plain(format!("{name} joins {how}through node {node}"))?;
        self.pause().await;
        Ok(())
    }

    /// A ticket in flight is of no use to a thief, a used one to nobody.
    async fn refused(&mut self, ticket: &HeldTicket) -> anyhow::Result<()> {
        let (pool, client) = (self.network.pool, self.client(MALLORY_S_NODE)?);
        let victim = self.friends.last().context("the demo has no friends")?;
        let (seen, whose) = (victim.admitted(ticket), victim.name);
        let mut thief = Friend::guest("mallory", pool)?;
        let words = refusal(thief.join(&client, Some(seen)).await, Reason::BadInvitation)?;
        self.screen.refused(format!(
            "mallory copies {whose}'s invitation from the chain and is refused: {words}"
        ))?;
        let mut late = Friend::guest("nuno", pool)?;
        let own = late.admitted(ticket);
        let words = refusal(late.join(&client, Some(own)).await, Reason::TicketUsedUp)?;
        self.screen.refused(format!(
            "nuno got the link too late and is refused: {words}"
        ))
    }
}

/// Through which node people without an invitation try.
const MALLORY_S_NODE: usize = 3;
