//! Keys of the state as bytes whose order is the keys' order, so that a store can walk a table.

use std::cmp::Reverse;

use crate::{
    account::AccountId,
    fixture::{FoldedCode, MatchNo},
    genesis::ValidatorKey,
    name::FoldedName,
    text::Text,
    units::{Height, UnixSeconds},
};

/// A key, or the first part of one.
pub trait StateKey: Sized + Ord + Clone {
    /// Appends the key's bytes.
    fn write(&self, bytes: &mut Vec<u8>);
    /// Takes the key off the front; `None` if that is not one.
    fn read(bytes: &mut &[u8]) -> Option<Self>;
}

fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(head)
}

macro_rules! number {
    ($number:ty) => {
        impl StateKey for $number {
            fn write(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_be_bytes());
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                take(bytes, size_of::<Self>())?
                    .try_into()
                    .ok()
                    .map(Self::from_be_bytes)
            }
        }
    };
}

number!(u8);
number!(u16);
number!(u32);
number!(u64);

macro_rules! wrapper {
    ($name:ident($inner:ty)) => {
        impl StateKey for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                self.0.write(bytes);
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                <$inner>::read(bytes).map($name)
            }
        }
    };
}

wrapper!(MatchNo(u16));
wrapper!(UnixSeconds(u64));
wrapper!(Height(u64));
wrapper!(AccountId([u8; 32]));
wrapper!(ValidatorKey([u8; 32]));

/// The last one first.
impl StateKey for Reverse<u64> {
    fn write(&self, bytes: &mut Vec<u8>) {
        (!self.0).write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        u64::read(bytes).map(|number| Self(!number))
    }
}

impl StateKey for Reverse<Height> {
    fn write(&self, bytes: &mut Vec<u8>) {
        Reverse(self.0.0).write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Reverse::<u64>::read(bytes).map(|Reverse(number)| Self(Height(number)))
    }
}

impl StateKey for () {
    fn write(&self, _: &mut Vec<u8>) {}

    fn read(_: &mut &[u8]) -> Option<Self> {
        Some(())
    }
}

impl StateKey for [u8; 32] {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        take(bytes, 32)?.try_into().ok()
    }
}

/// Texts end in a zero byte, which none of them holds.
fn write_text(text: &str, bytes: &mut Vec<u8>) {
    bytes.extend(text.as_bytes());
    bytes.push(0);
}

fn read_text(bytes: &mut &[u8]) -> Option<String> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let text = take(bytes, end)?;
    take(bytes, 1)?;
    String::from_utf8(text.to_vec()).ok()
}

macro_rules! text {
    ($name:ty, $make:expr) => {
        impl StateKey for $name {
            fn write(&self, bytes: &mut Vec<u8>) {
                write_text(self.as_str(), bytes);
            }

            fn read(bytes: &mut &[u8]) -> Option<Self> {
                $make(read_text(bytes)?)
            }
        }
    };
}

text!(FoldedName, |text| Some(FoldedName::from_folded(text)));
text!(FoldedCode, |text: String| Some(FoldedCode::of(&text)));
text!(Text<64>, |text: String| Text::new(text).ok());

impl<A: StateKey, B: StateKey> StateKey for (A, B) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?))
    }
}

impl<A: StateKey, B: StateKey, C: StateKey> StateKey for (A, B, C) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
        self.2.write(bytes);
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some((A::read(bytes)?, B::read(bytes)?, C::read(bytes)?))
    }
}
