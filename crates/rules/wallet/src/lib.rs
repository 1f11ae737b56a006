#![doc = include_str!("../README.md")]

#[cfg(feature = "kept")]
mod contents;
mod dealing;
mod derive;
mod domains;
mod draft;
#[cfg(feature = "file")]
mod file;
mod invite;
#[cfg(feature = "kept")]
mod kept;
mod keyring;
#[cfg(feature = "file")]
mod links;
mod phrase;
mod push;
#[cfg(feature = "file")]
mod random;
mod salt;
#[cfg(feature = "kept")]
mod sealed;
mod voting;
mod word;

pub use draft::Draft;
#[cfg(feature = "file")]
pub use file::{WalletError, WalletFile};
pub use invite::{
    HeldTicket, Invite, InviteError, InviteText, MAX_NAMED_HEIGHT, NewInvite, PublicInvite,
    ShortInvite, TicketSecret,
};
#[cfg(feature = "kept")]
pub use kept::KeptWords;
pub use keyring::{Key, KeyIndex, KeyIndexError, Keyring};
#[cfg(feature = "file")]
pub use links::{LinkWord, MAX_LINK_KEYS, MAX_OWNED_KEYS};
pub use phrase::{Phrase, PhraseError, word_list};
pub use push::PushAddress;
#[cfg(feature = "kept")]
pub use sealed::{MAX_FILE_BYTES, SealError};
pub use word::{LOOK, Word, clock_word, is_word_signed, look_of_node};
