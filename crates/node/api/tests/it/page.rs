//! The page: who gets it, and how.

use std::io::Read as _;

use bolao_api::{ApiConfig, Page, PageFile};
use flate2::read::GzDecoder;

use crate::{
    app::{App, Reply, classic_on},
    node::easy,
};

/// `<!doctype html><title>Page</title>` 64 times, as brotli writes it.
const BROTLI: &[u8] = include_bytes!("page.html.br");
const TAG: &str = "W/\"1\"";

pub static FILES: [PageFile; 2] = [
    PageFile::compressed("/index.html", "text/html; charset=utf-8", TAG, BROTLI),
    PageFile::plain("/assets/a-1.png", "image/png", "W/\"2\"", b"a picture"),
];

const BROWSER: (&str, &str) = (
    "accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
);

fn app(config: ApiConfig) -> App {
    let page = Page::new(&FILES);
    App::new(easy(), ApiConfig { page, ..config })
}

fn text() -> String {
    "<!doctype html><title>Page</title>".repeat(64)
}

fn is_page(reply: &Reply) {
    assert_eq!(reply.text(), text());
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-cache");
    assert_eq!(reply.header("etag"), TAG);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("referrer-policy"), "no-referrer");
    assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin");
    assert!(reply.header("permissions-policy").contains("camera=()"));
    let policy = reply.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"));
    let vary = reply.headers.get_all("vary").iter();
    let vary: Vec<&str> = vary.map(|value| value.to_str().unwrap()).collect();
    assert!(vary.contains(&"accept") && vary.contains(&"accept-encoding"));
}

/// The places that the page itself knows, with something for each `:name`.
fn places() -> impl Iterator<Item = String> {
    let page = include_str!("../../../../../web/src/route/index.tsx");
    let lines = page
        .lines()
        .filter_map(|line| line.trim().strip_prefix("| \""));
    let places = lines.filter_map(|line| Some(line.split_once('"')?.0));
    let places: Vec<&str> = places.filter(|it| it.starts_with('/')).collect();
    assert!(places.len() >= 15, "{places:?}");
    places.into_iter().map(|place| {
        let parts = place
            .split('/')
            .map(|part| if part.starts_with(':') { "PtCh" } else { part });
        parts.collect::<Vec<_>>().join("/")
    })
}

#[tokio::test]
async fn browsers_get_the_page_at_each_of_its_places() {
    for config in [ApiConfig::default(), classic_on()] {
        let app = app(config);
        for path in places().chain(["/player/m%C3%A1rio%20s".to_owned()]) {
            let reply = app.get_with(&path, &[BROWSER]).await;
            assert_eq!(reply.status, 200, "{path}");
            is_page(&reply);
        }
        for path in [
            "/nothing",
            "/book/1/2",
            "/match/",
            "/tables",
            "/assets/old.js",
        ] {
            let reply = app.get_with(path, &[BROWSER]).await;
            assert_eq!(reply.status, 404, "{path}");
            is_page(&reply);
        }
    }
}

#[tokio::test]
async fn programs_get_what_they_got_before() {
    let app = app(classic_on());
    for accept in ["*/*", "application/json", ""] {
        let accept = [("accept", accept)];
        let front = app.get_with("/", &accept).await;
        assert_eq!((front.status.as_u16(), front.text().as_str()), (200, "{}"));
        assert_eq!(front.header("vary"), "accept");
        for path in ["/player/mary", "/match/ptch"] {
            let reply = app.get_with(path, &accept).await;
            assert_eq!(reply.header("content-type"), "application/json", "{path}");
        }
        for path in ["/join", "/table", "/nothing"] {
            app.get_with(path, &accept).await.problem(404);
        }
    }
    for path in ["/api/v1/nothing", "/api/nothing"] {
        app.get_with(path, &[BROWSER]).await.problem(404);
    }
    app.request("POST", "/table", &[BROWSER], "")
        .await
        .problem(404);
    let blocks = app.get_with("/blockchain", &[BROWSER]).await;
    assert_eq!(blocks.header("content-type"), "application/json");
}

#[tokio::test]
async fn each_browser_gets_the_encoding_that_it_takes() {
    let app = app(ApiConfig::default());
    for (takes, given) in [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, GZIP;q=0.5", "gzip"),
        ("gzip; q=0", ""),
        ("identity", ""),
        ("", ""),
    ] {
        let reply = app
            .get_with("/me", &[BROWSER, ("accept-encoding", takes)])
            .await;
        assert_eq!(reply.header("content-encoding"), given, "{takes}");
        let mut plain = Vec::new();
        match given {
            "br" => assert_eq!(reply.body, BROTLI),
            "gzip" => {
                GzDecoder::new(&*reply.body)
                    .read_to_end(&mut plain)
                    .unwrap();
                assert_eq!(String::from_utf8(plain).unwrap(), text());
            }
            _ => assert_eq!(reply.text(), text()),
        }
    }
}

#[tokio::test]
async fn files_with_sums_in_their_names_are_kept_for_good() {
    let app = app(ApiConfig::default());
    let encodings = [("accept-encoding", "gzip, br")];
    let file = app.get_with("/assets/a-1.png", &encodings).await;
    assert_eq!(file.text(), "a picture");
    assert_eq!(file.header("content-type"), "image/png");
    assert_eq!(file.header("content-encoding"), "");
    assert_eq!(
        file.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in ["/assets/a-2.png", "/assets/", "/assets/../index"] {
        app.get(path).await.problem(404);
    }
    let known = [BROWSER, ("if-none-match", TAG)];
    let reply = app.get_with("/table", &known).await;
    assert_eq!(reply.status, 304);
    assert!(reply.body.is_empty());
    assert_eq!(reply.header("etag"), TAG);
    let reply = app.get_with("/nothing", &known).await;
    assert_eq!(
        reply.status, 404,
        "an address without a page is none, known or not"
    );
    let reply = app
        .get_with("/table", &[BROWSER, ("if-none-match", "W/\"0\"")])
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn names_that_were_pointed_at_us_get_no_page() {
    let app = app(ApiConfig::default());
    for path in ["/", "/table", "/assets/a-1.png", "/nothing"] {
        let reply = app
            .get_with(path, &[BROWSER, ("host", "evil.example")])
            .await;
        reply.problem(421);
    }
}

#[tokio::test]
async fn a_place_that_lies_deeper_names_the_files_from_there() {
    const INDEX: &str = r#"<link href="./icon.svg"><script src="./assets/a-1.js"></script>"#;
    static DEEP: [PageFile; 1] = [PageFile::plain(
        "/index.html",
        "text/html; charset=utf-8",
        TAG,
        INDEX.as_bytes(),
    )];
    let page = Page::new(&DEEP);
    let app = App::new(
        easy(),
        ApiConfig {
            page,
            ..ApiConfig::default()
        },
    );
    for (place, status, up) in [
        ("/", 200, "./"),
        ("/table", 200, "./"),
        ("/match/PtCh", 200, "../"),
        ("/match/PtCh/show", 200, "../../"),
        ("/bolao/", 404, "../"),
        ("/table/", 404, "../"),
    ] {
        let packed = app
            .get_with(place, &[BROWSER, ("accept-encoding", "gzip")])
            .await;
        let plain = app.get_with(place, &[BROWSER]).await;
        assert_eq!(plain.status, status, "{place}");
        let wanted = INDEX.replace("./", up);
        assert_eq!(plain.text(), wanted, "{place}");
        if packed.header("content-encoding") == "gzip" {
            let mut text = String::new();
            let mut packed = GzDecoder::new(&*packed.body);
            packed.read_to_string(&mut text).unwrap();
            assert_eq!(text, wanted, "{place}");
        }
    }
}
