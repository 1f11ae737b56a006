//! A value at the end of an encoding that is left out where there is none, so that encodings without one stay as they were before
//! there was such a value. Nothing follows on it.

use borsh::{BorshDeserialize, BorshSerialize, io};

#[allow(clippy::ref_option, reason = "borsh gives the field as it is")]
pub(crate) fn write<W: io::Write>(
    value: &Option<impl BorshSerialize>,
    writer: &mut W,
) -> io::Result<()> {
    value.iter().try_for_each(|value| value.serialize(writer))
}

pub(crate) fn read<R: io::Read, T: BorshDeserialize>(reader: &mut R) -> io::Result<Option<T>> {
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest)?;
    if rest.is_empty() {
        return Ok(None);
    }
    T::try_from_slice(&rest).map(Some)
}
