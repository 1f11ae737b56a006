//! What the home keeps of invitations for those who come by a short link: all but the secrets, the oldest first.

use std::path::PathBuf;

use bolao_ledger::UnixSeconds;
use bolao_wallet::PublicInvite;
use thiserror::Error;

use super::{Home, HomeError};

/// The file that keeps the invitations.
pub(super) const INVITATIONS: &str = "invitations.json";
/// The most that are kept.
const MOST: usize = 256;

/// Why an invitation is not kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeepError {
    /// The file cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// Its ticket is another invitation's.
    #[error("another invitation with this ticket is kept")]
    Taken,
    /// There are as many as may be.
    #[error("{MOST} invitations are kept, none of which has expired")]
    Full,
}

impl Home {
    /// The path of the kept invitations.
    pub(crate) fn invitations_path(&self) -> PathBuf {
        self.dir().join(INVITATIONS)
    }

    /// Keeps an invitation. Where there are many, expired ones make room; others do not, since friends have their links. Whoever
    /// calls it from several threads lets one wait for the other.
    pub fn keep_invitation(&self, new: PublicInvite, now: UnixSeconds) -> Result<(), KeepError> {
        let mut kept = self.kept_invitations()?;
        if let Some(there) = kept
            .iter()
            .find(|it| it.given.ticket.key == new.given.ticket.key)
        {
            return if *there == new {
                Ok(())
            } else {
                Err(KeepError::Taken)
            };
        }
        if kept.len() >= MOST {
            kept.retain(|it| it.given.ticket.expires > now);
        }
        if kept.len() >= MOST {
            return Err(KeepError::Full);
        }
        kept.push(new);
        let texts: Vec<String> = kept.iter().map(ToString::to_string).collect();
        Ok(self.write_json(INVITATIONS, &texts, 0o600)?)
    }

    /// All of them. A file that cannot be read as such is none: whoever made a link makes another.
    pub(crate) fn kept_invitations(&self) -> Result<Vec<PublicInvite>, HomeError> {
        let texts: Option<Vec<String>> = match self.json_there(INVITATIONS) {
            Err(error @ (HomeError::Damaged { .. } | HomeError::TooLong { .. })) => {
                tracing::warn!(%error, "invitations are forgotten");
                None
            }
            other => other?,
        };
        let texts = texts.unwrap_or_default();
        Ok(texts.iter().filter_map(|it| it.parse().ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use bolao_ledger::{Genesis, PoolId};
    use bolao_wallet::{Key, NewInvite, TicketSecret};

    use super::*;

    /// The one with a ticket's key.
    fn of_ticket(home: &Home, like: &PublicInvite) -> Option<PublicInvite> {
        let kept = home.kept_invitations().unwrap();
        kept.into_iter()
            .find(|it| it.given.ticket.key == like.given.ticket.key)
    }

    fn issue(number: u16, pool: PoolId, expires: u64) -> PublicInvite {
        let mut secret = [0; 16];
        secret[..2].copy_from_slice(&number.to_le_bytes());
        let organiser = Key::from_secret(&[1; 32]);
        let (secret, expires) = (TicketSecret::new(secret), UnixSeconds(expires));
        NewInvite::issue(&organiser, secret, pool, None, 5, expires).public
    }

    #[test]
    fn expired_invitations_make_room_and_good_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let pool = Genesis::article().pool_id();
        let made: Vec<_> = (0..258)
            .map(|number| issue(number, pool, if number == 3 { 50 } else { 500 }))
            .collect();
        let now = UnixSeconds(100);
        let is_kept = |number: usize| {
            // As a node that was started again has it.
            let home = Home::open(dir.path()).unwrap();
            let invite = made.get(number).unwrap();
            let kept = of_ticket(&home, invite);
            assert!(kept.as_ref().is_none_or(|kept| kept == invite));
            kept.is_some()
        };
        let keep = |number: usize| {
            let invite = made.get(number).unwrap().clone();
            home.keep_invitation(invite, now).unwrap();
        };
        (0..MOST).for_each(keep);
        keep(9);
        assert!(is_kept(0) && is_kept(3) && is_kept(255));
        keep(256);
        assert!(!is_kept(3) && is_kept(0) && is_kept(256));
        let one_more = home.keep_invitation(made.get(257).unwrap().clone(), now);
        assert!(matches!(one_more, Err(KeepError::Full)));
        assert!(is_kept(0) && is_kept(256) && !is_kept(257));
    }

    #[test]
    fn a_ticket_has_one_invitation() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        let pool = Genesis::article().pool_id();
        let (one, other) = (issue(1, pool, 500), issue(1, pool, 600));
        home.keep_invitation(one.clone(), UnixSeconds(100)).unwrap();
        let taken = home.keep_invitation(other.clone(), UnixSeconds(100));
        assert!(matches!(taken, Err(KeepError::Taken)));
        assert_eq!(of_ticket(&home, &one), Some(one));
        fs::write(dir.path().join(INVITATIONS), "damaged").unwrap();
        assert_eq!(of_ticket(&home, &other), None);
        home.keep_invitation(other.clone(), UnixSeconds(100))
            .unwrap();
        assert_eq!(of_ticket(&home, &other), Some(other));
    }
}
