//! Errors as `application/problem+json` (RFC 9457).

use axum::{
    extract::{
        Request,
        rejection::{BytesRejection, PathRejection, QueryRejection},
    },
    response::{IntoResponse, Response},
};
use bolao_chain::Rejection;
use bolao_fixtures::{ImportError, ListCode, pool::PoolError};
use bolao_ledger::{Reason, ReasonKind};
use bolao_store::StoreError;
use http::{StatusCode, header};

use crate::{Code, NodeError, query};

/// Why a request was refused, as it is answered.
#[derive(Clone, Debug)]
pub struct Problem(bolao_discovery::Problem);

impl Problem {
    /// A problem that no rule of the pool raises; its code is that of the status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self(bolao_discovery::Problem::new(status, detail))
    }

    /// One of which programs tell more than the status says.
    pub(crate) fn coded(code: Code, detail: impl Into<String>) -> Self {
        Self(bolao_discovery::Problem {
            code: Some(code.code().into()),
            ..bolao_discovery::Problem::new(code.status(), detail)
        })
    }

    /// Why a list of matches cannot be used.
    fn of_list(code: ListCode, line: Option<usize>, detail: String) -> Self {
        Self(bolao_discovery::Problem {
            code: Some(code.code().into()),
            line,
            ..bolao_discovery::Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
        })
    }

    /// Why a list of matches cannot be read.
    pub(crate) fn unread(error: &ImportError) -> Self {
        Self::of_list(error.code(), error.line(), error.to_string())
    }

    /// Why a list of matches cannot be compared with this pool.
    pub(crate) fn unfit(error: &PoolError) -> Self {
        Self::of_list(error.code(), None, error.to_string())
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// A body of another type than the route takes.
    pub(crate) fn wants_type(wanted: &str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("wanted the content type {wanted}"),
        )
    }

    pub(crate) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(crate) fn busy() -> Self {
        Self(bolao_discovery::Problem::busy())
    }

    pub(crate) fn internal() -> Self {
        Self(bolao_discovery::Problem::internal())
    }

    /// A problem by which the rules reject something.
    pub fn rejected(reason: Reason, message: impl Into<String>) -> Self {
        Self(bolao_discovery::Problem {
            code: Some(reason.code().into()),
            ..bolao_discovery::Problem::new(status_of(reason), message)
        })
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

/// The status that tells a client best what to do about a rejection.
fn status_of(reason: Reason) -> StatusCode {
    match reason {
        Reason::TooManyPending => StatusCode::TOO_MANY_REQUESTS,
        Reason::MempoolFull => StatusCode::SERVICE_UNAVAILABLE,
        other => match other.kind() {
            ReasonKind::Malformed => StatusCode::BAD_REQUEST,
            ReasonKind::NotAllowed => StatusCode::FORBIDDEN,
            ReasonKind::Conflict => StatusCode::CONFLICT,
            ReasonKind::Unfit => StatusCode::UNPROCESSABLE_ENTITY,
        },
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store cannot be read");
        if error.is_damage() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string());
        }
        Self::internal()
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        let said = error.to_string();
        let status = match error {
            NodeError::Rejected(Rejection { reason, message }) => {
                return Self::rejected(reason, message);
            }
            NodeError::NameTaken { .. } => {
                return Self::rejected(Reason::NameTaken, said);
            }
            NodeError::InvitationTaken => return Self::coded(Code::InvitationTaken, said),
            NodeError::InvitationsFull => return Self::coded(Code::InvitationsFull, said),
            NodeError::NoPush => return Self::coded(Code::NoPush, said),
            NodeError::OldWord => return Self::coded(Code::OldWord, said),
            NodeError::NoCompetition { .. } => return Self::coded(Code::NoCompetition, said),
            NodeError::SubscribersFull => return Self::coded(Code::SubscribersFull, said),
            NodeError::Busy
            | NodeError::Stopped
            | NodeError::NoMiner
            | NodeError::NoBlockFound { .. } => StatusCode::SERVICE_UNAVAILABLE,
            NodeError::Stale | NodeError::TooManyNodes { .. } | NodeError::TooManyNames => {
                StatusCode::CONFLICT
            }
            NodeError::NoTemplate
            | NodeError::BadTime { .. }
            | NodeError::BadPushAddress { .. }
            | NodeError::UnusableUrl { .. } => StatusCode::BAD_REQUEST,
            NodeError::Home { .. } => {
                tracing::error!(error = said, "a file of the home cannot be used");
                return Self::internal();
            }
            NodeError::Wallet { .. } => {
                tracing::error!(error = said, "a bet could not be signed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        Self::new(status, said)
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self(rejection.into())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(
            rejection.status(),
            "the request's path cannot be read: wanted UTF-8, escaped as in a URL",
        )
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), query::said(&rejection.body_text()))
    }
}

/// Answers 405; axum adds `Allow`.
pub(crate) async fn wrong_method(request: Request) -> Problem {
    not_allowed(&request)
}

/// Answers 405 to HEAD where GET does more than read: axum takes HEAD for GET, and so would add no `Allow`.
pub(crate) async fn no_head(request: Request) -> Response {
    ([(header::ALLOW, "GET")], not_allowed(&request)).into_response()
}

fn not_allowed(request: &Request) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "{} does not take {}; the header Allow says what it takes",
            request.uri().path().chars().take(80).collect::<String>(),
            request
                .method()
                .as_str()
                .chars()
                .take(20)
                .collect::<String>(),
        ),
    )
}
