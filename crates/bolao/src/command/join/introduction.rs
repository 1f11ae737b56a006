//! Who makes and plays a pool, and by which rules, as somebody sees it who is about to join.

use bolao_api::body::{PoolBody, RulesBody, ValidatorsBody};
use bolao_ledger::Genesis;
use bolao_store::Store;

use crate::{
    command::status::in_a_line,
    joining::Entry,
    output::{self, count},
    source::{Offline, Source},
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
    let pool: PoolBody = people.read("/api/v1/pool").await?;
    let votes: ValidatorsBody = people.read("/api/v1/validators").await?;
    let members: Vec<Player> = people.all("/api/v1/players").await?;
    let voters = votes.validators.into_iter();
    let voters: Vec<PlayerRef> = voters.map(|one| one.validator.validator).collect();
    let organisers = named(&pool.organisers);
    let validators = match voters.as_slice() {
        [] => "nobody votes on blocks".to_owned(),
        [_] if voters == pool.organisers => "who is the only validator, too".to_owned(),
        _ if voters == pool.organisers => "who are the validators, too".to_owned(),
        voters => format!("validators are {}", named(voters)),
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
    row("Made by", &format!("{organisers}, {validators}{by}"))?;
    row("Members", &names(&members))?;
    row("Rules", &in_a_line(&rules, pool.organisers.len()))
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
    let mut names: Vec<&str> = members.iter().map(|one| one.name.as_str()).collect();
    names.sort_by_key(|name| name.to_lowercase());
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match (names.is_empty(), more) {
        (true, _) => "nobody yet".to_owned(),
        (_, 0) => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}
