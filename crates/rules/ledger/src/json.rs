//! JSON that comes in, read into types.
//!
//! Text is read into a [`Value`] first, and each type from that, by a reader that asks of a type only what it wants: a `struct` is an
//! object, a number is a number. A type is so compiled once for all JSON, which makes a page's download a tenth shorter than
//! `serde_json`'s readers do. What is wrong is said with its place, such as `rules.scoring.exact`.

mod error;
mod once;
mod write;

use std::mem;

use serde::{
    Deserialize as _, Deserializer, de,
    de::{DeserializeOwned, DeserializeSeed, Expected, Visitor},
};
use serde_json::{Map, Value};

pub use error::JsonError;
use once::Once;
pub use write::{Words, Writable, alone, append, is_writing, write, write_alone};

/// The most objects, lists and commas of a stranger's file: a genesis of four thousand matches has a fifth of them.
const MOST_PARTS: usize = 300_000;

/// Reads a stranger's text, which takes a hundred times its room if it is made of brackets alone.
///
/// # Errors
/// It is no JSON, not of the type, or names a field twice; or it has too many parts.
pub fn from_file<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let parts = text.bytes().filter(|byte| b"{[,".contains(byte)).count();
    if parts > MOST_PARTS {
        let message = format!("it has {parts} parts, wanted at most {MOST_PARTS}");
        return Err(JsonError::new(message));
    }
    from_json(text)
}

/// Reads a text.
///
/// # Errors
/// It is no JSON, not of the type, or names a field twice.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    from_value(value(text)?)
}

/// The value that a text is.
///
/// # Errors
/// It is no JSON, or names a field twice.
pub fn value(text: &str) -> Result<Value, JsonError> {
    match serde_json::from_str(text) {
        Ok(Once(value)) => Ok(value),
        Err(error) if error.is_data() => Err(JsonError::new(error.to_string())),
        Err(error) => Err(JsonError::new(format!(
            "it is not JSON in line {}, column {}",
            error.line(),
            error.column()
        ))),
    }
}

/// Reads a value.
///
/// # Errors
/// It is not of the type.
pub fn from_value<T: DeserializeOwned>(mut value: Value) -> Result<T, JsonError> {
    T::deserialize(Reader(&mut value))
}

/// The values of a list.
///
/// # Errors
/// It is none.
pub fn list(value: Value) -> Result<Vec<Value>, JsonError> {
    match value {
        Value::Array(values) => Ok(values),
        other => Err(wrong(&other, &"a sequence")),
    }
}

/// Reads what holds the name of its variant in one of its fields, as if the variant held the other fields.
pub(crate) fn tagged<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    tag: &'static str,
    from: D,
) -> Result<T, D::Error> {
    let (name, fields) = parted(tag, any(from)?).map_err(de::Error::custom)?;
    let mut variant = Map::new();
    variant.insert(name, fields);
    from_value(Value::Object(variant)).map_err(de::Error::custom)
}

/// The text of one field of an object, and the object without it.
pub(crate) fn parted(tag: &'static str, value: Value) -> Result<(String, Value), JsonError> {
    let missing = || de::Error::missing_field(tag);
    let Value::Object(all) = value else {
        return Err(missing());
    };
    let (mut name, mut fields) = (None, Map::new());
    for (field, value) in all {
        match value {
            Value::String(value) if field == tag => name = Some(value),
            value => {
                fields.insert(field, value);
            }
        }
    }
    Ok((name.ok_or_else(missing)?, Value::Object(fields)))
}

/// Reads a value of any type.
pub(crate) fn any<'de, D: Deserializer<'de>>(from: D) -> Result<Value, D::Error> {
    Once::deserialize(from).map(|Once(value)| value)
}

#[cold]
fn wrong(got: &Value, wanted: &dyn Expected) -> JsonError {
    match got {
        Value::Null => JsonError::unwanted(&"nothing", wanted),
        Value::Bool(got) => JsonError::unwanted(got, wanted),
        Value::Number(got) => JsonError::unwanted(got, wanted),
        Value::String(got) => JsonError::unwanted(&format_args!("`{got}`"), wanted),
        Value::Array(_) => JsonError::unwanted(&"a list", wanted),
        Value::Object(_) => JsonError::unwanted(&"an object", wanted),
    }
}

/// Takes what it reads out of the value.
struct Reader<'v>(&'v mut Value);

macro_rules! numbers {
    ($($method:ident $as:ident $visit:ident)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
                match self.0.$as() {
                    Some(number) => visitor.$visit(number),
                    None => Err(wrong(self.0, &visitor)),
                }
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (_, Some(number)) => visitor.visit_i64(number),
                _ => self.deserialize_f64(visitor),
            },
            Value::String(text) => visitor.visit_string(mem::take(text)),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(*value),
            other => Err(wrong(other, &visitor)),
        }
    }

    numbers! {
        deserialize_u8 as_u64 visit_u64
        deserialize_u16 as_u64 visit_u64
        deserialize_u32 as_u64 visit_u64
        deserialize_u64 as_u64 visit_u64
        deserialize_i8 as_i64 visit_i64
        deserialize_i16 as_i64 visit_i64
        deserialize_i32 as_i64 visit_i64
        deserialize_i64 as_i64 visit_i64
        deserialize_f32 as_f64 visit_f64
        deserialize_f64 as_f64 visit_f64
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::String(text) => visitor.visit_string(mem::take(text)),
            other => Err(wrong(other, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Array(items) => {
                let mut items = Items {
                    items: items.iter_mut(),
                    at: 0,
                };
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            other => Err(wrong(other, &visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields {
                fields: fields.iter_mut(),
                next: None,
            }),
            other => Err(wrong(other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let variant = Variant::of(self.0, &visitor)?;
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct identifier
    }
}

/// A list's items.
struct Items<'v> {
    items: std::slice::IterMut<'v, Value>,
    at: usize,
}

impl Items<'_> {
    fn end(&self) -> Result<(), JsonError> {
        match self.items.len() {
            0 => Ok(()),
            more => Err(JsonError::new(format!(
                "got {} items, wanted {}",
                self.at + more,
                self.at
            ))),
        }
    }
}

impl<'de> de::SeqAccess<'de> for &mut Items<'_> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, JsonError> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let value = seed.deserialize(Reader(item));
        let value = value.map_err(|error| error.within(&self.at))?;
        self.at += 1;
        Ok(Some(value))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// An object's fields.
struct Fields<'v> {
    fields: serde_json::map::IterMut<'v>,
    next: Option<(&'v String, &'v mut Value)>,
}

impl<'de> de::MapAccess<'de> for Fields<'_> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        self.next = self.fields.next();
        match &self.next {
            Some((name, _)) => seed.deserialize(Word(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        let Some((name, value)) = self.next.take() else {
            return Err(JsonError::new("got no field".to_owned()));
        };
        let value = seed.deserialize(Reader(value));
        value.map_err(|error| error.within(name))
    }
}

/// The name of a field or of a variant.
struct Word<'w>(&'w str);

impl<'de> Deserializer<'de> for Word<'_> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_str(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A variant by its name, alone or as the only field of an object.
struct Variant<'v> {
    name: &'v str,
    rest: Option<&'v mut Value>,
}

impl<'v> Variant<'v> {
    fn of(value: &'v mut Value, wanted: &dyn Expected) -> Result<Self, JsonError> {
        match value {
            Value::String(name) => Ok(Self { name, rest: None }),
            Value::Object(fields) => {
                let is_alone = fields.len() == 1;
                match fields.iter_mut().next() {
                    Some((name, rest)) if is_alone => Ok(Self {
                        name,
                        rest: Some(rest),
                    }),
                    _ => Err(JsonError::unwanted(&"not one field", wanted)),
                }
            }
            other => Err(wrong(other, wanted)),
        }
    }
}

impl<'de, 'v> de::EnumAccess<'de> for Variant<'v> {
    type Error = JsonError;
    type Variant = Rest<'v>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Rest<'v>), JsonError> {
        Ok((seed.deserialize(Word(self.name))?, Rest(self.rest)))
    }
}

/// The content of a variant, if it has any.
struct Rest<'v>(Option<&'v mut Value>);

impl<'v> Rest<'v> {
    fn reader(self) -> Result<Reader<'v>, JsonError> {
        let missing = || JsonError::new("got only the name, wanted more".to_owned());
        self.0.map(Reader).ok_or_else(missing)
    }
}

impl<'de> de::VariantAccess<'de> for Rest<'_> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        match self.0 {
            None | Some(Value::Null) => Ok(()),
            Some(other) => Err(wrong(other, &"only the name")),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, JsonError> {
        seed.deserialize(self.reader()?)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.reader()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        self.reader()?.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests;
