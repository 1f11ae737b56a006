//! Who is there. Validators repeat their votes until a height is decided, so that who is there is heard every second or two
//! while something waits; at other times nobody says anything, and nobody is away.
//!
//! A validator is away if nothing was heard of it for [`AWAY_MS`], and either something has waited for so long to be decided,
//! or the last [`MISSED`] decisions were made without it. A node without a vote that has heard no validator since it started calls
//! nobody away. Who is known to have signed two different votes of this height is not away: its key is on two machines, which both
//! fall silent, or it cheats.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bolao_finality::{Message, Missing};
use bolao_ledger::{AccountId, Certificate, Height, StatementKind, ValidatorKey, ValidatorSet};

use super::clock::{Clock, LISTEN_MS};
use crate::{
    chain::Chain,
    consensus::Voting,
    context::Context,
    io::{Attendance, Attendee, Cause, Disagreement, Event, LastVote, Now},
    sync::Syncing,
};

/// The time after which a validator that was not heard is away, in milliseconds.
const AWAY_MS: u64 = 10_000;
/// The number of decisions without a vote of it that make a validator away.
const MISSED: u32 = 3;
/// Watchers hear of new votes no more often than this, in milliseconds.
const TELL_MS: u64 = 1_000;

/// The state of one validator, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
struct Voice {
    heard_ms: Option<u64>,
    last: Option<LastVote>,
    /// Decisions since then in which it had no part.
    missed: u32,
    clock: Option<Clock>,
}

impl Voice {
    fn voted(&mut self, vote: LastVote) {
        if self.last.is_none_or(|last| last.height <= vote.height) {
            self.last = Some(vote);
        }
    }

    fn is_silent(&self, now_ms: u64) -> bool {
        let until = self.heard_ms.map(|last| last.saturating_add(AWAY_MS));
        until.is_none_or(|until| until <= now_ms)
    }
}

/// The validators, and what was heard of each.
#[derive(Debug)]
pub(super) struct Heard {
    set: ValidatorSet,
    voices: BTreeMap<ValidatorKey, Voice>,
    /// Since when something waits at this height, by both clocks.
    waits: Option<Now>,
    /// The validators whose two different votes of this height are here.
    twice: BTreeSet<ValidatorKey>,
    /// The attendance that watchers know, and since when.
    told: Arc<Attendance>,
    told_ms: u64,
    /// Whether there is more to tell.
    is_new: bool,
    /// The votes that the round waits for, and since when, in milliseconds: at first nobody has sent them.
    awaited: (Option<(u32, StatementKind)>, u64),
    /// Whether the log has named the votes that are missing, since enough were online and a block waited.
    is_said: bool,
}

impl Heard {
    pub(super) fn new(set: ValidatorSet) -> Self {
        Self {
            set,
            voices: BTreeMap::new(),
            waits: None,
            twice: BTreeSet::new(),
            told: Arc::default(),
            told_ms: 0,
            awaited: (None, 0),
            is_said: false,
            is_new: true,
        }
    }

    pub(super) fn is_member(&self, key: &ValidatorKey) -> bool {
        self.set.get(key).is_some()
    }

    /// The set of validators who have a vote.
    pub(super) fn set(&self) -> &ValidatorSet {
        &self.set
    }

    /// A validator's clock, if it said what that shows.
    pub(super) fn clock(&self, key: &ValidatorKey) -> Option<Clock> {
        self.voices.get(key)?.clock
    }

    pub(super) fn clock_mut(&mut self, key: ValidatorKey) -> &mut Option<Clock> {
        &mut self.voices.entry(key).or_default().clock
    }

    /// The number of validators who have a vote.
    pub(super) fn count(&self) -> usize {
        self.set.validators().len()
    }

    /// Something that this validator signed came just now.
    pub(super) fn hears(&mut self, key: ValidatorKey, now_ms: u64) {
        self.voices.entry(key).or_default().heard_ms = Some(now_ms);
    }

    /// The weight of these.
    pub(super) fn weight(&self, keys: impl IntoIterator<Item = ValidatorKey>) -> u64 {
        let weights = keys.into_iter().filter_map(|key| self.set.get(&key));
        weights.map(|one| one.weight).sum()
    }

    /// The weight of those who were heard within so many milliseconds, and of this node itself.
    pub(super) fn weight_of(&self, own: Option<ValidatorKey>, now_ms: u64, within_ms: u64) -> u64 {
        let heard = self.voices.iter().filter(|(key, voice)| {
            let until = voice.heard_ms.map(|last| last.saturating_add(within_ms));
            Some(**key) != own && until.is_some_and(|until| now_ms < until)
        });
        self.weight(heard.map(|(key, _)| *key).chain(own))
    }

    pub(super) fn is_quorum(&self, weight: u64) -> bool {
        self.set.is_quorum(weight)
    }

    /// Whether this key's vote is enough without any other.
    pub(super) fn decides_alone(&self, own: Option<ValidatorKey>) -> bool {
        let own = own.and_then(|own| self.set.get(&own));
        own.is_some_and(|own| self.is_quorum(own.weight))
    }

    /// Whether so much weight is at least a third.
    pub(super) fn is_third(&self, weight: u64) -> bool {
        u128::from(weight) * 3 >= u128::from(self.set.total())
    }

    /// At another height.
    pub(super) fn next(&mut self, set: ValidatorSet) {
        self.voices.retain(|key, _| set.get(key).is_some());
        self.set = set;
        self.waits = None;
        self.twice.clear();
        self.is_new = true;
    }

    /// Something waits to be decided.
    pub(super) fn waits(&mut self, now: Now) {
        self.waits.get_or_insert(now);
    }

    /// Begins the wait anew: whoever catches up has waited for nobody yet.
    fn waits_anew(&mut self, now: Now) {
        self.waits = self.waits.map(|_| now);
    }

    /// Two different votes of this height are here, signed by one.
    pub(super) fn signed_twice(&mut self, key: ValidatorKey, now: Now) {
        if self.is_member(&key) {
            self.twice.insert(key);
            self.waits(now);
        }
    }

    /// Notes the validators who proved a decision.
    pub(super) fn decided(&mut self, certificate: &Certificate, vote: LastVote, cause: Cause) {
        for key in certificate.signatures.keys() {
            self.voices.entry(*key).or_default().voted(vote);
        }
        for validator in self.set.validators() {
            let voice = self.voices.entry(validator.key).or_default();
            let took_part = voice.last.is_some_and(|last| last.height >= vote.height);
            if took_part {
                voice.missed = 0;
            } else if cause == Cause::Voted {
                voice.missed = voice.missed.saturating_add(1);
            }
        }
        self.is_new = true;
    }

    /// When something has waited so long that somebody must be missing.
    fn stalls_ms(&self) -> Option<u64> {
        Some(self.waits?.mono_ms.saturating_add(AWAY_MS))
    }

    /// When there may be more to say.
    pub(super) fn next_look_ms(&self) -> impl Iterator<Item = u64> {
        let tell = self.is_new.then(|| self.told_ms.saturating_add(TELL_MS));
        let silences = self.voices.values().filter_map(|voice| voice.heard_ms);
        let silences = silences.map(|last| last.saturating_add(AWAY_MS));
        silences.chain(self.stalls_ms()).chain(tell)
    }

    fn attendance(
        &self,
        height: Height,
        (own, copied, elsewhere): (Option<ValidatorKey>, bool, Option<Height>),
        now_ms: u64,
    ) -> Attendance {
        let stalls = self.stalls_ms().is_some_and(|at| at <= now_ms);
        // Who has heard nobody may be cut off himself.
        let hears = own.is_some_and(|own| self.is_member(&own))
            || self
                .voices
                .values()
                .any(|voice| voice.heard_ms.is_some() || voice.last.is_some());
        let validators = self.set.validators().iter().map(|validator| {
            let voice = self.voices.get(&validator.key).copied().unwrap_or_default();
            let is_missed = stalls || voice.missed >= MISSED;
            let twice = self.twice.contains(&validator.key);
            Attendee {
                account: validator.account,
                last_vote: voice.last,
                away: hears
                    && is_missed
                    && !twice
                    && voice.is_silent(now_ms)
                    && own != Some(validator.key),
                twice,
            }
        });
        let here = self.weight_of(own, now_ms, AWAY_MS);
        let known = stalls || copied || !self.twice.is_empty();
        Attendance {
            height,
            waits_since: self.waits.filter(|_| known).map(|now| now.unix),
            disagreement: (stalls && self.is_quorum(here)).then(Disagreement::default),
            copied,
            elsewhere,
            validators: validators.collect(),
        }
    }

    /// Names those whose votes are missing or against the block, and logs it once.
    fn disagreement(
        &mut self,
        height: Height,
        missing: &Missing,
        attendance: &Attendance,
        own: Option<ValidatorKey>,
    ) -> Disagreement {
        let accounts = |keys: &[ValidatorKey]| -> Vec<_> {
            let of = keys.iter().filter_map(|key| self.set.get(key));
            of.map(|one| one.account).collect()
        };
        let (mut from, own) = (accounts(&missing.from), accounts(own.as_slice()));
        let against = accounts(&missing.against);
        if !self.is_said {
            self.is_said = true;
            say_missing(height, missing, &from);
        }
        let away: Vec<_> = attendance.away().collect();
        from.retain(|one| !away.contains(one) && !own.contains(one));
        Disagreement {
            missing: from,
            against,
        }
    }
}

/// Says which votes a block waits for, and whose.
fn say_missing(height: Height, missing: &Missing, of: &[AccountId]) {
    let of: Vec<_> = of.iter().map(AccountId::to_string).collect();
    let what = match missing.kind {
        StatementKind::Proposal { .. } => "the proposal",
        StatementKind::Prevote => "prevotes",
        StatementKind::Precommit | StatementKind::Testified => "precommits",
    };
    let (round, of) = (missing.round, of.join(", "));
    tracing::warn!(%height, round, what, of, "a block waits although enough validators are online: these votes are not here");
}

impl Voting {
    /// Notes whose message this is.
    pub(super) fn listen(&mut self, cx: &Context, message: &Message) {
        let (now, pool, verified) = (cx.now, cx.pool, &cx.config.verified);
        // People think of blocks, not of the numbers of checkpoints.
        let above = self.checkpoints.as_ref().map(|it| it.base.height.next());
        let heard = &mut self.votes.heard;
        if let [(key, statement, signature)] = message.statements()[..] {
            let last = heard.voices.get(&key).and_then(|voice| voice.heard_ms);
            let wanted = last.is_none_or(|last| now.mono_ms.saturating_sub(last) >= LISTEN_MS);
            if wanted
                && heard.set.get(&key).is_some()
                && verified.is_signed(pool, key, &statement, &signature)
            {
                let voice = heard.voices.entry(key).or_default();
                voice.heard_ms = Some(now.mono_ms);
                voice.missed = 0;
                let voted = statement.decision.map(|decision| decision.height);
                let height = above.map_or(statement.height, |above| voted.unwrap_or(above));
                voice.voted(LastVote {
                    height,
                    time: now.unix,
                });
                heard.is_new = true;
            }
        }
    }

    /// Says who is there, if that is news.
    pub(crate) fn look_who_is_away(&mut self, cx: &mut Context, chain: &Chain, sync: &Syncing) {
        let now = cx.now.mono_ms;
        let height = if cx.kind.is_certified() {
            chain.tip().height.next()
        } else {
            chain.tip().height
        };
        let (own, syncing) = (self.own, sync.is_syncing(cx));
        let is_copied = self.is_copied();
        if syncing {
            self.votes.heard.waits_anew(cx.now);
        }
        let copied = is_copied || self.recall.muted >= Some(self.votes.validator.height());
        let elsewhere = self.recall.elsewhere;
        let missing = self.votes.validator.missing();
        let heard = &mut self.votes.heard;
        let mut attendance = heard.attendance(height, (own, copied, elsewhere), now);
        heard.is_said &= attendance.disagreement.is_some();
        let awaited = missing.as_ref().map(|it| (it.round, it.kind));
        if heard.awaited.0 != awaited {
            heard.awaited = (awaited, now);
        }
        if attendance.disagreement.is_some() {
            let disagreement = if now < heard.awaited.1.saturating_add(TELL_MS) {
                heard.told.disagreement.clone()
            } else {
                missing.map(|missing| heard.disagreement(height, &missing, &attendance, own))
            };
            heard.is_new |= disagreement.is_some() && disagreement != heard.told.disagreement;
            attendance.disagreement = disagreement.or(attendance.disagreement);
        }
        let tell = heard.is_new && now >= heard.told_ms.saturating_add(TELL_MS);
        if tell || !attendance.is_like(&heard.told) {
            heard.told = Arc::new(attendance);
            heard.told_ms = now;
            heard.is_new = false;
            let told = Arc::clone(&heard.told);
            cx.emit(Event::Attendance(told));
        }
    }
}
