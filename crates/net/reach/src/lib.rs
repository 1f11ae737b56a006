#![doc = include_str!("../README.md")]

mod authority;
mod certificate;
mod challenge;
mod failure;
mod https;
mod keeper;
mod logs;
mod look;
pub mod relay;
mod server;
mod site;

pub use authority::{Authority, LETS_ENCRYPT};
pub use https::Https;
pub use keeper::CertificateState;
pub use logs::{LogError, LogReader, LogServer, LoggedCertificate, is_public_name};
pub use look::{TlsPeer, look};
pub use server::{CertificateConfig, Certified, SiteConfig, SiteError, SiteServer};
pub use site::Site;
