//! What the chain alone answers: one handler for all its queries.

use std::sync::Arc;

use bolao_answers::{Asked, Query, Refused};
use bolao_ledger::{MatchNo, PlayerFeatures, Score, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use http::Uri;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    game::clock,
    page::PageQuery,
    read::{self, NOW, Reply},
};
use crate::{
    body::{
        ActBody, AnswersBody, BetBody, HistoryBody, KeepersBody, LiveStandingsBody, MatchBody,
        MatrixBody, ObjectionBody, OrganisersBody, Page, PlayerBody, PlayerPage, PoolAnswer,
        QuestionBody, RoundBody, StandingsBody, TicketBody, TransactionBody, ValidatorsBody,
        VersionBody, WaitingBody,
    },
    problem::Problem,
    state::Api,
};

impl From<Refused<StoreError>> for Problem {
    fn from(refused: Refused<StoreError>) -> Self {
        match refused {
            Refused::BadRequest(why) => Self::bad_request(why),
            Refused::NotFound(why) => Self::not_found(why),
            Refused::Chain(error) => error.into(),
        }
    }
}

/// Has a snapshot of the chain asked.
pub(super) fn ask<T>(
    api: &Api,
    snapshot: &Snapshot,
    clock: UnixSeconds,
    live: &[(MatchNo, Score)],
    query: impl FnOnce(&Asked<'_, Snapshot>) -> Result<T, Refused<StoreError>>,
) -> Result<T, Problem> {
    let reader = api.backend.reader();
    let genesis = reader.genesis();
    let answer = query(&Asked {
        chain: snapshot,
        genesis,
        pool: reader.pool_id(),
        clock,
        live,
        table: &|scope| api.tables.get(snapshot, &genesis.rules, scope),
    });
    Ok(answer?)
}

/// Answers a path with its query.
pub(super) async fn answer(api: Api, uri: Uri) -> Reply {
    let asked = uri.path_and_query().map_or("", |it| it.as_str());
    let query = Query::of(asked).map_err(Problem::bad_request)?;
    let query = query.ok_or_else(Problem::internal)?;
    let adding = if query.adds_up() {
        let adding = Arc::clone(&api.adding).acquire_owned().await;
        Some(adding.map_err(|_| Problem::busy())?)
    } else {
        None
    };
    let (now, is_timed) = (clock(), query.route.is_timed);
    let mut live = Vec::new();
    if query.is_live() {
        let told = api.backend.live().into_iter();
        live.extend(told.map(|it| (it.match_no, it.score)));
    }
    let mut response = read::answer(&api, move |api, snapshot| {
        let body = ask(api, snapshot, now, &live, |asked| asked.answer(&query));
        drop(adding);
        Ok(body?.into())
    })
    .await?;
    if is_timed {
        response.headers_mut().insert(NOW, now.0.into());
    }
    Ok(response)
}

/// Routes of queries, with what the description says of them.
macro_rules! queries {
    ($routes:ident: $($(#[$text:meta])* $name:ident $tag:literal $path:literal ($($params:tt)*) -> $body:ty;)*) => {
        $(
            $(#[$text])*
            #[utoipa::path(get, path = $path, tag = $tag, params($($params)*), responses((status = OK, body = $body)))]
            async fn $name(api: Api, uri: Uri) -> Reply {
                answer(api, uri).await
            }
        )*

        pub(super) fn $routes() -> OpenApiRouter<Api> {
            OpenApiRouter::new()$(.routes(routes!($name)))*
        }
    };
}

queries! { of_tip:
    /// The pool: its rules and how far it has come. Where only players may look, others are told of its rules alone.
    pool "pool" "/api/v1/pool" () -> PoolAnswer;

    /// The uses of tickets, in order of their keys. A ticket that nobody has joined with is not
    /// on the chain.
    invitations "pool" "/api/v1/invitations" (PageQuery) -> Page<TicketBody>;

    /// The standing bets, in order of matches, then of accounts.
    bets "pool" "/api/v1/bets" (
        ("match" = Option<String>, Query, description = "Only those on the match with this code."),
        ("player" = Option<String>, Query, description = "Only those of this player: a name or an account."),
        PageQuery
    ) -> Page<BetBody>;

    /// Every record that a match ever had, the first one first.
    match_results "pool" "/api/v1/matches/{code}/results" (
        ("code" = String, Path, description = "The match's code, in any case"), PageQuery
    ) -> Page<VersionBody>;

    /// The objections to a match's records, in order of the records, then of the accounts.
    match_objections "pool" "/api/v1/matches/{code}/objections" (
        ("code" = String, Path, description = "The match's code, in any case"), PageQuery
    ) -> Page<ObjectionBody>;

    /// Everybody's standing bets on a match with what they earned, in order of the accounts. Sealed
    /// ones are shown as sealed until they are opened.
    match_tips "pool" "/api/v1/matches/{code}/tips" (
        ("code" = String, Path, description = "The match's code, in any case"), PageQuery
    ) -> Page<BetBody>;

    /// The standings: of the whole pool, of a stage, or from a match on.
    standings "pool" "/api/v1/standings" (
        ("stage" = Option<String>, Query, description = "Only the matches of this stage, as its matches write it."),
        ("from" = Option<String>, Query, description = "Only the match with this code and those that do not kick off before it, for players who joined\nlate."),
        PageQuery
    ) -> StandingsBody;

    /// Everybody's standing answers to a question with what they earned, in order of the accounts. Sealed ones are shown as sealed until
    /// they are opened.
    question_answers "pool" "/api/v1/questions/{code}/answers" (
        ("code" = String, Path, description = "The question's code, in any case"), PageQuery
    ) -> Page<AnswersBody>;

    /// Every record that a question ever had, the first one first.
    question_results "pool" "/api/v1/questions/{code}/results" (
        ("code" = String, Path, description = "The question's code, in any case"), PageQuery
    ) -> Page<VersionBody>;

    /// The objections to a question's records, in order of the records, then of the accounts.
    question_objections "pool" "/api/v1/questions/{code}/objections" (
        ("code" = String, Path, description = "The question's code, in any case"), PageQuery
    ) -> Page<ObjectionBody>;

    /// A player's standing answers with what they earned, in order of the questions' numbers.
    player_answers "pool" "/api/v1/players/{player}/answers" (
        ("player" = String, Path, description = "A name, in any case, or an account"), PageQuery
    ) -> Page<AnswersBody>;

    /// The stages with their matches, in the order in which they begin.
    rounds "pool" "/api/v1/rounds" (PageQuery) -> Page<RoundBody>;

    /// Everything that organisers did, the last act first. What every player is told is what changed something, but for a record of a
    /// match that was played: a page of that may be shorter than `limit`, even empty, although more follows.
    log "pool" "/api/v1/log" (
        ("told_above" = Option<u64>, Query, description = "Only what every player is told, of blocks above this height."),
        PageQuery
    ) -> Page<ActBody>;

    /// The transactions of a block of the main chain, in their order.
    block_transactions "chain" "/api/v1/blocks/{block}/transactions" (
        ("block" = String, Path, description = "A hash, or a height, of the main chain"), PageQuery
    ) -> Page<TransactionBody>;

    /// The organisers: who schedules matches and signs results, and who is to by what some of them have signed.
    organisers "pool" "/api/v1/organisers" () -> OrganisersBody;

    /// The validators of the next block, and who is to vote besides.
    validators "pool" "/api/v1/validators" () -> ValidatorsBody;

    /// The keepers, who open sealed bets of players who are away, and how many of them it takes.
    keepers "pool" "/api/v1/keepers" () -> KeepersBody;

    /// The players, in order of their keys.
    players "pool" "/api/v1/players" (PageQuery) -> Page<PlayerBody>;

    /// One player.
    player "pool" "/api/v1/players/{player}" (
        ("player" = String, Path, description = "A name, in any case, or an account")
    ) -> PlayerPage;

    /// A player's part of the optional rules that the pool has chosen, such as jokers.
    player_features "pool" "/api/v1/players/{player}/features" (
        ("player" = String, Path, description = "A name, in any case, or an account")
    ) -> PlayerFeatures;

    /// The changes of a player's chips, the last one first.
    player_history "pool" "/api/v1/players/{player}/history" (
        ("player" = String, Path, description = "A name, in any case, or an account"), PageQuery
    ) -> Page<HistoryBody>;

    /// A player's standing bets with what they earned, in order of matches.
    player_bets "pool" "/api/v1/players/{player}/bets" (
        ("player" = String, Path, description = "A name, in any case, or an account"), PageQuery
    ) -> Page<BetBody>;
}

queries! { of_clock:
    /// The matches, in order of their numbers.
    matches "pool" "/api/v1/matches" (PageQuery) -> Page<MatchBody>;

    /// One match.
    one_match "pool" "/api/v1/matches/{code}" (
        ("code" = String, Path, description = "The match's code, in any case")
    ) -> MatchBody;

    /// The questions that organisers ask, in order of their numbers.
    questions "pool" "/api/v1/questions" (PageQuery) -> Page<QuestionBody>;

    /// One question.
    one_question "pool" "/api/v1/questions/{code}" (
        ("code" = String, Path, description = "The question's code, in any case")
    ) -> QuestionBody;

    /// Everybody's bets on the matches of a stage with what they earned, in order of the stage's
    /// standings. A page may be shorter than `limit` where the stage has many matches.
    matrix "pool" "/api/v1/rounds/{stage}/matrix" (
        ("stage" = String, Path, description = "The stage, in any case"), PageQuery
    ) -> MatrixBody;

    /// The schedules and records that wait for the signatures of more organisers.
    ///
    /// Schedules come before records, both in order of the matches' numbers. Where a result is final no record waits.
    votes "pool" "/api/v1/votes" (
        ("match" = Option<String>, Query, description = "Only what waits on the match or question with this code, else on that with this number: what is only proposed has no\ncode yet."),
        PageQuery
    ) -> Page<WaitingBody>;
}

queries! { of_live:
    /// The table as it would stand if the matches that are played ended now: by the live scores of this node, and the opened tips.
    live_standings "node" "/api/v1/live/standings" () -> LiveStandingsBody;
}
