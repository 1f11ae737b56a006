//! The routes of a node below a path.

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode, Uri, header, uri::PathAndQuery};
use tower::ServiceExt as _;

/// The same routes below a path too, such as `/bolao`: a proxy may pass the path on, or strip it. An empty path is none.
pub fn below(router: Router, path: &str) -> Router {
    if path.is_empty() {
        return router;
    }
    let path = path.to_owned();
    Router::new().fallback(move |mut request: Request| {
        let (router, path) = (router.clone(), path.clone());
        async move {
            match within(request.uri(), &path) {
                Within::Top if is_read(request.method()) => return with_slash(request.uri()),
                Within::Top => *request.uri_mut() = Uri::from_static("/"),
                Within::At(uri) => *request.uri_mut() = uri,
                Within::Elsewhere => {}
            }
            router.oneshot(request).await.into_response()
        }
    })
}

/// The place of an address, seen from a path.
pub(crate) enum Within {
    /// At the path itself, without a slash behind it: what the page names beside itself would be looked for beside the path.
    Top,
    At(Uri),
    Elsewhere,
}

pub(crate) fn within(uri: &Uri, path: &str) -> Within {
    let Some(rest) = uri.path().strip_prefix(path) else {
        return Within::Elsewhere;
    };
    let query = uri.query().map(|query| format!("?{query}"));
    match rest.chars().next() {
        None => Within::Top,
        Some('/') => {
            let rest = format!("{rest}{}", query.unwrap_or_default());
            // What begins with two slashes would be read as a host.
            let rest = PathAndQuery::try_from(rest).map(Uri::from);
            rest.map_or(Within::Elsewhere, Within::At)
        }
        Some(_) => Within::Elsewhere,
    }
}

pub(crate) const fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// The address with a slash at its end, from where it is: whatever a proxy put in front of it stays.
pub(crate) fn with_slash(uri: &Uri) -> Response {
    let last = uri.path().rsplit('/').next().unwrap_or_default();
    let query = uri.query().map(|query| format!("?{query}"));
    let there = format!("{last}/{}", query.unwrap_or_default());
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, there)]).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::{body::Body, routing::get};
    use http_body_util::BodyExt as _;

    use super::*;

    async fn asked(method: &str, uri: &str) -> (StatusCode, String) {
        let said = async |uri: Uri| uri.to_string();
        let router = Router::new()
            .route("/", get(said).post(said))
            .fallback(said);
        let request = Request::builder().method(method).uri(uri);
        let request = request.body(Body::empty()).unwrap();
        let response = below(router, "/home/bolao").oneshot(request).await.unwrap();
        let status = response.status();
        if let Some(place) = response.headers().get(header::LOCATION) {
            return (status, place.to_str().unwrap().to_owned());
        }
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_path_is_stripped_where_it_is_there() {
        for (uri, inside) in [
            ("/home/bolao/", "/"),
            ("/home/bolao/api/v1/pool?x=1", "/api/v1/pool?x=1"),
            ("/home/bolao/home/bolao/", "/home/bolao/"),
            ("/home/bolao//a", "//a"),
            ("/", "/"),
            ("/api/v1/pool", "/api/v1/pool"),
            ("/home/bolaox/", "/home/bolaox/"),
            ("/home/", "/home/"),
        ] {
            assert_eq!(asked("GET", uri).await, (StatusCode::OK, inside.to_owned()));
        }
        let moved = |to: &str| (StatusCode::PERMANENT_REDIRECT, to.to_owned());
        assert_eq!(asked("GET", "/home/bolao").await, moved("bolao/"));
        assert_eq!(asked("GET", "/home/bolao?a=b").await, moved("bolao/?a=b"));
        assert_eq!(
            asked("POST", "/home/bolao").await,
            (StatusCode::OK, "/".to_owned())
        );
    }
}
