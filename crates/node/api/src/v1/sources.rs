//! Lists from the web that this node reads, live scores, and what organisers tell it.

use axum::Json;
use bolao_answers::game_of_code;
use bolao_feeds::Judged;
use bolao_ledger::{Reason, StateView as _, UnixSeconds};
use bolao_store::StoreError;
use bolao_wallet::{Word, is_word_signed};
use http::{HeaderMap, StatusCode};
use jiff::Zoned;

use super::{
    fixtures::known_matches,
    game::{clock, now},
    views::Lookup,
};
use crate::{
    Code, Live,
    body::{
        CompetitionBody, LiveBody, LivesBody, SourcesBody, WaitingResultBody, WordBody, moment,
    },
    extract::{Body, sent},
    problem::Problem,
    state::Api,
};

/// The age of a word at most, and how far its clock may be ahead, in seconds.
const WORD_S: u64 = 300;
/// Longest text of a word, in bytes.
const MAX_WORD: usize = 200;

/// The lists that this node reads from the web: when each was last heard, how many results can be signed, and which are not proposed,
/// and why. Nothing is signed by this node.
#[utoipa::path(get, path = "/api/v1/sources", tag = "node", responses((status = OK, body = SourcesBody)))]
pub(crate) async fn sources(api: Api) -> Result<Json<SourcesBody>, Problem> {
    let shared = api.clone();
    let body = api.read(move |snapshot| {
        let (on, competition) = shared.backend.sources();
        let told = shared.backend.told();
        let known = known_matches(snapshot, shared.rules())?;
        let judged = told.judged(&known, false, now(snapshot)?);
        let mut lookup = Lookup::new(snapshot);
        let (ready, waiting): (Vec<_>, Vec<_>) = judged.iter().partition(|it| it.why.is_none());
        let waiting = waiting.into_iter().map(|it| waits(&mut lookup, it));
        Ok(SourcesBody {
            on,
            competition,
            sources: told.heard().cloned().collect(),
            ready: ready.len(),
            waiting: waiting.collect::<Result<_, _>>()?,
        })
    });
    Ok(Json(body.await?))
}

/// The competitions whose lists the program knows and that are played now or come next.
#[utoipa::path(get, path = "/api/v1/competitions", tag = "node", responses((status = OK, body = Vec<CompetitionBody>)))]
pub(crate) async fn competitions() -> Json<Vec<CompetitionBody>> {
    let known = bolao_feeds::search("", Zoned::now().date());
    Json(known.iter().map(CompetitionBody::from).collect())
}

fn waits(lookup: &mut Lookup<'_>, judged: &Judged) -> Result<WaitingResultBody, StoreError> {
    let outcome = judged.outcome.as_ref();
    let score = outcome.and_then(|it| it.after_120.or(it.after_90));
    Ok(WaitingResultBody {
        r#match: lookup.code(judged.no)?,
        score: score.map(|score| score.to_string()),
        sources: judged.sources.clone(),
        why: judged
            .why
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
    })
}

/// Tells this node something that no block keeps: a live score, or whether it reads lists from the web. 204: it is kept. An organiser
/// has signed it; 400, 403 or 409 else.
#[utoipa::path(post, path = "/api/v1/words", tag = "node", operation_id = "say",
    request_body = WordBody, responses((status = NO_CONTENT)))]
pub(crate) async fn say(
    api: Api,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    let body: WordBody = sent(
        &headers,
        &body,
        r#"{"account": "…", "at": 1900000000, "text": "live PtCh 1-0 63", "signature": "…"}"#,
    )?;
    let at = UnixSeconds(body.at);
    let pool = api.backend.reader().pool_id();
    if body.text.len() > MAX_WORD
        || !is_word_signed(&body.text, pool, &body.account, at, &body.signature)
    {
        return Err(Problem::rejected(
            Reason::BadSignature,
            format!(
                "the signature is not {}'s over this text, this time and this pool",
                body.account
            ),
        ));
    }
    let word: Word = body
        .text
        .parse()
        .map_err(|wanted| Problem::bad_request(format!("`text`: {wanted}")))?;
    if clock().0.abs_diff(at.0) > WORD_S {
        return Err(Problem::bad_request(
            "`at`: this was signed more than five minutes ago, or by a clock that is ahead",
        ));
    }
    let organises = api.read_few(|snapshot| {
        let genesis = api.backend.reader().genesis();
        if let Word::Live { code, .. } = &word {
            let game = game_of_code(snapshot, &genesis.rules, code)?;
            let kickoff = game.entry.fixture.kickoff;
            if kickoff.is_none_or(|kickoff| kickoff > clock()) || game.result.is_some() {
                return Err(Problem::coded(
                    Code::NotPlayedNow,
                    format!(
                        "match `{code}` is not in play: it has not kicked off, or has a result"
                    ),
                ));
            }
        }
        Ok(snapshot.organisers(genesis)?.contains(&body.account))
    })?;
    if !organises {
        return Err(Problem::rejected(
            Reason::NotAnOrganiser,
            format!("{} is not an organiser of this pool", body.account),
        ));
    }
    api.backend.hear(word, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The live scores, with the codes of their matches.
pub(super) fn lives(lookup: &mut Lookup<'_>, live: &[Live]) -> Result<LivesBody, StoreError> {
    let items = live.iter().map(|live| {
        Ok(LiveBody {
            r#match: lookup.code(live.match_no)?,
            home: live.score.home(),
            away: live.score.away(),
            minute: live.minute,
            at: moment(live.at),
            from: live.from.clone(),
            word: live.word.clone(),
        })
    });
    let items = items.collect::<Result<_, StoreError>>()?;
    Ok(LivesBody { items })
}

/// The scores of matches that are played now, as this node heard them. They are in no block, and count for nothing.
#[utoipa::path(get, path = "/api/v1/live", tag = "node", responses((status = OK, body = LivesBody)))]
pub(crate) async fn live(api: Api) -> Result<Json<LivesBody>, Problem> {
    let live = api.backend.live();
    let body = api.read(move |snapshot| Ok(lives(&mut Lookup::new(snapshot), &live)?));
    Ok(Json(body.await?))
}
