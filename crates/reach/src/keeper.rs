//! Keeps a site's certificate good: gets the first, and each next one in time.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::Timestamp;
use tokio::{net::lookup_host, sync::watch, time::sleep};

use crate::{
    Authority, LETS_ENCRYPT, Site,
    authority::{Client, Look, Refusal},
    certificate::{Certificate, Issued, Shelf, after, keep, load},
    challenge::Challenges,
};

/// The first pause after a refusal, and the longest. Let's Encrypt allows five refusals of a name in an hour.
const PAUSES: (Duration, Duration) = (Duration::from_mins(1), Duration::from_hours(6));
/// From one look at a name that leads nowhere to the next.
const NAME: Duration = Duration::from_secs(20);
/// The shortest and the longest time until an authority is asked again when to renew.
const ASK_AGAIN: (Duration, Duration) = (Duration::from_hours(1), Duration::from_hours(24));

/// The state of a site's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateState {
    /// The end of the one that callers are shown; none before there is one.
    pub until: Option<Timestamp>,
    /// The last time that an authority of the internet has looked, and found this site.
    pub looked: Option<Timestamp>,
    /// The obstacle to a new one, in a sentence.
    pub trouble: Option<String>,
}

pub(crate) struct Keeper {
    pub(crate) site: Site,
    pub(crate) is_relayed: bool,
    pub(crate) authority: Authority,
    pub(crate) shelf: Shelf,
    pub(crate) challenges: Arc<Challenges>,
    /// The ways in which the authority may look; at least one.
    pub(crate) looks: Vec<Look>,
    pub(crate) state: watch::Sender<CertificateState>,
}

impl Keeper {
    /// Shows the certificate that is kept, if there is one.
    pub(crate) fn begin(&self) -> Option<Certificate> {
        let kept: Issued = load(&self.shelf.certificate(&self.site))?;
        let kept = (kept.authority == self.authority.url).then_some(kept)?;
        match Certificate::read(&kept) {
            Ok(certificate) => {
                self.show(&certificate);
                Some(certificate)
            }
            Err(error) => {
                tracing::warn!(site = %self.site, error, "the certificate that is kept cannot be used");
                None
            }
        }
    }

    /// Keeps it good, for ever.
    pub(crate) async fn run(self, mut kept: Option<Certificate>) {
        let mut looks = self.looks.iter().copied().cycle();
        loop {
            if let Some(certificate) = &kept {
                self.until_due(certificate).await;
            }
            let pauses = ExponentialBuilder::default()
                .with_min_delay(PAUSES.0)
                .with_max_delay(PAUSES.1)
                .with_factor(3.0)
                .without_max_times()
                .with_jitter();
            let mut pauses = pauses.build();
            kept = loop {
                self.until_named().await;
                let look = looks.next().unwrap_or(Look::Https);
                match self.renew(look).await {
                    Ok(certificate) => break Some(certificate),
                    Err(refusal) => {
                        let pause = pauses.next().unwrap_or(PAUSES.1);
                        self.told(&refusal.to_string(), Some(pause));
                        sleep(pause).await;
                    }
                }
            };
        }
    }

    async fn renew(&self, look: Look) -> Result<Certificate, Refusal> {
        let client = Client::open(&self.authority, &self.shelf).await?;
        let issued = client.order(&self.site, look, &self.challenges).await?;
        let certificate = Certificate::read(&issued).map_err(|why| {
            Refusal::Refused(format!(
                "what the certificate authority issued cannot be used: {why}"
            ))
        })?;
        keep(&self.shelf.certificate(&self.site), &issued)?;
        if self.authority.url == LETS_ENCRYPT {
            self.state
                .send_modify(|state| state.looked = Some(Timestamp::now()));
        }
        self.show(&certificate);
        tracing::info!(site = %self.site, until = %certificate.until, "a certificate was issued");
        Ok(certificate)
    }

    fn show(&self, certificate: &Certificate) {
        self.challenges.use_from_now(Arc::clone(&certificate.key));
        self.state.send_modify(|state| {
            (state.until, state.trouble) = (Some(certificate.until), None);
        });
    }

    /// Says what is in the way, once.
    fn told(&self, trouble: &str, pause: Option<Duration>) {
        let is_new = self.state.send_if_modified(|state| {
            let is_new = state.trouble.as_deref() != Some(trouble);
            if is_new {
                state.trouble = Some(trouble.to_owned());
            }
            is_new
        });
        if is_new {
            let again_in_s = pause.map(|it| it.as_secs());
            tracing::warn!(site = %self.site, again_in_s, "{trouble}");
        }
    }

    /// Returns when a certificate should be renewed: when its authority suggests, else after two thirds of its life.
    async fn until_due(&self, certificate: &Certificate) {
        loop {
            let now = Timestamp::now();
            let suggested = match Client::open(&self.authority, &self.shelf).await {
                Ok(client) => client.renewal(certificate).await,
                Err(refusal) => {
                    tracing::debug!(%refusal, "nobody says when to renew");
                    None
                }
            };
            let (due, again) = match suggested {
                Some((due, again)) => (
                    due.min(certificate.until),
                    again.clamp(ASK_AGAIN.0, ASK_AGAIN.1),
                ),
                None => (certificate.two_thirds(), ASK_AGAIN.1),
            };
            if due <= now {
                return;
            }
            let left =
                Duration::try_from(now.until(due).map_or(jiff::SignedDuration::ZERO, |it| {
                    jiff::SignedDuration::try_from(it).unwrap_or_default()
                }))
                .unwrap_or_default();
            sleep(left.min(again)).await;
            if after(now, left) <= Timestamp::now() {
                return;
            }
        }
    }

    /// Returns once the site's name leads to this machine, as far as this can be seen from here.
    async fn until_named(&self) {
        let Some(name) = self.site.name() else {
            return;
        };
        loop {
            let found = lookup_host((name, self.site.port())).await;
            let found: Vec<SocketAddr> = found.map_or_else(|_| Vec::new(), Iterator::collect);
            let trouble = if self.is_relayed {
                nowhere(&self.site, &found)
            } else {
                elsewhere(&self.site, &found)
            };
            match trouble {
                None => return,
                Some(trouble) => self.told(&trouble, None),
            }
            sleep(NAME).await;
        }
    }
}

/// The fault of a name at a relay that leads nowhere.
fn nowhere(site: &Site, found: &[SocketAddr]) -> Option<String> {
    found.is_empty().then(|| {
        format!(
            "the name {site} has no address yet: the relay's owner must point it, like all names under the relay's, \
            to the relay's server"
        )
    })
}

/// The fault in the addresses of a name, if it can be known: a machine behind a router does not know its own.
fn elsewhere(site: &Site, found: &[SocketAddr]) -> Option<String> {
    use bolao_discovery::Scope;
    if found.is_empty() {
        return Some(format!(
            "the name {site} has no address yet: add an A or AAAA record that points to this machine where you \
            bought the name"
        ));
    }
    let own: Vec<_> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .iter()
        .map(if_addrs::Interface::ip)
        .collect();
    let is_here = found.iter().any(|it| own.contains(&it.ip().to_canonical()));
    let outside: Vec<String> = own
        .iter()
        .filter(|ip| ip.is_ipv4() && Scope::of(**ip) == Scope::Global)
        .map(ToString::to_string)
        .collect();
    if is_here || outside.is_empty() {
        return None;
    }
    let leads: Vec<String> = found.iter().map(|it| it.ip().to_string()).collect();
    Some(format!(
        "the name {site} points to {}, not to this machine ({}): change its A or AAAA record",
        leads.join(", "),
        outside.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_name_without_an_address_is_told() {
        let site: Site = "pool.example.org".parse().unwrap();
        assert!(elsewhere(&site, &[]).unwrap().contains("no address yet"));
        assert_eq!(elsewhere(&site, &["127.0.0.1:443".parse().unwrap()]), None);
    }
}
