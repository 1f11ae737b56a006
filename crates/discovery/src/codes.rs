//! The stable codes of problems that no rule of the pool raises, one for each status.

use http::StatusCode;

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
