//! Errors as `application/problem+json` (RFC 9457), and the stable codes of those that no rule of the pool raises, one
//! for each status.

use std::borrow::Cow;

use axum::{
    extract::rejection::BytesRejection,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::IgnoredAny};
use serde_json::json;

/// Each status that is answered as a problem, and its code. `docs/PROTOCOL.md` lists the same.
pub const PROBLEM_CODES: &[(StatusCode, &str)] = &[
    (StatusCode::BAD_REQUEST, "bad-request"),
    (StatusCode::UNAUTHORIZED, "unauthorized"),
    (StatusCode::FORBIDDEN, "forbidden"),
    (StatusCode::NOT_FOUND, "not-found"),
    (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
    (StatusCode::REQUEST_TIMEOUT, "request-timeout"),
    (StatusCode::CONFLICT, "conflict"),
    (StatusCode::PAYLOAD_TOO_LARGE, "payload-too-large"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"),
    (StatusCode::MISDIRECTED_REQUEST, "misdirected-request"),
    (
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "headers-too-large",
    ),
    (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"),
    (StatusCode::INTERNAL_SERVER_ERROR, "internal-error"),
    (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
];

/// The code of a status.
pub fn problem_code(status: StatusCode) -> &'static str {
    let listed = PROBLEM_CODES.iter().find(|(of, _)| *of == status);
    match listed {
        Some((_, code)) => code,
        None if status.is_client_error() => "bad-request",
        None => "internal-error",
    }
}

/// A request's refusal: problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Always `about:blank`: the title says what the status means.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required, value_type = String, example = "about:blank"))]
    pub r#type: Cow<'static, str>,
    /// The status in words.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(required, value_type = String, example = "Conflict"))]
    pub title: Cow<'static, str>,
    /// The HTTP status.
    // Is not read: the answer that holds the problem has one, and a proxy may write what is none.
    #[serde(default, serialize_with = "number", deserialize_with = "unread")]
    #[cfg_attr(feature = "schema", schema(required, value_type = u16, example = 409))]
    pub status: StatusCode,
    /// The error in this request, in a sentence.
    pub detail: String,
    /// A stable code: of the rule that rejects a transaction, such as `bet-after-kickoff`, else of the status, such as
    /// `not-found`.
    #[cfg_attr(feature = "schema", schema(required, value_type = String, example = "bet-after-kickoff"))]
    pub code: Option<Cow<'static, str>>,
    /// The line of the text that was sent, counted from 1, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn number<S: Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

fn unread<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| StatusCode::default())
}

impl Problem {
    /// A problem whose code is that of the status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            r#type: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status,
            detail: detail.into(),
            code: Some(problem_code(status).into()),
            line: None,
        }
    }

    /// A queue or a limit is full.
    pub fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the node is busy: try again in a moment",
        )
    }

    /// A bug, or a broken disk.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the node failed at this request; its log says why",
        )
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            status @ StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                status,
                "the request's body is longer than this route accepts",
            ),
            status => Self::new(status, "the request's body could not be received"),
        }
    }
}

/// The code of a problem, as an extension of its response.
#[derive(Clone, Debug)]
pub struct ProblemCode(pub Cow<'static, str>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let status = self.status;
        let mut response = (status, kind, json!(self).to_string()).into_response();
        if let Some(code) = self.code {
            response.extensions_mut().insert(ProblemCode(code));
        }
        if matches!(
            status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}
