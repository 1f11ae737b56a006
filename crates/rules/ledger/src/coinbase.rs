//! The first transaction of every block: who found it.

use borsh::{BorshDeserialize, BorshSerialize, io};

use crate::{
    account::AccountId,
    codec::{encode, invalid},
    domains,
    genesis::Genesis,
    hashes::{ValidatorsHash, WitnessId, sha256d},
    units::Height,
};

/// The extra nonce is the last bytes of an encoded coinbase, so that miners (and Stratum, which splits a coinbase
/// around it) can vary it without knowing the rest.
pub const EXTRA_NONCE_BYTES: usize = 16;

/// The longest message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 64;

/// A block's first transaction. Its encoding begins with [`domains::COINBASE`] and ends with the extra nonce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coinbase {
    /// The height of the block that it is in (as in BIP 34: no two coinbases are alike).
    pub height: Height,
    /// The account that found the block.
    pub miner: AccountId,
    /// The bytes that rules ask for ([`Self::room`]), then the miner's own words, at most [`MAX_MESSAGE_BYTES`] together.
    pub message: Vec<u8>,
    /// The bytes that miners vary once the header's nonce is spent.
    pub extra_nonce: [u8; EXTRA_NONCE_BYTES],
}

impl Coinbase {
    /// The leaf of the Merkle tree.
    #[must_use]
    pub fn witness_id(&self) -> WitnessId {
        WitnessId(sha256d(&encode(self)))
    }

    /// The number of bytes of the message that rules ask for: those of the hash of the validators, where somebody votes.
    #[must_use]
    pub const fn room(genesis: &Genesis) -> usize {
        match genesis.consensus.voting() {
            Some(_) => size_of::<ValidatorsHash>(),
            None => 0,
        }
    }

    /// The miner's own words: the message after the bytes that rules ask for.
    #[must_use]
    pub fn words(&self, genesis: &Genesis) -> &[u8] {
        self.message.get(Self::room(genesis)..).unwrap_or_default()
    }
}

impl BorshSerialize for Coinbase {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        domains::COINBASE.serialize(writer)?;
        self.height.serialize(writer)?;
        self.miner.serialize(writer)?;
        self.message.serialize(writer)?;
        self.extra_nonce.serialize(writer)
    }
}

impl BorshDeserialize for Coinbase {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        if <[u8; 8]>::deserialize_reader(reader)? != domains::COINBASE {
            return Err(invalid("the first transaction is no coinbase"));
        }
        let height = Height::deserialize_reader(reader)?;
        let miner = AccountId::deserialize_reader(reader)?;
        let length = u32::deserialize_reader(reader)?;
        // # Rule B6: a coinbase message is at most 64 bytes long.
        let length = usize::try_from(length)
            .ok()
            .filter(|length| *length <= MAX_MESSAGE_BYTES)
            .ok_or_else(|| invalid("the coinbase message is longer than 64 bytes"))?;
        let mut message = vec![0; length];
        reader.read_exact(&mut message)?;
        Ok(Self {
            height,
            miner,
            message,
            extra_nonce: BorshDeserialize::deserialize_reader(reader)?,
        })
    }
}
