//! What the replayed chain says, in the fields that a node's answers have.

mod booked;
mod listed;
mod table;

use bolao_ledger::{
    AccountId, Bet, Chips, Fixture, FoldedCode, Genesis, Height, MatchNo, MemoryState, Outcome,
    Prediction, ResultVersion, StateView, UnixSeconds, paid_out,
    table::{Bets, ResultVersions, Table as StateTable},
};
use bolao_openings::{few, needed};
use bolao_views::Progress;
use serde_json::Value;

use crate::{
    check::unreadable,
    object::{object, put},
    refusal::Refusal,
};

pub(crate) use bolao_views::{Game, Scope, Table};
pub(crate) use booked::Booked;

type Own<T> = Result<T, Refusal>;

/// Every row, if each is there. `collect` has more code for it.
pub(crate) fn all<R>(rows: impl Iterator<Item = Own<R>>) -> Own<Vec<R>> {
    let mut every = Vec::new();
    for row in rows {
        every.push(row?);
    }
    Ok(every)
}

/// The state and the rules that give it a meaning.
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    pub(crate) genesis: &'c Genesis,
    pub(crate) state: &'c MemoryState,
    /// Of the last block.
    pub(crate) height: Height,
    /// Of the last block that is proven to be final.
    pub(crate) decided: Height,
    /// Every transaction, in the order of the chain.
    pub(crate) booked: &'c [Booked],
}

impl View<'_> {
    pub(crate) fn game(&self, no: MatchNo) -> Own<Game> {
        let found = Game::load(self.state, &self.genesis.rules, no).map_err(unreadable)?;
        found.ok_or_else(|| {
            Refusal::new(
                "unknown-match",
                format_args!("the chain has no match of the number {no}"),
            )
        })
    }

    pub(crate) fn game_of(&self, code: &str) -> Own<Game> {
        let found = self.state.match_by_code(&FoldedCode::of(code));
        self.game(found.map_err(unreadable)?.ok_or_else(|| {
            Refusal::new(
                "unknown-match",
                format_args!("the chain has no match `{code}`"),
            )
        })?)
    }

    /// Every match, in the order of their numbers.
    pub(crate) fn games(&self) -> Own<Vec<Game>> {
        Game::all(self.state, &self.genesis.rules).map_err(unreadable)
    }

    /// A whole table, in the order of its keys.
    fn all<T: StateTable>(&self) -> Own<Vec<(T::Key, T::Value)>> {
        let all = self.state.scan::<T>(&(), None, usize::MAX);
        all.map_err(unreadable)
    }

    /// Every record that a match ever had, the first one first.
    pub(crate) fn versions(&self, game: &Game) -> Own<Vec<Value>> {
        let current = game.result.as_ref().map(|result| result.version);
        let versions = self
            .state
            .scan::<ResultVersions>(&game.no(), None, usize::MAX);
        let versions = versions.map_err(unreadable)?.into_iter();
        let row = |((_, version), record): ((MatchNo, u32), ResultVersion)| {
            let rules = &self.genesis.rules;
            let signers = record.signers.iter().map(|signer| self.player(signer));
            Ok(object!({
                "version": version,
                "current": current == Some(version),
                "outcome": whole(&record.outcome),
                "score": rules.counting_score(&game.entry.fixture, &record.outcome),
                "signers": all(signers)?,
                "height": record.height,
                "time": record.time,
            }))
        };
        all(versions.map(row))
    }

    pub(crate) fn name(&self, account: &AccountId) -> Own<Option<String>> {
        let found = self.state.account(account).map_err(unreadable)?;
        Ok(found.map(|found| found.name.as_str().to_owned()))
    }

    pub(crate) fn player(&self, account: &AccountId) -> Own<Value> {
        Ok(object!({ "account": account, "name": self.name(account)? }))
    }

    /// The keepers, who open seals of players who are away.
    pub(crate) fn keepers(&self) -> Own<Value> {
        let keepers = self.state.keepers_after(self.genesis, self.height);
        let keepers = keepers.map_err(unreadable)?;
        let rows = keepers
            .iter()
            .map(|one| Ok(object!({ "keeper": self.player(&one.account)?, "key": one.key })));
        Ok(object!({
            "has_keepers": self.genesis.has_keepers(),
            "needed": needed(keepers.len()),
            "host_could_look": few(keepers.len()),
            "keepers": all(rows)?,
        }))
    }

    pub(crate) fn chips(&self, account: &AccountId) -> Own<Chips> {
        let found = self.state.account(account).map_err(unreadable)?;
        Ok(found.map_or(Chips::ZERO, |found| found.chips))
    }

    /// The standing bets on a match, in the order of the accounts.
    pub(crate) fn bets_of_match(&self, no: MatchNo) -> Own<Vec<(AccountId, Bet)>> {
        let bets = self.state.scan::<Bets>(&no, None, usize::MAX);
        let bets = bets.map_err(unreadable)?.into_iter();
        Ok(bets.map(|((_, account), bet)| (account, bet)).collect())
    }

    /// A player's standing bet on a match.
    pub(crate) fn bet_on(&self, game: &Game, account: &AccountId) -> Own<Option<Bet>> {
        self.state.bet(game.no(), account).map_err(unreadable)
    }

    /// A player's standing bets, in the order of the matches.
    pub(crate) fn bets_of_player(&self, account: &AccountId) -> Own<Vec<(MatchNo, Bet)>> {
        let matches = self.state.matches_of(account, None, usize::MAX);
        let mut found = Vec::new();
        for no in matches.map_err(unreadable)? {
            let bet = self.state.bet(no, account).map_err(unreadable)?;
            found.extend(bet.map(|bet| (no, bet)));
        }
        Ok(found)
    }

    /// A bet's score, what hides it, and what it earned.
    pub(crate) fn cell(&self, game: &Game, bet: &Bet) -> Value {
        let earned = game.points(&self.genesis.rules, bet);
        object!({
            "score": bet.score(),
            "sealed": matches!(bet.prediction, Prediction::Sealed(_)),
            "stake": bet.stake,
            "points": earned.map(|(points, _)| points),
            "tier": earned.map(|(_, tier)| tier),
            "provisional": earned.is_some() && game.is_provisional(),
        })
    }

    pub(crate) fn bet(&self, game: &Game, account: &AccountId, bet: &Bet) -> Own<Value> {
        let commitment = match bet.prediction {
            Prediction::Open(_) => None,
            Prediction::Sealed(commitment) => Some(hex::encode(commitment)),
        };
        let clock = self.state.totals().map_err(unreadable)?.clock;
        let paid = paid_out(self.state, game.no(), game.result.as_ref(), account, bet);
        let mut row = self.cell(game, bet);
        if let Value::Object(row) = &mut row {
            let fixture = &game.entry.fixture;
            put(
                row,
                "match",
                &object!({ "no": fixture.no, "code": fixture.code }),
            );
            put(row, "player", &self.player(account)?);
            let missed = game.is_missed(&self.genesis.rules, bet, clock);
            put(row, "missed", &missed);
            put(row, "commitment", &commitment);
            put(row, "opened", &bet.opened);
            put(row, "height", &bet.height);
            put(row, "time", &bet.time);
            put(row, "after_kickoff", &game.marks(bet));
            put(row, "transaction", &bet.tx);
            put(row, "payout", &paid.map_err(unreadable)?);
        }
        Ok(row)
    }

    pub(crate) fn match_row(&self, game: &Game, now: Option<UnixSeconds>) -> Own<Value> {
        let (entry, fixture) = (&game.entry, &game.entry.fixture);
        let record = match &game.result {
            None => None,
            Some(result) => {
                let signers = result.signers.iter().map(|signer| self.player(signer));
                Some(object!({
                    "version": result.version,
                    "outcome": whole(&result.outcome),
                    "score": game.score,
                    "signers": all(signers)?,
                    "since": result.since,
                    "final_at": result.final_at,
                    "provisional": !result.is_settled(),
                    "objections": result.objections,
                }))
            }
        };
        let mut row = fixture_row(fixture);
        let more = object!({
            "deadline": entry.deadline,
            "day": entry.day,
            "lacks_notice": entry.lacks_notice,
            "postponed": entry.postponed,
            "bets": entry.bets,
            "unopened": entry.unopened,
            "pot": entry.pot,
            "base": game.base,
            "multiplier": game.multiplier,
            "record": record,
            "moved": self.moved(game)?,
        });
        if let (Value::Object(row), Value::Object(more)) = (&mut row, more) {
            row.extend(more);
            let status = self.status(game, now)?;
            row.extend(status.map(|status| ("status".to_owned(), status.into())));
        }
        Ok(row)
    }

    fn moved(&self, game: &Game) -> Own<Option<Value>> {
        let Some(moved) = &game.moved else {
            return Ok(None);
        };
        let signers = moved.signers.iter().map(|signer| self.player(signer));
        Ok(Some(object!({
            "kickoff_before": moved.from,
            "kickoff_after": moved.to,
            "earliest_kickoff": moved.earliest,
            "signers": all(signers)?,
            "height": moved.height,
            "time": moved.time,
        })))
    }

    /// The state of a match, where the book alone says it, or the time that it is `now` at the latest.
    fn status(&self, game: &Game, now: Option<UnixSeconds>) -> Own<Option<&'static str>> {
        let clock = self.state.totals().map_err(unreadable)?.clock;
        let is_scheduled = |at| game.progress(at) == Progress::Scheduled;
        Ok(match game.progress(clock) {
            Progress::Final => Some("final"),
            Progress::Provisional => Some("provisional"),
            Progress::Closed => Some("closed"),
            Progress::Scheduled => now.filter(|now| is_scheduled(*now)).map(|_| "scheduled"),
        })
    }
}

fn fixture_row(fixture: &Fixture) -> Value {
    object!({
        "no": fixture.no,
        "code": fixture.code,
        "home": object!({ "name": fixture.home.name, "code": fixture.home.code }),
        "away": object!({ "name": fixture.away.name, "code": fixture.away.code }),
        "kickoff": fixture.kickoff,
        "stage": fixture.stage,
    })
}

/// A record with all its parts, those that it does not say included.
fn whole(outcome: &Outcome) -> Value {
    object!({
        "status": outcome.status,
        "half_time": outcome.half_time,
        "after_90": outcome.after_90,
        "after_120": outcome.after_120,
        "shootout": outcome.shootout,
        "advances": outcome.advances,
        "reason": outcome.reason,
    })
}
