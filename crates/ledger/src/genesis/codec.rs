//! A genesis document in bytes, in the layout of its own version.

use borsh::{BorshDeserialize, BorshSerialize, io};

use super::{Genesis, Version2, check_version};
use crate::codec::newer;

impl BorshSerialize for Genesis {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        let who_and_how = (
            &self.consensus,
            &self.target,
            self.max_future_s,
            &self.limits,
        );
        let playing = (self.membership, self.starting_chips, &self.rules);
        (self.version, &self.name, self.created).serialize(writer)?;
        who_and_how.serialize(writer)?;
        playing.serialize(writer)?;
        (&self.organisers, &self.matches).serialize(writer)?;
        if self.version >= 2 {
            self.v2.serialize(writer)?;
        }
        Ok(())
    }
}

impl BorshDeserialize for Genesis {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let version = u16::deserialize_reader(reader)?;
        check_version(version)
            .map_err(|error| io::Error::new(io::ErrorKind::Unsupported, error.to_string()))?;
        read_fields(version, reader).map_err(|error| {
            // Borsh says so of a kind of consensus, target or scoring that has no name here.
            if error.to_string().starts_with("Unexpected variant tag") {
                return newer("got rules that this program does not know");
            }
            error
        })
    }
}

fn read_fields<R: io::Read>(version: u16, reader: &mut R) -> io::Result<Genesis> {
    let (name, created) = BorshDeserialize::deserialize_reader(reader)?;
    let (consensus, target, max_future_s, limits) = BorshDeserialize::deserialize_reader(reader)?;
    let (membership, starting_chips, rules) = BorshDeserialize::deserialize_reader(reader)?;
    let (organisers, matches) = BorshDeserialize::deserialize_reader(reader)?;
    let v2 = if version >= 2 {
        BorshDeserialize::deserialize_reader(reader)?
    } else {
        Version2::of_version_1()
    };
    Ok(Genesis {
        version,
        name,
        created,
        consensus,
        target,
        max_future_s,
        limits,
        membership,
        starting_chips,
        rules,
        organisers,
        matches,
        v2,
    })
}
