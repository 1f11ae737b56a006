//! What a keeper does with a deal.

use bolao_ledger::{AccountId, PoolId, Signature, ValidatorKey, verify};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};
use hpke::{Deserializable as _, Kem as KemTrait, OpModeR, single_shot_open};
use zeroize::Zeroizing;

use crate::{
    DealBody, DealId, Share,
    agreement::{self, Aead, Kdf, Kem},
    domains,
};

/// The place of a keeper in a deal, and its share; none if it is handed none, or not the one whose hash the player signed.
#[must_use]
pub fn take(pool: PoolId, deal: &DealBody, key: &SigningKey) -> Option<(u8, Share)> {
    let keeper = ValidatorKey(VerificationKeyBytes::from(key).into());
    let place = deal.place_of(&keeper)?;
    let handed = deal.handed.get(usize::from(place))?;
    let private = agreement::private(key)?;
    let encapsulated = <Kem as KemTrait>::EncappedKey::from_bytes(&handed.encapsulated).ok()?;
    let info = [domains::HANDED, &deal.context(pool, place, &keeper)].concat();
    let opened = single_shot_open::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        &info,
        &handed.sealed,
        &[],
    );
    let opened = Zeroizing::new(opened.ok()?);
    let share = Share(opened.as_slice().try_into().ok()?);
    deal.hands(pool, place, &share).then_some((place, share))
}

/// Gives the bytes that a keeper signs once it holds its share: `"bolao/holds/1" ‖ pool id ‖ deal id`.
#[must_use]
pub fn holds_bytes(pool: PoolId, deal: DealId) -> Vec<u8> {
    [domains::HOLDS, &pool.0, &deal.0].concat()
}

/// A keeper's word that it holds the share that the deal hands to it. To be given only after [`take`] gave one.
#[must_use]
pub fn receipt(pool: PoolId, deal: DealId, key: &SigningKey) -> Signature {
    Signature(key.sign(&holds_bytes(pool, deal)).into())
}

/// Whether a keeper gave its word on a deal.
#[must_use]
pub fn is_held(pool: PoolId, deal: DealId, keeper: &ValidatorKey, receipt: &Signature) -> bool {
    verify(&AccountId(keeper.0), receipt, &holds_bytes(pool, deal))
}
