//! The web page: which answers are it, and how its files are sent.
//!
//! A browser that goes somewhere says that it takes `text/html`, and gets the page, which reads the address itself. Programs
//! do not, and get what they got before there was a page, also where the articles' routes have the same paths.
//!
//! The page lies below any path, which a proxy may strip: `index.html` names its files from where it is, so what a browser gets for a
//! place that lies deeper names them from there.

use std::{io::Write as _, sync::OnceLock};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use bolao_discovery::{caller, online};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts};

use crate::{problem::Problem, state::Api};

/// The paths of the page's views; `/*` is one more part of the path.
const PLACES: [&str; 17] = [
    "/",
    "/tips",
    "/join",
    "/table",
    "/live",
    "/match/*",
    "/match/*/show",
    "/player/*",
    "/book",
    "/book/*",
    "/organise",
    "/me",
    "/left",
    "/move",
    "/start",
    "/classic",
    "/index.html",
];
/// The names that `index.html` gives to what lies beside it, and those from a place one part deeper.
const BESIDE: [&str; 2] = ["=\"./", "=\"../"];
/// Places that lie deeper get the page without its files: no place of its own is so deep.
const DEEPEST: usize = 8;
/// Files here have a sum of their bytes in their names.
const HASHED: &str = "/assets/";

/// No file from elsewhere, nothing inline, no frame around it. Workers take the policy of their own file.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The files of a page; none, where a program has no page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page(&'static [PageFile]);

impl Page {
    /// A page of files, of which `/index.html` is what browsers get for every place.
    pub const fn new(files: &'static [PageFile]) -> Self {
        Self(files)
    }

    /// Its files.
    pub fn files(self) -> impl ExactSizeIterator<Item = &'static PageFile> {
        self.0.iter()
    }

    fn file(self, path: &str) -> Option<&'static PageFile> {
        self.0.iter().find(|file| file.path == path)
    }

    /// The file that a request names, else the page itself where a browser goes somewhere.
    pub fn answer(self, request: &Parts) -> Option<Response> {
        if ![Method::GET, Method::HEAD].contains(&request.method) {
            return None;
        }
        let path = request.uri.path();
        if let Some(file) = self.file(path) {
            return Some(file.answer(request, StatusCode::OK));
        }
        if !goes_somewhere(&request.headers) || path.starts_with("/api/") {
            return None;
        }
        let known = PLACES.iter().any(|place| is_at(path, place));
        let status = if known {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        let index = self.file("/index.html")?;
        let mut response = match path.matches('/').count().saturating_sub(1) {
            0 => index.answer(request, status),
            depth => index.answer_below(depth.min(DEEPEST), request, status),
        };
        vary(&mut response, "accept");
        Some(response)
    }
}

fn is_at(path: &str, place: &str) -> bool {
    let (parts, wanted) = (path.split('/'), place.split('/'));
    parts.clone().count() == wanted.clone().count()
        && parts
            .zip(wanted)
            .all(|(part, wanted)| part == wanted || (wanted == "*" && !part.is_empty()))
}

/// Tells whether a browser goes somewhere, rather than a program or a script asks for data.
fn goes_somewhere(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|accept| accept.to_str().ok())
        .flat_map(|accept| accept.split(','))
        .any(|range| range.trim_start().starts_with("text/html"))
}

fn vary(response: &mut Response, by: &'static str) {
    let by = HeaderValue::from_static(by);
    response.headers_mut().append(header::VARY, by);
}

/// `GET /`: browsers get the page, the article's programs `{}`.
pub(crate) async fn front(State(api): State<Api>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    if let Some(page) = api.config.page.answer(&request) {
        return page;
    }
    let mut response = if goes_somewhere(&request.headers) {
        Redirect::to("api/docs").into_response()
    } else {
        online().await.into_response()
    };
    vary(&mut response, "accept");
    response
}

/// Gives browsers the page on routes whose paths are places of the page too.
pub(crate) async fn page_first(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (request, body) = request.into_parts();
    if let Some(page) = api.config.page.answer(&request) {
        return page;
    }
    let mut response = next.run(Request::from_parts(request, body)).await;
    vary(&mut response, "accept");
    response
}

/// The answer for paths without a route: a file of the page, the page, or a problem.
pub(crate) async fn elsewhere(State(api): State<Api>, request: Request) -> Response {
    let (request, _) = request.into_parts();
    if let Some(page) = api.config.page.answer(&request) {
        return page;
    }
    let path: String = request.uri.path().chars().take(80).collect();
    Problem::not_found(format!(
        "this node has no {path}; /api/docs describes its API"
    ))
    .into_response()
}

/// A file of the page. The program holds it once; what else callers ask for is made when the first one does.
#[derive(Debug)]
pub struct PageFile {
    path: &'static str,
    kind: &'static str,
    tag: &'static str,
    held: &'static [u8],
    is_compressed: bool,
    plain: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl PageFile {
    /// A file that brotli made shorter. `tag` is a weak entity tag, since each encoding has it.
    pub const fn compressed(
        path: &'static str,
        kind: &'static str,
        tag: &'static str,
        brotli: &'static [u8],
    ) -> Self {
        let mut file = Self::plain(path, kind, tag, brotli);
        file.is_compressed = true;
        file
    }

    /// A file that is sent as it is.
    pub const fn plain(
        path: &'static str,
        kind: &'static str,
        tag: &'static str,
        bytes: &'static [u8],
    ) -> Self {
        Self {
            path,
            kind,
            tag,
            held: bytes,
            is_compressed: false,
            plain: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Under which path browsers ask for it.
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// Its media type.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Its bytes, not compressed.
    pub fn text(&self) -> Bytes {
        if !self.is_compressed {
            return Bytes::from_static(self.held);
        }
        let text = self.plain.get_or_init(|| {
            let mut text = Vec::new();
            brotli::BrotliDecompress(&mut &*self.held, &mut text)
                .expect("the build script compressed it");
            text.into()
        });
        text.clone()
    }

    /// Browsers take brotli over HTTPS and from their own machine; over a home's network they ask for this.
    fn gzip(&self) -> Bytes {
        self.gzip.get_or_init(|| gzip(&self.text())).clone()
    }

    fn answer(&self, request: &Parts, status: StatusCode) -> Response {
        let taken = |coding| takes(&request.headers, coding);
        let (body, coding) = if self.is_compressed && taken("br") {
            (Bytes::from_static(self.held), Some("br"))
        } else if self.is_compressed && taken("gzip") {
            (self.gzip(), Some("gzip"))
        } else {
            (self.text(), None)
        };
        self.send((body, coding), request, status)
    }

    /// The same for a place so many parts deeper. It is a few hundred bytes long, and made for each that asks.
    fn answer_below(&self, depth: usize, request: &Parts, status: StatusCode) -> Response {
        let [beside, above] = BESIDE;
        let up = format!("{above}{}", "../".repeat(depth - 1));
        let text = String::from_utf8_lossy(&self.text()).replace(beside, &up);
        let sent = if takes(&request.headers, "gzip") {
            (gzip(text.as_bytes()), Some("gzip"))
        } else {
            (text.into(), None)
        };
        self.send(sent, request, status)
    }

    fn send(
        &self,
        (body, coding): (Bytes, Option<&'static str>),
        request: &Parts,
        status: StatusCode,
    ) -> Response {
        let mut response = (status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static(self.kind);
        headers.insert(header::CONTENT_TYPE, kind);
        if let Some(coding) = coding {
            let coding = HeaderValue::from_static(coding);
            headers.insert(header::CONTENT_ENCODING, coding);
        }
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        // Elsewhere than on their own machine and behind HTTPS browsers ignore it, and complain.
        if caller(&request.extensions).is_loopback() {
            headers.insert(
                "cross-origin-opener-policy",
                HeaderValue::from_static("same-origin"),
            );
        }
        headers.insert(header::ETAG, HeaderValue::from_static(self.tag));
        let kept = if self.path.starts_with(HASHED) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        if self.is_compressed {
            vary(&mut response, "accept-encoding");
        }
        response
    }
}

fn gzip(text: &[u8]) -> Bytes {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(text)
        .and_then(|()| gzip.finish())
        .expect("memory takes all that is written")
        .into()
}

/// Tells whether `Accept-Encoding` takes a coding.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|accept| accept.to_str().ok())
        .flat_map(|accept| accept.split(','))
        .any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            let weight = weight.trim().trim_start_matches("q=");
            let is_refused = weight.parse().is_ok_and(|weight: f32| weight <= 0.0);
            name.trim().eq_ignore_ascii_case(coding) && !is_refused
        })
}
