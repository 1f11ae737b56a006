//! Messages to push services: encrypted for the browser (RFC 8291), signed by the node (VAPID, RFC 8292), sent by HTTPS.
//!
//! The browser names its service, so anybody who plays could name any server. It must have a name that leads to a public address when
//! it is called; redirects are not followed, of an answer only its head is read, and that for a bounded time.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use bolao_discovery::{Node, Scope};
use bolao_wallet::PushAddress;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::{
    Client, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
};
use serde_json::json;
use thiserror::Error;
use tokio::{net::lookup_host, sync::Semaphore};
use url::{Host, Url};
use web_push_native::{
    Auth, WebPushBuilder,
    p256::{
        PublicKey, SecretKey, elliptic_curve::sec1::ToEncodedPoint as _,
        pkcs8::EncodePrivateKey as _,
    },
};

use super::news::News;
use crate::services::outgoing;

/// The most requests at once.
const AT_ONCE: usize = 16;
/// The longest URL of a browser, in bytes.
const MAX_ENDPOINT: usize = 1_024;
/// The length of a browser's secret, in bytes.
const AUTH_BYTES: usize = 16;
/// The time for which a signature is good, in seconds; a day at most.
const SIGNED_FOR_S: i64 = 12 * 3_600;
/// The shortest time for which a service keeps a message, in seconds.
const LEAST_TTL_S: u64 = 60;

/// Why a message did not arrive.
#[derive(Debug, Error)]
pub(super) enum SendError {
    /// The browser takes no more of them.
    #[error("it has unsubscribed")]
    Gone,
    /// It may at another time.
    #[error("its push service {0}")]
    Later(String),
    /// It will not.
    #[error("its push service refuses the message: {0}")]
    Refused(String),
}

/// A sender of messages to push services.
#[derive(Debug)]
pub(super) struct Sender {
    client: Client,
    signs_with: EncodingKey,
    public_key: String,
    /// Whom services may turn to: the page's URL.
    contact: String,
    turns: Semaphore,
    anywhere: bool,
}

/// Names that lead to public addresses.
struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|it| is_public(it.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("its name has no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

fn is_public(ip: IpAddr) -> bool {
    Node::new(ip, 443).is_ok_and(|node| node.scope() == Scope::Global)
}

/// The keys of a browser.
fn keys(address: &PushAddress) -> Result<(PublicKey, Auth), &'static str> {
    let key = Base64UrlUnpadded::decode_vec(&address.p256dh).ok();
    let key = key.and_then(|key| PublicKey::from_sec1_bytes(&key).ok());
    let auth = Base64UrlUnpadded::decode_vec(&address.auth).ok();
    let auth = auth.and_then(|auth| <[u8; AUTH_BYTES]>::try_from(auth).ok());
    let key = key.ok_or("`p256dh` is not a P-256 key in base64url")?;
    let auth = auth.ok_or("`auth` is not 16 bytes in base64url")?;
    Ok((key, auth.into()))
}

/// The URL of a browser, if it may be called.
fn place(endpoint: &str, anywhere: bool) -> Result<Url, &'static str> {
    if endpoint.len() > MAX_ENDPOINT {
        return Err("`endpoint` has more than 1024 bytes");
    }
    let url = Url::parse(endpoint).map_err(|_| "`endpoint` is not a URL")?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_public = url.scheme() == "https"
        && url.port().is_none()
        && matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
    if has_user || !(is_public || anywhere) {
        return Err(
            "`endpoint` is not a web address: it begins with https:// and a name, without a port or a user",
        );
    }
    Ok(url)
}

impl Sender {
    /// `anywhere` is for tests: services in any network, also without HTTPS.
    pub(super) fn new(key: &[u8; 32], contact: String, anywhere: bool) -> Result<Self, String> {
        let key = SecretKey::from_slice(key)
            .map_err(|_| "push.key holds no key: delete it, and subscribe again")?;
        let der = key.to_pkcs8_der().map_err(|error| error.to_string())?;
        let public = key.public_key().to_encoded_point(false);
        let mut client = outgoing::client();
        client = if anywhere {
            client.tls_certs_only([])
        } else {
            client.https_only(true).dns_resolver(Arc::new(PublicNames))
        };
        let client = client.build().map_err(outgoing::no_client)?;
        Ok(Self {
            client,
            signs_with: EncodingKey::from_ec_der(der.as_bytes()),
            public_key: Base64UrlUnpadded::encode_string(public.as_bytes()),
            contact,
            turns: Semaphore::new(AT_ONCE),
            anywhere,
        })
    }

    /// In base64url, as browsers want it.
    pub(super) fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Why nothing can be sent to an address.
    pub(super) fn check(&self, address: &PushAddress) -> Result<(), String> {
        place(&address.endpoint, self.anywhere)?;
        keys(address)?;
        Ok(())
    }

    /// The signature by which the service knows this node.
    fn signed(&self, url: &Url) -> Result<String, String> {
        let claims = json!({
            "aud": url.origin().ascii_serialization(),
            "exp": Timestamp::now().as_second() + SIGNED_FOR_S,
            "sub": self.contact,
        });
        let token = encode(&Header::new(Algorithm::ES256), &claims, &self.signs_with)
            .map_err(|error| error.to_string())?;
        Ok(format!("vapid t={token}, k={}", self.public_key))
    }

    fn request(&self, address: &PushAddress, news: &News) -> Result<reqwest::Request, String> {
        let url = place(&address.endpoint, self.anywhere)?;
        let (key, auth) = keys(address)?;
        let text = serde_json::to_vec(news).map_err(|error| error.to_string())?;
        let uri = url.as_str().parse();
        let uri = uri.map_err(|_| "`endpoint` is not a URI")?;
        let good_for = Duration::from_secs(news.good_for_s.max(LEAST_TTL_S));
        let request = WebPushBuilder::new(uri, key, auth)
            .with_valid_duration(good_for)
            .build(text)
            .map_err(|error| error.to_string())?;
        let mut request = reqwest::Request::try_from(request).map_err(|error| error.to_string())?;
        let signed = self.signed(&url)?;
        let signed = signed
            .parse()
            .map_err(|_| "the signature is not a valid header")?;
        request.headers_mut().insert("authorization", signed);
        Ok(request)
    }

    /// Sends one message.
    pub(super) async fn send(&self, address: &PushAddress, news: &News) -> Result<(), SendError> {
        let request = self.request(address, news).map_err(SendError::Refused)?;
        let _turn = self.turns.acquire().await;
        let answer = self.client.execute(request).await;
        let status = answer
            .map_err(|error| SendError::Later(outgoing::innermost(&error)))?
            .status();
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(SendError::Gone),
            _ if outgoing::may_pass(status) => Err(SendError::Later(format!("answers {status}"))),
            _ => Err(SendError::Refused(status.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn only_names_on_the_web_are_called() {
        for good in [
            "https://fcm.googleapis.com/fcm/send/a:b",
            "https://web.push.apple.com:443/Q",
        ] {
            assert!(place(good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "http://push.example/a",
            "https://127.0.0.1/a",
            "https://0x7f000001/a",
            "https://[::1]/a",
            "https://203.0.113.7/a",
            "https://localhost/a",
            "https://push.example:8443/a",
            "https://user@push.example/a",
            "ftp://push.example/a",
        ] {
            assert!(place(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn inner_addresses_are_not_public() {
        for inner in [
            "127.0.0.1",
            "10.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
        assert!(is_public("9.9.9.9".parse().unwrap()) && is_public("2620:fe::fe".parse().unwrap()));
    }

    /// A name that leads inside when it is called, whatever it led to before.
    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_called() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let client = Client::builder()
            .no_proxy()
            .dns_resolver(Arc::new(PublicNames));
        let client = client.tls_certs_only([]).build().unwrap();
        let asked = client
            .post(format!("http://localhost:{port}/"))
            .send()
            .await;
        let error = outgoing::innermost(&asked.unwrap_err());
        assert!(error.contains("no public address"), "{error}");
        let came = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
        assert!(came.is_err());
    }
}
