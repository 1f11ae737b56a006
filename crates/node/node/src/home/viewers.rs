//! Who may look at what this home's node shows: what its owner chose, and the word of an organiser that its node has heard.

use bolao_api::body::Viewers;
use bolao_chain::Said;
use bolao_ledger::{UnixSeconds, decode, encode};
use bolao_wallet::LinkWord;

use super::{Home, HomeError};
use crate::clock::now;

/// The owner's choice. There, too, in a home that was joined where only players may look.
pub(super) const PLAYERS_ONLY: &str = "players-only";
/// The last word of an organiser about it.
pub(super) const WORD: &str = "viewers.word";

/// The choice of who may look, as a home was told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Its owner said so then.
    Said(Viewers, UnixSeconds),
    /// The node that it was joined through shows itself only to players.
    Joined,
}

impl Home {
    /// The people who may look at what this home's node shows, to browsers and to other nodes.
    ///
    /// # Rule Y5: only players if the node's owner chose so; else by what an organiser chose last; else if the node through which
    /// # the home was joined did.
    pub fn viewers(&self) -> Result<Viewers, HomeError> {
        let word = self.viewers_word()?.map(|(viewers, _)| viewers);
        Ok(match (self.viewers_choice()?, word) {
            (Some(Choice::Said(Viewers::Players, _)), _) | (Some(Choice::Joined), None) => {
                Viewers::Players
            }
            (_, word) => word.unwrap_or_default(),
        })
    }

    /// Whether only players may. Where the home cannot be read, too many are kept out rather than too many let in.
    pub(crate) fn is_for_players(&self) -> bool {
        self.viewers().unwrap_or(Viewers::Players) == Viewers::Players
    }

    /// Keeps who may. A running node goes by it at once. What was chosen already stays chosen then.
    pub fn set_viewers(&self, viewers: Viewers) -> Result<(), HomeError> {
        match self.viewers_choice()? {
            Some(Choice::Said(there, _)) if there == viewers => Ok(()),
            None if self.viewers()? == viewers => Ok(()),
            _ => {
                let word = match viewers {
                    Viewers::Players => "players",
                    Viewers::Everybody => "everybody",
                };
                self.write(PLAYERS_ONLY, &format!("{word} {}", now().unix), 0o644)
            }
        }
    }

    /// Keeps that the node by which this home was joined shows itself only to players.
    pub fn joined_players_only(&self) -> Result<(), HomeError> {
        match self.viewers_choice()? {
            Some(_) => Ok(()),
            None => self.write(PLAYERS_ONLY, "joined", 0o644),
        }
    }

    pub(crate) fn viewers_choice(&self) -> Result<Option<Choice>, HomeError> {
        let Some(text) = self.read(PLAYERS_ONLY)? else {
            return Ok(None);
        };
        let at = |text: &str| text.parse().map(UnixSeconds);
        let choice = match text.split_once(' ') {
            Some(("players", time)) => at(time).map(|at| Choice::Said(Viewers::Players, at)),
            Some(("everybody", time)) => at(time).map(|at| Choice::Said(Viewers::Everybody, at)),
            _ if text == "joined" => Ok(Choice::Joined),
            // As earlier programs wrote it.
            _ => Ok(Choice::Said(Viewers::Players, UnixSeconds(0))),
        };
        choice
            .map(Some)
            .map_err(|error| self.damaged(PLAYERS_ONLY, &error))
    }

    /// The last word of an organiser that the node has heard.
    pub(crate) fn viewers_word(&self) -> Result<Option<(Viewers, Said)>, HomeError> {
        const NONE: &str = "it holds no word about who may look";
        let Some(text) = self.read(WORD)? else {
            return Ok(None);
        };
        let bytes = hex::decode(text.trim()).map_err(|error| self.damaged(WORD, &error))?;
        let said: Said = decode(&bytes).map_err(|error| self.damaged(WORD, &error))?;
        match viewers_of(&said) {
            Some(viewers) => Ok(Some((viewers, said))),
            None => Err(self.damaged(WORD, &NONE)),
        }
    }

    pub(crate) fn keep_viewers_word(&self, said: &Said) -> Result<(), HomeError> {
        self.write(WORD, &hex::encode(encode(said)), 0o644)
    }
}

/// The people who may look, by a sentence.
pub(crate) fn viewers_of(said: &Said) -> Option<Viewers> {
    let text = str::from_utf8(&said.text).ok()?;
    match text.parse() {
        Ok(LinkWord::Viewers { players: true }) => Some(Viewers::Players),
        Ok(LinkWord::Viewers { players: false }) => Some(Viewers::Everybody),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{AccountId, Signature};

    use super::*;

    fn word(text: &str) -> Said {
        Said {
            account: AccountId([1; 32]),
            time: UnixSeconds(7),
            text: text.as_bytes().to_vec(),
            signature: Signature([2; 64]),
        }
    }

    #[test]
    fn an_organisers_word_outweighs_all_but_that_this_node_is_for_players() {
        use Viewers::{Everybody, Players};
        for (said, heard, who) in [
            (None, None, Everybody),
            (None, Some("viewers players"), Players),
            (None, Some("viewers everybody"), Everybody),
            (Some(Everybody), Some("viewers players"), Players),
            (Some(Players), Some("viewers everybody"), Players),
            (Some(Players), None, Players),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let home = Home::open(dir.path()).unwrap();
            if let Some(heard) = heard {
                home.keep_viewers_word(&word(heard)).unwrap();
            }
            if let Some(said) = said {
                home.set_viewers(said).unwrap();
            }
            assert_eq!(home.viewers().unwrap(), who, "{said:?} {heard:?}");
        }
    }

    #[test]
    fn a_home_that_was_joined_among_players_is_so_until_an_organiser_says_otherwise() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        home.joined_players_only().unwrap();
        assert_eq!(home.viewers().unwrap(), Viewers::Players);
        home.keep_viewers_word(&word("viewers everybody")).unwrap();
        assert_eq!(home.viewers().unwrap(), Viewers::Everybody);
        // What its owner chose is not taken back by joining again.
        home.set_viewers(Viewers::Players).unwrap();
        home.joined_players_only().unwrap();
        assert_eq!(home.viewers().unwrap(), Viewers::Players);
    }

    #[test]
    fn what_was_chosen_already_keeps_its_time() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        std::fs::write(dir.path().join(PLAYERS_ONLY), "players 7").unwrap();
        home.set_viewers(Viewers::Players).unwrap();
        let there = Choice::Said(Viewers::Players, UnixSeconds(7));
        assert_eq!(home.viewers_choice().unwrap(), Some(there));
        home.set_viewers(Viewers::Everybody).unwrap();
        let after = home.viewers_choice().unwrap().unwrap();
        assert!(matches!(after, Choice::Said(Viewers::Everybody, at) if at.0 > 7));
    }

    #[test]
    fn what_earlier_programs_wrote_counts_and_what_is_damaged_keeps_people_out() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        std::fs::write(dir.path().join(PLAYERS_ONLY), "yes").unwrap();
        assert_eq!(home.viewers().unwrap(), Viewers::Players);
        std::fs::write(dir.path().join(PLAYERS_ONLY), "everybody soon").unwrap();
        assert!(home.viewers().is_err() && home.is_for_players());
        std::fs::remove_file(dir.path().join(PLAYERS_ONLY)).unwrap();
        std::fs::write(dir.path().join(WORD), "00").unwrap();
        assert!(home.viewers().is_err() && home.is_for_players());
    }
}
