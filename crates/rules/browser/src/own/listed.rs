//! What stands in lists beside tables and bets: players, rounds, what organisers and players said.

use bolao_ledger::{
    Account, AccountId, Act, Effect, MatchNo, Objection, PageAddress, StateView as _, Terms, Text,
    Validator, Vote,
    table::{Accounts, Acts, Objections},
};
use bolao_rulebook::told;
use bolao_views::{
    OrganiserVote, Signed, addresses, appointments, offers, organiser_votes, rounds, waiting,
};
use serde_json::{Value, json};

use super::{Game, Own, View, all, fixture_row, whole};
use crate::{
    check::unreadable,
    object::{object, put},
};

/// The most acts that are told of.
const MOST_TOLD: usize = 100;

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
            let Some((kind, field, what)) = of_match(&vote) else {
                continue;
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
        let signed = addresses(self.state).map_err(unreadable)?;
        let address = |signed: Signed<PageAddress>| {
            let signers = signed.signers.iter().map(|signer| self.player(signer));
            Ok(object!({ "address": signed.what, "signers": all(signers)? }))
        };
        let organisers = self.state.organisers(self.genesis).map_err(unreadable)?;
        let organisers = organisers.iter().map(|account| self.player(account));
        Ok(object!({
            "organisers": all(organisers)?,
            "signatures_needed": self.genesis.rules.organisers_quorum,
            "fewest": self.genesis.fewest_organisers(),
            "waiting": all(waiting.into_iter().map(row))?,
            "address": self.state.address().map_err(unreadable)?,
            "addresses": all(signed.into_iter().map(address))?,
            "address_signatures_needed": self.genesis.address_quorum(),
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

    /// The acts of organisers, the last first.
    pub(crate) fn log(&self) -> Own<Vec<Value>> {
        let acts = self.all::<Acts>()?;
        let rows = acts.iter().rev();
        all(rows.map(|(seq, act)| self.act(*seq, act)))
    }

    /// The last of those acts that everybody is told of.
    pub(crate) fn told(&self) -> Own<Vec<Value>> {
        let acts = self.all::<Acts>()?;
        let told = acts.iter().rev().filter(|(_, act)| act.is_told());
        all(told.take(MOST_TOLD).map(|(seq, act)| self.act(*seq, act)))
    }

    fn act(&self, seq: u64, act: &Act) -> Own<Value> {
        let game = match act.about() {
            None => None,
            Some(no) => {
                let game = self.state.match_by_no(no).map_err(unreadable)?;
                let code = game.map_or_else(|| no.to_string(), |it| it.fixture.code.to_string());
                Some(object!({ "no": no, "code": code }))
            }
        };
        let name = |account: &AccountId| match self.state.account(account) {
            Ok(Some(found)) => found.name.as_str().to_owned(),
            _ => account.to_string(),
        };
        let signers = act.signers.iter().map(|signer| self.player(signer));
        let mut row = object!({
            "seq": seq,
            "organiser": self.player(&act.organiser)?,
            "signers": all(signers)?,
            "effect": act.effect.as_ref().map(effect),
            "said": told(&self.genesis.rules, act, &name),
            "short": act.is_short(&self.genesis.rules),
            "transaction": act.tx,
            "height": act.height,
            "time": act.time,
        });
        if let (Value::Object(row), Value::Object(signed)) = (&mut row, self.signed(&act.vote)?) {
            row.extend(signed);
            if let Some(game) = game {
                put(row, "match", &game);
            }
        }
        Ok(row)
    }

    fn signed(&self, vote: &Vote) -> Own<Value> {
        Ok(match vote {
            Vote::Appoint(one) => object!({
                "type": "appoint",
                "validator": self.player(&one.account)?,
                "key": one.key,
                "weight": one.weight,
            }),
            Vote::Organiser { account, added } => object!({
                "type": "organiser",
                "player": self.player(account)?,
                "added": added,
            }),
            Vote::Address(address) => object!({ "type": "address", "address": address }),
            Vote::Schedule(_) | Vote::Result(_) | Vote::Day(_) => match of_match(vote) {
                Some((kind, field, what)) => {
                    let mut row = object!({ "type": kind });
                    if let Value::Object(row) = &mut row {
                        put(row, field, &what);
                    }
                    row
                }
                None => Value::Null,
            },
        })
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

/// The name of a vote on a match, of its field, and what that holds.
fn of_match(vote: &Vote) -> Option<(&'static str, &'static str, Value)> {
    match vote {
        Vote::Schedule(fixture) => Some(("schedule", "fixture", fixture_row(fixture))),
        Vote::Result(outcome) => Some(("result", "outcome", whole(outcome))),
        Vote::Day(day) => Some(("day", "day", json!(day))),
        Vote::Appoint(_) | Vote::Organiser { .. } | Vote::Address(_) => None,
    }
}

fn effect(effect: &Effect) -> Value {
    match effect {
        Effect::Match { before, after } => object!({
            "type": "match",
            "before": before.as_deref().map(terms),
            "after": terms(after),
        }),
        Effect::Weight { before, from } => {
            object!({ "type": "weight", "before": before, "effective": from })
        }
        Effect::Organiser => object!({ "type": "organiser" }),
        Effect::Address { before } => object!({ "type": "address", "before": before }),
    }
}

fn terms(terms: &Terms) -> Value {
    let mut row = fixture_row(&terms.fixture);
    if let Value::Object(row) = &mut row {
        put(row, "day", &terms.day);
        put(row, "deadline", &terms.deadline);
        put(row, "lacks_notice", &terms.lacks_notice);
        put(row, "bets", &terms.bets);
    }
    row
}
