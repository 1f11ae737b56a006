//! Quantities in as many bytes as they need, in entries of which a state holds one for every bet.

use borsh::{BorshDeserialize as _, io};
use unsigned_varint::{
    decode::{self, is_last},
    encode,
};

use crate::units::{Chips, Height, UnixSeconds};

/// The number of bytes that the largest number takes.
const MOST_BYTES: usize = 10;

/// A quantity that is stored short.
pub(super) trait Short {
    fn number(&self) -> u64;
    fn of(number: u64) -> Self;
}

macro_rules! short {
    ($($quantity:ident)*) => {
        $(impl Short for $quantity {
            fn number(&self) -> u64 {
                self.0
            }

            fn of(number: u64) -> Self {
                Self(number)
            }
        })*
    };
}

short!(Chips Height UnixSeconds);

impl Short for u64 {
    fn number(&self) -> u64 {
        *self
    }

    fn of(number: u64) -> Self {
        number
    }
}

pub(super) fn write<W: io::Write>(quantity: &impl Short, writer: &mut W) -> io::Result<()> {
    writer.write_all(encode::u64(quantity.number(), &mut encode::u64_buffer()))
}

/// Only the form that [`write()`] gives is read.
pub(super) fn read<R: io::Read, T: Short>(reader: &mut R) -> io::Result<T> {
    let invalid = || io::Error::new(io::ErrorKind::InvalidData, "not a canonical quantity");
    let mut bytes = Vec::with_capacity(1);
    while bytes.last().is_none_or(|last| !is_last(*last)) && bytes.len() < MOST_BYTES {
        bytes.push(u8::deserialize_reader(reader)?);
    }
    let (number, _) = decode::u64(&bytes).map_err(|_| invalid())?;
    if encode::u64(number, &mut encode::u64_buffer()) == bytes {
        Ok(T::of(number))
    } else {
        Err(invalid())
    }
}
