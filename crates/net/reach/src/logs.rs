//! Public logs of certificates (Certificate Transparency, RFC 9162), as servers list them by name.
//!
//! Browsers accept a certificate of a public authority only if it stands in public logs. Somebody who gets one for another's name
//! can hide it from every look at the link, but not from there. Logs are too large to be read whole: some servers read all, and
//! list what stands in them for a name. Two forms are understood ([`LogServer`]):
//!
//! - **crt.sh**: `?q=NAME&output=json` lists numbers, `?d=NUMBER` is a certificate. The name is asked for, and `*.` with what is
//!   behind its first dot, by which the name can be served as well. Each certificate is fetched once ([`crt_sh`]).
//! - **Cert Spotter**: `?domain=NAME` lists keys itself, and from then on what is new ([`cert_spotter`]).
//!
//! A server is not believed more than it has to be: it can list what nobody issued, and leave out what somebody did. So a finding
//! names it ([`LogServer`] shows as its host). What it sends is bounded in size, time and number, and it leads nowhere else. A
//! reading succeeds only if every certificate that is listed was looked at.

mod cert_spotter;
mod certificate;
mod crt_sh;
mod fetch;
mod names;
mod reader;
mod server;

pub use certificate::LoggedCertificate;
pub use fetch::LogError;
pub use names::is_public_name;
pub use reader::LogReader;
pub use server::LogServer;
