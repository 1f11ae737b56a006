//! The files by which a home says whether it votes with its key; if not yet, why, and what ends it.
//!
//! A home that may have signed what it no longer knows of **waits** ([`Wait`], in `validator.waits`): its node follows without
//! voting, so that it signs nothing twice. Whoever brings such a home about writes the mark before the key is there. What ends it,
//! the node finds out ([`crate::services::waiting`]), or a person says.
//!
//! [`crate::vote`] has the whole: who writes which file, in which order, and what a node makes of them when it starts. A key is not
//! made again where there was one.

use bolao_ledger::{Genesis, Height, ValidatorKey};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use serde::{Deserialize, Serialize};

use super::{HAD, Home, HomeError, VALIDATOR, VOTED, WAITS};

/// The reason why a home does not know what it has signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitCause {
    /// It came from a backup.
    Backup,
    /// Its key came back from the wallet's words.
    Words,
    /// Its store was damaged.
    Damage,
    /// It has voted, and its chain is gone.
    NoChain,
    /// It has the key of the pool's only validator, and joined through another node.
    Joined,
}

/// The mark of a home that does not vote yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Why.
    pub cause: WaitCause,
    /// The height up to which it may have signed something; not known where that is all that it could.
    pub up_to: Option<Height>,
    /// Its step.
    pub step: WaitStep,
    /// Whether it came from a backup that was minutes old, so that it lacks what was signed within these.
    #[serde(default)]
    pub is_fresh: bool,
}

/// A step of a home on its way to its vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitStep {
    /// It waits.
    Waits,
    /// Its owner has said that it is to vote.
    Allowed,
    /// It votes. The mark stays until its chain shows that it did.
    Over,
}

impl Wait {
    pub(crate) const fn new(cause: WaitCause, up_to: Option<Height>) -> Self {
        Self {
            cause,
            up_to,
            step: WaitStep::Waits,
            is_fresh: false,
        }
    }

    /// Whether blocks may be missing that this home had, in a chain that ends at this height.
    fn may_lack_blocks(&self, tip: Height) -> bool {
        // What it kept of a chain that is gone may be a second older than the last block.
        let may_lack = match self.cause {
            WaitCause::NoChain => true,
            WaitCause::Damage => self.up_to.is_none_or(|up_to| up_to > tip),
            _ => false,
        };
        self.step == WaitStep::Waits && may_lack
    }

    /// Why the home does not know what it has signed.
    #[must_use]
    pub fn why(&self) -> String {
        match (self.cause, self.up_to) {
            (WaitCause::Backup, _) => {
                "this home came from a backup and does not know what it has signed since".to_owned()
            }
            (WaitCause::Words, _) => {
                "this home's key came back from its words, without what it has signed".to_owned()
            }
            (WaitCause::Damage, Some(up_to)) if up_to < Height(u64::MAX) => {
                format!(
                    "this home's store was damaged or is an older one, and what it signed up to block {up_to} is \
                    lost"
                )
            }
            (WaitCause::Damage, _) => {
                "this home's store was damaged, and what it signed is lost".to_owned()
            }
            (WaitCause::NoChain, _) => {
                "this home has voted, and its chain is gone with what it signed".to_owned()
            }
            (WaitCause::Joined, _) => {
                "this home has the key of the pool's only validator and joined through another node"
                    .to_owned()
            }
        }
    }

    /// The sentence for its owner: why the home does not vote, and what ends that. `others` are the validators besides it.
    #[must_use]
    pub fn sentence(&self, others: usize) -> String {
        let why = self.why();
        if self.step == WaitStep::Allowed {
            return format!("{why}: it votes in a moment, or once its node runs");
        }
        let quiet = match self.cause {
            WaitCause::NoChain => ", and others have had nothing newer for a minute",
            _ => "",
        };
        let ends = match (others, self.up_to) {
            (0, Some(up_to)) => format!(
                "It votes automatically once another node has given it the blocks up to {up_to}{quiet}. If no other node \
                has them, the pool continues without them: `bolao validators resume --nothing-newer`"
            ),
            (0, None) => "It votes automatically once other nodes have had nothing newer for a minute. If there is no \
                other node, and the home that voted no longer exists: `bolao validators resume --nothing-newer`"
                .to_owned(),
            _ => "It votes automatically once the other validators have made another block final without it, or have \
                all been connected for a minute and told it what it signed. If one of them is gone, or more than two \
                thirds of them wait with older copies: `bolao validators resume --risk-voting-twice`"
                .to_owned(),
        };
        format!("{why}: its node follows without voting, so that it signs nothing twice. {ends}")
    }
}

impl Home {
    /// The mark of a home that does not vote yet. One that cannot be read is that of a home that may have signed anything.
    pub fn wait(&self) -> Result<Option<Wait>, HomeError> {
        match self.json_there(WAITS) {
            Err(HomeError::Damaged { .. }) => Ok(Some(Wait::new(WaitCause::Damage, None))),
            wait => Ok(wait?.filter(|wait: &Wait| wait.step != WaitStep::Over)),
        }
    }

    /// Whether this home's validator has had a part in a block, or may have had.
    pub fn has_voted(&self) -> Result<bool, HomeError> {
        Ok(self.read(VOTED)?.is_some())
    }

    /// The height of the last final block that this home's node told while it had a vote; 0 where that cannot be read.
    pub fn voted_up_to(&self) -> Result<Option<Height>, HomeError> {
        let text = self.read(VOTED)?;
        Ok(text.map(|text| Height(text.trim().parse().unwrap_or_default())))
    }

    /// Keeps that, beside the chain: what it signed is forgotten with the chain, and it must sign nothing twice.
    pub(crate) fn set_voted(&self, up_to: Height) -> Result<(), HomeError> {
        if self.voted_up_to()? == Some(up_to) {
            return Ok(());
        }
        self.write(VOTED, &up_to.to_string(), 0o600)
    }

    /// The height of the highest block that this home's chain had before it was damaged; whether it has that again, whoever
    /// knows the chain can say.
    pub fn had(&self) -> Result<Option<Height>, HomeError> {
        let text = self.read(HAD)?;
        Ok(text.and_then(|text| text.trim().parse().ok()).map(Height))
    }

    /// Keeps that.
    pub(crate) fn set_had(&self, height: Height) -> Result<(), HomeError> {
        let height = self.had()?.map_or(height, |earlier| earlier.max(height));
        self.write(HAD, &height.to_string(), 0o644)
    }

    /// The wait for which the chain may lack blocks, if it ends at this height. A home that has voted and has no chain lacks
    /// them before a node has marked it.
    pub fn lacks_blocks(&self, tip: Height) -> Result<Option<Wait>, HomeError> {
        let gone = tip == Height::ZERO && self.has_voted()?;
        let unmarked = gone.then(|| Wait::new(WaitCause::NoChain, None));
        let wait = self.wait()?.or(unmarked);
        Ok(wait.filter(|wait| wait.may_lack_blocks(tip)))
    }

    /// Whether there is a mark, of a wait that is over, too.
    pub fn is_marked(&self) -> Result<bool, HomeError> {
        Ok(self.read(WAITS)?.is_some())
    }

    /// Marks that a home from a backup waits.
    pub(crate) fn set_wait_restored(&self, is_fresh: bool) -> Result<(), HomeError> {
        let wait = Wait::new(WaitCause::Backup, None);
        self.write_json(WAITS, &Wait { is_fresh, ..wait }, 0o600)
    }

    /// Marks that others show that its chain was higher, so that what it signed up to this height is lost.
    pub(crate) fn set_lost(&self, up_to: Height) -> Result<(), HomeError> {
        let wait = self.wait()?;
        let wait = wait.unwrap_or(Wait::new(WaitCause::Damage, None));
        let up_to = wait.up_to.map_or(up_to, |known| known.max(up_to));
        let up_to = Some(up_to);
        self.write_json(WAITS, &Wait { up_to, ..wait }, 0o600)
    }

    /// Marks that the home waits. What an earlier mark says of heights stays.
    pub(crate) fn set_wait(
        &self,
        cause: WaitCause,
        up_to: Option<Height>,
    ) -> Result<(), HomeError> {
        let up_to = match self.wait()? {
            Some(earlier) => earlier.up_to.zip(up_to).map(|(one, other)| one.max(other)),
            None => up_to,
        };
        self.write_json(WAITS, &Wait::new(cause, up_to), 0o600)
    }

    /// Keeps that the owner wants it to vote.
    pub fn allow_vote(&self, wait: Wait) -> Result<(), HomeError> {
        self.set_step(wait, WaitStep::Allowed)
    }

    fn set_step(&self, wait: Wait, step: WaitStep) -> Result<(), HomeError> {
        self.write_json(WAITS, &Wait { step, ..wait }, 0o600)
    }

    /// Keeps that the home votes, from its node's next start on.
    pub(crate) fn end_wait(&self) -> Result<(), HomeError> {
        match self.wait()? {
            Some(wait) => self.set_step(wait, WaitStep::Over),
            None => Ok(()),
        }
    }

    /// Removes the mark of a wait that is over.
    pub(crate) fn forget_wait(&self) -> Result<(), HomeError> {
        self.remove(WAITS)
    }

    /// Puts a key in its place that came from the wallet's words, if it is one that the pool began with, and marks that what it
    /// signed is not known. Says whether it is.
    pub fn restore_validator_key(&self, key: &SigningKey) -> Result<bool, HomeError> {
        let public = ValidatorKey(VerificationKeyBytes::from(key).into());
        if !is_first(&self.genesis()?, public) {
            return Ok(false);
        }
        self.set_wait(WaitCause::Words, None)?;
        self.set_validator_key(key)?;
        Ok(true)
    }

    /// Puts a key in its place that was never used.
    pub fn set_validator_key(&self, key: &SigningKey) -> Result<(), HomeError> {
        self.write(VALIDATOR, &hex::encode(key.as_bytes()), 0o600)
    }

    /// The public half of what this node votes with, if there is one yet.
    pub fn validator_key_there(&self) -> Result<Option<ValidatorKey>, HomeError> {
        let there = self.read(VALIDATOR)?;
        there.map(|_| self.validator_key()).transpose()
    }

    /// Tells the problem with the key here if this account votes with `votes_with`, or with none, and what its owner can do.
    /// `others` are the validators with other keys.
    pub fn key_problem(
        &self,
        votes_with: Option<ValidatorKey>,
        others: usize,
    ) -> Result<Option<String>, HomeError> {
        if let Some(wait) = self.wait()? {
            return Ok(Some(wait.sentence(others)));
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
            (None, Some(other)) if self.genesis().is_ok_and(|it| is_first(&it, other)) => {
                Some(format!(
                    "{file} is not there, and this account has a vote: the node follows without voting. If the account \
                votes from another home, all is well. If that home no longer exists, `bolao validators resume \
                --old-home-gone` brings its key back from the wallet's words, or put the file back from a backup and \
                start the node again"
                ))
            }
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

/// Whether a key is one that the pool began with, which the words of the wallet that it was made with bring back.
fn is_first(genesis: &Genesis, key: ValidatorKey) -> bool {
    let voting = genesis.consensus.voting();
    voting.is_some_and(|it| it.validators.iter().any(|one| one.key == key))
}
