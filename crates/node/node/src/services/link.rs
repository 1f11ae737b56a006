//! The page of this node, as people open it.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bolao_api::body::{LinkBody, Reach};
use bolao_discovery::Scope;
use bolao_limits::address_key;
use bolao_reach::CertificateState;
use jiff::Timestamp;
use tokio::sync::watch;
use url::Url;

use crate::{reach::local_addresses::LocalAddresses, services::relayed::RelayWatch};

/// The time for which it is known that somebody elsewhere has opened the page.
const GOOD: Duration = Duration::from_hours(7 * 24);
/// The time for which it need not be noted again.
const NOTED: Duration = Duration::from_mins(1);

/// The place of the page, its certificate, and when somebody elsewhere opened it.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Its URL, where that is not the node's own.
    pub(crate) url: Option<String>,
    /// The path of the pool below it, or below the node's own.
    pub(crate) path: String,
    /// The certificate that the node keeps for it.
    pub(crate) certificate: Option<watch::Receiver<CertificateState>>,
    /// The name that it has at a relay.
    pub(crate) relay: Option<RelayWatch>,
    /// The last time that a caller from elsewhere came by its host.
    pub(crate) opened: Mutex<Option<Timestamp>>,
}

impl Link {
    /// Its state now.
    pub(crate) fn now(&self, local_addresses: &LocalAddresses) -> LinkBody {
        let mut link = LinkBody::untried(self.url(local_addresses));
        let mut proven = *self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let of_relay = self.relay.as_ref().map(|it| &it.certificate);
        if let Some(certificate) = self.certificate.as_ref().or(of_relay) {
            let state = certificate.borrow();
            link.certificate_until = state.until;
            link.trouble.clone_from(&state.trouble);
            proven = proven.max(state.looked);
        }
        let now = Timestamp::now();
        let is_recent = |at: Timestamp| now.duration_since(at).unsigned_abs() < GOOD;
        if link.reach == Reach::Unknown && proven.is_some_and(is_recent) {
            link.reach = Reach::Everywhere;
        }
        if let Some(relay) = &self.relay {
            relay.tell(&mut link);
        }
        link
    }

    fn url(&self, local_addresses: &LocalAddresses) -> String {
        let url = self.url.clone();
        url.unwrap_or_else(|| format!("{}{}", local_addresses.own_url(), self.path))
    }

    /// Notes that somebody has called by a host. Somebody elsewhere who did so by the page's host has proven that it opens there.
    pub(crate) fn called(&self, caller: IpAddr, host: &str, local_addresses: &LocalAddresses) {
        // Unspecified is a caller of whom a proxy does not say enough.
        if Scope::of(caller) != Scope::Global || caller.is_unspecified() {
            return;
        }
        let now = Timestamp::now();
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if opened.is_some_and(|at| now.duration_since(at).unsigned_abs() < NOTED) {
            return;
        }
        let url = Url::parse(&self.url(local_addresses)).ok();
        let is_by_it = url.is_some_and(|url| {
            url.host_str()
                .is_some_and(|own| own.eq_ignore_ascii_case(host))
        });
        // From behind the same router, or from the same network of IPv6.
        let is_near = local_addresses
            .now()
            .every()
            .any(|own| address_key(own.ip()) == address_key(caller));
        if is_by_it && !is_near {
            *opened = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn who_can_open_it_is_known_once_somebody_elsewhere_has() {
        let listen = ([192, 168, 1, 20], 9000).into();
        let here = LocalAddresses::new(listen, Vec::new());
        let lan = Link::default();
        assert_eq!(lan.now(&here).reach, Reach::Lan);
        let link = Link {
            url: Some("https://Pool.example".to_owned()),
            ..Link::default()
        };
        let shared = IpAddr::from([100, 64, 0, 7]);
        let global = IpAddr::from([9, 9, 9, 9]);
        assert_eq!(Scope::of(global), Scope::Global);
        for (caller, host) in [
            (shared, "pool.example"),
            ([0, 0, 0, 0].into(), "pool.example"),
            ([192, 168, 1, 5].into(), "pool.example"),
            (global, "192.168.1.20"),
        ] {
            link.called(caller, host, &here);
            assert_eq!(link.now(&here).reach, Reach::Unknown, "{caller} {host}");
        }
        link.called(global, "pool.example", &here);
        assert_eq!(link.now(&here).reach, Reach::Everywhere);
        *link.opened.lock().unwrap() = Some(Timestamp::now() - GOOD);
        assert_eq!(link.now(&here).reach, Reach::Unknown);
    }
}
