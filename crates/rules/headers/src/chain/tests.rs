#![allow(clippy::unwrap_used)]

use bolao_ledger::{BlockHash, Consensus, Pos, TargetRule};

use super::*;

fn genesis() -> Genesis {
    Genesis {
        target: TargetRule::Fixed { zero_bits: 1 },
        ..Genesis::article()
    }
}

fn mined(previous: BlockHash, time: u64, bits: CompactTarget) -> Header {
    let header = Header {
        version: 1,
        previous,
        merkle_root: [7; 32],
        time: u32::try_from(time).unwrap(),
        bits: bits.to_consensus(),
        nonce: 0,
    };
    (0..=u32::MAX)
        .map(|nonce| header.with_nonce(nonce))
        .find(Header::meets_own_target)
        .unwrap()
}

/// Twelve blocks above genesis, a minute apart.
fn chain(genesis: &Genesis) -> (HeaderChain, Vec<CheckedHeader>) {
    let mut chain = HeaderChain::of_genesis(genesis);
    let mut headers = vec![*chain.tip()];
    for minute in 1..=12 {
        let time = genesis.created.0 + 60 * minute;
        let header = mined(
            chain.tip().hash,
            time,
            chain.next_bits(genesis, UnixSeconds(time)),
        );
        chain.push(chain.check(genesis, &header).unwrap());
        headers.push(*chain.tip());
    }
    (chain, headers)
}

#[test]
fn height_and_work_are_counted_from_genesis() {
    let genesis = genesis();
    let (chain, headers) = chain(&genesis);
    assert_eq!(chain.tip().height.0, 12);
    let works = headers.iter().map(|header| header.header.work());
    assert_eq!(chain.tip().work, works.reduce(|a, b| a + b).unwrap());
}

#[test]
fn a_chain_read_back_judges_as_the_one_that_grew() {
    let genesis = genesis();
    let (grown, headers) = chain(&genesis);
    let below = headers.iter().rev().skip(1);
    let times = below.map(|header| header.header.time());
    let read = HeaderChain::new(*grown.tip(), false, times.clone());
    assert_eq!(read.earliest_time(&genesis), grown.earliest_time(&genesis));
    // Of minutes 2 to 12, 7 is in the middle.
    assert_eq!(read.earliest_time(&genesis).0, genesis.created.0 + 420);
    let bits = read.next_bits(&genesis, UnixSeconds::ZERO);
    let next = |time| mined(read.tip().hash, time, bits);
    let good = next(genesis.created.0 + 420);
    assert_eq!(read.check(&genesis, &good), grown.check(&genesis, &good));
    assert!(read.check(&genesis, &good).is_ok());
    let early = next(genesis.created.0 + 419);
    assert!(matches!(
        read.check(&genesis, &early),
        Err(HeaderError::TimeTooOld { .. })
    ));
    let spoilt = HeaderChain::new(*grown.tip(), true, times);
    assert!(matches!(
        spoilt.check(&genesis, &good),
        Err(HeaderError::InvalidAncestor { .. })
    ));
}

#[test]
fn what_breaks_a_rule_is_refused() {
    let genesis = genesis();
    let (chain, _) = chain(&genesis);
    let (tip, bits) = (chain.tip(), chain.next_bits(&genesis, UnixSeconds::ZERO));
    let time = genesis.created.0 + 1_000;
    let orphan = mined(BlockHash([9; 32]), time, bits);
    assert!(matches!(
        chain.check(&genesis, &orphan),
        Err(HeaderError::UnknownParent { .. })
    ));
    let harder = mined(tip.hash, time, CompactTarget::from_consensus(0x2000_ffff));
    assert!(matches!(
        chain.check(&genesis, &harder),
        Err(HeaderError::BadTarget { .. })
    ));
    assert!(check_own_proof(&genesis, &harder).is_ok());
    let easier = mined(tip.hash, time, CompactTarget::from_consensus(0x2100_8000));
    assert!(matches!(
        check_own_proof(&genesis, &easier),
        Err(HeaderError::BadTarget { .. })
    ));
    let good = mined(tip.hash, time, bits);
    let lazy = (0..=u32::MAX)
        .map(|nonce| good.with_nonce(nonce))
        .find(|header| !header.meets_own_target())
        .unwrap();
    for refused in [
        chain.check(&genesis, &lazy).map(drop),
        check_own_proof(&genesis, &lazy),
    ] {
        assert!(matches!(refused, Err(HeaderError::HighHash { .. })));
    }
    let earliest = UnixSeconds(time - u64::from(genesis.max_future_s));
    assert!(check_not_too_new(&genesis, &good, earliest).is_ok());
    let before = UnixSeconds(earliest.0 - 1);
    assert!(check_not_too_new(&genesis, &good, before).is_err());
}

#[test]
fn where_certificates_prove_blocks_work_is_length_and_any_hash_will_do() {
    let mut genesis = genesis();
    genesis.consensus = Consensus::Pos(Pos {
        heartbeat_s: 3_600,
        ..Pos::appointed([])
    });
    let (chain, _) = chain(&genesis);
    let work = (1..12).fold(chain.tip().header.work(), |work, _| {
        work + chain.tip().header.work()
    });
    assert_eq!(chain.tip().work, genesis.header().work() + work);
    assert!(format!("{work:x}").ends_with("0c"));
    let header = |time| {
        let header = Header {
            version: 1,
            previous: chain.tip().hash,
            merkle_root: [7; 32],
            time,
            bits: chain.next_bits(&genesis, UnixSeconds::ZERO).to_consensus(),
            nonce: 0,
        };
        (0..=u32::MAX)
            .map(|nonce| header.with_nonce(nonce))
            .find(|header| !header.meets_own_target())
            .unwrap()
    };
    let parent = u32::try_from(chain.tip().header.time().0).unwrap();
    let good = header(parent);
    assert!(chain.check(&genesis, &good).is_ok());
    assert_eq!(check_own_proof(&genesis, &good), Ok(()));
    assert!(matches!(
        chain.check(&genesis, &header(parent - 1)),
        Err(HeaderError::TimeTooOld { .. })
    ));
}
