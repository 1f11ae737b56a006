//! Receipts of bets, written and verified by the program's own commands.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::super::Story;

/// The player whose receipt is written.
const OWNER: &str = "carla";
/// And the one who checks it.
const FRIEND: &str = "ana";

impl Story<'_> {
    /// A friend's home finds a receipt in its chain; one in which a bit was changed proves nothing anywhere.
    pub(super) async fn slips(&mut self) -> anyhow::Result<()> {
        let network = &*self.network;
        let first = network.tournament.games.first();
        let code = first.context("the demo has no matches")?.code();
        let (home, pool) = (
            &network.node(self.node_of(OWNER))?.home,
            network.pool.to_string(),
        );
        let file = network.path(&format!("{code}-{OWNER}.slip.json"));
        let args = ["slip", code, "--player", OWNER, "--output", &file];
        network.done(home, &args).await?;
        let length = fs::metadata(&file).context("there is no slip")?.len();
        self.screen.plain(format!("{OWNER} writes a receipt for the bet on {code}, `bolao slip {code}`: a file of {length} bytes"))?;

        let nowhere = network.dir.path().join("nobody");
        let friend = &network.node(self.node_of(FRIEND))?.home;
        self.quote(&network.done(friend, &["verify", &file]).await?)?;
        self.screen.good(format!(
            "`bolao verify` found it in {FRIEND}'s chain, and said how many validators could have made it together for whoever has none"
        ))?;
        let printed = network.done(home, &["verify", &file, "--reveal"]).await?;
        let revealed = printed.lines().find(|line| line.contains(code));
        self.screen.plain(format!(
            "with {OWNER}'s wallet it shows what was sealed: {}",
            joined(revealed.unwrap_or(&printed))
        ))?;

        let changed = network.path("changed.slip.json");
        change_a_bit(Path::new(&file), Path::new(&changed))?;
        let args = ["verify", &changed, "--pool", &pool];
        let Err(error) = network.call(&nowhere, &args).await? else {
            bail!("a receipt with a changed bit is found valid");
        };
        self.screen.refused(format!(
            "the same receipt with one bit changed is refused: {}",
            joined(error.trim_start_matches("error: "))
        ))
    }

    /// Quotes what a command printed, up to its fine print.
    fn quote(&self, printed: &str) -> anyhow::Result<()> {
        for line in printed.lines().take_while(|line| !line.is_empty()) {
            self.screen.quoted(line)?;
        }
        Ok(())
    }
}

/// A line without the spaces that align it.
fn joined(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Changes one bit in the middle of a slip's transaction, so that the text stays one that can be read.
fn change_a_bit(slip: &Path, changed: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(slip).context("the slip cannot be read")?;
    let value: Value = serde_json::from_str(&text).context("the slip is no JSON")?;
    let transaction = value.get("transaction").and_then(Value::as_str);
    let transaction = transaction.context("the slip holds no transaction")?;
    let start = text
        .find(transaction)
        .context("the slip holds no transaction")?;
    let mut bytes = text.clone().into_bytes();
    let byte = bytes
        .iter_mut()
        .skip(start + transaction.len() / 2)
        .find(|byte| byte.is_ascii_alphanumeric() && (**byte ^ 1).is_ascii_alphanumeric())
        .context("the slip's transaction is too short")?;
    *byte ^= 1;
    fs::write(changed, bytes).context("the changed slip cannot be written")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn one_bit_is_changed() {
        let dir = tempfile::tempdir().unwrap();
        let (slip, changed) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&slip, r#"{"version":2,"transaction":"AA__@@ZZbc9-"}"#).unwrap();
        change_a_bit(&slip, &changed).unwrap();
        let (before, after) = (fs::read(&slip).unwrap(), fs::read(&changed).unwrap());
        let bits = before.iter().zip(&after).map(|(a, b)| (a ^ b).count_ones());
        assert_eq!(bits.sum::<u32>(), 1);
    }
}
