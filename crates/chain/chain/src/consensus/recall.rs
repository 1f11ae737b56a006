//! What a validator signed for the vote that is next, told by those who heard it, where its home has lost that.
//!
//! - Its node follows without a key ([`crate::CoreConfig::recalls`]). It asks each peer for what the peer's log has of that key for the
//!   vote that is next, now and then, and handles that like anything that it hears: so it stands in its own log, and once the node starts
//!   again with the key, it says that again, and nothing that contradicts it.
//! - A validator signs its answer: so nobody in between leaves a part out, or gives an old answer.
//! - Once all others have answered, nothing is known of the key that it does not know ([`crate::Core::has_recalled`]).

// # Rule F20: a validator that has lost what it signed asks the others, and each signs what it tells.

use std::collections::{BTreeMap, BTreeSet};

use bolao_finality::{Input, Message, signed_by};
use bolao_ledger::{
    BlockHash, Decision, Height, Signature, Statement, StatementKind, ValidatorKey, encode,
};
use bolao_store::StoreError;
use bolao_work::sha256d;

use super::Write;
use crate::{
    consensus::Voting,
    core::Parts,
    error::CoreError,
    io::PeerId,
    sync::Purpose,
    wire::{MAX_TOLD, Question, Request, Signed, Told},
};

/// Between two questions to one peer, in milliseconds.
const EVERY_MS: u64 = 10_000;
/// Hashed before what an answer tells: a validator signs the hash.
const DOMAIN: &[u8] = b"bolao/told/1";

impl Question {
    /// The statement of a validator that it knows of these messages, and of no others: of kind 3, for the vote number 0.
    fn answered(&self, time: u32, messages: &[Vec<u8>]) -> Statement {
        let told = sha256d(&[DOMAIN, &encode(self), &encode(&messages.to_vec())].concat());
        Statement {
            kind: StatementKind::Testified,
            height: Height::ZERO,
            round: time,
            decision: Some(Decision::plain(self.number, BlockHash(told))),
        }
    }
}

/// The search for what the own key signed.
#[derive(Debug)]
pub(super) struct Recall {
    own: ValidatorKey,
    /// When each peer is asked again.
    next_ms: BTreeMap<PeerId, u64>,
    /// The vote that is next, and the validators that have told what they know of it.
    number: Height,
    told: BTreeSet<ValidatorKey>,
}

impl Recall {
    pub(super) fn new(own: ValidatorKey) -> Self {
        Self {
            own,
            next_ms: BTreeMap::new(),
            number: Height::ZERO,
            told: BTreeSet::new(),
        }
    }

    pub(super) fn next_ms(&self) -> Option<u64> {
        self.next_ms.values().min().copied()
    }
}

impl Voting {
    /// Asks whoever is to be asked by now.
    pub(crate) fn recall(&mut self, parts: &mut Parts) {
        let (now, number, last) = (
            parts.cx.now,
            self.vote_number(parts),
            parts.sync.requests().last(),
        );
        let Some(recall) = &mut self.recall else {
            return;
        };
        if recall.number != number {
            recall.number = number;
            recall.told.clear();
            recall.next_ms.clear();
        }
        recall
            .next_ms
            .retain(|peer, _| parts.sync.peers().contains_key(peer));
        let by = recall.own;
        let asks = parts.sync.peers().keys().filter(|peer| {
            let next = recall.next_ms.get(*peer);
            next.is_none_or(|next| *next <= now.mono_ms)
        });
        for peer in asks.cloned().collect::<Vec<_>>() {
            let next_ms = now.mono_ms.saturating_add(EVERY_MS);
            recall.next_ms.insert(peer.clone(), next_ms);
            if parts.may_request(&peer) {
                let now = (now.unix, now.mono_ms, last, peer.to_string());
                let nonce = sha256d(&encode(&now));
                let question = Question { by, number, nonce };
                parts.request(&peer, Purpose::Told(question), Request::Told(question));
            }
        }
    }

    /// Answers with what this node has handled of a validator's at the vote that is next here.
    pub(crate) fn tell_signed(
        &self,
        parts: &Parts,
        asked: &Question,
    ) -> Result<Option<Told>, StoreError> {
        let messages = self.signed_at(parts, asked)?;
        Ok(messages.map(|messages| {
            let signed = self.sign_told(parts, asked, &messages);
            Told { messages, signed }
        }))
    }

    /// The messages of a validator in the log; none if they are another vote's, or too many.
    fn signed_at(
        &self,
        parts: &Parts,
        asked: &Question,
    ) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        if asked.number != self.vote_number(parts) {
            return Ok(None);
        }
        let on_disk = parts.chain.snapshot()?.vote_log()?;
        let on_disk = on_disk.filter(|log| log.height == asked.number);
        let mut entries = on_disk.map(|log| log.entries).unwrap_or_default();
        for write in &self.unwritten {
            match write {
                Write::Reset => entries.clear(),
                Write::Append(height, entry) if *height == asked.number => {
                    entries.push(entry.clone());
                }
                _ => {}
            }
        }
        let messages = signed_by(&entries, asked.by);
        let messages = messages
            .iter()
            .map(Message::encode)
            .collect::<BTreeSet<_>>();
        Ok((messages.len() <= MAX_TOLD).then(|| messages.into_iter().collect()))
    }

    /// Signs an answer, where this node votes.
    fn sign_told(&self, parts: &Parts, asked: &Question, messages: &[Vec<u8>]) -> Option<Signed> {
        let vote = parts.cx.config.validator.as_ref()?;
        let own = self.own.filter(|_| self.has_vote())?;
        let time = u32::try_from(parts.cx.now.unix.0).unwrap_or(u32::MAX);
        let statement = asked.answered(time, messages);
        let signature = vote.key.sign(&statement.signing_bytes(parts.cx.pool));
        Some((own, statement, Signature(signature.to_bytes())))
    }

    /// Takes an answer.
    pub(crate) fn on_told(
        &mut self,
        parts: &mut Parts,
        asked: &Question,
        Told { messages, signed }: Told,
    ) -> Result<(), CoreError> {
        if asked.number != self.vote_number(parts) {
            return Ok(());
        }
        let decoded: Result<Vec<_>, _> = messages.iter().map(|it| Message::decode(it)).collect();
        let Ok(decoded) = decoded else {
            return Ok(());
        };
        for message in decoded {
            let mut signers = message.statements().into_iter();
            let is_own = signers.all(|(key, ..)| key == asked.by);
            if is_own && message.height() == asked.number && message.testimony().is_none() {
                self.vote(parts, Input::Message { token: 0, message })?;
            }
        }
        let (pool, verified) = (parts.cx.pool, &parts.cx.config.verified);
        // Before the node starts again with the key.
        self.flush = true;
        if let Some((key, statement, signature)) = signed
            && statement == asked.answered(statement.round, &messages)
            && verified.is_signed(pool, key, &statement, &signature)
            && let Some(recall) = &mut self.recall
            && recall.number == asked.number
        {
            recall.told.insert(key);
        }
        Ok(())
    }

    /// Whether every other validator has told what it knows of the key that [`crate::CoreConfig::recalls`] names, at the vote that is next.
    #[must_use]
    pub(crate) fn has_recalled(&self, parts: &Parts) -> bool {
        let number = self.vote_number(parts);
        let Some(recall) = &self.recall else {
            return false;
        };
        let all = self.heard.set().validators().iter();
        let mut others = all.filter(|one| one.key != recall.own);
        recall.number == number && others.all(|one| recall.told.contains(&one.key))
    }
}
