//! Tables in order, the last ones that were asked for: sorting ten thousand players for every page would cost more than the page.

use std::sync::Arc;

use bolao_answers::{Scope, Table};
use bolao_ledger::{BlockHash, Rules};
use bolao_store::{Snapshot, StoreError};
use quick_cache::{OptionsBuilder, Weighter, sync::Cache};

/// Rows kept at most, all tables together; about 80 bytes each.
const ROWS_KEPT: u64 = 500_000;
/// Tables kept at most.
const TABLES_KEPT: u64 = 16;

#[derive(Clone)]
struct Rows;

impl Weighter<(BlockHash, Scope), Arc<Table>> for Rows {
    fn weight(&self, _: &(BlockHash, Scope), table: &Arc<Table>) -> u64 {
        u64::try_from(table.places.len()).map_or(u64::MAX, |rows| rows.max(ROWS_KEPT / TABLES_KEPT))
    }
}

/// The tables asked for last.
pub(crate) struct Tables(Cache<(BlockHash, Scope), Arc<Table>, Rows>);

impl Default for Tables {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            .shards(1)
            .weight_capacity(ROWS_KEPT)
            .estimated_items_capacity(16)
            .build()
            .expect("the capacities are given");
        let (hasher, events) = Default::default();
        Self(Cache::with_options(options, Rows, hasher, events))
    }
}

impl Tables {
    /// The table of a snapshot; made once, however many ask.
    pub(crate) fn get(
        &self,
        snapshot: &Snapshot,
        rules: &Rules,
        scope: Scope,
    ) -> Result<Arc<Table>, StoreError> {
        let key = (snapshot.tip()?.hash, scope);
        let read = || Table::read(snapshot, rules, &key.1).map(Arc::new);
        self.0.get_or_insert_with(&key, read)
    }
}
