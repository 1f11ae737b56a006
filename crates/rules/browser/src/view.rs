//! The chain that was replayed, and its answers.

use std::sync::Arc;

use bolao_answers::{Asked as AskedChain, Chain, Lookup, Query, Refused, Table, body::BlockRef};
use bolao_ledger::{
    AccountId, BlockContext, BlockHash, BlockId, CorruptEntry, Genesis, Height, Ledger, MatchNo,
    MemoryState, Nonce, PoolId, Score, StateView, Transaction, TxBody, TxId, UnixSeconds, Visit,
};
use bolao_replay::Replay;

use crate::{
    object::AnswerText,
    question::Asked,
    refusal::{Refusal, unreadable},
};

type Own<T> = Result<T, Refusal>;
type Read<T> = Result<T, CorruptEntry>;

/// A transaction with its place.
#[derive(Clone, Debug)]
pub(crate) struct Booked {
    pub(crate) transaction: Transaction,
    /// The matches of its void bets.
    pub(crate) void: Vec<MatchNo>,
    pub(crate) block: BlockRef,
}

/// The state and the rules that give it a meaning.
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    pub(crate) genesis: &'c Genesis,
    pub(crate) pool: PoolId,
    pub(crate) state: &'c MemoryState,
    /// The last block.
    pub(crate) tip: BlockId,
    /// The height of the last block that is taken for final.
    pub(crate) decided: Height,
    /// Every transaction, in the order of the chain.
    pub(crate) booked: &'c [Booked],
    pub(crate) replay: &'c Replay,
}

impl StateView for View<'_> {
    type Error = CorruptEntry;

    fn get_bytes(&self, key: &[u8]) -> Read<Option<Vec<u8>>> {
        self.state.get_bytes(key)
    }

    fn scan_bytes(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Read<Vec<(Vec<u8>, Vec<u8>)>> {
        self.state.scan_bytes(prefix, after, limit)
    }

    fn walk_bytes(&self, prefix: &[u8], visit: &mut Visit<'_, CorruptEntry>) -> Read<()> {
        self.state.walk_bytes(prefix, visit)
    }

    fn corrupt(table: &'static str, key: &[u8]) -> CorruptEntry {
        MemoryState::corrupt(table, key)
    }
}

impl Chain for View<'_> {
    fn last_block(&self) -> Read<BlockId> {
        Ok(self.tip)
    }

    fn final_height(&self) -> Read<Height> {
        Ok(self.decided)
    }

    fn transactions_at(&self, height: Height) -> Read<Vec<(Transaction, BlockRef)>> {
        let here = self.booked_at(height).iter();
        let placed = here.map(|it| (it.transaction.clone(), it.block));
        Ok(placed.collect())
    }

    fn transaction_of(&self, id: &TxId) -> Read<Option<(Transaction, BlockRef)>> {
        let found = self.booked.iter().rfind(|it| it.transaction.id() == *id);
        Ok(found.map(|it| (it.transaction.clone(), it.block)))
    }

    fn height_of(&self, hash: &BlockHash) -> Read<Option<Height>> {
        Ok(self.replay.height_of(hash))
    }

    fn void_bets(&self, _: &TxId, at: &BlockRef) -> Read<Vec<MatchNo>> {
        let place = (at.at.height, at.index);
        let found =
            { self.booked }.binary_search_by_key(&place, |it| (it.block.at.height, it.block.index));
        let found = found.ok().and_then(|index| self.booked.get(index));
        Ok(found.map_or_else(Vec::new, |it| it.void.clone()))
    }

    fn could_hold(&self, ledger: Ledger<'_>, at: BlockContext, body: &TxBody) -> Read<bool> {
        ledger.could_apply(self.state, at, body)
    }
}

impl View<'_> {
    /// The transactions of a block.
    pub(crate) fn booked_at(&self, height: Height) -> &[Booked] {
        let from = self
            .booked
            .partition_point(|it| it.block.at.height < height);
        let rest = self.booked.get(from..).unwrap_or_default();
        let count = rest.partition_point(|it| it.block.at.height == height);
        rest.get(..count).unwrap_or_default()
    }

    /// The number of acts that an account had signed before one that the chain holds.
    pub(crate) fn nonce_of(&self, account: &AccountId, id: &TxId) -> Option<Nonce> {
        let mut own = { self.booked.iter().rev().map(|it| &it.transaction) }
            .filter(|it| it.body.account == *account);
        own.find(|it| it.id() == *id).map(|it| it.body.nonce)
    }

    /// The answer to a path of the node's API with its query, to the byte; null where the chain alone does not give it.
    pub(crate) fn answer(
        &self,
        path: &str,
        clock: UnixSeconds,
        live: &[(MatchNo, Score)],
    ) -> Own<Option<String>> {
        let query = Query::of(path).map_err(|why| Refusal::new("bad-request", why))?;
        let Some(query) = query else {
            return Ok(None);
        };
        let rules = &self.genesis.rules;
        let chain = AskedChain {
            chain: self,
            genesis: self.genesis,
            pool: self.pool,
            clock,
            live,
            table: &|scope| Table::read(self, rules, &scope).map(Arc::new),
        };
        let text = match chain.answer(&query) {
            Ok(text) => text,
            Err(Refused::NotFound(_)) if query.may_wait() => return Ok(None),
            Err(Refused::BadRequest(why)) => return Err(Refusal::new("bad-request", why)),
            Err(Refused::NotFound(why)) => return Err(Refusal::new("not-found", why)),
            Err(Refused::Chain(error)) => return Err(unreadable(error)),
        };
        Ok(Some(String::from_utf8(text).unwrap_or_default()))
    }

    /// The same, as the page asks for it.
    pub(crate) fn ask(mut self, asked: &mut Asked) -> Own<AnswerText> {
        let (path, clock): (String, UnixSeconds) = (asked.take("path")?, asked.take("now")?);
        let said: Option<Height> = asked.take("final")?;
        self.decided = said.map_or(self.decided, |said| said.min(self.decided));
        let live: Vec<(MatchNo, Score)> = asked.take("live")?;
        Ok(AnswerText::of(&self.answer(&path, clock, &live)?))
    }

    pub(crate) fn name(&self, account: &AccountId) -> Own<Option<String>> {
        Ok(Lookup::new(self).player(account).map_err(unreadable)?.name)
    }
}
