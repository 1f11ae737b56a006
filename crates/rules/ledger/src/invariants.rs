//! What holds after every block, whatever was played.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{
    account::AccountId,
    apply::crowd::counted,
    features::{BetOn, Broken, Compared},
    fixture::MatchNo,
    item::{Slot, given},
    memory::{CorruptEntry, MemoryState},
    rules::Rules,
    state::{
        Account, Accounts, Acts, Bet, Bets, BetsByAccount, Codes, Due, History, HistoryPage, Match,
        MatchResult, Matches, Names, Questions, Readable, Results, RoundScored, RoundStandings,
        Slots, Staked, Stakes, StakesDue, Standing, Standings, StateView,
    },
    text::Text,
    units::{Chips, Height, Points},
};

/// A law of the ledger that a state breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum InvariantError {
    #[error(
        "{held} chips are held in accounts, pots, stakes and the rollover, {issued} were issued"
    )]
    Conservation { held: u128, issued: Chips },
    #[error("the pot of match number {no} is {pot}, its bets' stakes add up to {stakes}")]
    Pot {
        no: MatchNo,
        pot: Chips,
        stakes: u128,
    },
    #[error("{what} are counted as {counted}, there are {there}")]
    Count {
        what: &'static str,
        counted: u64,
        there: usize,
    },
    #[error("the standings are not what the bets and the results give: {account}")]
    Standings { account: AccountId },
    #[error("the history of {account} ends with another balance than the account has")]
    History { account: AccountId },
    #[error("match number {no} becomes final at another time than its record says")]
    Due { no: MatchNo },
    #[error(
        "the question {no} lacks its code, its slots or their times, or something is staked on it"
    )]
    Question { no: MatchNo },
    #[error("the stake of {account} does not weigh, or is free at another time than it says")]
    Stake { account: AccountId },
    #[error("{}: {}", .0.what, .0.account)]
    Feature(Broken),
    #[error(transparent)]
    Corrupt(#[from] CorruptEntry),
}

/// # Rule C3: chips in accounts, pots, validators' stakes and the rollover are the chips issued.
///
/// Also: a pot that is not paid is its bets' stakes; the counts are right; the standings, recomputed from nothing, are
/// those that are kept; every balance is what its history ends with.
pub fn check_invariants(rules: &Rules, state: &MemoryState) -> Result<(), InvariantError> {
    let (accounts, matches) = (state.table::<Accounts>()?, state.table::<Matches>()?);
    let (bets, totals) = (state.table::<Bets>()?, state.totals()?);
    let in_accounts: u128 = accounts.values().map(|a| u128::from(a.chips.0)).sum();
    let in_pots: u128 = matches.values().map(|m| u128::from(m.pot.0)).sum();
    let stakes = state.table::<Stakes>()?;
    let locked = |s: &Staked| u128::from(s.chips.0) + u128::from(s.waiting.0);
    let locked: u128 = stakes.values().map(locked).sum();
    let held = in_accounts + in_pots + locked + u128::from(totals.rollover.0);
    let issued = totals.chips_issued;
    if held != u128::from(issued.0) {
        return Err(InvariantError::Conservation { held, issued });
    }
    check_stakes(state, stakes)?;
    check_pots(state, &bets)?;
    check_history(state, &accounts)?;
    check_results(rules, state, &matches)?;
    check_standings(rules, state, &bets)?;
    check_readable(rules, state, &bets)?;
    count("accounts", totals.accounts, accounts.len())?;
    count("names", totals.accounts, state.table::<Names>()?.len())?;
    count("matches", totals.matches, matches.len())?;
    check_questions(state, &bets)?;
    if let Some(broken) = rules.features.broken(rules, state)? {
        return Err(InvariantError::Feature(broken));
    }
    count("bets", totals.bets, bets.len())?;
    let by_player = state.table::<BetsByAccount>()?.into_values();
    let by_player = by_player.map(|set| u64::from(set.count())).sum();
    count("bets by player", by_player, bets.len())
}

fn check_stakes(
    state: &MemoryState,
    stakes: BTreeMap<AccountId, Staked>,
) -> Result<(), InvariantError> {
    let validators = state.validators_after(Height(u64::MAX))?;
    let mut due = state.table::<StakesDue>()?;
    for (account, staked) in stakes {
        let weight = validators.iter().find(|one| one.account == account);
        let weight = weight.map_or(0, |validator| validator.weight);
        let waits = staked.waiting > Chips::ZERO;
        let is_due = due.remove(&(staked.free_at, account)).is_some();
        if weight < staked.chips.0 || waits != is_due {
            return Err(InvariantError::Stake { account });
        }
    }
    match due.pop_first() {
        Some(((_, account), ())) => Err(InvariantError::Stake { account }),
        None => Ok(()),
    }
}

fn check_pots(
    state: &MemoryState,
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
) -> Result<(), InvariantError> {
    let results = state.table::<Results>()?;
    let of = |no| bets_of(bets, no);
    for (no, game) in state.table::<Matches>()? {
        let stakes: u128 = of(no).map(|(_, bet)| u128::from(bet.stake.0)).sum();
        let paid = results.get(&no).is_some_and(MatchResult::is_settled);
        let wanted = if paid { 0 } else { stakes };
        if wanted != u128::from(game.pot.0) {
            return Err(InvariantError::Pot {
                no,
                pot: game.pot,
                stakes,
            });
        }
    }
    for item in state.items()? {
        let sealed = of(item.no).filter(|(_, bet)| bet.prediction().is_none());
        count("the bets of an item", item.bets.into(), of(item.no).count())?;
        count(
            "the sealed bets of an item",
            item.unopened.into(),
            sealed.count(),
        )?;
    }
    Ok(())
}

/// The bets on what has a number.
fn bets_of(
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
    no: MatchNo,
) -> impl Iterator<Item = (&AccountId, &Bet)> {
    let from = bets.range((no, AccountId([0; 32]))..);
    from.take_while(move |((of, _), _)| *of == no)
        .map(|((_, account), bet)| (account, bet))
}

/// Each question has its code and its slots, and nothing is staked on them.
fn check_questions(
    state: &MemoryState,
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
) -> Result<(), InvariantError> {
    let (mut codes, mut slots) = (state.table::<Codes>()?, state.table::<Slots>()?);
    for (no, question) in state.table::<Questions>()? {
        let mut holds = codes.remove(&question.code.folded()) == Some(no);
        for number in question.numbers() {
            let closes = question.closes;
            let fits = |it: Slot| it.of == no && it.begins == closes && it.deadline <= closes;
            holds &= slots.remove(&number).is_some_and(fits)
                && bets_of(bets, number).all(|(_, bet)| bet.stake == Chips::ZERO);
        }
        if !holds {
            return Err(InvariantError::Question { no });
        }
    }
    count("codes", state.totals()?.matches, codes.len())?;
    match slots.pop_first() {
        Some((no, _)) => Err(InvariantError::Question { no }),
        None => Ok(()),
    }
}

fn check_history(
    state: &MemoryState,
    accounts: &BTreeMap<AccountId, Account>,
) -> Result<(), InvariantError> {
    let history = state.table::<History>()?;
    let mut lines = 0_usize;
    for (id, account) in accounts {
        let wrong = || InvariantError::History { account: *id };
        let last = account.history.checked_sub(1).ok_or_else(wrong)?;
        let (page, place) = HistoryPage::place(last);
        let page = history.get(&(*id, page)).ok_or_else(wrong)?;
        let entry = page.0.get(place).ok_or_else(wrong)?;
        if entry.balance != account.chips {
            return Err(wrong());
        }
        lines = lines.saturating_add(usize::try_from(account.history).unwrap_or(usize::MAX));
    }
    count(
        "lines of history",
        u64::try_from(lines).unwrap_or(u64::MAX),
        history.values().map(|page| page.0.len()).sum(),
    )
}

fn check_results(
    rules: &Rules,
    state: &MemoryState,
    matches: &BTreeMap<MatchNo, Match>,
) -> Result<(), InvariantError> {
    let (totals, mut due) = (state.totals()?, state.table::<Due>()?);
    let mut rounds: BTreeMap<Text<64>, u32> = BTreeMap::new();
    let (mut scored, mut provisional) = (0, 0);
    for (no, result) in state.table::<Results>()? {
        let waits = result.final_at.filter(|_| !result.is_settled());
        let there = waits.is_none_or(|at| due.remove(&(at, no)).is_some());
        if !there {
            return Err(InvariantError::Due { no });
        }
        let Some(game) = matches.get(&no) else {
            continue;
        };
        if game.counting_score(rules, &result.outcome).is_some() {
            scored += 1;
            provisional += usize::from(!result.is_settled());
            let round = rounds.entry(game.fixture.stage.clone()).or_default();
            *round = round.saturating_add(1);
        }
    }
    if let Some(((_, no), ())) = due.pop_first() {
        return Err(InvariantError::Due { no });
    }
    count("scores", totals.scored.into(), scored)?;
    count("provisional scores", totals.provisional.into(), provisional)?;
    let mut there = state.table::<RoundScored>()?;
    there.retain(|_, scored| *scored > 0);
    count("scores of a stage", u64::from(there != rounds), 0)?;
    count(
        "acts of organisers",
        totals.acts,
        state.table::<Acts>()?.len(),
    )
}

fn check_standings(
    rules: &Rules,
    state: &MemoryState,
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
) -> Result<(), InvariantError> {
    let (results, matches) = (state.table::<Results>()?, state.table::<Matches>()?);
    let mut all: BTreeMap<AccountId, Standing> = BTreeMap::new();
    let mut rounds: BTreeMap<(Text<64>, AccountId), Standing> = BTreeMap::new();
    for ((no, account), bet) in bets {
        let (Some(result), Some(game)) = (results.get(no), matches.get(no)) else {
            continue;
        };
        let Some(score) = game.counting_score(rules, &result.outcome) else {
            continue;
        };
        let compared = Compared {
            on: BetOn {
                game,
                player: account,
                bet,
            },
            score,
            outcome: Some(&result.outcome),
        };
        if let Some((points, tier)) = rules.table_points(state, compared)? {
            let wrong = || InvariantError::Standings { account: *account };
            let own = all.entry(*account).or_default();
            *own = own.plus(points, tier).ok_or_else(wrong)?;
            let own = rounds
                .entry((game.fixture.stage.clone(), *account))
                .or_default();
            *own = own.plus(points, tier).ok_or_else(wrong)?;
        }
    }
    for (no, question) in state.table::<Questions>()? {
        let Some(result) = results.get(&no) else {
            continue;
        };
        for (account, row) in question.rows(state, None, usize::MAX)? {
            let worth = question.worth(&result.outcome.right, &given(&row));
            if worth > 0 {
                let own = all.entry(account).or_default();
                own.points = Points(own.points.0.saturating_add(worth));
            }
        }
    }
    // A corrected record may leave an empty standing behind, which is none.
    let kept = |standing: &Standing| *standing != Standing::default();
    let mut there = state.table::<Standings>()?;
    there.retain(|_, standing| kept(standing));
    if let Some(account) = first_difference(&all, &there) {
        return Err(InvariantError::Standings { account });
    }
    let mut there = state.table::<RoundStandings>()?;
    there.retain(|_, standing| kept(standing));
    match first_difference(&rounds, &there) {
        Some((_, account)) => Err(InvariantError::Standings { account }),
        None => Ok(()),
    }
}

fn check_readable(
    rules: &Rules,
    state: &MemoryState,
    bets: &BTreeMap<(MatchNo, AccountId), Bet>,
) -> Result<(), InvariantError> {
    let (counted, there) = (counted(rules, bets), state.table::<Readable>()?);
    let differs = first_difference(&counted, &there).is_some();
    count("bets that can be read", u64::from(differs), 0)
}

fn first_difference<K: Ord + Clone, V: PartialEq>(
    a: &BTreeMap<K, V>,
    b: &BTreeMap<K, V>,
) -> Option<K> {
    a.keys()
        .chain(b.keys())
        .find(|key| a.get(key) != b.get(key))
        .cloned()
}

fn count(what: &'static str, counted: u64, there: usize) -> Result<(), InvariantError> {
    if u64::try_from(there) == Ok(counted) {
        Ok(())
    } else {
        Err(InvariantError::Count {
            what,
            counted,
            there,
        })
    }
}
