//! Domain separation: every prefix that is signed or hashed, in one place.

/// Prefix of what an account signs: `"bolao/tx/1" ‖ pool id ‖ body`.
pub const TRANSACTION: &[u8] = b"bolao/tx/1";

/// First bytes of every coinbase. With the fixed fields it keeps a coinbase longer than 64 bytes, so that
/// no inner node of the Merkle tree can be passed off as one (CVE-2017-12842).
pub const COINBASE: [u8; 8] = *b"bolao/cb";

/// Seed prefix of the coefficients that batch verification draws.
pub const BATCH: &[u8] = b"bolao/batch/1";

/// Human-readable prefix of an account in bech32m.
pub const ACCOUNT_HRP: &str = "bolao";

/// Prefix of what an organiser signs to invite: `"bolao/ticket/1" ‖ pool id ‖ ticket`.
pub const TICKET: &[u8] = b"bolao/ticket/1";

/// Prefix of what an organiser signs for the node that keeps an invitation: `"bolao/invitation/1" ‖ invitation without its secret`.
pub const INVITATION: &[u8] = b"bolao/invitation/1";

/// Prefix of what a ticket's key signs: `"bolao/admit/1" ‖ pool id ‖ joining account`.
pub const ADMISSION: &[u8] = b"bolao/admit/1";

/// Prefix of what a player signs to be told of news: `"bolao/push/1" ‖ pool id ‖ address and keys of a browser`.
pub const PUSH: &[u8] = b"bolao/push/1";

/// Prefix of what an organiser tells a node: `"bolao/word/1" ‖ pool id ‖ time ‖ text`.
pub const WORD: &[u8] = b"bolao/word/1";

/// Prefix of what a sealed bet's commitment hashes.
pub const SEAL: &[u8] = b"bolao/seal/1";

/// Prefix of what a validator key signs to be offered: `"bolao/offer/1" ‖ pool id ‖ account`.
pub const OFFER: &[u8] = b"bolao/offer/1";

/// Prefix of what a validator signs: `"bolao/vote/1" ‖ pool id ‖ statement`.
pub const STATEMENT: &[u8] = b"bolao/vote/1";

/// Prefix of what the hash of a set of validators hashes.
pub const VALIDATORS: &[u8] = b"bolao/validators/1";

/// Prefix of what the draw of a proposer hashes.
pub const PROPOSER: &[u8] = b"bolao/proposer/1";
