//! Headers without what the rules and the headers below imply.

use bolao_chain::required_bits;
use bolao_ledger::{Genesis, HEADER_BYTES, Header, Height};

use super::{SLIP_HEADERS_MAX, SlipError};

/// Merkle root, time, nonce.
const FIELDS: usize = 40;
/// The version of a header whose miner did not vary it.
const PLAIN: [u8; 4] = 1_i32.to_le_bytes();

/// The headers above genesis.
pub(super) fn pack(headers: &[Header]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(headers.len().saturating_mul(FIELDS + 1));
    for header in headers {
        let bytes = header.to_bytes();
        let [version, root, time, nonce] = fields(&bytes);
        packed.extend([root, time, nonce].concat());
        if version == PLAIN {
            packed.push(0);
        } else {
            packed.push(1);
            packed.extend(version);
        }
    }
    packed
}

/// The parts of a header that nothing implies: version, Merkle root, time, nonce.
fn fields(bytes: &[u8; HEADER_BYTES]) -> [&[u8]; 4] {
    let (version, rest) = bytes.split_at(4);
    let (_previous, rest) = rest.split_at(32);
    let (root, rest) = rest.split_at(32);
    let (time, rest) = rest.split_at(4);
    let (_bits, nonce) = rest.split_at(4);
    [version, root, time, nonce]
}

/// The headers from genesis to the tip: each with the hash of the one below, the target that the
/// rules want, and the work for it.
pub(super) fn unpack(genesis: &Genesis, packed: &[u8]) -> Result<Vec<Header>, SlipError> {
    let mut headers = vec![genesis.header()];
    let (mut parent, mut below) = (genesis.header(), Height::ZERO);
    let mut rest = packed;
    while !rest.is_empty() {
        if headers.len() >= SLIP_HEADERS_MAX {
            return Err(SlipError::TooManyHeaders);
        }
        let height = below.next();
        let torn = || SlipError::TornHeader { height };
        let (fields, after) = rest.split_first_chunk::<FIELDS>().ok_or_else(torn)?;
        let (rolled, after) = after.split_first().ok_or_else(torn)?;
        let (version, after) = match rolled {
            0 => (&PLAIN, after),
            1 => after.split_first_chunk().ok_or_else(torn)?,
            _ => return Err(torn()),
        };
        // One form for each header, so that no two good slips differ in nothing that is proven.
        if *rolled == 1 && *version == PLAIN {
            return Err(torn());
        }
        let bits = required_bits(genesis, below, parent.time()).to_consensus();
        let (root, rest_of) = fields.split_at(32);
        let (time, nonce) = rest_of.split_at(4);
        let mut bytes = [0; HEADER_BYTES];
        let parts: [&[u8]; 6] = [
            version,
            &parent.hash().0,
            root,
            time,
            &bits.to_le_bytes(),
            nonce,
        ];
        bytes.copy_from_slice(&parts.concat());
        let header = Header::from_bytes(&bytes);
        if !header.meets_own_target() {
            return Err(SlipError::HighHash { height });
        }
        headers.push(header);
        (parent, below, rest) = (header, height, after);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{HeaderFields, TargetRule};

    use super::*;

    #[test]
    fn versions_that_miners_vary_are_kept() {
        let genesis = Genesis {
            target: TargetRule::Fixed { zero_bits: 1 },
            ..Genesis::article()
        };
        let mut headers = vec![genesis.header()];
        for version in [1, 0x2000_0000, -1, 1] {
            let parent = headers.last().unwrap();
            let fields = HeaderFields {
                previous: parent.hash(),
                merkle_root: [7; 32],
                time: 1_600_000_000,
                bits: parent.bits().to_consensus(),
                nonce: 0,
            };
            let mut bytes = Header::new(fields).to_bytes();
            bytes[..4].copy_from_slice(&i32::to_le_bytes(version));
            let mut header = Header::from_bytes(&bytes);
            while !header.meets_own_target() {
                header = header.with_nonce(header.nonce() + 1);
            }
            headers.push(header);
        }
        let packed = pack(&headers[1..]);
        assert_eq!(packed.len(), 41 + 45 + 45 + 41);
        assert_eq!(unpack(&genesis, &packed).unwrap(), headers);
    }
}
