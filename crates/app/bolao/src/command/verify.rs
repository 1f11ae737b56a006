//! `bolao verify`: whether what a slip or a proof shows is in a chain of the pool.

mod as_json;
mod at;
mod deciders;
mod own;
mod page;
mod proof;
mod shown;
mod tips;

use std::{
    borrow::Cow,
    io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use bolao_ledger::{Action, MatchNo, PoolId, Prediction, actions};
use bolao_node::Home;
use bolao_receipts::{Answer, SLIP_BYTES_MAX, Slip, SlipError, SlipReport, verify};
use clap::Args;
use serde_json::json;

pub(super) use self::proof::proven;
use self::{
    at::{At, Place},
    own::Own,
};
use crate::{
    choice,
    exit::{sentence, usage},
    input, output,
    passphrase::{CommonArgs, PassphraseArgs},
    time,
};

/// The status of a file that was not compared with a chain of the pool.
const NOT_COMPARED: u8 = 4;

/// Compares a slip with the chain that your home has read, or with a block that a friend knows; status 0 only if it is in it
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Status: 0 it is in your chain, or below the block of --at; 1 it is not, or the file proves nothing; 4 it was not \
    compared: it says why, and who could have made it up. With --json, `verdict` is in_chain, not_in_chain, not_compared, or bad for a \
    file that proves nothing."
)]
pub(crate) struct VerifyArgs {
    /// The file of a slip, or of a proof that validators cheated; - reads standard input
    #[arg(value_name = "SLIP", required_unless_present = "page")]
    slip: Option<PathBuf>,
    /// Compares a node's page with the one that this program was built with, and the key of its connection with the one
    /// that the node itself has, instead of checking a slip
    #[arg(long, value_name = "URL", conflicts_with_all = ["slip", "pool", "reveal"])]
    page: Option<String>,
    /// The pool's id [default: the home's, if there is one]
    #[arg(long, value_name = "ID")]
    pool: Option<PoolId>,
    /// A block that a friend knows to be final (`bolao chain HEIGHT` there), which the slip must lead to
    #[arg(long, value_name = "HEIGHT:HASH", conflicts_with = "page")]
    at: Option<Place>,
    /// Opens the sealed bets of your own slip with your wallet
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: VerifyArgs, dir: &Path) -> anyhow::Result<ExitCode> {
    let Some(path) = &args.slip else {
        return page::run(
            args.page.as_deref().unwrap_or_default(),
            dir,
            args.common.json,
        )
        .await;
    };
    let text = input::beginning(path, SLIP_BYTES_MAX, "a slip")?;
    // A home is a help and no condition: without --pool it says which pool is meant.
    let home = dir
        .join("genesis.json")
        .is_file()
        .then(|| choice::existing(dir))
        .transpose();
    let (home, why) = match (home, args.pool.is_some() && !args.reveal) {
        (Err(error), true) => (None, sentence(&error)),
        (home, _) => (home?, nowhere(dir)),
    };
    let place = home.as_ref().ok_or(why);
    if let Ok(text) = std::str::from_utf8(&text)
        && proof::is_proof(text)
    {
        if args.at.is_some() {
            return Err(usage(
                "--at is of a slip: a proof has no chain that could lead to a block",
            ));
        }
        return proof::run(text, args.pool, place, args.common.json).await;
    }
    let checked = check(&args, &text, home.as_ref())?;
    let (slip, report) = match checked {
        Ok(checked) => checked,
        Err(error) => return refused(&args, path, home.as_ref(), error),
    };
    let scores = if args.reveal {
        let home = match &home {
            Some(home) => home,
            None => &choice::existing(dir)?,
        };
        reveal(&args.common.passphrase, home, slip.pool, &report)?
    } else {
        Vec::new()
    };
    let own = Own::ask(place, slip.pool, &report).await;
    let at = At::of(args.at, &report);
    let seen = shown::Seen {
        slip: &slip,
        report: &report,
        own: &own,
        at,
    };
    if args.common.json {
        output::json(&as_json::json(&seen, &scores))?;
    } else {
        for line in shown::lines(&seen, &scores) {
            output::line(line)?;
        }
    }
    Ok(ended(seen.answer()))
}

/// The status that says so.
fn ended(answer: Answer) -> ExitCode {
    match answer {
        Answer::InChain => ExitCode::SUCCESS,
        Answer::NotInChain => ExitCode::FAILURE,
        Answer::NotCompared => ExitCode::from(NOT_COMPARED),
    }
}

/// Why nothing is compared where no home is.
fn nowhere(dir: &Path) -> String {
    format!(
        "there is no pool in {}: a home of this pool, which --home names, compares it",
        dir.display()
    )
}

/// Says why a slip proves nothing.
fn refused(
    args: &VerifyArgs,
    path: &Path,
    home: Option<&Home>,
    error: SlipError,
) -> anyhow::Result<ExitCode> {
    if args.common.json {
        output::json(&json!({ "verdict": "bad", "why": error.to_string() }))?;
        return Ok(ExitCode::FAILURE);
    }
    if let SlipError::Json { reason } = error {
        bail!("{} is not a slip, or was cut off: {reason}", path.display());
    }
    let of = match home {
        Some(home) if args.pool.is_none() => format!(
            " to the pool of {} (--pool ID means another)",
            home.dir().display()
        ),
        _ => String::new(),
    };
    Err(anyhow::Error::new(error).context(format!("this slip proves nothing{of}")))
}

/// The slip with what it proves, or why it proves nothing; fails only where the pool is not known.
fn check(
    args: &VerifyArgs,
    text: &[u8],
    home: Option<&Home>,
) -> anyhow::Result<Result<(Slip, SlipReport), SlipError>> {
    let slip = match slip(text) {
        Ok(slip) => slip,
        Err(error) => return Ok(Err(error)),
    };
    let pool = pool(args.pool, home, slip.pool)?;
    let report = verify(&slip, pool);
    Ok(report.and_then(|report| {
        report.check_clock(time::now())?;
        Ok((slip, report))
    }))
}

/// The pool that is meant: as was said, that of the home, or whatever the user says.
fn pool(wanted: Option<PoolId>, home: Option<&Home>, claimed: PoolId) -> anyhow::Result<PoolId> {
    match (wanted, home) {
        (Some(pool), _) => Ok(pool),
        (None, Some(home)) => Ok(home.genesis()?.pool_id()),
        (None, None) => ask(claimed),
    }
}

/// The slip in a file's bytes, of which the end may be cut off where they are too many.
fn slip(bytes: &[u8]) -> Result<Slip, SlipError> {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, Cow::Owned(_)) && bytes.len() <= SLIP_BYTES_MAX {
        let reason = "it is not even text in UTF-8".to_owned();
        return Err(SlipError::Json { reason });
    }
    Slip::from_json(&text)
}

/// Asks which pool is meant: a slip that says so itself could be of any.
fn ask(claimed: PoolId) -> anyhow::Result<PoolId> {
    if !io::stdin().is_terminal() {
        return Err(usage(format!(
            "say which pool the slip must belong to: --pool ID, from someone you trust (the slip itself says \
            {claimed}, which proves nothing)"
        )));
    }
    let mut out = io::stderr().lock();
    writeln!(
        out,
        "The slip says that it belongs to the pool {claimed}, but anyone can write that."
    )?;
    write!(out, "The pool's id, from someone you trust: ")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().take(200).read_line(&mut line)?;
    line.trim()
        .parse()
        .map_err(|error| usage(format!("that is not a pool's id: {error}")))
}

/// The predictions of the slip's sealed bets, which only their owner's wallet can find.
fn reveal(
    passphrase: &PassphraseArgs,
    home: &Home,
    pool: PoolId,
    report: &SlipReport,
) -> anyhow::Result<Vec<(MatchNo, Prediction)>> {
    let body = &report.transaction.body;
    let Action::Seal(actions::Seal { bets: tips }) = &body.action else {
        bail!("this slip has no sealed bets: leave out --reveal to see everything");
    };
    let key = passphrase.open(home)?.player();
    if key.account() != body.account {
        bail!(
            "only the slip's owner can open its bets: it belongs to {}, but the wallet in {} belongs to {}",
            body.account,
            home.dir().display(),
            key.account()
        );
    }
    tips.iter()
        .map(|tip| {
            let prediction = key
                .reopen(pool, tip.match_no, body.nonce, &tip.commitment)
                .with_context(|| {
                    format!(
                        "your wallet does not open the bet on match {}: another program sealed it",
                        tip.match_no
                    )
                })?;
            Ok((tip.match_no, prediction))
        })
        .collect()
}
