#![doc = include_str!("../README.md")]

mod derive;
mod domains;
mod draft;
mod file;
mod invite;
mod keyring;
mod phrase;
mod salt;
mod sealed;

pub use draft::Draft;
pub use file::{WalletError, WalletFile};
pub use invite::{HeldTicket, Invite, InviteError};
pub use keyring::{Key, KeyIndex, KeyIndexError, Keyring};
pub use phrase::{Phrase, PhraseError};
pub use sealed::{MAX_FILE_BYTES, SealError};
