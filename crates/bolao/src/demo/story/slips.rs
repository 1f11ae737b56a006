//! Receipts of bets, written and verified by the program's own commands.

use super::Story;

impl Story<'_> {
    /// A receipt is good, and one that was changed is not.
    pub(super) async fn slips(&mut self) -> anyhow::Result<()> {
        self.settle().await?;
        Ok(())
    }
}
