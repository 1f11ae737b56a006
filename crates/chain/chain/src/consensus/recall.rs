//! What a validator signed for the vote that is next, told by those who heard it, where its home has lost that.
//!
//! - Its node follows without a key ([`crate::CoreConfig::recalls`]). It asks each peer for what the peer's log has of that key for the
//!   vote that is next, now and then, and handles that like anything that it hears: so it stands in its own log, and once the node starts
//!   again with the key, it says that again, and nothing that contradicts it.
//! - A validator signs its answer: so nobody in between leaves a part out, or gives an old answer.
//! - With what it has of the key it tells the prevotes of more than two thirds for one block that it knows, of the latest round: whoever
//!   voted for that block in a life that it forgot may have made it final, and prevotes for no other ([`bolao_finality::Validator`]).
//! - One that waits itself answers, too, and says so, and whether its copy is *fresh*: restored minutes after it was made.
//!
//! It votes again once all others have answered ([`crate::Core::has_recalled`]), and
//!
//! 1. no other waits: nothing is known of the key that it does not know; or
//! 2. those that wait, itself included, are no quorum, however old their copies are. A block that was decided has the precommit of one
//!    that lost nothing. That one had the prevotes for it, and has told them, or those of a later round, which are for the same
//!    block; so all that wait hold to it, as they did before they forgot; or
//! 3. they are a quorum, and all copies are fresh. They may have decided without any of those who lost nothing. In such a pool whoever
//!    has the decision (a player's node, a page) is heard first, for a minute (`node/src/services/waiting.rs`).
//!
//! Else its owner decides, who knows what no node can tell. Rule 3 rests on who is there: two of two make a block final after both
//! backups, the friend's node that has it goes to sleep, both disks die, both are restored and make another block; the friend's node
//! comes back, and there are two histories. With old copies that is to be expected, with those of minutes before it takes all of that
//! within minutes. No rule on votes prevents it: nobody who is there knows of the first block.
//!
//! What a validator sent in that life to nobody who is there, it may contradict; in the cases 1 and 2 nothing was decided by it.

// # Rule F20: a validator that has lost what it signed asks the others, and each signs what it tells.

use std::collections::{BTreeMap, BTreeSet};

use bolao_finality::{Message, signed_by};
use bolao_ledger::{
    BlockHash, Decision, Height, Signature, Statement, StatementKind, Validator, ValidatorKey,
    encode,
};
use bolao_store::StoreError;
use bolao_work::sha256d;
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

use super::votes::Write;
use crate::{
    chain::Chain,
    config::Recalls,
    consensus::Voting,
    context::Context,
    io::PeerId,
    sync::{Purpose, Syncing},
    wire::{MAX_TOLD, Question, Request, Signed, Told},
};

/// Between two questions to one peer, in milliseconds.
const EVERY_MS: u64 = 10_000;

/// The standing of a validator that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Teller {
    /// It votes.
    Votes,
    /// It waits, with a fresh copy.
    Fresh,
    /// It waits, with any other.
    Old,
}

impl Teller {
    const ALL: [Self; 3] = [Self::Votes, Self::Fresh, Self::Old];

    /// Hashed before what an answer tells: a validator signs the hash.
    const fn domain(self) -> &'static [u8] {
        match self {
            Self::Votes => b"bolao/told/1",
            Self::Fresh => b"bolao/told/fresh/1",
            Self::Old => b"bolao/told/old/1",
        }
    }

    const fn waits(recalls: &Recalls) -> Self {
        if recalls.is_fresh {
            Self::Fresh
        } else {
            Self::Old
        }
    }
}

fn public(key: &SigningKey) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(key).into())
}

impl Question {
    /// The statement of a validator that it knows of these messages, and of no others: of kind 3, for the vote number 0.
    fn answered(&self, teller: Teller, time: u32, messages: &[Vec<u8>]) -> Statement {
        let domain = teller.domain();
        let told = sha256d(&[domain, &encode(self), &encode(&messages.to_vec())].concat());
        Statement {
            kind: StatementKind::Testified,
            height: Height::ZERO,
            round: time,
            decision: Some(Decision::plain(self.number, BlockHash(told))),
        }
    }
}

/// The own key's signatures that this home does not know: made elsewhere, or before it was lost.
#[derive(Debug)]
pub(super) struct Recall {
    /// The number up to which something else signs with the own key.
    pub(super) muted: Option<Height>,
    /// The last final block that something else signed with it since this node started.
    pub(super) elsewhere: Option<Height>,
    /// The search for it, where the home has lost that.
    search: Option<RecallSearch>,
}

impl Recall {
    pub(super) fn new(cx: &Context) -> Self {
        Self {
            muted: None,
            elsewhere: None,
            search: cx.config.recalls.as_ref().map(RecallSearch::new),
        }
    }

    pub(super) fn next_ms(&self) -> Option<u64> {
        self.search.as_ref()?.next_ms.values().min().copied()
    }
}

/// The search for what the own key signed.
#[derive(Debug)]
struct RecallSearch {
    own: ValidatorKey,
    stands: Teller,
    /// When each peer is asked again.
    next_ms: BTreeMap<PeerId, u64>,
    /// The vote that is next, and the validators that have told what they know of it.
    number: Height,
    told: BTreeMap<ValidatorKey, Teller>,
}

impl RecallSearch {
    fn new(recalls: &Recalls) -> Self {
        Self {
            own: public(&recalls.key),
            stands: Teller::waits(recalls),
            next_ms: BTreeMap::new(),
            number: Height::ZERO,
            told: BTreeMap::new(),
        }
    }
}

impl Voting {
    /// Asks whoever is to be asked by now.
    pub(crate) fn recall(&mut self, cx: &mut Context, chain: &Chain, sync: &mut Syncing) {
        let (now, number, last) = (cx.now, self.vote_number(chain), sync.requests().last());
        let Some(recall) = &mut self.recall.search else {
            return;
        };
        if recall.number != number {
            recall.number = number;
            recall.told.clear();
            recall.next_ms.clear();
        }
        recall
            .next_ms
            .retain(|peer, _| sync.peers().contains_key(peer));
        let by = recall.own;
        let asks = sync.peers().keys().filter(|peer| {
            let next = recall.next_ms.get(*peer);
            next.is_none_or(|next| *next <= now.mono_ms)
        });
        for peer in asks.cloned().collect::<Vec<_>>() {
            let next_ms = now.mono_ms.saturating_add(EVERY_MS);
            recall.next_ms.insert(peer.clone(), next_ms);
            if sync.may_request(cx, &peer) {
                let now = (now.unix, now.mono_ms, last, peer.to_string());
                let nonce = sha256d(&encode(&now));
                let question = Question { by, number, nonce };
                sync.request(cx, &peer, Purpose::Told(question), Request::Told(question));
            }
        }
    }

    /// Answers with what this node has handled of a validator's at the vote that is next here.
    pub(crate) fn tell_signed(
        &self,
        cx: &Context,
        chain: &Chain,
        asked: &Question,
    ) -> Result<Option<Told>, StoreError> {
        let messages = self.signed_at(chain, asked)?;
        Ok(messages.map(|messages| {
            let signed = self.sign_told(cx, asked, &messages);
            Told { messages, signed }
        }))
    }

    /// The messages of a validator in the log, and the prevotes of more than two thirds; none if they are another vote's, or too many.
    fn signed_at(
        &self,
        chain: &Chain,
        asked: &Question,
    ) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
        if asked.number != self.vote_number(chain) {
            return Ok(None);
        }
        let on_disk = chain.snapshot()?.vote_log()?;
        let on_disk = on_disk.filter(|log| log.height == asked.number);
        let mut entries = on_disk.map(|log| log.entries).unwrap_or_default();
        for write in &self.votes.log.unwritten {
            match write {
                Write::Reset => entries.clear(),
                Write::Append(height, entry) if *height == asked.number => {
                    entries.push(entry.clone());
                }
                _ => {}
            }
        }
        let messages = signed_by(&entries, asked.by);
        let backing = self.votes.validator.backing();
        let messages = messages
            .iter()
            .chain(&backing)
            .map(Message::encode)
            .collect::<BTreeSet<_>>();
        Ok((messages.len() <= MAX_TOLD).then(|| messages.into_iter().collect()))
    }

    /// Signs an answer, where this node votes, or will.
    fn sign_told(&self, cx: &Context, asked: &Question, messages: &[Vec<u8>]) -> Option<Signed> {
        let config = &cx.config;
        let (key, teller) = match (&config.validator, &config.recalls) {
            (Some(vote), _) => (&vote.key, Teller::Votes),
            (None, Some(recalls)) => (&recalls.key, Teller::waits(recalls)),
            (None, None) => return None,
        };
        let own = public(key);
        if !self.votes.heard.is_member(&own) {
            return None;
        }
        let time = u32::try_from(cx.now.unix.0).unwrap_or(u32::MAX);
        let statement = asked.answered(teller, time, messages);
        let signature = key.sign(&statement.signing_bytes(cx.pool));
        Some((own, statement, Signature(signature.to_bytes())))
    }

    /// The messages of an answer, to be taken as if their signers had sent them: each is signed. None if they are another vote's, or do
    /// not decode.
    pub(crate) fn told_messages(
        &self,
        chain: &Chain,
        asked: &Question,
        told: &Told,
    ) -> Option<Vec<Message>> {
        if asked.number != self.vote_number(chain) {
            return None;
        }
        let decoded = told.messages.iter().map(|it| Message::decode(it));
        let mut messages = decoded.collect::<Result<Vec<_>, _>>().ok()?;
        messages.retain(|it| it.height() == asked.number && it.testimony().is_none());
        Some(messages)
    }

    /// Notes who told that, once its messages are handled.
    pub(crate) fn note_told(
        &mut self,
        cx: &Context,
        asked: &Question,
        Told { messages, signed }: &Told,
    ) {
        let (pool, verified) = (cx.pool, &cx.config.verified);
        // Before the node starts again with the key.
        self.votes.log.flush = true;
        if let Some((key, statement, signature)) = *signed
            && let Some(teller) = Teller::ALL
                .into_iter()
                .find(|it| statement == asked.answered(*it, statement.round, messages))
            && verified.is_signed(pool, key, &statement, &signature)
            && let Some(search) = &mut self.recall.search
            && search.number == asked.number
        {
            search.told.insert(key, teller);
        }
    }

    /// Whether the others have told enough of the key that [`crate::CoreConfig::recalls`] names, at the vote that is next (see the
    /// module's head).
    #[must_use]
    pub(crate) fn has_recalled(&self, chain: &Chain) -> bool {
        let number = self.vote_number(chain);
        let Some(recall) = &self.recall.search else {
            return false;
        };
        let set = self.votes.heard.set();
        let stands = |one: &Validator| {
            if one.key == recall.own {
                Some(recall.stands)
            } else {
                recall.told.get(&one.key).copied()
            }
        };
        if recall.number != number || !set.validators().iter().all(|one| stands(one).is_some()) {
            return false;
        }
        let waiting = set.validators().iter();
        let waiting: Vec<_> = waiting
            .filter(|one| one.key == recall.own || stands(one) != Some(Teller::Votes))
            .collect();
        let weight = waiting.iter().map(|one| one.weight).sum();
        let all_fresh = || waiting.iter().all(|one| stands(one) == Some(Teller::Fresh));
        waiting.len() <= 1 || !set.is_quorum(weight) || all_fresh()
    }
}
