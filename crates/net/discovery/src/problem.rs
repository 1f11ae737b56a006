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
            status => Self::new(status, rejection.body_text()),
        }
    }
}

/// Why a body of JSON cannot be read, in words that a person knows.
pub fn unreadable(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.replace("invalid type: ", "got ");
    let said = said.replace("invalid value: ", "got ");
    let (got, wanted) = said.split_once("expected ").unwrap_or((&said, ""));
    let (first, rest) = wanted.split_once(' ').unwrap_or((wanted, ""));
    match first {
        "" => said,
        "struct" | "enum" => {
            let place = rest.split_once(' ').map_or("", |(_, place)| place);
            format!("{got}wanted an object {place}")
        }
        "u8" | "u16" | "u32" | "u64" | "usize" => format!("{got}wanted a whole number {rest}"),
        _ => format!("{got}wanted {wanted}"),
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read, and not looked at")]
    struct InnerName {
        count: u16,
        #[serde(default)]
        anyway: bool,
    }

    #[test]
    fn no_inner_words() {
        for (text, said) in [
            ("7", "got integer `7`, wanted an object at line 1 column 1"),
            (
                r#"{"count": "x"}"#,
                r#"got string "x", wanted a whole number at line 1 column 13"#,
            ),
            (
                r#"{"count": 1, "anyway": 2}"#,
                "got integer `2`, wanted a boolean at line 1 column 24",
            ),
            (
                r#"{"other": 1}"#,
                "unknown field `other`, wanted `count` or `anyway` at line 1 column 8",
            ),
            ("{}", "missing field `count` at line 1 column 2"),
            ("", "EOF while parsing a value at line 1 column 0"),
            ("x", "wanted value at line 1 column 1"),
        ] {
            let error = serde_json::from_str::<InnerName>(text).unwrap_err();
            assert_eq!(unreadable(&error), said, "{text}");
        }
    }
}
