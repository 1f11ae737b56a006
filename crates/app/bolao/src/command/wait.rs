//! `--wait`: until a block holds what was sent.

mod held_up;
mod placed;

use std::time::Duration;

use clap::Args;
use serde_json::json;

use self::{held_up::HeldUp, placed::wait};
use crate::{
    exit::usage,
    output::{self, joined},
    source::Client,
    view::{PlaceState, Status, Transaction},
};

/// Whether to wait, and how long.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct WaitArgs {
    /// Waits until a block includes what was sent, at most this long [default without a number: 600]; status 1 if none does
    #[arg(long = "wait", num_args = 0..=1, require_equals = true, default_missing_value = "600", value_name = "SECONDS")]
    seconds: Option<u64>,
}

/// Which block holds a transaction, and how sure that is; `None` while none does.
pub(crate) fn holds(transaction: &Transaction) -> Option<String> {
    let height = transaction.block.as_ref()?.at.height;
    Some(match transaction.state {
        PlaceState::Final => format!("Block {height} includes it, and is final."),
        _ => format!("Block {height} includes it, but is not final."),
    })
}

/// Where what was sent waits for a block.
pub(crate) async fn on_its_way(client: &Client, what: &str, are_many: bool) -> String {
    let (is, waits, it_counts, it_waits, it_goes) = if are_many {
        ("are", "wait", "they count", "they wait", "they go")
    } else {
        ("is", "waits", "it counts", "it waits", "it goes")
    };
    // It is sent, whatever becomes of this question.
    let status = client.read::<Status>("/api/v1/status").await;
    if let Some(status) = status.ok().filter(|status| status.peers == 0) {
        let is_held_up = status.waits.is_some() || status.sync.clock_doubt.is_some();
        return if status.makes_blocks_alone && !is_held_up {
            format!("Saved; {it_counts} from the next block.")
        } else if status.makes_blocks_alone {
            format!("Saved; {it_waits} for a block, and `bolao status` says why.")
        } else {
            format!(
                "Saved on this machine; no other node is connected to yours now, so {it_goes} out once one is."
            )
        };
    }
    format!("{what} {is} on the way to the other nodes and {waits} for a block.")
}

impl WaitArgs {
    /// Whether the command line has it.
    pub(crate) const fn is_given(self) -> bool {
        self.seconds.is_some()
    }

    /// Refuses a number at an end of what was typed, which was meant for `--wait`.
    pub(crate) fn check_not_among(self, words: &[String]) -> anyhow::Result<()> {
        let is_number = |word: &&String| word.chars().all(|c| c.is_ascii_digit());
        let ends = [words.first(), words.last()];
        match ends.into_iter().flatten().find(is_number) {
            Some(number) if self.is_given() => Err(usage(format!(
                "`{number}` is not clear beside --wait: to wait at most {number} s, write `--wait={number}`; a match has a code, too"
            ))),
            _ => Ok(()),
        }
    }

    /// Waits if that is wanted; the transaction, which a block holds then.
    pub(crate) async fn placed(
        self,
        client: &Client,
        id: &str,
    ) -> anyhow::Result<Option<Transaction>> {
        let Some(seconds) = self.seconds else {
            return Ok(None);
        };
        Ok(Some(wait(client, id, Duration::from_secs(seconds)).await?))
    }

    /// Waits if that is wanted; the height of the block that holds the transaction.
    pub(crate) async fn finish(self, client: &Client, id: &str) -> anyhow::Result<Option<u64>> {
        let placed = self.placed(client, id).await?;
        Ok(placed
            .and_then(|placed| placed.block)
            .map(|block| block.at.height.0))
    }

    /// Says that it is on its way, or waits if that is wanted and says which block holds it; as JSON, too.
    pub(crate) async fn report(self, client: &Client, id: &str, what: &str) -> anyhow::Result<()> {
        let placed = self.placed(client, id).await?;
        let void: Vec<_> = placed.iter().flat_map(|it| it.void.clone()).collect();
        if output::wants_json() {
            let state = placed.as_ref().map_or(PlaceState::Waiting, |it| it.state);
            let block = placed.and_then(|placed| placed.block);
            output::json(&json!({
                "transaction": id,
                "state": state,
                "block": block.map(|block| block.at.height),
                "void": void,
            }))?;
        } else {
            match placed.as_ref().and_then(holds) {
                Some(held) => output::line(held)?,
                None => output::line(on_its_way(client, what, false).await)?,
            }
        }
        anyhow::ensure!(
            void.is_empty(),
            "it came too late for {}: nothing has changed there",
            joined(void.iter().map(|it| it.code.as_str()), ", ")
        );
        Ok(())
    }
}
