//! What the clocks of validators show, as they sign it.
//!
//! - A validator says the time when a peer connects, when its clock was set, and now and then while something is voted on: a
//!   statement of kind 3 for the vote number 0, which there is none of, so that it says nothing else. What it
//!   [testifies](super::hybrid) holds its time, too.
//! - Of each validator the newest statement is listened to. What travels or waits comes late and lets the clock seem behind, so
//!   among the newest ones that which shows it furthest ahead counts, for [`TOLD_MS`] after it came.
//! - An old one that somebody repeats is not newer than what came since, or lies before the last final block's time.
//! - The median by weight counts, with the own clock in it, once validators of a third of the weight are heard. So neither
//!   strangers nor less than half of those who are heard move it.

// # Rule F19: of validators' clocks the median by weight counts, the own one among them.

use bolao_finality::Message;
use bolao_ledger::{Height, Signature, Statement, StatementKind, ValidatorKey};
use bolao_store::Arrival;

use super::{away::Heard, clock::Clock};
use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    io::Now,
    observer::{HeardClocks, median},
    sync::Syncing,
};

/// Between two times that a validator says the time while something is voted on, in milliseconds.
const EVERY_MS: u64 = 300_000;

impl Heard {
    /// The number of seconds by which our clock is ahead of the validators', if enough of them are heard.
    fn ahead_s(&self, own: Option<ValidatorKey>, now: Now) -> Option<i64> {
        let of = |key: &ValidatorKey| {
            if own == Some(*key) {
                return Some(0);
            }
            let clock = self.clock(key).filter(|it| it.counts(now.mono_ms))?;
            let theirs = clock.shows_ms(now.mono_ms) / 1_000;
            now.unix.0.checked_signed_diff(theirs)
        };
        let all = self.set().validators().iter();
        let known: Vec<_> = all
            .filter_map(|one| Some((of(&one.key)?, one.weight)))
            .collect();
        let weight = known.iter().map(|(_, weight)| weight).sum();
        median(known).filter(|_| self.is_third(weight))
    }
}

impl Voting {
    /// Whether this node votes on what comes next.
    pub(crate) fn has_vote(&self) -> bool {
        let own = self.own;
        own.is_some_and(|own| self.votes.heard.is_member(&own))
    }

    /// Whether the clocks of so many validators are heard that they are enough without this node.
    fn hears_validators(&self, cx: &Context) -> bool {
        let (own, now) = (self.own, cx.now.mono_ms);
        let heard = &self.votes.heard;
        let others = heard.set().validators().iter().filter(|one| {
            let clock = heard.clock(&one.key).filter(|it| it.counts(now));
            own != Some(one.key) && clock.is_some()
        });
        heard.is_third(others.map(|one| one.weight).sum())
    }

    /// The number of seconds by which this clock is ahead of the validators', where there are any and enough are heard.
    fn ahead_of_validators_s(&self, cx: &Context) -> Option<i64> {
        self.votes.heard.ahead_s(self.own, cx.now)
    }

    /// The clocks of others as this node hears them.
    pub(crate) fn heard_clocks(&self, cx: &Context, sync: &Syncing) -> HeardClocks {
        HeardClocks {
            validators: self.ahead_of_validators_s(cx),
            hears_validators: self.hears_validators(cx),
            has_vote: self.has_vote(),
            doubt: self.clock_doubt(),
            ..sync.heard_clocks()
        }
    }

    /// The arrival of what comes with this input: it arrives now.
    pub(super) fn arrives(&self, cx: &Context, sync: &Syncing) -> Arrival {
        self.heard_clocks(cx, sync).arrival(cx)
    }

    /// Takes the time that a validator says; whether it is a validator's, signed and new.
    pub(super) fn hear_clock(
        &mut self,
        cx: &Context,
        chain: &Chain,
        (key, statement, signature): &(ValidatorKey, Statement, Signature),
    ) -> bool {
        let (own, pool, now) = (self.own, cx.pool, cx.now);
        // Of blocks with certificates the next one is no older than the last.
        let final_s = match &self.checkpoints {
            Some(checkpoints) => checkpoints.clock.0,
            None => chain.median_time().0,
        };
        let verified = &cx.config.verified;
        // A right clock and the blocks that such clocks took lie no further apart.
        let apart_s = u64::from(self.rules.clock_s).saturating_mul(2);
        let said = statement.round;
        statement.kind == StatementKind::Testified
            && Some(*key) != own
            && u64::from(said).saturating_add(apart_s) >= final_s
            && self.votes.heard.is_member(key)
            && verified.is_signed(pool, *key, statement, signature)
            && Clock::says(self.votes.heard.clock_mut(*key), said, now.mono_ms)
    }

    /// The time is to be said: somebody has come who does not know it, or the clock was set.
    pub(crate) fn want_clock(&mut self) {
        self.rounds.says_time = true;
    }

    /// Says the time if it is to be said.
    pub(crate) fn say_clock(&mut self, cx: &Context, sync: &mut Syncing) {
        let now = cx.now;
        let due = now.mono_ms >= self.rounds.said_time_ms.saturating_add(EVERY_MS);
        let wanted = self.rounds.says_time || due && self.votes.validator.round().is_some();
        if !wanted || !self.has_vote() || sync.peers().is_empty() {
            return;
        }
        self.say(
            cx,
            sync,
            Statement {
                kind: StatementKind::Testified,
                height: Height::ZERO,
                round: u32::try_from(now.unix.0).unwrap_or(u32::MAX),
                decision: None,
            },
        );
    }

    /// Signs what is said beside the votes, and sends it to all.
    pub(super) fn say(&mut self, cx: &Context, sync: &mut Syncing, statement: Statement) {
        let Some(vote) = &cx.config.validator else {
            return;
        };
        let signature = vote.key.sign(&statement.signing_bytes(cx.pool));
        let signature = Signature(signature.to_bytes());
        let own = self.own;
        self.rounds.said_time_ms = cx.now.mono_ms;
        self.rounds.says_time = false;
        if let Some(own) = own {
            sync.send_vote(&Message::testified(own, statement, signature).encode());
        }
    }
}
