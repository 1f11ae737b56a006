//! Whether bets can be placed, which is known before anything is sent.

use std::collections::BTreeMap;

use anyhow::Context as _;
use bolao_api::body::VerdictBody;
use bolao_ledger::{Action, Chips, MatchNo, Nonce, OpenBet, Reason, Score};
use bolao_wallet::Draft;

use super::{
    bettor::Bettor,
    player_bets::{CurrentBet, PlayerBets},
    send::bets_at_once,
    show::ended,
};
use crate::{
    command::submit::rehearse,
    exit::{refused, usage},
    games,
    source::ApiError,
    view::Match,
};

/// Bets that are judged with one request, which has a largest size; each stands for itself, so that the cut changes nothing.
const JUDGED_AT_ONCE: usize = 64;

/// A bet as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) code: String,
    pub(crate) score: Score,
    /// None: the stake that the bet has, else the least that the rules take.
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
        let score = score.parse();
        let given = chips.map(|chips| {
            chips.parse().ok().with_context(|| {
                format!("got the stake `{chips}` on {code}, wanted a number of chips such as 50")
            })
        });
        Ok(Self {
            code: code.to_owned(),
            score: score.with_context(|| format!("the score of {code} cannot be used"))?,
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

/// What becomes of a bet on a match that takes none any more.
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
    pub(crate) bets: Vec<Planned<'a>>,
    /// The matches that are left out because they take no bets any more.
    pub(crate) late: Vec<&'a Match>,
    /// Chips that are left at hand then.
    pub(crate) left: u64,
}

impl Plan<'_> {
    /// The bets behind the first so many, as they are wanted again.
    pub(super) fn rest(&self, arrived: usize) -> Vec<Wanted> {
        let rest = self.bets.iter().skip(arrived);
        rest.map(|planned| Wanted {
            code: planned.game.fixture.code.clone(),
            score: planned.bet.score,
            stake: Some(planned.bet.stake.0),
            line: planned.line,
        })
        .collect()
    }
}

impl Bettor<'_> {
    /// Whether the node would take these bets, but for those that are too late.
    pub(crate) async fn judge(&self, wanted: &[Wanted]) -> anyhow::Result<()> {
        self.plan(&self.bets, wanted, Late::LeaveOut).await?;
        Ok(())
    }

    /// The bets, if the node would take all of them, or all but those on matches that take none any more.
    pub(super) async fn plan<'b>(
        &self,
        bets: &'b PlayerBets,
        wanted: &[Wanted],
        late: Late,
    ) -> anyhow::Result<Plan<'b>> {
        let mut planned = chosen(bets, wanted)?;
        let mut left_out = Vec::new();
        let mut verdicts = self.rehearse(&planned, false).await?;
        if !verdicts.iter().all(|verdict| verdict.accepted) {
            let alone = self.rehearse(&planned, true).await?;
            for (bet, verdict) in std::mem::take(&mut planned).into_iter().zip(alone) {
                let refusal = ApiError::refusal(&verdict);
                let is = |reason| refusal.as_ref().is_some_and(|it| it.is(reason));
                if is(Reason::BetAfterKickoff) {
                    if late == Late::Refuse {
                        return Err(bet.in_line(too_late(bet.game, wanted.len() > 1)));
                    }
                    left_out.push(bet.game);
                } else if is(Reason::NotEnoughChips) {
                    // Others may free some.
                    planned.push(bet);
                } else if let Some(refusal) = refusal {
                    return Err(bet.in_line(bet.refused(refusal)));
                } else {
                    planned.push(bet);
                }
            }
            verdicts = self.rehearse(&planned, false).await?;
        }
        if let Some(mut refusal) = verdicts.iter().find_map(ApiError::refusal) {
            if refusal.is(Reason::NotEnoughChips) {
                refusal.detail += ", including those of replaced bets: stake less";
                if let Some(bet) = first_too_much(&planned, bets.chips) {
                    return Err(bet.in_line(bet.refused(refusal)));
                }
            }
            return Err(refusal.into());
        }
        let chips = verdicts.last().and_then(|verdict| verdict.chips);
        Ok(Plan {
            bets: planned,
            late: left_out,
            left: chips.map_or(bets.chips, |chips| chips.after),
        })
    }

    /// What the node says of the transactions that are to be sent, one after the other, or of each bet `alone`, as if it
    /// were the only one.
    async fn rehearse(
        &self,
        planned: &[Planned<'_>],
        alone: bool,
    ) -> anyhow::Result<Vec<VerdictBody>> {
        let bets: Vec<OpenBet> = planned.iter().map(|planned| planned.bet).collect();
        let (most, at_once) = if alone {
            (1, JUDGED_AT_ONCE)
        } else {
            (bets_at_once(&self.genesis, planned), usize::MAX)
        };
        let (account, pool) = (self.key.account(), self.genesis.pool_id());
        // The dry run gives them their nonces.
        let mut draft = Draft::new(account, Nonce::ZERO);
        let drafts = bets.chunks(most).map(|bets| {
            let body = draft.place(&self.key, pool, self.genesis.rules.bets, bets);
            body.action
        });
        let actions: Vec<Action> = drafts.collect();
        let mut verdicts = Vec::new();
        for actions in actions.chunks(at_once) {
            let actions = actions.to_vec();
            verdicts.extend(rehearse(self.home, &self.source, account, actions, alone).await?);
        }
        Ok(verdicts)
    }
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
        if let Some(first) = seen.insert(game.fixture.no, bet) {
            return Err(twice(first, bet));
        }
        let before = bets.current.get(&game.fixture.no);
        let least = bets.rules.stake_min.0;
        let stake = bet
            .stake
            .unwrap_or_else(|| before.map_or(least, |before| before.stake));
        chosen.push(Planned {
            game,
            bet: OpenBet {
                match_no: MatchNo(game.fixture.no),
                score: bet.score,
                stake: Chips(stake),
            },
            before,
            line: bet.line,
        });
    }
    Ok(chosen)
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
        refusal.detail = format!("{}: {}", self.game.fixture.code, refusal.detail);
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
