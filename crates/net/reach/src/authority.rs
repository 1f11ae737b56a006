//! A certificate authority, asked by ACME (RFC 8555).

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{Request, header};
use http_body_util::BodyExt as _;
use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, BodyWrapper, BytesResponse, ChallengeType,
    Error, HttpClient, Identifier, NewAccount, NewOrder, Order, OrderStatus, Problem, RetryPolicy,
};
use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};
use reqwest::{Certificate as Root, redirect::Policy};
use serde::{Deserialize, Serialize};

use crate::{
    Site,
    certificate::{Certificate, Issued, Shelf, after, keep, load},
    challenge::Challenges,
    failure::clock_words,
};

/// Let's Encrypt (<https://letsencrypt.org>).
pub const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";
/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 256 * 1024;
/// The time that one answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// The time that the authority may take to look, and to issue.
const ORDER: Duration = Duration::from_mins(2);
/// The name that Let's Encrypt has for certificates of six days; it gives no others for addresses.
const SHORT_LIVED: &str = "shortlived";

/// A certificate authority.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The URL of its directory, such as [`LETS_ENCRYPT`].
    pub url: String,
    /// The only certificates, in PEM, by which it may be known; those of the system if there are none.
    pub roots: Option<Vec<u8>>,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            url: LETS_ENCRYPT.to_owned(),
            roots: None,
        }
    }
}

/// Why there is no certificate yet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The authority could not be asked.
    #[error("the certificate authority at {url} cannot be reached: {why}")]
    Unreached { url: String, why: String },
    /// It looked, and refused.
    #[error("{0}")]
    Refused(String),
    /// It does not know the account any more.
    #[error("the certificate authority does not know this node's account any more")]
    NoAccount,
    /// The disk did not take what was issued.
    #[error("what the certificate authority issued cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
}

/// A way in which the authority may look whether a site is ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// By a handshake on the port of HTTPS (RFC 8737).
    Https,
    /// By a page on the port of HTTP (RFC 8555, 8.3).
    Http,
}

/// The account with an authority, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptAccount {
    authority: String,
    credentials: AccountCredentials,
}

/// Until when an authority asks to be left alone.
pub(crate) type RetryAfter = Arc<Mutex<Option<Timestamp>>>;

/// An account with an authority.
pub(crate) struct Client {
    authority: Authority,
    account: Account,
}

impl Client {
    /// Takes up the account that is kept, or makes one. When the authority wants to be asked again is noted beside.
    pub(crate) async fn open(
        authority: &Authority,
        shelf: &Shelf,
        retry_after: &RetryAfter,
    ) -> Result<Self, Refusal> {
        let unreached = |error: Error| unreached(authority, error);
        let kept: Option<KeptAccount> = load(&shelf.account());
        let kept = kept.filter(|kept| kept.authority == authority.url);
        let builder = || -> Result<_, Refusal> {
            let http = Http::new(authority, retry_after).map_err(|error| {
                Refusal::Refused(format!("no certificate can be asked for: {error}"))
            })?;
            Ok(Account::builder_with_http(Box::new(http)))
        };
        let account = if let Some(kept) = kept {
            let taken_up = builder()?.from_credentials(kept.credentials).await;
            taken_up.map_err(unreached)?
        } else {
            let new = NewAccount {
                contact: &[],
                terms_of_service_agreed: true,
                only_return_existing: false,
            };
            let made = builder()?.create(&new, authority.url.clone(), None).await;
            let (account, credentials) = made.map_err(unreached)?;
            let authority = authority.url.clone();
            let kept = KeptAccount {
                authority,
                credentials,
            };
            keep(&shelf.account(), &kept)?;
            account
        };
        Ok(Self {
            authority: authority.clone(),
            account,
        })
    }

    /// Orders a certificate for a site: with the key of before, so that who knows it finds it again, and in place of the certificate
    /// of before, where the authority takes that (RFC 9773, 5).
    pub(crate) async fn order(
        &self,
        site: &Site,
        look: Look,
        challenges: &Challenges,
        (key, replaced): (&KeyPair, Option<&Certificate>),
    ) -> Result<Issued, Refusal> {
        let ordered = self.ordered(site, look, challenges, (key, replaced)).await;
        challenges.clear();
        ordered
    }

    async fn ordered(
        &self,
        site: &Site,
        look: Look,
        challenges: &Challenges,
        (key, replaced): (&KeyPair, Option<&Certificate>),
    ) -> Result<Issued, Refusal> {
        let refused = |error: Error| match error {
            Error::Api(problem) if is_no_account(&problem) => Refusal::NoAccount,
            Error::Api(problem) => Refusal::Refused(sentence(site, look, &problem)),
            error => unreached(&self.authority, error),
        };
        let failed = |error: rcgen::Error| {
            Refusal::Refused(format!("no certificate can be asked for: {error}"))
        };
        let subject = [match site.ip() {
            Some(ip) => Identifier::Ip(ip),
            None => Identifier::Dns(site.subject()),
        }];
        let is_short = self.account.profiles().any(|it| it.name == SHORT_LIVED);
        let new = || {
            let new = NewOrder::new(&subject);
            if site.ip().is_some() && is_short {
                new.profile(SHORT_LIVED)
            } else {
                new
            }
        };
        let order = match replaced.and_then(Certificate::id) {
            Some(id) => {
                let order = self.account.new_order(&new().replaces(id)).await;
                match order {
                    // It knows nothing of such orders, or nothing of that certificate.
                    Err(Error::Unsupported(_) | Error::Other(_)) => {
                        self.account.new_order(&new()).await
                    }
                    Err(Error::Api(problem)) if is_of_replaced(&problem) => {
                        self.account.new_order(&new()).await
                    }
                    order => order,
                }
            }
            None => self.account.new_order(&new()).await,
        };
        let mut order = order.map_err(refused)?;
        self.answer(&mut order, site, look, challenges).await?;
        let patience = RetryPolicy::new().timeout(ORDER);
        match order.poll_ready(&patience).await.map_err(refused)? {
            OrderStatus::Ready => {}
            _ => return Err(why_not(&mut order, site, look).await),
        }
        let mut wanted = CertificateParams::new(vec![site.subject()]).map_err(failed)?;
        wanted.distinguished_name = DistinguishedName::new();
        let wanted = wanted.serialize_request(key).map_err(failed)?;
        order.finalize_csr(wanted.der()).await.map_err(refused)?;
        let chain = order.poll_certificate(&patience).await.map_err(refused)?;
        Ok(Issued {
            authority: self.authority.url.clone(),
            chain,
            key: key.serialize_pem(),
        })
    }

    /// Lays out what the authority will look for, and lets it look.
    async fn answer(
        &self,
        order: &mut Order,
        site: &Site,
        look: Look,
        challenges: &Challenges,
    ) -> Result<(), Refusal> {
        let refused = |error: Error| unreached(&self.authority, error);
        let kind = match look {
            Look::Https => ChallengeType::TlsAlpn01,
            Look::Http => ChallengeType::Http01,
        };
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization.map_err(refused)?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization.challenge(kind.clone()).ok_or_else(|| {
                Refusal::Refused(format!(
                    "the certificate authority does not accept this node's way to check {site}: it asks for {}",
                    match look {
                        Look::Https => "port 80",
                        Look::Http => "port 443",
                    }
                ))
            })?;
            let answer = challenge.key_authorization();
            match look {
                Look::Https => {
                    let shown = challenges.show(site, answer.digest().as_ref());
                    shown.map_err(|error| {
                        Refusal::Refused(format!(
                            "what the certificate authority looks for cannot be made: {error}"
                        ))
                    })?;
                }
                Look::Http => challenges.tell(&challenge.token, answer.as_str()),
            }
            challenge.set_ready().await.map_err(refused)?;
        }
        Ok(())
    }

    /// When the authority suggests to renew a certificate, and how long that is good; none where it does not say.
    pub(crate) async fn renewal(&self, certificate: &Certificate) -> Option<(Timestamp, Duration)> {
        let id = certificate.id()?;
        let (info, again) = match self.account.renewal_info(&id).await {
            Ok(told) => told,
            Err(error) => {
                tracing::debug!(%error, "the certificate authority says nothing of renewals");
                return None;
            }
        };
        let (from, until) = (
            info.suggested_window.start.unix_timestamp(),
            info.suggested_window.end.unix_timestamp(),
        );
        let at = if from < until {
            rand::random_range(from..until)
        } else {
            from
        };
        Some((Timestamp::from_second(at).ok()?, again))
    }
}

/// Whether a problem is that the account is gone.
fn is_no_account(problem: &Problem) -> bool {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    kind.ends_with(":accountDoesNotExist")
}

/// Whether a problem is with the certificate that an order was to replace.
fn is_of_replaced(problem: &Problem) -> bool {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    let detail = problem.detail.as_deref().unwrap_or_default();
    kind.ends_with(":alreadyReplaced") || detail.contains("replace")
}

/// The authority's reason to refuse an order.
async fn why_not(order: &mut Order, site: &Site, look: Look) -> Refusal {
    let mut authorizations = order.authorizations();
    while let Some(Ok(authorization)) = authorizations.next().await {
        if let Some(problem) = authorization
            .challenges
            .iter()
            .find_map(|it| it.error.as_ref())
        {
            return Refusal::Refused(sentence(site, look, problem));
        }
    }
    Refusal::Refused(format!(
        "the certificate authority refused a certificate for {site}, and does not say why"
    ))
}

/// The authority's words about what is wrong, and the next step.
fn sentence(site: &Site, look: Look, problem: &Problem) -> String {
    let port = match look {
        Look::Https => site.port(),
        Look::Http => 80,
    };
    let kind = problem.r#type.as_deref().unwrap_or_default();
    let detail: String = problem
        .detail
        .as_deref()
        .unwrap_or(kind)
        .chars()
        .take(400)
        .collect();
    let closed = || {
        format!(
            "let port {port} (TCP) through the firewall, and let a router forward it to this machine"
        )
    };
    let next = match kind.rsplit(':').next().unwrap_or_default() {
        "dns" => format!("point the A or AAAA record of {site} to this machine"),
        "connection" => closed(),
        // Some authorities call it that, too.
        "unauthorized" | "tls" if detail.contains("connect") => closed(),
        "unauthorized" | "tls" => {
            format!("another server answers at {site}: let the name point to this machine only")
        }
        "rateLimited" => {
            "this node tries again automatically, as soon as the authority lets it".to_owned()
        }
        "rejectedIdentifier" => "it gives none for such a name: choose one that you own".to_owned(),
        "caa" => "a CAA record of the name allows only other authorities: add this one".to_owned(),
        _ => "this node tries again automatically".to_owned(),
    };
    let detail = detail.trim_end_matches('.').replace(char::is_control, " ");
    format!("the certificate authority gives no certificate for {site} ({detail}): {next}")
}

fn unreached(authority: &Authority, error: Error) -> Refusal {
    let why = match &error {
        Error::Other(source) => chain(source.as_ref()),
        error => error.to_string(),
    };
    Refusal::Unreached {
        url: authority.url.clone(),
        why: clock_words(why.chars().take(400).collect()),
    }
}

/// An error with the errors behind it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// An HTTP client that bounds what the authority may cost: answers, times, no redirects.
struct Http {
    client: reqwest::Client,
    retry_after: RetryAfter,
}

impl Http {
    fn new(authority: &Authority, retry_after: &RetryAfter) -> Result<Self, String> {
        let mut client = reqwest::Client::builder()
            .https_only(true)
            .redirect(Policy::none())
            .timeout(ANSWER);
        if let Some(pem) = &authority.roots {
            let roots = Root::from_pem_bundle(pem);
            let roots = roots.map_err(|_| "the file of --acme-ca holds no certificate in PEM")?;
            client = client.tls_certs_only(roots);
        }
        Ok(Self {
            client: client.build().map_err(|error| chain(&error))?,
            retry_after: Arc::clone(retry_after),
        })
    }
}

/// Until when a server wants not to be asked (RFC 9110, 10.2.3).
pub(crate) fn wanted_wait(value: &str) -> Option<Timestamp> {
    let value = value.trim();
    match value.parse() {
        Ok(seconds) => Some(after(Timestamp::now(), Duration::from_secs(seconds))),
        Err(_) => DateTimeParser::new().parse_timestamp(value).ok(),
    }
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let (client, retry_after) = (self.client.clone(), Arc::clone(&self.retry_after));
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let Ok(body) = body.collect().await;
            let body = body.to_bytes();
            let other = |error: reqwest::Error| Error::Other(Box::new(error));
            let request = Request::from_parts(head, body);
            let request = reqwest::Request::try_from(request).map_err(other)?;
            let mut answer = client.execute(request).await.map_err(other)?;
            if answer.status().is_client_error() || answer.status().is_server_error() {
                let value = answer.headers().get(header::RETRY_AFTER);
                let until = value.and_then(|it| wanted_wait(it.to_str().ok()?));
                *retry_after.lock().unwrap_or_else(PoisonError::into_inner) = until;
            }
            let mut response = http::Response::new(());
            *response.status_mut() = answer.status();
            *response.headers_mut() = std::mem::take(answer.headers_mut());
            let mut bytes = BytesMut::new();
            while let Some(more) = answer.chunk().await.map_err(other)? {
                if bytes.len() + more.len() > MAX_ANSWER {
                    return Err(Error::Str("an answer of a sensible length"));
                }
                bytes.extend_from_slice(&more);
            }
            Ok(BytesResponse {
                parts: response.into_parts().0,
                body: Box::new(bytes.freeze()),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_how_long_to_wait_in_two_ways() {
        let now = Timestamp::now();
        let seconds = wanted_wait("3600").map(|at| at.as_second() - now.as_second());
        assert!(seconds.is_some_and(|it| (3_599..=3_601).contains(&it)));
        let date = wanted_wait("Fri, 31 Dec 1999 23:59:59 GMT");
        assert_eq!(date.map(Timestamp::as_second), Some(946_684_799));
        assert_eq!(wanted_wait("soon"), None);
    }
}
