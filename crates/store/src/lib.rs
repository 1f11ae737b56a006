//! The chain on disk: redb tables, one atomic write per block.
