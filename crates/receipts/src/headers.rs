//! Headers without what the rules and the headers below imply.

use bolao_headers::{HeaderChain, HeaderError};
use bolao_ledger::{Genesis, HEADER_BYTES, Header, Height};

use crate::{error::SlipError, slip::SLIP_HEADERS_MAX};

/// Merkle root, time, nonce.
const FIELDS: usize = 40;
/// The version of a header whose miner did not vary it.
const PLAIN: [u8; 4] = 1_i32.to_le_bytes();

/// The headers above genesis.
pub(crate) fn pack(headers: &[Header]) -> Vec<u8> {
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

/// The headers from genesis to the tip, each checked by all rules that need neither a clock nor a
/// body: the hash of the one below, the target, the work for it, the time.
pub(crate) fn unpack(genesis: &Genesis, packed: &[u8]) -> Result<Vec<Header>, SlipError> {
    let mut headers = vec![genesis.header()];
    let mut chain = HeaderChain::of_genesis(genesis);
    let mut rest = packed;
    while !rest.is_empty() {
        if headers.len() >= SLIP_HEADERS_MAX {
            return Err(SlipError::TooManyHeaders);
        }
        let height = chain.tip().height.next();
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
        let bits = chain.next_bits(genesis).to_consensus();
        let (root, rest_of) = fields.split_at(32);
        let (time, nonce) = rest_of.split_at(4);
        let mut bytes = [0; HEADER_BYTES];
        let parts: [&[u8]; 6] = [
            version,
            &chain.tip().hash.0,
            root,
            time,
            &bits.to_le_bytes(),
            nonce,
        ];
        bytes.copy_from_slice(&parts.concat());
        let header = Header::from_bytes(&bytes);
        let checked = chain
            .check(genesis, &header)
            .map_err(|error| refused(height, error))?;
        chain.push(checked);
        headers.push(header);
        rest = after;
    }
    Ok(headers)
}

fn refused(height: Height, error: HeaderError) -> SlipError {
    match error {
        HeaderError::HighHash { .. } => SlipError::HighHash { height },
        HeaderError::TimeTooOld { got, wanted, .. } => SlipError::TimeTooOld {
            height,
            got,
            wanted,
        },
        source => SlipError::Header { height, source },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_ledger::{HeaderFields, TargetRule, UnixSeconds};

    use super::*;

    fn genesis() -> Genesis {
        Genesis {
            target: TargetRule::Fixed { zero_bits: 1 },
            ..Genesis::article()
        }
    }

    fn on(parent: &Header, version: i32, time: u32) -> Header {
        let fields = HeaderFields {
            previous: parent.hash(),
            merkle_root: [7; 32],
            time,
            bits: parent.bits().to_consensus(),
            nonce: 0,
        };
        let mut bytes = Header::new(fields).to_bytes();
        bytes[..4].copy_from_slice(&version.to_le_bytes());
        let mut header = Header::from_bytes(&bytes);
        while !header.meets_own_target() {
            header = header.with_nonce(header.nonce() + 1);
        }
        header
    }

    #[test]
    fn no_time_lies_below_the_median_of_the_last_eleven() {
        let genesis = genesis();
        let start = u32::try_from(genesis.created.0).unwrap();
        let mut headers = vec![genesis.header()];
        for minute in 1..=11 {
            headers.push(on(headers.last().unwrap(), 1, start + 60 * minute));
        }
        // Of minutes 1 to 11, 6 is in the middle.
        let median = start + 360;
        let top = *headers.last().unwrap();
        headers.push(on(&top, 1, median));
        assert_eq!(unpack(&genesis, &pack(&headers[1..])).unwrap(), headers);
        headers.pop();
        headers.push(on(&top, 1, median - 1));
        let error = unpack(&genesis, &pack(&headers[1..])).unwrap_err();
        let wanted = SlipError::TimeTooOld {
            height: Height(12),
            got: UnixSeconds(u64::from(median) - 1),
            wanted: UnixSeconds(median.into()),
        };
        assert_eq!(error, wanted);
    }

    #[test]
    fn versions_that_miners_vary_are_kept() {
        let genesis = genesis();
        let mut headers = vec![genesis.header()];
        for version in [1, 0x2000_0000, -1, 1] {
            headers.push(on(headers.last().unwrap(), version, 1_600_000_000));
        }
        let packed = pack(&headers[1..]);
        assert_eq!(packed.len(), 41 + 45 + 45 + 41);
        assert_eq!(unpack(&genesis, &packed).unwrap(), headers);
    }
}
