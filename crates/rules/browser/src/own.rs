//! The answers of the chain that was replayed, as JSON.

use bolao_answers::{
    Chain, Game, Lookup, Scope, Table, appointments,
    body::{
        ActBody, BetBody, BlockRef, CellBody, HistoryBody, MatchBody, MatchStatus, ObjectionBody,
        OrganisersBody, PlayerBody, RoundBody, StandingBody, TransactionBody, VersionBody,
        WaitingBody,
    },
    offers, rounds, waiting,
};
use bolao_ledger::{
    AccountId, Act, Action, Bet, CorruptEntry, FoldedCode, Genesis, Height, MatchNo, MemoryState,
    Place, StateView, Text, Transaction, TxId, UnixSeconds, Validator, Visit,
    table::{Accounts, Acts, Bets, Objections, ResultVersions, Table as StateTable},
};
use bolao_openings::{few, needed};
use serde::Serialize;
use serde_json::Value;

use crate::{
    check::unreadable,
    object::{object, put},
    refusal::Refusal,
};

type Own<T> = Result<T, Refusal>;
type Read<T> = Result<T, CorruptEntry>;
/// Names and codes of the chain that was replayed.
pub(crate) type Names<'n, 'c> = Lookup<'n, View<'c>>;

/// The most acts that are told of.
const MOST_TOLD: usize = 100;

/// A transaction with its place.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    pub(crate) id: TxId,
    pub(crate) transaction: Transaction,
    /// The matches of its void bets.
    pub(crate) void: Vec<MatchNo>,
    pub(crate) block: BlockRef,
}

/// An answer as JSON. What we answer can always be written.
#[inline(never)]
fn json(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}

/// Every row, if each is there. `collect` has more code for it.
pub(crate) fn all<R>(rows: impl Iterator<Item = Own<R>>) -> Own<Vec<R>> {
    let mut every = Vec::new();
    for row in rows {
        every.push(row?);
    }
    Ok(every)
}

/// The rows of a list as JSON. One function for all: each row's type would have its own.
#[inline(never)]
fn list(rows: &mut dyn Iterator<Item = Read<Value>>) -> Own<Vec<Value>> {
    let mut every = Vec::new();
    for row in rows {
        every.push(row.map_err(unreadable)?);
    }
    Ok(every)
}

/// A row as JSON.
fn row<R: Serialize>(row: Read<R>) -> Read<Value> {
    row.map(|row| json(&row))
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

impl StateView for View<'_> {
    type Error = CorruptEntry;

    fn get_bytes(&self, key: &[u8]) -> Read<Option<Vec<u8>>> {
        self.state.get_bytes(key)
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Read<Vec<(Vec<u8>, Vec<u8>)>> {
        self.state.scan_bytes(prefix, after, limit)
    }

    fn walk_bytes(&self, prefix: &[u8], visit: &mut Visit<'_, CorruptEntry>) -> Read<()> {
        self.state.walk_bytes(prefix, visit)
    }

    fn corrupt(table: &'static str, key: &[u8]) -> CorruptEntry {
        MemoryState::corrupt(table, key)
    }
}

impl Chain for View<'_> {
    fn final_height(&self) -> Read<Height> {
        Ok(self.decided)
    }
}

impl<'c> View<'c> {
    pub(crate) fn names(&self) -> Names<'_, 'c> {
        Lookup::new(self)
    }

    pub(crate) fn game(&self, no: MatchNo) -> Own<Game> {
        let found = Game::load(self, &self.genesis.rules, no).map_err(unreadable)?;
        found.ok_or_else(|| {
            Refusal::new(
                "unknown-match",
                format_args!("the chain has no match of the number {no}"),
            )
        })
    }

    pub(crate) fn game_of(&self, code: &str) -> Own<Game> {
        let found = self.match_by_code(&FoldedCode::of(code));
        self.game(found.map_err(unreadable)?.ok_or_else(|| {
            Refusal::new(
                "unknown-match",
                format_args!("the chain has no match `{code}`"),
            )
        })?)
    }

    /// Every match, in the order of their numbers.
    pub(crate) fn games(&self) -> Own<Vec<Game>> {
        Game::all(self, &self.genesis.rules).map_err(unreadable)
    }

    /// A whole table, in the order of its keys.
    fn every<T: StateTable>(&self) -> Own<Vec<(T::Key, T::Value)>> {
        let all = self.scan::<T>(&(), None, usize::MAX);
        all.map_err(unreadable)
    }

    /// Every record that a match ever had, the first one first.
    pub(crate) fn versions(&self, game: &Game) -> Own<Vec<Value>> {
        let versions = self.scan::<ResultVersions>(&game.no(), None, usize::MAX);
        let names = &mut self.names();
        let versions = versions.map_err(unreadable)?.into_iter();
        let rules = &self.genesis.rules;
        list(&mut versions.map(|((_, version), record)| {
            row(VersionBody::new(names, rules, game, version, record))
        }))
    }

    pub(crate) fn name(&self, account: &AccountId) -> Own<Option<String>> {
        Ok(self.names().player(account).map_err(unreadable)?.name)
    }

    /// The keepers, who open seals of players who are away.
    pub(crate) fn keepers(&self) -> Own<Value> {
        let keepers = self.keepers_after(self.genesis, self.height);
        let (keepers, names) = (keepers.map_err(unreadable)?, &mut self.names());
        let rows = keepers.iter().map(|one| {
            let keeper = names.player(&one.account).map_err(unreadable)?;
            // What the chain has no name for has none in an answer either.
            let keeper = object!({ "account": keeper.account, "name": keeper.name });
            Ok(object!({ "keeper": keeper, "key": one.key }))
        });
        let rows = all(rows)?;
        Ok(object!({
            "has_keepers": self.genesis.has_keepers(),
            "needed": needed(keepers.len()),
            "host_could_look": few(keepers.len()),
            "keepers": rows,
        }))
    }

    /// The standing bets on a match, in the order of the accounts.
    pub(crate) fn bets_of_match(&self, no: MatchNo) -> Own<Vec<(AccountId, Bet)>> {
        let bets = self.scan::<Bets>(&no, None, usize::MAX);
        let bets = bets.map_err(unreadable)?.into_iter();
        Ok(bets.map(|((_, account), bet)| (account, bet)).collect())
    }

    /// A player's standing bet on a match.
    pub(crate) fn bet_on(&self, game: &Game, account: &AccountId) -> Own<Option<Bet>> {
        StateView::bet(self, game.no(), account).map_err(unreadable)
    }

    /// A player's standing bets, in the order of the matches.
    pub(crate) fn bets_of_player(&self, account: &AccountId) -> Own<Vec<(MatchNo, Bet)>> {
        let mut found = Vec::new();
        for no in self
            .matches_of(account, None, usize::MAX)
            .map_err(unreadable)?
        {
            let bet = StateView::bet(self, no, account).map_err(unreadable)?;
            found.extend(bet.map(|bet| (no, bet)));
        }
        Ok(found)
    }

    /// A bet's score, what hides it, and what it earned.
    pub(crate) fn cell(&self, game: &Game, bet: &Bet) -> Value {
        json(&CellBody::new(&self.genesis.rules, game, bet))
    }

    /// A bet, but for what only the node knows of its finality.
    pub(crate) fn bet(&self, game: &Game, account: &AccountId, bet: &Bet) -> Own<Value> {
        let rules = &self.genesis.rules;
        let bet = BetBody::new(&mut self.names(), rules, game, account, bet);
        Ok(without(json(&bet.map_err(unreadable)?), "state"))
    }

    /// A match; its status only where the chain alone says it, or the time that it is `now` at the latest.
    pub(crate) fn match_row(&self, game: &Game, now: Option<UnixSeconds>) -> Own<Value> {
        let clock = self.totals().map_err(unreadable)?.clock;
        let is_scheduled = |at| game.status(at) == MatchStatus::Scheduled;
        let row = json(&MatchBody::new(&mut self.names(), game, clock).map_err(unreadable)?);
        let sure = !is_scheduled(clock) || now.is_some_and(is_scheduled);
        Ok(if sure { row } else { without(row, "status") })
    }

    /// Every transaction, the last one first.
    pub(crate) fn transactions(&self) -> Own<Vec<Value>> {
        let names = &mut self.names();
        list(&mut self.booked.iter().rev().map(|it| {
            let (void, block) = (&it.void, it.block.clone());
            row(TransactionBody::new(
                names,
                it.id,
                &it.transaction,
                void,
                Some(block),
            ))
        }))
    }

    /// Everybody who has joined, in the order of the accounts.
    pub(crate) fn players(&self) -> Own<Vec<Value>> {
        let names = &mut self.names();
        list(
            &mut self.every::<Accounts>()?.into_iter().map(|(id, account)| {
                // The chain's transactions are in the order of its blocks.
                let joined = account.joined.0;
                let from = self.booked.partition_point(|it| it.block.height < joined);
                let invitation = self.booked.iter().skip(from).find_map(|it| {
                    let body = &it.transaction.body;
                    match &body.action {
                        Action::Join { invitation, .. } if body.account == id => {
                            Some(invitation.as_deref())
                        }
                        _ => None,
                    }
                });
                row(PlayerBody::new(names, id, &account, invitation.flatten()))
            }),
        )
    }

    /// The chips of a player after each change, the last one first.
    pub(crate) fn history(&self, account: &AccountId) -> Own<Vec<Value>> {
        let found = self.account(account).map_err(unreadable)?;
        let lines = 0..found.map_or(0, |found| found.history);
        let names = &mut self.names();
        list(&mut lines.rev().filter_map(|seq| {
            let line = self.history_line(account, seq).transpose()?;
            Some(line.and_then(|line| row(HistoryBody::new(names, seq, &line))))
        }))
    }

    /// The stages in the order in which they begin, each with its matches.
    pub(crate) fn rounds(&self) -> Own<Vec<Value>> {
        let rules = &self.genesis.rules;
        let rounds = rounds(self, rules).map_err(unreadable)?.into_iter();
        list(&mut rounds.map(|(stage, games)| Ok(json(&RoundBody::new(rules, &stage, &games)))))
    }

    /// The statements on matches that too few organisers have signed yet.
    pub(crate) fn votes(&self) -> Own<Vec<Value>> {
        let (genesis, names) = (self.genesis, &mut self.names());
        let waiting = waiting(self, None, usize::MAX).map_err(unreadable)?;
        list(&mut waiting.iter().map(|waiting| {
            // Whether one can still sign it is a matter of the node's clock.
            let row = row(WaitingBody::new(names, genesis, waiting, false))?;
            Ok(without(row, "signable"))
        }))
    }

    /// The organisers, and those who are to be.
    pub(crate) fn organisers_row(&self) -> Own<Value> {
        let row = OrganisersBody::new(&mut self.names(), self.genesis);
        Ok(json(&row.map_err(unreadable)?))
    }

    /// The validators of the next block, who offers to vote, and who is to by what organisers have signed.
    pub(crate) fn validators_row(&self) -> Own<Value> {
        let set = self.validators_after(self.height).map_err(unreadable)?;
        let names = &mut self.names();
        let mut seat = |one: &Validator| Ok(json(&names.validator(one).map_err(unreadable)?));
        let validators = all(set.iter().map(&mut seat))?;
        let mut waiting = Vec::new();
        for signed in appointments(self).map_err(unreadable)? {
            let mut row = seat(&signed.what)?;
            if let Value::Object(row) = &mut row {
                let signers = self.names().players(&signed.signers).map_err(unreadable)?;
                put(row, "signers", &signers);
            }
            waiting.push(row);
        }
        let offers = offers(self, &set).map_err(unreadable)?.into_iter();
        let offers = offers.map(|(account, key)| {
            let player = self.names().player(&account).map_err(unreadable)?;
            Ok(object!({ "player": player, "key": key }))
        });
        Ok(object!({
            "validators": validators,
            "offers": all(offers)?,
            "waiting": waiting,
        }))
    }

    /// The acts of organisers, the last first.
    pub(crate) fn log(&self) -> Own<Vec<Value>> {
        self.acts(|_| true, usize::MAX)
    }

    /// The last of those acts that everybody is told of.
    pub(crate) fn told(&self) -> Own<Vec<Value>> {
        self.acts(Act::is_told, MOST_TOLD)
    }

    fn acts(&self, which: fn(&Act) -> bool, most: usize) -> Own<Vec<Value>> {
        let (acts, names) = (self.every::<Acts>()?, &mut self.names());
        let chosen = acts.iter().rev().filter(|(_, act)| which(act)).take(most);
        let rules = &self.genesis.rules;
        list(&mut chosen.map(|(seq, act)| row(ActBody::new(names, rules, *seq, act))))
    }

    /// The objections to a match's records, in order of the records, then of the accounts.
    pub(crate) fn objections(&self, no: MatchNo) -> Own<Vec<Value>> {
        let said = self.scan::<Objections>(&no, None, usize::MAX);
        let (said, names) = (said.map_err(unreadable)?.into_iter(), &mut self.names());
        list(&mut said.map(|((_, version, account), objection)| {
            row(ObjectionBody::new(names, version, &account, &objection))
        }))
    }

    /// Everybody who has joined, the best first.
    pub(crate) fn table(&self, scope: &Scope) -> Own<Table> {
        Table::read(self, &self.genesis.rules, scope).map_err(unreadable)
    }

    /// The table as the page shows it.
    pub(crate) fn standings(&self, stage: Option<Text<64>>) -> Own<Vec<Value>> {
        let table = &self.table(&stage.map_or(Scope::Pool, Scope::Stage))?;
        all(table.places.iter().map(|place| self.line(table, place)))
    }

    /// A line of a table.
    pub(crate) fn line(&self, table: &Table, place: &Place) -> Own<Value> {
        Ok(json(
            &StandingBody::new(self, table, place).map_err(unreadable)?,
        ))
    }
}

/// The same without a field.
pub(crate) fn without(mut row: Value, field: &str) -> Value {
    if let Value::Object(row) = &mut row {
        row.remove(field);
    }
    row
}
