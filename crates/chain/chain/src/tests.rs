//! What the tests of several parts begin with.

use std::sync::Arc;

use bolao_ledger::{Genesis, UnixSeconds};
use bolao_store::Store;

use crate::{
    chain::Chain,
    config::CoreConfig,
    context::{Context, Outbox},
    io::Now,
    kind::{kind, thresholds},
    sync::Syncing,
};

/// The parts of a node, with what is handed along.
pub(crate) struct TestNode {
    pub(crate) cx: Context,
    pub(crate) chain: Chain,
    pub(crate) sync: Syncing,
}

/// The parts of a node of this pool, a minute after the pool was made.
pub(crate) fn parts(genesis: &Genesis) -> TestNode {
    let store = Store::in_memory(genesis).expect("it is new");
    let now = Now {
        unix: UnixSeconds(genesis.created.0 + 60),
        mono_ms: 60_000,
    };
    let cx = Context {
        now,
        in_step: false,
        genesis: Arc::clone(store.genesis()),
        pool: store.pool_id(),
        kind: kind(genesis),
        thresholds: thresholds(genesis),
        config: CoreConfig::default(),
        out: Outbox::default(),
    };
    let chain = Chain::new(store, &cx).expect("its store is new");
    TestNode {
        sync: Syncing::new(chain.tip().hash),
        chain,
        cx,
    }
}
