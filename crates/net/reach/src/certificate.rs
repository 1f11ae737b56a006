//! A certificate with its key, and the file that keeps both.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use atomic_write_file::AtomicWriteFile;
use instant_acme::CertificateIdentifier;
use jiff::Timestamp;
use rcgen::KeyPair;
use rustls::{
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    sign::CertifiedKey,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::Site;

/// The longest file that is read, in bytes: a chain of certificates has a few thousand.
const MAX_FILE: u64 = 256 * 1024;

/// A certificate with its key, as it is kept.
#[derive(Serialize, Deserialize)]
pub(crate) struct Issued {
    /// The URL of the authority's directory.
    pub(crate) authority: String,
    /// The chain, in PEM, the site's own certificate first.
    pub(crate) chain: String,
    /// The private key, in PEM.
    pub(crate) key: String,
}

/// A certificate that can be used.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) key: Arc<CertifiedKey>,
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Certificate {
    /// Reads what was issued.
    ///
    /// # Errors
    /// A sentence, if it is no certificate with its key.
    pub(crate) fn read(issued: &Issued) -> Result<Self, String> {
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_slice_iter(issued.chain.as_bytes()).collect();
        let chain = chain.map_err(|error| format!("its certificates cannot be read: {error}"))?;
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes())
            .map_err(|error| format!("its key cannot be read: {error}"))?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|error| format!("certificate and key do not fit: {error}"))?;
        let own = key.cert.first().ok_or("it holds no certificate")?;
        let (_, parsed) = x509_parser::parse_x509_certificate(own)
            .map_err(|error| format!("its certificate cannot be read: {error}"))?;
        let validity = parsed.validity();
        let time = |unix| Timestamp::from_second(unix).map_err(|error| error.to_string());
        Ok(Self {
            from: time(validity.not_before.timestamp())?,
            until: time(validity.not_after.timestamp())?,
            key: Arc::new(key),
        })
    }

    /// When two thirds of its life are over.
    pub(crate) fn two_thirds(&self) -> Timestamp {
        let life = self.until.as_second() - self.from.as_second();
        Timestamp::from_second(self.from.as_second() + life / 3 * 2).unwrap_or(self.until)
    }

    /// The name by which the authority speaks of its renewal.
    pub(crate) fn id(&self) -> Option<CertificateIdentifier<'static>> {
        CertificateIdentifier::try_from(self.key.cert.first()?).ok()
    }
}

/// The directory of certificates and of the account with an authority.
#[derive(Clone, Debug)]
pub(crate) struct Shelf(PathBuf);

impl Shelf {
    /// A directory that only this user may enter.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(dir)?;
        Ok(Self(dir.to_owned()))
    }

    pub(crate) fn certificate(&self, site: &Site) -> PathBuf {
        let name = site.subject().replace(':', "_");
        self.0.join(format!("{name}.json"))
    }

    pub(crate) fn account(&self) -> PathBuf {
        self.0.join("account.json")
    }

    /// Forgets the account with the authority, which does not know it any more.
    pub(crate) fn forget_account(&self) -> io::Result<()> {
        match fs::remove_file(self.account()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The place of a key for which a certificate was asked, while none has come.
    fn next_key(&self, site: &Site) -> PathBuf {
        self.certificate(site).with_extension("next.json")
    }

    /// The key of a site's certificate, also of one of another authority; a new one if there is none yet. That is kept before a
    /// certificate is asked for: an authority may issue it, and log it, though it never comes here.
    pub(crate) fn key(&self, site: &Site) -> io::Result<KeyPair> {
        let next = self.next_key(site);
        for kept in [self.certificate(site), next.clone()] {
            let kept: Option<Issued> = load(&kept);
            if let Some(Ok(key)) = kept.map(|kept| KeyPair::from_pem(&kept.key)) {
                return Ok(key);
            }
        }
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let kept = Issued {
            authority: String::new(),
            chain: String::new(),
            key: key.serialize_pem(),
        };
        keep(&next, &kept)?;
        Ok(key)
    }

    /// Keeps what was issued.
    pub(crate) fn keep(&self, site: &Site, issued: &Issued) -> io::Result<()> {
        keep(&self.certificate(site), issued)?;
        // What is left of it holds the same key.
        let _ = fs::remove_file(self.next_key(site));
        Ok(())
    }
}

/// Reads a file of the shelf; none if there is none, or if it cannot be used, which is told: another takes its place.
pub(crate) fn load<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let read = || -> io::Result<T> {
        let mut text = Vec::new();
        fs::File::open(path)?
            .take(MAX_FILE)
            .read_to_end(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    };
    match read() {
        Ok(kept) => Some(kept),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "a file about certificates cannot be used, and is replaced");
            None
        }
    }
}

/// Writes a file of the shelf whole, for this user's eyes alone.
pub(crate) fn keep<T: Serialize>(path: &Path, what: &T) -> io::Result<()> {
    let text = serde_json::to_vec(what)?;
    let mut options = AtomicWriteFile::options();
    #[cfg(unix)]
    {
        use atomic_write_file::unix::OpenOptionsExt as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600).preserve_mode(false);
    }
    let mut file = options.open(path)?;
    file.write_all(&text)?;
    file.commit()
}

/// A time of the past or to come, from a distance.
pub(crate) fn after(start: Timestamp, time: Duration) -> Timestamp {
    start.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Each try had a key of its own, so that a certificate which was issued and never came was a stranger's.
    #[test]
    fn the_key_that_a_certificate_is_asked_for_stays_until_it_comes() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(dir.path()).unwrap();
        let site: Site = "pool.example.org:8443".parse().unwrap();
        let key = shelf.key(&site).unwrap();
        assert_eq!(
            shelf.key(&site).unwrap().serialize_pem(),
            key.serialize_pem()
        );
        let issued = Issued {
            authority: String::new(),
            chain: String::new(),
            key: key.serialize_pem(),
        };
        shelf.keep(&site, &issued).unwrap();
        assert!(!shelf.next_key(&site).exists());
        assert_eq!(shelf.key(&site).unwrap().serialize_pem(), issued.key);
        // Without the file there is another.
        fs::remove_file(shelf.certificate(&site)).unwrap();
        assert_ne!(shelf.key(&site).unwrap().serialize_pem(), issued.key);
    }
}
