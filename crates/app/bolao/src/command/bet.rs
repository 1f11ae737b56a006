//! `bolao bet`: bets, signed with the home's wallet; sealed where the pool's are.

mod through;

use bolao_acting::Leave;
use bolao_node::Home;
use clap::Args;

use crate::{
    betting::{Bettor, Sending, Wanted, is_open},
    command::{joker, wait::WaitArgs},
    exit::usage,
    games, parse,
    passphrase::CommonArgs,
};

/// Bets on one or more matches; until betting ends, a later bet replaces an earlier one
#[derive(Args, Clone, Debug)]
pub(crate) struct BetArgs {
    #[arg(
        required = true,
        num_args = 1..,
        value_names = ["MATCH", "SCORE"],
        help = "Matches, by code, number or team, and scores, first team first: PtCh 2-1 2 1-1 Brazil 3-0"
    )]
    tips: Vec<String>,
    /// Chips on each bet [default: the bet's current stake, else the rules' minimum]
    #[arg(long, value_name = "CHIPS")]
    stake: Option<u64>,
    /// Names the team that goes through to the next round, where the pool gives points for it; repeat it for other matches
    #[arg(long, value_name = "TEAM")]
    through: Vec<String>,
    /// Puts your joker on these matches too, where the pool has jokers
    #[arg(long, conflicts_with = "json")]
    joker: bool,
    /// Skips matches that no longer take bets, and sends the rest
    #[arg(long)]
    skip_closed: bool,
    #[command(flatten)]
    wait: WaitArgs,
    #[command(flatten)]
    common: CommonArgs,
}

pub(crate) async fn run(args: BetArgs, home: &Home) -> anyhow::Result<()> {
    let mut wanted: Vec<Wanted> = pairs(&args)?
        .into_iter()
        .map(|(code, score)| Wanted {
            code: code.to_owned(),
            prediction: score.into(),
            stake: args.stake,
            line: None,
        })
        .collect();
    let bettor = Bettor::open(home, &args.common.passphrase, false).await?;
    through::name(&mut wanted, &bettor.bets, &args.through)?;
    let how = Sending {
        dry_run: false,
        wait: args.wait,
        json: args.common.json,
        leave: if args.skip_closed {
            Leave::Late
        } else {
            Leave::Nothing
        },
    };
    let jokers = if args.joker {
        let matches = &bettor.bets.matches;
        let stays =
            |it: &&Wanted| !args.skip_closed || games::find(matches, &it.code).is_ok_and(is_open);
        let codes: Vec<&str> = wanted.iter().filter(stays).map(|it| &*it.code).collect();
        Some(joker::foresee(&bettor.actor, matches, &codes, &[""; 0]).await?)
    } else {
        None
    };
    bettor.place(&wanted, how, None).await?;
    match jokers {
        Some(foreseen) => joker::send(&bettor.actor, foreseen, args.wait).await,
        None => Ok(()),
    }
}

/// The pairs on the command line. A number that was meant for `--wait` is no match.
fn pairs(args: &BetArgs) -> anyhow::Result<Vec<(&str, bolao_ledger::Score)>> {
    if args.wait.is_given() && args.tips.len() % 2 == 1 {
        let is_number = |word: &&String| word.chars().all(|c| c.is_ascii_digit());
        let ends = [args.tips.first(), args.tips.last()];
        if let Some(number) = ends.into_iter().flatten().find(is_number) {
            return Err(usage(format!(
                "`{number}` is not a match with a score: to wait at most {number} s, write `--wait={number}`"
            )));
        }
    }
    parse::tips(&args.tips)
}
