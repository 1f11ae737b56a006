//! What the home votes with: a key that is not made again where there was one.

use bolao_ledger::ValidatorKey;

use super::{Home, HomeError, VALIDATOR};

/// The words for a home that does not know what it has signed since its backup.
const RESTORED: &str = "this home came from a backup and does not know what it has signed since: the node follows \
    without voting, so that it signs nothing twice. Once other nodes have had nothing newer for a minute, and the \
    others have made another block final, the log says so: restart it then. If it is the pool's only validator, \
    there is no other node, and the old home no longer exists: `bolao validators resume --nothing-newer`, and \
    restart it";

/// The words for one that votes from its node's next start on.
const AGAIN: &str =
    "this home may vote again, and does so once its node is restarted: stop it, and start it";

impl Home {
    /// The public half of what this node votes with, if there is one yet.
    pub fn validator_key_there(&self) -> Result<Option<ValidatorKey>, HomeError> {
        let there = self.read(VALIDATOR)?;
        there.map(|_| self.validator_key()).transpose()
    }

    /// Tells the problem with the key here if this account votes with `votes_with`, or with none, and what its owner can do.
    pub fn key_problem(
        &self,
        votes_with: Option<ValidatorKey>,
    ) -> Result<Option<String>, HomeError> {
        if self.is_restored()? {
            return Ok(Some(RESTORED.to_owned()));
        }
        if self.may_vote_again()? {
            return Ok(Some(AGAIN.to_owned()));
        }
        let there = match self.validator_key_there() {
            Err(HomeError::Damaged { .. }) => None,
            there => there?,
        };
        let file = self.dir().join(VALIDATOR);
        let file = file.display();
        Ok(match (there, votes_with) {
            (Some(own), Some(other)) if own != other => Some(format!(
                "this account votes with another key than the one in {file}. If it votes from another home, all is \
                well. If not, put the file back from a backup and start the node again; or `bolao validators offer` \
                moves the vote to this home's key, from the next block on"
            )),
            (None, Some(_)) => Some(format!(
                "{file} is gone or damaged, and this account has a vote: the node follows without voting. Put the \
                file back from a backup and start the node again; or, once no damaged file is there, `bolao \
                validators offer` makes a new key and moves the vote to it from the next block on: restart the node \
                then"
            )),
            (None, None) if self.has_voted()? => Some(format!(
                "{file} is gone or damaged: the node follows without voting. Put the file back from a backup and \
                start the node again; or, once no damaged file is there, `bolao validators offer` makes a new key, \
                which an organiser gives a vote with `bolao validators appoint NAME`: restart the node then"
            )),
            _ => None,
        })
    }
}
