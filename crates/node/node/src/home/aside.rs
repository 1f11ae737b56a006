//! Files of a home that are damaged or gone. What can be made anew is put aside, rather than keep a node from starting; a
//! wallet cannot.

use std::fs;

use super::{Home, HomeError, NAMES, REGISTERED, TOKEN};

impl Home {
    /// Whether there is a wallet. None may be made in place of one that was lost.
    ///
    /// # Errors
    /// There was one, and it is gone.
    pub fn has_wallet(&self) -> Result<bool, HomeError> {
        if self.wallet_path().exists() {
            return Ok(true);
        }
        match self.profile()?.account {
            Some(account) => Err(HomeError::LostWallet {
                dir: self.person.clone(),
                account,
            }),
            None => Ok(false),
        }
    }

    /// Puts aside what is damaged and can be made anew, with a warning: of files that somebody has just read, and of the home's own.
    pub(crate) fn put_damaged_aside(
        &self,
        read: impl IntoIterator<Item = (&'static str, Result<(), HomeError>)>,
    ) {
        let own = [
            (NAMES, self.names().map(drop)),
            (REGISTERED, self.registered().map(drop)),
            (TOKEN, self.token().map(drop)),
        ];
        for (name, read) in read.into_iter().chain(own) {
            let Err(error @ (HomeError::Damaged { .. } | HomeError::TooLong { .. })) = read else {
                continue;
            };
            let path = self.path(name);
            let aside = path.with_added_extension("bad");
            match fs::rename(&path, &aside) {
                Ok(()) => {
                    tracing::warn!(%error, aside = %aside.display(), "it is moved aside and replaced");
                }
                Err(error) => {
                    tracing::warn!(%error, file = name, "a damaged file cannot be moved aside");
                }
            }
        }
    }
}
