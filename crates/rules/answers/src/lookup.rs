//! Names that belong to accounts and numbers.

use std::{cell::RefCell, collections::BTreeMap};

use bolao_ledger::{
    AccountId, Act, BlockContext, BlockHash, BlockId, Height, Item, ItemKind, Ledger, MatchNo,
    Rules, StateView, Transaction, TxBody, TxId, UnixSeconds, Validator, Vote,
    json::{self, Words},
};
use bolao_rulebook::{Said, told};
use serde::Serialize;

use crate::{
    Named,
    body::{BlockRef, MatchRef, PlaceState, PlayerRef, ValidatorBody, moment},
    page::all,
};

/// Names kept while one answer is written; beyond that it starts anew.
const NAMES_KEPT: usize = 16_384;

/// The state at the end of a chain, and its transactions.
pub trait Chain: StateView {
    /// The last block.
    fn last_block(&self) -> Result<BlockId, Self::Error>;

    /// The transactions of a block, in their order; none where there is no such block.
    fn transactions_at(&self, height: Height) -> Result<Vec<(Transaction, BlockRef)>, Self::Error>;

    /// A transaction and its place; none where no block of the chain holds it.
    fn transaction_of(&self, id: &TxId) -> Result<Option<(Transaction, BlockRef)>, Self::Error>;

    /// The height of a block of the chain, by its hash.
    fn height_of(&self, hash: &BlockHash) -> Result<Option<Height>, Self::Error>;

    /// The matches of a transaction's void bets.
    fn void_bets(&self, id: &TxId, at: &BlockRef) -> Result<Vec<MatchNo>, Self::Error>;

    /// Whether the next block could hold a body, signed, as its only transaction.
    fn could_hold(
        &self,
        ledger: Ledger<'_>,
        context: BlockContext,
        body: &TxBody,
    ) -> Result<bool, Self::Error>;

    /// The height of the last block of the chain that is final.
    fn final_height(&self) -> Result<Height, Self::Error>;
}

/// Looks up names and codes, each once for an answer.
#[derive(Debug)]
pub struct Lookup<'a, S> {
    chain: &'a S,
    names: BTreeMap<AccountId, Option<String>>,
    codes: BTreeMap<MatchNo, MatchRef>,
    /// The height of the chain's last final block, once it was asked for.
    last_final: Option<Height>,
}

impl<'a, S: Chain> Lookup<'a, S> {
    /// A lookup over a chain.
    pub fn new(chain: &'a S) -> Self {
        Self {
            chain,
            names: BTreeMap::new(),
            codes: BTreeMap::new(),
            last_final: None,
        }
    }

    /// The chain.
    pub const fn chain(&self) -> &'a S {
        self.chain
    }

    /// The certainty that a block of the chain stays.
    pub fn state_at(&mut self, height: Height) -> Result<PlaceState, S::Error> {
        let last = match self.last_final {
            Some(known) => known,
            None => *self.last_final.insert(self.chain.final_height()?),
        };
        Ok(if height <= last {
            PlaceState::Final
        } else {
            PlaceState::InBlock
        })
    }

    /// Takes a name that no block holds yet.
    pub fn learn(&mut self, id: AccountId, name: &str) {
        self.names.insert(id, Some(name.to_owned()));
    }

    /// A player, by the account.
    pub fn player(&mut self, id: &AccountId) -> Result<PlayerRef, S::Error> {
        let name = if let Some(name) = self.names.get(id) {
            name.clone()
        } else {
            let account = self.chain.account(id)?;
            let name = account.map(|account| account.name.as_str().to_owned());
            if self.names.len() >= NAMES_KEPT {
                self.names.clear();
            }
            self.names.insert(*id, name.clone());
            name
        };
        Ok(PlayerRef { account: *id, name })
    }

    /// Players, by their accounts.
    pub fn players(&mut self, ids: &[AccountId]) -> Result<Vec<PlayerRef>, S::Error> {
        all(ids.iter().map(|id| self.player(id)))
    }

    /// A match or question, by the number; one that the chain does not have is taken for a match.
    pub fn code(&mut self, no: MatchNo) -> Result<MatchRef, S::Error> {
        if let Some(known) = self.codes.get(&no) {
            return Ok(known.clone());
        }
        let item = self.chain.item(no)?;
        let kind = item.as_ref().map(Item::kind).unwrap_or_default();
        let code = item.map_or_else(|| no.to_string(), |item| item.code.as_str().to_owned());
        let found = MatchRef {
            no: no.0,
            code,
            kind,
        };
        self.codes.insert(no, found.clone());
        Ok(found)
    }

    /// Matches, by their numbers.
    pub fn codes(&mut self, all_of: &[MatchNo]) -> Result<Vec<MatchRef>, S::Error> {
        all(all_of.iter().map(|no| self.code(*no)))
    }

    /// The changes of an act, in sentences.
    pub fn told(&mut self, rules: &Rules, act: &Act) -> Result<Vec<Said>, S::Error> {
        let about = match &act.vote {
            Vote::Appoint(validator) => Some(validator.account),
            Vote::Organiser { account, .. } => Some(*account),
            Vote::Schedule(_)
            | Vote::Result(_)
            | Vote::Day(_)
            | Vote::Address(_)
            | Vote::Question(_) => None,
        };
        let about = about.map(|account| self.player(&account)).transpose()?;
        let name = |_: &AccountId| about.as_ref().map_or_else(String::new, PlayerRef::shown);
        Ok(told(rules, act, &name))
    }

    /// A validator with the player whose vote it is.
    pub fn validator(&mut self, one: &Validator) -> Result<ValidatorBody, S::Error> {
        Ok(ValidatorBody {
            validator: self.player(&one.account)?,
            key: one.key,
            weight: one.weight,
        })
    }
}

/// The words of a chain; the first error is kept until the end.
struct Spoken<'l, 'a, S: Chain> {
    lookup: RefCell<&'l mut Lookup<'a, S>>,
    failed: RefCell<Option<S::Error>>,
}

impl<S: Chain> Spoken<'_, '_, S> {
    fn found<T>(&self, found: Result<T, S::Error>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(error) => {
                self.failed.replace(Some(error));
                None
            }
        }
    }
}

impl<S: Chain> Words for Spoken<'_, '_, S> {
    fn name(&self, account: &AccountId) -> Option<String> {
        self.found(self.lookup.borrow_mut().player(account))?.name
    }

    fn code(&self, no: MatchNo) -> String {
        let found = self.found(self.lookup.borrow_mut().code(no));
        found.map_or_else(String::new, |found| found.code)
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        let found = self.found(self.lookup.borrow_mut().code(no));
        found.map(|found| found.kind).unwrap_or_default()
    }

    fn time(&self, at: UnixSeconds) -> String {
        moment(at).to_string()
    }
}

impl<S: Chain> Lookup<'_, S> {
    /// A value with the names of what stands in it, for who writes it without [`Lookup::write`].
    ///
    /// # Errors
    /// The chain cannot be read.
    pub fn named<T: Serialize>(&mut self, value: T) -> Result<Named<T>, S::Error> {
        let text = self.write(&value)?;
        let answer = serde_json::from_slice(&text).unwrap_or_default();
        Ok(Named::answered(value, &answer))
    }

    /// Writes an answer as JSON, with the names and codes in it.
    ///
    /// # Errors
    /// The chain cannot be read.
    pub fn write<T: Serialize>(&mut self, answer: &T) -> Result<Vec<u8>, S::Error> {
        let words = Spoken {
            lookup: RefCell::new(self),
            failed: RefCell::new(None),
        };
        let text = json::write(answer, &words);
        match words.failed.into_inner() {
            Some(error) => Err(error),
            None => Ok(text.expect("maps of answers have texts as keys")),
        }
    }
}
