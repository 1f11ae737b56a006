//! Actions in words, as a log shows them.

use super::{Action, Opening};
use crate::{genesis::Validator, item::Predicted};

impl Action {
    /// The words of an action that no one sentence says.
    pub(super) fn own_words(&self) -> String {
        match self {
            Self::Bet { bets } if bets.len() == 1 => "bets on 1 match".to_owned(),
            Self::Bet { bets } => format!("bets on {} matches", bets.len()),
            Self::Seal { bets } if bets.len() == 1 => "seals 1 bet".to_owned(),
            Self::Seal { bets } => format!("seals {} bets", bets.len()),
            Self::Open { openings } => format!("opens sealed bets ({})", opened(openings)),
            Self::OpenFor { player, openings } => {
                format!("opens sealed bets of {player} ({})", opened(openings))
            }
            Self::Schedule { fixture } => format!("schedules {}", fixture.code),
            Self::Question { question } => format!("asks {}", question.code),
            Self::Transfer { to, chips } if chips.0 == 1 => format!("gives 1 chip to {to}"),
            Self::Transfer { to, chips } => format!("gives {chips} chips to {to}"),
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
            _ => self.kind().to_string(),
        }
    }
}

/// The predictions that openings show, in words.
fn opened(openings: &[Opening]) -> String {
    let opened: Vec<String> = openings
        .iter()
        .map(|opening| {
            let no = opening.match_no;
            match Predicted::new(no, opening.score) {
                Predicted::Score(score) => format!("match {no}: {score}"),
                Predicted::Answer(answer) => format!("question {no}: {}", answer.get()),
            }
        })
        .collect();
    opened.join(", ")
}
