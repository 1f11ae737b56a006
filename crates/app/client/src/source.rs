//! What a home knows, from its running node or, while none runs, from its disk.
//!
//! Both speak the same API: a running node is asked over HTTP; for a stopped home the same routes answer inside this
//! process ([`offline`](crate::offline)). So every command reads in one way, and `--json` shows the API's own fields.

use std::{io::Write, time::Duration};

use anyhow::{Context as _, bail, ensure};
use bolao_api::{
    HostPools,
    body::{Page, ProposalBody, RehearsalBody, StatusBody, VerdictBody},
};
use bolao_ledger::{Height, PoolId, UnixSeconds};
use bolao_node::Home;
use bolao_store::{OpenError, Store};
use futures::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Client, Offline, as_view, as_views};

/// Entries of a page: the most that the API gives.
const PAGE: usize = 500;

/// No list is longer: more than a node has players, or a player bets.
const MOST_ENTRIES: usize = 1_000_000;

/// The number of tries to read a table whole: it is read anew if a block came between its pages.
const WHOLE_TRIES: usize = 5;

/// The time that a running node has to say that it is there.
const HELLO: Duration = Duration::from_secs(3);

/// A source of the API's answers: the home's running node, or the home's disk.
#[derive(Debug)]
pub enum Source {
    /// The home's running node.
    Running(Client),
    /// The home's disk.
    Stopped(Box<Offline>),
}

/// The home's running node, if it answers and is of the home's pool, and whether it is live: for an archive the pages alone are.
async fn running(home: &Home, pool: PoolId) -> anyhow::Result<Option<(Client, bool)>> {
    let Some(running) = home.running()? else {
        return Ok(None);
    };
    let path = if home.is_first() {
        String::new()
    } else {
        HostPools::path(&home.code()?)
    };
    let client = Client::new(&format!("{}{path}", running.url))?;
    let status = client.read::<StatusBody>("/api/v1/status");
    // The port may be another home's by now, which is not to see the token.
    match tokio::time::timeout(HELLO, status).await {
        Ok(Ok(status)) if status.pool == pool => {
            let is_live = !status.url.is_empty();
            Ok(Some((client.with_token(home.token()?), is_live)))
        }
        _ => Ok(None),
    }
}

/// The home's running node, for what only a node can do.
pub async fn node(home: &Home) -> anyhow::Result<Client> {
    let pool = home.genesis()?.pool_id();
    let running = running(home, pool).await?;
    let live = running.and_then(|(client, is_live)| is_live.then_some(client));
    live.context(
        "your node is not running: start it with `bolao run` in another terminal, then try again",
    )
}

impl Source {
    /// The running node of a home, else its disk. A home whose node has never run shows what genesis says.
    pub async fn of(home: &Home) -> anyhow::Result<Self> {
        let genesis = home.genesis()?;
        if let Some((client, _)) = running(home, genesis.pool_id()).await? {
            return Ok(Self::Running(client));
        }
        let path = home.chain_path();
        let store = match Store::open(&path) {
            Err(OpenError::NotFound { .. }) if home.has_sums() => bail!(
                "{} is missing: put it back, or get the chain from other nodes with `bolao run`",
                path.display()
            ),
            Err(OpenError::NotFound { .. }) => Store::in_memory(&genesis)?,
            Err(OpenError::InUse { .. }) => bail!(
                "a node of {} is running but does not answer: try again in a moment, or stop it",
                home.dir().display()
            ),
            opened => opened?,
        };
        if store.pool_id() != genesis.pool_id() {
            bail!(
                "{} is of pool {}, genesis.json beside it of pool {}: put the right one back",
                path.display(),
                store.pool_id(),
                genesis.pool_id()
            );
        }
        Ok(Self::Stopped(Box::new(Offline::new(&store))))
    }

    /// Up to which block a stopped home's disk is, and of when that is; none where the node runs.
    pub fn stopped_at(&self) -> anyhow::Result<Option<(Height, UnixSeconds)>> {
        Ok(match self {
            Self::Running(_) => None,
            Self::Stopped(offline) => {
                let tip = offline.reader().snapshot()?.tip()?;
                Some((tip.height, tip.time))
            }
        })
    }

    /// The answer to a path of the API.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        match self {
            Self::Running(client) => client.get(path).await,
            Self::Stopped(offline) => offline.get(path).await,
        }
    }

    /// Posts JSON to a path that writes nothing.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        match self {
            Self::Running(client) => client.post(path, body).await,
            Self::Stopped(offline) => offline.post(path, body).await,
        }
    }

    /// Gives what would become of transactions, one after the other; nothing is written.
    pub async fn rehearse(&self, proposals: &[ProposalBody]) -> anyhow::Result<Vec<VerdictBody>> {
        const DRY_RUN: &str = "/api/v1/transactions?dry_run=true";
        let body = json!({ "transactions": proposals });
        let answer = self.post(DRY_RUN, &body).await?;
        let verdicts = as_view::<RehearsalBody>(answer)?.transactions;
        ensure!(
            verdicts.len() == proposals.len(),
            "the node's answer leaves out transactions"
        );
        Ok(verdicts)
    }

    /// Reads the JSON at a path as the type that it is of.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        as_view(self.get(path).await?)
    }

    /// All entries of a list, each as the type that it is of.
    pub async fn all<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Vec<T>> {
        as_views(self.list(path, usize::MAX).await?)
    }

    /// A list that says more than its entries, with the entries of all its pages. Begins anew if a block comes between
    /// two pages, so that nobody is there twice.
    pub async fn whole(&self, path: &str) -> anyhow::Result<Value> {
        for _ in 0..WHOLE_TRIES {
            let mut whole: Option<Value> = None;
            let mut cursor: Option<String> = None;
            loop {
                let mut page = self.get(&paged(path, PAGE, cursor.as_deref())).await?;
                let next = page.get("next_cursor").and_then(Value::as_str);
                cursor = next.map(str::to_owned);
                if let Some(whole) = &mut whole {
                    if whole.get("tip") != page.get("tip") {
                        break;
                    }
                    if let (Some(Value::Array(all)), Some(Value::Array(more))) =
                        (whole.get_mut("items"), page.get_mut("items"))
                    {
                        all.append(more);
                    }
                } else {
                    whole = Some(page);
                }
                if cursor.is_none() {
                    if let Some(Value::Object(fields)) = &mut whole {
                        fields.remove("next_cursor");
                    }
                    return Ok(whole.unwrap_or_default());
                }
            }
        }
        bail!("blocks come faster than this table can be read: try again in a moment")
    }

    /// Writes what is at a path, of any length, piece by piece.
    pub async fn copy(&self, path: &str, to: &mut impl Write) -> anyhow::Result<()> {
        const BROKE: &str = "the file was cut off and is incomplete: try again";
        match self {
            Self::Running(client) => {
                let mut answer = client.stream(path).await?;
                while let Some(bytes) = answer.chunk().await.context(BROKE)? {
                    to.write_all(&bytes)?;
                }
            }
            Self::Stopped(offline) => {
                let mut pieces = offline.stream(path).await?.into_data_stream();
                while let Some(bytes) = pieces.next().await {
                    to.write_all(&bytes.context(BROKE)?)?;
                }
            }
        }
        Ok(to.flush()?)
    }

    /// All entries of a list, page by page, or the first `most`.
    pub async fn list(&self, path: &str, most: usize) -> anyhow::Result<Vec<Value>> {
        let mut entries = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let limit = most.saturating_sub(entries.len()).clamp(1, PAGE);
            let page = paged(path, limit, cursor.as_deref());
            let page: Page<Value> = self.read(&page).await?;
            let fits = !page.items.is_empty() || page.next_cursor.is_none();
            ensure!(
                fits && page.items.len() <= limit && entries.len() < MOST_ENTRIES,
                "the list that this computer gives under {path} does not end: ask another one"
            );
            entries.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() || entries.len() >= most {
                entries.truncate(most);
                return Ok(entries);
            }
        }
    }
}

/// The path of a page.
fn paged(path: &str, limit: usize, cursor: Option<&str>) -> String {
    let join = if path.contains('?') { '&' } else { '?' };
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
    format!("{path}{join}limit={limit}{cursor}")
}
