//! Domain separation: every prefix that is hashed or bound to a ciphertext here, in one place. What is signed has its
//! own in [`bolao_ledger::domains`].

/// Hashed before a folded name: where the name's key is looked for first.
pub(crate) const NAME: &[u8] = b"bolao/name/1";

/// Hashed before what the step to a pool's first voting key is made of.
pub(crate) const VOTING_KEY: &[u8] = b"bolao/voting-key/1";

/// Bound to the sealed wallet file.
#[cfg(feature = "kept")]
pub(crate) const FILE: &[u8] = b"bolao/wallet/1";

/// The key of SLIP-0010's first HMAC for ed25519.
pub(crate) const SLIP10: &[u8] = b"ed25519 seed";

/// Hashed before what a sealed bet's salt is made of.
pub(crate) const SALT: &[u8] = b"bolao/salt/1";

/// Hashed before the secret of a short link: the seed of its ticket's key.
pub(crate) const TICKET_SEED: &[u8] = b"bolao/ticket-seed/1";

/// Hashed before what a node keeps of an invitation: what a short link names it by.
pub(crate) const INVITATION_HASH: &[u8] = b"bolao/invitation-hash/1";
