//! What a certificate authority looks for, and the certificates that callers are shown.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::{
    crypto::ring,
    pki_types::PrivateKeyDer,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::{Site, https::ACME};

/// The certificates and answers that callers get.
#[derive(Debug, Default)]
struct Shown {
    /// The certificate of the site.
    current: Option<Arc<CertifiedKey>>,
    /// The one that an authority looks for.
    challenge: Option<Arc<CertifiedKey>>,
    /// An authority's question on the port of HTTP, and the answer.
    token: Option<(String, String)>,
}

/// The certificate of a site and the answers to its authority, as callers get them.
#[derive(Debug)]
pub(crate) struct Challenges {
    /// The site's name, if it has one: callers who name another get nothing.
    name: Option<String>,
    shown: RwLock<Shown>,
}

impl Challenges {
    pub(crate) fn new(site: &Site) -> Self {
        Self {
            name: site.name().map(str::to_owned),
            shown: RwLock::default(),
        }
    }

    /// Shows a certificate to callers from now on.
    pub(crate) fn use_from_now(&self, key: Arc<CertifiedKey>) {
        self.write().current = Some(key);
    }

    /// The site's certificate as callers get it, in DER.
    pub(crate) fn shown(&self) -> Option<Vec<u8>> {
        let current = self.read().current.clone()?;
        Some(current.cert.first()?.to_vec())
    }

    /// Shows the authority what it looks for by a handshake: a certificate with a digest in it.
    pub(crate) fn show(&self, site: &Site, digest: &[u8]) -> Result<(), String> {
        let text = |error: rcgen::Error| error.to_string();
        let key = KeyPair::generate().map_err(text)?;
        let mut params = CertificateParams::new(vec![site.subject()]).map_err(text)?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let certificate = params.self_signed(&key).map_err(text)?;
        let key = PrivateKeyDer::try_from(key.serialize_der())?;
        let chain = vec![certificate.der().clone()];
        // A key of ours: the library would refuse the extension, which only authorities know.
        let key = ring::sign::any_supported_type(&key).map_err(|error| error.to_string())?;
        let key = CertifiedKey::new(chain, key);
        self.write().challenge = Some(Arc::new(key));
        Ok(())
    }

    /// Tells the authority what it asks for by a page.
    pub(crate) fn tell(&self, token: &str, answer: &str) {
        self.write().token = Some((token.to_owned(), answer.to_owned()));
    }

    /// The answer to what an authority asks for by a page.
    pub(crate) fn answer(&self, token: &str) -> Option<String> {
        let shown = self.read();
        let (asked, answer) = shown.token.as_ref()?;
        (asked == token).then(|| answer.clone())
    }

    /// Forgets what the authority looked for.
    pub(crate) fn clear(&self) {
        let mut shown = self.write();
        (shown.challenge, shown.token) = (None, None);
    }

    fn read(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Challenges {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let shown = self.read();
        if hello
            .alpn()
            .is_some_and(|mut wanted| wanted.any(|it| it == ACME))
        {
            return shown.challenge.clone();
        }
        let (asked, own) = (hello.server_name(), self.name.as_deref());
        let is_other =
            asked.is_some_and(|asked| own.is_some_and(|own| !own.eq_ignore_ascii_case(asked)));
        if is_other {
            None
        } else {
            shown.current.clone()
        }
    }
}
