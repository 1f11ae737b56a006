//! The home's player who places bets: all that it takes to read and to send.

use bolao_acting::{Leave, Wish};
use bolao_ledger::Reason;
use bolao_node::Home;

use super::{
    closing::ended,
    own::Own,
    plan::{Plan, Planned, Wanted, chosen, explained},
    player_bets::PlayerBets,
    send::{self, Sending},
};
use crate::{
    actor::Actor,
    exit::refused,
    output,
    passphrase::PassphraseArgs,
    source::{self, Source},
};

/// Shows a plan and asks whether it is to be sent.
type Ask<'q> = &'q dyn Fn(&Plan<'_>) -> anyhow::Result<bool>;

/// The home's player.
pub(crate) struct Bettor<'a> {
    pub(crate) actor: Actor<'a>,
    pub(crate) bets: PlayerBets,
}

impl<'a> Bettor<'a> {
    /// Opens the wallet and reads the bets. Only a dry run can do without a running node.
    pub(crate) async fn open(
        home: &'a Home,
        passphrase: &PassphraseArgs,
        dry_run: bool,
    ) -> anyhow::Result<Self> {
        let genesis = home.genesis()?;
        let source = if dry_run {
            source::open(home).await?
        } else {
            Source::Running(source::node(home).await?)
        };
        let wallet = passphrase.open(home)?;
        let mut own = Own::new(&wallet, genesis.pool_id());
        let bets = PlayerBets::load(&source, &genesis, &mut own).await?;
        let key = wallet.player();
        Ok(Self {
            actor: Actor {
                home,
                genesis,
                source,
                key,
            },
            bets,
        })
    }

    /// Sends the bets, after a question if there is one to ask.
    pub(crate) async fn place(
        &self,
        wanted: &[Wanted],
        how: Sending,
        ask: Option<Ask<'_>>,
    ) -> anyhow::Result<()> {
        let mut planned = chosen(&self.bets, wanted)?;
        let mut late = Vec::new();
        if how.dry_run || ask.is_some() {
            let (plan, _) = self.carry_out(planned, how.leave, true).await?;
            something(&plan)?;
            match ask {
                Some(ask) if !ask(&plan)? => return output::line("Nothing was sent."),
                _ if how.dry_run => {
                    return send::rehearsed(&self.actor.genesis, &plan, how, ask.is_some());
                }
                _ => (planned, late) = (plan.bets, plan.late),
            }
        }
        let (mut plan, ids) = self.carry_out(planned, how.leave, false).await?;
        something(&plan)?;
        plan.late.splice(0..0, late);
        send::sent(&self.actor, &plan, ids, how, ask.is_some()).await
    }

    /// Whether the node would take these bets, but for those that are too late.
    pub(crate) async fn judge(&self, wanted: &[Wanted]) -> anyhow::Result<()> {
        let planned = chosen(&self.bets, wanted)?;
        self.carry_out(planned, Leave::Late, true).await?;
        Ok(())
    }

    /// Sends bets, or only tries them, and names those that are left out.
    pub(super) async fn carry_out<'b>(
        &self,
        planned: Vec<Planned<'b>>,
        leave: Leave,
        only_try: bool,
    ) -> anyhow::Result<(Plan<'b>, Vec<String>)> {
        let bets = planned.iter().map(|planned| planned.bet).collect();
        let acting = self.actor.acting(Wish::Bets { bets, leave });
        let acting = if only_try {
            acting.only_trying()
        } else if planned.len() > 1 {
            acting.patient()
        } else {
            acting
        };
        let acted = self.actor.act(acting).await;
        if let Some(stopped) = acted.end {
            let not_sent = acted.left_out.len() + acted.bets_unsent;
            let sent = planned.len().saturating_sub(not_sent);
            return Err(explained(&planned, self.bets.chips, stopped, sent));
        }
        let is_late = |bet: &Planned<'_>| acted.left_out.contains(&bet.bet.match_no);
        let (late, bets): (Vec<_>, Vec<_>) = planned.into_iter().partition(is_late);
        for bet in &late {
            output::hint!("{}; it is left out", ended(bet.game));
        }
        let plan = Plan {
            bets,
            late: late.into_iter().map(|bet| bet.game).collect(),
            left: acted.chips.unwrap_or(self.bets.chips),
        };
        Ok((plan, acted.ids))
    }
}

fn something(plan: &Plan<'_>) -> anyhow::Result<()> {
    if plan.bets.is_empty() && !plan.late.is_empty() {
        return Err(refused(
            Reason::BetAfterKickoff,
            "there is no bet left to send: `bolao missing` and `bolao matches --open` list what is open",
        ));
    }
    Ok(())
}
