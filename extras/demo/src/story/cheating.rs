//! Within chapter 4: davi knows a score, and tries to have bet on it. He has a copy of his node's home from before the
//! kick-off, his validator key in it, and a program whose clock he sets back. That is all it takes to cheat in a pool
//! whose blocks are mined; here it is not enough.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use bolao_api::body::BlockBody;
use bolao_chain::{Core, CoreConfig, Input, Now, Output, VotingKey};
use bolao_ledger::{Chips, OpenBet, Reason, Score, StateView as _, UnixSeconds};
use bolao_node::Home;
use bolao_store::{CACHE_BYTES, Store, Tip};
use bolao_terminal::time;
use bolao_wallet::{Draft, WalletFile};

use super::{
    super::{friends::refusal, tournament::MOST_STAKED},
    Story,
    tips::VICTIM,
};

/// The copy's directory.
const COPY: &str = "copy";
/// The time for which the copy tries to make a block, by its own clock, in milliseconds.
const TRIES_MS: u64 = 600_000;

impl Story<'_> {
    /// Copies the home of a node that does not run.
    pub(super) fn copy_home(&self) -> anyhow::Result<()> {
        let copy = self.network.dir.path().join(COPY);
        fs::create_dir(&copy).context("cannot make a directory")?;
        for file in fs::read_dir(&self.network.node(VICTIM)?.home)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), copy.join(file.file_name())).context("cannot copy a home")?;
            }
        }
        Ok(())
    }

    /// The copy makes no block, and the others take no late bet.
    pub(super) async fn cheat(&mut self, code: &str, score: &str) -> anyhow::Result<()> {
        let name = self.network.node(VICTIM)?.owner;
        self.screen.plain(format!(
            "{name} cheats: a copy of his node's home from before the kick-off, its clock set back, and the score: {code} {score} for \
             {MOST_STAKED} chips"
        ))?;
        let bet = OpenBet {
            match_no: self.no(code)?,
            prediction: score.parse::<Score>()?.into(),
            stake: Chips(MOST_STAKED),
        };
        let copy = self.network.dir.path().join(COPY);
        let last = tokio::task::spawn_blocking(move || bet_in_copy(&copy, bet))
            .await
            .context("the cheat panicked")??;
        self.screen.refused(format!(
            "the copy takes the bet and makes no block in {} of its clock: it signs for 1 of 4 validators, and 3 are \
            needed",
            time::span(TRIES_MS / 1_000)
        ))?;
        let words = refusal(
            self.try_seal(name, 1, &[(code, score, MOST_STAKED)]).await,
            Reason::BetAfterKickoff,
        )?;
        self.screen
            .refused(format!("sent to the others, the bet is refused: {words}"))?;
        let height = last.height;
        for node in self.network.running() {
            let block = format!("/api/v1/blocks/{height}");
            let block: BlockBody = node.client.read(&block).await?;
            if block.at.hash != last.hash {
                bail!("node {} has another block {height} than the copy", node.no);
            }
        }
        self.screen.good(format!(
            "block {height}, the last one of the copy, stands at every node as it was, under all that came after it"
        ))
    }
}

/// Bets in a copy of a home, with the clock set back to its last block's time, and lets its validator try to make a block;
/// gives the copy's last block.
fn bet_in_copy(dir: &Path, bet: OpenBet) -> anyhow::Result<Tip> {
    let home = Home::open(dir)?;
    let genesis = home.genesis()?;
    let key = WalletFile::open(home.wallet_path(), "")?.player();
    let store = Store::open_or_create(&home.chain_path(), &genesis, CACHE_BYTES)?;
    let snapshot = store.reader().snapshot()?;
    let tip = snapshot.tip()?;
    let account = snapshot.account(&key.account())?;
    let account = account.context("the cheat is no player")?;
    drop(snapshot);
    let config = CoreConfig {
        validator: Some(VotingKey {
            account: key.account(),
            key: home.voting_key()?,
        }),
        ..CoreConfig::default()
    };
    let at = |mono_ms: u64| Now {
        unix: UnixSeconds(tip.time.0 + 1 + mono_ms / 1_000),
        mono_ms,
    };
    let mut core = Core::new(store, config, at(0))?;
    let mut draft = Draft::new(key.account(), account.next_nonce);
    let body = draft.seal_bets(&key, genesis.pool_id(), &[bet]);
    let transaction = key.sign(genesis.pool_id(), body);
    let (mut now, mut input) = (0, Input::submit(0, transaction));
    while now < TRIES_MS {
        let mut wake = None;
        for output in core.handle(at(now), input)? {
            match output {
                Output::Reply {
                    result: Err(error), ..
                } => bail!("the copy refuses the bet: {error}"),
                Output::WakeAt(ms) => wake = Some(ms),
                _ => {}
            }
        }
        now = wake.unwrap_or(TRIES_MS).max(now + 1);
        input = Input::Tick;
    }
    if core.tip().hash != tip.hash {
        bail!("a single validator has made a block");
    }
    Ok(tip)
}
