//! Keys of a player: words, derivation, encrypted key file, signing.
