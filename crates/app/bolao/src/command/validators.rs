//! `bolao validators`: who makes the blocks, who of them is there, and who is to.

mod list;
mod offer;
mod proof;
mod resume;

use anyhow::bail;
use bolao_api::body::{ChangeBody, Intent, ValidatorsBody};
use bolao_ledger::{AccountId, BlockProof, ValidatorKey};
use bolao_node::Home;
use bolao_rulebook::{Finding, Level, finding};
use clap::{Args, Subcommand};

pub(super) use super::signing::SignArgs;

use crate::{command::waits::attendance, exit::usage, passphrase::CommonArgs, source::Source};

/// Shows who makes the blocks and who is online; appoints and removes validators
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao validators                          who votes, who is offline, who has offered to\n\
        bolao validators appoint bento clara      gives them votes, once enough organisers have signed it\n\
        bolao validators remove bento             takes a vote away\n\nWhere staked chips are the votes: bolao stake 500"
)]
pub(crate) struct ValidatorsArgs {
    #[command(subcommand)]
    command: Option<ValidatorsCommand>,
    /// Prints JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand, Clone, Debug)]
enum ValidatorsCommand {
    /// Shows who votes, who is online, and who has offered to vote
    List {
        /// Prints JSON
        #[arg(long)]
        json: bool,
    },
    /// Makes players validators, or changes their weights; for organisers
    Appoint {
        /// Who: names or accounts
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
        /// Weight of each vote [default: the weight that all have now]
        #[arg(long, value_name = "N")]
        weight: Option<u64>,
        #[command(flatten)]
        sign: SignArgs,
    },
    /// Takes votes away; for organisers
    Remove {
        /// Who: names or accounts
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
        #[command(flatten)]
        sign: SignArgs,
    },
    /// Writes what proves that validators cheated: files that `bolao verify` checks
    Proof {
        /// Where to [default: here]
        #[arg(long, short, value_name = "DIRECTORY")]
        output: Option<std::path::PathBuf>,
        /// Prints JSON, and writes no file
        #[arg(long)]
        json: bool,
    },
    /// Lets this home vote again after it has lost the record of its votes, as after a restore, where no other node has it
    Resume {
        /// Brings the key back from the wallet's words; confirms that the home which voted with it no longer exists
        #[arg(long)]
        old_home_gone: bool,
        /// For the pool's only validator; confirms that the old home no longer exists, and that no other node has a
        /// newer block
        #[arg(long)]
        nothing_newer: bool,
        /// For one of several validators. Danger: if this home voted differently before, the two votes together prove
        /// to everybody that it cheated
        #[arg(long)]
        risk_voting_twice: bool,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Offers to vote with this home's key; your node does that automatically while it runs
    Offer {
        #[command(flatten)]
        sign: SignArgs,
    },
}

pub(crate) async fn run(args: ValidatorsArgs, home: &Home) -> anyhow::Result<()> {
    use ValidatorsCommand::{Appoint, List, Offer, Proof, Remove, Resume};
    match args.command {
        None => list::run(args.json, home).await,
        Some(List { json }) => list::run(json, home).await,
        Some(Appoint {
            names,
            weight,
            sign,
        }) => {
            if weight == Some(0) {
                return Err(usage(
                    "got the weight 0, wanted 1 or more: `bolao validators remove NAME` takes a vote away",
                ));
            }
            let wish = Intent::Appoint { names, weight };
            sign.fulfil(home, &wish, "The signature").await
        }
        Some(Remove { names, sign }) => {
            let wish = Intent::Dismiss { names };
            sign.fulfil(home, &wish, "The signature").await
        }
        Some(Proof { output, json }) => proof::run(output.as_deref(), json, home).await,
        Some(Resume {
            old_home_gone,
            nothing_newer,
            risk_voting_twice,
            common,
        }) => {
            if old_home_gone {
                resume::key(home, &common)?;
                if !nothing_newer && !risk_voting_twice {
                    return Ok(());
                }
            }
            resume::vote(home, nothing_newer, risk_voting_twice).await
        }
        Some(Offer { sign }) => offer::run(&sign, home).await,
    }
}

/// The validators and how they change; an error in a pool in which nobody votes.
pub(super) async fn read(source: &Source) -> anyhow::Result<(ValidatorsBody, ChangeBody)> {
    let body: ValidatorsBody = source.read("/api/v1/validators").await?;
    let Some(change) = body.change.clone() else {
        bail!(
            "this pool has no validators: miners make the blocks, and `bolao rules` explains how"
        );
    };
    Ok((body, change))
}

/// The problem with the home's key, if its account votes or has offered to, and besides it two histories that validators made final, and
/// the changes of validators that are to come.
pub(super) async fn told(
    home: &Home,
    source: &Source,
) -> anyhow::Result<(Option<String>, Vec<Finding>)> {
    let (body, _) = read(source).await?;
    let problem = match home.profile()?.account {
        Some(account) => problem_of(home, &body, account)?,
        None => None,
    };
    let two = attendance(source)
        .await?
        .two_histories
        .map(|two| two.finding);
    let comes = |it| Finding::told("votes", Level::Bad, list::comes(it));
    let coming = body.coming.iter().map(comes);
    Ok((problem, two.into_iter().chain(coming).collect()))
}

/// The problem with the home's key, by what a node has answered.
fn problem_of(
    home: &Home,
    body: &ValidatorsBody,
    account: AccountId,
) -> anyhow::Result<Option<String>> {
    let own = home.validator_key_there().ok().flatten();
    let votes = body.validators.iter().map(|one| &one.validator);
    let known = votes.map(|one| (one.validator.account, one.key));
    let offers = body.offers.iter().map(|one| (one.player.account, one.key));
    let mut known = known.chain(offers);
    let is_own = |(of, key): &(AccountId, _)| *of == account || Some(*key) == own;
    let key = known.find(is_own).map(|(_, key)| key);
    Ok(home.key_problem(key, others(body, own))?)
}

/// The number of validators with other keys.
fn others(body: &ValidatorsBody, own: Option<ValidatorKey>) -> usize {
    let all = body.validators.iter();
    all.filter(|one| Some(one.validator.key) != own).count()
}

/// The way out where this home alone makes the blocks, and nothing else brings them back.
pub(super) async fn ends_with_disk(
    home: &Home,
    source: &Source,
    peers: usize,
) -> anyhow::Result<Option<Finding>> {
    if home.genesis()?.proof() != BlockProof::Certificate || home.is_backed_up()? {
        return Ok(None);
    }
    let (body, _) = read(source).await?;
    let own = home.validator_key_there().ok().flatten();
    let [only] = &body.validators[..] else {
        return Ok(None);
    };
    Ok((Some(only.validator.key) == own).then(|| match peers {
        0 => finding!("backup-only-disk"),
        _ => finding!("backup-only-words"),
    }))
}
