//! Bets as they are wanted, each on its match, and why one of them is refused.

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_ledger::{Chips, OpenBet, Prediction, Reason, Score};

use super::{
    closing::ended,
    player_bets::{CurrentBet, PlayerBets},
};
use crate::{
    actor::Stopped,
    exit::{refused, usage},
    games,
    source::ApiError,
    view::Match,
};

/// A bet as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) code: String,
    pub(crate) prediction: Prediction,
    /// None: the usual one by the rules.
    pub(crate) stake: Option<u64>,
    /// The line of the file, where there is one.
    pub(crate) line: Option<u64>,
}

impl Wanted {
    /// What a line of a file or of a pipe says; without chips the bet has the stake of all.
    pub(crate) fn read(
        code: &str,
        score: &str,
        chips: Option<&str>,
        stake: Option<u64>,
        line: u64,
    ) -> anyhow::Result<Self> {
        let score: Result<Score, _> = score.parse();
        let given = chips.map(|chips| {
            chips.parse().ok().with_context(|| {
                format!("got the stake `{chips}` on {code}, wanted a number of chips such as 50")
            })
        });
        Ok(Self {
            code: code.to_owned(),
            prediction: score
                .with_context(|| format!("the score of {code} cannot be used"))?
                .into(),
            stake: given.transpose()?.or(stake),
            line: Some(line),
        })
    }
}

/// A bet that can be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) game: &'a Match,
    pub(crate) bet: OpenBet,
    /// The bet that it replaces.
    pub(crate) before: Option<&'a CurrentBet>,
    /// The line of the file, where there is one.
    line: Option<u64>,
}

/// What can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) bets: Vec<Planned<'a>>,
    /// The matches that are left out because they take no bets any more.
    pub(crate) late: Vec<&'a Match>,
    /// Chips that are left at hand then.
    pub(crate) left: u64,
}

/// What is wanted, each on its match, with the stake that the bet has or gets.
pub(super) fn chosen<'a>(
    bets: &'a PlayerBets,
    wanted: &[Wanted],
) -> anyhow::Result<Vec<Planned<'a>>> {
    let mut seen: BTreeMap<u16, &Wanted> = BTreeMap::new();
    let mut chosen = Vec::new();
    for bet in wanted {
        let game =
            games::find(&bets.matches, &bet.code).map_err(|error| in_line(bet.line, error))?;
        if let Some(first) = seen.insert(game.entry.fixture.no.0, bet) {
            return Err(twice(first, bet));
        }
        let before = bets.current.get(&game.entry.fixture.no.0);
        let usual = || bets.rules.usual_stake(before.map(|it| Chips(it.stake)));
        chosen.push(Planned {
            game,
            bet: OpenBet {
                match_no: game.entry.fixture.no,
                prediction: bet.prediction,
                stake: bet.stake.map_or_else(usual, Chips),
            },
            before,
            line: bet.line,
        });
    }
    Ok(chosen)
}

/// Why the bets were not sent, or only the first so many.
pub(super) fn explained(
    planned: &[Planned<'_>],
    at_hand: u64,
    stopped: Stopped,
    sent: usize,
) -> anyhow::Error {
    let bet = planned
        .iter()
        .find(|bet| Some(bet.bet.match_no) == stopped.on);
    let error = match stopped.error.downcast::<ApiError>() {
        Ok(refusal) => because(planned, at_hand, bet, refusal, sent),
        Err(error) => error,
    };
    match sent {
        0 => error,
        _ => error.context(format!("only the first {sent} bets were sent")),
    }
}

fn because(
    planned: &[Planned<'_>],
    at_hand: u64,
    bet: Option<&Planned<'_>>,
    mut refusal: ApiError,
    sent: usize,
) -> anyhow::Error {
    match (refusal.reason(), bet) {
        (Some(Reason::NotEnoughChips), _) => {
            refusal.detail += ", including those of replaced bets: stake less";
            match first_too_much(planned, at_hand) {
                Some(bet) => bet.in_line(bet.refused(refusal)),
                None => refusal.into(),
            }
        }
        (Some(Reason::BetAfterKickoff), Some(bet)) => {
            let can_skip = planned.len() > 1 && sent == 0;
            bet.in_line(too_late(bet.game, can_skip))
        }
        (_, Some(bet)) => bet.in_line(bet.refused(refusal)),
        (_, None) => refusal.into(),
    }
}

/// The first bet for which the chips at hand do not reach with those before it; none where one bet is all there is.
fn first_too_much<'a, 'b>(planned: &'b [Planned<'a>], at_hand: u64) -> Option<&'b Planned<'a>> {
    let freed = planned.iter().filter_map(|bet| bet.before);
    let mut left = freed.fold(at_hand, |sum, before| sum.saturating_add(before.stake));
    let mut too_much = planned.iter().filter(|_| planned.len() > 1);
    too_much.find(|bet| match left.checked_sub(bet.bet.stake.0) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    })
}

/// An error with the line of the file that it is in.
fn in_line(line: Option<u64>, error: anyhow::Error) -> anyhow::Error {
    match line {
        Some(line) => error.context(format!("line {line}")),
        None => error,
    }
}

impl Planned<'_> {
    fn in_line(&self, error: anyhow::Error) -> anyhow::Error {
        in_line(self.line, error)
    }

    /// Why the node would not take this bet.
    fn refused(&self, mut refusal: ApiError) -> anyhow::Error {
        refusal.detail = format!("{}: {}", self.game.entry.fixture.code, refusal.detail);
        if refusal.is(Reason::BadStake) {
            refusal.detail += ": give another stake";
        }
        refusal.into()
    }
}

fn twice(first: &Wanted, second: &Wanted) -> anyhow::Error {
    let code = &second.code;
    usage(match (first.line, second.line) {
        (Some(one), Some(other)) => {
            format!(
                "line {other}: `{code}` is in line {one} already: a match has one bet, leave one of them out"
            )
        }
        _ => format!("`{code}` is there twice: a match has one bet, leave one of them out"),
    })
}

fn too_late(game: &Match, has_others: bool) -> anyhow::Error {
    let next = if has_others {
        "nothing was sent, --skip-closed leaves such matches out and sends the rest"
    } else {
        "`bolao missing` and `bolao matches --open` list what is open"
    };
    refused(Reason::BetAfterKickoff, format!("{}: {next}", ended(game)))
}

#[cfg(test)]
mod tests;
