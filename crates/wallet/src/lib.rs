#![doc = include_str!("../README.md")]

mod dealing;
mod derive;
mod domains;
mod draft;
#[cfg(feature = "file")]
mod file;
mod invite;
mod keyring;
mod phrase;
#[cfg(feature = "file")]
mod random;
mod salt;
#[cfg(feature = "file")]
mod sealed;

pub use draft::Draft;
#[cfg(feature = "file")]
pub use file::{WalletError, WalletFile};
pub use invite::{HeldTicket, Invite, InviteError, MAX_NAMED_HEIGHT, NamedBlock};
pub use keyring::{Key, KeyIndex, KeyIndexError, Keyring};
pub use phrase::{Phrase, PhraseError};
#[cfg(feature = "file")]
pub use sealed::{MAX_FILE_BYTES, SealError};
