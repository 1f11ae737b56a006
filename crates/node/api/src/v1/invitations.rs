//! Invitations that this node keeps for short links.

use axum::{Json, http::StatusCode, response::IntoResponse as _};
use bolao_ledger::{AccountId, Reason, StateView};
use bolao_wallet::PublicInvite;
use http::HeaderMap;

use super::{game::clock, read::Reply, views::Lookup};
use crate::{
    Code,
    body::{KeptInvitationBody, PlayerRef},
    extract::{Body, InPath, sent},
    problem::Problem,
    state::Api,
};

/// Keeps all of an invitation but its secret, so that its link can be short. The same one may come again. 201: whoever has the
/// link gets it from here. Its organiser must be one today, its signatures good and its time not over; 403, 400 or 409 else, with the
/// code `other-pool` or `invitation-taken`. A few hundred are kept: then expired ones make room, and while there is none, it is
/// 503, `invitations-full`.
#[utoipa::path(post, path = "/api/v1/invitations", tag = "pool", operation_id = "keep_invitation",
    request_body = KeptInvitationBody, responses((status = CREATED, body = KeptInvitationBody)))]
pub(crate) async fn keep(api: Api, headers: HeaderMap, Body(body): Body) -> Reply {
    const WANTED: &str = r#"{"invitation": "BASE64URL"}, an invitation without its secret"#;
    let body: KeptInvitationBody = sent(&headers, &body, WANTED)?;
    let invite: PublicInvite = { body.invitation.parse() }
        .map_err(|error| Problem::bad_request(format!("wanted {WANTED}: {error}")))?;
    check(&api, &invite)?;
    api.backend.keep_invitation(invite).await?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Checks that a node of this pool is to keep it now.
fn check(api: &Api, invite: &PublicInvite) -> Result<(), Problem> {
    let reader = api.backend.reader();
    let (genesis, pool) = (reader.genesis(), reader.pool_id());
    if invite.pool != pool {
        return Err(Problem::coded(
            Code::OtherPool,
            format!(
                "the invitation is to the pool {}, but this node has {pool}, `{}`: give it to a node of its own pool",
                invite.pool, genesis.name
            ),
        ));
    }
    if invite.given.ticket.expires <= clock() {
        return Err(Problem::rejected(
            Reason::TicketExpired,
            "the invitation has expired: make a new one",
        ));
    }
    let organisers = api.read_few(|snapshot| Ok(snapshot.organisers(genesis)?))?;
    if !organisers.contains(&invite.given.organiser) {
        return Err(Problem::rejected(
            Reason::NotInvitedByOrganiser,
            format!(
                "the invitation is by {}, who is not an organiser of this pool: an organiser must make it",
                invite.given.organiser
            ),
        ));
    }
    if invite.is_signed() {
        Ok(())
    } else {
        Err(Problem::rejected(
            Reason::BadSignature,
            "the invitation's signatures are not its organiser's: make a new one",
        ))
    }
}

/// All of an invitation but its secret, for whoever has its short link, which also says whether it is the right one. 404 with the
/// code `unknown-invitation`: it is not kept here.
#[utoipa::path(get, path = "/api/v1/invitations/{ticket}", tag = "pool",
    params(("ticket" = String, Path, description = "The ticket's key, written as an account")),
    responses((status = OK, body = KeptInvitationBody)))]
pub(crate) async fn invitation(
    api: Api,
    InPath(ticket): InPath<String>,
) -> Result<Json<KeptInvitationBody>, Problem> {
    let invitation = kept(&api, &ticket).await?.to_string();
    Ok(Json(KeptInvitationBody { invitation }))
}

/// The organiser who gave out an invitation, for whoever has its short link. 404 with the code `unknown-invitation`: it is not kept
/// here.
#[utoipa::path(get, path = "/api/v1/invitations/{ticket}/inviter", tag = "pool",
    params(("ticket" = String, Path, description = "The ticket's key, written as an account")),
    responses((status = OK, body = PlayerRef)))]
pub(crate) async fn inviter(
    api: Api,
    InPath(ticket): InPath<String>,
) -> Result<Json<PlayerRef>, Problem> {
    let organiser = kept(&api, &ticket).await?.given.organiser;
    let inviter = api.read_few(move |it| Ok(Lookup::new(it).player(&organiser)?))?;
    Ok(Json(inviter))
}

async fn kept(api: &Api, ticket: &str) -> Result<PublicInvite, Problem> {
    let ticket: AccountId = ticket
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}")))?;
    let kept = api.backend.invitation(ticket).await?;
    kept.ok_or_else(|| {
        let pool = &api.backend.reader().genesis().name;
        Problem::coded(
            Code::UnknownInvitation,
            format!(
                "this node of the pool `{pool}` does not know the invitation {ticket}: ask for a new link"
            ),
        )
    })
}
