//! What validators send one another, to a validator that votes; certificates and proofs of cheating.
#![no_main]

use std::sync::LazyLock;

use bolao_finality::{Config, Input, Message, Validator, Verified};
use bolao_ledger::{
    AccountId, Certificate, Conflict, DoubleSign, Height, PoolId, Pos, ValidatorKey, ValidatorSet,
    decode, encode,
};
use borsh::{BorshDeserialize, BorshSerialize};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use libfuzzer_sys::fuzz_target;

/// Those of the test vectors.
static SET: LazyLock<ValidatorSet> = LazyLock::new(|| {
    let validators = [(1, 1), (2, 2), (3, 3), (4, 6)].map(|(who, weight)| {
        let key = VerificationKeyBytes::from(&SigningKey::from([who; 32])).into();
        bolao_ledger::Validator {
            account: AccountId(key),
            key: ValidatorKey(key),
            weight,
        }
    });
    ValidatorSet::new(validators).unwrap()
});

fn again<T: BorshSerialize + BorshDeserialize>(data: &[u8]) {
    if let Ok(value) = decode::<T>(data) {
        assert_eq!(encode(&value), data);
    }
}

fn validator() -> Validator {
    let config = Config {
        pool: PoolId([1; 32]),
        key: Some(SigningKey::from([4; 32])),
        voting: Pos::appointed([]).voting,
        verified: Verified::default(),
    };
    Validator::new(config, 0, (Height(7), SET.clone()), None)
        .unwrap()
        .0
}

fuzz_target!(|data: &[u8]| {
    again::<Certificate>(data);
    again::<Conflict>(data);
    again::<DoubleSign>(data);
    let Ok(message) = Message::decode(data) else {
        return;
    };
    assert_eq!(message.encode(), data);
    let mut validator = validator();
    for now_ms in [0, 600, 20_000] {
        let message = message.clone();
        validator.handle(now_ms, Input::Message { token: 0, message });
        validator.handle(now_ms, Input::Waiting);
        validator.handle(now_ms + 10_000, Input::Tick);
    }
});
