//! Queries to the chain, and their answers, byte for byte the same wherever the chain is held.

mod acts;
mod bets;
mod blocks;
mod found;
mod players;
mod query;
mod questions;
mod tables;
mod validators;

use std::sync::Arc;

use bolao_ledger::{
    AccountId, Genesis, MatchNo, Outcome, PoolId, Score, StateView, Text, UnixSeconds,
    table::{Objections, ResultVersions, Tickets},
};
use serde::Serialize;
use thiserror::Error;

pub use found::{game_of_code, match_of_code, no_match, player};
pub use query::Query;
pub use validators::MOST_GUILTY;

use crate::{
    Chain, Game, Lookup, Scope, Table,
    body::{
        HistoryBody, MatchBody, ObjectionBody, OrganisersBody, Page, RoundBody, TicketBody,
        VersionBody,
    },
    page::{Paging, all},
    rounds,
};

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Answers,
    Bets,
    BlockTransactions,
    History,
    Invitations,
    Keepers,
    LiveStandings,
    Log,
    Match,
    MatchBets,
    Matches,
    Matrix,
    Objections,
    Organisers,
    PlayerFeatures,
    Player,
    PlayerAnswers,
    PlayerBets,
    Players,
    Pool,
    Question,
    QuestionObjections,
    QuestionResults,
    Questions,
    Results,
    Rounds,
    Standings,
    StandingsFile,
    Transaction,
    Transactions,
    Validators,
    Votes,
}

/// A path that asks the chain something.
#[derive(Debug)]
pub struct Route {
    /// The path, with at most one `{parameter}`.
    pub path: &'static str,
    kind: Kind,
    /// The parameters of its query; with none, a query is not looked at.
    pub query: &'static [&'static str],
    /// Whether the answer depends on the time.
    pub is_timed: bool,
}

const PAGE: &[&str] = &["cursor", "limit"];

const fn route(path: &'static str, kind: Kind, query: &'static [&'static str]) -> Route {
    Route {
        path,
        kind,
        query,
        is_timed: matches!(
            kind,
            Kind::Match
                | Kind::Matches
                | Kind::Matrix
                | Kind::Question
                | Kind::Questions
                | Kind::Votes
        ),
    }
}

/// Every path that asks the chain something.
pub const ROUTES: &[Route] = &[
    route("/api/v1/pool", Kind::Pool, &[]),
    route("/api/v1/matches", Kind::Matches, PAGE),
    route("/api/v1/matches/{code}", Kind::Match, &[]),
    route("/api/v1/matches/{code}/tips", Kind::MatchBets, PAGE),
    route("/api/v1/matches/{code}/results", Kind::Results, PAGE),
    route("/api/v1/matches/{code}/objections", Kind::Objections, PAGE),
    route(
        "/api/v1/bets",
        Kind::Bets,
        &["match", "player", "cursor", "limit"],
    ),
    route("/api/v1/players", Kind::Players, PAGE),
    route("/api/v1/players/{player}", Kind::Player, &[]),
    route("/api/v1/players/{player}/bets", Kind::PlayerBets, PAGE),
    route(
        "/api/v1/players/{player}/features",
        Kind::PlayerFeatures,
        &[],
    ),
    route("/api/v1/players/{player}/history", Kind::History, PAGE),
    route(
        "/api/v1/players/{player}/answers",
        Kind::PlayerAnswers,
        PAGE,
    ),
    route("/api/v1/questions", Kind::Questions, PAGE),
    route("/api/v1/questions/{code}", Kind::Question, &[]),
    route("/api/v1/questions/{code}/answers", Kind::Answers, PAGE),
    route(
        "/api/v1/questions/{code}/results",
        Kind::QuestionResults,
        PAGE,
    ),
    route(
        "/api/v1/questions/{code}/objections",
        Kind::QuestionObjections,
        PAGE,
    ),
    route("/api/v1/rounds", Kind::Rounds, PAGE),
    route("/api/v1/rounds/{stage}/matrix", Kind::Matrix, PAGE),
    route(
        "/api/v1/standings",
        Kind::Standings,
        &["stage", "from", "cursor", "limit"],
    ),
    route(
        "/api/v1/standings.json",
        Kind::StandingsFile,
        &["stage", "from"],
    ),
    route("/api/v1/live/standings", Kind::LiveStandings, &[]),
    route("/api/v1/log", Kind::Log, &["told_above", "cursor", "limit"]),
    route("/api/v1/votes", Kind::Votes, &["match", "cursor", "limit"]),
    route("/api/v1/organisers", Kind::Organisers, &[]),
    route("/api/v1/validators", Kind::Validators, &[]),
    route("/api/v1/keepers", Kind::Keepers, &[]),
    route("/api/v1/invitations", Kind::Invitations, PAGE),
    route(
        "/api/v1/transactions",
        Kind::Transactions,
        &["state", "account", "cursor", "limit"],
    ),
    route("/api/v1/transactions/{id}", Kind::Transaction, &[]),
    route(
        "/api/v1/blocks/{block}/transactions",
        Kind::BlockTransactions,
        PAGE,
    ),
];

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Refused<E> {
    /// The query cannot be read: what is wanted.
    #[error("{0}")]
    BadRequest(String),
    /// The chain has no such thing.
    #[error("{0}")]
    NotFound(String),
    /// The chain cannot be read.
    #[error(transparent)]
    Chain(#[from] E),
}

/// The table of a scope, made or kept ready.
type TableOf<'a, E> = dyn Fn(Scope) -> Result<Arc<Table>, E> + 'a;

/// A chain that is asked.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Asked<'a, C: Chain> {
    /// The chain.
    pub chain: &'a C,
    /// The rules that give it a meaning.
    pub genesis: &'a Genesis,
    /// Their hash.
    pub pool: PoolId,
    /// A clock's time; the pool's own counts where it is later: what people see as over is over.
    pub clock: UnixSeconds,
    /// The scores of matches that are played, for the table as it stands.
    pub live: &'a [(MatchNo, Score)],
    /// The tables.
    pub table: &'a TableOf<'a, C::Error>,
}

type Answer<T, C> = Result<T, Refused<<C as StateView>::Error>>;

impl<C: Chain> Asked<'_, C> {
    /// Answers in JSON.
    ///
    /// # Errors
    /// As [`Refused`] says.
    pub fn answer(&self, query: &Query) -> Answer<Vec<u8>, C> {
        match query.route.kind {
            Kind::Answers => self.json(&self.answers(query)?),
            Kind::Bets => {
                self.json(&self.bets(query, query.value("match"), query.value("player"))?)
            }
            Kind::BlockTransactions => self.json(&self.block_transactions(query)?),
            Kind::History => self.json(&self.history(query)?),
            Kind::Invitations => self.json(&self.invitations(query)?),
            Kind::Keepers => self.json(&self.keepers()?),
            Kind::LiveStandings => self.json(&self.live_standings()?),
            Kind::Log => self.json(&self.log(query)?),
            Kind::Match => self.json(&self.one_match(&query.about)?),
            Kind::MatchBets => self.json(&self.bets(query, Some(&query.about), None)?),
            Kind::Matches => self.json(&self.matches(query)?),
            Kind::Matrix => self.json(&self.matrix(query)?),
            Kind::Objections => {
                self.json(&self.objections(query, match_of_code(self.chain, &query.about)?)?)
            }
            Kind::Organisers => self.json(&OrganisersBody::new(&mut self.names(), self.genesis)?),
            Kind::PlayerFeatures => self.json(&self.own_features(&query.about)?),
            Kind::Player => self.json(&self.player(&query.about)?),
            Kind::PlayerAnswers => self.json(&self.player_answers(query)?),
            Kind::PlayerBets => self.json(&self.bets(query, None, Some(&query.about))?),
            Kind::Players => self.json(&self.players(query)?),
            Kind::Pool => self.json(&self.pool()?),
            Kind::Question => self.json(&self.question(&query.about)?),
            Kind::QuestionObjections => {
                self.json(&self.objections(query, self.asked(&query.about)?.no)?)
            }
            Kind::QuestionResults => {
                let question = self.asked(&query.about)?;
                self.json(&self.versions(query, question.no, &|_| None)?)
            }
            Kind::Questions => self.json(&self.questions(query)?),
            Kind::Results => self.json(&self.results(query)?),
            Kind::Rounds => self.json(&self.rounds(query)?),
            Kind::Standings => self.json(&self.standings(query)?),
            Kind::StandingsFile => self.json(&self.standings_file(query)?),
            Kind::Transaction => self.json(&self.one_transaction(&query.about)?),
            Kind::Transactions => self.json(&self.transactions(query)?),
            Kind::Validators => self.json(&self.validators()?),
            Kind::Votes => self.json(&self.votes(query)?),
        }
    }

    fn json<T: Serialize>(&self, answer: &T) -> Answer<Vec<u8>, C> {
        Ok(self.names().write(answer)?)
    }

    /// The later of the pool's time and the clock's.
    ///
    /// # Errors
    /// The chain cannot be read.
    pub fn now(&self) -> Result<UnixSeconds, C::Error> {
        Ok(self.chain.totals()?.clock.max(self.clock))
    }

    fn names(&self) -> Lookup<'_, C> {
        Lookup::new(self.chain)
    }

    fn matches(&self, query: &Query) -> Answer<Page<MatchBody>, C> {
        let page: Paging<MatchNo> = query.page()?;
        let mut games = Game::all(self.chain, &self.genesis.rules)?;
        games.retain(|game| page.after.is_none_or(|after| game.no() > after));
        let now = self.now()?;
        page.page(games, Game::no)
            .map(|game| Ok(MatchBody::new(&game, now)))
    }

    fn one_match(&self, code: &str) -> Answer<MatchBody, C> {
        let game = game_of_code(self.chain, &self.genesis.rules, code)?;
        Ok(MatchBody::new(&game, self.now()?))
    }

    fn results(&self, query: &Query) -> Answer<Page<VersionBody>, C> {
        let rules = &self.genesis.rules;
        let game = game_of_code(self.chain, rules, &query.about)?;
        self.versions(query, game.no(), &|outcome| {
            game.entry.counting_score(rules, outcome)
        })
    }

    /// Every record under a number; `score`: the one that counts.
    fn versions(
        &self,
        query: &Query,
        no: MatchNo,
        score: &dyn Fn(&Outcome) -> Option<Score>,
    ) -> Answer<Page<VersionBody>, C> {
        let page: Paging<u32> = query.page()?;
        let after = page.after.map(|version| (no, version));
        let versions = self
            .chain
            .scan::<ResultVersions>(&no, after.as_ref(), page.wanted())?;
        let current = self.chain.result(no)?.map(|record| record.version);
        page.page(versions, |((_, version), _)| *version)
            .map(|((_, version), record)| {
                Ok(VersionBody {
                    version,
                    current: current == Some(version),
                    score: score(&record.outcome),
                    signed: record.into(),
                })
            })
    }

    /// Every objection to a record under a number.
    fn objections(&self, query: &Query, no: MatchNo) -> Answer<Page<ObjectionBody>, C> {
        let page: Paging<(u32, AccountId)> = query.page()?;
        let after = page.after.map(|(version, id)| (no, version, id));
        let found = self
            .chain
            .scan::<Objections>(&no, after.as_ref(), page.wanted())?;
        let names = &mut self.names();
        page.page(found, |((_, version, id), _)| (*version, *id))
            .map(|((_, version, id), objection)| {
                Ok(ObjectionBody {
                    player: names.player(&id)?,
                    version,
                    objection,
                })
            })
    }

    fn rounds(&self, query: &Query) -> Answer<Page<RoundBody>, C> {
        let page: Paging<u64> = query.page()?;
        let rules = &self.genesis.rules;
        let rounds = rounds(self.chain, rules)?;
        let (part, next_cursor) = page.part(&rounds);
        let row = |(stage, games): &(Text<64>, Vec<Game>)| RoundBody::new(rules, stage, games);
        Ok(Page {
            items: part.iter().map(row).collect(),
            next_cursor,
        })
    }

    fn history(&self, query: &Query) -> Answer<Page<HistoryBody>, C> {
        let page: Paging<u64> = query.page()?;
        let (id, account) = player(self.chain, &query.about)?;
        let end = page
            .after
            .map_or(account.history, |before| before.min(account.history));
        let lines = (0..end).rev().take(page.wanted()).filter_map(|seq| {
            let line = self.chain.history_line(&id, seq).transpose()?;
            Some(line.map(|line| (seq, line)))
        });
        let lines = all(lines)?;
        page.page(lines, |(seq, _)| *seq)
            .map(|(seq, line)| Ok(HistoryBody::new(seq, &line)))
    }

    fn invitations(&self, query: &Query) -> Answer<Page<TicketBody>, C> {
        let page: Paging<[u8; 32]> = query.page()?;
        let tickets = self
            .chain
            .scan::<Tickets>(&(), page.after.as_ref(), page.wanted())?;
        page.page(tickets, |(key, _)| *key).map(|(key, used)| {
            let ticket = AccountId(key);
            Ok(TicketBody { ticket, used })
        })
    }
}
