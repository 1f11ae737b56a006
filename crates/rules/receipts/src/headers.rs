//! Headers without what the rules and the headers below imply.

use bolao_headers::HeaderChain;
use bolao_ledger::{Genesis, Header, UnixSeconds};

use crate::{error::SlipError, form::SLIP_HEADERS_MAX};

/// Merkle root, time and nonce, in bytes.
const FIELDS: usize = 40;
/// The version of a header whose miner did not vary it.
const PLAIN: i32 = 1;

/// The headers above genesis.
pub(crate) fn pack(headers: &[Header]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(headers.len().saturating_mul(FIELDS + 1));
    for header in headers {
        packed.extend(header.merkle_root);
        packed.extend(header.time.to_le_bytes());
        packed.extend(header.nonce.to_le_bytes());
        if header.version == PLAIN {
            packed.push(0);
        } else {
            packed.push(1);
            packed.extend(header.version.to_le_bytes());
        }
    }
    packed
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
        let (root, after) = rest.split_first_chunk().ok_or_else(torn)?;
        let (time, after) = after.split_first_chunk().ok_or_else(torn)?;
        let (nonce, after) = after.split_first_chunk().ok_or_else(torn)?;
        let (rolled, after) = after.split_first().ok_or_else(torn)?;
        let (version, after) = match rolled {
            0 => (PLAIN, after),
            1 => {
                let (version, after) = after.split_first_chunk().ok_or_else(torn)?;
                (i32::from_le_bytes(*version), after)
            }
            _ => return Err(torn()),
        };
        // One form for each header, so that no two good slips differ in nothing that is proven.
        if *rolled == 1 && version == PLAIN {
            return Err(torn());
        }
        let time = u32::from_le_bytes(*time);
        let header = Header {
            version,
            previous: chain.tip().hash,
            merkle_root: *root,
            time,
            bits: chain
                .next_bits(genesis, UnixSeconds(time.into()))
                .to_consensus(),
            nonce: u32::from_le_bytes(*nonce),
        };
        let checked = chain
            .check(genesis, &header)
            .map_err(|source| SlipError::Header { height, source })?;
        chain.push(checked);
        headers.push(header);
        rest = after;
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use bolao_headers::HeaderError;
    use bolao_ledger::{Height, TargetRule};

    use super::*;

    fn genesis() -> Genesis {
        Genesis {
            target: TargetRule::Fixed { zero_bits: 1 },
            ..Genesis::article()
        }
    }

    fn on(parent: &Header, version: i32, time: u32) -> Header {
        let mut header = Header {
            version,
            previous: parent.hash(),
            merkle_root: [7; 32],
            time,
            bits: parent.bits,
            nonce: 0,
        };
        while !header.meets_own_target() {
            header = header.with_nonce(header.nonce + 1);
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
        let wanted = SlipError::Header {
            height: Height(12),
            source: HeaderError::TimeTooOld {
                hash: headers[12].hash(),
                got: UnixSeconds(u64::from(median) - 1),
                wanted: UnixSeconds(median.into()),
            },
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
