//! What a certificate authority looks for, and the certificates that callers are shown.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rcgen::{CertificateParams, CustomExtension, KeyPair, PublicKeyData as _};
use rustls::{
    crypto::ring,
    pki_types::PrivateKeyDer,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use sha2::{Digest as _, Sha256};

use crate::{Site, TlsPeer, https::ACME};

/// The certificates and answers that callers get.
#[derive(Debug, Default)]
struct Shown {
    /// The certificate of the site.
    current: Option<Arc<CertifiedKey>>,
    /// The one that an authority looks for.
    challenge: Option<Arc<CertifiedKey>>,
    /// SHA-256 of the key of the next one, once that is asked for.
    next: Option<[u8; 32]>,
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

    /// Notes by which key a certificate is asked for.
    pub(crate) fn comes_with(&self, key: &KeyPair) {
        let key = Sha256::digest(key.subject_public_key_info());
        self.write().next = Some(key.into());
    }

    /// SHA-256 of the keys that are the site's: that of its certificate, and that of the next.
    pub(crate) fn keys(&self) -> Vec<[u8; 32]> {
        let shown = self.shown().as_deref().and_then(TlsPeer::by);
        let next = self.read().next;
        let next = next.filter(|next| shown.is_none_or(|shown| shown.key != *next));
        shown.map(|it| it.key).into_iter().chain(next).collect()
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
