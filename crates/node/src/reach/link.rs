//! The page of this node, as people open it.

use bolao_api::body::LinkBody;
use bolao_reach::CertificateState;
use tokio::sync::watch;

use crate::reach::local_addresses::LocalAddresses;

/// The place of the page, and its certificate.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Its URL, where that is not the node's own.
    pub(crate) url: Option<String>,
    /// The certificate that the node keeps for it.
    pub(crate) certificate: Option<watch::Receiver<CertificateState>>,
}

impl Link {
    /// Its state now.
    pub(crate) fn now(&self, local_addresses: &LocalAddresses) -> LinkBody {
        let url = self.url.clone();
        let mut link = LinkBody::untried(url.unwrap_or_else(|| local_addresses.own_url()));
        if let Some(certificate) = &self.certificate {
            let state = certificate.borrow();
            link.certificate_until = state.until;
            link.trouble.clone_from(&state.trouble);
        }
        link
    }
}
