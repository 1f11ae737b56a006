//! Domain separation: every prefix that is signed, hashed or bound to a ciphertext here, in one place.

/// Prefix of what a player signs: `"bolao/deal/1" ‖ pool id ‖ body`.
pub(crate) const DEAL: &[u8] = b"bolao/deal/1";

/// Bound to the ciphertext of a share, with the seal and the keeper that it is for.
pub(crate) const HANDED: &[u8] = b"bolao/handed/1";

/// Prefix of what a share's hash is made of.
pub(crate) const SHARE: &[u8] = b"bolao/share/1";

/// Prefix of what a keeper signs: `"bolao/holds/1" ‖ pool id ‖ deal id`.
pub(crate) const HOLDS: &[u8] = b"bolao/holds/1";

/// Hashed before what the randomness of a deal is made of.
pub(crate) const ENTROPY: &[u8] = b"bolao/deal-entropy/1";
