//! What stands in lists beside tables and bets: players, rounds, what organisers and players said.

use bolao_ledger::{
    Account, AccountId, MatchNo, Objection, StateView as _, Text, Validator, Vote,
    table::{Accounts, Objections},
};
use bolao_views::{OrganiserVote, appointments, offers, organiser_votes, rounds, waiting};
use serde_json::{Value, json};

use super::{Game, Own, View, all, fixture_row, whole};
use crate::{
    check::unreadable,
    object::{object, put},
};

impl View<'_> {
    /// Everybody who has joined, in the order of the accounts.
    pub(crate) fn players(&self) -> Own<Vec<Value>> {
        let accounts = self.all::<Accounts>()?;
        let row = |(id, account): (AccountId, Account)| {
            object!({
                "account": id,
                "name": account.name,
                "joined": account.joined,
                "chips": account.chips,
                "next_nonce": account.next_nonce,
            })
        };
        Ok(accounts.into_iter().map(row).collect())
    }

    /// The chips of a player after each change, the last one first.
    pub(crate) fn history(&self, account: &AccountId) -> Own<Vec<Value>> {
        let found = self.state.account(account).map_err(unreadable)?;
        let lines = 0..found.map_or(0, |found| found.history);
        let row = |seq| {
            let line = self.state.history_line(account, seq).map_err(unreadable)?;
            Ok(line.map(|line| {
                object!({
                    "seq": seq,
                    "balance": line.balance,
                    "height": line.height,
                    "time": line.time,
                })
            }))
        };
        Ok(all(lines.rev().map(row))?.into_iter().flatten().collect())
    }

    /// The stages in the order in which they begin, each with its matches.
    pub(crate) fn rounds(&self) -> Own<Vec<Value>> {
        let rounds = rounds(self.state, &self.genesis.rules).map_err(unreadable)?;
        let row = |(stage, games): (Text<64>, Vec<Game>)| {
            let kickoffs = || games.iter().filter_map(|game| game.entry.fixture.kickoff);
            let (base, multiplier) = games
                .first()
                .map(|game| (game.base, game.multiplier))
                .unzip();
            let matches = games.iter().map(|game| {
                let fixture = &game.entry.fixture;
                object!({ "no": fixture.no, "code": fixture.code })
            });
            object!({
                "stage": stage,
                "base": base,
                "multiplier": multiplier,
                "matches": matches.collect::<Vec<Value>>(),
                "scored": games.iter().filter(|game| game.score.is_some()).count(),
                "provisional": games.iter().filter(|game| game.is_provisional()).count(),
                "first_kickoff": kickoffs().min(),
                "last_kickoff": kickoffs().max(),
            })
        };
        Ok(rounds.into_iter().map(row).collect())
    }

    /// The statements on matches that too few organisers have signed yet.
    pub(crate) fn votes(&self) -> Own<Vec<Value>> {
        let mut rows = Vec::new();
        for waiting in waiting(self.state, None, usize::MAX).map_err(unreadable)? {
            let (_, no, _) = waiting.key;
            let vote = waiting.what;
            let game = self.state.match_by_no(no).map_err(unreadable)?;
            let code = game.map_or_else(|| no.to_string(), |game| game.fixture.code.to_string());
            let (kind, field, what) = match &vote {
                Vote::Schedule(fixture) => ("schedule", "fixture", fixture_row(fixture)),
                Vote::Result(outcome) => ("result", "outcome", whole(outcome)),
                Vote::Day(day) => ("day", "day", json!(day)),
                Vote::Appoint(_) | Vote::Organiser { .. } => continue,
            };
            let signers = waiting.signers.iter().map(|signer| self.player(signer));
            rows.push(object!({
                "match": object!({ "no": no, "code": code }),
                "type": kind,
                field: what,
                "signers": all(signers)?,
                "signatures_needed": self.genesis.quorum(&vote),
            }));
        }
        Ok(rows)
    }

    /// The organisers, and those who are to be.
    pub(crate) fn organisers(&self) -> Own<Value> {
        let row = |signed: OrganiserVote| {
            let (about, added) = signed.what;
            let signers = signed.signers.iter().map(|signer| self.player(signer));
            Ok(
                object!({ "player": self.player(&about)?, "added": added, "signers": all(signers)? }),
            )
        };
        let waiting = organiser_votes(self.state).map_err(unreadable)?;
        let organisers = self.state.organisers(self.genesis).map_err(unreadable)?;
        let organisers = organisers.iter().map(|account| self.player(account));
        Ok(object!({
            "organisers": all(organisers)?,
            "signatures_needed": self.genesis.rules.organisers_quorum,
            "fewest": self.genesis.fewest_organisers(),
            "waiting": all(waiting.into_iter().map(row))?,
        }))
    }

    /// The validators of the next block, who offers to vote, and who is to by what organisers have signed.
    pub(crate) fn validators(&self) -> Own<Value> {
        let set = self
            .state
            .validators_after(self.height)
            .map_err(unreadable)?;
        let seat = |one: &Validator| {
            Ok(object!({
                "validator": self.player(&one.account)?,
                "key": one.key,
                "weight": one.weight,
            }))
        };
        let offers = offers(self.state, &set).map_err(unreadable)?;
        let offers = offers
            .into_iter()
            .map(|(account, key)| Ok(object!({ "player": self.player(&account)?, "key": key })));
        let waiting = appointments(self.state).map_err(unreadable)?;
        let waiting = waiting.into_iter().map(|signed| {
            let mut row = seat(&signed.what)?;
            let signers = signed.signers.iter().map(|signer| self.player(signer));
            if let Value::Object(row) = &mut row {
                put(row, "signers", &all(signers)?);
            }
            Ok(row)
        });
        Ok(object!({
            "validators": all(set.iter().map(seat))?,
            "offers": all(offers)?,
            "waiting": all(waiting)?,
        }))
    }

    /// The objections to a match's records, in order of the records, then of the accounts.
    pub(crate) fn objections(&self, no: MatchNo) -> Own<Vec<Value>> {
        let said = self.state.scan::<Objections>(&no, None, usize::MAX);
        let said = said.map_err(unreadable)?.into_iter();
        let row = |((_, version, account), objection): ((MatchNo, u32, AccountId), Objection)| {
            Ok(object!({
                "player": self.player(&account)?,
                "version": version,
                "text": objection.text,
                "height": objection.height,
                "time": objection.time,
            }))
        };
        all(said.map(row))
    }
}
