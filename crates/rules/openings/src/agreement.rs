//! The key that a validator votes with, as one to encrypt to: the Edwards point of ed25519 is taken to the Montgomery curve
//! of X25519, as libsodium does. That one key pair may serve both is proven for just this pair of schemes
//! (Thormarker, <https://eprint.iacr.org/2021/509>).

use bolao_ledger::ValidatorKey;
use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_zebra::SigningKey;
use hpke::{Deserializable as _, Kem as KemTrait};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

pub(crate) type Kem = hpke::kem::X25519HkdfSha256;
pub(crate) type Kdf = hpke::kdf::HkdfSha256;
pub(crate) type Aead = hpke::aead::ChaCha20Poly1305;

/// The key to encrypt to; none of a key that is no point, or of small order.
pub(crate) fn public(key: &ValidatorKey) -> Option<<Kem as KemTrait>::PublicKey> {
    let point = CompressedEdwardsY(key.0).decompress()?;
    if point.is_small_order() {
        return None;
    }
    <Kem as KemTrait>::PublicKey::from_bytes(point.to_montgomery().as_bytes()).ok()
}

/// The key that decrypts: the first half of SHA-512 of the seed, of which ed25519 makes its scalar, too.
pub(crate) fn private(key: &SigningKey) -> Option<<Kem as KemTrait>::PrivateKey> {
    let hashed = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(key.as_bytes())));
    let (scalar, _) = hashed.split_at(32);
    <Kem as KemTrait>::PrivateKey::from_bytes(scalar).ok()
}
