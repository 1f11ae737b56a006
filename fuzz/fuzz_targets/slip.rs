//! A slip that a stranger hands out: as a text, and as the parts that a text holds.
#![no_main]

use std::sync::LazyLock;

use bolao_ledger::{Genesis, Height, TargetRule, encode};
use bolao_receipts::{SLIP_VERSION, Slip, SlipError, verify};
use libfuzzer_sys::fuzz_target;

/// Every other header has done its work.
static GENESIS: LazyLock<Genesis> = LazyLock::new(|| Genesis {
    target: TargetRule::Fixed { zero_bits: 1 },
    ..Genesis::article()
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
    let (path, headers) = rest.split_at(usize::from(*path).min(rest.len()));
    let pool = GENESIS.pool_id();
    let mut slip = Slip {
        version: SLIP_VERSION,
        pool,
        height: Height((*height).into()),
        position: (*position).into(),
        transaction: transaction.to_vec(),
        path: path.to_vec(),
        tip: pool.into(),
        genesis: encode(&*GENESIS),
        headers: headers.to_vec(),
    };
    if let Err(SlipError::OtherTip { got, .. }) = verify(&slip, pool) {
        slip.tip = got;
        let _ = verify(&slip, pool);
    }
    assert_eq!(Slip::from_json(&slip.to_json()), Ok(slip));
});
