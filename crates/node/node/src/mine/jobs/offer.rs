//! A template that solutions may be for, and how long it is good.

use std::{sync::Arc, time::Duration};

use bolao_chain::Template;
use bolao_ledger::{AccountId, Genesis, UnixSeconds};
use tokio::time::Instant;

use super::job_id;
use crate::mine::sealing::Deadlines;

/// The greatest age of a template, since times move on.
const AGE: Duration = Duration::from_secs(30);

/// The greatest age of a template in a pool: where validators refuse blocks that come late, a third of the time that they allow.
pub(super) fn age(genesis: &Genesis) -> Duration {
    let late_s = genesis.consensus.refuses_after_s();
    late_s.map_or(AGE, |late_s| {
        AGE.min(Duration::from_secs(late_s.into()) / 3)
    })
}

/// A template as the core made it.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    pub(super) number: u64,
    pub(super) revision: u64,
    at: Instant,
    /// Until when it is good while nothing changes.
    pub(super) ends: Instant,
    template: Arc<Template>,
}

impl Offer {
    /// A template that came just now; `deadlines` are those of that time.
    pub(super) fn new(
        number: u64,
        revision: u64,
        mut template: Template,
        deadlines: Deadlines,
        now: UnixSeconds,
        age: Duration,
    ) -> Self {
        let at = Instant::now();
        template.job.wanted |= deadlines == Deadlines::Open;
        Self {
            number,
            revision,
            at,
            ends: at + lasts(deadlines, template.job.last_time, now).min(age),
            template: Arc::new(template),
        }
    }

    pub(super) fn is_on_tip_of(&self, other: &Self) -> bool {
        self.template.job.previous() == other.template.job.previous()
    }

    /// The template for a miner; its times are those of now, so that a miner needs no right clock of its own.
    pub(super) fn for_miner(&self, account: AccountId) -> Template {
        let mut template = self.template.for_miner(account);
        template.job.id = job_id(self.number, account);
        template.job = template.job.after(self.at.elapsed());
        template
    }
}

/// The time for which a template is good: at a kick-off, and when a result becomes final, what the pool wants is another thing;
/// and its transactions do something else after their own deadlines.
fn lasts(deadlines: Deadlines, last_time: u32, now: UnixSeconds) -> Duration {
    let next = match deadlines {
        Deadlines::ClosedUntil(next) => next.0,
        Deadlines::Open | Deadlines::Closed => u64::MAX,
    };
    let next = next.min(u64::from(last_time) + 1);
    // At least a second, or whoever waits would ask on and on.
    Duration::from_secs(next.saturating_sub(now.0).max(1)).min(AGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_good_until_the_next_deadline_but_not_for_long() {
        let lasting =
            |deadlines, last_time| lasts(deadlines, last_time, UnixSeconds(100)).as_secs();
        let lasts = |deadlines| lasting(deadlines, u32::MAX);
        let until = |next| lasts(Deadlines::ClosedUntil(UnixSeconds(next)));
        assert_eq!(lasts(Deadlines::Open), AGE.as_secs());
        assert_eq!(lasts(Deadlines::Closed), AGE.as_secs());
        assert_eq!(until(103), 3);
        for never in [100 + AGE.as_secs(), 1_000, 1 << 63, u64::MAX] {
            assert_eq!(until(never), AGE.as_secs(), "{never}");
        }
        for over in [0, 99, 100, 101] {
            assert_eq!(until(over), 1, "{over}");
        }
        let kickoff = Deadlines::ClosedUntil(UnixSeconds(110));
        for (last_time, wanted) in [(99, 1), (102, 3), (119, 10)] {
            assert_eq!(lasting(kickoff, last_time), wanted);
        }
        assert_eq!(lasting(Deadlines::Open, 102), 3);
    }
}
