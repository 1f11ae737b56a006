//! Whether tips can be placed, said before anything is sent.

use std::collections::BTreeMap;

use anyhow::bail;
use bolao_ledger::{Chips, MatchNo, Reason, Score, Tip};
use jiff::Timestamp;

use super::{
    board::{Board, Standing, is_open},
    show::ended,
};
use crate::{exit::usage, games, output::count, view::Match};

/// A tip as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) code: String,
    pub(crate) score: Score,
    /// None: the stake that the tip has, else the least that the rules take.
    pub(crate) stake: Option<u64>,
    /// The line of the file, where there is one.
    pub(crate) line: Option<u64>,
}

/// A tip that can be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planned<'a> {
    pub(crate) game: &'a Match,
    pub(crate) tip: Tip,
    /// The tip that it replaces.
    pub(crate) before: Option<&'a Standing>,
}

/// What becomes of a tip on a match that takes none any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Late {
    /// Nothing is sent.
    Refuse,
    /// The others are sent.
    LeaveOut,
}

/// What can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) tips: Vec<Planned<'a>>,
    /// The matches that are left out because they take no tips any more.
    pub(crate) late: Vec<&'a Match>,
    /// Chips that are left at hand then.
    pub(crate) left: u64,
}

/// The tips, if nothing speaks against any of them, or nothing but that its match takes none any more.
pub(crate) fn plan<'a>(
    board: &'a Board,
    wanted: &[Wanted],
    now: Timestamp,
    late: Late,
) -> anyhow::Result<Plan<'a>> {
    let mut seen: BTreeMap<u16, &Wanted> = BTreeMap::new();
    let (mut planned, mut left_out) = (Vec::new(), Vec::new());
    for tip in wanted {
        let in_line = |error: anyhow::Error| match tip.line {
            Some(line) => error.context(format!("line {line}")),
            None => error,
        };
        let game = games::find(&board.matches, &tip.code).map_err(in_line)?;
        if let Some(first) = seen.insert(game.fixture.no, tip) {
            return Err(twice(first, tip));
        }
        if is_open(game, now) {
            planned.push(one(board, game, tip).map_err(in_line)?);
        } else if late == Late::LeaveOut {
            left_out.push(game);
        } else {
            return Err(in_line(refused(game, wanted.len() > 1)));
        }
    }
    let freed: u64 = planned
        .iter()
        .filter_map(|placed| placed.before)
        .fold(0, |sum, before| sum.saturating_add(before.stake));
    let needed = planned
        .iter()
        .fold(0_u64, |sum, placed| sum.saturating_add(placed.tip.stake.0));
    let available = board.chips.saturating_add(freed);
    match available.checked_sub(needed) {
        Some(left) => Ok(Plan {
            tips: planned,
            late: left_out,
            left,
        }),
        None => bail!(
            "{} cost {}, but you have {available} at hand, those of replaced tips included: stake less [{}]",
            count(planned.len(), "tip would", "tips would"),
            count(needed, "chip", "chips"),
            Reason::NotEnoughChips.code()
        ),
    }
}

fn twice(first: &Wanted, second: &Wanted) -> anyhow::Error {
    let code = &second.code;
    usage(match (first.line, second.line) {
        (Some(one), Some(other)) => {
            format!(
                "line {other}: `{code}` stands in line {one} already: a match has one tip, leave one of them out"
            )
        }
        _ => format!("`{code}` is named twice: a match has one tip, leave one of them out"),
    })
}

fn refused(game: &Match, has_others: bool) -> anyhow::Error {
    let next = if has_others {
        "nothing was sent, --skip-closed leaves such matches out and sends the rest"
    } else {
        "`bolao missing` and `bolao matches --open` list what is open"
    };
    let code = Reason::BetAfterKickoff.code();
    anyhow::anyhow!("{}: {next} [{code}]", ended(game))
}

fn one<'a>(board: &'a Board, game: &'a Match, wanted: &Wanted) -> anyhow::Result<Planned<'a>> {
    let before = board.tips.get(&game.fixture.no);
    let (least, most) = (board.rules.stake_min.0, board.rules.stake_max.0);
    let stake = wanted
        .stake
        .unwrap_or_else(|| before.map_or(least, |before| before.stake));
    if !(least..=most).contains(&stake) {
        bail!(
            "got a stake of {stake} on {}, the rules of this pool take {least} to {most} chips: give another with --stake [{}]",
            game.fixture.code,
            Reason::BadStake.code()
        );
    }
    Ok(Planned {
        game,
        tip: Tip {
            match_no: MatchNo(game.fixture.no),
            score: wanted.score,
            stake: Chips(stake),
        },
        before,
    })
}

#[cfg(test)]
pub(super) mod tests;
