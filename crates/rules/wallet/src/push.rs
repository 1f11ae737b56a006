//! The address at which a browser is told of news, signed by its player: nobody is subscribed under another's name.

use bolao_ledger::{AccountId, PoolId, Signature, domain, encode, verify};
use serde::{Deserialize, Serialize};

use crate::Key;

/// A browser's address at its push service, with the keys that messages to it are encrypted with (RFC 8291).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushAddress {
    /// The URL that takes the messages. Whoever knows it may write there.
    #[cfg_attr(feature = "schema", schema(max_length = 1024))]
    pub endpoint: String,
    /// The browser's public key, in base64url.
    pub p256dh: String,
    /// The browser's secret that it shares with who writes to it, in base64url.
    pub auth: String,
}

impl PushAddress {
    /// `"bolao/push/1" ‖ pool id ‖ address`.
    fn signing_bytes(&self, pool: PoolId) -> Vec<u8> {
        let Self {
            endpoint,
            p256dh,
            auth,
        } = self;
        [domain::PUSH, &pool.0, &encode(&(endpoint, p256dh, auth))].concat()
    }

    /// Whether a player of a pool has signed it.
    #[must_use]
    pub fn is_signed(&self, pool: PoolId, player: &AccountId, signature: &Signature) -> bool {
        verify(player, signature, &self.signing_bytes(pool))
    }
}

impl Key {
    /// Signs that this account's player is to be told of a pool's news there.
    #[must_use]
    pub fn subscribe(&self, pool: PoolId, address: &PushAddress) -> Signature {
        self.sign_bytes(&address.signing_bytes(pool))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_player_one_pool_and_one_address() {
        let (key, pool) = (Key::from_secret(&[7; 32]), PoolId([1; 32]));
        let address = PushAddress {
            endpoint: "https://push.example/a".to_owned(),
            p256dh: "BA".to_owned(),
            auth: "AA".to_owned(),
        };
        let signature = key.subscribe(pool, &address);
        let player = key.account();
        assert!(address.is_signed(pool, &player, &signature));
        assert!(!address.is_signed(PoolId([2; 32]), &player, &signature));
        let stranger = Key::from_secret(&[8; 32]).account();
        assert!(!address.is_signed(pool, &stranger, &signature));
        let other = PushAddress {
            endpoint: "https://push.example/b".to_owned(),
            ..address
        };
        assert!(!other.is_signed(pool, &player, &signature));
    }
}
