//! Keeps a site's certificate good: gets the first, and each next one in time.

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::Timestamp;
use tokio::{
    net::lookup_host,
    sync::watch,
    time::{Instant, sleep},
};

use crate::{
    Authority, LETS_ENCRYPT, Site,
    authority::{Client, Look, Refusal, RetryAfter},
    certificate::{Certificate, Issued, Shelf, after, load},
    challenge::Challenges,
};

/// The first pause after a refusal, and the longest. Let's Encrypt allows five refusals of a name in an hour.
const PAUSES: (Duration, Duration) = (Duration::from_mins(1), Duration::from_hours(6));
/// The longest wait for an authority that asks for one.
const ASKED: Duration = Duration::from_hours(7 * 24);
/// The clock of this machine is looked at so often: others stand still while it sleeps.
const CLOCK: Duration = Duration::from_mins(1);
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
    /// Until when the authority wants not to be asked.
    pub(crate) retry_after: RetryAfter,
}

/// Waits until a time by this machine's clock, or until `most` has passed without it being so: it may be set back.
async fn wait(until: Timestamp, most: Duration, clock: impl Fn() -> Timestamp) {
    let begun = Instant::now();
    loop {
        let left = until.duration_since(clock());
        let left = Duration::try_from(left).unwrap_or_default();
        let left = left.min(most.saturating_sub(begun.elapsed()));
        if left.is_zero() {
            return;
        }
        sleep(left.min(CLOCK)).await;
    }
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
                let mut renewed = self.renew(look, kept.as_ref()).await;
                if let Err(Refusal::NoAccount) = renewed {
                    tracing::warn!(site = %self.site, "the certificate authority has lost this node's account: a new one is made");
                    renewed = match self.shelf.forget_account() {
                        Ok(()) => self.renew(look, kept.as_ref()).await,
                        Err(error) => Err(error.into()),
                    };
                }
                match renewed {
                    Ok(certificate) => break Some(certificate),
                    Err(refusal) => {
                        let pause = self.asked_for(pauses.next().unwrap_or(PAUSES.1));
                        self.told(&refusal.to_string(), Some(pause));
                        wait(after(Timestamp::now(), pause), pause, Timestamp::now).await;
                    }
                }
            };
        }
    }

    /// A pause before the next try: what the authority asks for, where that is longer.
    fn asked_for(&self, pause: Duration) -> Duration {
        let until = *self
            .retry_after
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let asked = until.map(|until| until.duration_since(Timestamp::now()));
        let asked = asked.and_then(|asked| Duration::try_from(asked).ok());
        pause.max(asked.unwrap_or_default().min(ASKED))
    }

    async fn renew(
        &self,
        look: Look,
        replaced: Option<&Certificate>,
    ) -> Result<Certificate, Refusal> {
        *self
            .retry_after
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
        let key = self.shelf.key(&self.site).map_err(|error| {
            Refusal::Refused(format!("a certificate's key cannot be kept: {error}"))
        })?;
        // Friends' nodes are to know it before public logs do.
        self.challenges.comes_with(&key);
        let client = Client::open(&self.authority, &self.shelf, &self.retry_after).await?;
        let issued = client
            .order(&self.site, look, &self.challenges, (&key, replaced))
            .await?;
        let certificate = Certificate::read(&issued).map_err(|why| {
            Refusal::Refused(format!(
                "what the certificate authority issued cannot be used: {why}"
            ))
        })?;
        self.shelf.keep(&self.site, &issued)?;
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
        let mut told = trouble.to_owned();
        let is_new = self.state.send_if_modified(|state| {
            if let Some(until) = state.until.filter(|until| *until < Timestamp::now()) {
                told = format!(
                    "its certificate ran out at {}, so browsers refuse to open it: {trouble}",
                    until.strftime("%Y-%m-%d %H:%M UTC")
                );
            }
            let is_new = state.trouble.as_ref() != Some(&told);
            if is_new {
                state.trouble = Some(told.clone());
            }
            is_new
        });
        if is_new {
            let again_in_s = pause.map(|it| it.as_secs());
            tracing::warn!(site = %self.site, again_in_s, "{told}");
        }
    }

    /// Returns when a certificate should be renewed: when its authority suggests, else after two thirds of its life.
    async fn until_due(&self, certificate: &Certificate) {
        loop {
            let now = Timestamp::now();
            let suggested =
                match Client::open(&self.authority, &self.shelf, &self.retry_after).await {
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
            wait(due, again, Timestamp::now).await;
            if due <= Timestamp::now() {
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

    /// A machine that sleeps: its own clock goes on, the one that programs wait by does not.
    #[tokio::test(start_paused = true)]
    async fn what_is_due_after_a_sleep_is_due_at_once() {
        let (begun, now) = (Instant::now(), Timestamp::now());
        let slept = Duration::from_hours(20);
        let clock = || {
            let awake = begun.elapsed();
            let asleep = if awake > Duration::from_mins(5) {
                slept
            } else {
                Duration::ZERO
            };
            after(now, awake + asleep)
        };
        wait(after(now, Duration::from_hours(12)), ASK_AGAIN.1, clock).await;
        let took = begun.elapsed();
        assert!(took <= Duration::from_mins(7), "{took:?}");
        // A clock that is set back does not hold it for ever.
        let begun = Instant::now();
        let back = || after(now, Duration::ZERO);
        wait(after(now, Duration::from_hours(9_000)), ASK_AGAIN.0, back).await;
        assert_eq!(begun.elapsed().as_secs(), ASK_AGAIN.0.as_secs());
    }

    #[test]
    fn a_name_without_an_address_is_told() {
        let site: Site = "pool.example.org".parse().unwrap();
        assert!(elsewhere(&site, &[]).unwrap().contains("no address yet"));
        assert_eq!(elsewhere(&site, &["127.0.0.1:443".parse().unwrap()]), None);
    }
}
