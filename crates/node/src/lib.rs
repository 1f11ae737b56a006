//! A running node: core, store, network, discovery, miner, wallet and API joined.
