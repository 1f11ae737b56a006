//! Errors as `application/problem+json` (RFC 9457), and the stable codes of those that no rule of the pool raises, one
//! for each status.

use axum::{
    extract::rejection::BytesRejection,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
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

/// Why a request was refused, as it is answered.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// The stable code.
    pub code: &'static str,
    /// The problem with this request, in a sentence.
    pub detail: String,
    /// The line of a text that it is about, counted from 1.
    pub line: Option<usize>,
}

impl Problem {
    /// A problem whose code is that of the status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: problem_code(status),
            detail: detail.into(),
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
#[derive(Clone, Copy, Debug)]
pub struct ProblemCode(pub &'static str);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let (Some(line), Some(body)) = (self.line, body.as_object_mut()) {
            body.insert("line".to_owned(), line.into());
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, body.to_string()).into_response();
        response.extensions_mut().insert(ProblemCode(self.code));
        if matches!(
            self.status,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
        ) {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}
