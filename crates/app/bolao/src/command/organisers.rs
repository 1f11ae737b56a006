//! `bolao organisers`: who schedules matches and signs results, and who is to.

use bolao_api::body::{Intent, OrganisersBody};
use bolao_ledger::AccountId;
use bolao_node::Home;
use clap::{Args, Subcommand};

use crate::{
    command::signing::SignArgs,
    output,
    signed::organises,
    source::{self, Source},
    time,
    votes::names,
};

/// Shows the organisers, who schedule matches and sign results; adds and removes them
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao organisers                  who they are, and who may become one\n\
        bolao organisers add bento        makes a player one, once enough organisers have signed it\n\
        bolao organisers remove bento     makes bento an ordinary player again; where bento has signed nothing for seven days,\n                                  \
        such as after losing the words, one signature is enough, and seven days later bento leaves"
)]
pub(crate) struct OrganisersArgs {
    #[command(subcommand)]
    command: Option<OrganisersCommand>,
    /// Prints JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand, Clone, Debug)]
enum OrganisersCommand {
    /// Shows who they are, and what waits for signatures
    List {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Makes a player an organiser; for organisers
    Add {
        /// Who: a name or an account
        name: String,
        #[command(flatten)]
        sign: SignArgs,
    },
    /// Makes an organiser an ordinary player; for organisers
    Remove {
        /// Who: a name or an account
        name: String,
        #[command(flatten)]
        sign: SignArgs,
    },
}

pub(crate) async fn run(args: OrganisersArgs, home: &Home) -> anyhow::Result<()> {
    match args.command {
        None => list(args.json, home).await,
        Some(OrganisersCommand::List { json }) => list(json, home).await,
        Some(OrganisersCommand::Add { name, sign }) => change(name, true, &sign, home).await,
        Some(OrganisersCommand::Remove { name, sign }) => change(name, false, &sign, home).await,
    }
}

/// The organisers, as the home's node or disk has them.
pub(super) async fn read(source: &Source) -> anyhow::Result<OrganisersBody> {
    source.read("/api/v1/organisers").await
}

/// Whether an account organises, as far as this home knows.
pub(super) async fn is_one(home: &Home, account: AccountId) -> anyhow::Result<bool> {
    let source = source::open(home).await?;
    let body = read(&source).await?;
    Ok(body.organisers.iter().any(|it| it.account == account))
}

async fn list(json: bool, home: &Home) -> anyhow::Result<()> {
    let body = read(&source::open(home).await?).await?;
    if json {
        return output::json(&body);
    }
    if body.organisers.is_empty() {
        return output::line("This pool has no organisers.");
    }
    let mut table = output::table(["Organiser", "Account"]);
    for one in &body.organisers {
        let name = one.name.as_deref().unwrap_or("(has not joined)");
        table.add_row([name, &output::fitting(&one.account.to_string())]);
    }
    output::show(&table)?;
    output::line(match body.signatures_needed {
        0 => "They cannot be changed under this pool's rules.".to_owned(),
        1 => format!(
            "Any one of them can add and remove organisers; at least {} must be left.",
            body.fewest
        ),
        needed => format!(
            "{needed} of them must sign to add or remove one; at least {} must be left.",
            body.fewest
        ),
    })?;
    for own in &body.silent {
        if let Some(leaves) = own.leaves {
            let who = own.organiser.shown();
            output::line!(
                "{who} stops being an organiser {} ({}), unless there is a signature from {who} before then.",
                time::relative(leaves),
                time::local(leaves)
            )?;
        }
    }
    for waiting in &body.waiting {
        output::line!(
            "Waiting: {}. Signed by {} of {}: {}.",
            organises(&waiting.player, waiting.added),
            waiting.signers.len(),
            body.signatures_needed,
            names(&waiting.signers)
        )?;
    }
    if body.organisers.len() == 1 && body.signatures_needed > 0 {
        output::hint!(
            "If {} loses the words, nobody can enter results any more: add a second organiser with `bolao organisers \
            add NAME`.",
            names(&body.organisers)
        );
    }
    Ok(())
}

async fn change(name: String, added: bool, sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let wish = Intent::Organise { who: name, added };
    sign.fulfil(home, &wish, "The signature").await
}
