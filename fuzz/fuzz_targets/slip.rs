//! A slip that a stranger hands out: as a text, and as the parts that a text holds.
#![no_main]

use std::sync::LazyLock;

use bolao_ledger::{
    AccountId, Certificate, Consensus, Decided, Decision, GENESIS_VERSION, Genesis, Header, Height,
    Hybrid, Pos, TargetRule, Validator, ValidatorKey, decode, encode,
};
use bolao_receipts::{
    SLIP_VERSION_CHECKPOINT, SLIP_VERSION_VOTES, SLIP_VERSION_WORK, SetChanged, SignedHeader, Slip,
    SlipError, verify,
};
use libfuzzer_sys::fuzz_target;

/// Every other header has done its work.
static GENESIS: LazyLock<Genesis> = LazyLock::new(|| Genesis {
    target: TargetRule::Fixed { zero_bits: 1 },
    ..Genesis::article()
});

/// Its key is nobody's.
const VALIDATOR: Validator = Validator {
    account: AccountId([7; 32]),
    key: ValidatorKey([9; 32]),
    weight: 1,
};

static VOTING: LazyLock<Genesis> = LazyLock::new(|| Genesis {
    version: GENESIS_VERSION,
    consensus: Consensus::Pos(Pos::appointed([VALIDATOR])),
    ..Genesis::article()
});

static MIXED: LazyLock<Genesis> = LazyLock::new(|| Genesis {
    consensus: Consensus::Hybrid(Hybrid::appointed([VALIDATOR])),
    target: TargetRule::Fixed { zero_bits: 1 },
    ..VOTING.clone()
});

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data)
        && let Ok(slip) = Slip::from_json(text)
    {
        assert_eq!(slip.to_json(), text.strip_suffix('\n').unwrap_or(text));
        let _ = verify(&slip, slip.pool);
    }
    let Some(([height, position, transaction, path], rest)) = data.split_first_chunk() else {
        return;
    };
    let (transaction, rest) = rest.split_at(usize::from(*transaction).min(rest.len()));
    let (path, rest) = rest.split_at(usize::from(*path).min(rest.len()));
    let pool = GENESIS.pool_id();
    let mut slip = Slip {
        version: SLIP_VERSION_WORK,
        pool,
        height: Height((*height).into()),
        position: (*position).into(),
        transaction: transaction.to_vec(),
        path: path.to_vec(),
        tip: Some(pool.into()),
        genesis: encode(&*GENESIS),
        headers: Some(rest.to_vec()),
        block: None,
        changes: None,
    };
    if let Err(SlipError::OtherTip { got, .. }) = verify(&slip, pool) {
        slip.tip = Some(got);
        let _ = verify(&slip, pool);
    }
    assert_eq!(Slip::from_json(&slip.to_json()), Ok(slip.clone()));
    let (header, certificate) = rest.split_at(80.min(rest.len()));
    let block = SignedHeader {
        header: header.to_vec(),
        certificate: certificate.to_vec(),
    };
    let change = SetChanged {
        block: block.clone(),
        coinbase: transaction.to_vec(),
        path: path.to_vec(),
        validators: rest.to_vec(),
        offers: transaction.to_vec(),
    };
    let pool = VOTING.pool_id();
    let slip = Slip {
        version: SLIP_VERSION_VOTES,
        pool,
        tip: None,
        genesis: encode(&*VOTING),
        block: Some(block),
        changes: Some(vec![change; usize::from(*position & 3)]),
        ..slip
    };
    let _ = verify(&slip, pool);
    assert_eq!(Slip::from_json(&slip.to_json()), Ok(slip.clone()));
    let pool = MIXED.pool_id();
    let mut slip = Slip {
        version: SLIP_VERSION_CHECKPOINT,
        pool,
        genesis: encode(&*MIXED),
        ..slip
    };
    let _ = verify(&slip, pool);
    // A certificate of the very block that the slip shows.
    if let (Some(shown), Ok(certificate)) = (&mut slip.block, decode::<Certificate>(rest))
        && let Some(header) = shown.header.first_chunk()
    {
        let hash = Header::from_bytes(header).hash();
        let height = Height((*height).into());
        shown.certificate = encode(&Decided {
            height,
            decision: Decision::plain(height, hash),
            certificate,
        });
        let _ = verify(&slip, pool);
    }
    assert_eq!(Slip::from_json(&slip.to_json()), Ok(slip));
});
