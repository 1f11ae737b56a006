//! An invitation out of a link that somebody sent, and what a node says of one: what is taken is written again as the same.
#![no_main]

use bolao_wallet::{InviteText, PublicInvite};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(invite) = text.parse::<InviteText>() {
        assert_eq!(invite.to_string(), text);
        if let InviteText::Short(short) = invite {
            assert!(short.complete(text).is_err());
        }
    }
    if let Ok(public) = text.parse::<PublicInvite>() {
        assert_eq!(public.to_string(), text);
        let _ = public.is_signed();
    }
});
