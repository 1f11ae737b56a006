//! Wishes by names: the actions that fulfil them, and what these would do. Nothing is written, and no key is here.

use std::time::Instant;

use axum::{Json, response::IntoResponse as _};
use bolao_acting::{Foreseen, Unmet, Verdict, Wisher};
use bolao_chain::{Proposal, most_clocks_differ_s, rehearse};
use bolao_ledger::{AccountId, Action, table};
use bolao_store::Snapshot;
use http::{Extensions, HeaderMap, StatusCode};

use super::{asked::ask, game::clock, read::Reply};
use crate::{
    body::WishBody,
    config::QUICK,
    extract::{Body, sent},
    problem::Problem,
    state::Api,
};

/// The actions that fulfil a wish by names, such as 20 chips for Bento, and what they would do, in sentences. Nothing is written: the
/// account signs them, or does not.
///
/// 403, 409 or 422 with the rule's code: a rule refuses it. 409 without one: this pool has no way to do it, or it changes nothing. 404:
/// nobody, or nothing, has such a name. 503: as with dry runs.
#[utoipa::path(post, path = "/api/v1/wishes", tag = "chain", request_body = WishBody,
    responses((status = OK, body = Foreseen)))]
pub(crate) async fn wishes(
    api: Api,
    headers: HeaderMap,
    extensions: Extensions,
    Body(body): Body,
) -> Reply {
    const WANTED: &str =
        r#"{"account": "bolao1…", "wish": {"type": "give", "to": "NAME", "chips": 1}}"#;
    let asked: WishBody = sent(&headers, &body, WANTED)?;
    if !matches!(asked.joining, None | Some(Action::Join(_))) {
        return Err(Problem::bad_request("`joining`: wanted the action `join`"));
    }
    let shared = api.clone();
    let run = move || foreseen(&shared, &asked);
    let foreseen = api.dry_runs.run(&extensions, run).await?;
    Ok(Json(foreseen).into_response())
}

fn foreseen(api: &Api, body: &WishBody) -> Result<Foreseen, Problem> {
    let until = Instant::now() + QUICK;
    let snapshot = &api.backend.reader().snapshot()?;
    let rehearse = |actions: &[Action]| {
        let actions = body.joining.iter().chain(actions);
        tried(api, snapshot, body.account, actions, until)
    };
    let met = ask(api, snapshot, clock(), &[], |asked| {
        let wisher = Wisher {
            asked,
            account: body.account,
            clock_s: most_clocks_differ_s(asked.genesis),
            rehearse: &rehearse,
        };
        Ok(wisher.foresee(&body.wish))
    })?;
    Ok(met?)
}

/// The verdict of the rules on actions of an account, one after the other.
fn tried<'a>(
    api: &Api,
    snapshot: &Snapshot,
    account: AccountId,
    actions: impl Iterator<Item = &'a Action>,
    until: Instant,
) -> Result<Verdict, Problem> {
    let proposals = actions.map(|action| Proposal::Unsigned {
        account,
        nonce: None,
        action: action.clone(),
        alone: false,
    });
    let may_go_on = || {
        if Instant::now() < until {
            Ok(())
        } else {
            Err(Problem::busy())
        }
    };
    let genesis = api.backend.reader().genesis();
    let verdicts = rehearse(
        snapshot,
        genesis,
        clock(),
        proposals.collect(),
        may_go_on,
        |one| {
            Ok::<Verdict, Problem>(match one.verdict {
                Ok(effect) => {
                    let mut accounts = effect.delta.of::<table::Accounts>();
                    let own = accounts.find(|changed| changed.key == account);
                    Ok(own.and_then(|own| own.after).map(|own| own.chips))
                }
                Err(refused) => Err((refused.reason, refused.message)),
            })
        },
    )?;
    Ok(verdicts
        .into_iter()
        .try_fold(None, |before, verdict| Ok(verdict?.or(before))))
}

impl From<Unmet<Self>> for Problem {
    fn from(unmet: Unmet<Self>) -> Self {
        match unmet {
            Unmet::Unclear(why) => Self::bad_request(why),
            Unmet::Unknown(why) => Self::not_found(why),
            Unmet::Rule(reason, why) => Self::rejected(reason, why),
            Unmet::Impossible(why) => Self::new(StatusCode::CONFLICT, why),
            Unmet::Failed(problem) => problem,
        }
    }
}
