#![allow(clippy::unwrap_used)]

use bolao_ledger::{Nonce, PoolId, Score, encode};
use bolao_wallet::{Keyring, Phrase};

use super::*;

fn game(kickoff: Option<u64>, unopened: u32) -> Match {
    let mut fixture = Genesis::article().matches.pop().unwrap();
    fixture.kickoff = kickoff.map(UnixSeconds);
    Match {
        unopened,
        ..Match::new(fixture, 0)
    }
}

#[test]
fn tips_are_due_from_kick_off_to_the_end_of_the_window() {
    let due = |game: &Match, time| is_due(game, UnixSeconds(time), 50);
    let begun = game(Some(100), 1);
    assert!(!due(&begun, 99));
    assert!(due(&begun, 100));
    assert!(due(&begun, 149));
    assert!(!due(&begun, 150));
    assert!(!due(&game(Some(100), 0), 120));
    assert!(!due(&game(None, 1), 120));
}

#[test]
fn as_many_openings_as_fit() {
    let mut genesis = Genesis::article();
    let key = Keyring::new(&Phrase::generate().unwrap()).key(KeyIndex::PLAYER);
    for bytes in [512, 513, 2_000, 4_716, 4_717, 8_192] {
        genesis.limits.transaction_bytes = bytes;
        let most = openings_at_once(&genesis);
        let signed = |count: usize| {
            let opening = Opening {
                match_no: MatchNo(1),
                score: Score::new(1, 0).unwrap(),
                salt: [0; 32],
            };
            let body = Draft::new(key.account(), Nonce::ZERO).open(vec![opening; count]);
            encode(&key.sign(PoolId([0; 32]), body)).len()
        };
        let bytes = usize::try_from(bytes).unwrap();
        assert!(signed(most) <= bytes);
        assert!(
            most == MAX_TIPS || signed(most + 1) > bytes,
            "{bytes}: {most}"
        );
    }
}
