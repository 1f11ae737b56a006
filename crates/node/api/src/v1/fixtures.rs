//! What a newer file of the pool's matches changes. `bolao_fixtures` compares, and the ledger has the last word.

mod shown;

use std::time::Instant;

use axum::{
    Json,
    extract::{FromRequest as _, Request},
    response::IntoResponse as _,
};
use bolao_answers::{Game, waiting};
use bolao_chain::{MAX_REHEARSED, Proposal, rehearse};
use bolao_feeds::Told;
use bolao_fixtures::{
    Competition, DateOrder, ImportOptions, Patience, decode, import,
    pool::{
        Draft, Known, Plan, Refusal, Refusals, Running, Trial, Waiting, beside, wants_zone,
        zone_name, zone_of_file,
    },
};
use bolao_ledger::{Genesis, Reason, Rules, StateView as _, UnixSeconds};
use bolao_store::{Reader, Snapshot, StoreError};
use http::{Extensions, HeaderMap};
use jiff::tz::TimeZone;

use super::{
    game::{clock, now},
    read::Reply,
};
use crate::{
    body::{Bytes, DateOrderBody, ListTextBody, NewerFileBody, PlanBody},
    config::QUICK,
    extract::{Body, Kind, kind, sent},
    problem::Problem,
    state::Api,
};

/// The changes of a newer file of the pool's matches: new matches, kick-offs, teams, days and results, each as it is to be
/// signed, with what speaks against it. Nothing is written.
///
/// 429: an address may ask six times in a row, then every ten seconds. 422 with the code `zone-needed` or `dates-needed`: the file does not say itself what `zone` or `dates` says, nor do the pool's days;
/// `other-competition`: most of its teams are others than the pool's, and `anyway` takes it; `no-teams`, `bad-line`: its `line` cannot be
/// read; `bad-fixtures`: it cannot be read at all.
#[utoipa::path(post, path = "/api/v1/fixtures/plan", tag = "pool", request_body = NewerFileBody,
    responses((status = OK, body = PlanBody)))]
pub(crate) async fn plan(
    api: Api,
    headers: HeaderMap,
    extensions: Extensions,
    request: Request,
) -> Reply {
    if kind(&headers) != Some(Kind::Json) {
        return Err(Problem::wants_type("application/json"));
    }
    api.plans.take(&extensions)?;
    let until = Until(Instant::now() + QUICK);
    let Body(body) = received(&api, &extensions, request).await?;
    let asked: NewerFileBody = sent(&headers, &body, r#"{"text": "…"}"#)?;
    drop(body);
    let reader = api.backend.reader().clone();
    let told = api.backend.told();
    let run = move || planned(&reader, &asked, &told, until);
    let body = api.plan_runs.run(&extensions, run).await?;
    Ok(Json(body).into_response())
}

/// The text of a file of fixtures in whatever a spreadsheet saved it: of `.xlsx` and `.ods` the sheet that is a table, with tabs; of
/// text in UTF-8, UTF-16 or Windows' western code page the same in UTF-8. Nothing is read of it yet. What nobody sees of a spreadsheet
/// is not in the text: `unseen` says what that is.
///
/// 429: as with a plan, and counted apart. 422 with the code `bad-fixtures`: it is no text and no such spreadsheet.
#[utoipa::path(post, path = "/api/v1/fixtures/text", tag = "pool",
    request_body(content = Bytes, content_type = "application/octet-stream"),
    responses((status = OK, body = ListTextBody)))]
pub(crate) async fn text(
    api: Api,
    headers: HeaderMap,
    extensions: Extensions,
    request: Request,
) -> Reply {
    if kind(&headers) != Some(Kind::Bytes) {
        return Err(Problem::wants_type("application/octet-stream"));
    }
    api.texts.take(&extensions)?;
    let until = Until(Instant::now() + QUICK);
    let Body(file) = received(&api, &extensions, request).await?;
    let run = move || {
        let decoded = decode(&file, &until.patience()).map_err(|error| Problem::unread(&error))?;
        Ok(ListTextBody {
            text: decoded.text.into_owned(),
            unseen: decoded.unseen,
        })
    };
    let body = api.plan_runs.run(&extensions, run).await?;
    Ok(Json(body).into_response())
}

/// The body, which is long: what is received at once is bounded, and who sends slowly makes room for who does not.
async fn received(api: &Api, from: &Extensions, request: Request) -> Result<Body, Problem> {
    let place = api.plan_bodies.take_first(from)?;
    tokio::select! {
        biased;
        body = Body::from_request(request, &()) => body,
        () = place.evicted() => Err(Problem::busy()),
    }
}

/// The time after which the client is not there any more.
#[derive(Clone, Copy)]
struct Until(Instant);

impl Until {
    fn may_go_on(self) -> Result<(), Problem> {
        if Instant::now() < self.0 {
            Ok(())
        } else {
            Err(Problem::busy())
        }
    }

    fn patience(self) -> Patience {
        Patience::while_so(move || self.may_go_on().is_ok())
    }
}

/// The list that is compared: the one that was sent, or the node's own.
fn file_of(
    asked: &NewerFileBody,
    told: &Told,
    known: &[Known],
    zone: Option<TimeZone>,
    now: UnixSeconds,
    until: Until,
) -> Result<Competition, Problem> {
    if asked.sources {
        let list = told.to_sign(known, now);
        return list
            .ok_or_else(|| Problem::not_found("this node has read no list from the web yet"));
    }
    let file = read(asked, zone, now, until)?;
    Ok(if asked.league {
        still_of_use(file, known, now)
    } else {
        file
    })
}

fn planned(
    reader: &Reader,
    asked: &NewerFileBody,
    told: &Told,
    until: Until,
) -> Result<PlanBody, Problem> {
    let (snapshot, genesis) = (&reader.snapshot()?, reader.genesis());
    let organisers = snapshot.organisers(genesis)?;
    if let Some(account) = asked.account
        && !organisers.contains(&account)
    {
        return Err(Problem::rejected(
            Reason::NotAnOrganiser,
            format!(
                "`account`: {account} does not organise this pool, which /api/v1/organisers says who does"
            ),
        ));
    }
    let zone = zone_called("zone", asked.zone.as_deref())?;
    let known = known_matches(snapshot, &genesis.rules)?;
    let file = file_of(asked, told, &known, zone.clone(), now(snapshot)?, until)?;
    until.may_go_on()?;
    let waiting = waiting(snapshot, None, usize::MAX)?.into_iter();
    let waiting = waiting.map(|waiting| Waiting {
        no: waiting.key.1,
        vote: waiting.what,
        signers: waiting.signers,
    });
    let waiting: Vec<_> = waiting.collect();
    let here = zone_called("here", asked.here.as_deref())?;
    let zone = match (&genesis.days, zone) {
        (None, _) => None,
        (Some(_), Some(zone)) => Some(zone),
        (Some(_), None) => {
            let zone = zone_of_file(&file, &known, &waiting, here.as_ref());
            Some(zone.map_err(|error| Problem::unfit(&error))?)
        }
    };
    let told = zone.as_ref().filter(|_| wants_zone(&file)).map(zone_name);
    let running = Running {
        rules: &genesis.rules,
        matches: &known,
        waiting: &waiting,
        zone,
        room: genesis.limits.matches.into(),
        own: asked.account,
        now: now(snapshot)?,
    };
    let draft = Draft::new(file, running, asked.anyway).map_err(|error| Problem::unfit(&error))?;
    until.may_go_on()?;
    let signer = draft.signer(&organisers).ok_or_else(|| {
        Problem::rejected(
            Reason::NotAnOrganiser,
            "this pool has no organisers, so its matches cannot change".to_owned(),
        )
    })?;
    let has_joined = snapshot.account(&signer)?.is_some();
    let mut refusals = Refusals::default();
    for trial in draft.trials(signer, has_joined, MAX_REHEARSED) {
        let refused = refused(reader, snapshot, &trial, until)?;
        refusals.add(trial, refused);
    }
    let plan = with_late(draft.judged(&refusals), snapshot, genesis, &known)?;
    let mut body = PlanBody {
        zone: told,
        ..PlanBody::new(plan, &known)
    };
    if let Some(own) = asked.account {
        body.say_missing(&waiting, own, (genesis, organisers.len()));
    }
    Ok(body)
}

/// Doubts the changes by which bets on a match would not count any more.
fn with_late(
    mut plan: Plan,
    snapshot: &Snapshot,
    genesis: &Genesis,
    known: &[Known],
) -> Result<Plan, StoreError> {
    let now = now(snapshot)?;
    for change in &mut plan.changes {
        let mut matches = known.iter().map(|it| &it.fixture);
        let Some(fixture) = matches.find(|it| it.code.as_str() == change.code) else {
            continue;
        };
        if let Some(game) = snapshot.match_by_no(fixture.no)? {
            change.doubt_late(&game, now, &genesis.rules);
        }
    }
    Ok(plan)
}

fn zone_called(field: &str, name: Option<&str>) -> Result<Option<TimeZone>, Problem> {
    name.map(TimeZone::get).transpose().map_err(|_| {
        Problem::bad_request(format!(
            "`{field}`: wanted a time zone such as Europe/Lisbon or UTC"
        ))
    })
}

fn read(
    asked: &NewerFileBody,
    zone: Option<TimeZone>,
    now: UnixSeconds,
    until: Until,
) -> Result<Competition, Problem> {
    let options = ImportOptions {
        zone,
        dates: asked.dates.map(|order| match order {
            DateOrderBody::DayMonth => DateOrder::DayMonth,
            DateOrderBody::MonthDay => DateOrder::MonthDay,
        }),
        now: i64::try_from(now.0).ok().map(bolao_fixtures::UnixSeconds),
        name: None,
        provisional: asked.league,
        patience: until.patience(),
    };
    import(&asked.text, &options).map_err(|error| Problem::unread(&error))
}

/// A known competition's list without the matches that had begun when the pool was made, in the pool's spelling.
fn still_of_use(file: Competition, known: &[Known], now: UnixSeconds) -> Competition {
    let (mut file, partners) = beside(file, known);
    file.drop_begun(now, |at| partners.get(at).is_some_and(Option::is_some));
    file
}

/// The pool's matches with their records, as lists are compared with them.
///
/// # Errors
/// The store cannot be read.
pub fn known_matches(snapshot: &Snapshot, rules: &Rules) -> Result<Vec<Known>, StoreError> {
    let games = Game::all(snapshot, rules)?.into_iter().map(|game| Known {
        asks_who_goes_on: rules.ask_who_goes_on(&game.entry.fixture),
        fixture: game.entry.fixture,
        day: game.entry.day,
        record: game.result.map(|result| result.outcome),
        postponed: game.entry.postponed,
    });
    Ok(games.collect())
}

/// Why the ledger refuses each of these, if it does.
fn refused(
    reader: &Reader,
    snapshot: &Snapshot,
    trial: &Trial,
    until: Until,
) -> Result<Vec<Option<Refusal>>, Problem> {
    let proposals = trial.all().map(|(action, alone)| Proposal::Unsigned {
        account: trial.signer,
        nonce: None,
        action: action.clone(),
        alone,
    });
    rehearse(
        snapshot,
        reader.genesis(),
        clock(),
        proposals.collect(),
        || until.may_go_on(),
        |one| {
            Ok(one.verdict.err().map(|refused| Refusal {
                code: refused.reason.code().to_owned(),
                detail: refused.message,
            }))
        },
    )
}
