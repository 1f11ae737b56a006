//! A certificate as a log lists it.

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use x509_parser::prelude::{GeneralName, X509Certificate};

use super::names::Covers;
use crate::TlsPeer;

/// The beginning of a certificate that comes as text.
const PEM: &[u8] = b"-----BEGIN";

/// A certificate that a log lists for a name. It may be the certificate or its precertificate: the key is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCertificate {
    /// Its name at the server.
    pub id: String,
    /// SHA-256 of its key (`SubjectPublicKeyInfo`).
    pub key: [u8; 32],
    /// SHA-256 of the certificate, or of its part that is signed where the server names only that.
    pub certificate: [u8; 32],
    /// Whether it is for all names beside the one that was asked for, and not for that one by name.
    pub is_wildcard: bool,
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

/// Reads a certificate, in PEM or DER; none if it is not for a host.
///
/// # Errors
/// It is no certificate.
pub(super) fn read(
    id: &str,
    bytes: &[u8],
    host: &str,
) -> Result<Option<LoggedCertificate>, NoCertificate> {
    let text = bytes.trim_ascii_start();
    let der = if text.starts_with(PEM) {
        CertificateDer::from_pem_slice(text).map_err(|_| NoCertificate)?
    } else {
        CertificateDer::from(bytes)
    };
    let (_, parsed) = x509_parser::parse_x509_certificate(&der).map_err(|_| NoCertificate)?;
    let met = TlsPeer::by(&der).ok_or(NoCertificate)?;
    let validity = parsed.validity();
    let from = Timestamp::from_second(validity.not_before.timestamp());
    let until = Timestamp::from_second(validity.not_after.timestamp());
    let covers = covers(&parsed, host);
    Ok(covers.map(|covers| LoggedCertificate {
        id: id.to_owned(),
        key: met.key,
        certificate: met.certificate,
        is_wildcard: covers == Covers::AsWildcard,
        from: from.unwrap_or(Timestamp::MAX),
        until: until.unwrap_or(Timestamp::MAX),
    }))
}

/// It cannot be read.
#[derive(Debug)]
pub(super) struct NoCertificate;

/// Browsers go by the alternative names. One whose names cannot be read is taken for what it was listed as.
fn covers(parsed: &X509Certificate<'_>, host: &str) -> Option<Covers> {
    let Ok(extension) = parsed.subject_alternative_name() else {
        return Some(Covers::Exactly);
    };
    let names = extension.map_or(&[][..], |it| &it.value.general_names[..]);
    let names = names.iter().filter_map(|name| match name {
        GeneralName::DNSName(name) => Covers::of(name, host),
        _ => None,
    });
    names.min()
}
