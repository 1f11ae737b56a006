//! Answers, written as JSON from their parts: to build values of them first is more code for the page.

use bolao_ledger::json::{self, Writable};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// JSON that is written.
#[derive(Clone, Debug)]
pub(crate) struct AnswerText(Vec<u8>);

impl AnswerText {
    pub(crate) fn null() -> Self {
        Self::of(&())
    }

    /// A value's text.
    #[inline(never)]
    pub(crate) fn of(value: &dyn Writable) -> Self {
        let mut text = Vec::new();
        append(&mut text, value);
        Self(text)
    }

    /// A text of JSON.
    pub(crate) const fn written(text: Vec<u8>) -> Self {
        Self(text)
    }

    /// An object of the fields that were put into it, one at least.
    pub(crate) fn object(mut fields: Vec<u8>) -> Self {
        fields.push(b'}');
        Self(fields)
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn into_string(self) -> String {
        String::from_utf8(self.0).unwrap_or_default()
    }

    pub(crate) fn value(&self) -> Value {
        json::value(self.as_str()).unwrap_or_default()
    }
}

impl Serialize for AnswerText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

/// Adds a value. No type of ours refuses to be written; one that did would be null.
fn append(text: &mut Vec<u8>, value: &dyn Writable) {
    let start = text.len();
    if json::append(text, value).is_err() {
        text.truncate(start);
        text.extend_from_slice(b"null");
    }
}

/// Adds a field to an object.
#[inline(never)]
pub(crate) fn put(object: &mut Vec<u8>, name: &'static str, value: &dyn Writable) {
    object.push(if object.is_empty() { b'{' } else { b',' });
    append(object, &name);
    object.push(b':');
    append(object, value);
}

/// An object of these fields.
macro_rules! object {
    ({ $($name:tt: $value:expr),* $(,)? }) => {{
        let mut object = Vec::new();
        $($crate::object::put(&mut object, $name, &$value);)*
        $crate::object::AnswerText::object(object)
    }};
}

pub(crate) use object;
