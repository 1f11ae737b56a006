//! `bolao rules`: what the pool's players agreed to.

use bolao_node::Home;
use clap::Args;
use serde::Deserialize;
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

#[derive(Deserialize)]
struct Pool {
    id: String,
    name: String,
    membership: String,
    organisers: Vec<PlayerRef>,
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
    let (pool, rules): (Pool, PoolRules) = (as_view(pool)?, as_view(rules)?);
    output::line!("Pool        {}", output::bold(&pool.name))?;
    output::line!("Pool id     {}", pool.id)?;
    let membership = match pool.membership.as_str() {
        "invite" => "by invitation",
        _ => "open to all",
    };
    output::line!("Membership  {membership}")?;
    for (at, organiser) in pool.organisers.iter().enumerate() {
        let label = if at == 0 { "Organisers" } else { "" };
        let name = organiser
            .name
            .as_ref()
            .map_or_else(String::new, |name| format!("{name}  "));
        output::line!("{label:<12}{name}{}", organiser.account)?;
    }
    output::line("")?;
    for sentence in rules.sentences {
        output::line(output::wrapped("- ", "  ", &sentence))?;
    }
    output::line("")?;
    output::line(output::wrapped(
        "",
        "",
        "The pool id is the hash of all of this: whoever joins signs it, and nobody can change it.",
    ))
}
