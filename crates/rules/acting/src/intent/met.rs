//! Whether actions are what was wished: a program that answers in a node's place may want something else signed.

use bolao_ledger::{AccountId, Action, Day, FoldedCode, PageAddress, Text, UnixSeconds};
use jiff::Timestamp;

use super::{Intent, Scheduling};

impl Intent {
    /// Whether actions hold what the wish says, as far as that is known without the chain: which player a name is, and which match a code,
    /// the chain alone says.
    #[must_use]
    pub fn is_met_by(&self, actions: &[Action]) -> bool {
        match self {
            Self::Give { to, chips } => {
                matches!(actions, [Action::Transfer(it)] if it.chips.0 == *chips && may_be(to, &it.to))
            }
            Self::Stake { chips } => {
                matches!(actions, [Action::Stake(it)] if it.chips.0 == *chips)
            }
            Self::Unstake { chips } => {
                matches!(actions, [Action::Unstake(it)] if it.chips.0 == *chips)
            }
            Self::Object { text, .. } => {
                matches!(actions, [Action::Object(it)] if Ok(&it.text) == text.parse().as_ref())
            }
            Self::Organise { who, added } => {
                matches!(actions, [Action::Organiser(it)] if it.added == *added && may_be(who, &it.account))
            }
            Self::Publish { address } => {
                let address = address.parse::<PageAddress>();
                matches!(actions, [Action::Address(it)] if Ok(&it.address) == address.as_ref())
            }
            Self::Appoint { names, weight } => appoint(actions, names, |got| match weight {
                Some(weight) => got == *weight,
                None => got > 0,
            }),
            Self::Dismiss { names } => appoint(actions, names, |got| got == 0),
            Self::Offer { action } | Self::Act { action } | Self::Sign { action, .. } => {
                std::slice::from_ref(&**action) == actions
            }
            Self::Schedule(wish) => wish.is_met_by(actions),
            Self::SetDay { begins, ends, .. } => {
                let wished = seconds(*begins).zip(seconds(*ends));
                let wished = wished.map(|(begins, ends)| Day { begins, ends });
                matches!(actions, [Action::Day(it)] if it.day.is_some() && it.day == wished)
            }
        }
    }
}

impl Scheduling {
    fn is_met_by(&self, actions: &[Action]) -> bool {
        let [Action::Schedule(it)] = actions else {
            return false;
        };
        let got = &it.fixture;
        let is = |wished: &Option<String>, got: &Text<64>| {
            wished
                .as_ref()
                .is_none_or(|it| Text::new(it).as_ref() == Ok(got))
        };
        got.code.folded() == FoldedCode::of(&self.code)
            && is(&self.team1, &got.home.name)
            && is(&self.team2, &got.away.name)
            && is(&self.stage, &got.stage)
            && self.kickoff.is_none_or(|it| seconds(it) == got.kickoff)
    }
}

/// Whether what was typed may be a player: an account that was typed is that one alone.
fn may_be(typed: &str, player: &AccountId) -> bool {
    match typed.parse::<AccountId>() {
        Ok(account) => account == *player,
        Err(_) => true,
    }
}

/// Whether validators are appointed, one for a name at most, each with a weight that is wished.
fn appoint(actions: &[Action], names: &[String], is_wished: impl Fn(u64) -> bool) -> bool {
    let is_one = |action: &Action| {
        matches!(action, Action::Appoint(it) if is_wished(it.validator.weight)
            && names.iter().any(|name| may_be(name, &it.validator.account)))
    };
    actions.len() <= names.len() && actions.iter().all(is_one)
}

fn seconds(at: Timestamp) -> Option<UnixSeconds> {
    u64::try_from(at.as_second()).ok().map(UnixSeconds)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{Chips, MatchNo, Validator, ValidatorKey, actions};

    use super::*;

    const BRUNO: AccountId = AccountId([1; 32]);
    const MALLORY: AccountId = AccountId([2; 32]);

    fn transfer(to: AccountId, chips: u64) -> Action {
        let chips = Chips(chips);
        Action::Transfer(actions::Transfer { to, chips })
    }

    #[test]
    fn a_transfer_is_of_the_chips_and_to_the_account_that_were_typed() {
        let give = |to: String| Intent::Give { to, chips: 20 };
        let named = give("bruno".to_owned());
        assert!(named.is_met_by(&[transfer(BRUNO, 20)]));
        assert!(!named.is_met_by(&[transfer(BRUNO, 1_000)]));
        assert!(!named.is_met_by(&[transfer(BRUNO, 20), transfer(MALLORY, 20)]));
        assert!(!named.is_met_by(&[]));
        let account = give(BRUNO.to_string());
        assert!(account.is_met_by(&[transfer(BRUNO, 20)]));
        assert!(!account.is_met_by(&[transfer(MALLORY, 20)]));
        assert!(!Intent::Stake { chips: 20 }.is_met_by(&[transfer(BRUNO, 20)]));
    }

    #[test]
    fn an_objection_has_the_text_that_was_typed() {
        let wish = Intent::Object {
            code: "PtCh".to_owned(),
            text: "I saw 3-2".to_owned(),
        };
        let object = |text: &str| {
            let text = text.parse().unwrap();
            let match_no = MatchNo(1);
            [Action::Object(actions::Object { match_no, text })]
        };
        assert!(wish.is_met_by(&object("I saw 3-2")));
        assert!(!wish.is_met_by(&object("mallory wrote this")));
    }

    #[test]
    fn validators_have_the_weight_that_was_typed() {
        let appoint = |account, weight| {
            let key = ValidatorKey([3; 32]);
            let validator = Validator {
                account,
                key,
                weight,
            };
            Action::Appoint(actions::Appoint { validator })
        };
        let wish = |names: &[&str], weight| Intent::Appoint {
            names: names.iter().map(ToString::to_string).collect(),
            weight,
        };
        let all = wish(&["bruno", &BRUNO.to_string()], Some(2));
        assert!(all.is_met_by(&[appoint(BRUNO, 2)]));
        assert!(!all.is_met_by(&[appoint(BRUNO, 3)]));
        assert!(!wish(&[&BRUNO.to_string()], None).is_met_by(&[appoint(MALLORY, 1)]));
        assert!(!wish(&["bruno"], None).is_met_by(&[appoint(BRUNO, 0)]));
        let gone = Intent::Dismiss {
            names: vec!["bruno".to_owned()],
        };
        assert!(gone.is_met_by(&[appoint(BRUNO, 0)]));
        assert!(!gone.is_met_by(&[appoint(BRUNO, 1)]));
    }

    #[test]
    fn a_match_has_the_teams_and_the_kick_off_that_were_typed() {
        let wish = Intent::Schedule(Scheduling {
            code: "ptch".to_owned(),
            kickoff: Some(Timestamp::UNIX_EPOCH),
            team1: Some("Portugal".to_owned()),
            ..Scheduling::default()
        });
        let mut fixture = bolao_ledger::Genesis::article().matches.remove(0);
        fixture.code = "PtCh".parse().unwrap();
        fixture.home.name = Text::new("Portugal").unwrap();
        fixture.kickoff = Some(UnixSeconds(0));
        let schedule = |fixture| [Action::Schedule(actions::Schedule { fixture })];
        assert!(wish.is_met_by(&schedule(fixture.clone())));
        let mut other = fixture.clone();
        other.kickoff = Some(UnixSeconds(1));
        assert!(!wish.is_met_by(&schedule(other)));
        fixture.home.name = Text::new("Spain").unwrap();
        assert!(!wish.is_met_by(&schedule(fixture)));
    }
}
