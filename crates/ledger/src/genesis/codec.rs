//! What of a genesis document borsh cannot derive: a version that is not known, and the end, which version 1 does not have.

use borsh::{BorshDeserialize, BorshSerialize as _, io};

use super::{Genesis, Version2, check_version};
use crate::codec::known;

#[allow(clippy::ref_option, reason = "borsh gives the field as it is")]
pub(super) fn write_v2<W: io::Write>(v2: &Option<Version2>, writer: &mut W) -> io::Result<()> {
    v2.iter().try_for_each(|v2| v2.serialize(writer))
}

impl BorshDeserialize for Genesis {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        fn next<T: BorshDeserialize>(reader: &mut impl io::Read) -> io::Result<T> {
            T::deserialize_reader(reader)
        }
        let version = next(reader)?;
        check_version(version)
            .map_err(|error| io::Error::new(io::ErrorKind::Unsupported, error.to_string()))?;
        Ok(Self {
            version,
            name: next(reader)?,
            created: next(reader)?,
            consensus: known::<3, _, _>(reader)?,
            target: known::<2, _, _>(reader)?,
            max_future_s: next(reader)?,
            limits: next(reader)?,
            membership: next(reader)?,
            starting_chips: next(reader)?,
            rules: next(reader)?,
            organisers: next(reader)?,
            matches: next(reader)?,
            v2: match version {
                1 => None,
                _ => Some(next(reader)?),
            },
        })
    }
}
