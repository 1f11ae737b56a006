//! `bolao organisers`: who schedules matches and signs results, and who is to.

use anyhow::bail;
use bolao_api::body::OrganisersBody;
use bolao_ledger::{AccountId, Action, Genesis, Quorum, actions};
use bolao_node::Home;
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::{
    command::signing::{SignArgs, effect, page, player_ref},
    output,
    session::Session,
    signed::organises,
    source::{self, ApiError, Source},
    time,
    view::PlayerRef,
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
        Some(OrganisersCommand::Add { name, sign }) => change(&name, true, &sign, home).await,
        Some(OrganisersCommand::Remove { name, sign }) => change(&name, false, &sign, home).await,
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

async fn change(name: &str, added: bool, sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &sign.common.passphrase).await?;
    let body = read(&session.source).await?;
    if body.signatures_needed == 0 {
        bail!("the organisers of this pool cannot be changed: its rules have no way to do it");
    }
    session.check_organiser("change who organises")?;
    let player = match body.organisers.iter().find(|it| is_called(it, name)) {
        Some(organiser) => organiser.clone(),
        None => player_ref(page(&session, name).await?.player),
    };
    let account = player.account;
    let action = Action::Organiser(actions::Organiser { account, added });
    if let Some(refusal) = session.refusal(&action).await? {
        return Err(ApiError::into(refusal));
    }
    let others = body.others_for(account, added, session.account());
    let word = if added { "add" } else { "remove" };
    let takes_effect = effect(
        &organises(&player, added),
        &others,
        body.signatures_needed,
        "",
        &format!("bolao organisers {word} {name}"),
    )?;
    match (added, takes_effect) {
        (true, true) => say_added(&session.genesis, &body, &player)?,
        (false, false) => say_leaves(&body, &player)?,
        _ => {}
    }
    sign.send(&session, vec![action], "The signature").await
}

/// Says what changes once there is one organiser more.
fn say_added(genesis: &Genesis, body: &OrganisersBody, player: &PlayerRef) -> anyhow::Result<()> {
    let then = body.organisers.len().saturating_add(1);
    let rules = &genesis.rules;
    let what = [
        ("each result", rules.results_quorum),
        ("each new or changed match", rules.schedule_quorum),
        ("each change of organisers", rules.organisers_quorum),
    ];
    let grows = |quorum: Quorum| quorum.among(then) > quorum.among(then - 1);
    let more = what.into_iter().filter(|(_, quorum)| grows(*quorum));
    let more: Vec<_> = more.map(|(what, _)| what).collect();
    if !more.is_empty() {
        return output::say!(
            "From then on {} needs two signatures, yours and {}'s.",
            more.join(" and "),
            player.shown()
        );
    }
    if rules.organisers_quorum.among(then) == 1 {
        output::say!(
            "From then on {} can add and remove organisers without anyone else, including you.",
            player.shown()
        )?;
    }
    Ok(())
}

/// Says when an organiser leaves by one signature alone, if at all.
fn say_leaves(body: &OrganisersBody, player: &PlayerRef) -> anyhow::Result<()> {
    let own = { body.silent.iter() }.find(|it| it.organiser.account == player.account);
    let (Some(own), who) = (own, player.shown()) else {
        return Ok(());
    };
    let unless = format!("unless there is a signature from {who} before then");
    if let Some(leaves) = own.leaves {
        return output::say!(
            "{who} was asked to leave, and does {} ({}), {unless}.",
            time::relative(leaves),
            time::local(leaves)
        );
    }
    if own.asked_from <= Timestamp::now() {
        return output::say!(
            "{who} has signed nothing for seven days. So your signature is enough to ask {who} to leave: everyone is told at once, and seven \
             days later {who} is no longer an organiser, {unless}."
        );
    }
    output::say!(
        "If {who} has lost the words: where {who} signs nothing until {}, type this again after that; then your signature is enough \
         to ask {who} to leave.",
        time::local(own.asked_from)
    )
}

/// Whether an organiser, who may not have joined, is meant.
fn is_called(organiser: &PlayerRef, name: &str) -> bool {
    organiser.account.to_string() == name || organiser.name.as_deref() == Some(name)
}
