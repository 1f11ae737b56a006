//! Texts that people and strangers write: what is taken is shown and taken again as the same.
#![no_main]

use bolao_discovery::Seed;
use bolao_ledger::{AccountId, BlockHash, FoldedName, MatchCode, Name, Score, Text};
use bolao_wallet::Phrase;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(name) = Name::new(text) {
        assert_eq!(Name::new(&name.to_string()).as_ref(), Ok(&name));
        assert_eq!(
            FoldedName::of(&name.to_string()).as_ref(),
            Ok(&name.folded())
        );
    }
    if let Ok(code) = MatchCode::new(text) {
        assert_eq!(MatchCode::new(&code.to_string()).as_ref(), Ok(&code));
    }
    if let Ok(account) = text.parse::<AccountId>() {
        assert_eq!(
            account.to_string().parse::<AccountId>().as_ref(),
            Ok(&account)
        );
    }
    if let Ok(hash) = text.parse::<BlockHash>() {
        assert_eq!(hash.to_string().parse::<BlockHash>().as_ref(), Ok(&hash));
    }
    if let Ok(score) = text.parse::<Score>() {
        assert_eq!(score.to_string().parse::<Score>().as_ref(), Ok(&score));
    }
    let _ = Text::<64>::new(text);
    let _ = Phrase::parse(text);
    let _ = text.parse::<Seed>();
});
