//! `bolao pools`: the pools of the home.

use std::path::Path;

use bolao_api::body::StatusBody;
use bolao_node::Home;
use clap::Args;
use serde::Serialize;

use crate::{choice, exit::sentence, home, output, source};

/// Lists the pools of the home; makes one an archive, or a pool that is played again
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao pools                       the pools of this home\n\
        bolao pools --archive office      no node runs for it any more; its page stays, and can still be checked\n\
        bolao pools --resume office       the other way round"
)]
pub(crate) struct PoolsArgs {
    /// Makes this pool an archive, by its code or its name. A node that runs takes that up at once
    #[arg(long, value_name = "POOL", conflicts_with = "resume")]
    archive: Option<String>,
    /// Plays this archive again
    #[arg(long, value_name = "POOL")]
    resume: Option<String>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

/// A pool of a home, and how it is.
#[derive(Debug, Serialize)]
struct ListedPool {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    state: &'static str,
    /// Its page for programs on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

pub(crate) async fn run(args: PoolsArgs, dir: &Path) -> anyhow::Result<()> {
    for (pool, archived) in [(&args.archive, true), (&args.resume, false)] {
        if let Some(pool) = pool {
            choice::named(Home::pools(dir)?, pool)?.set_archived(archived)?;
        }
    }
    let pools = if dir.is_dir() {
        Home::pools(dir)?
    } else {
        Vec::new()
    };
    let mut rows = Vec::new();
    for home in &pools {
        rows.push(row(home).await);
    }
    if args.json {
        return output::json(&rows);
    }
    if rows.is_empty() {
        return output::line!("No pools here: {} makes one.", home::command("start"));
    }
    for row in rows {
        let name = row.name.as_deref().unwrap_or("?");
        output::line!("{}  {:<9}{}", row.code, row.state, output::bold(name))?;
        if let Some(url) = &row.url {
            output::line!("            {url}/")?;
        }
        if let Some(trouble) = &row.trouble {
            output::line(output::wrapped("            ", "            ", trouble))?;
        }
    }
    Ok(())
}

async fn row(home: &Home) -> ListedPool {
    let running = if home.is_archived() {
        None
    } else {
        source::node(home).await.ok()
    };
    let status = match &running {
        Some(client) => client.read::<StatusBody>("/api/v1/status").await.ok(),
        None => None,
    };
    let (name, damage) = match home.genesis() {
        Ok(genesis) => (Some(genesis.name.to_string()), None),
        Err(error) => (None, Some(sentence(&error.into()))),
    };
    let trouble = damage.or_else(|| home.trouble().ok().flatten());
    let state = match (home.is_archived(), &running, &trouble) {
        (true, ..) => "archive",
        (_, Some(_), _) => "runs",
        (_, None, Some(_)) => "trouble",
        (_, None, None) => "stopped",
    };
    ListedPool {
        code: home.code().unwrap_or_else(|_| "?".to_owned()),
        name,
        state,
        url: status.map(|status| status.link.url),
        trouble: trouble.filter(|_| state == "trouble"),
    }
}
