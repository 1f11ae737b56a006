//! What a home says to a relay before its tunnel is up: `GET /tunnel` on the relay's own name, with its token and a proof that
//! it has a key. The proof is for one connection of TLS alone: who sits between, or hears a token elsewhere, cannot use it.

use curve25519_dalek::edwards::CompressedEdwardsY;
use ed25519_zebra::{Signature, SigningKey, VerificationKey, VerificationKeyBytes};
use rustls::{ConnectionCommon, ProtocolVersion};

/// The path that a home asks for.
pub const PATH: &str = "/tunnel";
/// The protocol that both go on with.
pub const PROTOCOL: &str = "bolao-tunnel/1";
/// The header of the home's key, in hexadecimal.
pub const KEY: &str = "bolao-key";
/// The header of the proof, in hexadecimal.
pub const PROOF: &str = "bolao-proof";
/// The header of the answer with the UDP port at the relay by which others reach the home's node.
pub const NODE_PORT: &str = "bolao-node-port";

const EXPORTER: &[u8] = b"EXPORTER-bolao-tunnel-1";
const SIGNED: &[u8] = b"bolao tunnel 1: this home's key, for one connection\0";

/// The secret that only the two ends of a connection of TLS know (RFC 9266 uses it likewise).
pub type Channel = [u8; 32];

/// The channel of a connection, if it is one of TLS 1.3: before that, two connections may have the same.
pub fn channel<D>(connection: &ConnectionCommon<D>) -> Option<Channel> {
    if connection.protocol_version() != Some(ProtocolVersion::TLSv1_3) {
        return None;
    }
    let channel = connection.export_keying_material([0; 32], EXPORTER, None);
    channel.ok()
}

fn signed(channel: &Channel) -> Vec<u8> {
    [SIGNED, channel].concat()
}

/// A home's key and its proof, as headers carry them.
pub fn prove(key: &SigningKey, channel: &Channel) -> (String, String) {
    let public = VerificationKeyBytes::from(key);
    let proof = key.sign(&signed(channel)).to_bytes();
    (hex::encode(public), hex::encode(proof))
}

/// The key, if the proof is by it and for this channel.
pub fn proven(key: &str, proof: &str, channel: &Channel) -> Option<[u8; 32]> {
    let (mut public, mut signature) = ([0; 32], [0; 64]);
    hex::decode_to_slice(key, &mut public).ok()?;
    hex::decode_to_slice(proof, &mut signature).ok()?;
    // By a key of small order one signature is good for every channel.
    if CompressedEdwardsY(public).decompress()?.is_small_order() {
        return None;
    }
    let key = VerificationKey::try_from(public).ok()?;
    let signature = Signature::from_bytes(&signature);
    key.verify(&signature, &signed(channel)).ok()?;
    Some(public)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_for_one_key_and_one_channel() {
        let [one, other] = [1, 2].map(|secret| SigningKey::from([secret; 32]));
        let (key, proof) = prove(&one, &[7; 32]);
        assert!(proven(&key, &proof, &[7; 32]).is_some());
        assert!(proven(&key, &proof, &[8; 32]).is_none());
        let (other_key, other_proof) = prove(&other, &[7; 32]);
        assert!(proven(&other_key, &proof, &[7; 32]).is_none());
        assert!(proven(&key, &other_proof, &[7; 32]).is_none());
        assert!(proven("", "", &[7; 32]).is_none());
    }

    #[test]
    fn a_key_of_small_order_proves_nothing() {
        // The neutral point, and a signature by it of whatever there is.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let proof = [neutral, [0; 32]].concat();
        let (key, proof) = (hex::encode(neutral), hex::encode(proof));
        for channel in [[7; 32], [8; 32]] {
            assert!(proven(&key, &proof, &channel).is_none());
        }
    }
}
