//! Who may call: the `Host` header against DNS rebinding, callers and pages for classic routes.

use std::net::IpAddr;

use axum::extract::Request;
use bolao_discovery::{caller, from_foreign_page};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts, uri::Authority};
use tower_http::cors::AllowOrigin;

use crate::{ApiConfig, problem::Problem, state::Api};

/// Lets requests pass whose `Host` is an IP literal, `localhost` or a configured name. A page of
/// another site can point a name of its own at this machine, but cannot choose those. Gives the host, if it is named.
///
/// # Errors
/// Refuses any other host.
pub fn check_host(
    config: &ApiConfig,
    is_own: impl Fn(&str) -> bool,
    request: &Request,
) -> Result<Option<Authority>, bolao_discovery::Problem> {
    match named(request) {
        Ok(None) => Ok(None),
        Ok(Some(named))
            if host_passes(&named, config) || is_own(named.host().trim_end_matches('.')) =>
        {
            Ok(Some(named))
        }
        _ => Err(bolao_discovery::Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "this node answers to its IP address, to localhost and to the names that its \
             operator gave it with --advertise, --host or `bolao invite --url`, not to the name in this request's Host header",
        )),
    }
}

/// The host that a request names, unless nobody can read it. HTTP/1.0 programs name none, browsers always do.
fn named(request: &Request) -> Result<Option<Authority>, ()> {
    let Some(host) = request.headers().get(header::HOST) else {
        return Ok(request.uri().authority().cloned());
    };
    let host = host.to_str().map_err(drop)?;
    host.parse().map(Some).map_err(drop)
}

/// Whether a request comes from this machine, and by a name of its own: what a tunnel brings here has been asked for by another.
pub(crate) fn is_local(request: &Request) -> bool {
    let is_own = |named: Authority| {
        let host = named.host().trim_end_matches('.');
        host.eq_ignore_ascii_case("localhost")
            || ip_literal(host).is_some_and(|ip| ip.to_canonical().is_loopback())
    };
    caller(request.extensions()).is_loopback()
        && named(request).is_ok_and(|named| named.is_none_or(is_own))
}

fn host_passes(named: &Authority, config: &ApiConfig) -> bool {
    let host = named.host().trim_end_matches('.');
    // The unspecified address reaches this machine from some browsers, past their checks.
    ip_literal(host).is_some_and(|ip| !ip.is_unspecified())
        || host.eq_ignore_ascii_case("localhost")
        || config
            .hosts
            .iter()
            .any(|allowed| host.eq_ignore_ascii_case(allowed.trim_end_matches('.')))
}

fn ip_literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

/// The classic routes sign without asking: only this machine and its pages may call them.
pub(crate) fn check_classic(config: &ApiConfig, request: &Request) -> Result<(), Problem> {
    if !config.classic_anyone && !caller(request.extensions()).is_loopback() {
        return Err(Problem::forbidden(
            "the classic routes answer only callers on this node's own machine; its operator can \
             open them with --classic-anyone",
        ));
    }
    if !page_may_call(request.headers(), config) {
        return Err(Problem::forbidden(
            "web pages of other sites may not call this node, because it signs bets without \
             asking; its operator can allow a site with --origin",
        ));
    }
    Ok(())
}

/// Tells whether the page behind a request, if there is one, is on this machine, our own or allowed.
fn page_may_call(headers: &HeaderMap, config: &ApiConfig) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        // A browser sends one; what sends two hides something.
        let alone = headers.get_all(header::ORIGIN).iter().count() == 1;
        return alone
            && (configured(origin, config) || (is_web(origin) && !from_foreign_page(headers)));
    }
    // Without an `Origin` (images, links): `same-site` is a page of the same host on another
    // port, and the host has been checked.
    headers.get("sec-fetch-site").is_none_or(|site| {
        ["none", "same-origin", "same-site"]
            .iter()
            .any(|ok| site == ok)
    })
}

/// Tells whether an origin is a page's, and not an extension's or another program's.
fn is_web(origin: &HeaderValue) -> bool {
    let bytes = origin.as_bytes();
    bytes.starts_with(b"http://") || bytes.starts_with(b"https://")
}

fn configured(origin: &HeaderValue, config: &ApiConfig) -> bool {
    config
        .classic_origins
        .iter()
        .any(|allowed| origin == allowed.trim_end_matches('/'))
}

/// The origins of pages that may read answers.
pub(crate) fn readers(api: &Api) -> AllowOrigin {
    let config = api.config.clone();
    AllowOrigin::predicate(move |origin, request: &Parts| {
        configured(origin, &config) || !from_foreign_page(&request.headers)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn hosts() {
        let config = ApiConfig {
            hosts: vec!["bets.example".to_owned()],
            ..ApiConfig::default()
        };
        let passes = |host: &str| host_passes(&host.parse().unwrap(), &config);
        for host in [
            "localhost",
            "LOCALHOST:9000",
            "localhost.:9000",
            "127.0.0.1",
            "127.0.0.1:9000",
            "192.168.1.5:9000",
            "[::1]:9000",
            "bets.example",
            "Bets.Example:443",
        ] {
            assert!(passes(host), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:9000",
            "bets.example.evil.example",
            "xlocalhost",
            "0.0.0.0:9000",
            "[::]:9000",
        ] {
            assert!(!passes(host), "{host}");
        }
    }

    #[test]
    fn pages() {
        let config = ApiConfig {
            classic_origins: vec!["https://bets.example/".to_owned()],
            ..ApiConfig::default()
        };
        let may = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            page_may_call(&headers, &config)
        };
        assert!(may(&[]));
        assert!(may(&[("origin", "http://localhost:3000")]));
        assert!(may(&[("origin", "https://bets.example")]));
        assert!(may(&[
            ("origin", "http://127.0.0.1:3000"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(may(&[("sec-fetch-site", "same-site")]));
        assert!(may(&[("sec-fetch-site", "none")]));
        assert!(!may(&[("sec-fetch-site", "cross-site")]));
        assert!(!may(&[("sec-fetch-site", "nonsense")]));
        assert!(!may(&[("origin", "https://evil.example")]));
        assert!(!may(&[("origin", "null")]));
        assert!(!may(&[("origin", "moz-extension://localhost")]));
        assert!(!may(&[("origin", "https://bets.example.evil.example")]));
        assert!(!may(&[
            ("origin", "http://evil.example:9000"),
            ("host", "evil.example:9000")
        ]));
    }
}
