//! A wish by names: the actions that fulfil it, and what they would do.
//!
//! Whoever holds the chain finds what is named, asks the rules by a rehearsal that changes nothing, and says in sentences what would
//! come of it. What is to be signed is then in the open: the signer sees the actions and the sentences before the key is asked.
//!
//! - A file for each kind of wish: its names are looked up, then its actions are rehearsed, then it is put into sentences.
//! - A refusal by a rule keeps the rule's code; the wish adds what helps.
//! - As findings do, sentences name the commands that help.

mod chips;
mod met;
mod missing;
mod organising;
mod recording;
mod scheduling;
mod signing;
mod validating;

use std::collections::BTreeMap;

use bolao_answers::{
    Asked, Chain, Lookup, Named, Refused,
    body::{OrganisersBody, PlayerRef, ValidatorsBody},
};
use bolao_ledger::{AccountId, Action, Chips, Reason, UnixSeconds};
use bolao_rulebook::{Said, SaidValue, english_with};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use missing::Missing;
pub use scheduling::Scheduling;

/// A wish by names, of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Intent {
    /// Chips for another player.
    Give {
        /// The player who gets them: a name or an account.
        to: String,
        /// The number of chips.
        chips: u64,
    },
    /// Chips that weigh as a vote on blocks.
    Stake {
        /// The number of chips.
        chips: u64,
    },
    /// Staked chips back.
    Unstake {
        /// The number of chips.
        chips: u64,
    },
    /// An objection to a record.
    Object {
        /// The code of the match or question.
        code: String,
        /// The text of the objection.
        text: String,
    },
    /// An organiser more, or one less.
    Organise {
        /// The player: a name or an account.
        who: String,
        /// True to add the player, false to remove.
        added: bool,
    },
    /// The address of the pool's page.
    Publish {
        /// The address.
        address: String,
    },
    /// Votes on blocks for players.
    Appoint {
        /// The players: names or accounts.
        names: Vec<String>,
        /// The weight of each vote; if absent, the weight that all have now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<u64>,
    },
    /// Votes on blocks taken away.
    Dismiss {
        /// The players: names or accounts.
        names: Vec<String>,
    },
    /// A key to vote with.
    Offer {
        /// The action `offer`, in the ledger's own fields: the key has signed it.
        #[cfg_attr(feature = "schema", schema(value_type = Value))]
        action: Box<Action>,
    },
    /// A match, or what changes of one.
    Schedule(Scheduling),
    /// The day of a match whose time is not known.
    SetDay {
        /// The code of the match.
        code: String,
        /// The beginning of the day, where the match is played.
        begins: Timestamp,
        /// The end of the day.
        ends: Timestamp,
    },
    /// An action as it stands, of those that need no other signatures.
    Act {
        /// The action, in the ledger's own fields.
        #[cfg_attr(feature = "schema", schema(value_type = Value))]
        action: Box<Action>,
    },
    /// An organiser's act as it stands, such as one that waits for more signatures.
    Sign {
        /// The action, in the ledger's own fields: `schedule`, `day`, `result` or `question`.
        #[cfg_attr(feature = "schema", schema(value_type = Value))]
        action: Box<Action>,
        /// True to add a match although its teams meet within 36 hours in another one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        again: bool,
    },
}

/// The outcome that a wish would have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Foreseen {
    /// The actions that fulfil it, in their order, in the ledger's own fields: they are to be signed.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub actions: Vec<Action>,
    /// Their effect, in sentences, a line each.
    pub says: Vec<Said>,
    /// Reasons against it, in sentences, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Said>,
    /// The number of organisers who must sign the same of a match or a question; 0 where that is not asked.
    #[serde(default)]
    pub signatures_needed: u8,
}

/// Why a wish has no actions that the rules would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet<E> {
    /// It cannot be read: what is wanted.
    Unclear(String),
    /// The pool has nothing of a name.
    Unknown(String),
    /// A rule refuses it.
    Rule(Reason, String),
    /// The pool has no way to do it.
    Impossible(String),
    /// The chain could not be read, or there was no time.
    Failed(E),
}

/// The verdict of the rules on actions, one after the other: the account's chips then, if they change, or the first refusal.
pub type Verdict = Result<Option<Chips>, (Reason, String)>;

/// An account that wishes, in the pool as it stands.
#[expect(missing_debug_implementations, reason = "it holds a function")]
pub struct Wisher<'a, C: Chain, E> {
    /// The chain that is asked.
    pub asked: &'a Asked<'a, C>,
    /// The account.
    pub account: AccountId,
    /// The seconds by which the clocks of two validators may differ.
    pub clock_s: u64,
    /// The rules, which are asked what they say to actions of the account. Nothing is written.
    pub rehearse: &'a dyn Fn(&[Action]) -> Result<Verdict, E>,
}

type Outlook<E> = Result<Foreseen, Unmet<E>>;

impl Intent {
    /// The players that it names.
    #[must_use]
    pub fn players(&self) -> &[String] {
        match self {
            Self::Give { to: name, .. } | Self::Organise { who: name, .. } => {
                std::slice::from_ref(name)
            }
            Self::Appoint { names, .. } | Self::Dismiss { names } => names,
            Self::Stake { .. }
            | Self::Unstake { .. }
            | Self::Object { .. }
            | Self::Publish { .. }
            | Self::Offer { .. }
            | Self::Schedule(_)
            | Self::SetDay { .. }
            | Self::Act { .. }
            | Self::Sign { .. } => &[],
        }
    }
}

impl<E, S> From<Refused<S>> for Unmet<E>
where
    E: From<S>,
{
    fn from(refused: Refused<S>) -> Self {
        match refused {
            Refused::BadRequest(wanted) => Self::Unclear(wanted),
            Refused::NotFound(what) => Self::Unknown(what),
            Refused::Chain(error) => Self::Failed(error.into()),
        }
    }
}

impl<E> Unmet<E> {
    /// The same, where a rule refuses, with words that help.
    fn explained(mut self, explain: impl FnOnce(Reason, &mut String)) -> Self {
        if let Self::Rule(reason, text) = &mut self {
            explain(*reason, text);
        }
        self
    }
}

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    /// Finds out what would come of a wish.
    ///
    /// # Errors
    /// As [`Unmet`] says.
    pub fn foresee(&self, wish: &Intent) -> Outlook<E> {
        match wish {
            Intent::Give { to, chips } => self.give(to, Chips(*chips)),
            Intent::Stake { chips } => self.stake(Chips(*chips)),
            Intent::Unstake { chips } => self.unstake(Chips(*chips)),
            Intent::Object { code, text } => self.object(code, text),
            Intent::Organise { who, added } => self.organise(who, *added),
            Intent::Publish { address } => self.publish(address),
            Intent::Appoint { names, weight } => self.appoint(names, *weight),
            Intent::Dismiss { names } => self.dismiss(names),
            Intent::Offer { action } => self.offer(action),
            Intent::Schedule(wish) => self.schedule(wish),
            Intent::SetDay { code, begins, ends } => self.set_day(code, *begins, *ends),
            Intent::Act { action } => self.act(action),
            Intent::Sign { action, again } => self.sign(action, *again),
        }
    }

    /// An action as it stands, which says itself what it does.
    fn act(&self, action: &Action) -> Outlook<E> {
        if action.vote().is_some() {
            let kind = action.kind();
            return Err(Unmet::Unclear(format!(
                "`{kind}` may need other signatures: wish for it by `sign`, or by its name"
            )));
        }
        let actions = vec![action.clone()];
        self.tried(&actions)?;
        let mut names = self.names();
        let mut items = Vec::new();
        for no in action.matches() {
            items.push(names.code(no).map_err(Refused::from)?);
        }
        let says = action.says(&self.account);
        let mut players = Vec::new();
        for value in says.values.values() {
            if let SaidValue::Player { player, .. } = value {
                players.push(names.player(player).map_err(Refused::from)?);
            }
        }
        let says = Named::new(says, players, items);
        let says = english_with(&says.clone().into_value(), &says);
        Ok(Foreseen {
            actions,
            says: vec![said("{says}", [("says", says.into())])],
            ..Foreseen::default()
        })
    }

    /// The account's chips once it has done this, if they change.
    fn tried(&self, actions: &[Action]) -> Result<Option<Chips>, Unmet<E>> {
        let verdict = (self.rehearse)(actions).map_err(Unmet::Failed)?;
        verdict.map_err(|(reason, text)| Unmet::Rule(reason, text))
    }

    fn names(&self) -> Lookup<'_, C> {
        Lookup::new(self.asked.chain)
    }

    fn now(&self) -> Result<UnixSeconds, Unmet<E>> {
        Ok(self.asked.now().map_err(Refused::from)?)
    }

    fn voters(&self) -> Result<ValidatorsBody, Unmet<E>> {
        Ok(self.asked.validators().map_err(Refused::from)?)
    }

    fn organisers(&self) -> Result<OrganisersBody, Unmet<E>> {
        let body = OrganisersBody::new(&mut self.names(), self.asked.genesis);
        Ok(body.map_err(Refused::from)?)
    }

    /// Refuses whoever is no organiser; `what` is the deed of an organiser.
    fn organises(&self, organisers: &[PlayerRef], what: &str) -> Result<(), Unmet<E>> {
        if organisers.iter().any(|it| it.account == self.account) {
            return Ok(());
        }
        Err(Unmet::Impossible(if organisers.is_empty() {
            format!("this pool has no organisers, so nobody can {what}")
        } else {
            format!(
                "only organisers can {what}, and you are not one: ask {}",
                shown(organisers)
            )
        }))
    }
}

/// Names with commas.
fn shown(players: &[PlayerRef]) -> String {
    let names: Vec<String> = players.iter().map(PlayerRef::shown).collect();
    names.join(", ")
}

/// A name as the command line takes it.
fn quoted(name: &str) -> String {
    let is_plain = |sign: char| sign.is_alphanumeric() || "-_.@".contains(sign);
    if !name.is_empty() && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

/// A sentence with its values.
fn said<const N: usize>(template: &str, values: [(&str, SaidValue); N]) -> Said {
    let values = values.map(|(name, value)| (name.to_owned(), value));
    Said {
        template: template.to_owned(),
        values: BTreeMap::from(values),
    }
}

/// The time until then, in its largest fitting unit.
fn until(at: UnixSeconds, now: UnixSeconds) -> SaidValue {
    let seconds = u32::try_from(at.0.saturating_sub(now.0)).unwrap_or(u32::MAX);
    let unit = match seconds {
        0..=119 => 1,
        120..=7_199 => 60,
        7_200..=172_799 => 3_600,
        _ => 86_400,
    };
    let seconds = seconds - seconds % unit;
    SaidValue::Seconds { seconds }
}

/// Sentences on one line.
fn line(says: Vec<Said>) -> Said {
    said("{all}", [("all", says.into())])
}

/// The effect of a signature beside those of `others`, and whether it is the last that is needed. `asked` are those who can add theirs,
/// where they are to be named, with `command`.
fn signature(
    what: Said,
    others: &[PlayerRef],
    needed: u8,
    asked: &[PlayerRef],
    command: String,
) -> (Said, bool) {
    const ALONE: &str = "{what}.";
    const AFTER: &str = "{what}. {signers} signed it before you.";
    const ONCE: &str = "{what}, once {missing, plural, one {# more{asked} has} other {# more{asked} have}} signed it too ({command}).";
    const ONCE_AFTER: &str = "{what}, once {missing, plural, one {# more{asked} has} other {# more{asked} have}} signed it too \
                              ({command}). {signers} signed it before you.";
    let missing = usize::from(needed).saturating_sub(others.len().saturating_add(1));
    let template = match (missing, others.is_empty()) {
        (0, true) => ALONE,
        (0, false) => AFTER,
        (_, true) => ONCE,
        (_, false) => ONCE_AFTER,
    };
    let mut effect = said(template, [("what", what.into())]);
    if missing > 0 {
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        let asked = match asked {
            [] => String::new(),
            asked => format!(" of {}", shown(asked)),
        };
        effect.values.insert("missing".to_owned(), missing.into());
        effect.values.insert("asked".to_owned(), asked.into());
        effect.values.insert("command".to_owned(), command.into());
    }
    if !others.is_empty() {
        effect
            .values
            .insert("signers".to_owned(), shown(others).into());
    }
    (effect, missing == 0)
}
