//! Reading what people and old programs send: any content type, several spellings, numbers as
//! text; and saying what is wrong with it.

use std::borrow::Cow;

use bolao_ledger::{MAX_GOALS, json::from_file};
use serde_json::{Map, Value};

use crate::{Code, problem::Problem};

/// The spellings of a field that a route knows, the first one as errors name it.
pub(crate) type Spellings = &'static [&'static str];

/// The object in a request's body.
#[derive(Debug)]
pub(crate) struct Fields(Map<String, Value>);

impl Fields {
    /// Reads a body, of which every field is known and is one thing; `example` shows what is wanted.
    pub(crate) fn read(body: &[u8], known: &[Spellings], example: &str) -> Result<Self, Problem> {
        let fields = Self::object(body, example)?;
        let all = known.iter().flat_map(|spellings| *spellings);
        let is_known = |field: &&String| all.clone().any(|known| known == *field);
        if let Some(field) = fields.0.keys().find(|field| !is_known(field)) {
            let names: Vec<&str> = known.iter().filter_map(|it| it.first().copied()).collect();
            return Err(Problem::coded(
                Code::UnknownField,
                format!(
                    "`{}` is no field here, so nothing was done: wanted only {}, such as {example}",
                    cut(field),
                    names.join(", ")
                ),
            ));
        }
        for spellings in known {
            fields.is_one(spellings)?;
        }
        Ok(fields)
    }

    /// Refuses a field that stands in two spellings with two values.
    fn is_one(&self, spellings: Spellings) -> Result<(), Problem> {
        let mut given = spellings
            .iter()
            .filter_map(|key| Some((key, self.0.get(*key)?)));
        let mut given = given.by_ref().filter(|(_, value)| !value.is_null());
        let Some((first, value)) = given.next() else {
            return Ok(());
        };
        let number = whole_number(value);
        match given.find(|(_, other)| {
            *other != value && (number.is_none() || whole_number(other) != number)
        }) {
            None => Ok(()),
            Some((other, differs)) => Err(Problem::coded(
                Code::UnknownField,
                format!(
                    "`{first}` and `{other}` are the same field, and say {} and {}: give one of them",
                    shown(value),
                    shown(differs)
                ),
            )),
        }
    }

    fn object(body: &[u8], example: &str) -> Result<Self, Problem> {
        let text = decoded(body)
            .ok_or_else(|| Problem::bad_request("the body is not UTF-8, wanted JSON in UTF-8"))?;
        if text.trim().is_empty() {
            return Err(Problem::bad_request(format!(
                "got an empty body, wanted JSON such as {example}"
            )));
        }
        // A block's body is long, and may come from anybody.
        match from_file(&text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => Err(Problem::bad_request(format!(
                "got {}, wanted a JSON object such as {example}",
                shown(&other)
            ))),
            Err(error) => Err(Problem::bad_request(format!(
                "the body cannot be read ({error}), wanted an object such as {example}"
            ))),
        }
    }

    /// The value under the first of the spellings that is there; `null` counts as absent.
    pub(crate) fn get(&self, spellings: &[&str]) -> Option<&Value> {
        spellings
            .iter()
            .filter_map(|key| self.0.get(*key))
            .find(|value| !value.is_null())
    }

    fn required(&self, spellings: &[&str]) -> Result<&Value, Problem> {
        self.get(spellings).ok_or_else(|| {
            let null = spellings.iter().find(|key| self.0.contains_key(**key));
            let key = spellings.first().copied().unwrap_or_default();
            let missing = || format!("the key `{key}` is missing");
            let is_null = |key: &&str| format!("`{key}`: got null, wanted a value");
            Problem::bad_request(null.map_or_else(missing, is_null))
        })
    }

    /// A text.
    pub(crate) fn text(&self, spellings: &[&str]) -> Result<&str, Problem> {
        let value = self.required(spellings)?;
        value
            .as_str()
            .ok_or_else(|| wrong(spellings, value, "a text"))
    }

    /// A list, at most `max` long.
    pub(crate) fn list(&self, spellings: &[&str], max: usize) -> Result<&[Value], Problem> {
        let value = self.required(spellings)?;
        match value {
            Value::Array(items) if items.len() <= max => Ok(items),
            Value::Array(items) => Err(Problem::bad_request(format!(
                "got {} entries, wanted at most {max}",
                items.len()
            ))),
            other => Err(wrong(spellings, other, "a list")),
        }
    }

    /// Any value, which is taken out.
    pub(crate) fn take(&mut self, spellings: &[&str]) -> Result<Value, Problem> {
        self.required(spellings)?;
        let mut values = spellings.iter().filter_map(|key| self.0.remove(*key));
        Ok(values.find(|value| !value.is_null()).unwrap_or_default())
    }

    /// Goals, as a number or a numeric text.
    pub(crate) fn goals(&self, spellings: &[&str]) -> Result<u64, Problem> {
        let value = self.required(spellings)?;
        let wanted = format!("a whole number from 0 to {MAX_GOALS}");
        whole_number(value)
            .filter(|goals| *goals <= u64::from(MAX_GOALS))
            .ok_or_else(|| wrong(spellings, value, &wanted))
    }

    /// A number of chips; 0 where there is none.
    pub(crate) fn chips(&self, spellings: &[&str]) -> Result<u64, Problem> {
        match self.get(spellings) {
            None => Ok(0),
            Some(value) => whole_number(value)
                .ok_or_else(|| wrong(spellings, value, "a whole number of chips, 0 or more")),
        }
    }
}

/// A body's text, as the article's program reads it: UTF-8 or UTF-16, with a byte order mark or without. None if it is
/// neither: two names must not become one.
fn decoded(body: &[u8]) -> Option<Cow<'_, str>> {
    let utf16 = |body: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, _) = body.as_chunks::<2>();
        let read = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
        let text: Result<String, _> = read.collect();
        text.ok().map(Cow::Owned)
    };
    let utf8 = |body| str::from_utf8(body).ok().map(Cow::Borrowed);
    match body {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // The first character of JSON is ASCII.
        [0, first, ..] if *first != 0 => utf16(body, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(body, u16::from_le_bytes),
        _ => utf8(body),
    }
}

fn whole_number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let text = number.to_string();
            let (whole, rest) = text.split_once('.')?;
            whole
                .parse()
                .ok()
                .filter(|_| rest.bytes().all(|it| it == b'0'))
        }),
        Value::String(text) => {
            let digits = text.trim();
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain)
        }
        _ => None,
    }
}

fn wrong(spellings: &[&str], value: &Value, wanted: &str) -> Problem {
    let key = spellings.first().copied().unwrap_or_default();
    Problem::bad_request(format!("`{key}`: got {}, wanted {wanted}", shown(value)))
}

/// A value in a sentence, cut short.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => cut(&number.to_string()),
        Value::String(text) => format!("the text {:?}", cut(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The beginning of a text.
pub(crate) fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
