//! Keys: made, kept, restored, forgotten.

use bolao_wallet::{KeyIndex, Keyring, Phrase};
use serde_json::json;

use crate::recorded::Asked;

fn words() -> String {
    let phrase = Phrase::from_entropy(&[7; 32]).unwrap();
    phrase.words().collect::<Vec<_>>().join(" ")
}

#[test]
fn keys_are_those_of_their_words() {
    let account = Keyring::new(&Phrase::parse(&words()).unwrap())
        .key(KeyIndex::PLAYER)
        .account();
    let account = json!({ "account": account });
    let mut asked = Asked::default();
    assert_eq!(asked.code(json!({ "ask": "words" })), "no-keys");
    let made = asked.ok(json!({ "ask": "new_keys", "entropy": "07".repeat(32) }));
    assert_eq!(made, account);
    let told = asked.ok(json!({ "ask": "words" }));
    let told: Vec<&str> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    assert_eq!(told.join(" "), words());
    let restored = json!({ "ask": "restore_keys", "words": words().to_uppercase() });
    assert_eq!(Asked::default().ok(restored), account);
    asked.ok(json!({ "ask": "forget_keys" }));
    assert_eq!(asked.code(json!({ "ask": "words" })), "no-keys");
    assert_eq!(
        asked.code(json!({ "ask": "new_keys", "entropy": "07" })),
        "bad-question"
    );
}

#[test]
fn kept_keys_want_their_passphrase() {
    for passphrase in ["", "segredo"] {
        let mut asked = Asked::default();
        let account = asked.ok(json!({ "ask": "new_keys", "entropy": "07".repeat(32) }));
        let kept = asked
            .ok(json!({ "ask": "keep_keys", "passphrase": passphrase, "salt": "2a".repeat(16), "nonce": "2a".repeat(24) }));
        assert!(passphrase.is_empty() || !kept.as_str().unwrap().contains(&"07".repeat(32)));
        let mut later = Asked::default();
        let wrong = json!({ "ask": "open_keys", "kept": kept, "passphrase": "wrong" });
        assert_eq!(later.code(wrong), "wrong-passphrase");
        let right = json!({ "ask": "open_keys", "kept": kept, "passphrase": passphrase });
        assert_eq!(later.ok(right), account);
    }
    let damaged = json!({ "ask": "open_keys", "kept": "{}", "passphrase": "" });
    assert_eq!(Asked::default().code(damaged), "kept-damaged");
}

#[test]
fn a_wrong_word_is_named_with_those_that_are_near() {
    let mut asked = Asked::default();
    let mut check = |words: &str| asked.ok(json!({ "ask": "check_words", "words": words }));
    assert_eq!(check(&words())["ok"], true);
    let typed = words().replacen("alley", "aley", 1);
    let typed = if typed == words() {
        words().replacen(' ', " zooo ", 1)
    } else {
        typed
    };
    let said = check(&typed);
    assert_eq!(
        (&said["ok"], &said["problem"]),
        (&json!(false), &json!("count"))
    );

    let mut list: Vec<String> = words().split(' ').map(ToOwned::to_owned).collect();
    list[2] = "abandom".to_owned();
    let said = check(&list.join(" "));
    assert_eq!(
        (&said["problem"], &said["position"]),
        (&json!("unknown"), &json!(3))
    );
    assert_eq!(said["near"][0], "abandon");
    list[2] = "zoo".to_owned();
    assert_eq!(check(&list.join(" "))["problem"], "checksum");
}
