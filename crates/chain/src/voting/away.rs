//! Whom a vote waits for: validators of whom nothing was heard for a while, though something waits to be decided. Validators
//! repeat their votes until a height is decided, so that who is there is heard every second or two.

use std::{collections::BTreeMap, sync::Arc};

use bolao_finality::Message;
use bolao_ledger::{AccountId, ValidatorKey, ValidatorSet};

use crate::{core::Core, io::Event};

/// Who has not been heard for so long is away, in milliseconds.
const AWAY_MS: u64 = 10_000;
/// Signatures of one validator are checked no more often than this, in milliseconds.
const LISTEN_MS: u64 = 1_000;

/// Who was heard.
#[derive(Debug)]
pub(super) struct Heard {
    set: ValidatorSet,
    last_ms: BTreeMap<ValidatorKey, u64>,
    /// Since when something waits at this height.
    since_ms: Option<u64>,
    /// What watchers know.
    away: Arc<Vec<AccountId>>,
}

impl Heard {
    pub(super) fn new(set: ValidatorSet) -> Self {
        Self {
            set,
            last_ms: BTreeMap::new(),
            since_ms: None,
            away: Arc::default(),
        }
    }

    /// At another height.
    pub(super) fn next(&mut self, set: ValidatorSet) {
        self.set = set;
        self.since_ms = None;
    }

    /// Something waits to be decided.
    pub(super) fn waits(&mut self, now_ms: u64) {
        self.since_ms.get_or_insert(now_ms);
    }

    /// When there may be more to say.
    pub(super) fn next_look_ms(&self) -> Option<u64> {
        let look = self.since_ms?.saturating_add(AWAY_MS);
        let last = self.set.validators().iter().filter_map(|validator| {
            let last = self.last_ms.get(&validator.key)?;
            Some(last.saturating_add(AWAY_MS).max(look))
        });
        Some(last.min().unwrap_or(look))
    }
}

impl Core {
    /// Notes whose message this is.
    pub(super) fn listen(&mut self, message: &Message) {
        let (now, pool) = (self.now.mono_ms, self.pool);
        let Some(voter) = &mut self.voter else { return };
        let heard = &mut voter.heard;
        if let [(key, statement, signature)] = message.statements()[..] {
            let last = heard.last_ms.get(&key).copied();
            let wanted = last.is_none_or(|last| now.saturating_sub(last) >= LISTEN_MS);
            if wanted && heard.set.get(&key).is_some() && statement.is_signed(pool, key, &signature)
            {
                heard.last_ms.insert(key, now);
            }
        }
    }

    /// Says whom the vote waits for, if that is news.
    pub(crate) fn look_who_is_away(&mut self) {
        let now = self.now.mono_ms;
        let height = self.vote_number();
        let own = self.own_validator();
        let Some(voter) = &mut self.voter else { return };
        let heard = &mut voter.heard;
        let waits = |since: u64| now >= since.saturating_add(AWAY_MS);
        let mut away = Vec::new();
        if heard.since_ms.is_some_and(waits) {
            let recent = |last: &u64| now < last.saturating_add(AWAY_MS);
            let validators = heard.set.validators().iter();
            let silent = validators.filter(|validator| {
                Some(validator.key) != own && !heard.last_ms.get(&validator.key).is_some_and(recent)
            });
            away.extend(silent.map(|validator| validator.account));
        }
        if away != *heard.away {
            heard.away = Arc::new(away);
            let away = Arc::clone(&heard.away);
            self.emit(Event::Away { height, away });
        }
    }
}
