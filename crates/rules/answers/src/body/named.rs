//! Values of the ledger in answers: with the names of players, the codes of matches, and times in RFC 3339.

use std::ops::Deref;

use bolao_ledger::{
    AccountId, ItemKind, MatchNo, UnixSeconds,
    json::{Words, from_value},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{MatchRef, PlayerRef, moment};

/// Names of accounts and codes of matches, as far as they are known. In maps of JSON, which a page has anyway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// The names, by account.
    names: Map<String, Value>,
    /// The codes, by number.
    codes: Map<String, Value>,
    /// True for the numbers of questions.
    questions: Map<String, Value>,
}

impl Known {
    /// Learns what stands anywhere in an answer.
    fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Array(items) => items.iter().for_each(|it| self.learn(it)),
            Value::Object(fields) => {
                let text = |name| fields.get(name).and_then(Value::as_str);
                if let (Some(account), Some(name)) = (text("account"), text("name")) {
                    self.names.insert(account.to_owned(), name.into());
                }
                let no = fields.get("no").and_then(Value::as_u64);
                let no = no.and_then(|it| u16::try_from(it).ok());
                if let (Some(no), Some(code)) = (no, text("code")) {
                    self.codes.insert(no.to_string(), code.into());
                    if text("kind") == Some("question") {
                        self.questions.insert(no.to_string(), true.into());
                    }
                }
                fields.values().for_each(|it| self.learn(it));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

impl Words for Known {
    fn name(&self, account: &AccountId) -> Option<String> {
        let name = self.names.get(&account.to_string());
        name.and_then(Value::as_str).map(str::to_owned)
    }

    fn code(&self, no: MatchNo) -> String {
        let code = self.codes.get(&no.to_string()).and_then(Value::as_str);
        code.map_or_else(|| no.to_string(), str::to_owned)
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        if self.questions.contains_key(&no.to_string()) {
            ItemKind::Question
        } else {
            ItemKind::Match
        }
    }

    fn time(&self, at: UnixSeconds) -> String {
        moment(at).to_string()
    }
}

/// A value of the ledger, with the names of the accounts and matches in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    value: T,
    /// None where the names are found only when it is written.
    known: Option<Known>,
}

impl<T> Named<T> {
    /// A value in which these players and matches stand.
    #[must_use]
    pub fn new(
        value: T,
        players: impl IntoIterator<Item = PlayerRef>,
        items: impl IntoIterator<Item = MatchRef>,
    ) -> Self {
        let players = players.into_iter();
        let names = players.filter_map(|it| Some((it.account.to_string(), it.name?.into())));
        let mut known = Known {
            names: names.collect(),
            ..Known::default()
        };
        for it in items {
            if !it.kind.is_match() {
                known.questions.insert(it.no.to_string(), true.into());
            }
            known.codes.insert(it.no.to_string(), it.code.into());
        }
        Self {
            value,
            known: Some(known),
        }
    }

    /// A value with the names that stand in it as it was answered.
    pub(crate) fn answered(value: T, answer: &Value) -> Self {
        let mut known = Known::default();
        known.learn(answer);
        Self {
            value,
            known: Some(known),
        }
    }

    /// The value.
    pub fn into_value(self) -> T {
        self.value
    }

    /// A player who stands in it.
    #[must_use]
    pub fn player(&self, account: &AccountId) -> PlayerRef {
        PlayerRef {
            account: *account,
            name: self.name(account),
        }
    }

    /// Players who stand in it.
    #[must_use]
    pub fn players(&self, accounts: &[AccountId]) -> Vec<PlayerRef> {
        accounts.iter().map(|it| self.player(it)).collect()
    }

    /// A match that stands in it.
    #[must_use]
    pub fn item(&self, no: MatchNo) -> MatchRef {
        MatchRef {
            no: no.0,
            code: self.code(no),
            kind: self.kind(no),
        }
    }
}

impl<T> Words for Named<T> {
    fn name(&self, account: &AccountId) -> Option<String> {
        self.known.as_ref()?.name(account)
    }

    fn code(&self, no: MatchNo) -> String {
        let known = self.known.as_ref().map(|it| it.code(no));
        known.unwrap_or_else(|| no.to_string())
    }

    fn kind(&self, no: MatchNo) -> ItemKind {
        let known = self.known.as_ref().map(|it| it.kind(no));
        known.unwrap_or_default()
    }

    fn time(&self, at: UnixSeconds) -> String {
        moment(at).to_string()
    }
}

impl<T> Deref for Named<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Hands a value on as it is to who finds the words for it, and else writes it with these. An answer without names would look like a
/// lie to who compares it, so it is none.
#[cfg(feature = "schema")]
fn write<T: Serialize, S: Serializer>(
    value: &T,
    known: Option<&Known>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if bolao_ledger::json::is_writing() {
        return value.serialize(serializer);
    }
    let wanted =
        || serde::ser::Error::custom("the names in it are wanted: write it by `Lookup::write`");
    let known = known.ok_or_else(wanted)?;
    let text = bolao_ledger::json::write(value, known).map_err(serde::ser::Error::custom)?;
    let value: Value = serde_json::from_slice(&text).map_err(serde::ser::Error::custom)?;
    value.serialize(serializer)
}

/// In a page there is one way to write.
#[cfg(not(feature = "schema"))]
fn write<T: Serialize, S: Serializer>(
    value: &T,
    _: Option<&Known>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.value, self.known.as_ref(), serializer)
    }
}

impl<T> From<T> for Named<T> {
    /// For who finds the names when it is written.
    fn from(value: T) -> Self {
        Self { value, known: None }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let answer = Value::deserialize(deserializer)?;
        let mut known = Known::default();
        known.learn(&answer);
        let value = from_value(answer).map_err(de::Error::custom)?;
        Ok(Self {
            value,
            known: Some(known),
        })
    }
}

/// Writes a value in which no account and no match stands, and reads it: for `serde(with)`.
pub mod shown {
    use super::{Known, write};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes it, with times in RFC 3339.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        write(value, Some(&Known::default()), serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// It is not of the type.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::collections::BTreeMap;

    use bolao_ledger::{Action, Chips, Fixture, Genesis, Transaction, actions};
    use serde_json::json;

    use super::*;

    const ANA: AccountId = AccountId([1; 32]);

    fn ana() -> PlayerRef {
        PlayerRef {
            account: ANA,
            name: Some("Ana".to_owned()),
        }
    }

    #[test]
    fn an_action_has_the_names_of_players_and_comes_back() {
        let action = Action::Transfer(actions::Transfer {
            to: ANA,
            chips: Chips(3),
        });
        let named = Named::new(action, [ana()], []);
        let text = serde_json::to_value(&named).unwrap();
        let account = ANA.to_string();
        assert_eq!(
            text,
            json!({ "type": "transfer", "to": { "account": account, "name": "Ana" }, "chips": 3 })
        );
        let read: Named<Action> = serde_json::from_value(text).unwrap();
        assert_eq!(read, named);
        assert_eq!(read.player(&ANA), ana());
    }

    #[test]
    fn every_action_is_shown_and_comes_back() {
        let vectors = include_str!("../../../ledger/vectors/actions.json");
        let vectors: BTreeMap<String, Value> = serde_json::from_str(vectors).unwrap();
        assert!(!vectors.is_empty());
        for (name, vector) in vectors {
            let transaction: Transaction =
                serde_json::from_value(vector["transaction"].clone()).unwrap();
            let named = Named::new(transaction.body.action, [], []);
            let text = serde_json::to_value(&named).unwrap();
            assert_eq!(text["type"], name);
            let read: Named<Action> = serde_json::from_value(text).unwrap();
            assert_eq!(*read, *named);
        }
    }

    #[test]
    fn a_question_says_so_and_a_match_is_one_without_a_word() {
        for (no, kind) in [(1, ItemKind::Match), (16_384, ItemKind::Question)] {
            let action = Action::Object(actions::Object {
                match_no: MatchNo(no),
                text: "no".parse().unwrap(),
            });
            let code = "champion".to_owned();
            let about = MatchRef { no, code, kind };
            let named = Named::new(action, [], [about.clone()]);
            let text = serde_json::to_value(&named).unwrap();
            assert_eq!(text["match"], json!(about));
            let said = text["match"].get("kind").cloned();
            assert_eq!(
                said,
                (kind == ItemKind::Question).then(|| json!("question"))
            );
            let read: Named<Action> = serde_json::from_value(text).unwrap();
            assert_eq!(read.item(MatchNo(no)), about);
        }
    }

    #[test]
    fn a_fixture_comes_back_to_the_letter_with_times_that_can_be_read() {
        for fixture in Genesis::article().matches {
            let (no, kickoff) = (fixture.no.0, fixture.kickoff.map(moment));
            let named = Named::new(fixture, [], []);
            let text = serde_json::to_value(&named).unwrap();
            assert_eq!(text["no"], no);
            assert_eq!(text["kickoff"], json!(kickoff));
            let read: Named<Fixture> = serde_json::from_value(text).unwrap();
            assert_eq!(*read, *named);
        }
    }

    #[test]
    fn what_the_ledger_does_not_take_is_refused() {
        let fixture = Genesis::article().matches.remove(0);
        let text = serde_json::to_value(Named::new(fixture, [], [])).unwrap();
        for (field, wrong) in [
            ("kickoff", json!("1969-12-31T23:59:59Z")),
            ("kickoff", json!("soon")),
            ("stage", json!("")),
            ("no", json!(70_000)),
        ] {
            let mut other = text.clone();
            other[field] = wrong.clone();
            let read = serde_json::from_value::<Named<Fixture>>(other);
            assert!(read.is_err(), "{field}: {wrong}");
        }
    }
}
