//! What a block waits for, said to whoever waits for the block.

use std::time::Duration;

use bolao_api::body::WaitsBody;
use bolao_chain::DoubtCause;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{
    command::clocks::in_doubt, command::waits::waits_for, output, source::Client, view::Status,
};

/// So long nothing is said: a block comes within a moment.
const QUIET: Duration = Duration::from_secs(4);
/// From one look at the node to the next.
const LOOK: Duration = Duration::from_secs(2);

/// Says once what a block waits for, and again when that changes.
#[derive(Debug)]
pub(in super::super) struct HeldUp {
    next: Instant,
    told: Option<Why>,
}

#[derive(Debug, PartialEq, Eq)]
enum Why {
    /// For somebody, by the validators that are heard.
    For(Box<WaitsBody>),
    /// This node decides alone, and its clock is in doubt.
    Clock(DoubtCause),
    /// No other node is there to hear of it.
    Alone,
    /// The node does not know.
    Unknown,
}

impl HeldUp {
    pub(in super::super) fn new() -> Self {
        Self {
            next: Instant::now() + QUIET,
            told: None,
        }
    }

    /// Looks whether there is something new to say, if it is time.
    pub(in super::super) async fn tell(&mut self, client: &Client) {
        if Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + LOOK;
        // A node that does not answer is found out by whoever waits.
        let Ok(status) = client.read::<Status>("/api/v1/status").await else {
            return;
        };
        if let Some(news) = self.news(&status) {
            output::hint(news);
        }
    }

    fn news(&mut self, status: &Status) -> Option<String> {
        let why = match (&status.waits, &status.sync.clock_doubt) {
            // Other heights wait for the same.
            (Some(waits), _) => Why::For(Box::new(WaitsBody {
                height: 0,
                since: Timestamp::UNIX_EPOCH,
                missing: Vec::new(),
                against: Vec::new(),
                ..waits.clone()
            })),
            (None, Some(doubt)) => Why::Clock(doubt.cause),
            (None, None) if status.peers == 0 => Why::Alone,
            (None, None) => Why::Unknown,
        };
        let is_news = match (&self.told, &why) {
            // Who is away may be heard for a moment.
            (Some(_), Why::Unknown) => false,
            (told, why) => told.as_ref() != Some(why),
        };
        if !is_news {
            return None;
        }
        let text = match (&why, &status.waits) {
            (Why::Clock(_), _) => {
                let doubt = status
                    .sync
                    .clock_doubt
                    .as_ref()
                    .map(in_doubt)
                    .map(|it| it.text);
                format!("Waiting for a block: {}.", doubt.unwrap_or_default())
            }
            (Why::For(_), Some(waits)) => format!("The next block {}.", waits_for(waits)),
            (Why::Alone, _) => {
                "Waiting for a block; no other node is connected to yours.".to_owned()
            }
            _ => "Waiting for a block.".to_owned(),
        };
        self.told = Some(why);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_client::Offline;
    use bolao_ledger::{AccountId, Genesis};
    use bolao_store::Store;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn who_is_away_is_said_once_and_again_when_it_changes() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let status = Offline::new(&store).get("/api/v1/status").await.unwrap();
        let status: Status = serde_json::from_value(status).unwrap();
        let away = |names: &[&str], height: u64| {
            let player = |name: &&str| json!({ "account": AccountId([1; 32]), "name": name });
            let away: Vec<_> = names.iter().map(player).collect();
            let waits = json!({
                "height": height, "since": Timestamp::now(), "away": away, "validators": 4,
            });
            Status {
                peers: 2,
                waits: Some(serde_json::from_value(waits).unwrap()),
                ..status.clone()
            }
        };
        let mut held_up = HeldUp::new();
        assert!(held_up.news(&status).unwrap().contains("no other node"));
        assert_eq!(held_up.news(&status), None);
        let said = held_up.news(&away(&["Bento", "Clara"], 7)).unwrap();
        assert!(
            said.starts_with(
                "The next block is waiting for Bento, Clara: 2 of 4 validators are offline."
            ),
            "{said}"
        );
        assert_eq!(held_up.news(&away(&["Bento", "Clara"], 8)), None);
        let said = held_up.news(&away(&["Clara"], 8)).unwrap();
        assert!(said.contains("is waiting for Clara: 1 of 4"), "{said}");
        let nobody = Status {
            waits: None,
            ..away(&[], 8)
        };
        assert_eq!(held_up.news(&nobody), None);
    }
}
