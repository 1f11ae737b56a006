//! Who makes and plays a pool, and by which rules, as somebody sees it who is about to join.

use bolao_api::body::{PoolBody, RulesBody, ValidatorsBody};
use bolao_ledger::Genesis;
use bolao_store::Store;
use http::StatusCode;

use crate::{
    command::status::in_a_line,
    joining::Entry,
    output::{self, count},
    source::{ApiError, Offline, Source},
    view::{Player, PlayerRef},
};

/// The most members that are named.
const NAMED: usize = 12;

/// Shows the pool. The rules are those that the pool id stands for; who plays, and under which name, is what the node says.
pub(super) async fn show(entry: &Entry, genesis: &Genesis) -> anyhow::Result<()> {
    let store = Store::in_memory(genesis)?;
    let begun = Source::Stopped(Box::new(Offline::new(&store)));
    let node = entry.client().cloned().map(Source::Running);
    let (people, by) = match &node {
        Some(node) => (node, " (says the node you join through)"),
        None => (&begun, " (when it was made)"),
    };
    let rules: RulesBody = begun.read("/api/v1/pool/rules").await?;
    let (people, by, seen) = match seen(people).await? {
        Some(seen) => (people, by, Some(seen)),
        // The rules name accounts of organisers, and no names.
        None => (&begun, " (when it was made)", None),
    };
    let pool: PoolBody = people.read("/api/v1/pool").await?;
    let organisers = named(&pool.organisers);
    let (validators, members) = match seen {
        Some((voters, members)) => {
            let voting = voting(&voters, &pool.organisers);
            (format!(", {voting}"), names(&members))
        }
        None => (String::new(), "shown only to players".to_owned()),
    };
    output::line!(
        "Pool     {}, {}",
        output::bold(genesis.name.as_str()),
        count(genesis.matches.len(), "match", "matches"),
    )?;
    output::line!(
        "         {}   (compare it with your friends')",
        genesis.pool_id()
    )?;
    row("Made by", &format!("{organisers}{validators}{by}"))?;
    row("Members", &members)?;
    row("Rules", &in_a_line(&rules, pool.organisers.len()))
}

/// Those who vote and those who play; `None` where the node shows them only to players.
async fn seen(people: &Source) -> anyhow::Result<Option<(Vec<PlayerRef>, Vec<Player>)>> {
    let votes: ValidatorsBody = match people.read("/api/v1/validators").await {
        Err(error) if is_for_players(&error) => return Ok(None),
        votes => votes?,
    };
    let voters = votes.validators.into_iter();
    let voters = voters.map(|one| one.validator.validator).collect();
    Ok(Some((voters, people.all("/api/v1/players").await?)))
}

fn is_for_players(error: &anyhow::Error) -> bool {
    let refused = error.downcast_ref::<ApiError>();
    refused.is_some_and(|it| it.status == StatusCode::UNAUTHORIZED)
}

fn voting(voters: &[PlayerRef], organisers: &[PlayerRef]) -> String {
    match voters {
        [] => "nobody votes on blocks".to_owned(),
        [_] if voters == organisers => "who is the only validator, too".to_owned(),
        _ if voters == organisers => "who are the validators, too".to_owned(),
        voters => format!("validators are {}", named(voters)),
    }
}

fn row(label: &str, text: &str) -> anyhow::Result<()> {
    output::line(output::wrapped(&format!("{label:<9}"), "         ", text))
}

/// Names with the ends of the accounts, since a name may be anybody's in another pool.
fn named(people: &[PlayerRef]) -> String {
    let named = people.iter().map(|one| {
        let account = output::short(&one.account.to_string());
        match &one.name {
            Some(name) => format!("{name} {account}"),
            None => account,
        }
    });
    match named.collect::<Vec<_>>() {
        none if none.is_empty() => "nobody".to_owned(),
        named => named.join(", "),
    }
}

fn names(members: &[Player]) -> String {
    let mut names: Vec<&str> = members.iter().map(|one| one.entry.name.as_str()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match (names.is_empty(), more) {
        (true, _) => "nobody yet".to_owned(),
        (_, 0) => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{Router, response::IntoResponse as _, routing::get};
    use bolao_api::Problem;
    use tokio::net::TcpListener;

    use super::*;
    use crate::source::Client;

    async fn of_node_that_refuses_by(status: StatusCode) -> anyhow::Result<bool> {
        let refuse = move || async move { Problem::new(status, "no").into_response() };
        let routes = Router::new().route("/api/v1/validators", get(refuse));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let client = Client::new(&format!("http://{}", listener.local_addr()?))?;
        let serving = tokio::spawn(async { axum::serve(listener, routes).await });
        let seen = seen(&Source::Running(client)).await;
        serving.abort();
        Ok(seen?.is_some())
    }

    #[tokio::test]
    async fn a_node_that_shows_its_players_only_to_players_can_be_joined() {
        let hidden = of_node_that_refuses_by(StatusCode::UNAUTHORIZED).await;
        assert!(!hidden.unwrap());
        let broken = of_node_that_refuses_by(StatusCode::INTERNAL_SERVER_ERROR).await;
        assert!(broken.is_err());
    }
}
