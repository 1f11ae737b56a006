//! The home's player who places bets: all that it takes to read and to send, and what happens if a match closes
//! meanwhile.

use bolao_ledger::{Genesis, Reason};
use bolao_node::Home;
use bolao_wallet::{Key, WalletFile};

use super::{
    own::Own,
    plan::{Late, Plan, Wanted},
    player_bets::PlayerBets,
    send::{self, Sending},
    show::ended,
};
use crate::{
    exit::refused,
    output,
    passphrase::PassphraseArgs,
    source::{self, ApiError, Source},
};

/// Shows a plan and asks whether it is to be sent.
type Ask<'q> = &'q dyn Fn(&Plan<'_>) -> anyhow::Result<bool>;

/// The home's player.
pub(crate) struct Bettor<'a> {
    pub(super) home: &'a Home,
    pub(super) genesis: Genesis,
    pub(super) source: Source,
    pub(super) wallet: WalletFile,
    pub(super) key: Key,
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
        Ok(Self {
            home,
            genesis,
            source,
            key: wallet.player(),
            wallet,
            bets,
        })
    }

    /// Sends the bets, after a question if there is one to ask. If a match closes before they arrive and what is late
    /// may be left out, the others are sent.
    pub(crate) async fn place(
        &self,
        wanted: &[Wanted],
        how: Sending,
        ask: Option<Ask<'_>>,
    ) -> anyhow::Result<()> {
        let mut sending = self.plan(&self.bets, wanted, how.late).await?;
        note(&sending);
        something(&sending)?;
        if let Some(ask) = ask
            && !ask(&sending)?
        {
            return output::line("Nothing was sent.");
        }
        let client = match &self.source {
            Source::Running(client) if !how.dry_run => client,
            _ => return send::rehearsed(&self.genesis, &sending, how, ask.is_some()),
        };
        let node = (client, &self.key);
        let mut ids = Vec::new();
        let result = send::send(self.home, &self.genesis, node, &sending.bets, &mut ids).await;
        let now;
        if let Err(error) = result {
            let at_once = send::bets_at_once(&self.genesis, &sending.bets);
            let arrived = ids.len().saturating_mul(at_once);
            let is_late = ApiError::is_any(&error, &[Reason::BetAfterKickoff]);
            if !is_late || how.late == Late::Refuse {
                return Err(explained(error, arrived, is_late && wanted.len() > 1));
            }
            let mut own = Own::new(&self.wallet, self.genesis.pool_id());
            now = PlayerBets::load(&self.source, &self.genesis, &mut own).await?;
            let again = self
                .plan(&now, &sending.rest(arrived), Late::LeaveOut)
                .await?;
            if again.late.is_empty() {
                return Err(explained(error, arrived, false));
            }
            note(&again);
            sending.bets.truncate(arrived);
            if sending.bets.is_empty() {
                something(&again)?;
            }
            send::send(self.home, &self.genesis, node, &again.bets, &mut ids)
                .await
                .map_err(|error| explained(error, arrived, false))?;
            sending.bets.extend(again.bets);
            sending.late.extend(again.late);
            sending.left = again.left;
        }
        send::sent(&self.genesis, client, &sending, ids, how, ask.is_some()).await
    }
}

/// Names what is left out.
fn note(plan: &Plan<'_>) {
    for game in &plan.late {
        output::hint!("{}; it is left out", ended(game));
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

fn explained(error: anyhow::Error, arrived: usize, can_skip: bool) -> anyhow::Error {
    let sent = match arrived {
        0 if !can_skip => return error,
        0 => "nothing was sent".to_owned(),
        _ => format!("only the first {arrived} bets were sent"),
    };
    let skip = if can_skip {
        ", --skip-closed would send the rest"
    } else {
        ""
    };
    error.context(format!("{sent}{skip}"))
}
