//! What organisers have signed and too few others yet, as the ledger keeps it.

use bolao_answers::{Signed, waiting, waiting_of_match};
use bolao_ledger::{
    AccountId, Action, ApplyError, BlockContext, FoldedCode, Ledger, MatchNo, Overlay,
    StateView as _, TxBody, Vote,
};
use bolao_store::{Snapshot, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    game::now,
    matches::no_match,
    page::{Page, Paging},
    read::{Reply, tagged_json},
    views::Lookup,
};
use crate::{body::WaitingBody, extract::InQuery, problem::Problem, state::Api};

/// A query of what waits, and of a page of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct VotesQuery {
    /// Only what waits on the match with this code, else on that with this number: a match that is only proposed has no
    /// code yet.
    r#match: Option<String>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// The schedules and records that wait for the signatures of more organisers.
///
/// Schedules come before records, both in order of the matches' numbers. Where a result is final no record waits.
#[utoipa::path(get, path = "/api/v1/votes", tag = "pool", params(VotesQuery),
    responses((status = OK, body = Page<WaitingBody>)))]
pub(crate) async fn votes(api: Api, InQuery(query): InQuery<VotesQuery>) -> Reply {
    let page = Paging::<Key>::of(query.limit, query.cursor.as_deref())?;
    tagged_json(&api, move |api, snapshot| {
        let wanted = page.wanted();
        let found = match query.r#match.as_deref() {
            Some(which) => waiting_of_match(snapshot, find_number(snapshot, which)?, page.after)?,
            None => waiting(snapshot, page.after, wanted)?,
        };
        let found = found.into_iter().take(wanted).collect();
        let mut lookup = Lookup::new(snapshot);
        let genesis = api.backend.reader().genesis();
        let ledger = Ledger::of_pool(genesis, genesis.pool_id());
        let context = BlockContext {
            height: snapshot.tip()?.height.next(),
            time: now(snapshot)?,
        };
        page.page(found, |waiting| waiting.key).map(|waiting| {
            let signable = is_signable(&waiting, snapshot, ledger, context)?;
            Ok(WaitingBody::new(&mut lookup, genesis, &waiting, signable)?)
        })
    })
    .await
}

/// A vote's place in the ledger's table: kind, match, organiser.
type Key = (u8, MatchNo, AccountId);

/// A statement that organisers have signed alike about a match.
type Waiting = Signed<Vote, Key>;

/// Tells whether one of its signers could sign it again by now, and so whoever else organises can.
fn is_signable(
    waiting: &Waiting,
    snapshot: &Snapshot,
    ledger: Ledger<'_>,
    context: BlockContext,
) -> Result<bool, StoreError> {
    let match_no = waiting.key.1;
    let action = match &waiting.what {
        Vote::Schedule(fixture) => Action::Schedule {
            fixture: fixture.clone(),
        },
        Vote::Result(outcome) => Action::Result {
            match_no,
            outcome: outcome.clone(),
        },
        Vote::Day(day) => Action::Day {
            match_no,
            day: *day,
        },
        Vote::Appoint(_) | Vote::Organiser { .. } | Vote::Address(_) => return Ok(false),
    };
    let (_, _, account) = waiting.key;
    let Some(known) = snapshot.account(&account)? else {
        return Ok(false);
    };
    let body = TxBody {
        account,
        nonce: known.next_nonce,
        action,
    };
    match ledger.rehearse(&Overlay::new(snapshot), context, &body) {
        Ok(_) => Ok(true),
        Err(ApplyError::State(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Everything that waits of matches, as a file of fixtures is compared with it.
pub(super) fn all(snapshot: &Snapshot) -> Result<Vec<bolao_fixtures::pool::Waiting>, StoreError> {
    let found = waiting(snapshot, None, usize::MAX)?.into_iter();
    let waiting = found.map(|waiting| bolao_fixtures::pool::Waiting {
        no: waiting.key.1,
        vote: waiting.what,
        signers: waiting.signers,
    });
    Ok(waiting.collect())
}

fn find_number(snapshot: &Snapshot, which: &str) -> Result<MatchNo, Problem> {
    match snapshot.match_by_code(&FoldedCode::of(which))? {
        Some(no) => Ok(no),
        None => which.parse().map(MatchNo).map_err(|_| no_match(which)),
    }
}
