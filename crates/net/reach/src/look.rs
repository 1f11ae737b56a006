//! A look at a link: whose key is at the other end for this program. It sends what browsers send, but a server can tell it from one
//! by its handshake, and show browsers another key: [public logs](crate::LogReader) have that one, too.

use std::time::Duration;

use rand::seq::IndexedRandom as _;
use reqwest::{
    Client,
    header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
    tls::TlsInfo,
};
use sha2::{Digest as _, Sha256};

use crate::failure::innermost;

/// The time that a look may take.
const ANSWER: Duration = Duration::from_secs(20);
/// As much of an answer is read, in bytes, as a browser would begin with.
const READ: usize = 64 * 1024;
/// The places of the page that a browser asks for.
const PATHS: [&str; 4] = ["/", "/index.html", "/table", "/live"];
/// Browsers of the day, by their own words.
const AGENTS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 \
     Mobile/15E148 Safari/604.1",
];

/// The other end of a connection, by its certificate, which an authority of this machine has vouched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsPeer {
    /// SHA-256 of its key (`SubjectPublicKeyInfo`), which outlives certificates.
    pub key: [u8; 32],
    /// SHA-256 of the certificate.
    pub certificate: [u8; 32],
}

impl TlsPeer {
    /// By a certificate in DER.
    #[must_use]
    pub fn by(certificate: &[u8]) -> Option<Self> {
        let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
        Some(Self {
            key: Sha256::digest(parsed.public_key().raw).into(),
            certificate: Sha256::digest(certificate).into(),
        })
    }
}

/// Opens a link, such as `https://pool.example.org`, with the words of a browser and a page's path.
///
/// # Errors
/// Why it does not open, in a few words: a browser would not open it either.
pub async fn look(url: &str) -> Result<TlsPeer, String> {
    let chosen = |of: &[&'static str]| of.choose(&mut rand::rng()).copied().unwrap_or_default();
    let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let headers = [
        (ACCEPT, accept),
        (ACCEPT_LANGUAGE, "en-GB,en;q=0.9"),
        (HeaderName::from_static("sec-fetch-dest"), "document"),
        (HeaderName::from_static("sec-fetch-mode"), "navigate"),
        (HeaderName::from_static("sec-fetch-site"), "none"),
        (HeaderName::from_static("upgrade-insecure-requests"), "1"),
    ];
    let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
    let client = Client::builder()
        .user_agent(chosen(&AGENTS))
        .default_headers(HeaderMap::from_iter(headers))
        .no_proxy()
        .https_only(true)
        .redirect(Policy::none())
        .tls_info(true)
        .timeout(ANSWER)
        .build()
        .map_err(|error| innermost(&error))?;
    let asked = client.get(format!("{url}{}", chosen(&PATHS)));
    let mut answer = asked.send().await.map_err(|error| innermost(&error))?;
    let info = answer.extensions().get::<TlsInfo>();
    let certificate = info.and_then(TlsInfo::peer_certificate);
    let met = certificate.and_then(TlsPeer::by);
    let mut read = 0;
    while read < READ
        && let Ok(Some(more)) = answer.chunk().await
    {
        read += more.len();
    }
    met.ok_or_else(|| "it shows no certificate".to_owned())
}
