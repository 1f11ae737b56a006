//! `bolao rules`: what the pool's players agreed to.

use bolao_api::body::{PoolBody, ValidatorsBody};
use bolao_ledger::Membership;
use bolao_node::Home;
use clap::Args;
use serde_json::Value;

use crate::{
    output,
    source::{Source, as_view},
    view::{PlayerRef, PoolRules},
};

/// Shows the pool's rules in plain words
#[derive(Args, Clone, Debug)]
pub(crate) struct RulesArgs {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: RulesArgs, home: &Home) -> anyhow::Result<()> {
    let source = Source::of(home).await?;
    let mut rules = source.get("/api/v1/pool/rules").await?;
    let pool = source.get("/api/v1/pool").await?;
    if args.json {
        if let Value::Object(fields) = &mut rules {
            for name in ["membership", "starting_chips", "target", "organisers"] {
                let value = pool.get(name).cloned().unwrap_or_default();
                fields.insert(name.to_owned(), value);
            }
        }
        return output::json(&rules);
    }
    let (pool, rules): (PoolBody, PoolRules) = (as_view(pool)?, as_view(rules)?);
    output::line!("Pool        {}", output::bold(&pool.outside.name))?;
    output::line!("Pool id     {}", pool.outside.id)?;
    let membership = match pool.outside.membership {
        Membership::Invite => "by invitation",
        Membership::Open => "open to all",
    };
    output::line!("Membership  {membership}")?;
    people("Organisers", &pool.organisers)?;
    let votes: ValidatorsBody = source.read("/api/v1/validators").await?;
    let validators = votes.validators.into_iter();
    let validators: Vec<PlayerRef> = validators.map(|one| one.validator.validator).collect();
    people("Validators", &validators)?;
    output::line("")?;
    for sentence in rules.sentences {
        output::line(output::wrapped("- ", "  ", &sentence))?;
    }
    output::line("")?;
    output::line(output::wrapped(
        "",
        "",
        "The pool id is the hash of the rules and of the first organisers and validators. Everyone who joins signs \
        it, and nobody can change it.",
    ))
}

/// People with their accounts, one a line.
fn people(what: &str, people: &[PlayerRef]) -> anyhow::Result<()> {
    for (at, one) in people.iter().enumerate() {
        let label = if at == 0 { what } else { "" };
        let name = one.name.as_ref();
        let name = name.map_or_else(String::new, |name| format!("{name}  "));
        output::line!("{label:<12}{name}{}", one.account)?;
    }
    Ok(())
}
