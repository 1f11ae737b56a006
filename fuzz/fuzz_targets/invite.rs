//! An invitation out of a link that somebody sent: what is taken is written again as the same.
#![no_main]

use bolao_wallet::Invite;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(invite) = text.parse::<Invite>() {
        assert_eq!(invite.to_string(), text);
    }
});
