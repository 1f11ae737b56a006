//! What a relay answers on its own name: a page that says what it is, and the requests of homes for their tunnels.

use std::{
    convert::Infallible,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bolao_discovery::Problem;
use http::{HeaderMap, Method, Request, StatusCode, header};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::service_fn,
    upgrade::{OnUpgrade, Upgraded, on},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::spawn_blocking,
    time::timeout,
};
use tokio_rustls::server::TlsStream;

use bolao_reach::relay::{
    Secret,
    handshake::{Channel, KEY, NODE_PORT, PATH, PROOF, PROTOCOL, channel, proven},
};

use crate::{
    homes::Homes,
    labels::{GivenLabel, NotAdmitted},
};

const MOST_HEADERS: usize = 64;
const MOST_HEADER_BYTES: usize = 16 * 1024;
/// The time in which a request must come and its answer be taken.
const LIMIT: Duration = Duration::from_secs(15);

const PAGE: &str = "This is a relay of Bolao, a football betting pool among friends. It passes encrypted connections on to homes \
that cannot be reached otherwise, and cannot read them. It has no page of its own: open the link that you were sent.\n";

/// A home that was let in.
struct LetIn {
    given: GivenLabel,
    upgrade: OnUpgrade,
}

/// Answers one request. Gives the home and its connection, if it asked for a tunnel and was let in.
pub(crate) async fn answer<S>(
    stream: TlsStream<S>,
    homes: &Arc<Homes>,
) -> io::Result<Option<(GivenLabel, TokioIo<Upgraded>)>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let channel = channel(stream.get_ref().1);
    let let_in = Mutex::new(None);
    let service = service_fn(async |request| {
        let answered = respond(request, channel, homes).await;
        let (response, home) = answered.unwrap_or_else(|problem| (problem.into_response(), None));
        *let_in.lock().unwrap_or_else(PoisonError::into_inner) = home;
        Ok::<_, Infallible>(response)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LIMIT)
        .keep_alive(false)
        .max_header_size(MOST_HEADER_BYTES)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let served = timeout(LIMIT, connection).await;
    served
        .map_err(|_| io::Error::other("its request took too long"))?
        .map_err(io::Error::other)?;
    let home = let_in.into_inner().unwrap_or_else(PoisonError::into_inner);
    match home {
        None => Ok(None),
        Some(LetIn { given, upgrade }) => {
            let upgraded = upgrade.await.map_err(io::Error::other)?;
            Ok(Some((given, TokioIo::new(upgraded))))
        }
    }
}

async fn respond(
    request: Request<Incoming>,
    channel: Option<Channel>,
    homes: &Arc<Homes>,
) -> Result<(Response, Option<LetIn>), Problem> {
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => Ok((PAGE.into_response(), None)),
        (&Method::GET, PATH) => tunnel(request, channel, homes).await,
        _ => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "a relay has nothing here: open the link that you were sent",
        )),
    }
}

async fn tunnel(
    mut request: Request<Incoming>,
    channel: Option<Channel>,
    homes: &Arc<Homes>,
) -> Result<(Response, Option<LetIn>), Problem> {
    let headers = request.headers();
    let wanted = text(headers, header::UPGRADE.as_str());
    if !wanted.eq_ignore_ascii_case(PROTOCOL) {
        let detail = format!(
            "got `Upgrade: {wanted}`, wanted `{PROTOCOL}`: use the same version of Bolao as the relay"
        );
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    }
    let Some(channel) = channel else {
        let detail = "a tunnel needs TLS 1.3: something between the home and the relay allows less";
        return Err(Problem::new(StatusCode::BAD_REQUEST, detail));
    };
    let token = text(headers, header::AUTHORIZATION.as_str());
    let secret = token.strip_prefix("Bearer ").and_then(Secret::read);
    let secret = secret.ok_or_else(|| refused(&NotAdmitted::Token))?;
    let Some(key) = proven(text(headers, KEY), text(headers, PROOF), &channel) else {
        let detail = "the proof is not by the home's key for this connection: something sits between the home and the relay, \
                      which must see the home's own TLS";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    };
    let admitting = Arc::clone(homes);
    let given = spawn_blocking(move || admitting.labels.admit(secret, key))
        .await
        .map_err(|_| Problem::internal())?
        .map_err(|error| refused(&error))?;
    let upgrade = on(&mut request);
    let headers = [(header::CONNECTION, "upgrade"), (header::UPGRADE, PROTOCOL)];
    let mut response = (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response();
    if let Some(port) = homes.node_port(&given) {
        response.headers_mut().insert(NODE_PORT, port.into());
    }
    Ok((response, Some(LetIn { given, upgrade })))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn refused(error: &NotAdmitted) -> Problem {
    let status = match error {
        NotAdmitted::Token => StatusCode::UNAUTHORIZED,
        NotAdmitted::Key(_) => StatusCode::FORBIDDEN,
        NotAdmitted::Failed(why) => {
            tracing::error!(
                error = why as &dyn std::error::Error,
                "a home cannot be let in"
            );
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    Problem::new(status, error.to_string())
}
