//! Actions in words, as a log shows them.

use super::{Action, Opening};
use crate::genesis::Validator;

impl Action {
    /// Says what the signer of the action does, in a few words that go on from a name: `bets on 2 matches`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Join { name, .. } => format!("joins the pool as {name}"),
            Self::Bet { bets } if bets.len() == 1 => "bets on 1 match".to_owned(),
            Self::Bet { bets } => format!("bets on {} matches", bets.len()),
            Self::Seal { bets } if bets.len() == 1 => "seals 1 bet".to_owned(),
            Self::Seal { bets } => format!("seals {} bets", bets.len()),
            Self::Open { openings } => format!("opens sealed bets ({})", opened(openings)),
            Self::OpenFor { player, openings } => {
                format!("opens sealed bets of {player} ({})", opened(openings))
            }
            Self::Schedule { fixture } => format!("schedules {}", fixture.code),
            Self::Result { match_no, .. } => format!("signs a result of match {match_no}"),
            Self::Transfer { to, chips } if chips.0 == 1 => format!("gives 1 chip to {to}"),
            Self::Transfer { to, chips } => format!("gives {chips} chips to {to}"),
            Self::Object { match_no, text } => {
                format!("objects to the result of match {match_no}: {text}")
            }
            Self::Stake { chips } => format!("stakes {chips} chips as a validator"),
            Self::Unstake { chips } => {
                format!("takes {chips} chips back from the validators' stakes")
            }
            Self::Appoint { validator } if validator.weight == 0 => {
                format!("signs that {} is no longer a validator", validator.account)
            }
            Self::Appoint { validator } => {
                let Validator {
                    account, weight, ..
                } = validator;
                format!("signs that {account} is a validator of the weight {weight}")
            }
            Self::Evidence { proof } => {
                format!("proves that the validator key {} voted twice", proof.key)
            }
            Self::Organiser {
                account,
                added: true,
            } => format!("signs that {account} becomes an organiser"),
            Self::Organiser { account, .. } => {
                format!("signs that {account} is no longer an organiser")
            }
            Self::Day { match_no, .. } => format!("sets the day of match {match_no}"),
            Self::Address { address } => format!("signs that the pool's page is at {address}"),
            Self::Offer { key, .. } => format!("offers to vote with the key {key}"),
        }
    }
}

/// The scores that openings show, in words.
fn opened(openings: &[Opening]) -> String {
    let opened: Vec<String> = openings
        .iter()
        .map(|opening| format!("match {}: {}", opening.match_no, opening.score))
        .collect();
    opened.join(", ")
}
