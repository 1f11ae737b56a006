//! Values written as JSON: for people, with the names of players, the codes of matches, and times that can be read; or for programs,
//! as they are.

use std::{cell::Cell, io::Write as _, mem};

use serde::{Serialize, Serializer, ser};

use super::JsonError;
use crate::{
    account::AccountId,
    fixture::{ItemKind, MatchNo},
    units::UnixSeconds,
};

/// The words for what the ledger knows by numbers and keys.
pub trait Words {
    /// The name of a player, if there is one.
    fn name(&self, account: &AccountId) -> Option<String>;

    /// The code of a match or question, by a number of it.
    fn code(&self, no: MatchNo) -> String;

    /// The kind of what has a number.
    fn kind(&self, no: MatchNo) -> ItemKind;

    /// A time.
    fn time(&self, at: UnixSeconds) -> String;
}

/// A value that can be written: one that `serde` can write. Nobody else implements it or calls it.
// The code that calls it is compiled once for all types.
pub trait Writable {
    /// Writes it.
    ///
    /// # Errors
    /// It refuses to be written, or has a map whose keys are no texts, or a tuple with a name.
    #[allow(
        private_interfaces,
        reason = "all that is written comes here by the functions below"
    )]
    fn write_to(&self, writer: &mut WordsWriter<'_>) -> Result<(), JsonError>;
}

impl<T: Serialize> Writable for T {
    #[allow(private_interfaces, reason = "as above")]
    fn write_to(&self, writer: &mut WordsWriter<'_>) -> Result<(), JsonError> {
        self.serialize(writer)
    }
}

/// Writes a value, with these words for accounts, matches and times: an account becomes `{"account", "name"}`, the number of a match
/// `{"no", "code"}`, under `match` where its field is `match_no`; that of a question says so in its `kind`.
///
/// # Errors
/// Those of [`Writable::write_to`].
pub fn write(value: &dyn Writable, words: &dyn Words) -> Result<Vec<u8>, JsonError> {
    let mut writer = WordsWriter {
        out: Vec::new(),
        words: Some(words),
    };
    let before = IS_WRITING.replace(true);
    let written = value.write_to(&mut writer);
    IS_WRITING.set(before);
    written.map(|()| writer.out)
}

/// Writes a value at the end of others, as programs read it, to the letter as `serde_json` does. Bytes in it are taken for JSON.
///
/// # Errors
/// Those of [`Writable::write_to`]; then a part of it may be there.
pub fn append(out: &mut Vec<u8>, value: &dyn Writable) -> Result<(), JsonError> {
    let mut writer = WordsWriter {
        out: mem::take(out),
        words: None,
    };
    let written = value.write_to(&mut writer);
    *out = writer.out;
    written
}

#[derive(Serialize)]
struct Alone<'v, T> {
    #[serde(flatten)]
    value: &'v T,
}

/// Writes an object by the code that writes its fields among those of another: for `serde(serialize_with)`. Where both are written, each
/// way is more code for a page. A value that is no object is refused.
///
/// # Errors
/// The serializer's.
pub fn alone<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    Alone { value }.serialize(serializer)
}

/// Writes an object as [`write()`] does, by the code of [`alone`].
///
/// # Errors
/// Those of [`write()`].
pub fn write_alone<T: Serialize>(value: &T, words: &dyn Words) -> Result<Vec<u8>, JsonError> {
    write(&Alone { value }, words)
}

thread_local! {
    static IS_WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Whether [`write()`] is at work on this thread and finds the words, also where a value cannot see to whom it is handed on, such as
/// where its fields stand among those of another.
#[must_use]
pub fn is_writing() -> bool {
    IS_WRITING.get()
}

struct WordsWriter<'w> {
    out: Vec<u8>,
    words: Option<&'w dyn Words>,
}

fn unfit() -> JsonError {
    JsonError::new("it cannot be written as JSON".to_owned())
}

impl WordsWriter<'_> {
    fn text(&mut self, text: &str) -> Result<(), JsonError> {
        serde_json::to_writer(&mut self.out, text).map_err(|_| unfit())
    }

    fn key(&mut self, is_first: bool, key: &str) -> Result<(), JsonError> {
        self.out.push(if is_first { b'{' } else { b',' });
        self.text(key)?;
        self.out.push(b':');
        Ok(())
    }

    /// The number or the text that was written since then, without its quotation marks.
    fn since(&self, start: usize) -> &str {
        let written = self.out.get(start..).unwrap_or_default();
        str::from_utf8(written)
            .unwrap_or_default()
            .trim_matches('"')
    }

    fn account(&mut self, start: usize, words: &dyn Words) -> Result<(), JsonError> {
        let account: AccountId = self.since(start).parse().map_err(|_| unfit())?;
        self.out.truncate(start);
        self.key(true, "account")?;
        self.text(&account.to_string())?;
        if let Some(name) = words.name(&account) {
            self.key(false, "name")?;
            self.text(&name)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn item(&mut self, start: usize, words: &dyn Words) -> Result<(), JsonError> {
        let no = MatchNo(self.since(start).parse().map_err(|_| unfit())?);
        self.out.truncate(start);
        self.key(true, "no")?;
        no.0.serialize(&mut *self)?;
        self.key(false, "code")?;
        self.text(&words.code(no))?;
        let kind = words.kind(no);
        if !kind.is_match() {
            self.key(false, "kind")?;
            kind.serialize(&mut *self)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn time(&mut self, start: usize, words: &dyn Words) -> Result<(), JsonError> {
        let at = UnixSeconds(self.since(start).parse().map_err(|_| unfit())?);
        self.out.truncate(start);
        self.text(&words.time(at))
    }
}

/// All numbers are written as those of 64 bits.
macro_rules! numbers {
    ($($method:ident $type:ty: $widest:ident,)*) => {
        $(fn $method(self, value: $type) -> Result<(), JsonError> {
            self.$widest(value.into())
        })*
    };
}

impl<'a, 'w> Serializer for &'a mut WordsWriter<'w> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Several<'a, 'w>;
    type SerializeTuple = Several<'a, 'w>;
    type SerializeTupleStruct = ser::Impossible<(), JsonError>;
    type SerializeTupleVariant = ser::Impossible<(), JsonError>;
    type SerializeMap = Several<'a, 'w>;
    type SerializeStruct = Several<'a, 'w>;
    type SerializeStructVariant = Several<'a, 'w>;

    numbers! {
        serialize_i8 i8: serialize_i64,
        serialize_i16 i16: serialize_i64,
        serialize_i32 i32: serialize_i64,
        serialize_u8 u8: serialize_u64,
        serialize_u16 u16: serialize_u64,
        serialize_u32 u32: serialize_u64,
        serialize_f32 f32: serialize_f64,
    }

    fn serialize_bool(self, value: bool) -> Result<(), JsonError> {
        self.out
            .extend_from_slice(if value { "true" } else { "false" }.as_bytes());
        Ok(())
    }

    fn serialize_i64(self, value: i64) -> Result<(), JsonError> {
        write!(self.out, "{value}").map_err(|_| unfit())
    }

    fn serialize_u64(self, value: u64) -> Result<(), JsonError> {
        write!(self.out, "{value}").map_err(|_| unfit())
    }

    fn serialize_f64(self, value: f64) -> Result<(), JsonError> {
        serde_json::to_writer(&mut self.out, &value).map_err(|_| unfit())
    }

    fn serialize_char(self, value: char) -> Result<(), JsonError> {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), JsonError> {
        self.text(value)
    }

    fn serialize_bytes(self, written: &[u8]) -> Result<(), JsonError> {
        if self.words.is_some() {
            return Err(unfit());
        }
        self.out.extend_from_slice(written);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), JsonError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), JsonError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), JsonError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), JsonError> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        let start = self.out.len();
        value.serialize(&mut *self)?;
        match (self.words, name) {
            (Some(words), AccountId::TYPE) => self.account(start, words),
            (Some(words), MatchNo::TYPE) => self.item(start, words),
            (Some(words), UnixSeconds::TYPE) => self.time(start, words),
            _ => Ok(()),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.key(true, variant)?;
        value.serialize(&mut *self)?;
        self.out.push(b'}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Several<'a, 'w>, JsonError> {
        Ok(Several::list(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Several<'a, 'w>, JsonError> {
        Ok(Several::list(self))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, JsonError> {
        Err(unfit())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, JsonError> {
        Err(unfit())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Several<'a, 'w>, JsonError> {
        Ok(Several::object(self, "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Several<'a, 'w>, JsonError> {
        Ok(Several::object(self, "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Several<'a, 'w>, JsonError> {
        self.key(true, variant)?;
        Ok(Several::object(self, "}}"))
    }
}

/// The items of a list, or the fields of an object.
struct Several<'a, 'w> {
    writer: &'a mut WordsWriter<'w>,
    is_first: bool,
    open: &'static str,
    close: &'static str,
}

impl<'a, 'w> Several<'a, 'w> {
    fn list(writer: &'a mut WordsWriter<'w>) -> Self {
        Self {
            writer,
            is_first: true,
            open: "[",
            close: "]",
        }
    }

    fn object(writer: &'a mut WordsWriter<'w>, close: &'static str) -> Self {
        Self {
            writer,
            is_first: true,
            open: "{",
            close,
        }
    }

    fn next(&mut self) {
        let sign = if self.is_first { self.open } else { "," };
        self.is_first = false;
        self.writer.out.extend_from_slice(sign.as_bytes());
    }

    /// The name of a field, for all types of fields at once.
    #[inline(never)]
    fn field(&mut self, name: &str) -> Result<(), JsonError> {
        self.next();
        // The words show the match and not its number alone.
        let is_shown = name == "match_no" && self.writer.words.is_some();
        let name = if is_shown { "match" } else { name };
        self.writer.text(name)?;
        self.writer.out.push(b':');
        Ok(())
    }

    fn close(self) {
        let open = if self.is_first { self.open } else { "" };
        let both = [open, self.close];
        for sign in both {
            self.writer.out.extend_from_slice(sign.as_bytes());
        }
    }
}

impl ser::SerializeSeq for Several<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Several<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), JsonError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeStruct for Several<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        self.field(name)?;
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStructVariant for Several<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), JsonError> {
        ser::SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Result<(), JsonError> {
        ser::SerializeStruct::end(self)
    }
}

impl ser::SerializeMap for Several<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), JsonError> {
        self.next();
        let start = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        let has_words = self.writer.words.is_some();
        let out = &mut self.writer.out;
        // Fields among those of another value come so.
        if has_words && out.get(start..) == Some(br#""match_no""#) {
            out.truncate(start);
            out.extend_from_slice(br#""match""#);
        }
        let is_text = out.get(start) == Some(&b'"');
        out.push(b':');
        if is_text { Ok(()) } else { Err(unfit()) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), JsonError> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), JsonError> {
        self.close();
        Ok(())
    }
}

impl ser::Error for JsonError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}
