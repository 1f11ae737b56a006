//! A template, how long it is good, and what it asks of a miner.

use std::{sync::Arc, time::Duration};

use bolao_api::MiningJob;
use bolao_chain::Template;
use bolao_ledger::{AccountId, UnixSeconds};
use tokio::time::Instant;

use crate::sealing::Deadlines;

/// How old a template may be, since times move on.
pub(super) const AGE: Duration = Duration::from_secs(30);

/// A template as the core made it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) number: u64,
    pub(super) revision: u64,
    at: Instant,
    /// Until when it is good while nothing changes.
    pub(super) ends: Instant,
    pub(super) template: Arc<Template>,
    deadlines: Deadlines,
}

impl Made {
    /// A template that came just now; `deadlines` are those of that time.
    pub(super) fn new(
        number: u64,
        revision: u64,
        template: Template,
        deadlines: Deadlines,
        now: UnixSeconds,
    ) -> Self {
        let at = Instant::now();
        let lasts = lasts(deadlines, template.changes_at, now);
        Self {
            number,
            revision,
            at,
            ends: at + lasts,
            template: Arc::new(template),
            deadlines,
        }
    }

    /// Whether a node that mines while transactions wait would look for this block.
    pub(super) fn is_wanted(&self) -> bool {
        !self.template.transactions.is_empty() || self.deadlines == Deadlines::Open
    }

    /// The block for a miner, and the same as a job whose times are those of now.
    pub(super) fn for_miner(&self, account: AccountId) -> (Template, MiningJob) {
        let template = self.template.for_miner(account);
        let mut header = template.header.to_bytes();
        header[68..72].copy_from_slice(&seconds(self.time()).to_le_bytes());
        let job = MiningJob {
            id: format!("{:016x}-{account}", self.number),
            account,
            height: template.height,
            header,
            target: template.target,
            coinbase_prefix: template.coinbase_prefix(),
            merkle_branch: template.merkle_branch.clone(),
            min_time: seconds(template.min_time),
            max_time: seconds(self.max_time()),
            transactions: template.transactions.len(),
            wanted: self.is_wanted(),
        };
        (template, job)
    }

    /// What a header is to carry now, so that a miner needs no right clock of its own.
    fn time(&self) -> UnixSeconds {
        self.template.time_after(self.at.elapsed().as_secs())
    }

    /// The latest time that a header may carry now.
    pub(super) fn max_time(&self) -> UnixSeconds {
        self.template.max_time_after(self.at.elapsed().as_secs())
    }
}

/// How long a template is good: at a kick-off, and when a result becomes final, what the pool wants is another thing;
/// and its transactions do something else after their own deadlines.
fn lasts(deadlines: Deadlines, changes_at: Option<UnixSeconds>, now: UnixSeconds) -> Duration {
    let next = match deadlines {
        Deadlines::ClosedUntil(next) => Some(next),
        Deadlines::Open | Deadlines::Closed => None,
    };
    let next = next.into_iter().chain(changes_at).min();
    // At least a second, or whoever waits would ask on and on.
    next.map_or(AGE, |next| {
        Duration::from_secs(next.0.saturating_sub(now.0).max(1)).min(AGE)
    })
}

/// A time as a header carries it.
pub(crate) fn seconds(time: UnixSeconds) -> u32 {
    u32::try_from(time.0).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_chain::{Core, CoreConfig};
    use bolao_ledger::Genesis;
    use bolao_store::Store;

    use super::*;
    use crate::engine::now;

    #[test]
    fn a_template_is_good_until_the_next_deadline_but_not_for_long() {
        let changing = |deadlines, changes_at: Option<u64>| {
            let changes_at = changes_at.map(UnixSeconds);
            lasts(deadlines, changes_at, UnixSeconds(100)).as_secs()
        };
        let lasts = |deadlines| changing(deadlines, None);
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
        for (changes_at, wanted) in [(100, 1), (103, 3), (120, 10)] {
            assert_eq!(changing(kickoff, Some(changes_at)), wanted);
        }
        assert_eq!(changing(Deadlines::Open, Some(103)), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn times_move_on_but_not_to_where_the_transactions_do_something_else() {
        let store = Store::in_memory(&Genesis::article()).unwrap();
        let now = now();
        let core = Core::new(store, CoreConfig::default(), now).unwrap();
        let template = core.template(now, AccountId([0; 32]), &[]).unwrap();
        let time = seconds(template.header.time());
        let (latest, changes_at) = (seconds(template.max_time), u64::from(time) + 5);
        let times = |template: Template, made: &Made| {
            let made = Made {
                template: Arc::new(template),
                ..made.clone()
            };
            (seconds(made.time()), seconds(made.max_time()))
        };
        let made = Made::new(1, 1, template.clone(), Deadlines::Closed, now.unix);
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(times(template.clone(), &made), (time + 20, latest + 20));
        let bounded = Template {
            changes_at: Some(UnixSeconds(changes_at)),
            ..template
        };
        assert_eq!(times(bounded, &made), (time + 4, time + 4));
    }
}
