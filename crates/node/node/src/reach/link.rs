//! The page of this node, as people open it.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
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
/// The time between two pages whose time is listened to: anybody may be many.
const TOLD: Duration = Duration::from_secs(10);
/// The time for which it need not be noted again.
const NOTED: Duration = Duration::from_mins(1);

/// The place of the page, its certificate, and when somebody elsewhere opened it.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Its URL, where that is not the node's own.
    pub(crate) url: Option<String>,
    /// The certificate that the node keeps for it.
    pub(crate) certificate: Option<watch::Receiver<CertificateState>>,
    /// The name that it has at a relay.
    pub(crate) relay: Option<RelayWatch>,
    /// The last time that a caller from elsewhere came by its host.
    pub(crate) opened: Mutex<Option<Timestamp>>,
    /// When a page elsewhere told its time last.
    pub(crate) told: Mutex<Option<Instant>>,
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
        url.unwrap_or_else(|| local_addresses.own_url())
    }

    /// Whether a caller's page is listened to that tells its time: one on this machine goes by the same clock.
    pub(crate) fn tells_time(&self, caller: IpAddr, local_addresses: &LocalAddresses) -> bool {
        let here = local_addresses.now();
        if caller.is_loopback() || here.every().any(|own| own.ip() == caller) {
            return false;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = told.is_none_or(|at| at.elapsed() >= TOLD);
        if is_time {
            *told = Some(Instant::now());
        }
        is_time
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
    fn a_page_on_this_machine_says_nothing_of_its_clock() {
        let here = LocalAddresses::new(([192, 168, 1, 20], 9000).into(), Vec::new());
        let link = Link::default();
        let tells = |caller: [u8; 4]| link.tells_time(caller.into(), &here);
        assert!(!tells([127, 0, 0, 1]) && !tells([192, 168, 1, 20]));
        // The next one is not listened to at once.
        assert!(tells([192, 168, 1, 5]) && !tells([192, 168, 1, 6]));
    }

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
