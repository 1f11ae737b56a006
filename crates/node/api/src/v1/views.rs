//! Transactions with the names that belong to their numbers.

use std::collections::HashMap;

use bolao_ledger::{
    AccountId, Act, Height, MatchNo, Rules, StateView, Transaction, TxId, Validator, Vote, encode,
};
use bolao_rulebook::{Said, told};
use bolao_store::{Snapshot, StoreError, TxRecord};

use crate::body::{
    ActionBody, BlockRef, MatchRef, PlaceState, PlayerRef, SignedBody, TransactionBody,
    ValidatorBody, moment,
};

/// Names kept while one answer is written; beyond that it starts anew.
const NAMES_KEPT: usize = 16_384;

/// Looks up names and codes, each once for an answer.
pub(crate) struct Lookup<'a> {
    snapshot: &'a Snapshot,
    names: HashMap<AccountId, Option<String>>,
    codes: HashMap<MatchNo, String>,
    /// The height of the chain's last final block, once it was asked for.
    last_final: Option<Height>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            names: HashMap::new(),
            codes: HashMap::new(),
            last_final: None,
        }
    }

    pub(crate) fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The certainty that a block of the chain stays.
    pub(crate) fn state_at(&mut self, height: Height) -> Result<PlaceState, StoreError> {
        let last = if let Some(known) = self.last_final {
            known
        } else {
            let held = self.snapshot.held_final()?;
            *self
                .last_final
                .insert(held.map_or(Height::ZERO, |it| it.height))
        };
        Ok(if height <= last {
            PlaceState::Final
        } else {
            PlaceState::InBlock
        })
    }

    /// A name that no block holds yet.
    pub(crate) fn learn(&mut self, id: AccountId, name: &str) {
        self.names.insert(id, Some(name.to_owned()));
    }

    pub(crate) fn player(&mut self, id: &AccountId) -> Result<PlayerRef, StoreError> {
        let name = if let Some(name) = self.names.get(id) {
            name.clone()
        } else {
            let account = self.snapshot.account(id)?;
            let name = account.map(|account| account.name.as_str().to_owned());
            if self.names.len() >= NAMES_KEPT {
                self.names.clear();
            }
            self.names.insert(*id, name.clone());
            name
        };
        Ok(PlayerRef { account: *id, name })
    }

    pub(crate) fn code(&mut self, no: MatchNo) -> Result<MatchRef, StoreError> {
        let code = if let Some(code) = self.codes.get(&no) {
            code.clone()
        } else {
            let game = self.snapshot.match_by_no(no)?;
            let code = game.map_or_else(
                || no.to_string(),
                |game| game.fixture.code.as_str().to_owned(),
            );
            self.codes.insert(no, code.clone());
            code
        };
        Ok(MatchRef { no: no.0, code })
    }

    pub(crate) fn players(&mut self, ids: &[AccountId]) -> Result<Vec<PlayerRef>, StoreError> {
        ids.iter().map(|id| self.player(id)).collect()
    }

    pub(crate) fn validator(&mut self, one: &Validator) -> Result<ValidatorBody, StoreError> {
        Ok(ValidatorBody {
            validator: self.player(&one.account)?,
            key: one.key,
            weight: one.weight,
        })
    }

    /// The changes of an act, in sentences.
    pub(crate) fn told(&mut self, rules: &Rules, act: &Act) -> Result<Vec<Said>, StoreError> {
        let about = match &act.vote {
            Vote::Appoint(validator) => Some(validator.account),
            Vote::Organiser { account, .. } => Some(*account),
            _ => None,
        };
        let about = about.map(|account| self.player(&account)).transpose()?;
        let name = |_: &AccountId| about.as_ref().map_or_else(String::new, PlayerRef::shown);
        Ok(told(rules, act, &name))
    }

    pub(crate) fn signed(&mut self, vote: &Vote) -> Result<SignedBody, StoreError> {
        Ok(match vote {
            Vote::Schedule(fixture) => SignedBody::Schedule {
                fixture: fixture.into(),
            },
            Vote::Result(outcome) => SignedBody::Result {
                outcome: outcome.clone(),
            },
            Vote::Appoint(validator) => SignedBody::Appoint(self.validator(validator)?),
            Vote::Organiser { account, added } => SignedBody::Organiser {
                player: self.player(account)?,
                added: *added,
            },
            Vote::Day(day) => SignedBody::Day {
                day: day.map(Into::into),
            },
            Vote::Address(address) => SignedBody::Address {
                address: address.to_string(),
            },
        })
    }

    /// A transaction of the main chain or one that waits; `record` says which.
    pub(crate) fn transaction(
        &mut self,
        id: TxId,
        transaction: &Transaction,
        record: Option<&TxRecord>,
    ) -> Result<TransactionBody, StoreError> {
        let void = record.map_or(&[][..], |record| &record.void_bets);
        let action = ActionBody::new(self, &transaction.body.action, void)?;
        let (block, state) = match record {
            Some(record) => (self.block_ref(record)?, self.state_at(record.height)?),
            None => (None, PlaceState::Waiting),
        };
        Ok(TransactionBody {
            id: id.to_string(),
            player: self.player(&transaction.body.account)?,
            nonce: transaction.body.nonce.0,
            action,
            signature: transaction.signature.to_string(),
            raw: hex::encode(encode(transaction)),
            block,
            state,
        })
    }

    fn block_ref(&self, record: &TxRecord) -> Result<Option<BlockRef>, StoreError> {
        let header = self.snapshot.header_at(record.height)?;
        Ok(header.map(|header| BlockRef {
            height: record.height.0,
            hash: header.hash,
            time: moment(header.header.time()),
            index: record.index,
        }))
    }
}
