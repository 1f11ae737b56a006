//! Making a deal: the player's part.

use std::fmt;

use bolao_ledger::{AccountId, Opening, PoolId, ValidatorKey, encode, seal_commitment};
use chacha20::{ChaCha20Rng, rand_core::SeedableRng as _};
use hpke::{OpModeS, Serializable as _, single_shot_seal_with_rng};
use sha2::{Digest as _, Sha256};
use vsss_rs::Gf256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    DealError, MAX_KEEPERS, SHARE_BYTES, Share,
    agreement::{self, Aead, Kdf, Kem},
    deal::{DealBody, Handed, SEALED_BYTES, needed},
    domains,
};

/// 32 bytes from the machine's source of randomness, new for each deal.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Entropy(pub [u8; 32]);

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

/// Splits the opening of an account's seal among keepers, and encrypts each share to its keeper. The account signs the
/// result. `round` is one more than that of the last deal of this seal, or 0.
pub fn deal(
    pool: PoolId,
    account: AccountId,
    opening: &Opening,
    round: u8,
    keepers: &[ValidatorKey],
    entropy: &Entropy,
) -> Result<DealBody, DealError> {
    if keepers.is_empty() || keepers.len() > MAX_KEEPERS {
        return Err(DealError::Keepers { got: keepers.len() });
    }
    let mut in_order: Vec<ValidatorKey> = Vec::new();
    // Sorting is more code for the page.
    for key in keepers {
        match in_order.binary_search(key) {
            Ok(_) => return Err(DealError::Order),
            Err(place) => in_order.insert(place, *key),
        }
    }
    let keepers = in_order;
    let Opening {
        match_no,
        prediction,
        salt,
    } = opening;
    let mut body = DealBody {
        account,
        match_no: *match_no,
        commitment: seal_commitment(pool, &account, *match_no, *prediction, salt),
        round,
        handed: Vec::new(),
    };
    let secret = Zeroizing::new(encode(&(prediction, salt)));
    let mut rng = rng(pool, &body, &keepers, &secret, entropy);
    let shares = split(&secret, keepers.len(), &mut rng);
    for (keeper, share) in keepers.into_iter().zip(shares) {
        let place = u8::try_from(body.handed.len()).unwrap_or(u8::MAX);
        let context = body.context(pool, place, &keeper);
        let handed = hand(keeper, &share, &context, &mut rng)?;
        body.handed.push(handed);
    }
    Ok(body)
}

/// A generator that is another one for another secret, seal or set of keepers, should `entropy` ever come twice.
fn rng(
    pool: PoolId,
    body: &DealBody,
    keepers: &[ValidatorKey],
    secret: &[u8],
    entropy: &Entropy,
) -> ChaCha20Rng {
    let mut seed = Sha256::new();
    seed.update(domains::ENTROPY);
    seed.update(entropy.0);
    seed.update(pool.0);
    seed.update(encode(body));
    for keeper in keepers {
        seed.update(keeper.0);
    }
    seed.update(secret);
    ChaCha20Rng::from_seed(seed.finalize().into())
}

/// Shamir's scheme over the bytes of the field of 256 elements; the share at place *i* is that at the point *i* + 1.
fn split(secret: &[u8], keepers: usize, rng: &mut ChaCha20Rng) -> Vec<Share> {
    let shares = match needed(keepers) {
        // A polynomial without coefficients: the library takes none.
        1 => vec![[&[1], secret].concat()],
        threshold => Gf256::split_bytes(threshold, keepers, secret, rng)
            .expect("2 to 64 shares of 35 bytes, of which more than half are needed"),
    };
    shares
        .into_iter()
        .map(|mut bytes| {
            let mut share = [0; SHARE_BYTES];
            share.copy_from_slice(bytes.get(1..).expect("a point stands before each share"));
            bytes.zeroize();
            Share(share)
        })
        .collect()
}

fn hand(
    keeper: ValidatorKey,
    share: &Share,
    context: &[u8],
    rng: &mut ChaCha20Rng,
) -> Result<Handed, DealError> {
    let to = agreement::public(&keeper).ok_or(DealError::Key(keeper))?;
    let info = [domains::HANDED, context].concat();
    let (encapsulated, ciphertext) =
        single_shot_seal_with_rng::<Aead, Kdf, Kem>(&OpModeS::Base, &to, &info, &share.0, &[], rng)
            .map_err(|_| DealError::Key(keeper))?;
    let mut sealed = [0; SEALED_BYTES];
    sealed.copy_from_slice(&ciphertext);
    Ok(Handed {
        keeper,
        hash: share.hash(context),
        encapsulated: encapsulated.to_bytes().into(),
        sealed,
    })
}
