//! Transactions: lists, one, submitting, and the dry run.

use axum::{Json, response::IntoResponse};
use bolao_chain::Proposal;
use bolao_ledger::{AccountId, Action, Nonce, Transaction, TxId};
use bolao_store::Snapshot;
use http::{Extensions, HeaderMap, StatusCode, Uri, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    asked::{answer, ask},
    game::clock,
    page::{Page, Paging},
    read::{self, Reply, tagged_json},
    rehearsal::{dry_run, encoded, signed},
    views::{Lookup, waits},
};
use crate::{
    body::{Bytes, ProposalBody, RehearsalBody, Submitted, TransactionBody},
    extract::{Body, InPath, InQuery, Kind, kind, sent},
    problem::Problem,
    state::Api,
    viewing::{Outsider, players_only},
};

/// The transactions that are asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Which {
    /// Those in blocks of the main chain, the last first.
    #[default]
    Confirmed,
    /// Those that wait for a block, in the order in which they came.
    Pending,
}

/// A query of transactions, and of a page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransactionsQuery {
    /// `confirmed` if absent.
    #[param(inline)]
    state: Option<Which>,
    /// With `state=pending`, only those of this account, in the order of their nonces.
    #[param(value_type = Option<String>)]
    account: Option<AccountId>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries wanted, 1 to 500; 50 if absent.
    limit: Option<u16>,
}

/// Transactions. A page may be shorter than `limit`, even empty, although more follows.
#[utoipa::path(get, path = "/api/v1/transactions", tag = "chain", params(TransactionsQuery),
    responses((status = OK, body = Page<TransactionBody>)))]
pub(crate) async fn transactions(
    api: Api,
    uri: Uri,
    InQuery(query): InQuery<TransactionsQuery>,
) -> Reply {
    let (limit, cursor) = (query.limit, query.cursor.as_deref());
    match (query.state.unwrap_or_default(), query.account) {
        (Which::Pending, Some(account)) => {
            let page = Paging::of(limit, cursor).map_err(Problem::bad_request)?;
            tagged_json(&api, move |_, snapshot| {
                pending_of(snapshot, &account, &page)
            })
            .await
        }
        (Which::Confirmed, Some(_)) => Err(Problem::bad_request(
            "`account`: wanted with `state=pending`; those in blocks are among `/api/v1/players/{player}/bets`",
        )),
        (Which::Pending, None) => {
            let page = Paging::of(limit, cursor).map_err(Problem::bad_request)?;
            tagged_json(&api, move |_, snapshot| pending(snapshot, &page)).await
        }
        (Which::Confirmed, None) => answer(api, uri).await,
    }
}

fn pending(snapshot: &Snapshot, page: &Paging<u64>) -> Result<Page<TransactionBody>, Problem> {
    let waiting = snapshot.pending_after(page.after, page.wanted())?;
    let mut lookup = Lookup::new(snapshot);
    page.page(waiting, |(arrival, _)| *arrival)
        .map(|(_, transaction)| Ok(waits(&mut lookup, &transaction)?))
}

/// The pool bounds how many of one account wait.
fn pending_of(
    snapshot: &Snapshot,
    account: &AccountId,
    page: &Paging<Nonce>,
) -> Result<Page<TransactionBody>, Problem> {
    let waiting = snapshot.pending_of(account)?.into_iter();
    let waiting = waiting.filter(|it| page.after.is_none_or(|after| it.body.nonce > after));
    let waiting = waiting.take(page.wanted()).collect();
    let mut lookup = Lookup::new(snapshot);
    page.page(waiting, |it: &Transaction| it.body.nonce)
        .map(|it| Ok(waits(&mut lookup, &it)?))
}

/// One transaction, waiting or in the main chain.
#[utoipa::path(get, path = "/api/v1/transactions/{id}", tag = "chain",
    params(("id" = String, Path, description = "The transaction's id, 64 hexadecimal digits")),
    responses((status = OK, body = TransactionBody)))]
pub(crate) async fn transaction(api: Api, InPath(id): InPath<String>) -> Reply {
    let id: TxId = id
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    read::answer(&api, move |api, snapshot| {
        let held = ask(api, snapshot, clock(), &[], |asked| {
            Ok(asked.transaction(&id)?)
        })?;
        let mut lookup = Lookup::new(snapshot);
        let body = if let Some(held) = held {
            held
        } else {
            let waiting = snapshot.pending_transaction(&id)?.ok_or_else(|| {
                Problem::not_found(format!(
                    "transaction {id} is in no block of the main chain, and is not waiting here"
                ))
            })?;
            TransactionBody::new(&mut lookup, id, &waiting, &[], None)?
        };
        // As pages write it, which compare its bytes.
        Ok(lookup.write(&body)?.into())
    })
    .await
}

/// A query that says whether to submit.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitQuery {
    /// `true`: says what would become of the transactions, and writes and sends nothing.
    dry_run: Option<bool>,
}

/// The transactions that are submitted, or only tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submission {
    /// The canonical (borsh) encoding of a signed transaction in hexadecimal.
    #[schema(
        example = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c0100000000000000010100000001000002010a000000000000005927b3c26105228738dce4dc3250264a6c052805a3010912ed7d32ec682d5f4811a4adde415f1628b2130454f2b96832d5cd699e2b1ee11e6a3ed6962e1c550d"
    )]
    transaction: Option<String>,
    /// In its place with `dry_run=true`: 1 to 256 in a body of 256 KiB at most, tried one after the other; `alone` ones
    /// leave no trace.
    transactions: Option<Vec<ProposalBody>>,
}

/// Submits a signed transaction, as JSON or as its plain canonical bytes. 202: it waits for a block and is on its way to
/// the peers.
///
/// With `dry_run=true` nothing is written or sent. The answer, 200, says of each transaction what would become of it if
/// all were submitted now, one after the other, on top of the last block and of what waits. The body is then a whole list
/// as `{"transactions": […]}`, or a single signed transaction as without `dry_run`. Those of a list need no signature:
/// `{"account": "bolao1…", "action": {"type": "bet", "tips": [{"match_no": 1, "prediction": {"score": {"home": 2, "away": 1}}, "stake":
/// 10}]}}`. 503: too many dry runs are under way, in all or from this address. Where only players may look, others can try only
/// what is signed, and joinings.
#[utoipa::path(post, path = "/api/v1/transactions", tag = "chain", params(SubmitQuery),
    request_body(content(
        (Submission = "application/json"),
        (Bytes = "application/octet-stream"),
    )),
    responses(
        (status = ACCEPTED, body = Submitted),
        (status = OK, body = RehearsalBody, description = "Of a dry run: what would happen to each"),
    )
)]
pub(crate) async fn submit(
    api: Api,
    InQuery(query): InQuery<SubmitQuery>,
    headers: HeaderMap,
    extensions: Extensions,
    Body(body): Body,
) -> Reply {
    let submitted = match kind(&headers) {
        Some(Kind::Bytes) => vec![Proposal::Signed(encoded(&body)?)],
        Some(Kind::Json) => written(&headers, &body)?,
        None => {
            let wanted = "application/json or application/octet-stream";
            return Err(Problem::wants_type(wanted));
        }
    };
    // # Rule Y7: what nobody has signed says what stands now: others may only try whether they could join.
    let is_outside = extensions.get::<Outsider>().is_some();
    if is_outside && !submitted.iter().all(is_signed_or_joins) {
        return Err(players_only());
    }
    if query.dry_run == Some(true) {
        return dry_run(&api, &extensions, submitted).await;
    }
    let Ok([Proposal::Signed(transaction)]) = <[_; 1]>::try_from(submitted) else {
        return Err(Problem::bad_request(
            "wanted one signed transaction: others can only be tried, with `dry_run=true`",
        ));
    };
    let id = transaction.id();
    let chips = api.backend.submit(transaction).await?;
    let place = [(header::LOCATION, format!("transactions/{id}"))];
    let body = Json(Submitted {
        id: id.to_string(),
        chips: chips.map(|chips| chips.0),
    });
    Ok((StatusCode::ACCEPTED, place, body).into_response())
}

fn is_signed_or_joins(proposal: &Proposal) -> bool {
    match proposal {
        Proposal::Signed(_) => true,
        Proposal::Unsigned { action, .. } => matches!(action, Action::Join(_)),
    }
}

/// The proposals in a body in JSON.
fn written(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Proposal>, Problem> {
    const WANTED: &str = r#"{"transaction": "HEXADECIMAL"}"#;
    let submission: Submission = sent(headers, body, WANTED)?;
    match (submission.transaction, submission.transactions) {
        (Some(one), None) => Ok(vec![Proposal::Signed(signed(&one)?)]),
        (None, Some(list)) => list.into_iter().map(Proposal::try_from).collect(),
        (None, None) | (Some(_), Some(_)) => Err(Problem::bad_request(format!(
            "wanted {WANTED}, or with `dry_run=true` {{\"transactions\": […]}}"
        ))),
    }
}
